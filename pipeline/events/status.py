"""Is it so? The status of an event mention by the guidelines: the nearest operator wins.

The walk starts at the trigger (negation, mood, tense), goes up through what governs it (refuse, try, ask, risk ...), and ends
with who says so (verbs of saying, "selon", quotation marks). The method follows the factuality scheme of Saurí and
Pustejovsky's FactBank (2009), cut down to one value a mention. Words are data: ``data/status.toml``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from importlib.resources import files

from pipeline.dates.tense import CONDITIONAL_ENDINGS, FUTURE_ENDINGS
from pipeline.events import syntax
from pipeline.events.forms import noun_forms, verb_forms
from pipeline.events.tree import Token, once
from pipeline.events.triggers import Candidate, is_verbal
from pipeline.events.view import PRONOUNS, View

NEGATIONS = frozenset("pas plus jamais aucunement guère nullement ni point aucun aucune rien personne nul nulle".split())
_NE = frozenset({"ne", "n'"})
_QUE = frozenset({"que", "qu'"})
_SI = frozenset({"si", "s'"})
_GOING = frozenset({"va", "vont", "allait", "allaient", "vais", "allons"})
_DEFINITE = frozenset("le la l' les ce cet cette ces son sa ses leur leurs mon ma mes notre nos du au aux".split())
_GIVEN = frozenset(
    "lors après depuis suite pendant durant dès issue lendemain cours malgré face selon d'après".split()
)  # "lors de l'attaque": it was
_WH = frozenset("comment pourquoi quand qui que quel quelle quels quelles où combien".split())
_COMPLEMENT = frozenset({"xcomp", "ccomp", "obj", "obl:arg", "obl:mod", "nsubj:pass", "acl", "dep", "advcl", "conj"})
_ARGUMENT = frozenset({"nsubj", "nsubj:pass", "obj", "obl:arg", "obl:mod", "dep", "xcomp"})
_NOT_LEVELS = frozenset({"reporting", "charging", "transparent", "only_infinitive"})
_MAX_CLIMB = 6
# The tagger misses many futures ("construira"); their endings tell, but for the simple past of verbs in -rer.
_FUTURE = re.compile(r"\w(?:er|[^aeou]ir|uir|[ie]ndr|[oa]udr|ttr|îtr|oir|[eu]vr|ourr|[su]uivr|ivr|clur)a$|\w\wr(?:ont|ai)$")
_SIMPLE_PAST = frozenset(
    "tira retira attira vira inspira admira aspira expira étira déchira livra délivra empira respira".split()
)
_TITLE_QUOTE = 6  # a quotation of so few words that starts with a capital is a name


@dataclass(frozen=True, slots=True)
class Status:
    """The status, its polarity, and who says so (the head token of the source)."""

    value: str  # asserted, reported, hearsay, planned, possible, requested, attempted, negated
    source: Token | None = None
    rule_id: str = "default"

    @property
    def polarity(self) -> str:
        """negative for what did not happen, else positive."""
        return "negative" if self.value == "negated" else "positive"


@dataclass(frozen=True, slots=True)
class Frame:
    """A stretch of tokens that a source answers for: what stands before ", a déclaré X", the sentence of "selon X"."""

    start: int
    end: int
    source: Token | None
    own: frozenset[int]  # the words that name the source: they are the article's, not the source's


@dataclass(frozen=True, slots=True)
class _Operators:
    verbs: dict[str, str]
    nouns: dict[str, str]
    adjectives: dict[str, str]
    only_infinitive: frozenset[str]
    adverbs: dict[str, str]
    reporting: frozenset[str]
    commissive: frozenset[str]
    thinking: frozenset[str]
    no_source: frozenset[str]
    charging: frozenset[str]
    accusable: frozenset[str]
    seen_through: frozenset[str]


@lru_cache(maxsize=1)
def operators() -> _Operators:
    """The operator words of ``data/status.toml`` by their inflected forms."""
    data = tomllib.loads(files("pipeline.data").joinpath("status.toml").read_text(encoding="utf-8"))
    levels = [name for name in data if name not in _NOT_LEVELS]
    reporting, transparent = data["reporting"], data["transparent"]
    return _Operators(
        verbs={form: level for level in levels for lemma in data[level].get("verbs", "").split() for form in verb_forms(lemma)},
        nouns={form: level for level in levels for lemma in data[level].get("nouns", "").split() for form in noun_forms(lemma)},
        adjectives={
            lemma + mark: level
            for level in levels
            for lemma in data[level].get("adjectives", "").split()
            for mark in ("", "e", "s", "es")
        },
        only_infinitive=_all_verb_forms(data["only_infinitive"]["verbs"]),
        adverbs={word: level for level in levels for word in data[level].get("adverbs", "").split()},
        reporting=_all_verb_forms(reporting["verbs"]),
        commissive=_all_verb_forms(reporting["commissive"]),
        thinking=_all_verb_forms(reporting["thinking"]),
        no_source=frozenset(form for lemma in reporting["no_source"].split() for form in noun_forms(lemma)),
        charging=frozenset(data["charging"]["words"].split()),
        accusable=frozenset(data["charging"]["types"].split()),
        seen_through=_all_verb_forms(transparent["verbs"])
        | {f for lemma in transparent["nouns"].split() for f in noun_forms(lemma)},
    )


def _all_verb_forms(lemmas: str) -> frozenset[str]:
    return frozenset(form for lemma in lemmas.split() for form in verb_forms(lemma))


@dataclass(frozen=True, slots=True)
class Evidence:
    """What bears on one event: the operators from the nearest on, and who answers for it by which means."""

    operators: tuple[tuple[str, str], ...]  # (status, rule id)
    source: Token | None
    attributed: str | None  # attribution, quotation, or None where the article itself speaks


def find_evidence(candidates: Sequence[Candidate], view: View) -> list[Evidence]:
    """What bears on every event of an article, in the order of `candidates`."""
    frames = find_frames(view) if candidates else []
    return [Evidence(tuple(_operators_over(candidate)), *_attribution(candidate, view, frames)) for candidate in candidates]


def find_statuses(candidates: Sequence[Candidate], evidence: Sequence[Evidence]) -> list[Status]:
    """The status of every event of an article by rule, in the order of `candidates`."""
    return _same_ballots(candidates, [_status(each) for each in evidence])


def _same_ballots(candidates: Sequence[Candidate], found: list[Status]) -> list[Status]:
    """An election that one mention calls upcoming is so in the others of the same word that say nothing."""
    ahead = {c.token.lower_ for c, status in zip(candidates, found, strict=True) if _is_ballot(c) and status.value == "planned"}
    return [
        replace(status, value="planned", rule_id="same ballot")
        if status.rule_id == "default" and candidate.token.lower_ in ahead and _is_ballot(candidate) else status
        for candidate, status in zip(candidates, found, strict=True)
    ]  # fmt: skip


def _is_ballot(candidate: Candidate) -> bool:
    return candidate.trigger.event_type == "election" and candidate.token.pos_ in {"NOUN", "PROPN", "ADJ"}


def _status(evidence: Evidence) -> Status:
    if evidence.operators:
        value, rule_id = evidence.operators[0]
        return Status(value, evidence.source, rule_id)
    if evidence.attributed is not None:
        return Status("reported", evidence.source, evidence.attributed)
    return Status("asserted")


def after_dating(status: Status, first_day: date | None, published: date | None) -> Status:
    """What is said to happen after the article's day is planned, whatever the tense ("il quitte son poste lundi prochain")."""
    if first_day is None or published is None or first_day <= published or status.value not in {"asserted", "reported"}:
        return status
    return replace(status, value="planned", rule_id="future date")


def _operators_over(candidate: Candidate) -> Iterator[tuple[str, str]]:
    yield from _own(candidate)
    if _accused(candidate):
        yield "hearsay", "charged with"
    yield from _embedding(candidate)
    if _is_question(candidate.token):
        yield "possible", "question"


# ------------------------------------------------------------------------------------------ on the trigger itself


def _own(candidate: Candidate) -> Iterator[tuple[str, str]]:
    token, head, words = candidate.token, candidate.head, operators()
    if (is_negated(token) or (head != token and is_negated(head))) and not _needs_negation(candidate):
        yield "negated", "negation"
    if any(
        word.lower_ == "quoi" and word.nbor(-1).lower_ in {"sans", "de"} for word in token.doc[token.sent.start + 1 : token.i]
    ):
        yield "possible", "or else"
    for child in (*token.children, *head.children):
        level = words.adverbs.get(child.lower_)
        if child.dep_ in {"amod", "acl"} or (child.dep_ == "acl:relcl" and token.pos_ == "NOUN" and syntax.is_passive(child)):
            level = words.adjectives.get(child.lower_)
        elif child.lower_ == "venir" and child.dep_ in {"acl", "nmod"}:
            level = "planned"
        if level:
            yield level, f"modifier {child.lower_}"
    if token.lower_.startswith(("attendu", "prévu")) and words.adjectives.get(token.lower_) == "planned":
        yield "planned", "expected"
    if is_verbal(head):
        yield from _mood(head)
        yield from _purpose(head)


def _needs_negation(candidate: Candidate) -> bool:
    """ "n'a pas survécu" is how a death is told: the trigger itself asks for the negation."""
    return candidate.token.lower_.startswith("surv") or any(
        condition.wanted and condition.slot == "form" and "negated" in condition.accepts
        for condition in candidate.trigger.conditions
    )


@once
def is_negated(token: Token) -> bool:
    """Whether "ne ... pas", "aucun" or "sans" bears on `token`; "ne ... que" and the bare "ne" after "avant que" do not."""
    children = list(token.children)
    if any(child.dep_ in {"det", "advmod"} and child.lower_ in {"aucun", "aucune", "nul", "nulle"} for child in children):
        return True
    if any(child.lower_ == "sans" and child.dep_ in {"case", "mark"} for child in children):
        return True
    marks = [other for child in children for other in (child, *(child.children if child.dep_.startswith(("aux", "cop")) else ()))]
    if not any(other.lower_ in _NE for other in marks):
        return False
    near = [other for other in token.subtree if abs(other.i - token.i) <= 6]
    for other in near:
        if other.lower_ in _QUE and other.dep_ in {"advmod", "mark", "case", "cc", "fixed"} and other.head.dep_ != "ccomp":
            return any(child.lower_ in NEGATIONS - {"plus"} for child in near)
    return any(other.lower_ in NEGATIONS for other in near)


@once
def finite_forms(verb: Token) -> list[Token]:
    """`verb` and its auxiliaries, those too that the parser hung elsewhere: they stand to its left with adverbs between."""
    found = [verb, *(child for child in verb.children if child.dep_ in {"aux:tense", "aux:pass", "cop", "aux"})]
    if len(found) == 1 and syntax.is_participle(verb):
        for index in range(verb.i - 1, max(verb.i - 6, verb.sent.start - 1), -1):
            other = verb.doc[index]
            if other.pos_ == "AUX":
                found.append(other)
                break
            if other.pos_ not in {"ADV", "ADP", "CCONJ", "ADJ"} or other.lower_ == "après":
                break
    return found


def is_future(token: Token) -> bool:
    """Whether the form is a future, by the tagger or by its ending."""
    if "Fut" in token.morph.get("Tense", []) and token.lower_.endswith(FUTURE_ENDINGS):
        return True
    if token.pos_ not in {"VERB", "AUX"} or "Ind" in token.morph.get("Mood", []) or token.lower_ in _SIMPLE_PAST:
        return False
    return _FUTURE.search(token.lower_) is not None


def is_conditional(token: Token) -> bool:
    """Whether the form is a conditional, by the tagger or by its ending, that of the future with an imperfect's."""
    if _is_tagged_conditional(token):
        return True
    stem = token.lower_.removesuffix("ent").removesuffix("it") if token.lower_.endswith(("ait", "aient")) else ""
    if not stem or token.pos_ not in {"VERB", "AUX"} or "Imp" in token.morph.get("Tense", []):
        return False
    return stem.removesuffix("i") not in _SIMPLE_PAST and _FUTURE.search(stem.removesuffix("i")) is not None


def _is_tagged_conditional(token: Token) -> bool:
    return "Cnd" in token.morph.get("Mood", []) and token.lower_.endswith(CONDITIONAL_ENDINGS)


def _mood(verb: Token) -> Iterator[tuple[str, str]]:
    finite = finite_forms(verb)
    if any(child.dep_ == "mark" and child.lower_ in _SI for child in verb.children) and not _concedes(verb, finite):
        yield "possible", "si clause"
    if any(is_conditional(token) for token in finite):
        if any(token.lower_ in _SI and token.dep_ == "mark" for token in verb.sent):
            yield "possible", "conditional with si"
        elif _in_content(verb) and (len(finite) == 1 or any(c.dep_ == "aux:pass" and _is_tagged_conditional(c) for c in finite)):
            yield "planned", "future in the past"
        else:
            yield "hearsay", "press conditional"
    if any(is_future(token) for token in finite):
        yield "planned", "future"
    if "Inf" in verb.morph.get("VerbForm", []) and (
        any(child.lower_ in _GOING and 0 < verb.i - child.i <= 4 for child in verb.children)
        or (verb.head.lower_ in _GOING and verb.dep_ == "xcomp")
    ):
        yield "planned", "aller + infinitive"
    if any(
        child.dep_ == "mark" and child.lower_ in _QUE and child.i and child.nbor(-1).lower_ == "avant" for child in verb.children
    ):
        yield "planned", "avant que"
    if (
        verb.dep_ == "conj"
        and len(finite) == 1
        and verb.head.pos_ == verb.pos_
        and not any(c.dep_ in syntax.SUBJECTS for c in verb.children)
    ):
        yield from _mood(verb.head)


def _concedes(verb: Token, finite: list[Token]) -> bool:
    """ "Si X a été libéré, Y reste en prison": a perfect under "si" with a present after it grants a fact."""
    if len(finite) < 2 or not any("Pres" in token.morph.get("Tense", []) for token in finite[1:]):
        return False
    return not any(is_future(token) or _is_tagged_conditional(token) for token in finite_forms(verb.head))


def _in_content(verb: Token) -> bool:
    node = verb.head if verb.dep_ == "conj" else verb
    return node.dep_ == "ccomp" or (node.dep_ == "acl:relcl" and node.head.dep_ == "ccomp")


def _purpose(verb: Token) -> Iterator[tuple[str, str]]:
    """ "pour évaluer", "afin de permettre": what is aimed at is not yet done."""
    if "Inf" not in verb.morph.get("VerbForm", []) or syntax.has_auxiliary(verb):
        return
    if verb.head.lower_ in _PROFITING:
        return
    cases = {child.lower_ for child in verb.children if child.dep_ in {"mark", "case"}}
    if "pour" in cases or "afin" in cases or (verb.head.lower_ == "afin") or "vue" in {verb.head.lower_}:
        yield "planned", "purpose"


_PROFITING = verb_forms("profiter")


def _accused(candidate: Candidate) -> bool:
    """ "mis en examen pour recel", "soupçonné du meurtre": the charge is not yet a fact."""
    words, node = operators(), candidate.head
    if candidate.trigger.event_type not in words.accusable:
        return False
    for _ in range(3):
        if syntax.case_of(node) == "pour":
            governor = node.head
            near = (governor, *(child for child in governor.children if child.dep_ not in syntax.SUBJECTS))
            return any(word.lower_ in words.charging for word in near)
        if node.head == node or node.dep_ not in {"nmod", "conj", "appos"} or node.head.lower_ in words.nouns:
            return False
        node = node.head
    return False


def _is_question(token: Token) -> bool:
    sentence = token.sent
    last = next((other for other in reversed(sentence) if not other.is_space), token)
    if not last.text.endswith("?") or token.in_quotation:
        return False
    if token.in_title:
        return True
    if any(other.text in _OPENING for other in sentence):
        return False
    return not any(other.lower_ in _WH for other in sentence[:4])


# --------------------------------------------------------------------------------------------- what governs it


def _embedding(candidate: Candidate) -> Iterator[tuple[str, str]]:
    node, nominal = candidate.head, not is_verbal(candidate.head)
    if nominal and _is_given(node):
        return
    direct = True
    for _ in range(_MAX_CLIMB):
        governor, relation = node.head, node.dep_
        if governor == node or relation in {"acl:relcl", "parataxis", "appos"}:
            return
        if relation == "conj" and not (nominal and node == candidate.head and is_verbal(governor)):
            node = governor
            continue
        level = _level(governor, node, candidate, direct=direct)
        if level:
            yield level, f"under {governor.lower_}"
            return
        if is_verbal(governor):
            yield from _carried(governor, node, candidate, direct=direct)
        if not _goes_on(governor, node, candidate, nominal=nominal):
            return
        direct = direct and governor.lower_ in operators().seen_through
        node = governor


def _is_given(noun: Token) -> bool:
    """ "lors de l'attaque", "après la visite": a time adjunct takes its event for granted."""
    cases = {child.lower_ for child in noun.children if child.dep_ in {"case", "fixed"}}
    cases |= {grand.lower_ for child in noun.children if child.dep_ == "case" for grand in child.children}
    if noun.head.lemma == "faire" and any(child.lower_ == "face" for child in noun.head.children):
        return True
    return bool((cases | {noun.head.lower_} if noun.dep_ in {"nmod", "obl:arg"} else cases) & _GIVEN)


def _carried(verb: Token, node: Token, candidate: Candidate, *, direct: bool) -> Iterator[tuple[str, str]]:
    """What the mood of the verb that carries the event says of it: "Il s'agirait d'un attentat", "n'a pas fait de blessés"."""
    event_noun, infinitive = not is_verbal(node), "Inf" in node.morph.get("VerbForm", [])
    if not infinitive and (node.dep_ not in _ARGUMENT or (not event_noun and verb.lower_ not in operators().seen_through)):
        return
    if event_noun and node.dep_ == "nsubj" and verb.lower_ in _MODALS:
        if any(child.dep_ == "xcomp" and child.lower_ in _HAPPENING for child in verb.children):
            level = _of_modal(verb)
            yield from [(level, f"under {verb.lower_}")] if level else []
        return
    light = verb.lemma in syntax.LIGHT_VERBS | syntax.UNDERGOING_VERBS or verb.lower_ in _HAPPENING
    carries = not event_noun or light or any(child.dep_ == "cop" for child in verb.children)
    indefinite = not _is_definite(node)
    if is_negated(verb) and node.dep_ != "nsubj" and (carries or indefinite) and direct:
        yield "negated", f"negated {verb.lower_}"
    for value, rule in _mood(verb):
        heard = rule == "press conditional" and node.dep_ != "obl:mod"
        if carries or rule == "si clause" or heard or (indefinite and node.dep_ != "nsubj"):
            yield value, f"{rule} of {verb.lower_}"
    if direct or indefinite:
        yield from _purpose(verb)


_HAPPENING = _all_verb_forms(
    "avoir produire survenir tenir dérouler intervenir éclater commencer débuter achever terminer suivre rester être agir aller "
    "démarrer reprendre arriver entrer continuer poursuivre"
)
_MODALS = _all_verb_forms("pouvoir devoir")


def _is_definite(token: Token) -> bool:
    return any(child.lower_ in _DEFINITE and child.dep_ in {"det", "case", "nmod:poss"} for child in token.children)


def _goes_on(governor: Token, node: Token, candidate: Candidate, *, nominal: bool) -> bool:
    """Whether operators above `governor` still bear on the event: not over a definite object ("perturber la campagne")."""
    words, relation = operators(), node.dep_
    if governor.lower_ in words.reporting or relation in {"ccomp", "obl:agent", "nsubj"}:
        return False
    if relation in {"advcl", "acl"}:
        return "Inf" in node.morph.get("VerbForm", []) or node.lower_.endswith("ant")
    if governor.lower_ in words.seen_through or not nominal or node != candidate.head:
        return relation != "obl:mod" or governor.lower_ in words.seen_through or not _is_definite(node)
    if relation == "nmod":
        return False
    light = governor.lemma in syntax.LIGHT_VERBS
    return light or not _is_definite(node)


def _level(governor: Token, node: Token, candidate: Candidate, *, direct: bool) -> str | None:
    """What the operator `governor` makes of the event below it; None if it is none or does not bear on it."""
    words, relation = operators(), node.dep_
    word = governor.lower_
    infinitive = "Inf" in node.morph.get("VerbForm", [])
    if word in words.reporting and (governor.pos_ in {"VERB", "AUX"} or syntax.is_participle(governor)):
        return _of_saying(governor, node, infinitive=infinitive)
    if governor.pos_ in {"VERB", "AUX", "ADJ"} and word in words.verbs:
        return _of_verb(governor, node, candidate, infinitive=infinitive, direct=direct)
    if word in words.adjectives and relation in {"nsubj", "nsubj:pass"} and any(c.dep_ == "cop" for c in governor.children):
        return words.adjectives[word]
    if (
        governor.pos_ in {"NOUN", "PROPN", "ADJ", "VERB"}
        and relation in {"nmod", "acl", "obl:arg", "obl:mod"}
        and word in words.nouns
    ):
        return _of_noun(governor, node)
    if word in _SPANS and relation == "nmod" and syntax.case_of(governor) == "à" and syntax.case_of(node) == "de":
        return "planned"  # "à quelques jours du scrutin"
    if word in {"point", "passe", "voie"} and infinitive:
        return "planned"
    return None


_SPANS = frozenset("heures jours jour semaine semaines mois".split())


def _of_saying(governor: Token, node: Token, *, infinitive: bool) -> str | None:
    words = operators()
    if infinitive and node.dep_ in {"xcomp", "ccomp"} and governor.lower_ in words.commissive and not syntax.has_auxiliary(node):
        return "planned"
    if node.dep_ in {"ccomp", "xcomp"} and is_negated(governor):
        return "negated" if governor.lower_ in words.thinking else "possible"
    return None


def _of_verb(governor: Token, node: Token, candidate: Candidate, *, infinitive: bool, direct: bool) -> str | None:
    level, relation = operators().verbs[governor.lower_], node.dep_
    if relation not in _COMPLEMENT or (relation == "advcl" and not infinitive) or (relation == "nsubj:pass" and not direct):
        return None
    case = syntax.case_of(node)
    if governor.lower_ in operators().only_infinitive and not infinitive and (relation == "obj" or case is None):
        return None
    if relation in {"obl:mod", "advcl"} and case not in {"à", "de", None}:
        return None
    if governor.lower_ in _MODALS:
        return _of_modal(governor)
    if governor.lower_ in _AIMING and not infinitive and case != "à":
        return None
    if level == "negated":
        return _of_refusal(governor, node, candidate)
    if is_negated(governor) and level in {"planned", "possible", "requested"}:
        return "negated"
    if governor.lower_ in _HOPING and infinitive and level == "requested":
        return "planned"
    return level


_AIMING = verb_forms("viser")
_HOPING = verb_forms("souhaiter")
_DENYING = frozenset(form for lemma in ("contester", "rejeter", "réfuter", "démentir", "nier") for form in verb_forms(lemma))


def _of_modal(modal: Token) -> str | None:
    """ "a pu", "a dû" happened; "devrait", "doit" is planned; the rest of "pouvoir" is possible."""
    if is_negated(modal) or (modal.lower_.startswith(("pouvant", "puis")) and any(c.lower_ in _NE for c in modal.children)):
        return "negated"
    finite = finite_forms(modal)
    if "Inf" in modal.morph.get("VerbForm", []) and len(finite) == 1:
        return None
    conditional = any(is_conditional(token) for token in finite)
    if modal.lower_ in {"pu", "dû"} and not conditional:
        return None
    return "planned" if modal.lower_ in _OUGHT else "possible"


_OUGHT = verb_forms("devoir")


def _of_refusal(governor: Token, node: Token, candidate: Candidate) -> str | None:
    """Words and sentences that are contested were still said and passed; what one wants to prevent is a risk."""
    if is_negated(governor):
        return None
    if governor.lower_ in _DENYING and (
        candidate.trigger.event_class in {"speech", "justice", "politics"} or node.dep_ == "nsubj:pass"
    ):
        return None if _is_definite(node) else "negated"
    if any(True for _ in _purpose(governor)) or governor.head.lower_ in operators().verbs:
        return "possible" if governor.lower_ in verb_forms("éviter") | verb_forms("empêcher") else "negated"
    return "negated"


def _of_noun(governor: Token, node: Token) -> str | None:
    words, case = operators(), syntax.case_of(node)
    if case == "sur" and words.nouns[governor.lower_] == "hearsay":
        return "hearsay"
    if case not in {"de", "à", "contre", None}:
        return None
    if governor.lower_ == "cas" and not (governor.i and governor.nbor(-1).lower_ in {"en", "le", "au"}):
        return None
    if any(child.lower_ in {"ancien", "ancienne", "ex", "anciens"} for child in governor.children):
        return None
    if case == "contre" and words.nouns[governor.lower_] != "requested":
        return None
    return words.nouns[governor.lower_]


# ------------------------------------------------------------------------------------------------- who says so


def find_frames(view: View) -> list[Frame]:
    """The stretches of the article that a source answers for, sentence by sentence."""
    reporting, frames = operators().reporting, []
    for token in view.doc:
        word = token.lower_
        if word in {"selon", "d'après"} or (word == "après" and token.i and token.nbor(-1).lower_ == "d'"):
            frames += _according_to(token)
        elif word in {"pour", "de"} and token.is_sent_start:
            frames += _for_whom(token)
        elif word in reporting and token.pos_ in {"VERB", "AUX", "ADJ"} and _is_tag(token):
            speaker = syntax.logical_subject(token)
            frames.append(Frame(_content_start(token), _tag_start(token), speaker[0] if speaker else None, frozenset()))
    return frames


def _according_to(word: Token) -> list[Frame]:
    anchor = word.nbor(-1) if word.lower_ == "après" else word
    if word.dep_ == "case":
        anchor = word
    source = anchor.head
    if source == anchor or source.i < anchor.i:
        source = next((other for other in anchor.sent if other.i > word.i and other.pos_ in {"NOUN", "PROPN", "PRON"}), anchor)
    if source == anchor or source.date is not None or source.lower_ in operators().no_source:
        return []
    own = frozenset(range(anchor.i, _phrase_end(source))) | {other.i for other in source.subtree if other.i > source.i}
    clause = syntax.clause_head(source)
    if clause.dep_ == "acl:relcl" and clause != source:
        return [Frame(clause.left_edge.i, clause.right_edge.i + 1, source, own)]
    return [Frame(anchor.sent.start, anchor.sent.end, source, own)]


def _phrase_end(source: Token) -> int:
    """The end of the phrase that names the source: at the comma after it, or where its words end."""
    doc, end = source.doc, max(source.right_edge.i + 1, source.i + 1)
    for index in range(source.i + 1, min(end, source.sent.end)):
        if doc[index].text in {",", "»"}:
            return index
    return min(end, source.sent.end)


def _for_whom(word: Token) -> list[Frame]:
    """ "Pour elle, ...", "Pour son avocat, ...", "De source policière, ...": a view, at the head of a sentence."""
    sentence = word.sent
    stop = next((other.i for other in sentence[1:8] if other.text == ","), None)
    if stop is None or len(sentence) < 3:
        return []
    head = word.doc[word.i + 1] if word.lower_ == "de" else word.head
    mention = head.mention
    if word.lower_ == "de":
        known = head.lower_ in {"source", "sources"}
    else:
        person = mention is not None and mention.label in {"PER", "ORG"}
        known = word.i < head.i < stop and (
            person or head.lower_ in PRONOUNS or any(c.lower_ in {"son", "sa", "leur"} for c in head.children)
        )
    return [Frame(stop, sentence.end, head, frozenset(range(word.i, stop)))] if known else []


def _is_tag(verb: Token) -> bool:
    """Whether `verb` closes what it reports: ", a déclaré le policier", "» , affirme-t-il"."""
    start = _tag_start(verb)
    if start <= verb.sent.start or verb.doc[start - 1].text not in {",", "»", '"', "”"}:
        return False
    after = verb.i + 1
    while after < verb.sent.end and verb.doc[after].pos_ in {"ADV"}:
        after += 1
    if after >= verb.sent.end:
        return False
    word = verb.doc[after]
    if verb.lower_.endswith("ant"):
        return False
    clitic = word.text.startswith("-") or any(verb.doc[i].text.startswith("-") for i in range(start, verb.i))
    return clitic or word.pos_ in {"DET", "PROPN", "PRON"} or (word.pos_ == "NOUN" and word.text[0].isupper())


def _content_start(verb: Token) -> int:
    """Where the words before the tag begin: at the opening inverted commas if there are any, else with the sentence."""
    end = _tag_start(verb)
    if verb.doc[end - 1].text == "," and verb.doc[end - 2].text not in _CLOSING:
        return verb.sent.start
    return next((i for i in range(end - 3, verb.sent.start, -1) if verb.doc[i].text in _OPENING), verb.sent.start)


_OPENING = frozenset({"«", "“", '"'})
_CLOSING = frozenset({"»", "”", '"'})


def _tag_start(verb: Token) -> int:
    start = verb.i
    while start > verb.sent.start and (verb.doc[start - 1].pos_ in {"AUX", "ADV"} or verb.doc[start - 1].text.startswith("-")):
        start -= 1
    if start > verb.sent.start and verb.doc[start - 1].lower_ in {"a", "ont", "l'", "a-t"}:
        start -= 1
    return start


def _attribution(candidate: Candidate, view: View, frames: Sequence[Frame]) -> tuple[Token | None, str | None]:
    """Who answers for the event, and by which means; (None, None) where it is the article itself."""
    token, head = candidate.token, candidate.head
    quoted = token.in_quotation and not _is_name(token, view)
    if not quoted and not is_verbal(head) and _is_given(head):
        return None, None
    clause_source, found = _clause_of_saying(head)
    if found:
        return clause_source, "attribution"
    for frame in frames:
        if frame.start <= token.i < frame.end and token.i not in frame.own:
            return frame.source, "quotation" if quoted else "attribution"
    return (None, "quotation") if quoted else (None, None)


def _is_name(token: Token, view: View) -> bool:
    """Whether the inverted commas round `token` hold a name: a few words with a capital on the first and on `token`."""
    span = next(((start, end) for start, end in view.quoted if start <= token.idx < end), None)
    if span is None:
        return False
    text = view.article.text[span[0] : span[1]]
    return len(text.split()) <= _TITLE_QUOTE and text[:1].isupper() and not text.rstrip().endswith((".", "!", "?"))


def _clause_of_saying(head: Token) -> tuple[Token | None, bool]:
    node, reporting = head, operators().reporting
    for _ in range(_MAX_CLIMB):
        governor = node.head
        if governor == node or (node.dep_ == "advcl" and node.lower_ in reporting):
            return None, False
        saying = governor.lower_ in reporting and governor.pos_ not in {"NOUN", "PROPN"}
        content = node.dep_ in {"ccomp", "xcomp"} or (node.dep_ == "parataxis" and governor.i < head.i)
        if content and saying and not (node == head and head.lower_ in reporting and node.dep_ == "parataxis"):
            speakers = syntax.logical_subject(governor)
            return (speakers[0] if speakers else governor), True
        if governor.lower_ == "état" and governor.head.lemma == "faire":
            speakers = syntax.subjects(governor.head)
            return (speakers[0] if speakers else governor), True
        if (
            node.lower_ != "état"
            and governor.lemma == "faire"
            and any(child.lower_ == "état" for child in governor.children)
            and node.i > governor.i
        ):
            speakers = syntax.subjects(governor)
            return (speakers[0] if speakers else governor), True
        node = governor
    return None, False

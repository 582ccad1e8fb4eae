"""Is it so? The status of an event mention by the guidelines: the nearest operator wins.

The walk starts at the trigger (negation, mood, tense), goes up through what governs it (refuse, try, ask, risk ...), and ends
with who says so (verbs of saying, "selon", quotation marks). The method follows the factuality scheme of Saurí and
Pustejovsky's FactBank (2009), cut down to one value a mention. Words are data: ``data/status.toml``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from spacy.tokens import Token

from pipeline.events import syntax
from pipeline.events.forms import noun_forms, verb_forms
from pipeline.events.triggers import Candidate
from pipeline.events.view import View

NEGATIONS = frozenset("pas plus jamais aucunement guère nullement ni point aucun aucune rien personne nul nulle".split())
_PRESENT = frozenset({"va", "vont", "allait", "allaient"})
_MAX_CLIMB = 5


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
class _Operators:
    verbs: dict[str, str]
    nouns: dict[str, str]
    adjectives: dict[str, str]
    adverbs: dict[str, str]
    reporting: frozenset[str]


@lru_cache(maxsize=1)
def operators() -> _Operators:
    """The operator words of ``data/status.toml`` by their inflected forms."""
    data = tomllib.loads(files("pipeline.data").joinpath("status.toml").read_text(encoding="utf-8"))
    levels = [name for name in data if name != "reporting"]
    return _Operators(
        verbs={form: level for level in levels for lemma in data[level].get("verbs", "").split() for form in verb_forms(lemma)},
        nouns={form: level for level in levels for lemma in data[level].get("nouns", "").split() for form in noun_forms(lemma)},
        adjectives={
            lemma + mark: level for level in levels for lemma in data[level].get("adjectives", "").split() for mark in ("", "e", "s", "es")
        },
        adverbs={word: level for level in levels for word in data[level].get("adverbs", "").split()},
        reporting=frozenset(form for lemma in data["reporting"]["verbs"].split() for form in verb_forms(lemma)),
    )


def find_status(candidate: Candidate, view: View) -> Status:
    """The status of the event that `candidate` names."""
    source = find_source(candidate.head, view)
    for value, rule_id in _own(candidate, view):
        return Status(value, source, rule_id)
    for value, rule_id in _embedding(candidate):
        return Status(value, source, rule_id)
    if view.in_title(candidate.token) and candidate.token.sent.text.rstrip().endswith("?"):
        return Status("possible", source, "question")
    if source is not None:
        return Status("reported", source, "attribution")
    if view.in_quotation(candidate.token):
        return Status("reported", None, "quotation")
    return Status("asserted")


# ------------------------------------------------------------------------------------------ on the trigger itself


def _own(candidate: Candidate, view: View) -> Iterator[tuple[str, str]]:
    token, head = candidate.token, candidate.head
    if _negated(token) or _negated(head):
        yield "negated", "negation"
    for child in (*token.children, *head.children):
        level = operators().adjectives.get(child.lower_) if child.dep_ in {"amod", "acl"} else operators().adverbs.get(child.lower_)
        if level:
            yield level, f"modifier {child.lower_}"
    verb = _tensed(candidate)
    if verb is None:
        return
    yield from _mood(verb)


def _negated(token: Token) -> bool:
    children = list(token.children)
    if any(child.dep_ in {"det", "advmod"} and child.lower_ in {"aucun", "aucune", "nul", "nulle"} for child in children):
        return True
    if any(child.lower_ == "sans" and child.dep_ in {"case", "mark"} for child in children):
        return True
    if not any(child.lower_ in {"ne", "n'"} for child in children) and not any(
        grand.lower_ in {"ne", "n'"} for child in children if child.dep_.startswith("aux") for grand in child.children
    ):
        return False
    if any(grand.lower_ in {"que", "qu'"} and grand.dep_ in {"advmod", "mark", "case", "cc"} for child in children for grand in (child, *child.children)):
        return any(child.lower_ in NEGATIONS for child in children)
    return any(other.lower_ in NEGATIONS for other in token.subtree if abs(other.i - token.i) <= 6)


def _tensed(candidate: Candidate) -> Token | None:
    """The verb whose mood and tense are the event's: its own, or that of the light or happening verb that carries the noun."""
    head = candidate.head
    if head.pos_ in {"VERB", "AUX"} or syntax.has_auxiliary(head) or syntax.is_participle(head):
        return head
    governor = head.head
    if governor == head or governor.pos_ not in {"VERB", "AUX"}:
        return None
    carries = governor.lemma_ in syntax.LIGHT_VERBS | syntax.UNDERGOING_VERBS | _HAPPENING or any(
        child.dep_ == "cop" for child in governor.children
    )
    return governor if carries and head.dep_ in {"nsubj", "nsubj:pass", "obj", "obl:arg", "obl:mod"} else None


_HAPPENING = frozenset("avoir produire survenir tenir dérouler intervenir éclater commencer débuter achever terminer suivre rester".split())


def _mood(verb: Token) -> Iterator[tuple[str, str]]:
    marks = [child.lower_ for child in verb.children if child.dep_ == "mark"]
    if "si" in marks or "s'" in marks:
        yield "possible", "si clause"
    finite = [verb, *(child for child in verb.children if child.dep_ in {"aux:tense", "aux:pass", "cop", "aux"})]
    if any("Cnd" in token.morph.get("Mood") for token in finite):
        if _has_condition(verb):
            yield "possible", "conditional with si"
        elif verb.dep_ == "ccomp" and len(finite) == 1:
            yield "planned", "future in the past"
        else:
            yield "hearsay", "press conditional"
    if any("Fut" in token.morph.get("Tense") for token in finite):
        yield "planned", "future"
    if any(child.lower_ in _PRESENT and child.lemma_ == "aller" for child in verb.children) or (
        verb.head.lower_ in _PRESENT and verb.dep_ == "xcomp"
    ):
        yield "planned", "aller + infinitive"
    if verb.dep_ == "conj" and not syntax.has_auxiliary(verb) and verb.head.pos_ == verb.pos_ and syntax.is_participle(verb):
        yield from _mood(verb.head)


def _has_condition(verb: Token) -> bool:
    return any(token.lower_ in {"si", "s'"} and token.dep_ == "mark" for token in verb.sent)


# --------------------------------------------------------------------------------------------- what governs it


def _embedding(candidate: Candidate) -> Iterator[tuple[str, str]]:
    node = candidate.head
    for _ in range(_MAX_CLIMB):
        governor, relation = node.head, node.dep_
        if governor == node or relation in {"nsubj", "acl:relcl", "parataxis", "appos", "advcl"} and relation != "advcl":
            return
        if relation == "advcl" and "Inf" not in node.morph.get("VerbForm"):
            return
        if relation == "conj":
            node = governor
            continue
        level = _level(governor, node, relation)
        if level:
            yield level, f"under {governor.lower_}"
            return
        if governor.lower_ in operators().reporting or relation in {"ccomp", "obl:mod", "obl:arg", "obl:agent"}:
            return
        node = governor


def _level(governor: Token, node: Token, relation: str) -> str | None:
    words = operators()
    if governor.pos_ in {"VERB", "AUX", "ADJ"} and governor.lower_ in words.verbs:
        if relation not in {"xcomp", "ccomp", "obj", "obl:arg", "obl:mod", "nsubj:pass", "acl", "dep"}:
            return None
        if relation == "obl:mod" and syntax.case_of(node) not in {"à", "de"}:
            return None
        if _negated(governor) and words.verbs[governor.lower_] in {"planned", "possible", "requested"}:
            return "negated"
        return words.verbs[governor.lower_]
    if governor.pos_ in {"NOUN", "PROPN"} and relation in {"nmod", "acl", "obl:arg"} and governor.lower_ in words.nouns:
        return words.nouns[governor.lower_]
    return None


# ------------------------------------------------------------------------------------------------- who says so


def find_source(head: Token, view: View) -> Token | None:
    """The source of the clause of `head`: the subject of the verb of saying above it, or the X of "selon X"."""
    node = head
    for _ in range(_MAX_CLIMB):
        if node.head == node:
            break
        governor = node.head
        if node.dep_ in {"ccomp", "xcomp", "parataxis"} and governor.lower_ in operators().reporting:
            speakers = syntax.logical_subject(governor)
            return speakers[0] if speakers else governor
        if governor.lower_ in operators().reporting and node.i != head.i and node.dep_ == "ccomp":
            return governor
        node = governor
    for token in head.sent:
        if token.lower_ == "selon" or (token.lower_ == "après" and token.i and token.nbor(-1).lower_ == "d'"):
            if token.head.pos_ in {"NOUN", "PROPN", "PRON"} and view.date(token.head) is None:
                return token.head
    return None

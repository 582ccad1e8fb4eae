"""Finds the words that name events: triggers by form, their conditions, and the one that wins where several fit."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from pipeline.events import syntax
from pipeline.events.forms import participles
from pipeline.events.numbers import is_collective
from pipeline.events.ontology import FORMS, Condition, Element, Ontology, Trigger
from pipeline.events.tree import Token, once, once_for, text_of
from pipeline.events.view import PRONOUNS, RELATIVES, View
from pipeline.records import Mention

_VERBAL = frozenset({"VERB", "AUX"})
_NOMINAL = frozenset({"NOUN", "PROPN", "X"})
_SKIPPED = frozenset({"ADV", "AUX", "PRON", "PART"})
_SCORE = re.compile(r"\d{1,3}[-–]\d{1,3}")
_MONEY_SIGNS = frozenset(["€", "$", "£", "euros", "euro", "dollars", "dollar", "livres", "yens", "francs"])


class Candidate(NamedTuple):
    """A trigger that matches at `token`; `head` is the word whose complements count (the verb of a phrase)."""

    trigger: Trigger
    token: Token
    head: Token
    failed: Condition | None = None


def winners(tried: Iterable[Candidate]) -> list[Candidate]:
    """The winning trigger at every token where one of `tried` holds, in text order."""
    won: dict[int, Candidate] = {}
    covered: dict[int, Candidate] = {}
    found = [candidate for candidate in tried if candidate.failed is None]
    for candidate in sorted(found, key=lambda c: (*(-part for part in c.trigger.specificity), c.token.i, c.trigger.rule_id)):
        if candidate.token.i in won or candidate.token.i in covered:
            continue
        won[candidate.token.i] = candidate
        if candidate.trigger.phrase:
            for index in range(min(candidate.head.i, candidate.token.i), max(candidate.head.i, candidate.token.i) + 1):
                covered.setdefault(index, candidate)
    return [won[index] for index in sorted(won)]


def candidates(view: View, ontology: Ontology) -> Iterator[Candidate]:
    """Every trigger whose word or phrase matches, with the first condition that failed, if one did."""
    for token in view.doc:
        triggers = ontology.triggers.get(token.lower_)
        if triggers is None or not token.is_prose:
            continue
        mention = token.mention
        if (
            mention is not None
            and mention.label != "MISC"
            and not (_is_opening_noun(token, mention) or _is_swallowed(token, mention))
        ):
            continue
        for trigger in triggers:
            head = _match(trigger, token)
            if head is not None:
                head = head.head if head.dep_ == "cop" else head  # the predicate carries the clause: "sera le PDG"
                yield Candidate(trigger, token, head, failed_condition(trigger, token, head, ontology.lexicon))


def _is_opening_noun(token: Token, mention: Mention) -> bool:
    """Whether `mention` is only the capitalised common noun that opens a sentence ("Grève à la SNCF"), which is no name."""
    return bool(token.is_sent_start) and token.pos_ == "NOUN" and mention.end - mention.start == len(token)


def _is_swallowed(token: Token, mention: Mention) -> bool:
    """Whether `token` is a finite verb that a name too long has swallowed ("L'Union gèle les avoirs")."""
    return token.is_lower and token.idx > mention.start and token.pos_ == "VERB" and not syntax.is_participle(token)


def _match(trigger: Trigger, token: Token) -> Token | None:
    if trigger.kind == "verb":
        return token if _is_verb(token, trigger.lemma) else None
    if trigger.kind == "noun":
        return token if _is_noun(token) else None
    if trigger.kind == "adjective":
        return token if token.pos_ in {"ADJ", "NOUN", "VERB"} else None
    return _match_phrase(trigger, token)


def _is_verb(token: Token, lemma: str) -> bool:
    if token.pos_ in _VERBAL:
        return True
    participle = token.lower_ in participles(lemma)
    if token.pos_ == "ADJ" and participle:
        return True
    left = token.nbor(-1) if token.i else None
    if left is not None and left.lower_ == "en" and token.lower_.endswith("ant"):
        return True
    if left is not None and left.pos_ in {"DET", "ADP", "NUM"}:
        return False
    if not participle and token.dep_ in {"ROOT", "conj", "ccomp", "advmod", "amod"} and _takes_object(token, left):
        return True
    auxiliary = left is not None and left.lemma in {"avoir", "être"}
    return (participle and auxiliary) or (not participle and any(child.dep_ in syntax.SUBJECTS for child in token.children))


def _takes_object(token: Token, left: Token | None) -> bool:
    """A finite verb that was tagged as noun or adjective: a name or noun on its left, a determiner on its right."""
    right = token.nbor(1) if token.i + 1 < len(token.doc) else None
    return left is not None and left.pos_ in {"NOUN", "PROPN", "PRON"} and right is not None and right.pos_ in {"DET", "ADP"}


def _is_noun(token: Token) -> bool:
    if token.pos_ in _NOMINAL:
        return True
    left = token.nbor(-1) if token.i else None
    return (
        left is not None
        and left.pos_ in {"DET", "NUM"}
        and token.pos_ in {"ADJ", "VERB"}
        and token.dep_ not in {"amod", "aux:tense"}
    )


def _match_phrase(trigger: Trigger, token: Token) -> Token | None:
    """The token of the phrase's verb (else its trigger word) if all other words of the phrase stand around `token`."""
    elements, key = trigger.phrase, trigger.key
    verb = token if elements[key].verb else None
    position = token.i
    for index in range(key + 1, len(elements)):
        element = elements[index]
        found = _step(token, position, element, 1, after_verb=element.behind_verb, after_gap=elements[index - 1].gap)
        if found is None:
            return None
        position, verb = _advance(found, elements[index], position, verb)
    position = token.i
    for index in range(key - 1, -1, -1):
        found = _step(token, position, elements[index], -1, after_verb=elements[index].verb, after_gap=elements[index + 1].gap)
        if found is None:
            return None
        position, verb = _advance(found, elements[index], position, verb)
    if elements[key].verb and not _is_predicate(token):
        return None
    return verb or token


def _is_predicate(token: Token) -> bool:
    return token.pos_ in {"VERB", "AUX", "ADJ"} or any(child.dep_ in syntax.SUBJECTS for child in token.children)


def _advance(found: Token, element: Element, position: int, verb: Token | None) -> tuple[int, Token | None]:
    if element.gap:
        return position, verb
    return found.i, (found if element.verb and verb is None else verb)


def _step(
    token: Token, position: int, element: Element, direction: int, *, after_verb: bool, after_gap: bool = False
) -> Token | None:
    """The token that fills `element` next to `position`; after a verb adverbs, auxiliaries and a day
    may stand between, after a gap any word."""
    if element.gap:
        return token
    reach = 4 if after_verb or after_gap else 1
    sentence = token.sent
    for distance in range(1, reach + 1):
        index = position + direction * distance
        if not sentence.start <= index < sentence.end:
            return None
        other = token.doc[index]
        if _fits(other, element):
            return other
        if (
            not after_gap
            and other.pos_ not in _SKIPPED
            and other.dep_ not in {"advmod", "det", "amod"}
            and other.lower_ not in syntax.TIME_WORDS
        ):
            return None
    return None


def _fits(token: Token, element: Element) -> bool:
    if element.determiner:
        return token.pos_ == "DET" or token.lower_ in {"du", "des", "au", "aux"}
    if element.number:
        return token.pos_ == "NUM" or token.like_num
    return token.lower_ in element.forms


# ---------------------------------------------------------------------------------------------------------- slots


@once
def is_verbal(token: Token) -> bool:
    """Whether `token` has the complements of a verb: a verb, a predicate with its copula, a participle."""
    return token.pos_ in {"VERB", "AUX"} or syntax.has_auxiliary(token) or syntax.is_participle(token)


@once_for
def fillers(token: Token, head: Token, slot: str) -> list[Token]:
    """The heads of what fills `slot` of the trigger `token`, whose complements hang on `head`."""
    verbal = is_verbal(head)
    if slot == "subject":
        return _with_conjuncts(syntax.logical_subject(head) if verbal else _light_subject(head))
    if slot == "object":
        objects = _with_conjuncts(syntax.logical_object(head)) if verbal else []
        return [token for token in objects if token.date is None]  # "a démissionné lundi": the parser calls it an object
    if slot == "agent":
        return _with_conjuncts(syntax.agents(head))
    if slot == "possessive":
        return [child for child in token.children if child.dep_ in {"det", "nmod:poss"} and child.lower_ in _POSSESSIVES]
    if slot == "apposition":
        return [
            child
            for child in head.children
            if child.i > head.i and syntax.case_of(child) is None and entity_label(child) == "PER"
        ]
    if slot == "predicate" and token.dep_ == "cop":
        return [head]
    if slot == "predicate":
        nouns = [child for child in head.children if child.dep_ in {"xcomp", "obl:arg", "obj"} and child.pos_ == "NOUN"]
        return [noun for noun in nouns if syntax.case_of(noun) in {None, "comme"}]
    if slot == "content":
        return [child for child in head.children if child.dep_ in {"ccomp", "parataxis"}]
    if slot == "clause":
        return [child for child in head.children if child.dep_ in {"ccomp", "xcomp"} and child.i > head.i]
    found = syntax.complements(token, slot)
    if not found and head != token:
        found = syntax.complements(head, slot)
    if not found and not verbal:
        found = _light_complements(token, slot)
    return _with_conjuncts([child for child in found if (date := child.date) is None or date.timex_type == "DURATION"])


_POSSESSIVES = frozenset(["son", "sa", "ses", "leur", "leurs", "notre", "nos", "mon", "ma", "mes"])


def _with_conjuncts(tokens: list[Token]) -> list[Token]:
    return [each for token in tokens for each in syntax.conjuncts(token)]


def _light_subject(noun: Token) -> list[Token]:
    """The subject of the light verb that governs the noun ("X a procédé à l'arrestation de Y" -> X)."""
    verb = noun.head
    if verb == noun or verb.lemma not in syntax.LIGHT_VERBS or noun.dep_ not in {"obj", "obl:arg", "obl:mod", "nsubj:pass"}:
        return []
    return syntax.logical_subject(verb)


def _light_complements(noun: Token, slot: str) -> list[Token]:
    verb = noun.head
    if verb == noun or noun.dep_ not in {"obj", "obl:arg", "nsubj:pass"} or verb.lemma not in syntax.LIGHT_VERBS or slot == "de":
        return []
    return [child for child in syntax.complements(verb, slot) if child != noun]


# ----------------------------------------------------------------------------------------------------- conditions


def failed_condition(trigger: Trigger, token: Token, head: Token, lexicon: Mapping[str, frozenset[str]]) -> Condition | None:
    """The first condition of `trigger` that does not hold; None when all hold."""
    for condition in trigger.conditions:
        if _holds(condition, token, head, lexicon) is not condition.wanted:
            return condition
    return None


def _holds(condition: Condition, token: Token, head: Token, lexicon: Mapping[str, frozenset[str]]) -> bool:
    words, kinds = condition.words, condition.kinds
    for slot in condition.slots:
        if slot == "form":
            if any(has_form(form, token, head) for form in condition.accepts if form in FORMS):
                return True
        elif slot == "article":
            if any(_in_article(value, token.doc.words, lexicon) for value in condition.accepts):
                return True
        else:
            for word in _words(slot, token, head):
                if word.lemma in words or word.lower_ in words:
                    return True
                for value in kinds:
                    if accepts(word, value, lexicon):
                        return True
    return False


def _in_article(value: str, words: frozenset[str], lexicon: Mapping[str, frozenset[str]]) -> bool:
    return not words.isdisjoint(lexicon[value[1:]]) if value.startswith("@") else value in words


def _words(slot: str, token: Token, head: Token) -> list[Token]:
    if slot == "governor":
        return [head.head] if head.head != head else []
    if slot == "left":
        return [token.doc[i] for i in range(max(_start(token), token.i - 3), token.i)]
    if slot == "right":
        return [token.doc[i] for i in range(token.i + 1, min(token.sent.end, token.i + 4))]
    if slot == "clause":
        return [other for other in syntax.clause_head(token).subtree if other.i != token.i]
    if slot == "sentence":
        return [other for other in token.sent if other.i != token.i]
    return _meant(token, head, slot)


@once_for
def _meant(token: Token, head: Token, slot: str) -> list[Token]:
    """What fills `slot`, what its relative pronouns stand for and what its words of quantity count."""
    return [each for word in fillers(token, head, slot) for each in (word, *_antecedent(word), *_counted(word))]


def _start(token: Token) -> int:
    """Where the sentence of `token` begins; the parser's breaks inside a compound ("attentat-suicide") do not count."""
    start = token.sent.start
    while (start and not token.doc[start - 1].whitespace_ and token.doc[start].text == "-") or (
        start and token.doc[start - 1].text == "-"
    ):
        start = token.doc[start - 1].sent.start
    return start


def _counted(word: Token) -> list[Token]:
    """What a word of quantity counts: "un des assaillants", "des dizaines de maisons"."""
    if word.lemma not in _QUANTITIES and not is_collective(word.lower_):
        return []
    return [child for child in word.children if child.dep_ in syntax.OBLIQUES and syntax.case_of(child) == "de"]


def _antecedent(word: Token) -> list[Token]:
    """The noun that the relative pronoun `word` stands for."""
    if word.lower_ not in RELATIVES:
        return []
    clause = syntax.clause_head(word)
    return [clause.head] if clause.dep_ == "acl:relcl" else []


def accepts(word: Token, value: str, lexicon: Mapping[str, frozenset[str]]) -> bool:
    """Whether `word` is what `value` describes: a label, a built-in kind, a word class or a lemma."""
    if value == "any":
        return True
    if value.startswith("@"):
        words = lexicon[value[1:]]
        return word.lemma in words or word.lower_ in words
    check = _KINDS.get(value)
    if check is not None:
        return check(word, lexicon)
    return value in {word.lower_, word.lemma}


def entity_label(word: Token) -> str | None:
    """The label of the name that `word` is or carries."""
    mention = mention_of(word)
    return mention.label if mention else None


def mention_of(word: Token) -> Mention | None:
    """The name that `word` is or carries ("le ministre Anne Roux")."""
    if word.mention is not None:
        return word.mention
    for child in word.children:
        if child.dep_ in {"appos", "flat:name", "flat"} and child.mention is not None:
            return child.mention
    return None


_GROUP_PRONOUNS = PRONOUNS | RELATIVES
_HUMAN_PRONOUNS = (
    _GROUP_PRONOUNS
    | syntax.CLITIC_SUBJECTS
    | {"je", "j'", "tu", "nous", "vous", "plusieurs", "certains", "certaines", "beaucoup", "chacun", "personne"}
)


def _human(word: Token, lexicon: Mapping[str, frozenset[str]]) -> bool:
    if entity_label(word) == "PER" or word.lower_ in _HUMAN_PRONOUNS:
        return True
    if word.mention is not None:
        return False
    return word.lemma in lexicon["person"] or word.lower_ in lexicon["person"]


def _group(word: Token, lexicon: Mapping[str, frozenset[str]]) -> bool:
    if entity_label(word) in {"ORG", "LOC"} or word.lower_ in _GROUP_PRONOUNS:
        return True
    return word.lemma in lexicon["organisation"] or word.lemma in lexicon["place"]


def _number(word: Token, lexicon: Mapping[str, frozenset[str]]) -> bool:
    if word.date is not None:
        return False
    return is_number(word) or any(is_number(child) for child in word.children)


def is_number(word: Token) -> bool:
    """Whether `word` is a number in digits or words, or a collective such as "centaine"."""
    return (word.pos_ == "NUM" or word.like_num or is_collective(word.lower_)) and word.lower_ not in {
        "un",
        "une",
        "l'un",
    }


_QUANTITIES = frozenset(
    (
        "un une deux trois quatre cinq plusieurs certain aucun quelque plupart partie moitié tiers quart majorité nombre "
        "ensemble total groupe"
    ).split()
)


def _money(word: Token, lexicon: Mapping[str, frozenset[str]]) -> bool:
    return word.lower_ in _MONEY_SIGNS or any(child.lower_ in _MONEY_SIGNS for child in word.subtree)


def _percent(word: Token, lexicon: Mapping[str, frozenset[str]]) -> bool:
    return any(other.lower_ in {"%", "pourcent", "points"} for other in (word, *word.children))


def is_score(word: Token) -> bool:
    """Whether `word` is, or opens, a score such as "3-1", which the tokeniser may split into three."""
    return _SCORE.fullmatch(text_of(word.doc[word.i : word.i + 3])) is not None or _SCORE.fullmatch(word.text) is not None


def _labelled(wanted: str) -> Check:
    return lambda word, lexicon: entity_label(word) == wanted


Check = Callable[[Token, Mapping[str, frozenset[str]]], bool]
_KINDS: Mapping[str, Check] = {
    **{label: _labelled(label) for label in ("PER", "ORG", "LOC", "MISC")},
    "human": _human,
    "group": _group,
    "agentive": lambda word, lexicon: _human(word, lexicon) or _group(word, lexicon),
    "number": _number,
    "money": _money,
    "percent": _percent,
    "score": lambda word, lexicon: is_score(word),
    "timex": lambda word, lexicon: word.date is not None,
    "plural": lambda word, lexicon: "Plur" in word.morph.get("Number", []),
    "singular": lambda word, lexicon: "Sing" in word.morph.get("Number", []),
}


def has_form(form: str, token: Token, head: Token) -> bool:
    """Whether the trigger stands in that grammatical form."""
    return _FORMS[form](token, head)


_DEFINITE = frozenset(["le", "la", "l'", "les", "ce", "cet", "cette", "ces"])
_NEGATIVE = frozenset(["pas", "ne", "n'", "aucun", "aucune"])


def _determiners(token: Token) -> list[Token]:
    return [child for child in token.children if child.dep_ in {"det", "nummod"}]


def _is_counted(token: Token) -> bool:
    return any(is_number(child) for child in token.children) or (token.i > 0 and is_number(token.nbor(-1)))


_FORMS: Mapping[str, Callable[[Token, Token], bool]] = {
    "passive": lambda token, head: syntax.is_passive(head),
    "active": lambda token, head: not syntax.is_passive(head),
    "reflexive": lambda token, head: syntax.is_reflexive(head),
    "plural": lambda token, head: "Plur" in token.morph.get("Number", []),
    "singular": lambda token, head: "Plur" not in token.morph.get("Number", []),
    "definite": lambda token, head: any(child.lower_ in _DEFINITE for child in _determiners(token)),
    "bare": lambda token, head: not _determiners(token),
    "participle": lambda token, head: syntax.is_participle(token),
    "finite": lambda token, head: "Fin" in token.morph.get("VerbForm", []),
    "infinitive": lambda token, head: "Inf" in token.morph.get("VerbForm", []),
    "gerund": lambda token, head: token.lower_.endswith("ant"),
    "negated": lambda token, head: any(child.lower_ in _NEGATIVE for child in (*token.children, *head.children)),
    "numbered": lambda token, head: _is_counted(token),
}

"""Numbers that belong to an event: dead, injured, people, money, percentages, scores, sentences.

Quantities are found once per sentence as number phrases ("au moins 5 morts", "3,5 millions d'euros"), classed by their
noun or unit, and given to the events of their clause whose type asks for that kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from pipeline.events import syntax
from pipeline.events.numbers import is_collective, is_number_word, is_uncounted, parse_number
from pipeline.events.ontology import EventType
from pipeline.events.tree import Span, Token, once
from pipeline.events.triggers import Candidate, fillers

CURRENCIES = {
    "€": "EUR", "euro": "EUR", "euros": "EUR", "$": "USD", "dollar": "USD", "dollars": "USD", "£": "GBP",
    "livre": "GBP", "livres": "GBP", "yen": "JPY", "yens": "JPY", "franc": "CHF", "francs": "CHF",
    "yuan": "CNY", "yuans": "CNY", "rouble": "RUB", "roubles": "RUB",
}  # fmt: skip
_DEAD = frozenset("mort morts morte mortes décès tué tués tuée tuées victime victimes disparu disparus".split())
_HURT = frozenset(["blessé", "blessés", "blessée", "blessées", "hospitalisé", "hospitalisés"])
_PEOPLE = frozenset(
    "personne personnes gens habitant habitants manifestant manifestants participant participants individu individus autre "
    "autres".split()
)
_PERIOD = frozenset(["an", "ans", "année", "années", "mois", "jour", "jours"])
_PENALTY = frozenset(["prison", "réclusion", "emprisonnement", "ferme", "sursis", "détention", "suspension", "inéligibilité"])
_POINTS = frozenset(["%", "pourcent", "point", "points"])
_SCORE = re.compile(r"\d{1,3}[-–]\d{1,3}")
_INTRO = frozenset(
    "au moins plus de environ près quelque quelques presque jusqu' à entre les des d' une un la ses plusieurs".split()
)
_VAGUE = frozenset({"plusieurs", "quelques"})


@lru_cache(maxsize=1 << 14)
def _may_count(word: str) -> bool:
    """Whether a number phrase may begin with `word` (lower case)."""
    return word[0].isdigit() or word in _VAGUE or is_uncounted(word) or is_number_word(word)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its noun: the token span `first..last`, the token `head` that other roles may not take as well."""

    kind: str  # deaths, injured, people, money, percent, score, sentence, number
    first: int
    last: int
    head: int
    value_min: float | None = None
    value_max: float | None = None
    unit: str | None = None


def quantities_of(candidate: Candidate, event_type: EventType) -> list[Quantity]:
    """The quantities of the event that `candidate` names: of the kinds its type counts, within its clause."""
    near = number_phrases(candidate.token.sent) if event_type.quantities else ()
    if not near:
        return []
    undergoing = {token.i for slot in ("object", "subject") for token in fillers(candidate.token, candidate.head, slot)}
    clause = {token.i for token in syntax.clause_head(candidate.token).subtree} | {token.i for token in candidate.head.subtree}
    found = [quantity for quantity in near if quantity.head in clause]
    victims = next((kind for kind in ("deaths", "injured") if kind in event_type.quantities), None)
    kept: list[Quantity] = []
    for quantity in found:
        inside = quantity.first <= candidate.token.i <= quantity.last
        if quantity.kind == "people" and quantity.head in undergoing and victims is not None:
            kept.append(replace(quantity, kind=victims))
        elif (quantity.kind in event_type.quantities and (quantity.kind != "number" or quantity.head in undergoing)) or (
            inside and quantity.kind in {"deaths", "injured"}
        ):
            kept.append(quantity)
    return kept


def number_phrases(sentence: Span) -> Sequence[Quantity]:
    """The number phrases of a sentence that are no dates, in text order."""
    return _number_phrases_from(sentence[0])


@once
def _number_phrases_from(first: Token) -> Sequence[Quantity]:
    return tuple(_find_number_phrases(first.sent))


def _find_number_phrases(sentence: Span) -> Iterator[Quantity]:
    after = sentence.start  # the last one
    for token in sentence:
        if token.i >= after and _may_count(token.lower_) and token.date is None and token.mention is None:
            quantity = _score(token) or _phrase(token, sentence)
            if quantity is not None:
                yield quantity
                after = quantity.last + 1


def _score(token: Token) -> Quantity | None:
    if _SCORE.fullmatch(token.text):
        return Quantity("score", token.i, token.i, token.i, unit=token.text)
    doc = token.doc
    if (
        token.text.isdigit()
        and token.i + 2 < len(doc)
        and doc[token.i + 1].lower_ in {"à", "-", "–"}
        and doc[token.i + 2].text.isdigit()
    ):
        after = doc[token.i + 3].lower_ if token.i + 3 < len(doc) else ""
        if (
            int(token.text) < 200
            and not is_number_word(after)
            and after not in _PEOPLE | _PERIOD | _POINTS
            and not after.startswith("an")
        ):
            return Quantity("score", token.i, token.i + 2, token.i, unit=f"{token.text}-{doc[token.i + 2].text}")
    return None


def _phrase(token: Token, sentence: Span) -> Quantity | None:
    """The number phrase that begins at the number word `token`: the number, its scale, its noun or unit."""
    vague = token.lower_ in _VAGUE or is_uncounted(token.lower_)
    if not vague and (
        not is_number_word(token.lower_) or (token.lower_ in {"un", "une", "et"} and not _starts_collective(token))
    ):
        return None
    doc, last = token.doc, token.i
    while last + 1 < sentence.end and is_number_word(doc[last + 1].lower_) and doc[last + 1].lower_ not in {"et", "un", "une"}:
        last += 1
    value = None if vague else parse_number([doc[i].lower_ for i in range(token.i, last + 1)])
    if value is None and not vague:
        return None
    noun = last + 1
    while noun < sentence.end and doc[noun].lower_ in {"de", "d'", "autres", "autre"} and noun + 1 < sentence.end:
        noun += 1
    kind, end, unit = _kind(noun, sentence)
    if kind is None:
        kind, end = "number", last
    first = _with_introduction(token.i, sentence)
    head = next(
        (i for i in range(end, token.i - 1, -1) if doc[i].head.i < token.i or doc[i].head.i > end or doc[i].head.i == i), end
    )
    return Quantity(kind, first, end, head, value, value, unit)


def _starts_collective(token: Token) -> bool:
    following = token.nbor(1).lower_ if token.i + 1 < len(token.doc) else ""
    return is_collective(following)


def _kind(noun: int, sentence: Span) -> tuple[str | None, int, str | None]:
    """What the word at `noun` makes of the number before it, and the last token of the phrase."""
    if noun >= sentence.end:
        return None, noun, None
    doc = sentence[0].doc
    word = doc[noun].lower_
    if word in CURRENCIES:
        return "money", noun, CURRENCIES[word]
    if word in _POINTS or (word == "pour" and noun + 1 < sentence.end and doc[noun + 1].lower_ == "cent"):
        return "percent", noun + (word == "pour"), "%"
    if word in _DEAD:
        return "deaths", noun, None
    if word in _HURT:
        return "injured", noun, None
    if word in _PERIOD:
        window = [doc[i].lower_ for i in range(noun + 1, min(noun + 4, sentence.end))]
        return ("sentence", noun, word) if set(window) & _PENALTY else (None, noun, None)
    if word in _PEOPLE:
        return "people", noun, None
    return None, noun, None


def _with_introduction(first: int, sentence: Span) -> int:
    """Take in what qualifies the number: "au moins", "plus de", "environ"."""
    doc = sentence[0].doc
    while first - 1 >= sentence.start and doc[first - 1].lower_ in _INTRO:
        if doc[first - 1].lower_ in {"à", "de", "d'", "la", "les", "des"} and (
            first - 2 < sentence.start or doc[first - 2].lower_ not in {"jusqu'", "plus", "moins", "près"}
        ):
            break
        first -= 1
    return first

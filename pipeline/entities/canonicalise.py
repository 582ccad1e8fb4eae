"""Canonical names: the fullest form of a name that its article gives, the same for every mention of the thing.

`Altman` is `Sam Altman`, `M. Le Maire` is `Bruno Le Maire`, `CGT` is `Confédération générale du travail`, `OpenAI Inc.` is
`OpenAI`. Only the article and the small tables of `data/entities` are asked, never other articles: the name, and with it the
`entity_id`, of a mention stays the same however the corpus grows.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass

from pipeline.entities.lexicon import Lexicon, fold
from pipeline.entities.rules import expansions
from pipeline.entities.spans import Reading, Span, is_capitalised

_NOT_IN_KEY = re.compile(r"[^\w]+")
_ARTICLE = re.compile(r"^(?:l'\s?|d'\s?|le |la |les |de |du |des |de la |de l'\s?)(?=[^\W\d_])", re.IGNORECASE)
_GLUED_TITLE = re.compile(r"^M\.(?=[A-ZÀ-Þ])")


@dataclass(frozen=True, slots=True)
class Person:
    """A full name of the article: where it stands, its folded words, and the gender that a title or first name gives."""

    position: int
    name: str
    words: tuple[str, ...]
    gender: str | None


def key(label: str, name: str) -> str:
    """What two spellings of one canonical name share; of organisations also `Open AI` and `OpenAI`."""
    folded = fold(name)
    return _NOT_IN_KEY.sub("", folded) if label == "ORG" else folded


def names(reading: Reading, spans: list[Span]) -> list[str]:
    """The canonical name of each of `spans`."""
    people = _people(reading, spans)
    organisations = _organisations(reading, spans)
    result = []
    for span in spans:
        text = reading.name(span)
        if span.label == "PER":
            result.append(_person(reading, span, people))
        elif span.label == "ORG":
            result.append(organisations[key("ORG", _bare(text, reading.lexicon))])
        else:
            result.append(_without_article(text) if span.label == "LOC" else text)
    return _commonest_spelling(spans, result)


def _commonest_spelling(spans: list[Span], found: list[str]) -> list[str]:
    """One spelling for names that differ in accents or hyphens only: the most frequent, then the first."""
    spellings: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for span, name in zip(spans, found, strict=True):
        spellings[span.label, key(span.label, name)][name] += 1
    return [spellings[span.label, key(span.label, name)].most_common(1)[0][0] for span, name in zip(spans, found, strict=True)]


def _without_article(text: str) -> str:
    """`la Chine` -> `Chine`; `La Rochelle` and `Le Caire`, with their capital, stay."""
    return text if is_capitalised(text) else _ARTICLE.sub("", text)


# --- persons -----------------------------------------------------------------------------------------------------------


def _people(reading: Reading, spans: list[Span]) -> list[Person]:
    """The full names of the article, in order, and those that a title makes full: `pape François`.

    A name of a particle and a surname (`Le Maire`) is none if a longer one has it.
    """
    full = []
    for span in spans:
        if span.label != "PER":
            continue
        words = _words(reading, span)
        if len(words) > 1:
            full.append(Person(span.start, reading.name(span), words, _gender(reading, span)))
        elif reading.before(span.start) in reading.lexicon.single_name_titles:
            name = f"{reading.before(span.start)} {reading.name(span)}"
            full.append(Person(span.start, name, words, _gender(reading, span)))
    tails = {person.words[cut:] for person in full for cut in range(1, len(person.words))}
    return [person for person in full if person.words not in tails or (" " in person.name and len(person.words) == 1)]


def _words(reading: Reading, span: Span) -> tuple[str, ...]:
    """The folded words of a person's mention, hyphens kept inside words."""
    return tuple(fold(word) for word in reading.name(span).replace("' ", "'").replace("d'", "d' ").split())


def _gender(reading: Reading, span: Span) -> str | None:
    """What a title in front says (`Mme`), or else a common first name."""
    if (before := reading.before(span.start)) in reading.lexicon.masculine_titles:
        return "m"
    if before in reading.lexicon.feminine_titles:
        return "f"
    return reading.lexicon.first_names.get(reading.words[span.start]) if span.end - span.start > 1 else None


def _person(reading: Reading, span: Span, people: list[Person]) -> str:
    """The full name that this mention stands for: the nearest before it that fits, else the first one after it.

    Where several persons share the surname a title chooses by gender; a bare surname goes to one who is named twice as often
    as the nearest. `la famille Le Goff` is none of them.
    """
    words, text = _words(reading, span), _GLUED_TITLE.sub("", reading.name(span))
    title = reading.before(span.start)
    if len(words) == 1 and title in reading.lexicon.single_name_titles:
        return f"{title} {text}"
    fitting = [person for person in people if _fits(words, person.words)]
    if len({person.words for person in fitting}) > 1 and title in reading.lexicon.families:
        return text
    if len(words) == 1 and not fitting:
        fitting = [person for person in people if person.words[0] == words[0]]
        fitting = fitting if len({person.words for person in fitting}) == 1 else []
    gender = _gender(reading, span)
    agreeing = [person for person in fitting if gender is not None and person.gender == gender] or [
        person for person in fitting if gender is None or person.gender is None
    ]
    if not agreeing:
        return text
    before = [person for person in agreeing if person.position <= span.start]
    nearest = before[-1] if before else agreeing[0]
    if len(words) == 1 and gender is None:
        nearest = _more_prominent(nearest, agreeing)
    return _fullest(nearest, people)


def _more_prominent(nearest: Person, others: list[Person]) -> Person:
    """One of `others` whose full name the article gives at least twice as often as that of `nearest`, or `nearest`."""
    counts = Counter(person.words for person in others)
    most, count = counts.most_common(1)[0]
    return nearest if count < 2 * counts[nearest.words] else next(person for person in others if person.words == most)


def _fits(short: tuple[str, ...], full: tuple[str, ...]) -> bool:
    """Whether `short` may stand for `full`: its end (`Le Maire`), or first and last word alike (`Donald J. Trump`)."""
    if len(short) <= len(full) and full[-len(short) :] == short:
        return True
    if len(short) == 2 and re.fullmatch(r"[a-z]\.?", short[0]):
        return full[0][0] == short[0][0] and full[-1] == short[1]
    return len(short) > 1 and len(full) > 1 and short[0] == full[0] and short[-1] == full[-1] and abs(len(short) - len(full)) <= 1


def _fullest(person: Person, people: list[Person]) -> str:
    """Of the article's variants of one person's name (`Donald Trump`, `Donald J. Trump`) the most frequent, then the first."""
    variants = [other for other in people if other.words[0] == person.words[0] and _fits(other.words, person.words)]
    counts = Counter(variant.name for variant in variants or [person])
    return counts.most_common(1)[0][0]


# --- organisations -----------------------------------------------------------------------------------------------------


def _organisations(reading: Reading, spans: list[Span]) -> dict[str, str]:
    """For the key of every organisation's form in the article its canonical name."""
    lex = reading.lexicon
    defined: dict[str, str] = {}
    for start, acronym in expansions(reading):
        expansion = _capitalised(_without_article(reading.name(Span(start, acronym - 1, "ORG"))))
        defined[key("ORG", reading.words[acronym])] = expansion
    table: dict[str, str] = {}
    for span in spans:
        if span.label == "ORG":
            bare = _bare(reading.name(span), lex)
            form = key("ORG", bare)
            known = lex.organisations.get(bare)
            name = defined.get(form) or (known.name if known else bare)
            again = lex.organisations.get(name)
            table.setdefault(form, again.name if again else name)
    return table


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def _bare(text: str, lex: Lexicon) -> str:
    """An organisation's name without its article and its legal form."""
    words = _without_article(text).split()
    while len(words) > 1 and words[-1].lower() in lex.legal_forms:
        words.pop()
    return " ".join(words)

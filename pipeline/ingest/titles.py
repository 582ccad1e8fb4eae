"""The headline among the lines over a story, and the lines over it that are none: rubrics, crumbs, papers, an agency's slug."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from pipeline.ingest import sluglines, stamps, weighed
from pipeline.ingest.lines import Line, is_headline, shaped_like_title

_UNDERLINE = re.compile(r"(?:={3,}|-{3,}|~{3,})")
_HEADING = re.compile(r"#{1,6}\s+(?=\S)")
_FIELD = re.compile(r"(?:TITRE|Titre|OBJET|Objet|Sujet|Subject)\s*:\s*(?=\S)")
_LINES = 10  # how far from the top the headline may stand
_SHORT, _RUBRIC_WORDS, _OVERLINE_WORDS, _PIECE_WORDS = 2, 3, 4, 5
_CODES, _NUMBERS = 1.4, 2  # words for each that is a code; codes that are no words
_BARS = re.compile(r"\s*[|❘¦•·●>›»]\s+|\s{3,}|\t")
_MARKS = re.compile(rf"{_BARS.pattern}|\s+[-–—]+\s+|\s{{2,}}")
_CRUMBS = re.compile(r"[^>›]{2,40}(?:\s[>›]\s[^>›]+){2,}")
_DASHES = re.compile(r"\s+[-–—/]+\s+")
_BRACKETED = re.compile(r"\[[^\[\]]*\]|\([^()]*\)")
_FIELD_LINE = re.compile(r"[A-ZÀ-Þ][A-ZÀ-Þ -]{2,20}\s?:\s")  # "RUBRIQUE : Vire"
_SLUG = re.compile(r"[\w'’]+(?:[-/][\w'’]+){1,6}|[A-Z]{2,4} / \S+")  # "Soudan-armée-violences", "FRA / AFP-XB47"
_OFFICE = re.compile(
    r"(?:préfet|préfète|préfecture|cabinet|service|direction|ministère|mairie|bureau|secrétariat|délégation|pôle|agence)\b",
    re.IGNORECASE,
)
_OFFICE_OF = re.compile(rf"{_OFFICE.pattern} (?:d[eu]s?|d['’]|départementale?|régionale?|générale?)\b[^:]{{2,60}}", re.IGNORECASE)
_NUMBERED = re.compile(
    r"(?:communiqué|dossier|note|lettre)(?: de presse| d['’]information)?(?:\s?:?\s?n[°o]\s?\d.{0,12})?", re.IGNORECASE
)
_COUNTED = re.compile(r"(?i:.{0,30}\b\d+ (?:of|sur|de) \d+(?: documents?)?|.{3,60}\bn[°o] ?\d+(?:[/-]\d+)?|n[°o] ?\d.{0,60}|.*/)")
_CODE = re.compile(r"[A-Z]{1,4}|[A-Z0-9-]*\d[A-Z0-9-]*|\W")
_MONTH = re.compile(rf">?\s*{stamps.MONTH}\.? \d{{4}}", re.IGNORECASE)
_MACHINE = re.compile(r"www\.|https?://|\S@\S+\.|\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|^[{<]|^[\w.$]+ = .*;$")
_METADATA = ("byline", "agency", "rubric", "edition", "reading", "clock")  # kinds of pieces of a line


@dataclass(frozen=True, slots=True)
class Title:
    """Which is the last of the lines it stands in, where it stands, and its words."""

    number: int
    start: int
    end: int
    words: str


def find(lines: Sequence[Line], special: Collection[int], title: str | None) -> Title | None:
    """The headline in `lines`, those of a story that tell nothing else; `special`: starts of regions that are known already.

    `title`: known from elsewhere.
    """
    if named := _named(lines):
        return named
    at = _past_furniture(lines, special)
    if len(lines) <= at or not _is_title(lines, at, special, title):
        return None
    prefix, words = heading(lines[at])
    last = at + _is_broken(lines, at)
    words = " ".join([words, *(line.text for line in lines[at + 1 : last + 1])])
    return Title(last, lines[at].start + prefix, lines[last].end, words)


def heading(line: Line) -> tuple[int, str]:
    """Length of the Markdown mark in front of a heading, and the heading's words."""
    match = _HEADING.match(line.text)
    return (match.end(), line.text[match.end() :]) if match else (0, line.text)


def same(words: str, title: str | None) -> bool:
    """Whether `words` are `title`, but for case and white space."""
    return title is not None and " ".join(words.split()).casefold() == title.casefold()


def _named(lines: Sequence[Line]) -> Title | None:
    """ "TITRE : Une grange en feu", in an export of a press database."""
    top = next((number for number, line in enumerate(lines) if line.is_prose), len(lines))
    found = [(number, match) for number, line in enumerate(lines[:top]) if (match := _FIELD.match(line.text))]
    if len(found) != 1:
        return None
    number, match = found[0]
    return Title(number, lines[number].start + match.end(), lines[number].end, lines[number].text[match.end() :])


def _past_furniture(lines: Sequence[Line], special: Collection[int]) -> int:
    """The first line that is no furniture, if a headline may stand there; else the first line of all."""
    top = next((number for number, line in enumerate(lines) if line.is_prose and not shaped_like_title(line.text)), 0)
    for number, line in enumerate(lines[: min(top, _LINES)]):
        if line.start in special or _is_furniture(lines, number, top):
            continue
        return number if not number or is_headline(line.text) else 0
    return 0


def _is_furniture(lines: Sequence[Line], number: int, top: int) -> bool:
    """Whether a line is no headline, with one under it."""
    text = lines[number].text
    under = [line.text for line in lines[number + 1 : min(top, 2 * _LINES)] if is_headline(line.text)]
    if not under or _HEADING.match(text):
        return False
    words = len(text.split())
    below = lines[number + 1].text
    if _UNDERLINE.fullmatch(below):
        return False
    if words <= _RUBRIC_WORDS and is_furniture(below):
        return True  # the paper's name over its menu
    overline = text.isupper() and (words <= _RUBRIC_WORDS or (words <= _OVERLINE_WORDS and not under[0].isupper()))
    return words <= _SHORT or overline or (text.isupper() and _OFFICE.match(text) is not None) or is_furniture(text)


def furniture_under(lines: Sequence[Line], title: Title) -> list[Line]:
    """The lines between a headline and its story that are neither."""
    under = lines[title.number + 1 : title.number + 1 + _LINES]
    top = next((number for number, line in enumerate(under) if line.is_prose), 0)
    return [line for line in under[:top] if is_furniture(line.text)] or [
        line for line in under[:1] if _UNDERLINE.fullmatch(line.text)
    ]


def is_furniture(text: str) -> bool:
    """Whether a line beside a headline surely is none, by its own words."""
    patterns = (_UNDERLINE, _BRACKETED, _SLUG, _NUMBERED, _COUNTED, _CRUMBS, _OFFICE_OF)
    if any(pattern.fullmatch(text) for pattern in patterns) or _FIELD_LINE.match(text):
        return True
    if weighed.is_dated_note(text) or _MACHINE.search(text):
        return True
    pieces = sluglines.pieces_of(text)
    if sluglines.is_control(text) or (pieces and all(_is_metadata(piece) for piece in pieces)):
        return True
    words = text.split()
    codes = [word for word in words if _CODE.fullmatch(word)]
    if _CODES * len(codes) >= len(words) and sum(not word.isalpha() for word in codes) >= _NUMBERS:
        return True
    crumbs = _are_crumbs(_BARS.split(text), 1) or _are_crumbs(_MARKS.split(text), 2)
    return crumbs or _are_offices(_DASHES.split(text))


def _is_metadata(piece: str) -> bool:
    return sluglines.kind_of(piece) in _METADATA or _MONTH.fullmatch(piece) is not None


def _are_crumbs(pieces: Sequence[str], separators: int) -> bool:
    """ "Culture | Musique", "Cours - Analyses - Forum"."""
    words = [len(piece.split()) for piece in pieces if piece.strip()]
    return len(words) > separators and max(words) <= _PIECE_WORDS


def _are_offices(pieces: Sequence[str]) -> bool:
    """ "Géorgie - Russie", "Afrique / Côte d'Ivoire", "Cabinet - Service de la communication"."""
    if len(pieces) < _SHORT:
        return False
    known = [bool(_OFFICE.match(piece)) or sluglines.kind_of(piece) in _METADATA for piece in pieces]
    names = [len(piece.split()) <= _SHORT + any(known) and sluglines.is_name(piece) for piece in pieces]
    return all(is_known or is_name for is_known, is_name in zip(known, names, strict=True))


def _is_broken(lines: Sequence[Line], at: int) -> bool:
    """Whether a headline goes on in the next line: "La laiterie fermera" over "au printemps"."""
    under = lines[at + 1]
    return under.text[0].islower() and under.blank_after and not lines[at].blank_after and shaped_like_title(under.text)


def _is_title(lines: Sequence[Line], at: int, special: Collection[int], title: str | None) -> bool:
    """Whether a line is the headline: it looks like one, and a story follows it."""
    line = lines[at]
    prefix, words = heading(line)
    if line.start in special or len(lines) == at + 1:
        return False
    if prefix or same(words, title):
        return True
    following = lines[at + 1]
    if not shaped_like_title(words):
        return False
    apart = line.blank_after or following.start in special or any(line.end < start < following.start for start in special)
    if apart or _UNDERLINE.fullmatch(following.text) or len(following.text) >= max(80, 1.5 * len(words)):
        return True
    return is_headline(words) and (_is_broken(lines, at) or is_furniture(following.text))

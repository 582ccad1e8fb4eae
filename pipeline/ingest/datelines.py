"""Datelines: "10 janvier 2016 . –", "PARIS, 3 mars (AFP) -". They open a story and belong to its prose."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.ingest import sluglines, stamps
from pipeline.ingest.labels import AGENCY, CREDIT, KNOWN_AGENCY
from pipeline.ingest.lines import Line
from pipeline.ingest.stamps import Dated

_MAX_CHARS = 160
_WIKI_LINES, _AGENCY_LINES = 40, 8
# "10 janvier 2016 . –", "7 janvier 2016, 11 h 40 UTC . –", "12 mars 2016, Montpellier . –"
_WIKI = re.compile(
    rf"{stamps.MOMENT.pattern}(?P<rest>[^–—\n]{{0,60}}?)\s*(?P<dot>\.?)\s*[–—-](?=\s|$)(?!\s*\d\d?\s?[:h]\s?\d\d)", re.IGNORECASE
)
_CREDITS = rf"(?:{CREDIT}|{AGENCY})(?:\s?[,/+]\s?(?:{CREDIT}|{AGENCY})|\set\s(?:{CREDIT}|{AGENCY})){{0,3}}"
_BRACKETS = rf"(?:\({_CREDITS}\)|\[{_CREDITS}\])"
_WORD = rf"(?!(?i:{stamps.FULL_WEEKDAY})\s\d)[A-ZÀ-ÖØ-Þ][\w'’.\-]*"  # in "NAMUR Jeudi 14 juin 2018" the day is not the place's
_CITY = rf"{_WORD}(?:[ /](?:(?:de|du|la|le|les|en|sur|sous)[ ]){{0,2}}{_WORD}){{0,4}}"
_PLACE = rf"(?:{_CITY}(?:\s\([^()\n]{{2,30}}\)(?!\s*[–—-]))?)"  # what a dash follows is the agency
# "PARIS, 3 mars (AFP) -", "Genève, le 3 mars 2024 (Keystone-ATS) –", "BEYROUTH (Reuters) -", "(AFP) -", "LYON, 3 mars 2024 —"
_AGENCY = re.compile(
    rf"(?:{_PLACE})?(?:\s*,?\s*(?:le\s+)?(?:(?:{stamps.WEEKDAY})\s+)?(?P<day>{stamps.DAY})(?:\s?er)?\s+(?P<month>{stamps.MONTH})\.?"
    rf"(?:\s+(?P<year>\d{{4}}))?)?\s*(?P<agency>{_BRACKETS})?\s*(?:[–—-](?=\s|$)|$)"
)
_PLACES = rf"{_CITY}(?:(?:\s?/\s?|\s(?:et|&)\s){_CITY}){{0,2}}(?:\s\([^()\n]{{2,40}}\))?"
_APART = r"(?:\s*[,|•·:]\s*|\s*[–—]\s*|\s+-\s*|\s*-\s+|\s+)"
# With a whole date: "PARIS - 17/04/2023 - 14h05 (agence) -", "(AFP) Berne / Zurich, lundi 20 mars 2023", "OSLO, 3 mai 2004. Les"
_WHOLE = re.compile(
    rf"(?:(?P<before>{_BRACKETS}){_APART}?)?(?:(?P<place>{_PLACES})(?:{_APART}(?P<between>{_BRACKETS}|{KNOWN_AGENCY}))?(?P<apart>{_APART}))?"
    rf"(?i:{stamps.HEADER_MOMENT.pattern})(?:{_APART}?(?P<after>{_BRACKETS})|\s*[,/–—-]\s*(?P<bare>{CREDIT}|{KNOWN_AGENCY})(?=\s*(?:[–—:.-]|$)))?"
    rf"(?:{_APART}?\(?(?P<clock>(?:à\s)?(?:[01]?\d|2[0-3])\s?[:hH]\s?[0-5]\d)\)?)?"
    rf"(?P<stop>\s*\.?\s*[–—-](?=\s|$)|\.(?=\s*$|\s+[A-ZÀ-ÖØ-Þ«\"“])|\s*[–—](?=\S)|\s*$|(?<=\))\s*(?:[:.–—-]+(?=\s|$)|-(?=\S)|(?=\s[A-ZÀ-ÖØ-Þ«\"“])))"
)
_BRACKETED = re.compile(r"\s*\([^()]*\)")
_STOPPED = re.compile(r"[^\W\d_]{3}\.$")  # "Madrid. Jeudi 25 avril 2013"
_PROSE_CHARS = 60  # what follows a dateline in its line; less, without a full stop, is the end of a headline


@dataclass(frozen=True, slots=True)
class Dateline:
    """Where the dateline stands and the date that it gives, if it gives a whole one."""

    start: int
    end: int
    published: Dated | None


def find(lines: Sequence[Line], source: str = "") -> Dateline | None:
    """The dateline among `lines`, the first lines of a story; `source` is the path that may tell a missing year."""
    return _wiki(lines) or _agency(lines, source)


def _wiki(lines: Sequence[Line]) -> Dateline | None:
    matches = [(line, _WIKI.match(line.text[:_MAX_CHARS])) for line in lines[:_WIKI_LINES]]
    found = [(line, match) for line, match in matches if match and _is_dateline(match) and not _is_headline(lines, line, match)]
    if not found or (len(found) > 1 and not found[0][1]["dot"]):
        return None  # several such lines are a chronology, not a dateline
    line, match = found[0]
    return Dateline(line.start, line.start + match.end(), stamps.from_match(match))


def _is_dateline(match: re.Match[str]) -> bool:
    """Between the date and the dash stands nothing or, after words, a time zone or a place behind a comma."""
    rest = match["rest"].strip()
    if match["y2"] is not None:
        return not rest and not match["dot"]
    return match["y3"] is not None and (rest in ("", "UTC", "(UTC)") or rest.startswith((",", "(", "UTC")))


def _is_headline(lines: Sequence[Line], line: Line, dateline: re.Match[str]) -> bool:
    """Whether what stands behind the dateline is no prose: "13 novembre 2015 - le récit" over the story."""
    rest = line.text[dateline.end() :].strip()
    ended = rest.endswith((".", "!", "?", "»", "…", '"', "”"))
    return bool(rest) and len(rest) < _PROSE_CHARS and not ended and len(lines) > 1


def _agency(lines: Sequence[Line], source: str) -> Dateline | None:
    found: list[Dateline] = []
    for number, line in enumerate(lines[:_AGENCY_LINES]):
        dateline = _whole(lines, number) or _yearless(line, source)
        if dateline:
            found.append(dateline)
    if len({dateline.published.when.date() for dateline in found if dateline.published}) > 1:
        return None  # a chronology, a programme, a list of other articles
    return found[0] if found else None


def stands_alone(text: str) -> bool:
    """Whether the line `text` is a dateline with a whole date and nothing else."""
    match = _WHOLE.fullmatch(text[:_MAX_CHARS])
    return match is not None and bool(match["place"]) and _may_be_place(match["place"])


def _whole(lines: Sequence[Line], number: int) -> Dateline | None:
    """A dateline with day, month and year, alone in its line or with the story behind it."""
    line = lines[number]
    match = _WHOLE.match(line.text[:_MAX_CHARS])
    if not match or (match.end() == _MAX_CHARS and len(line.text) > _MAX_CHARS):
        return None
    credit = match["before"] or match["between"] or match["after"] or match["bare"]
    if not (credit or match["place"]) or (match["place"] and not _may_be_place(match["place"])):
        return None
    if match["place"] and not credit and ":" in match["apart"] and not match["place"].isupper():
        return None  # "Validité : 3 mars 2019"
    stopped = match["place"] and match["y3"] and _STOPPED.search(match["place"])
    joined = match["place"] and not match["apart"].strip() and not stopped
    if joined and not credit and (match["y4"] or not match["place"].isupper()):
        return None  # "Version 1.2.10", "Fermé le 3 mars 2019"
    rest = line.text[match.end() :].strip()
    if rest and not credit and match["stop"] == "." and not _BRACKETED.sub("", match["place"] or "").isupper():
        return None  # a scene: "Paris, 11 janvier 2015. Il pleut sur la place."
    if not rest and not match["stop"].strip() and number + 1 == len(lines):
        return None  # a signature
    if not credit and not rest and not match["stop"].strip() and sum(other.is_prose for other in lines[:number]) > 1:
        return None  # a caption or a heading amid the story
    if not credit and _is_headline(lines, line, match):
        return None
    published = stamps.from_match(match)
    if published and match["clock"]:
        published = stamps.at_clock(published, match["clock"])
    return Dateline(line.start, line.start + len(match[0].rstrip()), published)


def _may_be_place(words: str) -> bool:
    places = re.split(r"\s?/\s?|\s(?:et|&)\s", _BRACKETED.sub("", words))
    return all(sluglines.is_name(place) for place in places)


def _yearless(line: Line, source: str) -> Dateline | None:
    match = _AGENCY.match(line.text[:_MAX_CHARS])
    if match is None or match["year"]:
        return None
    if match["agency"] or (match["day"] and match.end() > match.end("month") and match[0][0].isupper()):
        return Dateline(line.start, line.start + len(match[0].rstrip()), _agency_date(match, source))
    return None


def _agency_date(match: re.Match[str], source: str) -> Dated | None:
    if not match["day"]:
        return None
    return stamps.with_year(int(match["day"]), stamps.month_number(match["month"]), source)

"""Datelines: "10 janvier 2016 . –", "PARIS, 3 mars (AFP) -". They open a story and belong to its prose."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.ingest import stamps
from pipeline.ingest.lines import Line
from pipeline.ingest.stamps import Dated

_MAX_CHARS = 160
_WIKI_LINES, _AGENCY_LINES = 40, 8
# "10 janvier 2016 . –", "7 janvier 2016, 11 h 40 UTC . –", "12 mars 2016, Montpellier . –"
_WIKI = re.compile(rf"{stamps.MOMENT.pattern}(?P<rest>[^–—\n]{{0,60}}?)\s*(?P<dot>\.?)\s*[–—-](?=\s|$)", re.IGNORECASE)
_PLACE = (
    r"(?:[A-ZÀ-ÖØ-Þ][\w'’.\-]*(?:[ /](?:(?:de|du|la|le|les|en|sur|sous)[ ])?[A-ZÀ-ÖØ-Þ][\w'’.\-]*){0,4}"
    r"(?:\s\([^()\n]{2,30}\)(?!\s*[–—-]))?)"  # what a dash follows is the agency
)
_AGENCY_NAME = (
    r"(?:[A-ZÉ]{2,8}(?:[ /\-][A-Z]{2,8})?|Reuters|Belga|Xinhua|Keystone-ATS|Agence France-Presse|La Presse Canadienne"
    r"|Associated Press|Presse canadienne|Anadolu|Sputnik|TASS|Efe|Ansa|dpa|ats|afp)"
)
# "PARIS, 3 mars (AFP) -", "Genève, le 3 mars 2024 (Keystone-ATS) –", "BEYROUTH (Reuters) -", "(AFP) -", "LYON, 3 mars 2024 —"
_AGENCY = re.compile(
    rf"(?:{_PLACE})?(?:\s*,?\s*(?:le\s+)?(?:(?:{stamps.WEEKDAY})\s+)?(?P<day>{stamps.DAY})(?:\s?er)?\s+(?P<month>{stamps.MONTH})\.?"
    rf"(?:\s+(?P<year>\d{{4}}))?)?\s*(?P<agency>\({_AGENCY_NAME}\))?\s*(?:[–—-](?=\s|$)|$)"
)


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
    found = [(line, match) for line, match in matches if match and _is_dateline(match)]
    if not found or (len(found) > 1 and not found[0][1]["dot"]):
        return None  # several such lines are a chronology, not a dateline
    line, match = found[0]
    return Dateline(line.start, line.start + match.end(), stamps.from_match(match))


def _is_dateline(match: re.Match[str]) -> bool:
    """Between the date and the dash stands nothing, a time zone, or a place after a comma."""
    rest = match["rest"].strip()
    return match["y3"] is not None and (rest in ("", "UTC", "(UTC)") or rest.startswith((",", "(", "UTC")))


def _agency(lines: Sequence[Line], source: str) -> Dateline | None:
    for line in lines[:_AGENCY_LINES]:
        match = _AGENCY.match(line.text[:_MAX_CHARS])
        if match and (match["agency"] or (match["day"] and match.end() > match.end("month") and match[0][0].isupper())):
            return Dateline(line.start, line.start + len(match[0].rstrip()), _agency_date(match, source))
    return None


def _agency_date(match: re.Match[str], source: str) -> Dated | None:
    if not match["day"]:
        return None
    if match["year"]:
        moment = stamps.MOMENT.search(match[0])
        return stamps.from_match(moment) if moment else None
    return stamps.with_year(int(match["day"]), stamps.month_number(match["month"]), source)

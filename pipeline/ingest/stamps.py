"""Dates in metadata: in header lines, front matter, file and folder names.

These are the few fixed shapes in which a publisher or a crawler writes a date, not the time expressions of prose. A date that
could be read in two ways is not read at all.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

FIRST_YEAR, LAST_YEAR = 1800, 2100
_EPOCH_YEARS = range(1990, 2101)

_MONTHS = {
    **{name: number for number, name in enumerate(("janvier", "fevrier", "mars", "avril", "mai", "juin"), 1)},
    **{name: number for number, name in enumerate(("juillet", "aout", "septembre", "octobre", "novembre", "decembre"), 7)},
    **{"janv": 1, "jan": 1, "fevr": 2, "fev": 2, "avr": 4, "juill": 7, "juil": 7, "sept": 9, "oct": 10, "nov": 11, "dec": 12},
    **{"january": 1, "february": 2, "feb": 2, "march": 3, "mar": 3, "april": 4, "apr": 4, "may": 5, "june": 6, "jun": 6},
    **{"july": 7, "jul": 7, "august": 8, "aug": 8, "september": 9, "sep": 9, "october": 10, "november": 11, "december": 12},
    **{name: number for number, name in enumerate("i ii iii iv v vi vii viii ix x xi xii".split(), 1)},  # 6.III.2023
}
MONTH = (
    r"(?:janvier|février|fevrier|mars|avril|mai|juin|juillet|août|aout|septembre|octobre|novembre|décembre|decembre"
    r"|janv|jan|févr|fevr|fév|fev|avr|juill|juil|sept|oct|nov|déc|dec)\b"
)
WEEKDAY = r"(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lun|mar|mer|jeu|ven|sam|dim)\b\.?"
_ENGLISH_WEEKDAY = r"(?:Sun|Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?)(?:day)?\b"
FULL_WEEKDAY = r"(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)"
DAY = r"(?:[12]\d|3[01]|0?[1-9])"
_CLOCK = (
    r"(?P<hour>[01]?\d|2[0-3])\s?(?:[:hH]|heures?\b)\s?(?:(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d)(?:[.,]\d{1,9})?)?)?(?!\d)"
    r"(?:\s?min\b)?(?:\s?(?P<half>[ap])\.?m\b\.?)?"
    r"(?:\s?\(?(?:UTC|GMT|CES?T|E[ES]T|EDT|HNE|HAE|TU\b|Z\b|heure de [A-Z]\w+)\)?)?(?:\s?[+-]\d{1,2}(?::?\d{2})?)?"
)
CLOCK = re.compile(rf"(?:à\s+)?{_CLOCK}", re.IGNORECASE)
_LONG = (
    r"(?P<y1>\d{4})(?P<sep1>[-/.])(?P<m1>\d{1,2})(?P=sep1)(?P<d1>\d{1,2})(?!\d)"
    r"|(?P<d2>\d{1,2})(?P<sep2>[-/.])(?P<m2>\d{1,2})(?P=sep2)(?P<y2>\d{4})(?!\d)"
    rf"|(?P<d3>{DAY})(?:\s?er\b)?\s+(?P<m3>{MONTH})\.?\s+(?P<y3>\d{{4}})(?!\d)"
)
_SHORT = r"(?P<d4>[0-3]?\d)(?P<sep4>[/.])(?P<m4>[01]?\d)(?P=sep4)(?P<y4>\d\d)(?![\d/]|\.\d)"  # 11.12.23
_ENGLISH_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b"
)
# "May 3, 2019", "Fri, 03 May 2019", as sites write whose machinery is English
_ENGLISH = (
    rf"(?:(?P<m5>{_ENGLISH_MONTH})\.?\s+(?P<d5>{DAY})(?:st|nd|rd|th)?,?\s+(?P<y5>\d{{4}})(?!\d)"
    rf"|(?P<d6>{DAY})\s+(?P<m6>{_ENGLISH_MONTH})\.?\s+(?P<y6>\d{{4}})(?!\d))"
)


def _moment(day: str, after: str = "") -> re.Pattern[str]:
    return re.compile(
        rf"(?:(?:le\s+)?(?:(?:{WEEKDAY}|{_ENGLISH_WEEKDAY}),?\s+|{FULL_WEEKDAY}(?=\d)))?(?:le\s+)?(?:{day}){after}(?:(?:T|\s*,?\s*(?:à|-|–|—|•|·|\|)?\s*){_CLOCK})?",
        re.IGNORECASE,
    )


MOMENT = _moment(_LONG)
HEADER_MOMENT = _moment(f"{_LONG}|{_SHORT}|{_ENGLISH}")  # only for a line that is metadata: elsewhere "1.2.10" may be anything
# As a last resort, in a line that surely is no prose: "14 déc. 19", "27-09-22", "2 / 8 / 2022", "20220802", "/2021/03/11/",
# an agency's "221847 GMT DÉC 19", a database's "5-Mar-1999".
_LOOSE = (
    rf"(?P<d7>{DAY})(?:\s?er\b)?[\s./-]+(?P<m7>{MONTH}|{_ENGLISH_MONTH})\.?[\s./-]*['’]?(?P<y7>\d{{4}}|\d\d(?!\s?(?:[:hH%]|heures?)))(?![\d/])"
    r"|(?P<d8>[0-3]?\d)\s?(?P<sep8>[-/._])\s?(?P<m8>[01]?\d|[IVX]{1,4})\s?(?P=sep8)\s?(?P<y8>(?:19|20)\d\d|\d\d)(?![\d/]|[.-]\d)"
    r"|(?<!\d)(?P<y9>(?:19|20)\d\d)(?P<sep9>[/_]?)(?P<m9>0[1-9]|1[0-2])(?P=sep9)(?P<d9>0[1-9]|[12]\d|3[01])(?:T(?P<hour9>[01]\d|2[0-3])(?P<minute9>[0-5]\d)(?:\d\d)?)?(?!\d)"
    rf"|(?P<d10>{DAY})(?P<hour10>[01]\d|2[0-3])(?P<minute10>[0-5]\d)\s?(?:GMT|UTC|TU|Z|H(?:EC)?|LOC)?\s(?P<m10>{MONTH})\.?\s(?P<y10>\d{{4}}|\d\d)(?!\d)"
)
LOOSE_MOMENT = _moment(f"{_LONG}|{_SHORT}|{_ENGLISH}|{_LOOSE}", rf"(?:,?\s(?:{FULL_WEEKDAY}|{_ENGLISH_WEEKDAY})(?!\s\d+\s))?")
YEARLESS = re.compile(  # "lundi 6 février", "22 déc", with a clock "22/09 à 7h"
    rf"(?<![\w/.])(?:le\s+)?(?:{WEEKDAY},?\s+)?(?:le\s+)?"
    rf"(?:(?P<day>{DAY})(?:\s?er\b)?\s+(?P<month>{MONTH})(?!\.?[\s./-]*['’]?\d{{2}}(?:\d\d)?(?!\d|\s?[:hH]))\.?"
    rf"|(?P<number>{DAY})[/.](?P<of>0?[1-9]|1[0-2])(?=,?\s(?:à\s|[-–|]\s)?\d{{1,2}}\s?[:hH]))"
    rf"(?:\s*,?\s*(?:à|-|–|\|)?\s*{_CLOCK})?",
    re.IGNORECASE,
)
_WEEKDAYS = {
    name[:length]: number
    for names in (
        "lundi mardi mercredi jeudi vendredi samedi dimanche",
        "monday tuesday wednesday thursday friday saturday sunday",
    )
    for number, name in enumerate(names.split())
    for length in (3, 4, 5, len(name))
    if name[:length] != "mar"  # which is March, too
}
_DAY_FIRST = (2, 4, 8)  # the forms in figures that begin with the day
_IN_ENGLISH = re.compile(rf"(?:le\s+)?{_ENGLISH_WEEKDAY}", re.IGNORECASE)
_LETTERS = re.compile(r"[a-z]{3,}")
_NOON = 12
_CENTURY_TURNS = 70  # as POSIX reads years of two digits: 69 is 2069, 70 is 1970

_BOUND = r"(?<![0-9A-Za-z])"
_NAME_YMD = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<sep>[-_.])(?P<m>\d\d?)(?P=sep)(?P<d>\d\d?)(?!\d)(?:T(?P<H>\d\d)[-_:h]?(?P<M>\d\d)(?:[-_:]?(?P<S>\d\d))?)?"
    rf"|{_BOUND}(?P<y8>(?:19|20)\d\d)(?P<m8>\d\d)(?P<d8>\d\d)(?:T?(?P<H8>\d\d)(?P<M8>\d\d)(?P<S8>\d\d)?Z?)?(?![0-9A-Za-z])"
)
_NAME_DMY = re.compile(r"(?<!\d)(?P<d>\d\d?)(?P<sep>[-_.])(?P<m>\d\d?)(?P=sep)(?P<y>(?:19|20)\d\d)(?!\d)")
_FOLDER_YMD = re.compile(r"(?:^|/)(?P<y>(?:19|20)\d\d)[/_.-](?P<m>\d\d?)[/_.-](?P<d>\d\d?)(?=/|$)")
_FOLDER_YEAR = re.compile(r"(?:^|/)(?P<y>(?:19|20)\d\d)(?:[/_.-](?P<m>0[1-9]|1[0-2]))?(?=/|$)")


@dataclass(frozen=True, slots=True)
class Dated:
    """A moment as it is written, without time zone; midnight where it has no time of day."""

    when: datetime
    has_time: bool = False


def from_match(match: re.Match[str]) -> Dated | None:
    """The moment in a match of `MOMENT`, `HEADER_MOMENT` or `LOOSE_MOMENT`; None if there is no such day (30 février)."""
    groups = match.groupdict()
    form = next(number for number in range(1, 11) if groups.get(f"y{number}"))
    year, month = match[f"y{form}"], match[f"m{form}"]
    if len(year) == 2:
        year = f"{19 if int(year) >= _CENTURY_TURNS else 20}{year}"
    number = int(month) if month.isdigit() else _MONTHS.get(plain(month), 0)
    clock = _clock(match)
    if groups.get(f"hour{form}"):
        clock = (match[f"hour{form}"], match[f"minute{form}"], None)
    dated = _dated((year, number, match[f"d{form}"]), clock)
    if form not in _DAY_FIRST or not _IN_ENGLISH.match(match[0]):
        return dated
    readings = (dated, _dated((year, match[f"d{form}"], number), clock))  # the weekday tells which is the month
    days = {reading.when: reading for reading in readings if reading and agrees(match[0], reading.when)}
    return days.popitem()[1] if len(days) == 1 else None


def _clock(match: re.Match[str]) -> tuple[str | None, str | None, str | None]:
    """The time of day in a match, by 24 hours: 9:12 PM is 21:12."""
    hour = match["hour"]
    if hour and match["half"] and int(hour) <= _NOON:
        hour = str(int(hour) % _NOON + _NOON * (match["half"] in "pP"))
    return hour, match["minute"], match["second"]


def agrees(text: str, day: datetime) -> bool | None:
    """Whether the day of the week in the date `text` is that of `day`; None where there is none."""
    named = next((_WEEKDAYS[word] for word in _LETTERS.findall(plain(text)) if word in _WEEKDAYS), None)
    return None if named is None else named == day.weekday()


def at_clock(dated: Dated, text: str) -> Dated:
    """`dated` at the time of day that `text` gives, where it has none of its own."""
    match = CLOCK.fullmatch(text)
    if dated.has_time or match is None:
        return dated
    hour, minute, second = (int(part or 0) for part in _clock(match))
    return Dated(dated.when.replace(hour=hour, minute=minute, second=second), True)


def parse(value: object) -> Dated | None:
    """The moment in a metadata field: ISO 8601, French, RFC 2822, or seconds or milliseconds since 1970."""
    if isinstance(value, datetime):
        return Dated(value.replace(tzinfo=None, microsecond=0), True)
    if isinstance(value, date):
        return Dated(datetime(value.year, value.month, value.day))
    text = str(value).strip()[:80]
    if moment := epoch(text):
        return Dated(moment, True)
    if match := MOMENT.match(text):
        return from_match(match)
    if match := _NAME_YMD.fullmatch(text):
        return _from_name(match)
    if re.fullmatch(r"\d{8}T\d{4,6}(?:[+-]\d{2}:?\d{2}|Z)?", text):
        return _basic(text)
    try:
        return Dated(parsedate_to_datetime(text).replace(tzinfo=None), True)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _basic(text: str) -> Dated | None:
    """20240312T081500+0100, as news agencies write it."""
    try:
        return Dated(datetime.fromisoformat(text).replace(tzinfo=None), True)
    except ValueError:
        return None


def epoch(text: str) -> datetime | None:
    """Seconds (10 digits) or milliseconds (13 digits) since 1970, as UTC; None if `text` is something else."""
    if not re.fullmatch(r"[0-9]{9,10}|[0-9]{13}", text):
        return None
    moment = datetime.fromtimestamp(int(text[:10] if len(text) == 13 else text), UTC).replace(tzinfo=None)
    return moment if moment.year in _EPOCH_YEARS else None


def month_number(name: str) -> int:
    """1 to 12 for a French month name, abbreviated or not, accents or not."""
    return _MONTHS[plain(name)]


def plain(text: str) -> str:
    """`text` in small letters without accents."""
    return "".join(c for c in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(c)).rstrip(".")


def in_filename(source: str) -> Dated | None:
    """The date in the name of the file at path `source`; None if it has none, or several that differ."""
    return _only(_dates_in_name(source.rpartition("/")[2]))


def in_folder(source: str) -> Dated | None:
    """The date in the folders of path `source`: 2024/03/12/, 2024-03-12/, or a folder's name with one date in it."""
    folder = source.rpartition("/")[0]
    if found := _only(_dated_groups(match) for match in _FOLDER_YMD.finditer(folder)):
        return found
    for part in reversed(folder.split("/")):
        if found := _only(_dates_in_name(part)):
            return found
    return None


def in_year(match: re.Match[str], year: int) -> Dated | None:
    """The moment in a match of `YEARLESS`, in `year`; None if there is no such day or its day of the week is another."""
    month = month_number(match["month"]) if match["month"] else match["of"]
    dated = _dated((year, month, match["day"] or match["number"]), _clock(match))
    return None if dated is None or agrees(match[0], dated.when) is False else dated


def with_year(day: int, month: int, source: str) -> Dated | None:
    """Day and month in the year that the path tells: nearest to a whole date or month there, else the year itself; else None."""
    near = in_filename(source) or in_folder(source)
    if near is None:
        found = {(match["y"], match["m"]) for match in _FOLDER_YEAR.finditer(source.rpartition("/")[0])}
        if len(found) != 1:
            return None
        year, about = found.pop()
        if about is None:
            return _dated((year, month, day))
        near = _dated((year, about, 15))
    if near is None:
        return None
    target = near.when
    options = [_dated((year, month, day)) for year in (target.year - 1, target.year, target.year + 1)]
    return min((option for option in options if option), key=lambda option: abs(option.when - target), default=None)


def _dates_in_name(name: str) -> Iterator[Dated | None]:
    for match in _NAME_YMD.finditer(name):
        yield _from_name(match)
    for match in _NAME_DMY.finditer(name):
        yield _dated_groups(match)


def _from_name(match: re.Match[str]) -> Dated | None:
    tail = "8" if match["y8"] else ""
    day = (match["y" + tail], match["m" + tail], match["d" + tail])
    return _dated(day, (match["H" + tail], match["M" + tail], match["S" + tail])) or _dated(day)


def _dated_groups(match: re.Match[str]) -> Dated | None:
    return _dated((match["y"], match["m"], match["d"]))


def _only(found: Iterator[Dated | None]) -> Dated | None:
    different = {dated for dated in found if dated is not None}
    return different.pop() if len(different) == 1 else None


def _dated(
    day: tuple[str | int, str | int, str | int], clock: tuple[str | None, str | None, str | None] = (None, None, None)
) -> Dated | None:
    year, month, number = (int(part) for part in day)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    hour, minute, second = (int(part or 0) for part in clock)
    try:
        return Dated(datetime(year, month, number, hour, minute, second), clock[0] is not None)
    except ValueError:
        return None

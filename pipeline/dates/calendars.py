"""Calendar arithmetic on TIMEX3 values: periods, weeks, seasons, movable feasts, the Republican calendar."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta
from functools import lru_cache

Interval = tuple[date | None, date | None, str | None]  # first day, last day (inclusive), granularity

SEASON_OF_MONTH = {3: "SP", 4: "SP", 5: "SP", 6: "SU", 7: "SU", 8: "SU", 9: "FA", 10: "FA", 11: "FA", 12: "WI", 1: "WI", 2: "WI"}
FIRST_MONTH_OF_SEASON = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}
_REPUBLICAN_EPOCH = date(1792, 9, 22)
_REPUBLICAN_LEAP_YEARS = frozenset({3, 7, 11})  # the sextile years while the calendar was in use
_SHAPE = re.compile(
    r"(?P<year>\d{4})(?:-(?:W(?P<week>\d\d)(?P<we>-WE)?|Q(?P<quarter>[1-4])|H(?P<half>[12])|(?P<season>SP|SU|FA|WI)"
    r"|(?P<month>\d\d)(?:-(?P<day>\d\d))?))?"
)


def day_value(day: date) -> str:
    return day.isoformat()


def month_value(year: int, month: int) -> str:
    """`month` may lie outside 1-12: it is carried into the year."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return f"{year:04d}-{month:02d}"


def week_value(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year:04d}-W{week:02d}"


def month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def season_value(season: str, year: int) -> str:
    """The year of a winter is the year of its December."""
    return f"{year:04d}-{season}"


def season_at(day: date) -> tuple[str, int]:
    """The season that `day` lies in, and the season's year."""
    season = SEASON_OF_MONTH[day.month]
    return season, day.year - 1 if season == "WI" and day.month < 3 else day.year


def interval(value: str | None) -> Interval:
    """First day, last day and granularity of a TIMEX3 value or of an interval "a/b" on the calendar, else three times None."""
    if not value:
        return None, None, None
    if "/" in value:
        begin, _, close = value.partition("/")
        first, _, granularity = interval(begin)
        last = interval(close)[1]
        return (first, last, granularity) if first and last and first <= last else (None, None, None)
    day_part, _, clock = value.partition("T")
    if re.fullmatch(r"\d{3}", day_part):
        return date(int(day_part) * 10, 1, 1), date(int(day_part) * 10 + 9, 12, 31), "decade"
    if re.fullmatch(r"\d{2}", day_part) and day_part != "00":
        return date(int(day_part) * 100, 1, 1), date(int(day_part) * 100 + 99, 12, 31), "century"
    match = _SHAPE.fullmatch(day_part)
    if match is None:
        return None, None, None
    try:
        first, last, granularity = _bounds(match)
    except (ValueError, OverflowError):
        return None, None, None
    if clock:
        granularity = "time" if clock[0].isdigit() else "part_of_day"
    return first, last, granularity


def _bounds(match: re.Match[str]) -> tuple[date, date, str]:
    year = int(match["year"])
    if match["week"]:
        monday = date.fromisocalendar(year, int(match["week"]), 1)
        if match["we"]:
            return monday + timedelta(5), monday + timedelta(6), "weekend"
        return monday, monday + timedelta(6), "week"
    if match["quarter"]:
        last_month = 3 * int(match["quarter"])
        return date(year, last_month - 2, 1), month_end(year, last_month), "quarter"
    if match["half"]:
        last_month = 6 * int(match["half"])
        return date(year, last_month - 5, 1), month_end(year, last_month), "half"
    if match["season"]:
        first_month = FIRST_MONTH_OF_SEASON[match["season"]]
        end_year, end_month = (year, first_month + 2) if first_month < 12 else (year + 1, 2)
        return date(year, first_month, 1), month_end(end_year, end_month), "season"
    if match["day"]:
        day = date(year, int(match["month"]), int(match["day"]))
        return day, day, "day"
    if match["month"]:
        month = int(match["month"])
        return date(year, month, 1), month_end(year, month), "month"
    return date(year, 1, 1), date(year, 12, 31), "year"


def shift(day: date, count: int, unit: str) -> str:
    """The TIMEX3 value `count` units (D, W, M, Q, H, Y, E decades, C centuries) after `day`, as coarse as the unit."""
    if unit == "D":
        return day_value(day + timedelta(count))
    if unit == "FN":  # a fortnight is counted in days
        return day_value(day + timedelta(15 * count))
    if unit == "W":
        return week_value(day + timedelta(7 * count))
    if unit == "WE":
        return week_value(day + timedelta(7 * count)) + "-WE"
    if unit == "M":
        return month_value(day.year, day.month + count)
    if unit == "Q":
        index = day.year * 4 + (day.month - 1) // 3 + count
        return f"{index // 4:04d}-Q{index % 4 + 1}"
    if unit == "H":
        index = day.year * 2 + (day.month - 1) // 6 + count
        return f"{index // 2:04d}-H{index % 2 + 1}"
    if unit == "E":
        return f"{day.year // 10 + count:03d}"
    if unit == "C":
        return f"{day.year // 100 + count:02d}"
    return f"{day.year + count:04d}"


def weekday_on(day: date, weekday: int, direction: int, *, strict: bool = False) -> date:
    """The nearest `weekday` (Monday is 1) at or before (`direction` -1) or at or after (1) `day`; never `day` when strict."""
    offset = (weekday - day.isoweekday()) % 7
    if direction < 0:
        offset = (offset - 7) if offset else 0
    if strict and offset == 0:
        offset = 7 * direction
    return day + timedelta(offset)


def nth_weekday(year: int, month: int, weekday: int, ordinal: int) -> date:
    """The `ordinal`-th `weekday` of a month; -1 is the last."""
    if ordinal < 0:
        return weekday_on(month_end(year, month), weekday, -1)
    return weekday_on(date(year, month, 1), weekday, 1) + timedelta(7 * (ordinal - 1))


@lru_cache(maxsize=512)
def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Meeus, Jones, Butcher)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    f = (b + 8) // 25
    g = (b - f + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


@lru_cache(maxsize=512)
def passover(year: int) -> date:
    """The first day of Passover, 15 Nisan (Gauss)."""
    jewish_year = year + 3760
    a, b = (12 * jewish_year + 17) % 19, jewish_year % 4
    exact = 32.0440933 + 1.5542418 * a + b / 4 - 0.003177794 * jewish_year  # the Julian date in March
    whole, fraction = int(exact), exact % 1
    c = (whole + 3 * jewish_year + 5 * b + 5) % 7
    if c in (2, 4, 6):
        whole += 1
    elif (c == 1 and a > 6 and fraction >= 0.63287037) or (c == 0 and a > 11 and fraction >= 0.89772376):
        whole += 2 if c == 1 else 1
    gregorian_shift = year // 100 - year // 400 - 2
    return date(year, 3, 1) + timedelta(whole + gregorian_shift - 1)


def holiday(formula: str, year: int) -> date:
    """The day of a feast: "12-25" fixed, "easter+39" movable, "nth:5:7:-1" the last Sunday of May, "advent".

    Raises:
        ValueError: the formula is none of these.
    """
    if formula.startswith("easter"):
        return easter(year) + timedelta(int(formula.removeprefix("easter") or 0))
    if formula.startswith("nth:"):
        month, weekday, ordinal = (int(part) for part in formula.removeprefix("nth:").split(":"))
        return nth_weekday(year, month, weekday, ordinal)
    if formula.startswith("passover"):
        return passover(year) + timedelta(int(formula.removeprefix("passover") or 0))
    if formula == "mothers_day":  # the last Sunday of May, a week later when that is Whit Sunday
        last = nth_weekday(year, 5, 7, -1)
        return last + timedelta(7) if last == easter(year) + timedelta(49) else last
    month, day = (int(part) for part in formula.split("-"))
    return date(year, month, day)


def republican(day: int, month: int, year: int) -> date:
    """A date of the Republican calendar (`month` 1 Vendémiaire to 12 Fructidor, 13 the complementary days), years I to XIV.

    Raises:
        ValueError: no such date.
    """
    if not (1 <= year <= 14 and 1 <= month <= 13 and 1 <= day <= 30):
        raise ValueError(f"{day}/{month}/{year} is no date of the Republican calendar")
    leap_days = sum(leap < year for leap in _REPUBLICAN_LEAP_YEARS)
    return _REPUBLICAN_EPOCH + timedelta(365 * (year - 1) + leap_days + 30 * (month - 1) + day - 1)

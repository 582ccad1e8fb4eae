"""What resolvers share: the captures of a match as numbers, and the choice of a year."""

from __future__ import annotations

import re
from datetime import date

from pipeline.dates.anchors import Anchor
from pipeline.dates.grammar import Found
from pipeline.dates.quantities import approximation
from pipeline.dates.scene import Scene
from pipeline.dates.tense import BACK, FORWARD

_TWO_DIGIT_PIVOT = 30  # "31/10/74" is 1974, "3/2/21" 2021


FAR_DAYS = 290  # a day this far on the side that the tense asks for gives way to the near one on the other


def make_date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def full_year(year: int) -> int:
    return year + (2000 if year <= _TWO_DIGIT_PIVOT else 1900)


def month_number(found: Found, scene: Scene) -> int:
    form = found.form("m")
    tables = scene.tables
    return int(tables["MONTH"].get(form) or tables["MONTHABBR"].get(form) or tables["REPUBLICAN"][form])


def weekday_number(found: Found, scene: Scene) -> int | None:
    form = found.form("w")
    if not form:
        return None
    return int(scene.tables["WEEKDAY"].get(form) or scene.tables["WEEKDAYABBR"][form])


def mod_of(found: Found, scene: Scene) -> str | None:
    """The `mod` of "début", "mi-", "fin", "vers" inside the span, or of "avant", "d'ici" in front of it."""
    if word := found.form("mod"):
        return str(scene.tables["MODW"][word])
    if mod := approximation(found):
        return mod
    before = found.previous(2)
    if before.endswith(("avant", " ici", "ici a", "ici le")) or before == "ici":
        return "BEFORE"
    return "AFTER" if before.endswith("apres") else None


def side_of(found: Found, scene: Scene) -> int | None:
    """-1 for "dernier", "derniers", 1 for "prochain", "prochains" behind a date; None without one."""
    form = found.form("r")
    side = scene.tables["REL"].get(form) or scene.tables["RELS"].get(form)
    return int(side) if side else None


def day_number(found: Found, name: str) -> int:
    return found.number(name) or 1  # "premier" is the only day word without a value


def candidates(today: date, month: int, day: int, years: int = 1) -> list[date]:
    found = (make_date(today.year + offset, month, day) for offset in range(-years, years + 1))
    return [full for full in found if full is not None]


def year_side(today: date, month: int, day: int, side: int, *, strict: bool = False) -> date | None:
    """The latest such day before, or the earliest after `today`."""
    days = [full for full in candidates(today, month, day, 8) if (full - today).days * side > (0 if strict else -1)]
    if not days:
        return None
    return max(days) if side < 0 else min(days)


def nearest_day(today: date, month: int, day: int, direction: int | None, *, hard: bool = False) -> date | None:
    """The day without a year that fits the tense, unless the other side is so near that the tense must mean something else;
    `hard` when it cannot."""
    days = candidates(today, month, day, 4)
    if not days:
        return None
    nearest = min(days, key=lambda full: (abs((full - today).days), full))
    if direction in (BACK, FORWARD):
        chosen = year_side(today, month, day, int(direction or 0))
        if chosen and (hard or abs((chosen - today).days) <= FAR_DAYS):
            return chosen
    return nearest


def month_offset(back: int, ahead: int, direction: int | None, *, hard: bool = False) -> int:
    """How many months away: on the side of the tense, unless that is nearly a year away and nothing but the tense says so."""
    limit = 11 if hard else 10
    if direction == BACK and back <= limit:
        return -back
    if direction == FORWARD and ahead <= limit:
        return ahead
    return -back if back <= ahead else ahead


def part_of(found: Found, scene: Scene) -> str:
    form = found.form("p")
    if not form:
        return ""
    if form == "journee":
        return "TDT"
    return "T" + str(scene.tables["PART"].get(form.removeprefix("au ")) or scene.tables["PARTS"].get(form) or "DT")


def in_quotation(found: Found, scene: Scene) -> bool:
    before = scene.text[max(0, found.start - 400) : found.start]
    return before.rfind("«") > before.rfind("»")


_FIGURES = r"%|[0-9],[0-9]|\bcontre\b|\btaux\b|\bchiffres\b|\bchomage\b|\binflation\b|\bindice\b|\bhausse\b|\bbaisse\b"


def among_figures(found: Found, scene: Scene, more: str = "") -> bool:
    """Whether the sentence gives figures: then months and years are counted from the month that the figures are of."""
    return bool(re.search(f"{_FIGURES}|{more}" if more else _FIGURES, scene.sentence(found)))


def anchor_id(anchor: Anchor | None) -> str:
    return anchor.date_id if anchor else "document"


def narrative_day(found: Found, scene: Scene) -> tuple[date | None, str]:
    step = int(found.rule.args.get("days", 0))
    anchor = scene.timeline.narrative_day(found.start, past=scene.told_as_done(found), step=step)
    return (anchor.first, anchor.date_id) if anchor else (scene.today, "document")

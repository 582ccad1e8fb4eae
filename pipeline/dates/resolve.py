"""From a span and its anchor to a TIMEX3 value: which resolver reads which rule, and what dateparser reads."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any

from pipeline.dates import absolute, clock, quantities, relative
from pipeline.dates.grammar import Found
from pipeline.dates.scene import Reading, Resolver, Scene


def parsed(found: Found, scene: Scene) -> Reading | None:
    """Spellings that the own arithmetic does not know, read by dateparser."""
    full = _dateparser_day(scene.text[found.start : found.end])
    return Reading(full.isoformat(), "dateparser", explicit=True) if full else None


@lru_cache(maxsize=1)
def _dateparser() -> Any:
    """One French parser for the process; imported late, for most articles never need it."""
    from dateparser.date import DateDataParser  # noqa: PLC0415

    return DateDataParser(languages=["fr"], settings={"DATE_ORDER": "DMY", "REQUIRE_PARTS": ["day", "month", "year"]})


@lru_cache(maxsize=4096)
def _dateparser_day(span: str) -> date | None:
    moment = _dateparser().get_date_data(span).date_obj
    return moment.date() if moment else None


_CHECKED: dict[str, Resolver] = {**clock.RESOLVERS, "in_force": relative.in_force}


def holds(found: Found, scene: Scene) -> bool:
    """Whether a span that waits for the date in force is a time expression at all."""
    reader = _CHECKED.get(found.rule.resolver)
    return reader is None or reader(found, scene) is not None


# Expressions counted from the date in force wait until all others of the article are resolved.
LATE = frozenset(
    {
        "clock",
        "clock_in_words",
        "clock_arranged",
        "clock_range",
        "part_of_event",
        "clock_of_part",
        "part_in_force",
        "day_in_force",
        "first_hours",
        "nth_day_in_force",
        "neighbour_day",
        "later",
        "in_force",
        "day_of_month_in_force",
        "moment",
        "unit_next_to",
    }
)

RESOLVERS: dict[str, Resolver] = {
    **absolute.RESOLVERS,
    **relative.RESOLVERS,
    **clock.RESOLVERS,
    **quantities.RESOLVERS,
    "parsed": parsed,
}

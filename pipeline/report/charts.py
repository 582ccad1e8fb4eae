"""The geometry of the charts: a histogram over time, and places on a plain map."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

from pipeline.report.figures import Spot

MOST_BARS = 60
HELD = 0.8  # of the events have to be among the bars: single dates far off would leave no room for the others
LEFT_OUT = 0.01  # of the events, at either end of the bars
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MAP_WIDTH, MAP_HEIGHT = 720, 420
_MOST_LABELS, _LABEL_CHARS = 14, 24
_LETTER, _LINE = 14, 26  # room that a letter and a line of a label take on a phone
_MARGIN = 0.06
_SMALLEST, _LARGEST = 3.0, 16.0  # radius of a dot
_STEPS, _MOST_LINES = (1, 2, 5, 10, 20, 45, 90, 180, 360), 8  # degrees between lines


@dataclass(frozen=True, slots=True)
class Bar:
    """The events of one day, week, month ..."""

    label: str
    happened: int
    other: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """The events over time. `before` and `after` are those beyond the ends, `longer` those longer than a bar."""

    unit: str
    bars: list[Bar]
    before: int
    after: int
    longer: int

    @property
    def highest(self) -> int:
        """Events of the highest bar."""
        return max(bar.happened + bar.other for bar in self.bars)


@dataclass(frozen=True, slots=True)
class Dot:
    """A place, in the units of the map."""

    x: float
    y: float
    radius: float
    spot: Spot


@dataclass(frozen=True, slots=True)
class Label:
    """A name on the map, and which end of it stands at the point."""

    x: float
    y: float
    name: str
    anchor: str


@dataclass(frozen=True, slots=True)
class World:
    """The map: places, names, and where round degrees of longitude and latitude run."""

    dots: list[Dot]
    labels: list[Label]
    longitudes: dict[int, float]
    latitudes: dict[int, float]


@dataclass(frozen=True, slots=True)
class _Unit:
    """A unit of time: its length in days, which number of it a day is in, and what that is called."""

    name: str
    days: int
    number: Callable[[date], int]
    label: Callable[[int], str]


_UNITS = (
    _Unit("day", 2, date.toordinal, lambda n: _day(date.fromordinal(n))),  # two: the night between
    _Unit("week", 7, lambda day: (day.toordinal() - 1) // 7, lambda n: f"week of {_day(date.fromordinal(7 * n + 1))}"),
    _Unit("month", 31, lambda day: 12 * day.year + day.month - 1, lambda n: f"{MONTHS[n % 12]} {n // 12}"),
    _Unit("quarter", 92, lambda day: 4 * day.year + (day.month - 1) // 3, lambda n: f"Q{n % 4 + 1} {n // 4}"),
    _Unit("year", 366, lambda day: day.year, str),
    _Unit("decade", 3_653, lambda day: day.year // 10, lambda n: f"{10 * n}s"),
    _Unit("century", date.max.toordinal(), lambda day: day.year // 100, lambda n: f"{100 * n}s"),
)


def _day(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def timeline(days: Counter[tuple[date, date | None, bool]]) -> Timeline | None:
    """The events in bars, as fine as lets most of them be seen; None without any.

    An event whose days are more than a bar's, such as one that is dated by its year in bars of months, stands in none.
    """
    for unit in _UNITS:
        counts: dict[bool, Counter[int]] = {True: Counter(), False: Counter()}
        for (first, last, happened), count in days.items():
            if last is None or (last - first).days < unit.days:
                counts[happened][unit.number(first)] += count
        both = counts[True] + counts[False]
        if found := _window(both, days.total()):
            low, high = found
            bars = [Bar(unit.label(n), counts[True][n], counts[False][n]) for n in range(low, high + 1)]
            before, after = (sum(both[n] for n in both if where(n)) for where in (low.__gt__, high.__lt__))
            return Timeline(unit.name, bars, before, after, days.total() - both.total())
    return None


def _window(counts: Counter[int], total: int) -> tuple[int, int] | None:
    """The first and last of as many neighbouring numbers as there may be bars; None if they do not hold most of `total`."""
    numbers = sorted(counts)
    sums = list(accumulate((counts[n] for n in numbers), initial=0))
    first, held = 0, 0
    for i, n in enumerate(numbers):
        beyond = bisect_right(numbers, n + MOST_BARS - 1)
        if sums[beyond] - sums[i] > held:
            first, held = i, sums[beyond] - sums[i]
    if not numbers or held < total * HELD:
        return None
    last = bisect_right(numbers, numbers[first] + MOST_BARS - 1) - 1
    few = held * LEFT_OUT
    start = bisect_right(sums, sums[first] + few, first, last + 1) - 1
    end = bisect_left(sums, sums[last + 1] - few, start + 1, last + 1) - 1
    return numbers[start], numbers[end]


def world(spots: Sequence[Spot]) -> World | None:
    """The places, degrees of longitude shortened as in their middle, so large that all fit; None without any."""
    if not spots:
        return None
    west, east = min(s.longitude for s in spots), max(s.longitude for s in spots)
    south, north = min(s.latitude for s in spots), max(s.latitude for s in spots)
    shorter = max(0.2, math.cos(math.radians((south + north) / 2)))
    room = 1 - 2 * _MARGIN
    scale = min(MAP_WIDTH * room / max((east - west) * shorter, 1), MAP_HEIGHT * room / max(north - south, 1))

    def across(longitude: float) -> float:
        return round(MAP_WIDTH / 2 + (longitude - (west + east) / 2) * shorter * scale, 1)

    def down(latitude: float) -> float:
        return round(MAP_HEIGHT / 2 - (latitude - (south + north) / 2) * scale, 1)

    radii = [max(_SMALLEST, round(_LARGEST * math.sqrt(spot.events / spots[0].events), 1)) for spot in spots]
    dots = [Dot(across(s.longitude), down(s.latitude), radius, s) for s, radius in zip(spots, radii, strict=True)]
    step = next(step for step in _STEPS if max((east - west) * shorter, north - south) / step <= _MOST_LINES)
    lines = {degree: across(degree) for degree in range(-180 // step * step, 181, step)}
    circles = {degree: down(degree) for degree in range(-90 // step * step, 91, step)}
    return World(
        dots,
        _labels(dots),
        {degree: x for degree, x in lines.items() if 0 < x < MAP_WIDTH - 2 * _LINE},
        {degree: y for degree, y in circles.items() if _LINE < y < MAP_HEIGHT - _LINE},
    )


def _labels(dots: Sequence[Dot]) -> list[Label]:
    """The names of the places with most events, where they do not stand in each other's way."""
    labels: list[Label] = []
    taken: list[tuple[float, float, float, float]] = []
    for dot in dots:
        name = dot.spot.name
        if len(labels) == _MOST_LABELS or len(name) > _LABEL_CHARS:
            continue
        leftwards = dot.x > MAP_WIDTH * 0.7
        width, gap = len(name) * _LETTER, dot.radius + 3
        left = dot.x - gap - width if leftwards else dot.x + gap
        box = (left, dot.y - _LINE / 2, left + width, dot.y + _LINE / 2)
        if not any(box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in taken):
            taken.append(box)
            labels.append(Label(round(dot.x - gap if leftwards else left, 1), dot.y, name, "end" if leftwards else "start"))
    return labels

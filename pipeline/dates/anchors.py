"""The date in force: which date an expression without one of its own is counted from.

Three anchors are kept while a text is read from its beginning to its end:

* the **document** date: counts for "hier", "la semaine dernière", and for everything until the text names another date;
* the **narrative day**: the last day that the text named. "La veille", "trois jours plus tard", "ce jour-là" and clock
  times count from it. Beyond its own paragraph it holds only when it is no later than the article (a meeting announced for
  next month is no scene) and lies within `SCENE_DAYS` of it (an aside of 1995 is over when its paragraph is). There a day of
  the news (within `NEWS_DAYS`) goes before an older one that was only looked back to, and what is still to come is not of a
  day of the news that is over. What is told as done has no day after the article's, and the day that something has lasted
  since ("depuis le 28 janvier") is no scene unless it is of the news;
* the **topic month**: the month that figures speak of. In an article of 9 January on the unemployment of November "ce mois"
  is November and "il y a un an" November of the year before.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

SCENE_DAYS = 45  # how far from the article's date a day may lie to stay in force beyond its paragraph
_OTHER_YEARS = 2  # calendar years from the article's to one that it must speak of in its own right
_SETTLED = frozenset({"time", "part_of_day", "day", "month", "year", "season"})  # what sets the year of what follows
NEWS_DAYS = 7  # how old the days are that news is of
ADJACENT = 12  # characters between a day and the hour that belongs to it: "mardi, vers 8 heures"


MEMORY = 200  # how many dates back an expression may reach


@dataclass(frozen=True, slots=True)
class Anchor:
    """A date that the text named, where it named it."""

    start: int
    end: int
    first: date
    last: date
    granularity: str
    date_id: str
    explicit: bool  # with its own year, or found next to it
    value: str = ""
    derived: bool = False  # itself counted from the date in force
    background: bool = False  # only what something has lasted since
    relative: bool = False  # has its year from the article's date: "le 10 octobre dernier"
    statement: bool = False  # only the day of the report that a sentence rests on: "selon un bilan établi lundi"
    before_scene: bool = False  # told in the pluperfect: what it happened on was over when the news began
    aside_end: int = 0  # where the aside ends that it stands in ("racheté en 2010 par un fonds"): its year is not the text's
    step: int = 0  # of "la veille" and "le lendemain": days from the date that it is counted from

    def is_aside_closed(self, position: int) -> bool:
        """Whether the date stands in an aside that has ended at `position`."""
        return 0 < self.aside_end <= position


class Timeline:
    """The dates of one article as they are resolved; positions are offsets into its text."""

    def __init__(self, document: date | None, paragraphs: Sequence[int], sentences: Sequence[int]) -> None:
        self.document = document
        self._paragraphs, self._sentences = paragraphs, sentences
        self._anchors: list[Anchor] = []
        self._starts: list[int] = []
        self._topics: list[Anchor] = []

    def add(self, anchor: Anchor, *, topic: bool = False) -> None:
        """Note a resolved date; `topic` when it is the month that figures speak of."""
        at = bisect_right(self._starts, anchor.start)
        self._starts.insert(at, anchor.start)
        self._anchors.insert(at, anchor)
        if topic and not self._is_compared(anchor):
            self._topics.append(anchor)

    def _is_compared(self, month: Anchor) -> bool:
        """Whether the figures of a month stand beside those of a later one: "6,5 % en juillet, 6,8 % en juin"."""
        last = self._topics[-1] if self._topics else None
        return last is not None and month.first < last.first and self.same_paragraph(last.start, month.start)

    def same_paragraph(self, one: int, other: int) -> bool:
        return bisect_right(self._paragraphs, one) == bisect_right(self._paragraphs, other)

    def same_sentence(self, one: int, other: int) -> bool:
        return bisect_right(self._sentences, one) == bisect_right(self._sentences, other)

    def _before(self, position: int) -> Iterator[Anchor]:
        """Anchors in front of `position`, the nearest first, as far as `MEMORY` goes."""
        last = bisect_right(self._starts, position)
        return (anchor for anchor in reversed(self._anchors[max(0, last - MEMORY) : last]) if anchor.end <= position)

    def _after(self, position: int) -> Iterator[Anchor]:
        """The next few anchors at or behind `position`."""
        first = bisect_left(self._starts, position)
        return iter(self._anchors[first : first + 4])

    def _days(self, position: int, *, past: bool) -> Iterator[Anchor]:
        """The days that can be the narrative's, the nearest first; when `past`, none after the article's."""
        for anchor in self._before(position):
            ahead = past and self.document is not None and anchor.first > self.document
            if anchor.first == anchor.last and not ahead and not self._is_aside(anchor):
                yield anchor

    def _is_aside(self, anchor: Anchor) -> bool:
        """Whether the day only says since when, and is no day of the news itself: "disparue depuis dimanche"."""
        fresh = self.document is not None and abs((self.document - anchor.first).days) <= NEWS_DAYS
        return anchor.background and (anchor.derived or not fresh)

    def day_for_clock(
        self, start: int, end: int, *, past: bool = False, news: bool = False, told_on: bool = False
    ) -> Anchor | None:
        """The day that a clock time or a part of day belongs to, None for the document's; `past` when it is told as done,
        `news` when it is not told as what had been before, `told_on` when its tense goes on with a look back."""
        behind = next((a for a in self._after(end) if a.first == a.last), None)
        if behind is not None and behind.start - end <= 2 and self.same_sentence(behind.start, start):
            return behind
        front = next((a for a in self._before(start) if a.first == a.last), None)
        if front is not None and (self._is_aside(front) or past) and start - front.end > ADJACENT:
            front = next(self._days(start, past=past), None)
        if front is not None and self.same_sentence(front.start, start):
            return front
        if behind is not None and behind.start - end <= ADJACENT and self.same_sentence(behind.start, start):
            return behind
        return self._main_day(self._scene_day(start, past=past, news=news, told_on=told_on))

    def day_ahead(self, start: int, end: int) -> Anchor | None:
        """The day of an hour that is still to come, None for the document's: no day of the news that is over holds for it,
        unless it stands right beside it."""
        anchor = self.day_for_clock(start, end)
        if anchor is None or self.document is None or not 0 < (self.document - anchor.first).days <= NEWS_DAYS:
            return anchor
        beside = anchor.start - end if anchor.start >= end else start - anchor.end
        return anchor if beside <= ADJACENT else None

    def _main_day(self, anchor: Anchor | None) -> Anchor | None:
        """Of two days of one sentence the one of the news: "a condamné mardi X pour le vol commis le 3 décembre 2018"; and
        not the day of a report: "la tempête a balayé dimanche la région, selon un bilan établi lundi"."""
        if anchor is None or self.document is None:
            return anchor
        if self._is_statement(anchor):
            return next((told for told in self._before(anchor.start) if self._is_told_beside(told, anchor)), anchor)
        if abs((self.document - anchor.first).days) <= NEWS_DAYS:
            return anchor
        for other in self._before(anchor.start):
            if not self.same_sentence(other.start, anchor.start):
                return anchor
            if other.first == other.last and self._is_fresh(other.first):
                return other
        return anchor

    def _is_statement(self, anchor: Anchor) -> bool:
        """Whether the anchor is the day of a report or the hour beside it: "établi lundi à midi"."""
        before = next(self._before(anchor.start), None)
        beside = before is not None and before.first == anchor.first and anchor.start - before.end <= ADJACENT
        return anchor.statement or (before is not None and beside and before.statement)

    def _is_told_beside(self, told: Anchor, report: Anchor) -> bool:
        """Whether `told` is another day of the news, in the paragraph of the report."""
        other = told.first != report.first and told.first == told.last
        return self._is_fresh(told.first) and other and not told.statement and self.same_paragraph(told.start, report.start)

    def narrative_day(self, position: int, *, past: bool = False, step: int = 0) -> Anchor | None:
        """The day that "la veille" is counted from, None for the document's; `past` when what is told of it is done.

        "La veille" and "le lendemain" of one sentence (`step` tells which) have the same day between them.
        """
        for anchor in self._days(position, past=past):
            if anchor.step * step < 0 and self.same_sentence(anchor.start, position):
                continue
            if self.same_paragraph(anchor.start, position):
                return anchor
        return self._scene_day(position, past=past, news=True)

    def narrative_period(self, position: int, granularities: frozenset[str]) -> Anchor | None:
        """The last date of one of `granularities`, the look back of an earlier paragraph left out: what "cette année-là" or
        "le mois suivant" is counted from."""
        for anchor in self._before(position):
            if anchor.granularity not in granularities or not self._in_scene(anchor, position) or self._is_aside(anchor):
                continue
            if self.same_paragraph(anchor.start, position) or not self._is_over(anchor, position):
                return anchor
        return None

    def _scene_day(self, position: int, *, past: bool = False, news: bool = False, told_on: bool = False) -> Anchor | None:
        days = [anchor for anchor in self._days(position, past=past) if self._in_scene(anchor, position)]
        if news and self.document is not None:
            days = [
                anchor
                for anchor in days
                if not self._is_over(anchor, position) or (told_on and self.same_paragraph(anchor.start, position))
            ]
        if not days or self.document is None or self.same_paragraph(days[0].start, position):
            return days[0] if days else None
        recent = (anchor for anchor in days if self._is_fresh(anchor.first))
        return next(recent, days[0])

    def _is_over(self, anchor: Anchor, position: int) -> bool:
        """Whether the day was looked back to in an earlier sentence: "le 27 février, il était arrivé en tête"."""
        return anchor.before_scene and not self.same_sentence(anchor.start, position)

    def _in_scene(self, anchor: Anchor, position: int) -> bool:
        if self.same_paragraph(anchor.start, position) or self.document is None:
            return True
        distance = (self.document - anchor.first).days
        return 0 <= distance <= SCENE_DAYS or (anchor.granularity == "year" and distance > 366 and anchor.explicit)

    def scenes_of(self, day: date, position: int) -> Iterator[Anchor]:
        """What the text named on `day` in front of `position`, the nearest first."""
        return (anchor for anchor in self._before(position) if anchor.first == day == anchor.last)

    def named_last(self, position: int, granularities: frozenset[str]) -> Anchor | None:
        """The last date of one of `granularities` in this sentence or the one before, even one that only says since when."""
        for anchor in self._before(position):
            if not self.same_paragraph(anchor.start, position) or self._sentences_between(anchor.start, position) > 1:
                return None
            if anchor.granularity in granularities:
                return anchor
        return None

    def _sentences_between(self, one: int, other: int) -> int:
        return bisect_right(self._sentences, other) - bisect_right(self._sentences, one)

    def last_day(self, position: int) -> Anchor | None:
        """The last day that the text named, in whatever scene."""
        return next(self._named_days(position), None)

    def last_weekday(self, position: int, number: int) -> Anchor | None:
        """The last day that the text named of those that are this day of the week: "le 24 juillet ... ce lundi-là"."""
        return next((anchor for anchor in self._named_days(position) if anchor.first.isoweekday() == number), None)

    def _named_days(self, position: int) -> Iterator[Anchor]:
        return (anchor for anchor in self._before(position) if anchor.first == anchor.last and not anchor.derived)

    def scenes(self, position: int) -> Iterator[Anchor]:
        """All days and periods in front of `position` that lie before the article's day, the nearest first."""
        return (anchor for anchor in self._before(position) if self.document is None or anchor.last < self.document)

    def last(self, position: int) -> Anchor | None:
        """The last date before `position`, of any kind."""
        return next(iter(self._before(position)), None)

    def month_in_force(self, position: int, begin: int) -> Anchor | None:
        """The day or month that the paragraph, or the list that begins at `begin`, named last: asides and what only says
        since when left out."""
        for anchor in self._before(position):
            if anchor.start < begin and not self.same_paragraph(anchor.start, position):
                return None
            if anchor.granularity in ("day", "month") and not (anchor.background or anchor.is_aside_closed(position)):
                return anchor
        return None

    def day_of_event(self, position: int) -> Anchor | None:
        """The day given for the event named right behind `position`: "au lendemain de l'attaque de mercredi"."""
        for anchor in self._after(position):
            if anchor.first == anchor.last:
                return anchor if anchor.start - position < 90 and self.same_sentence(anchor.start, position) else None
        return None

    def apposition(self, text: str, start: int, end: int) -> Anchor | None:
        """The day that stands beside ``text[start:end]`` as another name of it: "le lendemain, samedi 8 avril",
        "lundi, au lendemain du vote", "le lendemain de l'attaque, le 17 février"."""
        for anchor in (*islice(self._before(start), 1), *self._after(end)):
            if anchor.first != anchor.last:
                continue
            if anchor.end <= start and re.fullmatch(r"\s*,\s*(?:au|à|le)?\s*", text[anchor.end : start]):
                return anchor
            between = text[end : anchor.start]
            if end <= anchor.start < end + 60 and re.fullmatch(r"(?:\s*d[eu'][^,.;:!?\n]*)?\s*,\s*(?:le\s+)?", between):
                return anchor
        return None

    def topic_month(self, position: int) -> Anchor | None:
        """The month that the figures around `position` speak of, None when it is the article's own."""
        return next((topic for topic in reversed(self._topics[-MEMORY:]) if topic.start < position), None)

    def distant_year(self, position: int, month: int = 0, day: int = 0) -> Anchor | None:
        """An explicit date of the same paragraph, in the same or the preceding sentence, two calendar years or more away.

        The year of an aside holds only inside it; with a month of its own, in its sentence also for a later `month` and `day`.
        """
        if self.document is None:
            return None
        passed: Anchor | None = None
        for anchor in self._before(position):
            if not self.same_paragraph(anchor.start, position) or position - anchor.end > 400:
                return None
            if passed is not None and anchor.last < passed.first:  # the text has moved on
                return None
            if self._is_news(anchor):  # back to the days of the article
                return None
            goes_on = self.same_sentence(anchor.start, position) and self._follows(anchor, month, day)
            if anchor.is_aside_closed(position) and not goes_on:
                passed = anchor if anchor.granularity in ("day", "month") else passed
                continue
            settled = anchor.explicit or anchor.relative
            if settled and not anchor.background and anchor.granularity in _SETTLED:
                return anchor if self.is_distant(anchor.first) else None
        return None

    def _is_news(self, anchor: Anchor) -> bool:
        """Whether the anchor is a day of the last days before the article, told as what happened on it."""
        told = not anchor.background and not anchor.statement
        return told and anchor.first == anchor.last and self._is_fresh(anchor.first)

    def _is_fresh(self, day: date) -> bool:
        """Whether a day is the article's or one of the last before it."""
        return self.document is not None and 0 <= (self.document - day).days <= NEWS_DAYS

    def is_distant(self, day: date) -> bool:
        """Whether a day lies two calendar years or more from the article's."""
        return self.document is not None and abs(day.year - self.document.year) >= _OTHER_YEARS

    def _follows(self, anchor: Anchor, month: int, day: int) -> bool:
        """Whether the month and day come behind the anchor in its year: "adopté le 28 avril 2011, en vigueur le 23 juillet"."""
        if anchor.granularity not in ("day", "month") or not month:
            return False
        return (month, day or 31) >= (anchor.first.month, anchor.first.day)

    def chained(self, position: int, month: int, day: int) -> Anchor | None:
        """A day or month of last year right before, in the same or the preceding sentence, that the month and day come behind."""
        last = self.last(position)
        if last is None or self.document is None or not last.explicit or not self.same_paragraph(last.start, position):
            return None
        if self._sentences_between(last.start, position) > 1:
            return None
        return last if last.first.year == self.document.year - 1 and self._follows(last, month, day) else None

    def year_before(self, position: int) -> Anchor | None:
        """The nearest year that the text names in front of `position`."""
        return next((anchor for anchor in self._before(position) if anchor.granularity == "year"), None)

    def distant_day(self, position: int) -> Anchor | None:
        """The explicit day of a narrative in another time, in the same paragraph: bare weekdays are counted from it."""
        if self.document is None:
            return None
        for anchor in self._before(position):
            if not self.same_paragraph(anchor.start, position) or self._sentences_between(anchor.start, position) > 1:
                return None
            if anchor.granularity in ("day", "time", "part_of_day") and not anchor.background:
                far = abs((self.document - anchor.first).days) > SCENE_DAYS
                return anchor if far and anchor.explicit else None
        return None

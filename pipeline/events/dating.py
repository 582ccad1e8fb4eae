"""When an event happened: the cascade dependency, clause, sentence, discourse, document; the step that decided is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pipeline.events.status import Status
from pipeline.events.triggers import Candidate
from pipeline.events.view import View


@dataclass(frozen=True, slots=True)
class EventDate:
    """The date of an event; all None where the text gives no way to know."""

    value: str | None = None
    start: date | None = None
    end: date | None = None
    granularity: str | None = None
    source: str | None = None  # dependency, clause, sentence, discourse, document
    date_id: str | None = None


def find_date(candidate: Candidate, status: Status, view: View, earlier: EventDate | None) -> EventDate:
    """The date of the event that `candidate` names; `earlier` is the date in force from the event before it."""
    published = view.article.published
    if published is None:
        return EventDate()
    day = published.date()
    return EventDate(day.isoformat(), day, day, "day", "document")

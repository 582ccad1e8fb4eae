"""When an event happened: the cascade dependency, clause, sentence, discourse, document; the step that decided is kept.

A time expression that hangs on the trigger dates it; else one of the same clause, else of the same sentence unless it belongs to
another event or to a verb of saying. An undated mention takes the date of an earlier mention of the same type, then the
date in force in its paragraph, then the day of the lead; statements made in the present happen on the article's day.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from spacy.tokens import Token

from pipeline.events import syntax
from pipeline.events.status import Status, operators
from pipeline.events.triggers import Candidate
from pipeline.events.view import View
from pipeline.records import DateMention

_DATING_TYPES = frozenset({"DATE", "TIME"})
_UNDATED_STATUS = frozenset({"planned", "possible", "requested"})


@dataclass(frozen=True, slots=True)
class EventDate:
    """The date of an event; all None where the text gives no way to know."""

    value: str | None = None
    start: date | None = None
    end: date | None = None
    granularity: str | None = None
    source: str | None = None  # dependency, clause, sentence, discourse, document
    date_id: str | None = None


@dataclass(slots=True)
class Timeline:
    """The dates in force while the events of one article are read in text order."""

    lead: EventDate | None = None
    by_type: dict[str, EventDate] = field(default_factory=dict)
    in_paragraph: EventDate | None = None
    paragraph: int = -1

    def note(self, event_type: str, dated: EventDate, paragraph: int) -> None:
        """Remember the date of an event that was just dated."""
        if dated.start is None:
            return
        self.lead = self.lead or dated
        self.by_type.setdefault(event_type, dated)
        self.in_paragraph, self.paragraph = dated, paragraph


def find_date(candidate: Candidate, status: Status, view: View, timeline: Timeline, others: frozenset[int]) -> EventDate:
    """The date of the event that `candidate` names.

    Args:
        others: token indexes of the article's other triggers; a time expression that hangs on one of them is not taken.
    """
    found = _own_date(candidate, view, others) or _undated(candidate, status, view, timeline)
    paragraph = view.article.text.count("\n", 0, candidate.token.idx)
    if found.source in {"dependency", "clause", "sentence", "document"}:
        timeline.note(candidate.trigger.event_type, found, paragraph)
    return found


def _own_date(candidate: Candidate, view: View, others: frozenset[int]) -> EventDate | None:
    head = candidate.head
    marks = list(_marks(head.sent, view))
    if not marks:
        return None
    direct = [mark for token, mark in marks if _hangs_on(token, candidate)]
    if direct:
        return _dated(direct[0], "dependency")
    clause = syntax.clause_head(head)
    free = [(token, mark) for token, mark in marks if not _belongs_to_other(token, candidate, others)]
    inside = [(token, mark) for token, mark in free if syntax.clause_head(token) == clause]
    if inside:
        return _dated(_nearest(inside, candidate.token), "clause")
    outside = [(token, mark) for token, mark in free if not _is_reporting(syntax.clause_head(token), head)]
    if outside:
        return _dated(_nearest(outside, candidate.token), "sentence")
    return None


def _marks(sentence: object, view: View) -> Iterator[tuple[Token, DateMention]]:
    """The head token of every calendar date in the sentence."""
    seen: set[str] = set()
    for token in sentence:  # type: ignore[attr-defined]
        mark = view.date(token)
        if mark is None or mark.date_id in seen or mark.timex_type not in _DATING_TYPES or mark.date_start is None:
            continue
        members = [other for other in token.sent if view.date(other) is mark]
        root = next((other for other in members if view.date(other.head) is not mark or other.head == other), members[0])
        seen.add(mark.date_id)
        yield root, mark


def _hangs_on(token: Token, candidate: Candidate) -> bool:
    return token.head.i in {candidate.token.i, candidate.head.i} and token.i not in {candidate.token.i, candidate.head.i}


def _belongs_to_other(token: Token, candidate: Candidate, others: frozenset[int]) -> bool:
    return token.head.i in others and token.head.i not in {candidate.token.i, candidate.head.i} and token.head != syntax.clause_head(candidate.head)


def _is_reporting(clause: Token, head: Token) -> bool:
    return clause != head and clause.lower_ in operators().reporting and head in set(clause.subtree)


def _nearest(marks: list[tuple[Token, DateMention]], trigger: Token) -> DateMention:
    return min(marks, key=lambda pair: abs(pair[0].i - trigger.i))[1]


def _dated(mark: DateMention, source: str) -> EventDate:
    return EventDate(mark.value, mark.date_start, mark.date_end, mark.granularity, source, mark.date_id)


def _undated(candidate: Candidate, status: Status, view: View, timeline: Timeline) -> EventDate:
    published = view.article.published
    if published is None:
        return EventDate()
    day = published.date()
    today = EventDate(day.isoformat(), day, day, "day", "document")
    if candidate.trigger.event_class == "speech":
        return _spoken(candidate, today, timeline)
    same = timeline.by_type.get(candidate.trigger.event_type)
    if same is not None:
        return _carried(same)
    if status.value in _UNDATED_STATUS:
        return EventDate()
    paragraph = view.article.text.count("\n", 0, candidate.token.idx)
    if timeline.in_paragraph is not None and timeline.paragraph == paragraph:
        return _carried(timeline.in_paragraph)
    return _carried(timeline.lead) if timeline.lead is not None else today


def _spoken(candidate: Candidate, today: EventDate, timeline: Timeline) -> EventDate:
    """A statement in the present is made on the article's day; one in the past between the event and the article."""
    since = timeline.lead
    present = "Pres" in candidate.head.morph.get("Tense", []) and not syntax.has_auxiliary(candidate.head)
    if present or since is None or since.start is None or today.end is None or since.start >= today.end:
        return today
    value = f"{since.start.isoformat()}/{today.value}"
    return EventDate(value, since.start, today.end, "day", "discourse")


def _carried(dated: EventDate) -> EventDate:
    return EventDate(dated.value, dated.start, dated.end, dated.granularity, "discourse", dated.date_id)

"""When? Every date that the article offers is an option; a model over options chooses, with what the rules say among its cues."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from pipeline.events import syntax
from pipeline.events.dating import (
    LEAD_PARAGRAPHS,
    SINCE,
    UNTIL,
    EventDate,
    Mark,
    Timeline,
    is_hour_of,
    is_perfect,
    is_pluperfect,
)
from pipeline.events.learned.cues import Cue, Matrix
from pipeline.events.learned.hopeless import PLACED
from pipeline.events.learned.network import Network
from pipeline.events.learned.paths import distance, path
from pipeline.events.status import finite_forms, is_conditional, is_future
from pipeline.events.tree import Token
from pipeline.events.triggers import is_verbal

_WHERE = {0: "here", -1: "before", 1: "after"}  # by sentences
_DAY = timedelta(days=1)
_BEFORE = UNTIL | {"avant"}  # "d'ici à juin", "avant la fin de l'année"
_BEFORE_WORDS = 3
_LONG = timedelta(days=60)  # from an older date up to the article's only where the text says so
_SPAN = 6  # tokens between the two ends of an interval
_JOINS = frozenset("à au et ou - – jusqu' jusqu'au jusqu'à puis".split())
_LATELY = {"today": range(1), "eve": range(1, 2), "week": range(2, 8)}  # days ago
_NEAR = 0.3  # what the hope of an overlapping date counts against that of the very date
_MARGIN = 1.1  # times as hopeful as what the rules chose must be what replaces it
Days = tuple[date | None, date | None]


@dataclass(slots=True)
class Option:
    """An interval that may be the event's, what speaks for it, and the expression it comes from."""

    dated: EventDate
    cues: list[Cue] = field(default_factory=list)

    @property
    def days(self) -> Days:
        """First and last day; both None for "the text gives no way to know"."""
        return self.dated.start, self.dated.end


class Calendar:
    """The dates of one article, laid out once for all its events."""

    def __init__(self, text: Timeline, ruled: Sequence[EventDate], hopeless: frozenset[str] = frozenset()) -> None:
        """`ruled` is what the rules chose for every event of `text`; `hopeless` as in `Models`."""
        self.text, self.ruled, self.hopeless = text, ruled, hopeless
        self.marks = [mark for marks in text.marks.values() for mark in marks]
        self.days: dict[Days, list[Mark]] = {}
        for mark in self.marks:
            if mark.mention.date_start is not None and mark.mention.date_end is not None:
                self.days.setdefault((mark.mention.date_start, mark.mention.date_end), []).append(mark)
        self.usual = list(self._usual())
        self.named = self._named()

    def options(self, index: int) -> list[Option]:
        """The options for the event `index`, with their cues."""
        return list(_Options(index, self).collect().values())

    def _usual(self) -> Iterator[tuple[EventDate, str]]:
        """What may be the date of any event whatever the dates named, and of what kind that is."""
        today, focus = self.text.today, self.text.focus
        yield EventDate(), "unknown"
        if today is not None:
            yield _interval(today, today, "document"), "article's day"
            yield _interval(today - _DAY, today, "document"), "eve to article's day"
            if focus is not None and focus.start is not None and focus.start < today:
                yield _interval(focus.start, today, "discourse"), "focus to article's day"

    def _named(self) -> str:
        """Which days of the last week the article names: its own, the eve, another."""
        today = self.text.today
        ago = {(today - start).days for start, end in self.days if today is not None and start is not None and start == end}
        return " ".join(name for name, some in _LATELY.items() if not ago.isdisjoint(some))


class _Options:
    """Collects the options of one event."""

    def __init__(self, index: int, calendar: Calendar) -> None:
        self.index, self.calendar, self.text, self.ruled = index, calendar, calendar.text, calendar.ruled
        text = self.text
        self.candidate = text.candidates[index]
        self.token, self.head = self.candidate.token, self.candidate.head
        self.type, self.event_class = self.candidate.trigger.event_type, self.candidate.trigger.event_class
        self.status = text.statuses[index].value
        self.tense = _tense(self.head)
        paragraph = text.paragraphs[index]
        self.zone = "title" if paragraph == 0 else "lead" if paragraph <= LEAD_PARAGRAPHS else "body"
        self.sentence = self.token.sentence
        self.here = text.marks.get(self.sentence, [])
        before = (mark for mark in reversed(calendar.marks) if mark.token.sentence < self.sentence)
        self.last = next(before, None)  # before the sentence
        self.form = "verb" if is_verbal(self.head) else "noun"
        self.told = "quoted" if self.token.in_quotation else "told"
        self.words = [f"lemma={self.token.lemma}", *self._surroundings()]
        self.chosen = {
            self._chosen(other) for other in (index, index + 1, *text.alike[index].values()) if other < len(self.ruled)
        }
        self._kinds: dict[str, list[Cue]] = {}
        self.found: dict[Days, Option] = {}

    def _surroundings(self) -> Iterator[str]:
        """How the event is brought in: "cet attentat", "des attentats", "après l'attentat"."""
        head = self.head
        number = "".join(head.morph.get("Number", []))
        for child in head.children:
            if child.dep_ == "det":
                yield f"det={child.lemma} {number}"
            elif child.dep_ in {"advmod", "case", "mark"}:
                yield f"{child.dep_}={child.lower_}"
            elif child.dep_.startswith("aux"):
                yield f"aux={child.lower_}"
        if head.head is not head:
            yield from (f"under={head.dep_}", f"under={head.dep_} {head.head.lemma}")

    def collect(self) -> dict[Days, Option]:
        for dated, kind in self.calendar.usual:
            self._put(dated, kind)
        for marks in self.calendar.days.values():
            if told := [mark for mark in marks if not self._is_of_the_telling(mark) and not self._has_its_hour(mark)]:
                self._of_marks(told)
        self._spans()
        self._by_rule()
        self._like_others()
        return self.found

    def _is_of_the_telling(self, mark: Mark) -> bool:
        """Whether the day is that on which a plan was told: "il a annoncé lundi qu'il partirait"."""
        if mark.owner is None or mark.owner == self.index or self.status != "planned":
            return False
        owner = self.text.candidates[mark.owner]
        return owner.trigger.event_class == "speech" and owner.token.is_ancestor(self.token)

    def _has_its_hour(self, night: Mark) -> bool:
        """Whether the sentence tells the very hour of that night: "dans la nuit de samedi à dimanche, à 0 h 47"."""
        return night in self.here and any(is_hour_of(night.mention, mark.mention) for mark in self.here)

    def _put(self, dated: EventDate, kind: str, cues: Sequence[Cue] = ()) -> None:
        days = dated.start, dated.end
        if days not in self.found:
            self.found[days] = Option(dated)
        self.found[days].cues += self._of_kind(kind)
        self.found[days].cues += cues

    def _of_kind(self, kind: str) -> list[Cue]:
        """The cues of every option of that kind, worked out once for the event."""
        if kind not in self._kinds:
            place = (self.tense, self.zone, self.told, len(self.here) > 0)
            self._kinds[kind] = [
                f"{kind}|{self.type}",
                (_kind_cues, kind, self.event_class, self.status, self.form, *place),
                (_named_cues, kind, self.calendar.named, self.zone, self.event_class),
                *[f"{kind}|{word}" for word in self.words],
            ]
        return self._kinds[kind]

    def _of_marks(self, marks: Sequence[Mark]) -> None:
        """One option for all mentions of a date; the one in the sentence, else the nearest, speaks for it."""
        text, today = self.text, self.text.today
        best = min(marks, key=lambda mark: (mark.token.sentence != self.sentence, abs(mark.token.i - self.token.i)))
        mention = best.mention
        start, end = mention.date_start, mention.date_end
        steps = best.token.sentence - self.sentence
        where = _WHERE.get(steps) or ("far before" if steps < 0 else "far after")
        placed = [self._placed(best, marks, where)] if abs(steps) > 1 and (start, end) not in self.chosen else []
        if not self.calendar.hopeless.isdisjoint(placed):
            return
        dated = EventDate(mention.value, start, end, mention.granularity, self._step(best, where), mention.date_id)
        case, left = syntax.case_of(best.token), text.view.doc[max(best.token.left_edge.i - 1, 0)].lower_
        since = not SINCE.isdisjoint((case, left))
        begun: list[Cue] = [(_since_cues, "begun", self.event_class, self.tense)] if since else []
        self._put(dated, "mark", [*placed, *begun, *self._mark_cues(best, marks, where)])
        if today is None or start is None or end is None:
            return
        own = "own" if best.owner == self.index else "not own"
        if end > today and where == "here" and not self._words_before(best).isdisjoint(_BEFORE):
            self._put(_interval(today, end, dated.source or "sentence", mention.date_id), "until", [f"until {own}"])
        if start >= today or where not in {"here", "before"}:
            return
        if today - start <= _LONG or since:
            until_today = _interval(start, today, dated.source or "sentence", mention.date_id)
            going: list[Cue] = [(_since_cues, "going on", self.event_class, self.tense)] if since else []
            self._put(until_today, f"since {where}", [f"since after={case or left}", f"since {own}", *going])

    def _placed(self, mark: Mark, marks: Sequence[Mark], where: str) -> str:
        """Where a date stands that is neither near the event nor chosen by the rules for it or others like it."""
        when = self._when(mark.mention.date_start, mark.mention.date_end)
        best = " focus" * self._is_focus(mark) + " last" * (mark is self.last)
        return f"{PLACED}{where} {when} {min(len(marks), 3)}{best}"

    def _is_focus(self, mark: Mark) -> bool:
        focus = self.text.focus
        return focus is not None and (focus.start, focus.end) == (mark.mention.date_start, mark.mention.date_end)

    def _words_before(self, mark: Mark) -> set[str]:
        """The words right before the expression."""
        doc, first = self.text.view.doc, mark.token.i
        while first > 0 and doc[first - 1].date is mark.token.date:
            first -= 1
        return {token.lower_ for token in doc[max(first - _BEFORE_WORDS, 0) : first]}

    def _step(self, mark: Mark, where: str) -> str:
        if where != "here":
            return "discourse"
        if mark.owner == self.index:
            return "dependency"
        return "clause" if syntax.clause_head(mark.token) == syntax.clause_head(self.head) else "sentence"

    def _mark_cues(self, mark: Mark, marks: Sequence[Mark], where: str) -> list[Cue]:
        mention = mark.mention
        when = self._when(mention.date_start, mention.date_end)
        cues: list[Cue] = [
            (_where_cues, where, mention.granularity, min(len(marks), 3), len(self.here) > 0),
            (_when_cues, when, where, self.tense, self.status),
            (_typed_cues, f"when={when}", self.event_class, self.type),
        ]
        if where == "here":
            cues += self._near_cues(mark)
        elif mark is self.last:
            cues.append((_last_cues, self.tense, self.zone, self.event_class))
        if self._is_focus(mark):
            cues.append((_focus_cues, self.zone, self.tense, self.event_class, self.type))
        if mark.token.in_title:
            cues.append("in title")
        return cues

    def _near_cues(self, mark: Mark) -> Iterator[Cue]:
        clause = "same" if syntax.clause_head(mark.token) == syntax.clause_head(self.head) else "other"
        yield _clause_cues, distance(mark.token, self.token), is_verbal(self.head), clause, self.event_class
        yield _path_cues, path(mark.token, self.head), self.event_class
        if mark.owner is None:
            yield "owner=none"
        elif mark.owner == self.index:
            yield "owner=this"
        else:
            owner = self.text.candidates[mark.owner]
            above, below = owner.token.is_ancestor(self.token), self.token.is_ancestor(owner.token)
            yield _owner_cues, owner.trigger.event_class, self.event_class, above, below
        nearest = min(self.here, key=lambda other: abs(other.token.i - self.token.i))
        between = self.text.view.doc[min(mark.token.i, self.token.i) : max(mark.token.i, self.token.i)]
        verbs, comma = sum(token.pos_ == "VERB" for token in between), any(token.text == "," for token in between)
        yield _between_cues, mark is nearest, min(len(self.here), 3), min(verbs, 3), comma, syntax.case_of(mark.token)

    def _when(self, start: date | None, end: date | None) -> str:
        today = self.text.today
        if today is None or start is None or end is None:
            return "unknown"
        if start > today:
            return "ahead"
        if start == end == today:
            return "today"
        if end >= today:
            return "around"
        days = (today - end).days
        return "week" if days <= 7 else "months" if days <= 60 else "old"

    def _spans(self) -> None:
        """From the first to the last of two dates in the sentence: "de 2002 à 2012", "en avril et mai"."""
        for first, second in zip(self.here, self.here[1:], strict=False):
            start, end = first.mention.date_start, second.mention.date_end
            if start is None or end is None or start >= end or (start, end) in self.found:
                continue
            words = [token.lower_ for token in self.text.view.doc[first.token.i + 1 : second.token.i]]
            if len(words) > _SPAN or not _JOINS & set(words):
                continue
            between = " ".join(words[:3])
            own = self.index in {first.owner, second.owner}
            dated = _interval(start, end, "sentence", first.mention.date_id)._replace(granularity=first.mention.granularity)
            self._put(dated, "span", [f"span over={between}", f"span {'own' if own else 'not own'}"])

    def _by_rule(self) -> None:
        rule = self.ruled[self.index]
        option = self.found.get(self._chosen(self.index))
        if option is None:
            self._put(rule, "by rule alone")
            option = self.found[rule.start, rule.end]
        option.dated = rule
        option.cues.append((_rule_cues, str(rule.source), self.event_class, self.status, self.tense))
        option.cues.append((_reason_cues, str(rule.reason), self.event_class, self.tense))
        option.cues.append(f"rule={self.type}")
        following = self.index + 1
        if following < len(self.ruled):
            option = self.found.get(self._chosen(following))
            if option is not None:
                option.cues.append((_next_cues, self._where(following), self.event_class))

    def _chosen(self, other: int) -> Days:
        """The days that the rules chose for the event `other`."""
        return self.ruled[other].start, self.ruled[other].end

    def _where(self, other: int) -> str:
        return "here" if self.text.candidates[other].token.sentence == self.sentence else "elsewhere"

    def _like_others(self) -> None:
        """What the rules chose for the event before, and for the last ones of the same word and type."""
        for name, other in self.text.alike[self.index].items():
            option = self.found.get(self._chosen(other))
            if option is None:
                continue
            where, known = self._where(other), "null" if option.dated.start is None else "dated"
            paragraph = "paragraph" if self.text.paragraphs[other] == self.text.paragraphs[self.index] else "further"
            option.cues.append((_other_cues, name, where, paragraph, known, self.event_class, self.tense))
            option.cues.append(f"{name} {self.type} {known}")


def _kind_cues(kind: str, event_class: str, status: str, form: str, tense: str, zone: str, told: str, dated: bool) -> list[str]:
    base = [
        event_class, status, form, tense, zone, f"{zone} {event_class}", f"{tense} {event_class}",
        f"{status} {event_class}", f"{tense} {zone}", told, "dated sentence" if dated else "undated sentence",
        f"{dated} {tense} {event_class}",
    ]  # fmt: skip
    return [kind, *[f"{kind}|{each}" for each in base]]


def _named_cues(kind: str, named: str, zone: str, event_class: str) -> list[str]:
    return [f"{kind}|named={named} {zone}", f"{kind}|named={named} {event_class}"]


def _where_cues(where: str, size: str, said: int, dated: bool) -> list[str]:
    sentence = "dated" if dated else "undated"
    return [f"where={where}", f"where={where} {sentence}", f"size={size}", f"size={size} {where}", f"said={said}"]


def _when_cues(when: str, where: str, tense: str, status: str) -> list[str]:
    cues = [f"when={when}", f"when={when} {where}", f"when={when} {tense}", f"when={when} {status}"]
    return [*cues, f"when={when} {tense} {where}"]


def _since_cues(what: str, event_class: str, tense: str) -> list[str]:
    return [f"{what} for {event_class}", f"{what} for {tense}"]


def _last_cues(tense: str, zone: str, event_class: str) -> list[str]:
    return ["last", f"last {tense}", f"last {zone}", f"last {event_class}"]


def _focus_cues(zone: str, tense: str, event_class: str, event_type: str) -> list[str]:
    return ["focus", f"focus {zone}", f"focus {tense}", *_typed_cues("focus", event_class, event_type)]


def _typed_cues(what: str, event_class: str, event_type: str) -> list[str]:
    return [f"{what} {event_class}", f"{what} {event_type}"]


def _clause_cues(away: str, verbal: bool, clause: str, event_class: str) -> list[str]:
    return [f"away={away}", f"away={away} {verbal}", f"clause={clause}", f"clause={clause} {event_class}"]


def _path_cues(route: str, event_class: str) -> list[str]:
    return [f"path={route}", f"path={route} {event_class}"]


def _between_cues(nearest: bool, dates: int, verbs: int, comma: bool, case: str | None) -> list[str]:
    cues = [f"{'nearest' if nearest else 'further'} of {dates}", f"verbs between={verbs}", f"case={case}"]
    return cues + ["comma between"] * comma


def _owner_cues(owner: str, event_class: str, above: bool, below: bool) -> list[str]:
    cues = ["owner=other", f"owner={owner}", f"owner={owner} {event_class}"]
    return cues + ["owner above"] * above + ["owner below"] * below


def _rule_cues(source: str, event_class: str, status: str, tense: str) -> list[str]:
    return ["rule", f"rule={source}", f"rule={source} {event_class}", f"rule={source} {status}", f"rule={source} {tense}"]


def _reason_cues(reason: str, event_class: str, tense: str) -> list[str]:
    return [f"rule={reason}", f"rule={reason} {event_class}", f"rule={reason} {tense}"]


def _next_cues(where: str, event_class: str) -> list[str]:
    return [f"next {where}", f"next {where} {event_class}"]


def _other_cues(name: str, where: str, paragraph: str, known: str, event_class: str, tense: str) -> list[str]:
    return [
        f"{name} {known}", f"{name} {where} {known}", f"{name} {where} {event_class}", f"{name} {paragraph} {known}",
        f"{name} {where} {tense}",
    ]  # fmt: skip


def _interval(start: date, end: date, source: str, date_id: str | None = None) -> EventDate:
    value = start.isoformat() if start == end else f"{start.isoformat()}/{end.isoformat()}"
    return EventDate(value, start, end, "day", source, date_id)


def _tense(head: Token) -> str:
    if not is_verbal(head):
        return "noun"
    forms = finite_forms(head)
    if any(is_future(form) for form in forms):
        return "future"
    if any(is_conditional(form) for form in forms):
        return "conditional"
    if is_pluperfect(head):
        return "pluperfect"
    if is_perfect(head):
        return "perfect"
    if "Inf" in head.morph.get("VerbForm", []):
        return "infinitive"
    if syntax.is_participle(head):
        return "participle"
    return "present" if "Pres" in head.morph.get("Tense", []) else "other"


@dataclass(frozen=True, slots=True)
class Judged:
    """The date of an event, how likely it is the right one, and how likely the right one at least overlaps it."""

    dated: EventDate
    exact: float
    near: float


def judge(text: Timeline, ruled: Sequence[EventDate], likeness: Matrix, model: Network, hopeless: frozenset[str]) -> list[Judged]:
    """The date of every event; `likeness` is what their words are like (`network.features`)."""
    calendar = Calendar(text, ruled, hopeless)
    offered = [calendar.options(index) for index in range(len(ruled))]
    shares = model.choices([[option.cues for option in each] for each in offered], likeness)
    return [choose(each, row, rule) for each, row, rule in zip(offered, shares, ruled, strict=True)]


def choose(offered: Sequence[Option], shares: Matrix, rule: EventDate) -> Judged:
    """The option with the best hope of being right, one that only overlaps the right one counting a little."""
    worth: list[float] = shares.tolist()
    days = [option.days for option in offered]
    dated = [
        (start, end, share) for (start, end), share in zip(days, worth, strict=True) if start is not None and end is not None
    ]
    near = [
        own if start is None or end is None else sum([share for first, last, share in dated if first <= end and start <= last])
        for (start, end), own in zip(days, worth, strict=True)
    ]
    hopes = [(1 - _NEAR) * own + _NEAR * around for own, around in zip(worth, near, strict=True)]
    best, ruled = hopes.index(max(hopes)), days.index((rule.start, rule.end))
    best = best if hopes[best] >= _MARGIN * hopes[ruled] else ruled
    return Judged(offered[best].dated, worth[best], near[best])


def overlap(days: Days, others: Days) -> bool:
    """Whether two intervals have a day in common; an unknown one has none."""
    (start, end), (first, last) = days, others
    return start is not None and end is not None and first is not None and last is not None and start <= last and first <= end

"""When an event happened: the cascade dependency, clause, sentence, discourse, document; the step that decided is kept.

Two passes over the article. The first gives every event the time expression that belongs to it: every expression has one
owner, the first trigger above it in the parse, and dates its owner, the owner's clause, and what the owner takes along -
never what a verb of saying only tells. The second pass dates the rest from what the first one found: a mention of the same
happening, the date in force in the paragraph, the day of the main event (the article's focus), the article's own day. Where
the text gives no way to know the date stays null: background and plans without a date are not guessed at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import NamedTuple

from pipeline.events import syntax
from pipeline.events.status import Status, is_future, operators
from pipeline.events.tree import Token
from pipeline.events.triggers import Candidate
from pipeline.events.view import View
from pipeline.records import DateMention, RegionKind

_DATING_TYPES = frozenset({"DATE", "TIME"})
_OPEN = frozenset({"planned", "possible", "requested"})  # not yet so: without a date of their own they have none
_FOCUS_REACH = timedelta(days=45)  # news tells of the last weeks; an older date in the lead is background
LEAD_PARAGRAPHS = 3  # a dateline often stands in one of its own
_NIGHT_REACH = 10  # tokens from a night to its hour
SINCE = frozenset({"depuis", "dès"})
UNTIL = frozenset({"jusque", "jusqu'", "jusqu'à", "jusqu'au", "ici"})
# Types whose undated mentions the development texts leave open: laws, findings, offences, candidacies have no day of their own.
_TIMELESS = frozenset(
    "discovery public_measure crime candidacy conviction founding legislation outbreak sanction contract product_launch".split()
)
# Deep in a noun phrase ("le candidat à la primaire a dit lundi") these have nothing to do with the clause's date.
_BYSTANDERS = frozenset({"election", "candidacy", "legislation", "public_measure", "crime"})
# Two mentions of such a type are seldom one happening.
_DISTINCT = _TIMELESS | {"travel"}
# What follows upon the main event, from its day to the article's.
_AFTERMATH = frozenset("investigation support arrest charge evacuation public_measure closure troop_movement negotiation".split())
# Speech acts that the texts leave undated where no event tells their day.
_STANDING = frozenset({"demand", "denial", "accusation"})


class EventDate(NamedTuple):
    """The date of an event; all None where the text gives no way to know."""

    value: str | None = None
    start: date | None = None
    end: date | None = None
    granularity: str | None = None
    source: str | None = None  # dependency, clause, sentence, discourse, document
    date_id: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A calendar date in the text, the token it hangs by, and the index of the event it dates first."""

    token: Token
    mention: DateMention
    owner: int | None
    owner_token: Token | None


@dataclass(slots=True)
class Timeline:
    """The events and dates of one article laid side by side."""

    view: View
    candidates: Sequence[Candidate]
    statuses: Sequence[Status]
    today: date | None
    marks: dict[int, list[Mark]] = field(default_factory=dict)  # by sentence
    paragraphs: list[int] = field(default_factory=list)  # of every candidate; 0 is the title
    own: list[EventDate | None] = field(default_factory=list)  # by dependency, clause and sentence alone
    focus: EventDate | None = None
    alike: list[dict[str, int]] = field(default_factory=list)  # of every candidate; see `_last_alike`


def lay_out(candidates: Sequence[Candidate], statuses: Sequence[Status], view: View) -> Timeline:
    """What the dating of an article goes by; its first pass gives the events that have one a date of their own."""
    published = view.article.published
    text = Timeline(view, candidates, statuses, published.date() if published else None)
    text.marks = _marks(candidates, view, text.today)
    text.paragraphs = _paragraphs(candidates, view)
    text.own = [_own_date(index, text) for index in range(len(candidates))]
    text.focus = _focus(text.own, text)
    text.alike = list(_last_alike(candidates))
    return text


def find_dates(text: Timeline) -> list[EventDate]:
    """The date of every event of an article by rule, in the order of `text.candidates`."""
    return _fill(text.own, text)


# ---------------------------------------------------------------------------------------------------- first pass


def _marks(candidates: Sequence[Candidate], view: View, today: date | None) -> dict[int, list[Mark]]:
    triggers = {index: n for n, c in enumerate(candidates) for index in (c.head.i, c.token.i)}
    found: dict[int, list[Mark]] = {}
    seen: set[str] = set()
    for token in view.doc:
        if token.date is None:
            continue
        mention = _begun(token.date, today)
        if mention.date_id in seen or mention.timex_type not in _DATING_TYPES or mention.date_start is None:
            continue
        seen.add(mention.date_id)
        if token.region in {RegionKind.DATELINE, RegionKind.HEADER}:
            continue
        root = _root(token)
        owner, owner_token = _owner(root, triggers)
        found.setdefault(token.sentence, []).append(Mark(root, mention, owner, owner_token))
    return found


def _begun(mention: DateMention, today: date | None) -> DateMention:
    """`mention`, but a stretch of which the text tells only the end to come ("d'ici à juin") begins with the article's day."""
    is_open = mention.date_start is None and mention.date_end is not None and today is not None and mention.date_end >= today
    return replace(mention, date_start=today) if is_open else mention


def _last_alike(candidates: Sequence[Candidate]) -> Iterator[dict[str, int]]:
    """For every candidate the last one before it, and the last of the same word and type."""
    last: dict[tuple[str, str], int] = {}
    for index, candidate in enumerate(candidates):
        traits = ("previous", ""), ("same word", candidate.token.lemma), ("same type", candidate.trigger.event_type)
        yield {trait[0]: last[trait] for trait in traits if trait in last}
        last.update(dict.fromkeys(traits, index))


def _root(token: Token) -> Token:
    """The token by which the expression that holds `token` hangs in the parse."""
    mention = token.date
    for _ in range(8):
        if token.head is token or token.head.date is not mention:
            break
        token = token.head
    return token


def _owner(root: Token, triggers: Mapping[int, int]) -> tuple[int | None, Token | None]:
    """The first trigger above the expression, but not over the bounds of its clause."""
    node = root
    for _ in range(6):
        if node.head == node:
            break
        clause = node.dep_ in {"ccomp", "advcl", "acl:relcl", "parataxis"}
        node = node.head
        if node.i in triggers:
            return (triggers[node.i], node) if not clause else (None, node)
        if clause:
            break
    return None, None


def _paragraphs(candidates: Sequence[Candidate], view: View) -> list[int]:
    """The paragraph of every candidate, counted from 1; 0 for the title."""
    text, numbers, number, at = view.article.text, [], 1, 0
    body = next((region.start for region in view.article.regions if region.kind in {RegionKind.BODY, RegionKind.DATELINE}), 0)
    at = body
    for candidate in candidates:
        offset = candidate.token.idx
        if offset < body:
            numbers.append(0)
            continue
        number += sum(1 for line in text[at:offset].split("\n")[1:] if line.strip()) if offset > at else 0
        at = max(at, offset)
        numbers.append(number)
    return numbers


def _own_date(index: int, text: Timeline) -> EventDate | None:
    candidate, status = text.candidates[index], text.statuses[index]
    marks = text.marks.get(candidate.head.sentence)
    if not marks:
        return None
    direct = [mark for mark in marks if mark.owner == index]
    if direct:
        return _dated(direct, candidate, text, "dependency")
    clause = syntax.clause_head(candidate.head)
    if is_perfect(candidate.head):
        marks = [mark for mark in marks if not _is_future(mark, text)]
    free = [mark for mark in marks if not _is_private(mark, candidate)]
    inside = [mark for mark in free if _floats(mark) or syntax.clause_head(mark.token) == clause]
    if _is_buried(candidate):
        inside = [mark for mark in inside if mark.owner is None and candidate.trigger.event_type not in _BYSTANDERS]
    if inside and not (status.value in _OPEN and _is_past_of_other(inside, text)):
        return _dated(inside, candidate, text, "clause")
    if status.value in _OPEN or is_pluperfect(candidate.head):
        return None
    outside = [mark for mark in free if _reaches(mark, clause, candidate.head) and not _is_future(mark, text)]
    return _dated(outside, candidate, text, "sentence") if outside else None


def _is_private(mark: Mark, candidate: Candidate) -> bool:
    """A date that belongs to another event is shared only downwards: with what that event governs, never through its noun.

    "depuis l'attentat du 14 juillet" dates the attack alone; "avant de quitter le gouvernement en 2014" not the main verb.
    """
    owner = mark.owner_token
    if mark.owner is None or owner is None:
        return False
    if owner.pos_ in {"NOUN", "PROPN"} and not syntax.has_auxiliary(owner):
        return True
    return owner != syntax.clause_head(candidate.head) and not owner.is_ancestor(candidate.head)


def _is_buried(candidate: Candidate) -> bool:
    """A noun that only complements another: "le bilan de l'attentat a été porté lundi à dix morts" does not date the attack."""
    head = candidate.head
    return head.dep_ == "nmod" and head.head.lower_ not in operators().seen_through


def _floats(mark: Mark) -> bool:
    """A date that the parser left on its own at the head of a fragment dates what stands round it."""
    return mark.owner is None and (
        mark.token.dep_ == "ROOT" or (mark.token.head.dep_ == "ROOT" and mark.token.head.pos_ in {"PROPN", "ADP"})
    )


def _is_past_of_other(marks: list[Mark], text: Timeline) -> bool:
    return text.today is not None and all(
        mark.mention.date_end is not None and mark.mention.date_end <= text.today for mark in marks
    )


def is_perfect(head: Token) -> bool:
    """Whether the form tells of the past, so that a date to come cannot be the event's."""
    if "Imp" in head.morph.get("Tense", []):
        return True
    return syntax.is_participle(head) and any(child.dep_ == "aux:tense" and not is_future(child) for child in head.children)


def _is_future(mark: Mark, text: Timeline) -> bool:
    start = mark.mention.date_start
    return text.today is not None and start is not None and start > text.today


def _reaches(mark: Mark, clause: Token, head: Token) -> bool:
    """Whether the date of another clause of the sentence holds for the event: not out of a relative clause or what is told."""
    other = syntax.clause_head(mark.token)
    if other.dep_ in {"acl:relcl", "ccomp", "parataxis"} or other.lower_ in operators().reporting:
        return False
    return clause.dep_ != "acl:relcl" or other.i < head.i


def is_pluperfect(head: Token) -> bool:
    """Whether the verb stands in the past of the past."""
    return any(
        child.dep_.startswith("aux") and child.lower_ in {"avait", "avaient", "était", "étaient"} for child in head.children
    ) and (syntax.is_participle(head))


def _dated(marks: list[Mark], candidate: Candidate, text: Timeline, source: str) -> EventDate:
    chosen = _by_clock(min(marks, key=lambda mark: abs(mark.token.i - candidate.token.i)), marks)
    mention = chosen.mention
    found = EventDate(mention.value, mention.date_start, mention.date_end, mention.granularity, source, mention.date_id)
    case = syntax.case_of(chosen.token)
    pair = _pair(chosen, marks)
    if pair is not None:
        return pair
    before = {other.lower_ for other in chosen.token.lefts if other.dep_ in {"case", "mark", "fixed"}} | {case}
    left = text.view.doc[max(chosen.token.left_edge.i - 1, 0)].lower_
    if text.today is not None and mention.date_start is not None and mention.date_end is not None:
        if (before | {left}) & SINCE and mention.date_start <= text.today:
            return _interval(found, mention.date_start, text.today)
        if (before | {left}) & UNTIL and mention.date_end >= text.today:
            return _interval(found, text.today, mention.date_end)
    return found


def _by_clock(chosen: Mark, marks: list[Mark]) -> Mark:
    """ "dans la nuit de mardi à mercredi, à 0 h 47": the hour behind a night tells which of its two days is meant."""
    near = (other for other in marks if 0 < other.token.i - chosen.token.i <= _NIGHT_REACH)
    return next((other for other in near if is_hour_of(chosen.mention, other.mention)), chosen)


def is_hour_of(night: DateMention, hour: DateMention) -> bool:
    """Whether `hour` is one past midnight of the night that `night` names."""
    if night.date_start is None or not (night.value or "").endswith("TNI"):
        return False
    return hour.granularity == "time" and hour.date_start == night.date_start + timedelta(days=1)


def _pair(chosen: Mark, marks: list[Mark]) -> EventDate | None:
    """ "entre 2005 et 2007", "du 3 mars au 5 avril" as two expressions: one interval."""
    for other in marks:
        first, second = sorted((chosen, other), key=lambda mark: mark.token.i)
        if other is chosen or second.token.i - first.token.i > 6:
            continue
        between = {token.lower_ for token in first.token.doc[first.token.i + 1 : second.token.i]}
        before = {token.lower_ for token in first.token.doc[max(first.token.left_edge.i - 2, 0) : first.token.i]}
        joined = ("entre" in before and "et" in between) or ({"de", "du"} & before and {"à", "au"} & between)
        start, end = first.mention.date_start, second.mention.date_end
        if joined and start is not None and end is not None and start <= end:
            found = EventDate(None, start, end, first.mention.granularity, "dependency", first.mention.date_id)
            return _interval(found, start, end)._replace(value=f"{first.mention.value}/{second.mention.value}")
    return None


def _interval(dated: EventDate, start: date, end: date) -> EventDate:
    if start == end:
        return dated._replace(value=start.isoformat(), start=start, end=end, granularity="day")
    return dated._replace(value=f"{start.isoformat()}/{end.isoformat()}", start=start, end=end, granularity="day")


# --------------------------------------------------------------------------------------------------- second pass


def _focus(dates: Sequence[EventDate | None], text: Timeline) -> EventDate | None:
    """The date of the main event: the first one in the title or the lead that is not a plan and not long past."""
    for index, dated in enumerate(dates):
        if text.paragraphs[index] > LEAD_PARAGRAPHS or dated is None or dated.start is None or dated.end is None:
            continue
        if text.statuses[index].value in _OPEN or dated.source not in {"dependency", "clause", "sentence"}:
            continue
        if text.today is None or (text.today - _FOCUS_REACH <= dated.start and dated.start <= text.today):
            return dated
    return None


@dataclass(frozen=True, slots=True)
class _Known:
    """An event with a date of its own, by which others are dated."""

    index: int
    event_type: str
    word: str
    dated: EventDate


@dataclass(slots=True)
class _Force:
    """The dates in force at one point of a paragraph: of the last event, and of the last statement."""

    any: EventDate | None = None
    speech: EventDate | None = None
    sentence: int = -1


def _fill(dates: Sequence[EventDate | None], text: Timeline) -> list[EventDate]:
    known = [
        _Known(index, candidate.trigger.event_type, candidate.token.lower_, dated)
        for index, (candidate, dated) in enumerate(zip(text.candidates, dates, strict=True))
        if dated is not None
    ]
    past = [each for each in known if not _lies_ahead(each.dated, text)]
    plans = [each for each in known if _lies_ahead(each.dated, text)]
    found: list[EventDate] = []
    forces: dict[int, _Force] = {}
    for index, candidate in enumerate(text.candidates):
        force = forces.setdefault(text.paragraphs[index], _Force())
        own = dates[index]
        if own is None:
            own = _undated(index, text, past, plans, force)
        elif text.statuses[index].value not in _OPEN and not _lies_ahead(own, text) and _holds_on(own, candidate, text):
            force.any, force.sentence = own, candidate.token.sentence
            if candidate.trigger.event_class == "speech":
                force.speech = own
        found.append(own)
    return found


def _holds_on(dated: EventDate, candidate: Candidate, text: Timeline) -> bool:
    """Whether the date stays in force: an old one in a subordinate clause is an aside."""
    return _is_recent(dated, text) or syntax.clause_head(candidate.head).dep_ == "ROOT"


def _lies_ahead(dated: EventDate, text: Timeline) -> bool:
    return text.today is not None and dated.start is not None and dated.start > text.today


def _is_recent(dated: EventDate, text: Timeline) -> bool:
    """Whether the date is one of the news itself, not of its background: not long ago and not a long stretch."""
    if text.today is None or dated.start is None or dated.end is None:
        return True
    return dated.start >= text.today - _FOCUS_REACH and dated.end <= text.today + _FOCUS_REACH


def _alike(index: int, known: Sequence[_Known], text: Timeline, *, by_word: bool) -> EventDate | None:
    """The date of the mention nearest before (else the first after) of the same word or type, those of the news first."""
    candidate = text.candidates[index]
    fitting = [
        each for each in known
        if (each.word == candidate.token.lower_ if by_word else each.event_type == candidate.trigger.event_type)
        and (_is_recent(each.dated, text) or (text.paragraphs[each.index] == text.paragraphs[index] and each.index < index))
    ]  # fmt: skip
    before = [each for each in fitting if each.index < index]
    if before:
        return before[-1].dated
    if fitting:
        return fitting[0].dated
    same = [each.dated for each in known if by_word and each.word == candidate.token.lower_ and each.index < index]
    return same[0] if same and all(each.value == same[0].value for each in same) else None


def _undated(index: int, text: Timeline, past: list[_Known], plans: list[_Known], force: _Force) -> EventDate:
    candidate, status = text.candidates[index], text.statuses[index]
    if text.today is None:
        return _carried(force.any or text.focus, "no publication date")
    if status.value in _OPEN or (status.value == "negated" and _is_to_come(candidate.head)):
        return _carried(_alike(index, plans, text, by_word=True), "same plan")
    if candidate.trigger.event_class == "speech":
        return _spoken(candidate, text, force)
    pluperfect = is_pluperfect(candidate.head)
    word = _alike(index, past, text, by_word=True)
    if word is not None and candidate.token.pos_ in {"NOUN", "PROPN"}:
        return _carried(word, "same noun")
    local = force.any
    if local is not None and (_is_recent(local, text) or pluperfect or force.sentence == candidate.token.sentence):
        return _carried(local, "paragraph")
    if status.value == "hearsay" and candidate.trigger.event_class == "justice":
        return EventDate(reason="alleged")
    lead = text.paragraphs[index] <= LEAD_PARAGRAPHS
    same = _alike(index, past, text, by_word=False)
    if not lead and same is None and (pluperfect or candidate.trigger.event_type in _TIMELESS):
        return EventDate(reason="background")
    return _main(candidate, text, same, hearsay=status.value == "hearsay", lead=lead)


def _is_to_come(head: Token) -> bool:
    return is_future(head) or any(is_future(child) for child in head.children if child.dep_.startswith(("aux", "cop")))


def _is_vague(token: Token) -> bool:
    """Several happenings that the text does not single out: "des attentats", "de feux"."""
    if "Plur" not in token.morph.get("Number", []) or token.pos_ != "NOUN":
        return False
    return not any(child.lower_ in _POINTING or child.pos_ == "NUM" for child in token.children)


_POINTING = frozenset("les ces ses leurs aux nos mes".split())


def _main(candidate: Candidate, text: Timeline, same: EventDate | None, *, hearsay: bool, lead: bool) -> EventDate:
    event_type = candidate.trigger.event_type
    if same is not None and event_type not in _DISTINCT:
        return _carried(same, "same type")
    if "Inf" in candidate.head.morph.get("VerbForm", []):
        return EventDate(reason="infinitive")
    if hearsay or (not lead and _is_vague(candidate.token)):
        return EventDate(reason="alleged" if hearsay else "vague")
    focus, today = text.focus, text.today
    if focus is not None and focus.start is not None and today is not None:
        if event_type in _AFTERMATH and focus.start < today:
            return _interval(focus, focus.start, today)._replace(source="discourse", date_id=None, reason="after the focus")
        return _carried(focus, "focus")
    if event_type in _TIMELESS:
        return EventDate(reason="timeless")
    return _today(text, "no other date")


def _spoken(candidate: Candidate, text: Timeline, force: _Force) -> EventDate:
    """A statement in the present is made on the article's day; one in the past between the event and the article."""
    head, today = candidate.head, text.today
    present = "Pres" in head.morph.get("Tense", []) and not syntax.has_auxiliary(head)
    if present and not head.lower_.endswith("ant"):
        return _today(text, "present speech")
    if force.speech is not None:
        return _carried(force.speech, "same speech")
    if is_pluperfect(head):
        return EventDate(reason="background")
    since = force.any if force.any is not None and _is_recent(force.any, text) else text.focus
    if since is None and candidate.trigger.event_type in _STANDING:
        return EventDate(reason="standing")
    if since is None or since.start is None or today is None or since.start >= today:
        return _today(text, "past speech")
    return _interval(since, since.start, today)._replace(source="discourse", date_id=None, reason="since the event")


def _today(text: Timeline, reason: str) -> EventDate:
    day = text.today
    return EventDate(day.isoformat(), day, day, "day", "document", None, reason) if day is not None else EventDate(reason=reason)


def _carried(dated: EventDate | None, reason: str) -> EventDate:
    return dated._replace(source="discourse", reason=reason) if dated is not None else EventDate(reason=reason)

"""Is it so? The rules' evidence weighed with mood, governors and dates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from pipeline.events import syntax
from pipeline.events.dating import EventDate
from pipeline.events.learned.cues import Cue, Matrix
from pipeline.events.learned.network import Network
from pipeline.events.learned.words import said
from pipeline.events.status import Evidence, Status, after_dating
from pipeline.events.tree import Token, once, read_features
from pipeline.events.triggers import Candidate
from pipeline.events.view import View

_SIGNALS = frozenset("si ? selon pas ne n' pourrait pourraient devrait devraient pour afin prochain futur ancien » « \"".split())
_MORPHOLOGY = ("VerbForm", "Tense", "Mood", "Number")
_CLIMB = 3
_STEPS = tuple((f"{step:+d}", step) for step in (-3, -2, -1, 1, 2))


def cues(candidate: Candidate, status: Status, evidence: Evidence, dated: EventDate, view: View) -> list[Cue]:
    """What the status of an event is judged by; `status` and `dated` are what the rules make of it."""
    return [
        *_rules(candidate, status, evidence, dated, view),
        *_word(candidate),
        *_verb(candidate.head),
        *_governors(candidate.head),
        *_sentence(candidate.token.sent[0], view),
    ]


def _rules(candidate: Candidate, status: Status, evidence: Evidence, dated: EventDate, view: View) -> Iterator[Cue]:
    trigger = candidate.trigger
    yield _rule_cues, status.value, status.rule_id.split(" ")[0], trigger.event_class, trigger.event_type
    yield from dict.fromkeys(f"operator={name}" for operator in evidence.operators for name in operator)
    yield _evidence_cues, status.value, evidence.attributed, _when(dated.start, dated.end, view), dated.source


def _when(start: date | None, end: date | None, view: View) -> str:
    today = view.article.published.date() if view.article.published else None
    if start is None or today is None:
        return "unknown"
    return "ahead" if start > today else "now" if end is not None and end >= today else "past"


def _word(candidate: Candidate) -> Iterator[Cue]:
    token, trigger = candidate.token, candidate.trigger
    yield _word_cues, trigger.event_class, trigger.event_type, token.pos_, token.dep_
    yield f"lemma={token.lemma}"
    if token.in_quotation:
        yield from ("quoted", f"quoted {trigger.event_class}")
    if token.in_title:
        yield "title"
    case = syntax.case_of(candidate.head)
    if case is not None:
        yield f"case={case}"
    for name, step in _STEPS:
        if 0 <= token.i + step < len(token.doc):
            yield f"{name}={said(token.doc[token.i + step])}"


def _verb(head: Token) -> Iterator[Cue]:
    yield _verb_cues, head.features, syntax.is_passive(head)
    for child in head.children:
        if child.dep_.startswith("aux") or child.dep_ == "cop":
            yield _auxiliary_cues, child.lower_, child.features
        elif child.dep_ in {"advmod", "amod", "mark", "det", "case", "acl"}:
            yield f"over={child.dep_} {child.lemma}"
        elif child.dep_ == "parataxis" and child.lemma in syntax.SAYING_VERBS:
            yield "over=parataxis of saying"


def _governors(head: Token) -> Iterator[Cue]:
    node = head
    for level in range(1, _CLIMB + 1):
        if node.head == node:
            yield f"{level}=root"
            return
        governor = node.head
        yield from (f"{level}={governor.lemma}", f"{level}={node.dep_} {governor.lemma}")
        yield _governor_cues, level, node.dep_, governor.pos_, governor.features
        for child in governor.children:
            if child.dep_.startswith("aux") or child.dep_ == "mark":
                yield f"{level} over={child.lower_}"
        node = governor


@once
def _sentence(first: Token, view: View) -> Sequence[str]:
    """What the sentence that opens with `first` holds."""
    signals = sorted({other.lower_ for other in first.sent} & _SIGNALS)
    marks = {mark.date_id: mark for other in first.sent if (mark := other.date) is not None}
    times = sorted({_when(mark.date_start, mark.date_end, view) for mark in marks.values()})
    return [*[f"has={word}" for word in signals], *[f"sentence date={when}" for when in times]]


def _rule_cues(value: str, by: str, event_class: str, event_type: str) -> list[str]:
    return [f"rule={value}", f"by={by}", f"rule={value} by {by}", f"rule={value} {event_class}", f"rule={value} {event_type}"]


def _evidence_cues(value: str, attributed: str | None, when: str, source: str | None) -> list[str]:
    cues = [f"source={attributed}", f"source={attributed} {value}"]
    return [*cues, f"date={when}", f"date={when} {value}", f"date={when} {source}"]


def _word_cues(event_class: str, event_type: str, pos: str, dep: str) -> list[str]:
    return ["any", f"class={event_class}", f"type={event_type}", f"type={event_type} {pos}", f"pos={pos}", f"dep={dep}"]


def _verb_cues(features: str, passive: bool) -> list[str]:
    return [*_morphology("", features, _MORPHOLOGY), *["passive"] * passive]


def _auxiliary_cues(word: str, features: str) -> list[str]:
    return [f"auxiliary={word}", *_morphology("auxiliary ", features, _MORPHOLOGY[:3])]


def _governor_cues(level: int, dep: str, pos: str, features: str) -> list[str]:
    return [f"{level}={dep} {pos}", *_morphology(f"{level} ", features, _MORPHOLOGY[:3])]


def _morphology(whose: str, features: str, names: Sequence[str]) -> list[str]:
    known = read_features(features)
    return [f"{whose}{name}={value}" for name in names for value in known.get(name, ())]


_MARGIN = 2.0  # times as likely as what the rules say must be what replaces it
_DAYS = frozenset({"day", "part_of_day", "time"})


@dataclass(frozen=True, slots=True)
class Judged:
    """The status of an event and how likely it is right."""

    status: Status
    share: float


def judge(
    found: Sequence[Candidate], statuses: Sequence[Status], evidence: Sequence[Evidence], dates: Sequence[EventDate], view: View,
    likeness: Matrix, model: Network,
) -> list[Judged]:  # fmt: skip
    """The status of every event; where the model says other than the rules, its `rule_id` is "learned".

    Args:
        found: the events.
        statuses: what the rules say.
        evidence: what they say it for.
        dates: the dates that the rules chose.
        view: the article.
        likeness: what the words of the events are like (`network.features`).
        model: the model.
    """
    today = view.article.published.date() if view.article.published else None
    ruled = [after_dating(status, dated.start, today) for status, dated in zip(statuses, dates, strict=True)]
    seen = [cues(*each, view) for each in zip(found, ruled, evidence, dates, strict=True)]
    shares = model.probabilities(seen, (likeness, np.arange(len(seen))))
    judged = []
    for row, status, dated in zip(shares.tolist(), ruled, dates, strict=True):
        best, own = max(row), row[model.labels.index(status.value)]
        if best >= _MARGIN * own and not _is_set_for_a_day(status, dated, today):
            judged.append(Judged(replace(status, value=model.labels[row.index(best)], rule_id="learned"), best))
        else:
            judged.append(Judged(status, own))
    return judged


def _is_set_for_a_day(status: Status, dated: EventDate, today: date | None) -> bool:
    """A plan with its own day to come stays one."""
    ahead = dated.start is not None and today is not None and dated.start > today
    return status.value == "planned" and ahead and dated.source == "dependency" and dated.granularity in _DAYS

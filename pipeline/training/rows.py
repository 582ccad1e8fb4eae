"""What rows are right: the decisions of models about articles they were not trained on, held against the annotations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.evaluate import interval
from pipeline.events.arguments import Argument
from pipeline.events.decide import Decision, decide
from pipeline.events.learned import rows
from pipeline.events.learned.dates import overlap
from pipeline.events.learned.models import Models
from pipeline.events.ontology import Ontology
from pipeline.events.view import View
from pipeline.training.fitting import Samples

_WHO = ("actor", "recipient")


def gather(marks: Mapping[str, Any], view: View, ontology: Ontology, models: Models) -> Samples:
    """The rows that `models` make of an article, and whether each is right: its type, an actor or recipient, its date."""
    samples = Samples()
    decisions = decide(view, ontology, models)
    for decision, vector in zip(decisions, rows.features(decisions), strict=True):
        right = any(_is_right(decision, mark, view) for mark in marks["events"])
        samples.add(rows.cues(decision), rows.LABELS.index("right" if right else "wrong"))
        samples.vectors.append(vector)
    return samples


def _is_right(decision: Decision, mark: Sequence[Any], view: View) -> bool:
    start, end, event_type, _, date, parts = mark
    token = decision.candidate.token
    if not (token.idx < end and start < token.idx + len(token)) or decision.candidate.trigger.event_type != event_type:
        return False
    return _is_when(decision, date) and _is_who(decision, parts, view)


def _is_when(decision: Decision, date: str | None) -> bool:
    """The same days, or days that overlap."""
    dated, wanted = decision.when.dated, interval(date)
    if wanted is None:
        return dated.start is None
    return overlap((dated.start, dated.end), wanted)


def _is_who(decision: Decision, parts: Sequence[Any], view: View) -> bool:
    """One of those annotated is found in that role; or there are none, and none is found."""
    found = [argument for argument in decision.filled.arguments if argument.role in _WHO]
    wanted = [part for part in parts if part[2] in _WHO]
    if not found or not wanted:
        return not found and not wanted
    return any(
        argument.role == role and _is_same(argument, start, end, view) for argument in found for start, end, role in wanted
    )


def _is_same(argument: Argument, start: int, end: int, view: View) -> bool:
    """Overlapping, or the same name or words elsewhere."""
    first, last = view.doc[argument.first], view.doc[argument.last]
    if first.idx < end and start < last.idx + len(last):
        return True
    text = view.article.text
    if text[first.idx : last.idx + len(last)].lower() == text[start:end].lower():
        return True
    name = view.mention(first)
    return name is not None and any(
        other.entity_id == name.entity_id and other.start < end and start < other.end for other in view.mentions
    )

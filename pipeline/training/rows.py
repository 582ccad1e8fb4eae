"""What rows are right: the decisions of models about articles they were not trained on, held against the annotations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.evaluate import interval
from pipeline.events.arguments import Argument
from pipeline.events.decide import Decision, decide
from pipeline.events.learned import rows
from pipeline.events.learned.models import Models
from pipeline.events.ontology import Ontology
from pipeline.events.view import View
from pipeline.training.fitting import Samples


def gather(marks: Mapping[str, Any], view: View, ontology: Ontology, models: Models) -> Samples:
    """The rows that `models` make of an article, and whether each is right: type, status, days, who, to whom, where."""
    samples = Samples()
    decisions = decide(view, ontology, models)
    for decision, vector in zip(decisions, rows.features(decisions), strict=True):
        right = any(_is_right(decision, mark, view) for mark in marks["events"])
        samples.add(rows.cues(decision), rows.LABELS.index("right" if right else "wrong"), vector)
    return samples


def _is_right(decision: Decision, mark: Sequence[Any], view: View) -> bool:
    start, end, event_type, status, date, parts = mark
    token = decision.candidate.token
    if not (token.idx < end and start < token.idx + len(token)) or decision.candidate.trigger.event_type != event_type:
        return False
    return decision.told.status.value == status and _is_when(decision, date) and _is_named(decision, parts, view)


def _is_when(decision: Decision, date: str | None) -> bool:
    """The same days, or unknown ones where the text tells none."""
    return (decision.when.dated.start, decision.when.dated.end) == (interval(date) or (None, None))


def _is_named(decision: Decision, parts: Sequence[Any], view: View) -> bool:
    """All that are found are annotated in that role, and nobody (or no place) is found only where none is annotated."""
    found = [argument for argument in decision.filled.arguments if argument.role in rows.NAMED]
    wanted = [part for part in parts if part[2] in rows.NAMED]
    for kinds in (rows.WHO, rows.WHERE):
        if any(argument.role in kinds for argument in found) != any(part[2] in kinds for part in wanted):
            return False
    return all(
        any(argument.role == role and _is_same(argument, start, end, view) for start, end, role in wanted) for argument in found
    )


def _is_same(argument: Argument, start: int, end: int, view: View) -> bool:
    """Overlapping, or the same name or words elsewhere."""
    first, last = view.doc[argument.first], view.doc[argument.last]
    if first.idx < end and start < last.idx + len(last):
        return True
    text = view.article.text
    if text[first.idx : last.idx + len(last)].lower() == text[start:end].lower():
        return True
    name = first.mention
    return name is not None and any(
        other.entity_id == name.entity_id and other.start < end and start < other.end for other in view.mentions
    )

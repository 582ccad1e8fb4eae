"""Numbers that belong to an event: dead, injured, people, money, percentages, scores, sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.events.ontology import EventType
from pipeline.events.triggers import Candidate
from pipeline.events.view import View


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its noun: the token span `first..last`, the token `head` that other roles may not take as well."""

    kind: str  # deaths, injured, people, money, percent, score, sentence, number
    first: int
    last: int
    head: int
    value_min: float | None = None
    value_max: float | None = None
    unit: str | None = None


def quantities_of(
    candidate: Candidate, event_type: EventType, view: View, lexicon: Mapping[str, frozenset[str]]
) -> list[Quantity]:
    """The quantities of the event that `candidate` names."""
    return []

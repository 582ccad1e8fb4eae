"""Is it so? The status of an event mention by the guidelines: the nearest operator wins."""

from __future__ import annotations

from dataclasses import dataclass

from spacy.tokens import Token

from pipeline.events.triggers import Candidate
from pipeline.events.view import View


@dataclass(frozen=True, slots=True)
class Status:
    """The status, its polarity, and who says so (the head token of the source)."""

    value: str  # asserted, reported, hearsay, planned, possible, requested, attempted, negated
    polarity: str = "positive"
    source: Token | None = None
    rule_id: str = ""


def find_status(candidate: Candidate, view: View) -> Status:
    """The status of the event that `candidate` names."""
    return Status("asserted")

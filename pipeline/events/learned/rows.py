"""How likely a row is right as a whole: the type of the event, its status, who does and undergoes it, and when.

Each of the other models knows how sure it is of its own decision. What that is worth together is learned from articles that those
models were not trained on (stacked generalisation: Wolpert, 1992).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipeline.events.decide import Decision
from pipeline.events.learned.cues import Cue, Matrix
from pipeline.events.learned.loglinear import LogLinear

LABELS = ("wrong", "right")
_WHO = ("actor", "recipient")
_SURE = 0.99  # shares beyond say no more


def cues(decision: Decision) -> list[Cue]:
    """What kind of row it is."""
    trigger, dated = decision.candidate.trigger, decision.when.dated
    roles = {argument.role for argument in decision.filled.arguments}
    who = " ".join(role for role in _WHO if role in roles) or "nobody"
    return [
        (_kind_cues, trigger.event_class, trigger.event_type, decision.told.status.value),
        (_date_cues, dated.source or "none", dated.granularity, trigger.event_class),
        (_who_cues, who, trigger.event_class),
    ]


def _kind_cues(event_class: str, event_type: str, status: str) -> list[str]:
    return ["any", f"class={event_class}", f"type={event_type}", f"status={status}"]


def _date_cues(source: str, granularity: str | None, event_class: str) -> list[str]:
    return [f"date={source}", f"size={granularity}", f"date={source} {event_class}"]


def _who_cues(who: str, event_class: str) -> list[str]:
    return [f"who={who}", f"who={who} {event_class}"]


def features(decisions: Sequence[Decision]) -> Matrix:
    """How sure the models are of the type, the status, whom they found and whom they left out, and the date: log odds."""
    shares = np.array([_shares(decision) for decision in decisions], dtype=np.float32).clip(1 - _SURE, _SURE)
    odds: Matrix = np.log(shares / (1 - shares))
    return odds


def _shares(decision: Decision) -> list[float]:
    """Probabilities; a half, of which the log odds are zero, where there is nothing to be sure of."""
    when, filled = decision.when, decision.filled
    roles = {argument.role for argument in filled.arguments}
    found = [filled.best[role] if role in roles else 0.5 for role in _WHO]
    left = [0.5 if role in roles else filled.best[role] for role in _WHO]
    known = [filled.best[role] for role in _WHO if role in roles]
    surest, least = max(known, default=0.5), filled.least if known else 0.5
    return [decision.share, decision.told.share, when.exact, when.near, *found, *left, surest, least]


def judge(decisions: Sequence[Decision], model: LogLinear) -> list[float]:
    """The probability that each row is right."""
    if not decisions:
        return []
    shares = model.probabilities([cues(decision) for decision in decisions], features(decisions))
    confidences: list[float] = shares[:, model.labels.index("right")].tolist()
    return confidences

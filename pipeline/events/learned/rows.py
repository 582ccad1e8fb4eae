"""How likely a row is right as a whole: the type of the event, its status, who does and undergoes it, where, and when.

Each of the other models knows how sure it is of its own decision. What that is worth together is learned from articles that those
models were not trained on (stacked generalisation: Wolpert, 1992).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import numpy as np

from pipeline.events.decide import Decision
from pipeline.events.learned.cues import Cue, Matrix
from pipeline.events.learned.loglinear import LogLinear

LABELS = ("wrong", "right")
WHO, WHERE = ("actor", "recipient"), ("place",)
NAMED = WHO + WHERE  # the roles that must be right
_SURE = 0.99  # shares beyond say no more
_DOUBTFUL = 0.02  # a single decision does not lower the whole further


def cues(decision: Decision) -> list[Cue]:
    """What kind of row it is."""
    trigger, dated = decision.candidate.trigger, decision.when.dated
    named = [argument for argument in decision.filled.arguments if argument.role in NAMED]
    roles = {argument.role for argument in named}
    who = " ".join(role for role in WHO if role in roles) or "nobody"
    return [
        (_kind_cues, trigger.event_class, trigger.event_type, decision.told.status.value),
        (_date_cues, dated.source or "none", dated.granularity, trigger.event_class),
        (_named_cues, who, "place" in roles, trigger.event_class),
        *[f"by={argument.method.partition(',')[0]} {argument.role}" for argument in named],
    ]


def _kind_cues(event_class: str, event_type: str, status: str) -> list[str]:
    return ["any", f"class={event_class}", f"type={event_type}", f"status={status}"]


def _date_cues(source: str, granularity: str | None, event_class: str) -> list[str]:
    return [f"date={source}", f"size={granularity}", f"date={source} {event_class}"]


def _named_cues(who: str, placed: bool, event_class: str) -> list[str]:
    return [f"who={who}", f"who={who} {event_class}", f"placed={placed}", f"placed={placed} {event_class}"]


def features(decisions: Sequence[Decision]) -> Matrix:
    """How sure the models are of type, status, days, whom and where they found or left out, and of all that: log odds."""
    shares = np.array([_shares(decision) for decision in decisions], dtype=np.float32).clip(1 - _SURE, _SURE)
    odds: Matrix = np.log(shares / (1 - shares))
    return odds


def _shares(decision: Decision) -> list[float]:
    """Probabilities; a half, of which the log odds are zero, where there is nothing to be sure of."""
    when, best = decision.when, decision.filled.best
    roles = {argument.role for argument in decision.filled.arguments}
    found = [best[role] if role in roles else 0.5 for role in NAMED]
    left = [0.5 if role in roles else best[role] for role in NAMED]
    sure = [best[role] if role in roles else 1 - best[role] for role in NAMED]
    whole = prod(max(share, _DOUBTFUL) for share in (decision.share, decision.told.share, when.exact, *sure))
    return [decision.share, decision.told.share, when.exact, when.near, *found, *left, whole]


def judge(decisions: Sequence[Decision], model: LogLinear) -> list[float]:
    """The probability that each row is right."""
    if not decisions:
        return []
    shares = model.probabilities([cues(decision) for decision in decisions], features(decisions))
    confidences: list[float] = shares[:, model.labels.index("right")].tolist()
    return confidences

"""How likely a row is right as a whole: the type of the event, its status, who does and undergoes it, and when.

Each of the other models knows how sure it is of its own decision. What that is worth together is learned from articles that those
models were not trained on (stacked generalisation: Wolpert, 1992).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log

import numpy as np

from pipeline.events.decide import Decision
from pipeline.events.learned.cues import Matrix
from pipeline.events.learned.loglinear import LogLinear

LABELS = ("wrong", "right")
_SURE = 0.99  # shares beyond say no more


def cues(decision: Decision) -> list[str]:
    """What kind of row it is."""
    trigger, when = decision.candidate.trigger, decision.when
    source = when.dated.source or "none"
    roles = {argument.role for argument in decision.filled.arguments}
    who = " ".join(role for role in ("actor", "recipient") if role in roles) or "nobody"
    return [
        "any", f"class={trigger.event_class}", f"type={trigger.event_type}", f"status={decision.told.status.value}",
        f"date={source}", f"size={when.dated.granularity}", f"who={who}", f"who={who} {trigger.event_class}",
        f"date={source} {trigger.event_class}",
    ]  # fmt: skip


def features(decisions: Sequence[Decision]) -> Matrix:
    """How sure the models are of the type, the status, whom they found and whom they left out, and the date: log odds."""
    return np.array([_features(decision) for decision in decisions], dtype=np.float32)


def _features(decision: Decision) -> list[float]:
    when, filled = decision.when, decision.filled
    roles = {argument.role for argument in filled.arguments}
    found = [_odds(filled.best[role]) if role in roles else 0.0 for role in ("actor", "recipient")]
    left = [0.0 if role in roles else _odds(filled.best[role]) for role in ("actor", "recipient")]
    shares = [filled.best[role] for role in ("actor", "recipient") if role in roles]
    surest, least = _odds(max(shares, default=0.5)), _odds(filled.least) if shares else 0.0
    return [
        _odds(decision.share), _odds(decision.told.share), _odds(when.exact), _odds(when.near), *found, *left, surest, least,
    ]  # fmt: skip


def _odds(share: float) -> float:
    share = min(max(share, 1 - _SURE), _SURE)
    return log(share / (1 - share))


def judge(decisions: Sequence[Decision], model: LogLinear) -> list[float]:
    """The probability that each row is right."""
    if not decisions:
        return []
    shares = model.probabilities([cues(decision) for decision in decisions], features(decisions))
    confidences: list[float] = shares[:, model.labels.index("right")].tolist()
    return confidences

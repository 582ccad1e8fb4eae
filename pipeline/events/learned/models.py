"""The models of the event stage, loaded together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from pipeline.events.learned import hopeless, loglinear, network
from pipeline.events.learned.loglinear import LogLinear
from pipeline.events.learned.network import Network


@dataclass(frozen=True, slots=True)
class Models:
    """What decides: see the modules of the same names."""

    words: Network
    statuses: Network
    arguments: Network
    dates: Network
    rows: LogLinear
    hopeless: frozenset[str]


@lru_cache(maxsize=1)
def load() -> Models:
    """The models that the package holds."""
    return Models(
        words=network.load("words"),
        statuses=network.load("statuses"),
        arguments=network.load("arguments"),
        dates=network.load("dates"),
        rows=loglinear.load("rows"),
        hopeless=hopeless.load(),
    )

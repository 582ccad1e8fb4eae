"""The models of the event stage, loaded together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from pipeline.events.learned import arguments, loglinear, network
from pipeline.events.learned.loglinear import LogLinear
from pipeline.events.learned.network import Network


@dataclass(frozen=True, slots=True)
class Models:
    """What decides: see the modules of the same names."""

    words: LogLinear
    statuses: LogLinear
    arguments: arguments.Model
    dates: Network
    rows: LogLinear


@lru_cache(maxsize=1)
def load() -> Models:
    """The models that the package holds."""
    return Models(
        words=loglinear.load("words"),
        statuses=loglinear.load("statuses"),
        arguments=arguments.load(),
        dates=network.load("dates"),
        rows=loglinear.load("rows"),
    )

"""A log-linear model with a hidden layer beside it, where what a cue means depends on the words it is said of.

The cues of a decision count directly, as in `loglinear`, and through a layer of rectified linear units that also takes what the
words themselves are like (Cheng et al., Wide & Deep Learning for Recommender Systems, 2016, in small). Inference is a sum of rows
and two products of matrices; training is in `pipeline.training.network`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pipeline.events.learned import loglinear
from pipeline.events.learned.cues import Cue, Matrix, Table
from pipeline.events.tree import Doc

_CONTEXT = 0.3  # brings the parser's vectors to the length of a word's own


@dataclass(frozen=True, slots=True)
class Network:
    """Weights of a model with the labels `labels`, or of one of options with the one label ""."""

    labels: tuple[str, ...]
    table: Table  # cues x (labels, then hidden units)
    dense: Matrix  # features x hidden units
    bias: Matrix  # hidden units
    out: Matrix  # hidden units x labels

    def scores(self, cues: Sequence[Iterable[Cue]], features: Matrix) -> Matrix:
        """One row of scores for every list of cues and row of `features`, one column a label."""
        direct, hidden = np.split(self.table.sums(cues), [len(self.labels)], axis=1)
        active = np.maximum(hidden + features @ self.dense + self.bias, np.float32(0))
        return direct + np.asarray(active @ self.out, dtype=np.float32)

    def probabilities(self, cues: Sequence[Iterable[Cue]], features: Matrix) -> Matrix:
        """The distribution over the labels for every list of cues."""
        return loglinear.softmax(self.scores(cues, features))

    def choices(self, decisions: Sequence[Sequence[Iterable[Cue]]], features: Matrix) -> list[Matrix]:
        """For every decision the distribution over its options, each described by its cues; `features` has a row a decision."""
        if not decisions:
            return []
        sizes = [len(options) for options in decisions]
        scores = self.scores([cues for options in decisions for cues in options], np.repeat(features, sizes, axis=0))[:, 0]
        starts = np.cumsum([0, *sizes[:-1]])
        powers = np.exp(scores - np.repeat(np.maximum.reduceat(scores, starts), sizes))
        shares = powers / np.repeat(np.add.reduceat(powers, starts), sizes)
        return np.split(shares, starts[1:])


def token_features(doc: Doc) -> Matrix:
    """What every token is like: what the parser saw of it and its neighbours, and its word vector, of length one (or zero)."""
    return np.hstack([doc.context * _CONTEXT, loglinear.units(doc.vectors)])


def save(model: Network, path: Path) -> None:
    """Write `model` to `path`."""
    loglinear.write(path, model.labels, model.table, dense=model.dense, bias=model.bias, out=model.out)


def load(name: str) -> Network:
    """The model ``data/events/<name>.npz``."""
    labels, table, arrays = loglinear.read(name)
    return Network(labels, table, arrays["dense"], arrays["bias"], arrays["out"])

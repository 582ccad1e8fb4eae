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
from numpy.typing import NDArray

from pipeline.events.learned import loglinear
from pipeline.events.learned.cues import Cue, Matrix, Table, spelled
from pipeline.events.tree import Doc

# Features of some words, one row a word, and the row of the word that each list of cues is said of.
Inputs = tuple[Matrix, Sequence[int] | NDArray[np.intp]]
_CONTEXT = 0.3  # brings the parser's vectors to the length of a word's own


@dataclass(frozen=True, slots=True)
class Network:
    """Weights of a model with the labels `labels`, or of one of options with the one label ""."""

    labels: tuple[str, ...]
    table: Table  # cues x (labels, then hidden units)
    dense: Matrix  # features x hidden units
    bias: Matrix  # hidden units
    out: Matrix  # hidden units x labels

    def scores(self, cues: Sequence[Sequence[Cue]], *inputs: Inputs) -> Matrix:
        """One row of scores for every list of cues, one column a label.

        Args:
            cues: what is said of every decision or option.
            inputs: the words that it is said of, one set of words for each part that they play in it.
        """
        return self.scores_of(self.table.sums(cues), self.lent(*inputs))

    def lent(self, *inputs: Inputs) -> Matrix:
        """What the words themselves put into the hidden layer, one row a decision."""
        at, total = 0, np.zeros((1, len(self.bias)), dtype=np.float32)
        for features, rows in inputs:
            total = total + (features @ self.dense[at : at + features.shape[1]]).take(rows, axis=0)
            at += features.shape[1]
        return total

    def scores_of(self, sums: Matrix, lent: Matrix) -> Matrix:
        """The scores, where the weights of the cues are summed up already."""
        direct, hidden = sums[:, : len(self.labels)], sums[:, len(self.labels) :] + self.bias + lent
        return direct + np.asarray(np.maximum(hidden, np.float32(0)) @ self.out, dtype=np.float32)

    def probabilities(self, cues: Sequence[Sequence[Cue]], *inputs: Inputs) -> Matrix:
        """The distribution over the labels for every list of cues; `inputs` as in `scores`."""
        return loglinear.softmax(self.scores(cues, *inputs))

    def reasons(self, cues: Iterable[Cue], label: str, *inputs: Inputs, count: int = 3) -> list[tuple[str, float]]:
        """The cues without which the score of `label` would fall most against the mean of the others, and by how much.

        Args:
            cues: what is said of one decision.
            label: one of the labels.
            inputs: as in `scores`, with one row each.
            count: the number of cues.
        """
        column, names = self.labels.index(label), list(dict.fromkeys(cue for cue in spelled(cues) if cue in self.table.rows))
        without: list[list[Cue]] = [[other for other in names if other != cue] for cue in names]
        scores = self.scores_of(self.table.sums([names, *without]), self.lent(*inputs))
        leads = scores[:, column] - scores.mean(axis=1)
        gains = dict(zip(names, (leads[0] - leads[1:]).tolist(), strict=True))
        return sorted(gains.items(), key=lambda item: (-item[1], item[0]))[:count]

    def choices(self, decisions: Sequence[Sequence[Sequence[Cue]]], features: Matrix) -> list[Matrix]:
        """For every decision the distribution over its options, each described by its cues; `features` has a row a decision."""
        if not decisions:
            return []
        sizes = np.array([len(options) for options in decisions])
        ends = sizes.cumsum()
        flat = [cues for options in decisions for cues in options]
        scores = self.scores(flat, (features, np.arange(len(sizes)).repeat(sizes)))[:, 0]
        tops: Matrix = np.maximum.reduceat(scores, ends - sizes)
        powers: Matrix = np.exp(scores - tops.repeat(sizes))
        totals: Matrix = np.add.reduceat(powers, ends - sizes)
        shares = powers / totals.repeat(sizes)
        return [shares[end - size : end] for size, end in zip(sizes.tolist(), ends.tolist(), strict=True)]


def features(doc: Doc, words: Sequence[int]) -> Matrix:
    """What words are like: what the parser saw of each and its neighbours, and its word vector, of length one (or zero).

    Args:
        doc: the text.
        words: token indices.
    """
    at = np.asarray(words, dtype=np.intp)
    return np.hstack([doc.context.take(at, axis=0) * _CONTEXT, loglinear.units(doc.vectors(words))])


def save(model: Network, path: Path) -> None:
    """Write `model` to `path`."""
    loglinear.write(path, model.labels, model.table, dense=model.dense, bias=model.bias, out=model.out)


def load(name: str) -> Network:
    """The model ``data/events/<name>.npz``."""
    labels, table, arrays = loglinear.read(name)
    return Network(labels, table, arrays["dense"], arrays["bias"], arrays["out"])

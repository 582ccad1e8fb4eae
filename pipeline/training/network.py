"""Fits the models with a hidden layer: minibatches, Adam with decoupled weight decay, dropout of cues and units.

Method: Kingma and Ba, Adam, 2015; Loshchilov and Hutter, Decoupled Weight Decay Regularization, 2019; Srivastava et al., Dropout,
2014. The seed is fixed, so that a run on one machine with one thread gives the same weights again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.events.learned.cues import Table
from pipeline.events.learned.network import Network

Array = NDArray[Any]
Loss = Callable[[Array, Array], Array]  # scores of a batch and its examples to the gradient of the scores


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """How a network is fitted; chosen by cross-validation over the articles."""

    hidden: int = 64  # units
    rate: float = 2e-3  # of learning, falling to zero over the run
    passes: int = 6
    cue_drop: float = 0.4  # share of the cues that are left out at random
    unit_drop: float = 0.3  # of the units and the features
    cue_decay: float = 0.05
    dense_decay: float = 0.1
    seed: int = 0


def fit(
    labels: Sequence[str], rows: Mapping[str, int], cues: Any, features: Array, batches: Callable[[Any], Iterator[Array]],
    loss: Loss, how: Fit, start: Array,
) -> Network:  # fmt: skip
    """Fit a network.

    Args:
        labels: the labels, or "" alone for a model of options.
        rows: the row of every cue.
        cues: examples x cues, sparse (scipy).
        features: examples x features.
        batches: the batches of one pass as arrays of examples, given a random generator.
        loss: the gradient of a batch's mean loss by its scores.
        how: the recipe.
        start: what every cue weighs for every label before anything is learned, cues x labels.
    """
    random = np.random.default_rng(how.seed)
    count = len(labels)
    # What is random in the weights of a rare cue would stay there: they begin at zero.
    weights = np.hstack([start, np.zeros((len(rows), how.hidden), dtype=np.float32)])
    dense = _uniform(random, features.shape[1], how.hidden)
    bias = np.zeros(how.hidden, dtype=np.float32)
    out = _uniform(random, how.hidden, count)
    layers = [weights, dense, bias, out]
    adam = _Adam(layers, [how.cue_decay, how.dense_decay, 0.0, 0.0])
    steps = how.passes * sum(1 for _ in batches(np.random.default_rng(how.seed)))
    step = 0
    for _ in range(how.passes):
        for batch in batches(random):
            seen = cues[batch].copy()
            seen.data = seen.data * _kept(random, seen.data.shape, how.cue_drop)
            given = features[batch] * _kept(random, (len(batch), features.shape[1]), how.unit_drop)
            sums = seen @ weights
            hidden = sums[:, count:] + given @ dense + bias
            kept = _kept(random, hidden.shape, how.unit_drop)
            active = np.maximum(hidden, 0) * kept
            down = loss(sums[:, :count] + active @ out, batch)
            back = (down @ out.T) * kept * (hidden > 0)
            slopes = [seen.T @ np.hstack([down, back]), given.T @ back, back.sum(axis=0), active.T @ down]
            adam.step(slopes, how.rate * (1 - step / (steps + 1)))
            step += 1
    return Network(tuple(labels), Table(rows, weights), dense, bias, out)


def _uniform(random: Any, rows: int, columns: int) -> Array:
    reach = 1 / np.sqrt(rows)
    drawn: Array = random.uniform(-reach, reach, (rows, columns)).astype(np.float32)
    return drawn


def _kept(random: Any, shape: tuple[int, ...], drop: float) -> Array:
    """What to multiply with so that a share `drop` is zero and the mean stays."""
    kept: Array = (random.random(shape, dtype=np.float32) >= drop).astype(np.float32) / np.float32(1 - drop)
    return kept


class _Adam:
    """Adam over some arrays, which it changes in place."""

    def __init__(self, arrays: Sequence[Array], decay: Sequence[float], first: float = 0.9, second: float = 0.999) -> None:
        self.arrays, self.decay, self.first, self.second = arrays, decay, first, second
        self.means = [np.zeros_like(array) for array in arrays]
        self.squares = [np.zeros_like(array) for array in arrays]
        self.steps = 0

    def step(self, slopes: Sequence[Array], rate: float) -> None:
        """One step down the gradients `slopes`."""
        self.steps += 1
        size = rate * np.sqrt(1 - self.second**self.steps) / (1 - self.first**self.steps)
        small = 1e-8 * np.sqrt(1 - self.second**self.steps)
        for at, slope in enumerate(slopes):
            self.means[at] += (1 - self.first) * (slope - self.means[at])
            self.squares[at] += (1 - self.second) * (slope * slope - self.squares[at])
            self.arrays[at] *= np.float32(1 - rate * self.decay[at])
            self.arrays[at] -= np.float32(size) * self.means[at] / (np.sqrt(self.squares[at]) + np.float32(small))

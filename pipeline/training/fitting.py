"""Fits models to decisions: log-linear ones by L-BFGS on a convex loss, those with a hidden layer in minibatches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, sparse

from pipeline.events.learned import loglinear
from pipeline.events.learned.cues import Cue, Table, spelled
from pipeline.events.learned.hopeless import PLACED
from pipeline.events.learned.loglinear import LogLinear
from pipeline.events.learned.network import Network
from pipeline.training import network

_MIN_COUNT = 5  # times a cue must be said to count
_PASSES = 150  # of L-BFGS
_PRIOR = 20  # options with the usual share of right ones that count beside those of a place

Array = NDArray[Any]


@dataclass(slots=True)
class Samples:
    """Cues and targets of the decisions of some articles.

    Attributes:
        cues: what is said of every decision.
        targets: the column of its label, or ``~column`` where all that is known is that it is not that label.
        vectors: what its words are like.
    """

    cues: list[list[str]] = field(default_factory=list)
    targets: list[int] = field(default_factory=list)
    vectors: list[Array] = field(default_factory=list)

    def add(self, cues: Iterable[Cue], target: int, vector: Array, times: int = 1) -> None:
        """One decision, which counts that many times."""
        self.cues += [spelled(cues)] * times
        self.targets += [target] * times
        self.vectors += [vector] * times

    def extend(self, other: Samples) -> None:
        """The decisions of `other` too."""
        self.cues += other.cues
        self.targets += other.targets
        self.vectors += other.vectors

    def without(self, hopeless: frozenset[str]) -> Samples:
        """The decisions about what is worth weighing."""
        kept = [number for number, said in enumerate(self.cues) if hopeless.isdisjoint(said)]
        return Samples(
            [self.cues[number] for number in kept],
            [self.targets[number] for number in kept],
            [self.vectors[number] for number in kept],
        )


@dataclass(slots=True)
class Choices:
    """The options of decisions among dates: how much each is worth, zero for the wrong ones."""

    options: list[list[list[str]]] = field(default_factory=list)
    worth: list[list[float]] = field(default_factory=list)
    vectors: list[Array] = field(default_factory=list)

    def extend(self, other: Choices) -> None:
        """The decisions of `other` too."""
        self.options += other.options
        self.worth += other.worth
        self.vectors += other.vectors

    def right(self) -> Iterator[bool]:
        """Of every option whether no other of its decision is worth more."""
        return (value == max(values) for values in self.worth for value in values)

    def without(self, hopeless: frozenset[str]) -> Choices:
        """The decisions among the options that are worth weighing, where one of them is right."""
        left = Choices()
        for offered, values, vector in zip(self.options, self.worth, self.vectors, strict=True):
            kept = [(said, value) for said, value in zip(offered, values, strict=True) if hopeless.isdisjoint(said)]
            total = sum(value for _, value in kept)
            if total:
                left.options.append([said for said, _ in kept])
                left.worth.append([value / total for _, value in kept])
                left.vectors.append(vector)
        return left


def _matrix(lists: Sequence[Sequence[str]], rows: Mapping[str, int]) -> Any:
    columns: list[int] = []
    ends = [0]
    for said in lists:
        columns += sorted(rows[cue] for cue in said if cue in rows)
        ends.append(len(columns))
    return sparse.csr_matrix((np.ones(len(columns), dtype=np.float32), columns, ends), shape=(len(lists), len(rows)))


def _vocabulary(lists: Iterable[Sequence[str]]) -> dict[str, int]:
    counts = Counter(cue for said in lists for cue in set(said))
    return {
        cue: row
        for row, cue in enumerate(sorted(cue for cue, count in counts.items() if count >= _MIN_COUNT and "\n" not in cue))
    }


def fit_labels(samples: Samples, labels: Sequence[str], penalty: float) -> LogLinear:
    """Multinomial logistic regression; `penalty` is that of L2, against the mean loss of a decision."""
    rows = _vocabulary(samples.cues)
    seen, n, k = _matrix(samples.cues, rows), len(samples.cues), len(labels)
    dense, targets = np.array(samples.vectors, dtype=np.float32), np.array(samples.targets)
    sizes = [len(rows) * k, dense.shape[1] * k]
    seen_t = seen.T.tocsr()

    def loss(flat: Array) -> tuple[float, Array]:
        weights, directions = (part.astype(np.float32).reshape(-1, k) for part in np.split(flat, sizes[:1]))
        shares = loglinear.softmax(seen @ weights + dense @ directions)
        value = -float(np.log(np.maximum(shares[np.arange(n), targets], 1e-12)).mean())
        shares[np.arange(n), targets] -= 1
        shares /= n
        gradient = [(seen_t @ shares + penalty * weights).ravel(), (dense.T @ shares + penalty * directions).ravel()]
        value += 0.5 * penalty * (float((weights**2).sum()) + float((directions**2).sum()))
        return value, np.concatenate(gradient).astype(np.float64)

    best = optimize.minimize(loss, np.zeros(sum(sizes)), jac=True, method="L-BFGS-B", options={"maxiter": _PASSES, "maxcor": 8})
    weights, directions = (part.astype(np.float32).reshape(-1, k) for part in np.split(best.x, sizes[:1]))
    return LogLinear(tuple(labels), Table(rows, weights), directions)


def find_hopeless(cues: Iterable[Sequence[str]], right: Iterable[bool], least: float) -> frozenset[str]:
    """The places (`hopeless.PLACED`) where a smaller share of the options than `least` is right."""
    counts, found = Counter[str](), Counter[str]()
    for said, is_right in zip(cues, right, strict=True):
        for place in (cue for cue in said if cue.startswith(PLACED)):
            counts[place] += 1
            found[place] += is_right
    usual = found.total() / max(counts.total(), 1)
    return frozenset(place for place in counts if (found[place] + _PRIOR * usual) / (counts[place] + _PRIOR) < least)


def fit_network(samples: Samples, labels: Sequence[str], how: network.Fit, start: Mapping[str, float] | None = None) -> Network:
    """A network that gives every decision one of `labels`; the cross entropy is minimised.

    Args:
        samples: the decisions.
        labels: the labels.
        how: the recipe.
        start: what a cue "name=label" weighs for its label before anything is learned, by name; what is learned of a label
            that is seldom told changes that little.
    """
    names = [(f"{name}={label}", column, weight) for name, weight in (start or {}).items() for column, label in enumerate(labels)]
    rows = _vocabulary(samples.cues)
    for cue, _, _ in names:
        rows.setdefault(cue, len(rows))
    weights = np.zeros((len(rows), len(labels)), dtype=np.float32)
    for cue, column, weight in names:
        weights[rows[cue], column] = weight
    targets, size = np.array(samples.targets), 256

    def batches(random: Any) -> Iterator[Array]:
        order = random.permutation(len(targets))
        return (order[first : first + size] for first in range(0, len(order), size))

    def slope(scores: Array, batch: Array) -> Array:
        shares = loglinear.softmax(scores)
        return (shares - _aims(shares, targets[batch])) / len(batch)

    return network.fit(
        labels, rows, _matrix(samples.cues, rows), np.array(samples.vectors, dtype=np.float32), batches, slope, how, weights
    )


def _aims(shares: Array, targets: Array) -> Array:
    """What `shares` should be: all of it the target's, or none of it and what the others have in the same proportions."""
    numbers = np.arange(len(targets))
    aims = np.where((targets < 0)[:, np.newaxis], shares, np.float32(0))
    aims[numbers, np.where(targets < 0, ~targets, targets)] = targets >= 0
    whole: Array = aims / np.maximum(aims.sum(axis=1, keepdims=True), 1e-6)
    return whole


def fit_options(choices: Choices, how: network.Fit) -> Network:
    """A network that lets the options of a decision compete: conditional logistic regression with a hidden layer."""
    flat = [said for offered in choices.options for said in offered]
    rows = _vocabulary(flat)
    sizes = [len(offered) for offered in choices.options]
    ends = np.cumsum(sizes)
    worth = np.array([value for values in choices.worth for value in values], dtype=np.float32)
    decision = np.repeat(np.arange(len(sizes)), sizes)
    size = 32  # decisions

    def batches(random: Any) -> Iterator[Array]:
        order = random.permutation(len(sizes))
        chosen = (order[at : at + size] for at in range(0, len(order) - size + 1, size))
        return (np.concatenate([np.arange(ends[one] - sizes[one], ends[one]) for one in some]) for some in chosen)

    def slope(scores: Array, batch: Array) -> Array:
        group = np.cumsum(np.diff(decision[batch], prepend=decision[batch[0]]) != 0)
        top = np.full(size, -np.inf)
        np.maximum.at(top, group, scores[:, 0])
        powers = np.exp(scores[:, 0] - top[group])
        shares = powers / np.bincount(group, powers, size)[group]
        down: Array = ((shares - worth[batch]) / size).astype(np.float32)[:, np.newaxis]
        return down

    features = np.repeat(np.array(choices.vectors, dtype=np.float32), sizes, axis=0)
    return network.fit(
        ("",), rows, _matrix(flat, rows), features, batches, slope, how, np.zeros((len(rows), 1), dtype=np.float32)
    )

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
from pipeline.events.learned.loglinear import LogLinear
from pipeline.events.learned.network import Network
from pipeline.events.learned.phrases import PLACED
from pipeline.training import network

_MIN_COUNT = 5  # times a cue must be said to count
_PASSES = 150  # of L-BFGS
_LEAST = 0.04  # share of the phrases of a place that are arguments: two in five of all phrases stand where it is lower
_PRIOR = 10  # phrases, one of them an argument, that count beside those of a place

Array = NDArray[Any]


@dataclass(slots=True)
class Samples:
    """Cues and targets of the decisions of some articles."""

    cues: list[list[str]] = field(default_factory=list)
    targets: list[int] = field(default_factory=list)
    worth: list[float] = field(default_factory=list)
    vectors: list[Array] = field(default_factory=list)

    def add(self, cues: Iterable[Cue], target: int, worth: float = 1.0) -> None:
        """One decision."""
        self.cues.append(spelled(cues))
        self.targets.append(target)
        self.worth.append(worth)

    def extend(self, other: Samples) -> None:
        """The decisions of `other` too."""
        self.cues += other.cues
        self.targets += other.targets
        self.worth += other.worth
        self.vectors += other.vectors


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


def fit_labels(
    samples: Samples, labels: Sequence[str], penalty: float, dense_penalty: float = 0.0, tied: Iterable[str] = ()
) -> LogLinear:
    """Multinomial logistic regression. A cue "name=label" with a `tied` name shares one weight over the labels beside its own."""
    rows = _vocabulary(samples.cues)
    seen, n, k = _matrix(samples.cues, rows), len(samples.cues), len(labels)
    dense = np.array(samples.vectors, dtype=np.float32) if samples.vectors else np.zeros((n, 0), dtype=np.float32)
    shared, names = _tied(samples.cues, labels, sorted(tied))
    worth = np.array(samples.worth, dtype=np.float32) / n
    targets = np.array(samples.targets)
    sizes = [len(rows) * k, dense.shape[1] * k, len(names)]
    bounds = np.cumsum(sizes)[:-1]
    seen_t, shared_t = seen.T.tocsr(), shared.T.tocsr()

    def loss(flat: Array) -> tuple[float, Array]:
        weights, directions, common = (part.astype(np.float32) for part in np.split(flat, bounds))
        weights, directions = weights.reshape(-1, k), directions.reshape(-1, k)
        scores = seen @ weights + dense @ directions + (shared @ common).reshape(n, k)
        shares = loglinear.softmax(scores)
        value = -float(worth @ np.log(np.maximum(shares[np.arange(n), targets], 1e-12)))
        shares[np.arange(n), targets] -= 1
        shares *= worth[:, None]
        gradient = [
            (seen_t @ shares + penalty * weights).ravel(),
            (dense.T @ shares + dense_penalty * directions).ravel(),
            shared_t @ shares.ravel() + penalty * 0.1 * common,
        ]
        value += 0.5 * (
            penalty * float((weights**2).sum())
            + dense_penalty * float((directions**2).sum())
            + 0.1 * penalty * float((common**2).sum())
        )
        return value, np.concatenate(gradient).astype(np.float64)

    best = optimize.minimize(loss, np.zeros(sum(sizes)), jac=True, method="L-BFGS-B", options={"maxiter": _PASSES, "maxcor": 8})
    weights, directions, common = np.split(best.x.astype(np.float32), bounds)
    return _folded(
        LogLinear(tuple(labels), Table(rows, weights.reshape(-1, k)), directions.reshape(-1, k).astype(np.float32)),
        dict(zip(names, common, strict=True)),
    )


def _tied(lists: Sequence[Sequence[str]], labels: Sequence[str], names: Sequence[str]) -> tuple[Any, Sequence[str]]:
    """Which shared weight counts for which (example, label), as a matrix of examples x labels by names."""
    places: list[int] = []
    columns: list[int] = []
    at = {label: index for index, label in enumerate(labels)}
    for number, said in enumerate(lists):
        for cue in set(said):
            name, _, value = cue.partition("=")
            if name in names and value in at:
                places.append(number * len(labels) + at[value])
                columns.append(names.index(name))
    ones = np.ones(len(places), dtype=np.float32)
    return sparse.csr_matrix((ones, (places, columns)), shape=(len(lists) * len(labels), len(names))), names


def _folded(model: LogLinear, common: Mapping[str, float]) -> LogLinear:
    """`model` with its shared weights written into the rows of their cues, those never seen too."""
    rows = dict(model.table.rows)
    cues = [f"{name}={label}" for name in common for label in model.labels]
    for cue in cues:
        rows.setdefault(cue, len(rows))
    weights = np.zeros((len(rows), len(model.labels)), dtype=np.float32)
    weights[: len(model.table.rows)] = model.table.weights
    for name, weight in common.items():
        for column, label in enumerate(model.labels):
            weights[rows[f"{name}={label}"], column] += weight
    return LogLinear(model.labels, Table(rows, weights), model.dense)


def find_hopeless(samples: Samples) -> frozenset[str]:
    """The places (`phrases.PLACED`) where so few phrases fill a role that it is not worth weighing them."""
    counts, filled = Counter[str](), Counter[str]()
    for place, target in zip(map(_place, samples.cues), samples.targets, strict=True):
        counts[place] += 1
        filled[place] += target > 0
    return frozenset(place for place in counts if place and (filled[place] + 1) / (counts[place] + _PRIOR) < _LEAST)


def without(samples: Samples, hopeless: frozenset[str]) -> Samples:
    """The phrases that stand elsewhere."""
    kept = [number for number, cues in enumerate(samples.cues) if _place(cues) not in hopeless]
    columns = (samples.cues, samples.targets, samples.worth, samples.vectors)
    return Samples(*[[column[number] for number in kept] for column in columns])  # type: ignore[arg-type]


def _place(cues: Sequence[str]) -> str:
    return next((cue for cue in cues if cue.startswith(PLACED)), "")


def fit_roles(samples: Samples, labels: Sequence[str], how: network.Fit) -> Network:
    """A network that gives every option one of `labels`; the cross entropy is minimised."""
    rows = _vocabulary(samples.cues)
    targets, size = np.array(samples.targets), 256

    def batches(random: Any) -> Iterator[Array]:
        order = random.permutation(len(targets))
        return (order[at : at + size] for at in range(0, len(order) - size + 1, size))

    def slope(scores: Array, batch: Array) -> Array:
        shares = loglinear.softmax(scores)
        shares[np.arange(len(batch)), targets[batch]] -= 1
        return shares / len(batch)

    return network.fit(
        labels, rows, _matrix(samples.cues, rows), np.array(samples.vectors, dtype=np.float32), batches, slope, how
    )


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
    return network.fit(("",), rows, _matrix(flat, rows), features, batches, slope, how)

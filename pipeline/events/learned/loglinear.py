"""Log-linear models (multinomial logistic regression, and its conditional form over options) on named cues.

Inference is a sum of weight rows; training is in `pipeline.training.events`. A model is one ``.npz`` without pickled
objects: the cues as one text, one to a line, and the weights as 16-bit floats.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import chain, repeat
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class LogLinear:
    """Weights of cues (and of a dense vector) for every label; a model of options has the one label ""."""

    labels: tuple[str, ...]
    rows: Mapping[str, int]
    weights: Matrix  # cues x labels
    dense: Matrix  # dimensions x labels, empty where there is no dense vector

    def scores(self, cues: Sequence[Sequence[str]], dense: Matrix | None = None) -> Matrix:
        """One row of scores for every list of cues, one column a label; a cue said twice counts once."""
        sizes = [len(said) for said in cues]
        rows = np.fromiter(map(self.rows.get, chain.from_iterable(cues), repeat(-1)), dtype=np.intp, count=sum(sizes))
        places = np.repeat(np.arange(len(cues)), sizes) * len(self.rows) + rows
        places = np.sort(places[rows >= 0])  # list by list, and always in one order: sums of floats depend on it
        lists, rows = np.divmod(places[np.diff(places, prepend=-1) > 0], len(self.rows))
        starts = np.flatnonzero(np.diff(lists, prepend=-1))
        found = np.zeros((len(cues), len(self.labels)), dtype=np.float32)
        if len(starts):
            found[lists[starts]] = np.add.reduceat(self.weights[rows], starts, axis=0)
        if dense is not None and len(self.dense):
            found += dense @ self.dense
        return found

    def probabilities(self, cues: Sequence[Sequence[str]], dense: Matrix | None = None) -> Matrix:
        """The distribution over the labels for every list of cues."""
        return softmax(self.scores(cues, dense))

    def choices(self, decisions: Sequence[Sequence[Sequence[str]]]) -> list[Matrix]:
        """For every decision the distribution over its options, each described by its cues."""
        if not decisions:
            return []
        scores = self.scores([cues for options in decisions for cues in options])[:, 0]
        sizes = [len(options) for options in decisions]
        starts = np.cumsum([0, *sizes[:-1]])
        powers = np.exp(scores - np.repeat(np.maximum.reduceat(scores, starts), sizes))
        shares = powers / np.repeat(np.add.reduceat(powers, starts), sizes)
        return np.split(shares, starts[1:])

    def reasons(self, cues: Sequence[str], label: str, count: int = 3) -> list[tuple[str, float]]:
        """The cues that speak most for `label` against the mean of the others, the strongest first."""
        column = self.labels.index(label)
        gains = {
            cue: float(self.weights[self.rows[cue], column] - self.weights[self.rows[cue]].mean())
            for cue in cues
            if cue in self.rows
        }
        return sorted(gains.items(), key=lambda item: (-item[1], item[0]))[:count]


def softmax(scores: Matrix) -> Matrix:
    """Rows of scores to rows of probabilities."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True, initial=-1e30))
    shares: Matrix = powers / powers.sum(axis=1, keepdims=True)
    return shares


def save(model: LogLinear, path: Path) -> None:
    """Write `model` to `path`; the same model gives the same bytes but for the archive's time stamps."""
    cues = "\n".join(sorted(model.rows, key=lambda cue: model.rows[cue]))
    np.savez_compressed(
        path,
        labels=np.frombuffer("\n".join(model.labels).encode(), dtype=np.uint8),
        cues=np.frombuffer(cues.encode(), dtype=np.uint8),
        weights=model.weights.astype(np.float16),
        dense=model.dense.astype(np.float16),
    )


@lru_cache(maxsize=8)
def load(name: str) -> LogLinear:
    """The model ``data/events/<name>.npz``."""
    data = files("pipeline.data").joinpath("events").joinpath(f"{name}.npz").read_bytes()
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        labels = bytes(arrays["labels"]).decode().split("\n")
        cues = bytes(arrays["cues"]).decode().split("\n")
        return LogLinear(
            tuple(labels),
            {cue: row for row, cue in enumerate(cues)},
            arrays["weights"].astype(np.float32),
            arrays["dense"].astype(np.float32),
        )

"""Log-linear models (multinomial logistic regression, and its conditional form over options) on named cues.

Inference is a sum of weight rows; training is in `pipeline.training.events`. A model is one ``.npz`` without pickled
objects: the cues as one text, one to a line, and the weights as 16-bit floats.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
        found = sum_rows(cues, self.rows, self.weights)
        if dense is not None and len(self.dense):
            found += dense @ self.dense
        return found

    def probabilities(self, cues: Sequence[Sequence[str]], dense: Matrix | None = None) -> Matrix:
        """The distribution over the labels for every list of cues."""
        return softmax(self.scores(cues, dense))

    def reasons(self, cues: Sequence[str], label: str, count: int = 3) -> list[tuple[str, float]]:
        """The cues that speak most for `label` against the mean of the others, the strongest first."""
        column = self.labels.index(label)
        gains = {
            cue: float(self.weights[self.rows[cue], column] - self.weights[self.rows[cue]].mean())
            for cue in cues
            if cue in self.rows
        }
        return sorted(gains.items(), key=lambda item: (-item[1], item[0]))[:count]


def sum_rows(cues: Sequence[Sequence[str]], rows: Mapping[str, int], weights: Matrix) -> Matrix:
    """The sum of the weights of every list of cues, one row a list; a cue said twice counts once, an unknown one not at all."""
    sizes = [len(said) for said in cues]
    known = np.fromiter(map(rows.get, chain.from_iterable(cues), repeat(-1)), dtype=np.intp, count=sum(sizes))
    places = np.repeat(np.arange(len(cues)), sizes) * len(rows) + known
    places = np.sort(places[known >= 0])  # list by list, and always in one order: sums of floats depend on it
    lists, found = np.divmod(places[np.diff(places, prepend=-1) > 0], len(rows))
    starts = np.flatnonzero(np.diff(lists, prepend=-1))
    sums = np.zeros((len(cues), weights.shape[1]), dtype=np.float32)
    if len(starts):
        sums[lists[starts]] = np.add.reduceat(weights[found], starts, axis=0)
    return sums


def softmax(scores: Matrix) -> Matrix:
    """Rows of scores to rows of probabilities."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True, initial=-1e30))
    shares: Matrix = powers / powers.sum(axis=1, keepdims=True)
    return shares


def units(rows: Matrix) -> Matrix:
    """`rows` brought to length one; a row of zeros stays."""
    lengths = np.sqrt((rows * rows).sum(axis=1, keepdims=True))
    return (rows / np.where(lengths > 0, lengths, 1)).astype(np.float32)


def save(model: LogLinear, path: Path) -> None:
    """Write `model` to `path`."""
    write(path, model.labels, model.rows, weights=model.weights, dense=model.dense)


def load(name: str) -> LogLinear:
    """The model ``data/events/<name>.npz``."""
    labels, rows, arrays = read(name)
    return LogLinear(labels, rows, arrays["weights"], arrays["dense"])


def write(path: Path, labels: Sequence[str], rows: Mapping[str, int], **arrays: Matrix) -> None:
    """Write a model to `path`; the same model gives the same bytes but for the archive's time stamps."""
    cues = "\n".join(sorted(rows, key=lambda cue: rows[cue]))
    np.savez_compressed(
        path,
        labels=np.frombuffer("\n".join(labels).encode(), dtype=np.uint8),
        cues=np.frombuffer(cues.encode(), dtype=np.uint8),
        allow_pickle=False,
        **{name: array.astype(np.float16) for name, array in arrays.items()},
    )


def read(name: str) -> tuple[tuple[str, ...], dict[str, int], dict[str, Matrix]]:
    """Labels, rows of cues and arrays of the model ``data/events/<name>.npz``."""
    data = files("pipeline.data").joinpath("events").joinpath(f"{name}.npz").read_bytes()
    with np.load(io.BytesIO(data), allow_pickle=False) as stored:
        labels = bytes(stored["labels"]).decode().split("\n")
        cues = bytes(stored["cues"]).decode().split("\n")
        arrays = {key: stored[key].astype(np.float32) for key in stored.files if key not in {"labels", "cues"}}
    return tuple(labels), {cue: row for row, cue in enumerate(cues)}, arrays

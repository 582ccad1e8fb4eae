"""Log-linear models (multinomial logistic regression) on named cues.

Inference is a sum of weight rows; training is in `pipeline.training.events`. A model is one ``.npz`` without pickled
objects: the cues as one text, one to a line, and the weights as 16-bit floats.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np

from pipeline.events.learned.cues import Cue, Matrix, Table


@dataclass(frozen=True, slots=True)
class LogLinear:
    """Weights of cues (and of a dense vector) for every label."""

    labels: tuple[str, ...]
    table: Table  # cues x labels
    dense: Matrix  # dimensions x labels, empty where there is no dense vector

    def scores(self, cues: Sequence[Sequence[Cue]], dense: Matrix | None = None) -> Matrix:
        """One row of scores for every list of cues, one column a label."""
        found = self.table.sums(cues)
        if dense is not None and len(self.dense):
            found += dense @ self.dense
        return found

    def probabilities(self, cues: Sequence[Sequence[Cue]], dense: Matrix | None = None) -> Matrix:
        """The distribution over the labels for every list of cues."""
        return softmax(self.scores(cues, dense))


def softmax(scores: Matrix) -> Matrix:
    """Rows of scores to rows of probabilities."""
    powers: Matrix = np.exp(scores - scores.max(axis=1, keepdims=True, initial=-1e30))
    shares: Matrix = powers / powers.sum(axis=1, keepdims=True)
    return shares


def units(rows: Matrix) -> Matrix:
    """`rows` brought to length one; a row of zeros stays."""
    lengths = np.sqrt((rows * rows).sum(axis=1, keepdims=True))
    return (rows / np.where(lengths > 0, lengths, 1)).astype(np.float32)


def save(model: LogLinear, path: Path) -> None:
    """Write `model` to `path`."""
    write(path, model.labels, model.table, dense=model.dense)


def load(name: str) -> LogLinear:
    """The model ``data/events/<name>.npz``."""
    labels, table, arrays = read(name)
    return LogLinear(labels, table, arrays["dense"])


def write(path: Path, labels: Sequence[str], table: Table, **arrays: Matrix) -> None:
    """Write a model to `path`; the same model gives the same bytes but for the archive's time stamps."""
    cues = "\n".join(sorted(table.rows, key=lambda cue: table.rows[cue]))
    np.savez_compressed(
        path,
        labels=np.frombuffer("\n".join(labels).encode(), dtype=np.uint8),
        cues=np.frombuffer(cues.encode(), dtype=np.uint8),
        allow_pickle=False,
        **{name: array.astype(np.float16) for name, array in {"weights": table.weights, **arrays}.items()},
    )


def read(name: str) -> tuple[tuple[str, ...], Table, dict[str, Matrix]]:
    """Labels, weights of cues and further arrays of the model ``data/events/<name>.npz``."""
    data = files("pipeline.data").joinpath("events").joinpath(f"{name}.npz").read_bytes()
    with np.load(io.BytesIO(data), allow_pickle=False) as stored:
        labels = bytes(stored["labels"]).decode().split("\n")
        cues = bytes(stored["cues"]).decode().split("\n")
        arrays = {key: stored[key].astype(np.float32) for key in stored.files if key not in {"labels", "cues"}}
    return tuple(labels), Table({cue: row for row, cue in enumerate(cues)}, arrays.pop("weights")), arrays

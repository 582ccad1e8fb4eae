"""Cues, and the weights that a model gives them.

A cue is a short text such as "lemma=tuer". Many are always said together, all those of a word's form for instance: such a group
is a function and the facts that it spells its cues from, and the sum of their weights is worked out once. An article says some
thousand cues; most of them are in groups that another article has said already.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]
Group = tuple[Any, ...]  # a function, then what it is called with; it gives a list of cues
Cue = str | Group
_ROOM = 1 << 15  # groups whose sums are kept; some megabytes a model


def spelled(cues: Iterable[Cue]) -> list[str]:
    """The cues by their names, those of groups too, each once."""
    return list(dict.fromkeys(chain.from_iterable([cue] if isinstance(cue, str) else cue[0](*cue[1:]) for cue in cues)))


class Table:
    """A row of weights for every cue.

    Attributes:
        rows: the row of every cue.
    """

    def __init__(self, rows: Mapping[str, int], weights: Matrix) -> None:
        self.rows = rows
        self._sums = _Sums(rows, weights)

    @property
    def weights(self) -> Matrix:
        """The weights of the single cues, cues x columns."""
        return self._sums.weights[: len(self.rows)]

    def sums(self, said: Sequence[Iterable[Cue]]) -> Matrix:
        """The sum of the weights of every list of cues, one row a list.

        A cue or group said twice counts once, an unknown cue not at all. No cue may be said alone and in a group too.
        """
        if self._sums.is_full:
            self._sums = _Sums(self.rows, self.weights)
        kept = self._sums
        once = [dict.fromkeys(map(kept.__getitem__, cues)) for cues in said]
        sizes = np.array([len(places) for places in once], dtype=np.intp)
        found = np.fromiter(chain.from_iterable(once), dtype=np.intp, count=sizes.sum())
        sums = np.zeros((len(once), kept.weights.shape[1]), dtype=np.float32)
        if len(found):
            starts = np.cumsum(sizes) - sizes
            sums[sizes > 0] = np.add.reduceat(kept.weights[found], starts[sizes > 0], axis=0)
        return sums


class _Sums(dict[Cue, int]):
    """The place in `weights` of every single cue and, once it has been asked for, of every group with its sum."""

    def __init__(self, rows: Mapping[str, int], weights: Matrix) -> None:
        super().__init__(rows.items())
        self._unknown, self._lock = len(rows), Lock()
        self.weights = np.zeros((len(rows) + 1 + _ROOM, weights.shape[1]), dtype=np.float32)
        self.weights[: len(rows)] = weights
        self._next = len(rows) + 1

    @property
    def is_full(self) -> bool:
        """Whether the groups have taken all the room meant for them."""
        return self._next - self._unknown > _ROOM

    def __missing__(self, cue: Cue) -> int:
        if isinstance(cue, str):
            return self._unknown
        rows = [self.get(name, self._unknown) for name in dict.fromkeys(cue[0](*cue[1:]))]
        with self._lock:
            place, self._next = self._next, self._next + 1
            if place == len(self.weights):  # one long article says so many
                self.weights = np.vstack([self.weights, np.zeros_like(self.weights)])
            self.weights[place] = self.weights[rows].sum(axis=0)
            self[cue] = place
        return place

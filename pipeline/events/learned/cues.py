"""Cues, and the weights that a model gives them.

A cue is a short text such as "lemma=tuer". Many are always said together, all those of a word's form for instance: such a group
is a function and the facts that it spells its cues from, and the sum of their weights is worked out once. An article says some
thousand cues; most of them are in groups that another article has said already.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, repeat
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]
Group = tuple[Any, ...]  # a function, then what it is called with; it gives a list of cues
Cue = str | Group
_UNKNOWN = -1
_NO_HASH = -1  # of nothing in Python
_ROOM = 1 << 15  # groups whose sums are kept; some megabytes a model
_SLOTS = 4  # for every cue: fewer are taken from each other more often


def spelled(cues: Iterable[Cue]) -> list[str]:
    """The cues by their names, those of groups too."""
    return list(chain.from_iterable([cue] if isinstance(cue, str) else cue[0](*cue[1:]) for cue in cues))


class Table:
    """A row of weights for every cue.

    Attributes:
        rows: the row of every cue.
    """

    def __init__(self, rows: Mapping[str, int], weights: Matrix) -> None:
        self.rows = rows
        self._sums, self._lock = _Sums(rows, weights), Lock()

    @property
    def weights(self) -> Matrix:
        """The weights of the single cues, cues x columns."""
        return self._sums.weights[: len(self.rows)]

    def sums(self, said: Sequence[Sequence[Cue]]) -> Matrix:
        """The sum of the weights of every list of cues, one row a list.

        A cue said twice counts twice, an unknown one not at all.
        """
        cues = list(chain.from_iterable(said))
        with self._lock:
            if self._sums.is_full:
                self._sums = _Sums(self.rows, self.weights)
            found = self._sums.places(cues)
            return _summed(self._sums.weights, found, [len(each) for each in said])


def _summed(weights: Matrix, rows: NDArray[np.int64], sizes: Sequence[int]) -> Matrix:
    """The sums of the first `sizes[0]` of the `rows` of `weights`, of the next `sizes[1]` and so on."""
    counts = np.array(sizes, dtype=np.int64)
    said, starts = counts > 0, counts.cumsum() - counts
    sums = np.zeros((len(sizes), weights.shape[1]), dtype=np.float32)
    if len(rows):
        sums[said] = np.add.reduceat(weights.take(rows, axis=0), starts[said], axis=0)
    return sums


class _Sums:
    """The weights of every single cue and, once it has been asked for, of every group; the last row, of unknown cues, is zero.

    The sums of new groups are worked out together: one by one that takes as long as all the rest.
    """

    def __init__(self, rows: Mapping[str, int], weights: Matrix) -> None:
        self._at: dict[Cue, int] = {}
        self._at.update(rows)
        self._single, self._next = len(rows), len(rows)
        self.weights = np.zeros((len(rows) + _ROOM + 1, weights.shape[1]), dtype=np.float32)
        self.weights[: len(rows)] = weights
        # By the last digits of a hash: the hash, and the row of the cue that was last looked up of those that end so.
        self._slots = np.full((1 << (_SLOTS * len(rows)).bit_length(), 2), _NO_HASH, dtype=np.int64)

    @property
    def is_full(self) -> bool:
        """Whether the groups have taken all the room meant for them."""
        return self._next - self._single >= _ROOM

    def places(self, cues: Sequence[Cue]) -> NDArray[np.int64]:
        """The row of `weights` for every cue."""
        found = self._known(cues)
        unknown = np.flatnonzero(found == _UNKNOWN).tolist()
        groups = {number: cue for number in unknown if not isinstance(cue := cues[number], str)}
        if groups:
            added = self._add(list(dict.fromkeys(groups.values())))
            found[list(groups)] = [added[group] for group in groups.values()]
        return found

    def _known(self, cues: Sequence[Cue]) -> NDArray[np.int64]:
        """The row of every cue, `_UNKNOWN` where it has none.

        A dictionary waits for memory several times at every cue; the slots are read all together. Two cues of one hash, out of
        2**64, are taken for one.
        """
        hashes = _hashes(cues)
        kept = self._slots.take(hashes & (len(self._slots) - 1), axis=0)
        found = kept[:, 1]
        missed = np.flatnonzero(kept[:, 0] != hashes)
        if len(missed):
            asked = map(self._at.get, [cues[number] for number in missed.tolist()], repeat(_UNKNOWN))
            found[missed] = np.fromiter(asked, dtype=np.int64, count=len(missed))
            self._keep(hashes[missed], found[missed])
        return found

    def _keep(self, hashes: NDArray[np.int64], rows: NDArray[np.int64]) -> None:
        self._slots[hashes & (len(self._slots) - 1)] = np.column_stack([hashes, rows])

    def _add(self, groups: Sequence[Group]) -> dict[Cue, int]:
        """Work out the sums of `groups`; their rows."""
        names = [group[0](*group[1:]) for group in groups]
        first, self._next = self._next, self._next + len(groups)
        if self._next >= len(self.weights):  # one long article says so many
            self.weights = np.vstack([self.weights, np.zeros((self._next, self.weights.shape[1]), dtype=np.float32)])
        rows = self._known(list(chain.from_iterable(names)))
        self.weights[first : self._next] = _summed(self.weights, rows, [len(each) for each in names])
        added: dict[Cue, int] = dict(zip(groups, range(first, self._next), strict=True))
        self._at.update(added)
        self._keep(_hashes(groups), np.arange(first, self._next))
        return added


def _hashes(cues: Sequence[Cue]) -> NDArray[np.int64]:
    return np.fromiter(map(hash, cues), dtype=np.int64, count=len(cues))

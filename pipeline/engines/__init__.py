"""Engines map one function over shards of the corpus. They know paths and processes, nothing of French.

A shard goes out as paths, what comes back is a manifest: a plain dictionary that says what the worker has written. The manifest
is the truth, not the folder's listing: a shard may be worked on twice, and only the manifest that arrives counts.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

Manifest = dict[str, Any]
Beat = Callable[[str, int, str], None]  # file, number of the record in it, "open", "read" or "extract"


@dataclass(frozen=True, slots=True)
class Skip:
    """A record that cost a worker its life: it is left out, with the reason."""

    path: str
    record: int
    doing: str  # open: the file gives nothing; read: nothing behind this record can be reached; extract: only this record is lost
    reason: str


@dataclass(frozen=True, slots=True)
class Shard:
    """Files to be processed together, as paths relative to the corpus; `singly` one article at a time."""

    paths: tuple[str, ...]
    singly: bool = False
    skips: tuple[Skip, ...] = ()


@dataclass(frozen=True, slots=True)
class Job:
    """What a worker does: `factory` ("module:function") is called once per worker with `options`, which JSON can hold, and
    returns the function that takes a shard and a beat and returns a manifest."""

    factory: str
    options: dict[str, Any]

    def worker(self) -> Callable[[Shard, Beat], Manifest]:
        """Build the worker; loads the model."""
        module, _, function = self.factory.partition(":")
        built: Callable[[Shard, Beat], Manifest] = getattr(importlib.import_module(module), function)(self.options)
        return built


class Engine(Protocol):
    """Maps a job over shards."""

    def __call__(self, job: Job, shards: Iterable[Shard], *, jobs: int, timeout: float) -> Generator[Manifest]:
        """The manifests of all shards, in the order in which they are done; closing it ends the work."""

"""Tar archives, compressed or not: read as a stream, a member at a time; names in them are never used as paths."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import IO

from pipeline.ingest import limits
from pipeline.ingest.fields import Names
from pipeline.ingest.formats import compressed
from pipeline.ingest.raw import Broken, Raw

SUFFIXES = compressed.TAR_SUFFIXES
LIBRARIES = compressed.LIBRARIES


def read(path: Path, names: Names) -> Iterator[Raw | Broken]:
    """The records of the regular files in the archive, in its order; links, devices and hidden files are passed over.

    Raises:
        ReadError: it is damaged, or a bomb, or holds nothing that can be read, or the library for .zst is missing.
        OSError: it cannot be opened or read.
    """
    number = 0
    size = path.stat().st_size
    total = limits.unpacking(size)
    with (
        compressed.damage_reported(),
        path.open("rb") as file,
        compressed.unpacked(file, path.name) as packed,
        _archive(packed, size) as archive,
    ):
        for member in archive:
            archive.members = []  # type: ignore[attr-defined]  # tarfile remembers every member that it has passed
            if not member.isreg() or not compressed.wanted(member.name):
                continue
            own = limits.unpacking(size)  # a member of holes is larger than what the archive holds of it
            for record in compressed.member_records(partial(archive.extractfile, member), member.name, names, own, total):
                number += 1
                yield replace(record, number=number)
    if not number:
        raise compressed.nothing_there()


def _archive(packed: IO[bytes], size: int) -> tarfile.TarFile:
    return tarfile.open(fileobj=_Metered(packed, limits.unpacking(size)), mode="r|")  # type: ignore[call-overload,no-any-return]


class _Metered:
    """A stream that ends with an error when it has given more than `meter` allows. A class because tarfile wants a file."""

    def __init__(self, packed: IO[bytes], meter: limits.Meter) -> None:
        self._packed = packed
        self._meter = meter

    def read(self, size: int) -> bytes:
        data = self._packed.read(size)
        self._meter.take(len(data))
        return data

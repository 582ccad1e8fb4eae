"""Tar archives, compressed or not: read as a stream, a member at a time; names in them are never used as paths."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import IO

from pipeline.errors import ReadError
from pipeline.ingest.fields import Names
from pipeline.ingest.formats import compressed
from pipeline.ingest.raw import Broken, Raw

SUFFIXES = compressed.TAR_SUFFIXES


def read(path: Path, names: Names) -> Iterator[Raw | Broken]:
    """The records of the regular files in the archive, in its order; links, devices and hidden files are passed over.

    Raises:
        ReadError: it is damaged, or a bomb, or holds nothing that can be read, or the library for .zst is missing.
        OSError: it cannot be opened or read.
    """
    number = 0
    size = path.stat().st_size
    with compressed.damage_reported(), compressed.opened(path) as packed, _archive(packed, size) as archive:
        for member in archive:
            archive.members = []  # type: ignore[attr-defined]  # tarfile remembers every member that it has passed
            if not member.isreg() or not compressed.wanted(member.name):
                continue
            for record in compressed.member_records(partial(archive.extractfile, member), member.name, size, names):
                number += 1
                yield replace(record, number=number)
    if not number:
        raise compressed.nothing_there()


def _archive(packed: IO[bytes], size: int) -> tarfile.TarFile:
    return tarfile.open(fileobj=_Limited(packed, size), mode="r|")  # type: ignore[call-overload,no-any-return]


class _Limited:
    """A stream that ends with an error when it has given more than any text unpacks to. A class because tarfile wants a file."""

    def __init__(self, packed: IO[bytes], size: int) -> None:
        self._packed = packed
        self._left = max(compressed.ALLOWED_BYTES, compressed.MAX_RATIO * size)

    def read(self, size: int) -> bytes:
        data = self._packed.read(size)
        self._left -= len(data)
        if self._left < 0:
            raise ReadError(f"unpacks to more than {compressed.MAX_RATIO} times its size: no text does that")
        return data

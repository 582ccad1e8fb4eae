"""Compressed files: .gz and .bz2 of one file, .zip of many. What is in them is unpacked to a temporary file, one at a time.

Names inside an archive are never used as paths; what unpacks to far more than any text would is refused.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import IO, cast

from pipeline.errors import ReadError
from pipeline.ingest import formats, limits
from pipeline.ingest.raw import Broken, Raw

SUFFIXES = (".gz", ".bz2", ".zip")
_DAMAGED = (EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, gzip.BadGzipFile, RuntimeError, NotImplementedError)


def accepts(name: str) -> bool:
    """Whether what is in a file of this name can be read: ``x.csv.gz`` yes, ``x.sql.gz`` no. Of a .zip only the content tells."""
    if formats.suffix_of(name) == ".zip":
        return True
    inner = name.rpartition(".")[0]
    return formats.suffix_of(inner) not in SUFFIXES and formats.readable(inner)


def read(path: Path) -> Iterator[Raw | Broken]:
    """The records of what is in the file.

    Raises:
        ReadError: it is damaged, or a bomb, or holds nothing that can be read.
        OSError: it cannot be opened or read.
    """
    if formats.suffix_of(path.name) == ".zip":
        yield from _read_zip(path)
        return
    inner = path.name.rpartition(".")[0]
    with _damage_reported(), _opened(path) as packed, _unpacked(packed, inner, limits.unpacking(path.stat().st_size)) as file:
        yield from formats.read(file)


def _opened(path: Path) -> IO[bytes]:
    opener = gzip.open if formats.suffix_of(path.name) == ".gz" else bz2.open
    return cast(IO[bytes], opener(path, "rb"))


def _read_zip(path: Path) -> Iterator[Raw | Broken]:
    number = 0
    total = limits.unpacking(path.stat().st_size)  # whatever the directory of the archive says: entries may overlap
    with _damage_reported(), zipfile.ZipFile(path) as archive:
        for member in sorted(archive.infolist(), key=lambda member: member.filename):
            if not _wanted(member):
                continue
            for record in _member(archive, member, total):
                number += 1
                yield replace(record, number=number)
    if not number:
        raise ReadError(f"nothing in the archive can be read. Readable: {', '.join(sorted(formats.by_suffix()))}.")


def _wanted(member: zipfile.ZipInfo) -> bool:
    parts = member.filename.split("/")
    hidden = any(part.startswith((".", "__MACOSX")) and part != ".." for part in parts)
    return not member.is_dir() and not hidden and formats.suffix_of(parts[-1]) not in SUFFIXES and formats.readable(parts[-1])


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, total: limits.Meter) -> Iterator[Raw | Broken]:
    """The records of one member; one that cannot be read does not cost the others."""
    try:
        own = limits.unpacking(member.compress_size)
        with archive.open(member) as packed, _unpacked(packed, member.filename, own, total) as file:
            for record in formats.read(file):
                yield replace(record, member=member.filename) if isinstance(record, Raw) else _at(member, record.reason)
    except ReadError as error:
        yield _at(member, str(error))
        total.take(0)  # once the whole archive has unpacked to too much, nothing more of it is read
    except _DAMAGED as error:
        yield _at(member, f"damaged or encrypted: {error}")


def _at(member: zipfile.ZipInfo, reason: str) -> Broken:
    return Broken(reason=f"{member.filename}: {reason}")


@contextmanager
def _damage_reported() -> Iterator[None]:
    try:
        yield
    except _DAMAGED as error:
        raise ReadError(f"damaged archive: {error}") from error


@contextmanager
def _unpacked(packed: IO[bytes], name: str, *meters: limits.Meter) -> Iterator[Path]:
    """A temporary file with the content of `packed` and the suffix of `name`."""
    with tempfile.TemporaryDirectory(prefix="ephemeride-") as folder:
        path = Path(folder) / f"member{formats.suffix_of(name)}"
        limits.unpack(packed, path, *meters)
        yield path

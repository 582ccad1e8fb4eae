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
from pipeline.ingest import formats
from pipeline.ingest.raw import Broken, Raw

SUFFIXES = (".gz", ".bz2", ".zip")
MAX_RATIO = 200  # text packs 3 to 20 times smaller
ALLOWED_BYTES = 64 << 20  # may be unpacked whatever the ratio
_CHUNK = 1 << 20
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
    with _damage_reported(), _opened(path) as packed, _unpacked(packed, inner, path.stat().st_size) as file:
        yield from formats.read(file)


def _opened(path: Path) -> IO[bytes]:
    opener = gzip.open if formats.suffix_of(path.name) == ".gz" else bz2.open
    return cast(IO[bytes], opener(path, "rb"))


def _read_zip(path: Path) -> Iterator[Raw | Broken]:
    number = 0
    with _damage_reported(), zipfile.ZipFile(path) as archive:
        for member in sorted(archive.infolist(), key=lambda member: member.filename):
            if not _wanted(member):
                continue
            for record in _member(archive, member):
                number += 1
                yield replace(record, number=number)
    if not number:
        raise ReadError(f"nothing in the archive can be read. Readable: {', '.join(sorted(formats.by_suffix()))}.")


def _wanted(member: zipfile.ZipInfo) -> bool:
    parts = member.filename.split("/")
    hidden = any(part.startswith((".", "__MACOSX")) and part != ".." for part in parts)
    return not member.is_dir() and not hidden and formats.suffix_of(parts[-1]) not in SUFFIXES and formats.readable(parts[-1])


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[Raw | Broken]:
    """The records of one member; one that cannot be read does not cost the others."""
    try:
        with archive.open(member) as packed, _unpacked(packed, member.filename, member.compress_size) as file:
            for record in formats.read(file):
                yield replace(record, member=member.filename) if isinstance(record, Raw) else _at(member, record.reason)
    except ReadError as error:
        yield _at(member, str(error))
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
def _unpacked(packed: IO[bytes], name: str, packed_size: int) -> Iterator[Path]:
    """A temporary file with the content of `packed` and the suffix of `name`."""
    limit = max(ALLOWED_BYTES, MAX_RATIO * packed_size)
    with tempfile.TemporaryDirectory(prefix="ephemeride-") as folder:
        path = Path(folder) / f"member{formats.suffix_of(name)}"
        written = 0
        with path.open("wb") as file:
            while chunk := packed.read(_CHUNK):
                written += len(chunk)
                if written > limit:
                    raise ReadError(f"unpacks to more than {limit >> 20} MB, {MAX_RATIO} times its size: no text does that")
                file.write(chunk)
        yield path

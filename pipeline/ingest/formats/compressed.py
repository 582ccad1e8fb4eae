"""Compressed files: .gz, .bz2, .xz and .zst of one file, .zip of many. Each is unpacked to a temporary file.

Names inside an archive are never used as paths; what unpacks to far more than any text would is refused.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import sys
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import IO, Any, cast

from pipeline.errors import ReadError
from pipeline.ingest import extras, formats, limits
from pipeline.ingest.fields import Names
from pipeline.ingest.raw import Broken, Raw

SUFFIXES = (".gz", ".bz2", ".xz", ".zst", ".zip")
LIBRARIES = ("backports.zstd",)
TAR_SUFFIXES = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz", ".tar.zst", ".tzst")
_ZSTD = "compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd"
_DAMAGED = (
    *(EOFError, zlib.error, lzma.LZMAError, gzip.BadGzipFile),
    *(zipfile.BadZipFile, tarfile.TarError, RuntimeError, NotImplementedError),
)


def accepts(name: str) -> bool:
    """Whether what is in a file of this name can be read: ``x.csv.gz`` yes, ``x.sql.gz`` no. Of a .zip only the content tells."""
    if formats.suffix_of(name) == ".zip":
        return True
    inner = name.rpartition(".")[0]
    return formats.suffix_of(inner) not in (*SUFFIXES, *TAR_SUFFIXES) and formats.readable(inner)


def read(path: Path, names: Names) -> Iterator[Raw | Broken]:
    """The records of what is in the file.

    Raises:
        ReadError: it is damaged, or a bomb, or holds nothing that can be read, or the library for .zst is missing.
        OSError: it cannot be opened or read.
    """
    if formats.suffix_of(path.name) == ".zip":
        yield from _read_zip(path, names)
        return
    inner = path.name.rpartition(".")[0]
    meter = limits.unpacking(path.stat().st_size)
    with (
        damage_reported(),
        path.open("rb") as file,
        unpacked(file, path.name) as packed,
        _written(packed, inner, meter) as written,
    ):
        yield from formats.read(written, names)


def unpacked(file: IO[bytes], name: str, only: Sequence[str] = (*SUFFIXES, *TAR_SUFFIXES)) -> IO[bytes]:
    """What is in a compressed file of that name, as a stream; the file itself if its suffix is not one of `only` that pack."""
    packing = formats.suffix_of(name).rpartition(".")[2] if formats.suffix_of(name) in only else ""
    if packing in ("gz", "tgz"):
        return cast(IO[bytes], gzip.open(file, "rb"))
    if packing in ("bz2", "tbz2"):
        return cast(IO[bytes], bz2.open(file, "rb"))
    if packing in ("xz", "txz"):
        return cast(IO[bytes], lzma.open(file, "rb"))
    if packing in ("zst", "tzst"):
        return cast(IO[bytes], _zstd().open(file, "rb"))
    return file


def _zstd() -> Any:
    return extras.load(_ZSTD, extra="zstd", reads="Zstandard files")


def _damaged() -> tuple[type[Exception], ...]:
    """What the libraries raise on damaged archives."""
    zstd = sys.modules.get(_ZSTD)
    return _DAMAGED if zstd is None else (*_DAMAGED, zstd.ZstdError)


def _read_zip(path: Path, names: Names) -> Iterator[Raw | Broken]:
    number = 0
    total = limits.unpacking(path.stat().st_size)  # whatever the directory of the archive says: entries may overlap
    with damage_reported(), zipfile.ZipFile(path) as archive:
        for member in sorted(archive.infolist(), key=lambda member: member.filename):
            if member.is_dir() or not wanted(member.filename):
                continue
            own = limits.unpacking(member.compress_size)
            for record in member_records(partial(archive.open, member), member.filename, names, own, total):
                number += 1
                yield replace(record, number=number)
    if not number:
        raise nothing_there()


def nothing_there() -> ReadError:
    """The error of an archive without anything that can be read."""
    return ReadError(f"nothing in the archive can be read. Readable: {', '.join(sorted(formats.by_suffix()))}.")


def wanted(name: str) -> bool:
    """Whether the member of an archive is one that would be read in a folder: not hidden, of a known format."""
    parts = name.split("/")
    hidden = any(part.startswith((".", "__MACOSX")) and part not in ("..", ".") for part in parts)
    return not hidden and formats.readable(parts[-1])


def member_records(
    opener: Callable[[], IO[bytes] | None], name: str, names: Names, own: limits.Meter, total: limits.Meter
) -> Iterator[Raw | Broken]:
    """The records of the member called `name`, which `opener` opens; one that cannot be read does not cost the others.

    `own` counts what the member unpacks to, `total` what all of them do: once that is too much, nothing more is read.
    """
    if formats.suffix_of(name) in (".zip", *TAR_SUFFIXES):
        yield _at(name, "an archive in an archive. Unpack it.")
        return
    inner = name.rpartition(".")[0] if formats.suffix_of(name) in SUFFIXES else name
    try:
        with (
            cast(IO[bytes], opener()) as member,
            unpacked(member, name, only=SUFFIXES) as packed,
            _written(packed, inner, own, total) as path,
        ):
            for record in formats.read(path, names):
                yield replace(record, member=name) if isinstance(record, Raw) else _at(name, record.reason)
    except ReadError as error:
        yield _at(name, str(error))
        total.take(0)
    except _damaged() as error:
        yield _at(name, f"damaged or encrypted: {error}")


def _at(name: str, reason: str) -> Broken:
    return Broken(reason=f"{name}: {reason}")


@contextmanager
def damage_reported() -> Iterator[None]:
    """Turns what the libraries raise on damaged archives into a `ReadError`."""
    try:
        yield
    except _damaged() as error:
        raise ReadError(f"damaged archive: {error}") from error


@contextmanager
def _written(packed: IO[bytes], name: str, *meters: limits.Meter) -> Iterator[Path]:
    """A temporary file with the content of `packed` and the suffix of `name`."""
    with tempfile.TemporaryDirectory(prefix="ephemeride-") as folder:
        path = Path(folder) / f"member{formats.suffix_of(name)}"
        limits.unpack(packed, path, *meters)
        yield path

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
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import IO, Any, cast

from pipeline.errors import ReadError
from pipeline.ingest import extras, formats
from pipeline.ingest.fields import Names
from pipeline.ingest.raw import Broken, Raw

SUFFIXES = (".gz", ".bz2", ".xz", ".zst", ".zip")
TAR_SUFFIXES = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz", ".tar.zst", ".tzst")
MAX_RATIO = 200  # text packs 3 to 20 times smaller
ALLOWED_BYTES = 64 << 20  # may be unpacked whatever the ratio
_CHUNK = 1 << 20
_ZSTD = "compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd"
DAMAGED = (
    *(EOFError, zlib.error, lzma.LZMAError, gzip.BadGzipFile),
    *(zipfile.BadZipFile, tarfile.TarError, RuntimeError, NotImplementedError),
)


def accepts(name: str) -> bool:
    """Whether what is in a file of this name can be read: ``x.csv.gz`` yes, ``x.sql.gz`` no. Of a .zip only the content tells."""
    if formats.suffix_of(name) == ".zip":
        return True
    inner = name.rpartition(".")[0]
    return formats.suffix_of(inner) not in SUFFIXES and formats.readable(inner)


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
    with damage_reported(), opened(path) as packed, _unpacked(packed, inner, path.stat().st_size) as file:
        yield from formats.read(file, names)


def opened(path: Path) -> IO[bytes]:
    """What is in a compressed file, as a stream; the file itself if its suffix names no compression."""
    suffix = path.name.lower().rpartition(".")[2]
    if suffix in ("gz", "tgz"):
        return cast(IO[bytes], gzip.open(path, "rb"))
    if suffix in ("bz2", "tbz2"):
        return cast(IO[bytes], bz2.open(path, "rb"))
    if suffix in ("xz", "txz"):
        return cast(IO[bytes], lzma.open(path, "rb"))
    if suffix in ("zst", "tzst"):
        return cast(IO[bytes], _zstd().open(path, "rb"))
    return path.open("rb")


def _zstd() -> Any:
    return extras.load(_ZSTD, extra="zstd", reads="Zstandard files")


def _damaged() -> tuple[type[Exception], ...]:
    """What the libraries raise on damaged archives."""
    zstd = sys.modules.get(_ZSTD)
    return DAMAGED if zstd is None else (*DAMAGED, zstd.ZstdError)


def _read_zip(path: Path, names: Names) -> Iterator[Raw | Broken]:
    number = 0
    with damage_reported(), zipfile.ZipFile(path) as archive:
        for member in sorted(archive.infolist(), key=lambda member: member.filename):
            if member.is_dir() or not wanted(member.filename):
                continue
            for record in member_records(partial(archive.open, member), member.filename, member.compress_size, names):
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


def member_records(opener: Callable[[], IO[bytes] | None], name: str, packed_size: int, names: Names) -> Iterator[Raw | Broken]:
    """The records of the member called `name`, which `opener` opens; one that cannot be read does not cost the others."""
    if formats.suffix_of(name) in (".zip", *TAR_SUFFIXES):
        yield _at(name, "an archive in an archive. Unpack it.")
        return
    try:
        with cast(IO[bytes], opener()) as packed, _unpacked(packed, name, packed_size) as file:
            for record in formats.read(file, names):
                yield replace(record, member=name) if isinstance(record, Raw) else _at(name, record.reason)
    except ReadError as error:
        yield _at(name, str(error))
    except _damaged() as error:
        yield _at(name, f"damaged or encrypted: {error}")


def _at(name: str, reason: str) -> Broken:
    return Broken(reason=f"{name}: {reason}")


def check_sizes(path: Path, allowed: int) -> None:
    """Check what an office document, which is a zip archive, says that it unpacks to.

    Raises:
        ReadError: it is empty, or that is more than `allowed` bytes.
    """
    if not path.stat().st_size:
        raise ReadError("empty file")
    if not zipfile.is_zipfile(path):
        unpacked = path.stat().st_size
    else:
        with damage_reported(), zipfile.ZipFile(path) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
    if unpacked > allowed:
        raise ReadError(f"larger than {allowed >> 20} MB when unpacked. Split it.")


@contextmanager
def damage_reported() -> Iterator[None]:
    """Turns what the libraries raise on damaged archives into a `ReadError`."""
    try:
        yield
    except _damaged() as error:
        raise ReadError(f"damaged archive: {error}") from error


def _ending(name: str) -> str:
    suffix = formats.suffix_of(name)
    return formats.suffix_of(name[: -len(suffix)]) + suffix if suffix in SUFFIXES else suffix


@contextmanager
def _unpacked(packed: IO[bytes], name: str, packed_size: int) -> Iterator[Path]:
    """A temporary file with the content of `packed` and the suffix of `name`."""
    limit = max(ALLOWED_BYTES, MAX_RATIO * packed_size)
    with tempfile.TemporaryDirectory(prefix="ephemeride-") as folder:
        path = Path(folder) / f"member{_ending(name)}"
        written = 0
        with path.open("wb") as file:
            while chunk := packed.read(_CHUNK):
                written += len(chunk)
                if written > limit:
                    raise ReadError(f"unpacks to more than {limit >> 20} MB, {MAX_RATIO} times its size: no text does that")
                file.write(chunk)
        yield path

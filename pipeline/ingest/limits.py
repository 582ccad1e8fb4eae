"""How much one input may take, for all formats: what is refused before it fills the memory or the disk.

A format reads a file that it needs at once with `whole`, a record that it reads piece by piece through a `Meter`, and what it
unpacks with `unpack`; what a library opens by itself it checks first with `check_file` or `check_package`. Each refuses with a
`ReadError` that names the limit.
"""

from __future__ import annotations

import sys
import zipfile
import zlib
from pathlib import Path
from typing import IO

from pipeline.errors import ReadError

MB = 1 << 20
MAX_RECORD = 32 * MB  # bytes of an article, a line, a page; characters of a row
MAX_WHOLE = 128 * MB  # bytes of a file of many records that can only be read at once
MAX_PARSED = 64 * MB  # bytes of a feed or an e-mail, of which their libraries make many times as much
MAX_DOCUMENT = 256 * MB  # bytes of a PDF file; of what an office document unpacks to
MAX_RATIO = 200  # unpacked to packed; text packs 3 to 20 times smaller
ALLOWED_UNPACKED = 64 * MB  # bytes that may be unpacked whatever the ratio
MAX_UNPACKED = 32 << 30  # bytes that one archive may unpack to, however large it is
MAX_DEPTH = 256  # elements in elements; JSON is bounded by Python's own recursion limit
_BLOCK = 1 << 20


class Meter:
    """Counts bytes or characters against a limit. A class because it counts.

    Raises:
        ReadError: from `take`, when `what` is larger than `limit`; `advice` says what to do.
    """

    def __init__(self, what: str, limit: int, advice: str = "") -> None:
        self._message = f"{what} than {size(limit)}{advice}"
        self._limit = self.left = limit

    def take(self, amount: int) -> None:
        """Count `amount`."""
        self.left -= amount
        if self.left < 0:
            raise ReadError(self._message)

    def reset(self) -> None:
        """Begin the next record."""
        self.left = self._limit


def size(amount: int) -> str:
    """A number of bytes as a person writes it."""
    return f"{amount >> 20} MB" if amount >= MB else f"{amount} bytes"


def whole(path: Path, limit: int | None = None, *, advice: str = "") -> bytes:
    """The bytes of the file at `path`, at most `limit` (`MAX_RECORD` by default).

    Raises:
        ReadError: it is empty or larger.
        OSError: it cannot be opened or read.
    """
    limit = MAX_RECORD if limit is None else limit
    with path.open("rb") as file:
        data = file.read(limit + 1)
    if not data.strip():
        raise ReadError("empty file")
    Meter("larger", limit, advice).take(len(data))
    return data


def unpacking(packed_size: int) -> Meter:
    """The meter for what `packed_size` bytes, of a member or of an archive, may unpack to."""
    limit = min(max(ALLOWED_UNPACKED, MAX_RATIO * packed_size), MAX_UNPACKED)
    return Meter("unpacks to more", limit, f", {MAX_RATIO} times its size: no text does that")


def unpack(packed: IO[bytes], target: Path, *meters: Meter) -> None:
    """Write what `packed` unpacks to into the file `target`.

    Raises:
        ReadError: it is more than one of `meters` allows.
    """
    with target.open("wb") as file:
        while block := packed.read(_BLOCK):
            for meter in meters:
                meter.take(len(block))
            file.write(block)


def check_file(path: Path, limit: int, *, advice: str = "") -> None:
    """Check the size of a file.

    Raises:
        ReadError: it is empty or larger than `limit` bytes.
    """
    if not (length := path.stat().st_size):
        raise ReadError("empty file")
    Meter("larger", limit, advice).take(length)


def check_package(path: Path, limit: int) -> None:
    """Check what an office document unpacks to, if it is a zip archive: it is counted, what the archive says may be wrong.

    Raises:
        ReadError: it is empty, damaged, or that is more than `limit` bytes.
    """
    check_file(path, limit, advice=". Split it.")
    if not zipfile.is_zipfile(path):
        return
    meter = Meter("larger", limit, " when unpacked. Split it.")
    try:
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                member.file_size = sys.maxsize  # else no more is read than the directory says
                with archive.open(member) as packed:
                    while block := packed.read(_BLOCK):
                        meter.take(len(block))
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
        raise ReadError(f"damaged, or protected by a password: {error}") from error

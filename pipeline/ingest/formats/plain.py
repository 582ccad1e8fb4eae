"""Plain text and Markdown: one article a file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pipeline.errors import ReadError
from pipeline.ingest.decode import decode
from pipeline.ingest.raw import Raw

SUFFIXES = (".txt", ".text", ".md")
MAX_BYTES = 32 << 20  # no article is longer; a longer file would fill the memory before it could be refused


def read(path: Path) -> Iterator[Raw]:
    """The article in the file.

    Raises:
        ReadError: the file is empty, too long or no text.
        OSError: it cannot be opened or read.
    """
    with path.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    if not data:
        raise ReadError("empty file")
    if len(data) > MAX_BYTES:
        raise ReadError(f"larger than {MAX_BYTES >> 20} MB, too long for one article. Split it into one file an article.")
    yield Raw(text=decode(data).text)

"""Plain text and Markdown: one article a file, or an export of a press database with many."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pipeline.errors import ReadError
from pipeline.ingest import exports
from pipeline.ingest.decode import decode
from pipeline.ingest.fields import Names
from pipeline.ingest.raw import Broken, Raw

SUFFIXES = (".txt", ".text", ".md")
MAX_BYTES = 32 << 20  # no article is longer; a longer file would fill the memory before it could be refused


def read(path: Path, names: Names) -> Iterator[Raw | Broken]:
    """The article in the file, or the articles if it is an export.

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
    text = decode(data).text
    found = False
    for record in exports.in_text(text):
        found = True
        yield record
    if not found:
        yield Raw(text=text)

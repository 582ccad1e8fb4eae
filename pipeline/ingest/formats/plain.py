"""Plain text and Markdown: one article a file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pipeline.ingest import limits
from pipeline.ingest.decode import decode
from pipeline.ingest.raw import Raw

SUFFIXES = (".txt", ".text", ".md")
LIBRARIES = ()


def read(path: Path) -> Iterator[Raw]:
    """The article in the file.

    Raises:
        ReadError: the file is empty, too long or no text.
        OSError: it cannot be opened or read.
    """
    data = limits.whole(path, advice=", too long for one article. Split it into one file an article.")
    yield Raw(text=decode(data).text)

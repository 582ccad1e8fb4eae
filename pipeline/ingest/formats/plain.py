"""Plain text and Markdown: one article a file, or an export of a press database with many."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pipeline.ingest import exports, limits
from pipeline.ingest.decode import decode
from pipeline.ingest.fields import Names
from pipeline.ingest.raw import Broken, Raw

SUFFIXES = (".txt", ".text", ".md")
LIBRARIES = ()


def read(path: Path, names: Names) -> Iterator[Raw | Broken]:
    """The article in the file, or the articles if it is an export.

    Raises:
        ReadError: the file is empty, too long or no text.
        OSError: it cannot be opened or read.
    """
    text = decode(limits.whole(path, advice=", too long for one article. Split it into one file an article.")).text
    found = False
    for record in exports.in_text(text):
        found = True
        yield record
    if not found:
        yield Raw(text=text)

"""Word documents, by python-docx: one article a file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from pipeline.errors import ReadError
from pipeline.ingest import exports, extras, fields, limits
from pipeline.ingest.fields import Names
from pipeline.ingest.raw import Broken, Raw

SUFFIXES = (".docx",)
LIBRARIES = ("python-docx", "lxml")
_TITLES = ("Title", "Heading 1")


def read(path: Path, names: Names) -> Iterator[Raw | Broken]:
    """The article, paragraphs apart by a blank line; what a document says of its own making is no date of publication.

    Raises:
        ReadError: the library is missing, or the file is empty, damaged, protected or too large.
        OSError: it cannot be opened or read.
    """
    docx = extras.load("docx", extra="office", reads="Word documents")
    package = extras.load("docx.opc.exceptions", extra="office", reads="Word documents")
    limits.check_package(path, limits.MAX_WHOLE)
    try:
        document = docx.Document(str(path))
        blocks = [block for block in _blocks(document) if block[1]]
    except (package.OpcError, BadZipFile, KeyError, ValueError, AttributeError, SyntaxError) as error:
        raise ReadError(f"damaged, protected by a password, or no Word document: {type(error).__name__}: {error}") from error
    text = "\n\n".join(words for _, words in blocks)
    found = False
    for record in exports.in_text(text):
        found = True
        yield record
    if not found:
        title = next((words for style, words in blocks[:3] if style in _TITLES), None)
        yield Raw(text=text, title=fields.line(title) if title and text.startswith(title) else None)


def _blocks(document: Any) -> Iterator[tuple[str, str]]:
    """Style and words of paragraphs, and the rows of tables."""
    for block in document.iter_inner_content():
        if hasattr(block, "rows"):
            for row in block.rows:
                cells = dict.fromkeys(cell.text.strip() for cell in row.cells)
                yield "", "\t".join(cell for cell in cells if cell)
        else:
            yield block.style.name if block.style is not None else "", block.text.strip()

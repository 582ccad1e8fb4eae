"""Files named .xml: feeds, and the exchange formats of news agencies. What they are, their first element tells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from pipeline.errors import ReadError
from pipeline.ingest.decode import decode
from pipeline.ingest.fields import Names
from pipeline.ingest.formats import feed, news_xml
from pipeline.ingest.raw import Broken, Raw

SUFFIXES = (".xml",)
LIBRARIES = ()
_SAMPLE_BYTES = 1 << 16
_ROOT = re.compile(r"<(?:[\w.\-]+:)?([A-Za-z_][\w.\-]*)")
# What never closes runs to the end: looking for every such end anew would take time that grows with the square of the length.
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)|<!DOCTYPE[^\[>]*(?:\[.*?(?:\]\s*>|\Z)|>|\Z)", re.DOTALL)
_READERS = {"rss": feed, "feed": feed, "rdf": feed, **dict.fromkeys(news_xml.ROOTS, news_xml)}


def read(path: Path, names: Names) -> Iterator[Raw | Broken]:
    """The records of the file.

    Raises:
        ReadError: the file is empty, no XML, or XML of another kind.
        OSError: it cannot be opened or read.
    """
    with path.open("rb") as file:
        sample = file.read(_SAMPLE_BYTES)
    if not sample.strip():
        raise ReadError("empty file")
    root = _ROOT.search(_COMMENT.sub("", decode(sample).text))
    name = root[1].lower() if root else ""
    if name not in _READERS:
        raise ReadError(f"XML of an unknown kind: <{name}>. Read are RSS, Atom, NITF, NewsML and NewsML-G2.")
    yield from _READERS[name].read(path, names)

"""PDF files with text in them, by pdfminer.six, which finds columns by where the letters stand: one article a file."""

from __future__ import annotations

import contextlib
import heapq
import logging
import re
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations, count
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any

from pipeline.errors import ReadError
from pipeline.ingest import exports, extras, limits
from pipeline.ingest.fields import Names
from pipeline.ingest.raw import Broken, Raw

SUFFIXES = (".pdf",)
LIBRARIES = ("pdfminer.six",)
MAX_PAGES = 500
MAX_BLOCKS = 500  # of a page; finding columns takes time that grows with their square, a page of a newspaper has some 100
_EDGE_BLOCKS, _HEAD_CHARS = 2, 100  # at the top and at the foot of a page, where running heads stand, and their length
_PAGE_NUMBER = re.compile(r"(?i)(?:page\s*)?[-–—]?\s*\d{1,4}\s*(?:[-–—]|(?:/|sur)\s*\d{1,4})?")
_LONGEST_PREFIX = 12  # characters, of those that `_KEPT_HYPHEN` knows, and one before
_PIECE = 1 << 16
_STREAM = re.compile(rb"\bstream\r?\n(?=[\x08\x18-\x78])")
_SPLIT = re.compile(r"[^\W\d_][\u00ad\u2010-]\Z")
# What a damaged file makes pdfminer's code raise.
_SYMPTOMS = (ValueError, TypeError, AttributeError, LookupError, AssertionError, RecursionError)
# A hyphen at the end of a line splits a word, but for those of inversions and compounds that French writes with one.
_KEPT_HYPHEN = re.compile(
    r"(?i)(?:-(?:je|tu|il|elle|on|nous|vous|ils|elles|ce|ci|là|le|la|les|lui|leur|moi|toi|même|mêmes|t|y|en|être)\b"
    r"|\b(?:vice|ex|demi|mi|non|anti|sous|contre|entre|outre|après|avant|porte|grand|grands|saint|sainte|nord|sud|est|ouest"
    r"|peut|celui|celle|ceux|celles|au|là|ci|franco|gréco|vingt|trente|quarante|cinquante|soixante|quatre|dix)-\Z)"
)


def read(path: Path, names: Names) -> Iterator[Raw | Broken]:
    """The article. When the file was made is not when the article was published.

    Raises:
        ReadError: the library is missing, or the file is empty, damaged, protected, too large, or holds no text but pictures.
        OSError: it cannot be opened or read.
    """
    limits.check_file(path, limits.MAX_DOCUMENT, advice=", too long for one article")
    _check_streams(path)
    text = "\n\n".join(block for page in _without_heads(_pages(path)) if (block := _paragraphs(page)))
    if not text:
        raise ReadError("no text in the PDF: a scan? Run a text recognition (OCR) over it.")
    found = False
    for record in exports.in_text(text):
        found = True
        yield record
    if not found:
        yield Raw(text=text)


def _check_streams(path: Path) -> None:
    """Check what the packed streams unpack to, pictures included: pdfminer unpacks each at once.

    Raises:
        ReadError: it is too much.
    """
    meter = limits.unpacking(path.stat().st_size)
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as data:
        for start in _STREAM.finditer(data):
            at, unpacker = start.end(), zlib.decompressobj()
            with contextlib.suppress(zlib.error):  # packed otherwise, or damaged behind what was counted
                while not unpacker.eof and at < len(data):
                    piece = unpacker.unconsumed_tail or data[at : (at := at + _PIECE)]
                    meter.take(len(unpacker.decompress(piece, limits.MB)))


def _pages(path: Path) -> list[list[str]]:
    """The blocks of each page, in the order in which they are read."""
    high_level = extras.load("pdfminer.high_level", extra="pdf", reads="PDF files")
    layout = extras.load("pdfminer.layout", extra="pdf", reads="PDF files")
    problems = extras.load("pdfminer.pdfexceptions", extra="pdf", reads="PDF files")
    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    pages: list[list[str]] = []
    try:
        with path.open("rb") as file:
            for page in high_level.extract_pages(file, laparams=layout.LAParams(boxes_flow=None), maxpages=MAX_PAGES + 1):
                pages.append(_blocks(page, layout))
    except (problems.PSException, problems.PDFException, *_SYMPTOMS) as error:
        raise ReadError(f"damaged, protected by a password, or no PDF: {type(error).__name__}: {error}"[:300]) from error
    if len(pages) > MAX_PAGES:
        raise ReadError(f"more than {MAX_PAGES} pages, too long for one article")
    return pages


def _blocks(page: Any, layout: Any) -> list[str]:
    """The blocks of a page: in columns, or from top to bottom where there are so many that no columns can be found in time."""
    blocks = [block for block in page if isinstance(block, layout.LTTextBox)]
    if len(blocks) <= MAX_BLOCKS:
        flow, order = layout.LAParams(), layout.IndexAssigner()
        for group in _groups(page, blocks, layout):
            group.analyze(flow)
            order.run(group)
        blocks.sort(key=lambda block: block.index)
    return [block.get_text() for block in blocks]


def _groups(page: Any, blocks: Sequence[Any], layout: Any) -> list[Any]:
    """The blocks as a tree of pairs, the closest joined first, unless something stands between them.

    What pdfminer's `LTLayoutContainer.group_textboxes` does, but of pairs that are equally close it takes the one that happens to
    lie first in memory; here the one that stands first on the page is taken.
    """
    plane = extras.load("pdfminer.utils", extra="pdf", reads="PDF files").Plane(page.bbox)
    standing = dict(enumerate(sorted(blocks, key=_place_on_page)))
    plane.extend(standing.values())
    pairs = [(False, _room(first, second), i, j) for (i, first), (j, second) in combinations(standing.items(), 2)]
    heapq.heapify(pairs)
    numbers = count(len(standing))
    while pairs:
        crossed, room, i, j = heapq.heappop(pairs)
        if i not in standing or j not in standing:
            continue
        first, second = standing[i], standing[j]
        if not crossed and set(plane.find(_around(first, second))) - {first, second}:
            heapq.heappush(pairs, (True, room, i, j))
            continue
        group, number = layout.LTTextGroupLRTB([first, second]), next(numbers)
        for joined in (i, j):
            plane.remove(standing.pop(joined))
        for k, other in standing.items():
            heapq.heappush(pairs, (False, _room(group, other), number, k))
        standing[number] = group
        plane.add(group)
    return list(standing.values())


def _place_on_page(block: Any) -> tuple[float, float, float, float, str]:
    """From top to bottom, then from left to right."""
    return -block.y1, block.x0, -block.y0, block.x1, block.get_text()


def _around(first: Any, second: Any) -> tuple[float, float, float, float]:
    return min(first.x0, second.x0), min(first.y0, second.y0), max(first.x1, second.x1), max(first.y1, second.y1)


def _room(first: Any, second: Any) -> float:
    """The area around two blocks that neither of them fills."""
    x0, y0, x1, y1 = _around(first, second)
    return float((x1 - x0) * (y1 - y0) - first.width * first.height - second.width * second.height)


def _without_heads(pages: Sequence[list[str]]) -> Iterator[list[str]]:
    """The pages without numbers and without what stands at the edge of most of them."""
    edges = Counter(
        block for page in pages for block in {*page[:_EDGE_BLOCKS], *page[-_EDGE_BLOCKS:]} if len(block) <= _HEAD_CHARS
    )
    running = {block for block, count in edges.items() if len(pages) > 2 and count > len(pages) / 2}
    for page in pages:
        yield [block for block in page if block not in running and not _PAGE_NUMBER.fullmatch(block.strip())]


def _paragraphs(blocks: Sequence[str]) -> str:
    return "\n\n".join(joined for block in blocks if (joined := _joined(block)))


def _joined(block: str) -> str:
    """The lines of a block as one, words that were split put together."""
    text = ""
    for line in filter(None, (" ".join(line.split()) for line in block.split("\n"))):
        end = text[-_LONGEST_PREFIX:]
        if _SPLIT.search(end) and line[:1].isalpha():
            kept = end.endswith("-") and (line[0].isupper() or _KEPT_HYPHEN.match(f"-{line}") or _KEPT_HYPHEN.search(end))
            text = (text if kept else text[:-1]) + line
        else:
            text += f" {line}" if text else line
    return text.replace("\u00ad", "")

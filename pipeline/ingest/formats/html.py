"""Saved web pages: trafilatura finds the article in the page; dates come from what the page declares, never from guesses."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from pipeline.errors import ReadError
from pipeline.ingest import exports, extras, fields, limits, stamps
from pipeline.ingest.decode import decode_declared
from pipeline.ingest.fields import Names
from pipeline.ingest.markup import LenientParser
from pipeline.ingest.raw import Broken, Raw
from pipeline.ingest.stamps import Dated

SUFFIXES = (".html", ".htm", ".xhtml")
LIBRARIES = ("trafilatura", "htmldate", "lxml")
_CHARSET = re.compile(rb"""<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")  # not allowed in XML, which libraries build
_MAY_TELL_CHANGES = re.compile(r"<(?:meta|time)\b[^<>]*>|<script\b[^<>]*>[^<]*</script>", re.IGNORECASE)
_CHANGES = re.compile(r"<(?:meta|time)\b.*?(?:modif|updat)|<script\b[^>]*ld\+json", re.IGNORECASE | re.DOTALL)
_META_DATES = (
    *(
        "article:published_time",
        "og:article:published_time",
        "datepublished",
        "date_published",
        "dc.date.issued",
        "dcterms.created",
    ),
    *("parsely-pub-date", "sailthru.date", "pubdate", "publishdate", "publication_date", "dc.date", "dcterms.date", "date"),
)


def read(path: Path, names: Names) -> Iterator[Raw | Broken]:
    """The article in the page, or the articles if it is an export of a press database.

    Raises:
        ReadError: the library is missing, the file is empty or too large, or the page holds no article.
        OSError: the file cannot be opened or read.
    """
    page = page_text(limits.whole(path, advice=", too long for a page"), None)
    found = False
    for record in exports.in_page(page):
        found = True
        yield record
    if not found:
        yield article(page)


def page_text(data: bytes, charset: str | None) -> str:
    """The page in the encoding of its HTTP header, else in the one that it declares, else in the one that its bytes show."""
    return _CONTROL.sub(" ", decode_declared(data, charset or _charset(data)).text)


def article(page: str) -> Raw:
    """The article in the source of a page.

    Raises:
        ReadError: the library is missing, or the page holds no article.
    """
    extract = extras.load("trafilatura", extra="html", reads="web pages").bare_extraction
    try:
        found = extract(page, with_metadata=True, include_comments=False, include_tables=False, deduplicate=False)
    except ValueError as error:  # character references to what XML does not allow
        raise ReadError(f"the page cannot be taken apart ({error})") from error
    if found is None or not (found.text or "").strip():
        raise ReadError("no article found in the page")
    declared = _Declared()
    declared.feed(page)
    return Raw(
        text=found.text,
        title=fields.line(found.title),
        published=declared.published() or _htmldate(page),
        author=fields.line(found.author),
        url=fields.line(found.url),
        tags=tuple(found.tags or ()),
    )


def _htmldate(page: str) -> Dated | None:
    """What htmldate finds in the markup; its search in the text, which guesses, is switched off, and dates of changes are hidden
    from it, which it takes when it finds no other."""
    found = extras.load("htmldate", extra="html", reads="web pages").find_date(
        _MAY_TELL_CHANGES.sub(_unless_of_a_change, page), extensive_search=False, original_date=True
    )
    return stamps.parse(found) if found else None


def _unless_of_a_change(element: re.Match[str]) -> str:
    return "" if _CHANGES.match(element[0]) else element[0]


def _charset(data: bytes) -> str | None:
    """The encoding that the page itself declares."""
    declared = _CHARSET.search(data[:4096])
    return declared[1].decode("ascii") if declared else None


class _Declared(LenientParser):
    """Collects the dates of publication that a page declares: JSON-LD, meta elements, <time pubdate>."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.json_ld: list[str] = []
        self.by_name: dict[str, str] = {}
        self.times: list[str] = []
        self._in_json = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self._in_json = tag == "script" and values.get("type", "").startswith("application/ld+json")
        if tag == "meta":
            name = values.get("property") or values.get("name") or values.get("itemprop") or ""
            self.by_name.setdefault(name.lower(), values.get("content", ""))
        elif tag == "time" and ("pubdate" in values or "datepublished" in values.get("itemprop", "").lower()):
            self.times.append(values.get("datetime", ""))

    def handle_endtag(self, tag: str) -> None:
        self._in_json = False

    def handle_data(self, data: str) -> None:
        if self._in_json:
            self.json_ld.append(data)

    def published(self) -> Dated | None:
        """The best of them."""
        metas = (self.by_name.get(name) for name in _META_DATES)
        candidates = (*(date for block in self.json_ld for date in _dates_published(block)), *metas, *self.times)
        return next((dated for text in candidates if text and (dated := stamps.parse(text))), None)


def _dates_published(block: str) -> Iterator[str]:
    try:
        pending = [json.loads(block, strict=False)]
    except (ValueError, RecursionError):
        return
    while pending:
        value = pending.pop(0)
        if isinstance(value, dict):
            if isinstance(date := value.get("datePublished"), str):
                yield date
            pending += [item for item in value.values() if isinstance(item, dict | list)]
        elif isinstance(value, list):
            pending += value

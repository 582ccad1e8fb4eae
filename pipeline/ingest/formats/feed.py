"""RSS and Atom feeds, by feedparser: an article an entry."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from pipeline.errors import ReadError
from pipeline.ingest import fields, limits, markup, stamps
from pipeline.ingest.decode import decode_declared
from pipeline.ingest.fields import Names
from pipeline.ingest.raw import Broken, Raw
from pipeline.ingest.stamps import Dated

SUFFIXES = (".rss", ".atom", ".rdf")
LIBRARIES = ("feedparser",)
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]+)""")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,300}\?>")
_END = re.compile(r"</(?:rss|feed|[\w\-]+:RDF|RDF)\s*>\s*(?:<!--(?:[^-]|-(?!->))*+-->\s*+)*+\Z", re.IGNORECASE)
_CHANGED = re.compile(r"<(?:dcterms:modified|atom:updated|a10:updated)\b")


def read(path: Path, names: Names) -> Iterator[Raw | Broken]:
    """A record per entry.

    Raises:
        ReadError: the file is empty, too large, no feed, or declares entities of its own.
        OSError: it cannot be opened or read.
    """
    data = limits.whole(path, limits.MAX_PARSED, advice=", too long for a feed")
    declared = _DECLARED.match(data)
    page = decode_declared(data, declared[1].decode("ascii") if declared else None).text
    if "<!ENTITY" in page:
        raise ReadError("it declares entities of its own, which feeds do not need and attacks do")
    feed = _parsed(page)
    changed = bool(_CHANGED.search(page))
    for number, entry in enumerate(feed.entries, 1):
        yield _record(entry, number, feed, changed=changed)
    if not feed.entries:
        raise ReadError("no entry in the feed" if feed.get("version") else "not a feed")
    if not _END.search(page):
        yield Broken(number=len(feed.entries) + 1, reason="the feed breaks off here")


def _parsed(page: str) -> Any:
    """The feed; a stream keeps feedparser from taking the text for an address and fetching it."""
    import feedparser  # type: ignore[import-untyped]  # noqa: PLC0415 - slow to import

    stream = BytesIO(_DECLARATION.sub("", page, count=1).encode("utf-8", "replace"))
    headers = {"content-type": "application/xml; charset=utf-8"}
    try:
        return feedparser.parse(stream, response_headers=headers, sanitize_html=False, resolve_relative_uris=False)
    except (ValueError, AttributeError, LookupError, TypeError, AssertionError, RecursionError) as error:
        raise ReadError(f"damaged beyond what feedparser can read: {error}") from error


def _record(entry: Any, number: int, feed: Any, *, changed: bool) -> Raw | Broken:
    bodies = [content.get("value") or "" for content in entry.get("content", ())]
    text = max((markup.plain(body).strip() for body in (*bodies, entry.get("summary") or "")), key=len)
    title = fields.line(markup.plain(entry.get("title") or ""))
    if not text:
        return Broken(number=number, reason=f"an entry without text: {title}")
    return Raw(
        text=text,
        number=number,
        title=title,
        published=_published(entry, feed, changed=changed),
        author=fields.line(entry.get("author")),
        publisher=fields.line(feed.feed.get("title")),
        url=fields.line(entry.get("link")),
        tags=tuple(tag for item in entry.get("tags", ()) if (tag := fields.line(item.get("term")))),
    )


def _published(entry: Any, feed: Any, *, changed: bool) -> Dated | None:
    """What the entry says; Atom's `updated` is a date of change. RSS has none, there feedparser calls dc:date so."""
    text = entry.get("published")
    if not text and feed.get("version", "").startswith("rss") and not changed:
        text = entry.get("updated")
    return stamps.parse(text) if text else None

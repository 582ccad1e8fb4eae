"""WARC, the format of web archives and of CC-News: an article a page. Read record by record, compressed or not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from pipeline.errors import ReadError
from pipeline.ingest import extras, fields, limits
from pipeline.ingest.fields import Names
from pipeline.ingest.formats import html
from pipeline.ingest.raw import Broken, Raw

SUFFIXES = (".warc", ".warc.gz", ".warc.zst")
LIBRARIES = ("fastwarc",)
PAGES = ("text/html", "application/xhtml+xml")
CUT_SHORT = "the archive ends in the middle of this record"


def read(path: Path, names: Names) -> Iterator[Raw | Broken]:
    """A record per page that was answered with status 200; images, redirects and the like are passed over.

    Raises:
        ReadError: a library is missing, the file is damaged, or it holds no page.
        OSError: it cannot be opened or read.
    """
    warc = extras.load("fastwarc.warc", extra="warc", reads="WARC files")
    extras.load("trafilatura", extra="html", reads="web pages")
    kinds = warc.WarcRecordType.response | warc.WarcRecordType.resource
    number = 0
    with path.open("rb") as file:
        try:
            for record in warc.ArchiveIterator(file, record_types=kinds, parse_http=False):
                if (found := _record(record)) is not None:
                    number += 1
                    yield replace(found, number=number)
        except (OSError, ValueError) as error:
            raise ReadError(f"damaged after page {number}: {error}") from error
    if not number:
        raise ReadError("no page in the archive")


def _record(record: Any) -> Raw | Broken | None:
    """The page in a record, None if it is no page. fastwarc says nothing of a record that is cut short: its length does."""
    content = record.reader.read(limits.MAX_RECORD + 1)
    announced = int(record.headers.get("Content-Length") or 0)
    if len(content) < min(announced, limits.MAX_RECORD):
        return Broken(reason=CUT_SHORT)
    if record.is_http:
        record.set_bytes_content(content)
        record.parse_http(auto_decode="all")
        if record.http_headers is None or record.http_headers.status_code != 200 or record.http_content_type not in PAGES:
            return None
        content = record.reader.read(limits.MAX_RECORD + 1)
        charset = record.http_charset
    elif str(record.headers.get("Content-Type")).partition(";")[0].strip() in PAGES:
        charset = None
    else:
        return None
    if max(announced, len(content)) > limits.MAX_RECORD:
        return Broken(reason=f"larger than {limits.size(limits.MAX_RECORD)}, too long for a page")
    return _page(record, content, charset)


def _page(record: Any, content: bytes, charset: str | None) -> Raw | Broken:
    address = fields.line(record.headers.get("WARC-Target-URI"))
    try:
        found = html.article(html.page_text(content, charset))
    except ReadError as error:
        return Broken(reason=f"{address}: {error}")
    taken = record.record_date
    return replace(found, url=found.url or address, collected=taken and taken.replace(tzinfo=None, microsecond=0))

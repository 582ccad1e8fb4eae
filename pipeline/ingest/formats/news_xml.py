"""NITF, NewsML and NewsML-G2, the formats in which news agencies deliver: read as a stream, a news item at a time.

Parsed by expat with defusedxml in front: entities that a file declares itself and external ones are refused, nothing is fetched.
"""

from __future__ import annotations

from collections.abc import Iterator
from html.entities import entitydefs
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from pipeline.errors import ReadError
from pipeline.ingest import fields, limits, stamps
from pipeline.ingest.decode import decode
from pipeline.ingest.fields import Names
from pipeline.ingest.raw import Broken, Raw
from pipeline.ingest.stamps import Dated

SUFFIXES = (".nitf", ".newsml")
LIBRARIES = ("defusedxml",)
ROOTS = ("nitf", "newsml", "newsitem", "newsmessage", "itemset")  # the first element, in small letters
_ITEMS = ("newsitem", "nitf")
_CHUNK = 1 << 16
_BLOCKS = frozenset({"p", "hl2", "h1", "h2", "h3", "h4", "h5", "h6", "li", "dt", "dd", "pre"})
_BODIES = ("body.content", "block", "datacontent", "inlinexml", "inlinedata")
_TITLES = ("headline", "hl1", "title")
_NO_TEXTS = ("picture", "photo", "graphic", "video", "audio", "animation", "composite")


def read(path: Path, names: Names) -> Iterator[Raw | Broken]:
    """A record per item with a text; items that are pictures or sounds are passed over.

    Raises:
        ReadError: the file is not well-formed, holds no item, or declares entities of its own.
        OSError: it cannot be opened or read.
    """
    number = 0
    for item in _items(path):
        if _is_text(item):
            number += 1
            yield _record(item, number)
    if not number:
        raise ReadError("no news item with a text in the file")


def _items(path: Path) -> Iterator[Element]:
    from defusedxml.common import DefusedXmlException  # noqa: PLC0415 - slow to import
    from defusedxml.ElementTree import DefusedXMLParser  # noqa: PLC0415

    target = _Items()
    meter = limits.Meter("an item is larger", limits.MAX_RECORD)
    with path.open("rb") as file:
        chunk = file.read(_CHUNK)
        if not chunk.strip():
            raise ReadError("empty file")
        parser: Any = DefusedXMLParser(target=target, encoding=_undeclared(chunk))
        parser.entity.update(entitydefs)  # which the DTD would declare, were it fetched
        try:
            while chunk:
                meter.take(len(chunk))
                parser.feed(chunk)
                for item in target.taken():
                    meter.reset()
                    yield item
                chunk = file.read(_CHUNK)
            parser.close()
        except DefusedXmlException as error:
            raise ReadError(f"it declares entities of its own, which news items do not need and attacks do ({error})") from error
        except (ParseError, ValueError, LookupError) as error:
            raise ReadError(f"not well-formed XML: {error}") from error
    yield from target.taken()


def _undeclared(sample: bytes) -> str | None:
    """The encoding of a file that declares none and is not in UTF-8, as XML would have it then."""
    if b"encoding" in sample[:200] or b"\0" in sample[:4]:
        return None
    encoding = decode(sample[: sample.rfind(b">") + 1] or sample).encoding
    return None if encoding.startswith("utf-") else encoding


class _Items(TreeBuilder):
    """Builds the tree, hands over the items in it one by one and forgets them. A class because the parser wants one."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = 0
        self._item = 0  # depth of the item that is open
        self._done: list[Element] = []

    def start(self, tag: str, attrs: dict[Any, Any], /) -> Element:
        element = super().start(tag, attrs)
        self._depth += 1
        if self._depth > limits.MAX_DEPTH:
            raise ReadError(f"more than {limits.MAX_DEPTH} elements in each other")
        if not self._item and _local(element) in _ITEMS:
            self._item = self._depth
        return element

    def end(self, tag: str, /) -> Element:
        element = super().end(tag)
        if self._depth == self._item:
            self._done.append(element)
            self._item = 0
        self._depth -= 1
        return element

    def taken(self) -> Iterator[Element]:
        for item in self._done:
            yield item
            item.clear()
        self._done.clear()


def _local(element: Element) -> str:
    """The name without name space, in small letters. Comments have none."""
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def _is_text(item: Element) -> bool:
    kinds = [e.get("qcode") or e.get("FormalName") or "" for e in item.iter() if _local(e) in ("itemclass", "mediatype")]
    return not any(kind.rpartition(":")[2].lower() in _NO_TEXTS for kind in kinds[:1])


def _record(item: Element, number: int) -> Raw | Broken:
    text = _text(item)
    title = next((found for name in _TITLES if (found := _first(item, name))), None)
    if not text:
        return Broken(number=number, reason=f"an item without text: {title}")
    byline = _first(item, "byline") or _first(item, "by")
    return Raw(
        text=text,
        number=number,
        title=title,
        published=_published(item),
        author=byline and byline.removeprefix("Par ").removeprefix("par "),
        publisher=_publisher(item),
        tags=tuple(dict.fromkeys(word for e in item.iter() if _local(e) == "keyword" and (word := e.get("key") or _words(e)))),
    )


def _text(item: Element) -> str:
    """The paragraphs of the body, after the dateline where that stands outside."""
    body = next((found for name in _BODIES if (found := _find(item, name)) is not None), None)
    if body is None:
        return ""
    blocks = [
        _words(e) for e in body.iter() if _local(e) in _BLOCKS and not any(_local(inner) in _BLOCKS for inner in list(e)[1:])
    ]
    lines = [block for block in blocks if block] or [line for part in body.itertext() if (line := " ".join(part.split()))]
    dateline = _first(item, "dateline")
    outside = dateline and lines and not lines[0].startswith(dateline[:12])
    return "\n\n".join([dateline, *lines] if dateline and outside else lines)


def _published(item: Element) -> Dated | None:
    """The first creation, or the day of issue; a version's date only if it is the first version."""
    dates = [
        *(_first(item, name) for name in ("firstcreated",)),
        *(_attribute(item, name, "norm") for name in ("date.issue", "date.release")),
        *(_first(item, name) for name in ("contentcreated",)),
        _first(item, "versioncreated") if item.get("version", "1") == "1" else None,
        _attribute(item, "pubdata", "date.publication"),
        _attribute(item, "story.date", "norm"),
        _first(item, "dateid"),
    ]
    return next((found for text in dates if text and (found := stamps.parse(text))), None)


def _publisher(item: Element) -> str | None:
    provider = _find(item, "provider")
    names = [_words(e) for e in provider.iter() if _local(e) == "name"] if provider is not None else []
    literal = provider.get("literal") if provider is not None else None
    return next(
        (name for name in (*names, literal, _attribute(item, "pubdata", "name"), _first(item, "creditline")) if name), None
    )


def _find(item: Element, name: str) -> Element | None:
    return next((element for element in item.iter() if _local(element) == name), None)


def _first(item: Element, name: str) -> str | None:
    return next((words for element in item.iter() if _local(element) == name and (words := _words(element))), None)


def _attribute(item: Element, name: str, attribute: str) -> str | None:
    return next((value for e in item.iter() if _local(e) == name and (value := fields.line(e.get(attribute)))), None)


def _words(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())

"""Exports of press databases, many articles in one page or text: Europresse and Factiva.

Europresse closes an article with its number (``news·20240312·LM·0123``), Factiva with a line ``Document AFPFR00020240312ek3c0``;
in pages each article is an element of its own. What the header of an article says becomes its metadata, the rest its text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from html import escape
from itertools import pairwise

from pipeline.ingest import fields, markup, stamps
from pipeline.ingest.raw import Broken, Raw
from pipeline.ingest.stamps import Dated

_NUMBER = r"(?:news|pub|web|bio|rep|tv|eur)[·.•]\d{8}[·.•][\w\-]+[·.•][\w\-.·•]+"
_EUROPRESSE_END = re.compile(rf"^[ \t]*(?:(?:Numéro de document|Document)\s*:\s*)?({_NUMBER})[ \t]*\r?$", re.MULTILINE)
_FACTIVA_END = re.compile(r"^[ \t]*(?:(?:AN|Document)[ \t]+)+([A-Z]{2}[A-Z0-9]{0,30}\d{8}[a-z0-9]{4,20})[ \t]*\r?$", re.MULTILINE)
_EUROPRESSE_PAGE = re.compile(r"DocPublicationName|publiC-lblNodoc|docOcurrContainer|rdp__", re.IGNORECASE)
_FACTIVA_ARTICLE = re.compile(r"<div\b[^<>]*\bclass=[\"']article\s+\w\w+Article\b[^<>]*>", re.IGNORECASE)
_ARTICLE = re.compile(r"<article\b[^<>]*>", re.IGNORECASE)
_ROW = re.compile(r"<tr\b[^<>]*>(.*?)(?=<tr\b|</table|\Z)", re.IGNORECASE | re.DOTALL)
_CELL = re.compile(r"<td\b[^<>]*>(.*?)(?=<td\b|</tr|\Z)", re.IGNORECASE | re.DOTALL)
_LEGAL = re.compile(
    r"(?i)(?:©|\(c\)|copyright\b|tous droits réservés|le présent document (?:et ses|est)|certificat émis|note\(s\)\s*:|taille\s*:"
    r"|illustration\(s\)\s*:|référence\(s\)\s*:|cet article est paru dans)"
)
_WORDS = re.compile(r"(?:WC\s+)?[\d\s.,]+(?:mots|words)", re.IGNORECASE)
_CLOCK = re.compile(r"(?:ET\s+)?([01]?\d|2[0-3])[:h]([0-5]\d)")
_CODE = re.compile(r"[A-Z]{2,8}")
_FIELD = re.compile(r"(SE|HD|BY|CR|WC|PD|ET|SN|SC|PG|ED|VOL|LA|CY|LP|TD|CT|RF|CO|IN|NS|RE|IPD|IPC|PUB|AN|CLM|ART)\s+(.*)")
_BY = re.compile(r"(?i)(?:par|de|by|auteur\s*:)\s+(?=\S)")
_NAME = re.compile(r"[^\W\d_][\w'’.\-]*(?:[ ,]+(?:et )?[\w'’.\-]+){0,7}")
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
_EUROPRESSE_CLASSES = {
    **{"docpublicationname": "publisher", "docheader": "header", "titrearticle": "title", "titrearticlevisu": "title"},
    **{"docauthors": "author", "sm-margin-bottomnews": "author", "public-lblnodoc": "number"},
    **{"dococurrcontainer": "text", "doctext": "text"},
}
_HEADER_LINES = 6
_BOX = ("Nom de la source", "Type de source", "Périodicité", "Couverture géographique", "Provenance")
_ALSO_IN = "Aussi paru dans"


# Pages


def in_page(page: str) -> Iterator[Raw | Broken]:
    """The articles of an exported page; none if the page is something else."""
    if blocks := _blocks(page, _FACTIVA_ARTICLE):
        yield from (_numbered(_factiva_block(block), number) for number, block in enumerate(blocks, 1))
    elif _EUROPRESSE_PAGE.search(page):
        found = (_europresse_block(block) for block in _blocks(page, _ARTICLE))
        yield from (_numbered(raw, number) for number, raw in enumerate(found, 1))


def _blocks(page: str, opening: re.Pattern[str]) -> list[str]:
    starts = [match.start() for match in opening.finditer(page)]
    return [page[start:end] for start, end in pairwise([*starts, len(page)])]


def _europresse_block(block: str) -> Raw | None:
    found = _by_class(block, _EUROPRESSE_CLASSES)
    text = _without_legal(found.get("text", ""))
    if not text:
        return None
    header, number = found.get("header", ""), found.get("number", "")
    return Raw(
        text=text,
        title=fields.line(found.get("title")),
        published=_europresse_date(header, number),
        author=_author(found.get("author")),
        publisher=_publisher(found.get("publisher")),
    )


def _factiva_block(block: str) -> Raw | None:
    rows = [[markup.plain(f"<p>{cell}</p>") for cell in _CELL.findall(row)] for row in _ROW.findall(block)]
    indexed = {row[0].strip(): row[1] for row in rows if len(row) == 2 and _FIELD.fullmatch(f"{row[0].strip()} x")}
    if "HD" in indexed:
        return _factiva_fields(indexed)
    classes = {name.lower(): "title" for name in re.findall(r"\w\wHeadline\b", block)} | {
        "author": "author",
        "articleparagraph": "text",
    }
    found = _by_class(block, classes)
    lines = [line.strip() for line in markup.plain(f"{block}<br>").split("\n") if line.strip()]
    published, publisher = _factiva_header(lines)
    text = found.get("text", "")
    if not text:
        return None
    title = fields.line(found.get("title"))
    return Raw(text=text, title=title, published=published, author=_author(found.get("author")), publisher=publisher)


def _factiva_fields(found: Mapping[str, str]) -> Raw | None:
    text = "\n\n".join(found[name].strip() for name in ("LP", "TD") if found.get(name, "").strip())
    day = _day(found.get("PD", ""))
    if not text:
        return None
    return Raw(
        text=text,
        title=fields.line(found.get("HD")),
        published=_at(day, found.get("ET", "")),
        author=_author(found.get("BY")),
        publisher=fields.line(found.get("SN")),
    )


def _by_class(block: str, kinds: Mapping[str, str]) -> dict[str, str]:
    parser = _Fields(kinds)
    parser.feed(block)
    parser.close()
    return {kind: markup.plain(f"<div>{''.join(pieces)}</div>") for kind, pieces in parser.found.items()}


class _Fields(markup.LenientParser):
    """Collects the markup inside the elements of some classes."""

    def __init__(self, kinds: Mapping[str, str]) -> None:
        super().__init__(convert_charrefs=True)
        self.found: dict[str, list[str]] = {}
        self._kinds = kinds
        self._open: list[tuple[str, str | None]] = []  # tag, what it and all in it is

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        classes = (dict(attrs).get("class") or "").lower().split()
        inside = self._open[-1][1] if self._open else None
        kind = inside or next((self._kinds[name] for name in classes if name in self._kinds), None)
        if kind:
            self.found.setdefault(kind, []).append(self.get_starttag_text() or "")
        if tag not in _VOID:
            self._open.append((tag, kind))

    def handle_endtag(self, tag: str) -> None:
        at = next((i for i in range(len(self._open) - 1, -1, -1) if self._open[i][0] == tag), None)
        if at is None:
            return
        if kind := self._open[at][1]:
            self.found.setdefault(kind, []).append(f"</{tag}>")
        del self._open[at:]

    def handle_data(self, data: str) -> None:
        if self._open and (kind := self._open[-1][1]):
            self.found.setdefault(kind, []).append(escape(data, quote=False))


# Texts


def in_text(text: str) -> Iterator[Raw | Broken]:
    """The articles of an exported text; none if it is something else."""
    for ending, read in ((_EUROPRESSE_END, _europresse_text), (_FACTIVA_END, _factiva_text)):
        ends = list(ending.finditer(text))
        if not ends or not _only_legal(text[ends[-1].end() :]):
            continue
        start = 0
        for number, end in enumerate(ends, 1):
            yield _numbered(read(text[start : end.start()], end[1]), number)
            start = end.end()
        return


def _europresse_text(block: str, number: str) -> Raw | None:
    """Name of the paper, then rubric, date and page, then title, author, text, rights."""
    lines = _lines(block)
    while lines and _LEGAL.match(lines[0]):
        lines.pop(0)
    source, lines = _source_box(lines)
    at = next((i for i, line in enumerate(lines[:_HEADER_LINES]) if stamps.MOMENT.search(line)), None)
    if at is None:
        return None
    if lines[at + 1 : at + 2] == [_ALSO_IN]:
        del lines[at + 1]
        while at + 1 < len(lines) and stamps.MOMENT.match(lines[at + 1]):
            del lines[at + 1]
    if len(lines) < at + 3:
        return None
    rest = [line for line in lines[at + 2 :] if not _LEGAL.match(line)]
    author = _author(rest[0]) if len(rest) > 1 and _like_author(rest[0]) else None
    text = "\n\n".join(rest[1:] if author else rest)
    if not text:
        return None
    return Raw(
        text=text,
        title=lines[at + 1],
        published=_europresse_date(lines[at], number),
        author=author,
        publisher=_publisher(source or (lines[0] if at else None)),
    )


def _source_box(lines: list[str]) -> tuple[str | None, list[str]]:
    """The name of the paper in the box "Nom de la source", "Type de source" ... above an article, and what follows it."""
    found = {}
    while len(lines) > 1 and lines[0] in _BOX:
        found[lines[0]], lines = lines[1], lines[2:]
    return found.get(_BOX[0]), lines


def _factiva_text(block: str, number: str) -> Raw | None:
    """Title, author, lines for length, day, time, paper, its code, language, rights; then the text. Or a code before each."""
    lines = _lines(block)
    indexed = [_FIELD.fullmatch(line) for line in lines]
    if any(match and match[1] == "HD" for match in indexed):
        found: dict[str, str] = {}
        key = ""
        for line, match in zip(lines, indexed, strict=True):
            key, value = (match[1], match[2]) if match else (key, line)
            found[key] = f"{found[key]}\n\n{value}" if key in found else value
        return _factiva_fields(found)
    at = next((i for i, line in enumerate(lines) if _WORDS.fullmatch(line)), None)
    if not at:
        return None
    end = at + 1
    while end < len(lines) and end <= at + 8 and len(lines[end]) <= 120 and not _LEGAL.match(lines[end - 1]):
        end += 1
    published, publisher = _factiva_header(lines[at:end])
    text = "\n\n".join(lines[end:])
    author = _author(lines[at - 1]) if at > 1 else None
    return (
        Raw(text=text, title=lines[0 if at < 3 else at - 2], published=published, author=author, publisher=publisher)
        if text
        else None
    )


def _lines(block: str) -> list[str]:
    return [" ".join(line.split()) for line in re.split(r"[\r\n\u2028\u2029\f]+", block) if line.strip()]


def _only_legal(text: str) -> bool:
    return all(_LEGAL.match(line) for line in _lines(text))


def _without_legal(text: str) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line for line in text.split("\n") if not _LEGAL.match(line.strip()))).strip()


# What headers say


def _numbered(raw: Raw | None, number: int) -> Raw | Broken:
    if raw is None:
        return Broken(number=number, reason="an article of an export of Europresse or Factiva without title, date line or text")
    return replace(raw, number=number)


def _europresse_date(header: str, number: str) -> Dated | None:
    """The date line; its day must be that of the document's number, which is the day of publication."""
    digits = re.search(r"[·.•](\d{8})[·.•]", number)
    day = stamps.parse(digits[1]) if digits else None
    match = stamps.MOMENT.search(header)
    named = stamps.from_match(match) if match else None
    return named if named and (day is None or named.when.date() == day.when.date()) else day


def _factiva_header(lines: Sequence[str]) -> tuple[Dated | None, str | None]:
    """Day and time, and the name of the paper, which stands before its code in capitals."""
    at = next((i for i, line in enumerate(lines) if _WORDS.fullmatch(line)), 0)
    for i, line in enumerate(lines[at : at + 6], at):
        if day := _day(line):
            clock = next((found for found in lines[i + 1 : i + 2] if _CLOCK.fullmatch(found)), "")
            after = lines[i + 1 + bool(clock) : i + 5]
            named = [name for name, code in pairwise(after) if _CODE.fullmatch(code)]
            return _at(day, clock), fields.line(named[0]) if named else None
    return None, None


def _day(text: str) -> Dated | None:
    """A whole day in French, or in English as Factiva's English pages have it."""
    match = stamps.MOMENT.fullmatch(text.strip())
    if match:
        return stamps.from_match(match)
    return stamps.parse(f"{text.strip()} 00:00:00") if re.fullmatch(r"\s*\d{1,2} [A-Z][a-z]+ \d{4}\s*", text) else None


def _at(day: Dated | None, clock: str) -> Dated | None:
    match = _CLOCK.fullmatch(clock.strip())
    if day is None:
        return None
    if match is None:
        return Dated(day.when)
    return Dated(day.when.replace(hour=int(match[1]), minute=int(match[2])), True)


def _publisher(text: str | None) -> str | None:
    """The name without the edition: "Le Monde (site web)" stays, "Ouest-France, no. 12" does not."""
    name = fields.line(text)
    return re.split(r",? no\. ", name)[0] if name else None


def _author(text: str | None) -> str | None:
    name = fields.line(text)
    return _BY.sub("", name, count=1) if name else None


def _like_author(line: str) -> bool:
    """ "Jeanne Morel", "Par Jeanne Morel et Ali Bensaïd", "MOREL Jeanne": a short line that is no sentence."""
    words = _BY.sub("", line, count=1)
    names = [word for word in re.split(r"[ ,]+", words) if word not in ("et", "de", "du", "la", "le", "des", "avec")]
    return (
        len(words) <= 60
        and bool(_NAME.fullmatch(words))
        and not words.endswith(".")
        and all(name[:1].isupper() for name in names)
    )

"""Reading articles: files in, `Article` records with their regions out. One module an input format, in `formats`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, time
from pathlib import Path

from pipeline.errors import ReadError
from pipeline.ingest import fields, files, formats, language, mojibake, regions
from pipeline.ingest.raw import Broken, Raw
from pipeline.records import PROSE, Article, Failure, content_id

SUFFIXES = tuple(sorted(formats.by_suffix()))
CANNOT_BE_READ = "cannot be read: "  # before the reason that the system gives: it may be another one tomorrow
LANGUAGE_STAGE = "language"
MAX_CHARS = 1_000_000  # as much as the language model takes at once
_BETWEEN = "\n\n"  # title and text
_LETTER = re.compile(r"[^\W\d_]")


def discover(corpus: Path) -> Iterator[Path]:
    """The files under `corpus` that can be read, ordered by their relative paths; see `files.discover` for what is left out."""
    return files.discover(corpus, _readable)


def read(
    path: Path, corpus: Path, *, any_language: bool = False, names: fields.Names = fields.NO_NAMES
) -> Iterator[Article | Failure]:
    """The articles in the file at `path`, and a `Failure` for whatever in it cannot be used. Never raises for what a file holds.

    Texts that are surely not French are failures of stage "language", unless `any_language`. `names` are what the corpus
    calls the fields of its records.
    """
    source = path.relative_to(corpus).as_posix()
    number: int | None = None
    try:
        for record in _records(path, names):
            number = record.number
            yield _article(record, _numbered(source, number), any_language=any_language)
    except Exception as error:  # the boundary around one file
        yield Failure(source if not number else _numbered(source, number + 1), "ingest", _reason(error))


def foreign(record: Article | Failure) -> bool:
    """Whether `record` would be another one if `any_language` were."""
    if isinstance(record, Failure):
        return record.stage == LANGUAGE_STAGE
    return record.language not in (None, language.FRENCH)


def from_text(text: str, *, published: datetime | None = None, source: str = "") -> Article:
    """The article that `text` is, in whatever language, for use without files.

    Args:
        text: title and all.
        published: overrides the date that the text itself gives.
        source: stands in for the path; a date in it counts.
    """
    article = _with_layout(Raw(text=text), source)
    if published is None:
        return article
    return replace(article, published=published, published_source=None, published_has_time=published.time() != time())


def _readable(name: str) -> bool:
    return formats.readable(name)


def _records(path: Path, names: fields.Names) -> Iterator[Raw | Broken]:
    if path.is_dir():
        raise ReadError("the folder cannot be listed. Change its permissions.")
    yield from formats.read(path, names)


def _numbered(source: str, number: int | None) -> str:
    return source if number is None else f"{source}#{number}"


def _reason(error: Exception) -> str:
    if isinstance(error, ReadError):
        return str(error)
    if isinstance(error, OSError):
        return f"{CANNOT_BE_READ}{error.strerror or type(error).__name__}"
    return f"{type(error).__name__}: {error}"[:500]


def _article(record: Raw | Broken, source: str, *, any_language: bool) -> Article | Failure:
    if isinstance(record, Broken):
        return Failure(source, "ingest", record.reason)
    chars = len(record.text) + len(record.title or "")
    if chars > MAX_CHARS - len(_BETWEEN):
        return Failure(source, "ingest", f"{chars} characters, more than {MAX_CHARS}: too long for one article")
    record, repaired = mojibake.mended(record)
    article = _with_layout(record, source)
    prose = " ".join(article.text[region.start : region.end] for region in article.regions if region.kind in PROSE)
    if not _LETTER.search(prose):
        return Failure(source, "ingest", "no text" if article.text.strip() else "empty file")
    found = language.guess(prose)
    if found.foreign and not any_language:
        return Failure(source, LANGUAGE_STAGE, f"language: {found.code} {found.probability:.2f}")
    return replace(article, language=found.sure, repaired=repaired)


def _with_layout(record: Raw, source: str) -> Article:
    title = " ".join((record.title or "").split())
    text = record.text
    if title and " ".join(text.lstrip()[: 2 * len(title)].split())[: len(title)] != title:
        text = f"{title}{_BETWEEN}{text}"
    layout = regions.find(text, record.member or source, title=title or None)
    if record.published:
        layout.dates["front_matter"] = record.published
    published, published_source = layout.published
    return Article(
        article_id=content_id(source, text),
        source=source,
        text=text,
        regions=layout.regions,
        title=layout.title,
        published=published.when if published else None,
        published_source=published_source,
        published_has_time=bool(published and published.has_time),
        collected=record.collected or layout.collected,
        author=record.author or layout.author,
        publisher=record.publisher,
        url=record.url or layout.url,
        tags=tuple(dict.fromkeys((*record.tags, *layout.tags))),
    )

"""Metadata by name: which field of a front matter, a JSON object or a table's row means what, in French and in English."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.errors import ReadError
from pipeline.ingest import markup, stamps
from pipeline.ingest.raw import Broken, Raw
from pipeline.ingest.stamps import Dated

# In order of preference. Names are compared in small letters, without accents, spaces, hyphens and underscores.
NAMES: Mapping[str, tuple[str, ...]] = {
    "title": ("title", "titre", "headline", "head", "name"),
    "published": (
        *("datepublished", "publishedat", "published", "publicationdate", "publishdate", "publisheddate", "pubdate"),
        *("datepublication", "datedepublication", "publiele", "publication", "parution", "dateparution", "datedeparution"),
        *("date", "datetime", "timestamp"),
    ),
    "author": ("author", "authors", "auteur", "auteurs", "byline", "creator", "signature"),
    "publisher": (
        "publisher",
        "sitename",
        "newspaper",
        "journal",
        "media",
        "outlet",
        "publicationname",
        "sourcename",
        "provider",
    ),
    "url": ("url", "link", "lien", "permalink", "canonicalurl", "sourceurl", "webpage"),
    "tags": ("tags", "keywords", "motscles", "motcles", "etiquettes", "hashtags", "categories"),
    "text": (
        *("text", "texte", "body", "content", "contenu", "articlebody", "fulltext", "maintext", "corps", "article"),
        *("description", "summary", "chapo", "resume"),
    ),
}


Names = Mapping[str, Sequence[str]]  # by kind: the names that a corpus has for it, the best first; dots lead into nested records
NO_NAMES: Names = {}
_EMPTY: tuple[object, ...] = (None, "", [], {})


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What fields say about an article."""

    title: str | None = None
    published: Dated | None = None
    author: str | None = None
    publisher: str | None = None
    url: str | None = None
    tags: tuple[str, ...] = ()


def normalised(name: object) -> str:
    """A field's name as it is compared: "Date de publication", "date_de_publication" and "dateDePublication" are one."""
    return re.sub(r"[\s_.\-:]+", "", stamps.plain(str(name)))


def known(name: object, kinds: Iterable[str] = NAMES) -> bool:
    """Whether a field of this name means something here."""
    bare = normalised(name)
    return any(bare in NAMES[kind] for kind in kinds)


def pick(record: Mapping[str, object], kind: str, own: Names = NO_NAMES) -> object | None:
    """The value of the best field of that kind that is not empty: one of the corpus's `own` names, then the usual ones."""
    for path in own.get(kind, ()):
        if (value := _at(record, path)) not in _EMPTY:
            return value
    by_name = {normalised(name): value for name, value in record.items()}
    return next((by_name[name] for name in NAMES[kind] if by_name.get(name) not in _EMPTY), None)


def _at(record: Mapping[str, object], path: str) -> object | None:
    if path in record:
        return record[path]
    name, dot, rest = path.partition(".")
    inner = record.get(name)
    return _at(inner, rest) if dot and isinstance(inner, Mapping) else None


def metadata(record: Mapping[str, object], own: Names = NO_NAMES) -> Metadata:
    """What the fields of `record` say; a value of an odd type says nothing."""
    published = pick(record, "published", own)
    return Metadata(
        title=line(pick(record, "title", own)),
        published=None if published is None else stamps.parse(published),
        author=_people(pick(record, "author", own)),
        publisher=_people(pick(record, "publisher", own)),
        url=line(pick(record, "url", own)),
        tags=_tags(pick(record, "tags", own)),
    )


def mapped(column: object, own: Names) -> bool:
    """Whether a corpus's `own` names lead to a column, or into it."""
    return any(str(column) in (name, name.partition(".")[0]) for names in own.values() for name in names)


def has_texts(columns: Iterable[object], own: Names = NO_NAMES) -> bool:
    """Whether one of the `columns` of a table holds texts."""
    texts = {"text": own.get("text", ())}
    return any(known(column, ["text"]) or mapped(column, texts) for column in columns)


def check_columns(columns: Sequence[object], own: Names = NO_NAMES) -> None:
    """Check that a table has a column of texts.

    Raises:
        ReadError: it has none.
    """
    if not has_texts(columns, own):
        raise ReadError(
            f"no column of texts: one of {', '.join((*own.get('text', ()), *NAMES['text']))} is needed. "
            f"Columns here: {', '.join(str(column)[:40] for column in columns[:20])}. "
            "Say in pipeline.toml which it is: [fields] text = ..."
        )


def raw(record: object, number: int | None, own: Names = NO_NAMES) -> Raw | Broken:
    """The article in a record of named fields: an object of a JSON file, a row of a table."""
    if not isinstance(record, Mapping):
        return Broken(number=number, reason=f"a {type(record).__name__} where a record with named fields should be")
    text = pick(record, "text", own)
    if not isinstance(text, str) or not text.strip():
        names = ", ".join(str(name)[:40] for name in list(record)[:20])
        return Broken(
            number=number,
            reason=f"no text: none of the fields {', '.join((*own.get('text', ()), *NAMES['text']))} is filled. "
            f"Fields here: {names}. "
            "Say in pipeline.toml which it is: [fields] text = ...",
        )
    found = metadata(record, own)
    return Raw(
        text=markup.plain(text),
        number=number,
        title=found.title,
        published=found.published,
        author=found.author,
        publisher=found.publisher,
        url=found.url,
        tags=found.tags,
    )


def line(value: object) -> str | None:
    """A text field as one line; None where there is none."""
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        return None
    return " ".join(str(value).split()) or None


def _people(value: object) -> str | None:
    people = value if isinstance(value, list) else [value]
    names = [line(person.get("name")) if isinstance(person, dict) else line(person) for person in people]
    return ", ".join(name for name in names if name) or None


def _tags(value: object) -> tuple[str, ...]:
    items = value if isinstance(value, list) else re.split(r"[,;]", line(value) or "")
    tags = (line(item) for item in items)
    return tuple(dict.fromkeys(tag.lstrip("#") for tag in tags if tag and tag.lstrip("#")))

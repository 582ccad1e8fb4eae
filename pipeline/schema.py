"""What the tables hold: one declaration per table serves writing, checking, reading back and documenting.

A column has a kind (what it is in Arrow and in pandas), a meaning, a unit and, where its values come from a closed list, that
vocabulary. Parts of the store and the published tables are built from the same declaration; `hidden` columns stay in the parts.
Arrow is imported where it is used: the names of the tables are needed by runs that have nothing to do.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pipeline import copies
from pipeline.records import PROSE, Article, Event, Extraction, Failure, Mention, Participant, Place, RegionKind, content_id

if TYPE_CHECKING:
    import pyarrow as pa

Row = tuple[Any, ...]
Codes = Callable[[str], tuple[str | None, str | None, str | None]]

MAX_COUNT = 1e15  # what a float still holds exactly
SURROGATE = "\ufffd"  # stands for a lone surrogate, which neither UTF-8 nor Arrow can hold; offsets stay as they are
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
TAG_SEPARATOR = ";"

STATUSES = ("asserted", "reported", "hearsay", "planned", "possible", "requested", "attempted", "negated")
GRANULARITIES = (
    *("time", "part_of_day", "day", "weekend", "week", "month", "quarter", "season", "half", "year", "decade", "century"),
)
LABELS = ("PER", "ORG", "LOC", "MISC")
STAGES = ("ingest", "language", "nlp", "entities", "dates", "events", "quotes", "engine")
EVENT_CLASSES = (
    *("personnel", "politics", "diplomacy", "conflict", "justice", "unrest"),
    *("business", "life", "disaster", "movement", "speech", "society"),
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `kind` is text, category, int, float, bool, date or timestamp (seconds, the publisher's local time)."""

    name: str
    kind: str
    meaning: str
    unit: str = ""
    vocabulary: tuple[str, ...] = ()
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One table: what a row is, its columns, and how many rows make a row group of its Parquet file."""

    name: str
    row_is: str
    columns: tuple[Column, ...]
    group_rows: int = 32_768
    derived: bool = False  # made from the other tables when they are published; not in the parts

    @property
    def published(self) -> tuple[Column, ...]:
        """The columns that users see."""
        return tuple(column for column in self.columns if not column.hidden)


_CHARS = "code points"
_START = Column("start_char", "int", "where it begins in `articles.text`", _CHARS)
_END = Column("end_char", "int", "where it ends in `articles.text`, exclusive", _CHARS)
_ARTICLE_ID = Column("article_id", "text", "the article it stands in")
_COUNTRY = Column("country_code", "category", "country of the place", "ISO 3166-1 alpha-2")
_GEONAME = Column("geoname_id", "int", "the place in GeoNames")
_LATITUDE = Column("latitude", "float", "latitude of the place", "degrees, WGS 84")
_LONGITUDE = Column("longitude", "float", "longitude of the place", "degrees, WGS 84")
_LABEL = Column("label", "category", "person, organisation, place, or other name", vocabulary=LABELS)
_FIRST_DAY = Column("date_start", "date", "first day; null where the interval is open or unknown")
_LAST_DAY = Column("date_end", "date", "last day, inclusive; null where the interval is open or unknown")
_EVENT_TYPE = Column("event_type", "category", "type of the ontology")

ARTICLES = Table(
    "articles",
    "an article",
    (
        Column("article_id", "text", "content hash of the article"),
        Column("source", "text", "path relative to the corpus; `#n` is the nth record of a file with several"),
        Column("title", "text", "headline"),
        Column("published", "timestamp", "when it was published; null when the article gives no way to know", "local time"),
        Column(
            "published_source",
            "category",
            "which clue gave `published`",
            vocabulary=("front_matter", "header", "dateline", "byline", "filename", "path"),
        ),
        Column("published_has_time", "bool", "whether `published` has a time of day; midnight stands for none"),
        Column("collected", "timestamp", "when a crawler took it", "local time"),
        Column("author", "text", "author as the article names them"),
        Column("publisher", "text", "newspaper, agency or site, where the file names it"),
        Column("url", "text", "address of the article"),
        Column("language", "category", "language of the text", "ISO 639-1"),
        Column("tags", "text", f"hashtags and keywords, joined by `{TAG_SEPARATOR}`"),
        Column("n_tokens", "int", "words and punctuation marks", "tokens"),
        Column("n_unsure", "int", "event mentions under the confidence floor, left out of `events`", "events"),
        Column(
            "duplicate_of", "text", "article_id of the first article with the same text, but for small edits; null for that one"
        ),
        Column("repaired", "bool", "whether mojibake (`Ã©` for `é`) was put right in `text`"),
        Column("text", "text", "the decoded text; all offsets count its code points"),
        Column("digest", "text", "hash of the words, for finding copies", hidden=True),
        Column("sketch", "text", "MinHash of the body, for finding copies with small edits", hidden=True),
        Column("body_start", "int", "where the body begins in `text`", _CHARS, hidden=True),
        Column("body_end", "int", "where the body ends in `text`", _CHARS, hidden=True),
    ),
    group_rows=1_024,
)
MENTIONS = Table(
    "mentions",
    "an entity mention in an article",
    (
        Column("mention_id", "text", "id of the mention"),
        _ARTICLE_ID,
        Column("entity_id", "text", "the entity that is meant, the same across articles"),
        _LABEL,
        Column("text", "text", "the mention as it stands"),
        _START,
        _END,
        Column("name", "text", "the entity's full name, as this article supports it"),
        Column("method", "category", "`model`, or the rule that found or changed it"),
        _COUNTRY,
        _GEONAME,
        _LATITUDE,
        _LONGITUDE,
    ),
)
ENTITIES = Table(
    "entities",
    "an entity across the corpus",
    (
        Column("entity_id", "text", "id of the entity"),
        _LABEL,
        Column("name", "text", "its most frequent full name"),
        Column("n_mentions", "int", "mentions in the corpus", "mentions"),
        Column("n_articles", "int", "articles that mention it", "articles"),
        _COUNTRY,
        _GEONAME,
        _LATITUDE,
        _LONGITUDE,
    ),
    derived=True,
)
ENTITY_ALIASES = Table(
    "entity_aliases",
    "a form under which an entity is mentioned",
    (
        Column("entity_id", "text", "the entity"),
        Column("alias", "text", "the form as it stands in the articles"),
        Column("n_mentions", "int", "mentions under this form", "mentions"),
    ),
    derived=True,
)
DATES = Table(
    "dates",
    "a time expression",
    (
        Column("date_id", "text", "id of the expression"),
        _ARTICLE_ID,
        Column("timex_type", "category", "TIMEX3 type", vocabulary=("DATE", "TIME", "DURATION", "SET")),
        Column("text", "text", "the expression as it stands"),
        _START,
        _END,
        Column("value", "text", "TIMEX3 value (ISO 8601); null when it cannot be worked out, `method` says why"),
        Column("mod", "category", "TIMEX3 modifier", vocabulary=("START", "MID", "END", "APPROX", "BEFORE", "AFTER")),
        _FIRST_DAY,
        _LAST_DAY,
        Column("granularity", "category", "how fine the expression is", vocabulary=GRANULARITIES),
        Column("anchor", "text", "what it was worked out from: `none`, `document`, or the date_id of another expression"),
        Column("method", "category", "how it was worked out, or why not"),
        Column("rule_id", "category", "the rule that found it"),
    ),
)
EVENTS = Table(
    "events",
    "an event mention",
    (
        Column("event_id", "text", "id of the event mention"),
        _ARTICLE_ID,
        Column("story_id", "text", "the happening that this and other mentions tell of; see `stories`"),
        Column("event_class", "category", "class of the ontology", vocabulary=EVENT_CLASSES),
        _EVENT_TYPE,
        Column("trigger", "text", "the word that names the event"),
        Column("start_char", "int", "where the trigger begins in `articles.text`", _CHARS),
        Column("end_char", "int", "where the trigger ends in `articles.text`, exclusive", _CHARS),
        Column("sentence", "text", "the sentence of the trigger"),
        Column("status", "category", "how sure the article is that it happens", vocabulary=STATUSES),
        Column("polarity", "category", "whether it is said to happen or not to", vocabulary=("positive", "negative")),
        Column("attribution", "text", "who says so, as the article names them"),
        Column("attribution_id", "text", "entity_id of who says so"),
        Column("date_value", "text", "when it happens, as a TIMEX3 value or an interval of two"),
        _FIRST_DAY,
        _LAST_DAY,
        Column("date_granularity", "category", "how fine the date is", vocabulary=GRANULARITIES),
        Column(
            "date_source",
            "category",
            "where the date was found, nearest first; null for none",
            vocabulary=("dependency", "clause", "sentence", "discourse", "document"),
        ),
        Column("date_id", "text", "the time expression in `dates` that gave the date"),
        Column("actor", "text", "who does it: the first participant of that role, by its name where it has one"),
        Column("actor_id", "text", "entity_id of the actor"),
        Column("recipient", "text", "to whom it is done: the first participant of that role"),
        Column("recipient_id", "text", "entity_id of the recipient"),
        Column("theme", "text", "the thing it is about: the first participant of that role"),
        Column("place", "text", "where it happens: the first participant of that role"),
        Column("place_id", "text", "entity_id of the place"),
        _COUNTRY,
        _GEONAME,
        _LATITUDE,
        _LONGITUDE,
        Column("deaths", "int", "people killed; the lower bound where the article gives a range", "people"),
        Column("injured", "int", "people injured; the lower bound where the article gives a range", "people"),
        Column("amount", "float", "sum of money; the lower bound where the article gives a range", "`currency`"),
        Column("currency", "category", "currency of `amount`", "ISO 4217"),
        Column(
            "confidence",
            "float",
            "how likely type, status, days, actors, recipients and place are all right; see --min-confidence",
            "0 to 1",
        ),
        Column("type_confidence", "float", "how likely the type alone is right", "0 to 1"),
        Column("rule_id", "category", "the ontology rule that fired"),
        Column("plover", "category", "event code in PLOVER, null where it has none"),
        Column("cameo", "category", "event code in CAMEO, null where it has none"),
        Column("ace", "category", "event type in ACE 2005, null where it has none"),
        Column("core_ids", "text", "entity_ids of all actors and recipients, in order, joined by blanks", hidden=True),
        Column("published", "timestamp", "when the article was published", hidden=True),
    ),
    group_rows=16_384,
)
PARTICIPANTS = Table(
    "participants",
    "an argument of an event",
    (
        Column("event_id", "text", "the event"),
        Column("role", "category", "its part in the event", vocabulary=("actor", "recipient", "theme", "place", "quantity")),
        Column("text", "text", "the argument as it stands"),
        _START,
        _END,
        Column("entity_id", "text", "the entity, where the argument is one"),
        Column("name", "text", "the entity's full name, as this article supports it"),
        Column("method", "category", "how it was found"),
        Column("kind", "category", "what a quantity counts"),
        Column("value_min", "float", "a quantity's value or lower bound", "`unit`"),
        Column("value_max", "float", "a quantity's value or upper bound", "`unit`"),
        Column("unit", "category", "unit of the quantity"),
    ),
)
QUOTES = Table(
    "quotes",
    "a quotation",
    (
        Column("quote_id", "text", "id of the quotation"),
        _ARTICLE_ID,
        Column("text", "text", "what is quoted"),
        _START,
        _END,
        Column("speaker", "text", "who is quoted"),
        Column("speaker_id", "text", "entity_id of the speaker"),
        Column("cue", "text", "the verb or preposition that introduces it"),
        Column("direct", "bool", "whether the words stand in quotation marks"),
    ),
    group_rows=16_384,
)
_TOLL = "only asserted, reported and hearsay ones count; null where none gives a number"
STORIES = Table(
    "stories",
    "one happening, told by one or more event mentions",
    (
        Column("story_id", "text", "id of the happening"),
        _EVENT_TYPE,
        Column(
            "date_start", "date", "earliest day that a mention gives it (the least `events.date_start`); null where none is known"
        ),
        Column(
            "date_end", "date", "latest day that a mention gives it (the greatest `events.date_end`); null where none is known"
        ),
        Column("actor", "text", "its most frequent actor"),
        Column("recipient", "text", "its most frequent recipient"),
        Column("place", "text", "its most frequent place"),
        *(
            Column(f"{toll}_{bound}", "int", f"{extent} `events.{toll}` of its mentions; {_TOLL}", "people")
            for toll in ("deaths", "injured")
            for bound, extent in (("min", "least"), ("max", "greatest"))
        ),
        Column("n_events", "int", "event mentions that tell of it", "mentions"),
        Column("n_articles", "int", "articles that tell of it", "articles"),
        Column("n_sources", "int", "the same, copies of one article counted once", "articles"),
        Column("first_published", "timestamp", "publication of the first article that tells of it", "local time"),
        Column("last_published", "timestamp", "publication of the last article that tells of it", "local time"),
    ),
    derived=True,
)
STORY_REDIRECTS = Table(
    "story_redirects",
    "an id that a story would have, or had, with other articles in the corpus",
    (
        Column("old_id", "text", "an id that may stand in older tables"),
        Column("story_id", "text", "the story that it belongs to now"),
    ),
    derived=True,
)
FAILURES = Table(
    "failures",
    "an input that could not be processed",
    (
        Column("source", "text", "path relative to the corpus; `#n` is the nth record of a file with several"),
        Column("stage", "category", "where it failed", vocabulary=STAGES),
        Column("error", "text", "why"),
    ),
)

TABLES = {
    table.name: table
    for table in (
        *(ARTICLES, MENTIONS, ENTITIES, ENTITY_ALIASES, DATES, EVENTS),
        *(PARTICIPANTS, QUOTES, STORIES, STORY_REDIRECTS, FAILURES),
    )
}
PART_TABLES = tuple(name for name, table in TABLES.items() if not table.derived)


# Records to rows


def no_codes(event_type: str) -> tuple[None, None, None]:
    """The codes of an ontology that has none."""
    return (None, None, None)


def extraction_rows(extraction: Extraction, *, codes: Codes = no_codes) -> dict[str, list[Row]]:
    """The rows of one article by table, each table in the order of the text."""
    events = sorted(extraction.events, key=lambda event: (event.start, event.end, event.event_id))
    return {
        "articles": [_article(extraction)],
        "mentions": [_mention(m) for m in sorted(extraction.mentions, key=lambda m: (m.start, m.end, m.mention_id))],
        "dates": [
            (
                *(d.date_id, d.article_id, d.timex_type, d.text, d.start, d.end, d.value, d.mod),
                *(d.date_start, d.date_end, d.granularity, d.anchor, d.method or None, d.rule_id or None),
            )
            for d in sorted(extraction.dates, key=lambda d: (d.start, d.end, d.date_id))
        ],
        "events": [(*_event(event, codes), _second(extraction.article.published)) for event in events],
        "participants": [_participant(p) for event in events for p in _in_order(event.participants)],
        "quotes": [
            (q.quote_id, q.article_id, q.text, q.start, q.end, q.speaker, q.speaker_id, q.cue, q.direct)
            for q in sorted(extraction.quotes, key=lambda q: (q.start, q.end, q.quote_id))
        ],
    }


def failure_rows(failure: Failure) -> dict[str, list[Row]]:
    """The row of one failure."""
    return {"failures": [(failure.source, failure.stage, failure.error)]}


def to_tables(results: Iterable[Extraction | Failure], *, codes: Codes = no_codes) -> dict[str, pa.Table]:
    """The rows of `results` as Arrow tables, one per table that the store keeps."""
    rows: dict[str, list[Row]] = {name: [] for name in PART_TABLES}
    for result in results:
        found = failure_rows(result) if isinstance(result, Failure) else extraction_rows(result, codes=codes)
        for name, added in found.items():
            rows[name].extend(added)
    return {name: build(TABLES[name], found) for name, found in rows.items()}


def _article(extraction: Extraction) -> Row:
    article = extraction.article
    tags = TAG_SEPARATOR.join(tag.replace(TAG_SEPARATOR, ",") for tag in article.tags) or None
    return (
        *(article.article_id, article.source, article.title, _second(article.published), article.published_source),
        *(
            article.published_has_time,
            _second(article.collected),
            article.author,
            article.publisher,
            article.url,
            article.language,
            tags,
        ),
        *(extraction.n_tokens, len(extraction.unsure), article.duplicate_of, article.repaired, article.text, _digest(article)),
        *_body(article),
    )


def _digest(article: Article) -> str | None:
    """A hash of the article's words, the same for copies that differ in case, spacing or punctuation only."""
    prose = (article.text[region.start : region.end] for region in article.regions if region.kind in PROSE)
    words = "".join(character for character in "".join(prose).casefold() if character.isalnum())
    return content_id("digest", words) if len(words) >= 200 else None


def _body(article: Article) -> tuple[str | None, int | None, int | None]:
    """The sketch of the body and where it stands: title, header and hashtags differ between copies."""
    bodies = [region for region in article.regions if region.kind is RegionKind.BODY]
    if not bodies:
        return None, None, None
    start, end = bodies[0].start, bodies[-1].end
    return copies.sketch(article.text[start:end]), start, end


def _second(moment: datetime | None) -> datetime | None:
    """Whole seconds of wall-clock time: what all formats can hold."""
    return None if moment is None else moment.replace(microsecond=0, tzinfo=None)


def _place(place: Place | None) -> Row:
    return (None,) * 4 if place is None else (place.country_code, place.geoname_id, place.latitude, place.longitude)


def _mention(m: Mention) -> Row:
    head = (m.mention_id, m.article_id, m.entity_id, m.label, m.text, m.start, m.end, m.name, m.method or None)
    return (*head, *_place(m.place))


def _in_order(participants: Iterable[Participant]) -> list[Participant]:
    return sorted(participants, key=lambda p: (p.start, p.end, p.role, p.text))


def _participant(p: Participant) -> Row:
    head = (p.event_id, p.role, p.text, p.start, p.end, p.entity_id, p.name, p.method or None)
    return (*head, p.kind, p.value_min, p.value_max, p.unit)


def _event(event: Event, codes: Codes) -> Row:
    def first(role: str) -> Participant | None:
        return next((p for p in event.participants if p.role == role), None)

    def quantity(*kinds: str) -> Participant | None:
        return next((p for p in event.participants if p.kind in kinds and p.value_min is not None), None)

    actor, recipient, theme, place = first("actor"), first("recipient"), first("theme"), first("place")
    money = quantity("amount", "money")
    core = {p.entity_id for p in event.participants if p.role in ("actor", "recipient") and p.entity_id}
    return (
        *(event.event_id, event.article_id, None, event.event_class, event.event_type, event.trigger),
        *(event.start, event.end, event.sentence, event.status, event.polarity, event.attribution, event.attribution_id),
        *(event.date_value, event.date_start, event.date_end, event.date_granularity, event.date_source, event.date_id),
        *(_named(actor), _entity(actor), _named(recipient), _entity(recipient), _named(theme), _named(place), _entity(place)),
        *_place(event.place),
        *(_count(quantity("deaths")), _count(quantity("injured"))),
        *((money.value_min, money.unit) if money else (None, None)),
        *(event.confidence, event.type_confidence, event.rule_id or None),
        *(code or None for code in codes(event.event_type)),
        " ".join(sorted(core)) or None,
    )


def _named(p: Participant | None) -> str | None:
    return None if p is None else p.name or p.text


def _entity(p: Participant | None) -> str | None:
    return None if p is None else p.entity_id


def _count(p: Participant | None) -> int | None:
    """A number of people; none where the digits run on beyond anything that can be counted."""
    if p is None or p.value_min is None or not abs(p.value_min) < MAX_COUNT:
        return None
    return round(p.value_min)


# Rows to Arrow


def part_schema(table: Table) -> pa.Schema:
    """The Arrow schema of `table` in the store's parts: all columns, categories as plain text."""
    import pyarrow as pa  # noqa: PLC0415

    return pa.schema([(column.name, _arrow_type(column, encoded=False)) for column in table.columns])


def arrow_schema(table: Table) -> pa.Schema:
    """The Arrow schema of the published `table`, with the metadata that lets pandas restore its types."""
    import pyarrow as pa  # noqa: PLC0415

    fields = [pa.field(column.name, _arrow_type(column, encoded=True)) for column in table.published]
    return pa.schema(fields, metadata={"pandas": json.dumps(_pandas_metadata(table))})


def _arrow_type(column: Column, *, encoded: bool) -> pa.DataType:
    import pyarrow as pa  # noqa: PLC0415

    types: dict[str, pa.DataType] = {
        "text": pa.string(),
        "category": pa.dictionary(pa.int16(), pa.string()) if encoded else pa.string(),
        "int": pa.int64(),
        "float": pa.float64(),
        "bool": pa.bool_(),
        "date": pa.date32(),
        "timestamp": pa.timestamp("ms"),
    }
    return types[column.kind]


PANDAS_TYPES = {
    "text": ("unicode", "str"),
    "category": ("categorical", "int16"),
    "int": ("int64", "Int64"),
    "float": ("float64", "float64"),
    "bool": ("bool", "boolean"),
    "date": ("date", "date32[day][pyarrow]"),
    "timestamp": ("datetime", "datetime64[ms]"),
}


def _pandas_metadata(table: Table) -> dict[str, Any]:
    columns = [
        {
            "name": column.name,
            "field_name": column.name,
            "pandas_type": PANDAS_TYPES[column.kind][0],
            "numpy_type": PANDAS_TYPES[column.kind][1],
            "metadata": {"num_categories": len(column.vocabulary), "ordered": False} if column.kind == "category" else None,
        }
        for column in table.published
    ]
    creator = {"library": "ephemeride", "version": "1"}
    return {"index_columns": [], "column_indexes": [], "columns": columns, "creator": creator, "pandas_version": "2.2.0"}


def build(table: Table, rows: Sequence[Row]) -> pa.Table:
    """`rows` as an Arrow table of `part_schema`. Lone surrogates become U+FFFD."""
    import pyarrow as pa  # noqa: PLC0415

    schema = part_schema(table)
    columns = zip(*rows, strict=True) if rows else ((),) * len(schema)
    return pa.table(
        [_array(values, field.type) for values, field in zip(columns, schema, strict=True)],
        schema=schema,
    )


def _array(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    import pyarrow as pa  # noqa: PLC0415

    try:
        return pa.array(values, kind)
    except UnicodeEncodeError:
        return pa.array([None if value is None else whole(value) for value in values], kind)


def whole(text: str) -> str:
    """`text` with every lone surrogate replaced, of the same length."""
    return _LONE_SURROGATE.sub(SURROGATE, text)


def check(table: Table, data: pa.Table) -> list[str]:
    """What in `data` breaks the declaration of `table`: columns, types, values, offsets that run backwards."""
    import pyarrow.compute as pc  # noqa: PLC0415

    names = [column.name for column in table.columns]
    if data.column_names not in (names, [column.name for column in table.published]):
        return [f"{table.name}: columns are {data.column_names}, not {names}"]
    wrong = []
    for column in table.columns:
        if column.vocabulary and column.name in data.column_names:
            found = pc.unique(data[column.name].cast("string")).to_pylist()
            strange = sorted(set(found) - {None} - set(column.vocabulary))
            wrong += [f"{table.name}.{column.name}: {value!r} is none of {', '.join(column.vocabulary)}" for value in strange]
    if "start_char" in data.column_names:
        backwards = pc.sum(pc.greater(data["start_char"], data["end_char"])).as_py() or 0
        wrong += [f"{table.name}: {backwards} rows end before they start"] if backwards else []
    return wrong


# Documentation

_PARQUET_NAMES = {
    "text": "string",
    "category": "category (dictionary of strings)",
    "int": "int64, nullable",
    "float": "double",
    "bool": "bool",
    "date": "date32",
    "timestamp": "timestamp (ms)",
}

_INTRODUCTION = """\
# The tables

Written by `python -m pipeline CORPUS`; this page is generated from `pipeline/schema.py`. Load them with

```python
import pipeline

tables = pipeline.load("outputs")   # from Parquet or CSV, all tables of one and the same run
tables.events

import pandas as pd
pd.read_parquet("outputs/events.parquet")
```

or open `report.html` in a browser: a summary of them, with a list of events to search.

Parquet and CSV hold the same values. Rows are in the order of the files, then of the text. Ids are content hashes, stable
from run to run. Unknown is null. Offsets are Unicode code points into `articles.text`, end exclusive:
`text[start_char:end_char]` is the mark.

CSV is UTF-8 with ISO 8601 dates and times. A null is an empty field, an empty text is `""`. So that no spreadsheet takes a
text for a formula, a text that begins with `=`, `+`, `-`, `@`, a tab or a line break (white space and apostrophes before them
counted in) has one apostrophe put in front. `pipeline.load` takes it off again; elsewhere, drop the first character of texts
that match `'+\\s*[=+@＝＋－＠-]` or `'+[\\t\\r\\n]` at their beginning.
"""


def dictionary() -> str:
    """The data dictionary of all tables, as Markdown."""
    return _INTRODUCTION + "".join(f"\n{_document(table)}" for table in TABLES.values())


def _document(table: Table) -> str:
    lines = [f"## {table.name}", "", f"One row is {table.row_is}.", "", "| column | type | meaning |", "|---|---|---|"]
    for column in table.published:
        unit = f" ({column.unit})" if column.unit else ""
        values = f"; one of {', '.join(column.vocabulary)}" if column.vocabulary else ""
        lines.append(f"| {column.name} | {_PARQUET_NAMES[column.kind]} | {column.meaning}{unit}{values} |")
    return "\n".join(lines) + "\n"


def vocabulary_of(table: Table) -> Mapping[str, tuple[str, ...]]:
    """The declared values of each category column of `table`, empty where the list is open."""
    return {column.name: column.vocabulary for column in table.published if column.kind == "category"}

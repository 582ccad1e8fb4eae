"""What is worked out over the whole corpus: copies of articles, entities and their names. Counted on disk: memory stays flat."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

BATCH_ROWS = 16_384

DUPLICATE_COLUMNS = ("article_id", "digest", "published")
MENTION_COLUMNS = (
    *("entity_id", "article_id", "label", "name", "text"),
    *("country_code", "geoname_id", "latitude", "longitude"),
)
_PLACE = ("country_code", "geoname_id", "latitude", "longitude")

_SCHEMA = """
PRAGMA journal_mode=OFF;
PRAGMA synchronous=OFF;
PRAGMA cache_size=-32768;
PRAGMA temp_store=FILE;
CREATE TABLE copies (digest TEXT, published INTEGER, position INTEGER, article_id TEXT);
CREATE TABLE entity (entity_id TEXT PRIMARY KEY, mentions INTEGER, articles INTEGER) WITHOUT ROWID;
CREATE TABLE named (entity_id TEXT, label TEXT, name TEXT, n INTEGER, PRIMARY KEY (entity_id, label, name)) WITHOUT ROWID;
CREATE TABLE alias (entity_id TEXT, alias TEXT, n INTEGER, PRIMARY KEY (entity_id, alias)) WITHOUT ROWID;
CREATE TABLE place (
    entity_id TEXT, country_code TEXT, geoname_id INTEGER, latitude REAL, longitude REAL, n INTEGER,
    key TEXT, PRIMARY KEY (entity_id, key)
) WITHOUT ROWID;
"""

_ADD_UP = "ON CONFLICT DO UPDATE SET n = n + excluded.n"

# The most frequent label and name; then the longer name, then the first in the alphabet. Likewise the most frequent place.
_ENTITIES = """
WITH best_name AS (
    SELECT entity_id, label, name, row_number() OVER (
        PARTITION BY entity_id ORDER BY n DESC, length(name) DESC, name, label) AS rank FROM named),
best_place AS (
    SELECT *, row_number() OVER (PARTITION BY entity_id ORDER BY n DESC, key) AS rank FROM place)
SELECT entity.entity_id, label, name, mentions, articles, country_code, geoname_id, latitude, longitude
FROM entity JOIN best_name USING (entity_id)
LEFT JOIN best_place ON best_place.entity_id = entity.entity_id AND best_place.rank = 1
WHERE best_name.rank = 1 ORDER BY mentions DESC, entity.entity_id
"""


@contextlib.contextmanager
def counting(path: Path) -> Iterator[sqlite3.Connection]:
    """A database for counts, thrown away at the end."""
    db = sqlite3.connect(path, isolation_level=None)
    try:
        db.executescript(_SCHEMA)
        yield db
    finally:
        db.close()
        path.unlink(missing_ok=True)


def find_copies(db: sqlite3.Connection, articles: Iterable[pa.Table]) -> dict[str, str]:
    """The articles that say the same as another one, each with the first published of them (or the first file)."""
    position = 0
    db.execute("BEGIN")
    for rows in articles:
        found = zip(*(rows[name].to_pylist() for name in DUPLICATE_COLUMNS), strict=True)
        db.executemany(
            "INSERT INTO copies VALUES (?, ?, ?, ?)",
            [
                (digest, None if published is None else published.isoformat(), position + i, article_id)
                for i, (article_id, digest, published) in enumerate(found)
                if digest
            ],
        )
        position += rows.num_rows
    db.execute("COMMIT")
    ordered = db.execute(
        "SELECT digest, article_id FROM copies WHERE digest IN (SELECT digest FROM copies GROUP BY digest HAVING count(*) > 1) "
        "ORDER BY digest, published IS NULL, published, position"
    )
    first: dict[str, str] = {}
    copies: dict[str, str] = {}
    for digest, article_id in ordered:
        original = first.setdefault(digest, article_id)
        if article_id != original:
            copies[article_id] = original
    return copies


def count_mentions(db: sqlite3.Connection, mentions: Iterable[pa.Table]) -> None:
    """Count entities, names, forms and places. Each piece holds all mentions of the articles in it."""
    db.execute("BEGIN")
    for rows in mentions:
        per_article = rows.group_by(["entity_id", "article_id"]).aggregate([([], "count_all")])
        _add(
            db,
            "INSERT INTO entity VALUES (?, ?, ?) ON CONFLICT DO UPDATE "
            "SET mentions = mentions + excluded.mentions, articles = articles + excluded.articles",
            per_article.group_by("entity_id").aggregate([("count_all", "sum"), ([], "count_all")]),
        )
        _add(db, f"INSERT INTO named VALUES (?, ?, ?, ?) {_ADD_UP}", _counted(rows, "label", "name"))
        _add(db, f"INSERT INTO alias VALUES (?, ?, ?) {_ADD_UP}", _counted(rows, "text"))
        placed = rows.filter(pc.or_(rows["country_code"].is_valid(), rows["geoname_id"].is_valid()))
        _add(
            db,
            f"INSERT INTO place VALUES (?1, ?2, ?3, ?4, ?5, ?6, json_array(?2, ?3, ?4, ?5)) {_ADD_UP}",
            _counted(placed, *_PLACE),
        )
    db.execute("COMMIT")


def _counted(rows: pa.Table, *columns: str) -> pa.Table:
    return rows.group_by(["entity_id", *columns]).aggregate([([], "count_all")])


def _add(db: sqlite3.Connection, statement: str, rows: pa.Table) -> None:
    db.executemany(statement, zip(*(column.to_pylist() for column in rows.columns), strict=True))


def entities(db: sqlite3.Connection, schema: pa.Schema) -> Iterator[pa.Table]:
    """The entities, most mentioned first."""
    yield from _batches(db.execute(_ENTITIES), schema)


def aliases(db: sqlite3.Connection, schema: pa.Schema) -> Iterator[pa.Table]:
    """The forms of every entity, most frequent first."""
    yield from _batches(db.execute("SELECT entity_id, alias, n FROM alias ORDER BY entity_id, n DESC, alias"), schema)


def _batches(rows: sqlite3.Cursor, schema: pa.Schema) -> Iterator[pa.Table]:
    while batch := rows.fetchmany(BATCH_ROWS):
        yield pa.table(
            [pa.array(values, field.type) for values, field in zip(zip(*batch, strict=True), schema, strict=True)], schema=schema
        )

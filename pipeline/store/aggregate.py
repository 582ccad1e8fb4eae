"""What is worked out over the whole corpus: copies of articles, entities and their names. Counted on disk: memory stays flat."""

from __future__ import annotations

import contextlib
import errno
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline import copies

BATCH_ROWS = 16_384

DUPLICATE_COLUMNS = ("article_id", "digest", "published", "sketch")
BODY_COLUMNS = ("article_id", "text", "body_start", "body_end")
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
CREATE TABLE copies (article_id TEXT, digest TEXT, published TEXT, position INTEGER, sketch TEXT);
CREATE TABLE body (article_id TEXT PRIMARY KEY, text TEXT) WITHOUT ROWID;
CREATE TABLE entity (entity_id TEXT PRIMARY KEY, mentions INTEGER, articles INTEGER) WITHOUT ROWID;
CREATE TABLE named (entity_id TEXT, label TEXT, name TEXT, n INTEGER, PRIMARY KEY (entity_id, label, name)) WITHOUT ROWID;
CREATE TABLE alias (entity_id TEXT, alias TEXT, n INTEGER, PRIMARY KEY (entity_id, alias)) WITHOUT ROWID;
CREATE TABLE place (
    entity_id TEXT, country_code TEXT, geoname_id INTEGER, latitude REAL, longitude REAL, n INTEGER,
    key TEXT, PRIMARY KEY (entity_id, key)
) WITHOUT ROWID;
"""

_FIRST = "published IS NULL, published, position"
ORIGINALS_KEPT = 32  # of a band key, the latest: text that stands in all articles of a site must not make every pair meet
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
    """A database for counts, thrown away at the end.

    Raises:
        OSError: the disk is full.
    """
    db = sqlite3.connect(path, isolation_level=None)
    try:
        db.executescript(_SCHEMA)
        yield db
    except sqlite3.OperationalError as error:
        raise OSError(errno.EIO, str(error), str(path)) from error
    finally:
        db.close()
        path.unlink(missing_ok=True)


def find_copies(db: sqlite3.Connection, scan: Callable[[Sequence[str]], Iterable[pa.Table]]) -> dict[str, str]:
    """The articles that say the same as another one, each with the first published of them (or the first file).

    Those that differ in nothing but case, spacing and punctuation are found by their digests, those with small edits by their
    sketches. `scan` gives columns of the articles, in the order of the corpus.
    """
    position = 0
    db.execute("BEGIN")
    for rows in scan(DUPLICATE_COLUMNS):
        found = zip(*(rows[name].to_pylist() for name in DUPLICATE_COLUMNS), strict=True)
        db.executemany(
            "INSERT INTO copies VALUES (?, ?, ?, ?, ?)",
            [
                (article_id, digest, None if published is None else published.isoformat(), position + i, sketch)
                for i, (article_id, digest, published, sketch) in enumerate(found)
                if digest or sketch
            ],
        )
        position += rows.num_rows
    db.execute("COMMIT")
    exact = _exact_copies(db)
    near = _near_copies(db, scan, exact)
    return {**{copy: near.get(original, original) for copy, original in exact.items()}, **near}


def _exact_copies(db: sqlite3.Connection) -> dict[str, str]:
    ordered = db.execute(
        "SELECT digest, article_id FROM copies WHERE digest IN (SELECT digest FROM copies GROUP BY digest HAVING count(*) > 1) "
        f"ORDER BY digest, {_FIRST}"
    )
    first: dict[str, str] = {}
    exact: dict[str, str] = {}
    for digest, article_id in ordered:
        original = first.setdefault(digest, article_id)
        if article_id != original:
            exact[article_id] = original
    return exact


def _near_copies(
    db: sqlite3.Connection, scan: Callable[[Sequence[str]], Iterable[pa.Table]], exact: Mapping[str, str]
) -> dict[str, str]:
    """Each article is compared with the originals before it that agree in a band of the sketch; the first that is the same wins.

    An article that is a copy is no original: chains of edits do not lead from one story to another.
    """
    candidates = _candidates(db, exact)
    if not candidates:
        return {}
    _keep_bodies(db, scan, {article_id for article_id, *_ in candidates})

    @lru_cache(maxsize=256)
    def body(article_id: str) -> copies.Shingled:
        (text,) = db.execute("SELECT text FROM body WHERE article_id = ?", (article_id,)).fetchone()
        return copies.shingled(text)

    originals: dict[str, list[tuple[int, str, datetime | None]]] = defaultdict(list)  # by band and key
    near: dict[str, str] = {}
    for order, (article_id, published, keys) in enumerate(candidates):
        met = sorted({original for key in keys for original in originals[key]}, key=lambda original: original[0])
        for _, original, when in met:
            apart = published is not None and when is not None and published - when > copies.WINDOW
            if not apart and copies.same(body(original), body(article_id)):
                near[article_id] = original
                break
        else:
            for key in keys:
                originals[key] = [*originals[key][1 - ORIGINALS_KEPT :], (order, article_id, published)]
    return near


def _candidates(db: sqlite3.Connection, exact: Mapping[str, str]) -> list[tuple[str, datetime | None, list[str]]]:
    """Article, publication and band keys of the articles that share a key with another one, in the order of publication."""
    known = [
        (article_id, published and datetime.fromisoformat(published), sketch)
        for article_id, published, sketch in db.execute(
            f"SELECT article_id, published, sketch FROM copies WHERE sketch IS NOT NULL ORDER BY {_FIRST}"
        )
        if article_id not in exact
    ]
    keys = np.frombuffer(bytes.fromhex("".join(sketch for *_, sketch in known)), ">u4").reshape(-1, copies.BANDS)
    shared = np.zeros(len(known), bool)
    for band in keys.T:
        _, which, counts = np.unique(band, return_inverse=True, return_counts=True)
        shared |= counts[which] > 1
    return [
        (article_id, published, [f"{band} {key}" for band, key in enumerate(keys[i].tolist())])
        for i, (article_id, published, _) in enumerate(known)
        if shared[i]
    ]


def _keep_bodies(db: sqlite3.Connection, scan: Callable[[Sequence[str]], Iterable[pa.Table]], wanted: Collection[str]) -> None:
    db.execute("BEGIN")
    for rows in scan(BODY_COLUMNS):
        found = zip(*(rows[name].to_pylist() for name in BODY_COLUMNS), strict=True)
        db.executemany(
            "INSERT OR IGNORE INTO body VALUES (?, ?)",
            [(article_id, text[start:end]) for article_id, text, start, end in found if article_id in wanted],
        )
    db.execute("COMMIT")


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

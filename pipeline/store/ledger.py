"""The ledger: a SQLite file that says which input is processed and where its rows lie. Its COMMIT is the commit point."""

from __future__ import annotations

import contextlib
import json
import math
import os
import sqlite3
import time
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

from pipeline.config import Config

FORMAT = 3  # of the ledger and the parts; another one starts over

_SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS parts (name TEXT PRIMARY KEY, bytes INTEGER NOT NULL, layout TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS files (
    path BLOB PRIMARY KEY, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, hash TEXT NOT NULL,
    part TEXT NOT NULL, segments TEXT NOT NULL, failed INTEGER NOT NULL,
    reader TEXT NOT NULL, any_language INTEGER, floor_above REAL NOT NULL, floor_upto REAL NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS files_by_part ON files (part);
CREATE TABLE IF NOT EXISTS retired (snapshot TEXT PRIMARY KEY, since REAL NOT NULL) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Stamp:
    """How a file looked when it was read: size in bytes, modification time in nanoseconds, hash of its content."""

    size: int
    mtime_ns: int
    hash: str


@dataclass(frozen=True, slots=True)
class Segment:
    """Rows of one file in one chunk of a part: for each table of the part, first row and number of rows."""

    chunk: int
    rows: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Validity:
    """What the rows of a file depend on besides its content: what read it, and the options that would give other rows."""

    reader: str = ""  # fingerprint of what read it
    any_language: bool | None = None  # the option when it was read; None where it does not matter
    floor_above: float = -math.inf  # confidence floors above this one
    floor_upto: float = math.inf  # and up to this one give the same rows

    def holds(self, reader: str, config: Config) -> bool:
        """Whether the file, read by `reader`, would give the same rows with `config`."""
        language = self.any_language in (None, config.any_language)
        return reader == self.reader and language and self.floor_above < config.min_confidence <= self.floor_upto


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A processed file: its path relative to the corpus, how it looked, where its rows are, and what they depend on."""

    path: str
    stamp: Stamp
    segments: tuple[Segment, ...]
    failed: bool
    validity: Validity


@dataclass(frozen=True, slots=True)
class PartEntry:
    """A part: its file name, its size, and for each chunk and table the position and length in bytes."""

    name: str
    bytes: int
    layout: tuple[tuple[tuple[int, int], ...], ...]


class Ledger:
    """An open ledger. A class because it holds a connection; every public method is one transaction."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None, timeout=30)
        # A rollback journal, not a WAL: it works on every file system, and nobody reads while we write.
        self._db.execute("PRAGMA journal_mode=TRUNCATE")
        self._db.execute("PRAGMA synchronous=FULL")
        with self._db:
            if self._db.execute("PRAGMA user_version").fetchone()[0] != FORMAT:
                self._db.executescript(f"DROP TABLE IF EXISTS files; DROP TABLE IF EXISTS parts; PRAGMA user_version={FORMAT};")
            self._db.executescript(_SCHEMA)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def get(self, key: str, default: str = "") -> str:
        """A setting."""
        row = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return default if row is None else str(row[0])

    def put(self, **values: str) -> None:
        """Settings, all or none."""
        with _transaction(self._db) as db:
            _set(db, values)

    def stamps(self) -> dict[str, tuple[Stamp, Validity]]:
        """How every processed file looked, and what its rows depend on."""
        columns = "path, size, mtime_ns, hash, reader, any_language, floor_above, floor_upto"
        return {
            os.fsdecode(path): (
                Stamp(size, mtime, digest),
                Validity(reader, None if any_language is None else bool(any_language), *floors),
            )
            for path, size, mtime, digest, reader, any_language, *floors in self._db.execute(f"SELECT {columns} FROM files")
        }

    def restamp(self, stamps: Iterable[tuple[str, Stamp]]) -> None:
        """Note that files were touched but not changed."""
        with _transaction(self._db) as db:
            rows = [(stamp.size, stamp.mtime_ns, os.fsencode(path)) for path, stamp in stamps]
            db.executemany("UPDATE files SET size = ?, mtime_ns = ? WHERE path = ?", rows)

    def forget(self, paths: Iterable[str]) -> None:
        """Drop the rows of removed files from the next publication."""
        with _transaction(self._db) as db:
            db.executemany("DELETE FROM files WHERE path = ?", [(os.fsencode(path),) for path in paths])
            _touch(db)

    def start_over(self, **values: str) -> None:
        """Forget every processed file; the published tables stay until the next publication."""
        with _transaction(self._db) as db:
            db.execute("DELETE FROM files")
            _set(db, values)
            _touch(db)

    def add(self, part: PartEntry, files: Iterable[FileEntry]) -> None:
        """Commit a finished part."""
        with _transaction(self._db) as db:
            db.execute("INSERT OR REPLACE INTO parts VALUES (?, ?, ?)", (part.name, part.bytes, json.dumps(part.layout)))
            rows = [_row(part.name, file) for file in files]
            db.executemany("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
            _touch(db)

    def parts(self) -> Iterator[PartEntry]:
        """The parts that some file still needs."""
        query = "SELECT name, bytes, layout FROM parts WHERE name IN (SELECT part FROM files)"
        for name, size, layout in self._db.execute(query):
            yield PartEntry(name, size, _pairs(json.loads(layout)))

    def segments(self) -> Iterator[tuple[str, Segment]]:
        """Part and segment of every file, in the order of the files' paths: the order of all tables."""
        for part, segments in self._db.execute("SELECT part, segments FROM files ORDER BY path"):
            for chunk, rows in json.loads(segments):
                yield part, Segment(chunk, tuple((first, count) for first, count in rows))

    def drop_parts(self, names: Iterable[str]) -> None:
        """Forget damaged parts and the files in them, which are then processed again."""
        with _transaction(self._db) as db:
            rows = [(name,) for name in names]
            db.executemany("DELETE FROM files WHERE part = ?", rows)
            db.executemany("DELETE FROM parts WHERE name = ?", rows)
            _touch(db)

    def drop_unused_parts(self) -> None:
        """Forget the parts that no file needs."""
        with _transaction(self._db) as db:
            db.execute("DELETE FROM parts WHERE name NOT IN (SELECT part FROM files)")

    def publish(self, snapshot: str, **values: str) -> None:
        """Commit `snapshot` as the state in force. From here on it counts as published, switched or not."""
        with _transaction(self._db) as db:
            last = self.get("snapshot")
            if last and last != snapshot:
                db.execute("INSERT OR REPLACE INTO retired VALUES (?, ?)", (last, time.time()))
            _set(db, {"snapshot": snapshot, "published": self.get("changes", "0")} | values)

    def expired(self, seconds: float) -> list[str]:
        """Snapshots that were replaced more than `seconds` ago."""
        rows = self._db.execute("SELECT snapshot FROM retired WHERE since < ? OR since > ?", (time.time() - seconds, time.time()))
        return [name for (name,) in rows]

    def kept(self) -> set[str]:
        """Snapshots that are in force or that readers may still have open."""
        return {name for (name,) in self._db.execute("SELECT snapshot FROM retired")} | {self.get("snapshot")}

    def drop_snapshots(self, names: Iterable[str]) -> None:
        """Forget snapshots that are gone."""
        with _transaction(self._db) as db:
            db.executemany("DELETE FROM retired WHERE snapshot = ?", [(name,) for name in names])


@contextlib.contextmanager
def _transaction(db: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """All of it or nothing."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield db
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


def _set(db: sqlite3.Connection, values: dict[str, str]) -> None:
    db.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", list(values.items()))


def _touch(db: sqlite3.Connection) -> None:
    """Count a change: the tables are up to date when the count at their publication is the count now."""
    db.execute("INSERT INTO meta VALUES ('changes', '1') ON CONFLICT DO UPDATE SET value = value + 1")


def _row(part: str, file: FileEntry) -> tuple[Any, ...]:
    segments = json.dumps([(segment.chunk, segment.rows) for segment in file.segments], separators=(",", ":"))
    stamp = file.stamp
    head = (os.fsencode(file.path), stamp.size, stamp.mtime_ns, stamp.hash, part, segments, int(file.failed))
    return (*head, *astuple(file.validity))


def _pairs(layout: list[list[list[int]]]) -> tuple[tuple[tuple[int, int], ...], ...]:
    return tuple(tuple((position, length) for position, length in chunk) for chunk in layout)

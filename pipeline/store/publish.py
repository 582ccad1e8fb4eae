"""From parts to tables: streams every live row once, in the order of the files, into Parquet and CSV."""

from __future__ import annotations

import contextlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyarrow import csv, ipc

from pipeline.events import stories
from pipeline.schema import TABLES, Table, arrow_schema, dictionary, part_schema, vocabulary_of
from pipeline.store import aggregate, csvfile
from pipeline.store.layout import Layout, sync_file, sync_folder
from pipeline.store.ledger import Ledger
from pipeline.store.parts import PartReader

README = "README.md"
SUMMARY = "summary.json"
REASONS_SHOWN = 5
ID_DTYPE = "S16"


@dataclass(frozen=True, slots=True)
class Rows:
    """The live rows of the store."""

    layout: Layout
    ledger: Ledger

    def scan(self, table: str, columns: Sequence[str]) -> Iterator[pa.Table]:
        """Columns of `table`, piece by piece; a piece holds whole files."""
        reader = PartReader(self.layout.parts, self.ledger.parts(), table, columns)
        return reader.slices(self.ledger.segments())


def write_tables(rows: Rows, folder: Path, formats: Sequence[str]) -> dict[str, Any]:
    """Write all tables, the data dictionary and the summary into `folder`; returns the summary.

    Raises:
        OSError: the disk is full, or the folder cannot be written.
    """
    folder.mkdir(parents=True)
    scratch = rows.layout.scratch
    survey = _Survey.of(rows)
    with aggregate.counting(scratch / "counts.sqlite") as db:
        copies = aggregate.find_copies(db, lambda columns: rows.scan("articles", columns))
        aggregate.count_mentions(db, rows.scan("mentions", aggregate.MENTION_COLUMNS))
        for name, make in (("entities", aggregate.entities), ("entity_aliases", aggregate.aliases)):
            survey.counts[name] = _write(TABLES[name], make(db, _plain(TABLES[name])), folder, formats, survey)
    story_ids = _write_stories(rows, copies, folder, formats, survey)
    for name, pieces in _given(rows, copies, story_ids):
        survey.counts[name] = _write(TABLES[name], pieces, folder, formats, survey)
    summary = survey.summary()
    (folder / SUMMARY).write_text(json.dumps(summary, ensure_ascii=False, indent=1), encoding="utf-8", newline="\n")
    (folder / README).write_text(dictionary(), encoding="utf-8", newline="\n")
    for path in folder.iterdir():
        sync_file(path)
    sync_folder(folder)
    return summary


def _given(rows: Rows, copies: Mapping[str, str], story_ids: np.ndarray) -> Iterator[tuple[str, Iterator[pa.Table]]]:
    """The tables that are kept in parts, with the columns that only the whole corpus can give."""
    for table in TABLES.values():
        if table.derived:
            continue
        pieces = rows.scan(table.name, [column.name for column in table.published])
        if table.name == "articles":
            pieces = (_with_copies(piece, copies) for piece in pieces)
        elif table.name == "events":
            pieces = _with_stories(pieces, story_ids)
        yield table.name, pieces


def _with_copies(piece: pa.Table, copies: Mapping[str, str]) -> pa.Table:
    found = pa.array([copies.get(article_id) for article_id in piece["article_id"].to_pylist()], pa.string())
    return _replace(piece, "duplicate_of", pc.coalesce(piece["duplicate_of"], found))


def _with_stories(pieces: Iterable[pa.Table], story_ids: np.ndarray) -> Iterator[pa.Table]:
    position = 0
    for piece in pieces:
        ids = story_ids[position : position + piece.num_rows].astype("U16")
        position += piece.num_rows
        yield _replace(piece, "story_id", pa.array(ids, pa.string()))


def _replace(piece: pa.Table, column: str, values: Any) -> pa.Table:
    return piece.set_column(piece.schema.get_field_index(column), column, values)


def _plain(table: Table) -> pa.Schema:
    names = [column.name for column in table.published]
    schema = part_schema(table)
    return pa.schema([schema.field(name) for name in names])


# What the categories hold


@dataclass(slots=True)
class _Survey:
    """How often each category value occurs, how many rows each table has, and why inputs failed."""

    values: dict[tuple[str, str], Counter[str]]
    counts: dict[str, int]
    tokens: int
    unsure: int
    reasons: list[dict[str, Any]]
    processed: dict[str, int]

    @classmethod
    def of(cls, rows: Rows) -> _Survey:
        survey = cls({}, {}, 0, 0, [], {})
        for table in TABLES.values():
            columns = list(vocabulary_of(table))
            if not table.derived and columns:
                survey._count(table, rows.scan(table.name, columns), columns)
        for piece in rows.scan("articles", ["n_tokens", "n_unsure"]):
            survey.tokens += pc.sum(piece["n_tokens"]).as_py() or 0
            survey.unsure += pc.sum(piece["n_unsure"]).as_py() or 0
        survey._explain(rows.scan("failures", ["source", "stage", "error"]))
        return survey

    def _count(self, table: Table, pieces: Iterable[pa.Table], columns: Iterable[str]) -> None:
        counters = {column: self.values.setdefault((table.name, column), Counter()) for column in columns}
        for piece in pieces:
            for column, counter in counters.items():
                for count in pc.value_counts(piece[column]).to_pylist():
                    if count["values"] is not None:
                        counter[count["values"]] += count["counts"]

    def _explain(self, pieces: Iterable[pa.Table]) -> None:
        """The most frequent reasons of failures, each with the first source."""
        found: dict[tuple[str, str], list[Any]] = {}
        for piece in pieces:
            for row in piece.to_pylist():
                reason = found.get((row["stage"], row["error"]))
                if reason:
                    reason[0] += 1
                elif len(found) < 10_000:  # errors that quote their input could be as many as inputs
                    found[row["stage"], row["error"]] = [1, row["source"]]
        often = sorted(found.items(), key=lambda item: -item[1][0])[:REASONS_SHOWN]
        self.reasons = [
            {"stage": stage, "error": error, "count": count, "first": first} for (stage, error), (count, first) in often
        ]

    def categories(self, table: Table) -> dict[str, pa.Array]:
        """Category lists that depend on nothing but the rows: the declared values, then what else there is, sorted."""
        lists = {}
        for column, declared in vocabulary_of(table).items():
            source = {"entities": "mentions", "stories": "events"}.get(table.name, table.name)
            found = self.values.get((source, column), Counter())
            lists[column] = pa.array([*declared, *sorted(set(found) - set(declared))], pa.string())
        return lists

    def summary(self) -> dict[str, Any]:
        return {
            "tables": {name: self.counts[name] for name in TABLES},
            "tokens": self.tokens,
            "unsure": self.unsure,
            "events_by_class": dict(sorted(self.values["events", "event_class"].items(), key=lambda item: (-item[1], item[0]))),
            "failures_by_stage": dict(sorted(self.values["failures", "stage"].items())),
            "reasons": self.reasons,
        }


# Stories


def _write_stories(rows: Rows, copies: Mapping[str, str], folder: Path, formats: Sequence[str], survey: _Survey) -> np.ndarray:
    """Link the events of one type at a time and return the story id of every event, in the order of the events table."""
    spills = _spill_by_type(rows, copies)
    ids = np.zeros(sum(survey.values["events", "event_type"].values()), ID_DTYPE)
    with contextlib.ExitStack() as stack:
        sinks = {
            name: stack.enter_context(TableWriter(TABLES[name], folder, formats, survey.categories(TABLES[name])))
            for name in ("stories", "story_redirects")
        }
        for path in spills:
            with ipc.open_stream(path.read_bytes()) as stream:
                events = stream.read_all()
            found, of_event, redirects = stories.link(events.select(stories.COLUMNS))
            ids[events["position"].to_numpy()] = of_event["story_id"].to_numpy().astype(ID_DTYPE)
            sinks["stories"].add(found)
            sinks["story_redirects"].add(redirects)
            path.unlink()
    for name, sink in sinks.items():
        survey.counts[name] = sink.rows
    return ids


def _spill_by_type(rows: Rows, copies: Mapping[str, str]) -> list[Path]:
    """The slim rows of each event type in a file of their own, with their position in the events table."""
    columns = [name for name in stories.COLUMNS if name != "root"]
    position = 0
    paths: dict[str, Path] = {}
    with contextlib.ExitStack() as stack:
        writers: dict[str, Any] = {}
        for piece in rows.scan("events", columns):
            roots = [copies.get(article_id, article_id) for article_id in piece["article_id"].to_pylist()]
            numbered = piece.append_column("root", pa.array(roots, pa.string()))
            numbered = numbered.append_column("position", pa.array(range(position, position + piece.num_rows), pa.int64()))
            position += piece.num_rows
            for event_type in pc.unique(piece["event_type"]).to_pylist():
                if event_type not in writers:
                    paths[event_type] = rows.layout.scratch / f"events-{len(paths)}.arrow"
                    writers[event_type] = stack.enter_context(ipc.new_stream(paths[event_type], numbered.schema))
                writers[event_type].write_table(numbered.filter(pc.equal(numbered["event_type"], event_type)))
    return [paths[event_type] for event_type in sorted(paths)]


# Writing one table


def _write(table: Table, pieces: Iterable[pa.Table], folder: Path, formats: Sequence[str], survey: _Survey) -> int:
    with TableWriter(table, folder, formats, survey.categories(table)) as writer:
        for piece in pieces:
            writer.add(piece)
    return writer.rows


class TableWriter:
    """Writes one table in all formats, in groups of exactly `group_rows` rows: the bytes depend on the rows alone, not on how
    they came. A class because files are open meanwhile."""

    def __init__(self, table: Table, folder: Path, formats: Sequence[str], categories: Mapping[str, pa.Array]) -> None:
        self.rows = 0
        self._table = table
        self._categories = categories
        self._schema = arrow_schema(table)
        self._pending: list[pa.Table] = []
        self._pending_rows = 0
        self._parquet = None
        self._csv = None
        if "parquet" in formats:
            self._parquet = pq.ParquetWriter(folder / f"{table.name}.parquet", self._schema, compression="zstd")
        if "csv" in formats:
            path = folder / f"{table.name}.csv"
            try:
                self._csv = csv.CSVWriter(path, csvfile.csv_schema(table), write_options=csvfile.write_options())
            except OSError:  # it writes its first line at once
                self._let_go()
                raise

    def add(self, piece: pa.Table) -> None:
        """Append rows; categories come as text."""
        self._pending.append(piece)
        self._pending_rows += piece.num_rows
        while self._pending_rows >= self._table.group_rows:
            self._flush(self._table.group_rows)

    def _flush(self, count: int) -> None:
        rows = pa.concat_tables(self._pending)
        group, rest = rows.slice(0, count).combine_chunks(), rows.slice(count)
        self._pending, self._pending_rows = [rest], rest.num_rows
        self.rows += group.num_rows
        encoded = self._encode(group)
        if self._parquet is not None:
            self._parquet.write_table(encoded, row_group_size=self._table.group_rows)
        if self._csv is not None:
            self._csv.write_table(csvfile.to_csv_values(self._table, group))

    def _encode(self, group: pa.Table) -> pa.Table:
        return pa.table([self._column(field, group[field.name]) for field in self._schema], schema=self._schema)

    def _column(self, field: pa.Field, values: pa.ChunkedArray) -> Any:
        if field.name not in self._categories:
            return values
        known = self._categories[field.name]
        indices = pc.index_in(values, value_set=known).cast(pa.int16())
        return pa.chunked_array([pa.DictionaryArray.from_arrays(chunk, known) for chunk in indices.chunks], field.type)

    def __enter__(self) -> TableWriter:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        try:
            if kind is None and (self._pending_rows or not self.rows):
                if not self._pending:
                    self._pending = [_plain(self._table).empty_table()]
                self._flush(self._pending_rows)
            for writer in (self._parquet, self._csv):
                if writer is not None:
                    writer.close()
        finally:
            self._let_go()

    def _let_go(self) -> None:
        """On a full disk the Parquet writer would try to close again when it is collected, and complain aloud."""
        if self._parquet is not None:
            self._parquet.is_open = False

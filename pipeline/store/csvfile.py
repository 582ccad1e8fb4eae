"""CSV that says the same as Parquet: ISO 8601, null and empty text told apart, no text that a spreadsheet runs as a formula."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from pipeline.schema import Table, arrow_schema

# A text that begins like a formula gets one apostrophe in front; those that have apostrophes already get one more, so that
# taking one off undoes it exactly. The full-width forms are normalised to ASCII by some spreadsheets.
_LIKE_FORMULA = "'*(?:\\s*[=+\\-@＝＋－＠]|[\\t\\r\\n])"
_GUARD = f"^({_LIKE_FORMULA})"
_GUARDED = f"^'({_LIKE_FORMULA})"
MAX_BLOCK = 1 << 30
_SECOND = "%Y-%m-%dT%H:%M:%S"


def csv_schema(table: Table) -> pa.Schema:
    """How the columns are written: texts, categories and time stamps as text, the rest as they are."""
    as_text = ("text", "category", "timestamp")
    return pa.schema(
        [
            pa.field(column.name, pa.string() if column.kind in as_text else field.type)
            for column, field in zip(table.published, arrow_schema(table), strict=True)
        ]
    )


def to_csv_values(table: Table, data: pa.Table) -> pa.Table:
    """`data` as `csv_schema` writes it."""
    return pa.table([_written(column.kind, data[column.name]) for column in table.published], schema=csv_schema(table))


def _written(kind: str, values: pa.ChunkedArray) -> pa.ChunkedArray:
    if kind == "timestamp":
        return pc.strftime(values.cast(pa.timestamp("s")), format=_SECOND)
    if kind in ("text", "category"):
        return guard(values.cast(pa.string()))
    return values


def guard(values: Any) -> Any:
    """Texts with an apostrophe before those that begin like a formula."""
    return pc.replace_substring_regex(values, pattern=_GUARD, replacement=r"'\1", max_replacements=1)


def unguard(values: Any) -> Any:
    """What `guard` was given."""
    return pc.replace_substring_regex(values, pattern=_GUARDED, replacement=r"\1", max_replacements=1)


def write_options() -> csv.WriteOptions:
    """Texts in quotation marks, nulls as nothing at all: the difference between null and empty."""
    return csv.WriteOptions(include_header=True, quoting_style="needed")


def read(table: Table, path: Path) -> pa.Table:
    """The table in the CSV file at `path`, with the published columns; categories as text."""
    types = {
        column.name: pa.timestamp("ms") if column.kind == "timestamp" else field.type
        for column, field in zip(table.published, csv_schema(table), strict=True)
    }
    data = csv.read_csv(
        path,
        # A block has to hold the longest row, and texts may be long.
        read_options=csv.ReadOptions(block_size=min(path.stat().st_size + 1, MAX_BLOCK)),
        parse_options=csv.ParseOptions(newlines_in_values=True),
        convert_options=csv.ConvertOptions(
            column_types=types, null_values=[""], strings_can_be_null=True, quoted_strings_can_be_null=False
        ),
    )
    texts = ("text", "category")
    return pa.table(
        {column.name: unguard(data[column.name]) if column.kind in texts else data[column.name] for column in table.published}
    )

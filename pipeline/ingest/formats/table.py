"""CSV and TSV: an article a row, columns by their usual names, read row by row."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from pipeline.errors import ReadError
from pipeline.ingest import fields, limits
from pipeline.ingest.decode import decode
from pipeline.ingest.fields import Names
from pipeline.ingest.raw import Broken, Raw

SUFFIXES = (".csv", ".tsv")
LIBRARIES = ()
_SAMPLE_BYTES = 1 << 18
_DELIMITERS = ",;\t|"


def read(path: Path, names: Names) -> Iterator[Raw | Broken]:
    """A record per row. The delimiter is the one that splits the header best; the encoding is that of the beginning of the file.

    Raises:
        ReadError: the file is empty or has no column of texts.
        OSError: it cannot be opened or read.
    """
    encoding, marks = _encoding(path)
    csv.field_size_limit(max(csv.field_size_limit(), limits.MAX_RECORD))  # the process's limit; it only rises
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        file.read(marks)
        meter = limits.Meter("a row is larger", limits.MAX_RECORD, ". Is a quotation mark left open?")
        lines = _lines(file, meter)
        header_line = next(lines, "")
        columns = _columns(header_line, names)
        delimiter = _delimiter(header_line)
        yield from _rows(csv.reader(lines, delimiter=delimiter), columns, names, meter)


def _lines(file: IO[str], row: limits.Meter) -> Iterator[str]:
    """The lines of the file, as long as the row that they belong to is not too long."""
    while line := file.readline(row.left + 1):
        row.take(len(line))
        yield line


def _encoding(path: Path) -> tuple[str, int]:
    """The encoding, and how many characters of byte order mark to pass over."""
    with path.open("rb") as file:
        sample = file.read(_SAMPLE_BYTES)
    if not sample.strip():
        raise ReadError("empty file")
    if len(sample) == _SAMPLE_BYTES:  # do not judge half a character
        sample = sample[: sample.rfind(b"\n") + 1] or sample
    decoded = decode(sample)
    mark = sample.decode(decoded.encoding, "replace").startswith("\ufeff")
    return decoded.encoding, int(mark)


def _delimiter(header: str) -> str:
    return max(_DELIMITERS, key=lambda delimiter: (len(next(csv.reader([header], delimiter=delimiter), [])), delimiter == ","))


def _columns(header: str, names: Names) -> list[str]:
    columns = next(csv.reader([header], delimiter=_delimiter(header)), [])
    fields.check_columns(columns, names)
    return columns


def _rows(reader: Iterator[list[str]], columns: list[str], names: Names, meter: limits.Meter) -> Iterator[Raw | Broken]:
    number = 0
    while True:
        meter.reset()
        try:
            row = next(reader, None)
        except csv.Error as error:
            number += 1
            yield Broken(number=number, reason=f"not a row of a table: {error}")
            continue
        if row is None:
            return
        if any(cell.strip() for cell in row):
            number += 1
            yield fields.raw(dict(zip(columns, row, strict=False)), number, names)

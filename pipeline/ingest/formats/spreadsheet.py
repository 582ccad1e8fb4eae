"""Spreadsheets of Excel and LibreOffice, by calamine: an article a row, columns by their usual names, sheet by sheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pipeline.errors import ReadError
from pipeline.ingest import extras, fields, limits
from pipeline.ingest.fields import Names
from pipeline.ingest.raw import Broken, Raw

SUFFIXES = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
LIBRARIES = ("python-calamine",)
HEADER_ROWS = 10  # names of columns may stand under a heading


def read(path: Path, names: Names) -> Iterator[Raw | Broken]:
    """A record per row of every sheet that has a column of texts.

    Raises:
        ReadError: the library is missing, or the file is empty, damaged, protected or too large, or no sheet has texts.
        OSError: it cannot be opened or read.
    """
    calamine = extras.load("python_calamine", extra="office", reads="spreadsheets")
    limits.check_package(path, limits.MAX_DOCUMENT)
    number = 0
    problem: ReadError | None = None
    try:
        with calamine.CalamineWorkbook.from_path(path) as book:
            for sheet in book.sheet_names:
                try:
                    for row in _rows(book.get_sheet_by_name(sheet), names):
                        number += 1
                        yield fields.raw(row, number, names)
                except ReadError as error:
                    problem = problem or error
    except calamine.PasswordError as error:
        raise ReadError("protected by a password. Save it without.") from error
    except calamine.CalamineError as error:
        raise ReadError(f"damaged, or no spreadsheet: {error}") from error
    if not number:
        raise problem or ReadError("no row in the spreadsheet")


def _rows(sheet: Any, names: Names) -> Iterator[dict[str, object]]:
    columns: Sequence[str] | None = None
    first: Sequence[str] = ()
    for number, row in enumerate(sheet.iter_rows()):
        if columns is None:
            cells = [str(cell) for cell in row]
            first = first or [cell for cell in cells if cell]
            if fields.has_texts(cells, names):
                columns = cells
            elif number >= HEADER_ROWS:
                break
        elif any(cell != "" for cell in row):
            yield dict(zip(columns, row, strict=False))
    if columns is None and first:
        fields.check_columns(first, names)

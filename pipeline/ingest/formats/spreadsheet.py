"""Spreadsheets of Excel and LibreOffice, by calamine: an article a row, columns by their usual names, sheet by sheet."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.parsers import expat

from pipeline.errors import ReadError
from pipeline.ingest import extras, fields, limits
from pipeline.ingest.fields import Names
from pipeline.ingest.raw import Broken, Raw

SUFFIXES = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
LIBRARIES = ("python-calamine",)
MAX_COLUMNS = 16_384
HEADER_ROWS = 10  # names of columns may stand under a heading


def read(path: Path, names: Names) -> Iterator[Raw | Broken]:
    """A record per row of every sheet that has a column of texts.

    Raises:
        ReadError: the library is missing, or the file is empty, damaged, protected or too large, or no sheet has texts.
        OSError: it cannot be opened or read.
    """
    calamine = extras.load("python_calamine", extra="office", reads="spreadsheets")
    limits.check_package(path, limits.MAX_DOCUMENT)
    _check_cells(path)
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


def _check_cells(path: Path) -> None:
    """Check how much text is in the cells: calamine writes it out for each of the cells that share or repeat it.

    It also runs for ever on some files that break off, which this pass over them finds.

    Raises:
        ReadError: it is too much, or a part is not well-formed.
    """
    if not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as archive:
        parts = [name for name in archive.namelist() if name.lower().endswith(".xml")]
        if any(name.lower() == "meta-inf/manifest.xml" and b"encryption-data" in archive.read(name) for name in parts):
            return  # which calamine reports
        cells = _Cells()
        for name in sorted(parts, key=lambda name: not name.lower().endswith("sharedstrings.xml")):
            parser = expat.ParserCreate()
            parser.buffer_text = True
            parser.StartElementHandler = cells.start
            parser.EndElementHandler = cells.end
            parser.CharacterDataHandler = cells.text
            try:
                with archive.open(name) as part:
                    parser.ParseFile(part)
            except (expat.ExpatError, LookupError, ValueError) as error:
                raise ReadError(f"damaged: {name[:100]}: {error}") from error


class _Cells:
    """Counts the characters of the cells of Excel's and LibreOffice's sheets. A class because it counts."""

    def __init__(self) -> None:
        self._meter = limits.Meter("the cells hold more text", limits.MAX_DOCUMENT, ". Split it.")
        self._shared: list[int] = []  # lengths of the texts that cells refer to by number
        self._text = ""
        self._refers = False
        self._row = self._rows = self._columns = 0

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        kind = name.rpartition(":")[2]
        if kind == "table-row":
            self._row, self._rows = 0, _repeated(attributes, "table:number-rows-repeated")
        elif kind == "table-cell":
            self._text, self._columns = "", min(_repeated(attributes, "table:number-columns-repeated"), MAX_COLUMNS)
        elif kind == "c":
            self._refers = attributes.get("t") == "s"
        elif kind in ("si", "v"):
            self._text = ""

    def text(self, text: str) -> None:
        self._text += text

    def end(self, name: str) -> None:
        kind = name.rpartition(":")[2]
        if kind == "si":
            self._shared.append(len(self._text))
        elif kind == "v" and self._refers and self._text.isdecimal() and len(self._text) < 10:
            self._meter.take(self._shared[int(self._text)] if int(self._text) < len(self._shared) else 0)
        elif kind == "table-cell":
            self._row += len(self._text) * self._columns
        elif kind == "table-row":
            self._meter.take(self._row * self._rows)


def _repeated(attributes: Mapping[str, str], name: str) -> int:
    value = attributes.get(name, "1")
    return int(value) if value.isdecimal() and len(value) < 10 else 1

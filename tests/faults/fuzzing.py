"""What must hold for any bytes in any input format, and for any text in the stages: shared by tests, fuzzers and replays."""

from __future__ import annotations

import bz2
import gzip
import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

from pipeline import ingest, schema
from pipeline.ingest import formats
from pipeline.records import Article, Extraction, Failure

FOUND = Path(__file__).parent / "found"  # .txt: texts for the stages; without a suffix: bytes for the readers
SUFFIXES = ingest.SUFFIXES
_UNEXPECTED = re.compile(r"[A-Za-z_.]*(?:Error|Exception|Interrupt|Iteration): ")


def found_bytes() -> list[Path]:
    """Inputs for the readers that were found before."""
    return sorted(path for path in FOUND.iterdir() if not path.suffix)


def _zipped(data: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("2024/03/12/a.jsonl", data)
        archive.writestr("b.txt", data)
    return file.getvalue()


PACKED: dict[str, Callable[[bytes], bytes]] = {".gz": gzip.compress, ".bz2": bz2.compress, ".zip": _zipped}


def read_any(data: bytes, folder: Path) -> list[Article | Failure]:
    """Read `data` as a file: the first byte says the format, the second whether it is packed as it should be.

    Raises:
        AssertionError: a reader failed in a way that it does not foresee, or broke what it promises.
    """
    choice, packed, data = (*data[:2], data[2:]) if len(data) > 1 else (0, 0, data)
    suffix = SUFFIXES[choice % len(SUFFIXES)]
    if packed % 2 and suffix in PACKED:
        data = PACKED[suffix](data)
    name = f"fuzz{('.csv', '.txt', '.json')[packed % 3]}{suffix}" if suffix in PACKED else f"fuzz{suffix}"
    path = folder / name
    path.write_bytes(data)
    records = list(ingest.read(path, folder, any_language=packed % 5 > 0))
    for record in records:
        check_record(record)
    assert records or suffix in (".csv", ".tsv", ".gz", ".bz2"), "a file that says nothing"
    assert formats.readable(name)
    return records


def check_record(record: Article | Failure) -> None:
    """Of an article, regions in order and nothing but white space between them; of a failure, a reason that was foreseen."""
    if isinstance(record, Failure):
        assert record.error, record
        assert not _UNEXPECTED.match(record.error), record
        return
    position = 0
    for region in record.regions:
        assert position <= region.start < region.end <= len(record.text), region
        assert not record.text[position : region.start].strip(), region
        position = region.end
    assert not record.text[position:].strip()


def check_extraction(result: Extraction | Failure) -> None:
    """What the stages promise of any text: no failure, offsets that lie in the text, rows that the tables take."""
    assert isinstance(result, Extraction), result
    text = result.article.text
    for mention in result.mentions:
        assert text[mention.start : mention.end] == mention.text
    for date in result.dates:
        assert text[date.start : date.end] == date.text
    for event in result.events:
        assert text[event.start : event.end] == event.trigger
    for quote in result.quotes:
        assert 0 <= quote.start < quote.end <= len(text)
    for name, rows in schema.extraction_rows(result, codes=schema.no_codes).items():
        assert schema.check(schema.TABLES[name], schema.build(schema.TABLES[name], rows)) == []

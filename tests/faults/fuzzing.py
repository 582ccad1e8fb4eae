"""What must hold for any bytes in any input format, and for any text in the stages: shared by tests, fuzzers and replays."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import re
import tarfile
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from pipeline import ingest, schema
from pipeline.ingest import formats
from pipeline.records import Article, Extraction, Failure

FOUND = Path(__file__).parent / "found"  # .txt: texts for the stages; without a suffix: bytes for the readers
# By their places in this list inputs that were found say what they are: new formats go to the end.
SUFFIXES = (
    *(".bz2", ".csv", ".gz", ".htm", ".html", ".json", ".jsonl", ".md", ".ndjson", ".text", ".tsv", ".txt", ".xhtml", ".zip"),
    *(
        ".rss",
        ".atom",
        ".rdf",
        ".xml",
        ".nitf",
        ".newsml",
        ".eml",
        ".parquet",
        ".xlsx",
        ".xlsm",
        ".xlsb",
        ".xls",
        ".ods",
        ".docx",
    ),
    *(".pdf", ".warc", ".warc.gz", ".warc.zst", ".xz", ".zst", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz"),
    *(".tar.zst", ".tzst"),
)
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


def _zstd(data: bytes) -> bytes:
    from backports import zstd

    return bytes(zstd.compress(data))


def _tarred(data: bytes) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        for name in ("2024/03/12/a.eml", "b.xml"):
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return file.getvalue()


def _office(template: Callable[[], bytes], part: str, opening: bytes) -> Callable[[bytes], bytes]:
    """An office document that its library made, with `data` put behind `opening` in one of its parts."""

    def packed(data: bytes) -> bytes:
        file = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(template())) as old, zipfile.ZipFile(file, "w") as new:
            for name in old.namelist():
                content = old.read(name)
                if name == part:
                    content = content.replace(opening, opening + data, 1)
                new.writestr(name, content)
        return file.getvalue()

    return packed


@cache
def _document() -> bytes:
    import docx

    document = docx.Document()
    document.add_paragraph("Le conseil municipal a adopté lundi soir le budget.")
    document.add_table(1, 2).cell(0, 0).text = "Lyon"
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


@cache
def _workbook() -> bytes:
    import xlsxwriter  # type: ignore[import-untyped]

    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        for row, cells in enumerate([["titre", "texte"], ["A", "Le conseil municipal a adopté lundi soir le budget."]]):
            sheet.write_row(row, 0, cells)
    return file.getvalue()


def _ods(data: bytes) -> bytes:
    file = io.BytesIO()
    head = (
        b'<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        b'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        b'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
        b'<office:body><office:spreadsheet><table:table table:name="A"><table:table-row>'
        b'<table:table-cell office:value-type="string"><text:p>texte</text:p></table:table-cell></table:table-row>'
    )
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", head + data)
    return file.getvalue()


def _columns(data: bytes) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    lines = data.split(b"\n")
    file = pa.BufferOutputStream()
    kind = (pa.binary(), pa.string(), pa.list_(pa.binary()))[len(data) % 3]
    values = [[line] for line in lines] if kind == pa.list_(pa.binary()) else lines
    if kind == pa.string():
        values = [line.decode("utf-8", "replace") for line in lines]
    pq.write_table(pa.table({"texte": pa.array(values, kind), "date": pa.array(range(len(lines)))}), file)
    return bytes(file.getvalue().to_pybytes())


def _drawn(data: bytes) -> bytes:
    """A PDF file with `data` as what is drawn on its one page."""
    return b"".join(
        [
            b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n",
            b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R",
            b"/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>endobj\n",
            b"4 0 obj<</Length %d>>stream\n" % len(data),
            data,
            b"\nendstream endobj\ntrailer<</Root 1 0 R/Size 5>>\n%%EOF",
        ]
    )


def _crawled(data: bytes) -> bytes:
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + data
    head = (
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:1>\r\nWARC-Date: 2024-03-14T09:30:00Z\r\n"
        f"WARC-Target-URI: https://exemple.fr/\r\nContent-Type: application/http\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


_SHEET = _office(_workbook, "xl/worksheets/sheet1.xml", b"<sheetData>")
_TARS: dict[str, Callable[[bytes], bytes]] = {
    **dict.fromkeys((".tar.gz", ".tgz"), gzip.compress),
    **dict.fromkeys((".tar.bz2", ".tbz2"), bz2.compress),
    **dict.fromkeys((".tar.xz", ".txz"), lzma.compress),
    **dict.fromkeys((".tar.zst", ".tzst"), _zstd),
}
# How a file of a format is made around some data. What is not here is data itself.
PACKED: dict[str, Callable[[bytes], bytes]] = {
    **{".gz": gzip.compress, ".bz2": bz2.compress, ".xz": lzma.compress, ".zst": _zstd, ".zip": _zipped, ".tar": _tarred},
    **{suffix: lambda data, pack=pack: pack(_tarred(data)) for suffix, pack in _TARS.items()},  # type: ignore[misc]
    **{".docx": _office(_document, "word/document.xml", b"<w:body>"), ".xlsx": _SHEET, ".xlsm": _SHEET, ".ods": _ods},
    **{".parquet": _columns, ".pdf": _drawn, ".warc": _crawled, ".warc.gz": lambda data: gzip.compress(_crawled(data))},
    ".warc.zst": lambda data: _zstd(_crawled(data)),
}
_ONE_FILE = (".gz", ".bz2", ".xz", ".zst")


def read_any(data: bytes, folder: Path) -> list[Article | Failure]:
    """Read `data` as a file: the first byte says the format, the second whether it is packed as it should be.

    Raises:
        AssertionError: a reader failed in a way that it does not foresee, or broke what it promises.
    """
    choice, packed, data = (*data[:2], data[2:]) if len(data) > 1 else (0, 0, data)
    suffix = SUFFIXES[choice % len(SUFFIXES)]
    if packed % 2 and suffix in PACKED:
        data = PACKED[suffix](data)
    name = f"fuzz{('.csv', '.txt', '.json')[packed % 3]}{suffix}" if suffix in _ONE_FILE else f"fuzz{suffix}"
    path = folder / name
    path.write_bytes(data)
    records = list(ingest.read(path, folder, any_language=packed % 5 > 0))
    for record in records:
        check_record(record)
    assert records or suffix in (".csv", ".tsv", *_ONE_FILE), "a file that says nothing"
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

"""Spreadsheets, Parquet files, Word and PDF documents, written by the libraries that people write them with."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import islice, permutations
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.ingest import extras, limits
from pipeline.ingest.formats import pdf
from pipeline.records import Article, Failure
from tests.ingest.samples import BODY, OTHER_BODY, OTHER_TITLE, PARAGRAPHS, TITLE, articles, error, one, read

ROWS = {"titre": [TITLE, OTHER_TITLE], "texte": [BODY, OTHER_BODY], "date": [datetime(2024, 3, 12, 8, 15), datetime(2024, 3, 13)]}


def _workbook(*sheets: Sequence[Sequence[object]]) -> bytes:
    xlsxwriter = pytest.importorskip("xlsxwriter")
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"default_date_format": "dd/mm/yyyy hh:mm"}) as book:
        for rows in sheets:
            sheet = book.add_worksheet()
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return stream.getvalue()


TABLE = [list(ROWS), *zip(*ROWS.values(), strict=True)]


class TestSpreadsheet:
    @pytest.fixture(autouse=True)
    def _library(self) -> None:
        pytest.importorskip("python_calamine")

    def test_rows(self, tmp_path: Path) -> None:
        article, other = articles(read(tmp_path, "revue.xlsx", _workbook(TABLE)))
        assert (article.source, article.text) == ("revue.xlsx#1", f"{TITLE}\n\n{BODY}")
        assert article.published == datetime(2024, 3, 12, 8, 15)
        assert (other.source, other.text) == ("revue.xlsx#2", f"{OTHER_TITLE}\n\n{OTHER_BODY}")

    def test_sheets_headings_and_rows_without_text(self, tmp_path: Path) -> None:
        headed = [["Revue de presse de mars"], [], *TABLE, ["Sans texte", "", ""], ["", "", ""]]
        records = read(tmp_path, "revue.xlsx", _workbook([["notes"], ["à classer"]], headed, TABLE[:2]))
        assert [record.source for record in records] == [f"revue.xlsx#{n}" for n in range(1, 5)]
        assert [isinstance(record, Failure) for record in records] == [False, False, True, False]

    def test_another_name_for_the_text(self, tmp_path: Path) -> None:
        data = _workbook([["a", "b"], [TITLE, BODY]])
        assert "Columns here: a, b. Say in pipeline.toml" in error(read(tmp_path, "a.xlsx", data))
        assert one(read(tmp_path, "a.xlsx", data, {"text": ["b"], "title": ["a"]})).text == f"{TITLE}\n\n{BODY}"

    @pytest.mark.parametrize("data", [b"", b"garbage", b"PK\x03\x04", _workbook(TABLE)[:-400]])
    def test_damage(self, tmp_path: Path, data: bytes) -> None:
        assert error(read(tmp_path, "a.xlsx", data)).startswith(("empty file", "damaged"))

    def test_a_bomb(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(limits, "MAX_DOCUMENT", 1 << 20)
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/worksheets/sheet1.xml", b" " * (8 << 20))
        assert "larger than 1 MB when unpacked" in error(read(tmp_path, "a.xlsx", stream.getvalue()))

    def test_a_bomb_that_says_it_is_small(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(limits, "MAX_DOCUMENT", 1 << 20)
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/worksheets/sheet1.xml", b" " * (8 << 20))
        true, false = (size.to_bytes(4, "little") for size in (8 << 20, 100))
        assert true in stream.getvalue()
        assert "larger than 1 MB when unpacked" in error(read(tmp_path, "a.xlsx", stream.getvalue().replace(true, false)))


class TestParquet:
    def test_rows(self, tmp_path: Path) -> None:
        stream = io.BytesIO()
        pd.DataFrame({**ROWS, "vecteur": [[0.1] * 4, None]}).to_parquet(stream)
        article, other = articles(read(tmp_path, "corpus.parquet", stream.getvalue()))
        assert (article.source, article.text) == ("corpus.parquet#1", f"{TITLE}\n\n{BODY}")
        assert article.published == datetime(2024, 3, 12, 8, 15)
        assert (other.source, other.published) == ("corpus.parquet#2", datetime(2024, 3, 13))

    def test_nested_columns_by_name(self, tmp_path: Path) -> None:
        stream = io.BytesIO()
        pq.write_table(pa.table({"doc": [{"corps": BODY, "quand": "2024-03-12"}], "n": [1]}), stream)
        names = {"text": ["doc.corps"], "published": ["doc.quand"]}
        article = one(read(tmp_path, "a.parquet", stream.getvalue(), names))
        assert (article.text, article.published) == (BODY, datetime(2024, 3, 12))

    def test_what_is_refused(self, tmp_path: Path) -> None:
        stream = io.BytesIO()
        pq.write_table(pa.table({"a": [1]}), stream)
        assert "no column of texts" in error(read(tmp_path, "a.parquet", stream.getvalue()))
        assert error(read(tmp_path, "a.parquet", b"")) == "empty file"
        assert error(read(tmp_path, "a.parquet", b"PAR1garbagePAR1")).startswith("damaged after row 0")
        stream = io.BytesIO()
        pq.write_table(pa.table({"text": pa.array([], pa.string())}), stream)
        assert error(read(tmp_path, "a.parquet", stream.getvalue())) == "no row in the file"

    def test_damage_in_the_middle_keeps_the_rows_before_it(self, tmp_path: Path) -> None:
        stream = io.BytesIO()
        texts = [f"{BODY} {n}" for n in range(4000)]
        pq.write_table(pa.table({"text": texts}), stream, row_group_size=100, use_dictionary=False, compression="none")
        data = bytearray(stream.getvalue())
        start = pq.ParquetFile(io.BytesIO(data)).metadata.row_group(30).column(0).data_page_offset
        data[start : start + 40] = b"\xff" * 40
        records = read(tmp_path, "a.parquet", bytes(data))
        assert sum(isinstance(record, Article) for record in records) >= 2900
        assert error(records[-1:]).startswith("damaged after row")


class TestWord:
    @pytest.fixture(autouse=True)
    def _library(self) -> None:
        pytest.importorskip("docx")

    @staticmethod
    def _document(*, heading: bool = True, before: Iterable[str] = ()) -> bytes:
        import docx

        document = docx.Document()
        document.core_properties.created = document.core_properties.modified = datetime(2001, 1, 1)
        document.core_properties.author = "python-docx"
        for line in before:
            document.add_paragraph(line)
        if heading:
            document.add_heading(TITLE, 1)
        for paragraph in PARAGRAPHS:
            document.add_paragraph(paragraph)
        table = document.add_table(1, 2)
        table.cell(0, 0).text, table.cell(0, 1).text = "Pour", "31 voix"
        stream = io.BytesIO()
        document.save(stream)
        return stream.getvalue()

    def test_an_article(self, tmp_path: Path) -> None:
        article = one(read(tmp_path, "budget.docx", self._document()))
        assert (article.title, article.text) == (TITLE, f"{TITLE}\n\n{BODY}\n\nPour\t31 voix")
        assert (article.published, article.author) == (None, None)  # of the file, not of the article

    def test_its_header_lines(self, tmp_path: Path) -> None:
        article = one(read(tmp_path, "a.docx", self._document(before=["Publié le 12/03/2024 à 08h15", "Par Jeanne Morel"])))
        assert (article.published, article.author) == (datetime(2024, 3, 12, 8, 15), "Jeanne Morel")

    @pytest.mark.parametrize("data", [b"", b"garbage", _workbook(TABLE)])
    def test_what_is_refused(self, tmp_path: Path, data: bytes) -> None:
        assert error(read(tmp_path, "a.docx", data)).startswith(("empty file", "damaged"))

    def test_external_entities_are_not_read(self, tmp_path: Path) -> None:
        stream = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(self._document())) as old, zipfile.ZipFile(stream, "w") as new:
            for name in old.namelist():
                data = old.read(name)
                if name == "word/document.xml":
                    data = data.replace(b"<w:document", b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><w:document', 1)
                    data = data.replace(TITLE.encode(), b"&x;")
                new.writestr(name, data)
        for record in read(tmp_path, "a.docx", stream.getvalue()):
            assert "root:" not in (record.text if isinstance(record, Article) else record.error)


def _pdf(*pages: Sequence[tuple[int, int, str]]) -> bytes:
    """A PDF with lines of text at places (points from the lower left corner)."""
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"", font]
    kids = []
    for lines in pages:
        shown = b"".join(
            b"BT /F1 10 Tf 1 0 0 1 %d %d Tm (%s) Tj ET\n"
            % (x, y, text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)"))
            for x, y, text in lines
        )
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(shown), shown))
        page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R/Resources<</Font<</F1 3 0 R>>>>>>"
        objects.append(page % len(objects))
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<</Type/Pages/Kids[%s]/Count %d>>" % (b" ".join(kids), len(kids))
    data, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(data))
        data += b"%d 0 obj%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    trailer = b"trailer<</Size %d/Root 1 0 R/Info<</CreationDate(D:20010101000000Z)>>>>" % (len(objects) + 1)
    end = b"xref\n0 %d\n0000000000 65535 f \n%s%s\nstartxref\n%d\n%%%%EOF"
    return data + end % (len(objects) + 1, table, trailer, len(data))


LEFT = (
    "Le conseil municipal de Rennes a adopté",
    "lundi soir le budget de la ville, malgré",
    "l’opposition de plusieurs élus de la mino-",
    "rité. Le vote, dit-",
    "elle, est clos.",
)
RIGHT = (
    "Une centaine d’agents municipaux",
    "avaient manifesté dans l’après-",
    "midi devant l’hôtel de ville contre",
    "le gel des embauches.",
)


class TestPdf:
    @pytest.fixture(autouse=True)
    def _library(self) -> None:
        pytest.importorskip("pdfminer")

    def test_columns_and_split_words(self, tmp_path: Path) -> None:
        """The file draws line by line across both columns, as layout programs may."""
        lines: list[tuple[int, int, str]] = [(60, 780, TITLE)]
        for row in range(5):
            lines.append((60, 740 - 12 * row, LEFT[row]))
            lines += [(320, 740 - 12 * row, RIGHT[row])] if row < len(RIGHT) else []
        article = one(read(tmp_path, "2024-03-12_budget.pdf", _pdf(lines)))
        assert article.text == (
            f"{TITLE}\n\nLe conseil municipal de Rennes a adopté lundi soir le budget de la ville, malgré l’opposition de "
            "plusieurs élus de la minorité. Le vote, dit-elle, est clos.\n\n"
            "Une centaine d’agents municipaux avaient manifesté dans l’après-midi "
            "devant l’hôtel de ville contre le gel des embauches."
        )
        assert (article.title, article.published, article.published_source) == (TITLE, datetime(2024, 3, 12), "filename")

    def test_order_depends_on_places_alone(self, tmp_path: Path) -> None:
        """Blocks at equal distances: neither which is drawn first nor, with it, where they lie in memory decides."""
        cells = [(0, 3), (1, 1), (2, 2), (2, 4), (3, 0), (3, 2)]
        blocks = [(40 + 60 * column, 800 - 30 * row, f"B{row}{column}") for column, row in cells]
        drawn = [_pdf(order) for order in islice(permutations(blocks), 0, None, 24)]
        found = {one(read(tmp_path, f"{number}.pdf", data)).text for number, data in enumerate(drawn)}
        assert len(found) == 1

    def test_running_heads_and_page_numbers_go(self, tmp_path: Path) -> None:
        pages = [
            [
                (60, 810, "Le Courrier lointain"),
                (60, 700, f"Page {n} : {PARAGRAPHS[0][:70]}"),
                (60, 40, f"- {n} -"),
                (400, 40, "Tous droits réservés"),
            ]
            for n in range(1, 5)
        ]
        text = one(read(tmp_path, "a.pdf", _pdf(*pages))).text
        assert text == "\n\n".join(f"Page {n} : {PARAGRAPHS[0][:70]}" for n in range(1, 5))

    def test_a_scan(self, tmp_path: Path) -> None:
        assert "OCR" in error(read(tmp_path, "a.pdf", _pdf([])))

    @pytest.mark.parametrize("data", [b"", b"garbage", b"%PDF-1.4\n", _pdf([(60, 700, BODY[:60])])[:300]])
    def test_damage(self, tmp_path: Path, data: bytes) -> None:
        assert error(read(tmp_path, "a.pdf", data)).startswith(("empty file", "damaged", "no text in the PDF"))

    def test_a_book(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(pdf, "MAX_PAGES", 2)
        assert "more than 2 pages" in error(read(tmp_path, "a.pdf", _pdf(*[[(60, 700, "Rien")]] * 3)))


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [
        ("la mino-", "rité", "la minorité"),
        ("pensait-", "il", "pensait-il"),
        ("y a-t-", "elle", "y a-t-elle"),
        ("le vice-", "président", "le vice-président"),
        ("à Saint-", "Denis", "à Saint-Denis"),
        ("l’adminis\u00ad", "tration", "l’administration"),
        ("peut-", "être", "peut-être"),
        ("le 12 -", "ou le 13", "le 12 - ou le 13"),
        ("les 12-", "15 ans", "les 12- 15 ans"),
    ],
)
def test_words_split_at_the_end_of_a_line(first: str, second: str, joined: str) -> None:
    assert pdf._joined(f"{first}\n{second}\n") == joined


@pytest.mark.parametrize(
    ("name", "library", "extra"),
    [
        ("a.xlsx", "python_calamine", "office"),
        ("a.docx", "docx", "office"),
        ("a.pdf", "pdfminer", "pdf"),
        ("a.warc", "fastwarc", "warc"),
        ("a.txt.zst", "backports", "zstd"),
        ("a.html", "trafilatura", "html"),
    ],
)
def test_a_missing_library_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, library: str, extra: str) -> None:
    def missing(module: str) -> Any:
        raise ModuleNotFoundError(f"No module named {module!r}", name=module)

    monkeypatch.setattr(extras, "import_module", missing)
    reason = error(read(tmp_path, name, b"x"))
    assert f"need {library}" in reason
    assert reason.endswith(f": python -m pip install 'ephemeride[{extra}]'")
    assert len(reason) <= 90  # what the summary of a run shows of it


@pytest.mark.parametrize(("name", "limit"), [("a.pdf", "MAX_DOCUMENT"), ("a.xls", "MAX_DOCUMENT"), ("a.docx", "MAX_WHOLE")])
def test_every_reader_of_documents_has_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, limit: str) -> None:
    monkeypatch.setattr(limits, limit, 10)
    assert error(read(tmp_path, name, b"%PDF-1.7 and more")).startswith("larger than 10 bytes")

"""Input made to do harm: bombs, paths out of archives, entities, endless lines, nesting, odd characters, formulas, escapes."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import json
import lzma
import socket
import subprocess
import tarfile
import threading
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter  # type: ignore[import-untyped]

from pipeline import cli, ingest
from pipeline.ingest import limits
from pipeline.ingest.formats import compressed, tar
from pipeline.records import Article, Failure
from pipeline.run import load
from tests.faults import fuzzing
from tests.faults.test_kill import finish
from tests.store.helpers import PYTHON, ROOT, article, fill

STORY = "Le conseil municipal a adopté lundi soir le budget de la ville, malgré l’opposition de plusieurs élus."
GIGABYTE = 1 << 30
APART = """
import json, resource, sys
from pathlib import Path
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[2]), int(sys.argv[2])))
resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
from pipeline import ingest
path = Path(sys.argv[1])
found = [[type(r).__name__, getattr(r, "error", "") or len(r.text)] for r in ingest.read(path, path.parent)]
print(json.dumps(found))
"""


def read(root: Path, name: str, data: bytes) -> list[Article | Failure]:
    path = root / name
    path.write_bytes(data)
    return list(ingest.read(path, root))


def read_apart(path: Path, *, memory: int = 2 * GIGABYTE) -> list[tuple[str, str]]:
    """What reading gives in a process that may not use more than `memory` and a minute of computing: what is not refused in time
    is a MemoryError, what takes time that grows with the square of its length is killed."""
    result = subprocess.run(
        [PYTHON, "-c", APART, str(path), str(memory)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        env={"OPENBLAS_NUM_THREADS": "1", "PATH": ""},
    )
    assert result.returncode == 0, result.stderr
    return [(kind, str(what)) for kind, what in json.loads(result.stdout)]


# Archives


@pytest.mark.parametrize(("suffix", "opener"), [("gz", gzip.open), ("bz2", bz2.open), ("xz", lzma.open)])
def test_a_compressed_bomb_is_refused(tmp_path: Path, suffix: str, opener: object) -> None:
    path = tmp_path / f"bomb.txt.{suffix}"
    with opener(path, "wb") as file:  # type: ignore[operator]
        for _ in range(80):
            file.write(bytes(1 << 20))
    assert path.stat().st_size < 1 << 20
    ((kind, error),) = read_apart(path)
    assert kind == "Failure"
    assert "unpacks to more than 64 MB" in error


def test_a_zip_bomb_of_many_small_ones_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No member is too large, all together are; what came before is kept, and it ends there."""
    monkeypatch.setattr(limits, "ALLOWED_UNPACKED", 4 << 20)
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("0.txt", STORY)
        for number in range(1, 50):
            archive.writestr(f"{number:02}.txt", b" " * (1 << 20))
    records = list(ingest.read(tmp_path / "a.zip", tmp_path))
    assert isinstance(records[0], Article)
    assert len(records) < 20
    assert "200 times its size: no text does that" in getattr(records[-1], "error", "")


def test_a_bomb_in_a_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is packed twice may not unpack to the ratio twice."""
    monkeypatch.setattr(limits, "ALLOWED_UNPACKED", 1 << 20)
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt.gz", gzip.compress(b" " * (8 << 20)))
        archive.writestr("b.txt", STORY)
    failure, *_ = read(tmp_path, "a.zip", (tmp_path / "a.zip").read_bytes())
    assert "a.txt.gz: unpacks to more than 1 MB" in getattr(failure, "error", "")


def test_holes_in_a_tar_archive_are_counted(tmp_path: Path) -> None:
    """A kilobyte that says to be the beginning of 128 MB, as sparse files are stored."""
    member = tarfile.TarInfo("a.txt")
    member.type = tarfile.GNUTYPE_SPARSE
    header = bytearray(member.tobuf(tarfile.GNU_FORMAT))
    header[386:398], header[398:410] = b"%011o\0" % 0, b"%011o\0" % 512
    header[483:495] = b"%011o\0" % (1 << 27)
    header[124:136] = b"%011o\0" % 512
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    (tmp_path / "a.tar").write_bytes(bytes(header) + b"a" * 512 + bytes(1024))
    error = read_apart(tmp_path / "a.tar")[0][1]
    assert "a.txt: unpacks to more than 64 MB" in error


def _flate_bomb() -> bytes:
    packed = zlib.compress(bytes(1 << 29))
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/Contents 4 0 R>>",
    )
    numbered = b"".join(b"%d 0 obj%s endobj\n" % (number, what) for number, what in enumerate(objects, 1))
    stream = b"4 0 obj<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream endobj\n" % (len(packed), packed)
    return b"%PDF-1.4\n" + numbered + stream + b"trailer<</Root 1 0 R>>\n%%EOF"


def _shared_text() -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        for row in range(20_000):
            sheet.write(row, 0, "texte" if not row else STORY * 300)
    return file.getvalue()


def _repeated_cells() -> bytes:
    cell = b'<table:table-row table:number-rows-repeated="900"><table:table-cell office:value-type="string" '
    return fuzzing.PACKED[".ods"](
        cell + b'table:number-columns-repeated="900"><text:p>' + STORY.encode() * 300 + b"</text:p></table:table-cell>"
        b"</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"
    )


def _dictionary_rows() -> bytes:
    file = pa.BufferOutputStream()
    texts = pa.DictionaryArray.from_arrays(pa.array([0] * 200_000), pa.array([STORY * 300]))
    pq.write_table(pa.table({"text": texts}), file, store_schema=False)
    return bytes(file.getvalue().to_pybytes())


def _encoded_page() -> bytes:
    page = gzip.compress(b"<p>" + b" " * (1 << 29))
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n" + page
    return b"WARC/1.0\r\nWARC-Type: response\r\nContent-Type: application/http\r\nContent-Length: %d\r\n\r\n" % len(http) + http


@pytest.mark.parametrize(
    ("name", "make", "error"),
    [
        ("a.xlsx", _shared_text, "the cells hold more text than 256 MB"),
        ("a.ods", _repeated_cells, "the cells hold more text than 256 MB"),
        ("a.parquet", _dictionary_rows, "unpacks to more than"),
        ("a.warc", _encoded_page, "larger than 32 MB, too long for a page"),
        ("a.pdf", _flate_bomb, ""),
    ],
)
def test_bombs_in_documents_are_refused(tmp_path: Path, name: str, make: Callable[[], bytes], error: str) -> None:
    (tmp_path / name).write_bytes(make())
    assert (tmp_path / name).stat().st_size < 8 << 20
    records = read_apart(tmp_path / name)
    assert records[-1][0] == "Failure"
    assert error in records[-1][1]


def test_a_sheet_that_breaks_off_does_not_hang(tmp_path: Path) -> None:
    (tmp_path / "a.ods").write_bytes(fuzzing.PACKED[".ods"](STORY.encode()))
    ((kind, error),) = read_apart(tmp_path / "a.ods")
    assert (kind, error.partition(":")[0]) == ("Failure", "damaged")


def test_archives_in_archives_are_not_opened(tmp_path: Path) -> None:
    inner = tmp_path / "inner.zip"
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("x.txt", STORY)
    with zipfile.ZipFile(tmp_path / "outer.zip", "w") as archive:
        archive.write(inner, "inner.zip")
        archive.writestr("x.txt.gz", gzip.compress(STORY.encode()))
        archive.writestr("y.txt", STORY)
    failure, packed, record = ingest.read(tmp_path / "outer.zip", tmp_path)
    assert getattr(failure, "error", "") == "inner.zip: an archive in an archive. Unpack it."
    assert isinstance(packed, Article)
    assert isinstance(record, Article)


@pytest.mark.parametrize("name", ["../../escaped.txt", "{folder}/escaped.txt", "..\\..\\escaped.txt", "a/../../escaped.txt"])
def test_no_path_leads_out_of_an_archive(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "deep" / "corpus"
    folder.mkdir(parents=True)
    with zipfile.ZipFile(folder / "a.zip", "w") as archive:
        archive.writestr(name.format(folder=tmp_path), f"{STORY} escaped")
        link = zipfile.ZipInfo("link.txt")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    records = list(ingest.read(folder / "a.zip", folder))
    assert [record for record in records if isinstance(record, Article) and "root:" in record.text] == []
    assert any(isinstance(record, Article) for record in records)
    assert [path for path in tmp_path.rglob("*") if "escaped" in path.name] == []


# Markup


@pytest.fixture
def listener() -> Iterator[tuple[int, list[object]]]:
    """A port of this machine, and the callers that it had."""
    callers: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def wait() -> None:
            while True:
                try:
                    connection, address = server.accept()
                except OSError:
                    return
                callers.append(address)
                connection.close()

        threading.Thread(target=wait, daemon=True).start()
        yield server.getsockname()[1], callers
        server.shutdown(socket.SHUT_RDWR)


def _laughs() -> str:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    return f'<!DOCTYPE html [<!ENTITY l0 "haha">{entities}]>'


MARKUP = [suffix for suffix in ingest.SUFFIXES if suffix not in (*compressed.SUFFIXES, *tar.SUFFIXES)]


@pytest.mark.parametrize("suffix", MARKUP)
def test_entities_are_neither_blown_up_nor_fetched(tmp_path: Path, suffix: str, listener: tuple[int, list[object]]) -> None:
    """Billion laughs and external entities in every format, those to come included."""
    port, callers = listener
    (tmp_path / "secret.txt").write_text("Le secret est xyzzy.", encoding="utf-8")
    body = f"<html><head><title>Un budget &l11;</title></head><body><article><p>{STORY} &l11; &x; &y;</p></article></body></html>"
    outside = f'<!ENTITY x SYSTEM "file://{tmp_path}/secret.txt"><!ENTITY y SYSTEM "http://127.0.0.1:{port}/"><!ENTITY % z SYSTEM "http://127.0.0.1:{port}/">%z;'
    header = f'<?xml version="1.0" encoding="utf-8"?>{_laughs().replace("]>", outside + "]>")}'
    (tmp_path / f"a{suffix}").write_text(f"{header}{body}", encoding="utf-8")
    for kind, what in read_apart(tmp_path / f"a{suffix}"):
        assert kind == "Failure" or int(what) < 10_000
    records = list(ingest.read(tmp_path / f"a{suffix}", tmp_path))
    assert "xyzzy" not in repr(records)
    assert callers == []


def test_a_page_cannot_choose_a_codec_that_never_ends(tmp_path: Path) -> None:
    for name in ("punycode", "unicode_escape", "idna", "zlib", "rot13", "utf-7"):
        page = f'<html><head><meta charset="{name}"></head><body><p>{STORY} {STORY} \\u0041 +AGE-</p></body></html>'
        (record,) = read(tmp_path, "a.html", page.encode())
        assert isinstance(record, Article), record
        assert "\\u0041 +AGE-" in record.text


# Size and depth


@pytest.mark.parametrize(
    ("name", "start", "error"),
    [
        ("a.txt", b"", "larger than 32 MB, too long for one article"),
        ("a.html", b"<html><p>", "larger than 32 MB, too long for a page"),
        ("a.jsonl", b'{"text": "', "a line longer than 32 MB"),
        ("a.csv", b"text\n", "a row is larger than 32 MB"),
        ("b.csv", b"text,", "a row is larger than 32 MB"),
        ("c.csv", b'text\n"', "a row is larger than 32 MB"),
        ("a.json", b'{"text": "', "not valid JSON"),
        ("a.rss", b"<rss><channel><item><description>", "larger than 64 MB, too long for a feed"),
        ("a.nitf", b"<nitf><body><body.content><p>", "an item is larger than 32 MB"),
        ("a.eml", b"Subject: a\n\n", "larger than 64 MB. Take the attachments out."),
        ("b.eml", b"Subject: ", "larger than 64 MB. Take the attachments out."),
    ],
)
def test_a_line_of_a_hundred_megabytes(tmp_path: Path, name: str, start: bytes, error: str) -> None:
    path = tmp_path / name
    with path.open("wb") as file:
        file.write(start)
        for _ in range(100):
            file.write(b"a, " * (1 << 18) + b"a" * (1 << 18))
    records = read_apart(path)
    assert all(kind == "Failure" for kind, _ in records)
    assert error in records[0][1]


def test_a_row_that_never_ends(tmp_path: Path) -> None:
    """Short cells of two lines each: no cell and no line is too long, the row is."""
    path = tmp_path / "a.csv"
    with path.open("wb") as file:
        file.write(b'text,title\n"a')
        for _ in range(60):
            file.write(b'\n","a' * (1 << 18))
    ((kind, error),) = read_apart(path)
    assert kind == "Failure"
    assert "a row is larger than 32 MB. Is a quotation mark left open?" in error


def test_more_characters_than_the_model_takes(tmp_path: Path) -> None:
    long = "Le maire a parlé. " * 60_000
    for name, data in (("a.txt", long), ("a.json", json.dumps({"title": long, "text": STORY}))):
        (failure,) = read(tmp_path, name, data.encode())
        assert isinstance(failure, Failure)
        assert "too long for one article" in failure.error


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.json", b"[" * 1_000_000),
        ("b.json", b'{"text": ' * 1_000_000),
        ("c.json", b'{"text": "' + STORY.encode() + b'", "x": ' + b"[" * 900 + b"]" * 900 + b"}"),
        ("a.jsonl", b"[" * 1_000_000 + b"\n" + b'{"a":' * 100_000),
        ("a.html", b"<div>" * 200_000 + STORY.encode()),
        ("a.rss", b"<rss><channel><item>" + b"<a>" * 200_000),
        (
            "b.rss",
            b"<rss><channel><item><description>"
            + b"&lt;div&gt;" * 200_000
            + STORY.encode()
            + b"</description></item></channel></rss>",
        ),
        ("a.nitf", b"<nitf>" + b"<p>" * 1_000_000),
        ("a.newsml", b"<NewsML>" + b"<NewsItem>" * 1_000_000),
        (
            "a.eml",
            b"".join(b"Content-Type: multipart/mixed; boundary=%d\n\n--%d\n" % (n, n) for n in range(5_000)) + STORY.encode(),
        ),
        ("b.eml", b"Content-Type: message/rfc822\n\n" * 50_000 + STORY.encode()),
        ("a.docx", fuzzing.PACKED[".docx"](b"<w:tbl><w:tr><w:tc>" * 50_000)),
        ("b.docx", fuzzing.PACKED[".docx"](b"<w:tbl><w:tr><w:tc>" * 80 + b"</w:tc></w:tr></w:tbl>" * 80)),
        ("a.ods", fuzzing.PACKED[".ods"](b"<text:p>" * 1_000_000)),
        ("a.xlsx", fuzzing.PACKED[".xlsx"](b"<row>" * 1_000_000)),
        ("a.pdf", fuzzing.PACKED[".pdf"](b"[" * 1_000_000)),
        ("b.pdf", fuzzing.PACKED[".pdf"](b"q " * 1_000_000)),
        (
            "blocks.pdf",
            fuzzing.PACKED[".pdf"](
                b"BT /F1 1 Tf " + b"".join(b"1 0 0 1 %d %d Tm (a) Tj " % (n % 60 * 10, n // 60 * 14) for n in range(3_000))
            ),
        ),
        ("c.pdf", b"%PDF-1.4\n1 0 obj" + b"<</A" * 300_000),
        ("b.html", b"<html><body><p>" + STORY.encode() + b'<script type="application/ld+json">' + b"[" * 1_000_000),
    ],
)
def test_deep_nesting(tmp_path: Path, name: str, data: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    for kind, what in read_apart(path):
        assert kind == "Article" or "RecursionError" not in what, what


def test_elements_in_each_other_without_end_are_refused(tmp_path: Path) -> None:
    page = f"<nitf><body><body.content>{'<p>' * 1_000}{STORY}{'</p>' * 1_000}</body.content></body></nitf>"
    (record,) = read(tmp_path, "a.nitf", page.encode())
    assert getattr(record, "error", "") == "more than 256 elements in each other"


MARKS = ("<!--", "<!-- >", "</", "<a ", "&#", "<![CDATA[", "<![if ", "<?", "<p title='", "<meta modif", "\n \n", "« ")
WRAPPED = {
    "a.rss": "<rss><channel><item><description>{}</description></item></channel></rss>",
    "a.eml": "Subject: a\nContent-Type: text/html\n\n{}",
    "a.xml": "{}",
    "export.html": "<article><div class='docOcurrContainer'>{}</div></article>",
}


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("name", ["a.json", "a.html", "a.txt", *WRAPPED])
def test_what_opens_and_never_closes(tmp_path: Path, name: str, mark: str) -> None:
    text = f"<p>{STORY}</p>{mark * (700_000 // len(mark))}"
    packed = json.dumps({"text": text}) if name == "a.json" else WRAPPED.get(name, "{}").format(text)
    (tmp_path / name).write_text(packed, encoding="utf-8")
    assert read_apart(tmp_path / name)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.txt", "AN " + "A" * 800_000),
        ("b.txt", "AN " + "A0" * 400_000),
        ("c.txt", "news·20240312·" + "a·" * 400_000),
        ("d.txt", "Document " * 90_000),
        ("a.rss", "<rss><channel><item/></channel></rss>" + "<!---->" * 100_000 + "x"),
        ("b.rss", "<rss><channel>" + f"<item><title>{STORY}</title></item>" * 20_000),
        ("a.xml", "<!DOCTYPE " * 80_000),
        ("b.xml", "<!DOCTYPE a [" + "] " * 400_000),
        ("a.eml", "Content-Type: text/plain; charset=" + "a;b=" * 200_000 + f"\n\n{STORY}"),
        ("b.eml", "From: " + "<" * 200_000 + f"\n\n{STORY}"),
        ("c.eml", "Subject: " + "=?utf-8?q?a?= " * 50_000 + f"\n\n{STORY}"),
        ("d.eml", f"Date: {'(' * 500_000}\n\n{STORY}"),
        ("e.eml", "".join(f"Content-Type: multipart/mixed; boundary={n}\n\n--{n}\n" for n in range(100)) + "a\n" * 200_000),
    ],
)
def test_what_takes_patterns_long(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert read_apart(tmp_path / name)


# Characters, all the way to the tables

ODD = {
    "nul": "\0",
    "escape": "\x1b[31m\x1b]0;titre\x07",
    "bell": "\a\b\x7f\x85",
    "override": "\u202egnineve\u202c\u2066",
    "surrogate": "\ud800 \udfff",
    "separators": "\u2028\u2029\ufeff\u200b",
    "combining": "e" + "\u0301" * 500,
    "plane": "😀\U0010ffff\ufffe",
}
FORMULAS = ('=HYPERLINK("http://evil.example","cliquez")', "+cmd|' /C calc'!A0", "-2+3", "@SUM(1+1)", "\t=1", "'=1", "＝1+1")


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, str]:
    """The tables of articles full of odd characters and formulas, made by real processes; and what was printed."""
    folder = tmp_path_factory.mktemp("odd")
    corpus, out = folder / "corpus", folder / "out"
    fill(corpus, range(2))
    for name, what in ODD.items():
        record = {"title": f"{what} {name}", "text": article(1, extra=what), "author": what, "url": what}
        (corpus / f"{name}.json").write_text(json.dumps(record), encoding="ascii")
        (corpus / f"{name}.txt").write_bytes(article(2, extra=what).encode("utf-8", "surrogatepass"))
    for number, formula in enumerate(FORMULAS):
        record = {"title": formula, "text": f"{formula}\n{article(3)}", "author": formula, "tags": [formula]}
        (corpus / f"formula{number}.json").write_text(json.dumps(record), encoding="ascii")
        (corpus / f"{formula.replace('/', '')[:20]}.txt").write_text(article(4), encoding="utf-8")
    (corpus / "bad\x1b[31m\u202ename.txt").write_bytes(b"")
    return corpus, out, finish(corpus, out)


def test_odd_characters_reach_the_tables(odd: tuple[Path, Path, str]) -> None:
    _, out, _ = odd
    tables, from_csv = load(out), load(out, format="csv")
    assert len(tables.articles) == 2 + 2 * len(ODD) + 2 * len(FORMULAS)
    for name in tables:
        pd.testing.assert_frame_equal(from_csv[name], tables[name])
    by_source = tables.articles.set_index("source").text
    for name, what in ODD.items():
        assert (
            what.encode("utf-16", "surrogatepass").decode("utf-16", "replace") in by_source[f"{name}.json"] or name == "surrogate"
        )
    joined = tables.mentions.merge(tables.articles[["article_id", "text"]], on="article_id", suffixes=("", "_article"))
    assert len(joined)
    assert all(row.text_article[row.start_char : row.end_char] == row.text for row in joined.itertuples())


def test_no_cell_of_a_run_is_a_formula(odd: tuple[Path, Path, str]) -> None:
    _, out, _ = odd
    for path in out.glob("*.csv"):
        with path.open(newline="", encoding="utf-8") as file:
            for row in csv.DictReader(line.replace("\0", "") for line in file):
                for cell in row.values():
                    if cell.lstrip(" \v\f").startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝")):
                        assert float(cell) < 0, cell
    assert "'=HYPERLINK(" in (out / "articles.csv").read_text(encoding="utf-8")


def test_the_terminal_is_left_alone(odd: tuple[Path, Path, str]) -> None:
    _, _, printed = odd
    assert "bad\\x1b[31m\\u202ename.txt" in printed
    assert "\x1b" not in printed
    assert cli._shown("a\u00a0b\u202fc\né\ud800\u200b") == "a\u00a0b\u202fc\né\\ud800\\u200b"

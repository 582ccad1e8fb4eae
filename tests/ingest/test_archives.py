"""Archives: tar in all its compressions, Zstandard and xz, and WARC as crawlers write it."""

from __future__ import annotations

import gzip
import io
import json
import lzma
import tarfile
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from pipeline.ingest import limits
from pipeline.records import Article
from tests.ingest.samples import BODY, OTHER_BODY, OTHER_TITLE, PARAGRAPHS, TITLE, articles, error, one, read

RECORD = json.dumps({"titre": TITLE, "texte": BODY, "date": "2024-03-12"}, ensure_ascii=False).encode()


def _zstd(data: bytes) -> bytes:
    zstd = pytest.importorskip("backports.zstd")
    return bytes(zstd.compress(data))


def _tar(members: dict[str, bytes], mode: str = "w") -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=mode) as archive:  # type: ignore[call-overload]
        for name, data in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
        for name, kind in (("lien.txt", tarfile.SYMTYPE), ("dur.txt", tarfile.LNKTYPE), ("tube.txt", tarfile.FIFOTYPE)):
            member = tarfile.TarInfo(name)
            member.type, member.linkname = kind, "/etc/passwd"
            archive.addfile(member)
    return stream.getvalue()


MEMBERS = {
    "presse/2024/03/12/x.txt": BODY.encode(),
    "presse/b.jsonl": RECORD + b"\n{oops\n",
    "../../evil.txt": f"Tentative\n\n{BODY}".encode(),
    "/etc/absolu.txt": f"Absolu\n\n{BODY}".encode(),
    ".hidden/x.txt": BODY.encode(),
    "image.png": b"x",
    "presse/c.jsonl.gz": gzip.compress(RECORD),
    "presse/d.zip": b"PK",
    "vide.txt": b"",
}


class TestTar:
    @pytest.mark.parametrize(
        ("name", "pack"),
        [
            ("a.tar", bytes),
            ("a.tar.gz", gzip.compress),
            ("a.tgz", gzip.compress),
            ("a.tar.xz", lzma.compress),
            ("A.TAR.ZST", _zstd),
        ],
    )
    def test_members(self, tmp_path: Path, name: str, pack: Callable[[bytes], bytes]) -> None:
        records = read(tmp_path / "corpus", name, pack(_tar(MEMBERS)))
        assert [record.source for record in records] == [f"{name}#{n}" for n in range(1, 9)]
        assert [isinstance(record, Article) for record in records] == [True, True, False, True, True, True, False, False]
        dated, record, evil = (record for record in records[:4] if isinstance(record, Article))
        assert (dated.published, dated.published_source) == (datetime(2024, 3, 12), "path")
        assert record.text == f"{TITLE}\n\n{BODY}"
        assert evil.title == "Tentative"
        assert error(records[6:7]) == "presse/d.zip: an archive in an archive. Unpack it."
        assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [name]

    def test_a_bomb_is_refused(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(limits, "ALLOWED_UNPACKED", 1 << 20)
        data = gzip.compress(_tar({"a.txt": BODY.encode(), "b.bin": b"\0" * (9 << 20), "c.txt": BODY.encode()}))
        first, failure = read(tmp_path, "a.tar.gz", data)
        assert isinstance(first, Article)
        assert "no text does that" in error([failure])

    @pytest.mark.parametrize("keep", [0.5, 0.97])
    def test_a_truncated_archive_keeps_what_came_before(self, tmp_path: Path, keep: float) -> None:
        noise = {f"{n}.txt": f"{BODY} {hash((n, 1))} {hash((n, 2))}".encode() for n in range(200)}
        data = gzip.compress(_tar(noise))
        *before, failure = read(tmp_path, "a.tar.gz", data[: int(len(data) * keep)])
        assert len(articles(before)) > 200 * keep * 0.7
        assert "damaged" in error([failure])

    @pytest.mark.parametrize("data", [b"", b"garbage" * 100, gzip.compress(b"garbage")])
    def test_what_is_no_archive(self, tmp_path: Path, data: bytes) -> None:
        assert "damaged archive" in error(read(tmp_path, "a.tar.gz", data)) or not data

    def test_nothing_to_read(self, tmp_path: Path) -> None:
        assert "nothing in the archive" in error(read(tmp_path, "a.tar", _tar({"a.png": b"x"})))


class TestOneFile:
    @pytest.mark.parametrize(("suffix", "pack"), [("xz", lzma.compress), ("zst", _zstd)])
    def test_content(self, tmp_path: Path, suffix: str, pack: Callable[[bytes], bytes]) -> None:
        article = one(read(tmp_path, f"2024-03-12.txt.{suffix}", pack(BODY.encode())))
        assert (article.text, article.published_source) == (BODY, "filename")
        assert len(articles(read(tmp_path, f"a.jsonl.{suffix}", pack(RECORD + b"\n" + RECORD)))) == 2

    @pytest.mark.parametrize(("suffix", "pack"), [("xz", lzma.compress), ("zst", _zstd)])
    def test_damage(self, tmp_path: Path, suffix: str, pack: Callable[[bytes], bytes]) -> None:
        whole = pack(BODY.encode() * 50)
        for data in (whole[: len(whole) // 2], b"garbage"):
            assert "damaged" in error(read(tmp_path, f"a.txt.{suffix}", data))

    def test_files_in_a_zip_may_be_compressed(self, tmp_path: Path) -> None:
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr("a.jsonl.gz", gzip.compress(RECORD))
            archive.writestr("b.tar.gz", b"x")
        record, failure = read(tmp_path, "a.zip", stream.getvalue())
        assert one([record]).text == f"{TITLE}\n\n{BODY}"
        assert error([failure]) == "b.tar.gz: an archive in an archive. Unpack it."


def _page(title: str, body: str, charset: str = "") -> str:
    paragraphs = "".join(f"<p>{p}</p>" for p in body.split("\n\n"))
    meta = f'<meta charset="{charset}">' if charset else ""
    return (
        f"<!DOCTYPE html><html lang='fr'><head>{meta}<title>{title}</title>"
        '<meta property="article:modified_time" content="2024-04-01T10:00:00+02:00">'
        '<meta property="article:published_time" content="2024-03-12T08:15:00+01:00"></head>'
        f"<body><nav><a href='/'>Accueil</a></nav><main><article><h1>{title}</h1>{paragraphs}</article></main></body></html>"
    )


def _record(number: int, payload: bytes, http: str = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=iso-8859-1") -> bytes:
    block = http.encode() + b"\r\n\r\n" + payload
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-{number:012}>\r\n"
        f"WARC-Date: 2024-03-14T09:30:00Z\r\nWARC-Target-URI: https://exemple.fr/{number}\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


RECORDS = (
    b"WARC/1.0\r\nWARC-Type: warcinfo\r\nWARC-Record-ID: <urn:uuid:1>\r\nContent-Length: 2\r\n\r\nok\r\n\r\n",
    _record(1, _page(TITLE, BODY).encode("cp1252")),
    _record(2, b"\x89PNG", "HTTP/1.1 200 OK\r\nContent-Type: image/png"),
    _record(3, b"", "HTTP/1.1 301 Moved\r\nContent-Type: text/html\r\nLocation: /1"),
    _record(
        4,
        gzip.compress(_page(OTHER_TITLE, OTHER_BODY, "utf-8").encode()),
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip",
    ),
    _record(5, b"<html><body></body></html>"),
)


class TestWarc:
    @pytest.fixture(autouse=True)
    def _libraries(self) -> None:
        pytest.importorskip("fastwarc")
        pytest.importorskip("trafilatura")

    @pytest.mark.parametrize(
        ("name", "pack"), [("a.warc", bytes), ("CC-NEWS-20240314.warc.gz", gzip.compress), ("a.warc.zst", _zstd)]
    )
    def test_pages(self, tmp_path: Path, name: str, pack: Callable[[bytes], bytes]) -> None:
        first, second, third = read(tmp_path, name, b"".join(pack(record) for record in RECORDS))
        article, other = articles([first, second])
        assert article.source == f"{name}#1"
        assert all(paragraph in article.text for paragraph in PARAGRAPHS)  # in the encoding of the HTTP header
        assert (article.published, article.published_source) == (datetime(2024, 3, 12, 8, 15), "front_matter")
        assert (article.collected, article.url) == (datetime(2024, 3, 14, 9, 30), "https://exemple.fr/1")
        assert OTHER_BODY.split("\n\n")[1] in other.text
        assert error([third]) == "https://exemple.fr/5: no article found in the page"

    @pytest.mark.parametrize("pack", [bytes, gzip.compress])
    def test_an_archive_that_is_cut_short(self, tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
        """fastwarc itself ends without an error there."""
        name = "a.warc" if pack is bytes else "a.warc.gz"
        data = b"".join(pack(record) for record in RECORDS[:2])
        (failure,) = read(tmp_path, name, data[: -40 if pack is bytes else -30])
        assert error([failure]) == "the archive ends in the middle of this record"

    @pytest.mark.parametrize("data", [b"", b"garbage" * 100, RECORDS[0], RECORDS[2]])
    def test_archives_without_pages(self, tmp_path: Path, data: bytes) -> None:
        assert error(read(tmp_path, "a.warc", data)).startswith(("no page in the archive", "damaged after page 0"))

    def test_damage_after_a_page(self, tmp_path: Path) -> None:
        first, failure = read(tmp_path, "a.warc.gz", gzip.compress(RECORDS[1]) + b"\x1f\x8bgarbage")
        assert isinstance(first, Article)
        assert error([failure]).startswith("damaged after page 1")

"""JSON, tables and compressed files of real shapes: many articles in a file, one bad record costs only itself."""

from __future__ import annotations

import bz2
import gzip
import json
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import ingest
from pipeline.ingest import limits, markup
from pipeline.ingest.formats import compressed
from pipeline.records import Article, Failure

STORY = "Le conseil municipal a adopté lundi soir le budget de la ville, malgré l’opposition de plusieurs élus."
RECORD = {
    "title": "Rennes vote son budget",
    "text": STORY,
    "date": "2024-03-12T08:15:00+01:00",
    "author": ["Jeanne Morel", {"name": "Ali Bensaïd"}],
    "url": "https://exemple.fr/1",
    "keywords": "Rennes; budget",
}


def _read(root: Path, name: str, data: bytes) -> list[Article | Failure]:
    path = root / name
    path.write_bytes(data)
    assert path in list(ingest.discover(root))
    return list(ingest.read(path, root))


def _dump(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def _titles(records: list[Article | Failure]) -> list[str | None]:
    return [record.title if isinstance(record, Article) else record.error for record in records]


def _sources(records: list[Article | Failure]) -> list[str]:
    return [record.source for record in records]


class TestJson:
    def test_one_article(self, tmp_path: Path) -> None:
        (article,) = _read(tmp_path, "a.json", _dump(RECORD))
        assert isinstance(article, Article)
        assert article.source == "a.json"
        assert article.text == f"Rennes vote son budget\n\n{STORY}"
        assert [(region.kind.value, article.text[region.start : region.end]) for region in article.regions] == [
            ("title", "Rennes vote son budget"),
            ("body", STORY),
        ]
        assert (article.published, article.published_has_time) == (datetime(2024, 3, 12, 8, 15), True)
        assert (article.author, article.url) == ("Jeanne Morel, Ali Bensaïd", "https://exemple.fr/1")
        assert article.tags == ("Rennes", "budget")

    @pytest.mark.parametrize("wrap", [lambda records: records, lambda records: {"status": "ok", "articles": records}])
    def test_a_list(self, tmp_path: Path, wrap: object) -> None:
        assert callable(wrap)
        records = _read(tmp_path, "a.json", _dump(wrap([RECORD, {**RECORD, "title": "Autre titre"}])))
        assert _sources(records) == ["a.json#1", "a.json#2"]
        assert _titles(records) == ["Rennes vote son budget", "Autre titre"]

    def test_french_names_and_a_title_that_the_text_repeats(self, tmp_path: Path) -> None:
        record = {"Titre": "Un budget", "Corps": f"Un budget\n\n{STORY}", "Date de publication": "12/03/2024"}
        (article,) = _read(tmp_path, "a.json", _dump(record))
        assert isinstance(article, Article)
        assert article.text == f"Un budget\n\n{STORY}"
        assert article.published == datetime(2024, 3, 12)

    @pytest.mark.parametrize(
        ("date", "published"),
        [
            ("Tue, 12 Mar 2024 08:15:00 +0100", datetime(2024, 3, 12, 8, 15)),
            (1710231300, datetime(2024, 3, 12, 8, 15)),
            (1710231300000, datetime(2024, 3, 12, 8, 15)),
            ("20240312", datetime(2024, 3, 12)),
            ("hier", None),
            (True, None),
            ({"a": 1}, None),
        ],
    )
    def test_dates(self, tmp_path: Path, date: object, published: datetime | None) -> None:
        (article,) = _read(tmp_path, "a.json", _dump({**RECORD, "date": date}))
        assert isinstance(article, Article)
        assert article.published == published

    def test_markup_in_a_field(self, tmp_path: Path) -> None:
        (article,) = _read(tmp_path, "a.json", _dump({"text": f"<p>{STORY}</p><script>x</script><p>Fin&nbsp;&amp; suite</p>"}))
        assert isinstance(article, Article)
        assert article.text == f"{STORY}\n\nFin\u00a0& suite"

    @pytest.mark.parametrize(
        ("data", "error"),
        [
            (b"", "empty file"),
            (b"[]", "an empty list"),
            (b"{", "not valid JSON"),
            (b"[" * 100_000, "JSON nested too deeply"),
            (b"3", "a int where a record"),
            (b'{"a": 1}', "no text: none of the fields"),
        ],
    )
    def test_failures(self, tmp_path: Path, data: bytes, error: str) -> None:
        (failure,) = _read(tmp_path, "a.json", data)
        assert isinstance(failure, Failure)
        assert failure.error.startswith(error)

    def test_json_lines_under_the_wrong_name(self, tmp_path: Path) -> None:
        assert _sources(_read(tmp_path, "a.json", _dump(RECORD) + b"\n" + _dump(RECORD))) == ["a.json#1", "a.json#2"]

    def test_too_large(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(limits, "MAX_WHOLE", 10)
        assert "JSON Lines" in str(_titles(_read(tmp_path, "a.json", _dump(RECORD)))[0])


class TestJsonLines:
    def test_bad_lines_cost_only_themselves(self, tmp_path: Path) -> None:
        lines = [
            _dump(RECORD),
            b"",
            b"{oops",
            b"[1]",
            b'"\\ud800"',
            _dump({"text": "\ud800 " + STORY}) if False else _dump(RECORD),
        ]
        records = _read(tmp_path, "a.jsonl", b"\n".join(lines))
        assert _sources(records) == ["a.jsonl#1", "a.jsonl#2", "a.jsonl#3", "a.jsonl#4", "a.jsonl#5"]
        assert [isinstance(record, Article) for record in records] == [True, False, False, False, True]

    def test_a_line_that_is_too_long_is_passed_over(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(limits, "MAX_RECORD", 1000)
        records = _read(tmp_path, "a.jsonl", b"x" * 5000 + b"\n" + _dump(RECORD))
        assert [isinstance(record, Article) for record in records] == [False, True]

    def test_lone_surrogates(self, tmp_path: Path) -> None:
        (article,) = _read(tmp_path, "a.jsonl", json.dumps({"text": f"\ud800 {STORY}"}).encode())
        assert isinstance(article, Article)

    def test_it_streams(self, tmp_path: Path) -> None:
        path = tmp_path / "a.jsonl"
        path.write_bytes(_dump(RECORD) + b"\n" + b"{" * 10)
        records = ingest.read(path, tmp_path)
        assert isinstance(next(records), Article)
        assert isinstance(next(records), Failure)


class TestTable:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
    @pytest.mark.parametrize(("suffix", "delimiter"), [("csv", ","), ("csv", ";"), ("tsv", "\t")])
    def test_delimiters_and_encodings(self, tmp_path: Path, encoding: str, suffix: str, delimiter: str) -> None:
        rows = [
            ["titre", "date", "texte", "auteur"],
            ["Un été", "12/03/2024", f'"{STORY}\r\n\r\nDeuxième, alinéa ; fin."', "Zoé"],
        ]
        rows.append(["Deux", "", STORY, ""])
        data = "\r\n".join(
            delimiter.join(row) if i != 2 else delimiter.join(f'"{cell}"' for cell in row) for i, row in enumerate(rows)
        )
        records = _read(tmp_path, f"a.{suffix}", data.encode(encoding))
        assert _titles(records) == ["Un été", "Deux"]
        first, second = records
        assert isinstance(first, Article)
        assert isinstance(second, Article)
        assert first.text == f"Un été\n\n{STORY}\r\n\r\nDeuxième, alinéa ; fin."
        assert (first.published, first.author) == (datetime(2024, 3, 12), "Zoé")
        assert second.published is None

    def test_rows_without_text_and_blank_rows(self, tmp_path: Path) -> None:
        records = _read(tmp_path, "a.csv", f'title,text\nA,\n\n,\nB,"{STORY}"\n'.encode())
        assert _sources(records) == ["a.csv#1", "a.csv#2"]
        assert [isinstance(record, Failure) for record in records] == [True, False]

    def test_no_column_of_texts(self, tmp_path: Path) -> None:
        (failure,) = _read(tmp_path, "a.csv", b"a,b\n1,2\n")
        assert isinstance(failure, Failure)
        assert "no column of texts" in failure.error
        assert "a, b" in failure.error

    def test_an_open_quote(self, tmp_path: Path) -> None:
        assert _read(tmp_path, "a.csv", f'title,text\nA,"{STORY}\n'.encode())


class TestCompressed:
    @pytest.mark.parametrize(("suffix", "compress"), [("gz", gzip.compress), ("bz2", bz2.compress)])
    def test_one_file(self, tmp_path: Path, suffix: str, compress: object) -> None:
        assert callable(compress)
        (article,) = _read(tmp_path, f"2024-03-12.txt.{suffix}", compress(STORY.encode()))
        assert isinstance(article, Article)
        assert (article.source, article.published_source) == (f"2024-03-12.txt.{suffix}", "filename")
        records = _read(tmp_path, f"a.jsonl.{suffix}", compress(_dump(RECORD) + b"\n" + _dump(RECORD)))
        assert _sources(records) == [f"a.jsonl.{suffix}#1", f"a.jsonl.{suffix}#2"]

    def test_what_is_inside_decides(self, tmp_path: Path) -> None:
        for name in ("a.sql.gz", "b.gz", "c.txt.gz.gz", ".tar.gz"):
            (tmp_path / name).write_bytes(b"x")
        assert list(ingest.discover(tmp_path)) == []

    def test_zip(self, tmp_path: Path) -> None:
        with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
            archive.writestr("presse/2024/03/12/x.txt", STORY)
            archive.writestr("presse/b.jsonl", _dump(RECORD) + b"\n{oops\n")
            archive.writestr("../../evil.txt", f"Tentative\n\n{STORY}")
            archive.writestr("__MACOSX/._x.txt", "x")
            archive.writestr(".hidden/x.txt", "x")
            archive.writestr("image.png", b"x")
            archive.writestr("vide.txt", "")
        records = list(ingest.read(tmp_path / "a.zip", tmp_path))
        assert _sources(records) == [f"a.zip#{n}" for n in range(1, 6)]
        assert [isinstance(record, Article) for record in records] == [True, True, True, False, False]
        dated = records[1]
        assert isinstance(dated, Article)
        assert (dated.published, dated.published_source) == (datetime(2024, 3, 12), "path")
        assert not (tmp_path.parent.parent / "evil.txt").exists()

    def test_a_bomb_is_refused(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(limits, "ALLOWED_UNPACKED", 1 << 20)
        (failure,) = _read(tmp_path, "a.txt.gz", gzip.compress(b"a" * (8 << 20)))
        assert isinstance(failure, Failure)
        assert "no text does that" in failure.error
        with zipfile.ZipFile(tmp_path / "b.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("bomb.txt", b"a" * (8 << 20))
            archive.writestr("good.txt", STORY)
        bomb, good = ingest.read(tmp_path / "b.zip", tmp_path)
        assert isinstance(bomb, Failure)
        assert isinstance(good, Article)

    @pytest.mark.parametrize("name", ["a.txt.gz", "a.txt.bz2", "a.zip"])
    def test_damage(self, tmp_path: Path, name: str) -> None:
        text = STORY.encode() * 50
        whole = gzip.compress(text) if name.endswith("gz") else bz2.compress(text)  # a .zip that is none
        for data in (b"", b"garbage", whole[: len(whole) // 2]):
            (failure,) = _read(tmp_path, name, data)
            assert isinstance(failure, Failure)

    def test_an_encrypted_member(self, tmp_path: Path) -> None:
        path = tmp_path / "a.zip"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("x.txt", STORY)
        data = bytearray(path.read_bytes())
        data[6] |= 1  # the flag in the local header and in the directory
        data[data.index(b"PK\x01\x02") + 8] |= 1
        (failure,) = _read(tmp_path, "b.zip", bytes(data))
        assert isinstance(failure, Failure)
        assert "encrypted" in failure.error

    def test_an_empty_archive(self, tmp_path: Path) -> None:
        with zipfile.ZipFile(tmp_path / "a.zip", "w"):
            pass
        (failure,) = ingest.read(tmp_path / "a.zip", tmp_path)
        assert isinstance(failure, Failure)
        assert "nothing in the archive" in failure.error


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300), st.sampled_from([s for s in ingest.SUFFIXES if "htm" not in s]))
def test_no_bytes_make_reading_fail(tmp_path_factory: pytest.TempPathFactory, data: bytes, suffix: str) -> None:
    root = tmp_path_factory.getbasetemp()
    path = root / (f"fuzz.txt{suffix}" if suffix in compressed.SUFFIXES else f"fuzz{suffix}")
    path.write_bytes(data)
    for record in ingest.read(path, root):
        assert isinstance(record, Article | Failure)


@pytest.mark.parametrize("odd", ["<![CDAA[x]]>", "<![if IE]>", "<![", "<!", "<!doctype [", "<![endif]-->", "&#x110000;", "<?php"])
def test_odd_markup_is_no_error(odd: str) -> None:
    assert markup.plain(f"<p>un</p>{odd}<p>deux</p>").startswith("un")


@given(st.text())
def test_markup_of_any_text(text: str) -> None:
    assert isinstance(markup.plain(text), str)


def test_text_with_angle_brackets_is_no_markup() -> None:
    assert markup.plain("si a < b et c > d, <rien>") == "si a < b et c > d, <rien>"

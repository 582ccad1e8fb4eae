"""From a file to an article or a failure."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import ingest, schema
from pipeline.ingest import regions
from pipeline.records import Article, Failure, content_id

STORY = "Le conseil municipal a adopté lundi soir le budget de la ville, malgré l’opposition de plusieurs élus."
GERMAN = "Der Bundeskanzler hat am Montagabend in Berlin den Rücktritt des Ministers angenommen und einen Nachfolger benannt."


def _read(root: Path, data: bytes, name: str = "a.txt", *, any_language: bool = False) -> Article | Failure:
    path = root / name
    path.write_bytes(data)
    (record,) = ingest.read(path, root, any_language=any_language)
    return record


def test_an_article(tmp_path: Path) -> None:
    article = _read(tmp_path, f"Le budget est adopté\r\n\r\n{STORY}\r\n".encode())
    assert isinstance(article, Article)
    assert article.text == f"Le budget est adopté\r\n\r\n{STORY}\r\n"
    assert article.article_id == content_id("a.txt", article.text)
    assert (article.source, article.title, article.language) == ("a.txt", "Le budget est adopté", "fr")
    assert article.published is None  # a file's own time is never a date


@pytest.mark.parametrize("data", [b"", b"  \n\t\r\n ", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_an_empty_file(tmp_path: Path, data: bytes) -> None:
    assert _read(tmp_path, data) == Failure("a.txt", "ingest", "empty file")


@pytest.mark.parametrize("text", ["2024-05-02 07:30:05\n1714991412", "#a #b", "123 456 --- !!!", "---\ndate: 2024-01-01\n---\n"])
def test_a_file_without_words(tmp_path: Path, text: str) -> None:
    assert _read(tmp_path, text.encode()) == Failure("a.txt", "ingest", "no text")


def test_a_foreign_text(tmp_path: Path) -> None:
    failure = _read(tmp_path, GERMAN.encode())
    assert isinstance(failure, Failure)
    assert failure.stage == "language"
    assert failure.error.startswith(("language: de 0.9", "language: de 1.0"))


def test_any_language(tmp_path: Path) -> None:
    article = _read(tmp_path, GERMAN.encode(), any_language=True)
    assert isinstance(article, Article)
    assert article.language == "de"


def test_a_short_text_is_not_rejected(tmp_path: Path) -> None:
    article = _read(tmp_path, b"Paris : Trump in London")
    assert isinstance(article, Article)
    assert article.language is None


def test_too_long_for_one_article(tmp_path: Path) -> None:
    failure = _read(tmp_path, b"mot " * 300_000)
    assert isinstance(failure, Failure)
    assert "too long for one article" in failure.error


def test_an_image_with_the_name_of_a_text(tmp_path: Path) -> None:
    failure = _read(tmp_path, b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 10)
    assert isinstance(failure, Failure)
    assert "not a text file" in failure.error


def test_a_file_that_is_gone(tmp_path: Path) -> None:
    assert list(ingest.read(tmp_path / "a.txt", tmp_path)) == [
        Failure("a.txt", "ingest", "cannot be read: No such file or directory")
    ]


def test_an_unknown_format(tmp_path: Path) -> None:
    failure = _read(tmp_path, b"x", "a.xyz")
    assert isinstance(failure, Failure)
    assert "unknown format '.xyz'" in failure.error


def test_sources_of_dates_are_those_of_the_schema() -> None:
    (column,) = (column for column in schema.ARTICLES.columns if column.name == "published_source")
    assert column.vocabulary == regions.SOURCES


def test_stages_are_those_of_the_schema() -> None:
    assert {"ingest", "language"} <= set(schema.STAGES)

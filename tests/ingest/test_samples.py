"""The sample articles of `corpus/`: every one can be read, is dated, and the formats that they show stay covered."""

from __future__ import annotations

from pathlib import Path

from pipeline import ingest
from pipeline.ingest.decode import decode
from pipeline.records import Article, RegionKind

CORPUS = Path(__file__).parents[2] / "corpus"


def _articles() -> list[Article]:
    records = [record for path in ingest.discover(CORPUS) for record in ingest.read(path, CORPUS)]
    articles = [record for record in records if isinstance(record, Article)]
    assert len(articles) == len(records)
    return articles


def test_all_are_french_and_dated() -> None:
    articles = _articles()
    assert len(articles) >= 14
    assert {article.language for article in articles} == {"fr"}
    assert all(article.published for article in articles)
    assert all(130 <= len(article.text.split()) <= 350 for article in articles)


def test_they_show_every_way_to_be_dated() -> None:
    assert {article.published_source for article in _articles()} == {
        "front_matter",
        "header",
        "dateline",
        "byline",
        "filename",
        "path",
    }


def test_they_show_every_region() -> None:
    assert {region.kind for article in _articles() for region in article.regions} == set(RegionKind)


def test_they_show_several_encodings() -> None:
    data = [path.read_bytes() for path in ingest.discover(CORPUS)]
    assert {decode(content).encoding for content in data} == {"utf-8", "utf-16-le", "cp1252"}
    assert any(content.startswith(b"\xef\xbb\xbf") for content in data)


def test_they_show_formats_of_many_articles_without_an_extra() -> None:
    sources = {article.source: article for article in _articles()}
    assert {"flux/deux-rives.rss#2", "bases/europresse-export.txt#2", "lettres/2024-03-05.eml"} <= sources.keys()
    assert sources["bases/europresse-export.txt#2"].publisher == "La Gazette du Levant"
    assert not any(article.repaired for article in sources.values())


def test_the_crawlers_shape() -> None:
    (article,) = [article for article in _articles() if article.collected]
    assert not article.text.endswith("\n")
    assert article.tags == ("IA", "OpenAI", "Gouvernance", "àsuivre")
    assert [region.kind.value for region in article.regions] == ["header", "body", "hashtags", "stamp"]

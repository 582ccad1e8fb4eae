"""Saved web pages as newspaper sites make them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from pipeline import ingest
from pipeline.ingest import extras
from pipeline.records import Article, Failure

PARAGRAPHS = (
    "Le conseil municipal a adopté lundi soir le budget de la ville, malgré l’opposition de plusieurs élus de la minorité.",
    "« Nous avons fait le choix de la sobriété », a déclaré la maire, qui a promis de ne pas augmenter les impôts avant 2026.",
    "Une centaine d’agents municipaux avaient manifesté dans l’après-midi devant l’hôtel de ville contre le gel des embauches.",
)


def _page(head: str, before: str = "", charset: str = "utf-8") -> str:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    return (
        f'<!DOCTYPE html><html lang="fr"><head><meta charset="{charset}">'
        f"<title>Rennes vote son budget - Le Journal</title>{head}</head>"
        f'<body><nav><ul><li><a href="/">Accueil</a></li><li><a href="/sport">Sport</a></li></ul></nav><main><article>'
        f"<h1>Rennes vote son budget</h1>{before}{body}</article></main>"
        "<footer>© 2019 Le Journal – Mentions légales – Abonnez-vous dès 1 €</footer></body></html>"
    )


JSON_LD = (
    '<script type="application/ld+json">{"@context":"https://schema.org","@graph":[{"@type":"NewsArticle",'
    '"headline":"Rennes vote son budget","dateModified":"2024-04-01T10:00:00+02:00","datePublished":"2024-03-12T08:15:00+01:00",'
    '"author":{"@type":"Person","name":"Jeanne Morel"}}]}</script>'
)
OPEN_GRAPH = (
    '<meta property="og:updated_time" content="2024-04-01T10:00:00+02:00">'
    '<meta property="article:modified_time" content="2024-04-01T10:00:00+02:00">'
    '<meta property="article:published_time" content="2024-03-12T08:15:00+01:00">'
)


def _read(root: Path, page: str, encoding: str = "utf-8") -> Article | Failure:
    path = root / "a.html"
    path.write_bytes(page.encode(encoding))
    (record,) = ingest.read(path, root)
    return record


class TestWithLibrary:
    @pytest.fixture(autouse=True)
    def _library(self) -> None:
        pytest.importorskip("trafilatura")

    def test_the_article_and_nothing_else(self, tmp_path: Path) -> None:
        article = _read(tmp_path, _page(JSON_LD))
        assert isinstance(article, Article)
        assert article.title == "Rennes vote son budget"
        assert all(paragraph in article.text for paragraph in PARAGRAPHS)
        assert "Mentions légales" not in article.text
        assert "Accueil" not in article.text
        assert article.author == "Jeanne Morel"
        assert article.text.count("Rennes vote son budget") == 1

    @pytest.mark.parametrize("head", [JSON_LD, OPEN_GRAPH, '<meta itemprop="datePublished" content="2024-03-12T08:15:00">'])
    def test_declared_dates(self, tmp_path: Path, head: str) -> None:
        article = _read(tmp_path, _page(head))
        assert isinstance(article, Article)
        assert (article.published, article.published_has_time) == (datetime(2024, 3, 12, 8, 15), True)

    @pytest.mark.parametrize(
        ("head", "before"),
        [
            (JSON_LD + OPEN_GRAPH.replace("2024-03-12", "2024-03-20"), ""),
            (OPEN_GRAPH, "<p>Publié le 20/03/2024 à 10h00</p>"),
            (OPEN_GRAPH, '<time datetime="2024-03-20">20 mars 2024</time>'),
            ('<meta name="date" content="2024-03-20"><meta property="article:published_time" content="2024-03-12T08:15">', ""),
            (f'<link rel="canonical" href="https://exemple.fr/2024/03/20/budget">{JSON_LD}', ""),
        ],
    )
    def test_what_is_declared_best_comes_first(self, tmp_path: Path, head: str, before: str) -> None:
        article = _read(tmp_path, _page(head, before))
        assert isinstance(article, Article)
        assert article.published == datetime(2024, 3, 12, 8, 15)

    @pytest.mark.parametrize(
        ("head", "before"),
        [
            (JSON_LD.replace('"datePublished":"2024-03-12T08:15:00+01:00",', ""), ""),
            (OPEN_GRAPH.partition('<meta property="article:published_time"')[0], ""),
            ('<meta itemprop="dateModified" content="2024-04-01">', ""),
            ("", '<time class="updated" datetime="2024-04-01T10:00:00+02:00">1er avril</time>'),
            ("", "<p>Mis à jour le 01/04/2024 à 10h00</p>"),
            ("", '<p class="maj">Dernière modification : 1er avril 2024</p>'),
            ('<meta name="last-modified" content="2024-04-01">', ""),
        ],
    )
    def test_a_date_of_change_is_never_that_of_publication(self, tmp_path: Path, head: str, before: str) -> None:
        article = _read(tmp_path, _page(head, before))
        assert isinstance(article, Article)
        assert article.published is None

    def test_a_date_in_the_text_of_the_page(self, tmp_path: Path) -> None:
        article = _read(tmp_path, _page("", "<p>Publié le 12/03/2024 à 08h15</p>"))
        assert isinstance(article, Article)
        assert article.published is not None
        assert article.published.date().isoformat() == "2024-03-12"

    def test_no_date(self, tmp_path: Path) -> None:
        article = _read(tmp_path, _page(""))
        assert isinstance(article, Article)
        assert article.published is None

    @pytest.mark.parametrize(
        ("charset", "encoding"),
        [
            ("iso-8859-1", "cp1252"),
            ("windows-1252", "cp1252"),
            ("utf-8", "cp1252"),
            ("", "utf-8"),
            ("iso-8859-1", "utf-8"),
            ("utf-16", "utf-8"),
            ("utf-8", "utf-16"),
        ],
    )
    def test_encodings(self, tmp_path: Path, charset: str, encoding: str) -> None:
        article = _read(tmp_path, _page(JSON_LD, charset=charset), encoding)
        assert isinstance(article, Article)
        assert PARAGRAPHS[0] in article.text

    @pytest.mark.parametrize("page", ["", "<html></html>", "<p>", "\0" * 50])
    def test_pages_without_an_article(self, tmp_path: Path, page: str) -> None:
        failure = _read(tmp_path, page)
        assert isinstance(failure, Failure)
        assert failure.stage == "ingest"


def test_a_missing_library_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(extras, "import_module", missing)
    failure = _read(tmp_path, _page(JSON_LD))
    assert isinstance(failure, Failure)
    assert "web pages need trafilatura: python -m pip install 'ephemeride[html]'" in failure.error

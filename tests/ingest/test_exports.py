"""Exports of Europresse and Factiva, as pages and as texts."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from pipeline.records import Failure
from tests.ingest.samples import BODY, OTHER, OTHER_BODY, OTHER_TITLE, PARAGRAPHS, TITLE, articles, error, one, read

LEGAL = (
    "Le présent document et ses métadonnées sont protégés par la loi.",
    "© 2024 Le Courrier lointain. Tous droits réservés.",
    "Certificat émis le 20 mars 2024 à une université",
)


def _europresse_article(title: str, paragraphs: tuple[str, ...], *, author: str = "", day: str = "mardi 12 mars 2024") -> str:
    return f"""<article><header><div class="rdp__DocPublicationName">
<span class="DocPublicationName">Le Courrier lointain, no. 24</span></div>
<div class="rdp__DocHeader"><span class="DocHeader">Politique, {day}, p. RN7</span></div>
<div class="titreArticle"><p class="sm-margin-TopNews titreArticleVisu rdp__articletitle">{title}<br></p></div>
{f'<p class="sm-margin-bottomNews">{author}</p>' if author else ""}</header>
<section><div class="DocText clearfix"><div class="docOcurrContainer">{"".join(f"<p>{p}" for p in paragraphs)}
<p><mark>Note(s) :</mark> x</div></div></section>
<footer><div class="publiC-lblNodoc">news·20240312·CL·0123</div><small>© 2024. Tous droits réservés.</small></footer></article>"""


EUROPRESSE_PAGE = f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>Europresse</title></head><body>
<aside>Sommaire</aside>
{_europresse_article(TITLE, PARAGRAPHS, author="Jeanne Morel")}{_europresse_article(OTHER_TITLE, OTHER)}
<article><header><span class="DocPublicationName">Vide</span></header></article></body></html>"""


def _europresse_text(title: str, paragraphs: tuple[str, ...], *, author: str = "") -> str:
    lines = ["Le Courrier lointain", "Politique, mardi 12 mars 2024, p. 7", "", title, "", *([author, ""] if author else [])]
    return "\r\n".join([*lines, *(f"{p}\r\n" for p in paragraphs), *LEGAL, "news·20240312·CL·0123", "", ""])


EUROPRESSE_TEXT = _europresse_text(TITLE, PARAGRAPHS, author="Jeanne Morel et Ali Bensaïd") + _europresse_text(OTHER_TITLE, OTHER)


def _factiva_article(title: str, paragraphs: tuple[str, ...], *, words: str = "54 mots", day: str = "12 mars 2024") -> str:
    body = "".join(f'<p class="articleParagraph frarticleParagraph">{p}</p>' for p in paragraphs)
    return f"""<div class="article frArticle"><div id="hd"><span class='frHeadline'>{title}</span></div>
<div class="author">Par Jeanne Morel</div>
<div>{words}</div><div>{day}</div><div>08:15</div><div>Agence de l’Ouest</div><div>AGOUE</div><div>Français</div>
<div>(c) 2024</div>
{body}<p>Document AGOUE00020240312ek3c0002x</p></div><br>"""


FACTIVA_PAGE = (
    f"<html><body>{_factiva_article(TITLE, PARAGRAPHS)}{_factiva_article(OTHER_TITLE, OTHER, day='12 March 2024')}</body></html>"
)


def _row(code: str, value: str) -> str:
    return f'<tr><td class="index" align="right"><b>{code}</b>&nbsp;</td><td>{value}</td></tr>'


FACTIVA_INDEXED = f"""<html><body><div class="article frArticle"><p>
<table>{_row("HD", f"<b>{TITLE}</b>")}{_row("BY", "Jeanne Morel")}
{_row("WC", "54 mots")}{_row("PD", "12 mars 2024")}{_row("ET", "08:15")}{_row("SN", "Agence de l’Ouest")}{_row("LA", "Français")}
{_row("LP", f"<p>{PARAGRAPHS[0]}</p>")}{_row("TD", "".join(f"<p>{p}</p>" for p in PARAGRAPHS[1:]))}
{_row("AN", "Document AGOUE00020240312ek3c0002x")}
</table></div></body></html>"""


def _factiva_text(title: str, paragraphs: tuple[str, ...]) -> str:
    head = [
        title,
        "",
        "Par Jeanne Morel",
        "1 054 mots",
        "12 mars 2024",
        "08:15",
        "Agence de l’Ouest",
        "AGOUE",
        "Français",
        "(c) 2024 Agence",
    ]
    return "\n".join([*head, "", *(f"{p}\n" for p in paragraphs), "Document AGOUE00020240312ek3c0002x", "", ""])


class TestEuropresse:
    def test_a_page(self, tmp_path: Path) -> None:
        first, second, empty = read(tmp_path, "export.html", EUROPRESSE_PAGE.encode())
        article, other = articles([first, second])
        assert (article.source, article.text) == ("export.html#1", f"{TITLE}\n\n{BODY}")
        assert (article.published, article.published_has_time) == (datetime(2024, 3, 12), False)
        assert (article.author, article.publisher) == ("Jeanne Morel", "Le Courrier lointain")
        assert (other.source, other.text, other.author) == ("export.html#2", f"{OTHER_TITLE}\n\n{OTHER_BODY}", None)
        assert isinstance(empty, Failure)
        assert "without title, date line or text" in empty.error

    def test_a_text_with_a_box_about_the_source(self, tmp_path: Path) -> None:
        box = ["Nom de la source", "Le Courrier lointain", "Type de source", "Presse • Journaux", "Périodicité", "Quotidien"]
        box += ["Couverture géographique", "Régionale", "Provenance", "Rennes, Bretagne, France"]
        header = ["p. 7", "Le Courrier lointain", "Rennes, mardi 12 mars 2024 462 mots, p. 7"]
        also = ["Aussi paru dans", "12 mars 2024 - Le Courrier lointain (site web)"]
        lines = [*box, *header, *also, TITLE, "Jeanne Morel", *PARAGRAPHS, *LEGAL, "news·20240312·CL·0123"]
        (article,) = articles(read(tmp_path, "export.txt", "\n\n".join(lines).encode()))
        assert (article.text, article.published) == (f"{TITLE}\n\n{BODY}", datetime(2024, 3, 12))
        assert (article.author, article.publisher) == ("Jeanne Morel", "Le Courrier lointain")

    def test_a_page_needs_no_extra(self, tmp_path: Path, monkeypatch: object) -> None:
        import sys

        modules = set(sys.modules)
        articles(read(tmp_path, "export.html", EUROPRESSE_PAGE.encode())[:2])
        assert "trafilatura" not in set(sys.modules) - modules

    def test_the_number_tells_the_day_when_the_header_does_not(self, tmp_path: Path) -> None:
        page = _europresse_article(TITLE, PARAGRAPHS, day="Spring 2024")
        assert one(read(tmp_path, "export.html", page.encode())).published == datetime(2024, 3, 12)

    def test_a_text(self, tmp_path: Path) -> None:
        article, other = articles(read(tmp_path, "export.txt", EUROPRESSE_TEXT.encode("cp1252")))
        assert (article.source, article.text) == ("export.txt#1", f"{TITLE}\n\n{BODY}")
        assert (article.published, article.published_source) == (datetime(2024, 3, 12), "front_matter")
        assert (article.author, article.publisher) == ("Jeanne Morel et Ali Bensaïd", "Le Courrier lointain")
        assert (other.source, other.text, other.author) == ("export.txt#2", f"{OTHER_TITLE}\n\n{OTHER_BODY}", None)


class TestFactiva:
    def test_a_page(self, tmp_path: Path) -> None:
        article, other = articles(read(tmp_path, "factiva.htm", FACTIVA_PAGE.encode()))
        assert (article.source, article.text) == ("factiva.htm#1", f"{TITLE}\n\n{BODY}")
        assert (article.published, article.published_has_time) == (datetime(2024, 3, 12, 8, 15), True)
        assert (article.author, article.publisher) == ("Jeanne Morel", "Agence de l’Ouest")
        assert (other.text, other.published) == (f"{OTHER_TITLE}\n\n{OTHER_BODY}", datetime(2024, 3, 12, 8, 15))

    def test_a_page_with_codes(self, tmp_path: Path) -> None:
        article = one(read(tmp_path, "factiva.html", FACTIVA_INDEXED.encode()))
        assert (article.text, article.published) == (f"{TITLE}\n\n{BODY}", datetime(2024, 3, 12, 8, 15))
        assert (article.author, article.publisher) == ("Jeanne Morel", "Agence de l’Ouest")

    def test_a_text(self, tmp_path: Path) -> None:
        data = _factiva_text(TITLE, PARAGRAPHS) + _factiva_text(OTHER_TITLE, OTHER)
        article, other = articles(read(tmp_path, "factiva.txt", data.encode()))
        assert (article.source, article.text) == ("factiva.txt#1", f"{TITLE}\n\n{BODY}")
        assert (article.published, article.publisher) == (datetime(2024, 3, 12, 8, 15), "Agence de l’Ouest")
        assert (other.title, other.text, other.author) == (OTHER_TITLE, f"{OTHER_TITLE}\n\n{OTHER_BODY}", "Jeanne Morel")

    def test_a_text_with_codes(self, tmp_path: Path) -> None:
        lines = [
            f"HD {TITLE}",
            "BY Par Jeanne Morel",
            "WC 54 mots",
            "PD 12 mars 2024",
            "ET 08:15",
            "SN Agence de l’Ouest",
            f"LP {PARAGRAPHS[0]}",
        ]
        data = "\n\n".join([*lines, f"TD {PARAGRAPHS[1]}", PARAGRAPHS[2], "AN Document AGOUE00020240312ek3c0002x"])
        article = one(read(tmp_path, "factiva.txt", data.encode()))
        assert (article.text, article.author, article.published) == (
            f"{TITLE}\n\n{BODY}",
            "Jeanne Morel",
            datetime(2024, 3, 12, 8, 15),
        )


def test_a_text_that_cites_a_number_is_one_article(tmp_path: Path) -> None:
    text = f"{TITLE}\n\n{PARAGRAPHS[0]}\n\nnews·20240312·CL·0123\n\n{PARAGRAPHS[1]}"
    assert one(read(tmp_path, "a.txt", text.encode())).source == "a.txt"


def test_an_article_that_cannot_be_taken_apart(tmp_path: Path) -> None:
    assert "export of Europresse or Factiva" in error(read(tmp_path, "a.txt", "Une ligne\nnews·20240312·CL·0123".encode()))

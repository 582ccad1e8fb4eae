"""The shapes of articles that real folders hold: their regions and what they say about themselves."""

from __future__ import annotations

from datetime import datetime

import pytest

from pipeline.ingest import from_text
from pipeline.records import Article

STORY = "Le conseil municipal a adopté lundi soir le budget de la ville, malgré l’opposition de plusieurs élus."


def _regions(article: Article) -> list[tuple[str, str]]:
    return [(region.kind.value, article.text[region.start : region.end]) for region in article.regions]


def _published(text: str, source: str = "a.txt") -> tuple[str | None, str | None]:
    article = from_text(text, source=source)
    return (f"{article.published:%Y-%m-%d %H:%M}" if article.published else None), article.published_source


class TestCrawlerDump:
    TEXT = f"2024-05-02 07:30:05\n{STORY}\n- un premier point\n#Ville #budget2024 #Élus\n1714991412"

    def test_regions(self) -> None:
        assert _regions(from_text(self.TEXT)) == [
            ("header", "2024-05-02 07:30:05"),
            ("body", f"{STORY}\n- un premier point"),
            ("hashtags", "#Ville #budget2024 #Élus"),
            ("stamp", "1714991412"),
        ]

    def test_metadata(self) -> None:
        article = from_text(self.TEXT)
        assert (article.published, article.published_source) == (datetime(2024, 5, 2, 7, 30, 5), "header")
        assert article.published_has_time
        assert article.collected == datetime(2024, 5, 6, 10, 30, 12)
        assert article.tags == ("Ville", "budget2024", "Élus")
        assert article.title is None

    def test_a_short_first_line_is_the_title(self) -> None:
        article = from_text(f"2024-05-02 07:30:05\nBudget : la majorité passe en force\n{STORY}\n1714991412")
        assert article.title == "Budget : la majorité passe en force"

    def test_a_number_in_the_last_line_that_is_no_time_is_body(self) -> None:
        assert from_text(f"{STORY}\n0123456789").collected is None

    def test_the_stamp_is_never_the_date_of_publication(self) -> None:
        assert from_text(f"{STORY}\n1714991412").published is None


class TestWikinews:
    @pytest.mark.parametrize(
        ("dateline", "published"),
        [
            ("10 janvier 2016 . –", "2016-01-10 00:00"),
            ("1er mars 2016 . –", "2016-03-01 00:00"),
            ("7 janvier 2016, 11\u202fh\u202f40 UTC . –", "2016-01-07 11:40"),
            ("31 mars 2016, 15:37 (UTC) . –", "2016-03-31 15:37"),
            ("12 mars 2016, Montpellier . –", "2016-03-12 00:00"),
            ("1er janvier 2017, 1 h 30 UTC+3 . –", "2017-01-01 01:30"),
        ],
    )
    @pytest.mark.parametrize("gap", ["\n", " "])
    def test_dateline(self, dateline: str, published: str, gap: str) -> None:
        text = f"Rennes : le budget est adopté\n\n{dateline}{gap}{STORY}"
        assert _regions(from_text(text)) == [("title", "Rennes : le budget est adopté"), ("dateline", dateline), ("body", STORY)]
        assert _published(text) == (published, "dateline")

    def test_a_caption_between_title_and_dateline_is_body(self) -> None:
        text = f"Le budget est adopté\n\nL’hôtel de ville en 2015.\n\n10 janvier 2016 . –\n{STORY}"
        assert [kind for kind, _ in _regions(from_text(text))] == ["title", "body", "dateline", "body"]

    def test_the_date_of_a_change_is_not_the_date_of_publication(self) -> None:
        text = f"Le budget est adopté\n\nPage actualisée : 23 mars 2016 — « Un recours »\n\n22 mars 2016 . –\n{STORY}"
        assert _published(text, "2016_03_23-001.txt") == ("2016-03-22 00:00", "dateline")

    def test_a_chronology_is_no_dateline(self) -> None:
        text = f"Chronologie d’un conflit social\n\n10 janvier 2016 – {STORY}\n12 février 2016 – {STORY}"
        assert _published(text) == (None, None)

    def test_a_sentence_that_begins_with_a_date_is_no_dateline(self) -> None:
        assert _published(f"Un anniversaire\n\n10 janvier 2016 restera une date noire – {STORY}") == (None, None)


class TestAgency:
    @pytest.mark.parametrize(
        "dateline",
        [
            "PARIS, 3 mars 2024 (AFP) -",
            "Paris, le 3 mars 2024 (Reuters) –",
            "BEYROUTH (Liban), 3 mars 2024 (AFP) -",
            "NEW YORK (Nations unies), dimanche 3 mars 2024 (AFP) -",
            "LYON, 3 mars 2024 —",
        ],
    )
    def test_a_dateline_with_its_year(self, dateline: str) -> None:
        assert _regions(from_text(f"Le budget est adopté\n\n{dateline} {STORY}"))[1:] == [("dateline", dateline), ("body", STORY)]
        assert _published(f"{dateline} {STORY}") == ("2024-03-03 00:00", "dateline")

    @pytest.mark.parametrize(
        ("source", "published"),
        [
            ("20240304-depeche.txt", "2024-03-03 00:00"),
            ("2024/03/04/depeche.txt", "2024-03-03 00:00"),
            ("2024/03/depeche.txt", "2024-03-03 00:00"),
            ("2024/depeche.txt", "2024-03-03 00:00"),
        ],
    )
    def test_the_path_tells_a_missing_year(self, source: str, published: str) -> None:
        assert _published(f"PARIS, 3 mars (AFP) - {STORY}", source) == (published, "dateline")

    def test_the_turn_of_the_year(self) -> None:
        assert _published(f"PARIS, 31 déc. (AFP) - {STORY}", "2024-01-01.txt") == ("2023-12-31 00:00", "dateline")

    def test_a_year_is_never_guessed(self) -> None:
        article = from_text(f"PARIS, 3 mars (AFP) - {STORY}")
        assert _regions(article)[0] == ("dateline", "PARIS, 3 mars (AFP) -")
        assert article.published is None

    def test_an_agency_without_a_date(self) -> None:
        assert _regions(from_text(f"(AFP) - {STORY}"))[0] == ("dateline", "(AFP) -")
        assert _regions(from_text(f"BRUXELLES (Belga) – {STORY}"))[0] == ("dateline", "BRUXELLES (Belga) –")

    def test_a_parenthesis_in_a_sentence_is_no_dateline(self) -> None:
        assert _regions(from_text("Le chef de l’ONU (Genève) - très critiqué - a démissionné lundi."))[0][0] == "body"


class TestHeaderLines:
    @pytest.mark.parametrize(
        ("line", "published", "source"),
        [
            ("Publié le 12/03/2024 à 08h15", "2024-03-12 08:15", "header"),
            ("Publié le mardi 12 mars 2024 à 8 h 15", "2024-03-12 08:15", "header"),
            ("Publié le 12 mars 2024 à 8h15, mis à jour le 13 mars 2024 à 10h", "2024-03-12 08:15", "header"),
            ("Mis à jour le 13/03/2024 à 10h, publié le 12/03/2024", "2024-03-12 00:00", "header"),
            ("Article mis en ligne le 12 mars 2024 par Jeanne Morel", "2024-03-12 00:00", "header"),
            ("Publié le 12/03/2024 à 08:15 | Lecture 3 min", "2024-03-12 08:15", "header"),
            ("Mardi 12 mars 2024", "2024-03-12 00:00", "header"),
            ("Par Jeanne Morel, le 12 mars 2024", "2024-03-12 00:00", "byline"),
            ("Jeanne Morel | 12 mars 2024 à 8h15", "2024-03-12 08:15", "byline"),
            ("Mis à jour le 13/03/2024 à 10h", None, None),
            ("Publié aujourd’hui à 8h15", None, None),
            ("Publié le 31/02/2024", None, None),
        ],
    )
    def test_dates(self, line: str, published: str | None, source: str | None) -> None:
        for text in (f"Le budget est adopté\n\n{line}\n\n{STORY}", f"{line}\n\nLe budget est adopté\n\n{STORY}"):
            assert _published(text) == (published, source)
            assert sorted(kind for kind, _ in _regions(from_text(text))) == ["body", "header", "title"]

    @pytest.mark.parametrize(
        ("line", "author"),
        [
            ("Par Jeanne Morel", "Jeanne Morel"),
            ("Par Jeanne Morel et Ali Bensaïd, à Lyon", "Jeanne Morel et Ali Bensaïd"),
            ("Par Jean-Noël de La Tour (avec AFP)", "Jean-Noël de La Tour avec AFP"),
            ("De notre envoyée spéciale à Kiev, Jeanne Morel", "Jeanne Morel"),
            ("Publié le 12/03/2024 par Jeanne Morel", "Jeanne Morel"),
        ],
    )
    def test_authors(self, line: str, author: str) -> None:
        assert from_text(f"Le budget est adopté\n{line}\n\n{STORY}").author == author

    @pytest.mark.parametrize(
        "line",
        [
            "Publié le 12 mars 2024, ce rapport dénonce des dérives.",
            "Par ailleurs, le maire a démissionné",
            "Publication : le Monde change de mains",
            "Le 12 mars 2024, tout a changé",
            "Par Jupiter, quelle histoire !",
        ],
    )
    def test_prose_is_no_header(self, line: str) -> None:
        assert "header" not in dict(_regions(from_text(f"{line}\n\n{STORY}")))

    def test_a_date_that_could_be_read_in_two_ways_is_not_read(self) -> None:
        assert _published(f"Publié le 03/14/2024\n\n{STORY}") == (None, None)


class TestFrontMatter:
    TEXT = (
        '---\ntitle: "Budget : la ville emprunte"\ndate: 2024-03-12T08:15:00+01:00\nauthor: Jeanne Morel\n'
        f"url: https://exemple.fr/budget\ntags: [Rennes, budget]\nlastmod: 2024-04-01\n---\n\n{STORY}\n"
    )

    def test_regions(self) -> None:
        regions = _regions(from_text(self.TEXT))
        assert [kind for kind, _ in regions] == ["header", "title", "header", "body"]
        assert regions[1][1] == "Budget : la ville emprunte"

    def test_metadata(self) -> None:
        article = from_text(self.TEXT)
        assert article.title == "Budget : la ville emprunte"
        assert (article.published, article.published_source) == (datetime(2024, 3, 12, 8, 15), "front_matter")
        assert (article.author, article.url) == ("Jeanne Morel", "https://exemple.fr/budget")
        assert article.tags == ("Rennes", "budget")

    def test_the_heading_that_repeats_the_title_is_the_title(self) -> None:
        article = from_text(self.TEXT.replace(STORY, f"# Budget : la ville emprunte\n\n{STORY}"))
        assert [kind for kind, _ in _regions(article)] == ["header", "header", "title", "body"]

    def test_lists_with_dashes_and_french_names(self) -> None:
        article = from_text(
            f"---\nTitre : Budget\nmots-clés:\n  - Rennes\n  - 'emprunts'\nDate de publication: 12 mars 2024\n---\n{STORY}"
        )
        assert article.tags == ("Rennes", "emprunts")
        assert article.published == datetime(2024, 3, 12)

    def test_bare_fields(self) -> None:
        article = from_text(f"Titre : Un budget voté\nDate : 12/03/2024\nAuteur : Jeanne Morel\n\n{STORY}")
        assert (article.title, article.author) == ("Un budget voté", "Jeanne Morel")
        assert (article.published, article.published_source) == (datetime(2024, 3, 12), "front_matter")

    def test_two_rules_are_no_front_matter(self) -> None:
        assert [kind for kind, _ in _regions(from_text(f"---\n{STORY}\n---\n{STORY}"))] == ["body"]

    def test_an_open_block_is_body(self) -> None:
        assert from_text(f"---\ntitle: a\n\n{STORY}").title != "a"


class TestPath:
    @pytest.mark.parametrize(
        ("source", "published", "by"),
        [
            ("2016_01_10-002.txt", "2016-01-10 00:00", "filename"),
            ("20240312-budget.txt", "2024-03-12 00:00", "filename"),
            ("budget-2024-03-12.md", "2024-03-12 00:00", "filename"),
            ("12-03-2024.txt", "2024-03-12 00:00", "filename"),
            ("20240312T081500Z.txt", "2024-03-12 08:15", "filename"),
            ("2024-03-12T08-15.txt", "2024-03-12 08:15", "filename"),
            ("2024/03/12/x.txt", "2024-03-12 00:00", "path"),
            ("presse/2024-03-12/x.txt", "2024-03-12 00:00", "path"),
            ("dump_20240312/x.txt", "2024-03-12 00:00", "path"),
            ("n20240312.txt", None, None),  # a letter glued to eight digits: as well a number
            ("2024/03/x.txt", None, None),
            ("2024-03-12_2024-03-14.txt", None, None),
            ("20241399.txt", None, None),
            ("000_ec26acdefa20240312.txt", None, None),
            ("2024-02-30.txt", None, None),
        ],
    )
    def test_dates(self, source: str, published: str | None, by: str | None) -> None:
        assert _published(STORY, source) == (published, by)


def test_the_better_clue_wins() -> None:
    front = "---\ndate: 2024-03-01\n---\n"
    header, dateline, byline = "Publié le 02/03/2024\n", "PARIS, 3 mars 2024 (AFP) -\n", "Par Jeanne Morel, le 4 mars 2024\n"
    clues = [(front, "front_matter"), (header, "header"), (dateline, "dateline"), (byline, "byline")]
    source = "2024/03/06/20240305-x.txt"
    for i, (_, name) in enumerate(clues):
        text = "".join(clue for clue, _ in (clues[i:] if i < 2 else [*clues[3:], *clues[2:3]] if i == 2 else clues[3:])) + STORY
        assert _published(text, source) == (f"2024-03-0{i + 1} 00:00", name)
    assert _published(STORY, source) == ("2024-03-05 00:00", "filename")
    assert _published(STORY, "2024/03/06/x.txt") == ("2024-03-06 00:00", "path")
    assert _published(STORY) == (None, None)


class TestTitle:
    @pytest.mark.parametrize(
        "text",
        [
            f"Rennes vote son budget\n\n{STORY}",
            f"Rennes vote son budget\n{STORY}",
            f"# Rennes vote son budget\n\n{STORY}",
            f"Rennes vote son budget\n======\n\n{STORY}",
            f"POLITIQUE\n\nRennes vote son budget\n\n{STORY}",
            f"\n\n  Rennes vote son budget  \r\n\r\n{STORY}",
        ],
    )
    def test_found(self, text: str) -> None:
        article = from_text(text)
        assert article.title == "Rennes vote son budget"
        assert ("title", "Rennes vote son budget") in _regions(article)

    @pytest.mark.parametrize(
        "text",
        [
            STORY,
            f"{STORY}\n\n{STORY}",
            f"- un point\n\n{STORY}",
            f"Il est mort.\n\n{STORY}",
            f"Les faits :\n\n{STORY}",
            "Rennes vote son budget",
            "Un vers court\nun autre encore\nun troisième",
        ],
    )
    def test_not_found(self, text: str) -> None:
        assert from_text(text).title is None

    def test_questions_and_dots_may_end_it(self) -> None:
        assert from_text(f"À qui profite le budget ?\n\n{STORY}").title == "À qui profite le budget ?"
        assert from_text(f"Et maintenant...\n\n{STORY}").title == "Et maintenant..."


def test_a_given_date_overrides_the_text() -> None:
    article = from_text(f"PARIS, 3 mars 2024 (AFP) - {STORY}", published=datetime(2020, 1, 1))
    assert (article.published, article.published_source, article.published_has_time) == (datetime(2020, 1, 1), None, False)


class TestFurniture:
    """The headline is not always the first line."""

    TITLE = "Brignolles : le tramway ira jusqu’à la gare"

    @pytest.mark.parametrize(
        "over",
        [
            "Suisse",
            "PREV",
            "Var-transports-tramway",
            "FRA / AFP-QX12",
            "Syrie - Turquie",
            "Europe / Côte d'Azur",
            "TRANSPORTS",
            "LE COURRIER DU CENTRE",
            "LA BATAILLE DU RAIL",
            "Culture & Médias | Musique",
            "Accueil • Var • Brignolles • Transports",
            "Cours  -  Analyses  -  Forum  -  Historique",
            "Se connecter | S’abonner | Rechercher",
            "[texte numérisé]",
            "COMMUNIQUÉ DE PRESSE N° 12",
            "PRÉFET DU VAR\nCabinet - Service de la communication",
            "Temps de lecture estimé : 4 mn",
            "272 mots, p. 3",
            "1 of 38 DOCUMENTS",
            "N° 2534 – semaine du 12 au 18 mai 2011",
            "> mars 2004, pages 14 et 15",
            "INT POL - BIN042 4 DIV 0191 F",
            "Environnement/Prov. Luxembourg/",
            "Imprimé depuis www.gazette.example",
            "Inscrit le : 14 Nov 2008",
            "MINISTÈRE DE LA CULTURE ET DES ARTS",
            "Service des relations publiques",
            "Gazette du Var\nMenu  Rechercher  S’abonner",
            "Forum > Actualités > Revue de presse > Brignolles : le tramway",
            "window.config = {key: 1};",
        ],
    )
    def test_lines_over_it(self, over: str) -> None:
        article = from_text(f"{over}\n{self.TITLE}\n\n{STORY}\n\n{STORY}")
        assert article.title == self.TITLE
        assert _regions(article)[-2:] == [("title", self.TITLE), ("body", f"{STORY}\n\n{STORY}")]
        assert {kind for kind, _ in _regions(article)[:-2]} == {"header"}

    @pytest.mark.parametrize("under", ["Partager | Imprimer", "Par notre service politique", "(Actualisé)", "====="])
    def test_lines_under_it(self, under: str) -> None:
        article = from_text(f"{self.TITLE}\n{under}\n\n{STORY}\n\n{STORY}")
        assert _regions(article)[:2] == [("title", self.TITLE), ("header", under)]

    @pytest.mark.parametrize(
        "title",
        [
            "Nice : le tramway déraille",
            "LE TRAMWAY DÉRAILLE À NICE",
            "LE BUS A MIS LE CAP AU SUD",
            "Le tramway - un siècle",
            "Foot - Nice gagne encore",
        ],
    )
    def test_the_first_line(self, title: str) -> None:
        assert from_text(f"{title}\n\n{STORY}\n\n{STORY}").title == title
        assert from_text(f"{title}\n\nLe chantier durera deux ans\n\n{STORY}\n\n{STORY}").title == title

    def test_a_press_database_names_it(self) -> None:
        text = f"Document 14 sur 62\nSOURCE : La Gazette\nTITRE : {self.TITLE}\nAUTEUR : J. M.\n\n{STORY}\n\n{STORY}"
        assert from_text(text).title == self.TITLE
        assert _regions(from_text(text))[-2:] == [("header", "AUTEUR : J. M."), ("body", f"{STORY}\n\n{STORY}")]

    def test_a_headline_in_two_lines(self) -> None:
        text = f"BRIGNOLLES\n\nLe tramway ira\n   jusqu’à la gare\n\n{STORY}\n\n{STORY}"
        assert from_text(text).title == "Le tramway ira jusqu’à la gare"
        assert _regions(from_text(text))[:2] == [("header", "BRIGNOLLES"), ("title", "Le tramway ira\n   jusqu’à la gare")]

    def test_a_mail_names_it(self) -> None:
        head = f"From: La Matinale <lettre@matinale.example>\nTo: abonnes@matinale.example\nSubject: {self.TITLE}"
        assert from_text(f"{head}\n\n{STORY}\n\n{STORY}").title == self.TITLE

    def test_a_list_under_it_is_the_story(self) -> None:
        text = f"{self.TITLE}\n\n• Ouverture d’une ligne\n• Deux ans de chantier\n\n{STORY}\n\n{STORY}"
        assert [kind for kind, _ in _regions(from_text(text))] == ["title", "body"]

"""Where a plain text says when it was published, and where it only mentions a date."""

from __future__ import annotations

import pytest

from pipeline.ingest import from_text
from pipeline.records import Article

TITLE = "Le tramway de Brignolles sera prolongé jusqu’à la gare"
STORY = "Le conseil de l’agglomération a voté lundi soir le prolongement de la ligne, pour un coût de 82 millions d’euros."
MORE = (
    "Les travaux doivent commencer au printemps, selon le vice-président chargé des mobilités, qui promet deux ans de chantier."
)

HEADERS = [
    # a date alone, in all its forms
    ("11.12.23", "2023-12-11"),
    ("11/12/23", "2023-12-11"),
    ("1/7/98", "1998-07-01"),
    ("03.04.2013", "2013-04-03"),
    ("2019-03-03", "2019-03-03"),
    ("2019-03-03T18:04:00+01:00", "2019-03-03 18:04"),
    ("le mercredi 8 mars 2023", "2023-03-08"),
    ("Le 1er juill. 2019", "2019-07-01"),
    ("SAMEDI 3 AOÛT 2019", "2019-08-03"),
    ("Dim. 3 févr. 2019 à 18h", "2019-02-03 18:00"),
    ("dimanche 3 mars 2019, 12 h 10", "2019-03-03 12:10"),
    ("3 mars 2019 | 18h31", "2019-03-03 18:31"),
    # a rubric beside it
    ("12/04/2021 - 13:45 | ENVIRONNEMENT", "2021-04-12 13:45"),
    ("POLITIQUE - 10/06/2024", "2024-06-10"),
    ("Politique – 10 juin 2024", "2024-06-10"),
    ("Faits divers • 3 mars 2019 à 7h05", "2019-03-03 07:05"),
    ("Jeudi 5 décembre 2024, 12 h 10 | Institutions", "2024-12-05 12:10"),
    ("Monde > Afrique | 3 mars 2019", "2019-03-03"),
    ("Santé / Social, le 3 mars 2019", "2019-03-03"),
    ("Présidentielle 2022 · 11 avril 2022", "2022-04-11"),
    ("ÉCONOMIE | Transports | 03/03/2019 | 18:04", "2019-03-03 18:04"),
    ("Rubrique : Société - 3 mars 2019", "2019-03-03"),
    ("Sport, samedi 2 mars 2019, 3 min de lecture", "2019-03-02"),
    # a place, a label
    ("BRUXELLES - Publié le mercredi 8 mars 2023 à 18h04", "2023-03-08 18:04"),
    ("Brignolles | Mis en ligne le 8 mars 2023", "2023-03-08"),
    ("Publié le 08.03.23 à 18h04", "2023-03-08 18:04"),
    ("Publié : 8 mars 2023", "2023-03-08"),
    ("Publié le 8 mars 2023 à 18h04 - Modifié le 9 mars 2023 à 7h", "2023-03-08 18:04"),
    ("Actualisé le 9 mars 2023, 07:00 | Publié le 8 mars 2023, 18:04", "2023-03-08 18:04"),
    ("SOCIÉTÉ - Publié le 8 mars 2023, mis à jour le 9 mars 2023", "2023-03-08"),
    ("SOCIÉTÉ - Publié le 8 mars 2023 à 18h04, mis à jour à 19h30", "2023-03-08 18:04"),
    ("Article publié le 8 mars 2023 | Réservé aux abonnés", "2023-03-08"),
    ("Temps de lecture : 4 minutes - Publié le 8 mars 2023 - 12 commentaires", "2023-03-08"),
    # a paper, its issue and page
    ("Le Courrier du Centre, n° 12 345, 3 mars 2019, p. 4", "2019-03-03"),
    ("La Gazette de Brignolles - Édition du 3 mars 2019 - page 12", "2019-03-03"),
    ("Le Monde du 3 mars 2019", "2019-03-03"),
    ("Ouest-France, édition de Rennes, dimanche 3 mars 2019, pp. 2-3", "2019-03-03"),
    ("N° 8214 du 3 mars 2019", "2019-03-03"),
    ("Numéro 412, vendredi 1er mars 2019", "2019-03-01"),
    ("lagazette.fr | 3 mars 2019", "2019-03-03"),
    ("Paru dans Le Progrès du 3 mars 2019", "2019-03-03"),
    ("Le Soir, jeudi 3 mars 2016, page 12, édition Bruxelles", "2016-03-03"),
    ("Les Échos, no. 22900 - Entreprises, jeudi 7 mars 2019, p. 19", "2019-03-07"),
    ("France 24 - 3 mars 2019 - 18:04", "2019-03-03 18:04"),
    ("Ouest-France Jeanne MOREL Publié le 03/03/2019 à 18h04", "2019-03-03 18:04"),
    ("COMMUNIQUÉ DE PRESSE - Paris, le 3 mars 2019", "2019-03-03"),
]
# Nothing in them need be known: the date is a piece of its own, the rest is short and no sentence.
UNKNOWN = [
    ("Date de parution : 08.03.2023    Auteur : pms    Rubrique : Vie locale", "2023-03-08"),
    ("Parution: 8 mars 2023  |  Auteur: J. M.  |  Cahier: Régions", "2023-03-08"),
    # the date in brackets or between dashes
    ("[8 mars 2023]", "2023-03-08"),
    ("(8 mars 2023)", "2023-03-08"),
    ("— 8 mars 2023 —", "2023-03-08"),
    # in figures, or at a minute at which nothing begins
    ("Vu du prétoire, mercredi 08/03/2023 16 h 52", "2023-03-08 16:52"),
    ("Chronique judiciaire - 08/03/2023", "2023-03-08"),
    ("© La Gazette - 08/03/2023", "2023-03-08"),
    ("Envoyé spécial permanent - 08.03.2023", "2023-03-08"),
    ("Carrefour des idées – mercredi 8 mars 2023 – 07:12", "2023-03-08 07:12"),
    # between bars, tabs, several spaces
    ("Mots de la fin | 8 mars 2023", "2023-03-08"),
    ("mercredi 8 mars 2023 | Vallée de la Drôme | Agriculture de montagne", "2023-03-08"),
    ("Vie de quartier\t8 mars 2023", "2023-03-08"),
    ("Pays de Gex   mercredi8 mars 2023", "2023-03-08"),
    # beside a word of the trade
    ("La newsletter Champs & Villes #27 / mercredi 8 mars 2023 / lecture : 2 min", "2023-03-08"),
    ("Jeanne Morel, reporter - 8 mars 2023", "2023-03-08"),
    ("Par Jeanne Morel, journaliste, 8 mars 2023", "2023-03-08"),
    ("Billet d’humeur, 8 mars 2023", "2023-03-08"),
    ("Source : Le Messager, 8 mars 2023", "2023-03-08"),
    ("Hebdo n° 512, semaine 10, 8 mars 2023", "2023-03-08"),
    # a paper's name without a mark between
    ("8 mars 2023 Le Messager", "2023-03-08"),
    ("L’Écho des Alpes 8 mars 2023", "2023-03-08"),
    # by somebody
    ("Posté par Jeannot le 08-03-2023", "2023-03-08"),
    ("Mis en ligne par admin le 8 mars 2023", "2023-03-08"),
    ("Rédigé le 08/03/2023 à 10h", "2023-03-08 10:00"),
    ("Créé le mercredi 8 mars 2023", "2023-03-08"),
    ("Paru le : 08/03/2023", "2023-03-08"),
    # an edition in capitals without accents
    ("ARTICLE PARU DANS L'EDITION DU 08.03.23", "2023-03-08"),
    ("Edition du mercredi 8 mars 2023", "2023-03-08"),
    ("Paru dans le numéro 412 du 8 mars 2023", "2023-03-08"),
    # as English machinery writes it
    ("March 8, 2023", "2023-03-08"),
    ("Wednesday, March 8th, 2023", "2023-03-08"),
    ("Wed, 08 Mar 2023 18:04:00 +0100", "2023-03-08 18:04"),
    ("8 February 2023", "2023-02-08"),
]
BYLINES = [
    ("Par J. M., le 3 mars 2019 à 12:10, modifié à 14:30", "2019-03-03 12:10"),
    ("10 janvier 2012, par la rédaction télécoms", "2012-01-10"),
    ("Par notre service police-justice - 18 décembre 2024, 15 h 10", "2024-12-18 15:10"),
    ("Par la rédaction (avec AFP) | 3 mars 2019 à 18h04", "2019-03-03 18:04"),
    ("Par Jeanne Morel, à Brignolles - 3 mars 2019", "2019-03-03"),
    ("Par J. M. - 3 mars 2019", "2019-03-03"),
    ("De notre correspondante à Dakar | 3 mars 2019", "2019-03-03"),
    ("Propos recueillis par Jeanne Morel, 3 mars 2019", "2019-03-03"),
    ("Service politique, 3 mars 2019", "2019-03-03"),
    ("La rédaction, le 3 mars 2019 à 12:10", "2019-03-03 12:10"),
    ("AFP, 3 mars 2019", "2019-03-03"),
    ("3 mars 2019 (avec agences)", "2019-03-03"),
    ("Jeanne Morel • 3 mars 2019 • 18h04", "2019-03-03 18:04"),
    ("Jeanne Morel, envoyée spéciale à Kiev - 3 mars 2019", "2019-03-03"),
    ("Le Figaro avec AFP, 3 mars 2019 à 14h10", "2019-03-03 14:10"),
    ("TOULON, bureau régional, le 4 mai 2001", "2001-05-04"),
]
DATELINES = [
    ("PARIS, 17 avril 2023 (agence) -", "2023-04-17"),
    ("DOHA, 18 déc 2022 (agence) -", "2022-12-18"),
    ("LE CAIRE, 11 février 2011 (dépêche) –", "2011-02-11"),
    ("Genève, le 3 mars 2019 (avec agences) —", "2019-03-03"),
    ("TUNIS, 3/3/2019 (TAP) -", "2019-03-03"),
    ("(AFP) Lyon, dimanche 3 mars 2019 –", "2019-03-03"),
    ("PARIS (Reuters), 3 mars 2019 -", "2019-03-03"),
    ("Dakar, 3 mars 2019 (APS)-", "2019-03-03"),
    ("PARIS/BERLIN, 3 mars 2019 à 18h04 (AFP) -", "2019-03-03 18:04"),
    ("ALGER - 3 mars 2019 (de notre correspondant) -", "2019-03-03"),
    ("BAMAKO, 3 MARS 2019 -", "2019-03-03"),
    ("Montréal (Québec), 3 mars 2019 (La Presse Canadienne) —", "2019-03-03"),
    ("BRIGNOLLES, 1er mars 2019 (correspondance) :", "2019-03-01"),
    ("BEYROUTH, 20 octobre 2002.", "2002-10-20"),
    ("VIERZON (Cher), 13 juin 2005.", "2005-06-13"),
    ("QUITO (agence), 16 août 2012.", "2012-08-16"),
    ("28.05.2009 —", "2009-05-28"),
]
DATELINES_ALONE = [
    ("BEYROUTH, 27 novembre 2024 (correspondance)", "2024-11-27"),
    ("Berne / Zurich, lundi 20 mars 2023", "2023-03-20"),
    ("LES SABLES-D'OLONNE, lundi 12 février 2001.", "2001-02-12"),
    ("Mbandaka (République démocratique du Congo), 23 mars 2009.", "2009-03-23"),
    ("PAMIERS (Ariège) - Mardi 23 janvier 2024", "2024-01-23"),
    ("BRIGNOLLES | 23/01/2024 | 18:04", "2024-01-23 18:04"),
    ("Saint-Denis de la Réunion, le 3 mars 2019", "2019-03-03"),
    ("Paris et Londres, 3 mars 2019", "2019-03-03"),
    ("SUISSE   dimanche3 mars 2019", "2019-03-03"),
    ("BRIGNOLLES Lundi 6 mars 2023", "2023-03-06"),
    ("Brignolles. Lundi 6 mars 2023.", "2023-03-06"),
    ("Brignolles/Toulon. Lundi 6 mars 2023", "2023-03-06"),
    ("Boulogne sur Mer. 6 mars 2023", "2023-03-06"),
    ("BRIGNOLLES. Lundi 6 mars 2023.", "2023-03-06"),
]
# They count where the story counts its days from that on which it appeared: STORY has "lundi soir".
DATELINES_BEFORE_RECENT_NEWS = [
    "Brignolles, le 6 mars 2023.",
    "Brignolles (Var), le lundi 6 mars 2023.",
    "Brignolles/Toulon, le 6 mars 2023, 18 h 04.",
    "Brignolles. Lundi 6 mars 2023.",
    "(Brignolles, lundi 6 mars 2023.)",
    "(Brignolles, 6 mars 2023)",
    "Lundi 6 mars 2023.",
    "Le 6 mars 2023.",
    "6 mars 2023.",
]
SIGNATURES = [
    ("Jean Dupont, 3 mars 2019", "2019-03-03"),
    ("(AFP) 03/03/2019", "2019-03-03"),
    ("Par Jeanne Morel, le 3 mars 2019", "2019-03-03"),
    ("Jeanne Morel (avec AFP) - 3 mars 2019", "2019-03-03"),
    ("J. M., 3 mars 2019", "2019-03-03"),
    ("AFP, le 3 mars 2019 à 18h04", "2019-03-03 18:04"),
    ("La rédaction, 3 mars 2019", "2019-03-03"),
    ("Publié le 3 mars 2019", "2019-03-03"),
]
NO_HEADERS = [
    # headlines and sentences that mention a date
    "Le 3 mars 2019, une date à retenir",
    "3 mars 2019, une date à retenir",
    "Attentats du 13 novembre 2015 : dix ans après",
    "13 novembre 2015 : le récit d’une nuit",
    "Samedi 14 janvier 2017, l’équipe a gagné",
    "Attentat de Nice, 14 juillet 2016",
    "Mort de Jacques Chirac - 26 septembre 2019",
    "GRÈVE SNCF - 10/06/2024",
    "LE MAIRE DÉMISSIONNE - 10/06/2024",
    "Conseil municipal du 3 mars 2019",
    "Séance du 3 mars 2019",
    "Loi du 9 décembre 1905, article 2",
    "Retraites : le texte voté le 3 mars 2019",
    "Il est né le 3 mars 2019",
    "Service minimum dans les transports - 3 mars 2019",
    "Bureau de vote fermé, 3 mars 2019",
    "Édition limitée pour Noël, 3 décembre 2019",
    "Du 3 mars 2019 au 5 mars 2019",
    "Le tramway, 3 mars 2019",
    "Grève à la poste - 3 mars 2019",
    "Bataille de Verdun, 21 février 1916",
    "Le Débarquement, 6 juin 1944",
    "Municipales - 15 mars 2020",
    "13 novembre 2015 - Bataclan",
    "11 septembre 2001, New York",
    "Né le 3 mars 2019",
    "Fermé le 3 mars 2019",
    "Depuis le 3 mars 2019",
    "Loi n° 2019-123 du 3 mars 2019",
    "Directive 2019/790 du 17 avril 2019",
    "Journal télévisé du 3 mars 2019",
    "PSG - OM, 3 mars 2019",
    "Emmanuel Macron à l’Elysée, le 3 mars 2019",
    "Tweet de Donald Trump, 3 mars 2019",
    # other dates
    "Mis à jour le 18 juillet 2022 à 21h30",
    "POLITIQUE - Mis à jour le 10/06/2024",
    "Brignolles | Modifié le 10 juin 2024 à 12h10",
    "Copyright 2019",
    "© La Gazette, 3 mars 2019",
    "Copyright La Gazette - 3 mars 2019",
    "Photo : Jeanne Morel, 3 mars 2019",
    "Crédit photo Jeanne Morel | 3 mars 2019",
    "Archives, 3 mars 2019",
    "Date limite : 3 mars 2019",
    "Prochaine date 3 mars 2019",
    "Clôture | Date 3 mars 2019",
    "T | 3 mars 2019",
    "Inscriptions jusqu’au 3 mars 2019",
    "Page consultée le 3 mars 2019",
    "À lire aussi : Le tramway à l’arrêt (3 mars 2019)",
    # programmes
    "Concert, vendredi 3 mars 2023 à 20h30",
    "Loto - dimanche 12 mars 2023 à 14h",
    "Réunion publique, samedi 12 mars 2022, 20 h 30",
    "Salle des fêtes, samedi 12 mars 2022",
    "Rendez-vous samedi 12 mars 2022",
    "Samedi 12 mars 2022, 20h30 | Salle Pleyel",
    "Samedi 12 mars 2022 à 20h30 - Olympia",
    "Stade de France, samedi 3 mars 2019, 21 h",
    "Bourse aux jouets, dimanche 3 mars 2019",
    # no such day, no full date, another number
    "POLITIQUE - 31/02/2024",
    "POLITIQUE - 10/14/24",
    "POLITIQUE - 10 juin",
    "Version 1.2.10",
    "POLITIQUE - 10/06",
]
NO_UNKNOWN = [
    "Festival : le programme du 8 mars 2023    Ce soir : un concert de jazz et une lecture pour les enfants",
    # a week, a month, a span
    "Semaine du 6 au 12 mars 2023",
    "mars 2023",
    "Du 6 au 12 mars 2023",
    "À partir du 8 mars 2023",
    "Depuis le 8 mars 2023 | Brignolles",
    "March 2023",
    "Nuit du 8 mars 2023",
    # captions and headlines
    "Des pompiers devant l’immeuble, le 8 mars 2023",
    "Une manifestante à Brignolles (8 mars 2023)",
    "L’usine de la vallée | 8 mars 2023 | Photo Jeanne Morel",
    "Photo d’archives - 08/03/2023",
    "Illustration (8 mars 2023)",
    "Le président à Verdun, 8 mars 2023",
    "Le maire démissionne - 08/03/2023",
    "Il quitte la mairie | 8 mars 2023",
    "Ils quitteront la ville - 08/03/2023",
    "Élections européennes – 26 mai 2019",
    "Marche pour le climat | 8 mars 2023",
    "Catastrophe de Tchernobyl - 26/04/1986",
    "Nouveau départ pour la piscine - 8 mars 2023",
    "Procès France Télécom, 8 mars 2023",
    "Journée mondiale de la presse - 3 mai 2019",
    "Rapport rendu le 8 mars 2023",
    "Suspect : Jeanne Morel | 8 mars 2023",
    # other dates
    "Validité : 8 mars 2023",
    "Date de naissance : 8 mars 2023",
    "Entrée en vigueur : 8 mars 2023",
    "Sortie en salles : 8 mars 2023",
    "Prochain numéro : 8 mars 2023",
    "Clôture des inscriptions - 08/03/2023",
    "Bénévoles recherchés - 08/03/2023 - 14h",
    "Conférence de presse - 08/03/2023",
    "Dernière modification le 08/03/2023",
    "Posté par Jeannot, modifié le 08/03/2023",
    "Page consultée par Jeannot le 08/03/2023",
    "[31 février 2023]",
    "February 30, 2023",
]
NO_SIGNATURES = [
    "Stade Vélodrome, dimanche 3 mars 2019",
    "Zénith de Paris, 3 mars 2019",
    "World Trade Center, 11 septembre 2001",
    "11 septembre 2001, New York",
    "Mercredi 3 avril 2019 - La Rochelle",
    "Le Courrier, 3 mars 2019",
    "Source : AFP, 3 mars 2019",
    "Copyright AFP, 3 mars 2019",
    "POLITIQUE - 3 mars 2019",
    "Mis à jour le 3 mars 2019",
    "Prochaine réunion, 3 mars 2019",
    "Le procès reprendra le 3 mars 2019.",
    "Jeanne Morel a quitté la ville le 3 mars 2019",
    "Jeanne Morel, 31 février 2019",
]


def _date(article: Article) -> str | None:
    if article.published is None:
        return None
    return f"{article.published:%Y-%m-%d %H:%M}" if article.published_has_time else f"{article.published:%Y-%m-%d}"


def _found(text: str) -> tuple[str | None, str | None]:
    article = from_text(text)
    return _date(article), article.published_source


def _regions(text: str) -> list[tuple[str, str]]:
    article = from_text(text)
    return [(region.kind.value, text[region.start : region.end]) for region in article.regions]


class TestSluglines:
    @pytest.mark.parametrize(("line", "date"), HEADERS)
    @pytest.mark.parametrize("gap", ["\n", "\n\n"])
    def test_a_header_under_the_title(self, line: str, date: str, gap: str) -> None:
        text = f"{TITLE}\n{line}{gap}{STORY}\n\n{MORE}"
        assert _found(text) == (date, "header")
        assert _regions(text) == [("title", TITLE), ("header", line), ("body", f"{STORY}\n\n{MORE}")]

    @pytest.mark.parametrize(("line", "date"), HEADERS)
    def test_a_header_over_the_title(self, line: str, date: str) -> None:
        text = f"{line}\n{TITLE}\n\n{STORY}\n\n{MORE}"
        assert _found(text) == (date, "header")
        assert _regions(text)[:2] == [("header", line), ("title", TITLE)]

    @pytest.mark.parametrize(("line", "date"), UNKNOWN)
    def test_a_header_of_unknown_words(self, line: str, date: str) -> None:
        for text in (
            f"{TITLE}\n{line}\n\n{STORY}\n\n{MORE}",
            f"{line}\n\n{TITLE}\n\n{STORY}\n\n{MORE}",
            f"Partager\n{TITLE}\nLire plus tard\nAbonnés\n{line}\n\n{STORY}\n\n{MORE}",
        ):
            assert _found(text)[0] == date
            assert ("header", line) in _regions(text)

    @pytest.mark.parametrize("line", [line for line, _ in UNKNOWN if "|" in line or " - " in line])
    def test_unknown_words_with_nothing_else_above_the_story_are_the_title(self, line: str) -> None:
        if "journaliste" not in line and "reporter" not in line and "©" not in line:
            assert _found(f"{line}\n\n{STORY}\n\n{MORE}") == (None, None)

    @pytest.mark.parametrize(("line", "date"), BYLINES)
    def test_a_byline(self, line: str, date: str) -> None:
        text = f"{TITLE}\n{line}\n\n{STORY}\n\n{MORE}"
        assert _found(text) == (date, "byline")
        assert _regions(text)[1] == ("header", line)

    @pytest.mark.parametrize("line", ["POLITIQUE - 10/06/2024", "Par la rédaction locale, le 10 juin 2024", "Publié le 10/06/24"])
    def test_a_header_under_the_standfirst(self, line: str) -> None:
        text = f"{TITLE}\n\n{STORY}\n\n{line}\n\n{MORE}"
        assert _found(text)[0] == "2024-06-10"
        assert [kind for kind, _ in _regions(text)] == ["title", "body", "header", "body"]

    @pytest.mark.parametrize("line", NO_HEADERS)
    def test_a_line_that_only_mentions_a_date(self, line: str) -> None:
        assert _found(f"{TITLE}\n{line}\n\n{STORY}\n\n{MORE}") == (None, None)
        assert _found(f"{line}\n\n{STORY}\n\n{MORE}") == (None, None)

    @pytest.mark.parametrize("line", NO_UNKNOWN)
    def test_a_line_of_unknown_words_that_only_mentions_a_date(self, line: str) -> None:
        assert _found(f"{TITLE}\n{line}\n\n{STORY}\n\n{MORE}") == (None, None)
        assert _found(f"{line}\n{TITLE}\n\n{STORY}\n\n{MORE}") == (None, None)
        assert _found(f"{line}\n\n{STORY}\n\n{MORE}") == (None, None)

    @pytest.mark.parametrize("line", ["[8 mars 2023]", "Mots de la fin | 8 mars 2023", "Chronique judiciaire - 08/03/2023"])
    def test_unknown_words_count_above_the_story_only(self, line: str) -> None:
        assert _found(f"{TITLE}\n\n{STORY}\n\n{line}\n\n{MORE}") == (None, None)
        assert _found(f"{TITLE}\n{line}\n[9 mars 2023]\n\n{STORY}\n\n{MORE}") == (None, None)
        assert _found(f"{TITLE}\n{line}\n\n{STORY}\n\n{MORE}\n\n[9 mars 2023]\n\n{MORE}") == (None, None)
        assert _found(f"{TITLE}\n{line}\n\nBrignolles\n\nPiscine de la gare") == (None, None)

    def test_parts_of_the_page_around_the_article(self) -> None:
        lines = ["Accueil > Transports > Article", TITLE, "Partager", "Lire plus tard", "Abonnés", "[8 mars 2023]"]
        text = "\n".join((*lines, "", STORY))
        assert from_text(text).title == TITLE
        assert [kind for kind, _ in _regions(text)] == ["header", "title", *["header"] * 4, "body"]
        assert _found(f"Partager > {TITLE}\n\n{STORY}") == (None, None)
        assert from_text(f"Rugby > Brignolles tombe à la maison\n\n{STORY}").title is not None

    def test_what_is_known_counts_before_what_is_not(self) -> None:
        text = f"Mots de la fin | 8 mars 2023\n{TITLE}\nPublié le 10 mars 2023\n\n{STORY}\n\n{MORE}"
        assert _found(text) == ("2023-03-10", "header")

    def test_amid_the_story_a_rubric_and_a_date_are_something_else(self) -> None:
        assert _found(f"{TITLE}\n\n{STORY}\n\n{MORE}\n\nPOLITIQUE - 10/06/2024\n\n{MORE}") == (None, None)

    @pytest.mark.parametrize(
        "lines",
        [
            "POLITIQUE - 10/06/2024\nSOCIÉTÉ - 11/06/2024",
            "Sport | 10 juin 2024\nSport | 12 juin 2024\nSport | 14 juin 2024",
            "LYON, 10 juin 2024\nDIJON, 12 juin 2024",
            "Mardi 11 juin 2024\nMercredi 12 juin 2024",
        ],
    )
    def test_dates_that_differ_are_a_list(self, lines: str) -> None:
        assert _found(f"{TITLE}\n{lines}\n\n{STORY}\n\n{MORE}") == (None, None)
        assert _found(f"{lines}\n\n{STORY}\n\n{MORE}") == (None, None)

    def test_the_label_tells_which_date_counts(self) -> None:
        assert _found(f"POLITIQUE - 12/06/2024\n{TITLE}\nPublié le 10 juin 2024\n\n{STORY}") == ("2024-06-10", "header")
        assert _found(f"Mercredi 12 juin 2024\n{TITLE}\nPublié le 10 juin 2024\n\n{STORY}") == ("2024-06-10", "header")

    def test_the_same_date_twice(self) -> None:
        assert _found(f"POLITIQUE - 12/06/2024\n{TITLE}\nMercredi 12 juin 2024\n\n{STORY}") == ("2024-06-12", "header")

    def test_the_author(self) -> None:
        assert from_text(f"{TITLE}\nSOCIÉTÉ | Par Jeanne Morel | 10 juin 2024\n\n{STORY}").author == "Jeanne Morel"
        assert from_text(f"{TITLE}\nRio de Janeiro, 10 juin 2024\n\n{STORY}").published_source in ("byline", "dateline")


class TestDatelines:
    @pytest.mark.parametrize(("line", "date"), DATELINES)
    def test_before_the_story(self, line: str, date: str) -> None:
        text = f"{TITLE}\n\n{line} {STORY}\n\n{MORE}"
        assert _found(text) == (date, "dateline")
        assert _regions(text) == [("title", TITLE), ("dateline", line), ("body", f"{STORY}\n\n{MORE}")]

    @pytest.mark.parametrize(("line", "date"), DATELINES_ALONE)
    def test_in_its_own_line(self, line: str, date: str) -> None:
        text = f"{TITLE}\n{line}\n\n{STORY}\n\n{MORE}"
        assert _found(text) == (date, "dateline")
        assert _regions(text) == [("title", TITLE), ("dateline", line), ("body", f"{STORY}\n\n{MORE}")]

    @pytest.mark.parametrize(
        "line",
        [
            f"Paris, 11 janvier 2015. {STORY}",
            f"À Paris, le 11 janvier 2015, {STORY}",
            f"Paris, 11 janvier 2015, place de la République : {STORY}",
            f"Attentat de Nice, 14 juillet 2016 - {STORY}",
            f"Concert, 14 juillet 2016 - {STORY}",
            "Nice, 14 juillet 2016 - le récit d’une nuit",
            f"PARIS, 17 avril (agence) - {STORY}",
            f"PARIS, 31 avril 2023 (agence) - {STORY}",
            f"Le président (LR) 3 mars 2019 {STORY}",
        ],
    )
    def test_no_date_of_publication(self, line: str) -> None:
        assert _found(f"{TITLE}\n\n{line}\n\n{MORE}") == (None, None)

    def test_the_path_tells_the_year_that_the_dateline_leaves_out(self) -> None:
        article = from_text(f"{TITLE}\n\nPARIS, 17 avril (agence) - {STORY}", source="2023/04/x.txt")
        assert (_date(article), article.published_source) == ("2023-04-17", "dateline")

    @pytest.mark.parametrize("line", DATELINES_BEFORE_RECENT_NEWS)
    @pytest.mark.parametrize("gap", ["\n", "\n\n"])
    def test_with_a_full_stop_before_recent_news(self, line: str, gap: str) -> None:
        text = f"{TITLE}{gap}{line} {STORY}{gap}{MORE}"
        assert (_found(text)[0] or "")[:10] == "2023-03-06"
        assert _regions(text) == [("title", TITLE), ("dateline", line), ("body", f"{STORY}{gap}{MORE}")]

    @pytest.mark.parametrize("line", DATELINES_BEFORE_RECENT_NEWS)
    def test_with_a_full_stop_before_a_scene(self, line: str) -> None:
        scene = "Il pleut sur la place de la gare, où les premiers voyageurs attendent un tramway qui ne viendra pas."
        assert _found(f"{TITLE}\n\n{line} {scene}\n\n{MORE}") == (None, None)
        habit = "Le tramway ne roule plus le lundi, et ce samedi-là il était en panne, comme un mardi sur deux depuis l’hiver."
        assert _found(f"{TITLE}\n\n{line} {scene}\n\n{habit}") == (None, None)
        later = "La ligne, ouverte en 2026, a été prolongée en 2028, puis le 4 mai 2029, a rappelé lundi le maire de la commune."
        assert _found(f"{TITLE}\n\n{line} {scene}\n\n{later}") == (None, None)

    @pytest.mark.parametrize("line", DATELINES_BEFORE_RECENT_NEWS)
    def test_what_the_article_says_of_its_date_counts_before(self, line: str) -> None:
        assert _found(f"{TITLE}\nPublié le 10 mars 2023\n\n{line} {STORY}\n\n{MORE}") == ("2023-03-10", "header")
        assert from_text(f"{TITLE}\n\n{line} {STORY}\n\n{MORE}", source="2023-04-07.txt").published_source == "filename"

    @pytest.mark.parametrize("line", ["Lundi 6 mars 2023.", "6 mars 2023."])
    def test_a_day_without_a_place_opens_the_story_once(self, line: str) -> None:
        assert _found(f"{line} {STORY}\n\n{MORE}") == (None, None)
        assert _found(f"{TITLE}\n\n{MORE}\n\n{line} {STORY}") == (None, None)
        assert _found(f"{TITLE}\n\n{line} {MORE}\n\n{STORY}") == (None, None)  # its own words must count days
        assert _found(f"{TITLE}\n\n{line} {STORY}\n\n7 mars. {MORE}") == (None, None)

    @pytest.mark.parametrize("gap", ["\n", "\n\n"])
    def test_in_brackets_alone(self, gap: str) -> None:
        line = "(Brignolles, Var, 6 mars 2023)"
        text = f"{TITLE}\n{line}{gap}{STORY}\n\n{MORE}"
        assert _found(text) == ("2023-03-06", "dateline")
        assert _regions(text) == [("title", TITLE), ("dateline", line), ("body", f"{STORY}\n\n{MORE}")]
        assert _found(text.replace("lundi soir", "")) == (None, None)

    @pytest.mark.parametrize("label", ["Publié le", "Article mis en ligne le", "Paru le"])
    @pytest.mark.parametrize("stop", [". –", " |", "."])
    def test_a_label_before_the_story(self, label: str, stop: str) -> None:
        line = f"{label} 6 mars 2023{stop}"
        assert _found(f"{TITLE}\n\n{line} {MORE}\n\n{STORY}") == ("2023-03-06", "dateline")
        assert _regions(f"{TITLE}\n{line} {MORE}\n{STORY}")[:2] == [("title", TITLE), ("dateline", line)]
        assert _found(f"{TITLE}\n\n{STORY}\n\n{line} {MORE}") == (None, None)
        assert _found(f"{TITLE}\n\n{line[: -len(stop)]}, ce rapport a déplu. {MORE}\n\n{STORY}") == (None, None)

    def test_a_bar_before_the_story(self) -> None:
        line = "Brignolles, 1er mars 2023 |"
        assert _found(f"{TITLE}\n\n{line} {MORE}\n\n{STORY}") == ("2023-03-01", "dateline")
        assert _regions(f"{TITLE}\n{line} {MORE}\n{STORY}")[:2] == [("title", TITLE), ("dateline", line)]
        assert _found(f"{TITLE}\n\nVisite du dépôt, 1er mars 2023 | {MORE}\n\n{STORY}") == (None, None)

    def test_a_caption_amid_the_story(self) -> None:
        assert _found(f"{TITLE}\n\n{STORY}\n\n{MORE}\n\nBrignolles, 3 mars 2019\n\n{MORE}") == (None, None)


class TestSignatures:
    @pytest.mark.parametrize(("line", "date"), SIGNATURES)
    def test_the_last_line(self, line: str, date: str) -> None:
        text = f"{TITLE}\n\n{STORY}\n\n{MORE}\n\n{line}"
        assert _found(text)[0] == date
        assert _regions(text) == [("title", TITLE), ("body", f"{STORY}\n\n{MORE}"), ("header", line)]

    @pytest.mark.parametrize("line", NO_SIGNATURES)
    def test_no_signature(self, line: str) -> None:
        text = f"{TITLE}\n\n{STORY}\n\n{MORE}\n\n{line}"
        assert _found(text) == (None, None)

    def test_the_top_counts_first(self) -> None:
        text = f"{TITLE}\nPOLITIQUE - 10/06/2024\n\n{STORY}\n\n{MORE}\n\nJean Dupont, 3 mars 2019"
        assert _found(text) == ("2024-06-10", "header")

    def test_several_are_a_list_of_other_articles(self) -> None:
        assert _found(f"{TITLE}\n\n{STORY}\n\n{MORE}\n\nJean Dupont, 3 mars 2019\nAnne Roy, 4 mars 2019") == (None, None)
        assert _found(f"{TITLE}\n\n{STORY}\n\n{MORE}\n\nJean Dupont, 3 mars 2019\nAnne Roy, 3 mars 2019") == (None, None)


# No pattern knows these: the line is weighed.
WEIGHED_TOP = [
    ("LUNDI 6 MARS 1995 — PAGE 4 — EVENEMENT", "1995-03-06"),
    ("SCIENCES | ESPACE      07-03-2023 | 10:25", "2023-03-07 10:25"),
    ("Mis en ligne : lundi 6 mars 2023, 18:04 (GMT+1)", "2023-03-06 18:04"),
    ("20230306T1804 | BRIGNOLLES | TRANSPORTS", "2023-03-06 18:04"),
    ("Parution papier du 6/3/23, cahier régional", "2023-03-06"),
    ("061804 GMT MARS 23", "2023-03-06 18:04"),
    ("https://www.gazette.example/transports/2023/03/06/tramway-884213.html", "2023-03-06"),
    ("Publié par La Rédaction | 6 Mar 2023", "2023-03-06"),
    ("Lundi 6 mars 2023 - 22ᵉ année - N° 4567 - 1,20 €", "2023-03-06"),
    ("QUOTIDIEN - 6 MARS 2023 - 1,50 EURO", "2023-03-06"),
    ("Jeanne Morel 06-03-23 à 18:04", "2023-03-06 18:04"),
    ("Source : L’Avenir du Var du 6/3/2023", "2023-03-06"),
    ("**6-3-23** — Par Jeanne Morel", "2023-03-06"),
    ("6.III.2023", "2023-03-06"),
    ("Lundi 6 mars 2023 - 14 Chaabane 1444", "2023-03-06"),
    ("6 mars 2023 / 18:04 / il y a 5 ans", "2023-03-06 18:04"),
    ("JT de 20h, lundi 6 mars 2023", "2023-03-06"),
    ("Communiqué de presse du 6 mars 2023", "2023-03-06"),
    ("Épisode du lundi 6 mars 2023", "2023-03-06"),
    ("Cet article a été publié le 6 mars 2023", "2023-03-06"),
    ("06-03-23 18h04 Jeanne Morel", "2023-03-06 18:04"),
    # as English machinery writes it; the day of the week tells whether the month comes first
    ("Monday, 6 March 2023 09:15    Écrit par  Jeanne Morel    Imprimer  E-mail", "2023-03-06 09:15"),
    ("Soumis par admin le Mon, 03/06/2023 - 09:15", "2023-03-06 09:15"),
    ("Posté par Jeannot le Mon, 06/03/2023 - 09:15", "2023-03-06 09:15"),
    ("6 mars 2023 lundi 6:04 PM GMT", "2023-03-06 18:04"),
    # a field of a database
    ("DT:   6-Mar-2023", "2023-03-06"),
    ("Info de la publication : Le Fleuve ; Lévis, Qué. [Lévis, Qué]. 06 Mar 2023: B.12.", "2023-03-06"),
    # a stamp; a full hour at night, beside its zone or a part of the page
    ("[cachet]   6 MARS 23", "2023-03-06"),
    ("le 06.03.23 | 01h00  Brignolles", "2023-03-06 01:00"),
    ("le 06.03.23 | 10h00  Réagissez", "2023-03-06 10:00"),
    ("Var | 6 mars 2023 10:00 | Lu 213 fois", "2023-03-06 10:00"),
    ("Information financière      Toulon, 6 mars 2023 – 7h30 CET", "2023-03-06 07:30"),
    # day and place as over a letter, above recent news
    ("Le 6 mars 2023, Brignolles", "2023-03-06"),
    ("Lundi 6 mars 2023 - TOULON", "2023-03-06"),
    # the first of two days of an issue
    ("L’Armor quotidien, samedi 4 et dimanche 5 mars 2023, p. 14", "2023-03-04"),
    ("La Gazette, vendredi 30 juin et samedi 1er juillet 2023, page 3", "2023-06-30"),
]
WEIGHED_END = [
    ("(BELGA/j.m., 06/03/23, 18:45)", "2023-03-06 18:45"),
    ("(AFP/abc, 6 mars 23, 18 h 04)", "2023-03-06 18:04"),
    ("Fait à Brignolles, le 6 mars 2023", "2023-03-06"),
    ("Paru dans l'édition du 6.3.23, cahier régional, p. 5", "2023-03-06"),
    ("Article publié dans le numéro 412 du 6 mars 2023", "2023-03-06"),
    ("061804 GMT MARS 23", "2023-03-06 18:04"),
    ("Mis en ligne le 06-03-23 par J. M.", "2023-03-06"),
    ("Article paru le 6 mars 2023 dans L’Avenir du Var.", "2023-03-06"),
    ("L’Avenir du Var, lundi 6 mars 2023, p. 4", "2023-03-06"),
    ("AFP/VNA/JM, 6/3/2023", "2023-03-06"),
    ("[Fin de dépêche – 06 MARS 2023 18:04]", "2023-03-06 18:04"),
    ("Brignolles, le 6 mars 2023", "2023-03-06"),
    ("Lundi 6 mars 2023", "2023-03-06"),
    ("Pana 06/03/2023", "2023-03-06"),
    ("6:04 PM · 6 mars 2023 · 312 vues", "2023-03-06 18:04"),
    ("© L’Avenir du Var, lundi 6 mars 2023", "2023-03-06"),
    ("© L’Avenir du Var, 6 mars 2023. Tous droits de reproduction réservés.", "2023-03-06"),
    ("Copyright 2023 La Gazette, lundi 6 mars 2023", "2023-03-06"),
    ("— J. Morel, « Le tramway arrive », L’Avenir du Var, 6 mars 2023, p. 4 ; coll. part.", "2023-03-06"),
    ("[L’Avenir du Var, 6 mars 2023, p. 4]", "2023-03-06"),
]
NOT_WEIGHED = [
    "Certificat émis le 6 mars 2023",
    "Page imprimée le 6 mars 2023 à 18h04",
    "Consulté le 06/03/2023 - 18:04",
    "Modifié le 06/03/2023 - 18:04",
    "© 2017-2023 La Gazette",
    "Inscriptions jusqu’au 06/03/2023 - 18:04",
    "Prochain rendez-vous : 06/03/2023",
    "Archives | 06/03/2023 | 18:04",
    "Photo d’archives prise le 06/03/2023, 18:04",
    "Stade du Bois, lundi 6 mars 2023, 18 h 04",
    "Agenda | 6 mars 2023 | 18h04",
    "Née le 06/03/1973 - 18:04",
    "Du 06/03/2023 au 08/03/2023",
    "Éditions du Moulin, parution le 06-03-23",
    "En salles le 06/03/2023",
    "Exporté le 06/03/2023 à 18:04",
    "Inscrit le : 06 Mar 2023",
    "Livraison : 6 mars 2023",
    "Jean Dupont (12 mars 1933 - 6 mars 2023)",
    "Date d’impression : 06/03/2023 18:04",
    "6.XIII.2023",
    "À lire aussi | 06/03/2023 | Une piscine pour la vallée",
    "https://www.gazette.example/transports/2023/tramway-884213.html",
    "Mardi 06-03-23 | Vallée de la Drôme",  # it was a Monday
    # figures that the day of the week does not explain, or in both ways
    "Tue, 03/06/2023 - 09:15",
    "Soumis par admin le Wed, 03/04/2014 - 09:15",
    "Posté par Jeannot le Tue, 03/06/2023 - 09:15",
    # of a database's card, not of what it describes
    "Saisi le 06/03/2023 (J. M.)",
    "Numérisé le : 6-Mar-2023",
    # the head of a table, a span
    "En millions d’euros     06.03.2023     06.03.2022     Variation",
    "Samedi 4 et dimanche 5 mars 2023",
    "Brocante, samedi 4 et dimanche 5 mars 2023",
    # photographers and agencies
    "© AFP, prise le lundi 6 mars 2023",
    "© Jeanne Morel, lundi 6 mars 2023",
    "© AFP, 6 mars 2023. Tous droits réservés",
    # references to other works
    "1. Le Monde, 6 mars 2023, p. 4.",
    "[2] L’Avenir du Var, 6 mars 2023, p. 4.",
    "Voir L’Avenir du Var, 6 mars 2023, p. 4.",
    "Journal officiel, 6 mars 2023, p. 4",
    "Le maire a signé le contrat dans L’Avenir du Var, 6 mars 2023, p. 4",
    # what begins at a full hour
    "La Nuit blanche, lundi 6 mars 2023, 19 h 15",
    "La Foulée rose, lundi 6 mars 2023, 8 h 30",
    # day and place, but no letter
    "6 mars 2023, Brignolles",
    "Le 6 mars 2023, jour de colère",
    "Le 6 mars 2023, Brignolles bascule",
    "Le 6 mars 2023, Salle Pleyel",
    "Mardi 6 mars 2023 - TOULON",  # it was a Monday
    # a full hour that has nothing beside it but a place
    "Théâtre municipal | 06.03.23 | 20h00  Brignolles",
]
# Under a story, a name beside a date is that of anything.
NOT_SIGNED = ["Verdun 21/02/1916", "Brignolles, lundi 6 mars 2023", "Jeanne Morel 06/03/2023", "Euronext 06/03/2023"]


class TestWeighed:
    @pytest.mark.parametrize(("line", "date"), WEIGHED_TOP)
    def test_above_the_story(self, line: str, date: str) -> None:
        for text in (f"{line}\n{TITLE}\n\n{STORY}\n\n{MORE}", f"{TITLE}\n{line}\n\n{STORY}\n\n{MORE}"):
            assert _found(text) == (date, "header")
            assert ("header", line) in _regions(text)
            assert from_text(text).title == TITLE

    @pytest.mark.parametrize(("line", "date"), WEIGHED_END)
    def test_under_the_story(self, line: str, date: str) -> None:
        text = f"{TITLE}\n\n{STORY}\n\n{MORE}\n\n{line}"
        assert _found(text)[0] == date
        assert _regions(text) == [("title", TITLE), ("body", f"{STORY}\n\n{MORE}"), ("header", line)]
        assert _found(f"{text}\nContact presse : 04 94 00 00 00")[0] == date

    @pytest.mark.parametrize("line", NOT_WEIGHED)
    def test_a_date_of_something_else(self, line: str) -> None:
        assert _found(f"{TITLE}\n\n{STORY}\n\n{MORE}\n\n{line}") == (None, None)
        assert _found(f"{TITLE}\n{line}\n\n{STORY}\n\n{MORE}") == (None, None)
        assert _found(f"{line}\n{TITLE}\n\n{STORY}\n\n{MORE}") == (None, None)

    @pytest.mark.parametrize("line", NOT_SIGNED)
    def test_a_name_under_the_story(self, line: str) -> None:
        assert _found(f"{TITLE}\n\n{STORY}\n\n{MORE}\n\n{line}") == (None, None)

    def test_place_and_day_under_a_signature(self) -> None:
        text = f"{TITLE}\n\n{STORY}\n\n{MORE}\n\n   Jeanne MOREL\n   Brignolles, lundi 6 mars 2023"
        assert _found(text)[0] == "2023-03-06"
        assert _found(text.replace("lundi", "mardi")) == (None, None)

    def test_the_issue_in_a_forwarded_mail(self) -> None:
        mail = "De : Morel\nEnvoyé : mardi 7 mars 2023 09:12\nObjet : TR: revue de presse"
        issue = "L’Avenir du Var, lundi 6 mars 2023, p. 4"
        assert _found(f"{mail}\n\n{issue}\n\n{TITLE}\n\n{STORY}\n\n{MORE}")[0] == "2023-03-06"
        assert _found(f"{mail}\n\n{TITLE}\n\n{STORY}\n\n{MORE}")[0] == "2023-03-07 09:12"

    @pytest.mark.parametrize(
        "line",
        [
            "(Brignolles/Toulon, 6 mars 2023) – ",
            "LYON, France--(FIL DES AFFAIRES)--6 mars 2023, 17:45 CET--",
            "BRIGNOLLES (Var), lundi 06-03-23 -- ",
            "(J. M.) BRIGNOLLES – 6 mars 23 –",
        ],
    )
    def test_an_unknown_dateline(self, line: str) -> None:
        text = f"{TITLE}\n\n{line}{STORY}\n\n{MORE}"
        assert _found(text)[0] in ("2023-03-06", "2023-03-06 17:45")
        assert _regions(text)[:2] == [("title", TITLE), ("dateline", line.strip())]

    @pytest.mark.parametrize(
        ("line", "elsewhere"),
        [
            ("DIMANCHE 5 MARS - SPORTS - RUGBY", "Stade du Bois, samedi 4 mars 2023."),
            ("Dimanche 5 mars, suivi terminé", "Sources : AFP, rédaction. © 2023"),
            ("Publié le dimanche 5 mars", "Mis à jour le 6 mars 2023"),
            ("Par J. M. | Dimanche 5 mars, 18h04", "© La Gazette 2023"),
        ],
    )
    def test_the_year_stands_elsewhere(self, line: str, elsewhere: str) -> None:
        assert (_found(f"{line}\n\n{TITLE}\n\n{STORY}\n\n{MORE}\n\n{elsewhere}")[0] or "")[:10] == "2023-03-05"

    @pytest.mark.parametrize(
        ("line", "elsewhere"),
        [
            ("LUNDI 5 MARS - SPORTS - RUGBY", "Sources : AFP, rédaction. © 2023"),  # it was a Sunday
            (
                "5 mars - Sports",
                "L’équipe avait déjà gagné le 4 mars 2023, puis plus rien jusqu’à lundi soir.",
            ),
            ("DIMANCHE 5 MARS - SPORTS - RUGBY", "© 2017-2023 La Gazette"),
            ("DIMANCHE 5 MARS - SPORTS - RUGBY", "Contact presse : 04 94 00 00 00"),
        ],
    )
    def test_a_year_is_never_guessed(self, line: str, elsewhere: str) -> None:
        assert _found(f"{line}\n\n{TITLE}\n\n{STORY}\n\n{MORE}\n\n{elsewhere}") == (None, None)

    def test_the_dateline_takes_its_year_from_the_end(self) -> None:
        text = f"{TITLE}\n\nAJACCIO, 5 mars - {STORY}\n\n{MORE}\n\nabc/def\n051804 GMT MARS 23"
        assert _found(text)[0] == "2023-03-05 18:04"

    def test_what_the_story_says_of_days(self) -> None:
        line = "Vallée de la Drôme | 07-03-23 | 10:25"
        wrong = "Le conseil se réunira mercredi 8 mars, a annoncé le maire, qui attend beaucoup de ses adjoints."
        assert _found(f"{line}\n{TITLE}\n\n{wrong}\n\n{MORE}")[0] == "2023-03-07 10:25"
        assert _found(f"{line}\n{TITLE}\n\n{wrong.replace('mercredi', 'lundi')}\n\n{MORE}") == (None, None)

    def test_the_story_tells_of_no_day_long_after_it(self) -> None:
        line = "Vallée de la Drôme | 07-03-13 | 10:25"
        later = "La ligne, ouverte en 2019, a été prolongée en 2021, puis le 4 mai 2022, a rappelé le maire de la commune."
        assert _found(f"{line}\n{TITLE}\n\n{STORY}\n\n{MORE}")[0] == "2013-03-07 10:25"
        assert _found(f"{line}\n{TITLE}\n\n{later}\n\n{MORE}") == (None, None)

    def test_day_and_place_above_what_is_not_recent(self) -> None:
        past = STORY.replace(" lundi soir", "")
        assert _found(f"{TITLE}\nLe 6 mars 2023, Brignolles\n\n{past}\n\n{MORE}") == (None, None)
        assert _found(f"Le 6 mars 2023, Brignolles\n\n{STORY}\n\n{MORE}") == (None, None)

    def test_prose_has_no_date_of_publication(self) -> None:
        prose = [
            "Le 6 mars 2023, le conseil de l’agglomération a voté le prolongement de la ligne, pour 82 millions d’euros.",
            "Lundi 6 mars 2023 à 18h04, la foule s’est rassemblée devant la gare, où le maire a pris la parole.",
            "La loi du 9 décembre 1905 a été citée par plusieurs orateurs, et celle du 6 mars 2023 par personne.",
            "Le 6 juin 1944, les Alliés débarquent. Les plages sont prises dans la journée, au prix de milliers de morts.",
            "6 juin 1944. Les Alliés débarquent en Normandie, et les plages sont prises au prix de milliers de morts.",
        ]
        for first in prose:
            assert _found("\n\n".join([first, *prose])) == (None, None)
            assert _found("\n\n".join([TITLE, first, *prose])) == (None, None)
            assert _found("\n".join([TITLE, first, *prose])) == (None, None)

    def test_the_path_has_the_last_word(self) -> None:
        text = f"{TITLE}\n\n{STORY}\n\n{MORE}\n\nFait à Brignolles, le 6 mars 2023"
        assert from_text(text, source="2023-03-07.txt").published_source == "header"
        assert from_text(text, source="2023-04-07.txt").published_source == "filename"

    @pytest.mark.parametrize(
        "piece",
        [
            *("6 mars ", "#tag ", "06/03/23 ", "lundi ", "(AFP) ", "6-3-", "BRIGNOLLES, ", "publié le ", "--"),
            *("« », p. 4 ", "© ", "par  ", "Mon, 03/06/2023 ", "samedi 4 et ", '{"a ', "Jeanne "),
        ],
    )
    def test_long_lines_take_no_longer_than_short_ones(self, piece: str) -> None:
        line = piece * (1_000_000 // len(piece))
        assert from_text(line[:200_000].replace(" ", "\n")).text
        assert from_text(f"{TITLE}\n{line}\n{STORY}\n{line}\n{MORE}\n{line[:150]}").text

    @pytest.mark.parametrize(
        "scrap",
        [
            '{"@type":"NewsArticle","dateCreated":"2023-03-02T09:00:00Z","datePublished":"2023-03-06T18:04:00Z","dateModified":"2023-03-08"}',
            "<lastBuildDate>Fri, 10 Mar 2023 22:01:13 GMT</lastBuildDate>\n<pubDate>Mon, 06 Mar 2023 18:04:00 GMT</pubDate>",
            '<meta property="article:published_time" content="2023-03-06T18:04">',
        ],
    )
    def test_a_machine_wrote_it(self, scrap: str) -> None:
        assert _found(f"{scrap}\n\n{TITLE}\n\n{STORY}\n\n{MORE}") == ("2023-03-06 18:04", "header")
        other = scrap.replace("2023-03-06", "2023-03-07").replace("06 Mar", "07 Mar")
        assert _found(f"{scrap}\n{other}\n\n{TITLE}\n\n{STORY}\n\n{MORE}") == (None, None)

    def test_a_leaf_of_a_calendar(self) -> None:
        text = f"6\nmars\n2023\n\n{TITLE}\n\n{STORY}\n\n{MORE}"
        assert _regions(text)[:2] == [("header", "6\nmars\n2023"), ("title", TITLE)]
        assert _found(text) == ("2023-03-06", "header")

    def test_an_export_in_english(self) -> None:
        head = f"1 of 38 DOCUMENTS\n\nMarch 6, 2023 Monday\n\n{TITLE}\n\nBYLINE: J. M."
        text = f"{head}\n\n{STORY}\n\n{MORE}\n\nLOAD-DATE: March 9, 2023"
        assert _found(text)[0] == "2023-03-06"
        assert from_text(text).title == TITLE

    @pytest.mark.parametrize("heading", ["Commentaires", "3 commentaires", "À lire aussi", "Épisodes précédents"])
    def test_what_follows_the_story_has_its_own_dates(self, heading: str) -> None:
        text = f"{TITLE}\n\n{STORY}\n\n{MORE}\n\n{heading}\nPosté par Jeannot, 8 mars 2023 à 18h04"
        assert _found(text) == (None, None)
        assert _found(f"Vallée de la Drôme | 06-03-23 | 10:25\n{text}")[0] == "2023-03-06 10:25"

    def test_lines_broken_by_a_scanner(self) -> None:
        story = (
            STORY.replace("agglomération a", "agglo-\nmération a").replace(" la ligne", "\nla ligne").replace(" de 82", "\nde 82")
        )
        text = f"L’AVENIR DU VAR       43e ANNEE\nLUNDI 6 MARS 1995         PAGE CINQ\n\n{TITLE}\n\n{story}"
        assert _found(text) == ("1995-03-06", "header")
        assert _found(f"{TITLE}\n\n{story}") == (None, None)

    def test_a_note_of_a_change_is_no_dateline(self) -> None:
        assert _found(f"{TITLE}\n\n{STORY}\n\nMardi 7 mars 2023 - 07:02 : article complété.\n\n{MORE}") == (None, None)

    def test_the_source_of_a_quotation_is_another_date(self) -> None:
        text = f"Sujet vu par Jeannot\nPosté le : 06-03-23\n\n{TITLE}\n\n{STORY}\n\n{MORE}"
        assert _found(text)[0] == "2023-03-06"
        assert _found(f"{text}\n\nSource : L’Avenir du Var, 03/03/2023") == (None, None)

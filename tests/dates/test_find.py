"""What `find` gives beside spans and values: intervals, anchors, methods, the date in force, the parser's tenses."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from spacy.language import Language

from pipeline.dates import calendars, find, numbers
from pipeline.dates.tense import BACK, FORWARD, PRESENT, clauses

PUBLISHED = datetime(2018, 10, 17)


@pytest.mark.parametrize(
    ("text", "first", "last", "granularity"),
    [
        ("Il est parti le 3 mars 2015.", date(2015, 3, 3), date(2015, 3, 3), "day"),
        ("Il est parti en mars 2015.", date(2015, 3, 1), date(2015, 3, 31), "month"),
        ("Il est parti en février 2016.", date(2016, 2, 1), date(2016, 2, 29), "month"),
        ("Il est parti en 2015.", date(2015, 1, 1), date(2015, 12, 31), "year"),
        ("Le bénéfice du troisième trimestre 2017 recule.", date(2017, 7, 1), date(2017, 9, 30), "quarter"),
        ("L'hiver 2015 fut doux.", date(2015, 12, 1), date(2016, 2, 29), "season"),
        ("La semaine dernière, il a gelé.", date(2018, 10, 8), date(2018, 10, 14), "week"),
        ("Le week-end dernier, il a gelé.", date(2018, 10, 13), date(2018, 10, 14), "weekend"),
        ("La mode des années 90 revient.", date(1990, 1, 1), date(1999, 12, 31), "decade"),
        ("Il est arrivé à 17 h 30.", date(2018, 10, 17), date(2018, 10, 17), "time"),
        ("Il est arrivé ce matin.", date(2018, 10, 17), date(2018, 10, 17), "part_of_day"),
        ("Le premier semestre 2016 fut calme.", date(2016, 1, 1), date(2016, 6, 30), "half"),
        ("Le chantier dure deux ans.", None, None, None),
        ("Il vit actuellement à Lille.", None, None, None),
    ],
)
def test_interval(text: str, first: date | None, last: date | None, granularity: str | None) -> None:
    (mention,) = find(text, published=PUBLISHED)
    assert (mention.date_start, mention.date_end, mention.granularity) == (first, last, granularity)


def test_open_intervals_stay_open() -> None:
    (mention,) = find("Le Sénat votera d'ici vendredi.", published=PUBLISHED)
    assert (mention.mod, mention.date_start, mention.date_end) == ("BEFORE", None, date(2018, 10, 19))


@pytest.mark.parametrize(
    ("text", "value", "mod"),
    [
        ("Fin 2014, il part.", "2014", "END"),
        ("Début mars 2015, il part.", "2015-03", "START"),
        ("À la mi-mars 2015, il part.", "2015-03", "MID"),
        ("Vers 18 heures, il part.", "2018-10-17T18:00", "APPROX"),
        ("Il attend depuis plus de deux ans.", "P2Y", "AFTER"),
        ("Il a attendu moins d'une heure.", "PT1H", "BEFORE"),
    ],
)
def test_modifiers(text: str, value: str, mod: str) -> None:
    (mention,) = find(text, published=PUBLISHED)
    assert (mention.value, mention.mod) == (value, mod)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Il est parti lundi.", "XXXX-WXX-1"),
        ("Il est parti hier.", None),
        ("Il est parti le 3 mars.", "XXXX-03-03"),
        ("Il part à 17 h.", "T17:00"),
    ],
)
def test_without_a_reference_date_only_the_certain_part_is_given(text: str, value: str | None) -> None:
    (mention,) = find(text)
    assert (mention.value, mention.method, mention.date_start) == (value, "no_reference_date", None)


def test_anchor_names_what_a_date_was_counted_from() -> None:
    text = "Le 3 mars 2015, il part. La veille, il dînait ici. Hier, il est revenu."
    absolute, eve, yesterday = find(text, published=PUBLISHED)
    assert (absolute.anchor, eve.anchor, yesterday.anchor) == ("none", absolute.date_id, "document")


def test_ids_are_stable_and_differ_by_article() -> None:
    one, again, other = (find("Il est parti hier.", published=PUBLISHED, article_id=name)[0] for name in ("a", "a", "b"))
    assert one.date_id == again.date_id != other.date_id


def test_figures_of_another_month_set_the_topic_month() -> None:
    text = (
        "Le chômage a reculé de 0,3 % au mois de novembre 2016. Il recule aussi en Italie ce mois, à 11 %, "
        "contre 12 % le mois précédent et 13 % il y a un an."
    )
    values = [mention.value for mention in find(text, published=datetime(2017, 1, 9))]
    assert values == ["2016-11", "2016-11", "2016-10", "2015-11"]


def test_an_aside_of_another_year_ends_with_its_paragraph() -> None:
    text = "Elle avait débuté le 4 mai 1998 à Nice.\n\nLe feu a pris à 17 h."
    assert [mention.value for mention in find(text, published=PUBLISHED)] == ["1998-05-04", "2018-10-17T17:00"]


def test_a_planned_day_is_no_scene() -> None:
    text = "Le feu a pris lundi. Une réunion se tiendra vendredi.\n\nLes secours étaient là à 17 h."
    assert [mention.value for mention in find(text, published=PUBLISHED)][-1] == "2018-10-15T17:00"


@pytest.mark.parametrize(
    ("text", "value"), [("Le patron était parti la veille.", "2018-10-16"), ("Un rival a ouvert le même jour.", "2018-10-17")]
)
def test_a_look_back_ends_with_its_paragraph(text: str, value: str) -> None:
    news = "L'usine a fermé mercredi. Elle avait été vendue lundi.\n\n"
    assert [mention.value for mention in find(news + text, published=datetime(2018, 10, 18))][-1] == value


def test_days_of_a_list_are_of_its_month() -> None:
    text = "Le pont :\n- Le 7 mars 2017, le pont ferme.\n- Le 24, on défile, comme en 1980.\n- Le 27, il rouvre."
    assert [mention.value for mention in find(text, published=PUBLISHED)] == ["2017-03-07", "2017-03-24", "1980", "2017-03-27"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Le président a limogé son ministre vendredi.", "2018-10-12"),
        ("Les ministres se réuniront vendredi à Bruxelles.", "2018-10-19"),
        ("Le maire sera entendu vendredi par le juge.", "2018-10-19"),
        ("Les négociateurs doivent se retrouver vendredi.", "2018-10-19"),
        ("Le procès est prévu vendredi.", "2018-10-19"),
        ("La police avait arrêté le suspect vendredi.", "2018-10-12"),
        ("Elle va présenter sa démission vendredi.", "2018-10-19"),
        ("Le suspect, arrêté vendredi, nie les faits.", "2018-10-12"),
        ("La directrice, nommée vendredi, sera payée par l'État.", "2018-10-12"),
        ("Le ministre, qui quittera ses fonctions vendredi, a salué ses équipes.", "2018-10-19"),
        ("Le ministre a promis de revenir vendredi.", "2018-10-19"),
        ("Le ministre a promis vendredi de revenir.", "2018-10-12"),
        ("Le ministre a promis de revenir, vendredi, devant la presse.", "2018-10-12"),
        ("Le ministre a refusé de répondre vendredi.", "2018-10-12"),
        ("Les élus appellent les habitants à se retrouver vendredi sur la place.", "2018-10-19"),
        ("Il avait cédé son maillot avant de le reprendre vendredi.", "2018-10-12"),
        ("Ils exigent sa libération et convoquent la population vendredi sur la place.", "2018-10-19"),
        ("Le texte doit encore être approuvé par les élus et voté vendredi.", "2018-10-19"),
        ("Le texte a été approuvé par les élus et voté vendredi.", "2018-10-12"),
        ("Le ministère assure que l'ancien président serait remis vendredi à la justice.", "2018-10-19"),
        ("L'ancien président serait mort vendredi à Paris.", "2018-10-12"),
        ("La délégation fêtera ses médaillés vendredi.", "2018-10-19"),
        ("Le film reprendra l'affiche vendredi dans quarante salles.", "2018-10-19"),
        ("Les serveurs épargnés redémarreraient vendredi.", "2018-10-19"),
        ("Une marche blanche est organisée vendredi par le club.", "2018-10-19"),
        ("Vendredi, la fille de la victime, appelée à la barre, a démenti avec vigueur.", "2018-10-12"),
        ("En acceptant vendredi d'interdire les écrans, les électeurs ont surpris la ville.", "2018-10-12"),
        ("Vendredi, une commission convoquée en urgence avait recommandé d'y renoncer.", "2018-10-12"),
        ("On ignore ce qui a poussé un ouvrier de la ville, en Bretagne, à tuer deux voisins vendredi.", "2018-10-12"),
        ("Le parti avait fini, avec ses alliés, par voter pour le ministre vendredi.", "2018-10-12"),
        ("Il aura fallu de la patience à la joueuse pour remporter vendredi le tournoi.", "2018-10-12"),
        ("Le conseil, convoqué vendredi, lui a renouvelé sa confiance.", "2018-10-12"),
        ("Les élus ont décidé de fermer vendredi les deux écoles.", "2018-10-19"),
        ("On nous a dit de revenir vendredi.", "2018-10-19"),
        ("Les socialistes ont confirmé leur intention de saisir le juge vendredi.", "2018-10-19"),
        ("La Commission a proposé que les ministres se concertent vendredi.", "2018-10-19"),
        ("Le comité doit par ailleurs trancher vendredi.", "2018-10-19"),
        ("Les Néerlandais se prononcent vendredi sur le traité.", "2018-10-19"),
        ("Vainqueurs du Brésil vendredi, les Belges joueront une finale.", "2018-10-12"),
    ],
)
def test_direction_with_the_parser(nlp: Language, text: str, value: str) -> None:
    mentions = find(text, published=PUBLISHED, doc=nlp(text))
    assert [mention.value for mention in mentions] == [value]


@pytest.mark.parametrize(
    ("text", "direction"),
    [("Il a parlé ici.", BACK), ("Il parlera ici.", FORWARD), ("Il est ici.", PRESENT), ("La gare ici.", None)],
)
def test_direction_by_words(text: str, direction: int | None) -> None:
    start = text.index("ici")
    assert clauses(text).direction(start, start + 3) == direction


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("vingt et un", 21),
        ("soixante - dix", 70),
        ("soixante et onze", 71),
        ("quatre - vingt", 80),
        ("quatre - vingt - dix - neuf", 99),
        ("septante - deux", 72),
        ("huitante", 80),
        ("nonante - neuf", 99),
        ("deux cent trois", 203),
        ("mille neuf cent soixante - huit", 1968),
        ("deux mille dix - huit", 2018),
        ("mil sept cent quatre - vingt - neuf", 1789),
        ("cent mille", 100_000),
        ("trente", 30),
    ],
)
def test_number_words(words: str, value: int) -> None:
    pieces = words.split()
    assert numbers.read(pieces) == (value, len(pieces))


def test_movable_feasts() -> None:
    assert [calendars.easter(year) for year in (1818, 1943, 2008, 2011, 2019, 2038)] == [
        date(1818, 3, 22), date(1943, 4, 25), date(2008, 3, 23), date(2011, 4, 24), date(2019, 4, 21), date(2038, 4, 25),
    ]  # fmt: skip
    assert [calendars.passover(year) for year in (2016, 2017, 2018, 2019, 2020, 2021, 2023, 2024)] == [
        date(2016, 4, 23), date(2017, 4, 11), date(2018, 3, 31), date(2019, 4, 20),
        date(2020, 4, 9), date(2021, 3, 28), date(2023, 4, 6), date(2024, 4, 23),
    ]  # fmt: skip
    assert calendars.holiday("mothers_day", 2020) == date(2020, 6, 7)  # the last Sunday of May was Whit Sunday
    assert calendars.holiday("mothers_day", 2018) == date(2018, 5, 27)


def test_republican_calendar() -> None:
    assert calendars.republican(1, 1, 1) == date(1792, 9, 22)
    assert calendars.republican(18, 2, 8) == date(1799, 11, 9)
    assert calendars.republican(10, 4, 14) == date(1805, 12, 31)


def test_a_conditional_without_its_ending_is_none(nlp: Language) -> None:
    text = "Les négociations échouent dimanche soir."  # the tagger calls "échouent" a conditional
    (mention,) = find(text, published=PUBLISHED, doc=nlp(text))
    assert mention.value == "2018-10-14TEV"

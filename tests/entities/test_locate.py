"""Places: the right one of several namesakes, by what the article says; none where it does not say."""

from __future__ import annotations

import time

import pytest
from spacy.language import Language

from pipeline.entities.gazetteer import look_up
from pipeline.records import Place
from tests.entities.helpers import mentions_with


def place(nlp: Language, body: str, *names: str) -> Place | None:
    """The place of the first of `names`; all of them are marked LOC."""
    mentions = mentions_with(nlp, body, dict.fromkeys(names, "LOC"))
    return next(mention.place for mention in mentions if mention.text == names[0])


@pytest.mark.parametrize(
    ("name", "country", "geoname_id"),
    [
        ("France", "FR", 3017382),
        ("Londres", "GB", 2643743),
        ("Pékin", "CN", 1816670),
        ("Anvers", "BE", 2803138),
        ("Le Caire", "EG", 360630),
        ("Mossoul", "IQ", 99072),
        ("Bavière", "DE", 2951839),
        ("Californie", "US", 5332921),
        ("Catalogne", "ES", 3336901),
        ("Ontario", "CA", 6093943),
        ("Finistère", "FR", 3018471),
        ("Nouvelle-Aquitaine", "FR", 11071620),
        ("Orvault", "FR", 2989170),
        ("RDC", "CD", 203312),
        ("Kremlin", "RU", None),
    ],
)
def test_known_places(nlp: Language, name: str, country: str, geoname_id: int | None) -> None:
    found = place(nlp, f"La réunion a eu lieu hier, selon la presse, près de {name}.", name)
    assert found is not None
    assert (found.country_code, found.geoname_id) == (country, geoname_id)
    assert found.latitude is not None and found.longitude is not None


@pytest.mark.parametrize("name", ["Europe", "Méditerranée", "Proche-Orient", "Pyrénées", "Lune"])
def test_what_lies_in_no_country(nlp: Language, name: str) -> None:
    found = place(nlp, f"Tout se joue en {name}.", name)
    assert found is None or found.country_code is None


@pytest.mark.parametrize(
    ("body", "names", "country"),
    [
        ("Un incendie a détruit un entrepôt à Paris (Texas) dimanche.", ("Paris", "Texas"), "US"),
        ("Un incendie a détruit un entrepôt à Paris dimanche.", ("Paris",), "FR"),
        ("Des inondations à Valence, en Espagne, ont fait trois morts.", ("Valence", "Espagne"), "ES"),
        ("Des inondations à Valence, dans la Drôme, ont fait trois morts.", ("Valence", "Drôme"), "FR"),
        ("L'armée libyenne contrôle Tripoli et Benghazi.", ("Tripoli", "Benghazi"), "LY"),
        ("L'armée libanaise a quitté Tripoli pour Beyrouth ; le Liban attend.", ("Tripoli", "Beyrouth", "Liban"), "LB"),
        ("Tbilissi et Moscou négocient : la Géorgie refuse l'offre russe.", ("Géorgie", "Tbilissi", "Moscou"), "GE"),
        (
            "Aux États-Unis, la Géorgie et la Floride ont voté ; Atlanta fête.",
            ("Géorgie", "États-Unis", "Floride", "Atlanta"),
            "US",
        ),
        ("À La Réunion, le cyclone approche de Saint-Denis et de Saint-Pierre.", ("Saint-Denis", "La Réunion"), "RE"),
        ("En Seine-Saint-Denis, la mairie de Saint-Denis a fermé.", ("Saint-Denis", "Seine-Saint-Denis"), "FR"),
    ],
)
def test_the_article_decides_between_namesakes(nlp: Language, body: str, names: tuple[str, ...], country: str) -> None:
    found = place(nlp, body, *names)
    assert found is not None and found.country_code == country


def test_the_article_before_the_name_tells_town_from_land(nlp: Language) -> None:
    town = place(nlp, "Elle habite à Québec depuis un an.", "Québec")
    land = place(nlp, "Elle voyage au Québec depuis un an.", "Québec")
    assert town is not None and town.geoname_id == 6325494
    assert land is not None and land.geoname_id == 6115047


def test_a_department_and_the_sea(nlp: Language) -> None:
    department = place(nlp, "Selon le préfet de la Manche, tout va bien.", "Manche")
    sea = place(nlp, "Un cargo a coulé dans la Manche.", "Manche")
    assert department is not None and department.country_code == "FR"
    assert sea is not None and sea.country_code is None


def test_unsure_stays_null(nlp: Language) -> None:
    assert place(nlp, "Elle est née à Saint-Denis.", "Saint-Denis") is None
    assert place(nlp, "On parle de Zorgubville.", "Zorgubville") is None
    assert place(nlp, "Il vient de Congo.", "Congo") is None


def test_part_of_a_country_has_its_country_and_no_point(nlp: Language) -> None:
    found = place(nlp, "Il pleut dans le nord de la Belgique.", "nord de la Belgique")
    assert found == Place(country_code="BE")
    assert place(nlp, "L'avion survolait le désert syrien.", "désert syrien") == Place(country_code="SY")


def test_a_street_is_not_where_its_name_says(nlp: Language) -> None:
    assert place(nlp, "Le feu a pris rue de Lisbonne.", "rue de Lisbonne") is None


def test_a_person_or_club_is_no_place(nlp: Language) -> None:
    mentions = mentions_with(nlp, "Paris Hilton a vu jouer le Paris FC.", {"Paris Hilton": "PER", "Paris FC": "ORG"})
    assert [m.place for m in mentions] == [None, None]


def test_one_place_has_one_id_under_all_its_names(nlp: Language) -> None:
    mentions = mentions_with(nlp, "Les États-Unis ont signé. Les USA l'ont dit.", {"États-Unis": "LOC", "USA": "LOC"})
    assert {(m.entity_id, m.name) for m in mentions} == {(mentions[0].entity_id, "États-Unis")}


def test_namesakes_have_different_ids(nlp: Language) -> None:
    one = mentions_with(nlp, "Paris (Texas) brûle.", {"Paris": "LOC", "Texas": "LOC"})[0]
    other = mentions_with(nlp, "Il pleut à Paris.", {"Paris": "LOC"})[0]
    assert one.entity_id != other.entity_id


def test_spelling_does_not_matter() -> None:
    assert look_up("saint etienne") == look_up("Saint-Étienne") != ()
    assert look_up("") == () and look_up("\n") == ()


def test_a_look_up_is_quick() -> None:
    look_up("Paris")
    start = time.perf_counter()
    for number in range(1000):
        look_up(f"Ville{number}")
    assert time.perf_counter() - start < 1.0

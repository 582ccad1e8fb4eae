"""Recognition: what is a mention, under which label; the rules alone, and with the real model."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from spacy.language import Language

from pipeline.entities import recognise
from pipeline.records import Article, Region, RegionKind
from tests.entities.helpers import mentions_of, mentions_with, told

STARTUP = (
    "Coup d'État chez Novalys : le conseil d'administration de Novalys a limogé son PDG Paul Armand vendredi. "
    "Armand n'a pas réagi. Novalys Inc. a été fondée en 2015. Les salariés défendent Armand, dit-on chez Novalys."
)


def test_a_legal_form_and_a_role_make_an_organisation_everywhere(nlp: Language) -> None:
    mentions = mentions_with(nlp, STARTUP, {"Novalys": "MISC", "Paul Armand": "PER"})
    assert {(m.label, m.name) for m in mentions if "Novalys" in m.text} == {("ORG", "Novalys")}
    assert sum("Novalys" in m.text for m in mentions) == 4


@pytest.mark.parametrize(
    ("body", "label"),
    [
        ("Le fabricant d'emballages Armand ferme une usine. Armand emploie 200 personnes.", "ORG"),
        ("L'équipementier automobile Armand recrute.", "ORG"),
        ("Le patron du groupe, Armand, recrute.", "PER"),
        ("Le fabricant a vu Armand lundi.", "PER"),
        ("Dans son entreprise Armand recrute, dans la sienne Paul Armand licencie.", "PER"),
    ],
)
def test_what_a_company_is_called_is_no_person(nlp: Language, body: str, label: str) -> None:
    marks = {"Armand": "PER"} | ({"Paul Armand": "PER"} if "Paul Armand" in body else {})
    assert {m.label for m in mentions_with(nlp, body, marks) if m.text == "Armand"} == {label}


@pytest.mark.parametrize(
    ("body", "name", "label"),
    [
        ("MARSEILLE, 3 mars (agence) - Une grève a commencé.", "MARSEILLE", "LOC"),
        ("BRUXELLES (agence) – La Commission se réunit.", "BRUXELLES", "LOC"),
        ("NOVALYS, 3 mars - Le groupe recrute.", "NOVALYS", "ORG"),  # no place
        ("Le club MARSEILLE, dit-on, recrute.", "MARSEILLE", "ORG"),  # not at the head of a paragraph
    ],
)
def test_a_place_at_the_head_of_a_dateline(nlp: Language, body: str, name: str, label: str) -> None:
    assert {m.label for m in mentions_with(nlp, body, {name: "ORG"}) if m.text == name} == {label}


def test_a_surname_is_found_and_is_the_person(nlp: Language) -> None:
    mentions = mentions_with(nlp, STARTUP, {"Paul Armand": "PER"})
    armand = [m for m in mentions if "Armand" in m.text]
    assert len(armand) == 3
    assert {(m.label, m.name, m.entity_id) for m in armand} == {("PER", "Paul Armand", armand[0].entity_id)}


def test_one_label_per_name(nlp: Language) -> None:
    body = "Léa Vautrin parle. Plus tard, Vautrin insiste. Le maire répond à Vautrin."
    assert {m.label for m in mentions_with(nlp, body, {"Léa Vautrin": "PER", "Vautrin": "LOC"})} == {"PER"}
    body = "Vautrin brûle. Les pompiers de Vautrin sont là."
    assert {m.label for m in mentions_with(nlp, body, {"Vautrin": "LOC"})} == {"LOC"}


@pytest.mark.parametrize(
    ("body", "mark", "label"),
    [
        ("Il dénonce un coup d'État.", "État", "LOC"),
        ("Les Français ont voté.", "Français", "LOC"),
        ("L'athlète a battu une Danoise hier.", "Danoise", "LOC"),
        ("La réunion a eu lieu Vendredi soir.", "Vendredi", "LOC"),
        ("Ils crient leur colère #chaos partout.", "chaos", "MISC"),
        ("Le groupe A joue demain.", "A", "LOC"),
        ("des investisseurs, Employés et dirigeants ; les employés attendent.", "Employés", "ORG"),
        ("- Négocier avec la direction, puis partir.", "Négocier", "PER"),
        ("Interrogé par les juges, il se tait.", "Interrogé", "LOC"),
    ],
)
def test_junk_is_no_mention(nlp: Language, body: str, mark: str, label: str) -> None:
    assert mark not in [m.text for m in mentions_with(nlp, body, {mark: label})]
    assert mark not in [m.text for m in mentions_of(nlp, body)]


@pytest.mark.parametrize(
    ("body", "mark", "label"),
    [
        ("L'État islamique revendique l'attaque.", "État islamique", "ORG"),
        ("Elle vit en Suisse.", "Suisse", "LOC"),
        ("Carter parle. Le public attend que Carter se taise.", "Carter", "PER"),
        ("La CGT proteste.", "CGT", "ORG"),
        ("La sonde s'est posée sur Mars.", "Mars", "LOC"),
    ],
)
def test_what_looks_like_junk_and_is_a_name(nlp: Language, body: str, mark: str, label: str) -> None:
    assert (mark, label) in [(m.text, m.label) for m in mentions_with(nlp, body, {mark: label})]


@pytest.mark.parametrize(
    ("body", "mark", "label", "wanted"),
    [
        ("Une panne à l'aéroport d'Orly ce matin.", "aéroport d'Orly", "LOC", "Orly"),
        ("Il a vu M. Ferrand hier.", "M. Ferrand", "PER", "Ferrand"),
        ("Le titre revient à la Danoise Karen Holm.", "Danoise Karen Holm", "LOC", "Karen Holm"),
        ("Elle vit en Chine depuis dix ans.", "en Chine", "LOC", "Chine"),
        ("Il cite Jean Ferrand, maire.", "Jean Ferrand,", "PER", "Jean Ferrand"),
        ("Un vol parti de l'île de Ré.", "île de Ré", "LOC", "île de Ré"),
        ("Elle relit de Gaulle le soir.", "de Gaulle", "PER", "de Gaulle"),
    ],
)
def test_bounds(nlp: Language, body: str, mark: str, label: str, wanted: str) -> None:
    assert [m.text for m in mentions_with(nlp, body, {mark: label})] == [wanted]


def test_the_name_in_front_of_its_acronym_is_whole(nlp: Language) -> None:
    body = "La Fédération nationale des bergers alpins (FNBA) proteste. La FNBA réclame une aide."
    assert told(mentions_with(nlp, body, {"FNBA": "LOC", "Fédération nationale": "ORG"})) == [
        ("Fédération nationale des bergers alpins", "ORG", "Fédération nationale des bergers alpins"),
        ("FNBA", "ORG", "Fédération nationale des bergers alpins"),
        ("FNBA", "ORG", "Fédération nationale des bergers alpins"),
    ]


def test_hyphens_hold_a_name_together(nlp: Language) -> None:
    assert [m.text for m in mentions_with(nlp, "Le groupe Arlon-Visotte ferme.", {"Arlon": "ORG"})] == ["Arlon-Visotte"]
    both = mentions_with(nlp, "L'accord Canada-UE est signé.", {"Canada": "LOC", "UE": "ORG"})
    assert [m.text for m in both] == ["Canada", "UE"]


def test_a_particle_belongs_to_the_surname(nlp: Language) -> None:
    body = "Le prix revient à Jeanne Aubry de Kerguélan, sculptrice."
    assert [m.text for m in mentions_with(nlp, body, {"Jeanne Aubry": "PER"})] == ["Jeanne Aubry de Kerguélan"]
    body = "C'est la décision de Jeanne Aubry de Nantes, dit-on."
    assert mentions_with(nlp, body, {"Jeanne Aubry": "PER"})[0].text == "Jeanne Aubry"


def test_names_run_together_are_parted(nlp: Language) -> None:
    mentions = mentions_with(nlp, "Candidats : Jean Ferrand Louis Barrot.", {"Jean Ferrand Louis Barrot": "PER"})
    assert [m.text for m in mentions] == ["Jean Ferrand", "Louis Barrot"]


def test_a_part_of_a_longer_name_is_not_propagated(nlp: Language) -> None:
    body = "Paris se prépare. Le magazine Paris Lumière en parle."
    mentions = mentions_with(nlp, body, {"Paris Lumière": "ORG"})
    assert [m.text for m in mentions] == ["Paris Lumière"]


def test_the_real_model_on_a_short_story(nlp: Language) -> None:
    mentions = mentions_of(nlp, "Emmanuel Macron a rencontré Angela Merkel à Berlin. Macron a parlé de l'ONU avec Merkel.")
    assert told(mentions) == [
        ("Emmanuel Macron", "PER", "Emmanuel Macron"),
        ("Angela Merkel", "PER", "Angela Merkel"),
        ("Berlin", "LOC", "Berlin"),
        ("Macron", "PER", "Emmanuel Macron"),
        ("ONU", "ORG", "Organisation des Nations unies"),
        ("Merkel", "PER", "Angela Merkel"),
    ]


def test_only_prose_has_mentions(nlp: Language) -> None:
    mentions = mentions_of(nlp, "Le Sénat a voté à Paris.", title="Vote à Lyon", hashtags="#Paris #Macron")
    assert {m.text for m in mentions} == {"Lyon", "Sénat", "Paris"}
    assert all("#" not in m.text for m in mentions)


def test_ids_do_not_depend_on_the_article(nlp: Language) -> None:
    one = mentions_of(nlp, "Angela Merkel est arrivée à Berlin.")
    two = mentions_of(nlp, "Hier, à Berlin, on attendait Angela Merkel. Merkel est venue.")
    ids = {m.name: m.entity_id for m in one}
    assert all(ids[m.name] == m.entity_id for m in two)
    assert len({m.mention_id for m in one + two}) == len(one) + len(two)


def test_typographic_apostrophes_are_kept_in_the_text(nlp: Language) -> None:
    (mention,) = mentions_of(nlp, "Le col de l’Iseran sera fermé, selon Yann L’Hénoret.")[-1:]
    assert mention.text == "Yann L’Hénoret"


def test_an_article_without_prose(nlp: Language) -> None:
    article = Article("a", "a.txt", "2024-03-01", (Region(RegionKind.HEADER, 0, 10),))
    assert recognise(nlp("2024-03-01"), article) == ()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(alphabet=st.sampled_from("aéÀ' -’().!,;#@«»\n12MParisLe"), max_size=80))
def test_whatever_the_text_mentions_are_ordered_apart_and_true(nlp: Language, text: str) -> None:
    mentions = mentions_of(nlp, f"Jean Ferrand à Paris. {text} ONU (Organisation des Nations unies)")
    full = f"Jean Ferrand à Paris. {text} ONU (Organisation des Nations unies)"
    ends = 0
    for mention in mentions:
        assert mention.start >= ends
        assert mention.text == full[mention.start : mention.end] and mention.text.strip()
        ends = mention.end

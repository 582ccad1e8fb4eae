"""Canonical names: short to full, namesakes apart, organisations under one name."""

from __future__ import annotations

import pytest
from spacy.language import Language

from pipeline.entities.canonicalise import key
from tests.entities.helpers import mentions_with, told


def names(nlp: Language, body: str, marks: dict[str, str]) -> list[str]:
    return [mention.name for mention in mentions_with(nlp, body, marks)]


def test_a_surname_with_particle(nlp: Language) -> None:
    body = "Bruno Le Maire a parlé. M. Le Maire a insisté. Dominique de Villepin écoute ; Villepin approuve."
    assert names(nlp, body, {"Bruno Le Maire": "PER", "Dominique de Villepin": "PER"}) == [
        *["Bruno Le Maire"] * 2,
        *["Dominique de Villepin"] * 2,
    ]


def test_a_capital_particle_that_the_model_cut(nlp: Language) -> None:
    body = "Thomas De Brauwer gagne. Le public acclame De Brauwer."
    assert told(mentions_with(nlp, body, {"Thomas De Brauwer": "PER"}))[-1] == ("De Brauwer", "PER", "Thomas De Brauwer")


def test_two_persons_of_one_surname_are_kept_apart(nlp: Language) -> None:
    body = "Marine Rocher a gagné. Rocher a souri. Puis Claude Rocher est arrivé. Rocher a pleuré."
    assert names(nlp, body, {"Marine Rocher": "PER", "Claude Rocher": "PER"}) == [
        *["Marine Rocher"] * 2,
        *["Claude Rocher"] * 2,
    ]


def test_a_title_tells_namesakes_apart(nlp: Language) -> None:
    body = "Marine Rocher et Claude Rocher sont là. Mme Rocher parle, M. Rocher se tait."
    assert names(nlp, body, {"Marine Rocher": "PER", "Claude Rocher": "PER"})[2:] == ["Marine Rocher", "Claude Rocher"]


def test_a_bare_surname_is_the_protagonist(nlp: Language) -> None:
    body = "Jean Rocher, Jean Rocher encore, toujours Jean Rocher. Son épouse Lise Rocher se tait. Rocher nie."
    assert names(nlp, body, {"Jean Rocher": "PER", "Lise Rocher": "PER"})[-1] == "Jean Rocher"


def test_a_family_is_no_one_person(nlp: Language) -> None:
    body = "Jean Rocher et Lise Rocher ont disparu. La famille Rocher est sous le choc."
    assert names(nlp, body, {"Jean Rocher": "PER", "Lise Rocher": "PER"})[-1] == "Rocher"


def test_a_surname_before_its_full_name(nlp: Language) -> None:
    assert names(nlp, "Sturm démissionne. Nicole Sturm l'a dit.", {"Nicole Sturm": "PER"}) == ["Nicole Sturm"] * 2


def test_a_first_name_alone(nlp: Language) -> None:
    body = "Hélène Marchetti dirige l'usine. Ses collègues apprécient Hélène."
    assert names(nlp, body, {"Hélène Marchetti": "PER", "Hélène": "PER"}) == ["Hélène Marchetti"] * 2


def test_the_pope_is_not_the_president(nlp: Language) -> None:
    body = "François Hollande reçoit le pape François. François a béni la foule."
    assert names(nlp, body, {"François Hollande": "PER", "pape François": "PER", "François": "PER"}) == [
        "François Hollande",
        "pape François",
        "pape François",
    ]


def test_spellings_of_one_name(nlp: Language) -> None:
    body = "Recep Tayyip Erdoğan arrive. Recep Tayyip Erdogan repart. Erdogan parle. Recep Tayyip Erdoğan dort."
    marks = {"Recep Tayyip Erdoğan": "PER", "Recep Tayyip Erdogan": "PER", "Erdogan": "PER"}
    assert set(names(nlp, body, marks)) == {"Recep Tayyip Erdoğan"}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ONU", "Organisation des Nations unies"),
        ("Nations unies", "Organisation des Nations unies"),
        ("Daech", "État islamique"),
        ("SNCF", "Société nationale des chemins de fer français"),
        ("Novalys SARL", "Novalys"),
        ("Novalys", "Novalys"),
    ],
)
def test_organisations(nlp: Language, text: str, name: str) -> None:
    assert names(nlp, f"On attend la réponse de {text} demain.", {text: "ORG"}) == [name]


def test_the_article_defines_its_own_acronyms(nlp: Language) -> None:
    body = "Le Parti solidaire (PS) se réunit. Le PS vote demain."
    assert names(nlp, body, {"PS": "ORG"})[-1] == "Parti solidaire"


def test_keys() -> None:
    assert key("ORG", "Open AI") == key("ORG", "OpenAI")
    assert key("PER", "Jean-Luc Ampère") == key("PER", "jean luc Ampere")
    assert key("PER", "Le Pen") != key("PER", "Lepen")

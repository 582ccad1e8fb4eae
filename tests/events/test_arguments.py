"""Who, to whom, what and where: the arguments of events, run through the real pipeline."""

from __future__ import annotations

from datetime import datetime

import pytest
from spacy.language import Language

from pipeline.extract import extract_parsed
from pipeline.nlp import parse
from pipeline.records import Article, Event, Region, RegionKind, content_id

# (text, trigger, role, argument)
CASES = [
    ("La police a arrêté deux hommes à Rennes.", "arrêté", "actor", "La police"),
    ("La police a arrêté deux hommes à Rennes.", "arrêté", "place", "Rennes"),
    ("Le suspect a été interpellé dans un autobus.", "interpellé", "place", "un autobus"),
    ("Le ministre de la Santé, Paul Martin, a déclaré que la grippe reculait.", "déclaré", "actor", "Paul Martin"),
    ("La mairie a fermé trois gymnases en janvier.", "fermé", "theme", "trois gymnases"),
    ("Le gouvernement a annoncé que la taxe serait supprimée.", "annoncé", "theme", "la taxe serait supprimée"),
    ("Trois hommes ont été mis en examen pour meurtre.", "meurtre", "actor", "Trois hommes"),
    ("Une bombe a explosé à Bagdad, tuant douze personnes.", "explosé", "place", "Bagdad"),
    ("Paul Martin a rencontré des élus. « La loi passera », a-t-il déclaré.", "déclaré", "actor", "Paul Martin"),
    pytest.param(
        *("Les voisins ont alerté des gendarmes. Ces derniers ont arrêté le voleur.", "arrêté", "actor", "gendarmes"),
        marks=pytest.mark.xfail(strict=True, reason="the gendarmes are found, but taken for those who are arrested"),
    ),
    ("« C'est un verdict injuste », a annoncé mardi Me Pauline Arnoux.", "annoncé", "actor", "Pauline Arnoux"),
    ("Les habitants sont invités par le préfet à quitter leurs maisons.", "invités", "actor", "préfet"),
    # The first person of a quotation is its speaker.
    ("« Je quitte mes fonctions », a déclaré Anne Roux.", "quitte", "actor", "Anne Roux"),
    ("« J’ai démissionné », explique Anne Roux.", "démissionné", "actor", "Anne Roux"),
    ("Anne Roux a annoncé : « Je démissionne de mes fonctions. »", "démissionne", "actor", "Anne Roux"),
    ("« Ma démission sera effective lundi », a précisé Anne Roux.", "démission", "actor", "Anne Roux"),
    ("« J'ai été agressé par deux hommes », raconte Karim Benali.", "agressé", "recipient", "Karim Benali"),
    ("« Deux hommes m'ont agressé », raconte Karim Benali.", "agressé", "recipient", "Karim Benali"),
    ("« J'ai signé l'accord à Genève », a expliqué la ministre.", "signé", "actor", "la ministre"),
    (
        "La ministre de la Santé, Anne Roux, a été claire. « Je démissionne aujourd'hui », a-t-elle déclaré.",
        *("démissionne", "actor", "Anne Roux"),
    ),
    (
        "« La ville doit changer », a annoncé Paul Martin. « J'ai rencontré le préfet lundi. »",
        *("rencontré", "actor", "Paul Martin"),
    ),
]

# (text, trigger, role that stays empty)
EMPTY = [
    ("Un cessez-le-feu de trois jours a été conclu mardi entre l'armée et les rebelles.", "cessez-le-feu", "theme"),
    ("Le porte-parole du groupe a déclaré lundi que les ventes reculaient en Espagne.", "déclaré", "place"),
    ("Le préfet se rend sur place.", "rend", "place"),
    ("« Je quitte mes fonctions », peut-on lire sur une affiche.", "quitte", "actor"),
    ("« Nous avons peur. Je démissionne », disent les élus.", "démissionne", "actor"),
    ("Anne Roux a parlé à la presse. Je démissionne demain de mes fonctions.", "démissionne", "actor"),
]


def _event(nlp: Language, body: str, trigger: str) -> Event:
    title = "Les nouvelles du jour"
    text = f"{title}\n\n{body}"
    regions = (Region(RegionKind.TITLE, 0, len(title)), Region(RegionKind.BODY, len(title) + 2, len(text)))
    article = Article(content_id("test", text), "test.txt", text, regions, published=datetime(2024, 3, 12))
    events = extract_parsed(article, next(iter(parse(nlp, [article])))).events
    found = [event for event in events if event.trigger == trigger]
    assert found, f"no event at {trigger!r}; found {[event.trigger for event in events]}"
    return found[0]


@pytest.mark.parametrize(("text", "trigger", "role", "wanted"), CASES)
def test_argument(nlp: Language, text: str, trigger: str, role: str, wanted: str) -> None:
    """The role is filled by the phrase, or by a phrase that holds it."""
    event = _event(nlp, text, trigger)
    filled = [participant.text for participant in event.participants if participant.role == role]
    assert any(wanted in each for each in filled), [(p.role, p.text, p.method) for p in event.participants]


@pytest.mark.parametrize(("text", "trigger", "role"), EMPTY)
def test_empty_role(nlp: Language, text: str, trigger: str, role: str) -> None:
    """A role that the text does not fill stays empty."""
    assert not [participant for participant in _event(nlp, text, trigger).participants if participant.role == role]

"""Is it so? Sentences of every kind of operator, run through the real pipeline."""

from __future__ import annotations

from datetime import datetime

import pytest
from spacy.language import Language

from pipeline.extract import extract_parsed
from pipeline.nlp import parse
from pipeline.records import Article, Event, Region, RegionKind, content_id

# (sentence, trigger, status)
CASES = [
    ("Le maire de Brest a démissionné.", "démissionné", "asserted"),
    ("Les tensions persistent, mais le maire de Brest n'a pas démissionné.", "démissionné", "negated"),
    ("La police n'a procédé à aucune arrestation.", "arrestation", "negated"),
    ("La police n'a arrêté que deux manifestants.", "arrêté", "asserted"),
    ("Le pilote n'a pas survécu.", "survécu", "asserted"),
    ("Le ministre a refusé de démissionner.", "démissionner", "negated"),
    ("Le gouvernement a annulé la visite du président à Rome.", "visite", "negated"),
    ("Deux hommes ont tenté d'assassiner le juge.", "assassiner", "attempted"),
    ("La police a déjoué un attentat à Lyon.", "attentat", "attempted"),
    ("Le directeur de la banque aurait démissionné.", "démissionné", "hearsay"),
    ("L'Allemand Jan Frodeno établit un nouveau record de vitesse.", "record", "asserted"),  # no future, whatever the tagger says
    ("Il est soupçonné d'avoir assassiné sa voisine.", "assassiné", "hearsay"),
    ("Trois hommes ont été mis en examen pour meurtre.", "meurtre", "hearsay"),
    ("Le parlement votera la loi sur l'eau.", "votera", "planned"),
    ("Le groupe va racheter son concurrent italien.", "racheter", "planned"),
    ("Le ministre devrait rencontrer les syndicats.", "rencontrer", "planned"),
    ("Les enquêteurs ont pu arrêter le suspect.", "arrêter", "asserted"),
    ("Le constructeur pourrait fermer son usine de Douai.", "fermer", "possible"),
    ("Si le ministre démissionne, le gouvernement tombera.", "démissionne", "possible"),
    ("Les syndicats menacent de manifester devant la préfecture.", "manifester", "possible"),
    ("L'opposition demande la démission du ministre.", "démission", "requested"),
    ("Selon la police, le suspect a été arrêté.", "arrêté", "reported"),
    ("Le porte-parole a déclaré que le suspect avait été arrêté.", "arrêté", "reported"),
    ("Le camion a percuté un arbre, a déclaré le procureur.", "percuté", "reported"),
    ("« Le suspect a été arrêté à Lille », a précisé le préfet.", "arrêté", "reported"),
    ("« Le suspect a été arrêté à Lille », a précisé le préfet.", "précisé", "asserted"),
    ("Le ministre a annoncé qu'il démissionnerait.", "démissionnerait", "planned"),
    ("Des experts ont été envoyés pour négocier un accord.", "négocier", "planned"),
    ("Une visite prévue à Rome inquiète ses proches.", "visite", "planned"),
    ("Le projet est suspendu à la suite de l'attentat de Lyon.", "attentat", "asserted"),
    ("Le juge est mort dans un attentat, rapporte la radio publique.", "mort", "reported"),
]

# (title, trigger, status)
TITLES = [
    ("Vers une démission du ministre ?", "démission", "possible"),
    ("Le ministre démissionne", "démissionne", "asserted"),
]


def _article(title: str, body: str) -> Article:
    text = f"{title}\n\n{body}"
    regions = (Region(RegionKind.TITLE, 0, len(title)), Region(RegionKind.BODY, len(title) + 2, len(text)))
    return Article(content_id("test", text), "test.txt", text, regions, published=datetime(2024, 3, 12))


def _event(nlp: Language, article: Article, trigger: str) -> Event:
    events = extract_parsed(article, next(iter(parse(nlp, [article])))).events
    found = [event for event in events if event.trigger == trigger]
    assert found, f"no event at {trigger!r}; found {[event.trigger for event in events]}"
    return found[0]


@pytest.mark.parametrize(("sentence", "trigger", "status"), CASES)
def test_status(sentence: str, trigger: str, status: str, nlp: Language) -> None:
    assert _event(nlp, _article("En bref", sentence), trigger).status == status


@pytest.mark.parametrize(("title", "trigger", "status"), TITLES)
def test_status_in_title(title: str, trigger: str, status: str, nlp: Language) -> None:
    assert _event(nlp, _article(title, "Rien de plus."), trigger).status == status


def test_polarity_and_attribution(nlp: Language) -> None:
    article = _article("En bref", "Selon Marie Dupont, le suspect n'a pas été arrêté.")
    event = _event(nlp, article, "arrêté")
    assert (event.status, event.polarity) == ("negated", "negative")
    assert event.attribution is not None and "Dupont" in event.attribution


def test_a_date_to_come_makes_a_plan(nlp: Language) -> None:
    article = _article("En bref", "Le directeur quitte ses fonctions le 2 avril 2024.")
    assert _event(nlp, article, "quitte").status == "planned"

"""When did it happen? Own dates, intervals, and what undated mentions inherit, run through the real pipeline."""

from __future__ import annotations

from datetime import datetime

import pytest
from spacy.language import Language

from pipeline.extract import extract_parsed
from pipeline.nlp import parse
from pipeline.records import Article, Event, Region, RegionKind, content_id

TITLE = "En bref"

# (body, trigger, first day, last day, source); the articles are of Tuesday 12 March 2024
CASES = [
    ("Le maire de Brest a démissionné lundi.", "démissionné", "2024-03-11", "2024-03-11", "dependency"),
    ("Samedi, à Lille, un homme armé a attaqué deux passants.", "attaqué", "2024-03-09", "2024-03-09", None),
    (
        "Le ministre a démissionné dimanche. Sa démission a surpris ses proches.",
        "démission",
        "2024-03-10",
        "2024-03-10",
        "discourse",
    ),
    ("Le suspect est en garde à vue depuis le 4 mars.", "garde", "2024-03-04", "2024-03-12", None),
    ("Le ministre affirme que la loi est bonne.", "affirme", "2024-03-12", "2024-03-12", "document"),
    (
        "Un attentat a frappé Lyon vendredi.\n\nLe maire a dénoncé un acte lâche.",
        "dénoncé",
        "2024-03-08",
        "2024-03-12",
        "discourse",
    ),
    (
        "Un incendie s'est déclaré dans la nuit de samedi à dimanche, à 0 h 47, dans un entrepôt de Lille.",
        "incendie",
        "2024-03-10",
        "2024-03-10",
        None,
    ),
    ("Le groupe va racheter son concurrent italien.", "racheter", None, None, None),
    (
        "Une tempête a frappé Nantes lundi, neuf ans après l'attentat du 14 mai 2015.",
        "attentat",
        "2015-05-14",
        "2015-05-14",
        "dependency",
    ),
    (
        "Une explosion a tué le gardien dimanche.\n\nLa police a ouvert une enquête.",
        "enquête",
        "2024-03-10",
        "2024-03-12",
        "discourse",
    ),
]


def _article(title: str, body: str) -> Article:
    text = f"{title}\n\n{body}"
    regions = (Region(RegionKind.TITLE, 0, len(title)), Region(RegionKind.BODY, len(title) + 2, len(text)))
    return Article(content_id("test", text), "test.txt", text, regions, published=datetime(2024, 3, 12))


def _event(nlp: Language, article: Article, trigger: str, nth: int = 0) -> Event:
    events = extract_parsed(article, next(iter(parse(nlp, [article])))).events
    found = [event for event in events if event.trigger == trigger]
    assert len(found) > nth, f"no event at {trigger!r}; found {[event.trigger for event in events]}"
    return found[nth]


def _days(event: Event) -> tuple[str | None, str | None]:
    return (event.date_start.isoformat() if event.date_start else None, event.date_end.isoformat() if event.date_end else None)


@pytest.mark.parametrize(("body", "trigger", "first", "last", "source"), CASES)
def test_date(body: str, trigger: str, first: str | None, last: str | None, source: str | None, nlp: Language) -> None:
    event = _event(nlp, _article(TITLE, body), trigger)
    assert _days(event) == (first, last)
    if source is not None:
        assert event.date_source == source


def test_the_title_takes_the_date_of_the_lead(nlp: Language) -> None:
    article = _article("Attentat à Lyon", "Un attentat a fait trois morts samedi à Lyon.")
    assert _days(_event(nlp, article, "Attentat")) == ("2024-03-09", "2024-03-09")


def test_the_date_of_the_telling_is_not_that_of_the_told(nlp: Language) -> None:
    article = _article(TITLE, "Le ministre a annoncé lundi qu'il démissionnerait.")
    assert _days(_event(nlp, article, "annoncé")) == ("2024-03-11", "2024-03-11")
    assert _days(_event(nlp, article, "démissionnerait")) == (None, None)


def test_the_dateline_dates_no_event(nlp: Language) -> None:
    text = "12 mars 2024. – Le maire a été arrêté dimanche."
    regions = (Region(RegionKind.DATELINE, 0, 15), Region(RegionKind.BODY, 16, len(text)))
    article = Article(content_id("test", text), "test.txt", text, regions, published=datetime(2024, 3, 12))
    assert _days(_event(nlp, article, "arrêté")) == ("2024-03-10", "2024-03-10")


def test_without_a_publication_date_nothing_is_guessed(nlp: Language) -> None:
    text = "Le maire de Brest a démissionné."
    article = Article(content_id("test", text), "test.txt", text, (Region(RegionKind.BODY, 0, len(text)),))
    event = _event(nlp, article, "démissionné")
    assert _days(event) == (None, None)


def test_value_fits_the_days(nlp: Language) -> None:
    article = _article(TITLE, "Une explosion a tué le gardien dimanche.\n\nLa police a ouvert une enquête.")
    assert _event(nlp, article, "enquête").date_value == "2024-03-10/2024-03-12"

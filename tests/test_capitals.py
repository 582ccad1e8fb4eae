"""Headlines in capitals: what the parser reads in their place, and what comes of it."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pipeline
from pipeline.capitals import recase

_BODY = (
    "Mardi, une explosion a fait trois morts à Valence. La ville de Valence est en deuil, a dit l'ONU. "
    "La sûreté du site était menacée, selon Anne Roux, élue de Haute-Loire."
)
_VOCABULARY = frozenset({"a", "dans", "dit", "et", "la", "mi-temps", "une", "Lyon", "SNCF"})


def _small(headline: str, body: str = _BODY) -> str:
    return recase(f"{headline}\n\n{body}", _VOCABULARY.__contains__).split("\n")[0]


@pytest.mark.parametrize(
    ("headline", "read"),
    [
        ("UNE EXPLOSION À VALENCE", "Une explosion à Valence"),
        ("VALENCE : LA SURETE MENACEE", "Valence : la sûreté menacée"),
        ("L'ONU EN DEUIL, DIT ANNE ROUX", "L'ONU en deuil, dit Anne Roux"),
        ("LYON ET LA SNCF DANS LA VILLE", "Lyon et la SNCF dans la ville"),
        ("EN HAUTE-LOIRE, TROIS MORTS", "En Haute-Loire, trois morts"),
        ("« MARDI, UNE VILLE EN DEUIL »", "« Mardi, une ville en deuil »"),
        ("BREST ONU", "BREST ONU"),
        ("3-1 A LA MI-TEMPS", "3-1 A la mi-temps"),
        ("Une EXPLOSION à VALENCE", "Une EXPLOSION à VALENCE"),
    ],
)
def test_a_headline_is_written_as_the_article_writes_its_words(headline: str, read: str) -> None:
    assert _small(headline) == read


@given(st.text(alphabet=st.sampled_from("AÀÉÎŒÆß ıİǅ-'’\nbé.12"), max_size=60))
def test_no_character_moves(text: str) -> None:
    assert len(recase(text, lambda word: False)) == len(text)


def test_capitals_hide_no_event_and_no_name() -> None:
    headline = "LE MINISTRE PAUL MARTEL DÉMISSIONNE APRÈS LA FUSILLADE DE NANTES"
    body = (
        "Le ministre de l'Intérieur, Paul Martel, a démissionné mardi, deux jours après la fusillade de Nantes. "
        "Paul Martel était en poste depuis un an."
    )
    found = pipeline.extract(f"{headline}\n\n{body}", published=datetime(2024, 3, 12))
    told = {(event.trigger, event.event_type) for event in found.events if event.start < len(headline)}
    assert ("DÉMISSIONNE", "resignation") in told
    names = {(mention.text, mention.name, mention.label) for mention in found.mentions if mention.start < len(headline)}
    assert names == {("PAUL MARTEL", "Paul Martel", "PER"), ("NANTES", "Nantes", "LOC")}

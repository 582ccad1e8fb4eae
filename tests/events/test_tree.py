"""The plain copy of a parsed text says what spaCy says."""

from __future__ import annotations

import gc
from datetime import datetime

import numpy as np
import pytest
from spacy.language import Language
from spacy.tokens import Doc as SpacyDoc

from pipeline.events.tree import Doc, text_of
from pipeline.nlp import parse
from pipeline.records import Article, Region, RegionKind, content_id

TEXT = (
    "Le maire de Brest, Yann Le Goff, a démissionné mardi, a-t-il dit. « Rien n'est décidé », avait pourtant dit son adjointe "
    "lundi soir : 2 500 personnes, dont la moitié venues de Quimper, avaient manifesté.\nUne enquête est ouverte."
)


@pytest.fixture(scope="module")
def source(nlp: Language) -> SpacyDoc:
    region = Region(RegionKind.BODY, 0, len(TEXT))
    article = Article(content_id("test", TEXT), "test.txt", TEXT, (region,), published=datetime(2024, 3, 12))
    return next(parse(nlp, [article]))


_ATTRIBUTES = "i idx text lower_ pos_ dep_ is_space is_lower is_punct like_num is_sent_start whitespace_".split()


@pytest.mark.parametrize("name", _ATTRIBUTES)
def test_tokens_have_the_same_attributes(name: str, source: SpacyDoc) -> None:
    assert [getattr(token, name) for token in Doc(source)] == [getattr(token, name) for token in source]


def test_lemmas_are_in_small_letters(source: SpacyDoc) -> None:
    assert [token.lemma for token in Doc(source)] == [token.lemma_.lower() for token in source]


def test_tokens_hang_the_same_way(source: SpacyDoc) -> None:
    for token, other in zip(Doc(source), source, strict=True):
        assert token.head.i == other.head.i
        assert [child.i for child in token.children] == [child.i for child in other.children]
        assert [child.i for child in token.lefts] == [child.i for child in other.lefts]
        assert sorted(node.i for node in token.subtree) == sorted(node.i for node in other.subtree)
        assert [node.i for node in token.ancestors] == [node.i for node in other.ancestors]
        assert (token.left_edge.i, token.right_edge.i) == (other.left_edge.i, other.right_edge.i)
        assert (token.sent.start, token.sent.end, token.sent.text) == (other.sent.start, other.sent.end, other.sent.text)
        assert token.morph == {name: other.morph.get(name) for name in other.morph.to_dict()}


def test_spans_slice_as_lists_do(source: SpacyDoc) -> None:
    doc = Doc(source)
    sentence = doc.sents[0]
    assert [token.i for token in sentence[1:4]] == [token.i for token in list(sentence)[1:4]]
    assert sentence[-1].i == sentence.end - 1
    assert text_of(doc[2:5]) == source[2:5].text
    with pytest.raises(IndexError):
        doc[0].nbor(-1)


def test_vectors_are_those_of_the_model(source: SpacyDoc) -> None:
    doc = Doc(source)
    assert np.array_equal(doc.vectors(range(len(doc))), [token.vector for token in source])
    assert doc.vectors([]).shape == (0, source.vocab.vectors_length)


def test_an_empty_text_has_no_sentences(nlp: Language) -> None:
    doc = Doc(nlp.make_doc(""))
    assert (len(doc), doc.sents) == (0, [])


def test_a_dissolved_text_leaves_nothing_to_collect(source: SpacyDoc) -> None:
    gc.collect()
    gc.disable()
    try:
        Doc(source).dissolve()
        assert gc.collect() == 0
    finally:
        gc.enable()

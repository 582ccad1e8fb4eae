"""Every example and counterexample of the ontology, run through the real pipeline."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

import pytest
from spacy.language import Language

from pipeline.config import Config
from pipeline.events import load_ontology
from pipeline.extract import extract_parsed
from pipeline.nlp import parse
from pipeline.records import Article, Extraction, Region, RegionKind, content_id

MIN_EXAMPLES = 5
FLOOR = Config().min_confidence
_MARK = re.compile(r"\[([^\]]+)\]")


def _cases() -> Iterator[tuple[str, str, bool]]:
    for event_type in load_ontology().types.values():
        yield from ((event_type.type_id, text, True) for text in event_type.examples)
        yield from ((event_type.type_id, text, False) for text in event_type.counterexamples)


CASES = list(_cases())


def _article(text: str) -> Article:
    region = Region(RegionKind.BODY, 0, len(text))
    return Article(content_id("test", text), "test.txt", text, (region,), published=datetime(2024, 3, 12))


@pytest.fixture(scope="module")
def extractions(nlp: Language) -> dict[str, Extraction]:
    articles = [_article(_MARK.sub(r"\1", text)) for _, text, _ in CASES]
    return {article.text: extract_parsed(article, doc) for article, doc in zip(articles, parse(nlp, articles), strict=True)}


@pytest.mark.parametrize(("type_id", "text", "wanted"), CASES, ids=[f"{t}-{'yes' if w else 'no'}-{s[:40]}" for t, s, w in CASES])
def test_example(type_id: str, text: str, wanted: bool, extractions: dict[str, Extraction]) -> None:
    plain = _MARK.sub(r"\1", text)
    table = [event for event in extractions[plain].events if event.confidence >= FLOOR]
    found = [event for event in table if event.event_type == type_id]
    if not wanted:
        assert not found, f"{type_id} fired on {[e.trigger for e in found]} by {[e.rule_id for e in found]}"
        return
    marks = [match.start() - 2 * index for index, match in enumerate(_MARK.finditer(text))]
    missing = [plain[mark : mark + 15] for mark in marks if not any(event.start <= mark < event.end for event in found)]
    assert marks and not missing, f"{type_id} not found at {missing}; found {[(e.trigger, e.event_type) for e in table]}"


@pytest.mark.parametrize("type_id", sorted(load_ontology().types))
def test_type_has_enough_examples(type_id: str) -> None:
    event_type = load_ontology().types[type_id]
    assert len(event_type.examples) >= MIN_EXAMPLES
    assert len(event_type.counterexamples) >= MIN_EXAMPLES

"""What all tests share: the real language model, loaded once."""

from __future__ import annotations

import pytest
from spacy.language import Language

import pipeline.nlp


@pytest.fixture(scope="session")
def nlp() -> Language:
    """fr_core_news_md as the pipeline uses it."""
    return pipeline.nlp.load()

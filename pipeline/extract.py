"""Composes the stages for one article: parse, entities, dates, events."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from spacy.language import Language
from spacy.tokens import Doc

from pipeline import dates, entities, events, ingest, nlp
from pipeline.config import Config
from pipeline.records import Article, DateMention, Extraction, Failure, Mention

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Models:
    """What a process loads once: the language model and the options that extraction depends on."""

    language: Language
    config: Config


def load_models(config: Config) -> Models:
    """Load the language model that `config` names.

    Raises:
        ModelError: it is missing or of another version.
    """
    return Models(nlp.load(config.model, ner=config.ner), config)


def extract(text: str, *, published: datetime | None = None, models: Models | None = None) -> Extraction:
    """All that one text yields: a convenience for notebooks.

    Args:
        text: the article, title and all; its regions are found as for a file.
        published: when it appeared; without it the text's own dateline counts, else dates stay unanchored.
        models: from `load_models`; when not given the usual ones, loaded at the first call.

    Raises:
        ModelError: the language model is missing.
    """
    article = ingest.from_text(text, published=published)
    models = models or _usual_models()
    return extract_parsed(article, next(nlp.parse(models.language, [article])))


@lru_cache(maxsize=1)
def _usual_models() -> Models:
    return load_models(Config())


def extract_batch(articles: Sequence[Article], models: Models) -> Iterator[Extraction | Failure]:
    """One result per article, in order; an article whose processing fails yields a `Failure` and costs nothing but itself."""
    try:
        docs = list(nlp.parse(models.language, articles, batch_size=models.config.batch_size))
    except Exception:
        _LOG.warning("a batch of %d articles failed to parse; parsing them one by one", len(articles), exc_info=True)
        yield from (_extract_alone(article, models) for article in articles)
        return
    for article, doc in zip(articles, docs, strict=True):
        yield _guarded(article, doc, models.config)


def extract_parsed(article: Article, doc: Doc) -> Extraction:
    """Run the stages after the parser on one article."""
    mentions, found_dates = find_marks(article, doc)
    found_events, quotes = events.find(doc, article, mentions, found_dates)
    return Extraction(article, sum(not token.is_space for token in doc), mentions, found_dates, found_events, quotes)


def find_marks(article: Article, doc: Doc) -> tuple[tuple[Mention, ...], tuple[DateMention, ...]]:
    """The named entities and time expressions of one article: what the event stage goes by."""
    found_dates = dates.find(
        article.text,
        published=article.published,
        published_has_time=article.published_has_time,
        doc=doc,
        article_id=article.article_id,
        regions=article.regions,
    )
    return tuple(entities.recognise(doc, article)), tuple(found_dates)


def _extract_alone(article: Article, models: Models) -> Extraction | Failure:
    try:
        doc = next(nlp.parse(models.language, [article]))
    except Exception as error:  # the per-article boundary
        return Failure(article.source, "nlp", f"{type(error).__name__}: {error}")
    return _guarded(article, doc, models.config)


def _guarded(article: Article, doc: Doc, config: Config) -> Extraction | Failure:
    try:
        return _certain(extract_parsed(article, doc), config.min_confidence)
    except Exception as error:  # the per-article boundary
        _LOG.warning("%s: extraction failed", article.source, exc_info=True)
        return Failure(article.source, "events", f"{type(error).__name__}: {error}")


def _certain(extraction: Extraction, floor: float) -> Extraction:
    """`extraction` without the events under the confidence floor, of which only the confidence stays."""
    kept = tuple(event for event in extraction.events if event.confidence >= floor)
    return replace(extraction, events=kept, unsure=tuple(e.confidence for e in extraction.events if e.confidence < floor))

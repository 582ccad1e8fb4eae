"""Why an article yields the events it yields: what fired, which condition failed, where arguments and dates came from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from spacy.tokens import Doc

from pipeline import ingest, nlp
from pipeline.errors import CorpusError
from pipeline.events import load_ontology
from pipeline.events.learned import models as event_models
from pipeline.events.learned import words
from pipeline.events.quotes import quoted_spans
from pipeline.events.tree import Span
from pipeline.events.triggers import Candidate
from pipeline.events.view import make_view
from pipeline.extract import Models, extract_parsed
from pipeline.records import Article, Event, Extraction, Failure

UNMATCHED_SHOWN = 40
_CONTENT = frozenset({"VERB", "NOUN"})


def explain(path: Path, models: Models) -> Iterator[str]:
    """The lines that explain the articles of the file `path`, sentence by sentence.

    Raises:
        CorpusError: the file is none that the pipeline reads, or holds no article; the message says why.
    """
    for article in _articles(path, dict(models.config.fields)):
        doc = next(nlp.parse(models.language, [article]))
        extraction = extract_parsed(article, doc)
        yield f"{article.source}: published {article.published or 'unknown'} ({article.published_source or 'no clue'})"
        yield from _sentences(extraction, doc, models.config.min_confidence)


def unmatched(paths: Iterable[Path], corpus: Path, models: Models) -> list[tuple[str, str, int]]:
    """Frequent verbs and nouns that no type took: (part of speech, lemma, count), the most frequent first."""
    counts: Counter[tuple[str, str]] = Counter()
    names = dict(models.config.fields)
    articles = [read for path in paths for read in ingest.read(path, corpus, names=names) if isinstance(read, Article)]
    for article, doc in zip(articles, nlp.parse(models.language, articles), strict=True):
        extraction = extract_parsed(article, doc)
        taken = {event.start for event in extraction.events}
        named = [(mention.start, mention.end) for mention in extraction.mentions]
        for token in doc:
            inside = any(start <= token.idx < end for start, end in named)
            if token.pos_ in _CONTENT and token.is_alpha and token.idx not in taken and not inside:
                counts[token.pos_, token.lemma_.lower()] += 1
    return [(pos, lemma, count) for (pos, lemma), count in counts.most_common()]


def _corpus(path: Path) -> Path:
    """The folder that a path below the working folder begins with: in a run over it names of folders date articles too."""
    here, path = Path.cwd(), path.absolute()
    inside = path.relative_to(here).parts if path.is_relative_to(here) else ()
    return here / inside[0] if len(inside) > 1 else path.parent


def _articles(path: Path, names: Mapping[str, Sequence[str]]) -> list[Article]:
    found = list(ingest.read(path.absolute(), _corpus(path), any_language=True, names=names))
    articles = [read for read in found if isinstance(read, Article)]
    if not articles:
        reasons = "; ".join(read.error for read in found if isinstance(read, Failure))
        raise CorpusError(f"{path}: no article to explain: {reasons}.")
    return articles


def _sentences(extraction: Extraction, doc: Doc, floor: float) -> Iterator[str]:
    article = extraction.article
    view = make_view(doc, article, extraction.mentions, extraction.dates, quoted_spans(article.text))
    events = {event.start: event for event in extraction.events}
    looked = words.look(view, load_ontology())
    for sentence in view.doc.sents:
        told = [token for token in sentence if token.i in looked.tried or token.idx in events]
        if told:
            yield ""
            yield _plain(article, sentence)
        for token in told:
            if token.idx in events:
                yield from _explain_event(events[token.idx], extraction, floor)
                yield f"      because: {words.because(token, events[token.idx].event_type, looked, event_models.load().words)}"
            else:
                yield from _explain_failure(looked.tried[token.i])


def _plain(article: Article, sentence: Span) -> str:
    return " ".join(article.text[sentence.start_char : sentence.end_char].split())


def _explain_event(event: Event, extraction: Extraction, floor: float) -> Iterator[str]:
    dropped = f" - under the floor of {floor}, left out of the table" if event.confidence < floor else ""
    yield f"  + {event.trigger}: {event.event_type}, {event.status}, confidence {event.confidence}{dropped}  [{event.rule_id}]"
    for participant in event.participants:
        name = f" = {participant.name}" if participant.name and participant.name != participant.text else ""
        yield f"      {participant.role}: {participant.text}{name}  [{participant.method}]"
    expressions: Mapping[str, str] = {mark.date_id: mark.text for mark in extraction.dates}
    said = f" from {expressions[event.date_id]!r}" if event.date_id and event.date_id in expressions else ""
    yield f"      date: {event.date_value or 'unknown'}{said}  [{event.date_source or 'no clue in the text'}]"
    if event.attribution:
        yield f"      according to: {event.attribution}"


def _explain_failure(tried: Sequence[Candidate]) -> Iterator[str]:
    for candidate in tried:
        reason = (
            f"failed: {candidate.failed}"
            if candidate.failed
            else "another trigger won, or the rest of the text speaks against it"
        )
        yield f"  - {candidate.token.text}: no {candidate.trigger.event_type}, {reason}  [{candidate.trigger.rule_id}]"

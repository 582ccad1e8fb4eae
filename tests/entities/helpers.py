"""An article made of a title and a body, and its mentions."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import filter_spans

from pipeline.entities import recognise
from pipeline.nlp import parse
from pipeline.records import Article, Mention, Region, RegionKind, content_id


def article_of(body: str, title: str = "", hashtags: str = "") -> Article:
    regions, text = [], ""
    for kind, part in ((RegionKind.TITLE, title), (RegionKind.BODY, body), (RegionKind.HASHTAGS, hashtags)):
        if part:
            text += "\n\n" if text else ""
            regions.append(Region(kind, len(text), len(text) + len(part)))
            text += part
    return Article(article_id=content_id(text), source="test.txt", text=text, regions=tuple(regions))


def mentions_of(nlp: Language, body: str, title: str = "", hashtags: str = "") -> tuple[Mention, ...]:
    article = article_of(body, title, hashtags)
    return recognise(next(parse(nlp, [article])), article)


def mentions_with(nlp: Language, body: str, marks: dict[str, str], title: str = "") -> tuple[Mention, ...]:
    """The mentions when the model has marked just these texts (every occurrence): the rules alone are on trial."""
    article = article_of(body, title)
    with nlp.select_pipes(disable="ner"):
        doc = next(parse(nlp, [article]))
    doc.set_ents(filter_spans([span for text, label in marks.items() for span in _spans(doc, text, label)]))
    return recognise(doc, article)


def _spans(doc: Doc, text: str, label: str) -> list[Span]:
    found, start = [], doc.text.find(text)
    while start >= 0:
        span = doc.char_span(start, start + len(text), label=label)
        if span is not None:
            found.append(span)
        start = doc.text.find(text, start + len(text))
    return found


def told(mentions: tuple[Mention, ...]) -> list[tuple[str, str, str]]:
    return [(mention.text, mention.label, mention.name) for mention in mentions]

"""Named entities of one article: the model's spans, mended by what the whole document knows.

The model reads a few words at a time. The article knows more: that a name is the same thing wherever it stands, that
`Altman` is the Sam Altman of the first paragraph, that `ONU` was introduced as an organisation.
"""

from __future__ import annotations

from spacy.tokens import Doc

from pipeline.entities import canonicalise, locate
from pipeline.entities.gazetteer import Candidate
from pipeline.entities.rules import apply_rules
from pipeline.entities.spans import Reading, Span, model_spans, read
from pipeline.records import Article, Mention, Place, content_id


def recognise(doc: Doc, article: Article) -> tuple[Mention, ...]:
    """The entity mentions of `article`, of which `doc` is the parse, in order and without overlaps.

    Only prose is searched: title, dateline and body. `name` is the canonical name; `entity_id` is made of the label and that
    name (of places that are on the map: of the place), of nothing else, so that it is the same in every article and run.
    """
    reading = read(doc, article)
    spans = apply_rules(reading, model_spans(doc, reading))
    places = locate.locate(reading, spans)
    names = canonicalise.names(reading, spans)
    return tuple(
        _mention(article, reading, span, name, candidate) for span, name, candidate in zip(spans, names, places, strict=True)
    )


def _mention(article: Article, reading: Reading, span: Span, name: str, candidate: Candidate | None) -> Mention:
    start, end = reading.starts[span.start], reading.end_char(span)
    place = None if candidate is None else candidate.place
    if candidate is not None and candidate.rank == 0 and candidate.name:
        name = candidate.name
    return Mention(
        mention_id=content_id("mention", article.article_id, start, end, span.label),
        article_id=article.article_id,
        entity_id=content_id("entity", span.label, _key(span.label, name, place)),
        label=span.label,
        text=article.text[start:end],
        start=start,
        end=end,
        name=name,
        method=span.method,
        place=place,
    )


def _key(label: str, name: str, place: Place | None) -> str:
    """What makes the entity: its place on the map where that is known (there are many Saint-Denis), else its name."""
    if place is not None and place.geoname_id is not None:
        return f"geonames:{place.geoname_id}"
    return canonicalise.key(label, name)

"""Events: triggers with conditions, arguments, status, date, confidence; quotations; stories."""

from __future__ import annotations

from collections.abc import Sequence

import spacy.tokens

from pipeline.events.arguments import Argument
from pipeline.events.decide import Decision, decide
from pipeline.events.learned import models, rows
from pipeline.events.ontology import load_ontology
from pipeline.events.quotes import find_quotes, quoted_spans
from pipeline.events.view import View, make_view
from pipeline.records import Article, DateMention, Event, Mention, Participant, Quote, content_id

__all__ = ["find", "load_ontology"]


def find(
    doc: spacy.tokens.Doc, article: Article, mentions: Sequence[Mention], dates: Sequence[DateMention]
) -> tuple[tuple[Event, ...], tuple[Quote, ...]]:
    """The events and quotations of one article, in text order.

    Args:
        doc: `article.text` as `pipeline.nlp.parse` gives it.
        article: the article.
        mentions: its named entities.
        dates: its time expressions.
    """
    view = make_view(doc, article, mentions, dates, quoted_spans(article.text))
    quotes = find_quotes(view)
    known = models.load()
    decisions = decide(view, load_ontology(), known)
    confidences = rows.judge(decisions, known.rows)
    events = [_event(decision, confidence, view) for decision, confidence in zip(decisions, confidences, strict=True)]
    view.doc.dissolve()
    return tuple(events), quotes


def _event(decision: Decision, confidence: float, view: View) -> Event:
    candidate, parts, status, dated = decision.candidate, decision.filled.arguments, decision.told.status, decision.when.dated
    token, trigger = candidate.token, candidate.trigger
    article = view.article
    start, end = token.idx, token.idx + len(token)
    event_id = content_id("event", article.article_id, start, end, trigger.event_type)
    participants = tuple(_participant(event_id, argument, view) for argument in parts)
    place = next((part for part in parts if part.role == "place"), None)
    mention = _name_of(place, view) if place else None
    sentence = token.sent
    source = status.source.mention if status.source is not None else None
    return Event(
        event_id=event_id,
        article_id=article.article_id,
        event_class=trigger.event_class,
        event_type=trigger.event_type,
        trigger=article.text[start:end],
        start=start,
        end=end,
        sentence=article.text[sentence.start_char : sentence.end_char].strip(),
        status=status.value,
        polarity=status.polarity,
        rule_id=trigger.rule_id,
        confidence=round(confidence, 3),
        type_confidence=round(decision.share, 3),
        attribution=(source.name if source else status.source.text) if status.source is not None else None,
        attribution_id=source.entity_id if source else None,
        date_value=dated.value,
        date_start=dated.start,
        date_end=dated.end,
        date_granularity=dated.granularity,
        date_source=dated.source,
        date_id=dated.date_id,
        participants=participants,
        place=mention.place if mention else None,
    )


def _name_of(argument: Argument, view: View) -> Mention | None:
    """The name that the argument is; of a place also the one that it holds ("un immeuble de quatre étages à Rennes")."""
    names = [token.mention for token in view.doc[argument.first : argument.last + 1]]
    if names[0] is not None and names[0] is names[-1]:
        return names[0]
    inside = (name for name in names if name is not None and name.label == "LOC")
    return next(inside, None) if argument.role == "place" else None


def _participant(event_id: str, argument: Argument, view: View) -> Participant:
    doc, article = view.doc, view.article
    first, last = doc[argument.first], doc[argument.last]
    start, end = first.idx, last.idx + len(last)
    mention = _name_of(argument, view)
    quantity = argument.quantity
    return Participant(
        event_id=event_id,
        role=argument.role,
        text=article.text[start:end],
        start=start,
        end=end,
        entity_id=mention.entity_id if mention else None,
        method=argument.method,
        name=mention.name if mention else None,
        kind=quantity.kind if quantity else None,
        value_min=quantity.value_min if quantity else None,
        value_max=quantity.value_max if quantity else None,
        unit=quantity.unit if quantity else None,
    )

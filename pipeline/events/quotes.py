"""Quotations, direct and indirect, with their speakers.

Direct: what stands between quotation marks and is long enough to be a sentence or has a verb of saying beside it. Indirect: the
clause under a verb of saying ("a déclaré que ...") and the sentence of "selon X". A quotation without a cue of its own that
follows another in the same paragraph continues it and keeps its speaker.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.events import syntax
from pipeline.events.antecedents import resolve
from pipeline.events.status import operators
from pipeline.events.tree import Doc, Token
from pipeline.events.triggers import mention_of
from pipeline.events.view import View
from pipeline.records import Quote, content_id

_MARKS = re.compile(r"«[^«»]{1,3000}»|“[^“”]{1,3000}”|\"[^\"\n]{1,1500}\"")
_MIN_WORDS = 4  # shorter quotations are titles and words in inverted commas unless a verb of saying introduces them
_REACH = 8  # tokens between a quotation and its verb of saying
_SOURCES = frozenset({"selon", "d'après"})


def quoted_spans(text: str) -> tuple[tuple[int, int], ...]:
    """The character spans between quotation marks, marks and inner blanks left out; none where nothing is between them."""
    spans = (_inner(text, match.start() + 1, match.end() - 1) for match in _MARKS.finditer(text))
    return tuple((start, end) for start, end in spans if start < end)


def find_quotes(view: View) -> tuple[Quote, ...]:
    """The quotations of an article, in text order; the words of direct ones are told who says them (`Token.speaker`)."""
    direct = list(_direct(view))
    for _, inside, speaker in direct:
        if speaker is not None and speaker not in inside and "Plur" not in speaker.morph.get("Number", []):
            for token in inside:
                token.speaker = speaker
    found = [quote for quote, _, _ in direct]
    covered = [(quote.start, quote.end) for quote in found]
    found += [quote for quote in _indirect(view) if not any(start < quote.end and quote.start < end for start, end in covered)]
    return tuple(sorted(found, key=lambda quote: (quote.start, quote.end)))


def _inner(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _direct(view: View) -> Iterator[tuple[Quote, Sequence[Token], Token | None]]:
    """Direct quotations, the tokens of each and the noun or name of its speaker."""
    doc, previous, last_speaker = view.doc, None, None
    for start, end in view.quoted:
        inside = [token for token in doc.between(start, end) if token.idx + len(token) > start]
        if not inside or not inside[0].is_prose:
            continue
        cue = _cue(doc, inside[0].i, inside[-1].i + 1)
        if cue is None and len(inside) < _MIN_WORDS:
            continue
        speaker = _speaker(cue) if cue is not None else None
        quote = _quote(view, start, end, speaker, cue, direct=True)
        if speaker is None and previous is not None and "\n" not in view.article.text[previous.end : start]:
            quote, speaker = _continued(quote, previous), last_speaker
        yield quote, inside, speaker
        previous, last_speaker = quote, speaker


def _continued(quote: Quote, previous: Quote) -> Quote:
    return replace(quote, speaker=previous.speaker, speaker_id=previous.speaker_id)


def _cue(doc: Doc, first: int, end: int) -> Token | None:
    """The verb of saying nearest to the quotation `first..end`: after it ("a déclaré X"), else before it ("X a déclaré :")."""
    reporting = operators().reporting
    for index in range(end, min(end + _REACH, len(doc))):
        token = doc[index]
        if token.text in {".", "«", "“"} and index > end + 1:
            break
        if token.lower_ in reporting and token.pos_ in {"VERB", "AUX", "ADJ"}:
            return token
        if token.lower_ in _SOURCES:
            return token
    for index in range(first - 1, max(first - 2 * _REACH, -1), -1):
        token = doc[index]
        if token.text in {".", "»", "”"}:
            break
        if token.lower_ in reporting and token.pos_ in {"VERB", "AUX", "ADJ"}:
            return token
    return None


def _speaker(cue: Token) -> Token | None:
    if cue.lower_ in _SOURCES:
        return cue.head if cue.head != cue else None
    found = syntax.logical_subject(cue) or [
        child for child in cue.children if child.i > cue.i and child.pos_ in {"NOUN", "PROPN"} and syntax.case_of(child) is None
    ]
    return resolve(found[0]) if found else None


def _indirect(view: View) -> Iterator[Quote]:
    reporting = operators().reporting
    for token in view.doc:
        if token.lower_ in reporting and token.pos_ == "VERB" and token.is_prose:
            clause = next((child for child in token.children if child.dep_ == "ccomp" and child.i > token.i), None)
            speaker = _speaker(token) if clause is not None else None
            if clause is None or speaker is None:
                continue
            first, last = clause.left_edge, clause.right_edge
            yield _quote(view, first.idx, last.idx + len(last), speaker, token, direct=False)
        elif token.lower_ in _SOURCES and token.dep_ == "case" and token.is_prose and token.head.date is None:
            sentence = token.sent
            start, end = _inner(view.article.text, sentence.start_char, sentence.end_char)
            yield _quote(view, start, end, token.head, token, direct=False)


def _quote(view: View, start: int, end: int, speaker: Token | None, cue: Token | None, *, direct: bool) -> Quote:
    article = view.article
    mention = mention_of(speaker) if speaker is not None else None
    return Quote(
        quote_id=content_id("quote", article.article_id, start, end),
        article_id=article.article_id,
        text=article.text[start:end],
        start=start,
        end=end,
        direct=direct,
        speaker=mention.name if mention else _phrase(speaker, view),
        speaker_id=mention.entity_id if mention else None,
        cue=cue.text if cue is not None else None,
    )


def _phrase(speaker: Token | None, view: View) -> str | None:
    if speaker is None:
        return None
    first, last = syntax.noun_phrase(speaker)
    doc = view.doc
    return view.article.text[doc[first].idx : doc[last].idx + len(doc[last])]

"""One article as the event stage sees it: the parsed text with its names, dates and quotations laid over the tokens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import spacy.tokens

from pipeline.events.tree import Doc, Token
from pipeline.records import PROSE, Article, DateMention, Mention, Region, RegionKind

PRONOUNS = frozenset("il elle ils elles lui leur eux celui-ci celle-ci ceux-ci celles-ci ce on".split())
_STOPS = frozenset({".", "!", "?", "…"})
RELATIVES = frozenset(["qui", "que", "qu'", "dont", "lequel", "laquelle", "lesquels", "lesquelles"])


@dataclass(frozen=True, slots=True)
class View:
    """One parsed article; what holds a token or stands at it is on the token itself."""

    article: Article
    doc: Doc
    mentions: Sequence[Mention]
    dates: Sequence[DateMention]
    quoted: Sequence[tuple[int, int]]  # character spans of quotations


def make_view(
    source: spacy.tokens.Doc,
    article: Article,
    mentions: Sequence[Mention],
    dates: Sequence[DateMention],
    quoted: Sequence[tuple[int, int]],
) -> View:
    """Lay `mentions`, `dates`, quotations and the regions of `article` over the tokens of the parsed text `source`."""
    doc = Doc(source)
    for start, end in quoted:
        for token in doc.between(start, end):
            token.in_quotation = token.in_quotation or token.idx >= start
    for mention in mentions:
        for token in doc.between(mention.start, mention.end):
            token.mention = mention
    for date in dates:
        for token in doc.between(date.start, date.end):
            token.date = date
    for region in article.regions or (Region(RegionKind.BODY, 0, len(article.text)),):
        is_prose, in_title = region.kind in PROSE, region.kind is RegionKind.TITLE
        for token in doc.between(region.start, region.end):
            token.region, token.is_prose, token.in_title = region.kind, is_prose, in_title
    for token, number in zip(doc, _sentence_numbers(doc), strict=True):
        token.sentence = number
    return View(article, doc, mentions, dates, quoted)


def _sentence_numbers(doc: Doc) -> list[int]:
    """The sentence of every token by its punctuation: the parser often cuts "Samedi, à Lille," off from what happened then."""
    numbers: list[int] = []
    ends = [token.i + 1 for token in doc if token.text in _STOPS or token.is_space if _ends_sentence(token)]
    for number, end in enumerate([*ends, len(doc)]):
        numbers += [number] * (end - len(numbers))
    return numbers


def _ends_sentence(token: Token) -> bool:
    if token.is_space:
        return "\n" in token.text
    return token.i == 0 or len(token.nbor(-1)) > 1  # no initial stands before

"""One article as the event stage sees it: the parsed text with its names, dates and quotations laid over the tokens."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

import spacy.tokens

from pipeline.events.tree import Doc, Token
from pipeline.records import PROSE, Article, DateMention, Mention, RegionKind

PRONOUNS = frozenset("il elle ils elles lui leur eux celui-ci celle-ci ceux-ci celles-ci ce on".split())
_TITLE = RegionKind.TITLE  # looking the member up at every token takes longer than the rest
_STOPS = frozenset({".", "!", "?", "…"})
RELATIVES = frozenset(["qui", "que", "qu'", "dont", "lequel", "laquelle", "lesquels", "lesquelles"])


@dataclass(frozen=True, slots=True)
class View:
    """Look-ups by token index over one parsed article."""

    article: Article
    doc: Doc
    mentions: Sequence[Mention]
    dates: Sequence[DateMention]
    quoted: Sequence[tuple[int, int]]  # character spans of quotations
    mention_at: dict[int, Mention] = field(default_factory=dict)
    date_at: dict[int, DateMention] = field(default_factory=dict)
    region_of_token: list[RegionKind | None] = field(default_factory=list)
    inside: frozenset[int] = frozenset()  # tokens between quotation marks
    speaker_at: dict[int, Token] = field(default_factory=dict)  # who says the token between quotation marks, where known
    sentences: list[int] = field(default_factory=list)  # of every token, by its punctuation
    words: frozenset[str] = frozenset()  # lower-case forms and lemmas of the whole article

    def mention(self, token: Token) -> Mention | None:
        """The named entity that holds `token`."""
        return self.mention_at.get(token.i)

    def date(self, token: Token) -> DateMention | None:
        """The time expression that holds `token`."""
        return self.date_at.get(token.i)

    def is_prose(self, token: Token) -> bool:
        """Whether `token` stands in the title, dateline or body."""
        return self.region_of_token[token.i] in PROSE

    def in_title(self, token: Token) -> bool:
        """Whether `token` stands in the title."""
        return self.region_of_token[token.i] is _TITLE

    def in_quotation(self, token: Token) -> bool:
        """Whether `token` stands between quotation marks."""
        return token.i in self.inside


def make_view(
    source: spacy.tokens.Doc,
    article: Article,
    mentions: Sequence[Mention],
    dates: Sequence[DateMention],
    quoted: Sequence[tuple[int, int]],
) -> View:
    """Lay `mentions`, `dates` and the regions of `article` over the tokens of the parsed text `source`."""
    doc = Doc(source)
    offsets = [token.idx for token in doc]
    words = frozenset({token.lower_ for token in doc} | {token.lemma for token in doc})
    inside = frozenset(i for start, end in quoted for i in range(bisect_left(offsets, start), bisect_left(offsets, end)))
    view = View(article, doc, mentions, dates, quoted, inside=inside, words=words)
    for mention in mentions:
        for index in _tokens(offsets, mention.start, mention.end):
            view.mention_at[index] = mention
    for mark in dates:
        for index in _tokens(offsets, mark.start, mark.end):
            view.date_at[index] = mark
    regions = [RegionKind.BODY if not article.regions else None] * len(doc)
    for region in article.regions:
        held = _tokens(offsets, region.start, region.end)
        regions[held.start : held.stop] = [region.kind] * len(held)
    view.region_of_token.extend(regions)
    view.sentences.extend(_sentence_numbers(doc))
    return view


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


def _tokens(offsets: list[int], start: int, end: int) -> range:
    first = max(bisect_right(offsets, start) - 1, 0)
    last = bisect_right(offsets, end - 1)
    return range(first, last)

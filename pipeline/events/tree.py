"""A parsed text as plain objects, with the names that spaCy gives things.

spaCy makes a new object at every access to a token, and walks to its children, head and sentence anew. The event stage asks for
them some thousand times an article; on a copy made once, from spaCy's own table of attributes, it takes a third of the time.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache, wraps
from itertools import count, repeat
from typing import Any, TypeVar, cast

import numpy as np
import spacy.tokens
from numpy.typing import NDArray
from spacy import attrs
from spacy.strings import StringStore

from pipeline.records import DateMention, Mention, RegionKind

_STRINGS = [attrs.ORTH, attrs.LOWER, attrs.POS, attrs.DEP, attrs.MORPH, attrs.LEMMA]
_FLAGS = [attrs.IS_SPACE, attrs.IS_PUNCT, attrs.LIKE_NUM, attrs.SPACY]

_Class = TypeVar("_Class")
_Function = TypeVar("_Function", bound=Callable[..., Any])
_UNKNOWN = object()  # no answer yet
_ROOM = 1 << 16  # strings that are kept, some megabytes


def interpreted(kind: type[_Class]) -> type[_Class]:
    """Marks a class that is a list or a dictionary: mypyc leaves a class alone whose decorator it does not know."""
    return kind


@interpreted
class _Spellings(dict[int, str]):
    """Strings by their keys in spaCy's store, which makes a new one at every access."""

    def __init__(self, spell: Callable[[int], str]) -> None:
        super().__init__()
        self._spell = spell

    def __missing__(self, key: int) -> str:
        if len(self) >= _ROOM:
            self.clear()
        self[key] = spelled = self._spell(key)
        return spelled


@lru_cache(maxsize=2)
def _spellings(strings: StringStore) -> tuple[_Spellings, _Spellings]:
    """The strings as they are, and in small letters."""
    return _Spellings(strings.__getitem__), _Spellings(lambda key: strings[key].lower())


class Token:
    """A token, its place in the parse and what is laid over it; what spaCy has too means what it means there.

    Attributes:
        lemma: the lemma in small letters.
        mention, date: the named entity and the time expression that hold it.
        region: of the article; `is_prose` in the title, dateline or body.
        in_quotation: whether it stands between quotation marks; `speaker` is who says it, where that is known.
        sentence: the number of its sentence by punctuation, where `sent` is the parser's.
    """

    __slots__ = (
        "_edges", "_subtree", "answers", "children", "date", "dep_", "doc", "features", "head", "i", "idx", "in_quotation",
        "in_title", "is_prose", "is_punct", "is_sent_start", "is_space", "lemma", "like_num", "lower_", "mention", "morph",
        "pos_", "region", "sent", "sentence", "speaker", "text", "whitespace_",
    )  # fmt: skip
    __deletable__ = ("_edges", "_subtree", "answers", "children", "head", "speaker")  # for mypyc; see `Doc.dissolve`
    head: Token
    morph: dict[str, list[str]]
    sent: Span
    sentence: int

    def __init__(
        self, doc: Doc, i: int, idx: int, text: str, lower_: str, pos_: str, dep_: str, features: str, lemma: str,
        is_space: bool, is_punct: bool, like_num: bool, spaced: bool, sent_start: int,
    ) -> None:  # fmt: skip
        self.doc = doc
        self.i = i
        self.idx = idx
        self.text = text
        self.lower_ = lower_
        self.pos_ = pos_
        self.dep_ = dep_
        self.features = features
        self.lemma = lemma
        self.morph = read_features(features)
        self.is_space = is_space
        self.is_punct = is_punct
        self.like_num = like_num
        self.whitespace_ = " " if spaced else ""
        self.is_sent_start = sent_start == 1
        self.children: list[Token] = []
        self.mention: Mention | None = None
        self.date: DateMention | None = None
        self.region: RegionKind | None = None
        self.is_prose = self.in_title = self.in_quotation = False
        self.speaker: Token | None = None
        self.answers: dict[Any, Any] = {}  # see `once`
        self._edges: tuple[Token, Token] | None = None
        self._subtree: list[Token] | None = None

    def __len__(self) -> int:
        return len(self.text)

    def __repr__(self) -> str:
        return self.text

    @property
    def is_lower(self) -> bool:
        """Whether the word is written in small letters."""
        return self.text.islower()

    @property
    def lefts(self) -> list[Token]:
        """The children before the token."""
        return [child for child in self.children if child.i < self.i]

    @property
    def subtree(self) -> list[Token]:
        """The token and all that hangs on it, in text order where the tree does not cross itself."""
        if self._subtree is None:
            self._subtree = []
            self._gather(self._subtree)
        return self._subtree

    def _gather(self, found: list[Token]) -> None:
        if self._subtree:  # gathered before
            found += self._subtree
            return
        for child in self.children:
            if child.i < self.i:
                child._gather(found)
        found.append(self)
        for child in self.children:
            if child.i > self.i:
                child._gather(found)

    @property
    def ancestors(self) -> Iterator[Token]:
        """The head, its head and so on."""
        node = self
        while node.head is not node:
            node = node.head
            yield node

    @property
    def left_edge(self) -> Token:
        """The first token of the subtree."""
        return (self._edges or self._find_edges())[0]

    @property
    def right_edge(self) -> Token:
        """The last token of the subtree."""
        return (self._edges or self._find_edges())[1]

    def _find_edges(self) -> tuple[Token, Token]:
        first = last = self
        for child in self.children:
            left, right = child._edges or child._find_edges()
            first = left if left.i < first.i else first
            last = right if right.i > last.i else last
        self._edges = first, last
        return self._edges

    def is_ancestor(self, other: Token) -> bool:
        """Whether `other` is below the token."""
        return any(node is self for node in other.ancestors)

    def nbor(self, step: int = 1) -> Token:
        """The token that many places further.

        Raises:
            IndexError: there is none.
        """
        index = self.i + step
        if index < 0:
            raise IndexError(index)
        return self.doc[index]


@interpreted
class Span(list[Token]):
    """The tokens from `start` up to before `end`."""

    __slots__ = ("end", "start")

    def __init__(self, doc: Doc, start: int, end: int) -> None:
        super().__init__(doc[start:end])
        self.start, self.end = start, end

    @property
    def start_char(self) -> int:
        """Offset of the first character."""
        return self[0].idx

    @property
    def end_char(self) -> int:
        """Offset after the last character."""
        return self[-1].idx + len(self[-1])

    @property
    def text(self) -> str:
        """What it says."""
        return text_of(self)


@interpreted
class Doc(list[Token]):
    """The parsed text, its tokens in order."""

    __slots__ = ("_offsets", "_rows", "_table", "context", "sents", "words")

    def __init__(self, source: spacy.tokens.Doc) -> None:
        self._offsets, heads, starts = source.to_array([attrs.IDX, attrs.HEAD, attrs.SENT_START]).astype(np.int64).T.tolist()
        flags = source.to_array(_FLAGS).astype(bool).T.tolist()
        *keys, last = source.to_array(_STRINGS).T.tolist()
        spelled, small = _spellings(source.vocab.strings)
        words, lower, *names = [[spelled[key] for key in column] for column in keys]
        lemmas = [small[key] for key in last]
        super().__init__(map(Token, repeat(self), count(), self._offsets, words, lower, *names, lemmas, *flags, starts))
        for token, distance in zip(self, heads, strict=True):
            token.head = head = self[token.i + distance]
            if distance:
                head.children.append(token)
        self.sents = [Span(self, sentence.start, sentence.end) for sentence in source.sents]
        for sentence in self.sents:
            for token in sentence:
                token.sent = sentence
        self.words = frozenset(lower).union(lemmas)  # small letters
        self._table = np.asarray(source.vocab.vectors.data, dtype=np.float32)
        found = map(source.vocab.vectors.key2row.get, keys[0], repeat(-1))
        self._rows = np.fromiter(found, dtype=np.intp, count=len(self))  # in the table; -1 for a word that it does not hold
        self.context: NDArray[np.float32] = np.asarray(source.tensor, dtype=np.float32)  # what the parser saw of every token

    def dissolve(self) -> None:
        """Let go of the tokens. They hold each other, and would stay until Python looks for such."""
        for token in self:
            del token.head, token.children, token.answers, token.speaker, token._edges, token._subtree
        for sentence in self.sents:
            sentence.clear()
        self.clear()

    def between(self, start: int, end: int) -> list[Token]:
        """The tokens of the characters from `start` to before `end`; where no token holds `start`, from the last before it on."""
        return self[max(bisect_right(self._offsets, start) - 1, 0) : bisect_left(self._offsets, end)]

    def vectors(self, words: Sequence[int]) -> NDArray[np.float32]:
        """The word vectors of the tokens `words`, one to a row; zeros for a word that the model does not know."""
        rows = self._rows.take(np.asarray(words, dtype=np.intp))
        found: NDArray[np.float32] = self._table.take(rows, axis=0, mode="clip")
        found[rows < 0] = 0
        return found


def once(function: _Function) -> _Function:
    """A function of a token that is worked out once; its other arguments are the same for a whole text."""

    @wraps(function)
    def known(token: Token, *given: Any) -> Any:
        answer = token.answers.get(function, _UNKNOWN)
        if answer is _UNKNOWN:
            answer = token.answers[function] = function(token, *given)
        return answer

    return cast(_Function, known)


def once_for(function: _Function) -> _Function:
    """A function of a token that is worked out once for every choice of its other arguments."""

    @wraps(function)
    def known(token: Token, *given: Any) -> Any:
        key = function, given
        answer = token.answers.get(key, _UNKNOWN)
        if answer is _UNKNOWN:
            answer = token.answers[key] = function(token, *given)
        return answer

    return cast(_Function, known)


def text_of(tokens: Sequence[Token]) -> str:
    """What neighbouring tokens say, without what follows the last."""
    return "".join(token.text + token.whitespace_ for token in tokens[:-1]) + (tokens[-1].text if tokens else "")


@lru_cache(maxsize=4096)
def read_features(text: str) -> dict[str, list[str]]:
    """ "Gender=Fem|Number=Sing" as a mapping to lists of values; "_" is a word without features."""
    pairs = (feature.partition("=") for feature in text.split("|") if "=" in feature)
    return {name: value.split(",") for name, _, value in pairs}

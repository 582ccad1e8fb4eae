"""A parsed text as plain objects, with the names that spaCy gives things.

spaCy makes a new object at every access to a token, and walks to its children, head and sentence anew. The event stage asks for
them some thousand times an article; on a copy made once it takes a third of the time.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, overload

import numpy as np
import spacy.tokens
from numpy.typing import NDArray


class Token:
    """A token and its place in the parse; the attributes mean what they mean in spaCy."""

    __slots__ = (
        "_edges", "_source", "children", "dep_", "doc", "head", "i", "idx", "is_sent_start", "is_space", "lemma_", "lower_",
        "morph", "pos_", "sent", "text", "whitespace_",
    )  # fmt: skip
    doc: Doc
    head: Token
    sent: Span
    children: list[Token]

    def __init__(self, source: spacy.tokens.Token) -> None:
        self._source: Any = source
        self._edges: tuple[int, int] | None = None
        self.i = source.i
        self.idx = source.idx
        self.text = source.text
        self.lower_ = source.lower_
        self.lemma_ = source.lemma_
        self.pos_ = source.pos_
        self.dep_ = source.dep_
        self.morph = _morphology(str(source.morph))
        self.is_space = source.is_space
        self.is_sent_start = bool(source.is_sent_start)
        self.whitespace_ = source.whitespace_

    def __len__(self) -> int:
        return len(self.text)

    def __repr__(self) -> str:
        return self.text

    @property
    def is_lower(self) -> bool:
        """Whether the word is written in small letters."""
        return self.text.islower()

    @property
    def is_punct(self) -> bool:
        """Whether it is punctuation."""
        return bool(self._source.is_punct)

    @property
    def like_num(self) -> bool:
        """Whether it looks like a number."""
        return bool(self._source.like_num)

    @property
    def vector(self) -> NDArray[np.float32]:
        """The word vector."""
        return np.asarray(self._source.vector, dtype=np.float32)

    @property
    def has_vector(self) -> bool:
        """Whether the model knows the word."""
        return bool(self._source.has_vector)

    @property
    def lefts(self) -> list[Token]:
        """The children before the token."""
        return [child for child in self.children if child.i < self.i]

    @property
    def subtree(self) -> Iterator[Token]:
        """The token and all that hangs on it, in text order where the tree does not cross itself."""
        for child in self.children:
            if child.i < self.i:
                yield from child.subtree
        yield self
        for child in self.children:
            if child.i > self.i:
                yield from child.subtree

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
        return self.doc[self._edge()[0]]

    @property
    def right_edge(self) -> Token:
        """The last token of the subtree."""
        return self.doc[self._edge()[1]]

    def _edge(self) -> tuple[int, int]:
        if self._edges is None:
            edges = [child._edge() for child in self.children]
            self._edges = min([self.i, *(first for first, _ in edges)]), max([self.i, *(last for _, last in edges)])
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
        return self.doc.tokens[index]


class Span:
    """The tokens from `start` up to before `end`."""

    __slots__ = ("doc", "end", "start")

    def __init__(self, doc: Doc, start: int, end: int) -> None:
        self.doc, self.start, self.end = doc, start, max(start, end)

    def __iter__(self) -> Iterator[Token]:
        return iter(self.doc.tokens[self.start : self.end])

    def __len__(self) -> int:
        return self.end - self.start

    @overload
    def __getitem__(self, key: int) -> Token: ...
    @overload
    def __getitem__(self, key: slice) -> Span: ...
    def __getitem__(self, key: int | slice) -> Token | Span:
        if isinstance(key, slice):
            start, end, _ = key.indices(len(self))
            return Span(self.doc, self.start + start, self.start + end)
        return self.doc.tokens[range(self.start, self.end)[key]]

    @property
    def start_char(self) -> int:
        """Offset of the first character."""
        return self.doc.tokens[self.start].idx

    @property
    def end_char(self) -> int:
        """Offset after the last character."""
        last = self.doc.tokens[self.end - 1]
        return last.idx + len(last.text)

    @property
    def text(self) -> str:
        """What it says."""
        tokens = self.doc.tokens[self.start : self.end]
        return "".join(token.text + token.whitespace_ for token in tokens[:-1]) + (tokens[-1].text if tokens else "")


class Doc:
    """The parsed text."""

    __slots__ = ("sents", "tokens", "vectors_length")

    def __init__(self, source: spacy.tokens.Doc) -> None:
        self.tokens = [Token(token) for token in source]
        self.sents = [Span(self, sentence.start, sentence.end) for sentence in source.sents]
        self.vectors_length = source.vocab.vectors_length
        heads = [token.head.i for token in source]
        for token, head in zip(self.tokens, heads, strict=True):
            token.doc = self
            token.head = self.tokens[head]
            token.children = []
        for token in self.tokens:
            if token.head is not token:
                token.head.children.append(token)
        for sentence in self.sents:
            for token in sentence:
                token.sent = sentence

    def __len__(self) -> int:
        return len(self.tokens)

    def __iter__(self) -> Iterator[Token]:
        return iter(self.tokens)

    @overload
    def __getitem__(self, key: int) -> Token: ...
    @overload
    def __getitem__(self, key: slice) -> Span: ...
    def __getitem__(self, key: int | slice) -> Token | Span:
        if isinstance(key, slice):
            start, end, _ = key.indices(len(self.tokens))
            return Span(self, start, end)
        return self.tokens[key]


@lru_cache(maxsize=4096)
def _morphology(text: str) -> dict[str, list[str]]:
    """ "Gender=Fem|Number=Sing" as a mapping to lists of values."""
    pairs = (feature.partition("=") for feature in text.split("|") if feature)
    return {name: value.split(",") for name, _, value in pairs}

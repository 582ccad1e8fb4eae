"""The lines of a text with their offsets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

_PARAGRAPH_CHARS, _SENTENCE_WORDS = 180, 8
_WRAPPED_LINES, _WRAPPED_CHARS, _WRAPPED_WIDTH = 3, 100, 100
_MACHINE = ('{"', "<script", "<meta", "<link")  # how scraps of a page begin
_TITLE_CHARS, _TITLE_WORDS, _HEADLINE_WORDS = 180, 32, 3
_FULL_STOP = re.compile(r"[.!?…]\s*[»”\")]?$")
_LIST_ITEM = re.compile(r"(?:[-*•–—]|\d{1,3}[.)])\s")
_LINE = re.compile(r"[^\r\n\u2028\u2029]+|\r\n|[\r\n\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not blank, without the white space around it. `blank_after`: a blank line, or the end, follows."""

    start: int
    end: int
    text: str
    blank_after: bool = False
    wrapped: bool = False  # it is a part of a paragraph whose lines were broken by hand or by a scanner

    @property
    def is_prose(self) -> bool:
        """Whether it is a paragraph, not a heading or a line of metadata: long, or a sentence with its full stop."""
        return not self.text.startswith(_MACHINE) and (
            self.wrapped
            or len(self.text) > _PARAGRAPH_CHARS
            or (len(self.text.split()) >= _SENTENCE_WORDS and _FULL_STOP.search(self.text) is not None)
        )


def split(text: str) -> list[Line]:
    """The lines of `text` that are not blank; ``text[line.start:line.end] == line.text``."""
    spans: list[tuple[int, int]] = []
    blank_after: list[bool] = []
    breaks = 2
    for match in _LINE.finditer(text):
        piece = match[0]
        if piece[0] in "\r\n\u2028\u2029":
            breaks += 1
            continue
        bare = piece.strip()
        if not bare:
            continue
        if spans:
            blank_after.append(breaks > 1)
        start = match.start() + len(piece) - len(piece.lstrip())
        spans.append((start, start + len(bare)))
        breaks = 0
    blank_after.append(True)
    found = [Line(start, end, text[start:end], blank) for (start, end), blank in zip(spans, blank_after, strict=False)]
    return [line for paragraph in _paragraphs(found) for line in _marked(paragraph)]


def _paragraphs(lines: Sequence[Line]) -> Iterator[list[Line]]:
    paragraph: list[Line] = []
    for line in lines:
        paragraph.append(line)
        if line.blank_after:
            yield paragraph
            paragraph = []


def _marked(paragraph: Sequence[Line]) -> Sequence[Line]:
    """The lines of a paragraph; marked where they run on: most go on in small letters, none is long."""
    chars = sum(len(line.text) for line in paragraph)
    if len(paragraph) < _WRAPPED_LINES or not _WRAPPED_CHARS < chars < len(paragraph) * _WRAPPED_WIDTH:
        return paragraph
    going_on = sum(line.text[0].islower() for line in paragraph[1:])
    if 2 * going_on < len(paragraph) - 1:
        return paragraph
    return [replace(line, wrapped=True) for line in paragraph]


def shaped_like_title(words: str) -> bool:
    """Short, one phrase, no final period: "Séisme au Japon : au moins 50 morts", not "Il est mort.", not a list item."""
    if len(words) > _TITLE_CHARS or len(words.split()) > _TITLE_WORDS or not re.search(r"[^\W\d_]{2}", words):
        return False
    if words.endswith((",", ";", ":")) or (words.endswith(".") and not words.endswith("...")):
        return False
    return not _LIST_ITEM.match(words)


def is_headline(words: str) -> bool:
    """Whether a line looks like a headline by itself: shaped like a title, and of some words."""
    return len(words.split()) >= _HEADLINE_WORDS and shaped_like_title(words)

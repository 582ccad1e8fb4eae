"""Spans of tokens with a label, and the plain view of an article that the rules read."""

from __future__ import annotations

from dataclasses import dataclass

from spacy.parts_of_speech import NAMES as POS_NAMES
from spacy.tokens import Doc

from pipeline.entities.lexicon import Lexicon, lexicon
from pipeline.records import PROSE, Article

LABELS = ("PER", "ORG", "LOC", "MISC")


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of tokens, end exclusive, with a label and the rule (or `model`) it comes from."""

    start: int
    end: int
    label: str
    method: str = "model"


@dataclass(frozen=True, slots=True)
class Reading:
    """What the rules look at: the tokens of an article as plain tuples, and which of them are prose."""

    text: str
    starts: tuple[int, ...]  # code points
    ends: dict[int, int]  # code point behind a token -> index behind it
    words: tuple[str, ...]
    lower: tuple[str, ...]
    pos: tuple[str, ...]
    sent_start: tuple[bool, ...]
    prose: tuple[bool, ...]
    glued: tuple[bool, ...]  # no white space in front
    lexicon: Lexicon

    def of(self, span: Span) -> tuple[str, ...]:
        """The words of `span`."""
        return self.words[span.start : span.end]

    def name(self, span: Span) -> str:
        """The text of `span`, white space made single."""
        return " ".join(self.text[self.starts[span.start] : self.end_char(span)].split())

    def end_char(self, span: Span) -> int:
        """The code point behind `span`."""
        return self.starts[span.end - 1] + len(self.words[span.end - 1])

    def before(self, index: int) -> str:
        """The lower-case word before `index`, or an empty string."""
        return self.lower[index - 1] if index else ""

    def after(self, index: int) -> str:
        """The word at `index`, or an empty string behind the last one."""
        return self.words[index] if index < len(self.words) else ""


def read(doc: Doc, article: Article) -> Reading:
    """The tokens of `doc` as the rules want them."""
    # One array instead of a Token object a word: a third of the stage's time.
    table = doc.to_array(["IDX", "POS", "SENT_START", "SPACY"]).tolist()
    strings = doc.vocab.strings
    words = tuple(str(strings[orth]) for orth in doc.to_array("ORTH").tolist())
    starts = tuple(row[0] for row in table)
    return Reading(
        text="".join([word + " " if row[3] else word for word, row in zip(words, table, strict=True)]),
        starts=starts,
        ends={start + len(word): i for i, (start, word) in enumerate(zip(starts, words, strict=True), 1)},
        words=words,
        lower=tuple(word.lower() for word in words),
        pos=tuple(POS_NAMES[row[1]] for row in table),
        sent_start=tuple(row[2] == 1 for row in table),
        prose=_inside(starts, sorted((region.start, region.end) for region in article.regions if region.kind in PROSE)),
        glued=(False, *(not row[3] for row in table[:-1])),
        lexicon=lexicon(),
    )


def _inside(starts: tuple[int, ...], regions: list[tuple[int, int]]) -> tuple[bool, ...]:
    """For each token start whether it lies in one of the sorted `regions`."""
    inside, left = [], iter(regions)
    region = next(left, None)
    for start in starts:
        while region is not None and start >= region[1]:
            region = next(left, None)
        inside.append(region is not None and region[0] <= start)
    return tuple(inside)


def model_spans(doc: Doc, reading: Reading) -> list[Span]:
    """The model's own entities that lie in prose, with a label this project knows."""
    return [
        Span(entity.start, entity.end, entity.label_)
        for entity in doc.ents
        if entity.label_ in LABELS and all(reading.prose[entity.start : entity.end])
    ]


def is_capitalised(word: str) -> bool:
    """Whether `word` begins like a name; digits and signs do not."""
    return word[:1].isupper()


def without_overlaps(spans: list[Span]) -> list[Span]:
    """`spans` in order; where two overlap the longer stays, of two equally long the first."""
    chosen: list[Span] = []
    taken: set[int] = set()
    for span in sorted(spans, key=lambda span: (span.start - span.end, span.start)):
        if taken.isdisjoint(range(span.start, span.end)):
            chosen.append(span)
            taken.update(range(span.start, span.end))
    return sorted(chosen, key=lambda span: span.start)

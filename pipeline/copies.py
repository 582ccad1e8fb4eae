"""Copies of articles with small edits: what a paper makes of an agency's dispatch.

Two texts are copies if the Jaccard index of their runs of four words is at least 0.8 (Broder 1997) and they give the same
numbers: bulletins made from a template - results, markets, weather - share their words, not their figures. MinHash sketches
find the pairs that are worth comparing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Set
from dataclasses import dataclass
from datetime import timedelta
from zlib import crc32

SHINGLE_WORDS = 4
MIN_SHINGLES = 40  # shorter texts are alike by chance
THRESHOLD = 0.8
WINDOW = timedelta(days=7)  # between the publication of copies
BANDS, ROWS = 16, 5  # finds 99.8 % of the pairs at the threshold, more above it
_SEED = 1789
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Shingled:
    """A text as it is compared: its runs of words and its numbers."""

    shingles: frozenset[str]
    numbers: frozenset[str]


def shingled(text: str) -> Shingled:
    """`text` without case, punctuation and spacing."""
    words = _WORD.findall(unicodedata.normalize("NFC", text).casefold())
    runs = frozenset(" ".join(words[i : i + SHINGLE_WORDS]) for i in range(len(words) - SHINGLE_WORDS + 1))
    return Shingled(runs, frozenset(word for word in words if word.isdigit()))


def same(one: Shingled, other: Shingled) -> bool:
    """Whether one is a copy of the other, by the exact Jaccard index."""
    return jaccard(one.shingles, other.shingles) >= THRESHOLD and jaccard(one.numbers, other.numbers) >= THRESHOLD


def jaccard(one: Set[str], other: Set[str]) -> float:
    """What is common to both, as a share of what is in either; 1 for two empty sets."""
    common = len(one & other)
    return common / (len(one) + len(other) - common) if one or other else 1.0


def sketch(text: str) -> str | None:
    """`BANDS` keys of eight hexadecimal digits; copies nearly always agree in one of them. None for texts that are too short."""
    from rensa import RMinHash  # noqa: PLC0415 - only workers need it

    shingles = shingled(text).shingles
    if len(shingles) < MIN_SHINGLES:
        return None
    minhash = RMinHash(BANDS * ROWS, _SEED)
    minhash.update(sorted(shingles))
    values = minhash.digest()
    bands = (values[band * ROWS : (band + 1) * ROWS] for band in range(BANDS))
    return "".join(f"{crc32(repr(list(band)).encode()):08x}" for band in bands)

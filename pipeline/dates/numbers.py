"""French number words: "vingt et un", "quatre-vingt-dix", "septante-deux", "mille neuf cent soixante-huit"."""

from __future__ import annotations

from collections.abc import Sequence

UNITS = {
    "zero": 0, "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8, "neuf": 9,
    "dix": 10, "onze": 11, "douze": 12, "treize": 13, "quatorze": 14, "quinze": 15, "seize": 16,
}  # fmt: skip
TENS = {
    "vingt": 20, "vingts": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60, "septante": 70,
    "huitante": 80, "octante": 80, "nonante": 90,
}  # fmt: skip
SCALES = {"cent": 100, "cents": 100, "mille": 1000, "mil": 1000}
WORDS = frozenset(UNITS) | frozenset(TENS) | frozenset(SCALES)


def read(words: Sequence[str], start: int = 0) -> tuple[int, int] | None:
    """The number that begins at ``words[start]`` and the index after its last word, or None.

    Hyphens are words of their own ("-") and "et" joins only tens with one or eleven. Up to 999 999.
    """
    below, index = _below_thousand(words, start)
    if index < len(words) and words[index] in ("mille", "mil"):
        thousands = below if index > start else 1
        index += 1
        after = _skip_hyphen(words, index)
        rest, end = _below_thousand(words, after)
        return (thousands * 1000 + rest, end) if end > after else (thousands * 1000, index)
    return (below, index) if index > start else None


def _below_thousand(words: Sequence[str], start: int) -> tuple[int, int]:
    head, index = _below_hundred(words, start)
    at = _skip_hyphen(words, index)
    if at < len(words) and words[at] in ("cent", "cents") and (index == start or 1 < head < 10):
        hundreds = head if index > start else 1
        after = _skip_hyphen(words, at + 1)
        rest, end = _below_hundred(words, after)
        return (hundreds * 100 + rest, end) if end > after else (hundreds * 100, at + 1)
    return head, index


def _below_hundred(words: Sequence[str], start: int) -> tuple[int, int]:
    if start >= len(words):
        return 0, start
    word = words[start]
    after = _skip_hyphen(words, start + 1)
    if word == "quatre" and after < len(words) and words[after] in ("vingt", "vingts"):
        return _with_units(words, after + 1, 80)
    if word in TENS:
        return _with_units(words, start + 1, TENS[word])
    if word == "dix" and after < len(words) and words[after] in ("sept", "huit", "neuf"):
        return 10 + UNITS[words[after]], after + 1
    if word in UNITS:
        return UNITS[word], start + 1
    return 0, start


def _with_units(words: Sequence[str], index: int, tens: int) -> tuple[int, int]:
    """What may follow a multiple of ten; 60 and 80 go on to nineteen."""
    at = _skip_hyphen(words, index)
    if at + 1 < len(words) and words[at] == "et":
        at = _skip_hyphen(words, at + 1)
        if at < len(words) and (words[at] in ("un", "une") or (words[at] == "onze" and tens == 60)):
            return tens + UNITS[words[at]], at + 1
        return tens, index
    if at >= len(words):
        return tens, index
    if tens in (60, 80) and words[at] == "dix":
        units, end = _below_hundred(words, at)
        return tens + units, end
    units = UNITS.get(words[at], 0)
    limit = 16 if tens in (60, 80) else 9
    if 1 < units <= limit or (units == 1 and at > index):
        return tens + units, at + 1
    return tens, index


def _skip_hyphen(words: Sequence[str], index: int) -> int:
    return index + 1 if index < len(words) and words[index] == "-" else index

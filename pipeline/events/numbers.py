"""French numbers in digits and words: "2 900", "deux mille", "une centaine", "3,5 millions"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

_UNITS = {
    word: value
    for value, words in enumerate(
        (
            "zéro un|une deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept "
            "dix-huit dix-neuf"
        ).split()
    )
    for word in words.split("|")
}
_TENS = {
    "vingt": 20,
    "vingts": 20,
    "trente": 30,
    "quarante": 40,
    "cinquante": 50,
    "soixante": 60,
    "septante": 70,
    "huitante": 80,
    "octante": 80,
    "nonante": 90,
}
_COLLECTIVES = {
    "dizaine": 10, "douzaine": 12, "quinzaine": 15, "vingtaine": 20, "trentaine": 30, "quarantaine": 40, "cinquantaine": 50,
    "soixantaine": 60, "centaine": 100, "demi-douzaine": 6,
}  # fmt: skip
_SCALES = {"cent": 100, "cents": 100, "mille": 1000, "millier": 1000, "milliers": 1000, "million": 10**6, "millions": 10**6,
           "milliard": 10**9, "milliards": 10**9}  # fmt: skip
_DIGITS = re.compile(r"\d+(?:[.,]\d+)?")
_GROUPED = re.compile(r"\d{1,3}(?:[.  ]\d{3})+")


@lru_cache(maxsize=4096)
def is_number_word(word: str) -> bool:
    """Whether `word` (lower case) is part of a number: digits, number words, scales and collectives."""
    if _DIGITS.fullmatch(word) or _GROUPED.fullmatch(word):
        return True
    singular = word.removesuffix("s")
    return (
        all(part in _UNITS or part in _TENS or part in _SCALES or part == "et" for part in word.split("-"))
        or singular in _COLLECTIVES
    )


def is_collective(word: str) -> bool:
    """Whether `word` (lower case) is a noun that counts: "dizaine", "centaines", "millier", "millions"."""
    singular = word.removesuffix("s")
    return singular in _COLLECTIVES or singular in {"millier", "million", "milliard"}


def is_uncounted(word: str) -> bool:
    """Whether `word` (lower case), without a number in front, is a plural that counts nothing: "dizaines", "milliers"."""
    return word.endswith("s") and is_collective(word)


def parse_number(words: Sequence[str]) -> float | None:
    """The value of a number given as lower-case words; None where they are none, or a plural that counts nothing ("dizaines").

    ``["2", "900"]`` is 2900, ``["trois", "cents"]`` 300, ``["une", "centaine"]`` 100, ``["3,5", "millions"]`` 3500000.
    """
    total, current, seen = 0.0, 0.0, False
    for word in (part for whole in words for part in _split(whole)):
        if not seen and is_uncounted(word):
            return None
        singular = word.removesuffix("s")
        if _GROUPED.fullmatch(word):
            current, seen = float(re.sub(r"\D", "", word)), True
        elif _DIGITS.fullmatch(word):
            value = float(word.replace(",", "."))
            current, seen = (current * 1000 + value if seen and len(word) == 3 and current else value), True
        elif singular in _COLLECTIVES:
            current, seen = _COLLECTIVES[singular] * max(current if current > 1 else 1, 1), True
        elif word in _SCALES:
            current, seen = max(current, 1) * _SCALES[word], True
            if _SCALES[word] >= 1000:
                total, current = total + current, 0.0
        elif word in _TENS:
            current, seen = (current * 20 if word.startswith("vingt") and current == 4 else current + _TENS[word]), True
        elif word in _UNITS:
            current, seen = current + _UNITS[word], True
        elif word not in {"et", "de", "d'", "-"}:
            return None
    return total + current if seen else None


def _split(word: str) -> list[str]:
    return [word] if word in _UNITS or word in _COLLECTIVES or "-" not in word else word.split("-")

"""Same-length folding: lower case, no accents, plain quotes, hyphens and spaces. Offsets hold in both texts."""

from __future__ import annotations

import unicodedata
from itertools import chain

# Typographic variants; the en dash stands in year ranges ("2015–2016"), the minus sign in "UTC−5".
_VARIANTS = {
    "'": "’‘ʼ`´′",
    "-": "‐‑–−",
    " ": "\u00a0\u202f\u2009\u2007\u2002\u2003\u2008\t\r\ufeff",
    "e": "ᵉ",
    "r": "ʳ",
    "n": "ⁿ",
}


def _table() -> dict[int, str]:
    table = {}
    for code in chain(range(0x21, 0x250), range(0x1E00, 0x1F00)):
        base = unicodedata.normalize("NFD", chr(code))[0].lower()
        if len(base) == 1:
            table[code] = base
    return table | {ord(variant): plain for plain, variants in _VARIANTS.items() for variant in variants}


_FOLDED = _table()


def fold(text: str) -> str:
    """`text` as the grammar reads it: ``len(fold(text)) == len(text)`` for any input."""
    return text.translate(_FOLDED)

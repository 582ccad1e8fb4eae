"""Lines in capitals, put into the small letters that the parser was trained on; every character keeps its place.

How a word is written in small letters the rest of the article knows best: "FRANCE" is "France" there, "MENACEE" "menacée", and
"ONU" stays. Words that it does not hold are written small where the vocabulary has them so, else with a capital. (Truecasing:
Lita et al., tRuEcasIng, 2003; the model is the document itself.)
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping

from pipeline.fold import fold

_MIN_WORDS = 3  # fewer are a rubric or an acronym
_WORD = re.compile(r"[^\W\d_]{2,}")
_COMPOUND = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_LETTER = re.compile(r"[^\W\d_]")
_INSIDE = re.compile(r"[^\W_][,'’]? ?$")  # what stands before a word that opens no sentence

Known = Callable[[str], bool]


def recase(text: str, known: Known) -> str:
    """`text` with its lines in capitals in small letters.

    Args:
        text: an article.
        known: whether the vocabulary has a word as it is written.
    """
    lines = text.split("\n")
    loud = {number for number, line in enumerate(lines) if line.isupper() and len(_WORD.findall(line)) >= _MIN_WORDS}
    if not loud:
        return text
    forms = _forms(line for number, line in enumerate(lines) if number not in loud)
    return "\n".join(_recased(line, forms, known) if number in loud else line for number, line in enumerate(lines))


def _forms(lines: Iterable[str]) -> dict[str, str]:
    """How the article writes each word, by its small letters with and without accents: small where it ever does, else as
    it does inside sentences."""
    seen: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for line in lines:
        for match in _COMPOUND.finditer(line):
            word = match[0]
            if word.islower() or _INSIDE.search(line, max(0, match.start() - 3), match.start()):
                for key in {word.lower(), fold(word)}:
                    seen[key][word] += 1
    return {key: max(counts, key=lambda word: (word.islower(), counts[word], word)) for key, counts in seen.items()}


def _recased(line: str, forms: Mapping[str, str], known: Known) -> str:
    def small(match: re.Match[str]) -> str:
        word = match[0]
        form = forms.get(word.lower()) or forms.get(fold(word)) or _guessed(word, known)
        return form if len(form) == len(word) else word

    at = next(_LETTER.finditer(line)).start()
    return line[: at + 1] + _COMPOUND.sub(small, line)[at + 1 :]


def _guessed(word: str, known: Known) -> str:
    ways = [word.lower(), word.title(), word]
    if "-" in word and not any(map(known, ways)):
        return "-".join(_guessed(part, known) for part in word.split("-"))
    return next(filter(known, ways), word.title())

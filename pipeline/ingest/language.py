"""Which language a text is in, by py3langid, whose model comes with it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

FRENCH = "fr"
# Languages that press is written in. Regional languages close to French or Spanish (oc, wa, ht, an) are left out: short French
# texts are taken for them.
LANGUAGES = (
    *("fr", "en", "de", "es", "it", "pt", "nl", "ca", "ro", "pl", "cs", "sk", "sl", "hr", "hu"),
    *(
        "sv",
        "da",
        "no",
        "fi",
        "et",
        "lv",
        "lt",
        "el",
        "bg",
        "ru",
        "uk",
        "tr",
        "ar",
        "he",
        "fa",
        "hi",
        "zh",
        "ja",
        "ko",
        "vi",
        "id",
        "sw",
        "mg",
    ),
)
MIN_LETTERS = 40
MIN_PROBABILITY = 0.8
_SAMPLE_CHARS = 2000
_LETTER = re.compile(r"[^\W\d_]")
_ADDRESS = re.compile(r"https?://\S+|[#@]\w+")


@dataclass(frozen=True, slots=True)
class Guess:
    """The likeliest language and its probability; no code where there are too few letters to tell."""

    code: str | None
    probability: float

    @property
    def foreign(self) -> bool:
        """Whether it is surely not French."""
        return self.code not in (None, FRENCH) and self.probability >= MIN_PROBABILITY

    @property
    def sure(self) -> str | None:
        """The code to store: None where it is no more than a guess. French need not be as sure: it is what is expected here."""
        return self.code if self.code == FRENCH or self.foreign else None


def guess(text: str) -> Guess:
    """The language of `text`; addresses and hashtags do not count."""
    sample = _ADDRESS.sub(" ", text[:_SAMPLE_CHARS])
    if len(_LETTER.findall(sample)) < MIN_LETTERS:
        return Guess(None, 0.0)
    code, probability = _identifier().classify(sample)
    return Guess(str(code), float(probability))


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415 - loads NumPy and a model

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages([code for code in LANGUAGES if code in identifier.labels])
    return identifier

"""Inflected forms of French verbs and nouns, worked out from lemmas.

The model lemmatises many present-tense third persons wrongly ("bombarde" stays "bombarde"), so triggers are matched by
form. Regular verbs follow the school rules of the first and second group; the others take the principal parts listed in
``data/conjugation.toml``. Forms of the first and second persons that news does not use are left out where they would
need more than the rule.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

_IMPERFECT = ("ais", "ait", "ions", "iez", "aient")
_FUTURE = ("ai", "as", "a", "ons", "ez", "ont", "ais", "ait", "ions", "iez", "aient")
_SOFTENED = {"g": "ge", "c": "ç"}


@dataclass(frozen=True, slots=True)
class _Tables:
    irregular: dict[str, list[str]]
    second_group: frozenset[str]
    doubling: frozenset[str]
    plural: dict[str, str]


@lru_cache(maxsize=1)
def _tables() -> _Tables:
    data = tomllib.loads(files("pipeline.data").joinpath("conjugation.toml").read_text(encoding="utf-8"))
    return _Tables(
        irregular=data["irregular"],
        second_group=frozenset(data["second_group"]["verbs"]),
        doubling=frozenset(data["doubling"]["verbs"]),
        plural=data["plural"],
    )


@lru_cache(maxsize=4096)
def verb_forms(lemma: str) -> frozenset[str]:
    """All simple forms of the verb `lemma`: infinitive, participles with their agreement, finite forms."""
    ending = _irregular_ending(lemma)
    if ending:
        return frozenset(_irregular(lemma, ending))
    if lemma.endswith("er"):
        return frozenset(_first_group(lemma))
    if lemma.endswith(("ir", "ïr")):
        return frozenset(_second_group(lemma))
    return frozenset({lemma})


@lru_cache(maxsize=4096)
def participles(lemma: str) -> frozenset[str]:
    """The past participle of the verb `lemma` in its four agreements."""
    ending = _irregular_ending(lemma)
    if ending:
        return frozenset(_agreements(lemma[: -len(ending)] + _tables().irregular[ending][4]))
    if lemma.endswith("er"):
        return frozenset(_agreements(lemma[:-2] + "é"))
    return frozenset(_agreements(lemma[:-1]))


@lru_cache(maxsize=4096)
def noun_forms(lemma: str) -> frozenset[str]:
    """Singular and plural of the noun `lemma`; in a compound every part may take the mark ("attentats-suicides")."""
    parts = lemma.split("-")
    forms = {lemma, _plural(lemma)}
    if len(parts) > 1:
        forms |= {"-".join([_plural(parts[0]), *parts[1:]]), "-".join(_plural(part) for part in parts)}
    return frozenset(forms)


def _plural(noun: str) -> str:
    if noun in _tables().plural:
        return _tables().plural[noun]
    if noun.endswith(("s", "x", "z")):
        return noun
    if noun.endswith(("au", "eu")):
        return noun + "x"
    if noun.endswith("al"):
        return noun[:-2] + "aux"
    return noun + "s"


def _irregular_ending(lemma: str) -> str | None:
    if lemma in _tables().second_group or (lemma.endswith("er") and not lemma.endswith(("aller", "envoyer"))):
        return None
    if lemma.endswith("aller") and lemma != "aller":
        return None
    fitting = [ending for ending in _tables().irregular if lemma.endswith(ending)]
    return max(fitting, key=len) if fitting else None


def _irregular(lemma: str, ending: str) -> set[str]:
    base = lemma[: -len(ending)]
    singular, nous, plural, future, participle, historic = (base + part for part in _tables().irregular[ending])
    forms = {lemma, singular, plural, nous + "ons", nous + "ez", nous + "ant", plural.removesuffix("nt")}
    forms |= {nous + mark for mark in _IMPERFECT} | {future + mark for mark in _FUTURE}
    forms |= _agreements(participle) | _historic(historic)
    return forms


def _historic(third: str) -> set[str]:
    if third.endswith("a"):
        return {third, third[:-1] + "èrent"}
    if third.endswith("int"):
        return {third, third[:-1] + "rent"}
    return {third, third.removesuffix("t") + "rent"}


def _first_group(lemma: str) -> set[str]:
    stem = lemma[:-2]
    soft = stem[:-1] + _SOFTENED[stem[-1]] if stem and stem[-1] in _SOFTENED else stem
    mute = _before_mute_e(lemma)
    forms = {lemma, mute + "e", mute + "es", mute + "ent", soft + "ons", stem + "ez", soft + "ant", soft + "a", stem + "èrent"}
    forms |= {soft + "ais", soft + "ait", soft + "aient", stem + "ions", stem + "iez"}
    future_stems = {stem, mute}  # "cèdera" and "cédera" are both in use
    forms |= {root + "er" + mark for root in future_stems for mark in _FUTURE}
    return forms | _agreements(stem + "é")


def _before_mute_e(lemma: str) -> str:
    """The stem as it stands before a mute e: appell-, achèt-, cèd-, emploi-, lanc-."""
    stem = lemma[:-2]
    if lemma in _tables().doubling and not stem.endswith("ll"):
        return stem + stem[-1]
    if stem.endswith(("oy", "uy")):
        return stem[:-1] + "i"
    vowel = len(stem) - 1
    while vowel >= 0 and stem[vowel] not in "aeiouyéèêâîôû":
        vowel -= 1
    if 0 <= vowel < len(stem) - 1 and stem[vowel] in "eé" and (stem[vowel] == "é" or len(stem) - vowel == 2):
        return stem[:vowel] + "è" + stem[vowel + 1 :]
    return stem


def _second_group(lemma: str) -> set[str]:
    stem = lemma[:-1]
    long = stem + "ss"
    forms = {lemma, stem + "t", stem + "s", long + "e", long + "ent", long + "ons", long + "ez", long + "ant", stem + "rent"}
    forms |= {long + mark for mark in _IMPERFECT} | {lemma + mark for mark in _FUTURE}
    return forms | _agreements(stem)


def _agreements(masculine: str) -> set[str]:
    bare = {"dû": "du", "crû": "cru", "mû": "mu"}.get(masculine, masculine)
    if masculine.endswith("sous"):  # dissous, dissoute
        return {masculine, masculine[:-1] + "te", masculine[:-1] + "tes"}
    plural = masculine if masculine.endswith("s") else bare + "s"
    return {masculine, bare + "e", plural, bare + "es"}

"""The event ontology: loads ``data/ontology/*.toml`` (one file a class), checks every line, compiles the triggers.

How a type is written is told in ``data/ontology/README.md``. A mistake in a file is a `DataError` that names the file, the
type and what is allowed: an ontology either loads whole or not at all.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from itertools import accumulate
from operator import or_
from typing import Any

from pipeline.errors import DataError
from pipeline.events.forms import noun_forms, participles, verb_forms

ROLES = ("actor", "recipient", "theme", "place", "quantity")
QUANTITIES = ("deaths", "injured", "people", "money", "percent", "score", "sentence", "number")
PREPOSITIONS = frozenset(
    (
        "à de en dans sur sous par pour contre avec sans chez vers entre face devant après avant depuis auprès près comme "
        "selon envers hors parmi d'après jusque malgré via autour lors outre contrairement"
    ).split()
)
SLOTS = frozenset({"subject", "object", "agent", "possessive", "predicate", "apposition", "content"}) | PREPOSITIONS
CONTEXTS = frozenset({"governor", "left", "right", "clause", "sentence", "article", "form"})
FORMS = frozenset(
    ("passive active reflexive singular plural definite bare participle finite infinitive gerund negated numbered").split()
)
# Word classes that say what a thing is, the more telling first.
KINDS = (
    "person organisation place weapon vehicle building disaster crime law measure indicator product election sport award "
    "disease study"
).split()
BUILT_IN = frozenset(["PER", "ORG", "LOC", "MISC", "human", "group", "agentive", "number", "money", "percent", "any", "timex"])
_CONTRACTED = {"de": ("d'", "du", "des"), "à": ("au", "aux"), "le": ("la", "l'", "les"), "un": ("une",)}
_TYPE_KEYS = frozenset(("label definition plover cameo ace verb noun quantities trigger examples counterexamples").split())
_TRIGGER_KEYS = frozenset(["verbs", "nouns", "phrases", "adjectives", "when", "unless", "roles", "confidence", "rule"])


@dataclass(frozen=True, slots=True)
class Condition:
    """One of `slots` must hold (or none may hold) something that one of `accepts` describes."""

    slots: tuple[str, ...]
    accepts: tuple[str, ...]
    wanted: bool
    kinds: tuple[str, ...] = ()  # of `accepts`, what is no word: labels, built-in kinds
    words: frozenset[str] = frozenset()  # of `accepts`, lemmas and forms, those of its word classes too

    @property
    def slot(self) -> str:
        """The slots as the ontology writes them."""
        return "|".join(self.slots)

    def __str__(self) -> str:
        return f"{'' if self.wanted else 'not '}{self.slot} in ({', '.join(self.accepts)})"


@dataclass(frozen=True, slots=True)
class Element:
    """One position of a phrase: the forms it allows, or a gap."""

    forms: frozenset[str]
    gap: bool = False
    determiner: bool = False
    number: bool = False
    verb: bool = False
    behind_verb: bool = False  # a verb of the phrase stands before it


@dataclass(frozen=True, slots=True)
class Trigger:
    """A compiled trigger: one word or phrase of one type with its conditions and role slots."""

    rule_id: str
    event_type: str
    event_class: str
    kind: str  # verb, noun, adjective, phrase
    lemma: str
    conditions: tuple[Condition, ...]
    roles: Mapping[str, tuple[str, ...]]
    confidence: float
    phrase: tuple[Element, ...] = ()
    key: int = 0  # index of the phrase's trigger word

    @property
    def specificity(self) -> tuple[int, int, float]:
        """Longer phrases win, then more conditions, then confidence."""
        return (len(self.phrase), len(self.conditions), self.confidence)


@dataclass(frozen=True, slots=True)
class EventType:
    """One type of the ontology."""

    type_id: str
    class_id: str
    label: Mapping[str, str]
    definition: str
    plover: str
    cameo: str
    ace: str
    quantities: frozenset[str]
    examples: tuple[str, ...]
    counterexamples: tuple[str, ...]
    verb_roles: Mapping[str, tuple[str, ...]]  # which slots fill which role of a verb, where a trigger says nothing else
    noun_roles: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Ontology:
    """All types, and their triggers by the lower-case form of the trigger word."""

    types: Mapping[str, EventType]
    triggers: Mapping[str, tuple[Trigger, ...]]
    lexicon: Mapping[str, frozenset[str]]
    classes: Mapping[str, int]  # the first of `KINDS` that has the word
    lemmas: Mapping[str, tuple[str, ...]]  # by the form of the trigger word, those of the triggers that are no phrases

    def open_trigger(self, event_type: str, lemma: str, *, verbal: bool) -> Trigger:
        """A trigger for a word that no rule of `event_type` knows, with the type's own role slots."""
        found = self.types[event_type]
        return Trigger(
            rule_id=f"{event_type}.learned",
            event_type=event_type,
            event_class=found.class_id,
            kind="verb" if verbal else "noun",
            lemma=lemma,
            conditions=(),
            roles=found.verb_roles if verbal else found.noun_roles,
            confidence=0.5,
        )

    def codes(self, event_type: str) -> tuple[str, str, str]:
        """The PLOVER, CAMEO and ACE codes of a type; empty where the scheme has none."""
        found = self.types[event_type]
        return found.plover, found.cameo, found.ace


@lru_cache(maxsize=1)
def load_ontology() -> Ontology:
    """The package's ontology.

    Raises:
        DataError: a file does not hold what it must.
    """
    lexicon = _load_lexicon()
    types: dict[str, EventType] = {}
    triggers: dict[str, list[Trigger]] = {}
    folder = files("pipeline.data").joinpath("ontology")
    for path in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if not path.name.endswith(".toml") or path.name == "lexicon.toml":
            continue
        for event_type, compiled in _read_class(path.name, path.read_text(encoding="utf-8"), lexicon):
            if event_type.type_id in types:
                raise DataError(f"{path.name}: type {event_type.type_id!r} is defined twice.")
            types[event_type.type_id] = event_type
            for form, trigger in compiled:
                triggers.setdefault(form, []).append(trigger)
    classes = {word: number for number in reversed(range(len(KINDS))) for word in lexicon[KINDS[number]]}
    lemmas = {
        form: tuple(sorted({trigger.lemma for trigger in found if trigger.kind != "phrase"})) for form, found in triggers.items()
    }
    return Ontology(types, {form: tuple(found) for form, found in triggers.items()}, lexicon, classes, lemmas)


def codes(event_type: str) -> tuple[str, str, str]:
    """The PLOVER, CAMEO and ACE codes of `event_type` in the package's ontology."""
    return load_ontology().codes(event_type)


def _load_lexicon() -> dict[str, frozenset[str]]:
    data = tomllib.loads(files("pipeline.data").joinpath("ontology").joinpath("lexicon.toml").read_text(encoding="utf-8"))
    return {
        name: frozenset(" ".join(words).split() if isinstance(words, list) else words.split()) for name, words in data.items()
    }


def _read_class(
    name: str, text: str, lexicon: Mapping[str, frozenset[str]]
) -> Iterator[tuple[EventType, list[tuple[str, Trigger]]]]:
    try:
        data = tomllib.loads(text)
        class_id = data["class"]["id"]
        types = data["types"]
    except (tomllib.TOMLDecodeError, KeyError) as error:
        raise DataError(f"{name}: {error!r}. A class file has [class] with an id, and [types.<id>] tables.") from error
    for type_id, table in types.items():
        where = f"{name}: {type_id}"
        _known(where, table, _TYPE_KEYS)
        event_type = EventType(
            type_id=type_id,
            class_id=class_id,
            label=table["label"],
            definition=table.get("definition", ""),
            plover=table.get("plover", ""),
            cameo=table.get("cameo", ""),
            ace=table.get("ace", ""),
            quantities=frozenset(_subset(where, table.get("quantities", []), QUANTITIES)),
            examples=tuple(table.get("examples", ())),
            counterexamples=tuple(table.get("counterexamples", ())),
            verb_roles=_roles(table.get("verb", {})),
            noun_roles=_roles(table.get("noun", {})),
        )
        yield event_type, list(_compile_type(where, class_id, type_id, table, lexicon))


def _compile_type(
    where: str, class_id: str, type_id: str, table: Mapping[str, Any], lexicon: Mapping[str, frozenset[str]]
) -> Iterator[tuple[str, Trigger]]:
    for number, block in enumerate(table.get("trigger", [])):
        here = f"{where}: trigger {number + 1}"
        _known(here, block, _TRIGGER_KEYS)
        conditions = tuple(_conditions(here, block, lexicon))
        for kind, lemma in _lemmas(block):
            verbal = kind == "verb" or (kind == "phrase" and _element(_phrase_words(lemma)[0].lstrip("*")).verb)
            roles = {**table.get("verb" if verbal else "noun", {}), **block.get("roles", {})}
            _check_roles(here, roles)
            phrase, key = _compile_phrase(here, lemma) if kind == "phrase" else ((), 0)
            trigger = Trigger(
                rule_id=f"{type_id}.{block.get('rule', number + 1)}.{_legible(lemma)}",
                event_type=type_id,
                event_class=class_id,
                kind=kind,
                lemma=lemma,
                conditions=conditions,
                roles=_roles(roles),
                confidence=float(block.get("confidence", 0.8)),
                phrase=phrase,
                key=key,
            )
            for form in phrase[key].forms if phrase else _forms(kind, lemma):
                yield form, trigger


def _roles(table: Mapping[str, Any]) -> Mapping[str, tuple[str, ...]]:
    return {role: tuple(slots) for role, slots in table.items()}


def _legible(lemma: str) -> str:
    """A phrase as part of a rule id: one word of every choice, blanks joined."""
    return "_".join(word.split("|")[0] for word in lemma.replace("*", "").split())


def _lemmas(block: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, kind in (("verbs", "verb"), ("nouns", "noun"), ("adjectives", "adjective"), ("phrases", "phrase")):
        for lemma in block.get(key, ()):
            yield kind, lemma


def _forms(kind: str, lemma: str) -> frozenset[str]:
    if kind == "verb":
        return verb_forms(lemma)
    if kind == "adjective":
        return frozenset({lemma, lemma + "e", lemma + "s", lemma + "es"})
    return noun_forms(lemma)


def _phrase_words(phrase: str) -> list[str]:
    return phrase.replace("'", "' ").split()


def _compile_phrase(where: str, phrase: str) -> tuple[tuple[Element, ...], int]:
    words = _phrase_words(phrase)
    starred = [i for i, word in enumerate(words) if word.startswith("*")]
    if len(starred) != 1:
        raise DataError(f"{where}: phrase {phrase!r} must mark one trigger word with *.")
    elements = [_element(word.lstrip("*")) for word in words]
    behind = accumulate((element.verb for element in elements[:-1]), or_, initial=False)
    return tuple(replace(element, behind_verb=verb) for element, verb in zip(elements, behind, strict=True)), starred[0]


def _element(word: str) -> Element:
    """`verb+` is any form of the verb, `exact!` just this form, a plain word also its plural or contraction, `a|b` either."""
    if word in {"_", "DET", "NUM"}:
        return Element(frozenset(), gap=word == "_", determiner=word == "DET", number=word == "NUM")
    forms: set[str] = set()
    for choice in word.split("|"):
        bare = choice.rstrip("+!")
        if choice.endswith("+"):
            forms |= verb_forms(bare)
        elif choice.endswith(("!", "'")):
            forms.add(bare)
        else:
            forms |= noun_forms(bare) | {bare, *_CONTRACTED.get(bare, ())}
    return Element(frozenset(forms), verb="+" in word)


def _conditions(where: str, block: Mapping[str, Any], lexicon: Mapping[str, frozenset[str]]) -> Iterator[Condition]:
    for key, wanted in (("when", True), ("unless", False)):
        for slot, accepts in block.get(key, {}).items():
            if any(part not in SLOTS | CONTEXTS for part in slot.split("|")):
                raise DataError(f"{where}: unknown slot {slot!r}. Allowed: {', '.join(sorted(SLOTS | CONTEXTS))}.")
            values = (accepts,) if isinstance(accepts, str) else tuple(accepts)
            for value in values:
                if value.startswith("@") and value[1:] not in lexicon:
                    raise DataError(f"{where}: unknown word class {value!r}. Allowed: {', '.join(sorted(lexicon))}.")
                if slot == "form" and value not in FORMS:
                    raise DataError(f"{where}: unknown form {value!r}. Allowed: {', '.join(sorted(FORMS))}.")
            kinds = tuple(value for value in values if value in BUILT_IN)
            words = (lexicon[value[1:]] if value.startswith("@") else {value} for value in values if value not in kinds)
            yield Condition(tuple(slot.split("|")), values, wanted, kinds, frozenset().union(*words))


def _check_roles(where: str, roles: Mapping[str, Any]) -> None:
    for role, slots in roles.items():
        if role not in ROLES:
            raise DataError(f"{where}: unknown role {role!r}. Allowed: {', '.join(ROLES)}.")
        for slot in slots:
            if slot.split(":")[0].removesuffix("+") not in SLOTS:
                raise DataError(f"{where}: unknown slot {slot!r} for {role}. Allowed: {', '.join(sorted(SLOTS))}.")


def _known(where: str, table: Mapping[str, Any], allowed: frozenset[str]) -> None:
    unknown = sorted(set(table) - allowed)
    if unknown:
        raise DataError(f"{where}: unknown key {unknown[0]!r}. Allowed: {', '.join(sorted(allowed))}.")


def _subset(where: str, values: list[str], allowed: tuple[str, ...]) -> list[str]:
    wrong = [value for value in values if value not in allowed]
    if wrong:
        raise DataError(f"{where}: {wrong[0]!r} is not one of {', '.join(allowed)}.")
    return values


__all__ = ["Condition", "Element", "EventType", "Ontology", "Trigger", "codes", "load_ontology", "participles"]

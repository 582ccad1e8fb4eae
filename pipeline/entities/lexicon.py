"""The word lists of `data/entities`, loaded once and never changed."""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from pipeline.errors import DataError

START = 2  # letters by which names are indexed


@dataclass(frozen=True, slots=True)
class Organisation:
    """A well-known organisation: what its acronym stands for."""

    acronym: str
    name: str
    variants: tuple[str, ...]  # further names, the acronym among them


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Word lists, all lower case."""

    masculine_titles: frozenset[str]
    feminine_titles: frozenset[str]
    titles: frozenset[str]
    single_name_titles: frozenset[str]  # a first name after them is a whole name
    families: frozenset[str]  # a surname after them is no one person
    determiners: frozenset[str]
    danglers: frozenset[str]  # what no name ends in
    unlettered: frozenset[str]  # words of a name that its acronym leaves out
    generic_heads: frozenset[str]
    particles: frozenset[str]
    junk: frozenset[str]
    legal_forms: frozenset[str]
    roles_of_organisation: frozenset[str]
    companies: frozenset[str]  # what a company is: a name right behind is no person's
    place_heads: dict[str, str]  # head nouns, with the kind of place they announce
    streets: frozenset[str]
    compass: frozenset[str]
    links: frozenset[str]
    first_names: dict[str, str]  # with their gender: m or f
    demonyms: dict[str, str | None]  # every form, with the country it is evidence of
    demonym_places: frozenset[str]  # demonyms that are also the name of a place: la Suisse, la Corse
    known: dict[str, str]  # names whose label is certain, as written
    known_by_start: dict[str, list[tuple[str, str]]]
    organisations: dict[str, Organisation]  # by every name and acronym, as written


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """`text` without case, accents, hyphens and doubled spaces: what two spellings of one name have in common."""
    plain = "".join(
        c for c in unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "Oe")) if not unicodedata.combining(c)
    )
    return " ".join(plain.casefold().replace("-", " ").replace("’", "'").replace("' ", "'").split())


def rows(folder: str, name: str) -> Iterator[list[str]]:
    """The lines of a tab-separated file of `pipeline/data`, comments left out."""
    text = (files("pipeline") / "data" / folder / name).read_text(encoding="utf-8")
    for number, line in enumerate(text.splitlines(), 1):
        if line and not line.startswith("#"):
            cells = line.split("\t")
            if len(cells) < 2:
                raise DataError(f"data/{folder}/{name}, line {number}: cells must be separated by tabs, found {line!r}.")
            yield cells


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The word lists of the entity stage.

    Raises:
        DataError: a file is not what it must be; the message names the line.
    """
    raw = tomllib.loads((files("pipeline") / "data" / "entities" / "lexicon.toml").read_text(encoding="utf-8"))
    titles, words, roles, places = raw["titles"], raw["words"], raw["roles"], raw["places"]
    organisations, known = _organisations(), _known_names()
    return Lexicon(
        masculine_titles=frozenset(titles["masculine"]),
        feminine_titles=frozenset(titles["feminine"]),
        titles=frozenset(titles["masculine"] + titles["feminine"] + titles["neutral"]),
        single_name_titles=frozenset(titles["single_name"]),
        families=frozenset(raw["families"]["words"]),
        determiners=frozenset(words["determiners"]),
        danglers=frozenset(words["danglers"]),
        unlettered=frozenset(words["unlettered"]),
        generic_heads=frozenset(words["generic_heads"]),
        particles=frozenset(words["particles"]),
        junk=frozenset(words["junk"]),
        legal_forms=frozenset(words["legal_forms"]),
        roles_of_organisation=frozenset(roles["of_organisation"]),
        companies=frozenset(roles["companies"]),
        place_heads={head: kind for kind in ("city", "department", "region", "country") for head in places[kind]},
        streets=frozenset(places["streets"]),
        compass=frozenset(places["compass"]),
        links=frozenset(places["links"]),
        first_names={name: gender for gender, line in rows("entities", "first_names.tsv") for name in line.split()},
        demonyms=_demonyms(),
        demonym_places=frozenset(words["demonym_places"]),
        known=known,
        known_by_start=by_start(known),
        organisations=organisations,
    )


def by_start(names: Mapping[str, str]) -> dict[str, list[tuple[str, str]]]:
    """`names` with their labels, by the first letters, for a quick look-up at each token."""
    index: dict[str, list[tuple[str, str]]] = {}
    for name, label in names.items():
        index.setdefault(name[:START], []).append((name, label))
    return index


def _known_names() -> dict[str, str]:
    """Names with their label: those of `known_names.tsv`, and the organisations whose name or acronym is nobody else's."""
    known = {name: label for label, names in rows("entities", "known_names.tsv") for name in names.split("|")}
    for name in _organisations():
        if (len(name) > 2 and name.isupper()) or (" " in name and name[0].isupper()):
            known.setdefault(name, "ORG")
    return known


def _demonyms() -> dict[str, str | None]:
    forms: dict[str, str | None] = {}
    for code, *genders in rows("entities", "demonyms.tsv"):
        country = code.lstrip("-") or None
        for form in genders:
            for plural in (form, form if form[-1] in "sx" else form + "s", form + "x" if form.endswith("eau") else form):
                forms.setdefault(plural, country)
    return forms


def _organisations() -> dict[str, Organisation]:
    table: dict[str, Organisation] = {}
    for acronym, name, *more in rows("entities", "organisations.tsv"):
        variants = (acronym, *(variant for variant in (more[0] if more else "").split("|") if variant))
        organisation = Organisation(acronym, name, variants)
        for variant in (name, *variants):
            table.setdefault(variant, organisation)
    return table

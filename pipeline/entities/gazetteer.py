"""The gazetteer: names of places, found by bisection in one sorted block of bytes.

The table stays as the bytes it was unpacked to: a look-up costs microseconds, loading a tenth of what a dictionary of objects
would, and a worker process holds a few megabytes.
"""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from pipeline.entities.lexicon import fold
from pipeline.errors import DataError
from pipeline.records import Place

TABLE = "gazetteer.tsv.gz"
_COLUMNS = 10


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place that bears the name looked up."""

    name: str
    rank: int  # the name is 0 French, 1 official, 2 one of many
    kind: str  # country, region, department, city, continent, sea, relief, seat, quarter, space
    admin: str  # GeoNames' code of the region, of cities
    size: float  # decimal logarithm of the population
    place: Place


@lru_cache(maxsize=1)
def _table() -> bytes:
    """The unpacked table, a line break in front.

    Raises:
        DataError: the package lacks the table.
    """
    try:
        packed = (files("pipeline") / "data" / "places" / TABLE).read_bytes()
    except OSError as error:
        raise DataError(
            f"data/places/{TABLE} is missing ({error}). Reinstall the package, or build it: pipeline.training.places."
        ) from error
    return b"\n" + gzip.decompress(packed)


@lru_cache(maxsize=4096)
def look_up(name: str) -> tuple[Candidate, ...]:
    """The places called `name`; case, accents and hyphens do not matter."""
    table, key = _table(), fold(name).encode()
    low, high = 0, len(table) - 1
    while low < high:  # the first line whose key is not less than `key`
        middle = (low + high) // 2
        start = table.rfind(b"\n", 0, middle + 1)
        if table[start + 1 : table.find(b"\t", start + 1)] < key:
            low = table.find(b"\n", middle + 1)
            if low < 0:
                return ()
        else:
            high = start
    found = []
    start = low if table[low : low + 1] == b"\n" else table.rfind(b"\n", 0, low + 1)
    while table.startswith(key + b"\t", start + 1):
        end = table.find(b"\n", start + 1)
        found.append(_candidate(table[start + 1 : end].decode(), name))
        start = end
    return tuple(found)


def _candidate(line: str, asked: str) -> Candidate:
    cells = line.split("\t")
    if len(cells) != _COLUMNS:
        raise DataError(
            f"data/places/{TABLE}: {_COLUMNS} cells expected, found {line!r}. Build it anew: pipeline.training.places."
        )
    _, rank, kind, country, admin, identifier, latitude, longitude, size, name = cells
    return Candidate(
        name=name or asked,
        rank=int(rank),
        kind=kind,
        admin=admin,
        size=int(size) / 10,
        place=Place(
            country_code=country or None,
            geoname_id=int(identifier) if identifier else None,
            latitude=float(latitude) if latitude else None,
            longitude=float(longitude) if longitude else None,
        ),
    )

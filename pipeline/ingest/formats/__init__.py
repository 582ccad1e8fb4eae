"""The input formats: one module each, found by itself.

A module names the suffixes that it reads in `SUFFIXES` and has ``read(path, names)``, which yields a `Raw` per record, a `Broken`
for a record that cannot be read, and raises `ReadError` where the whole file cannot. It may have ``accepts(name)`` where the
suffix does not decide alone, and names in `LIBRARIES` the libraries beyond Python's own that it uses: another version of one of
them has its files read again. Importing it must be cheap: heavy libraries are imported inside `read`, extras of the package by
`pipeline.ingest.extras`. How much an input may take is in `pipeline.ingest.limits`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import MappingProxyType
from typing import Protocol, cast

from pipeline.errors import ReadError
from pipeline.ingest.fields import NO_NAMES, Names
from pipeline.ingest.raw import Broken, Raw


class Format(Protocol):
    """What a format module offers."""

    SUFFIXES: tuple[str, ...]
    LIBRARIES: tuple[str, ...]

    def read(self, path: Path, names: Names) -> Iterator[Raw | Broken]:
        """The records of the file; `names` tells what the corpus calls the fields of records, where they have names."""


@cache
def by_suffix() -> MappingProxyType[str, Format]:
    """The format modules by the suffixes that they read."""
    modules = [cast(Format, import_module(f"{__name__}.{found.name}")) for found in iter_modules(__path__)]
    return MappingProxyType({suffix: module for module in modules for suffix in module.SUFFIXES})


def suffix_of(name: str) -> str:
    """The part of a file's name from its last full stop on, in small letters; from the last but one in ``x.tar.gz``."""
    stem, dot, suffix = name.lower().rpartition(".")
    if not (dot and stem):
        return ""
    first, dot, last = stem.rpartition(".")
    double = f".{last}.{suffix}"
    return double if dot and first and double in by_suffix() else f".{suffix}"


def readable(name: str) -> bool:
    """Whether a file of this name can be read; of a compressed one, whether what is in it can."""
    reader = by_suffix().get(suffix_of(name))
    accepts = getattr(reader, "accepts", None)
    return bool(accepts(name)) if accepts else reader is not None


def read(path: Path, names: Names = NO_NAMES) -> Iterator[Raw | Broken]:
    """The records of the file at `path`.

    Raises:
        ReadError: no format has its suffix, or the file cannot be read.
    """
    reader = by_suffix().get(suffix_of(path.name))
    if reader is None or not readable(path.name):
        raise ReadError(f"unknown format {suffix_of(path.name)!r}. Readable: {', '.join(sorted(by_suffix()))}.")
    return reader.read(path, names)

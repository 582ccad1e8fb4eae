"""Fingerprints: what the rows in the parts, and the published tables, depend on besides the input."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import blake2b
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import ModuleType
from typing import Any

from pipeline.config import EXTRACTION_OPTIONS, Config
from pipeline.ingest import formats
from pipeline.store.layout import content_hash

ROOT = Path(__file__).resolve().parent.parent
# What is extracted depends on all code and data of the package, but for what only runs, stores, shows or measures.
EXTRACTION_CODE = ("",)
NOT_EXTRACTION = (
    *("__init__.py", "__main__.py", "cli.py", "components.py", "config.py", "errors.py", "evaluate.py", "run.py"),
    *("engines", "events/stories.py", "explain.py", "ingest/formats", "report", "store", "training"),
)
FORMATS_CODE = "ingest/formats"  # each file depends on the code of its own format
PUBLICATION_CODE = (
    *("schema.py", "events/stories.py", "report"),
    *("store/aggregate.py", "store/csvfile.py", "store/publish.py", "store/tables.py"),
)
LIBRARIES = ("spacy", "thinc", "dateparser", "charset-normalizer", "py3langid", "ftfy", "rensa")
IGNORED = frozenset({"__pycache__", ".pyc", ".pyo", ".md"})


def extraction(config: Config) -> str:
    """Changes when what is extracted from any file may change: code, data files, model, libraries, extraction options."""
    options = [(name, getattr(config, name)) for name in EXTRACTION_OPTIONS]
    code = ((name, digest) for name, digest in _hashes(EXTRACTION_CODE) if not name.startswith(NOT_EXTRACTION))
    return _digest([*code, *options, ("model", _model_version(config.model)), *_versions(LIBRARIES)])


def publication(config: Config) -> str:
    """Changes when the same rows would be published otherwise."""
    return _digest([*_hashes(PUBLICATION_CODE), ("formats", config.formats)])


def readers() -> dict[str, str]:
    """What changes, for each suffix, when its files may be read otherwise: code and libraries of the format.

    The code is the format's own and that of the formats that it hands on to, the libraries those that they name in `LIBRARIES`;
    an archive hands on to all of them.
    """
    found = {suffix: _reached(module) for suffix, module in formats.by_suffix().items()}
    return {suffix: _digest([*_hashes(reader_code(used)), *_versions(_libraries(used))]) for suffix, used in found.items()}


def reader_code(used: Iterable[Any]) -> list[str]:
    """The files of the format modules in `used`."""
    return sorted(f"{FORMATS_CODE}/{module.__name__.rpartition('.')[2]}.py" for module in used)


def _libraries(used: Iterable[Any]) -> list[str]:
    return sorted({library for module in used for library in module.LIBRARIES})


def _reached(module: Any) -> tuple[Any, ...]:
    """The format and the formats that it hands on to, as the modules that it has imported tell."""
    every: dict[str, Any] = {vars(reader)["__name__"]: reader for reader in formats.by_suffix().values()}
    reached, pending = {}, [module]
    while pending:
        reader = pending.pop()
        reached[reader.__name__] = reader
        imported = {value.__name__ for value in vars(reader).values() if isinstance(value, ModuleType)}
        names = every if formats.__name__ in imported else imported & every.keys()
        pending += [every[name] for name in names if name not in reached]
    return tuple(reached.values())


def _digest(facts: Iterable[tuple[str, Any]]) -> str:
    return blake2b(repr(list(facts)).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _versions(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    return ((name, _version(name)) for name in names)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _model_version(model: str) -> str:
    """The version of an installed model, or the description of one in a folder."""
    meta = Path(model) / "meta.json"
    return blake2b(meta.read_bytes()).hexdigest() if meta.is_file() else _version(model.replace("_", "-"))


def _hashes(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    for name in names:
        path = ROOT / name
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file() and not IGNORED & {file.suffix, file.parent.name}:
                yield file.relative_to(ROOT).as_posix(), content_hash(file)

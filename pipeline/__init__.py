"""French news in, an event database out: entities, normalised dates and events as tables.

    import pipeline

    pipeline.run("corpus", "outputs")       # what is new in the folder, processed and published
    tables = pipeline.load("outputs")       # tables.events is a pandas data frame

Importing the package loads no model: `run`, `extract` and `load` are fetched when they are first used.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.extract import extract as extract
    from pipeline.run import load as load
    from pipeline.run import run as run

__version__ = "0.1.0"
__all__ = ["extract", "load", "run"]
_HOMES = {"run": "pipeline.run", "load": "pipeline.run", "extract": "pipeline.extract"}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'pipeline' has no attribute {name!r}. It has: {', '.join(__all__)}.")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


class _Package(ModuleType):
    """`run` and `extract` are functions here and modules of the same name: importing a module must not hide the function."""

    def __setattr__(self, name: str, value: Any) -> None:
        if not (name in _HOMES and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package

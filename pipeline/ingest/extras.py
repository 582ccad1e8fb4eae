"""Libraries that only some formats need. They are extras of the package: without one its files become rows of `failures`."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from pipeline.errors import ReadError


def load(module: str, *, extra: str, reads: str) -> Any:
    """The library `module`, which comes with the extra `extra`; `reads` says in the plural what it is for.

    Raises:
        ReadError: it is not installed; the message is the line that installs it.
    """
    try:
        return import_module(module)
    except ImportError as error:
        missing = (error.name or module).partition(".")[0]
        raise ReadError(f"{reads} need {missing}: python -m pip install 'ephemeride[{extra}]'") from error

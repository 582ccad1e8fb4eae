"""Every error the package raises on purpose.

    EphemerideError
    ├── UsageError        the caller asked for something that cannot be done
    │   ├── CorpusError   the corpus folder is missing, unreadable or holds nothing to read
    │   ├── OutputError   the output folder cannot be written or is in use
    │   └── ConfigError   an option or pipeline.toml is wrong
    ├── ModelError        the language model is missing or does not fit
    ├── EngineError       worker processes cannot be started or die without a culprit
    ├── DataError         a file of pipeline/data does not hold what it must
    └── ReadError         one input cannot be read: becomes a row of `failures`

A message says what happened, where, what was allowed, and what to do next.
"""

from __future__ import annotations


class EphemerideError(Exception):
    """Base of all errors of this package."""


class UsageError(EphemerideError):
    """The caller asked for something that cannot be done."""


class CorpusError(UsageError):
    """The corpus folder is missing, unreadable or holds nothing to read."""


class OutputError(UsageError):
    """The output folder cannot be written, or another run is using it."""


class ConfigError(UsageError):
    """An option, or a line of pipeline.toml, is wrong."""


class ModelError(EphemerideError):
    """The language model is missing or is not the one this version was made for."""


class EngineError(EphemerideError):
    """The worker processes cannot do their work at all; no single article is to blame."""


class DataError(EphemerideError):
    """A data file of the package (ontology, gazetteer, rules) does not hold what it must."""


class ReadError(EphemerideError):
    """One input cannot be read; the run goes on without it."""

"""JSON: one article, a list of them, or an object that holds such a list under a usual name."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from pipeline.errors import ReadError
from pipeline.ingest import fields, limits
from pipeline.ingest.decode import decode
from pipeline.ingest.fields import Names
from pipeline.ingest.formats import json_lines
from pipeline.ingest.raw import Broken, Raw

SUFFIXES = (".json",)
LIBRARIES = ()
LISTS = ("articles", "items", "results", "data", "documents", "docs", "records", "entries", "hits", "news")


def read(path: Path, names: Names) -> Iterator[Raw | Broken]:
    """The records of the file; a file of several JSON values, a line each, is read as JSON Lines.

    Raises:
        ReadError: the file is empty, too large, or no JSON.
        OSError: it cannot be opened or read.
    """
    data = limits.whole(path, limits.MAX_WHOLE, advice=". Convert it to JSON Lines (.jsonl), which is read line by line.")
    try:
        value = json.loads(decode(data).text)
    except RecursionError:
        raise ReadError("JSON nested too deeply") from None
    except ValueError as error:
        if str(error).startswith("Extra data"):
            yield from json_lines.read(path, names)
            return
        raise ReadError(f"not valid JSON: {error}") from error
    yield from _records(value, names)


def _records(value: object, names: Names) -> Iterator[Raw | Broken]:
    records = value
    if isinstance(value, dict) and not isinstance(fields.pick(value, "text", names), str):
        records = next((value[name] for name in LISTS if isinstance(value.get(name), list)), value)
    if not isinstance(records, list):
        yield fields.raw(records, None, names)
        return
    if not records:
        raise ReadError("an empty list")
    for number, record in enumerate(records, 1):
        yield fields.raw(record, number, names)

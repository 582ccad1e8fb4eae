"""JSON Lines: an article a line, read line by line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from pipeline.errors import ReadError
from pipeline.ingest import fields, limits
from pipeline.ingest.decode import decode
from pipeline.ingest.fields import Names
from pipeline.ingest.raw import Broken, Raw

SUFFIXES = (".jsonl", ".ndjson")
LIBRARIES = ()


def read(path: Path, names: Names) -> Iterator[Raw | Broken]:
    """A record per line that is not blank; a line that is no JSON object costs only itself.

    Raises:
        ReadError: the file is empty.
        OSError: it cannot be opened or read.
    """
    number = 0
    with path.open("rb") as file:
        while data := file.readline(limits.MAX_RECORD + 1):
            too_long = len(data) > limits.MAX_RECORD
            if too_long:
                _skip_line(file, data)
            if not data.strip():
                continue
            number += 1
            yield (
                Broken(number=number, reason=f"a line longer than {limits.size(limits.MAX_RECORD)}")
                if too_long
                else _record(data, number, names)
            )
    if not number:
        raise ReadError("empty file")


def _skip_line(file: IO[bytes], data: bytes) -> None:
    while data and not data.endswith(b"\n"):
        data = file.readline(limits.MAX_RECORD)


def _record(data: bytes, number: int, names: Names) -> Raw | Broken:
    try:
        return fields.raw(json.loads(decode(data).text), number, names)
    except ReadError as error:
        return Broken(number=number, reason=str(error))
    except RecursionError:
        return Broken(number=number, reason="JSON nested too deeply")
    except ValueError as error:
        return Broken(number=number, reason=f"not valid JSON: {error}")

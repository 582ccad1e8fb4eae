"""Parts: immutable files with the rows of some inputs. A part is a run of Arrow IPC streams, one per chunk and table."""

from __future__ import annotations

import contextlib
import os
import uuid
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import pyarrow as pa
from pyarrow import ipc

from pipeline.schema import PART_TABLES
from pipeline.store.ledger import PartEntry, Segment

CHUNKS_KEPT = 64  # an incremental history interleaves parts; decoding each chunk once per file would cost thirty times the work


class PartWriter:
    """Writes a part under a temporary name. A class because a file is open meanwhile; leaving it on an error removes the file."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / f"{uuid.uuid4().hex}.part"
        self._layout: list[tuple[tuple[int, int], ...]] = []
        self._file: IO[bytes] = self.path.open("wb")

    def add(self, tables: Mapping[str, pa.Table]) -> int:
        """Append a chunk and return its number."""
        positions = []
        for name in PART_TABLES:
            start = self._file.tell()
            if tables[name].num_rows:
                with ipc.new_stream(self._file, tables[name].schema, options=ipc.IpcWriteOptions(compression="zstd")) as stream:
                    stream.write_table(tables[name])
            positions.append((start, self._file.tell() - start))
        self._layout.append(tuple(positions))
        return len(self._layout) - 1

    def finish(self) -> PartEntry:
        """Force the part onto the disk and say what it holds."""
        self._file.flush()
        os.fsync(self._file.fileno())
        size = self._file.tell()
        self._file.close()
        return PartEntry(self.path.name, size, tuple(self._layout))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if kind is None:
            self._file.close()
            return
        with contextlib.suppress(OSError):  # on a full disk closing fails again
            self._file.close()
        self.path.unlink(missing_ok=True)


class PartReader:
    """Reads rows of one table, in the order asked for. A class because it remembers the chunks it has just decoded."""

    def __init__(self, folder: Path, parts: Iterable[PartEntry], table: str, columns: Sequence[str]) -> None:
        self._folder = folder
        self._parts = {part.name: part for part in parts}
        self._index = PART_TABLES.index(table)
        self._columns = list(columns)
        self._chunks: OrderedDict[tuple[str, int], pa.Table] = OrderedDict()

    def slices(self, segments: Iterable[tuple[str, Segment]]) -> Iterator[pa.Table]:
        """The rows of `segments`, adjacent ones in one piece."""
        for part, chunk, first, count in _runs(segments, self._index):
            yield self._chunk(part, chunk).slice(first, count)

    def _chunk(self, part: str, chunk: int) -> pa.Table:
        key = (part, chunk)
        if key in self._chunks:
            self._chunks.move_to_end(key)
        else:
            self._chunks[key] = self._read(self._parts[part], chunk)
            if len(self._chunks) > CHUNKS_KEPT:
                self._chunks.popitem(last=False)
        return self._chunks[key]

    def _read(self, part: PartEntry, chunk: int) -> pa.Table:
        position, length = part.layout[chunk][self._index]
        with (self._folder / part.name).open("rb") as file:
            file.seek(position)
            data = pa.py_buffer(file.read(length))
        with ipc.open_stream(data) as stream:
            wanted = [stream.schema.get_field_index(name) for name in self._columns]
        with ipc.open_stream(data, options=ipc.IpcReadOptions(included_fields=wanted)) as stream:
            return stream.read_all().select(self._columns)


def _runs(segments: Iterable[tuple[str, Segment]], index: int) -> Iterator[tuple[str, int, int, int]]:
    """Part, chunk, first row and number of rows, with neighbours joined."""
    run: tuple[str, int, int, int] | None = None
    for part, segment in segments:
        first, count = segment.rows[index]
        if not count:
            continue
        if run and run[:2] == (part, segment.chunk) and run[2] + run[3] == first:
            run = (part, segment.chunk, run[2], run[3] + count)
            continue
        if run:
            yield run
        run = (part, segment.chunk, first, count)
    if run:
        yield run

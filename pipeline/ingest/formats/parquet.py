"""Parquet: an article a row, columns by their usual names; read in small batches, only the columns that matter."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pipeline.errors import ReadError
from pipeline.ingest import fields, limits
from pipeline.ingest.fields import Names
from pipeline.ingest.raw import Broken, Raw

SUFFIXES = (".parquet",)
LIBRARIES = ("pyarrow",)
BATCH_ROWS = 64


def read(path: Path, names: Names) -> Iterator[Raw | Broken]:
    """A record per row.

    Raises:
        ReadError: the file is empty, damaged, or has no column of texts.
        OSError: it cannot be opened or read.
    """
    import pyarrow as pa  # noqa: PLC0415 - heavy
    import pyarrow.parquet as pq  # noqa: PLC0415

    size = path.stat().st_size
    if not size:
        raise ReadError("empty file")
    meter = limits.unpacking(size)
    number = 0
    try:
        with pq.ParquetFile(path, pre_buffer=False) as file:  # the buffer would grow to the size of the file
            columns = file.schema_arrow.names
            fields.check_columns(columns, names)
            wanted = [column for column in columns if fields.known(column) or fields.mapped(column, names)]
            for group in range(file.num_row_groups):
                for batch in file.iter_batches(BATCH_ROWS, row_groups=[group], columns=wanted, use_threads=False):
                    meter.take(batch.nbytes)
                    for row in batch.to_pylist():
                        number += 1
                        yield fields.raw(row, number, names)
    except (pa.ArrowException, ValueError, OSError) as error:
        if isinstance(error, OSError) and error.errno:
            raise  # the disk's fault, not the file's
        raise ReadError(f"damaged after row {number}: {error}") from error
    if not number:
        raise ReadError("no row in the file")

"""Reading the tables back, typed, all of one and the same run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.errors import OutputError
from pipeline.schema import TABLES, Table, arrow_schema
from pipeline.store import csvfile

if TYPE_CHECKING:
    import pandas as pd


class Tables(Mapping[str, "pd.DataFrame"]):
    """The tables of one run: ``tables.events`` or ``tables["events"]``. Each is read when it is first asked for.

    The folder is resolved when the object is made, so that all tables are of the same run even while another one publishes. The
    frames equal those of `pandas.read_parquet`, whether they come from Parquet or from CSV.
    """

    articles: pd.DataFrame
    mentions: pd.DataFrame
    entities: pd.DataFrame
    entity_aliases: pd.DataFrame
    dates: pd.DataFrame
    events: pd.DataFrame
    participants: pd.DataFrame
    quotes: pd.DataFrame
    stories: pd.DataFrame
    story_redirects: pd.DataFrame
    failures: pd.DataFrame

    def __init__(self, folder: Path, format: str) -> None:
        self.folder = folder
        self.format = format
        self._frames: dict[str, pd.DataFrame] = {}

    def arrow(self, name: str) -> pa.Table:
        """The table as Arrow.

        Raises:
            KeyError: there is no table of that name.
        """
        path = self.folder / f"{name}.{self.format}"
        table = TABLES[name]
        return _categorised(table, pq.read_table(path) if self.format == "parquet" else csvfile.read(table, path))

    def scan(self, name: str, columns: Sequence[str]) -> Iterator[pa.Table]:
        """Columns of the table, categories as text, piece by piece: at least one, perhaps empty. From CSV it is one piece."""
        if self.format != "parquet":
            yield _as_text(self.arrow(name).select(columns))
            return
        with pq.ParquetFile(self.folder / f"{name}.parquet") as file:
            for group in range(file.num_row_groups):
                yield _as_text(file.read_row_group(group, columns=list(columns)).select(columns))

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._frames:
            self._frames[name] = self.arrow(name).to_pandas()
        return self._frames[name]

    def __getattr__(self, name: str) -> pd.DataFrame:
        if name in TABLES:
            return self[name]
        raise AttributeError(f"no table {name!r}. There are: {', '.join(TABLES)}.")

    def __iter__(self) -> Iterator[str]:
        return iter(TABLES)

    def __len__(self) -> int:
        return len(TABLES)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *TABLES})

    def __repr__(self) -> str:
        return f"<Tables of {self.folder} ({self.format}): {', '.join(TABLES)}>"


def load(out: str | Path = "outputs", *, format: str | None = None) -> Tables:
    """The tables in folder `out`; from Parquet where there is any, else from CSV, or as `format` says.

    Raises:
        OutputError: there are no tables, or not in this format.
    """
    folder = Path(out)
    current = folder / ".store" / "current"
    if current.is_symlink() and current.exists():
        folder = current.resolve()
    elif current.is_file():
        folder = folder / ".store" / "snapshots" / current.read_text(encoding="utf-8").strip()
    allowed = [format] if format else ["parquet", "csv"]
    for ending in allowed:
        if all((folder / f"{name}.{ending}").exists() for name in ("articles", "events")):
            return Tables(folder, ending)
    raise OutputError(f"{out}: no {' or '.join(allowed)} tables there. Make them with: python -m pipeline CORPUS --out {out}")


def _as_text(data: pa.Table) -> pa.Table:
    schema = pa.schema([(f.name, pa.string() if pa.types.is_dictionary(f.type) else f.type) for f in data.schema])
    return data.cast(schema)


def _categorised(table: Table, data: pa.Table) -> pa.Table:
    """Categories as `arrow_schema` wants them: the declared values, then others in order. An empty column of a Parquet file
    has lost them, a CSV file never had them."""
    schema = arrow_schema(table)
    columns = []
    for column, field in zip(table.published, schema, strict=True):
        values = data[column.name]
        if column.kind == "category":
            values = values.cast(pa.string())
            others = sorted(set(pc.unique(values).to_pylist()) - {None} - set(column.vocabulary))
            known = pa.array([*column.vocabulary, *others], pa.string())
            indices = pc.index_in(values, value_set=known).cast(pa.int16()).combine_chunks()
            columns.append(pa.DictionaryArray.from_arrays(indices, known))
        else:
            columns.append(values.cast(field.type))
    return pa.table(columns, schema=schema)

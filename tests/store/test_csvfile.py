"""CSV and Parquet say the same, whatever the texts hold; nothing in the CSV runs as a formula."""

from __future__ import annotations

import csv
import gc
import sys
from datetime import date, datetime
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.config import FORMATS
from pipeline.run import load
from pipeline.schema import ARTICLES, EVENTS, FAILURES, TABLES, build
from pipeline.store.csvfile import guard, unguard
from pipeline.store.publish import TableWriter

TRICKY = [
    *(None, "", " ", "'", "''", "a,b;c\td", 'dit "oui"', "deux\nlignes", "trois\r\nlignes\r", "\n", "null", "NaN", "NA", "None"),
    *("=1+1", "'=1+1", "''=1", " =1", "+33 1", "-5", "- un tiret", "@nom", "\t=1", "\r", "＝1", '=HYPERLINK("http://x")'),
    *("nul\x00octet", "\ufeffbom", "e\u0301", "\u202egauche", "😀", "2024-01-01", "01", "1e5", "true", "\x1b[31m", "\ufffd"),
]


def _article(number: int, text: str | None) -> tuple[object, ...]:
    moment = datetime(1000 + number * 37 % 2000, 1 + number % 12, 1 + number % 28, number % 24, 59, 1) if number % 4 else None
    flag = None if number % 5 == 0 else bool(number % 2)
    count = None if number % 3 == 0 else number
    return (
        *(f"id{number}", f"{number}.txt", text, moment, "header", flag, None, text, text, text, "fr", text, count),
        *(count, None, flag, text or "x", None, None, None, None),
    )


def _write(folder: Path, rows: dict[str, pa.Table]) -> None:
    for name, table in TABLES.items():
        published = [column.name for column in table.published]
        found = rows.get(name, build(table, [])).select(published)
        categories = {c.name: pa.array([*c.vocabulary, "fr"], pa.string()) for c in table.published if c.kind == "category"}
        with TableWriter(table, folder, ("parquet", "csv"), categories) as writer:
            writer.add(found)


def test_tricky_values_are_the_same_from_csv_and_parquet(tmp_path: Path) -> None:
    table = build(ARTICLES, [_article(number, text) for number, text in enumerate(TRICKY)])
    _write(tmp_path, {"articles": table})
    from_parquet, from_csv = load(tmp_path, format="parquet"), load(tmp_path, format="csv")
    for name in ("articles", "events", "entities"):
        pd.testing.assert_frame_equal(from_parquet[name], pd.read_parquet(tmp_path / f"{name}.parquet"), check_categorical=False)
    columns = [column.name for column in ARTICLES.published if column.kind != "category"]
    assert from_csv.arrow("articles").select(columns).equals(from_parquet.arrow("articles").select(columns))
    pd.testing.assert_frame_equal(from_csv.articles[columns], from_parquet.articles[columns])


def test_types_in_pandas(tmp_path: Path) -> None:
    event: list[object] = [None] * len(EVENTS.columns)
    values = {"event_id": "e", "status": "asserted", "date_start": date(2024, 2, 29), "deaths": 3, "confidence": 1 / 3}
    for i, column in enumerate(EVENTS.columns):
        event[i] = values.get(column.name)
    _write(tmp_path, {"events": build(EVENTS, [tuple(event), tuple([None] * len(event))])})
    for ending in ("parquet", "csv"):
        events = load(tmp_path, format=ending).events
        assert str(events.deaths.dtype) == "Int64"
        assert str(events.status.dtype) == "category"
        assert events.date_start[0] == date(2024, 2, 29)
        assert events.date_start.dt.year[0] == 2024
        assert events.confidence[0] == 1 / 3
        assert pd.isna(events.deaths[1])
        assert load(tmp_path, format=ending).articles.published.dtype == "datetime64[ms]"


def test_no_cell_begins_like_a_formula(tmp_path: Path) -> None:
    _write(
        tmp_path, {"articles": build(ARTICLES, [_article(n, text) for n, text in enumerate(TRICKY) if "\0" not in (text or "")])}
    )
    with (tmp_path / "articles.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        for column in ("title", "author", "text"):
            assert not row[column].lstrip(" \v\f").startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝")), row[column]


def test_plain_pandas_reads_the_csv(tmp_path: Path) -> None:
    _write(tmp_path, {"articles": build(ARTICLES, [_article(n, f"texte {n}\nà la ligne") for n in range(5)])})
    frame = pd.read_csv(tmp_path / "articles.csv", parse_dates=["published"])
    assert frame.text.tolist() == [f"texte {n}\nà la ligne" for n in range(5)]
    assert str(frame.published.dtype).startswith("datetime64")


@given(st.lists(st.one_of(st.none(), st.text(alphabet=st.sampled_from("'=+-@ \t\r\nab＝"), max_size=6), st.text()), max_size=20))
def test_unguard_undoes_guard(texts: list[str | None]) -> None:
    try:
        values = pa.array(texts, pa.string())
    except UnicodeEncodeError:
        return
    assert unguard(guard(values)).to_pylist() == texts


@pytest.mark.parametrize("groups", [[1], [3, 0, 700, 2], [50] * 50])
def test_bytes_do_not_depend_on_how_rows_arrive(tmp_path: Path, groups: list[int]) -> None:
    table = build(ARTICLES, [_article(n, f"texte {n}") for n in range(2500)]).select([c.name for c in ARTICLES.published])
    categories = {c.name: pa.array(["header", "fr"]) for c in ARTICLES.published if c.kind == "category"}
    results = []
    for pieces in (groups, [2500]):
        folder = tmp_path / str(len(results))
        folder.mkdir()
        with TableWriter(ARTICLES, folder, ("parquet", "csv"), categories) as writer:
            start = 0
            for size in [*pieces, 2500 - sum(pieces)]:
                writer.add(table.slice(start, size))
                start += size
        results.append([(folder / f"articles.{ending}").read_bytes() for ending in ("parquet", "csv")])
    assert results[0] == results[1]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux")
def test_a_disk_that_is_full_from_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The CSV file's first line finds no room: that is told, and nothing complains when the Parquet file is let go of."""

    def full(writer: pq.ParquetWriter) -> None:
        if writer.is_open:
            raise OSError("No space left on device")

    (tmp_path / "failures.csv").symlink_to("/dev/full")
    monkeypatch.setattr(pq.ParquetWriter, "close", full)
    complaints: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", complaints.append)
    told = ""
    try:
        TableWriter(FAILURES, tmp_path, FORMATS, {})
    except OSError as error:  # and not `pytest.raises`, which would keep the writer
        told = str(error)
    gc.collect()
    assert "No space left" in told
    assert complaints == []

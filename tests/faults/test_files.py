"""Disk full, read-only output, files that vanish or change while they are read, two runs at once."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest

from pipeline import shards
from pipeline.engines import Shard
from pipeline.errors import OutputError
from pipeline.run import load, run
from pipeline.store import publish
from tests.faults import standin
from tests.faults.test_kill import start
from tests.store.helpers import fill, go, table_bytes

resource = pytest.importorskip("resource", reason="POSIX limits")


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    fill(folder, range(12))
    return folder


@contextlib.contextmanager
def _largest_file(size: int) -> Iterator[None]:
    """A limit on the size of files stands for a full disk: an OSError from the system, in the midst of writing."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("formats", [("parquet",), ("csv",)])
def test_disk_runs_full_while_tables_are_written(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, formats: tuple[str, ...]
) -> None:
    out = tmp_path / "out"
    go(corpus, out, formats=formats)
    before = table_bytes(out)
    fill(corpus, range(20, 24), extra=token_hex(200_000))
    write = publish.write_tables

    def limited(*arguments: Any) -> Any:
        with _largest_file(60_000):
            return write(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(publish, "write_tables", limited)
        with pytest.raises(OutputError, match="cannot write there"):
            go(corpus, out, formats=formats)
    assert table_bytes(out) == before
    assert go(corpus, out, formats=formats).idle
    assert len(load(out).articles) == 16


def test_disk_runs_full_while_a_part_is_written(corpus: Path, tmp_path: Path) -> None:
    worker = _worker(corpus, tmp_path)
    worker(Shard(("a/0001.txt",)), lambda *_: None)
    fill(corpus, range(20, 21), extra=token_hex(200_000))
    before = sorted(tmp_path.iterdir())
    with _largest_file(10_000), pytest.raises(OutputError, match=r"File too large.*Make room"):
        worker(Shard(("a/0020.txt",)), lambda *_: None)
    assert sorted(tmp_path.iterdir()) == before


def test_no_room_for_the_tables(corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out"
    go(corpus, out)
    before = table_bytes(out)
    fill(corpus, range(20, 25))
    with monkeypatch.context() as patch:
        patch.setattr(publish, "sync_file", _no_space)
        with pytest.raises(OutputError, match="No space left"):
            go(corpus, out)
    assert table_bytes(out) == before
    assert go(corpus, out).idle
    assert len(load(out).articles) == 17


def _no_space(path: Path) -> None:
    raise OSError(28, "No space left on device", str(path))


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_read_only_output(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir(mode=0o555)
    with pytest.raises(OutputError, match="cannot write there"):
        go(corpus, out)


def test_output_that_is_a_file(corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("x", encoding="utf-8")
    with pytest.raises(OutputError, match="cannot write there"):
        go(corpus, tmp_path / "out")


def test_second_process_is_refused(corpus: Path, tmp_path: Path) -> None:
    fill(corpus, range(20, 60), extra="LENT")
    out = tmp_path / "out"
    first = start(corpus, out, "--jobs", "1")
    deadline = time.monotonic() + 30
    while not (out / ".store" / "ledger.sqlite").exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    second = start(corpus, out)
    _, complaints = second.communicate(timeout=30)
    assert second.returncode == 5
    assert f"another run is writing there (process {first.pid}" in complaints.decode()
    first.communicate(timeout=60)
    assert first.returncode == 0


def _worker(corpus: Path, tmp_path: Path) -> shards.Worker:
    standin.stand_in_for_ingest()
    given = {"corpus": str(corpus), "scratch": str(tmp_path), "config": {"formats": ["csv"]}}
    return standin.open_worker(given)


def test_file_that_changes_while_it_is_read(corpus: Path, tmp_path: Path) -> None:
    worker = _worker(corpus, tmp_path)
    path = corpus / "a" / "0001.txt"
    paths = ("a/0001.txt", "a/0002.txt")

    def meddle(file: str, record: int, doing: str) -> None:
        if doing == "extract":
            path.write_text("Autre chose.", encoding="utf-8")

    changed, kept = worker(Shard(paths), meddle)["files"]
    assert changed["failed"]
    assert changed["stamp"][0] == -1
    assert len(changed["segments"]) == 1
    assert not kept["failed"]


def test_file_that_vanishes(corpus: Path, tmp_path: Path) -> None:
    worker = _worker(corpus, tmp_path)
    manifest = worker(Shard(("a/0001.txt", "nowhere.txt")), lambda *_: None)
    assert [file["failed"] for file in manifest["files"]] == [False, True]
    assert (manifest["articles"], manifest["failures"]) == (1, 1)


def test_file_that_changed_is_read_again_at_the_next_run(corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out"

    def engine(job: object, lots: object, *, jobs: int, timeout: float) -> object:
        (lot,) = lots  # type: ignore[attr-defined]

        def meddle(file: str, record: int, doing: str) -> None:
            (corpus / "a" / "0001.txt").write_text("Autre chose, écrite pendant la lecture du dossier.", encoding="utf-8")

        yield standin.open_worker(job.options)(lot, meddle)  # type: ignore[attr-defined]

    standin.stand_in_for_ingest()
    from pipeline.config import Config

    first = run(corpus, out, config=Config(jobs=1), engine=engine)  # type: ignore[arg-type]
    assert first.failures_by_stage == {"ingest": 1}
    second = go(corpus, out)
    assert (second.changed, second.unchanged) == (1, 11)

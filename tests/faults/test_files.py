"""Disk full, read-only output, files that vanish or change while they are read, two runs at once."""

from __future__ import annotations

import contextlib
import errno
import gzip
import importlib
import json
import os
import shutil
import subprocess
import tempfile
import threading
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
from pipeline.shards import CHANGED
from pipeline.store import publish
from tests.faults import standin
from tests.faults.test_kill import check_agreement, start, wait_for
from tests.store.helpers import PYTHON, ROOT, article, fill, go, table_bytes

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


# Real full and read-only disks, in a name space of mounts of their own


def _mounts() -> bool:
    command = shutil.which("unshare")
    return bool(command) and not subprocess.run([command or "", *MOUNTS, "true"], capture_output=True, check=False).returncode


MOUNTS = ("--user", "--map-root-user", "--mount") if hasattr(os, "geteuid") and os.geteuid() else ("--mount",)
needs_mounts = pytest.mark.skipif(not _mounts(), reason="mounting is not permitted here")


def _mounted(mount: str, corpus: Path, out: Path) -> subprocess.CompletedProcess[str]:
    """A run after the shell command `mount`, which nobody else sees. What is in `out` afterwards is copied to ``out-after``."""
    run = f"'{PYTHON}' -m tests.faults.driver '{corpus}' --out '{out}' --jobs 1; code=$?"
    after = f"cp -a '{out}' '{out}-after'; exit $code"
    command = ["unshare", *MOUNTS, "sh", "-c", f"{mount} || exit 99; {run}; {after}"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)


@needs_mounts
@pytest.mark.parametrize("room", [150, 250, 400, 700, 1000])
def test_disk_that_is_really_full(corpus: Path, tmp_path: Path, room: int) -> None:
    """A small disk with `room` kilobytes left: wherever in the run it gets full, the tables stay those of before."""
    out = tmp_path / "out"
    go(corpus, out)
    before = table_bytes(out)
    fill(corpus, range(20, 30), extra=" ".join(token_hex(8) for _ in range(4_000)))
    used = sum(path.stat().st_blocks * 512 for path in out.rglob("*") if path.is_file() and not path.is_symlink()) >> 10
    inodes = 400
    mount = (
        f"cp -a '{out}' '{out}-before' && mount -t tmpfs -o size={used + room}k,nr_inodes={inodes} none '{out}' "
        f"&& cp -a '{out}-before/.' '{out}'"
    )
    result = _mounted(mount, corpus, out)
    assert result.returncode == 5, result.stdout + result.stderr
    assert "cannot write there (" in result.stderr
    assert "Traceback" not in result.stderr
    after = out.with_name("out-after")
    assert table_bytes(after) == before
    check_agreement(after)
    assert go(corpus, after).articles == 22
    assert len(load(after).articles) == 22


@needs_mounts
def test_output_on_a_read_only_disk(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    go(corpus, out)
    before = table_bytes(out)
    fill(corpus, range(20, 24))
    result = _mounted(f"mount --bind '{out}' '{out}' && mount -o remount,ro,bind '{out}'", corpus, out)
    assert result.returncode == 5, result.stdout + result.stderr
    assert "cannot write there (Read-only file system" in result.stderr
    assert "The tables of the last run are as they were" in result.stderr
    assert table_bytes(out) == before
    assert go(corpus, out).new == 4


def test_no_room_for_temporary_files(corpus: Path, tmp_path: Path) -> None:
    """An archive that cannot be unpacked now is tried again at the next run."""
    record = {"text": article(50), "more": "a" * (1 << 20)}
    (corpus / "z.json.gz").write_bytes(gzip.compress(json.dumps(record).encode()))
    worker = _worker(corpus, tmp_path)
    worker(Shard(("a/0001.txt",)), lambda *_: None)  # the language identifier takes its room
    with _largest_file(100_000):
        manifest = worker(Shard(("a/0001.txt", "z.json.gz")), lambda *_: None)
    assert [(file["failed"], file["stamp"][0] == -1) for file in manifest["files"]] == [(False, False), (True, True)]


def test_read_only_folder(corpus: Path, tmp_path: Path) -> None:
    """For a user without privileges; root becomes one for the run."""
    out = tmp_path / "out"
    out.mkdir(mode=0o555)
    nobody = 65534 if os.geteuid() == 0 else None
    with tempfile.TemporaryDirectory() as place:
        Path(place).chmod(0o755)
        target = Path(place) / "out"
        target.mkdir(mode=0o555)
        shutil.copytree(corpus, Path(place) / "corpus")
        command = [PYTHON, "-m", "tests.faults.driver", str(Path(place) / "corpus"), "--out", str(target)]
        try:
            result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False, user=nobody)
        except PermissionError:
            pytest.skip("the user nobody may not run this Python")
    if "tests.faults" in result.stderr or "pyvenv" in result.stderr:
        pytest.skip("the user nobody may not read this Python")
    assert result.returncode == 5, result.stderr
    assert "cannot write there (Permission denied" in result.stderr


def test_damaged_ledger_is_told(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    go(corpus, out)
    before = table_bytes(out)
    (out / ".store" / "ledger.sqlite").write_bytes(b"no ledger" * 1000)
    with pytest.raises(OutputError, match=r"ledger of what is processed is damaged.*Remove .*ledger\.sqlite"):
        go(corpus, out)
    assert table_bytes(out) == before
    (out / ".store" / "ledger.sqlite").unlink()
    assert go(corpus, out).processed == 12
    assert table_bytes(out) == before


def test_output_that_is_a_file(corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("x", encoding="utf-8")
    with pytest.raises(OutputError, match="cannot write there"):
        go(corpus, tmp_path / "out")


def test_second_process_is_refused(corpus: Path, tmp_path: Path) -> None:
    fill(corpus, range(20, 60), extra="LENT")
    out = tmp_path / "out"
    first = start(corpus, out, "--jobs", "1")
    wait_for((out / ".store" / "ledger.sqlite").exists)
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


# Files that are meddled with during a run, by another process


def test_folder_that_is_rewritten_all_the_time(corpus: Path, tmp_path: Path) -> None:
    """Files appear, change, are cut short, become pipes and vanish while a run reads: it ends well, and the next ones settle."""
    fill(corpus, range(20, 60), extra="LENT")
    out = tmp_path / "out"
    stop = threading.Event()

    def meddle() -> None:
        paths = sorted(corpus.rglob("*.txt"))
        for number in range(10_000):
            if stop.is_set():
                return
            path = paths[number * 7 % len(paths)]
            path.write_text(article(number), encoding="utf-8")
            if number % 3 == 0:
                path.unlink()
            time.sleep(0.002)

    thread = threading.Thread(target=meddle)
    thread.start()
    try:
        process = start(corpus, out, "--jobs", "2")
        _, complaints = process.communicate(timeout=120)
    finally:
        stop.set()
        thread.join()
    assert process.returncode == 0, complaints.decode()
    assert set(load(out).failures.error) <= {
        CHANGED,
        *(f"cannot be read: {os.strerror(code)}" for code in (errno.ENOENT,)),
        "empty file",
    }
    go(corpus, out)
    assert load(out).articles.set_index("source").text.to_dict() == {
        path.relative_to(corpus).as_posix(): path.read_text(encoding="utf-8") for path in corpus.rglob("*.txt")
    }
    go(corpus, tmp_path / "undisturbed")
    assert table_bytes(out) == table_bytes(tmp_path / "undisturbed")


def test_file_that_hangs_when_opened(corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It was a file when it was found and is a pipe when it is read, or lies on a drive that does not answer."""
    pipe = corpus / "a" / "0004.txt"
    pipe.unlink()
    os.mkfifo(pipe)
    monkeypatch.setattr(importlib.import_module("pipeline.run"), "_files", lambda corpus, layout: _as_found(corpus))
    summary = go(corpus, tmp_path / "out", jobs=1, article_timeout=3.0)
    assert summary.articles == 11
    (failure,) = load(tmp_path / "out").failures.itertuples()
    assert (failure.source, failure.stage) == ("a/0004.txt", "engine")
    assert failure.error.startswith("while opening: no sign of life for 3 s")
    pipe.unlink()
    fill(corpus, range(4, 5))
    assert go(corpus, tmp_path / "out").articles == 12


def _as_found(corpus: Path) -> list[tuple[str, int, int]]:
    paths = [path for path in corpus.rglob("*.txt") if path.is_file() or path.is_fifo()]
    found = [(path.relative_to(corpus).as_posix(), path.stat()) for path in sorted(paths)]
    return [(path, status.st_size, status.st_mtime_ns) for path, status in found]

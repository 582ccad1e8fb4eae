"""kill -9 at any moment: the tables are the last committed state, whole and agreeing; the next run finishes, byte for byte."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

from pipeline.run import load
from tests.store.helpers import PYTHON, ROOT, fill, table_bytes

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")


def start(corpus: Path, out: Path, *options: str) -> subprocess.Popen[bytes]:
    """A run in a process of its own."""
    command = [PYTHON, "-m", "tests.faults.driver", str(corpus), "--out", str(out), *options]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def finish(corpus: Path, out: Path, *options: str) -> str:
    """A run that nobody disturbs; what it printed."""
    process = start(corpus, out, *options)
    printed, complaints = process.communicate(timeout=120)
    assert process.returncode == 0, complaints.decode()
    return printed.decode()


def workers_of(process: subprocess.Popen[bytes]) -> list[int]:
    try:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="ascii")
    except OSError:
        return []
    return [int(pid) for pid in children.split()]


def states(tmp_path: Path) -> tuple[Path, Path, dict[str, bytes], dict[str, bytes]]:
    """A corpus that has grown since its tables were made, and the tables before and after."""
    corpus, out = tmp_path / "corpus", tmp_path / "out"
    fill(corpus, range(8))
    finish(corpus, out)
    before = table_bytes(out)
    fill(corpus, range(8, 30), extra="LENT")
    fill(corpus, range(3), extra="Un ajout.")
    (corpus / "a" / "0005.txt").unlink()
    finish(corpus, tmp_path / "undisturbed")
    return corpus, out, before, table_bytes(tmp_path / "undisturbed")


def check_agreement(out: Path) -> None:
    """As a user reads them, one after the other, with pandas alone."""
    articles = set(pd.read_parquet(out / "articles.parquet").article_id)
    events = pd.read_parquet(out / "events.parquet")
    assert set(events.article_id) <= articles
    assert set(events.story_id) == set(pd.read_csv(out / "stories.csv").story_id)
    assert set(load(out, format="csv").participants.event_id) <= set(events.event_id)


def kill_until_done(tmp_path: Path, *, points: int, longest: float, seed: int) -> None:
    corpus, out, before, after = states(tmp_path)
    dice = random.Random(seed)
    for _ in range(points):
        process = start(corpus, out, "--jobs", "2", "--config", str(_small_batches(tmp_path)))
        time.sleep(dice.uniform(0.05, longest))
        workers = workers_of(process)
        if workers and dice.random() < 0.3:
            os.kill(dice.choice(workers), signal.SIGKILL)
            time.sleep(dice.uniform(0.0, 0.5))
            workers = workers_of(process)
        process.kill()
        process.communicate()
        assert table_bytes(out) in (before, after)
        check_agreement(out)
        _assert_gone(workers)
        if table_bytes(out) == after and dice.random() < 0.5:
            before = after
            (out / ".store" / "ledger.sqlite").unlink()  # and everything again
    finish(corpus, out)
    assert table_bytes(out) == after
    assert not list((out / ".store" / "tmp").iterdir())


def _small_batches(tmp_path: Path) -> Path:
    path = tmp_path / "pipeline.toml"
    path.write_text("batch_size = 2\n", encoding="utf-8")
    return path


def _assert_gone(pids: list[int]) -> None:
    """Workers do not outlive the run."""
    deadline = time.monotonic() + 10
    while alive := [pid for pid in pids if _alive(pid)]:
        assert time.monotonic() < deadline, alive
        time.sleep(0.02)


def _alive(pid: int) -> bool:
    try:
        return "engines.worker" in Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False


def test_kill_at_random_points(tmp_path: Path) -> None:
    kill_until_done(tmp_path, points=6, longest=2.5, seed=1)


@pytest.mark.bench
def test_kill_at_two_hundred_points(tmp_path: Path) -> None:
    kill_until_done(tmp_path, points=200, longest=4.0, seed=2)


def test_killed_run_goes_on_where_it_was(tmp_path: Path) -> None:
    corpus, out = tmp_path / "corpus", tmp_path / "out"
    fill(corpus, range(40), extra="LENT")
    process = start(corpus, out, "--jobs", "1", "--config", str(_small_batches(tmp_path)))
    deadline = time.monotonic() + 60
    while len(list((out / ".store" / "parts").glob("*"))) < 5 and time.monotonic() < deadline:
        time.sleep(0.02)
    process.kill()
    process.communicate()
    assert not (out / "events.parquet").exists()
    printed = finish(corpus, out)
    unchanged = int(printed.split(" as before")[0].split()[-1])
    assert 8 <= unchanged < 40
    finish(corpus, tmp_path / "undisturbed")
    assert table_bytes(out) == table_bytes(tmp_path / "undisturbed")


def test_interrupt_keeps_what_is_done(tmp_path: Path) -> None:
    corpus, out, before, after = states(tmp_path)
    process = start(corpus, out, "--jobs", "1", "--config", str(_small_batches(tmp_path)))
    deadline = time.monotonic() + 60
    parts = len(list((out / ".store" / "parts").glob("*")))
    while len(list((out / ".store" / "parts").glob("*"))) < parts + 3 and time.monotonic() < deadline:
        time.sleep(0.02)
    workers = workers_of(process)
    process.send_signal(signal.SIGINT)
    _, complaints = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "goes on from there" in complaints.decode()
    assert "Traceback" not in complaints.decode()
    assert table_bytes(out) == before
    _assert_gone(workers)
    assert "as before" in finish(corpus, out)
    assert table_bytes(out) == after


def test_readers_see_one_state_while_runs_publish(tmp_path: Path) -> None:
    """A reader that resolves once never sees articles of one run and events of another."""
    corpus, out = tmp_path / "corpus", tmp_path / "out"
    fill(corpus, range(6))
    finish(corpus, out)
    reads = 0
    for number in range(6, 8):
        fill(corpus, range(number, number + 1))
        process = start(corpus, out)
        while process.poll() is None:
            tables = load(out)
            assert set(tables.articles.article_id) == set(tables.mentions.article_id)
            reads += 1
            time.sleep(0.02)
        process.communicate()
    assert reads > 5

"""kill -9 at any moment: the tables are the last committed state, whole and agreeing; the next run finishes, byte for byte."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd
import pytest

from pipeline.run import load
from tests.store.helpers import PYTHON, ROOT, fill, table_bytes

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")


def start(corpus: Path, out: Path, *options: str, kill_at: int = -1, within: Sequence[str] = ()) -> subprocess.Popen[bytes]:
    """A run in a process of its own; with `kill_at`, one that ends at its nth operation on the store."""
    command = [*within, PYTHON, "-m", "tests.faults.driver", str(corpus), "--out", str(out), *options]
    environment = {**os.environ, "KILL_AT": str(kill_at)}
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)


def finish(corpus: Path, out: Path, *options: str, kill_at: int = -1) -> str:
    """A run that nobody disturbs; what it printed."""
    process = start(corpus, out, *options, kill_at=kill_at)
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
    fill(corpus, range(8, 18), extra="LENT")
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


class Victim:
    """A corpus and its half-done tables, to be killed again and again from the same start. A class because it counts."""

    def __init__(self, tmp_path: Path, seed: int) -> None:
        self.corpus, self.start_from, self.before, self.after = states(tmp_path)
        self.out = tmp_path / "victim"
        self.dice = random.Random(seed)
        self.options = ("--jobs", "2", "--config", str(_small_batches(tmp_path)))
        self.tally: Counter[str] = Counter()
        self._reset()
        began = time.monotonic()
        printed = finish(self.corpus, self.out, *self.options, kill_at=0)
        self.seconds = time.monotonic() - began
        self.operations = printed.rpartition("operations:\n")[2].splitlines()

    def _reset(self) -> None:
        shutil.rmtree(self.out, ignore_errors=True)
        shutil.copytree(self.start_from, self.out, symlinks=True)

    def kill_at_operation(self, number: int) -> None:
        """End at the nth operation on the store, see that the tables are whole, and let the next run finish."""
        self._reset()
        process = start(self.corpus, self.out, *self.options, kill_at=number)
        process.communicate(timeout=120)
        self._check(process, "at an operation")

    def kill_at_some_time(self) -> None:
        """End a worker or not, then the run, and so on."""
        self._reset()
        process = start(self.corpus, self.out, *self.options)
        time.sleep(self.dice.uniform(0.05, self.seconds))
        workers = workers_of(process)
        if workers and self.dice.random() < 0.5:
            self.tally["workers"] += 1
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.dice.choice(workers), signal.SIGKILL)
            time.sleep(self.dice.uniform(0.0, 0.5))
            workers = workers_of(process)
        process.kill()
        process.communicate()
        _assert_gone(workers)
        self._check(process, "at a moment")

    def _check(self, process: subprocess.Popen[bytes], kind: str) -> None:
        found = table_bytes(self.out)
        assert found in (self.before, self.after)
        check_agreement(self.out)
        self.tally[kind] += process.returncode == -signal.SIGKILL
        self.tally["with the tables of before" if found == self.before else "with the new tables"] += 1
        finish(self.corpus, self.out)
        assert table_bytes(self.out) == self.after
        assert not list((self.out / ".store" / "tmp").iterdir())


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


def test_kill_at_any_moment(tmp_path: Path) -> None:
    """Operations spread over the run; between COMMIT and switch; just after the switch. And two moments by the clock."""
    victim = Victim(tmp_path, seed=1)
    last = len(victim.operations)
    switch = victim.operations.index("os.rename current") + 1
    numbers = {1, last, switch, switch + 1, *range(last // 9, last, last // 5)}
    for number in sorted(numbers):
        victim.kill_at_operation(number)
    for _ in range(2):
        victim.kill_at_some_time()
    assert victim.tally["at an operation"] == len(numbers)
    assert victim.tally["with the tables of before"]
    assert victim.tally["with the new tables"]


@pytest.mark.bench
def test_kill_at_two_hundred_points(tmp_path: Path) -> None:
    victim = Victim(tmp_path, seed=2)
    for number in sorted(victim.dice.sample(range(1, len(victim.operations) + 1), 130)):
        victim.kill_at_operation(number)
    for _ in range(70):
        victim.kill_at_some_time()
    print(f"{len(victim.operations)} operations in a run; killed: {dict(victim.tally)}")


def test_a_killed_worker_costs_nothing(tmp_path: Path) -> None:
    corpus, out, _, after = states(tmp_path)
    process = start(corpus, out, "--jobs", "2", "--config", str(_small_batches(tmp_path)))
    wait_for(lambda: len(list((out / ".store" / "tmp").glob("*.part"))) > 0)
    os.kill(workers_of(process)[0], signal.SIGKILL)
    process.communicate(timeout=120)
    assert process.returncode == 0
    assert table_bytes(out) == after


def test_a_lost_ledger_leaves_the_tables(tmp_path: Path) -> None:
    corpus, out, before, after = states(tmp_path)
    (out / ".store" / "ledger.sqlite").unlink()
    parts = out / ".store" / "parts"
    known = set(parts.iterdir())
    process = start(corpus, out, "--jobs", "1", "--config", str(_small_batches(tmp_path)))
    wait_for(lambda: not set(parts.iterdir()) <= known)
    process.kill()
    process.communicate()
    assert table_bytes(out) == before
    check_agreement(out)
    finish(corpus, out)
    assert table_bytes(out) == after


def wait_for(condition: Callable[[], bool], *, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never came to that"
        time.sleep(0.01)


def test_killed_run_goes_on_where_it_was(tmp_path: Path) -> None:
    corpus, out = tmp_path / "corpus", tmp_path / "out"
    fill(corpus, range(40), extra="LENT")
    process = start(corpus, out, "--jobs", "1", "--config", str(_small_batches(tmp_path)))
    wait_for(lambda: len(list((out / ".store" / "parts").glob("*"))) >= 5)
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
    parts = len(list((out / ".store" / "parts").glob("*")))
    wait_for(lambda: len(list((out / ".store" / "parts").glob("*"))) >= parts + 2)
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

"""Workers that die, hang, fail or cannot start: the article is a row of `failures`, everything else is done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline.config import Config
from pipeline.engines import Beat, Job, Manifest, Shard
from pipeline.engines.local import run_local
from pipeline.errors import EngineError, ModelError
from pipeline.run import load, run
from tests.faults import memory
from tests.faults.test_kill import start
from tests.store.helpers import article, fill, go


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    fill(folder, range(12))
    return folder


def _spoil(corpus: Path, name: str, word: str) -> None:
    (corpus / name).write_text(article(99, extra=word), encoding="utf-8")


def test_dying_worker_costs_one_article(corpus: Path, tmp_path: Path) -> None:
    _spoil(corpus, "a/0004x.txt", "MEURS")
    _spoil(corpus, "a/0004y.txt", "MEURS")
    summary = go(corpus, tmp_path / "out", batch_size=6)
    tables = load(tmp_path / "out")
    assert summary.articles == 12
    assert tables.failures.source.tolist() == ["a/0004x.txt", "a/0004y.txt"]
    assert set(tables.failures.stage) == {"engine"}
    assert tables.failures.error.str.contains("killed by SIGKILL").all()
    assert go(corpus, tmp_path / "out").idle
    assert go(corpus, tmp_path / "alone", jobs=1, batch_size=1).failures == 2


def test_hanging_article_is_given_up(corpus: Path, tmp_path: Path) -> None:
    _spoil(corpus, "a/0004x.txt", "DORS")
    summary = go(corpus, tmp_path / "out", jobs=1, article_timeout=4.0)
    assert summary.articles == 12
    failures = load(tmp_path / "out").failures
    assert failures.source.tolist() == ["a/0004x.txt"]
    assert "no sign of life for 4 s" in failures.error[0]


def test_article_that_takes_all_memory(corpus: Path, tmp_path: Path) -> None:
    _spoil(corpus, "a/0004x.txt", "GONFLE")
    assert go(corpus, tmp_path / "out").articles == 12
    (failure,) = load(tmp_path / "out").failures.itertuples()
    assert (failure.source, failure.stage) == ("a/0004x.txt", "engine")
    assert failure.error.startswith("MemoryError")


@pytest.mark.skipif(not Path("/proc/self/oom_score_adj").exists(), reason="Linux")
def test_the_kernel_ends_a_worker_before_the_run() -> None:
    (told,) = run_local(Job("tests.faults.test_workers:tells_score", {}), [Shard(("x",))], jobs=1, timeout=60)
    assert int(told["score"]) > int(Path("/proc/self/oom_score_adj").read_text(encoding="ascii"))


def test_the_kernel_ends_what_takes_all_memory(corpus: Path, tmp_path: Path) -> None:
    """For real: the run and its workers have 400 MB between them, and an article wants two thousand."""
    _spoil(corpus, "a/0004x.txt", "DEVORE")
    with memory.limited(400 << 20) as group:
        process = start(corpus, tmp_path / "out", "--jobs", "2", within=group.within)
        _, complaints = process.communicate(timeout=120)
        assert process.returncode == 0, complaints.decode()
        assert group.kills == 2  # among the others, then alone
    tables = load(tmp_path / "out")
    assert len(tables.articles) == 12
    (failure,) = tables.failures.itertuples()
    assert (failure.source, failure.stage) == ("a/0004x.txt", "engine")
    assert failure.error == "the worker process was killed by SIGKILL, perhaps for want of memory"


def tells_score(given: dict[str, Any]) -> Callable[[Shard, Beat], Manifest]:
    return lambda shard, beat: {"score": Path("/proc/self/oom_score_adj").read_text(encoding="ascii")}


def test_strict_run_tells_of_a_dead_worker(corpus: Path, tmp_path: Path) -> None:
    """A worker that dies, one that hangs, one that takes all memory: the run goes on, and the exit code says so."""
    for number, word in enumerate(("MEURS", "GONFLE", "ERREUR")):
        _spoil(corpus, f"a/x{number}.txt", word)
    process = start(corpus, tmp_path / "out", "--strict")
    printed, complaints = process.communicate(timeout=120)
    assert process.returncode == 1, complaints.decode()
    assert "articles           12" in printed.decode()
    assert len(load(tmp_path / "out").failures) == 3
    assert "Traceback" not in complaints.decode()


def test_failing_article_does_not_take_its_batch_along(corpus: Path, tmp_path: Path) -> None:
    _spoil(corpus, "a/0004x.txt", "ERREUR")
    summary = go(corpus, tmp_path / "out")
    assert summary.articles == 12
    assert load(tmp_path / "out").failures.error.tolist() == ["ValueError: trouble"]
    _spoil(corpus, "a/0004x.txt", "Tout va bien.")
    assert go(corpus, tmp_path / "out").failures == 0


def _engine(factory: str) -> Callable[..., Any]:
    return lambda job, lots, *, jobs, timeout: run_local(replace(job, factory=factory), lots, jobs=jobs, timeout=timeout)


def no_model(given: dict[str, Any]) -> Callable[[Shard, Beat], Manifest]:
    raise ModelError("The language model 'x' is not installed.")


def no_start(given: dict[str, Any]) -> Callable[[Shard, Beat], Manifest]:
    raise RuntimeError("broken at the start")


def dies_without_a_word(given: dict[str, Any]) -> Callable[[Shard, Beat], Manifest]:
    def work(shard: Shard, beat: Beat) -> Manifest:
        raise SystemExit(7)

    return work


def test_missing_model_is_told_as_such(corpus: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="'x' is not installed"):
        run(corpus, tmp_path / "out", config=Config(jobs=1), engine=_engine("tests.faults.test_workers:no_model"))


def test_worker_that_cannot_start_is_told_with_its_last_words(corpus: Path, tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="broken at the start"):
        run(corpus, tmp_path / "out", config=Config(jobs=2), engine=_engine("tests.faults.test_workers:no_start"))


def test_worker_without_culprit_does_not_loop(corpus: Path, tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"without an article to blame.*code 7"):
        run(corpus, tmp_path / "out", config=Config(jobs=1), engine=_engine("tests.faults.test_workers:dies_without_a_word"))


def echo(given: dict[str, Any]) -> Callable[[Shard, Beat], Manifest]:
    print("what libraries print does not disturb the answers")
    return lambda shard, beat: {"paths": list(shard.paths)}


def test_every_shard_is_done_once_and_workers_are_renewed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.engines.local.SHARDS_PER_WORKER", 7)
    shards = (Shard((f"\udce9 {n}",)) for n in range(40))
    found = list(run_local(Job("tests.faults.test_workers:echo", {}), shards, jobs=2, timeout=60))
    assert sorted(manifest["paths"][0] for manifest in found) == sorted(f"\udce9 {n}" for n in range(40))

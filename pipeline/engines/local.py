"""The local engine: worker processes of this machine, restarted when they die, given up on an article that hangs."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Any

from pipeline import errors
from pipeline.engines import Job, Manifest, Shard, Skip
from pipeline.engines.worker import shard_to_json
from pipeline.errors import EngineError, EphemerideError

LOG = logging.getLogger(__name__)
AHEAD = 2  # shards a worker holds: it need not wait while the last one is being committed
START_TIMEOUT = 600.0  # seconds to load a model on a machine that has much else to do
DEATHS_AT_START = 3
DEATHS_WITHOUT_CULPRIT = 3
SHARDS_PER_WORKER = 256  # then a fresh process: whatever a library hoards goes with it
LOG_TAIL = 600
THREAD_LIMITS = (
    *("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"),
)


def cores() -> int:
    """The cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def run_local(job: Job, shards: Iterable[Shard], *, jobs: int, timeout: float) -> Generator[Manifest]:
    """The manifests of all shards, in the order in which they are done. Closing the iterator ends the workers.

    A shard whose worker dies, or gives no sign of life for `timeout` seconds, is done again article by article; the article
    that does it again is left out, and its manifest says why.

    Raises:
        EphemerideError: what the worker raised when it was built, e.g. `ModelError`.
        EngineError: workers die without an article to blame.
    """
    with tempfile.TemporaryDirectory(prefix="ephemeride-") as logs:
        pool = _Pool(job, shards, jobs=jobs, timeout=timeout, logs=Path(logs))
        try:
            yield from pool.run()
        finally:
            pool.stop()


@dataclass(slots=True, eq=False)
class _Worker:
    """A process and what it is doing."""

    process: subprocess.Popen[str]
    log: Path
    ready: bool = False
    retiring: bool = False
    given: int = 0
    shards: deque[Shard] = field(default_factory=deque)
    place: tuple[str, int, str] | None = None  # the last beat: file, record, what it was doing
    alive_at: float = field(default_factory=time.monotonic)
    overdue: bool = False


class _Pool:
    """The workers of one run and the shards that are still to be done."""

    def __init__(self, job: Job, shards: Iterable[Shard], *, jobs: int, timeout: float, logs: Path) -> None:
        self._job, self._jobs, self._timeout, self._logs = job, jobs, timeout, logs
        self._todo = iter(shards)
        self._again: deque[Shard] = deque()
        self._workers: list[_Worker] = []
        self._messages: queue.Queue[tuple[_Worker, dict[str, Any] | None]] = queue.Queue()
        self._started = 0
        self._deaths_at_start = 0
        self._deaths_without_culprit = 0

    def run(self) -> Iterator[Manifest]:
        self._feed()
        while self._workers:
            with contextlib.suppress(queue.Empty):
                worker, message = self._messages.get(timeout=min(1.0, self._timeout / 4))
                yield from self._handle(worker, message)
            self._end_overdue()
            self._feed()

    def stop(self) -> None:
        """End all workers at once."""
        for worker in self._workers:
            worker.process.kill()
        for worker in self._workers:
            worker.process.wait()
            _close(worker.process)
        self._workers.clear()

    # Giving out work

    def _next(self) -> Shard | None:
        return self._again.popleft() if self._again else next(self._todo, None)

    def _feed(self) -> None:
        """Give every worker something to do; start workers while there is work for them, let them go when there is none."""
        for fill in range(1, AHEAD + 1):  # first one shard each, then the second
            for worker in self._workers:
                fresh = not worker.retiring and worker.given < SHARDS_PER_WORKER
                if fresh and len(worker.shards) < fill and (shard := self._next()):
                    self._give(worker, shard)
            while fill == 1 and len(self._workers) < self._jobs and (shard := self._next()):
                self._give(self._start(), shard)
        for worker in self._workers:
            if not worker.shards and not worker.retiring:
                worker.retiring = True
                with contextlib.suppress(OSError):
                    worker.process.stdin.close()  # type: ignore[union-attr]

    def _start(self) -> _Worker:
        self._started += 1
        log = self._logs / f"worker-{self._started}.log"
        with log.open("wb") as stderr:
            process = subprocess.Popen(
                [sys.executable, "-m", "pipeline.engines.worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                text=True,
                encoding="ascii",
                env={**os.environ, **dict.fromkeys(THREAD_LIMITS, "1"), "PYTHONPATH": _import_path(), "PYTHONSAFEPATH": "1"},
                start_new_session=True,
            )
        worker = _Worker(process, log)
        self._workers.append(worker)
        threading.Thread(target=_listen, args=(worker, self._messages), daemon=True).start()
        _send(worker, {"factory": self._job.factory, "options": self._job.options})
        return worker

    def _give(self, worker: _Worker, shard: Shard) -> None:
        worker.shards.append(shard)
        worker.given += 1
        if len(worker.shards) == 1:
            worker.alive_at = time.monotonic()
        _send(worker, shard_to_json(shard))

    # What comes back

    def _handle(self, worker: _Worker, message: dict[str, Any] | None) -> Iterator[Manifest]:
        if message is None:
            self._bury(worker)
        elif "beat" in message:
            path, record, doing = message["beat"]
            worker.place = (path, record, doing)
        elif "ready" in message:
            worker.ready = True
            self._deaths_at_start = 0
        elif "fatal" in message:
            kind = getattr(errors, message["kind"], EphemerideError)
            raise kind(message["fatal"])
        else:
            worker.shards.popleft()
            worker.place = None
            yield message["manifest"]

    def _end_overdue(self) -> None:
        now = time.monotonic()
        for worker in self._workers:
            limit = self._timeout if worker.ready else START_TIMEOUT
            if worker.shards and now - worker.alive_at > limit and not worker.overdue:
                worker.overdue = True
                worker.process.kill()

    def _bury(self, worker: _Worker) -> None:
        """A worker is gone. What it had in hand is tried again article by article, what it had not begun as it was."""
        self._workers.remove(worker)
        code = worker.process.wait()
        _close(worker.process)
        if not worker.shards:
            return
        reason = self._reason(worker, code)
        LOG.info("a worker process ended: %s", reason)
        if not worker.ready:
            self._deaths_at_start += 1
            if self._deaths_at_start >= DEATHS_AT_START:
                raise EngineError(f"Worker processes end before they can begin: {reason}\n{_tail(worker.log)}")
            self._again.extendleft(reversed(worker.shards))
            return
        current, *others = worker.shards
        self._again.extendleft(reversed(others))
        self._again.appendleft(self._retry(current, worker, reason))

    def _retry(self, shard: Shard, worker: _Worker, reason: str) -> Shard:
        if not shard.singly:
            return replace(shard, singly=True)
        if worker.place is None:
            self._deaths_without_culprit += 1
            if self._deaths_without_culprit >= DEATHS_WITHOUT_CULPRIT:
                raise EngineError(f"Worker processes end without an article to blame: {reason}\n{_tail(worker.log)}")
            return shard
        return replace(shard, skips=(*shard.skips, Skip(*worker.place, reason)))

    def _reason(self, worker: _Worker, code: int) -> str:
        if worker.overdue:
            return f"no sign of life for {self._timeout:g} s: given up (article_timeout in pipeline.toml)"
        if code < 0:
            with contextlib.suppress(ValueError):
                name = signal.Signals(-code).name
                return f"the worker process was killed by {name}{', perhaps for want of memory' if name == 'SIGKILL' else ''}"
        return f"the worker process ended with code {code}"


def _import_path() -> str:
    """Workers import the same package as we do, wherever it lies."""
    here = str(Path(__file__).resolve().parent.parent.parent)
    return os.pathsep.join([here, *filter(None, [os.environ.get("PYTHONPATH", "")])])


def _send(worker: _Worker, message: dict[str, Any]) -> None:
    with contextlib.suppress(OSError):  # a worker that is dead already is buried when its end of file arrives
        worker.process.stdin.write(json.dumps(message) + "\n")  # type: ignore[union-attr]
        worker.process.stdin.flush()  # type: ignore[union-attr]


def _listen(worker: _Worker, messages: queue.Queue[tuple[_Worker, dict[str, Any] | None]]) -> None:
    with contextlib.suppress(OSError, ValueError):
        for line in worker.process.stdout or ():
            worker.alive_at = time.monotonic()  # here, not where messages are handled: that may wait for a commit
            messages.put((worker, json.loads(line)))
    messages.put((worker, None))


def _close(process: subprocess.Popen[str]) -> None:
    pipes: list[IO[str] | None] = [process.stdin, process.stdout]
    for pipe in pipes:
        with contextlib.suppress(OSError):
            if pipe is not None:
                pipe.close()


def _tail(log: Path) -> str:
    return log.read_bytes()[-LOG_TAIL:].decode("utf-8", "replace").strip()

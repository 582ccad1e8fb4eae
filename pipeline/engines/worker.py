"""A worker process: reads shards as lines of JSON, answers with beats and manifests. Started by `pipeline.engines.local`.

Its own process, not a fork: the parent may have threads and be a notebook; the model is loaded here and never travels.
"""

from __future__ import annotations

import contextlib
import faulthandler
import importlib
import json
import os
import queue
import signal
import sys
import threading
from pathlib import Path
from typing import Any, TextIO

from pipeline.engines import Job, Shard, Skip
from pipeline.errors import EphemerideError

PARENT_GONE = 3
OOM_SCORE = "500"  # of -1000 to 1000
DEATH_SIGNAL_OPTION = 1  # PR_SET_PDEATHSIG of prctl(2)


def main() -> None:
    """Serve shards until the parent closes our input."""
    faulthandler.enable()
    answers = _own_stdout()
    _die_with_parent()
    _die_first()
    lines: queue.Queue[str] = queue.Queue()
    threading.Thread(target=_listen, args=(lines,), daemon=True).start()
    try:
        first = json.loads(lines.get())
        work = Job(first["factory"], first["options"]).worker()
        _say(answers, {"ready": True})
        while True:
            shard = read_shard(json.loads(lines.get()))
            manifest = work(shard, lambda path, record, doing: _say(answers, {"beat": [path, record, doing]}))
            _say(answers, {"manifest": manifest})
    except EphemerideError as error:
        _say(answers, {"fatal": str(error), "kind": type(error).__name__})
    except BrokenPipeError:
        os._exit(PARENT_GONE)


def shard_to_json(shard: Shard) -> dict[str, Any]:
    """A shard as JSON can hold it. Undecodable bytes in paths travel as escaped surrogates."""
    skips = [[skip.path, skip.record, skip.doing, skip.reason] for skip in shard.skips]
    return {"paths": list(shard.paths), "singly": shard.singly, "skips": skips}


def read_shard(data: dict[str, Any]) -> Shard:
    """The inverse of `shard_to_json`."""
    return Shard(tuple(data["paths"]), data["singly"], tuple(Skip(*skip) for skip in data["skips"]))


def _own_stdout() -> TextIO:
    """Keep the pipe to the parent for ourselves: what libraries print goes to the log."""
    answers = os.fdopen(os.dup(1), "w", encoding="ascii", newline="\n")
    os.dup2(2, 1)
    return answers


def _say(answers: TextIO, message: dict[str, Any]) -> None:
    answers.write(json.dumps(message) + "\n")
    answers.flush()


def _listen(lines: queue.Queue[str]) -> None:
    """Read ahead, and end the process when the parent is gone, whatever the main thread is doing."""
    for line in sys.stdin:
        lines.put(line)
    os._exit(PARENT_GONE)


def _die_first() -> None:
    """When memory runs out the kernel is to end a worker, whose article is given up, and not the run."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(OOM_SCORE, encoding="ascii")


def _die_with_parent() -> None:
    """On Linux the kernel ends us with our parent, even in the midst of a long computation in C."""
    with contextlib.suppress(AttributeError, ValueError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes = importlib.import_module("ctypes")
            ctypes.CDLL(None).prctl(DEATH_SIGNAL_OPTION, signal.SIGKILL)


if __name__ == "__main__":
    main()

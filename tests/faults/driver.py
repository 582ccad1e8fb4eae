"""The command line with the stand-in worker, as a process to be killed: ``python -m tests.faults.driver CORPUS --out DIR``.

With ``KILL_AT=n`` in the environment it kills itself, as kill -9 does, just before its nth operation on the files of the store
(opening, renaming, linking, removing); with ``KILL_AT=0`` it says at the end which there were. This reaches the
moments between two operations that no clock ever hits.
"""

from __future__ import annotations

import importlib
import os
import signal
import sys

from pipeline.cli import main
from pipeline.store import fingerprint
from tests.faults import standin

OPERATIONS = frozenset({"open", "os.rename", "os.symlink", "os.link", "os.remove", "os.rmdir", "os.mkdir", "sqlite3.connect"})


class _Killer:
    """An audit hook. A class because it counts."""

    def __init__(self, at: int) -> None:
        self.at = at
        self.seen: list[str] = []

    def __call__(self, event: str, arguments: tuple[object, ...]) -> None:
        if event not in OPERATIONS:
            return
        paths = [os.fspath(part) for part in arguments if isinstance(part, str | os.PathLike)]
        if any(".store" in path for path in paths):
            self.seen.append(f"{event} {paths[-1].rpartition('/')[2]}")
            if len(self.seen) == self.at:
                os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell has what it runs in the background ignore Ctrl-C
    # A source file saved while tests run would have every article processed again, as it should.
    fingerprint.EXTRACTION_CODE = fingerprint.PUBLICATION_CODE = ("records.py",)
    fingerprint.reader_code = lambda names: ["records.py"]
    run = importlib.import_module("pipeline.run")
    run.WORKER = standin.FACTORY
    standin.stand_in_for_ingest()
    killer = _Killer(int(os.environ.get("KILL_AT", "-1")))
    sys.addaudithook(killer)
    code = main()
    if killer.at == 0:
        print("operations:", *killer.seen, sep="\n")
    sys.exit(code)

"""A memory control group of Linux: when what runs in it takes more than it may, the kernel ends a process of it."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

LIMITS = ("memory.max", "memory.limit_in_bytes")  # version 2, version 1
NO_SWAP = (("memory.swap.max", "0"), ("memory.swappiness", "0"))
KILLS = ("memory.events", "memory.oom_control")


@dataclass(frozen=True, slots=True)
class Group:
    """The group that `folder` is."""

    folder: Path

    @property
    def within(self) -> list[str]:
        """What to put before a command that is to run in it."""
        return ["sh", "-c", 'echo $$ > "$0" && exec "$@"', str(self.folder / "cgroup.procs")]

    @property
    def kills(self) -> int:
        """How many processes the kernel has ended here for want of memory."""
        lines = [line.split() for name in KILLS if (self.folder / name).exists() for line in _lines(self.folder / name)]
        return int(dict(lines)["oom_kill"])


@contextlib.contextmanager
def limited(size: int) -> Iterator[Group]:
    """A group of `size` bytes; a test that may not make one is skipped."""
    folder = _make(size)
    try:
        yield Group(folder)
    finally:
        _remove(folder)


def _make(size: int) -> Path:
    reason = "no memory control groups"
    for parent in _parents():
        folder = parent / f"ephemeride-{os.getpid()}"
        try:
            folder.mkdir()
        except OSError as error:
            reason = str(error)
            continue
        limit = next((folder / name for name in LIMITS if (folder / name).exists()), None)
        if limit is not None:
            limit.write_text(str(size), encoding="ascii")
            for name, value in NO_SWAP:
                with contextlib.suppress(OSError):
                    (folder / name).write_text(value, encoding="ascii")
            return folder
        folder.rmdir()
        reason = f"{parent} gives no group in it a limit"
    pytest.skip(f"a memory control group cannot be made here: {reason}")


def _parents() -> Iterator[Path]:
    """Our own group; in version 2, where a group with processes has no groups with limits in it, the one that it is in."""
    mounts = [line.partition(" - ") for line in _lines(Path("/proc/self/mountinfo"))]
    for line in _lines(Path("/proc/self/cgroup")):
        _, controllers, group = line.split(":", 2)
        for place, _, kind in mounts:
            mounted, options = Path(place.split()[4]), kind.split()[-1].split(",")
            if controllers == "" and kind.startswith("cgroup2 ") and group != "/":
                yield mounted / group.lstrip("/") / ".."
            elif "memory" in controllers.split(",") and kind.startswith("cgroup ") and "memory" in options:
                yield mounted / group.lstrip("/")


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except OSError:
        return []


def _remove(folder: Path) -> None:
    """End what still runs in it; the kernel lets go of a group a moment after the last process has ended."""
    for _ in range(100):
        for pid in _lines(folder / "cgroup.procs"):
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)
        try:
            folder.rmdir()
        except OSError:
            time.sleep(0.1)
        else:
            return
    folder.rmdir()

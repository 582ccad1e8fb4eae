"""Where things lie under an output folder, and the few file operations that have to survive a power cut."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import IO

from pipeline.errors import OutputError

HASH_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Layout:
    """The paths of an output folder."""

    out: Path

    @property
    def store(self) -> Path:
        """What belongs to the program."""
        return self.out / ".store"

    @property
    def ledger(self) -> Path:
        """The SQLite file that knows what is processed."""
        return self.store / "ledger.sqlite"

    @property
    def lock(self) -> Path:
        """Locked while a run writes."""
        return self.store / "lock"

    @property
    def parts(self) -> Path:
        """Rows of processed files."""
        return self.store / "parts"

    @property
    def snapshots(self) -> Path:
        """One folder per published state of all tables."""
        return self.store / "snapshots"

    @property
    def scratch(self) -> Path:
        """Files in the making; emptied at every start."""
        return self.store / "tmp"

    @property
    def current(self) -> Path:
        """The link to the snapshot in force; a text file with its name where links are not to be had."""
        return self.store / "current"


def make(layout: Layout) -> None:
    """Create the folders.

    Raises:
        OutputError: the output folder cannot be written.
    """
    with writing(layout.out):
        for folder in (layout.parts, layout.snapshots, layout.scratch):
            folder.mkdir(parents=True, exist_ok=True)
        probe = layout.scratch / f"probe-{os.getpid()}"
        probe.write_bytes(b"x")
        probe.unlink(missing_ok=True)  # a run that starts empties this folder


@contextlib.contextmanager
def writing(out: Path) -> Iterator[None]:
    """Turn an operating system's or the ledger's refusal to write into an `OutputError` that says what to do."""
    try:
        yield
    except OSError as error:
        raise output_error(out, error) from error
    except sqlite3.OperationalError as error:  # disk full, read-only, input or output error
        raise output_error(out, OSError(str(error))) from error
    except sqlite3.DatabaseError as error:
        raise OutputError(
            f"{out}: the ledger of what is processed is damaged ({error}). The tables of the last run are as they were. "
            f"Remove {out / '.store' / 'ledger.sqlite'} to have everything processed again, or give another folder with --out."
        ) from error


def output_error(out: Path, error: OSError) -> OutputError:
    """The `OutputError` for `error`, which writing under `out` raised."""
    reason = error.strerror or str(error)
    return OutputError(
        f"{out}: cannot write there ({reason}{f': {error.filename}' if error.filename else ''}). "
        "The tables of the last run are as they were. Make room or give another folder with --out."
    )


@contextlib.contextmanager
def locked(layout: Layout) -> Iterator[None]:
    """Hold the output folder for one writer.

    Raises:
        OutputError: another run holds it.
    """
    with layout.lock.open("a+", encoding="utf-8") as handle:
        try:
            _lock(handle)
        except OSError as error:
            handle.seek(0)
            holder = handle.read().strip()
            raise OutputError(
                f"{layout.out}: another run is writing there{f' ({holder})' if holder else ''}. "
                "Wait until it is done, stop it, or give another folder with --out."
            ) from error
        handle.seek(0)
        handle.truncate()
        handle.write(f"process {os.getpid()}, since {time.strftime('%Y-%m-%d %H:%M:%S')}\n")
        handle.flush()
        yield


if sys.platform == "win32":  # pragma: no cover

    def _lock(handle: IO[str]) -> None:
        import msvcrt  # noqa: PLC0415

        handle.seek(1 << 20)  # a byte beyond the text, which others may then still read
        msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)

else:

    def _lock(handle: IO[str]) -> None:
        import fcntl  # noqa: PLC0415

        fcntl.flock(handle.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)


def sync_file(path: Path) -> None:
    """Force the bytes of `path` onto the disk."""
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(path: Path) -> None:
    """Force the names in `path` onto the disk, where the system can."""
    if sys.platform == "win32":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def content_hash(path: Path) -> str:
    """BLAKE2b of the file's bytes."""
    digest = blake2b(digest_size=16)
    with path.open("rb") as file:
        while block := file.read(HASH_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def write_text(path: Path, text: str, scratch: Path) -> None:
    """Write `text` to `path` in one step."""
    temporary = scratch / f"{path.name}-{os.getpid()}"
    temporary.write_text(text, encoding="utf-8", newline="\n")
    temporary.replace(path)


def remove(path: Path) -> None:
    """Remove a file, link or folder, if it is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with contextlib.suppress(FileNotFoundError, IsADirectoryError):
            path.unlink()


def empty(folder: Path) -> None:
    """Remove everything in `folder`."""
    for entry in folder.iterdir():
        remove(entry)

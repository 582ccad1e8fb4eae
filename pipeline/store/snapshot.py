"""Putting a snapshot in force: one rename switches all tables; the start after a kill finishes or sweeps what is half done."""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from pipeline.config import FORMATS
from pipeline.errors import OutputError
from pipeline.schema import TABLES
from pipeline.store import layout as files
from pipeline.store.layout import Layout
from pipeline.store.ledger import Ledger

LOG = logging.getLogger(__name__)
README = "README.md"
REPORT = "report.html"
KEEP_SECONDS = 600.0  # readers of the former snapshot have this long to finish


def public_files(formats: Sequence[str]) -> list[str]:
    """The names of the files of a snapshot that users see: the tables and the report."""
    return [REPORT, *(f"{name}.{ending}" for name in TABLES for ending in FORMATS if ending in formats)]


def switch(layout: Layout, name: str, formats: Sequence[str]) -> None:
    """Put snapshot `name` in force. Doing it twice does no harm.

    Raises:
        OutputError: something of the user's is in the way.
        OSError: the folder cannot be written.
    """
    wanted = public_files(formats)
    try:
        for file in wanted:
            _link(layout.out / file, Path(".store", "current", file), layout)
        _link(layout.current, Path("snapshots", name), layout)
    except (NotImplementedError, PermissionError) as error:
        LOG.info("no symbolic links here (%s): replacing the tables one by one", error)
        _copy_all(layout, name, wanted)
    for file in set(public_files(FORMATS)) - set(wanted):
        _drop(layout.out / file)
    with contextlib.suppress(OSError):  # the tables are what counts
        files.write_text(layout.out / README, (layout.snapshots / name / README).read_text(encoding="utf-8"), layout.scratch)
    files.sync_folder(layout.store)
    files.sync_folder(layout.out)


def _link(path: Path, target: Path, layout: Layout) -> None:
    if path.is_symlink() and path.readlink() == target:
        return
    if path.is_dir() and not path.is_symlink():
        raise OutputError(f"{path}: a folder is where a table has to go. Move it away, or give another folder with --out.")
    temporary = layout.scratch / f"link-{os.getpid()}"
    files.remove(temporary)
    temporary.symlink_to(target)
    temporary.replace(path)


def _copy_all(layout: Layout, name: str, wanted: Sequence[str]) -> None:
    """Without links: every table is replaced whole; a kill in between is finished at the next start."""
    for file in wanted:
        temporary = layout.scratch / f"copy-{os.getpid()}"
        files.remove(temporary)
        try:
            temporary.hardlink_to(layout.snapshots / name / file)
        except (OSError, NotImplementedError):
            shutil.copyfile(layout.snapshots / name / file, temporary)
        temporary.replace(layout.out / file)
    files.write_text(layout.current, name, layout.scratch)


def _drop(path: Path) -> None:
    """Remove a table of a format that is no longer written, if it is ours."""
    if path.is_symlink() and ".store" in path.readlink().parts:
        files.remove(path)


def in_force(layout: Layout) -> str:
    """The name of the snapshot that readers see, empty when there is none."""
    if layout.current.is_symlink():
        return layout.current.readlink().name
    return layout.current.read_text(encoding="utf-8").strip() if layout.current.is_file() else ""


def next_name(layout: Layout, ledger: Ledger) -> str:
    """A name that no snapshot has had, even if the ledger was lost."""
    there = [int(entry.name) for entry in os.scandir(layout.snapshots) if entry.name.isdecimal()]
    return f"{max(int(ledger.get('serial', '0')), *there, 0) + 1:06d}"


def recover(layout: Layout, ledger: Ledger) -> None:
    """Finish a switch that was committed but not made; sweep what no commit speaks of; let old snapshots go."""
    files.empty(layout.scratch)
    if not ledger.get("snapshot"):
        _adopt(layout, ledger)
    name = ledger.get("snapshot")
    if name and not (layout.snapshots / name).is_dir():
        LOG.warning("%s: snapshot %s is gone, the tables will be written again", layout.store, name)
        ledger.put(snapshot="", published="")
    elif name and not _complete(layout, name, formats := ledger.get("formats").split(",")):
        LOG.info("putting snapshot %s in force, as the last run meant to", name)
        switch(layout, name, formats)
    _drop_damaged_parts(layout, ledger)
    sweep(layout, ledger)


def _adopt(layout: Layout, ledger: Ledger) -> None:
    """A ledger that was lost or removed knows nothing of the tables in force: they stay until others replace them."""
    name = in_force(layout)
    if name and (layout.snapshots / name).is_dir():
        ledger.put(snapshot=name)


def _complete(layout: Layout, name: str, formats: Sequence[str]) -> bool:
    return in_force(layout) == name and all((layout.out / file).exists() for file in public_files(formats))


def _drop_damaged_parts(layout: Layout, ledger: Ledger) -> None:
    sizes = {entry.name: entry.stat().st_size for entry in os.scandir(layout.parts)}
    damaged = [part.name for part in ledger.parts() if sizes.get(part.name) != part.bytes]
    if damaged:
        LOG.warning("%s: %d parts are damaged or gone, their files are processed again", layout.parts, len(damaged))
        ledger.drop_parts(damaged)


def sweep(layout: Layout, ledger: Ledger) -> None:
    """Remove parts that no file needs and snapshots that no reader can still have open."""
    ledger.drop_unused_parts()
    needed = {part.name for part in ledger.parts()}
    for entry in os.scandir(layout.parts):
        if entry.name not in needed:
            files.remove(Path(entry.path))
    expired = ledger.expired(KEEP_SECONDS)
    for name in expired:
        files.remove(layout.snapshots / name)
    ledger.drop_snapshots(expired)
    kept = ledger.kept()
    for entry in os.scandir(layout.snapshots):
        if entry.name not in kept:
            files.remove(Path(entry.path))

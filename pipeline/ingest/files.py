"""Finds the files of a corpus that can be read."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path

_LOG = logging.getLogger(__name__)


def discover(corpus: Path, wanted: Callable[[str], bool]) -> Iterator[Path]:
    """The files under `corpus` whose names are `wanted`, in the order of their relative paths.

    Hidden files and folders are left out, and whatever is no regular file (a socket, a pipe would block for ever). Links to
    files inside the corpus count, links out of it do not, links to folders are not followed: what they show is found in its own
    place. A folder that cannot be listed is yielded itself, so that it is reported as a failure instead of being passed over.
    """
    root = os.path.realpath(corpus)
    open_folders = [_listed(corpus)]
    while open_folders:
        entry = next(open_folders[-1], None)
        if entry is None:
            open_folders.pop()
        elif isinstance(entry, Path):
            yield entry
        elif _is_folder(entry):
            open_folders.append(_listed(Path(entry.path)))
        elif wanted(entry.name) and _is_file(entry, root):
            yield Path(entry.path)


def _listed(folder: Path) -> Iterator[os.DirEntry[str] | Path]:
    """What is in the folder, in order; the folder itself if it cannot be listed."""
    try:
        with os.scandir(folder) as found:
            entries = [(_is_folder(entry), entry) for entry in found if not entry.name.startswith(".")]
    except FileNotFoundError:
        return iter(())  # gone since it was found
    except OSError as error:
        _LOG.warning("%s: the folder cannot be listed (%s)", folder, error.strerror)
        return iter((folder,))
    # With the separator behind folders' names, sorting each folder sorts the whole paths.
    entries.sort(key=lambda pair: os.fsencode(pair[1].name + ("/" if pair[0] else "")))
    return iter([entry for _, entry in entries])


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def _is_file(entry: os.DirEntry[str], root: str) -> bool:
    try:
        if not entry.is_file():
            return False
        if not entry.is_symlink():
            return True
    except OSError:
        return False
    return os.path.realpath(entry.path).startswith(os.path.join(root, ""))  # noqa: PTH118 - bytes of any encoding, no normalising

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
    yield from _walk(corpus, root, wanted)


def _walk(folder: Path, root: str, wanted: Callable[[str], bool]) -> Iterator[Path]:
    try:
        with os.scandir(folder) as found:
            entries = [(_is_folder(entry), entry) for entry in found if not entry.name.startswith(".")]
    except FileNotFoundError:
        return  # gone since it was found
    except OSError as error:
        _LOG.warning("%s: the folder cannot be listed (%s)", folder, error.strerror)
        yield folder
        return
    # With the separator behind folders' names, sorting each folder sorts the whole paths.
    entries.sort(key=lambda pair: os.fsencode(pair[1].name + ("/" if pair[0] else "")))
    for is_folder, entry in entries:
        if is_folder:
            yield from _walk(Path(entry.path), root, wanted)
        elif wanted(entry.name) and _is_file(entry, root):
            yield Path(entry.path)


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

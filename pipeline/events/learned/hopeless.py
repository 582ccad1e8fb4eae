"""What is not worth weighing: options of a kind, and at a place, of which hardly any is ever right.

Looking that up takes a small part of the time that weighing an option does; what the rules choose is weighed in any case.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

PLACED = "placed="  # opens the cue that tells of which kind an option is and where it stands
_NAME = "hopeless.txt"


def load() -> frozenset[str]:
    """The cues in ``data/events/hopeless.txt``."""
    return frozenset(files("pipeline.data").joinpath("events").joinpath(_NAME).read_text(encoding="utf-8").splitlines())


def save(hopeless: frozenset[str], folder: Path) -> None:
    """Write the cues into `folder`."""
    folder.joinpath(_NAME).write_text("".join(f"{cue}\n" for cue in sorted(hopeless)), encoding="utf-8")

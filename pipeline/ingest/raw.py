"""What a format module hands over: a text and what the file itself says about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pipeline.ingest.stamps import Dated


@dataclass(frozen=True, slots=True, kw_only=True)
class Raw:
    """One record of a file. `number` counts from 1 in files that may hold several, else it is None.

    `text` is everything that the table will hold, or the body alone when `title` is given: the title is then put in front of it.
    """

    text: str
    number: int | None = None
    member: str | None = None  # path inside an archive: a date in it counts like one in a file's name
    title: str | None = None
    published: Dated | None = None
    collected: datetime | None = None  # when a crawler took it
    author: str | None = None
    publisher: str | None = None  # newspaper, agency or site
    url: str | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A record that cannot be read, though those after it may."""

    reason: str
    number: int | None = None

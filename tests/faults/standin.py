"""A worker that needs no model: one row of everything per article, made from its words alone. Some words make trouble."""

from __future__ import annotations

import importlib
import os
import re
import sys
import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from pipeline import ingest, shards
from pipeline.config import Config
from pipeline.engines import Job, Manifest
from pipeline.engines.local import run_local
from pipeline.records import (
    Article,
    DateMention,
    Event,
    Extraction,
    Failure,
    Mention,
    Participant,
    Place,
    Quote,
    Region,
    RegionKind,
    content_id,
)

FACTORY = "tests.faults.standin:open_process"
CAPITAL = re.compile(r"\b[A-ZÉ]\w+")


def engine(job: Job, lots: Any, *, jobs: int, timeout: float) -> Generator[Manifest]:
    """The local engine with this worker in place of the real one."""
    return run_local(replace(job, factory=FACTORY), lots, jobs=jobs, timeout=timeout)


class _NoPandas:
    """An importer that says there is no pandas."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        if name.partition(".")[0] == "pandas":
            raise ModuleNotFoundError(name)


def open_process(given: dict[str, Any]) -> shards.Worker:
    """In a process of its own: Arrow would import pandas with the first array, half a second for nothing."""
    sys.meta_path.insert(0, _NoPandas())  # type: ignore[arg-type]
    return open_worker(given)


def open_worker(given: dict[str, Any]) -> shards.Worker:
    stand_in_for_ingest()
    config = Config(**{**given["config"], "formats": tuple(given["config"]["formats"])})

    def extract_all(articles: Sequence[Article]) -> Iterator[Extraction | Failure]:
        return (certain(found, config.min_confidence) for found in extract_batch(articles))

    return shards.Worker(Path(given["corpus"]), Path(given["scratch"]), config, extract_all, codes)


def stand_in_for_ingest() -> None:
    """Only where there is no ingest yet."""
    if not hasattr(ingest, "read"):
        ingest.read = read  # type: ignore[attr-defined]
        ingest.discover = discover  # type: ignore[attr-defined]


def codes(event_type: str) -> tuple[str, str, str]:
    return ("PLOVER", "", "Ace.Type")


def discover(corpus: Path) -> Iterator[Path]:
    return iter(sorted(path for path in corpus.rglob("*.txt") if not path.name.startswith(".")))


def read(path: Path, corpus: Path, *, any_language: bool = False) -> Iterator[Article | Failure]:
    source = path.relative_to(corpus).as_posix()
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        yield Failure(source, "ingest", str(error))
        return
    yield Article(
        content_id(source, text),
        source,
        text,
        (Region(RegionKind.BODY, 0, len(text)),),
        title=text[:30],
        published=datetime(2024, 1, 1, 8) + timedelta(days=len(text) % 40),
        published_source="header",
        tags=("a", "b;c"),
    )


def certain(found: Extraction, floor: float) -> Extraction:
    """What `pipeline.extract` does, which would load spaCy."""
    kept = tuple(event for event in found.events if event.confidence >= floor)
    return replace(found, events=kept, unsure=tuple(e.confidence for e in found.events if e.confidence < floor))


def extract_batch(articles: Sequence[Article]) -> Iterator[Extraction | Failure]:
    for article in articles:
        if "MEURS" in article.text:
            os.kill(os.getpid(), 9)
        if "GONFLE" in article.text:
            _swell()
        if "DEVORE" in article.text:
            _devour()
        if "DORS" in article.text:
            time.sleep(3600)
        if "ERREUR" in article.text:
            raise ValueError("trouble")
        if "LENT" in article.text:
            time.sleep(0.05)
        found = extract(article)
        yield replace(found, n_tokens=1 << 80) if "DEBORDE" in article.text else found


def _swell() -> None:
    """Ask for more memory than this process may have: Python says so."""
    resource = importlib.import_module("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, hard))
    try:
        [bytearray(64 << 20) for _ in range(1000)]
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _devour() -> None:
    """Take 2 GB and use them: nothing says so until the kernel does."""
    [b"x" * (16 << 20) for _ in range(128)]


def extract(article: Article) -> Extraction:
    aid = article.article_id
    found = list(CAPITAL.finditer(article.text))
    mentions = tuple(
        Mention(
            content_id(aid, m.start()),
            aid,
            content_id(m[0].lower()),
            "LOC" if len(m[0]) % 2 else "PER",
            m[0],
            m.start(),
            m.end(),
            m[0],
            "model",
            Place("FR", 42, 48.8, 2.3) if len(m[0]) % 2 else None,
        )
        for m in found
    )
    day = date(2024, 1, 1 + len(article.text) % 28)
    dates = tuple(
        DateMention(
            content_id("d", aid, m.start()), aid, "DATE", m[0], m.start(), m.end(), day.isoformat(), None, day, day, "day"
        )
        for m in found[:2]
    )
    return Extraction(
        article, len(article.text.split()), mentions, dates, tuple(_events(aid, mentions, day)), tuple(_quotes(aid, found))
    )


def _events(aid: str, mentions: Sequence[Mention], day: date) -> Iterator[Event]:
    for m in mentions[::2]:
        eid = content_id("e", aid, m.start)
        who = Participant(eid, "actor", m.text, m.start, m.end, m.entity_id, "rule", m.name)
        dead = Participant(eid, "quantity", "3 morts", m.start, m.end, None, "rule", None, "deaths", 3.0, 3.0, "people")
        kind = "killing" if len(m.text) % 3 else "meeting"
        yield Event(
            *(eid, aid, "conflict" if kind == "killing" else "diplomacy", kind, m.text, m.start, m.end, f"={m.text}"),
            *("asserted", "positive", "rule.1", 0.1 * (len(m.text) % 10), 0.9),
            date_value=day.isoformat(),
            date_start=day,
            date_end=day,
            date_granularity="day",
            date_source="sentence",
            participants=(who, dead),
            place=m.place,
        )


def _quotes(aid: str, found: Sequence[re.Match[str]]) -> Iterator[Quote]:
    for m in found[:1]:
        yield Quote(content_id("q", aid, m.start()), aid, "", m.start(), m.end(), True, "-Dit", None, "dire")

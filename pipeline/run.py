"""One run: find what is new, have it processed, publish the tables. Nothing new costs no model, no spaCy, no pandas."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import ingest
from pipeline.config import Config
from pipeline.engines import Engine, Job, Manifest, Shard
from pipeline.engines.local import cores, run_local
from pipeline.errors import CorpusError
from pipeline.ingest.formats import suffix_of
from pipeline.store import fingerprint, snapshot
from pipeline.store.layout import Layout, content_hash, locked, make, sync_file, sync_folder, writing
from pipeline.store.ledger import FORMAT, FileEntry, Ledger, PartEntry, Segment, Stamp, Validity

if TYPE_CHECKING:
    from pipeline.store.tables import Tables

LOG = logging.getLogger(__name__)
WORKER = "pipeline.shards:open_worker"
SHARD_BYTES = 1 << 20  # files are handed out in smaller lots when they are large


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is. `phase` is extract or publish."""

    phase: str
    files: int = 0
    files_total: int = 0
    articles: int = 0
    failures: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What a run did and what the tables hold after it."""

    out: Path
    formats: tuple[str, ...]
    new: int  # files
    changed: int
    removed: int
    unchanged: int
    processed: int  # articles processed by this run
    seconds: float
    tables: Mapping[str, int] = field(default_factory=dict)  # rows
    tokens: int = 0
    unsure: int = 0  # event mentions under the confidence floor
    events_by_class: Mapping[str, int] = field(default_factory=dict)
    failures_by_stage: Mapping[str, int] = field(default_factory=dict)
    reasons: Sequence[Mapping[str, Any]] = ()  # the most frequent: stage, error, count, first (source)

    @property
    def articles(self) -> int:
        """Articles in the tables."""
        return self.tables.get("articles", 0)

    @property
    def failures(self) -> int:
        """Inputs in the tables that could not be processed."""
        return self.tables.get("failures", 0)

    @property
    def idle(self) -> bool:
        """Whether there was nothing to do."""
        return not (self.new or self.changed or self.removed)


def run(
    corpus: str | Path,
    out: str | Path = "outputs",
    *,
    config: Config | None = None,
    progress: Callable[[Progress], None] | None = None,
    fresh: bool = False,
    engine: Engine = run_local,
) -> Summary:
    """Process what is new or changed in `corpus` and publish the tables in `out`.

    `fresh` processes everything again. A run that is broken off keeps what it has done: the next one goes on from there, and
    the tables stay those of the last run that came to its end.

    Raises:
        CorpusError: `corpus` is missing or holds nothing that can be read.
        OutputError: `out` cannot be written, or another run is using it.
        ModelError: the language model is missing.
        EngineError: the worker processes cannot work at all.
    """
    began = time.monotonic()
    config = config or Config()
    folder, layout = _corpus_folder(corpus), Layout(Path(out).absolute())
    make(layout)
    with locked(layout), writing(layout.out), contextlib.closing(Ledger(layout.ledger)) as ledger:
        store = _Store(layout, ledger, fingerprint.readers())
        snapshot.recover(layout, ledger)
        _start_over_if_needed(ledger, config, fresh=fresh)
        plan = _plan(folder, store, config)
        _forget_removed(ledger, plan, folder, fresh=fresh)
        processed = 0
        job = Job(WORKER, {"corpus": str(folder), "scratch": str(layout.scratch), "config": asdict(config)})
        for done in _process(plan, job, store, config, engine):
            processed = done.articles
            if progress:
                progress(done)
        _publish_if_needed(store, config, progress)
        return Summary(
            out=Path(out),
            formats=config.formats,
            new=len(plan.new),
            changed=len(plan.changed),
            removed=len(plan.removed),
            unchanged=plan.unchanged,
            processed=processed,
            seconds=time.monotonic() - began,
            **json.loads(ledger.get("summary", "{}")),
        )


def load(out: str | Path = "outputs", *, format: str | None = None) -> Tables:
    """The tables in folder `out`, typed, all of the same run; see `pipeline.store.tables.load`."""
    from pipeline.store import tables  # noqa: PLC0415 - Arrow and pandas

    return tables.load(out, format=format)


def _corpus_folder(corpus: str | Path) -> Path:
    folder = Path(corpus)
    if not folder.exists():
        raise CorpusError(f"{corpus}: no such folder. Give the folder that holds the articles.")
    if not folder.is_dir():
        raise CorpusError(f"{corpus}: not a folder. Give the folder that holds the articles, not one of them.")
    if not os.access(folder, os.R_OK | os.X_OK):
        raise CorpusError(f"{corpus}: the folder cannot be read. Change its permissions, or copy it.")
    return folder.absolute()


# What is to be done


@dataclass(frozen=True, slots=True)
class _Store:
    """The output folder, locked and open."""

    layout: Layout
    ledger: Ledger
    readers: Mapping[str, str]  # fingerprints by suffix


@dataclass(frozen=True, slots=True)
class Plan:
    """Files to be processed, as paths relative to the corpus, in their order; and what else was found."""

    new: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int
    sizes: Mapping[str, int]

    @property
    def todo(self) -> list[str]:
        """All files to be processed."""
        return sorted((*self.new, *self.changed), key=os.fsencode)


def _start_over_if_needed(ledger: Ledger, config: Config, *, fresh: bool) -> None:
    wanted = f"{FORMAT} {fingerprint.extraction(config)}"
    if fresh or ledger.get("extraction") != wanted:
        if ledger.get("extraction") and not fresh:
            LOG.info("code, data, model or options have changed: every article is processed again")
        ledger.start_over(extraction=wanted)


def _plan(corpus: Path, store: _Store, config: Config) -> Plan:
    """Compare the folder with the ledger: by what the rows depend on, by size and time, and by content where these differ."""
    known = store.ledger.stamps()
    new, changed, touched, seen, sizes = [], [], [], set(), {}
    for path, size, mtime_ns in _files(corpus, store.layout):
        seen.add(path)
        before, validity = known.get(path, (None, None))
        if before is None or validity is None:
            new.append(path)
        elif not validity.holds(_reader(path, store.readers), config):
            changed.append(path)
        elif (size, mtime_ns) != (before.size, before.mtime_ns):
            if before.size == size and (digest := _hash(corpus / path)) == before.hash:
                touched.append((path, Stamp(size, mtime_ns, digest)))
            else:
                changed.append(path)
        sizes[path] = size
    if touched:
        store.ledger.restamp(touched)
    removed = tuple(sorted(known.keys() - seen, key=os.fsencode))
    unchanged = len(seen) - len(new) - len(changed)
    return Plan(tuple(new), tuple(changed), removed, unchanged, {path: sizes[path] for path in (*new, *changed)})


def _reader(path: str, readers: Mapping[str, str]) -> str:
    """The fingerprint of what reads the file; none reads a folder that cannot be listed."""
    return readers.get(suffix_of(path.rpartition("/")[2]), "")


def _files(corpus: Path, layout: Layout) -> Iterator[tuple[str, int, int]]:
    """Relative path, size and modification time of every file of the corpus; our own output is not part of it."""
    out = Path(os.path.realpath(layout.out))
    inside = out.is_relative_to(os.path.realpath(corpus))
    for path in ingest.discover(corpus):
        if inside and Path(os.path.realpath(path)).is_relative_to(out):
            continue
        try:
            status = path.stat()
        except OSError:
            continue  # gone since it was found
        yield path.relative_to(corpus).as_posix(), status.st_size, status.st_mtime_ns


def _hash(path: Path) -> str:
    try:
        return content_hash(path)
    except OSError:
        return ""


def _forget_removed(ledger: Ledger, plan: Plan, corpus: Path, *, fresh: bool) -> None:
    if not (plan.new or plan.changed or plan.unchanged):
        if plan.removed and not fresh:
            raise CorpusError(
                f"{corpus}: no articles there, although the last run read {len(plan.removed)} files. Is a drive missing? "
                "The tables are as they were. If it is empty on purpose, remove the output folder."
            )
        raise CorpusError(f"{corpus}: no articles there. {_supported()}")
    if plan.removed:
        ledger.forget(plan.removed)


def _supported() -> str:
    suffixes: Sequence[str] = getattr(ingest, "SUFFIXES", (".txt",))
    return f"Files that can be read: {', '.join(sorted(suffixes))}."


# Doing it


def _shards(plan: Plan, config: Config, jobs: int) -> Iterator[Shard]:
    """Neighbouring files together, not so many that a worker would be left without."""
    todo = plan.todo
    most = max(1, min(config.batch_size, -(-len(todo) // jobs)))
    lot: list[str] = []
    size = 0
    for path in todo:
        if lot and (len(lot) >= most or size + plan.sizes[path] > SHARD_BYTES):
            yield Shard(tuple(lot))
            lot, size = [], 0
        lot.append(path)
        size += plan.sizes[path]
    if lot:
        yield Shard(tuple(lot))


def _process(plan: Plan, job: Job, store: _Store, config: Config, engine: Engine) -> Iterator[Progress]:
    total = len(plan.new) + len(plan.changed)
    if not total:
        return
    yield Progress("extract", files_total=total)
    jobs = config.jobs or cores()
    files = articles = failures = 0
    with contextlib.closing(engine(job, _shards(plan, config, jobs), jobs=jobs, timeout=config.article_timeout)) as manifests:
        for manifest in manifests:
            _commit(store, manifest)
            files += len(manifest["files"])
            articles += manifest["articles"]
            failures += manifest["failures"]
            yield Progress("extract", files, total, articles, failures)


def _commit(store: _Store, manifest: Manifest) -> None:
    """Take a finished part over: rename, then COMMIT. A part without a commit is swept at the next start."""
    part = PartEntry(**manifest["part"])
    (store.layout.scratch / part.name).rename(store.layout.parts / part.name)
    sync_folder(store.layout.parts)
    store.ledger.add(part, [_entry(file, store.readers) for file in manifest["files"]])


def _entry(file: Mapping[str, Any], readers: Mapping[str, str]) -> FileEntry:
    segments = tuple(Segment(chunk, tuple((first, count) for first, count in rows)) for chunk, rows in file["segments"])
    validity = Validity(_reader(file["path"], readers), file["any_language"], *file["floors"])
    return FileEntry(file["path"], Stamp(*file["stamp"]), segments, bool(file["failed"]), validity)


def _publish_if_needed(store: _Store, config: Config, progress: Callable[[Progress], None] | None) -> None:
    layout, ledger = store.layout, store.ledger
    wanted = fingerprint.publication(config)
    if ledger.get("published", "-") == ledger.get("changes") and ledger.get("publication") == wanted and ledger.get("snapshot"):
        return
    if progress:
        progress(Progress("publish"))
    from pipeline import report  # noqa: PLC0415 - Jinja
    from pipeline.store import publish, tables  # noqa: PLC0415 - Arrow

    name = snapshot.next_name(layout, ledger)
    making = layout.scratch / name
    summary = publish.write_tables(publish.Rows(layout, ledger), making, config.formats)
    report.write(tables.load(making).scan, summary, making / snapshot.REPORT)
    sync_file(making / snapshot.REPORT)
    making.rename(layout.snapshots / name)
    sync_folder(layout.snapshots)
    settings = {"serial": str(int(name)), "publication": wanted, "formats": ",".join(config.formats)}
    ledger.publish(name, summary=json.dumps(summary, ensure_ascii=False), **settings)
    snapshot.switch(layout, name, config.formats)
    snapshot.sweep(layout, ledger)

"""What a worker does with a shard: read files, extract, write the rows as a part, and say in a manifest what it wrote.

The one function that every engine maps; it knows neither workers nor tables that are published.
"""

from __future__ import annotations

import gc
import logging
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, field
from pathlib import Path
from tempfile import gettempdir
from typing import Any

from pipeline import ingest, schema
from pipeline.config import Config, from_json
from pipeline.engines import Beat, Manifest, Shard
from pipeline.errors import EngineError, EphemerideError
from pipeline.records import Article, Extraction, Failure
from pipeline.store.layout import content_hash, output_error
from pipeline.store.ledger import Stamp
from pipeline.store.parts import PartWriter

LOG = logging.getLogger(__name__)
CHUNK_CHARS = 400_000  # a chunk ends here even when it holds few articles: memory
CHANGED = "the file changed while it was being read; it is read again at the next run"
UNREADABLE_STAMP = Stamp(-1, -1, "")  # agrees with no file: tried again at the next run

Result = Extraction | Failure
Item = tuple[int, int, Article | Failure]  # file, record, what was read


@dataclass(frozen=True, slots=True)
class Worker:
    """A loaded worker."""

    corpus: Path
    scratch: Path
    config: Config
    extract: Callable[[Sequence[Article]], Iterable[Result]]  # one result per article, in order
    codes: schema.Codes

    def __call__(self, shard: Shard, beat: Beat) -> Manifest:
        """Process `shard`.

        Raises:
            OutputError: the part cannot be written.
        """
        try:
            with PartWriter(self.scratch) as writer:
                return _process(self, shard, beat, writer)
        except OSError as error:
            raise output_error(self.scratch.parent.parent, error) from error


# Containers made before the collector looks again, and the looks before older ones are looked at too. Python's 700 has it look
# dozens of times an article, at parses that are still in use; that was a fifth of the event stage. Almost all that an article
# leaves behind goes by its own.
_COLLECT = (400_000, 10, 10)


def open_worker(given: dict[str, Any]) -> Worker:
    """Load the models. `given` has corpus, scratch (the folder for parts in the making) and config, as JSON can hold them."""
    config = from_json(given["config"])
    from pipeline.extract import extract_batch, load_models  # noqa: PLC0415 - spaCy, which only this worker needs

    _warm_up()
    models = load_models(config)
    tune_collector()
    return Worker(
        Path(given["corpus"]), Path(given["scratch"]), config, lambda articles: extract_batch(articles, models), _codes()
    )


def tune_collector() -> None:
    """Keep Python's collector from the models, which stay, and from parses that are still in use."""
    gc.freeze()  # or it looks at their half a million objects again and again
    gc.set_threshold(*_COLLECT)


def _warm_up() -> None:
    """Load the language identifier now: it needs room for temporary files, and a lack of it is no article's fault.

    Raises:
        EngineError: there is no such room.
    """
    try:
        ingest.language.guess("Le conseil municipal de la ville a voté mardi soir le budget de l'année prochaine.")
    except OSError as error:
        raise EngineError(
            f"The language identifier cannot be loaded ({error}). Make room in the folder for temporary files ({gettempdir()})."
        ) from error


def _codes() -> schema.Codes:
    from pipeline.events import ontology  # noqa: PLC0415

    def codes(event_type: str) -> tuple[str | None, str | None, str | None]:
        try:
            return ontology.codes(event_type)
        except KeyError:
            return schema.no_codes(event_type)

    return codes


@dataclass(slots=True)
class _File:
    """A file of the shard and what has come of it so far."""

    path: str
    before: Stamp
    segments: list[tuple[int, list[tuple[int, int]]]] = field(default_factory=list)
    failed: bool = False
    lost: str = ""  # why it is not even opened
    again: bool = False  # what is wrong with it may be right at the next run
    foreign: bool = False  # whether `any_language` decides about a record of it
    unsure: float = -math.inf  # the highest confidence under the floor
    sure: float = math.inf  # the lowest of those kept


@dataclass(slots=True)
class _Tally:
    articles: int = 0
    failures: int = 0


def _process(worker: Worker, shard: Shard, beat: Beat, writer: PartWriter) -> Manifest:
    files = [_opened(worker, shard, path, beat) for path in shard.paths]
    tally = _Tally()
    for batch in _batches(worker, shard, files, beat):
        results = _extract(worker, shard, files, batch, beat)
        _write_chunk(worker, files, list(zip(batch, results, strict=True)), writer, tally)
    changed = [(i, Failure(file.path, "ingest", CHANGED)) for i, file in enumerate(files) if _changed(worker, file)]
    if changed:
        _write_chunk(worker, files, [((i, 0, failure), failure) for i, failure in changed], writer, tally)
    part = writer.finish()
    return {
        "part": {"name": part.name, "bytes": part.bytes, "layout": part.layout},
        "files": [
            {
                **{"path": file.path, "stamp": astuple(_stamp_kept(file)), "segments": file.segments, "failed": file.failed},
                **{"any_language": worker.config.any_language if file.foreign else None, "floors": (file.unsure, file.sure)},
            }
            for file in files
        ],
        "articles": tally.articles,
        "failures": tally.failures,
    }


# Reading


def stamp(path: Path) -> Stamp:
    """How the file looks now; a stamp that agrees with no file when it cannot be read."""
    try:
        status = path.stat()
        return Stamp(status.st_size, status.st_mtime_ns, content_hash(path))
    except OSError:
        return UNREADABLE_STAMP


def _opened(worker: Worker, shard: Shard, path: str, beat: Beat) -> _File:
    """A file that is read once through; one that cost a worker its life at that (a pipe, a drive that is gone) is left alone."""
    if reason := next((skip.reason for skip in shard.skips if (skip.path, skip.doing) == (path, "open")), ""):
        return _File(path, UNREADABLE_STAMP, lost=f"while opening: {reason}", again=True)
    beat(path, 0, "open")
    before = stamp(worker.corpus / path)
    return _File(path, before, again=before == UNREADABLE_STAMP)


def _stamp_kept(file: _File) -> Stamp:
    return UNREADABLE_STAMP if file.again else file.before


def _changed(worker: Worker, file: _File) -> bool:
    """Whether the file is another one than when we began; then what was read is let go of."""
    if file.again:
        return False
    try:
        status = (worker.corpus / file.path).stat()
        now = (status.st_size, status.st_mtime_ns)
    except OSError:
        now = (-1, -1)
    if now == (file.before.size, file.before.mtime_ns):
        return False
    file.again = True
    file.segments.clear()
    return True


def _batches(worker: Worker, shard: Shard, files: Sequence[_File], beat: Beat) -> Iterator[list[Item]]:
    """What the files hold, so many articles at a time."""
    batch: list[Item] = []
    chars = 0
    for item in _items(worker, shard, files, beat):
        batch.append(item)
        chars += len(item[2].text) if isinstance(item[2], Article) else 0
        if len(batch) >= worker.config.batch_size or chars >= CHUNK_CHARS:
            yield batch
            batch, chars = [], 0
    if batch:
        yield batch


def _items(worker: Worker, shard: Shard, files: Sequence[_File], beat: Beat) -> Iterator[Item]:
    unreachable = {(skip.path, skip.record): skip.reason for skip in shard.skips if skip.doing == "read"}
    for i, file in enumerate(files):
        if file.lost:
            yield i, 0, Failure(file.path, "engine", file.lost)
            continue
        path = worker.corpus / file.path
        config = worker.config
        records = iter(ingest.read(path, worker.corpus, any_language=config.any_language, names=dict(config.fields)))
        n = 0
        while True:
            if reason := unreachable.get((file.path, n)):
                yield i, n, Failure(file.path if n == 0 else f"{file.path}#{n + 1}", "engine", f"while reading: {reason}")
                break
            beat(file.path, n, "read")
            try:
                record = next(records, None)
            except Exception as error:  # the boundary around one file: a reader that breaks its promise costs this file only
                LOG.exception("%s: reading failed", file.path)
                record, records = Failure(file.path, "ingest", _describe(error)), iter(())
            if record is None:
                break
            yield i, n, record
            n += 1


# Extracting


def _extract(worker: Worker, shard: Shard, files: Sequence[_File], batch: Sequence[Item], beat: Beat) -> list[Result]:
    """One result per item, in order."""
    lost = {(skip.path, skip.record): skip.reason for skip in shard.skips if skip.doing == "extract"}
    results: list[Result] = []
    waiting: list[tuple[int, int, Article]] = []
    for i, n, item in batch:
        if isinstance(item, Failure):
            results.append(item)
        elif reason := lost.get((files[i].path, n)):
            results.append(Failure(item.source, "engine", reason))
        else:
            waiting.append((i, n, item))
            results.append(Failure(item.source, "engine", "no result"))
    size = 1 if shard.singly else len(waiting)
    found: list[Result] = []
    for start in range(0, len(waiting), size or 1):
        group = waiting[start : start + size]
        beat(files[group[0][0]].path, group[0][1], "extract")
        found += _extract_group(worker, [article for *_, article in group], lambda: beat("", 0, "extract"), shard.singly)
    by_place = {(i, n): result for (i, n, _), result in zip(waiting, found, strict=True)}
    return [by_place.get((i, n), result) for (i, n, _), result in zip(batch, results, strict=True)]


def _extract_group(worker: Worker, articles: Sequence[Article], alive: Callable[[], None], singly: bool) -> list[Result]:
    results: list[Result] = []
    try:
        for result in worker.extract(articles):
            results.append(result)
            if not singly:
                alive()
        if len(results) != len(articles):
            raise RuntimeError(f"{len(results)} results for {len(articles)} articles")
    except EphemerideError:
        raise
    except Exception as error:  # the boundary around one article
        if len(articles) == 1:
            LOG.exception("%s: extraction failed", articles[0].source)
            return [Failure(articles[0].source, "engine", _describe(error))]
        return [result for article in articles for result in _extract_group(worker, [article], alive, singly)]
    return results


def _describe(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:500]


# Writing


Done = Sequence[tuple[Item, Result]]
Spans = dict[int, list[tuple[int, int]]]


def _write_chunk(worker: Worker, files: Sequence[_File], done: Done, writer: PartWriter, tally: _Tally) -> None:
    """Append the rows of what is `done` to the part and note for every file which rows are its own."""
    for (i, _, item), result in done:
        _note_options(files[i], item, result)
    try:
        tables, spans = _tables(worker, done)
    except Exception:  # the boundary around one article, once more: its rows
        LOG.warning("rows that no table holds; looking for the article", exc_info=True)
        done = [(item, _storable(worker, item, result)) for item, result in done]
        tables, spans = _tables(worker, done)
    for (i, *_), result in done:
        failed = isinstance(result, Failure)
        files[i].failed |= failed
        files[i].again |= isinstance(result, Failure) and result.error.startswith(ingest.CANNOT_BE_READ)
        tally.failures += failed
        tally.articles += not failed
    for name, table in tables.items():
        for problem in schema.check(schema.TABLES[name], table):
            LOG.warning("%s", problem)
    chunk = writer.add(tables)
    for i, span in spans.items():
        files[i].segments.append((chunk, span))


def _note_options(file: _File, item: Article | Failure, result: Result) -> None:
    """What other options would change, as far as this record of the file goes."""
    file.foreign |= ingest.foreign(item)
    if isinstance(result, Extraction):
        file.unsure = max(file.unsure, *result.unsure, -math.inf)
        file.sure = min(file.sure, *(event.confidence for event in result.events), math.inf)


def _tables(worker: Worker, done: Done) -> tuple[dict[str, Any], Spans]:
    """The rows of what is done, and which of them belong to which file."""
    rows: dict[str, list[schema.Row]] = {name: [] for name in schema.PART_TABLES}
    spans: Spans = {}
    for i, group in _by_file(done):
        before = [len(rows[name]) for name in schema.PART_TABLES]
        for result in group:
            for name, added in _rows(worker, result).items():
                rows[name].extend(added)
        spans[i] = [(first, len(rows[name]) - first) for first, name in zip(before, schema.PART_TABLES, strict=True)]
    return {name: schema.build(schema.TABLES[name], found) for name, found in rows.items()}, spans


def _storable(worker: Worker, item: Item, result: Result) -> Result:
    """`result`, or why no table holds it."""
    try:
        _tables(worker, [(item, result)])
    except Exception as error:
        source = result.source if isinstance(result, Failure) else result.article.source
        return Failure(schema.whole(source), "engine", schema.whole(_describe(error)))
    return result


def _by_file(done: Sequence[tuple[Item, Result]]) -> Iterable[tuple[int, list[Result]]]:
    groups: dict[int, list[Result]] = {}
    for (i, *_), result in done:
        groups.setdefault(i, []).append(result)
    return groups.items()


def _rows(worker: Worker, result: Result) -> dict[str, list[schema.Row]]:
    return schema.failure_rows(result) if isinstance(result, Failure) else schema.extraction_rows(result, codes=worker.codes)

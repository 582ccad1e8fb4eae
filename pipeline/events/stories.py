"""Stories: the same happening told in several mentions and articles.

Events of one type are one story when their dates agree and they share their people or their place; within one article also
when neither contradicts. What somebody says is one story only for the same speaker on the same day. Near-linear: an event is
compared with the few stories whose participants, place or article it shares and whose window is still open. Where the mentions
of a story disagree on its day or its toll, the story keeps the lowest and the highest.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pyarrow as pa

from pipeline.records import content_id

# Columns that `link` reads; `root` is the article, or the one that it is a copy of.
COLUMNS = (
    *("event_id", "article_id", "root", "event_class", "event_type", "status", "date_start", "date_end", "date_granularity"),
    *("actor", "actor_id", "recipient", "place", "place_id", "deaths", "injured", "core_ids", "published"),
)
TOLERANCE_DAYS = {"week": 7, "weekend": 2, "month": 31}  # of all finer granularities: 1
DEFAULT_TOLERANCE = 1
TOLD = frozenset({"asserted", "reported", "hearsay"})  # statuses of what is said to have happened: their tolls count
COARSE = frozenset({"quarter", "season", "half", "year", "decade", "century"})

STORIES = pa.schema(
    [
        *((name, pa.string()) for name in ("story_id", "event_type")),
        *((name, pa.date32()) for name in ("date_start", "date_end")),
        *((name, pa.string()) for name in ("actor", "recipient", "place")),
        *((name, pa.int64()) for name in ("deaths_min", "deaths_max", "injured_min", "injured_max")),
        *((name, pa.int64()) for name in ("n_events", "n_articles", "n_sources")),
        *((name, pa.timestamp("ms")) for name in ("first_published", "last_published")),
    ]
)
LINKS = pa.schema([("event_id", pa.string()), ("story_id", pa.string())])
REDIRECTS = pa.schema([("old_id", pa.string()), ("story_id", pa.string())])

Row = Mapping[str, Any]


@dataclass(slots=True)
class _Story:
    """A story in the making: its first event fixes date and key, later ones may add participants."""

    key: str
    start: date | None
    end: date | None
    coarse: bool
    core: set[str]
    events: list[Row] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)


def link(rows: pa.Table) -> tuple[pa.Table, pa.Table, pa.Table]:
    """Stories, the story of each event (in the order of `rows`), and former ids of stories.

    `rows` has `COLUMNS`, in the order of the corpus; events of different types are never linked, so a call may hold one type
    only. An id is made from the first event's own type, day and participants, so that it stays when articles are added.
    """
    stories: list[_Story] = []
    open_stories: dict[tuple[str, str], list[_Story]] = defaultdict(list)
    of_event: dict[str, _Story] = {}
    for row in sorted(rows.to_pylist(), key=_order):
        labels = _labels(row)
        story = _fitting(row, [story for label in labels for story in open_stories[label]])
        if story is None:
            story = _begin(row)
            stories.append(story)
        story.events.append(row)
        story.keys.add(_own_key(row))
        story.core |= _core(row)
        of_event[row["event_id"]] = story
        for label in labels:
            _keep_open(open_stories[label], story, row)
    ids = _ids(stories)
    links = [(event_id, ids[id(of_event[event_id])]) for event_id in rows["event_id"].to_pylist()]
    return (
        _table([_describe(story, ids[id(story)]) for story in stories], STORIES),
        _table(links, LINKS),
        _table(_redirects(stories, ids), REDIRECTS),
    )


def _order(row: Row) -> tuple[Any, ...]:
    """By day, the finest first, so that the day of a story is the best known one; undated events last."""
    start, end = row["date_start"], row["date_end"]
    return (start is None, start or date.max, (end or date.max), row["published"] is None, str(row["published"]), row["event_id"])


def _core(row: Row) -> set[str]:
    return set((row["core_ids"] or "").split())


def _labels(row: Row) -> list[tuple[str, str]]:
    """What an event can be found by. Undated events are looked for inside their article only."""
    scope = row["event_type"] if row["date_start"] else f"{row['event_type']} {row['article_id']}"
    if row["event_class"] == "speech":
        return [(scope, f"speaker {row['actor_id']}")] if row["actor_id"] else []
    found = [(scope, f"entity {entity}") for entity in sorted(_core(row))]
    found += [(scope, f"place {row['place_id']}")] if row["place_id"] else []
    # One article that names a type of event twice at one date speaks of one event, unless its people differ.
    return [*found, (f"{row['event_type']} {row['article_id']}", "article")]


def _fitting(row: Row, candidates: Iterable[_Story]) -> _Story | None:
    """The story with the most participants in common, the older one of equals."""
    best: _Story | None = None
    for story in candidates:
        if _agree(row, story) and (best is None or len(story.core & _core(row)) > len(best.core & _core(row))):
            best = story
    return best


def _agree(row: Row, story: _Story) -> bool:
    core = _core(row)
    people = not core or not story.core or core <= story.core or story.core <= core
    negated = (row["status"] == "negated") == (story.events[0]["status"] == "negated")
    return people and negated and _same_time(row, story)


def _same_time(row: Row, story: _Story) -> bool:
    start, end = row["date_start"], row["date_end"] or row["date_start"]
    if start is None or story.start is None or story.end is None:
        return start is None and story.start is None
    if story.coarse or row["date_granularity"] in COARSE:
        return bool((start, end) == (story.start, story.end))
    days = timedelta(days=0 if row["event_class"] == "speech" else _tolerance(row))
    return bool(start - days <= story.end and story.start - days <= end)


def _tolerance(row: Row) -> int:
    return TOLERANCE_DAYS.get(row["date_granularity"] or "", DEFAULT_TOLERANCE)


def _begin(row: Row) -> _Story:
    end = row["date_end"] or row["date_start"]
    return _Story(_own_key(row), row["date_start"], end, row["date_granularity"] in COARSE, set())


def _own_key(row: Row) -> str:
    """The id of the story that this event alone would make."""
    who = row["core_ids"] or row["place_id"]
    known = (row["date_start"], who) if row["date_start"] and who else ("event", row["event_id"])
    return content_id("story", row["event_type"], *known)


def _keep_open(stories: list[_Story], story: _Story, row: Row) -> None:
    """Stories that end long before `row` begins can take no more events: rows come in the order of their days."""
    start = row["date_start"]
    if start is not None:
        horizon = start - timedelta(days=max(TOLERANCE_DAYS.values()))
        stories[:] = [other for other in stories if other.end is None or other.end >= horizon]
    if not any(other is story for other in stories):
        stories.append(story)


def _ids(stories: Iterable[_Story]) -> dict[int, str]:
    """One id per story; of two that begin alike the second takes its first event into its id."""
    taken: set[str] = set()
    ids = {}
    for story in stories:
        key = story.key if story.key not in taken else content_id(story.key, story.events[0]["event_id"])
        taken.add(key)
        ids[id(story)] = key
    return ids


def _redirects(stories: Iterable[_Story], ids: Mapping[int, str]) -> list[tuple[str, str]]:
    taken = set(ids.values())
    found: dict[str, str] = {}
    for story in stories:
        for key in story.keys - taken:
            found.setdefault(key, ids[id(story)])
    return sorted(found.items())


def _describe(story: _Story, story_id: str) -> tuple[Any, ...]:
    rows = story.events
    told = [row for row in rows if row["status"] in TOLD]
    return (
        *(story_id, rows[0]["event_type"], _range(rows, "date_start")[0], _range(rows, "date_end")[1]),
        *(_most_frequent(row[column] for row in rows) for column in ("actor", "recipient", "place")),
        *(*_range(told, "deaths"), *_range(told, "injured")),
        *(len(rows), len({row["article_id"] for row in rows}), len({row["root"] for row in rows})),
        *_range(rows, "published"),
    )


def _range(rows: Iterable[Row], column: str) -> tuple[Any, Any]:
    """The lowest and the highest value of `column`, nulls left out."""
    values = [row[column] for row in rows if row[column] is not None]
    return min(values, default=None), max(values, default=None)


def _most_frequent(values: Iterable[str | None]) -> str | None:
    counts = Counter(value for value in values if value)
    return min(counts, key=lambda value: (-counts[value], value), default=None)


def _table(rows: list[tuple[Any, ...]] | list[tuple[str, str]], schema: pa.Schema) -> pa.Table:
    columns = zip(*rows, strict=True) if rows else ((),) * len(schema)
    return pa.table([pa.array(values, column.type) for values, column in zip(columns, schema, strict=True)], schema=schema)

"""What the page shows, counted from the tables piece by piece: memory does not grow with them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.schema import STATUSES

Scan = Callable[[str, Sequence[str]], Iterator[pa.Table]]  # columns of a table, piece by piece, categories as text

MAX_EVENTS = 2_000  # in the list that can be filtered: about one megabyte
MAX_STORIES, MAX_MENTIONS = 20, 6  # mentions of a story: from as many articles as there are
MAX_NAMES, MAX_PLACES = 12, 400
NAME_CHARS, SENTENCE_CHARS = 120, 600  # what is longer is cut
SHOWN_LABELS = ("PER", "ORG", "LOC")
HAPPENED = ("asserted", "reported", "hearsay")

_EVENT_COLUMNS = (
    *("article_id", "date_start", "date_end", "event_type", "status", "actor", "recipient", "theme", "place"),
    *("trigger", "sentence", "confidence", "start_char"),
)
_STORY_COLUMNS = (
    *("story_id", "event_type", "date_start", "date_end", "actor", "recipient", "place", "deaths_min", "deaths_max"),
    *("n_events", "n_articles", "n_sources"),
)


@dataclass(frozen=True, slots=True)
class Article:
    """Where an event is told."""

    source: str
    title: str
    published: datetime | None


@dataclass(frozen=True, slots=True)
class Event:
    """An event mention. `start` is the trigger's offset in the article."""

    article: Article
    day: date | None
    last_day: date | None
    kind: str
    status: str
    actor: str
    recipient: str
    theme: str
    place: str
    trigger: str
    sentence: str
    confidence: float | None
    start: int

    @property
    def split(self) -> tuple[str, str, str]:
        """The sentence before, in and after the trigger; all of it before where it does not stand there once."""
        if not self.trigger or self.sentence.count(self.trigger) != 1:
            return self.sentence, "", ""
        return self.sentence.partition(self.trigger)


@dataclass(frozen=True, slots=True)
class Story:
    """One of the largest stories, with some of its mentions."""

    kind: str
    day: date | None
    last_day: date | None
    who: tuple[str, str]  # actor, recipient
    place: str
    deaths: tuple[int, int] | None  # least, greatest
    n_events: int
    n_articles: int
    n_sources: int
    mentions: tuple[Event, ...]

    @property
    def n_articles_left(self) -> int:
        """Articles that none of `mentions` is from."""
        return self.n_articles - len({event.article for event in self.mentions})


@dataclass(frozen=True, slots=True)
class Name:
    """An entity."""

    name: str
    mentions: int
    articles: int


@dataclass(frozen=True, slots=True)
class Spot:
    """A place of events, in degrees."""

    name: str
    latitude: float
    longitude: float
    events: int


@dataclass(frozen=True, slots=True)
class Figures:
    """All that the page shows, but for the summary of the tables."""

    kinds: Counter[tuple[str, str, str]]  # class, type, status
    days: Counter[tuple[date, date | None, bool]]  # first and last day, whether it is said to have happened
    names: dict[str, list[Name]]  # by label
    spots: list[Spot]
    stories: list[Story]
    events: list[Event]  # of the articles published last


def gather(scan: Scan) -> Figures:
    """Count and choose what to show. Each table is read once or twice, never held."""
    stories = _best(scan("stories", _STORY_COLUMNS), MAX_STORIES, _LARGEST).to_pylist()
    latest = _best(scan("articles", ("article_id", "published", "source")), MAX_EVENTS, _LATEST)["article_id"]
    kinds: Counter[tuple[str, str, str]] = Counter()
    days: Counter[tuple[date, date | None, bool]] = Counter()
    spots: Counter[tuple[float, float, str]] = Counter()
    told = {story["story_id"]: _Told({}, []) for story in stories}
    newest: list[pa.Table] = []
    for piece in scan("events", (*_EVENT_COLUMNS, "story_id", "event_class", "latitude", "longitude")):
        kinds.update(_counted(piece, "event_class", "event_type", "status"))
        happened = pc.is_in(piece["status"], value_set=pa.array(HAPPENED))
        days.update(_counted(piece.append_column("happened", happened), "date_start", "date_end", "happened"))
        spots.update(_counted(piece, "latitude", "longitude", "place"))
        _take_mentions(piece, told)
        ranked = piece.select(_EVENT_COLUMNS).append_column("rank", pc.index_in(piece["article_id"], value_set=latest))
        newest = [_best([*newest, ranked.filter(pc.is_valid(ranked["rank"]))], MAX_EVENTS, [("rank", "ascending")])]
    rows = newest[0].to_pylist() if newest else []
    mentioned = [row for of_story in told.values() for row in of_story.mentions]
    articles = _articles(scan, {row["article_id"] for row in (*rows, *mentioned)})
    return Figures(
        kinds,
        days,
        _names(scan),
        _spots(spots),
        [_story(story, [_event(row, articles) for row in told[story["story_id"]].mentions]) for story in stories],
        [_event(row, articles) for row in rows],
    )


_LARGEST = [("n_sources", "descending"), ("n_articles", "descending"), ("n_events", "descending"), ("story_id", "ascending")]
_LATEST = [("published", "descending"), ("source", "ascending")]


def _best(pieces: Iterable[pa.Table], most: int, order: Sequence[tuple[str, str]]) -> pa.Table:
    """The first rows in that order; among equals those that come first, and nulls last."""
    best: pa.Table | None = None
    for piece in pieces:
        rows = piece if best is None else pa.concat_tables([best, piece])
        best = rows.take(pc.sort_indices(rows, sort_keys=order)[:most])
    return best


def _counted(piece: pa.Table, *columns: str) -> dict[tuple[Any, ...], int]:
    """How often which values stand together; not where the first is null."""
    counts = piece.filter(pc.is_valid(piece[columns[0]])).group_by(list(columns)).aggregate([([], "count_all")])
    return {tuple(row[name] for name in columns): row["count_all"] for row in counts.to_pylist()}


@dataclass(frozen=True, slots=True)
class _Told:
    """Some mentions of a story: the first in each article, and others."""

    first: dict[str, dict[str, Any]]  # by article
    others: list[dict[str, Any]]

    @property
    def mentions(self) -> list[dict[str, Any]]:
        """So many of them, those of an article together."""
        others = self.others[: MAX_MENTIONS - len(self.first)]
        return [row for article, first in self.first.items() for row in (first, *others) if row["article_id"] == article]


def _take_mentions(piece: pa.Table, told: Mapping[str, _Told]) -> None:
    """Add to each story of `told` what there is room for."""
    rows = piece.filter(pc.is_in(piece["story_id"], value_set=pa.array(list(told), pa.string())))
    for row in rows.select([*_EVENT_COLUMNS, "story_id"]).to_pylist():
        story = told[row["story_id"]]
        if row["article_id"] not in story.first and len(story.first) < MAX_MENTIONS:
            story.first[row["article_id"]] = row
        elif row["article_id"] in story.first and len(story.others) < MAX_MENTIONS:
            story.others.append(row)


def _articles(scan: Scan, wanted: set[str]) -> dict[str, Article]:
    ids = pa.array(sorted(wanted), pa.string())
    found = {}
    for piece in scan("articles", ("article_id", "source", "title", "published")):
        for row in piece.filter(pc.is_in(piece["article_id"], value_set=ids)).to_pylist():
            source, title = cut(row["source"], NAME_CHARS), cut(row["title"], NAME_CHARS)
            found[row["article_id"]] = Article(source, title, row["published"])
    return found


def _event(row: dict[str, Any], articles: dict[str, Article]) -> Event:
    actor, recipient, theme, place, trigger = (
        cut(row[column], NAME_CHARS) for column in ("actor", "recipient", "theme", "place", "trigger")
    )
    return Event(
        article=articles[row["article_id"]],
        day=row["date_start"],
        last_day=row["date_end"],
        kind=row["event_type"],
        status=row["status"],
        actor=actor,
        recipient=recipient,
        theme=theme,
        place=place,
        trigger=trigger,
        sentence=cut(row["sentence"], SENTENCE_CHARS),
        confidence=row["confidence"],
        start=row["start_char"],
    )


def _story(row: dict[str, Any], mentions: Iterable[Event]) -> Story:
    return Story(
        row["event_type"],
        row["date_start"],
        row["date_end"],
        (cut(row["actor"], NAME_CHARS), cut(row["recipient"], NAME_CHARS)),
        cut(row["place"], NAME_CHARS),
        None if row["deaths_min"] is None else (row["deaths_min"], row["deaths_max"]),
        *(row["n_events"], row["n_articles"], row["n_sources"]),
        tuple(mentions),
    )


def _names(scan: Scan) -> dict[str, list[Name]]:
    """The most mentioned entities of each label: their table begins with the most mentioned."""
    found: dict[str, list[Name]] = {label: [] for label in SHOWN_LABELS}
    for piece in scan("entities", ("label", "name", "n_mentions", "n_articles")):
        for label, names in found.items():
            rows = piece.filter(pc.equal(piece["label"], label)).slice(0, MAX_NAMES - len(names)).to_pylist()
            names += [Name(cut(row["name"], NAME_CHARS), row["n_mentions"], row["n_articles"]) for row in rows]
        if all(len(names) == MAX_NAMES for names in found.values()):
            break
    return found


def _spots(counts: Counter[tuple[float, float, str]]) -> list[Spot]:
    """The places with most events, each under the name that it is given most often."""
    named: dict[tuple[float, float], list[tuple[int, str]]] = defaultdict(list)
    for (latitude, longitude, name), count in counts.items():
        if longitude is not None:
            named[latitude, longitude].append((-count, name or ""))
    spots = [
        Spot(cut(min(names)[1], NAME_CHARS), latitude, longitude, -sum(count for count, _ in names))
        for (latitude, longitude), names in named.items()
    ]
    return sorted(spots, key=lambda spot: (-spot.events, spot.name, spot.latitude, spot.longitude))[:MAX_PLACES]


def cut(text: str | None, most: int) -> str:
    """`text`, shortened; nothing for null."""
    text = text or ""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def by_class(kinds: Counter[tuple[str, str, str]]) -> list[tuple[str, list[int]]]:
    """For each event class, the most frequent first, its events by status."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for (event_class, _, status), count in kinds.items():
        counts[event_class][status] += count
    ordered = sorted(counts.items(), key=lambda item: (-item[1].total(), item[0]))
    return [(event_class, [found[status] for status in STATUSES]) for event_class, found in ordered]


def by_type(kinds: Counter[tuple[str, str, str]]) -> list[tuple[str, str, int]]:
    """Type, class and number of events, the most frequent first."""
    counts: Counter[tuple[str, str]] = Counter()
    for (event_class, event_type, _), count in kinds.items():
        counts[event_type, event_class] += count
    return sorted(((*names, count) for names, count in counts.items()), key=lambda row: (-row[2], row[0]))

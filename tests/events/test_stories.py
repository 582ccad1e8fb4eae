"""Stories: what mentions of one happening say differently is kept as the lowest and the highest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import pyarrow as pa
import pytest
from spacy.language import Language

from pipeline import schema
from pipeline.events import stories
from pipeline.extract import extract_parsed
from pipeline.nlp import parse
from pipeline.records import Article, Region, RegionKind, content_id

MORNING = (
    "Incendie mortel à Rennes",
    "Un incendie a ravagé mardi un immeuble de quatre étages à Rennes. L'incendie a fait deux morts et cinq blessés, selon les "
    "pompiers.",
)
EVENING = (
    "Le bilan s'alourdit à Rennes",
    "L'incendie qui a ravagé mardi un immeuble de Rennes a fait trois morts et quatre blessés, a annoncé la préfecture.",
)


def _article(title: str, body: str, published: datetime) -> Article:
    text = f"{title}\n\n{body}"
    regions = (Region(RegionKind.TITLE, 0, len(title)), Region(RegionKind.BODY, len(title) + 2, len(text)))
    return Article(content_id("test", text), f"{title}.txt", text, regions, published=published)


@pytest.fixture(scope="module")
def events(nlp: Language) -> pa.Table:
    """The events that two articles tell of one fire, with the columns that stories are made from."""
    articles = [_article(*MORNING, datetime(2024, 3, 12, 9)), _article(*EVENING, datetime(2024, 3, 13, 9))]
    found = [extract_parsed(article, doc) for article, doc in zip(articles, parse(nlp, articles), strict=True)]
    rows = schema.to_tables(found)["events"]
    return rows.append_column("root", rows["article_id"]).select(stories.COLUMNS)


def _of_type(events: pa.Table, event_type: str) -> pa.Table:
    return events.filter(pa.array([found == event_type for found in events["event_type"].to_pylist()]))


def _only_story(events: pa.Table) -> dict[str, Any]:
    (story,) = stories.link(events)[0].to_pylist()
    return dict(story)


def test_tolls_that_differ_are_both_kept(events: pa.Table) -> None:
    fire = _only_story(_of_type(events, "fire"))
    assert fire["n_articles"] == 2
    assert (fire["deaths_min"], fire["deaths_max"]) == (2, 3)
    assert (fire["injured_min"], fire["injured_max"]) == (4, 5)


def test_order_of_the_events_does_not_matter(events: pa.Table) -> None:
    fires = _of_type(events, "fire")
    assert stories.link(fires)[0].equals(stories.link(fires.take(list(reversed(range(fires.num_rows)))))[0])


def _mentions(*mentions: dict[str, Any]) -> pa.Table:
    """Events of one type at one place, each told by an article of its own."""
    shared = {"event_class": "disaster", "event_type": "fire", "status": "asserted", "place": "Rennes", "place_id": "rennes"}
    day = {"date_start": date(2024, 3, 12), "date_end": date(2024, 3, 12), "date_granularity": "day"}
    own = [{"event_id": f"e{number}", "article_id": f"a{number}", "root": f"a{number}"} for number in range(len(mentions))]
    rows = [{**shared, **day, **ids, **mention} for ids, mention in zip(own, mentions, strict=True)]
    types = {column.name: schema.part_schema(schema.EVENTS).field(column.name).type for column in schema.EVENTS.columns}
    return pa.Table.from_pylist(rows, pa.schema([(name, types.get(name, pa.string())) for name in stories.COLUMNS]))


@pytest.mark.parametrize(
    ("mentions", "wanted"),
    [
        ([("asserted", 2), ("reported", 3), ("hearsay", 5)], (2, 5)),
        ([("asserted", 2), ("possible", 10)], (2, 2)),
        ([("planned", 2)], (None, None)),
        ([("negated", 10)], (None, None)),
        ([("asserted", None), ("reported", 0)], (0, 0)),
    ],
)
def test_tolls_of_what_is_told_to_have_happened_count(
    mentions: Sequence[tuple[str, int | None]], wanted: tuple[int | None, int | None]
) -> None:
    story = _only_story(_mentions(*({"status": status, "deaths": deaths} for status, deaths in mentions)))
    assert (story["deaths_min"], story["deaths_max"]) == wanted
    assert story["injured_min"] is story["injured_max"] is None


def test_days_that_differ_are_both_kept() -> None:
    later = {"date_start": date(2024, 3, 13), "date_end": date(2024, 3, 13)}
    story = _only_story(_mentions(later, {}))
    assert (story["date_start"], story["date_end"]) == (date(2024, 3, 12), date(2024, 3, 13))


def test_open_end_takes_no_day_away() -> None:
    story = _only_story(_mentions({"date_end": None}, {}))
    assert (story["date_start"], story["date_end"]) == (date(2024, 3, 12), date(2024, 3, 12))
    assert _only_story(_mentions({"date_end": None}))["date_end"] is None


def test_stories_have_the_declared_columns() -> None:
    assert schema.part_schema(schema.STORIES).equals(stories.STORIES)

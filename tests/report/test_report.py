"""The page: what it counts, what it shows, and that no text of an article or name of a file becomes a part of it."""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from pipeline import report
from pipeline.report import charts, figures
from pipeline.run import load
from pipeline.schema import TABLES
from pipeline.store.tables import Tables
from tests.report import samples
from tests.report.samples import HOSTILE, event, hostile_page, page, scan, summary
from tests.store.helpers import article, fill, go


class Reader(HTMLParser):
    """The elements, texts and data of a page. A class because the standard library's parser calls its methods."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(path.read_text(encoding="utf-8"))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def events(self) -> dict[str, Any]:
        """What the list of events is made from."""
        text = "".join(self.texts)
        found: dict[str, Any] = json.loads(text[text.index('{"articles"') : text.index('"use strict"')])
        return found


# Texts stay text


def test_hostile_texts_stay_text(tmp_path: Path) -> None:
    read = Reader(hostile_page(tmp_path))
    shown = "".join(read.texts)
    assert [text for text in HOSTILE if text.replace("PORT", "9") not in shown] == []
    listed = read.events
    for number, text in enumerate(text.replace("PORT", "9") for text in HOSTILE):
        row = next(row for row in listed["events"] if row[5] == text)
        assert row[5:9] == [text] * 4
        assert "".join(row[9]) == text
        assert [text, text] in [found[:2] for found in listed["articles"]], number


def test_hostile_texts_make_no_elements(tmp_path: Path) -> None:
    """The same elements with the same attributes as harmless texts of the same length."""
    harmless = [chr(ord("a") + number) * len(text.replace("PORT", "9")) for number, text in enumerate(HOSTILE)]
    hostile, plain = Reader(hostile_page(tmp_path)), Reader(hostile_page(tmp_path, texts=harmless))
    assert len(hostile.elements) > 500
    assert [(name, list(found)) for name, found in hostile.elements] == [(name, list(found)) for name, found in plain.elements]


@pytest.mark.parametrize("make", [hostile_page, lambda folder: page(folder, summary())])
def test_the_page_asks_for_nothing(tmp_path: Path, make: Any) -> None:
    read = Reader(make(tmp_path))
    for name, attributes in read.elements:
        for attribute, value in attributes.items():
            assert not attribute.startswith("on"), (name, attribute)
            assert attribute not in ("src", "srcset", "style", "action", "formaction", "xlink:href", "data", "ping"), (
                name,
                attribute,
            )
            assert attribute != "href" or re.fullmatch(r"#\w+", value or "")
    style = (Path(figures.__file__).parent / "page.css").read_text(encoding="utf-8")
    assert "url(" not in style
    assert "@import" not in style


def test_the_policy_allows_the_own_code_alone(tmp_path: Path) -> None:
    read = Reader(page(tmp_path, summary()))
    metas = [attributes for name, attributes in read.elements if name == "meta"]
    assert metas[1]["http-equiv"] == "Content-Security-Policy"
    names = [name for name, _ in read.elements]
    assert names.index("script") > names.index("style") > names.index("meta")
    policy = dict(part.split(" ", 1) for part in (metas[1]["content"] or "").split("; "))
    assert policy["default-src"] == policy["base-uri"] == policy["form-action"] == "'none'"
    assert all(re.fullmatch(r"'sha256-[\w+/]{43}='", policy[name]) for name in ("script-src", "style-src"))
    assert "unsafe" not in str(policy)
    assert "http" not in str(policy)


def test_json_inside_a_script_element(tmp_path: Path) -> None:
    text = hostile_page(tmp_path).read_text(encoding="utf-8")
    data = text.partition('<script type="application/json" id="data">')[2].partition("</script>")[0]
    assert not set(data) & set("<>&'\u2028\u2029")
    assert json.loads(data)["events"]


# The same for the same tables


def test_a_run_writes_it_and_only_tables_matter(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    fill(corpus, range(8))
    (corpus / "<b onclick=x>&amp;.txt").write_text(f"</script><h1>Titre</h1>\n\n{article(3)}", encoding="utf-8")
    (corpus / "<i>.pdf").write_bytes(b"none")
    go(corpus, tmp_path / "out")
    first = (tmp_path / "out" / "report.html").read_bytes()
    go(corpus, tmp_path / "csv", formats=("csv",), jobs=1, batch_size=2)
    assert (tmp_path / "csv" / "report.html").read_bytes() == first
    read = Reader(tmp_path / "out" / "report.html")
    assert "i" not in {name for name, _ in read.elements}
    assert "<i>.pdf" in "".join(read.texts)
    assert any(source == "<b onclick=x>&amp;.txt" for source, *_ in read.events["articles"])
    tables = load(tmp_path / "out")
    assert len(read.events["events"]) == len(tables.events)
    assert str(tmp_path) not in first.decode()


def test_pieces_do_not_matter(tmp_path: Path) -> None:
    events = [event(n % 7, event_id=f"e{n}", start_char=n) for n in range(40)]
    whole = scan(articles=[samples.article(n) for n in range(7)], events=events)

    def in_pieces(name: str, columns: Any) -> Any:
        for table in whole(name, columns):
            yield from (table.slice(start, 3) for start in range(0, max(1, table.num_rows), 3))

    assert figures.gather(in_pieces) == figures.gather(whole)


def test_no_rows_at_all(tmp_path: Path) -> None:
    read = Reader(page(tmp_path, summary(articles=0)))
    assert "0 events in 0 articles" in read.texts
    assert read.events["events"] == []


# What it counts


def test_figures_agree_with_pandas(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    fill(corpus, range(12))
    go(corpus, tmp_path / "out")
    tables = load(tmp_path / "out")
    assert isinstance(tables, Tables)
    found = figures.gather(tables.scan)
    events = tables.events
    assert found.kinds.total() == len(events)
    assert dict(figures.by_class(found.kinds)).keys() == set(events.event_class)
    assert [count for *_, count in figures.by_type(found.kinds)] == events.event_type.value_counts().loc[lambda s: s > 0].tolist()
    assert found.days.total() == events.date_start.notna().sum()
    assert sum(spot.events for spot in found.spots) == events.latitude.notna().sum()
    largest = tables.stories.sort_values(["n_sources", "n_articles", "n_events"], ascending=False).iloc[0]
    assert (found.stories[0].n_sources, found.stories[0].n_events) == (largest.n_sources, largest.n_events)
    people = tables.entities[tables.entities.label == "PER"].head(12)
    assert [name.mentions for name in found.names["PER"]] == people.n_mentions.tolist()


def test_the_list_is_of_the_latest_articles_and_no_longer_than_that(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures, "MAX_EVENTS", 5)
    articles = [samples.article(n) for n in range(9)] + [samples.article(9, published=None)]
    events = [event(n, event_id=f"{n}{i}", start_char=i) for n in range(10) for i in range(2)]
    found = figures.gather(scan(articles=articles, events=events)).events
    assert [(each.article.source, each.start) for each in found] == [
        *(("0008.txt", 0), ("0008.txt", 1), ("0007.txt", 0), ("0007.txt", 1), ("0006.txt", 0)),
    ]


@pytest.mark.parametrize(
    ("articles", "shown"),
    [
        ([0, 0, 0, 0], [0, 0, 0, 0]),
        ([0] * 9, [0] * 6),
        ([0, 1, 0, 1, 0, 0, 0, 0], [0, 0, 0, 0, 1, 1]),
        ([0, 0, 1, 2, 3, 4, 5, 6, 7], [0, 1, 2, 3, 4, 5]),
    ],
)
def test_mentions_of_a_story_are_from_as_many_articles_as_there_are(articles: list[int], shown: list[int]) -> None:
    events = [event(n, event_id=f"e{i}", start_char=i) for i, n in enumerate(articles)]
    told = len(set(articles))
    stories = [{"story_id": "s", "event_type": "killing", "n_events": len(events), "n_articles": told, "n_sources": told}]
    (story,) = figures.gather(scan(articles=[samples.article(n) for n in range(8)], events=events, stories=stories)).stories
    assert [int(each.article.source[:4]) for each in story.mentions] == shown
    assert story.n_articles_left == told - len(set(shown))


def test_long_texts_are_cut(tmp_path: Path) -> None:
    long = "x" * 100_000
    names = dict.fromkeys(("actor", "theme", "place", "trigger", "sentence"), long)
    path = page(tmp_path, summary(articles=1, events=1), articles=[samples.article(0, title=long)], events=[event(0, **names)])
    assert path.stat().st_size < 60_000


@pytest.mark.parametrize(
    ("sentence", "trigger", "split"),
    [
        ("Il a tué un homme.", "tué", ("Il a ", "tué", " un homme.")),
        ("Il a tué, tué encore.", "tué", ("Il a tué, tué encore.", "", "")),
        ("Rien.", "tué", ("Rien.", "", "")),
        ("Rien.", "", ("Rien.", "", "")),
    ],
)
def test_only_a_trigger_that_is_sure_is_marked(sentence: str, trigger: str, split: tuple[str, str, str]) -> None:
    rows = scan(articles=[samples.article(0)], events=[event(0, sentence=sentence, trigger=trigger)])
    assert figures.gather(rows).events[0].split == split


# Charts

FIRST = date(2024, 2, 27)


def _days(*spans: tuple[int, int], days: int = 1) -> Counter[tuple[date, date | None, bool]]:
    """So many events, so many days after the first."""
    found: Counter[tuple[date, date | None, bool]] = Counter()
    for after, count in spans:
        start = FIRST + timedelta(after)
        found[start, start + timedelta(days - 1), True] = count
    return found


@pytest.mark.parametrize(
    ("days", "unit", "labels", "beyond"),
    [
        (_days((0, 1)), "day", ("27 Feb 2024", "27 Feb 2024"), (0, 0, 0)),
        (_days((0, 5), (3, 5)), "day", ("27 Feb 2024", "1 Mar 2024"), (0, 0, 0)),
        (_days((-9000, 1), (0, 5), (3, 5), (9000, 1)), "day", ("27 Feb 2024", "1 Mar 2024"), (1, 1, 0)),
        (_days((0, 5), (300, 5)), "week", ("week of 26 Feb 2024", "week of 23 Dec 2024"), (0, 0, 0)),
        (_days((0, 5), (800, 5)), "month", ("Feb 2024", "May 2026"), (0, 0, 0)),
        (_days((0, 5), (4000, 5)), "quarter", ("Q1 2024", "Q1 2035"), (0, 0, 0)),
        (_days((-36500, 5), (0, 5)), "decade", ("1920s", "2020s"), (0, 0, 0)),
        (_days((-730000, 5), (0, 5)), "century", ("0s", "2000s"), (0, 0, 0)),
        (_days((0, 5), days=366) + _days((3, 50)), "day", ("1 Mar 2024", "1 Mar 2024"), (0, 0, 5)),
        (_days((0, 5), days=366), "year", ("2024", "2024"), (0, 0, 0)),
    ],
)
def test_bars_are_as_fine_as_fits(days: Any, unit: str, labels: tuple[str, str], beyond: tuple[int, int, int]) -> None:
    found = charts.timeline(days)
    assert found is not None
    assert (found.unit, (found.bars[0].label, found.bars[-1].label)) == (unit, labels)
    assert (found.before, found.after, found.longer) == beyond
    assert len(found.bars) <= charts.MOST_BARS
    shown = sum(bar.happened + bar.other for bar in found.bars)
    assert shown + found.before + found.after + found.longer == days.total()


@pytest.mark.parametrize("day", [date.min, date.max])
def test_bars_at_the_ends_of_time(day: date) -> None:
    found = charts.timeline(Counter({(day, None, False): 3}))
    assert found is not None
    assert found.highest == 3


@pytest.mark.parametrize(
    "places",
    [
        [(48.8, 2.3)],
        [(48.8, 2.3), (48.8, 2.3)],
        [(-90.0, -180.0), (90.0, 180.0)],
        [(45.0 + n / 10, n / 10) for n in range(40)],
    ],
)
def test_all_places_are_on_the_map(places: list[tuple[float, float]]) -> None:
    spots = [figures.Spot(f"Ville {n}", latitude, longitude, 100 - n) for n, (latitude, longitude) in enumerate(places)]
    found = charts.world(spots)
    assert found is not None
    for dot in found.dots:
        assert dot.radius <= dot.x <= charts.MAP_WIDTH - dot.radius
        assert dot.radius <= dot.y <= charts.MAP_HEIGHT - dot.radius
    assert found.labels[0].name == "Ville 0"
    assert charts.world([]) is None


@pytest.mark.bench
def test_what_it_costs(tmp_path: Path) -> None:
    """A thousand articles, with as many events, stories and names as real ones have."""
    articles = [samples.article(n, article_id=f"a{n}") for n in range(1_000)]
    text = "Le ministre de l’Intérieur a annoncé mardi que deux hommes avaient été tués dans la nuit près de Lyon. " * 2
    more = {"actor": "le ministre de l’Intérieur", "place": "Lyon", "latitude": 45.7, "sentence": text, "trigger": "annoncé"}
    events = [
        event(n % 28, article_id=f"a{n % 1000}", event_id=f"e{n}", story_id=f"s{n % 8000}", longitude=n / 100, **more)
        for n in range(14_000)
    ]
    numbers = {"n_events": 2, "n_articles": 1, "n_sources": 1}
    stories = [{"story_id": f"s{n}", "event_type": "killing", "actor": "le ministre", **numbers} for n in range(8_000)]
    names = [{"label": "PER", "name": f"Nom {n}", "n_mentions": 5_000 - n, "n_articles": 1} for n in range(5_000)]
    tables = {
        name: list(scan(**{name: rows})(name, [column.name for column in TABLES[name].columns]))
        for name, rows in {"articles": articles, "events": events, "stories": stories, "entities": names}.items()
    }
    took = []
    for _ in range(2):  # the first time modules are loaded that a run has loaded already
        began = time.perf_counter()
        report.write(lambda name, columns: (piece.select(columns) for piece in tables[name]), summary(), tmp_path / "x.html")
        took.append(time.perf_counter() - began)
    print(f"report of {len(articles):,} articles and {len(events):,} events: {took[-1]:.2f} s")
    assert took[-1] < 0.5

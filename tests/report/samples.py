"""Small tables for the page, made by hand; and texts that would be markup or code if they were let."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from pipeline import report
from pipeline.report.figures import Scan
from pipeline.schema import TABLES, part_schema

OWN = "document.documentElement.dataset.owned='1'"
HOSTILE = (
    f"<script>{OWN}</script>",
    f"</script><script>{OWN}</script>",
    "<!--<script>",
    f'"><img src="http://127.0.0.1:PORT/image" onerror="{OWN}">',
    f"' onfocus='{OWN}' autofocus='",
    "</style></title></textarea></svg><base href='http://127.0.0.1:PORT/'>",
    "<link rel=stylesheet href=http://127.0.0.1:PORT/css><iframe src=http://127.0.0.1:PORT/frame></iframe>",
    "<meta http-equiv=refresh content='0;url=http://127.0.0.1:PORT/'>",
    "{{ 7 * 7 }}{% endfor %}{# note #}",
    "a\u2028b\u2029c\u202ed\u2066e",
    "]]>&lt;b&gt;&amp;#60;\\u003cb\\u003e",
    f"javascript:{OWN}",
)


def scan(**tables: Sequence[Mapping[str, Any]]) -> Scan:
    """What reads these rows; columns that they leave out are null."""

    def read(name: str, columns: Sequence[str]) -> Iterator[pa.Table]:
        schema = part_schema(TABLES[name])
        rows = tables.get(name, [])
        yield pa.table([pa.array([row.get(c) for row in rows], schema.field(c).type) for c in columns], names=list(columns))

    return read


def summary(**rows: int) -> dict[str, Any]:
    """What a run says, with as many rows."""
    counts = dict.fromkeys(TABLES, 0) | rows
    return {"tables": counts, "tokens": 0, "unsure": 0, "events_by_class": {}, "failures_by_stage": {}, "reasons": []}


def event(number: int, **more: Any) -> dict[str, Any]:
    """An event of article `a{number}`."""
    day = date(2024, 3, 1 + number % 28)
    row = {
        **{"event_id": f"e{number}", "article_id": f"a{number}", "story_id": "s", "event_class": "conflict"},
        **{
            "event_type": "killing",
            "trigger": "tué",
            "start_char": 6,
            "end_char": 9,
            "sentence": "Il a tué.",
            "status": "asserted",
        },
        **{"date_start": day, "date_end": day, "confidence": 0.9},
    }
    return row | more


def article(number: int, **more: Any) -> dict[str, Any]:
    """Article `a{number}`, published a day after the one before."""
    day = datetime(2024, 1, 1 + number % 28, number // 28 % 24)
    return {"article_id": f"a{number}", "source": f"{number:04}.txt", "title": f"Titre {number}", "published": day} | more


def page(folder: Path, counts: Mapping[str, Any], **tables: Sequence[Mapping[str, Any]]) -> Path:
    """The page about these rows."""
    path = folder / "report.html"
    report.write(scan(**tables), counts, path)
    return path


def hostile_page(folder: Path, port: int = 9, texts: Sequence[str] = HOSTILE) -> Path:
    """A page with every hostile text in every place where text of articles and names of files go."""
    texts = [text.replace("PORT", str(port)) for text in texts]
    names = ("actor", "recipient", "theme", "place", "trigger", "sentence")
    articles = [article(n, title=text, source=text) for n, text in enumerate(texts)]
    events = [
        event(n, story_id=f"s{n}", latitude=40.0 + n, longitude=2.0, **dict.fromkeys(names, text)) for n, text in enumerate(texts)
    ]
    stories = [
        {"story_id": f"s{n}", "event_type": "killing", "n_events": 1, "n_articles": 1, "n_sources": 1}
        | dict.fromkeys(("actor", "recipient", "place"), text)
        for n, text in enumerate(texts)
    ]
    entities = [
        {"label": label, "name": text, "n_mentions": 2, "n_articles": 1} for label in ("PER", "ORG", "LOC") for text in texts
    ]
    counts = summary(articles=len(texts), events=len(texts), failures=len(texts), stories=len(texts))
    counts["failures_by_stage"] = {"ingest": len(texts)}
    counts["reasons"] = [{"stage": "ingest", "error": text, "count": 1, "first": text} for text in texts]
    return page(folder, counts, articles=articles, events=events, stories=stories, entities=entities)

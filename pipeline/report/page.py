"""Fills the page in. Whatever comes from articles is escaped, and the page may load nothing and run nothing but its own code."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from pipeline.report import charts, figures
from pipeline.report.figures import Event, Figures, Scan
from pipeline.schema import STATUSES

_LINE_ENDS = {ord("\u2028"): "\\u2028", ord("\u2029"): "\\u2029"}  # which end a line in JavaScript, but not in JSON


def write(scan: Scan, summary: Mapping[str, Any], path: Path) -> None:
    """Write the page about the tables that `scan` reads and `summary` sums up: the same bytes for the same tables.

    Raises:
        OSError: the file cannot be written.
    """
    path.write_text(_render(figures.gather(scan), summary), encoding="utf-8", newline="\n")


def _render(found: Figures, summary: Mapping[str, Any]) -> str:
    style, code = _file("page.css"), _file("page.js")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters |= {"n": "{:,}".format, "days": _days, "per_cent": _per_cent}
    return environment.from_string(_file("page.html")).render(
        policy=_policy(style, code),
        style=Markup(style),
        code=Markup(code),
        data=_json(_list(found)),
        summary=summary,
        found=found,
        statuses=STATUSES,
        by_class=figures.by_class(found.kinds),
        by_type=figures.by_type(found.kinds),
        timeline=charts.timeline(found.days),
        world=charts.world(found.spots),
        charts=charts,
    )


def _file(name: str) -> str:
    return (files("pipeline") / "report" / name).read_text(encoding="utf-8")


def _policy(style: str, code: str) -> str:
    """No network at all; of styles and code only these, known by their hashes."""
    sources = {"default-src": "'none'", "style-src": _hash(style), "script-src": _hash(code)}
    sources |= {"base-uri": "'none'", "form-action": "'none'", "require-trusted-types-for": "'script'"}
    return "; ".join(f"{name} {value}" for name, value in sources.items())


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _json(value: Any) -> Markup:
    """JSON for the inside of a script element."""
    return htmlsafe_json_dumps(value, dumps=_dumps)


def _dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).translate(_LINE_ENDS)


def _list(found: Figures) -> dict[str, Any]:
    """The list of events, as the page's code takes it: articles once, each event an array."""
    articles = list(dict.fromkeys(event.article for event in found.events))
    numbers = {article: number for number, article in enumerate(articles)}
    return {
        "articles": [(a.source, a.title, a.published and a.published.date().isoformat()) for a in articles],
        "classes": {event_type: event_class for event_class, event_type, _ in sorted(found.kinds)},
        "statuses": STATUSES,
        "events": [_row(event, numbers[event.article]) for event in found.events],
    }


def _row(event: Event, article: int) -> tuple[Any, ...]:
    return (
        *(_iso(event.day), _iso(event.last_day), event.kind, event.status, event.confidence),
        *(event.actor, event.recipient, event.theme, event.place),
        *(event.split, article, event.start),
    )


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _days(first: date | None, last: date | None) -> str:
    """An interval of days; open ends are left open."""
    return _iso(first) if first == last else f"{_iso(first)} – {_iso(last)}"


def _per_cent(part: float, whole: float) -> float:
    return round(100 * part / whole, 2) if whole else 0

"""Scores output tables against hand-made annotations.

    python -m pipeline.evaluate OUTPUTS GOLD

GOLD is a folder of YAML files in the format of ``tests/gold/README.md``, or ``pipeline/training/annotations.jsonl``: then the
articles that it holds out of training are scored, in a run over the texts of WiNER-fr or over ``pipeline/training/articles``.
Marks are matched one to one: the same span first, then overlapping spans. Measures are precision, recall and F1 (strict, relaxed
and value for time expressions, after TempEval-3; trigger and typed for events, after ACE), and accuracies over the typed matches
for status and date.
"""

from __future__ import annotations

import argparse
import calendar
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd

Mark = Mapping[str, Any]  # with at least `start` and `end`
Interval = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of one measure. All three figures are 0 where nothing was found or nothing was wanted."""

    hits: int
    predicted: int
    gold: int

    @property
    def precision(self) -> float:
        """Share of what was found that is right."""
        return self.hits / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """Share of what was wanted that is found."""
        return self.hits / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        total = self.predicted + self.gold
        return 2 * self.hits / total if total else 0.0

    def __str__(self) -> str:
        return f"P {self.precision:.3f}  R {self.recall:.3f}  F1 {self.f1:.3f}  (gold {self.gold}, found {self.predicted})"


def match(
    gold: Sequence[Mark], found: Sequence[Mark], prefer: Callable[[Mark, Mark], bool] = lambda g, f: False
) -> list[tuple[Mark, Mark]]:
    """One-to-one pairs of overlapping marks: equal spans first, then pairs that `prefer` likes, then the longer overlap."""
    ranked = sorted(
        (
            (
                g["start"] == f["start"] and g["end"] == f["end"],
                prefer(g, f),
                min(g["end"], f["end"]) - max(g["start"], f["start"]),
                -i,
                -j,
            )
            for i, g in enumerate(gold)
            for j, f in enumerate(found)
            if g["start"] < f["end"] and f["start"] < g["end"]
        ),
        reverse=True,
    )
    pairs: list[tuple[Mark, Mark]] = []
    used_gold: set[int] = set()
    used_found: set[int] = set()
    for *_, i, j in ranked:
        if i not in used_gold and j not in used_found:
            used_gold.add(i)
            used_found.add(j)
            pairs.append((gold[-i], found[-j]))
    return pairs


def interval(value: str | None) -> Interval | None:
    """First and last day of a TIMEX3 date value or of "a/b"; None where it names no day."""
    if not value:
        return None
    if "/" in value:
        first, last = (interval(part) for part in value.split("/", 1))
        return (first[0], last[1]) if first and last else None
    bare = value.split("T")[0]
    if found := re.fullmatch(r"(\d{4})-W(\d{2})(-WE)?", bare):
        monday = date.fromisocalendar(int(found[1]), int(found[2]), 1)
        return monday + timedelta(days=5 if found[3] else 0), monday + timedelta(days=6)
    if found := re.fullmatch(r"(\d{4})-(Q[1-4]|H[12]|SP|SU|FA|WI)", bare):
        year, (first_month, length) = int(found[1]), _PARTS[found[2]]
        last_month = first_month + length - 1
        return date(year, first_month, 1), _month_end(year + (last_month - 1) // 12, (last_month - 1) % 12 + 1)
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", bare):
        return date.fromisoformat(bare), date.fromisoformat(bare)
    if found := re.fullmatch(r"(\d{4})-(\d{2})", bare):
        return date(int(found[1]), int(found[2]), 1), _month_end(int(found[1]), int(found[2]))
    if re.fullmatch(r"\d{3,4}", bare):
        span = 10 ** (4 - len(bare))
        return date(int(bare) * span, 1, 1), date(int(bare) * span + span - 1, 12, 31)
    return None


_PARTS = {
    "Q1": (1, 3),
    "Q2": (4, 3),
    "Q3": (7, 3),
    "Q4": (10, 3),
    "H1": (1, 6),
    "H2": (7, 6),
    "SP": (3, 3),
    "SU": (6, 3),
    "FA": (9, 3),
    "WI": (12, 3),
}


def _month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def read_gold(folder: Path) -> dict[str, dict[str, Any]]:
    """The annotations in `folder` by article stem, with offsets looked up in the text beside each.

    Raises:
        LookupError: a mark cannot be found in its article; the message names the file and the mark.
    """
    import yaml  # noqa: PLC0415  a development dependency: running the pipeline does not need it

    gold = {}
    for path in sorted(folder.glob("*.yaml")):
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
        text = next(candidate for candidate in sorted(folder.glob(f"{path.stem}.*")) if candidate.suffix != ".yaml")
        content = text.read_bytes().decode("utf-8")
        gold[path.stem] = {
            "timexes": [_located(path, content, mark, "text") for mark in raw.get("timexes") or ()],
            "entities": [_located(path, content, mark, "text") for mark in raw.get("entities") or ()],
            "events": [
                _located(path, content, mark, "trigger")
                | {"args": [_located(path, content, argument, "text") for argument in mark.get("args") or ()]}
                for mark in raw.get("events") or ()
            ],
        }
    return gold


def read_held_out(path: Path, outputs: Path) -> dict[str, dict[str, Any]]:
    """The articles of ``annotations.jsonl`` (described in ``pipeline/training/annotations.md``) that no model is trained on.

    Of these the ones that the run of `outputs` was given: their texts come from two folders.
    """
    given = pd.concat([pd.read_parquet(outputs / f"{name}.parquet", columns=["source"]) for name in ("articles", "failures")])
    stems = {Path(str(source).split("#")[0]).stem for source in given["source"]}
    lines = path.read_text(encoding="utf-8").splitlines()
    return {each["id"]: _standoff(each) for each in map(json.loads, lines) if each["held"] and each["id"] in stems}


def _standoff(article: Mapping[str, Any]) -> dict[str, Any]:
    timexes = [dict(zip(("start", "end", "type", "value", "mod"), mark, strict=True)) for mark in article["timexes"]]
    events = [dict(zip(("start", "end", "type", "status", "date", "args"), mark, strict=True)) for mark in article["events"]]
    for event in events:
        event["args"] = [dict(zip(("start", "end", "role"), argument, strict=True)) for argument in event["args"]]
    return {"timexes": timexes, "events": events, "entities": []}


def _located(path: Path, text: str, mark: Mapping[str, Any], key: str) -> dict[str, Any]:
    quote, nth = str(mark[key]), int(mark.get("nth") or 1)
    found = list(re.finditer(rf"(?<!\w){re.escape(quote)}(?!\w)", text))
    if len(found) < nth:
        raise LookupError(f"{path.name}: {quote!r} occurs {len(found)} time(s), nth is {nth}. Mend the annotation.")
    return {**mark, "start": found[nth - 1].start(), "end": found[nth - 1].end()}


def score(outputs: Path, gold: Mapping[str, Mapping[str, Any]]) -> dict[str, Score]:
    """All measures of the tables in `outputs` against `gold`; accuracies are scores over the typed matches."""
    tables = {
        name: pd.read_parquet(outputs / f"{name}.parquet") for name in ("articles", "mentions", "dates", "events", "participants")
    }
    sources = dict(zip(tables["articles"]["article_id"], tables["articles"]["source"], strict=True))
    stems = {str(article): Path(str(source).split("#")[0]).stem for article, source in sources.items()}
    arguments = _grouped(tables["participants"].dropna(subset=["start_char"]), "event_id", {})
    found = {name: _grouped(tables[name], "article_id", stems) for name in ("mentions", "dates", "events")}
    counts: Counter[str] = Counter()
    for stem, marks in gold.items():
        _score_timexes(marks["timexes"], found["dates"].get(stem, []), counts)
        _score_events(marks["events"], found["events"].get(stem, []), arguments, counts)
        _score_entities(marks["entities"], found["mentions"].get(stem, []), counts)
    return _scores(counts)


def _grouped(table: pd.DataFrame, key: str, names: Mapping[str, str]) -> dict[str, list[dict[str, Any]]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in table.to_dict("records"):
        marked = {str(column): value for column, value in row.items()} | {"start": row["start_char"], "end": row["end_char"]}
        groups.setdefault(names.get(row[key], row[key]), []).append(marked)
    return groups


def _score_timexes(gold: Sequence[Mark], found: Sequence[Mark], counts: Counter[str]) -> None:
    pairs = match(gold, found)
    counts.update(timex_gold=len(gold), timex_found=len(found), timex_relaxed=len(pairs))
    for wanted, got in pairs:
        counts["timex_strict"] += (wanted["start"], wanted["end"]) == (got["start"], got["end"])
        counts["timex_value"] += str(wanted["value"]) == str(got["value"])
        counts["timex_type"] += wanted["type"] == got["timex_type"]


def _score_events(
    gold: Sequence[Mark], found: Sequence[Mark], arguments: Mapping[str, list[dict[str, Any]]], counts: Counter[str]
) -> None:
    pairs = match(gold, found, prefer=lambda wanted, got: wanted["type"] == got["event_type"])
    counts.update(event_gold=len(gold), event_found=len(found), event_trigger=len(pairs))
    counts["argument_gold"] += sum(len(event["args"]) for event in gold)
    counts["argument_found"] += sum(len(arguments.get(event["event_id"], ())) for event in found)
    for wanted, got in pairs:
        if wanted["type"] != got["event_type"]:
            continue
        counts["event_typed"] += 1
        counts["status"] += wanted["status"] == got["status"]
        exact, near = _same_days(interval(None if wanted.get("date") is None else str(wanted["date"])), got)
        counts.update(date=int(exact), date_near=int(near))
        for role in {argument["role"] for argument in wanted["args"]}:
            of_role = [argument for argument in wanted["args"] if argument["role"] == role]
            filled = [argument for argument in arguments.get(got["event_id"], ()) if argument["role"] == role]
            counts["argument"] += len(match(of_role, filled))


def _same_days(wanted: Interval | None, got: Mark) -> tuple[bool, bool]:
    missing = bool(pd.isna(got["date_start"]) or pd.isna(got["date_end"]))
    if missing or wanted is None:
        both_open = wanted is None and missing
        return both_open, both_open
    first, last = pd.Timestamp(got["date_start"]).date(), pd.Timestamp(got["date_end"]).date()
    return (first, last) == wanted, bool(first <= wanted[1] and wanted[0] <= last)


def _score_entities(gold: Sequence[Mark], found: Sequence[Mark], counts: Counter[str]) -> None:
    if not gold:
        return
    wanted = {(mark["start"], mark["end"], mark["label"]) for mark in gold if mark["label"] != "MISC"}
    got = {(mark["start"], mark["end"], mark["label"]) for mark in found if mark["label"] != "MISC"}
    counts.update(entity=len(wanted & got), entity_gold=len(wanted), entity_found=len(got))


def _scores(counts: Counter[str]) -> dict[str, Score]:
    typed = counts["event_typed"]
    scores = {
        f"timex_{name}": Score(counts[f"timex_{name}"], counts["timex_found"], counts["timex_gold"])
        for name in ("strict", "relaxed", "value")
    }
    scores["timex_type"] = Score(counts["timex_type"], counts["timex_relaxed"], counts["timex_relaxed"])
    scores |= {
        f"event_{name}": Score(counts[f"event_{name}"], counts["event_found"], counts["event_gold"])
        for name in ("trigger", "typed")
    }
    scores |= {f"event_{name}": Score(counts[name], typed, typed) for name in ("status", "date", "date_near")}
    scores["event_arguments"] = Score(counts["argument"], counts["argument_found"], counts["argument_gold"])
    if counts["entity_gold"]:
        scores["entities"] = Score(counts["entity"], counts["entity_found"], counts["entity_gold"])
    return scores


def main(arguments: Iterable[str] | None = None) -> int:
    """Print the scores, a measure a line."""
    parser = argparse.ArgumentParser(
        prog="python -m pipeline.evaluate", description="Score output tables against annotated articles."
    )
    parser.add_argument("outputs", type=Path, help="the output folder of a run over the annotated articles")
    parser.add_argument("gold", type=Path, help="the folder of annotations (*.yaml) beside their articles, or annotations.jsonl")
    options = parser.parse_args(None if arguments is None else list(arguments))
    gold = read_held_out(options.gold, options.outputs) if options.gold.suffix == ".jsonl" else read_gold(options.gold)
    for name, value in score(options.outputs, gold).items():
        sys.stdout.write(f"{name:18} {value}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

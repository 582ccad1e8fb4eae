"""The annotations beside this file: every mark is found in its article and every label is one that the tables have."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
import yaml

from pipeline import ingest, schema
from pipeline.evaluate import read_gold
from pipeline.records import Article

FOLDER = Path(__file__).parent
ANNOTATIONS = sorted(FOLDER.glob("*.yaml"))
ROLES = {"actor", "recipient", "theme", "place", "quantity"}


def test_every_mark_is_found_in_its_article() -> None:
    gold = read_gold(FOLDER)
    assert len(gold) >= 6
    assert all(marks["timexes"] and marks["events"] and marks["entities"] for marks in gold.values())


@pytest.mark.parametrize("path", ANNOTATIONS, ids=[path.stem for path in ANNOTATIONS])
def test_labels(path: Path) -> None:
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert {mark["type"] for mark in raw["timexes"]} <= {"DATE", "TIME", "DURATION", "SET"}
    assert {mark["label"] for mark in raw["entities"]} <= set(schema.LABELS)
    assert {event["status"] for event in raw["events"]} <= set(schema.STATUSES)
    assert {argument["role"] for event in raw["events"] for argument in event.get("args") or ()} <= ROLES


@pytest.mark.parametrize("path", ANNOTATIONS, ids=[path.stem for path in ANNOTATIONS])
def test_the_articles_own_date(path: Path) -> None:
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    (article,) = ingest.read(path.with_suffix(".txt"), FOLDER)
    assert isinstance(article, Article)
    assert isinstance(article.published, datetime)
    assert article.published.date() == raw["dct"]
    assert article.text == path.with_suffix(".txt").read_bytes().decode("utf-8")

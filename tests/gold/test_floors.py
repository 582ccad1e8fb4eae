"""The scores on this project's own annotated articles never fall under their floors."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

import pipeline
from pipeline.evaluate import Score, read_gold, score

GOLD = Path(__file__).parent
FLOORS: dict[str, float] = tomllib.loads((GOLD / "floors.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def scores(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Score]:
    out = tmp_path_factory.mktemp("gold") / "outputs"
    pipeline.run(GOLD, out)
    return score(out, read_gold(GOLD))


@pytest.mark.parametrize("measure", FLOORS)
def test_floor(measure: str, scores: dict[str, Score]) -> None:
    assert scores[measure].f1 >= FLOORS[measure], f"{measure}: {scores[measure]}"


def test_every_measure_has_a_floor(scores: dict[str, Score]) -> None:
    assert set(scores) == set(FLOORS)

"""The suite of one-line cases in cases.tsv: without a parse, so that directions come from words alone."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from pipeline.dates import find

LINES = (Path(__file__).parent / "cases.tsv").read_text(encoding="utf-8").splitlines()
CASES = [tuple(line.split("\t")) for line in LINES if line and not line.startswith("#")]
TRAPS = [case for case in CASES if case[2] == "-"]


def test_suite_is_large_enough() -> None:
    assert len(CASES) >= 400
    assert len(TRAPS) >= 60


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0])
def test_case(case: tuple[str, str, str]) -> None:
    text, published, expected = case
    found = [
        f"{mention.text}={mention.timex_type}:{mention.value}"
        for mention in find(text, published=datetime.fromisoformat(published))
    ]
    assert found == ([] if expected == "-" else expected.split(" ; "))

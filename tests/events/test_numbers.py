"""Numbers in digits and words, and what they count."""

from __future__ import annotations

import pytest

from pipeline.events.numbers import parse_number


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("2 900", 2900),
        ("trois cents", 300),
        ("une centaine", 100),
        ("3,5 millions", 3_500_000),
        ("trois milliers", 3000),
        ("mille deux cents", 1200),
        ("dizaines", None),  # "des dizaines de morts" is no ten
        ("milliers", None),
        ("maisons", None),
    ],
)
def test_a_number_has_its_value(words: str, value: float | None) -> None:
    assert parse_number(words.split()) == value

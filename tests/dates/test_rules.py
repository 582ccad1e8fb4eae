"""Every rule's own examples and counterexamples, straight from the data files."""

from __future__ import annotations

import tomllib
from datetime import datetime
from importlib.resources import files
from typing import Any

import pytest

from pipeline.dates import find, grammar, resolve


def _rules() -> list[dict[str, Any]]:
    folder = files("pipeline.data") / "dates"
    return [
        rule
        for family in grammar.FAMILIES
        for rule in tomllib.loads((folder / f"{family}.toml").read_text(encoding="utf-8"))["rule"]
    ]


RULES = _rules()
EXAMPLES = [(rule["id"], *example) for rule in RULES for example in rule.get("examples", [])]
COUNTEREXAMPLES = [(rule["id"], text) for rule in RULES for text in rule.get("counterexamples", [])]


def test_rule_ids_are_unique_and_resolvers_known() -> None:
    ids = [rule["id"] for rule in RULES]
    assert len(ids) == len(set(ids))
    assert {rule["resolve"] for rule in RULES if rule["type"] != "NONE"} == set(resolve.RESOLVERS)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["id"])
def test_every_rule_has_an_example_and_a_counterexample(rule: dict[str, Any]) -> None:
    assert rule.get("examples"), f"{rule['id']}: add an example"
    assert rule.get("counterexamples"), f"{rule['id']}: add a counterexample"


@pytest.mark.parametrize("case", EXAMPLES, ids=lambda case: f"{case[0]}: {case[1]}")
def test_example(case: tuple[str, ...]) -> None:
    rule_id, text, *expected = case
    if not expected or len(expected) == 1:  # a trap: nothing of it may be marked
        found = find(text, published=datetime.fromisoformat(expected[0] if expected else "2016-06-01"))
        assert not found, found
        return
    published, span, value = expected
    found = find(text, published=datetime.fromisoformat(published), published_has_time="T" in published)
    assert (span, value, rule_id) in [(mention.text, mention.value, mention.rule_id) for mention in found], found


@pytest.mark.parametrize("case", COUNTEREXAMPLES, ids=lambda case: f"{case[0]}: {case[1]}")
def test_counterexample(case: tuple[str, str]) -> None:
    rule_id, text = case
    found = find(text, published=datetime(2016, 6, 1))
    if next(rule for rule in RULES if rule["id"] == rule_id)["type"] == "NONE":
        assert found, "the trap swallowed a time expression"
    else:
        assert rule_id not in {mention.rule_id for mention in found}, found

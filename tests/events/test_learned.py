"""The log-linear models: what a model file holds, what training learns, and how a date is chosen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from spacy.language import Language

from pipeline.events import load_ontology
from pipeline.events.dating import EventDate
from pipeline.events.learned import loglinear, words
from pipeline.events.learned.dates import Option, choose, is_settled
from pipeline.events.learned.loglinear import LogLinear
from pipeline.events.view import make_view
from pipeline.nlp import parse
from pipeline.records import Article, Region, RegionKind, content_id
from pipeline.training import events as training


def _model() -> LogLinear:
    weights = np.array([[1, 0], [0, 2], [0.5, 0.5]], dtype=np.float32)
    return LogLinear(("yes", "no"), {"a": 0, "b": 1, "c": 2}, weights, np.zeros((0, 2), dtype=np.float32))


def test_scores_are_sums_of_rows_and_a_cue_counts_once() -> None:
    assert _model().scores([["a", "a", "c"], [], ["b", "unheard"]]).tolist() == [[1.5, 0.5], [0, 0], [0, 2]]


def test_a_saved_model_is_the_same_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loglinear.save(_model(), tmp_path / "toy.npz")
    with np.load(tmp_path / "toy.npz", allow_pickle=False) as arrays:
        assert bytes(arrays["cues"]).decode().split("\n") == ["a", "b", "c"]
        assert arrays["weights"].tolist() == _model().weights.tolist()


@pytest.mark.parametrize("name", ["words", "statuses", "arguments", "dates"])
def test_the_shipped_models_load(name: str) -> None:
    model = loglinear.load(name)
    assert model.weights.shape == (len(model.rows), len(model.labels))
    assert np.isfinite(model.weights).all()


def test_choices_are_distributions_over_the_options_of_each_decision() -> None:
    model = LogLinear(("",), {"good": 0}, np.array([[2.0]], dtype=np.float32), np.zeros((0, 1), dtype=np.float32))
    first, second = model.choices([[["good"], ["bad"]], [["bad"], ["bad"], ["good"]]])
    assert first.argmax() == 0 and second.argmax() == 2
    assert first.sum() == pytest.approx(1) and len(second) == 3
    assert model.choices([]) == []


def test_a_tied_cue_speaks_for_labels_that_were_never_seen() -> None:
    samples = training.Samples()
    for _ in range(20):
        samples.add(["rule=red", "filler"], 0)
        samples.add(["rule=blue", "filler"], 1)
    model = training.fit_labels(samples, ("red", "blue", "green"), 1e-3, tied=["rule"])
    assert model.labels[int(model.probabilities([["rule=green"]]).argmax())] == "green"


def test_training_on_options_prefers_what_was_chosen() -> None:
    choices = training.Choices()
    for _ in range(10):
        choices.options.append([["near"], ["far"], ["far", "loud"]])
        choices.worth.append([1.0, 0.0, 0.0])
    (shares,) = training.fit_options(choices, 1e-3).choices([[["far"], ["near"]]])
    assert shares.argmax() == 1


def _option(day: int | None) -> Option:
    start = date(2024, 3, day) if day else None
    return Option(EventDate(start.isoformat() if start else None, start, start, "day", "sentence"))


def test_a_date_that_hangs_on_the_event_stays_unless_it_is_a_mere_year() -> None:
    day = EventDate("2024-03-11", date(2024, 3, 11), date(2024, 3, 11), "day", "dependency")
    assert is_settled(day)
    assert not is_settled(replace(day, granularity="year"))
    assert not is_settled(replace(day, source="sentence"))


def test_the_choice_of_the_rules_is_given_up_only_for_a_clearly_better_one() -> None:
    offered = [_option(None), _option(11)]
    rule = EventDate("2024-03-11", date(2024, 3, 11), date(2024, 3, 11), "day", "discourse")
    assert choose(offered, np.array([0.55, 0.45], dtype=np.float32), rule).start == date(2024, 3, 11)
    assert choose(offered, np.array([0.7, 0.3], dtype=np.float32), rule).start is None


def test_a_type_newer_than_the_model_is_found_by_its_rules(nlp: Language) -> None:
    ontology = load_ontology()
    trigger = next(each for each in ontology.triggers["grève"] if each.kind == "noun")
    newer = replace(trigger, event_type="walkout", rule_id="walkout.1.grève", conditions=(), confidence=0.9)
    types = {**ontology.types, "walkout": replace(ontology.types["strike"], type_id="walkout")}
    extended = replace(ontology, types=types, triggers={**ontology.triggers, "grève": (newer,)})
    text = "Une grève a commencé lundi à Lille."
    article = Article(content_id("test", text), "test.txt", text, (Region(RegionKind.BODY, 0, len(text)),))
    view = make_view(next(parse(nlp, [article])), article, (), (), ())
    found = {(candidate.trigger.event_type, share) for candidate, share in words.find_triggers(view, extended)}
    assert ("walkout", 0.9) in found


def test_annotations_hold_what_their_description_says() -> None:
    ontology = load_ontology()
    held, others = training.read_annotations(held=True), training.read_annotations()
    assert (len(held), len(others)) == (20, 358)
    assert len({article["id"] for article in held + others}) == 378
    for article in held + others:
        for start, end, event_type, status, _, parts in article["events"]:
            assert start < end and event_type in ontology.types and status in training.STATUSES
            assert all(first < last and role in training.ROLES[1:] for first, last, role in parts)

"""The models: what a model file holds, what training learns, and how a date is chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pytest
from spacy.language import Language

from pipeline.events import load_ontology
from pipeline.events.dating import EventDate, find_dates, lay_out
from pipeline.events.learned import loglinear, models, network, words
from pipeline.events.learned.cues import Cue, Table, spelled
from pipeline.events.learned.dates import Calendar, Option, choose
from pipeline.events.learned.hopeless import PLACED
from pipeline.events.learned.loglinear import LogLinear
from pipeline.events.learned.network import Network
from pipeline.events.status import find_evidence, find_statuses
from pipeline.events.view import make_view
from pipeline.extract import find_marks
from pipeline.nlp import parse
from pipeline.records import Article, Region, RegionKind, content_id
from pipeline.training import fitting, material
from pipeline.training.network import Fit


def _model() -> LogLinear:
    weights = np.array([[1, 0], [0, 2], [0.5, 0.5]], dtype=np.float32)
    return LogLinear(("yes", "no"), Table({"a": 0, "b": 1, "c": 2}, weights), np.zeros((0, 2), dtype=np.float32))


def test_scores_are_sums_of_rows_and_a_cue_said_twice_counts_twice() -> None:
    assert _model().scores([["a", "a", "c"], [], ["b", "unheard"]]).tolist() == [[2.5, 0.5], [0, 0], [0, 2]]


def _none() -> list[str]:
    return []


def _pair(first: str, second: str) -> list[str]:
    return [first, second]


def test_a_group_counts_as_its_cues() -> None:
    table = _model().table
    group: Cue = (_pair, "a", "b")
    assert table.sums([[group, "c"], [group, group], [(_pair, "a", "a")], [(_pair, "unheard", "b")]]).tolist() == [
        [1.5, 2.5], [2, 4], [2, 0], [0, 2],
    ]  # fmt: skip
    assert table.sums([[group], [(_none,)], [(_pair, "c", "c"), group]]).tolist() == [[1, 2], [0, 0], [2, 3]]
    assert spelled([group, "c", "c"]) == ["a", "b", "c", "c"]


def test_more_groups_than_there_is_room_for_change_no_sum() -> None:
    table = _model().table
    many: list[list[Cue]] = [[(_pair, "b", str(number))] for number in range(70_000)]
    for said in (many, many[:10]):
        assert np.array_equal(table.sums(said), np.tile(np.array([0, 2], dtype=np.float32), (len(said), 1)))


def test_threads_may_share_a_table() -> None:
    table = _model().table
    said: list[list[Cue]] = [[(_pair, "a", str(number)), (_pair, "b", str(number % 7))] for number in range(5_000)]
    with ThreadPoolExecutor(4) as threads:
        for sums in threads.map(table.sums, [said, said[::-1], said[1000:], said]):
            assert np.array_equal(sums, np.tile(np.array([1, 2], dtype=np.float32), (len(sums), 1)))


def test_a_saved_model_is_the_same_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loglinear.save(_model(), tmp_path / "toy.npz")
    with np.load(tmp_path / "toy.npz", allow_pickle=False) as arrays:
        assert bytes(arrays["cues"]).decode().split("\n") == ["a", "b", "c"]
        assert arrays["weights"].tolist() == _model().table.weights.tolist()


def test_the_shipped_models_load() -> None:
    known = models.load()
    assert known.rows.table.weights.shape == (len(known.rows.table.rows), len(known.rows.labels))
    assert np.isfinite(known.rows.table.weights).all()
    assert all(place.startswith(PLACED) for place in known.hopeless)
    for deep in (known.words, known.statuses, known.arguments, known.dates):
        assert deep.table.weights.shape == (len(deep.table.rows), len(deep.labels) + len(deep.bias))
        assert deep.out.shape == (len(deep.bias), len(deep.labels))
        assert all(np.isfinite(array).all() for array in (deep.table.weights, deep.dense, deep.bias, deep.out))


def _network() -> Network:
    """Says yes to "good", and to "quiet" where the first feature is there: the hidden unit needs both."""
    weights = np.array([[2, 0], [0, 1]], dtype=np.float32)
    dense = np.array([[1], [0]], dtype=np.float32)
    table = Table({"good": 0, "quiet": 1}, weights)
    return Network(("",), table, dense, np.array([-1], dtype=np.float32), np.array([[3]], dtype=np.float32))


def test_a_hidden_unit_joins_cues_and_features() -> None:
    features = np.array([[1, 0], [0, 0], [1, 0]], dtype=np.float32)
    said = [["quiet"], ["quiet"], ["good", "quiet"]]
    assert _network().scores(said, (features, [0, 1, 2])).tolist() == [[3], [0], [5]]
    assert _network().scores(said, (features[:, :1], [1, 0, 0]), (features[:, 1:], [0, 0, 0])).tolist() == [[0], [3], [5]]


def test_the_reasons_are_what_a_label_would_miss_most() -> None:
    network = replace(
        _network(),
        labels=("yes", "no"),
        table=Table({"good": 0, "quiet": 1}, np.array([[2, 0, 0], [0, 0, 1]], dtype=np.float32)),
        out=np.array([[3, 0]], dtype=np.float32),
    )
    here = np.array([[1, 0]], dtype=np.float32), [0]
    assert network.reasons([(_pair, "good", "quiet"), "unheard"], "yes", here) == [("quiet", 1.5), ("good", 1)]
    assert network.reasons(["good", "quiet"], "yes", (np.zeros((1, 2), dtype=np.float32), [0]), count=1) == [("good", 1)]


def test_choices_are_distributions_over_the_options_of_each_decision() -> None:
    first, second = _network().choices([[["good"], ["bad"]], [["bad"], ["bad"], ["good"]]], np.zeros((2, 2), dtype=np.float32))
    assert first.argmax() == 0 and second.argmax() == 2
    assert first.sum() == pytest.approx(1) and len(second) == 3
    assert _network().choices([], np.zeros((0, 2), dtype=np.float32)) == []


def test_a_saved_network_is_the_same_network(tmp_path: Path) -> None:
    network.save(_network(), tmp_path / "toy.npz")
    with np.load(tmp_path / "toy.npz", allow_pickle=False) as arrays:
        assert arrays["weights"].tolist() == _network().table.weights.tolist()
        assert arrays["out"].tolist() == [[3]]


def _fitted(targets: Sequence[int], start: Mapping[str, float] | None = None) -> Network:
    samples = fitting.Samples()
    for target in targets:
        samples.add(["seen"], target, np.zeros(1, dtype=np.float32))
    return fitting.fit_network(samples, ("one", "two", "three"), Fit(hidden=4, rate=0.05, passes=10), start)


def _shares(model: Network, cue: str) -> list[float]:
    (row,) = model.probabilities([[cue]], (np.zeros((1, 1), dtype=np.float32), [0]))
    return [float(share) for share in row]


def test_what_a_decision_is_not_speaks_for_all_others() -> None:
    one, two, three = _shares(_fitted([~0, 1, 1, 2] * 256), "seen")
    assert one < 0.15 and two > 1.5 * three


def test_what_is_known_from_the_start_holds_for_labels_that_were_never_seen() -> None:
    assert _shares(_fitted([0, 1] * 256, start={"rule": 3.0}), "rule=three")[2] > 0.5


def test_where_hardly_any_option_is_right_none_is_weighed() -> None:
    samples = fitting.Samples()
    for number in range(200):
        for place, right in (("far", number == 0), ("near", number % 2 == 0)):
            samples.add([f"{PLACED}{place}", "any"], int(right), np.zeros(1, dtype=np.float32))
    samples.add([f"{PLACED}seen once", "any"], 0, np.zeros(1, dtype=np.float32))
    hopeless = fitting.find_hopeless(samples.cues, (target > 0 for target in samples.targets), 0.08)
    assert hopeless == {f"{PLACED}far"}
    assert len(samples.without(hopeless).targets) == 201


def test_a_choice_whose_only_right_option_is_hopeless_teaches_nothing() -> None:
    choices = fitting.Choices([[["far"], ["near"]], [["far"], ["near"]]], [[1.0, 0.0], [0.2, 0.8]], [np.zeros(1), np.ones(1)])
    assert list(choices.right()) == [True, False, False, True]
    left = choices.without(frozenset({"far"}))
    assert left.options == [[["near"]]] and left.worth == [[1.0]] and left.vectors[0].tolist() == [1]


def test_training_on_options_prefers_what_was_chosen() -> None:
    choices = fitting.Choices()
    for _ in range(64):
        choices.options.append([["near"], ["far"], ["far", "loud"]])
        choices.worth.append([1.0, 0.0, 0.0])
        choices.vectors.append(np.zeros(2, dtype=np.float32))
    fitted = fitting.fit_options(choices, Fit(hidden=4, rate=0.05, passes=10))
    (shares,) = fitted.choices([[["far"], ["near"]]], np.zeros((1, 2), dtype=np.float32))
    assert shares.argmax() == 1


def test_what_a_cue_means_to_a_network_depends_on_the_word_and_training_repeats_itself() -> None:
    samples = fitting.Samples()
    for number in range(1024):
        cue, word = number % 2, number // 2 % 2
        samples.add([f"cue={cue}"], cue ^ word, np.full(1, 2 * word - 1, dtype=np.float32))
    how = Fit(hidden=16, rate=0.05, passes=30, cue_drop=0.0, unit_drop=0.0)
    first, second = (fitting.fit_network(samples, ("same", "other"), how) for _ in range(2))
    cues = [["cue=0"], ["cue=1"], ["cue=0"], ["cue=1"]]
    words = np.array([[-1], [1]], dtype=np.float32), [0, 0, 1, 1]
    assert first.scores(cues, words).argmax(axis=1).tolist() == [0, 1, 1, 0]
    assert first.table.weights.tolist() == second.table.weights.tolist()


def _option(day: int | None) -> Option:
    start = date(2024, 3, day) if day else None
    return Option(EventDate(start.isoformat() if start else None, start, start, "day", "sentence"))


def test_a_date_that_overlaps_the_likely_ones_beats_a_lone_one() -> None:
    week = Option(EventDate("2024-W11", date(2024, 3, 11), date(2024, 3, 17), "week", "sentence"))
    offered = [_option(None), _option(11), _option(12), week]
    judged = choose(offered, np.array([0.26, 0.25, 0.15, 0.34], dtype=np.float32), EventDate())
    assert judged.dated.value == "2024-W11"
    assert (judged.exact, judged.near) == (pytest.approx(0.34), pytest.approx(0.74))


def test_the_choice_of_the_rules_is_given_up_only_for_a_better_one() -> None:
    offered = [_option(None), _option(11)]
    rule = EventDate("2024-03-11", date(2024, 3, 11), date(2024, 3, 11), "day", "discourse")
    assert choose(offered, np.array([0.52, 0.48], dtype=np.float32), rule).dated.start == date(2024, 3, 11)
    assert choose(offered, np.array([0.7, 0.3], dtype=np.float32), rule).dated.start is None


def _offered(body: str, trigger: str, published: datetime, nlp: Language) -> list[Option]:
    article = Article(content_id("test", body), "test.txt", body, (Region(RegionKind.BODY, 0, len(body)),), published=published)
    doc = next(iter(parse(nlp, [article])))
    mentions, marks = find_marks(article, doc)
    view = make_view(doc, article, mentions, marks, ())
    found = [candidate for candidate, _ in words.find_triggers(view, load_ontology(), models.load().words)]
    text = lay_out(found, find_statuses(found, find_evidence(found, view)), view)
    index = next(number for number, candidate in enumerate(found) if candidate.token.text == trigger)
    return Calendar(text, find_dates(text)).options(index)


def test_every_option_knows_how_the_event_is_brought_in_and_which_days_are_named(nlp: Language) -> None:
    body = "Cet attentat a fait trois morts lundi. Le suspect a été arrêté mardi, selon la police."
    for option in _offered(body, "attentat", datetime(2024, 3, 12), nlp):
        said = {cue.partition("|")[2] for cue in spelled(option.cues)}
        assert {"det=ce Sing", "named=today eve lead"} <= said


def test_a_type_newer_than_the_model_is_found_by_its_rules(nlp: Language) -> None:
    ontology = load_ontology()
    trigger = next(each for each in ontology.triggers["grève"] if each.kind == "noun")
    newer = replace(trigger, event_type="walkout", rule_id="walkout.1.grève", conditions=(), confidence=0.9)
    types = {**ontology.types, "walkout": replace(ontology.types["strike"], type_id="walkout")}
    extended = replace(ontology, types=types, triggers={**ontology.triggers, "grève": (newer,)})
    text = "Une grève a commencé lundi à Lille."
    article = Article(content_id("test", text), "test.txt", text, (Region(RegionKind.BODY, 0, len(text)),))
    view = make_view(next(parse(nlp, [article])), article, (), (), ())
    found = {
        (candidate.trigger.event_type, share) for candidate, share in words.find_triggers(view, extended, models.load().words)
    }
    assert ("walkout", 0.9) in found


def test_annotations_hold_what_their_description_says() -> None:
    ontology = load_ontology()
    held, others = material.read_annotations(held=True), material.read_annotations()
    assert (len(held), len(others)) == (64, 1686)
    assert len({article["id"] for article in held + others}) == 1750
    for article in held + others:
        for start, end, event_type, status, _, parts in article["events"]:
            assert start < end and event_type in ontology.types and status in material.STATUSES
            assert all(first < last and role in material.ROLES[1:] for first, last, role in parts)

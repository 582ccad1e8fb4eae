"""Trains the four models of the event stage on annotated articles.

    python -m pipeline.training.events TEXTS

TEXTS is the folder of WiNER-fr (Wikinews, CC BY 2.5); ``annotations.jsonl`` beside this file marks the events of some of its
articles by offsets, after the guidelines in ``annotations.md``. The ontology's own examples and counterexamples are training
material for the trigger words too. The objectives are convex and minimised by L-BFGS, so that a run gives the same weights
again. Needs the extra "train" (scipy).
"""

from __future__ import annotations

import argparse
import json
import logging
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from scipy import optimize, sparse

from pipeline import ingest, nlp
from pipeline.config import Config
from pipeline.evaluate import interval
from pipeline.events.dating import find_dates, lay_out
from pipeline.events.learned import arguments, loglinear, network, statuses, words
from pipeline.events.learned import dates as learned_dates
from pipeline.events.learned.loglinear import LogLinear
from pipeline.events.learned.network import Network
from pipeline.events.ontology import Ontology, load_ontology
from pipeline.events.quotes import quoted_spans, with_speakers
from pipeline.events.status import after_dating, find_evidence, find_statuses
from pipeline.events.tree import Token
from pipeline.events.triggers import Candidate
from pipeline.events.view import View, make_view
from pipeline.extract import find_marks
from pipeline.records import Article, Region, RegionKind, content_id
from pipeline.training import network as deep

_LOG = logging.getLogger(__name__)
ANNOTATIONS = Path(__file__).with_name("annotations.jsonl")
OUT = Path(__file__).resolve().parents[1] / "data" / "events"
STATUSES = ("asserted", "reported", "hearsay", "planned", "possible", "requested", "attempted", "negated")
ROLES = (arguments.NONE, "actor", "recipient", "theme", "place", "quantity")
_EXAMPLE_MARK = re.compile(r"\[([^\]]+)\]")
_MIN_COUNT = 3
_PASSES = 150  # of L-BFGS

Array = np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """L2 penalties, against the mean loss of an example, and the fit of the networks; chosen by cross-validation."""

    words: float = 2e-4
    vectors: float = 2e-4
    statuses: float = 8e-4
    dates: deep.Fit = field(default_factory=lambda: deep.Fit(rate=3e-3))
    arguments: deep.Fit = field(default_factory=deep.Fit)
    near: float = 0.4  # worth of a date that overlaps the annotated one
    example: float = 3.0  # worth of a word of the ontology's examples against one of the articles


@dataclass(slots=True)
class Samples:
    """Cues and targets of the decisions of some articles."""

    cues: list[list[str]] = field(default_factory=list)
    targets: list[int] = field(default_factory=list)
    worth: list[float] = field(default_factory=list)
    vectors: list[Array] = field(default_factory=list)

    def add(self, cues: list[str], target: int, worth: float = 1.0) -> None:
        """One decision."""
        self.cues.append(cues)
        self.targets.append(target)
        self.worth.append(worth)


@dataclass(slots=True)
class Choices:
    """The options of decisions among dates: how much each is worth, zero for the wrong ones."""

    options: list[list[list[str]]] = field(default_factory=list)
    worth: list[list[float]] = field(default_factory=list)
    vectors: list[Array] = field(default_factory=list)


@dataclass(slots=True)
class Material:
    """All that the models are trained on."""

    words: Samples = field(default_factory=Samples)
    statuses: Samples = field(default_factory=Samples)
    arguments: Samples = field(default_factory=Samples)
    dates: Choices = field(default_factory=Choices)


# ------------------------------------------------------------------------------------------------------- reading


def read_annotations(path: Path = ANNOTATIONS, *, held: bool = False) -> list[dict[str, Any]]:
    """The annotated articles, those held out or the others."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [article for article in map(json.loads, lines) if article["held"] is held]


def read_views(annotated: Sequence[Mapping[str, Any]], texts: Path) -> Iterator[View]:
    """The articles as the event stage sees them, in order.

    Raises:
        SystemExit: an article is not in `texts`.
    """
    paths = {path.stem: path for path in texts.rglob("*.txt")}
    missing = [each["id"] for each in annotated if each["id"] not in paths]
    if missing:
        raise SystemExit(f"{texts}: no {missing[0]}.txt ({len(missing)} texts are missing). Wanted: the texts of WiNER-fr.")
    read = [next(iter(ingest.read(paths[each["id"]], texts, any_language=True))) for each in annotated]
    yield from _views([article for article in read if isinstance(article, Article)])


def _views(articles: Sequence[Article]) -> Iterator[View]:
    config = Config()
    language = nlp.load(config.model, ner=config.ner)
    for article, doc in zip(articles, nlp.parse(language, articles), strict=True):
        mentions, found = find_marks(article, doc)
        yield with_speakers(make_view(doc, article, mentions, found, quoted_spans(article.text)))


def gather(annotated: Sequence[Mapping[str, Any]], views: Iterable[View], recipe: Recipe) -> Material:
    """The decisions of the annotated articles."""
    ontology, material = load_ontology(), Material()
    for marks, view in zip(annotated, views, strict=True):
        looked = words.look(view, ontology)
        targets = _targets(marks["events"], looked)
        _gather_words(targets, looked, material.words, 1.0)
        _gather_events(targets, looked, material, recipe)
    return material


def gather_examples(material: Material, recipe: Recipe) -> None:
    """Add the words of the ontology's examples and counterexamples; of a counterexample only what is known not to be so."""
    ontology = load_ontology()
    cases = [(each.type_id, text, True) for each in ontology.types.values() for text in each.examples]
    cases += [(each.type_id, text, False) for each in ontology.types.values() for text in each.counterexamples]
    for (type_id, text, wanted), view in zip(cases, _views([_sentence(text) for _, text, _ in cases]), strict=True):
        looked = words.look(view, ontology)
        marks = [match.start() - 2 * index for index, match in enumerate(_EXAMPLE_MARK.finditer(text))] if wanted else []
        labels = [*ontology.types, words.NONE]
        vectors = looked.vectors()
        for number, word in enumerate(looked.words):
            marked = any(word.idx <= mark < word.idx + len(word) for mark in marks)
            ruled = looked.winners[word.i].trigger.event_type if word.i in looked.winners else words.NONE
            if not marked and ruled != words.NONE and (wanted or ruled != type_id):
                continue  # what else the sentence tells is not annotated
            material.words.add(looked.of(word), labels.index(type_id if marked else words.NONE), recipe.example)
            material.words.vectors.append(vectors[number])


def _sentence(text: str) -> Article:
    plain = _EXAMPLE_MARK.sub(r"\1", text)
    region = Region(RegionKind.BODY, 0, len(plain))
    return Article(content_id("example", plain), "example.txt", plain, (region,), published=datetime(2024, 3, 12))


@dataclass(frozen=True, slots=True)
class _Target:
    token: Token
    mark: Sequence[Any]  # start, end, type, status, date, arguments


def _targets(events: Sequence[Sequence[Any]], looked: words.Words) -> list[_Target]:
    """The word that stands for every annotated trigger: one that a rule knows before others, a noun or verb before others."""
    found: dict[int, _Target] = {}
    known = {word.i for word in looked.words}
    for mark in events:
        inside = [token for token in looked.view.doc if token.idx < mark[1] and token.idx + len(token) > mark[0]]
        inside = [token for token in inside if token.i in known] or inside

        def rank(token: Token) -> tuple[bool, bool, bool, int]:
            nominal = token.pos_ in {"NOUN", "VERB"}
            return token.i not in looked.winners, token.i not in looked.tried, not nominal, token.i

        if inside:
            best = min(inside, key=rank)
            found.setdefault(best.i, _Target(best, mark))
    return [found[index] for index in sorted(found)]


def _gather_words(targets: Sequence[_Target], looked: words.Words, samples: Samples, worth: float) -> None:
    labels = [*looked.ontology.types, words.NONE]
    wanted = {target.token.i: labels.index(target.mark[2]) for target in targets}
    covered = [(target.mark[0], target.mark[1]) for target in targets]
    vectors = looked.vectors()
    for number, word in enumerate(looked.words):
        inside = any(word.idx < end and word.idx + len(word) > start for start, end in covered)
        if word.i not in wanted and inside:
            continue  # the other words of a trigger of several
        samples.add(looked.of(word), wanted.get(word.i, labels.index(words.NONE)), worth)
        samples.vectors.append(vectors[number])


def _gather_events(targets: Sequence[_Target], looked: words.Words, material: Material, recipe: Recipe) -> None:
    view, ontology = looked.view, looked.ontology
    found = [words.candidate_for(target.token, target.mark[2], looked) for target in targets]
    evidence = find_evidence(found, view)
    ruled = find_statuses(found, evidence)
    timeline = lay_out(found, ruled, view)
    by_rule = find_dates(timeline)
    phrases, known = arguments.Phrases(view, ontology, found), network.token_features(view.doc)
    for index, (candidate, target) in enumerate(zip(found, targets, strict=True)):
        _, _, _, status, when, parts = target.mark
        rule = after_dating(ruled[index], by_rule[index].start, timeline.today)
        material.statuses.add(statuses.cues(candidate, rule, evidence[index], by_rule[index], view), STATUSES.index(status))
        if _gather_dates(learned_dates.options(index, timeline, by_rule), when, material.dates, recipe):
            material.dates.vectors.append(known[target.token.i])
        _gather_arguments(candidate, phrases, parts, material.arguments)


def _gather_dates(offered: Sequence[learned_dates.Option], when: str | None, choices: Choices, recipe: Recipe) -> bool:
    """Add a decision; whether any option is right."""
    wanted = interval(when)
    exact = [option.days == (wanted or (None, None)) for option in offered]
    near = recipe.near if any(exact) else 1.0
    worth = [
        1.0 if same else near if _overlaps(option.days, wanted) else 0.0 for same, option in zip(exact, offered, strict=True)
    ]
    if not sum(worth):
        return False
    choices.options.append([option.cues for option in offered])
    choices.worth.append([value / sum(worth) for value in worth])
    return True


def _overlaps(days: learned_dates.Days, wanted: tuple[Any, Any] | None) -> bool:
    start, end = days
    return wanted is not None and start is not None and end is not None and start <= wanted[1] and wanted[0] <= end


def _gather_arguments(candidate: Candidate, phrases: arguments.Phrases, parts: Sequence[Any], samples: Samples) -> None:
    """The option that overlaps an annotated argument best has its role.

    Others that overlap one, or are another mention of the same name, are left out.
    """
    doc = phrases.view.doc
    offered = phrases.options(candidate)
    spans = [(doc[option.first].idx, doc[option.last].idx + len(doc[option.last])) for option in offered]
    roles = [arguments.NONE] * len(offered)
    for start, end, role in parts:
        overlapping = [n for n, span in enumerate(spans) if span[0] < end and start < span[1]]

        def fit(n: int, start: int = start, end: int = end, role: str = role) -> tuple[bool, float, bool]:
            first, last = spans[n]
            share = (min(last, end) - max(first, start)) / (max(last, end) - min(first, start))
            return (first, last) == (start, end), share, f"rule={role}" in offered[n].cues

        if overlapping:
            best = max(overlapping, key=fit)
            roles[best] = role if roles[best] == arguments.NONE else roles[best]
    names = {
        name.entity_id for name in phrases.view.mentions if any(name.start < end and start < name.end for start, end, _ in parts)
    }
    vectors = arguments.features([(candidate.token, option.head) for option in offered], phrases.view)
    for option, span, role, vector in zip(offered, spans, roles, vectors, strict=True):
        name = phrases.view.mention_at.get(option.first)
        if role == arguments.NONE and any(span[0] < end and start < span[1] for start, end, _ in parts):
            continue
        if role == arguments.NONE and "antecedent" in option.cues and name is not None and name.entity_id in names:
            continue
        samples.add(option.cues, ROLES.index(role))
        samples.vectors.append(vector)


# ------------------------------------------------------------------------------------------------------- fitting


def _matrix(lists: Sequence[Sequence[str]], rows: Mapping[str, int]) -> Any:
    columns: list[int] = []
    ends = [0]
    for said in lists:
        columns += sorted({rows[cue] for cue in said if cue in rows})
        ends.append(len(columns))
    return sparse.csr_matrix((np.ones(len(columns), dtype=np.float32), columns, ends), shape=(len(lists), len(rows)))


def _vocabulary(lists: Iterable[Sequence[str]]) -> dict[str, int]:
    counts = Counter(cue for said in lists for cue in set(said))
    return {
        cue: row
        for row, cue in enumerate(sorted(cue for cue, count in counts.items() if count >= _MIN_COUNT and "\n" not in cue))
    }


def fit_labels(
    samples: Samples, labels: Sequence[str], penalty: float, dense_penalty: float = 0.0, tied: Iterable[str] = ()
) -> LogLinear:
    """Multinomial logistic regression. A cue "name=label" with a `tied` name shares one weight over the labels beside its own."""
    rows = _vocabulary(samples.cues)
    seen, n, k = _matrix(samples.cues, rows), len(samples.cues), len(labels)
    dense = np.array(samples.vectors, dtype=np.float32) if samples.vectors else np.zeros((n, 0), dtype=np.float32)
    shared, names = _tied(samples.cues, labels, sorted(tied))
    worth = np.array(samples.worth, dtype=np.float32) / n
    targets = np.array(samples.targets)
    sizes = [len(rows) * k, dense.shape[1] * k, len(names)]
    bounds = np.cumsum(sizes)[:-1]
    seen_t, shared_t = seen.T.tocsr(), shared.T.tocsr()

    def loss(flat: Array) -> tuple[float, Array]:
        weights, directions, common = (part.astype(np.float32) for part in np.split(flat, bounds))
        weights, directions = weights.reshape(-1, k), directions.reshape(-1, k)
        scores = seen @ weights + dense @ directions + (shared @ common).reshape(n, k)
        shares = loglinear.softmax(scores)
        value = -float(worth @ np.log(np.maximum(shares[np.arange(n), targets], 1e-12)))
        shares[np.arange(n), targets] -= 1
        shares *= worth[:, None]
        gradient = [
            (seen_t @ shares + penalty * weights).ravel(),
            (dense.T @ shares + dense_penalty * directions).ravel(),
            shared_t @ shares.ravel() + penalty * 0.1 * common,
        ]
        value += 0.5 * (
            penalty * float((weights**2).sum())
            + dense_penalty * float((directions**2).sum())
            + 0.1 * penalty * float((common**2).sum())
        )
        return value, np.concatenate(gradient).astype(np.float64)

    best = optimize.minimize(loss, np.zeros(sum(sizes)), jac=True, method="L-BFGS-B", options={"maxiter": _PASSES, "maxcor": 8})
    weights, directions, common = np.split(best.x.astype(np.float32), bounds)
    return _folded(
        LogLinear(tuple(labels), rows, weights.reshape(-1, k), directions.reshape(-1, k)), dict(zip(names, common, strict=True))
    )


def _tied(lists: Sequence[Sequence[str]], labels: Sequence[str], names: Sequence[str]) -> tuple[Any, Sequence[str]]:
    """Which shared weight counts for which (example, label), as a matrix of examples x labels by names."""
    places: list[int] = []
    columns: list[int] = []
    at = {label: index for index, label in enumerate(labels)}
    for number, said in enumerate(lists):
        for cue in set(said):
            name, _, value = cue.partition("=")
            if name in names and value in at:
                places.append(number * len(labels) + at[value])
                columns.append(names.index(name))
    ones = np.ones(len(places), dtype=np.float32)
    return sparse.csr_matrix((ones, (places, columns)), shape=(len(lists) * len(labels), len(names))), names


def _folded(model: LogLinear, common: Mapping[str, float]) -> LogLinear:
    """`model` with its shared weights written into the rows of their cues, those never seen too."""
    rows = dict(model.rows)
    cues = [f"{name}={label}" for name in common for label in model.labels]
    for cue in cues:
        rows.setdefault(cue, len(rows))
    weights = np.zeros((len(rows), len(model.labels)), dtype=np.float32)
    weights[: len(model.rows)] = model.weights
    for name, weight in common.items():
        for column, label in enumerate(model.labels):
            weights[rows[f"{name}={label}"], column] += weight
    return LogLinear(model.labels, rows, weights, model.dense.astype(np.float32))


def fit_roles(samples: Samples, labels: Sequence[str], how: deep.Fit) -> Network:
    """A network that gives every option one of `labels`; the cross entropy is minimised."""
    rows = _vocabulary(samples.cues)
    targets, size = np.array(samples.targets), 256

    def batches(random: Any) -> Iterator[Array]:
        order = random.permutation(len(targets))
        return (order[at : at + size] for at in range(0, len(order) - size + 1, size))

    def slope(scores: Array, batch: Array) -> Array:
        shares = loglinear.softmax(scores)
        shares[np.arange(len(batch)), targets[batch]] -= 1
        return shares / len(batch)

    return deep.fit(labels, rows, _matrix(samples.cues, rows), np.array(samples.vectors, dtype=np.float32), batches, slope, how)


def fit_options(choices: Choices, how: deep.Fit) -> Network:
    """A network that lets the options of a decision compete: conditional logistic regression with a hidden layer."""
    flat = [said for offered in choices.options for said in offered]
    rows = _vocabulary(flat)
    sizes = [len(offered) for offered in choices.options]
    ends = np.cumsum(sizes)
    worth = np.array([value for values in choices.worth for value in values], dtype=np.float32)
    decision = np.repeat(np.arange(len(sizes)), sizes)
    size = 32  # decisions

    def batches(random: Any) -> Iterator[Array]:
        order = random.permutation(len(sizes))
        chosen = (order[at : at + size] for at in range(0, len(order) - size + 1, size))
        return (np.concatenate([np.arange(ends[one] - sizes[one], ends[one]) for one in some]) for some in chosen)

    def slope(scores: Array, batch: Array) -> Array:
        group = np.cumsum(np.diff(decision[batch], prepend=decision[batch[0]]) != 0)
        top = np.full(size, -np.inf)
        np.maximum.at(top, group, scores[:, 0])
        powers = np.exp(scores[:, 0] - top[group])
        shares = powers / np.bincount(group, powers, size)[group]
        down: Array = ((shares - worth[batch]) / size).astype(np.float32)[:, np.newaxis]
        return down

    features = np.repeat(np.array(choices.vectors, dtype=np.float32), sizes, axis=0)
    return deep.fit(("",), rows, _matrix(flat, rows), features, batches, slope, how)


def fit(material: Material, recipe: Recipe, ontology: Ontology) -> dict[str, LogLinear | Network]:
    """The four models."""
    return {
        "words": fit_labels(material.words, [*ontology.types, words.NONE], recipe.words, recipe.vectors, words.TIED),
        "statuses": fit_labels(material.statuses, STATUSES, recipe.statuses),
        "arguments": fit_roles(material.arguments, ROLES, recipe.arguments),
        "dates": fit_options(material.dates, recipe.dates),
    }


def calibration(annotated: Sequence[Mapping[str, Any]], texts: Path, recipe: Recipe, folds: int = 5) -> list[str]:
    """What confidence means on articles that were not trained on: every fifth article twice over, a line a band.

    Each line has the band, how many words are told as events with that confidence, and the share annotated with that type.
    """
    parts = [gather([marks], [view], recipe).words for marks, view in zip(annotated, read_views(annotated, texts), strict=True)]
    examples = Material()
    gather_examples(examples, recipe)
    labels = [*load_ontology().types, words.NONE]
    counts, right = Counter[int](), Counter[int]()
    for fold in range(2):
        others = [part for number, part in enumerate(parts) if number % folds != fold]
        model = fit_labels(_merged([*others, examples.words]), labels, recipe.words, recipe.vectors, words.TIED)
        for part in parts[fold::folds]:
            shares = model.probabilities(part.cues, np.array(part.vectors, dtype=np.float32))[:, :-1]
            for label, share, target in zip(shares.argmax(axis=1), shares.max(axis=1), part.targets, strict=True):
                band = min(int(share * 10), 9)
                counts[band] += 1
                right[band] += int(label == target)
    return [f"{band / 10:.1f}  {counts[band]:5}  {right[band] / counts[band]:.2f}" for band in range(9, 2, -1) if counts[band]]


def _merged(parts: Iterable[Samples]) -> Samples:
    merged = Samples()
    for part in parts:
        merged.cues += part.cues
        merged.targets += part.targets
        merged.worth += part.worth
        merged.vectors += part.vectors
    return merged


def main(arguments_: Sequence[str] | None = None) -> int:
    """Trains and saves."""
    parser = argparse.ArgumentParser(
        prog="python -m pipeline.training.events", description="Trains the models of the event stage."
    )
    parser.add_argument("texts", type=Path, help="folder of WiNER-fr")
    parser.add_argument("--out", type=Path, default=OUT, help="where the weights go (default: into the package)")
    parser.add_argument("--calibration", action="store_true", help="train nothing; say what confidence means")
    options = parser.parse_args(arguments_)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    recipe, annotated = Recipe(), read_annotations()
    if options.calibration:
        for line in calibration(annotated, options.texts, recipe):
            _LOG.info("%s", line)
        return 0
    material = gather(annotated, read_views(annotated, options.texts), recipe)
    gather_examples(material, recipe)
    _LOG.info(
        "%d articles: %d words, %d events, %d phrases", len(annotated), len(material.words.cues), len(material.statuses.cues),
        len(material.arguments.cues),
    )  # fmt: skip
    options.out.mkdir(parents=True, exist_ok=True)
    for name, model in fit(material, recipe, load_ontology()).items():
        if isinstance(model, Network):
            network.save(model, options.out / f"{name}.npz")
        else:
            loglinear.save(model, options.out / f"{name}.npz")
        _LOG.info("%s: %d cues", name, len(model.rows))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

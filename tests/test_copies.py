"""Copies with small edits: what counts as one, and what does not."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import copies
from pipeline.run import load
from tests.store.helpers import go, table_bytes

SENTENCES = (
    "Le tribunal administratif de Rennes a suspendu mardi l’arrêté du préfet qui autorisait l’abattage des arbres du canal.",
    "Les juges ont estimé que l’enquête publique n’avait pas pris en compte les espèces protégées qui nichent sur les berges.",
    "La préfecture dispose de quinze jours pour se pourvoir en cassation devant le Conseil d’État, a précisé son avocate.",
    "Plusieurs associations de riverains avaient saisi la justice au printemps, après la coupe d’une première rangée d’arbres.",
    "« C’est un soulagement », a réagi leur présidente, qui demande désormais une concertation avec la région et les communes.",
    "Le chantier, confié à une entreprise de Vannes, devait reprendre la semaine suivante et durer jusqu’à la fin de l’hiver.",
    "Selon la région, les arbres sont atteints d’un champignon et menacent de tomber sur le chemin de halage, très fréquenté.",
)
DISPATCH = " ".join(SENTENCES)
EDITED = DISPATCH.replace("mardi", "hier").replace("très fréquenté", "fréquenté").replace("’", "'").upper()
CUT = " ".join(SENTENCES[:-1])
HALF = " ".join(SENTENCES[:3])
UPDATE = DISPATCH.replace("quinze", "15").replace("une première rangée", "12 platanes et une première rangée")


def _same(one: str, other: str) -> bool:
    return copies.same(copies.shingled(one), copies.shingled(other))


@pytest.mark.parametrize("text", [DISPATCH, EDITED, CUT])
def test_small_edits(text: str) -> None:
    assert _same(DISPATCH, text)
    assert _same(text, DISPATCH)


def test_half_a_dispatch_is_another_text() -> None:
    assert not _same(DISPATCH, HALF)


def test_a_template_with_other_figures_is_another_text() -> None:
    bulletin = f"{DISPATCH} La participation atteint 54 pour cent, contre 51 au premier tour."
    assert _same(bulletin, bulletin.replace("Rennes", "Vannes"))
    assert not _same(bulletin, bulletin.replace("54", "47").replace("51", "44"))


def test_short_texts_have_no_sketch() -> None:
    assert copies.sketch("Le maire a démissionné.") is None
    assert copies.sketch("") is None


def test_a_sketch_is_the_same_on_every_machine() -> None:
    """If this changes, the version of rensa has to be part of the fingerprint: see `store.fingerprint.LIBRARIES`."""
    found = copies.sketch(DISPATCH)
    assert found is not None
    assert len(found) == 8 * copies.BANDS
    assert found == copies.sketch(DISPATCH.replace("’", "'").upper())


def _keys(sketch: str | None) -> set[tuple[int, str]]:
    assert sketch
    return {(band, sketch[8 * band : 8 * band + 8]) for band in range(copies.BANDS)}


def test_sketches_find_nearly_all_copies() -> None:
    """Over random edits that leave the index just above the threshold."""
    draw = random.Random(1789)
    words = [f"mot{draw.randrange(3000)}" for _ in range(40_000)]
    found = tried = 0
    for start in range(0, 40_000, 200):
        text = words[start : start + 200]
        edited = [f"autre{i}" if i % 36 == draw.randrange(36) else word for i, word in enumerate(text)]
        one, other = " ".join(text), " ".join(edited)
        if _same(one, other):
            tried += 1
            found += bool(_keys(copies.sketch(one)) & _keys(copies.sketch(other)))
    assert tried > 100
    assert found / tried >= 0.99


@settings(deadline=None)
@given(st.text(), st.text())
def test_likeness_is_mutual(one: str, other: str) -> None:
    assert _same(one, other) == _same(other, one)
    assert _same(one, one)


# In the tables


def _article(day: str, text: str) -> str:
    return f"Publié le {day} à 08h15\n\n{text}\n"


def _fill(corpus: Path, files: Sequence[tuple[str, str]]) -> None:
    for name, text in files:
        (corpus / name).parent.mkdir(parents=True, exist_ok=True)
        (corpus / name).write_text(text, encoding="utf-8")


FILES = (
    ("c/depeche.txt", _article("12/03/2024", DISPATCH)),
    ("c/reprise.txt", _article("12/03/2024", CUT)),
    ("a/journal.txt", _article("13/03/2024", f"Justice : le canal gagne\n\n{EDITED.lower()}")),
    ("b/site.txt", _article("13/03/2024", CUT)),
    ("b/double.txt", _article("14/03/2024", CUT.replace(",", " ,"))),
    ("d/moitie.txt", _article("13/03/2024", HALF)),
    ("d/plus-tard.txt", _article("13/04/2024", DISPATCH.replace("mardi", "lundi"))),
    ("e/chiffres.txt", _article("13/03/2024", UPDATE)),
)


def _copies(out: Path) -> dict[str, str]:
    articles: pd.DataFrame = load(out).articles
    source = articles.set_index("article_id").source
    found = articles[articles.duplicate_of.notna()]
    return {copy: str(source[original]) for copy, original in zip(found.source, found.duplicate_of, strict=True)}


def test_copies_go_to_the_first_published_and_count_once(tmp_path: Path) -> None:
    _fill(tmp_path / "corpus", FILES)
    go(tmp_path / "corpus", tmp_path / "out", jobs=1)
    original = "c/depeche.txt"
    assert _copies(tmp_path / "out") == dict.fromkeys(("a/journal.txt", "b/site.txt", "b/double.txt", "c/reprise.txt"), original)
    stories = load(tmp_path / "out").stories
    told = stories[stories.n_articles > 1]
    assert not told.empty
    assert (told.n_sources < told.n_articles).any()


def test_whatever_the_order_of_the_runs(tmp_path: Path) -> None:
    _fill(tmp_path / "one", FILES)
    go(tmp_path / "one", tmp_path / "all", jobs=2)
    for number, order in enumerate(itertools.islice(itertools.permutations(FILES), 0, 5000, 2500)):
        corpus, out = tmp_path / f"corpus{number}", tmp_path / f"out{number}"
        for files in itertools.batched(order, 3) if hasattr(itertools, "batched") else (order[:3], order[3:]):
            _fill(corpus, files)
            go(corpus, out, jobs=1)
        assert table_bytes(out) == table_bytes(tmp_path / "all")


def test_a_copy_of_unknown_date_goes_to_the_dated_one(tmp_path: Path) -> None:
    _fill(tmp_path / "corpus", [("a.txt", DISPATCH), ("b.txt", _article("12/03/2024", EDITED))])
    go(tmp_path / "corpus", tmp_path / "out", jobs=1)
    assert _copies(tmp_path / "out") == {"a.txt": "b.txt"}

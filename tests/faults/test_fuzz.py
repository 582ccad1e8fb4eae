"""No input crashes a reader or a stage. The long searches: ``tests/bench/fuzz_readers.py`` and ``pytest -m bench`` here."""

from __future__ import annotations

import tempfile
from functools import cache
from hashlib import blake2b
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from pipeline import ingest
from pipeline.config import Config
from pipeline.extract import Models, extract_batch, load_models
from pipeline.records import Article, Failure
from pipeline.run import load
from tests.faults import fuzzing
from tests.store.helpers import article, fill, go

# Pieces that set off the rules of every stage, broken off and run together, among characters that no article holds.
PIECES = st.sampled_from(
    [
        *(
            "Le président Emmanuel Macron a limogé vendredi la ministre.",
            " a déclaré Anne Roux",
            "« ",
            " »",
            '"',
            "selon l'AFP, ",
        ),
        *(
            "mardi 31 février",
            "le 12/03/2024 à 25h99",
            "de 1999 à 9999",
            "il y a 10 000 000 000 ans",
            "dans 3 jours",
            "an 0",
            "hier",
        ),
        *(
            "tous les lundis",
            "99999999999999999999 morts",
            "3,5 milliards d'euros",
            "1/0",
            "½",
            "²",
            "XXIVe siècle",
            "la nuit du 3 au",
        ),
        *(
            "n'a pas été tué",
            "pourrait démissionner",
            "aurait attaqué",
            "à Paris",
            "Mme",
            "M.",
            "S.A.",
            "qui",
            "que",
            ", ",
            ". ",
            "- ",
        ),
        *(
            "\n",
            "\r\n\n",
            "\u2028",
            "\t",
            "\0",
            "\x1b[31m",
            "\ud800",
            "\udfff",
            "\u202e",
            "\u200b",
            "\ufeff",
            "e\u0301",
            "😀",
            "ﬁ",
            "İ",
            "ß",
        ),
        *(
            "<script>alert(1)</script>",
            "=HYPERLINK(1)",
            "{{",
            "%s",
            "\\",
            "$(",
            "a" * 300,
            "1" * 400,
            "(" * 60,
            "«" * 60,
            "\u0300" * 60,
        ),
    ]
)
TEXTS = st.lists(st.one_of(PIECES, PIECES, st.text(max_size=8)), min_size=1, max_size=25).map("".join)


@cache
def _models() -> Models:
    return load_models(Config(min_confidence=0.0))


def _extract(texts: list[str]) -> None:
    articles = [ingest.from_text(text, source="2024/03/12/x.txt") for text in texts]
    for result in extract_batch(articles, _models()):
        fuzzing.check_extraction(result)


@pytest.mark.parametrize("path", fuzzing.found_bytes(), ids=lambda path: path.stem)
def test_what_was_found_before(path: Path, tmp_path: Path) -> None:
    for record in fuzzing.read_any(path.read_bytes(), tmp_path):
        if isinstance(record, Article):
            _extract([record.text])


@pytest.mark.parametrize("path", sorted(fuzzing.FOUND.glob("*.txt")), ids=lambda path: path.stem)
def test_texts_found_before(path: Path) -> None:
    _extract([path.read_bytes().decode("utf-8", "surrogatepass")])


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=400), st.sampled_from(["", "text,title\n", '{"text": "', "<html><p>", "---\ntitle: "]))
def test_readers_survive_anything(data: bytes, start: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        fuzzing.read_any(data[:2] + start.encode() + data[2:], Path(folder))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(TEXTS, min_size=1, max_size=6))
def test_stages_survive_anything(texts: list[str]) -> None:
    _extract(texts)


@pytest.mark.bench
def test_stages_survive_forty_thousand_texts() -> None:
    """2,500 examples of 16 texts; one that fails is kept in `fuzzing.FOUND`."""
    tried = 0

    @settings(max_examples=2_500, deadline=None, suppress_health_check=list(HealthCheck), database=None, phases=[Phase.generate])
    @given(st.lists(TEXTS, min_size=16, max_size=16))
    def search(texts: list[str]) -> None:
        nonlocal tried
        tried += len(texts)
        try:
            _extract(texts)
        except Exception:
            for text in texts:
                _keep_if_it_fails(text)
            raise
        if tried % 4_000 < 16:
            print(f"{tried:,} texts", flush=True)

    search()
    print(f"{tried:,} texts through all stages, nothing found")


def _keep_if_it_fails(text: str) -> None:
    try:
        _extract([text])
    except Exception as error:
        data = text.encode("utf-8", "surrogatepass")
        (fuzzing.FOUND / f"{blake2b(data, digest_size=6).hexdigest()}.txt").write_bytes(data)
        print(f"{type(error).__name__}: {error}"[:300])


def test_rows_that_no_table_holds_cost_one_article(tmp_path: Path) -> None:
    """Should a stage give what a table cannot take, the article is a failure and its neighbours are written."""
    fill(tmp_path / "corpus", range(5))
    (tmp_path / "corpus" / "a" / "0001.txt").write_text(article(1, extra="DEBORDE"), encoding="utf-8")
    assert go(tmp_path / "corpus", tmp_path / "out").articles == 4
    (failure,) = load(tmp_path / "out").failures.itertuples()
    assert (failure.source, failure.stage) == ("a/0001.txt", "engine")


def test_every_format_is_fuzzed() -> None:
    assert sorted(fuzzing.SUFFIXES) == list(ingest.SUFFIXES)


def test_a_reader_that_fails_unforeseen_is_noticed() -> None:
    """The fuzzers look for this: `read` itself never raises."""
    with pytest.raises(AssertionError):
        fuzzing.check_record(Failure("x", "ingest", "IndexError: list index out of range"))

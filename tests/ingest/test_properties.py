"""What holds for every input."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline import ingest
from pipeline.ingest import language
from pipeline.ingest.lines import split
from pipeline.records import Article, Failure

# Pieces that set off every rule, in any order: more telling than random characters.
PIECES = st.sampled_from(
    [
        *(
            "2023-11-20 13:15:59",
            "1709999347",
            "#piqd #chaos",
            "---",
            "title: x",
            "date: 2024-03-12",
            "- un",
            "+++",
            "===",
            "# Titre",
        ),
        *(
            "10 janvier 2016 . –",
            "PARIS, 3 mars (AFP) -",
            "Publié le 12/03/2024 à 08h15",
            "Par Jeanne Morel, le 4 mars 2024",
            "POLITIQUE",
        ),
        *(
            "Mis à jour le 31/02/2024",
            "https://exemple.fr",
            "Titre : été",
            "Auteur : A",
            "\n",
            "\r\n",
            "\u2028",
            " ",
            "\u00a0",
            "\t",
            "\0",
        ),
        *(
            "Le maire a démissionné lundi soir à Rennes.",
            "«",
            "\ud800",
            "\u202e",
            "\ufeff",
            "1714991412\n",
            "le 12 mars",
            "-",
            "#",
        ),
    ]
)
TEXTS = st.one_of(st.text(), st.lists(st.one_of(PIECES, st.text(max_size=5)), max_size=30).map("".join))
SOURCES = st.one_of(st.just("2024/03/12/20240311.txt"), st.text(max_size=30), st.text("0123456789-_/T.", max_size=30))


@settings(max_examples=500, deadline=None)
@given(TEXTS, SOURCES)
@example("---\ntitle: \n---\n", "")
@example("#", "")
def test_regions_lie_in_order_and_leave_only_white_space(text: str, source: str) -> None:
    article = ingest.from_text(text, source=source)
    position = 0
    for region in article.regions:
        assert position <= region.start < region.end <= len(text)
        assert not text[position : region.start].strip()
        assert text[region.start : region.end].strip() == text[region.start : region.end]
        position = region.end
    assert not text[position:].strip()
    assert article.text == text


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        st.binary(),
        TEXTS.map(lambda text: text.encode("utf-8", "surrogatepass")),
        TEXTS.map(lambda text: text.encode("utf-16", "replace")),
    )
)
def test_no_bytes_make_reading_fail(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.txt"
        path.write_bytes(data)
        (record,) = ingest.read(path, Path(folder))
    assert isinstance(record, Article | Failure)
    if isinstance(record, Failure):
        assert record.error.startswith(("empty file", "no text", "not a text file", "language: "))


@given(TEXTS)
def test_lines_stand_where_they_say(text: str) -> None:
    for line in split(text):
        assert text[line.start : line.end] == line.text == line.text.strip() != ""


@settings(deadline=None)
@given(st.text())
def test_a_language_is_guessed_for_any_text(text: str) -> None:
    assert 0 <= language.guess(text).probability <= 1.0001

"""Mojibake is put right where it is certain, and nothing else is touched."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.ingest import mojibake
from pipeline.ingest.raw import Raw
from tests.ingest.samples import BODY, TITLE, articles, one, read

RIGHT = "L’été, l’élève a « regretté » : l’œuvre à 25 € coûte cher… Où ça ? À Évreux, où le maïs brûle – déjà."
PLAIN = "L'été, l'élève a regretté : à Nîmes, où le maïs brûle, la forêt a été évacuée dès l'aube, çà et là."


def _misread(text: str, encoding: str, times: int = 1) -> str:
    for _ in range(times):
        text = "".join(_characters(text, encoding))
    return text


def _characters(text: str, encoding: str) -> list[str]:
    """Every byte of UTF-8 as a character, as lenient readers do where an encoding leaves gaps."""
    found = []
    for byte in text.encode():
        try:
            found.append(bytes([byte]).decode(encoding))
        except UnicodeDecodeError:
            found.append(chr(byte))
    return found


@pytest.mark.parametrize(
    ("text", "encoding", "times"),
    [
        (RIGHT, "cp1252", 1),
        (RIGHT, "cp1252", 2),
        (RIGHT, "latin-1", 1),
        (PLAIN, "latin-1", 1),
        (PLAIN, "mac-roman", 1),
    ],
)
def test_what_is_certain(text: str, encoding: str, times: int) -> None:
    record, repaired = mojibake.mended(
        Raw(text=_misread(text, encoding, times), title=_misread("Un été à Nîmes", encoding, times))
    )
    assert (record.text, record.title, repaired) == (text, "Un été à Nîmes", True)


def test_line_by_line(tmp_path: Path) -> None:
    text = f"{TITLE}\r\n\r\n{_misread(PLAIN, 'cp1252')}\r\n{BODY}\r\n"
    article = one(read(tmp_path, "a.txt", text.encode()))
    assert article.text == f"{TITLE}\r\n\r\n{PLAIN}\r\n{BODY}\r\n"
    assert article.repaired


@pytest.mark.parametrize(
    "text",
    [
        RIGHT,
        PLAIN,
        BODY,
        "“Guillemets”, ‘apostrophes’, \ufb01n et e\u0301te\u0301 : ｆｕｌｌ, \u00a0 et &amp; restent.",
        "L’encodage affiche « Ã » puis « Â » : deux lettres du portugais, SÃO PAULO et Â.",
        "Le logo de la marque Ã© est déposé.",
        "Pour corriger « Ã© », relisez l’été en UTF-8.",
    ],
)
def test_what_is_right_stays(text: str) -> None:
    record = Raw(text=text)
    assert mojibake.mended(record) == (record, False)


def test_foreign_letters_are_no_proof() -> None:
    text = _misread("Съешь ещё этих мягких французских булок", "cp1252")
    assert mojibake.mended(Raw(text=text))[1] is False


@given(st.text())
def test_any_text(text: str) -> None:
    record, repaired = mojibake.mended(Raw(text=text))
    assert repaired == (record.text != text)
    assert record.text.count("\n") == text.count("\n")


def test_the_flag_is_off_otherwise(tmp_path: Path) -> None:
    assert not any(article.repaired for article in articles(read(tmp_path, "a.txt", BODY.encode("cp1252"))))

"""Bytes to text: French in whatever encoding comes out right, and nothing crashes."""

from __future__ import annotations

import codecs

import pytest

from pipeline.errors import ReadError
from pipeline.ingest.decode import decode, decode_declared

FRENCH = (
    "L’été dernier, la préfète d’Ille-et-Vilaine a « regretté » l’œuvre inachevée : 25 000 € évanouis, où ça ? "
    "À Évreux, le maïs brûlé n’a pas été récolté ; Noël, naïf, coûte cher.\r\nDeuxième ligne…"
)
PLAIN = FRENCH.replace("’", "'").replace("œ", "oe").replace("€", "euros").replace("…", "...")  # what Latin-1 can hold


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", FRENCH),
        ("utf-8-sig", FRENCH),
        ("utf-16", FRENCH),
        ("utf-16-le", FRENCH),
        ("utf-16-be", FRENCH),
        ("utf-32", FRENCH),
        ("cp1252", FRENCH),
        ("latin-1", PLAIN),
        ("iso8859-15", FRENCH.replace("’", "'").replace("…", "...")),
        ("mac-roman", FRENCH),
        ("cp850", PLAIN),
    ],
)
def test_french_comes_out_right(encoding: str, text: str) -> None:
    assert decode(text.encode(encoding)).text == text


def test_short_french_in_cp1252() -> None:
    assert decode("Un été à Nîmes".encode("cp1252")).text == "Un été à Nîmes"


def test_newlines_are_kept() -> None:
    assert decode(b"un\r\ndeux\rtrois\n").text == "un\r\ndeux\rtrois\n"


def test_ascii_in_utf_16_is_not_taken_for_utf_8_with_zeros() -> None:
    assert decode("Le maire a dit non.".encode("utf-16-le")).text == "Le maire a dit non."


def test_stray_bytes_in_utf_8_are_read_as_cp1252() -> None:
    decoded = decode("Élève hébété à Évry, côté été : ".encode() + "« là »".encode("cp1252") + " près du théâtre fermé".encode())
    assert decoded.text == "Élève hébété à Évry, côté été : « là » près du théâtre fermé"
    assert not decoded.certain


def test_utf_16_with_an_odd_byte_at_its_end() -> None:
    decoded = decode(codecs.BOM_UTF16_LE + "été".encode("utf-16-le") + b"x")
    assert decoded.text.startswith("été")
    assert not decoded.certain


def test_foreign_text_is_decoded_by_the_library() -> None:
    text = "Премьер-министр подал в отставку в понедельник вечером, сообщило правительство страны."
    assert decode(text.encode("cp1251")).text == text


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8, b"\x7fELF\x01\x00\x02" * 50])
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(ReadError, match="not a text file"):
        decode(data)


@pytest.mark.parametrize(
    ("charset", "encoding"),
    [
        *(("utf-8", "utf-8"), ("iso-8859-1", "cp1252"), ("windows-1252", "cp1252"), ("iso-8859-15", "iso8859-15")),
        *(("cp850", "cp850"), ("macintosh", "mac-roman"), ("x-unknown", "cp1252"), ("", "utf-8"), ("' utf-8'", "utf-8")),
        *(("utf-8", "cp1252"), ("iso-8859-1", "utf-8"), ("us-ascii", "utf-8"), ("utf-16", "utf-8"), ("utf-7", "utf-8")),
        *(("iso-8859-1", "utf-8-sig"), ("utf-8", "utf-16"), ("unicode_escape", "utf-8"), ("rot13", "utf-8"), ("\0", "utf-8")),
    ],
)
def test_what_is_declared_counts_if_the_bytes_allow_it(charset: str, encoding: str) -> None:
    text = PLAIN if encoding == "cp850" else FRENCH.replace("’", "'").replace("…", "...")
    assert decode_declared(text.encode(encoding), charset).text == text


def test_a_declared_foreign_encoding() -> None:
    text = "Le maire de Győr a reçu celui de Tours."
    assert decode_declared(text.encode("iso8859-2"), "ISO-8859-2").text == text

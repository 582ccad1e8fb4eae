"""Newsletters as they lie in a mailbox."""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.ingest.samples import BODY, PARAGRAPHS, TITLE, error, one, read


def _mail(text: str = "", page: str = "", charset: str = "utf-8") -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = f"La lettre : {TITLE} – été"
    message["From"] = '"Le Courrier, édition du matin" <lettre@exemple.fr>'
    message["Date"] = "Tue, 12 Mar 2024 06:30:00 +0100"
    if text:
        message.set_content(text, charset=charset, cte="quoted-printable")
    if page:
        (message.add_alternative if text else message.set_content)(page, subtype="html", charset=charset, cte="base64")
    return message


PAGE = "<html><head><style>p {}</style></head><body>" + "".join(f"<p>{p}</p>" for p in PARAGRAPHS) + "</body></html>"


@pytest.mark.parametrize("charset", ["utf-8", "windows-1252"])
@pytest.mark.parametrize(("text", "page"), [(BODY, ""), (BODY, PAGE), ("", PAGE), ("Lire en ligne.", PAGE)])
def test_parts_and_encodings(tmp_path: Path, text: str, page: str, charset: str) -> None:
    article = one(read(tmp_path, "lettre.eml", _mail(text, page, charset).as_bytes()))
    assert article.title == f"La lettre : {TITLE} – été"
    assert article.text.strip() == f"{article.title}\n\n{BODY}"
    assert (article.source, article.publisher) == ("lettre.eml", "Le Courrier, édition du matin")
    assert (article.published, article.published_has_time) == (datetime(2024, 3, 12, 6, 30), True)


def test_attachments_are_left_out(tmp_path: Path) -> None:
    message = _mail(BODY)
    message.add_attachment("Un autre texte, joint.", filename="a.txt")
    message.add_attachment(b"\0" * 100, maintype="image", subtype="png", filename="a.png")
    assert "joint" not in one(read(tmp_path, "a.eml", message.as_bytes())).text


def test_a_wrong_charset(tmp_path: Path) -> None:
    head = "Subject: Un titre\r\nDate: hier\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    article = one(read(tmp_path, "a.eml", head.encode() + BODY.encode("cp1252")))
    assert BODY in article.text
    assert article.published is None


@pytest.mark.parametrize(
    ("data", "reason"),
    [(b"", "empty file"), (b"Du texte sans en-tete\n\nrien", "no e-mail"), (b"Subject: vide\n\n", "no text in the e-mail")],
)
def test_what_is_refused(tmp_path: Path, data: bytes, reason: str) -> None:
    assert error(read(tmp_path, "a.eml", data)).startswith(reason)


@pytest.mark.parametrize(
    "header", ["From: =?utf-8?q?=ff?= <a@", "Date: 99 Foo 0000", "Subject: =?x?b?!!!?=", 'From: "a\r\nTo: @@']
)
def test_broken_headers(tmp_path: Path, header: str) -> None:
    read(tmp_path, "a.eml", f"{header}\r\nSubject: s\r\n\r\n{BODY}".encode())

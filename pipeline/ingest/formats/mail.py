"""E-mails, such as newsletters: the subject is the title, the day of sending that of publication."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, cast

from pipeline.errors import ReadError
from pipeline.ingest import fields, limits, markup, stamps
from pipeline.ingest.decode import decode_declared
from pipeline.ingest.fields import Names
from pipeline.ingest.raw import Raw

if TYPE_CHECKING:
    from email.message import EmailMessage
    from email.policy import EmailPolicy

SUFFIXES = (".eml",)
LIBRARIES = ()
MAX_HEADER = 4_000  # characters
_PLAIN_SHARE = 0.5  # of the words of the HTML part: with less, the plain part only says where to read on


def read(path: Path, names: Names) -> Iterator[Raw]:
    """The message without its attachments.

    Raises:
        ReadError: the file is empty, too large, or no e-mail with a text.
        OSError: it cannot be opened or read.
    """
    from email.parser import BytesParser  # noqa: PLC0415 - a fifth of the time that a run with nothing new takes

    data = limits.whole(path, limits.MAX_PARSED, advice=". Take the attachments out.")
    try:
        message = cast("EmailMessage", BytesParser(policy=_policy()).parsebytes(data))
        known = any(name in message for name in ("From", "Subject", "Date"))
        text = _text(message)
    except (ValueError, LookupError, AttributeError, TypeError, RecursionError) as error:
        raise ReadError(f"damaged e-mail: {error}") from error
    if not known:
        raise ReadError("no e-mail: it has no header")
    if not text.strip():
        raise ReadError("no text in the e-mail")
    date = _header(message, "Date")
    yield Raw(
        text=text,
        title=_header(message, "Subject"),
        published=stamps.parse(date) if date else None,
        publisher=_sender(message),
    )


def _policy() -> EmailPolicy:
    """The usual one, but of a header only the beginning counts: Python takes time that grows with the square of its length."""
    from email.policy import EmailPolicy  # noqa: PLC0415

    class Policy(EmailPolicy):
        def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
            name, value = super().header_source_parse(sourcelines)
            return name, value[:MAX_HEADER]

    return Policy()


def _text(message: EmailMessage) -> str:
    """The plain part, or the HTML part where that says much more."""
    plain, page = (_part(message, kind) for kind in ("plain", "html"))
    page = markup.plain(f"<div>{page}</div>") if page else ""
    return page if len(plain.split()) < _PLAIN_SHARE * len(page.split()) else plain


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    payload = part.get_payload(decode=True) if part is not None else None
    if part is None or not isinstance(payload, bytes):
        return ""
    return decode_declared(payload, part.get_content_charset()).text.replace("\r\n", "\n")


def _header(message: EmailMessage, name: str) -> str | None:
    """A header that may be broken in any way, which the parser finds out only now."""
    try:
        return fields.line(str(message.get(name) or ""))
    except (ValueError, TypeError, AttributeError, LookupError, RecursionError):
        return None


def _sender(message: EmailMessage) -> str | None:
    from email.utils import parseaddr  # noqa: PLC0415

    name, address = parseaddr(_header(message, "From") or "")
    return name or address or None

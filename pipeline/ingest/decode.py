"""Bytes to text: the byte order mark, then UTF-8, UTF-16 by its zero bytes, then the French one-byte encodings.

Newlines stay as they are and nothing is repaired: offsets count the code points of exactly what stands in the file, less the byte
order mark. charset-normalizer, which takes French CP1252 for cp1250, is asked only when no French encoding fits.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from pipeline.errors import ReadError

_MARKS = (  # UTF-32 first: its little-endian mark begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# In order of preference: among encodings that read a text equally well the first wins.
_FRENCH_ENCODINGS = ("cp1252", "iso8859-15", "mac-roman", "cp850")
FRENCH_CHARACTERS = frozenset("éèêëàâäçùûüôöîïœæÿñÉÈÊËÀÂÄÇÙÛÜÔÖÎÏŒÆ«»“”‘’„–—…•·°€£§©®²³ªº\u00a0\u202f\u00ad")
_NO_CHARSETS = ("utf-16", "utf-32", "utf-7", "unicode", "raw", "idna", "puny", "undefined", "charmap")
_ONE_BYTE = ("cp1252", "iso8859-15", "mac-roman", "cp850", "cp437")
_SAMPLE_BYTES = 1 << 16
_FRENCH_SHARE = 0.9
_STRAY_SHARE = 0.2
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffd]")
_CONTROL_SHARE, _CONTROLS_ALLOWED = 0.05, 2


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text and the encoding that it was read in; `certain` is false where that is a guess or bytes had to be replaced."""

    text: str
    encoding: str
    certain: bool = True


def decode(data: bytes) -> Decoded:
    """The text in `data`.

    Raises:
        ReadError: `data` is no text in any encoding: an image, an archive, a program.
    """
    decoded = _by_mark(data) or _by_zero_bytes(data) or _utf8(data) or _french(data) or _guessed(data)
    _check_text(decoded.text)
    return decoded


def decode_declared(data: bytes, charset: str | None) -> Decoded:
    """The text in `data`, which is declared (in an HTTP header, a meta element, an e-mail) to be in `charset`.

    The declaration counts if the bytes allow it. A one-byte encoding allows anything; what is UTF-8 beyond ASCII is UTF-8.

    Raises:
        ReadError: `data` is no text in any encoding.
    """
    name = _known(charset)
    if name is None or _by_mark(data) is not None or (name in _ONE_BYTE and not data.isascii() and _is_utf8(data)):
        return decode(data)
    try:
        decoded = Decoded(data.decode(name), name)
    except UnicodeDecodeError:
        return decode(data)
    _check_text(decoded.text)
    return decoded


def _known(charset: str | None) -> str | None:
    """Python's name for an encoding of texts; what pages call Latin-1 is CP1252. UTF-16 is told by its bytes alone.

    Left out are Python's own: punycode takes time that grows with the square of the length, the others give what no page holds.
    """
    try:
        found = codecs.lookup((charset or "").strip().strip("\"'"))
    except (LookupError, ValueError):
        return None
    if not found._is_text_encoding or found.name.startswith(_NO_CHARSETS):
        return None
    return "cp1252" if found.name in ("iso8859-1", "ascii") else found.name


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _by_mark(data: bytes) -> Decoded | None:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            text = data[len(mark) :].decode(encoding, "replace")
            return Decoded(text, encoding, certain="\ufffd" not in text)
    return None


def _by_zero_bytes(data: bytes) -> Decoded | None:
    """UTF-16 without a mark: in European text nearly every other byte is zero, always on the same side."""
    sample = data[:_SAMPLE_BYTES]
    pairs = len(sample) // 2
    if not pairs or b"\0" not in sample:
        return None
    even, odd = (sample[side : 2 * pairs : 2].count(0) / pairs for side in (0, 1))
    if max(even, odd) < 0.5 or min(even, odd) > 0.1:
        return None
    encoding = "utf-16-le" if odd > even else "utf-16-be"
    text = data.decode(encoding, "replace")
    return Decoded(text, encoding, certain="\ufffd" not in text)


def _utf8(data: bytes) -> Decoded | None:
    """UTF-8; a few stray bytes in text that is UTF-8 elsewhere are read as CP1252, where they nearly always come from."""
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        pass
    loose = data.decode("utf-8", "replace")
    strays = loose.count("\ufffd")
    good = sum(character > "\x7f" for character in loose) - strays
    if strays > _STRAY_SHARE * good:
        return None
    text = data.decode("utf-8", "surrogateescape")
    mended = re.sub("[\udc80-\udcff]", lambda match: _cp1252(bytes([ord(match[0]) - 0xDC00])), text)
    return Decoded(mended, "utf-8", certain=False)


def _cp1252(data: bytes) -> str:
    return data.decode("cp1252", "replace")


def _french(data: bytes) -> Decoded | None:
    """The one-byte encoding under which what is not ASCII looks French; None if none does."""
    sample = data[:_SAMPLE_BYTES]
    shares = [(_french_share(sample, encoding), encoding) for encoding in _FRENCH_ENCODINGS]
    share, encoding = max(shares, key=lambda pair: pair[0])
    if share < _FRENCH_SHARE:
        return None
    text = data.decode(encoding, "replace")
    return Decoded(text, encoding, certain="\ufffd" not in text)


def _french_share(sample: bytes, encoding: str) -> float:
    """Share of the characters above ASCII that French text has; an accented capital between small letters counts against."""
    text = sample.decode(encoding, "replace")
    odd = [match[0] for match in re.finditer(r"[^\x00-\x7f]", text)]
    if not odd:
        return 0.0
    misfits = len(re.findall(r"(?<=[a-z])[À-ÖØ-Þ](?=[a-z])", text))
    return (sum(character in FRENCH_CHARACTERS for character in odd) - misfits) / len(odd)


def _guessed(data: bytes) -> Decoded:
    from charset_normalizer import from_bytes  # noqa: PLC0415 - slow to import, rarely needed

    best = from_bytes(data[:_SAMPLE_BYTES]).best()
    encoding = best.encoding if best is not None else "cp1252"
    if encoding in ("cp1250", "ascii"):
        encoding = "cp1252"
    return Decoded(data.decode(encoding, "replace"), encoding, certain=False)


def _check_text(text: str) -> None:
    sample = text[:_SAMPLE_BYTES]
    controls = len(_CONTROL.findall(sample))
    if controls > _CONTROLS_ALLOWED + _CONTROL_SHARE * len(sample):
        raise ReadError("not a text file: it is full of control characters. Convert it to text, or take it out of the corpus.")

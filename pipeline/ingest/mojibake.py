"""Mojibake: "Ã©" where "é" was written, UTF-8 that somebody read as another encoding and saved. Put right where that is certain.

ftfy undoes the wrong decoding. Its result counts if nothing but letters and marks of French comes out of it; quotes, ligatures
and whatever else ftfy could make prettier stay as they are.
"""

from __future__ import annotations

import re
from dataclasses import replace

from pipeline.ingest.decode import FRENCH_CHARACTERS
from pipeline.ingest.raw import Raw

# What the first byte of a character of French text looks like when it is misread: in CP1252, Latin-1, Mac Roman, CP850.
_TRACE = re.compile(
    r"[ÃÂ][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]|â[€\u0080]|Å[“’\u0092\u0093]|√[©®ßâ†™¥ª]|├[®©á┤Â]"
)
_LINE = re.compile(r"[^\r\n]+")


def mended(record: Raw) -> tuple[Raw, bool]:
    """The record with its text, title and author put right, and whether anything had to be."""
    text, title, author = (_mended(part) if part else part for part in (record.text, record.title, record.author))
    if (text, title, author) == (record.text, record.title, record.author):
        return record, False
    return replace(record, text=text or "", title=title, author=author), True


def _mended(text: str) -> str:
    """`text`, line by line: a file may be right here and wrong there."""
    return _LINE.sub(lambda match: _mended_line(match[0]), text) if _TRACE.search(text) else text


def _mended_line(line: str) -> str:
    if not _TRACE.search(line):
        return line
    import ftfy  # noqa: PLC0415 - rarely needed

    settings = ftfy.TextFixerConfig(
        unescape_html=False,
        uncurl_quotes=False,
        fix_latin_ligatures=False,
        fix_character_width=False,
        fix_line_breaks=False,
        fix_surrogates=False,
        remove_control_chars=False,
        remove_terminal_escapes=False,
        replace_lossy_sequences=False,
        decode_inconsistent_utf8=False,  # a line that is right elsewhere may well speak of mojibake
        normalization=None,
    )
    fixed: str = ftfy.fix_encoding(line, settings)
    new = {character for character in fixed if character > "\x7f"} - set(line)
    return fixed if len(fixed) < len(line) and new and new <= FRENCH_CHARACTERS and not _TRACE.search(fixed) else line

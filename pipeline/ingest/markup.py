"""Plain text of the HTML that stands in fields of JSON, tables and feeds. Whole pages are another matter: see `formats.html`."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_TAGS = re.compile(r"</[a-z][a-z0-9]*\s*>|<(?:p|br|hr|img|div)\b[^<>]*>", re.IGNORECASE)
_PARAGRAPHS = frozenset("p div section article h1 h2 h3 h4 h5 h6 ul ol blockquote figure table hr".split())
_LINES = frozenset({"br", "li", "tr", "dt", "dd"})
_SKIPPED = frozenset({"script", "style", "template", "noscript", "svg"})


class LenientParser(HTMLParser):
    """The parser of the standard library for a whole text at once. Marked sections (``<![if ...]>``), of which it knows only some
    and chokes on others, are comments, as to browsers; what opens and never closes takes it no longer than the rest."""

    def feed(self, data: str) -> None:
        super().feed(_closed(data).replace("<![", "<! ["))


class _Extractor(LenientParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.skipping = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SKIPPED and not self.skipping:
            self.skipping = tag
        self._break(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag == self.skipping:
            self.skipping = ""
        self._break(tag)

    def handle_data(self, data: str) -> None:
        if not self.skipping:
            self.pieces.append(re.sub(r"[ \t\r\n]+", " ", data))

    def _break(self, tag: str) -> None:
        if tag in _PARAGRAPHS:
            self.pieces.append("\n\n")
        elif tag in _LINES:
            self.pieces.append("\n")


def _closed(text: str) -> str:
    """`text` without comments, and with what opens but never closes spelt out: Python's parser looks for every such end anew, in
    time that grows with the square of the length."""
    pieces: list[str] = []
    at = 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        pieces.append(text[at:start])
        at = end + len("-->")
    rest = text[at:].replace("<!--", "&lt;!--")
    last = rest.rfind(">") + 1
    return "".join([*pieces, rest[:last], rest[last:].replace("<", "&lt;")])


def plain(text: str) -> str:
    """`text` as it is or, if it is HTML, its words with a blank line between paragraphs."""
    if not _TAGS.search(text):
        return text
    extractor = _Extractor()
    extractor.feed(text)
    extractor.close()
    lines = "".join(extractor.pieces).split("\n")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.strip(" ") for line in lines)).strip()

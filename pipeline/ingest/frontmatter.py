"""A block of fields in front of an article: fenced by ``---`` (or ``+++``), or bare ``Titre : ...`` lines.

Only what such blocks hold in practice is read - a value a line, quoted or not, lists in brackets or dashes - so that a hostile
file cannot do anything that a YAML reader would let it do.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.ingest import fields
from pipeline.ingest.lines import Line

_FENCES = {"---": ("---", "..."), "+++": ("+++",)}
_MAX_LINES = 100
_MAX_VALUE = 2000
_FIELD = re.compile(r"(?P<key>[\w][\w \-]{0,30}?)\s*[:=](?=\s|$)\s*(?P<value>.*)", re.DOTALL)
_ITEM = re.compile(r"-\s+(?P<value>.+)", re.DOTALL)


@dataclass(slots=True)
class FrontMatter:
    """The block: how many of the lines it takes, its metadata, and where the title's words stand."""

    n_lines: int
    metadata: fields.Metadata
    title_span: tuple[int, int] | None


@dataclass(slots=True)
class _Block:
    values: dict[str, object] = field(default_factory=dict)
    key: str = ""
    title_span: tuple[int, int] | None = None

    def add(self, line: Line) -> bool:
        """Take one line; False if it is neither a field nor an item of a list."""
        if (item := _ITEM.match(line.text)) and self.key:
            listed = self.values.get(self.key)
            self.values[self.key] = [*(listed if isinstance(listed, list) else []), _unquoted(item["value"])]
            return True
        match = _FIELD.match(line.text[:_MAX_VALUE])
        if not match:
            return False
        self.key = match["key"]
        self.values.setdefault(self.key, _value(match["value"]))
        if fields.known(self.key, ["title"]) and self.title_span is None and _unquoted(match["value"]):
            start = line.start + match.start("value") + (match["value"][0] in "\"'")
            self.title_span = (start, start + len(_unquoted(match["value"])))
        return True


def find(lines: Sequence[Line]) -> FrontMatter | None:
    """The block that opens the article, if there is one. `lines` are the lines that are not blank."""
    if not lines:
        return None
    return _fenced(lines) if lines[0].text in _FENCES else _bare(lines)


def _fenced(lines: Sequence[Line]) -> FrontMatter | None:
    closing = _FENCES[lines[0].text]
    end = next((i for i, line in enumerate(lines[1:_MAX_LINES], 1) if line.text in closing), None)
    if end is None:
        return None
    block = _Block()
    taken = [block.add(line) for line in lines[1:end] if not line.text.startswith("#")]
    if not any(fields.known(key) for key in block.values) or sum(taken) < len(taken) / 2:
        return None  # two rules around a paragraph
    return FrontMatter(end + 1, fields.metadata(block.values), block.title_span)


def _bare(lines: Sequence[Line]) -> FrontMatter | None:
    block = _Block()
    n = 0
    for line in lines[:_MAX_LINES]:
        match = _FIELD.match(line.text[:_MAX_VALUE])
        if not match or not fields.known(match["key"], ("title", "published", "author", "url", "tags")):
            break
        block.add(line)
        n += 1
        if line.blank_after:
            break
    if len(block.values) < 2:
        return None  # one such line may be a headline: "Publication : le Monde change de mains"
    return FrontMatter(n, fields.metadata(block.values), block.title_span)


def _value(text: str) -> object:
    if text.startswith("[") and text.endswith("]"):
        return [_unquoted(item.strip()) for item in text[1:-1].split(",") if item.strip()]
    return _unquoted(text)


def _unquoted(text: str) -> str:
    return text[1:-1] if len(text) >= 2 and text[0] == text[-1] and text[0] in "\"'" else text

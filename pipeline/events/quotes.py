"""Quotations, direct and indirect, with their speakers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from spacy.tokens import Doc

from pipeline.events.view import View
from pipeline.records import Quote

_MARKS = re.compile(r"«[^«»]{1,3000}»|“[^“”]{1,3000}”|\"[^\"\n]{1,1500}\"")


def quoted_spans(text: str) -> tuple[tuple[int, int], ...]:
    """The character spans between quotation marks, marks left out."""
    return tuple((match.start() + 1, match.end() - 1) for match in _MARKS.finditer(text))


def find_quotes(view: View, doc: Doc) -> tuple[Quote, ...]:
    """The quotations of an article, in text order."""
    return ()


__all__: Sequence[str] = ("find_quotes", "quoted_spans")

"""Composes the parts: regions, spans, readings in the order of the text, records."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from pipeline.dates import calendars, common, grammar, resolve, tense
from pipeline.dates.anchors import Anchor, Timeline
from pipeline.dates.grammar import Found
from pipeline.dates.scene import NONE, Reading, Scene
from pipeline.fold import fold
from pipeline.records import PROSE, DateMention, Region, RegionKind, content_id

if TYPE_CHECKING:
    from spacy.tokens import Doc

SEARCHED = PROSE | {RegionKind.HEADER}
_PARAGRAPH = re.compile(r"\n")
_SENTENCE = re.compile(r"(?<!\bm)(?<!\bmm)(?<!\bme)(?<!\bdr)(?<!\bst)[.!?;](?=\s)|\n")
_WORD = re.compile(r"[^\W_]")
_URL = re.compile(r"\S+://\S+|\bwww\.\S+")


@dataclass(slots=True)
class _Pending:
    """A span that holds, with its reading as far as it is known."""

    found: Found
    reading: Reading | None
    date_id: str


def find(
    text: str,
    *,
    published: datetime | None = None,
    published_has_time: bool = False,
    doc: Doc | None = None,
    article_id: str = "",
    regions: Sequence[Region] = (),
) -> tuple[DateMention, ...]:
    """The time expressions of `text`, in its order, never overlapping.

    A text that is nothing but a time expression, a query, is read more generously than prose: "17 02" is a day there.

    Args:
        published: the document's date (naive local time). Without it, expressions that need it stay unresolved: their value
            is None or only what is certain ("XXXX-WXX-1"), and `method` is "no_reference_date".
        published_has_time: `published` holds the time of day as well.
        doc: the parse of ``nlp.normalise(text)``: gives the tense of clauses; without it word endings do.
        article_id: goes into the records and their ids.
        regions: where to search (header, title, dateline, body); without them the whole text.

    Raises:
        DataError: the package's rule files are damaged.
    """
    folded = fold(text)
    rules = grammar.load()
    timeline = Timeline(
        published.date() if published else None,
        [match.start() for match in _PARAGRAPH.finditer(folded)],
        [match.start() for match in _SENTENCE.finditer(folded)],
    )
    scene = Scene(
        text, folded, rules.lexicon.tables, published, published_has_time, timeline,
        cache(lambda: tense.clauses(text, doc)), doc is not None, _part_of_speech(doc), _words(folded),
    )  # fmt: skip
    pending = [held for start, end in _bounds(text, regions) for held in _spans(rules, scene, start, end, article_id)]
    for held in pending:
        if held.reading is None:
            held.reading = _read(held.found, scene)
            _note(held, scene)
    mentions = (_mention(held, text, article_id) for held in pending if held.reading is not None)
    return tuple(mentions)


def _bounds(text: str, regions: Sequence[Region]) -> Iterable[tuple[int, int]]:
    """The stretches to search: regions in the order of the text, web addresses cut out of headers by the grammar's traps."""
    if not regions:
        return [(0, len(text))]
    return sorted((region.start, region.end) for region in regions if region.kind in SEARCHED)


def _spans(rules: grammar.Grammar, scene: Scene, start: int, end: int, article_id: str) -> list[_Pending]:
    """The spans that hold between `start` and `end`; those that need no date in force are read at once."""
    places = grammar.find(rules, scene.text, scene.folded, start, end)
    addresses = [match.span() for match in _URL.finditer(scene.folded, start, end)] if "/" in scene.folded else []
    held: list[_Pending] = []
    taken = start
    for candidates in places:
        for found in candidates:
            if found.start < taken or any(first <= found.start < last for first, last in addresses):
                continue
            if found.rule.alone and not scene.stands_alone(found):
                continue
            if found.rule.timex_type == "NONE":
                taken = found.end
                break
            date_id = content_id(article_id, "date", found.start, found.end)
            if found.rule.resolver in resolve.LATE:
                if resolve.holds(found, scene):
                    held.append(_Pending(found, None, date_id))
                    taken = found.end
                    break
                continue
            reading = _read(found, scene)
            if reading is not None and reading.timex_type == NONE:
                taken = found.end
                break
            if reading is not None:
                held.append(_Pending(found, reading, date_id))
                _note(held[-1], scene)
                taken = found.end
                break
    return held


def _read(found: Found, scene: Scene) -> Reading | None:
    """What the rule's resolver makes of the span; dates beyond the calendar stay unresolved."""
    try:
        return resolve.RESOLVERS[found.rule.resolver](found, scene)
    except (OverflowError, ValueError):
        return Reading(None, "out_of_range")


def _note(held: _Pending, scene: Scene) -> None:
    """Tell the timeline about a resolved date."""
    reading, found = held.reading, held.found
    if reading is None or (reading.timex_type or found.rule.timex_type) not in ("DATE", "TIME"):
        return
    first, last, granularity = calendars.interval(reading.value)
    if first is None or last is None or granularity is None:
        return
    anchor = Anchor(
        found.start,
        found.end,
        first,
        last,
        granularity,
        held.date_id,
        reading.explicit,
        str(reading.value),
        held.found.rule.resolver in resolve.LATE,
        scene.is_background(found),
        reading.method == "relative",
        scene.is_statement(found),
        scene.is_pluperfect(found),
        scene.aside_end(found) if scene.timeline.is_distant(first) else 0,
        int(found.rule.args.get("days", 0)),
    )
    scene.timeline.add(anchor, topic=_is_topic(anchor, found, scene))


def _is_topic(anchor: Anchor, found: Found, scene: Scene) -> bool:
    """Whether figures are given for this month: "le taux de chômage de novembre"."""
    document = scene.timeline.document
    if anchor.granularity != "month" or document is None or found.form("mod") or found.rule.resolver == "unit_next_to":
        return False
    months = (document.year - anchor.first.year) * 12 + document.month - anchor.first.month
    return 0 < months <= 4 and common.among_figures(found, scene)


def _mention(held: _Pending, text: str, article_id: str) -> DateMention:
    found, reading = held.found, held.reading
    assert reading is not None
    start, end = reading.start or found.start, reading.end or found.end
    kind = reading.timex_type or found.rule.timex_type
    place = reading.interval or (reading.value if kind in ("DATE", "TIME") else None)
    first, last, granularity = calendars.interval(place)
    if reading.mod == "BEFORE" and kind == "DATE":
        first = None
    elif reading.mod == "AFTER" and kind == "DATE":
        last = None
    return DateMention(
        held.date_id, article_id, kind, text[start:end], start, end, reading.value, reading.mod,
        first, last, granularity, reading.anchor, reading.method, found.rule.rule_id,
    )  # fmt: skip


def _words(folded: str) -> tuple[int, int]:
    """Where the words of a text begin and end: quotes, brackets and full stops around it left out."""
    first = _WORD.search(folded)
    end = len(folded)
    while end and not folded[end - 1].isalnum():
        end -= 1
    return (first.start(), end) if first else (0, 0)


def _part_of_speech(doc: Doc | None) -> Callable[[int], str]:
    """The part of speech of the word that begins at an offset."""

    found: dict[int, str] = {}

    def part_of(offset: int) -> str:
        if not found and doc is not None:
            found.update({token.idx: token.pos_ for token in doc})
        return found.get(offset, "")

    return part_of

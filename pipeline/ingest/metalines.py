"""Metadata lines of unknown words: what their shape and their place tell when the lists of `sluglines` do not.

"Vu au tribunal, vendredi 24/11/2017 12 h 50", "[20 février 2006]", "Vallée de la Drôme | 3 mai 2019". Such a line stands above
the story beside the title, holds one whole date set off from the rest, and what else it holds is short and no sentence. The
lists serve above all to reject it: "Attentat de Nice | 14 juillet 2016".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.ingest import sluglines, stamps
from pipeline.ingest.labels import UPDATED
from pipeline.ingest.lines import Line, shaped_like_title
from pipeline.ingest.stamps import Dated

_ZONE_LINES, _LISTED_LINES = 12, 30  # where the line may stand; as far as others are looked for, which would make a list of it
_MAX_CHARS, _MAX_PIECES, _PIECE_WORDS, _TITLE_WORDS = 120, 6, 7, 3
_FRAME = re.compile(r"[\W_]*")
_DASH = ("-", "–", "—")
_ENDS_A_SENTENCE = re.compile(r"(?:[!?:;…,]|\.\.|[^\W\d_]{4}\.)$")
_BEFORE = re.compile(r"(?:^|[|•·●>\[\]/\t]|\s{2})\s*(?:le\s+)?$", re.IGNORECASE)  # what sets a date off beyond doubt
_AFTER = re.compile(r"\s*(?:$|[|•·●<>\[\]/\t])|\s{2}")
_IN_FIGURES = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}")
_QUARTER = 15  # what is announced begins at a quarter of an hour; an article appears at any minute
_SIGNED = re.compile(
    r"(?:(?:article|texte|message|billet|dépêche) )?"
    r"(?:postée?|publiée?|écrite?|rédigée?|ajoutée?|envoyée?|proposée?|signée?|créée?|mise? en ligne|en ligne)"
    r"(?P<by>\s+par\s+(?P<name>[^|,;:]{2,40}?))?\s*,?\s*(?:depuis\s+)?(?:le|:|,|-)\s*:?\s*$",
    re.IGNORECASE,
)
_FIELD = re.compile(  # of an export of a press database, beside those that sluglines have: "Auteur: pms"
    r"(?i:auteure?|cahier|pages?|type|mots|édition|numéro)\s?:\s?\S[^:!?]{0,30}"
)
_SOURCE = re.compile(r"(?:journal|rubrique|section|source)\s*:", re.IGNORECASE)
_PAPER = re.compile(r"(?:L[ea]s?\s|L['’])[A-ZÀ-ÖØ-Þ][\w'’-]+(?:\s[\w'’-]+){0,3}")
_DETERMINED = re.compile(
    r"(?i:le|la|les|un|une|des|du|ce|cette|ces|son|sa|ses|au|aux|à|pour|contre|après|avant|depuis|l['’])(?:\s|(?<=['’]))"
)
# Words that only a clause has: pronouns, auxiliaries, endings of the future and of the past.
_CLAUSE = re.compile(
    r"(?i)\b(?:est|sont|était|étaient|a|ont|avait|va|vont|fait|font|veut|peut|doit|qui|que|qu['’]|se|s['’]|ne|n['’]|il|elle|ils|elles"
    r"|nous|vous|je|j['’]|\w{3,}(?:era|eront|èrent|aient))\b"
)


@dataclass(frozen=True, slots=True)
class Metaline:
    """Which of the lines it is and what it says."""

    number: int
    published: Dated
    author: str | None = None


@dataclass(frozen=True, slots=True)
class _Shape:
    published: Dated
    author: str | None = None
    counts: bool = True


def find(lines: Sequence[Line], *, titled: bool) -> Metaline | None:
    """The line that dates the story under it; None if several give different days. `titled`: the title is known already."""
    top = next((number for number, line in enumerate(lines) if line.is_prose), 0)
    shapes = {number: shape for number, line in enumerate(lines[:_LISTED_LINES]) if (shape := _shape(line.text))}
    counting = [number for number in shapes if number < min(top, _ZONE_LINES) and shapes[number].counts]
    if not counting or len({shape.published.when.date() for shape in shapes.values()}) > 1:
        return None
    number = counting[0]
    if not titled and not any(_may_be_title(line.text) for at, line in enumerate(lines[:top]) if at not in shapes):
        return None
    return Metaline(number, shapes[number].published, shapes[number].author)


def _may_be_title(text: str) -> bool:
    return len(text.split()) >= _TITLE_WORDS and shaped_like_title(text)


def _shape(text: str) -> _Shape | None:
    """The date that is a piece of the line of its own; where the rest may be a headline or a programme it does not count."""
    if len(text) > _MAX_CHARS or _ENDS_A_SENTENCE.search(text):
        return None
    if text.endswith(_DASH) and not text.startswith(_DASH):
        return None  # a dateline
    return _alone(text) or _signed(text) or _among_pieces(_barred(text))


def _alone(text: str) -> _Shape | None:
    """ "[3 mai 2019]", "— 3 mai 2019 —"."""
    start = _FRAME.match(text)
    match = stamps.HEADER_MOMENT.match(text, start.end() if start else 0)
    if match is None or not _FRAME.fullmatch(text, match.end()):
        return None
    published = stamps.from_match(match)
    return _Shape(published) if published else None


def _signed(text: str) -> _Shape | None:
    """ "Posté par Jeannot le 03-05-2019", "Rédigé le 3 mai 2019 à 10h"."""
    match = stamps.HEADER_MOMENT.search(text)
    # The moment takes the article in front of it.
    label = _SIGNED.fullmatch(text[: match.start()] + "le ") if match else None
    if match is None or label is None:
        return None
    rest = text[match.end() :].strip(" ,|-–—()")
    if rest and not UPDATED.match(rest):
        return None
    published = stamps.from_match(match)
    return _Shape(published, label["name"]) if published else None


def _barred(text: str) -> str:
    """`text` with a bar between a date and the paper's name that stands beside it without any mark: "3 mai 2019 Le Messager"."""
    match = stamps.HEADER_MOMENT.search(text)
    if match is None:
        return text
    before, after = text[: match.start()].strip(), text[match.end() :].strip()
    if not before and after and _PAPER.fullmatch(after) and sluglines.is_name(after):
        return f"{match[0]} | {after}"
    if not after and before and _PAPER.fullmatch(before) and sluglines.is_name(before):
        return f"{before} | {match[0]}"
    return text


def _among_pieces(text: str) -> _Shape | None:
    cut = sluglines.cut_at_dates(text)
    dates = (cut.published or cut.bare) if cut else []
    if cut is None or len({dated.when.date() for dated in dates}) != 1:
        return None
    published = dates[0]
    pieces = sluglines.pieces_of(cut.rest)
    clocks = [piece for piece in pieces if stamps.CLOCK.fullmatch(piece)]
    if len(clocks) == 1:
        published = stamps.at_clock(published, clocks[0])
    if len(pieces) > _MAX_PIECES or not all(_is_short(piece) for piece in pieces):
        return _Shape(published, counts=False)
    telling = (
        bool(cut.published) or cut.edition or bool(_SOURCE.match(text)) or any(sluglines.is_telling(piece) for piece in pieces)
    )
    return _Shape(published, counts=telling or _is_stamp(text, published))


def _is_short(piece: str) -> bool:
    """Whether a piece may be anything but a headline, a caption, a programme or a sentence."""
    if sluglines.kind_of(piece) or _FIELD.fullmatch(piece):
        return True
    if len(piece) < 2 or len(piece.split()) > _PIECE_WORDS or ":" in piece or _CLAUSE.search(piece):
        return False
    if sluglines.is_telling(piece):
        return True
    return not sluglines.is_subject(piece) and (sluglines.is_name(piece) or not _DETERMINED.match(piece))


def _is_stamp(text: str, published: Dated) -> bool:
    """Whether the date is written as no caption and no headline has it: in figures, or between bars."""
    match = stamps.HEADER_MOMENT.search(text)
    if match is None:
        return False
    if published.has_time and published.when.minute % _QUARTER == 0 and not published.when.second:
        return False
    odd_minute = published.has_time and match["hour"] is not None
    barred = _BEFORE.search(text[: match.start()]) and _AFTER.match(text[match.end() :])
    return bool(barred) or odd_minute or _IN_FIGURES.search(match[0]) is not None

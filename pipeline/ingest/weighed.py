"""Dates of publication that no known pattern gives: every date in a line that is no prose is weighed, the best may count.

"(BELGA/r.d., 31/03/25, 18:45)" under a story, "MERCREDI 26 JUILLET 1995 - PAGE 3" over it, "Fait à Lyon, le 22 juillet 2019". For
a date speak a label in front of it, what only metadata have beside it, a clock, its shape and its place; against it headlines,
captions, programmes, labels of other purposes (words are data: ``data/publication.toml``) and what the story says of days and
years. A wrong date spoils every date of an article, a missing one only leaves them open: what is in doubt does not count.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from itertools import islice

from pipeline.fold import fold
from pipeline.ingest import sluglines, stamps
from pipeline.ingest.labels import PUBLISHED_BEFORE
from pipeline.ingest.lines import Line, is_headline, shaped_like_title
from pipeline.ingest.stamps import Dated

_HEAD_LINES, _FOOT_LINES, _LISTED_LINES = 16, 8, 30  # where the line may stand; as far as others that differ make a list of it
_STORY_LINES, _STORY_CHARS, _WITNESSES = 40, 4000, 60
_MAX_CHARS, _PIECE_WORDS, _DATELINE_CHARS = 160, 7, 140
_NOTE_CHARS, _LEAF, _MACHINE_LINES = 100, 12, 20
_STORY_LINE = 60  # what follows a dateline in its line; less is the end of a headline
_QUARTER, _MORNING = 15, 7  # what is announced begins at a quarter of an hour, not at night; an article appears at any minute
_NEAR, _FAR = timedelta(days=45), timedelta(days=200)  # between a date of the story and that of publication
# What speaks for a date and what against it.
_ENOUGH = 3
_LABELLED, _TELLING, _PAGE, _ALONE, _BRACKETS, _STAMP, _ODD_MINUTE, _WEEKDAY, _STORY_AGREES = 5, 2, 1, 3, 1, 2, 1, 1, 1
_DATELINE, _LETTERHEAD, _ADDRESS, _AMID_UNKNOWN, _RIVAL = 4, 2, 3, -3, 2
_PLACES = {"head": 1, "amid": -2, "foot": -2, "signed": -2, "story": -20, "": 0}
_HEADLINE, _JOINED, _APPOINTED, _STORY_DISAGREES = -4, -4, -3, -4

_BARS = str.maketrans(dict.fromkeys("❘¦‖│┃·●•◆♦⋅", "|"))
_SEPARATED_BEFORE = re.compile(r"(?:^|[|,;:>/()\[\]–—\t]|--?|\s{2}|\.)\s*(?:le\s+)?$", re.IGNORECASE)
_SEPARATED_AFTER = re.compile(r"\s*(?:$|[|,;>/()\[\]–—.<-]|:\s?[A-Z]?\.?\d|(?:par|à|by)\b)|\s{2}|\t", re.IGNORECASE)
_BARRED_BEFORE = re.compile(r"(?:^|[|>\[\]/\t]|\s{2})\s*(?:le\s+)?$", re.IGNORECASE)
_BARRED_AFTER = re.compile(r"\s*(?:$|[|<>\[\]/])|\s{2}|\t")
_ENDS_A_SENTENCE = re.compile(r"(?:[!?:;…,]|\.\.|[^\W\d_]{4}\.)$")
_FIGURES = re.compile(r"\d{1,4}\s?[-/._]\s?\d{1,2}\s?[-/._]\s?\d{1,4}|\d{6,}")
_COPYRIGHT = re.compile(r"[|\s]*(?:©|\(c\)|copyright\b)", re.IGNORECASE)
_COPYRIGHT_YEAR = re.compile(rf"{_COPYRIGHT.pattern}[^\d|]{{0,40}}(?P<y>(?:19|20)\d\d)(?!\d|\s?[-–]\s?\d)", re.IGNORECASE)
_YEAR = re.compile(r"(?<![\d/-])(?P<y>(?:19|20)\d\d)(?![\d-]|/\d{4})")
_STORY_YEAR = re.compile(r"\b(?:en|depuis|fin|début|dès|l['’]année) (?P<y>(?:19|20)\d\d)\b", re.IGNORECASE)
_ADDRESS_DATE = re.compile(
    r"https?://\S*?[/_-](?P<y>(?:19|20)\d\d)(?P<sep>[/_-]?)(?P<m>0[1-9]|1[0-2])(?P=sep)(?P<d>0[1-9]|[12]\d|3[01])(?!\d)"
)
_DATELINE_END = re.compile(r"\)?(?:\s*\([^()]{2,40}\))?\s*(?:--+|[–—]|-\s|\.\s?[–—-]|\|\s)\s*")
# What may end anything: "Albi, le 29 avril 2024. Pendant", "(Paris, 4 juillet 2002.) À", "(Genève, 4 juillet 2002)".
_DATELINE_STOP = re.compile(r"(?:\.|(?P<bracket>\.?\)))(?:\s+(?=[A-ZÀ-ÖØ-Þ«\"“])|$)")
_ENTRY = re.compile(r"\s?(?:[.:–—]|-\s)|(?<=\.)\s")  # behind a day that opens a line of a chronology
_DATELINE_CUT = re.compile(r"\s*(?:--+|[,()\[\]/|–—]|\s-\s?|-\s|(?<=[^\W\d_]{3})\.\s)\s*")
_ADDRESS_CHARS = 300
_INITIALS = re.compile(r"[a-zà-ÿ]{1,3}(?:[./-][a-zà-ÿ]{1,3}){0,4}\.?|[A-ZÀ-Þ]\.(?:[ -]?[A-ZÀ-Þ]\.?){0,3}")
_ISSUE_WORDS = r"(?:papier|numerique|speciale?|abonnes|nationale|locale|generale|regionale|n° ?\d[\d .]*|\d[\d .]*|de [\w-]+)"
# What names an issue: a page behind the date, "29 janvier 1990, p. 3", or a database's field; but not in a footnote.
_PAGE_AFTER = re.compile(r"\)?\s?[,;:]\s?(?:(?:p|pp|page|pages)\b\.?\s?\d|[A-Z]\.\d)", re.IGNORECASE)
_ISSUE_FIELD = re.compile(r"(?:(?:info\w*|détails) (?:de|sur) la publication|publication (?:info\w*|details))\s?:", re.IGNORECASE)
_OTHER_WORK = re.compile(r"[(\[]?\d{1,2}[\].)\s]\D|\*|(?:cf|voir|lire|source)\b", re.IGNORECASE)
_QUOTED = re.compile(r"[«“][^«»“”]{2,100}[»”]|\[[^\[\]\d]{2,40}\]")
_DAY_OF_WEEK = rf"{stamps.WEEKDAY} {stamps.DAY}(?:er)?"
_WEEKEND = re.compile(  # of two days: "samedi 16 et dimanche 17 juin 2007"
    rf"({_DAY_OF_WEEK})(?: ({stamps.MONTH}))?\s?(?:et|-|–|/|,)\s?{_DAY_OF_WEEK} ({stamps.MONTH})", re.IGNORECASE
)
_MAILED = re.compile(r"(?:envoye|sent)\s?:")
_ZONE = re.compile(r"\d\s?\(?(?:UTC|GMT|CES?T|E[SD]T|HNE|HAE|TU)\b")
_UNANNOUNCED = {"agency", "byline", "edition", "reading", "control"}  # what no programme has beside its day and hour
_GAP_IN_BYLINE = re.compile(r"(?<=\b[Pp]ar)\s+")
_DATED_FROM = re.compile(r"\s(?:datée? )?d[ue]$")
_LETTER = re.compile(r"([^,|()]{2,40}?)(,?)\s*")
_SIGN = re.compile(r"[A-Za-zÀ-ÿ.-]{1,5}")  # of a person or of another agency, beside one that is known
_PAGE_PIECE = re.compile(r"p\.|pp\.|pages?\b", re.IGNORECASE)
_RIGHTS = re.compile(r"(?:tous )?droits\b[^|]{0,30}\bréservés", re.IGNORECASE)
# Prices, "il y a 5 ans", other calendars ("14 Chaabane 1444"), the marks of Markdown at the ends.
_NO_WORDS = re.compile(
    r"\d+[.,]\d\d\s?(?:€|euros?\b|CHF|FF?\b|\$)|il y a \d+ \w+|\d{1,2} [A-Za-zÀ-ÿ'’ -]{4,16} 1[34]\d\d\b"
    rf"|^[_#>\s*]+|[_\s*]+$|\*|{_RIGHTS.pattern}",
    re.IGNORECASE,
)
_PAPER = re.compile(r"(?:L[ea]s?\s|L['’])[A-ZÀ-ÖØ-Þ][\w'’-]+(?:\s[\w'’-]+){0,3}")
_DETERMINED = re.compile(
    r"(?i:le|la|les|un|une|des|du|ce|cette|ces|son|sa|ses|au|aux|à|pour|contre|après|avant|depuis|l['’])(?:\s|(?<=['’]))"
)
# Words that only a clause has: pronouns, auxiliaries, endings of the future and of the past.
_CLAUSE = re.compile(
    r"(?i)\b(?:est|sont|était|étaient|a|ont|avait|va|vont|fait|font|veut|peut|doit|qui|que|qu['’]|se|s['’]|ne|n['’]|il|elle|ils|elles"
    r"|nous|vous|je|j['’]|\w{3,}(?:era|eront|èrent|aient))\b"
)
_SOURCE = re.compile(r"(?:journal|rubrique|section|source)\s*:", re.IGNORECASE)
_FIELD = re.compile(  # of an export of a press database, beside those that sluglines have: "Auteur: pms"
    r"(?i:auteure?|cahier|pages?|type|mots|édition|numéro|journal|source|rubrique|section)\s?:\s?\S[^:!?]{0,30}"
)


@dataclass(frozen=True, slots=True)
class Found:
    """The date, where the words stand that give it, whether a dateline does, and who signed it."""

    published: Dated
    start: int
    end: int
    dateline: bool = False
    author: str | None = None


@dataclass(frozen=True, slots=True)
class _Candidate:
    found: Found
    score: int  # of the words alone, until the place is known
    labelled: bool = False
    place: str = ""  # of `_PLACES`


@dataclass(frozen=True, slots=True)
class _Day:
    """A date in a line: whether a label stands in front of it, whether it is part of a phrase, and by whom the label says."""

    match: re.Match[str]
    dated: Dated
    labelled: bool
    joined: bool
    author: str | None


@dataclass(frozen=True, slots=True)
class _Words:
    """The lists of ``data/publication.toml`` as patterns."""

    published: re.Pattern[str]
    other: re.Pattern[str]
    elsewhere: re.Pattern[str]
    machines: re.Pattern[str]
    ends: re.Pattern[str]
    near: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class _Context:
    """What else tells days and years: whole dates around the story and in it, years around it, days with their weekday in it.

    `recent`: the story counts its days from that on which it appeared.
    """

    around: tuple[datetime, ...]
    story: tuple[datetime, ...]
    years: frozenset[int]
    story_years: tuple[int, ...]
    weekdays: tuple[re.Match[str], ...]
    recent: bool


def is_dated_note(text: str) -> bool:
    """Whether a line labels a date: "Mis en ligne le 6 mars 2023 par J. M.", "Inscrit le : 14 nov. 2008"; or names an issue."""
    if _names_issue(text):
        return True
    match = stamps.LOOSE_MOMENT.search(text) if len(text) <= _NOTE_CHARS else None
    return match is not None and any(_label(fold(text[: match.start()])))


def _names_issue(text: str) -> bool:
    """ "J. Morel, « Un titre », L’Écho des Landes, 29 janvier 1990, p. 3": the paper that the story was taken from."""
    if len(text) > _MAX_CHARS:
        return False
    if _ISSUE_FIELD.match(text):
        return True
    bare = _QUOTED.sub("|", text)
    return (
        _is_paged(bare)
        and not _OTHER_WORK.match(bare)
        and not _CLAUSE.search(bare)
        and any(map(_is_press, sluglines.pieces_of(bare)))
    )


def _is_paged(text: str) -> bool:
    return any(_PAGE_AFTER.match(text, match.end()) for match, _ in _whole_dates(text))


def without_sequel(lines: list[Line]) -> list[Line]:
    """The lines up to the heading of what follows a story: comments, other articles."""
    story = next((number for number, line in enumerate(lines) if line.is_prose), len(lines))
    ends = (number for number in range(story, len(lines)) if _words().ends.fullmatch(fold(lines[number].text[:_NOTE_CHARS])))
    return lines[: next(ends, len(lines))]


def find(lines: Sequence[Line], taken: Collection[int], *, titled: bool) -> Found | None:
    """The date that is best witnessed around the story in `lines`, if it is witnessed well; None where there is no story.

    `taken`: the starts of lines whose meaning is known; a year may come from them. `titled`: the title is known.
    """
    prose = [number for number, line in enumerate(lines) if _is_story(line)]
    if not prose:
        return None
    places = _places(lines, prose)
    context = _context([lines[number].text for number in places], [lines[number].text for number in prose[:_STORY_LINES]])
    known = {number for number, line in enumerate(lines) if line.start in taken}
    candidates = [candidate for number in places for candidate in _address(lines[number], places[number])]
    candidates += [*_calendar([lines[number] for number, place in places.items() if place == "head"])]
    candidates += [
        candidate for line in dict.fromkeys([*lines[:_MACHINE_LINES], *lines[-_MACHINE_LINES:]]) for candidate in _machine(line)
    ]
    dated: set[int] = set()
    for number in [*places, *(number for number in range(min(len(lines), _LISTED_LINES)) if number not in places)]:
        line = lines[number]
        if number in known or number in prose or len(line.text) > _MAX_CHARS:
            continue
        place = places.get(number, "story")
        found = [replace(candidate, place=candidate.place or place) for candidate in _weigh(line, context, place)]
        dated.update({number} if found else ())
        candidates.extend(found)
    titled = titled or any(is_headline(lines[number].text) for number in range(prose[0]) if number not in dated | known)
    alone = titled and _is_recent(lines[prose[0]].text) and sum(_is_entry(lines[number].text) for number in prose) == 1
    for number in dict.fromkeys([*range(max(0, prose[0] - 2), prose[0]), *prose[:3]]):
        candidates.extend(_dateline(lines[number], context, first=number == prose[0], bare=number == prose[0] and alone))
    if not titled:
        candidates = [candidate for candidate in candidates if candidate.place != "head"]  # what is left may be the title
    return _best([_compared(candidate, context) for candidate in candidates])


def _places(lines: Sequence[Line], prose: Sequence[int]) -> dict[int, str]:
    """The lines above the story, between its first paragraph, which may be a standfirst, and the next, and under it."""
    head = range(min(prose[0], _HEAD_LINES))
    amid = range(prose[0] + 1, min(prose[1], _HEAD_LINES)) if len(prose) > 1 and prose[0] else range(0)
    foot = range(max(prose[-1] + 1, len(lines) - _FOOT_LINES), len(lines))
    places = dict.fromkeys(amid, "amid") | dict.fromkeys(foot, "foot") | dict.fromkeys(head, "head")
    signed = {number for number in foot if number - 1 in foot and _is_signature(lines[number - 1].text[:_MAX_CHARS])}
    return places | dict.fromkeys(signed - set(head), "signed")


def _is_story(line: Line) -> bool:
    """A paragraph; "La Coupe est de retour !" is a headline, "Mis en ligne par J. M." is signed."""
    return line.is_prose and not (shaped_like_title(line.text) or is_dated_note(line.text) or _COPYRIGHT.match(line.text))


def _best(candidates: Sequence[_Candidate]) -> Found | None:
    """The best of those that suffice where they stand; none if another day is witnessed, too."""
    for labelled in (True, False):
        group = [candidate for candidate in candidates if candidate.labelled or not labelled]
        enough = sorted((c for c in group if _placed(c) >= _ENOUGH), key=lambda c: (-_placed(c), not c.found.published.has_time))
        if enough:
            day = enough[0].found.published.when.date()
            alone = all(c.score < _RIVAL or c.found.published.when.date() == day for c in group)
            return enough[0].found if alone else None
    return None


def _placed(candidate: _Candidate) -> int:
    unknown = candidate.place == "amid" and not candidate.labelled and not candidate.found.published.has_time
    return candidate.score + _PLACES[candidate.place] + _AMID_UNKNOWN * unknown


# The line.


def _weigh(line: Line, context: _Context, place: str = "") -> Iterator[_Candidate]:
    """The dates of a line, each with what the line says for it."""
    text = _barred(_NO_WORDS.sub(_blank, _GAP_IN_BYLINE.sub(" ", line.text).translate(_BARS)))
    under = place in ("foot", "signed")
    if issue := _names_issue(text):
        text = _WEEKEND.sub(lambda days: f"{days[1]} {days[2] or days[3]}", _QUOTED.sub(_blank, _ISSUE_FIELD.sub(_blank, text)))
    folded = fold(text)
    if (
        _words().elsewhere.search(folded)
        or (_OTHER_WORK.match(line.text) and _is_paged(text))
        or (_ENDS_A_SENTENCE.search(text) and not (issue or is_dated_note(text)))
    ):
        return
    days: list[_Day] = []
    rest, position = "", 0
    for match, dated in _dates(text, context):
        lead = text[position : match.start()]
        label, other = _label(folded[position : match.start()])
        owned = _owned(line.text, lead, match)
        words = "" if owned else lead[: label.start("label")] if label else lead[: other.start()] if other else lead
        around = text[max(0, match.start() - 1) : match.start()] + text[match.end() : match.end() + 1]
        if not other and not any(character.isalnum() for character in around):
            after = text[match.end() :]
            free = _SEPARATED_AFTER.match(after) or (_is_odd(dated) and _is_signature(after))
            author = lead[slice(*label.span("name"))] if label and label["name"] else None
            labelled = label is not None or issue or owned or (under and _signs(lead, match, place == "signed"))
            days.append(_Day(match, dated, labelled, not (labelled or (free and _set_off(words, dated))), author))
        rest += _DATED_FROM.sub("", words.rstrip()) + "|"
        position = match.end()
    rest += text[position:]
    pieces = [piece for whole in sluglines.pieces_of(rest) for piece in _halves(whole)]
    clocks = [piece for piece in pieces if stamps.CLOCK.fullmatch(piece)]
    others = [piece for piece in pieces if not stamps.CLOCK.fullmatch(piece)]
    if len({day.dated.when.date() for day in days if not any(day.labelled for day in days)}) > 1:
        return  # the head of a table, a span, a list
    for day in [day for day in days if day.labelled] or days:
        dated = stamps.at_clock(day.dated, clocks[0]) if len(clocks) == 1 else day.dated
        if under and _SOURCE.match(text) and not day.labelled:  # of what is quoted: no date of its own, but another one
            yield _Candidate(Found(dated, line.start, line.end), _LABELLED, labelled=True, place="story")
        found = Found(dated, line.start, line.end, author=day.author)
        labelled = day.labelled and not _MAILED.match(folded)  # what a mail forwards has its own date
        score = _shape(text, replace(day, dated=dated), others)
        yield _Candidate(found, score + _LETTERHEAD * (context.recent and _heads_letter(text, day, others)), labelled)


def _shape(text: str, day: _Day, pieces: Sequence[str]) -> int:
    """What speaks for the date of a line, by its words: `pieces` are all but dates, clocks and labels."""
    match, published, labelled = day.match, day.dated, day.labelled
    kinds = {kind for piece in pieces if (kind := _telling(piece))} | ({"field"} if _SOURCE.match(text) else set())
    score = _LABELLED * labelled + _JOINED * day.joined
    score += _TELLING * len(kinds) + _PAGE * ("page" in kinds)
    if not pieces:
        score += _ALONE
    if text.startswith(("(", "[")) and text.endswith((")", "]")):
        score += _BRACKETS
    if stamps.agrees(match[0], published.when):
        score += _WEEKDAY + (match.re is stamps.YEARLESS)
    if not all(_is_short(piece) for piece in pieces):
        score += _HEADLINE
    if published.has_time and not _is_odd(published) and not _ZONE.search(text):
        if not labelled and kinds.isdisjoint(_UNANNOUNCED):
            return score + _APPOINTED
    elif published.has_time:
        score += _ODD_MINUTE
    barred = _BARRED_BEFORE.search(text[: match.start()]) and _BARRED_AFTER.match(text[match.end() :])
    if barred or published.has_time or _FIGURES.search(match[0]):
        score += _STAMP
    return score


def _dates(text: str, context: _Context) -> list[tuple[re.Match[str], Dated]]:
    """The whole dates of a line; where there is none, a day and month whose year the rest tells."""
    if whole := _whole_dates(text):
        return [(match, dated) for match, dated in whole if stamps.agrees(match[0], dated.when) is not False]
    return [(match, dated) for match in stamps.YEARLESS.finditer(text) if (dated := _completed(match, context))]


def _whole_dates(text: str) -> list[tuple[re.Match[str], Dated]]:
    return [(match, dated) for match in stamps.LOOSE_MOMENT.finditer(text) if (dated := stamps.from_match(match))]


def _has_weekday(match: re.Match[str]) -> bool:
    return stamps.agrees(match[0], datetime(1, 1, 1)) is not None


def _signs(lead: str, match: re.Match[str], signed: bool) -> bool:
    """ "Brignolles, le 6 mars 2023" above a signature, "Brignolles, lundi 6 mars 2023" below it, "Pana 06/03/2023"."""
    place = _LETTER.fullmatch(lead)
    if place is None or not sluglines.is_name(place[1]):
        return False
    if not place[2]:
        return sluglines.kind_of(place[1].upper()) == "agency" and _FIGURES.search(match[0]) is not None
    return match[0][:3].casefold() == "le " or (signed and _has_weekday(match))


def _owned(text: str, lead: str, match: re.Match[str]) -> bool:
    """ "© Le Messager, dimanche 1er juin 1997": of a paper, not of a photographer."""
    owner = _COPYRIGHT.match(lead)
    if owner is None or not _is_press(lead[owner.end() :].strip(" ,-–0123456789")):
        return False
    return _has_weekday(match) or _RIGHTS.search(text) is not None


def _heads_letter(text: str, day: _Day, pieces: Sequence[str]) -> bool:
    """ "Le 6 mars 2023, Brignolles", "Lundi 6 mars 2023 - TOULON": as over a letter; "6 juin 1944, Caen" may be anything."""
    if day.match.start() or day.joined or day.dated.has_time or not all(map(sluglines.is_name, pieces)):
        return False
    return len(pieces) == 1 and (day.match[0][:3].casefold() == "le " or _has_weekday(day.match))


def _set_off(lead: str, dated: Dated) -> bool:
    """Whether words stand in front of a date and make no phrase with it: "Le Courrier du 6/3/23", "Jeanne Morel 6/3/23 18:04"."""
    if not lead.strip() or _SEPARATED_BEFORE.search(lead):
        return True
    last = (sluglines.pieces_of(lead) or [""])[-1]
    bare = _DATED_FROM.sub("", last)
    if sluglines.kind_of(bare) == "edition":
        return True
    return _is_odd(dated) and last == bare and _is_signature(last)


def _is_odd(dated: Dated) -> bool:
    """Whether it has a time of day at which nothing that is announced begins."""
    return dated.has_time and bool(dated.when.minute % _QUARTER or dated.when.second or dated.when.hour < _MORNING)


def _is_signature(words: str) -> bool:
    return sluglines.kind_of(words.strip()) in ("agency", "byline", "name")


def _label(folded: str) -> tuple[re.Match[str] | None, re.Match[str] | None]:
    """The label of publication at the end of what stands in front of a date, or that of another purpose."""
    label = _words().published.search(folded)
    return label, None if label else _words().other.search(folded)


def _halves(piece: str) -> list[str]:
    """ "BELGA/r.d.", "AFP/VNA/JM" are several pieces."""
    halves = [half.strip() for half in piece.split("/")]
    signs = [half for half in halves if sluglines.kind_of(half) != "agency"]
    if len(halves) == 1 or len(signs) == len(halves) or not all(_SIGN.fullmatch(half) for half in signs):
        return [piece]
    return [half for half in halves if half not in signs] + ["J. M." for _ in signs[:1]]


def _telling(piece: str) -> str | None:
    """What a piece is that only metadata hold."""
    kind = sluglines.kind_of(piece)
    if kind == "edition" and _PAGE_PIECE.match(piece):
        return "page"
    if kind in ("byline", "agency", "rubric", "edition", "reading", "updated"):
        return kind
    if sluglines.is_control(piece):
        return "control"
    if _INITIALS.fullmatch(piece):
        return "byline"
    return "field" if _FIELD.fullmatch(piece) else "press" if sluglines.is_telling(piece) else None


def _is_press(piece: str) -> bool:
    """Whether a piece is a paper's name: "Le Messager du Rhin", "Ouest-France", "L’Armor quotidien"."""
    return _PAPER.fullmatch(piece) is not None or _telling(piece) in ("edition", "press")


def _is_short(piece: str) -> bool:
    """Whether a piece may be anything but a headline, a caption, a programme or a sentence."""
    if sluglines.kind_of(piece) or _FIELD.fullmatch(piece) or _INITIALS.fullmatch(piece):
        return True
    if len(piece) < 2 or len(piece.split()) > _PIECE_WORDS or ":" in piece or _CLAUSE.search(piece):
        return False
    if sluglines.is_telling(piece):
        return True
    return not sluglines.is_subject(piece) and (sluglines.is_name(piece) or not _DETERMINED.match(piece))


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


# Other places.


def _address(line: Line, place: str) -> Iterator[_Candidate]:
    """An address over a story that has the date in it: ".../2021/03/11/titre.html"; under it, it may be that of a source."""
    match = _ADDRESS_DATE.search(line.text[:_ADDRESS_CHARS])
    dated = stamps.parse(f"{match['y']}-{match['m']}-{match['d']}") if match and place == "head" else None
    if dated:
        yield _Candidate(Found(dated, line.start, line.end), _ADDRESS)


def _calendar(lines: Sequence[Line]) -> Iterator[_Candidate]:
    """A leaf of a calendar: day, month and year in a line each."""
    for leaf in zip(lines, lines[1:], lines[2:], strict=False):
        short = all(len(line.text) <= _LEAF for line in leaf)
        match = stamps.LOOSE_MOMENT.fullmatch(" ".join(line.text for line in leaf)) if short else None
        if dated := stamps.from_match(match) if match else None:
            yield _Candidate(Found(dated, leaf[0].start, leaf[-1].end), _ALONE, place="head")


def _machine(line: Line) -> Iterator[_Candidate]:
    """`"datePublished":"2019-05-02"`, `<pubDate>Thu, 02 May 2019`: scraps of a page or a feed."""
    text = line.text[:_STORY_CHARS]
    for key in _words().machines.finditer(fold(text)):
        match = stamps.LOOSE_MOMENT.match(text, key.end())
        dated = stamps.from_match(match) if match else None
        if dated:
            yield _Candidate(Found(dated, line.start, line.end), _LABELLED, labelled=True)


def _dateline(line: Line, context: _Context, *, first: bool, bare: bool) -> Iterator[_Candidate]:
    """ "LYON, France--(FIL INFO)--14 janv. 2020, 17:45 CET--Le groupe a": places and agencies, a date, a dash, the story.

    `first`: it opens the story, where "Publié le 14 janvier 2020. Le groupe a" is a label; `bare`: a date needs no place there.
    """
    top = line.text[:_DATELINE_CHARS]
    for match, dated in _dates(top, context)[:1]:
        lead = top[: match.start()]
        labelled = first and PUBLISHED_BEFORE.fullmatch(lead) is not None
        pieces = [] if labelled else [piece for piece in _DATELINE_CUT.split(lead) if piece and piece.casefold() != "le"]
        end = _DATELINE_END.match(top, match.end()) if pieces or labelled else None
        stop = _DATELINE_STOP.match(top, match.end()) if match.re is not stamps.YEARLESS else None
        if stop and (labelled or (context.recent and (_stands_apart(lead, match, stop) if pieces else bare and not lead))):
            end = end or stop
        rest = line.text[end.end() :].strip() if end else ""
        if end and (not rest or len(rest) >= _STORY_LINE) and all(_may_open(piece) for piece in pieces):
            found = Found(dated, line.start, line.start + len(end[0].rstrip()) + end.start(), dateline=True)
            yield _Candidate(found, _LABELLED if labelled else _DATELINE, labelled)


def _stands_apart(lead: str, match: re.Match[str], stop: re.Match[str]) -> bool:
    """ "Lyon, le 6 mars 2023.", "Lyon. Lundi 6 mars 2023.", "(Lyon, 6 mars 2023)"; "Lyon, 6 mars 2023. Il pleut" sets a scene."""
    if stop["bracket"]:
        return lead.startswith("(")
    return not lead.startswith("(") and (match[0][:3].casefold() == "le " or lead.rstrip().endswith("."))


def _is_entry(text: str) -> bool:
    """Whether a line opens with a day of its own: "17 août 2018. Les recherches"; several are a chronology."""
    top = text[:_DATELINE_CHARS]
    match = stamps.LOOSE_MOMENT.match(top) or stamps.YEARLESS.match(top)
    return match is not None and _ENTRY.match(top, match.end()) is not None


def _may_open(piece: str) -> bool:
    return sluglines.is_name(piece) or sluglines.kind_of(piece) in ("agency", "byline")


# What the rest of the text says.


def _context(around: Sequence[str], story: Sequence[str]) -> _Context:
    around = [text[:_MAX_CHARS] for text in around]
    story = [text[:_STORY_CHARS] for text in story]
    copyrights = [int(match["y"]) for text in around for match in _COPYRIGHT_YEAR.finditer(text)]
    years = [int(match["y"]) for text in around for match in _YEAR.finditer(text)]
    return _Context(
        tuple(dated.when for text in around for _, dated in _whole_dates(text)),
        tuple(dated.when for text in story for match in stamps.MOMENT.finditer(text) if (dated := stamps.from_match(match))),
        frozenset(copyrights or years),
        tuple(int(match["y"]) for text in story for match in _STORY_YEAR.finditer(text)),
        tuple(islice((match for text in story for match in stamps.YEARLESS.finditer(text)), _WITNESSES)),
        any(map(_is_recent, story)),
    )


def _is_recent(text: str) -> bool:
    return _words().near.search(fold(text[:_STORY_CHARS])) is not None


def _completed(match: re.Match[str], context: _Context) -> Dated | None:
    """The day in the year that a date nearby tells or, around the story, a copyright; the day of the week has the last word."""
    witnesses = [*context.around, *(context.story if _has_weekday(match) else ())]
    near = {
        dated
        for day in witnesses
        for year in (day.year - 1, day.year, day.year + 1)
        if (dated := stamps.in_year(match, year)) and abs(dated.when - day) <= _NEAR
    }
    options = near or {dated for year in context.years if (dated := stamps.in_year(match, year))}
    return options.pop() if len(options) == 1 else None


def _compared(candidate: _Candidate, context: _Context) -> _Candidate:
    """With what the story says: it tells of no day long after it appeared; its "mardi 7 mai" fits one year in six."""
    when = candidate.found.published.when
    later = sum(day - when > _FAR for day in context.story) + sum(year > when.year + 1 for year in context.story_years)
    of = len(context.story) + len(context.story_years)
    score = candidate.score
    if later and (2 * later > of if not candidate.labelled else later == of > 1):
        score += _STORY_DISAGREES
    fits = [fit for match in context.weekdays if (fit := _fits(match, when)) is not None]
    if fits:
        score += _STORY_AGREES if 2 * sum(fits) >= len(fits) else _STORY_DISAGREES
    return replace(candidate, score=score)


def _fits(match: re.Match[str], when: datetime) -> bool | None:
    """Whether a day of the story has the day of the week that it is said to have, next to `when`."""
    if not _has_weekday(match):
        return None
    return any(
        abs(dated.when - when) <= timedelta(days=183)
        for year in (when.year - 1, when.year, when.year + 1)
        if (dated := stamps.in_year(match, year))
    )


@cache
def _words() -> _Words:
    data = tomllib.loads(files("pipeline.data").joinpath("publication.toml").read_text(encoding="utf-8"))
    lists = {name: _any_of(phrases) for name, phrases in data.items()}
    by = r"(?: par(?: :)? (?P<name>[^|,;:]{2,40}?))?"
    article = rf"(?:(?:cet? )?(?:{lists['articles']})(?: a ete)?(?: initialement| d['’]abord)? )?"
    published = rf"{article}(?:{lists['published']})e?s?{by}"
    issue = rf"{article}(?:(?:paru|publie)e?s? )?(?:dans )?(?:le |la |l['’] ?)?(?:{lists['issues']})(?: ?{_ISSUE_WORDS}){{0,2}}"
    done = rf"(?:{lists['done']})e?s? (?:a|au|aux|en) [^|,;:\d]{{2,40}}"
    end = r"\s*[:;,|-]?\s*(?:(?:depuis|datee?) )?(?:(?:du|de|le|en date du) ?)?:?\s*$"
    return _Words(
        re.compile(rf"(?:^|[|,;:>/()\[\]–—.]|\s-|\s{{2}})\s*(?P<label>{published}|{issue}|{done}){end}"),
        re.compile(rf"\b(?:{lists['other']})"),
        re.compile(rf"\b(?:{lists['elsewhere']})\b"),
        re.compile(rf"(?:{lists['machines']})[\"'>\s:=]{{1,8}}(?:content=[\"'])?"),
        re.compile(rf"[^\w\d]*(?:\d+ )?(?:{lists['ends']})\b.{{0,20}}"),
        re.compile(rf"(?<!\ble )(?<!\bles )(?<!\bun )(?<!\bdu )(?<!\bchaque )\b(?:{lists['near']})\b(?!\s\d|-la\b)"),
    )


def _any_of(phrases: Sequence[str]) -> str:
    return "|".join(re.escape(phrase) for phrase in sorted(map(fold, phrases), key=len, reverse=True))


def _blank(match: re.Match[str]) -> str:
    return "|" * len(match[0])

"""Finds the regions of an article and what they say about it; nothing is cut out or changed.

Shapes that real folders hold: a crawler's dump (time stamp, text, hashtags, epoch), Wikinews, news agencies, newspaper sites
("Publié le", "Par"), front matter, Markdown headings, dates in file and folder names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pipeline.ingest import datelines, frontmatter, headers, sluglines, stamps, titles, weighed
from pipeline.ingest import lines as text_lines
from pipeline.ingest.headers import Header
from pipeline.ingest.lines import Line
from pipeline.ingest.sluglines import Slugline
from pipeline.ingest.stamps import Dated
from pipeline.records import Region, RegionKind

SOURCES = ("front_matter", "header", "dateline", "byline", "filename", "path")  # of a publication date, the best first
_HEADER_LINES = 12  # how many lines from the top metadata may stand
_BARE_DATE_LINES = 3
_SLUG_LINES, _LISTED_LINES = 8, 30  # where a slugline may stand; as far as others are looked for, which would make a list of it
_PATH_AGREES = timedelta(days=3)  # a file is named after the day on which it appeared, or was taken
_HASHTAG = re.compile(r"#[^\s#]*[^\W\d_][^\s#]*")
_HASHTAGS = re.compile(r"(?:#[^\s#]+\s*)+")


@dataclass(slots=True)
class Layout:
    """The regions of a text and the metadata found in them."""

    regions: tuple[Region, ...] = ()
    title: str | None = None
    collected: datetime | None = None
    author: str | None = None
    url: str | None = None
    tags: tuple[str, ...] = ()
    dates: dict[str, Dated] = field(default_factory=dict)  # by published_source

    @property
    def published(self) -> tuple[Dated | None, str | None]:
        """The date that the best clue gives, and which clue that is."""
        return next(((self.dates[source], source) for source in SOURCES if source in self.dates), (None, None))


def find(text: str, source: str = "", *, title: str | None = None) -> Layout:
    """The layout of `text`, which lies at path `source` (relative to the corpus).

    `title`: known from elsewhere, and the first line of `text`.
    """
    layout = Layout(title=title)
    marks: list[Region] = []
    lines = _take_tail(text_lines.split(text), layout, marks)
    if title and lines:
        marks.append(Region(RegionKind.TITLE, lines[0].start, lines[0].end))
        lines = lines[1:]
    else:
        lines = _take_front_matter(lines, layout, marks)
    story = weighed.without_sequel(lines)
    lines = _take_headers(story, layout, marks)
    dateline = datelines.find(lines, source)
    if dateline:
        marks.append(Region(RegionKind.DATELINE, dateline.start, dateline.end))
        if dateline.published:
            layout.dates["dateline"] = dateline.published
    _take_signature(lines, layout, marks)
    lines = _take_weighed(story, lines, source, layout, marks)
    _take_title(lines, layout, marks)
    _date_from_path(source, layout)
    layout.regions = _filled(text, marks)
    return layout


def _take_tail(lines: list[Line], layout: Layout, marks: list[Region]) -> list[Line]:
    """The crawler's stamp and the hashtags at the end."""
    if len(lines) > 1 and (collected := stamps.epoch(lines[-1].text)):
        layout.collected = collected
        marks.append(Region(RegionKind.STAMP, lines[-1].start, lines[-1].end))
        lines = lines[:-1]
    tagged: list[Line] = []
    while lines and _HASHTAGS.fullmatch(lines[-1].text) and _HASHTAG.search(lines[-1].text):
        tagged.append(lines.pop())
        marks.append(Region(RegionKind.HASHTAGS, tagged[-1].start, tagged[-1].end))
    tags = (tag.strip("#,;.") for line in reversed(tagged) for tag in _HASHTAG.findall(line.text))
    layout.tags = tuple(dict.fromkeys(tags))
    return lines


def _take_front_matter(lines: list[Line], layout: Layout, marks: list[Region]) -> list[Line]:
    front = frontmatter.find(lines)
    if front is None:
        return lines
    found = front.metadata
    layout.title, layout.author, layout.url = found.title, found.author, found.url
    layout.tags = tuple(dict.fromkeys((*found.tags, *layout.tags)))
    if found.published:
        layout.dates["front_matter"] = found.published
    start, end = lines[0].start, lines[front.n_lines - 1].end
    rest = lines[front.n_lines :]
    repeated = bool(rest) and titles.same(titles.heading(rest[0])[1], found.title)
    if front.title_span and not repeated:
        marks.append(Region(RegionKind.TITLE, *front.title_span))
        marks.append(Region(RegionKind.HEADER, start, front.title_span[0]))
        start = front.title_span[1]
    marks.append(Region(RegionKind.HEADER, start, end))
    return rest


def _take_headers(lines: list[Line], layout: Layout, marks: list[Region]) -> list[Line]:
    """Metadata among the first lines, before the title or after it; what is left are the lines of the story."""
    left, dated = [], []
    slugs = _sluglines(lines)
    for number, line in enumerate(lines):
        header = None
        if number < _HEADER_LINES:
            header = headers.read(line.text, first=_is_top(lines, number), above=_paragraphs(lines, number) < 2)
        if header is None and number in slugs:
            header = headers.of_slugline(slugs[number])
        if header is None and number < _HEADER_LINES and _paragraphs(lines, number) == 0 and sluglines.is_control(line.text):
            header = Header()
        if header is None:
            left.append(line)
            continue
        marks.append(Region(RegionKind.HEADER, line.start, line.end))
        if header.published:
            dated.append((number, header))
        layout.author = layout.author or header.author
        layout.url = layout.url or header.url
    for source in ("header", "byline"):
        if published := _dated([(number, header) for number, header in dated if header.published_source == source]):
            layout.dates[source] = published
    return left


def _paragraphs(lines: Sequence[Line], number: int) -> int:
    """How many paragraphs stand above that line: with one, it may be the standfirst; with two, the story has begun."""
    return sum(line.is_prose for line in lines[:number])


def _is_top(lines: Sequence[Line], number: int) -> bool:
    """Whether a bare date on that line is the article's: further down it may head a section."""
    return number < _BARE_DATE_LINES or (number < 2 * _BARE_DATE_LINES and _paragraphs(lines, number) == 0)


def _sluglines(lines: Sequence[Line]) -> dict[int, Slugline]:
    """The sluglines above the story, or between its standfirst and the rest; several that differ are a list of other things."""
    found = {number: slug for number, line in enumerate(lines[:_LISTED_LINES]) if (slug := sluglines.read(line.text))}
    days = {slug.published.when.date() for slug in found.values() if slug.published and not slug.labelled}
    return {
        number: slug
        for number, slug in found.items()
        if number < min(_SLUG_LINES, len(lines) - 1)
        and (slug.labelled or len(days) < 2)
        and not (
            "name" in slug.kinds and slug.kinds <= {"name", "agency", "clock"} and datelines.stands_alone(lines[number].text)
        )
        and _paragraphs(lines, number) < 1 + slug.telling
    }


def _dated(found: Sequence[tuple[int, Header]]) -> Dated | None:
    """The date that the label tells to be that of publication, else the only one, else a crawler's stamp in the first line."""
    labelled = next((header.published for _, header in found if header.labelled), None)
    dates = [header.published for _, header in found if header.published]
    if labelled or not dates:
        return labelled
    stamped = found[0][0] == 0 and dates[0].has_time
    return dates[0] if stamped or len({dated.when.date() for dated in dates}) == 1 else None


def _take_weighed(lines: list[Line], left: list[Line], source: str, layout: Layout, marks: list[Region]) -> list[Line]:
    """A date that no known pattern gives but much speaks for; the lines that are left without it, unless it opens the story."""
    if layout.dates:
        return left
    found = weighed.find(lines, {mark.start for mark in marks}, titled=layout.title is not None)
    path = stamps.in_filename(source) or stamps.in_folder(source)
    if found is None or (path and abs(found.published.when - path.when) > _PATH_AGREES):
        return left
    layout.dates["dateline" if found.dateline else "header"] = found.published
    layout.author = layout.author or found.author
    if all(mark.start != found.start for mark in marks):
        marks.append(Region(RegionKind.DATELINE if found.dateline else RegionKind.HEADER, found.start, found.end))
    return left if found.dateline else [line for line in left if not found.start <= line.start < found.end]


def _take_signature(lines: Sequence[Line], layout: Layout, marks: list[Region]) -> None:
    """ "Jean Dupont, 3 mars 2019" under a story whose date stands nowhere else; a list of such lines is something else."""
    if len(lines) < 2 or layout.dates or (slug := sluglines.signature(lines[-1].text)) is None:
        return
    if any(mark.start == lines[-1].start for mark in marks) or sluglines.signature(lines[-2].text):
        return
    header = headers.of_slugline(slug)
    if header.published and header.published_source:
        marks.append(Region(RegionKind.HEADER, lines[-1].start, lines[-1].end))
        layout.dates[header.published_source] = header.published
        layout.author = layout.author or header.author


def _take_title(lines: Sequence[Line], layout: Layout, marks: list[Region]) -> None:
    if any(mark.kind is RegionKind.TITLE for mark in marks):
        return
    special = {mark.start for mark in marks}
    if (found := titles.find(lines, special, layout.title)) is None:
        return
    for line in lines[: found.number + 1]:
        if line.start not in special and line.start < found.start:
            marks.append(Region(RegionKind.HEADER, line.start, min(line.end, found.start)))
    marks.append(Region(RegionKind.TITLE, found.start, found.end))
    layout.title = layout.title or " ".join(found.words.split())
    for line in titles.furniture_under(lines, found):
        if line.start not in special:
            marks.append(Region(RegionKind.HEADER, line.start, line.end))


def _date_from_path(source: str, layout: Layout) -> None:
    for kind, dated in (("filename", stamps.in_filename(source)), ("path", stamps.in_folder(source))):
        if dated:
            layout.dates[kind] = dated


def _filled(text: str, marks: Iterable[Region]) -> tuple[Region, ...]:
    """The marks in order, and a BODY region wherever words lie between them; marks that touch nothing but white space go."""
    regions: list[Region] = []
    position = 0
    for mark in sorted(marks, key=lambda region: region.start):
        _add(text, RegionKind.BODY, position, mark.start, regions)
        _add(text, mark.kind, mark.start, mark.end, regions)
        position = mark.end
    _add(text, RegionKind.BODY, position, len(text), regions)
    return tuple(regions)


def _add(text: str, kind: RegionKind, start: int, end: int, regions: list[Region]) -> None:
    piece = text[start:end]
    if bare := piece.strip():
        start += len(piece) - len(piece.lstrip())
        regions.append(Region(kind, start, start + len(bare)))

"""The records that flow through the pipeline: frozen, typed, free of spaCy and of files.

Offsets are Unicode code points into `Article.text`, end exclusive: ``text[start:end]`` is the mark. Ids are hashes of
content, so that the same input gives the same id on every machine and in every order of work.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from hashlib import blake2b

ID_BYTES = 8


def content_id(*parts: object) -> str:
    """A stable 16-character hexadecimal id of `parts` (BLAKE2b of their texts, unit-separated).

    Lone surrogates, which hostile input may hold, are hashed as they are instead of failing.
    """
    joined = "\x1f".join("" if part is None else str(part) for part in parts)
    return blake2b(joined.encode("utf-8", "surrogatepass"), digest_size=ID_BYTES).hexdigest()


class RegionKind(StrEnum):
    """What a stretch of an article is. Regions never overlap; what no region covers is white space."""

    HEADER = "header"  # lines of metadata: time stamp, "Publié le", "Par", front matter; a dated signature at the end
    TITLE = "title"
    DATELINE = "dateline"  # "10 janvier 2016 . –", "PARIS, 3 mars (AFP) -": read for the date, then part of the story
    BODY = "body"
    HASHTAGS = "hashtags"
    STAMP = "stamp"  # trailing time stamp of a crawler


# Regions whose words are prose: they are parsed and searched for entities, dates and events.
PROSE = frozenset({RegionKind.TITLE, RegionKind.DATELINE, RegionKind.BODY})


@dataclass(frozen=True, slots=True)
class Region:
    """A stretch of an article's text."""

    kind: RegionKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Article:
    """One article as it was read.

    `source` is the path relative to the corpus, with ``#n`` for the nth record of a multi-record file. `published` is naive
    local time of the publisher; a date without a time of day stands at midnight with `published_has_time` false.
    """

    article_id: str
    source: str
    text: str
    regions: tuple[Region, ...]
    title: str | None = None
    published: datetime | None = None
    published_source: str | None = None  # which clue won: front_matter, header, dateline, byline, filename, path
    published_has_time: bool = False
    collected: datetime | None = None
    author: str | None = None
    publisher: str | None = None  # newspaper, agency or site
    url: str | None = None
    language: str | None = None
    tags: tuple[str, ...] = ()
    duplicate_of: str | None = None
    repaired: bool = False  # mojibake was put right: `text` is not quite what stands in the file

    def region_at(self, offset: int) -> RegionKind | None:
        """The kind of the region that holds `offset`."""
        return next((region.kind for region in self.regions if region.start <= offset < region.end), None)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a name lies on the map. Latitude and longitude are WGS 84 degrees."""

    country_code: str | None = None  # ISO 3166-1 alpha-2
    geoname_id: int | None = None
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """A named entity where it stands in an article."""

    mention_id: str
    article_id: str
    entity_id: str
    label: str  # PER, ORG, LOC, MISC
    text: str
    start: int
    end: int
    name: str  # the entity's canonical name, as this article supports it ("Altman" -> "Sam Altman")
    method: str  # model, or the rule that found or changed it
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class DateMention:
    """A time expression (TIMEX3). `date_start` and `date_end` are inclusive; either may be None in an open interval."""

    date_id: str
    article_id: str
    timex_type: str  # DATE, TIME, DURATION, SET
    text: str
    start: int
    end: int
    value: str | None
    mod: str | None = None  # START, MID, END, APPROX, BEFORE, AFTER
    date_start: date | None = None
    date_end: date | None = None
    granularity: str | None = None  # time, part_of_day, day, weekend, week, month, quarter, season, half, year, decade, century
    anchor: str | None = None  # what the value was worked out from: none, document, or the date_id of another expression
    method: str = ""  # absolute, relative, discourse, weekday_past ... or the reason why the value is null
    rule_id: str = ""


@dataclass(frozen=True, slots=True)
class Participant:
    """An argument of an event. `entity_id` is set where the argument is a named entity."""

    event_id: str
    role: str  # actor, recipient, theme, place, quantity
    text: str
    start: int
    end: int
    entity_id: str | None = None
    method: str = ""
    name: str | None = None  # the canonical name of the entity
    kind: str | None = None  # of quantities: deaths, injured, arrested, participants, amount, percent, score, count, sentence
    value_min: float | None = None
    value_max: float | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """An event mention, with its date, status and the arguments that fill its roles."""

    event_id: str
    article_id: str
    event_class: str
    event_type: str
    trigger: str
    start: int
    end: int
    sentence: str
    status: str  # asserted, reported, hearsay, planned, possible, requested, attempted, negated
    polarity: str  # positive, negative
    rule_id: str
    confidence: float  # of type, status, days, actors and recipients together
    type_confidence: float  # of the type alone
    attribution: str | None = None  # who says so, as the text names them
    attribution_id: str | None = None
    date_value: str | None = None
    date_start: date | None = None
    date_end: date | None = None
    date_granularity: str | None = None
    date_source: str | None = None  # dependency, clause, sentence, discourse, document, or None
    date_id: str | None = None
    participants: tuple[Participant, ...] = ()
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """What somebody is quoted as saying, directly or indirectly."""

    quote_id: str
    article_id: str
    text: str
    start: int
    end: int
    direct: bool
    speaker: str | None = None
    speaker_id: str | None = None
    cue: str | None = None  # the verb or preposition that introduces it


@dataclass(frozen=True, slots=True)
class Extraction:
    """All that one article yields."""

    article: Article
    n_tokens: int
    mentions: tuple[Mention, ...] = ()
    dates: tuple[DateMention, ...] = ()
    events: tuple[Event, ...] = ()
    quotes: tuple[Quote, ...] = ()
    unsure: tuple[float, ...] = ()  # confidences of the events under the floor, which are left out of `events`


@dataclass(frozen=True, slots=True)
class Failure:
    """An input that could not be processed, and why."""

    source: str
    stage: str  # ingest, language, nlp, entities, dates, events, quotes, engine
    error: str

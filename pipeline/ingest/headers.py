"""Lines in front of an article that are about it, not part of it: when it was published, who wrote it, where it stands."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.ingest import sluglines, stamps
from pipeline.ingest.labels import NAME, NAMES, PARTICLE, PUBLISHED, READING, UPDATED, WORD
from pipeline.ingest.sluglines import Slugline
from pipeline.ingest.stamps import Dated

_MAX_CHARS = 200
_ARTICLE = re.compile(r"(?:(?:article|page|texte|dépêche|communiqué)\s+)?", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:(?:url|lien|source|adresse)\s*:\s*)?(?P<url>https?://\S+)", re.IGNORECASE)
_TODAY = re.compile(r"(?i)(?:aujourd['’]hui|hier|il y a \d+ (?:minutes?|heures?|jours?))(?: à [\dh: ]+)?\.?$")
_QUOTED = re.compile(r"«[^«»]*»|\"[^\"]*\"|“[^“”]*”")
_BY = re.compile(
    r"(?i:(?:(?:article|texte|reportage|enquête|entretien|récit) )?(?:rédigé |écrit |signé |propos recueillis |recueillis )?par"
    r"|auteure?s? ?:|texte ?:"
    r"|de (?:notre|nos) (?:correspondante?s?|envoyée?s? (?:spéciale?s?|spéciaux))(?: (?:à|au|aux|en) [\w' -]{2,40}?)?\s?[,:]?)"
    rf"\s+(?P<name>{NAMES}|la rédaction|rédaction)(?P<with>\s+\(?avec\s+(?:l')?{NAME}\)?)?"
)
_BY_SOMEBODY = re.compile(rf"\b[Pp]ar\s+(?P<name>{NAMES})")
_SIGNED = re.compile(rf"(?P<name>{WORD}(?:\s+(?:{PARTICLE}\s+)?{WORD}){{1,3}})\s*(?:[|,•·–—]|\s-\s)\s*(?:le\s+)?(?=[\dlmjvsd])")
_PLACE = re.compile(r"\s*(?:,\s*(?:à|au|en)\s+[\w' -]{2,40}?(?=$|\s*[,|•·–—-])|\([^()]{2,40}\))")
_GAP = re.compile(r"\s*[,|·•]?\s*")
_NO_PERSON = re.compile(r"(?i)(?:le|la|les|l'|l’)\b")
_JOINTS = re.compile(r"(?i)\b(?:le|à|par)\b|\b\d{1,2}\s?[h:]\s?(?:\d{2}\b)?|[\W_]+")


@dataclass(frozen=True, slots=True)
class Header:
    """What a line of metadata says. `published_source` is header or byline; `labelled`: it calls the date that of publication."""

    published: Dated | None = None
    published_source: str | None = None
    author: str | None = None
    url: str | None = None
    labelled: bool = False


def read(text: str, *, first: bool = False, above: bool = True) -> Header | None:
    """What the line `text` says if it is metadata and nothing else; None if it may be prose.

    `first`: it stands among the first lines, where a bare date or address is the article's; further down it may
    head a section or be a source. `above`: it stands above the story, where a name and a date are no caption.
    """
    if len(text) > _MAX_CHARS:
        return None
    return _labelled(text) or (_top_line(text) if first else None) or _byline(text) or (_signed(text) if above else None)


def _top_line(text: str) -> Header | None:
    return _bare_moment(text) or _address(text)


def _labelled(text: str) -> Header | None:
    """ "Publié le 12/03/2024 à 08h15 - Mis à jour le 13/03/2024": a date of change is never the date of publication."""
    article = _ARTICLE.match(text)
    label = PUBLISHED.match(text, article.end() if article else 0)
    updated = UPDATED.match(text)
    if label is None and updated is None:
        return None
    if stamps.HEADER_MOMENT.search(text) is None:
        return Header() if label and _TODAY.match(text, label.end()) else None
    if not _nothing_else(_QUOTED.sub(" ", text) if updated else text[label.start() :] if label else text):
        return None
    by = _BY_SOMEBODY.search(stamps.HEADER_MOMENT.sub("|", text))  # "par Jeanne Morel le Wed, 03/08/2023"
    published, source = _publication(text)
    return Header(published, source, author=by["name"] if by else None, labelled=published is not None)


def _publication(text: str) -> tuple[Dated | None, str | None]:
    for label in PUBLISHED.finditer(text):
        by = _BY_SOMEBODY.match(text, label.end())
        moment = stamps.HEADER_MOMENT.search(text, label.end())
        if moment and moment.start() <= _gap(text, by.end() if by else label.end()) and (published := stamps.from_match(moment)):
            return published, "header"
    return None, None


def _gap(text: str, position: int) -> int:
    """Behind the comma or bar and the white space at `position`."""
    match = _GAP.match(text, position)
    return match.end() if match else position


def _bare_moment(text: str) -> Header | None:
    """ "2023-11-20 13:15:59", "Mardi 12 mars 2024"; a dash behind it would make it a dateline."""
    match = stamps.HEADER_MOMENT.match(text)
    if not match or text.endswith(("-", "–", "—")) or not _nothing_else(text[match.end() :]):
        return None
    published = stamps.from_match(match)
    return Header(published, "header") if published else None


def _byline(text: str) -> Header | None:
    """ "Par Jeanne Morel et Ali Bensaïd, à Lyon", "Par Jeanne Morel, le 12 mars 2024"."""
    match = _BY.match(text)
    if not match or text.endswith((".", "!", "?", ":")):
        return None
    rest = _PLACE.sub(" ", text[match.end() :])
    if not _nothing_else(rest):
        return None
    labelled, source = _publication(rest)
    updated = UPDATED.search(rest)
    moment = stamps.HEADER_MOMENT.search(rest[: updated.start()] if updated else rest)
    published = labelled or (stamps.from_match(moment) if moment else None)
    author = (match["name"] + (match["with"] or "")).translate({ord("("): None, ord(")"): None})
    return Header(published, source or ("byline" if published else None), author=author, labelled=labelled is not None)


def _signed(text: str) -> Header | None:
    """ "Jeanne Morel | 12 mars 2024 à 8h15": a name, perhaps the paper's, and a date."""
    match = _SIGNED.match(text)
    moment = stamps.HEADER_MOMENT.match(text, match.end()) if match else None
    if not match or not moment or text.endswith(".") or not _nothing_else(text[moment.end() :]):
        return None
    if not sluglines.is_name(match["name"]):
        return None
    published = stamps.from_match(moment)
    author = None if _NO_PERSON.match(match["name"]) else match["name"]
    return Header(published, "byline" if published else None, author=author)


def _nothing_else(text: str) -> bool:
    """Whether dates, labels, names after "par" and reading times are all there is: else the line is prose."""
    for pattern in (PUBLISHED, UPDATED, _BY_SOMEBODY, READING, stamps.HEADER_MOMENT, _JOINTS):
        text = pattern.sub(" ", text)
    return not text.strip()


def of_slugline(slug: Slugline) -> Header:
    """What a slugline says, as a header."""
    source = ("byline" if slug.by_somebody else "header") if slug.published else None
    return Header(slug.published, source, author=slug.author, labelled=slug.labelled)


def _address(text: str) -> Header | None:
    match = _ADDRESS.fullmatch(text)
    return Header(url=match["url"]) if match else None

"""Lines in front of an article that are about it, not part of it: when it was published, who wrote it, where it stands."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.ingest import stamps
from pipeline.ingest.stamps import Dated

_MAX_CHARS = 200
_PUBLISHED = re.compile(
    r"(?:publiée?s?|mise? en ligne|postée?|parue?|diffusée?|date(?: de (?:publication|parution))?|publication|parution)"
    r"\s*:?\s+(?:le\s+)?(?=[\w\d])",
    re.IGNORECASE,
)
_UPDATED = re.compile(
    r"(?:(?:page|article)\s+)?(?:(?:dernière\s+)?(?:mis(?:e)?\s+à\s+jour|modification|actualisation)|modifiée?|actualisée?|màj|maj)\b",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"(?:(?:article|page|texte|dépêche|communiqué)\s+)?", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:(?:url|lien|source|adresse)\s*:\s*)?(?P<url>https?://\S+)", re.IGNORECASE)
_TODAY = re.compile(r"(?i)(?:aujourd['’]hui|hier|il y a \d+ (?:minutes?|heures?|jours?))(?: à [\dh: ]+)?\.?$")
_QUOTED = re.compile(r"«[^«»]*»|\"[^\"]*\"|“[^“”]*”")
_READING = re.compile(r"(?:temps de )?lecture\s*:?\s*\d+\s*min\w*\.?|\d+\s*min\w*\s+de lecture\.?", re.IGNORECASE)

_WORD = r"[A-ZÀ-ÖØ-Þ][\w'’.\-]*"
_PARTICLE = r"(?:de|du|des|d'|d’|la|le|von|van|der|el|al|ben|ibn|da|dos)"
_NAME = rf"{_WORD}(?:\s+(?:{_PARTICLE}\s+){{0,2}}{_WORD}){{0,4}}"
_NAMES = rf"{_NAME}(?:(?:\s*,\s*|\s+et\s+){_NAME}){{0,4}}"
_BY = re.compile(
    r"(?i:(?:(?:article|texte|reportage|enquête|entretien|récit) )?(?:rédigé |écrit |signé |propos recueillis |recueillis )?par"
    r"|auteure?s? ?:|texte ?:"
    r"|de (?:notre|nos) (?:correspondante?s?|envoyée?s? (?:spéciale?s?|spéciaux))(?: (?:à|au|aux|en) [\w' -]{2,40}?)?\s?[,:]?)"
    rf"\s+(?P<name>{_NAMES}|la rédaction|rédaction)(?P<with>\s+\(?avec\s+(?:l')?{_NAME}\)?)?"
)
_BY_SOMEBODY = re.compile(rf"\b[Pp]ar\s+(?P<name>{_NAMES})")
_SIGNED = re.compile(
    rf"(?P<name>{_WORD}(?:\s+(?:{_PARTICLE}\s+)?{_WORD}){{1,3}})\s*(?:[|,•·–—]|\s-\s)\s*(?:le\s+)?(?=[\dlmjvsd])"
)
_PLACE = re.compile(r"\s*(?:,\s*(?:à|au|en)\s+[\w' -]{2,40}?(?=$|\s*[,|•·–—-])|\([^()]{2,40}\))")
_NO_PERSON = re.compile(r"(?i)(?:le|la|les|l'|l’)\b")
_JOINTS = re.compile(r"(?i)\b(?:le|à|par)\b|\b\d{1,2}\s?[h:]\s?(?:\d{2}\b)?|[\W_]+")


@dataclass(frozen=True, slots=True)
class Header:
    """What a line of metadata says. `published_source` is header or byline."""

    published: Dated | None = None
    published_source: str | None = None
    author: str | None = None
    url: str | None = None


def read(text: str, *, first: bool = False) -> Header | None:
    """What the line `text` says if it is metadata and nothing else; None if it may be prose.

    `first`: it stands among the first lines, where a bare date or address is the article's; further down it may
    head a section or be a source.
    """
    if len(text) > _MAX_CHARS:
        return None
    return _labelled(text) or (_top_line(text) if first else None) or _byline(text) or _signed(text)


def _top_line(text: str) -> Header | None:
    return _bare_moment(text) or _address(text)


def _labelled(text: str) -> Header | None:
    """ "Publié le 12/03/2024 à 08h15 - Mis à jour le 13/03/2024": a date of change is never the date of publication."""
    article = _ARTICLE.match(text)
    label = _PUBLISHED.match(text, article.end() if article else 0)
    updated = _UPDATED.match(text)
    if label is None and updated is None:
        return None
    if stamps.MOMENT.search(text) is None:
        return Header() if label and _TODAY.match(text, label.end()) else None
    if not _nothing_else(_QUOTED.sub(" ", text) if updated else text[label.start() :] if label else text):
        return None
    by = _BY_SOMEBODY.search(text)
    return Header(*_publication(text), author=by["name"] if by else None)


def _publication(text: str) -> tuple[Dated | None, str | None]:
    for label in _PUBLISHED.finditer(text):
        moment = stamps.MOMENT.match(text, label.end())
        if moment and (published := stamps.from_match(moment)):
            return published, "header"
    return None, None


def _bare_moment(text: str) -> Header | None:
    """ "2023-11-20 13:15:59", "Mardi 12 mars 2024"; a dash behind it would make it a dateline."""
    match = stamps.MOMENT.match(text)
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
    moment = None if _UPDATED.search(rest) else stamps.MOMENT.search(rest)
    published = labelled or (stamps.from_match(moment) if moment else None)
    author = (match["name"] + (match["with"] or "")).translate({ord("("): None, ord(")"): None})
    return Header(published, source or ("byline" if published else None), author=author)


def _signed(text: str) -> Header | None:
    """ "Jeanne Morel | 12 mars 2024 à 8h15": a name, perhaps the paper's, and a date."""
    match = _SIGNED.match(text)
    moment = stamps.MOMENT.match(text, match.end()) if match else None
    if not match or not moment or text.endswith(".") or not _nothing_else(text[moment.end() :]):
        return None
    published = stamps.from_match(moment)
    author = None if _NO_PERSON.match(match["name"]) else match["name"]
    return Header(published, "byline" if published else None, author=author)


def _nothing_else(text: str) -> bool:
    """Whether dates, labels, names after "par" and reading times are all there is: else the line is prose."""
    for pattern in (_PUBLISHED, _UPDATED, _BY_SOMEBODY, _READING, stamps.MOMENT, _JOINTS):
        text = pattern.sub(" ", text)
    return not text.strip()


def _address(text: str) -> Header | None:
    match = _ADDRESS.fullmatch(text)
    return Header(url=match["url"]) if match else None

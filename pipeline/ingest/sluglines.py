"""Sluglines: lines without a sentence that put a date beside rubric, place, byline, agency or edition.

"POLITIQUE - 10/06/2024", "Le Courrier du Centre, n° 12 345, 3 mars 2019, p. 4", "(AFP) 03/03/2019". Such a line is cut at its
dates and separators; it counts only if every piece is one of the things that such lines hold. Words are data:
``data/sluglines.toml``.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from pipeline.ingest import stamps
from pipeline.ingest.labels import CREDIT, KNOWN_AGENCY, NAME, NAMES, PARTICLE, PUBLISHED_BEFORE, READING, UPDATED, WORD
from pipeline.ingest.stamps import Dated

_MAX_CHARS, _MAX_PIECES, _MAX_NAMES = 160, 7, 3
_CUT = "|"
_MARKS = r"|•·●,;>/()\[\]"
_SEPARATOR = re.compile(
    r"\t\s*|\s{2,}|\s*[|•·●,;>()\[\]]\s*|\s*/\s+|\s+/\s*|\s+[-–—~]+\s*|\s*[-–—]+\s+|\s*[–—]\s*|(?<=[^\W_]{2})\.\s+(?!\d)"
)
_SEPARATED_BEFORE = re.compile(rf"(?:[{_MARKS}]|\t|\s{{2}}|\s[-–—]+|[–—]|[^\W_]{{2}}\.)\s*$")
_SEPARATED_AFTER = re.compile(rf"\t|\s{{2}}|\s*(?:[{_MARKS}.]|[-–—]|(?i:par|à)\b)")
_ENDS_A_SENTENCE = re.compile(r"(?:[!?:;…]|\.\.|(?<!\bmin)(?<!\bmn)(?<!\bp)(?<![A-Z])\.)$")

_UPDATED_LEAD = re.compile(rf"\b{UPDATED.pattern}\s*:?\s*(?:le\s*)?$", re.IGNORECASE)
_EDITION_LEAD = re.compile(
    r"(?:(?i:\b(?:(?:article|texte) )?(?:paru|publié) dans)\s+)?"
    r"(?P<words>(?:(?!\s?-\s)[^|•·●,;>()\[\]–—])*?)\s*\b(?i:(?:datée?\s+)?du)\s*$"
)
_ISSUE = re.compile(
    r"(?:(?:l['’])?[eé]dition|(?:le )?numéro(?: \d[\d\s.]*)?|n[o°º]\s?\d[\d\s.]*)(?: papier| numérique| spéciale?| abonnés)?",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"(?:(?:le|la|les)\s+|l['’]\s?)", re.IGNORECASE)
_FIELD = re.compile(r"(?:rubrique|section|catégorie|thème|lieu|ville|pays|journal|source)\s*:\s*", re.IGNORECASE)

_READING = re.compile(
    rf"{READING.pattern}|\d+\s*(?:min(?:utes?)?|mn)\.?|(?:lue?|vue?) \d[\d\s]*fois"
    r"|\d[\d\s]*(?:mots|signes|caractères|commentaires?|réactions?|partages?|vues|lectures)"
    r"|(?:article )?(?:réservée?s? (?:aux )?)?abonnée?s?|(?:accès )?(?:libre|gratuit)"
    r"|(?:en )?(?:vidéos?|photos?|images|audio|podcast)",
    re.IGNORECASE,
)
_EDITION = re.compile(
    r"(?:n[o°º]s?\.?|numéro|vol(?:ume)?\.?)\s?\d[\d\s.]*|(?:pp?\.?|pages?)\s?[A-Z]?\d+(?:\s?(?:-|–|et|à)\s?\d+)?"
    r"|(?:\d(?:re|ère|e)\s)?édition(?: (?:du|de l['’]) ?(?:matin|midi|soir|après-midi)"
    r"| (?:de |du |d['’])?(?-i:[A-ZÀ-Þ])[\w'’-]+(?: [\w'’-]+)?"
    r"| (?:nationale|régionale|locale|générale|papier|numérique|spéciale|abonnés))*"
    r"|cahier \w{1,12}|une|dernière édition|week-end|supplément",
    re.IGNORECASE,
)
_CRUMBS = re.compile(r"[^>›:.!?]{2,40}(?:\s[>›]\s[^>›:.!?]{2,40}){2,6}|(?i:accueil|home)(?:\s[>›/»]\s[^>›:.!?]{2,60}){1,6}")
_SITE = re.compile(r"(?:www\.)?[\w-]+\.(?:fr|com|be|ch|ca|org|net|info|ma|tn|sn|lu|eu)", re.IGNORECASE)
_DESK = r"(?i:(?:la |notre |l['’])?(?:rédaction|équipe|service|desk|pôle|bureau)(?: [a-zà-ÿ&'’-]+){0,4})"
_INITIALS = r"(?:[A-Z]{1,2}\.[ -]?){1,3}[A-Z]{0,2}\.?"
_BY = re.compile(
    r"(?i:(?:article |texte |reportage |récit |propos )?(?:rédigé |écrit |signé |recueillis )?par|auteure?s?\s?:|texte\s?:)\s+"
    rf"(?:(?P<name>{NAMES})|{_DESK}(?:\s{NAME})?|{CREDIT}|{_INITIALS})(?:\s+avec\s+(?:l['’]\s?)?{NAME})?"
)
_UNSIGNED = re.compile(
    r"(?i:(?:la |notre )?rédaction(?: (?:web|numérique|locale|régionale|nationale))?"
    rf"|(?:notre |le )?bureau (?:régional|local|parisien))(?:\s(?:de|du|d['’])\s?{NAME})?|{_INITIALS}"
)
_DESK_OF = re.compile(r"(?:le |la |notre )?(?:service|desk|pôle|rédaction) (?P<rubric>[\w-]+(?: et [\w-]+)?)", re.IGNORECASE)
_AGENCIES = re.compile(
    rf"(?:(?:{NAME}\s+)?(?i:avec)\s+)?(?:l['’]\s?)?(?:{CREDIT}|{KNOWN_AGENCY}(?:\s*(?:et|/|-)\s*{KNOWN_AGENCY}){{0,3}})"
)
_AT = re.compile(rf"(?:à|au|aux|en)\s{NAME}")
_NAME = re.compile(
    rf"(?:[LlDd]['’])?{WORD}"
    rf"(?:[ /](?:(?:{PARTICLE}|sur|sous|et|l['’])[ ]?)*{WORD}){{0,4}}"
)
_PERSON = re.compile(rf"{WORD}(?:\s(?:(?:de|du|von|van|der|el|al|ben|ibn|da|dos|le|la)\s)?{WORD}){{1,3}}")
# "LE MAIRE DÉMISSIONNE": the capitals of a headline; "LES SABLES D'OLONNE" is a place.
_SHOUTED = re.compile(
    r"(?:(?:LE|LA|LES|UN|UNE|DES)\s+|L['’]\s?)[A-ZÀ-ÖØ-Þ]+\s+(?!(?:SUR|DE|DES|DU|SOUS|EN)\b|D['’])[A-ZÀ-ÖØ-Þ]+\b"
)


@dataclass(frozen=True, slots=True)
class Slugline:
    """What a slugline says. `kinds`: of its pieces; `labelled`: it says that its date is that of publication."""

    published: Dated | None
    labelled: bool
    kinds: frozenset[str]
    author: str | None = None

    @property
    def by_somebody(self) -> bool:
        """Whether who wrote it is all that stands beside the date."""
        return not self.labelled and self.kinds <= {"byline", "agency", "name", "clock"}

    @property
    def telling(self) -> bool:
        """Whether something stands there that no caption and no programme has."""
        return self.labelled or not self.kinds.isdisjoint({"byline", "agency", "rubric", "edition", "reading"})


@dataclass(frozen=True, slots=True)
class _Words:
    """The lists of ``data/sluglines.toml``, and first names; all as `stamps.plain` leaves them."""

    rubrics: frozenset[str]
    rubrics_with_year: frozenset[str]
    papers: frozenset[str]
    outlets: frozenset[str]
    press: frozenset[str]
    controls: frozenset[str]
    no_names: frozenset[str]
    anywhere: frozenset[str]  # of these, the ones that no metadata hold in the middle either
    first_names: frozenset[str]


def read(text: str) -> Slugline | None:
    """What a line above a story says, if it is a slugline; a place or a name alone beside a date is a dateline's matter."""
    found = _parse(text)
    if found is None or found.labelled or not found.kinds <= {"name"}:
        return found
    return found if found.kinds and _date_and_name(text) else None


def signature(text: str) -> Slugline | None:
    """What the last line of an article says, if it is signed and dated: "Jean Dupont, 3 mars 2019", "(AFP) 03/03/2019"."""
    found = _parse(text)
    if found is None or found.published is None or not found.kinds or re.search(r"(?i)\bsource\b", text):
        return None
    if found.labelled or (found.by_somebody and not found.kinds.isdisjoint({"byline", "agency"})):
        return found
    return found if found.by_somebody and _is_signed(text) else None


def is_name(words: str) -> bool:
    """Whether `words` may be a place, a person or a paper: capitals, and no word that opens a headline or a programme."""
    article = _ARTICLE.match(words)
    first, *others = _plain_words(words[article.end() if article else 0 :])
    if first in _words().no_names or "publie" in others or _SHOUTED.match(words):
        return False
    return len(words) > 1 and _NAME.fullmatch(words) is not None


def is_control(text: str) -> bool:
    """Whether a line is a part of the page around an article: "Accueil > Politique > Article", "Partager", "Lire plus tard"."""
    return _CRUMBS.fullmatch(text) is not None or stamps.plain(text) in _words().controls


def is_telling(piece: str) -> bool:
    """Whether a piece of a line is what only metadata are: a byline, a rubric, a page; "La newsletter des territoires #112"."""
    known = kind_of(piece) in ("byline", "agency", "rubric", "edition", "reading")
    return known or not _words().press.isdisjoint(_plain_words(piece))


def is_subject(piece: str) -> bool:
    """Whether a piece of a line opens like a headline or a programme, or holds a word of a reference: "Attentat de Nice"."""
    article = _ARTICLE.match(piece)
    words = _plain_words(piece[article.end() if article else 0 :])
    return words[0] in _words().no_names or not _words().anywhere.isdisjoint(words) or _SHOUTED.match(piece) is not None


def _plain_words(piece: str) -> list[str]:
    return [stamps.plain(word) for word in re.split(r"[\s'’]+", piece)]


@cache
def _words() -> _Words:
    folder = files("pipeline.data")
    data = tomllib.loads(folder.joinpath("sluglines.toml").read_text(encoding="utf-8"))
    lists = {name: frozenset(words.split()) for name, words in data.items() if isinstance(words, str)}
    people = folder.joinpath("entities").joinpath("first_names.tsv").read_text(encoding="utf-8").splitlines()
    return _Words(
        lists["rubrics"] | {stamps.plain(phrase) for phrase in data["rubric_phrases"]},
        lists["rubrics_with_year"],
        lists["papers"],
        frozenset(data["outlets"]),
        lists["press"],
        frozenset(data["controls"]),
        lists["headline"] | lists["programme"] | lists["reference"] | lists["venues"] | lists["rubrics_with_year"],
        lists["programme"] | lists["reference"],
        frozenset(stamps.plain(name) for line in people if "\t" in line for name in line.split("\t")[1].split()),
    )


def _parse(text: str) -> Slugline | None:
    if len(text) > _MAX_CHARS or text.endswith(("-", "–", "—")) or _ENDS_A_SENTENCE.search(text):
        return None
    cut = _cut_at_dates(text)
    if cut is None:
        return None
    pieces = pieces_of(cut.rest)
    kinds = [kind for piece in pieces if (kind := kind_of(piece))]
    if len(kinds) < len(pieces) or len(pieces) > _MAX_PIECES or kinds.count("name") > _MAX_NAMES:
        return None
    if "at" in kinds and "byline" not in kinds:
        return None
    dates = cut.published or cut.bare
    if len({dated.when.date() for dated in dates}) > 1:
        return None
    published = dates[0] if dates else None
    clocks = [piece for piece in pieces if stamps.CLOCK.fullmatch(piece)]
    if published and len(clocks) == 1:
        published = stamps.at_clock(published, clocks[0])
    if cut.edition:
        kinds.append("edition")
    by = next((match["name"] for piece in pieces if (match := _BY.fullmatch(piece))), None)
    return Slugline(published, bool(cut.published), frozenset(kinds), by)


@dataclass(slots=True)
class _Cut:
    """A line cut at its dates: those that are labelled as of publication, those without a label, and the words that are left."""

    published: list[Dated]
    bare: list[Dated]
    rest: str
    edition: bool = False  # a date is that of a paper's edition


def _cut_at_dates(text: str) -> _Cut | None:
    """None if the line has no date, or one that is part of a phrase."""
    cut = _Cut([], [], "")
    position = 0
    for match in stamps.HEADER_MOMENT.finditer(text):
        dated = stamps.from_match(match)
        around = text[max(0, match.start() - 1) : match.start()] + text[match.end() : match.end() + 1]
        if dated is None or any(character.isalnum() for character in around):
            return None
        lead = text[position : match.start()]
        published, updated = PUBLISHED_BEFORE.search(lead), _UPDATED_LEAD.search(lead)
        label = published or updated or _edition(lead)
        words = lead[: label.start()] if label else lead
        if label in (published, updated) and label is not None:
            cut.published.extend([dated] if published else [])
        elif words.strip() and not _SEPARATED_BEFORE.search(words):
            return None
        else:
            cut.bare.append(dated)
            cut.edition = cut.edition or label is not None
        cut.rest += words + _CUT
        position = match.end()
    rest = text[position:]
    if not position or (cut.bare and rest.strip() and not _SEPARATED_AFTER.match(rest)):
        return None
    cut.rest += rest
    return cut


def _edition(lead: str) -> re.Match[str] | None:
    """ "Édition du", "n° 12 345 du", "Le Courrier du Centre du" in front of a date; but not "Séance du"."""
    match = _EDITION_LEAD.search(lead)
    if match is None:
        return None
    words = match["words"].strip()
    return match if not words or _ISSUE.fullmatch(words) or _is_paper(words) else None


def _is_paper(words: str) -> bool:
    """ "Le Courrier du Centre", "Libération"."""
    article = _ARTICLE.match(words)
    head = stamps.plain(words[article.end() :].split(" ", 1)[0]) if article else ""
    return stamps.plain(words) in _words().outlets or (head in _words().papers and is_name(words))


def pieces_of(rest: str) -> list[str]:
    pieces = (_FIELD.sub("", piece).strip(" \u00a0:") for piece in _SEPARATOR.split(rest))
    return [piece for piece in pieces if piece and piece != "."]


def kind_of(piece: str) -> str | None:
    """What a piece of a line is; None if it may be anything."""
    if stamps.CLOCK.fullmatch(piece):
        return "clock"
    if _READING.fullmatch(piece):
        return "reading"
    if _EDITION.fullmatch(piece) or _SITE.fullmatch(piece) or _is_paper(piece):
        return "edition"
    if _BY.fullmatch(piece) or _UNSIGNED.fullmatch(piece):
        return "byline"
    if (desk := _DESK_OF.fullmatch(piece)) and _is_rubric(desk["rubric"]):
        return "byline"
    if (updated := UPDATED.match(piece)) and stamps.CLOCK.fullmatch(piece[updated.end() :].strip(" :")):
        return "updated"
    if _is_rubric(piece):
        return "rubric"
    if _AGENCIES.fullmatch(piece):
        return "agency"
    if _AT.fullmatch(piece):
        return "at"
    return "name" if is_name(piece) else None


def _is_rubric(piece: str) -> bool:
    """ "Politique", "FAITS DIVERS", "Sport et culture", "Monde > Afrique", "Présidentielle 2022"."""
    rubrics = _words().rubrics
    without_year = re.sub(r"\s+(?:19|20)\d\d$", "", piece)
    words = stamps.plain(without_year.replace("’", "'"))
    if without_year != piece and words in _words().rubrics_with_year:
        return True
    parts = re.split(r"\s*(?:&|/|-|\bet\b|\s)\s*", words)
    return words in rubrics or (len(parts) <= 3 and all(part in rubrics for part in parts))


def _date_and_name(text: str) -> bool:
    """ "3 mars 2019 | Dakar": a bar behind the date tells it from a phrase."""
    match = stamps.HEADER_MOMENT.match(text)
    return match is not None and re.match(r"\s*[|•·]", text[match.end() :]) is not None


def _is_signed(text: str) -> bool:
    """Whether a person's name is all that stands in front of the date."""
    cut = _cut_at_dates(text)
    names = pieces_of(cut.rest) if cut else []
    if len(names) != 1 or not text.startswith(names[0]) or not _PERSON.fullmatch(names[0]):
        return False
    first = stamps.plain(names[0].split()[0])
    return first in _words().first_names or first.split("-")[0] in _words().first_names

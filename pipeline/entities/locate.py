"""Where the places of an article lie: the gazetteer's candidates, chosen by what the article says around them.

A name alone seldom tells: there are Saint-Denis, Valence, Tripoli and Géorgie twice and oftener. Evidence is, in this order:
what stands beside the name (`Paris (Texas)`, `Valence, en Espagne`), the article used with it (`à Québec`, `au Québec`), which
countries the article speaks of (names, demonyms, seats of power), which places near by it names; size comes last. Where two
candidates remain about equally likely the answer is none.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.entities.gazetteer import Candidate, look_up
from pipeline.entities.spans import Reading, Span
from pipeline.records import Place

# Weights of the evidence, in decades of population. Set by reading decisions on news of 2016, not fitted.
_BESIDE, _COUNTRY_SHARE, _NEAR, _OWN_PRESS = 4.0, 4.0, 1.0, 0.7
_RANK_COST = (0.0, 0.6, 2.0)
_WRONG_ARTICLE = 2.0
# Seats, seas and mountains have no population.
_KIND_BONUS = {"country": 2.5} | dict.fromkeys(("seat", "continent", "sea", "space", "relief", "quarter"), 6.0)
_DWARFED = 1.5  # decades under the largest namesake
_MARGIN = 0.75  # a winner must lead by this much
# A foreign town under 100,000 people needs the article's support; one without a namesake under 50,000.
_SMALL, _SMALL_BUT_UNIQUE = 5.0, 4.7
_SUPPORT = 0.15  # this share of the article's geography is support enough
_HOME = 0.7  # this share makes it the country where an unknown street lies
_NEAR_KM = 150.0

_AREAS = frozenset({"country", "region", "department", "continent", "sea", "relief"})
_PREPOSITIONS = frozenset({"(", "en", "au", "aux", "dans"})
_AREA_ARTICLES = frozenset({"le", "la", "l'", "les", "du", "des", "au", "aux", "en"})
# "15e arrondissement de Paris", "île de Kyushu", "République du Burundi", "l'Irak": what stands in front of the name proper.
_HEAD = re.compile(
    r"^(?:(?:(?:\d+|[XVI]+)\s?e(?:r|me)?\s)?"
    r"(?P<head>[^\W\d_A-ZÀ-Þ][\w-]*|République|Royaume|Région|Province|Wilaya|Ville|État|Etat|Mont|Col|Lac|Île|Gouvernorat)"
    r"\s(?:\w+\s)*?)?(?:de la |de l'\s?|du |des |de |d'\s?|l'\s?|L'\s?|le |la |les )?(?=[A-ZÀ-Þ])"
)
_ADJECTIVE = re.compile(r"^[^\W\d_A-ZÀ-Þ]+(?: [^\W\d_A-ZÀ-Þ-]+)* (?P<demonym>[^\W\d_A-ZÀ-Þ][\w-]*)$")  # "désert syrien"


@dataclass(frozen=True, slots=True)
class _Named:
    """A mention of a place, with the places it may mean."""

    span: Span
    kind: str | None  # what its head noun says it is
    candidates: tuple[Candidate, ...]
    part: bool  # "le nord de la France": the country is right, the point is not


@dataclass(frozen=True, slots=True)
class _Setting:
    """What the whole article says about where it plays."""

    countries: dict[str, float]  # shares
    points: tuple[tuple[float, float], ...]  # latitude, longitude

    def home(self) -> str | None:
        """The country that nearly all of the article plays in, if there is one."""
        code = max(self.countries, key=lambda code: self.countries[code], default=None)
        return code if code is not None and self.countries[code] >= _HOME else None

    def share(self, candidate: Candidate) -> float:
        return self.countries.get(candidate.place.country_code or "", 0.0)


def locate(reading: Reading, spans: Sequence[Span]) -> list[Candidate | None]:
    """For each of `spans` the place it means; None for what is no place, unknown or undecided."""
    named = [_named(reading, span) if span.label == "LOC" else None for span in spans]
    places = [item for item in named if item is not None]
    countries = _countries(reading, places)
    setting = _Setting(countries, _anchors(places, countries))
    chosen: list[Candidate | None] = []
    for index, item in enumerate(named):
        beside = () if item is None else _beside(reading, spans, index)
        candidate = None if item is None else _choose(reading, item, beside, setting)
        if candidate is None and item is not None and not item.candidates:
            code = _only_country(beside) or (setting.home() if item.kind == "street" else None)
            candidate = next(iter(_country_of(code, reading.name(item.span))), None)
        chosen.append(candidate)
    return _one_place_per_name(reading, spans, chosen)


def _one_place_per_name(reading: Reading, spans: Sequence[Span], chosen: list[Candidate | None]) -> list[Candidate | None]:
    """A name is the same place all through the article: the one most often chosen, of equals the first.

    Names that are French for two places, a town and its land (`à Québec`, `au Québec`), keep what stands beside them.
    """
    by_name: dict[str, Counter[Candidate]] = defaultdict(Counter)
    for span, candidate in zip(spans, chosen, strict=True):
        if candidate is not None:
            by_name[reading.name(span)][candidate] += 1
    result = []
    for span, candidate in zip(spans, chosen, strict=True):
        options = by_name.get(reading.name(span)) if span.label == "LOC" else None
        distinct = options is not None and len(options) > 1 and all(option.rank == 0 for option in options)
        result.append(candidate if options is None or (distinct and candidate is not None) else options.most_common(1)[0][0])
    return result


def _named(reading: Reading, span: Span) -> _Named:
    text = reading.name(span).replace("' ", "'")
    found = look_up(text)
    if found:
        outer = _outer_head(reading, span)
        if text.lower() in reading.lexicon.compass and not _in_brackets(reading, span) and outer is None:
            found = tuple(candidate for candidate in found if candidate.kind == "sea" and reading.before(span.start) == "la")
        return _Named(span, outer, found, part=False)
    if adjective := _ADJECTIVE.match(text):
        return _Named(span, None, _country_of(reading.lexicon.demonyms.get(adjective["demonym"]), text), part=True)
    head = _HEAD.match(text)
    if not head or not head.end():
        return _Named(span, None, (), part=False)
    word = (head["head"] or "").lower()
    if word in reading.lexicon.streets:
        return _Named(span, "street", (), part=True)
    found = look_up(text[head.end() :])
    return _Named(span, reading.lexicon.place_heads.get(word), found, part=word in reading.lexicon.compass)


def _only_country(areas: tuple[Candidate, ...]) -> str | None:
    codes = {area.place.country_code for area in areas}
    return codes.pop() if len(codes) == 1 else None


def _country_of(code: str | None, name: str) -> tuple[Candidate, ...]:
    """Somewhere in a country: `désert syrien` in Syria, an unknown village `(Suisse)` in Switzerland."""
    return () if code is None else (Candidate(name, 0, "country", "", 9.0, Place(country_code=code)),)


def _in_brackets(reading: Reading, span: Span) -> bool:
    return reading.before(span.start) == "(" or "département" in reading.lower[max(span.start - 2, 0) : span.start]


def _outer_head(reading: Reading, span: Span) -> str | None:
    """What a head noun in front of the mention says: `la ville de` X, `l'État de` X."""
    i = span.start - 1
    if i >= 1 and reading.lower[i] in ("la", "l'") and reading.before(i) == "de":
        i -= 1
    if i >= 1 and reading.lower[i] in ("de", "du", "d'"):
        return reading.lexicon.place_heads.get(reading.lower[i - 1])
    return None


def _countries(reading: Reading, places: list[_Named]) -> dict[str, float]:
    """How much of the article's geography belongs to each country, in shares that add up to one."""
    weights: defaultdict[str, float] = defaultdict(float)
    seen: Counter[str] = Counter()
    for item in places:
        codes = {candidate.place.country_code for candidate in item.candidates if candidate.rank < 2}
        if len(codes) == 1 and (code := codes.pop()) is not None:
            best = max(item.candidates, key=lambda candidate: candidate.size)
            seen[best.name] += 1
            if seen[best.name] <= 3:
                weights[code] += _weight(best)
    for form in reading.lower:
        if (demonym := reading.lexicon.demonyms.get(form)) is not None:
            seen[demonym] += 1
            if seen[demonym] <= 4:
                weights[demonym] += 0.5
    total = sum(weights.values())
    return {code: weight / (total + 1.0) for code, weight in weights.items()}


def _weight(candidate: Candidate) -> float:
    """How much the mention of a place says about the article's countries."""
    if candidate.kind in ("country", "seat"):
        return 2.0
    return 0.4 if candidate.kind == "city" and candidate.size < 5 else 1.0


def _anchors(places: list[_Named], countries: dict[str, float]) -> tuple[tuple[float, float], ...]:
    """Points that are certain: names of one place only, cities and departments."""
    points = set()
    for item in places:
        if len(item.candidates) != 1:
            continue
        candidate, place = item.candidates[0], item.candidates[0].place
        certain = candidate.kind in ("city", "department", "quarter") and candidate.rank < 2
        if certain and place.latitude is not None and place.longitude is not None and place.country_code in countries:
            points.add((place.latitude, place.longitude))
    return tuple(sorted(points))


def _beside(reading: Reading, spans: Sequence[Span], index: int) -> tuple[Candidate, ...]:
    """The areas named right behind the mention: `Paris (Texas)`, `Valence, en Espagne`, `Orvault, près de Nantes`."""
    span = spans[index]
    if index + 1 >= len(spans) or spans[index + 1].label != "LOC":
        return ()
    following = spans[index + 1]
    between = reading.lower[span.end : following.start]
    if not 0 < len(between) <= 4 or not reading.lexicon.links.issuperset(between):
        return ()
    listed = between == (",",) and reading.after(following.end) not in (",", ".", ")", ";")
    if listed or (len(between) > 1 and _PREPOSITIONS.isdisjoint(between)):
        return ()  # one of a list of places
    areas = _named(reading, following).candidates
    return tuple(area for area in areas if area.kind in _AREAS and area.rank < 2)


def _choose(reading: Reading, item: _Named, beside: tuple[Candidate, ...], setting: _Setting) -> Candidate | None:
    """The best candidate, if it is good enough and clearly better than every other place."""
    largest = max((candidate.size for candidate in item.candidates), default=0.0)
    scored = [
        (_score(candidate, beside, setting, largest) - _misfit(reading, item, candidate), -i, candidate)
        for i, candidate in enumerate(item.candidates)
    ]
    if not scored:
        return None
    best_score, _, best = max(scored, key=lambda row: row[:2])
    if not _supported(best, item, beside, setting):
        return None
    if any(best_score - score < _MARGIN and other is not best and not _same_place(best, other) for score, _, other in scored):
        return None
    return replace(best, place=Place(best.place.country_code)) if item.part else best


def _score(candidate: Candidate, beside: tuple[Candidate, ...], setting: _Setting, largest: float) -> float:
    """How well a place fits its neighbours and the article, in decades of population."""
    score = candidate.size - _RANK_COST[candidate.rank] + _KIND_BONUS.get(candidate.kind, 0.0)
    score += _OWN_PRESS if candidate.place.country_code == "FR" else 0.0
    # In news of the United States Paris is still not the town in Texas, unless that is said.
    score += _COUNTRY_SHARE * setting.share(candidate) * (1.0 if candidate.size > largest - _DWARFED else 0.5)
    if beside:
        inside = any(area.place.country_code == candidate.place.country_code for area in beside)
        score += _BESIDE + _closeness(candidate, beside) if inside else -_BESIDE
    if any(_distance(candidate.place, point) < _NEAR_KM for point in setting.points):
        score += _NEAR
    return score


def _misfit(reading: Reading, item: _Named, candidate: Candidate) -> float:
    """What the article or the head noun in front has against a kind of place: no town is `au Québec`, no land `à Québec`."""
    cost, article = 0.0, reading.before(item.span.start)
    if article == "à" and candidate.kind in _AREAS:
        cost += _WRONG_ARTICLE
    if article in _AREA_ARTICLES and candidate.kind == "city" and not item.kind:
        cost += _WRONG_ARTICLE
    if item.kind not in (None, candidate.kind) and {item.kind, candidate.kind} != {"region", "department"}:
        cost += _WRONG_ARTICLE
    return cost


def _supported(candidate: Candidate, item: _Named, beside: tuple[Candidate, ...], setting: _Setting) -> bool:
    """Whether a small or an obscurely named place has the article's countries, or its neighbour, on its side."""
    if candidate.kind != "city" and candidate.rank < 2:
        return True
    code, share = candidate.place.country_code, setting.share(candidate)
    if any(area.place.country_code == code for area in beside) or share >= _SUPPORT:
        return True
    if candidate.rank == 2:
        return candidate.size >= 6.0 or (share > 0 and candidate.size >= 5.0)
    at_home = code == "FR" and (share > 0 or not setting.countries)
    return at_home or candidate.size >= (_SMALL if len(item.candidates) > 1 else _SMALL_BUT_UNIQUE)


def _same_place(one: Candidate, other: Candidate) -> bool:
    """Whether it does not matter which of the two is meant: a town and the province around it."""
    return (
        one.place.country_code == other.place.country_code
        and (one.kind != other.kind or one.place.latitude is None)
        and _near(one, other, 300.0)
    )


def _closeness(candidate: Candidate, areas: tuple[Candidate, ...]) -> float:
    """From 2, in the middle of one of `areas`, down to 0, far from all: of five Paris in the United States the Texan one."""
    distances = [
        _distance(candidate.place, (area.place.latitude, area.place.longitude))
        for area in areas
        if area.place.latitude is not None and area.place.longitude is not None and area.kind != "country"
    ]
    return 2.0 * math.exp(-min(distances) / 400.0) if distances else 0.0


def _near(one: Candidate, other: Candidate, kilometres: float) -> bool:
    place = other.place
    if place.latitude is None or place.longitude is None:
        return False
    return _distance(one.place, (place.latitude, place.longitude)) < kilometres


def _distance(place: Place, point: tuple[float, float]) -> float:
    """Kilometres between `place` and `point` on a flat patch of the earth; without coordinates infinitely far."""
    if place.latitude is None or place.longitude is None:
        return math.inf
    north = (place.latitude - point[0]) * 111.2
    east = (place.longitude - point[1]) * 111.2 * math.cos(math.radians(point[0]))
    return math.hypot(north, east)

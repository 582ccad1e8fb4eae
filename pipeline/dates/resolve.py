"""From a span and its anchor to a TIMEX3 value: dates, days, periods, clock times, references."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from pipeline.dates import calendars, quantities
from pipeline.dates.anchors import Anchor
from pipeline.dates.grammar import Found
from pipeline.dates.quantities import approximation
from pipeline.dates.scene import NO_REFERENCE, Reading, Resolver, Scene
from pipeline.dates.tense import BACK, FORWARD

_TWO_DIGIT_PIVOT = 30  # "31/10/74" is 1974, "3/2/21" 2021
_HEADING = 40  # a text this short is no sentence
_FAR_DAYS = 290  # a day this far on the side that the tense asks for gives way to the near one on the other
_YEAR_CUES = frozenset("en depuis an annee des ici horizon jusqu'en edition millesime exercice saison".split())
_COUNTED = frozenset(
    (
        "euros euro dollars francs personnes habitants hommes femmes morts blesses metres metre kilometres km m pages "
        "tonnes places voix emplois salaries manifestants policiers soldats logements fois points degres livres hectares kg "
        "g ml cas autres milliards millions ans jours heures h mois semaines minutes secondes mille litres watts mw "
        "exemplaires postes signatures entreprises soldats militaires migrants refugies cm pieds vehicules communes eleves "
        "etudiants candidats delegues cv"
    ).split()
)
_NUMERAL_CODES = re.compile(r"[0-9]+(?:[.,/-][0-9]+)*")


# --- absolute dates -----------------------------------------------------------------------------------------------------


def stamp(found: Found, scene: Scene) -> Reading | None:
    token = found.stretch.tokens[found.first]
    day = _date(*token.parts[:3])
    if day is None:
        return None
    clock = ":".join(f"{part:02d}" for part in token.parts[3:6])
    return Reading(f"{day.isoformat()}T{clock}", "absolute", explicit=True)


def numeric(found: Found, scene: Scene) -> Reading | None:
    """14.11.2023, 3/2/21, 2016-08-30."""
    token = found.token("n")
    if token is None:
        return None
    year, month, day, digits = token.parts
    full = _date(_full_year(year) if digits == 2 else year, month, day)
    return Reading(full.isoformat(), "absolute", explicit=True) if full else None


def numeric_month(found: Found, scene: Scene) -> Reading | None:
    token = found.token("n")
    return Reading(calendars.month_value(*token.parts), "absolute", explicit=True) if token else None


def slashed(found: Found, scene: Scene) -> Reading | None:
    """ "le 17/02": day and month without a year."""
    token = found.token("n")
    if token is None or not (1 <= token.parts[0] <= 31 and 1 <= token.parts[1] <= 12):
        return None
    return _day_without_year(found, scene, token.parts[0], token.parts[1], None)


def nth_week_of_year(found: Found, scene: Scene) -> Reading | None:
    number, ordinal = found.number("y"), _ordinal(found, scene)
    if number is None or ordinal is None:
        return None
    week = date(number, 12, 28).isocalendar()[1] if ordinal < 0 else ordinal  # 28 December lies in the last ISO week
    return Reading(f"{number:04d}-W{week:02d}", "absolute", explicit=True) if week <= 53 else None


def parsed(found: Found, scene: Scene) -> Reading | None:
    """Spellings that the own arithmetic does not know, read by dateparser."""
    full = _dateparser_day(scene.text[found.start : found.end])
    return Reading(full.isoformat(), "dateparser", explicit=True) if full else None


@lru_cache(maxsize=1)
def _dateparser() -> Any:
    """One French parser for the process; imported late, for most articles never need it."""
    from dateparser.date import DateDataParser  # noqa: PLC0415

    return DateDataParser(languages=["fr"], settings={"DATE_ORDER": "DMY", "REQUIRE_PARTS": ["day", "month", "year"]})


@lru_cache(maxsize=4096)
def _dateparser_day(span: str) -> date | None:
    moment = _dateparser().get_date_data(span).date_obj
    return moment.date() if moment else None


def fixed(found: Found, scene: Scene) -> Reading | None:
    """The value that the rule itself gives."""
    return Reading(str(found.rule.args["value"]), "fixed", approximation(found))


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _full_year(year: int) -> int:
    return year + (2000 if year <= _TWO_DIGIT_PIVOT else 1900)


def _month(found: Found, scene: Scene) -> int:
    form = found.form("m")
    tables = scene.tables
    return int(tables["MONTH"].get(form) or tables["MONTHABBR"].get(form) or tables["REPUBLICAN"][form])


def _weekday(found: Found, scene: Scene) -> int | None:
    form = found.form("w")
    if not form:
        return None
    return int(scene.tables["WEEKDAY"].get(form) or scene.tables["WEEKDAYABBR"][form])


def _mod(found: Found, scene: Scene) -> str | None:
    """The `mod` of "début", "mi-", "fin", "vers" inside the span, or of "avant", "d'ici" in front of it."""
    if word := found.form("mod"):
        return str(scene.tables["MODW"][word])
    if mod := approximation(found):
        return mod
    before = found.previous(2)
    if before.endswith(("avant", " ici", "ici a", "ici le")) or before == "ici":
        return "BEFORE"
    return "AFTER" if before.endswith("apres") else None


def _number_or_first(found: Found, name: str) -> int:
    return found.number(name) or 1  # "premier" is the only day word without a value


def day_month(found: Found, scene: Scene) -> Reading | None:
    """ "mardi 3 mars 2015", "le 27 août dernier", "14-Juillet"."""
    day, month = _number_or_first(found, "d"), _month(found, scene)
    year = found.number("y")
    if (short := found.number("yy")) is not None:
        if short <= 31:
            return None
        year = _full_year(short)
    if year is not None:
        full = _date(year, month, day)
        return Reading(full.isoformat(), "absolute", _mod(found, scene), explicit=True) if full else None
    return _day_without_year(found, scene, day, month, scene.tables["REL"].get(found.form("r")))


def _day_without_year(found: Found, scene: Scene, day: int, month: int, rel: int | None) -> Reading | None:
    today, mod = scene.today, _mod(found, scene)
    if _date(2000, month, day) is None:
        return None
    if today is None:
        return Reading(f"XXXX-{month:02d}-{day:02d}", NO_REFERENCE, mod)
    if rel is not None:
        chosen = _year_side(today, month, day, rel, strict=True)
        return Reading(chosen.isoformat(), "relative", mod, anchor="document") if chosen else None
    weekday = _weekday(found, scene)
    if weekday is not None:
        fitting = [full for full in _candidates(today, month, day, 6) if full.isoweekday() == weekday]
        if fitting:
            nearest = min(fitting, key=lambda full: abs((full - today).days))
            if abs((nearest - today).days) < 400:
                return Reading(nearest.isoformat(), "weekday_fits", mod, anchor="document")
    if (distant := scene.timeline.distant_year(found.start)) and (full := _date(distant.first.year, month, day)):
        return Reading(full.isoformat(), "narrative_year", mod, anchor=distant.date_id, explicit=True)
    chosen = nearest_day(today, month, day, scene.direction(found))
    return Reading(chosen.isoformat(), "nearest", mod, anchor="document") if chosen else None


def _candidates(today: date, month: int, day: int, years: int = 1) -> list[date]:
    found = (_date(today.year + offset, month, day) for offset in range(-years, years + 1))
    return [full for full in found if full is not None]


def _year_side(today: date, month: int, day: int, side: int, *, strict: bool = False) -> date | None:
    """The latest such day before, or the earliest after `today`."""
    days = [full for full in _candidates(today, month, day, 8) if (full - today).days * side > (0 if strict else -1)]
    if not days:
        return None
    return max(days) if side < 0 else min(days)


def nearest_day(today: date, month: int, day: int, direction: int | None) -> date | None:
    """The day without a year that fits the tense, unless the other side is so near that the tense must speak of something else."""
    days = _candidates(today, month, day, 4)
    if not days:
        return None
    nearest = min(days, key=lambda full: (abs((full - today).days), full))
    if direction in (BACK, FORWARD):
        chosen = _year_side(today, month, day, int(direction or 0))
        if chosen and abs((chosen - today).days) <= _FAR_DAYS:
            return chosen
    return nearest


def listed_day(found: Found, scene: Scene) -> Reading | None:
    """The "3" of "du 3 au 5 juillet": month and year stand at the end of the list."""
    before = found.previous()
    if not found.form("w") and found.stretch.tokens[found.first].form not in ("le", "les", "ce") and before not in (
        "du", "des", "les", "aux", "entre", "et", "ou", ",", "au", "de", "le", "\n", "", "-", "(", ".",
    ):  # fmt: skip
        return None
    return day_month(found, scene)


def month(found: Found, scene: Scene) -> Reading | None:
    """ "mars 2015", "fin novembre", "le mois de décembre"."""
    number, mod, year = _month(found, scene), _mod(found, scene), found.number("y")
    if (short := found.number("yy")) is not None:
        year = _full_year(short)
    if year is not None:
        return Reading(calendars.month_value(year, number), "absolute", mod, explicit=True)
    rel = scene.tables["REL"].get(found.form("r"))
    token = found.token("m")
    if rel is None and token is not None and token.capital and not _month_is_cued(found, scene):
        return None
    today = scene.today
    if today is None:
        return Reading(f"XXXX-{number:02d}", NO_REFERENCE, mod)
    if rel is None and found.previous() != "depuis" and (distant := scene.timeline.distant_year(found.start)):
        return Reading(calendars.month_value(distant.first.year, number), "narrative_year", mod, anchor=distant.date_id)
    back = (today.month - number) % 12
    ahead = (number - today.month) % 12
    if rel is not None:
        offset = (ahead or 12) if rel > 0 else -(back or 12)
    else:
        figures = scene.get_clauses().direction(found.start, found.end) != FORWARD and among_figures(found, scene)
        offset = _month_offset(back, ahead, BACK if figures else scene.direction(found), hard=scene.cue(found) is not None)
    return Reading(calendars.month_value(today.year, today.month + offset), "nearest", mod, anchor="document")


def _month_is_cued(found: Found, scene: Scene) -> bool:
    """A capitalised month is a month only where something says so (or where the whole line is in capitals)."""
    token = found.token("m")
    written = scene.text[token.start : token.end] if token else ""
    return bool(found.form("mod")) or "mois" in found.form("m") or found.previous() in ("en", "mois de", "depuis", "debut", "fin") or (
        found.last - found.first > 1 and found.stretch.tokens[found.first].form in ("mois", "le", "fin", "debut", "mi")
    ) or (written.isupper() and found.previous() == "en")  # fmt: skip


def _month_offset(back: int, ahead: int, direction: int | None, *, hard: bool = False) -> int:
    """How many months away: on the side of the tense, unless that is nearly a year away and nothing but the tense says so."""
    limit = 11 if hard else 10
    if direction == BACK and back <= limit:
        return -back
    if direction == FORWARD and ahead <= limit:
        return ahead
    return -back if back <= ahead else ahead


def year(found: Found, scene: Scene) -> Reading | None:
    number = found.number("y")
    return Reading(f"{number:04d}", "absolute", _mod(found, scene), explicit=True) if number else None


def bare_year(found: Found, scene: Scene) -> Reading | None:
    """A four-digit number that is a year and no count: "en 1923", "la loi de 1905", "(1995-2001)"."""
    token = found.token("y")
    if token is None or token.value is None:
        return None
    before, following = found.neighbour(-1), found.neighbour(1)
    cued = bool(found.form("mod")) or (before is not None and before.form in _YEAR_CUES) or found.previous(2) == "ici a"
    cued = cued or found.form("ap") == "vers"
    if _is_counted(found, scene, cued):
        return None
    words = found.form("ap")
    if words and not words.startswith(("vers", "aux", "autour")):
        return None
    number = token.value
    if not cued:
        if before is not None and (before.form in ("les", "ses", "aux", "leurs", "quelque", "ces", "nos") or _is_numeral(before)):
            return None
        strong = before is not None and before.form in ("de", "avant", "apres", "(", "-", "a", "et", "en", "vers", "entre", "du")
        if not (1950 <= number <= 2035 or (1500 <= number <= 2035 and strong)):
            return None
        if following is not None and following.form == "-" and following.start == token.end and _glued_letter(found, scene):
            return None
    aside = before is not None and before.form in ("de", "(", "du")  # "la crise de 1993" is no scene
    return Reading(f"{number:04d}", "absolute", _mod(found, scene), explicit=not aside)


def _glued_letter(found: Found, scene: Scene) -> bool:
    after = found.neighbour(2)
    return after is not None and not _is_numeral(after)


def _is_numeral(token: object) -> bool:
    return bool(_NUMERAL_CODES.fullmatch(getattr(token, "form", "")))


def _is_counted(found: Found, scene: Scene, cued: bool) -> bool:
    """Whether the noun behind says that the number counts something: "2000 personnes", "de 1500 à 2000 euros"."""
    index = found.last
    tokens = found.stretch.tokens
    if (
        index + 2 < len(tokens)
        and tokens[index].form in ("a", "et", "ou", "-")
        and tokens[index + 1].code
        and _is_numeral(tokens[index + 1])
    ):
        index += 2
        if cued and found.previous() != "ici":
            return False
    if index >= len(tokens):
        return False
    noun = tokens[index]
    if noun.form in _COUNTED or noun.form in ("%", "€", "$", "£", "°"):
        return not (cued and noun.form in ("cas", "points", "places", "m", "autres"))
    if cued or noun.capital or noun.code not in ("x",):
        return False
    pos = scene.pos_at(noun.start)
    if pos:
        return pos == "NOUN" and noun.form.endswith(("s", "x"))
    return bool(re.fullmatch(r"[a-z]{4,}[sx]", noun.form)) and noun.form not in (
        "dans",
        "sous",
        "mais",
        "alors",
        "puis",
        "apres",
        "vers",
    )


def year_bc(found: Found, scene: Scene) -> Reading | None:
    number = found.number("n")
    return Reading(f"BC{number:04d}", "absolute", _mod(found, scene)) if number and number < 10000 else None


def decade(found: Found, scene: Scene) -> Reading | None:
    number = found.number("y") if found.form("y") else found.number("yy")
    if number is None:
        return None
    if number < 100:
        if number % 10:
            return None
        pivot = 20 if scene.today and scene.today.year >= 2021 else 10
        number += 2000 if number <= pivot else 1900
    elif number % 10:
        return None
    return Reading(f"{number // 10:03d}", "absolute", _mod(found, scene), explicit=True)


def century(found: Found, scene: Scene) -> Reading | None:
    ordinal = _ordinal(found, scene)
    if not ordinal or ordinal > 30:
        return None
    if found.form("bc"):
        return Reading(f"BC{ordinal - 1:02d}", "absolute", _mod(found, scene))
    return Reading(f"{ordinal - 1:02d}", "absolute", _mod(found, scene))


def _ordinal(found: Found, scene: Scene) -> int | None:
    """The value of "troisième", "3e", "XIXe"; -1 for "dernier"."""
    form = found.form("o")
    if form.startswith("dernier"):
        return -1
    return found.number("o") or scene.tables["ORDWORD"].get(form)


def quarter(found: Found, scene: Scene) -> Reading | None:
    """Quarters and half years; without a year the one that fits."""
    mod, year_number = _mod(found, scene), found.number("y")
    ordinal = found.number("q") or _ordinal(found, scene)
    code = found.token("q")
    half = found.form("u") == "semestre" or (code is not None and code.form[0] == "s")
    count = 2 if half else 4
    if ordinal is None or ordinal > count or ordinal == 0:
        return None
    letter, months = ("H", 6) if half else ("Q", 3)
    if ordinal < 0 and year_number is None:
        if scene.today is None:
            return Reading(None, NO_REFERENCE, mod)
        return Reading(calendars.shift(scene.today, -1, letter), "relative", mod, anchor="document")
    ordinal = count if ordinal < 0 else ordinal
    if year_number is not None:
        return Reading(f"{year_number:04d}-{letter}{ordinal}", "absolute", mod, explicit=True)
    today = scene.today
    if today is None:
        return Reading(f"XXXX-{letter}{ordinal}", NO_REFERENCE, mod)
    rel = scene.tables["REL"].get(found.form("r"))
    now = (today.month - 1) // months + 1
    in_year = today.year
    if rel:
        in_year += rel if (ordinal >= now if rel < 0 else ordinal <= now) else 0
    elif ordinal > now and (scene.direction(found) == BACK or among_figures(found, scene)):
        in_year -= 1
    elif ordinal < now and scene.direction(found) == FORWARD and not among_figures(found, scene):
        in_year += 1
    return Reading(f"{in_year:04d}-{letter}{ordinal}", "nearest", mod, anchor="document")


def season(found: Found, scene: Scene) -> Reading | None:
    """ "l'été 2016", "l'hiver dernier", "à l'automne"; not the participle été, not sports d'hiver."""
    name, mod, year_number = str(scene.tables["SEASON"][found.form("s")]), _mod(found, scene), found.number("y")
    token = found.token("s")
    determiner = found.stretch.tokens[found.first].form
    bare = found.last - found.first == 1
    if found.previous() == "d'" and not found.form("mod"):
        return None
    if (found.form("s") == "ete" and bare and found.previous() not in ("en", "d'")) or (
        token is not None and token.capital and not found.form("y")
    ):
        return None
    rel = scene.tables["REL"].get(found.form("r"))
    if bare and (
        found.previous() in ("d'", "de", "du", "des", "-", "les") or (found.previous() not in ("en", "au", "debut", "fin"))
    ):
        return None
    if determiner in ("le", "l'") and rel is None and year_number is None and found.following() in ("arabe", "de", "des", "du"):
        return None
    if year_number is not None:
        return Reading(calendars.season_value(name, year_number), "absolute", mod, explicit=True)
    if scene.today is None:
        return Reading(f"XXXX-{name}", NO_REFERENCE, mod)
    return Reading(_season_near(scene.today, name, rel, scene.direction(found), determiner), "nearest", mod, anchor="document")


def _season_near(today: date, name: str, rel: int | None, direction: int | None, determiner: str) -> str:
    current, current_year = calendars.season_at(today)
    years = [today.year + offset for offset in (-2, -1, 0, 1, 2)]
    spans = {year: calendars.interval(calendars.season_value(name, year)) for year in years}
    past = [year for year in years if (last := spans[year][1]) is not None and last < today]
    future = [year for year in years if (first := spans[year][0]) is not None and first > today]
    if rel is not None:
        return calendars.season_value(name, max(past) if rel < 0 else min(future))
    if current == name:
        return calendars.season_value(name, current_year)
    if direction == BACK:
        return calendars.season_value(name, max(past))
    if direction == FORWARD:
        return calendars.season_value(name, min(future))
    gaps = {year: _gap(today, spans[year]) for year in years}
    return calendars.season_value(name, min(years, key=lambda year: (gaps[year], year)))


def _gap(today: date, span: calendars.Interval) -> int:
    first, last, _ = span
    return min(abs((first - today).days) if first else 9999, abs((last - today).days) if last else 9999)


def republican(found: Found, scene: Scene) -> Reading | None:
    number = found.number("n")
    if number is None:
        return None
    try:
        full = calendars.republican(_number_or_first(found, "d"), _month(found, scene), number)
    except ValueError:
        return None
    return Reading(full.isoformat(), "republican", explicit=True)


def nth_of_month(found: Found, scene: Scene) -> Reading | None:
    """ "le premier dimanche de septembre", "la dernière semaine d'octobre 2015"."""
    inner = month(found, scene) if found.form("m") else _relative_month(found, scene)
    ordinal = _ordinal(found, scene)
    first, last, granularity = calendars.interval(inner.value if inner else None)
    if inner is None or first is None or last is None or ordinal is None or granularity != "month":
        return Reading(None, NO_REFERENCE) if scene.today is None else None
    weekday, unit = _weekday(found, scene), found.form("u")
    value = _nth(first, last, ordinal, weekday, unit)
    if value is None:
        return None
    return Reading(
        value,
        inner.method,
        "START" if unit == "quinzaine" and ordinal == 1 else None,
        anchor=inner.anchor,
        explicit=inner.explicit,
    )


def _nth(first: date, last: date, ordinal: int, weekday: int | None, unit: str) -> str | None:
    if unit == "quinzaine":
        return calendars.month_value(first.year, first.month)
    if unit == "jour":
        day = last if ordinal < 0 else first + timedelta(ordinal - 1)
        return day.isoformat() if first <= day <= last else None
    if weekday is not None:
        day = calendars.nth_weekday(first.year, first.month, weekday, ordinal)
        return day.isoformat() if first <= day <= last else None
    suffix = "-WE" if unit.startswith("week") else ""
    if ordinal < 0:  # the last week that lies in the month whole (for weekends: its Saturday does)
        return calendars.week_value(calendars.weekday_on(last, 6 if suffix else 7, BACK)) + suffix
    monday = calendars.weekday_on(first, 6 if suffix else 1, FORWARD) + timedelta(7 * (ordinal - 1))
    return calendars.week_value(monday) + suffix


def _relative_month(found: Found, scene: Scene) -> Reading | None:
    if scene.today is None:
        return None
    offset = scene.tables["REL"].get(found.form("r"), 0)
    return Reading(calendars.shift(scene.today, offset, "M"), "relative", anchor="document")


def week_of(found: Found, scene: Scene) -> Reading | None:
    inner = day_month(found, scene)
    first, _, _ = calendars.interval(inner.value if inner else None)
    if inner is None or first is None:
        return None
    return Reading(calendars.week_value(first), inner.method, anchor=inner.anchor, explicit=inner.explicit)


def week_number(found: Found, scene: Scene) -> Reading | None:
    number = found.number("n")
    if number is None or not 1 <= number <= 53 or found.previous() in ("chaque", "par", "cette"):
        return None
    if scene.today is None:
        return Reading(f"XXXX-W{number:02d}", NO_REFERENCE)
    return Reading(f"{scene.today.isocalendar()[0]:04d}-W{number:02d}", "absolute", anchor="document")


def weekday_day(found: Found, scene: Scene) -> Reading | None:
    """ "jeudi 15": the nearest month in which the 15th is a Thursday."""
    return _day_of_month(found, scene, _number_or_first(found, "d"), _weekday(found, scene))


def day_alone(found: Found, scene: Scene) -> Reading | None:
    return _day_of_month(found, scene, _number_or_first(found, "d"), None)


def _day_of_month(found: Found, scene: Scene, day: int, weekday: int | None) -> Reading | None:
    today = scene.today
    if today is None:
        return Reading(f"XXXX-XX-{day:02d}", NO_REFERENCE)
    months = [today.year * 12 + today.month - 1 + offset for offset in range(-12, 13)]
    days = [full for index in months if (full := _date(index // 12, index % 12 + 1, day))]
    if weekday is not None:
        days = [full for full in days if full.isoweekday() == weekday]
    direction = scene.direction(found)
    side = [full for full in days if direction in (BACK, FORWARD) and (full - today).days * int(direction or 0) >= 0]
    near = [full for full in side if abs((full - today).days) < 45] or days
    if weekday is not None and all(abs((full - today).days) > 45 for full in near):
        return _day_of_month(found, scene, day, None)  # the text's weekday is wrong
    if not near:
        return None
    chosen = min(near, key=lambda full: (abs((full - today).days), full))
    return Reading(chosen.isoformat(), "nearest", anchor="document")


# --- weekdays and relative days -----------------------------------------------------------------------------------------


def weekday(found: Found, scene: Scene) -> Reading | None:
    """A weekday, with the direction of its clause; with a part of day it is a TIME."""
    number, token = _weekday(found, scene), found.token("w")
    if number is None or token is None or _is_name_of_somebody(found, scene):
        return None
    part = _part(found, scene)
    mod = _mod(found, scene)
    today = scene.today
    if today is None:
        return Reading(f"XXXX-WXX-{number}{part}", NO_REFERENCE, mod)
    rel = scene.tables["REL"].get(found.form("r"))
    if next_to := found.form("n"):
        side = int(scene.tables["NEXTTO"][next_to])
        base, anchor = _narrative_day(found, scene)
        day = calendars.weekday_on(base or today, number, side, strict=True)
        return Reading(day.isoformat() + part, "discourse", mod, anchor=anchor)
    if rel is not None:
        day = calendars.weekday_on(today, number, int(rel), strict=True)
        return Reading(day.isoformat() + part, "relative", mod, anchor="document")
    if distant := scene.timeline.distant_day(found.start):
        day = calendars.weekday_on(distant.last, number, FORWARD)
        return Reading(day.isoformat() + part, "narrative_day", mod, anchor=distant.date_id, explicit=True)
    direction = FORWARD if scene.direction(found) == FORWARD else BACK
    day = calendars.weekday_on(today, number, direction)
    method = "weekday_same" if day == today else "weekday_future" if direction == FORWARD else "weekday_past"
    return Reading(day.isoformat() + part, method, mod, anchor="document")


def _is_name_of_somebody(found: Found, scene: Scene) -> bool:
    """Robinson's Vendredi: a capital in the middle of a sentence, not in a list or a heading."""
    token = found.token("w")
    if token is None or not token.capital or found.last - found.first > 1:
        return False
    before = found.neighbour(-1)
    if before is None or before.code in ("X", "\n") or not re.fullmatch(r"[a-z]+'?", before.form):
        return False
    return not before.capital and not found.form("p") and before.form in (
        "et", "que", "avec", "appelle", "nomme", "recueille", "de", "comme", "film", "magazine", "hebdomadaire",
    )  # fmt: skip


def _part(found: Found, scene: Scene) -> str:
    form = found.form("p")
    if not form:
        return ""
    if form == "journee":
        return "TDT"
    return "T" + str(scene.tables["PART"].get(form.removeprefix("au ")) or scene.tables["PARTS"].get(form) or "DT")


def weekday_in_n(found: Found, scene: Scene) -> Reading | None:
    number = _weekday(found, scene)
    if number is None or scene.today is None:
        return Reading(f"XXXX-WXX-{number}", NO_REFERENCE) if number else None
    weeks = 1 if found.form("n") in ("huit", "8") else 2
    day = calendars.weekday_on(scene.today, number, FORWARD) + timedelta(7 * weeks)
    return Reading(day.isoformat(), "relative", anchor="document")


def weekday_of_week(found: Found, scene: Scene) -> Reading | None:
    number, today = _weekday(found, scene), scene.today
    if number is None or today is None:
        return Reading(f"XXXX-WXX-{number}", NO_REFERENCE) if number else None
    rel = scene.tables["REL"].get(found.form("r")) or scene.tables["NEXTTO"].get(found.form("n")) or 0
    monday = today - timedelta(today.isoweekday() - 1) + timedelta(7 * int(rel))
    return Reading((monday + timedelta(number - 1)).isoformat(), "relative", anchor="document")


def relative_day(found: Found, scene: Scene) -> Reading | None:
    """ "hier", "demain matin"."""
    part = _part(found, scene)
    kind = "TIME" if part else None
    if scene.today is None:
        return Reading(None, NO_REFERENCE, timex_type=kind)
    day = scene.today + timedelta(int(scene.tables["RELATIVEDAY"][found.form("rel")]))
    return Reading(day.isoformat() + part, "relative", timex_type=kind, anchor="document")


def today(found: Found, scene: Scene) -> Reading | None:
    """ "aujourd'hui": the day with an event of that day, else nowadays."""
    if scene.today is None:
        return Reading("PRESENT_REF", NO_REFERENCE)
    words = found.previous(2)
    nowadays = words.endswith(("qu'", "d'", "encore", "jusqu' a", "seul", "france d'"))
    verb = scene.get_clauses().governing(found.start, found.end)
    if verb is None:  # a heading, or a verb that cannot be told from a noun without a parse
        dated = scene.has_parse or len(scene.sentence(found)) < _HEADING
    else:
        dated = not verb.weak and verb.direction in (BACK, FORWARD)
    if dated and not nowadays and not _in_quotation(found, scene):
        return Reading(scene.today.isoformat(), "relative", anchor="document")
    return Reading("PRESENT_REF", "vague")


def _in_quotation(found: Found, scene: Scene) -> bool:
    before = scene.text[max(0, found.start - 400) : found.start]
    return before.rfind("«") > before.rfind("»")


def this_part(found: Found, scene: Scene) -> Reading | None:
    if scene.today is None:
        return Reading(None, NO_REFERENCE)
    return Reading(scene.today.isoformat() + _part(found, scene), "relative", anchor="document")


def last_night(found: Found, scene: Scene) -> Reading | None:
    if scene.today is None:
        return Reading(None, NO_REFERENCE)
    return Reading((scene.today - timedelta(1)).isoformat() + "TNI", "relative", anchor="document")


def ago(found: Found, scene: Scene) -> Reading | None:
    return _counted(found, scene, -1)


def ahead(found: Found, scene: Scene) -> Reading | None:
    return _counted(found, scene, 1)


def _counted(found: Found, scene: Scene, side: int) -> Reading | None:
    """ "il y a trois jours", "dans deux mois": as coarse as the unit."""
    mod = approximation(found) or found.rule.args.get("mod")
    number = scene.tables["COLLECTIVE"].get(found.form("n")) or found.number("n") or 1
    unit = str(scene.tables["UNIT"][found.form("u")])
    half = bool(found.form("half"))
    if unit in ("TH", "TM", "TS"):
        return _counted_clock(scene, side * (number + (0.5 if half else 0)), unit, mod)
    if scene.today is None:
        return Reading(None, NO_REFERENCE, mod)
    topic = scene.timeline.topic_month(found.start) if unit in ("Y", "M") and side < 0 else None
    if topic is not None and among_figures(found, scene):
        months = number * (12 if unit == "Y" else 1)
        return Reading(
            calendars.month_value(topic.first.year, topic.first.month - months), "topic_month", mod, anchor=topic.date_id
        )
    return Reading(_stepped(scene.today, side, number, unit, half), "relative", mod, anchor="document")


def _stepped(base: date, side: int, number: int, unit: str, half: bool) -> str:
    if half and unit == "Y":
        return calendars.shift(base, side * (12 * number + 6), "M")
    if half and unit == "M":
        return (calendars.day_value(base + timedelta(side * (30 * number + 15))))[:7]
    if unit == "K":
        return calendars.shift(base, side * number * 1000, "Y")
    return calendars.shift(base, side * number, unit)


def _counted_clock(scene: Scene, count: float, unit: str, mod: str | None) -> Reading:
    """Hours and minutes from now have a value only when the article's time of day is known."""
    if scene.published is None or not scene.has_time:
        if scene.today is not None and unit == "TH" and count % 24 == 0:
            return Reading((scene.today + timedelta(hours=count)).isoformat(), "relative", mod, anchor="document")
        return Reading(None, "no_reference_time", mod, timex_type="TIME")
    moment = scene.published + timedelta(seconds=count * {"TH": 3600, "TM": 60, "TS": 1}[unit])
    shape = "%Y-%m-%dT%H:%M:%S" if unit == "TS" else "%Y-%m-%dT%H:%M"
    return Reading(moment.strftime(shape), "relative", mod, timex_type="TIME", anchor="document")


def among_figures(found: Found, scene: Scene) -> bool:
    """Whether the sentence gives figures: then months and years are counted from the month that the figures are of."""
    return bool(
        re.search(
            r"%|[0-9],[0-9]|\bcontre\b|\btaux\b|\bchiffres\b|\bchomage\b|\binflation\b|\bindice\b|\bhausse\b|\bbaisse\b",
            scene.sentence(found),
        )
    )


def unit_rel(found: Found, scene: Scene) -> Reading | None:
    """ "la semaine dernière", "l'an prochain"."""
    mod, unit = _mod(found, scene), str(scene.tables["LONG"][found.form("u")])
    if scene.today is None:
        return Reading(None, NO_REFERENCE, mod)
    if unit == "D":
        return None
    rel = int(scene.tables["REL"][found.form("r")])
    if unit == "WE" and rel < 0 and scene.today.isoweekday() == 7:
        rel = -1
    return Reading(calendars.shift(scene.today, rel, unit), "relative", mod, anchor="document")


def this_unit(found: Found, scene: Scene) -> Reading | None:
    """ "cette semaine", "ce mois-ci", "fin d'année", "le week-end"."""
    mod, unit = _mod(found, scene), str(scene.tables["UNIT"][found.form("u")])
    if scene.today is None:
        return Reading(None, NO_REFERENCE, mod)
    if unit == "D":
        return _this_day(found, scene, mod)
    topic = scene.timeline.topic_month(found.start) if unit == "M" else None
    if topic is not None and among_figures(found, scene):
        return Reading(calendars.month_value(topic.first.year, topic.first.month), "topic_month", mod, anchor=topic.date_id)
    direction = scene.direction(found)
    if (
        unit == "WE"
        and scene.today.isoweekday() < 5
        and (direction == BACK or (direction != FORWARD and scene.today.isoweekday() == 1))
    ):
        return Reading(calendars.shift(scene.today, -1, "WE"), "relative", mod, anchor="document")
    if unit == "Y" and not found.form("mod") == "" and (distant := scene.timeline.distant_year(found.start)):
        return Reading(f"{distant.first.year:04d}", "narrative_year", mod, anchor=distant.date_id)
    return Reading(calendars.shift(scene.today, 0, unit), "relative", mod, anchor="document")


def _this_day(found: Found, scene: Scene, mod: str | None) -> Reading | None:
    if found.form("u") == "journee" and scene.today:
        anchor = scene.timeline.day_for_clock(found.start, found.end)
        day = anchor.first if anchor else scene.today
        if mod:
            return Reading(
                f"{day.isoformat()}{'TEV' if mod == 'END' else 'TDT'}",
                "discourse",
                mod,
                timex_type="TIME",
                anchor=_anchor_id(anchor),
            )
        return Reading(day.isoformat(), "discourse", anchor=_anchor_id(anchor))
    if found.previous() == "a" or scene.today is None:
        return Reading("PRESENT_REF", "vague")
    return Reading(scene.today.isoformat(), "relative", anchor="document")


def back_to_school(found: Found, scene: Scene) -> Reading | None:
    """The "rentrée" of schools and parliaments: September."""
    if (number := found.number("y")) is not None:
        return Reading(f"{number:04d}-09", "absolute", explicit=True)
    if scene.today is None:
        return Reading("XXXX-09", NO_REFERENCE)
    rel, today_ = scene.tables["REL"].get(found.form("r")), scene.today
    backwards, forwards = (today_.month - 9) % 12, (9 - today_.month) % 12
    if rel is not None:
        offset = (forwards or 12) if rel > 0 else -(backwards or 12)
    else:
        offset = _month_offset(backwards, forwards, scene.direction(found))
    return Reading(calendars.month_value(today_.year, today_.month + offset), "nearest", anchor="document")


def holiday(found: Found, scene: Scene) -> Reading | None:
    """Fixed and movable feasts, the nearest that fits the tense when no year is given."""
    form, token = found.form("hol"), found.token("hol")
    if token is None or (form in scene.tables["MOVABLE"] and not (token.capital and found.last - found.first > 1)):
        return None
    if (
        not token.capital
        and form in ("noel", "paques")
        and found.previous() in ("pere", "de", "d'")
        and found.rule.rule_id == "holiday"
    ):
        return None
    formula, part = str(scene.tables["HOLIDAY"][form]), _part(found, scene)
    monthly = formula.endswith("~M")
    formula = formula.removesuffix("~M")
    if form == "noel" and part == "TEV":
        formula = "12-24"
    number, rel = found.number("y"), scene.tables["REL"].get(found.form("r"))
    mod = _mod(found, scene)
    if number is not None:
        day = calendars.holiday(formula, number)
        return Reading(_feast(day, monthly, part), "holiday", mod, explicit=True)
    if scene.today is None:
        known = formula if formula[0].isdigit() else None
        return Reading(f"XXXX-{known}{part}" if known else None, NO_REFERENCE, mod)
    day = _feast_near(formula, scene.today, int(rel) if rel else None, scene.direction(found))
    return Reading(_feast(day, monthly, part), "holiday", mod, anchor="document")


def holiday_weekend(found: Found, scene: Scene) -> Reading | None:
    """ "le week-end de Pâques": the weekend that holds the feast or is nearest to it."""
    inner = holiday(found, scene)
    first, _, _ = calendars.interval(inner.value if inner else None)
    if inner is None or first is None:
        return inner
    return Reading(calendars.week_value(first) + "-WE", inner.method, anchor=inner.anchor, explicit=inner.explicit)


def _feast(day: date, monthly: bool, part: str) -> str:
    return (day.isoformat()[:7] if monthly else day.isoformat()) + part


@lru_cache(maxsize=1024)
def _feast_near(formula: str, base: date, rel: int | None, direction: int | None) -> date:
    days = [calendars.holiday(formula, base.year + offset) for offset in (-1, 0, 1)]
    if rel is not None:
        return max(day for day in days if day < base) if rel < 0 else min(day for day in days if day > base)
    if direction == BACK:
        past = [day for day in days if day <= base and (base - day).days <= _FAR_DAYS]
        if past:
            return max(past)
    if direction == FORWARD:
        future = [day for day in days if day >= base and (day - base).days <= _FAR_DAYS]
        if future:
            return min(future)
    return min(days, key=lambda day: (abs((day - base).days), day))


# --- counted from the date in force -------------------------------------------------------------------------------------


def _anchor_id(anchor: Anchor | None) -> str:
    return anchor.date_id if anchor else "document"


def _narrative_day(found: Found, scene: Scene) -> tuple[date | None, str]:
    anchor = scene.timeline.narrative_day(found.start)
    return (anchor.first, anchor.date_id) if anchor else (scene.today, "document")


def neighbour_day(found: Found, scene: Scene) -> Reading | None:
    """ "la veille", "le lendemain", "le surlendemain"; what they are of may stand right behind."""
    days = int(found.rule.args["days"])
    if found.form("d") in ("avant-veille", "surlendemain"):
        days *= 2
    part = _part(found, scene)
    if not part and (clock := re.fullmatch(r"(?:au )?(soir|matin)", found.form("p"))):
        part = "TEV" if clock[1] == "soir" else "TMO"
    kind = "TIME" if part else None
    if (beside := scene.timeline.apposition(scene.text, found.start, found.end)) is not None:
        return Reading(beside.first.isoformat() + part, "apposition", timex_type=kind, anchor=beside.date_id)
    base, anchor = _named_neighbour(found, scene)
    if base is None:
        return Reading(None, NO_REFERENCE, timex_type=kind)
    return Reading((base + timedelta(days)).isoformat() + part, "discourse", timex_type=kind, anchor=anchor)


def _named_neighbour(found: Found, scene: Scene) -> tuple[date | None, str]:
    if found.form("dd"):
        year_number = found.number("y")
        day, number = found.number("dd") or 1, _month(found, scene)
        full = _date(year_number, number, day) if year_number else None
        if full is None and scene.today is not None:
            full = nearest_day(scene.today, number, day, scene.direction(found))
        return full, "none" if year_number else "document"
    if found.form("hol") and scene.today is not None:
        formula = str(scene.tables["HOLIDAY"][found.form("hol")]).removesuffix("~M")
        return _feast_near(formula, scene.today, None, scene.direction(found)), "document"
    if found.following() in ("de", "du", "d'", "des") and (anchor := scene.timeline.day_of_event(found.end)):
        return anchor.first, anchor.date_id
    return _narrative_day(found, scene)


def later(found: Found, scene: Scene) -> Reading | None:
    """ "cinq jours plus tard", "deux ans auparavant"."""
    mod = approximation(found) or found.rule.args.get("mod")
    number = scene.tables["COLLECTIVE"].get(found.form("n")) or found.number("n") or 1
    unit = str(scene.tables["UNIT"][found.form("u")])
    side = 1 if found.form("s") in ("plus tard", "apres") else -1
    if unit in ("TH", "TM", "TS"):
        return _later_clock(found, scene, side * number, unit, mod)
    periods = {"Y": frozenset({"year", "month", "day"}), "M": frozenset({"month", "day"})}.get(
        unit, frozenset({"day", "part_of_day", "time"})
    )
    anchor = scene.timeline.narrative_period(found.start, periods)
    base = anchor.first if anchor else scene.today
    if base is None:
        return Reading(None, NO_REFERENCE, mod)
    value = _stepped(base, side, number, unit, bool(found.form("half")))
    return Reading(value, "discourse", mod, anchor=_anchor_id(anchor))


def _later_clock(found: Found, scene: Scene, count: int, unit: str, mod: str | None) -> Reading:
    """Some hours or minutes later: a time only where the text gave one, else a length."""
    value = quantities.period(str(abs(count)), unit)
    return Reading(value, "duration", mod, timex_type="DURATION")


def in_force(found: Found, scene: Scene) -> Reading | None:
    """ "le même jour", "cette année-là", "à cette date", "ce mardi-là"."""
    form = found.form("u") or "date"
    part = scene.tables["PART"].get(form)
    if part:
        anchor = scene.timeline.narrative_day(found.start)
        base = anchor.first if anchor else scene.today
        value = f"{base.isoformat()}T{part}" if base else None
        return Reading(value, "discourse" if base else NO_REFERENCE, timex_type="TIME", anchor=_anchor_id(anchor))
    unit = str(scene.tables["LONG"].get(form, "D"))
    periods = {
        "Y": frozenset({"year", "month", "day", "season", "quarter", "half"}),
        "M": frozenset({"month", "day"}),
        "W": frozenset({"week", "day"}),
        "WE": frozenset({"weekend", "day"}),
    }.get(unit, frozenset({"day", "part_of_day", "time"}) | (frozenset({"month"}) if form == "date" else frozenset()))
    anchor = scene.timeline.narrative_period(found.start, periods)
    base = anchor.first if anchor else scene.today
    if base is None:
        return Reading(None, NO_REFERENCE)
    if anchor is not None and anchor.granularity == "month" and unit == "D":
        return Reading(calendars.month_value(base.year, base.month), "discourse", anchor=anchor.date_id)
    return Reading(calendars.shift(base, 0, unit), "discourse", anchor=_anchor_id(anchor))


def moment(found: Found, scene: Scene) -> Reading | None:
    """ "en ce moment" is now; "à ce moment" is the date in force when the clause looks away from now."""
    if found.previous() == "en" or scene.today is None:
        return Reading("PRESENT_REF", "vague")
    there = found.form("u").endswith("la") or "la" in scene.folded[found.end - 3 : found.end]
    if not there and scene.direction(found) not in (BACK, FORWARD):
        return Reading("PRESENT_REF", "vague")
    if _in_quotation(found, scene) and not there:
        return Reading("PRESENT_REF", "vague")
    last = scene.timeline.last(found.start)
    if last is None:
        return Reading("PRESENT_REF" if not there else "PAST_REF", "vague")
    return Reading(last.value, "discourse", anchor=last.date_id)


def unit_next_to(found: Found, scene: Scene) -> Reading | None:
    """ "le mois précédent", "l'année suivante", "la semaine d'après"."""
    mod, unit = _mod(found, scene), str(scene.tables["LONG"][found.form("u")])
    form = found.form("n")
    side = 1 if form.startswith("qui") else int(scene.tables["NEXTTO"][form])
    topic = scene.timeline.topic_month(found.start) if unit == "M" else None
    if topic is not None:
        return Reading(
            calendars.month_value(topic.first.year, topic.first.month + side), "topic_month", mod, anchor=topic.date_id
        )
    periods = {
        "Y": frozenset({"year", "month", "day", "season"}),
        "M": frozenset({"month", "day"}),
        "W": frozenset({"week", "day"}),
        "Q": frozenset({"quarter"}),
        "H": frozenset({"half"}),
        "E": frozenset({"decade", "year"}),
        "C": frozenset({"century"}),
    }.get(unit, frozenset({"day", "part_of_day", "time"}))
    anchor = scene.timeline.narrative_period(found.start, periods)
    base = anchor.first if anchor else scene.today
    if base is None:
        return Reading(None, NO_REFERENCE, mod)
    return Reading(calendars.shift(base, side, unit), "discourse", mod, anchor=_anchor_id(anchor))


# --- times of day -------------------------------------------------------------------------------------------------------


def _clock_value(found: Found, scene: Scene) -> str | None:
    """ "T20:13", "T08:30" from the captures of a clock time; None when it is no time of day."""
    minutes: int | None
    if token := found.token("hc"):
        hour, minutes, *rest = token.parts
        seconds = rest[0] if rest else None
    elif word := found.form("noon"):
        hour, minutes, seconds = (12 if word == "midi" else 0), found.number("mm") or 0, None
        if word == "minuit" and not found.form("mm") and not found.form("fr"):
            hour = 24
    else:
        number = found.number("hh")
        hour = 1 if number is None else number
        minutes, seconds = found.number("mm") or 0, found.number("ss")
    daypart = found.form("dp")
    if hour < 12 and re.search("soir|apres-midi|soiree|^p", daypart):
        hour += 12
    total = hour * 60 + minutes + _fraction(found.form("fr"))
    if total < 0 or total > 24 * 60 or (hour == 24 and minutes):
        return None
    suffix = f":{seconds:02d}" if seconds else ""
    return f"T{total // 60:02d}:{total % 60:02d}{suffix}"


def _fraction(words: str) -> int:
    if not words:
        return 0
    if words.startswith("moins"):
        amounts = {"quart": 15, "cinq": 5, "dix": 10, "vingt": 20}
        return -next((minutes for word, minutes in amounts.items() if words.endswith(word)), 25)
    if "trois quarts" in words:
        return 45
    return 15 if "quart" in words else 30


def clock(found: Found, scene: Scene) -> Reading | None:
    """A time of day on the day in force."""
    time, hour = _clock_value(found, scene), found.form("hh")
    if time is None or (found.previous() == "depuis" and hour and not hour.isdigit()):  # "depuis dix-sept heures" is a length
        return None
    if (
        found.rule.rule_id == "noon"
        and (token := found.token("noon"))
        and token.capital
        and found.previous() in ("de", "du", "le", "editions")
    ):
        return None
    mod = approximation(found)
    anchor = scene.timeline.day_for_clock(found.start, found.end)
    day = anchor.first if anchor else scene.today
    if day is None:
        return Reading(time, NO_REFERENCE, mod)
    return Reading(day.isoformat() + time, "clock", mod, anchor=_anchor_id(anchor))


def clock_today(found: Found, scene: Scene) -> Reading | None:
    """ "8 heures ce soir", "15 h demain": an hour of the article's day or of one counted from it."""
    time = _clock_value(found, scene)
    if time is None:
        return None
    named = found.form("t") or found.form("p")
    if int(time[1:3]) < 12 and re.search("soir|apres-midi", named):
        time = f"T{int(time[1:3]) + 12}{time[3:]}"
    if scene.today is None:
        return Reading(time, NO_REFERENCE, approximation(found))
    day = scene.today + timedelta(int(scene.tables["RELATIVEDAY"].get(found.form("rel"), 0)))
    return Reading(day.isoformat() + time, "relative", approximation(found), anchor="document")


def dated_clock(found: Found, scene: Scene) -> Reading | None:
    """A day and an hour in one: "samedi 20 h 45", "22 h 34 lundi"."""
    time = _clock_value(found, scene)
    if found.form("n"):
        day = numeric(found, scene)
    elif found.form("d"):
        day = day_month(found, scene)
    else:
        day = weekday(found, scene)
    if time is None or day is None or day.value is None:
        return None
    return Reading(day.value + time, day.method, approximation(found), anchor=day.anchor, explicit=day.explicit)


def part_of_day(found: Found, scene: Scene) -> Reading | None:
    """ "la nuit du 1er au 2 janvier", "soir du mardi 17 janvier", "la matinée d'hier"."""
    mod, part = _mod(found, scene), _part(found, scene)
    if found.form("v"):
        base, anchor = _narrative_day(found, scene)
        day = Reading((base - timedelta(1)).isoformat(), "discourse", anchor=anchor) if base else None
    elif found.form("rel"):
        if scene.today is None:
            return Reading(None, NO_REFERENCE, mod)
        day = Reading(
            (scene.today + timedelta(int(scene.tables["RELATIVEDAY"][found.form("rel")]))).isoformat(),
            "relative",
            anchor="document",
        )
    elif found.form("dd"):  # "de vendredi à samedi 1er avril" names the second day
        inner = day_month(replace(found, groups={**found.groups, "d": found.groups["dd"], "w": (0, 0)}), scene)
        first, _, _ = calendars.interval(inner.value if inner else None)
        day = replace(inner, value=(first - timedelta(1)).isoformat()) if inner and first else None
    elif found.form("m"):
        day = day_month(found, scene)
    elif found.form("d"):
        day = day_alone(found, scene)
    else:
        day = _weekday_reading(found, scene)
    if day is None or day.value is None:
        return None
    if found.form("p") == "journee" and not mod:
        return replace(day, timex_type="DATE")
    return Reading(day.value + part, day.method, mod, anchor=day.anchor, explicit=day.explicit)


def _weekday_reading(found: Found, scene: Scene) -> Reading | None:
    number = _weekday(found, scene)
    if number is None:
        return None
    if scene.today is None:
        return Reading(f"XXXX-WXX-{number}", NO_REFERENCE)
    if distant := scene.timeline.distant_day(found.start):
        return Reading(calendars.weekday_on(distant.last, number, FORWARD).isoformat(), "narrative_day", anchor=distant.date_id)
    direction = FORWARD if scene.direction(found) == FORWARD else BACK
    day = calendars.weekday_on(scene.today, number, direction)
    return Reading(day.isoformat(), "weekday_future" if direction == FORWARD else "weekday_past", anchor="document")


def part_in_force(found: Found, scene: Scene) -> Reading | None:
    """ "dans la soirée", "fin d'après-midi", "en pleine nuit": on the day in force."""
    token = found.token("p")
    if found.previous() in ("euros", "dollars", "€"):
        return None
    if token is None or token.capital:
        return None
    if (
        found.form("p") == "midi"
        and found.stretch.tokens[found.first].form == "le"
        and found.previous() not in ("", "\n", ",", ".")
    ):
        return None
    mod, part = _mod(found, scene), _part(found, scene)
    anchor = scene.timeline.day_for_clock(found.start, found.end)
    day = anchor.first if anchor else scene.today
    if found.form("p") == "journee" and mod == "END":
        part = "TEV"  # "en fin de journée"
    if day is None:
        return Reading(part, NO_REFERENCE, mod)
    return Reading(day.isoformat() + part, "discourse", mod, anchor=_anchor_id(anchor))


def day_in_force(found: Found, scene: Scene) -> Reading | None:
    anchor = scene.timeline.day_for_clock(found.start, found.end)
    day = anchor.first if anchor else scene.today
    if day is None:
        return Reading(None, NO_REFERENCE)
    return Reading(day.isoformat(), "discourse", anchor=_anchor_id(anchor))


def vague(found: Found, scene: Scene) -> Reading | None:
    form = found.form("v")
    tables = scene.tables
    value = tables["VAGUENOW"].get(form) or tables["VAGUEPAST"].get(form) or tables["VAGUENEXT"].get(form)
    token = found.token("v")
    return Reading(str(value), "vague", start=token.start if token else None)


def holds(found: Found, scene: Scene) -> bool:
    """Whether a span that waits for the date in force is a time expression at all."""
    if found.rule.resolver == "clock":
        return clock(found, scene) is not None
    return found.rule.resolver != "part_in_force" or part_in_force(found, scene) is not None


# Expressions counted from the date in force wait until all others of the article are resolved.
LATE = frozenset({"clock", "part_in_force", "day_in_force", "neighbour_day", "later", "in_force", "moment", "unit_next_to"})

RESOLVERS: dict[str, Resolver] = {
    "stamp": stamp, "numeric": numeric, "numeric_month": numeric_month, "slashed": slashed, "fixed": fixed,
    "day_month": day_month, "listed_day": listed_day, "month": month, "year": year, "bare_year": bare_year,
    "year_bc": year_bc, "decade": decade, "century": century, "quarter": quarter, "season": season,
    "republican": republican, "nth_of_month": nth_of_month, "week_of": week_of, "week_number": week_number,
    "weekday_day": weekday_day, "day_alone": day_alone, "weekday": weekday, "weekday_in_n": weekday_in_n,
    "weekday_of_week": weekday_of_week, "relative_day": relative_day, "today": today, "this_part": this_part,
    "last_night": last_night, "ago": ago, "ahead": ahead, "unit_rel": unit_rel, "this_unit": this_unit,
    "back_to_school": back_to_school, "holiday": holiday, "holiday_weekend": holiday_weekend, "neighbour_day": neighbour_day, "later": later,
    "in_force": in_force, "moment": moment, "unit_next_to": unit_next_to, "clock": clock, "clock_today": clock_today, "nth_week_of_year": nth_week_of_year, "parsed": parsed, "dated_clock": dated_clock,
    "part_of_day": part_of_day, "part_in_force": part_in_force, "day_in_force": day_in_force, "vague": vague,
    **quantities.RESOLVERS,
}  # fmt: skip

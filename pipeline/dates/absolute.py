"""Dates that need nothing but themselves, or only the nearest year: days, months, years, quarters, seasons, centuries."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from pipeline.dates import calendars
from pipeline.dates.anchors import Anchor
from pipeline.dates.common import (
    among_figures,
    anchor_id,
    candidates,
    day_number,
    full_year,
    make_date,
    mod_of,
    month_number,
    month_offset,
    nearest_day,
    side_of,
    weekday_number,
    year_side,
)
from pipeline.dates.grammar import Found
from pipeline.dates.quantities import approximation
from pipeline.dates.scene import NO_REFERENCE, Reading, Resolver, Scene
from pipeline.dates.tense import BACK, FORWARD, PRESENT, PUT_OFF

_LIST_SIDE = re.compile(
    r" (?:et|au|ou|et le|ou le|et du|jusqu'au) [0-9]{1,2}(?:er)? [a-z]{3,9} (derniers|passes|ecoules|prochains)\b"
)
_DATED = frozenset({"year", "month", "day", "season"})  # what "le 1er juin suivant" is counted from
_HEADING = 40  # a text this short is no sentence
_FRESH = 14  # days that news is of, unless it says otherwise
_JUST_OVER = 31  # days for which a season that is over is still "cet été"
_FITTING = range(-800, 400)  # days from the article's to one whose year its weekday tells
_TOO_EARLY = 15  # days into a quarter in which nobody can tell yet what it has brought
_PAIR = 31  # days between two that are named together; what lies farther apart is two things
_LIST = 3000  # how long a bulleted list may be that one year governs
_ITEMS = re.compile(r"(?:\n\s*[•·▪*–-][^\n]*)+")
_BULLETS = re.compile(rf"[^\n]*{_ITEMS.pattern}")  # behind what heads the list


_YEAR_CUES = frozenset("en depuis an annee des ici horizon jusqu'en edition millesime exercice saison".split())


_SCENE_CUES = frozenset("en des annee an vers apres avant entre et a jusqu'en ,".split())


_COUNTED = frozenset(
    (
        "euros euro dollars francs personnes habitants hommes femmes morts blesses metres metre kilometres km m pages "
        "tonnes places voix emplois salaries manifestants policiers soldats logements fois points degres livres hectares kg "
        "g ml cas autres milliards millions ans jours heures h mois semaines minutes secondes mille litres watts mw "
        "exemplaires postes signatures entreprises soldats militaires migrants refugies cm pieds vehicules communes eleves "
        "etudiants candidats delegues cv domiciles maisons foyers routes familles enfants victimes victoires titres matchs "
        "tours sieges dossiers plaintes objets pieces animaux arbres navires bateaux avions voitures camions artistes "
        "matches coureurs athletes concurrents participants spectateurs visiteurs supporters membres adherents electeurs agents"
    ).split()
)


_NUMERAL_CODES = re.compile(r"[0-9]+(?:[.,/-][0-9]+)*")


def stamp(found: Found, scene: Scene) -> Reading | None:
    token = found.stretch.tokens[found.first]
    day = make_date(*token.parts[:3])
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
    full = make_date(full_year(year) if digits == 2 else year, month, day)
    return Reading(full.isoformat(), "absolute", explicit=True) if full else None


def numeric_month(found: Found, scene: Scene) -> Reading | None:
    token, year, month = found.token("n"), found.number("y"), found.number("mm")
    if token is not None:
        return Reading(calendars.month_value(*token.parts), "absolute", explicit=True)
    if found.form("m"):
        month = month_number(found, scene)
    return Reading(calendars.month_value(year, month), "absolute", explicit=True) if year and month else None


def slashed(found: Found, scene: Scene) -> Reading | None:
    """ "le 17/02": day and month without a year; "12/08, 2015" with one behind a comma."""
    token, year = found.token("n"), found.number("y")
    if token is None or not (1 <= token.parts[0] <= 31 and 1 <= token.parts[1] <= 12):
        return None
    if (short := found.number("yy")) is not None:
        year = full_year(short)
    if year is not None:
        full = make_date(year, token.parts[1], token.parts[0])
        return Reading(full.isoformat(), "absolute", explicit=True) if full else None
    return _day_without_year(found, scene, token.parts[0], token.parts[1], None)


def nth_of_year(found: Found, scene: Scene) -> Reading | None:
    """ "la première semaine de 2015", "le dernier jour de l'année", "ce premier week-end de l'année"."""
    number, ordinal = found.number("y"), _ordinal(found, scene)
    if ordinal is None:
        return None
    if number is not None:
        value = _nth_of_year(number, ordinal, weekday_number(found, scene), found.form("u"))
        return Reading(value, "absolute", explicit=True) if value else None
    if scene.today is None:
        return Reading(None, NO_REFERENCE)
    in_year = scene.today.year
    value = _nth_of_year(in_year, ordinal, weekday_number(found, scene), found.form("u"))
    first, last, _ = calendars.interval(value)
    nearby = found.stretch.tokens[found.first].form in ("ce", "cette")
    direction = None if nearby else scene.direction(found)
    if first and first > scene.today and direction == BACK:
        value = _nth_of_year(in_year - 1, ordinal, weekday_number(found, scene), found.form("u"))
    elif last and last < scene.today and direction == FORWARD:
        value = _nth_of_year(in_year + 1, ordinal, weekday_number(found, scene), found.form("u"))
    return Reading(value, "relative", anchor="document") if value else None


def _nth_of_year(number: int, ordinal: int, weekday: int | None, unit: str) -> str | None:
    first, last = date(number, 1, 1), date(number, 12, 31)
    if unit == "mois":
        return calendars.month_value(number, 12 if ordinal < 0 else ordinal) if ordinal <= 12 else None
    if unit == "semaine":
        week = date(number, 12, 28).isocalendar()[1] if ordinal < 0 else ordinal  # 28 December lies in the last ISO week
        return f"{number:04d}-W{week:02d}" if week <= 53 else None
    wanted = 6 if unit.startswith("week") else weekday
    if wanted is None:
        day = last if ordinal < 0 else first + timedelta(ordinal - 1)
    elif ordinal < 0:
        day = calendars.weekday_on(last, wanted, BACK)
    else:
        day = calendars.weekday_on(first, wanted, FORWARD) + timedelta(7 * (ordinal - 1))
    if day.year != number:
        return None
    return calendars.week_value(day) + "-WE" if unit.startswith("week") else day.isoformat()


def fixed(found: Found, scene: Scene) -> Reading | None:
    """The value that the rule itself gives; `written` is its first word with its accent: "à présent", not "a présent"."""
    first, written = found.stretch.tokens[found.first], found.rule.args.get("written")
    if written and not first.capital and scene.word(first) != written:
        return None
    return Reading(str(found.rule.args["value"]), "fixed", approximation(found))


def day_month(found: Found, scene: Scene) -> Reading | None:
    """ "mardi 3 mars 2015", "le 27 août dernier", "14-Juillet"."""
    day, month = day_number(found, "d"), month_number(found, scene)
    year = found.number("y")
    if (short := found.number("yy")) is not None:
        if short <= 31:
            return None
        year = full_year(short)
    if year is not None:
        full = make_date(year, month, day)
        return Reading(full.isoformat(), "absolute", mod_of(found, scene), explicit=True) if full else None
    return _day_without_year(found, scene, day, month, _side_of_list(found, scene))


def _side_of_list(found: Found, scene: Scene) -> int | None:
    """The way of "dernier" behind the day, or of "derniers" behind its list: "du 24 janvier au 24 mai derniers"."""
    side = side_of(found, scene)
    closing = _LIST_SIDE.match(scene.folded, found.end) if side is None else None
    return int(scene.tables["RELS"][closing[1]]) if closing else side


def _counted_from(found: Found, scene: Scene, today: date) -> tuple[int, date, str] | None:
    """The way of "suivant" behind a day, month or season, the day that it is counted from, and the date that gives it."""
    side = scene.tables["NEXTTO"].get(found.form("r"))
    if not side:
        return None
    told = scene.timeline.narrative_period(found.start, _DATED)
    return int(side), told.first if told else today, anchor_id(told)


def day_range(found: Found, scene: Scene) -> Reading | None:
    """ "3-4 mars": two days of one month as one interval."""
    first, last = found.number("d") or 1, found.number("e")
    closing = day_month(replace(found, groups={**found.groups, "d": found.groups["e"]}), scene)
    if last is None or last <= first or closing is None or closing.value is None:
        return None
    return replace(closing, value=f"{closing.value[:-2]}{first:02d}/{closing.value}")


def day_pair(found: Found, scene: Scene) -> Reading | None:
    """ "les 25 et 28 mai", "les 30 juin et 7 juillet": from the one to the other."""
    closing = day_month(replace(found, groups={**found.groups, "d": found.groups["e"]}), scene)
    opening = day_month(replace(found, groups={**found.groups, "m": found.groups.get("k") or found.groups["m"]}), scene)
    if opening is None or closing is None or opening.value is None or closing.value is None:
        return None
    days = (date.fromisoformat(closing.value) - date.fromisoformat(opening.value)).days
    return replace(closing, value=f"{opening.value}/{closing.value}") if 0 < days <= _PAIR else None


def _day_without_year(found: Found, scene: Scene, day: int, month: int, rel: int | None) -> Reading | None:
    today, mod = scene.today, mod_of(found, scene)
    if make_date(2000, month, day) is None:
        return None
    if rel is None and not found.form("w") and scene.is_yearly(found):
        return Reading(f"XXXX-{month:02d}-{day:02d}", "yearly", mod)
    if today is None:
        return Reading(f"XXXX-{month:02d}-{day:02d}", NO_REFERENCE, mod)
    if counted := _counted_from(found, scene, today):
        side, base, anchor = counted
        chosen = year_side(base, month, day, side, strict=True)
        return Reading(chosen.isoformat(), "discourse", mod, anchor=anchor, explicit=True) if chosen else None
    if rel is not None:
        chosen = year_side(today, month, day, rel, strict=True)
        return Reading(chosen.isoformat(), "relative", mod, anchor="document") if chosen else None
    weekday = weekday_number(found, scene)
    if weekday is not None:
        fitting = [full for full in candidates(today, month, day, 6) if full.isoweekday() == weekday]
        if fitting:
            nearest = min(fitting, key=lambda full: abs((full - today).days))
            if (nearest - today).days in _FITTING:
                return Reading(nearest.isoformat(), "weekday_fits", mod, anchor="document")
    if near := _just_past(found, scene, month, day):
        return Reading(near.isoformat(), "nearest", mod, anchor="document")
    if (distant := scene.distant_year(found, month, day)) and (full := make_date(distant.first.year, month, day)):
        return Reading(full.isoformat(), "narrative_year", mod, anchor=distant.date_id, explicit=True)
    if (chained := scene.chained_year(found, month, day)) and (full := make_date(chained.first.year, month, day)):
        return Reading(full.isoformat(), "narrative_year", mod, anchor=chained.date_id, explicit=True)
    if (heading := _list_year(found, scene)) and (full := make_date(heading.first.year, month, day)):
        return Reading(full.isoformat(), "list_year", mod, anchor=heading.date_id, explicit=True)
    direction = scene.direction(found)
    since = direction != FORWARD and scene.is_since(found)
    direction, hard = (BACK, True) if since else (direction, direction == FORWARD and scene.is_future(found))
    chosen = nearest_day(today, month, day, direction, hard=hard)
    return Reading(chosen.isoformat(), "nearest", mod, anchor="document") if chosen else None


def _just_past(found: Found, scene: Scene, month: int, day: int) -> date | None:
    """A day of the fortnight before the article, told in the past: hardly one of the distant year named before it."""
    today = scene.today
    full = nearest_day(today, month, day, BACK) if today else None
    if today is None or full is None or not 0 <= (today - full).days <= _FRESH:
        return None
    return full if scene.get_clauses().direction(found.start, found.end) == BACK else None


def _list_year(found: Found, scene: Scene) -> Anchor | None:
    """The year that the line in front of a bulleted list names: "le calendrier de la saison 2017", then "• Brest, 3 mars"."""
    heading = scene.timeline.year_before(found.start)
    if heading is None or found.start - heading.end > _LIST:
        return None
    line = scene.folded.rfind("\n", 0, heading.start) + 1
    if scene.folded[line:].lstrip()[:1] in "•·▪*–-":  # the year of one item is not that of the others
        return None
    return heading if _BULLETS.fullmatch(scene.folded, heading.end, found.start) else None


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
    number, mod, year = month_number(found, scene), mod_of(found, scene), found.number("y")
    if (short := found.number("yy")) is not None:
        if short <= 31:  # rather a day
            return None
        year = full_year(short)
    if year is not None:
        return Reading(calendars.month_value(year, number), "absolute", mod, explicit=True)
    rel = side_of(found, scene)
    token = found.token("m")
    if rel is None and token is not None and token.capital and not _month_is_cued(found, scene):
        return None
    today = scene.today
    if rel is None and scene.is_yearly(found):
        return Reading(f"XXXX-{number:02d}", "yearly", mod)
    if today is None:
        return Reading(f"XXXX-{number:02d}", NO_REFERENCE, mod)
    if counted := _counted_from(found, scene, today):
        side, base, anchor = counted
        near = year_side(base, number, 1, side, strict=True)
        return Reading(near.isoformat()[:7], "discourse", mod, anchor=anchor) if near else None
    if rel is None and found.previous() != "depuis" and (distant := scene.distant_year(found, number)):
        return Reading(calendars.month_value(distant.first.year, number), "narrative_year", mod, anchor=distant.date_id)
    back = (today.month - number) % 12
    ahead = (number - today.month) % 12
    if rel is not None:
        offset = (ahead or 12) if rel > 0 else -(back or 12)
    else:
        ahead_of = FORWARD in (scene.cue(found), scene.get_clauses().direction(found.start, found.end))
        figures = not ahead_of and among_figures(found, scene)
        hard = (
            scene.cue(found) is not None or scene.is_future(found) or scene.is_pluperfect(found) or _is_of_subject(found, scene)
        )
        offset = month_offset(back, ahead, BACK if figures else scene.direction(found), hard=hard)
    method = "nearest" if rel is None else "relative"
    return Reading(calendars.month_value(today.year, today.month + offset), method, mod, anchor="document")


def _is_of_subject(found: Found, scene: Scene) -> bool:
    """Whether the month is of the very thing that did something: "le séisme de janvier a ruiné le pays"."""
    verb = scene.get_clauses().governing(found.start, found.end, finite=True) if found.previous() in ("de", "d'") else None
    if verb is None or verb.direction != BACK or not 0 < verb.start - found.end <= 2:
        return False
    return not PUT_OFF.search(scene.text, verb.start, verb.end)


def month_of_year(found: Found, scene: Scene) -> Reading | None:
    """ "juillet de l'an dernier", "juin de cette année-là", "le 3 septembre de la même année"."""
    number, mod, rel = month_number(found, scene), mod_of(found, scene), side_of(found, scene)
    day = f"-{day_number(found, 'd'):02d}" if found.form("d") else ""
    if scene.today is None:
        return Reading(f"XXXX-{number:02d}{day}", NO_REFERENCE, mod)
    if rel is not None:
        value = calendars.month_value(scene.today.year + rel, number) + day
        return Reading(value, "relative", mod, anchor="document", explicit=True)
    told = scene.timeline.named_last(found.start, _DATED) or scene.timeline.narrative_period(found.start, _DATED)
    value = calendars.month_value(told.first.year if told else scene.today.year, number) + day
    return Reading(value, "discourse", mod, anchor=anchor_id(told), explicit=True)


def same_unit_of_year(found: Found, scene: Scene) -> Reading | None:
    """ "le même mois de 2021": of the month, quarter or half year that the text named last."""
    unit = {"mois": "month", "trimestre": "quarter", "semestre": "half"}[found.form("u")]
    told, number = scene.timeline.narrative_period(found.start, frozenset({unit})), found.number("y")
    if told is None or number is None:
        return None
    return Reading(f"{number:04d}{told.value[4:]}", "discourse", anchor=told.date_id, explicit=True)


def _month_is_cued(found: Found, scene: Scene) -> bool:
    """Whether something beside its capital says that a capitalised word is a month: "mois de Mai", "en Mars"."""
    if found.form("mod") or found.last - found.first > 1:
        return True
    return found.previous() in ("en", "depuis", "debut", "fin")


def year(found: Found, scene: Scene) -> Reading | None:
    number = found.number("y")
    return Reading(f"{number:04d}", "absolute", mod_of(found, scene), explicit=True) if number else None


def year_range(found: Found, scene: Scene) -> Reading | None:
    """ "2016-2017": one interval; the years of a life or an office in parentheses stay two dates."""
    first, last, short = found.number("y"), found.number("z"), found.number("zz")
    if first is not None and short is not None:
        last = first + 1 if (first + 1) % 100 == short else None
    if first is None or last is None or not first < last <= 2060 or first < 1500:
        return None
    if last > first + 1 and found.previous() == "(":
        return None
    if last > first + 1 and found.following() in _COUNTED:
        return None
    return Reading(f"{first:04d}/{last:04d}", "absolute", mod_of(found, scene), explicit=True)


_DESIGNATION = re.compile(r" [A-Z]{1,2}[0-9]+\b")  # "2014 UZ224" is a rock in space


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
    if _DESIGNATION.match(scene.text, found.end):
        return None
    if not cued:
        if before is not None and (before.form in ("les", "ses", "aux", "leurs", "quelque", "ces", "nos") or _is_numeral(before)):
            return None
        strong = before is not None and before.form in ("de", "avant", "apres", "(", "-", "a", "et", "en", "vers", "entre", "du")
        if not (1950 <= number <= 2035 or (1500 <= number <= 2035 and strong)):
            return None
        if following is not None and following.form == "-" and following.start == token.end and _glued_letter(found, scene):
            return None
    # "en 1993" opens a scene; "la crise de 1993", "l'édition 2020" do not
    aside = not found.form("mod") and (before is None or before.form not in _SCENE_CUES)
    return Reading(f"{number:04d}", "absolute", mod_of(found, scene), explicit=not aside)


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
    return Reading(f"BC{number:04d}", "absolute", mod_of(found, scene)) if number and number < 10000 else None


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
    return Reading(f"{number // 10:03d}", "absolute", mod_of(found, scene), explicit=True)


def decade_of_list(found: Found, scene: Scene) -> Reading | None:
    """The "90" of "les années 80 et 90"."""
    return None if _is_counted(found, scene, False) else decade(found, scene)


def decade_range(found: Found, scene: Scene) -> Reading | None:
    """ "les années 1960-1970", "les années 70-80": from one decade to another; "les années 1914-1918" are years."""
    first, last = (found.number(full) or found.number(short) for full, short in (("y", "yy"), ("z", "zz")))
    if first is None or last is None:
        return None
    first += 1900 if first < 100 else 0
    last += first // 100 * 100 if last < 100 else 0
    if not first < last <= 2060:
        return None
    decades = first % 10 == 0 and last % 10 == 0
    value = f"{first // 10:03d}/{last // 10:03d}" if decades else f"{first:04d}/{last:04d}"
    return Reading(value, "absolute", mod_of(found, scene), explicit=True)


def century(found: Found, scene: Scene) -> Reading | None:
    ordinal = _ordinal(found, scene)
    if not ordinal or ordinal > 30:
        return None
    if found.form("bc"):
        return Reading(f"BC{ordinal - 1:02d}", "absolute", mod_of(found, scene))
    return Reading(f"{ordinal - 1:02d}", "absolute", mod_of(found, scene))


def millennium(found: Found, scene: Scene) -> Reading | None:
    ordinal = _ordinal(found, scene)
    return Reading(str(ordinal - 1), "absolute", mod_of(found, scene)) if ordinal and 1 <= ordinal <= 4 else None


def _ordinal(found: Found, scene: Scene) -> int | None:
    """The value of "troisième", "3e", "XIXe"; -1 for "dernier"."""
    form = found.form("o")
    if form.startswith("dernier"):
        return -1
    return found.number("o") or scene.tables["ORDWORD"].get(form)


def quarter(found: Found, scene: Scene) -> Reading | None:
    """Quarters and half years; without a year the one that fits."""
    mod, year_number = mod_of(found, scene), found.number("y")
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
    rel = side_of(found, scene)
    now = (today.month - 1) // months + 1
    if rel:
        in_year = today.year + (rel if (ordinal >= now if rel < 0 else ordinal <= now) else 0)
    else:
        in_year = _year_of_quarter(found, scene, letter, ordinal, now)
    return Reading(f"{in_year:04d}-{letter}{ordinal}", "nearest", mod, anchor="document")


def _year_of_quarter(found: Found, scene: Scene, letter: str, ordinal: int, now: int) -> int:
    """The year that the tense asks for. "Les résultats du troisième trimestre" are of the last one, whatever the verb."""
    today = scene.today or date.min
    cue = scene.cue(found)
    direction = cue if cue is not None else scene.get_clauses().direction(found.start, found.end)
    of_noun = found.previous() in ("du", "de", "ce") and among_figures(found, scene, "resultat|benefice|compte|vente|chiffre")
    if direction == FORWARD and not of_noun:
        return today.year + (ordinal < now)
    if direction == BACK or of_noun:
        first, _, _ = calendars.interval(f"{today.year:04d}-{letter}{ordinal}")
        just_begun = first is not None and (today - first).days < _TOO_EARLY
        return today.year - (ordinal > now or (ordinal == now and just_begun))
    years = (today.year - 1, today.year, today.year + 1)
    spans = {year: calendars.interval(f"{year:04d}-{letter}{ordinal}") for year in years}
    return min(years, key=lambda year: (_gap(today, spans[year]) if year != today.year or ordinal != now else 0, year))


def season(found: Found, scene: Scene) -> Reading | None:
    """ "l'été 2016", "l'hiver dernier", "à l'automne"; not the participle été, not sports d'hiver."""
    name, mod, year_number = str(scene.tables["SEASON"][found.form("s")]), mod_of(found, scene), found.number("y")
    token = found.token("s")
    determiner = found.stretch.tokens[found.first].form
    if determiner == "tout":
        determiner = found.stretch.tokens[found.first + 1].form
    bare = found.last - found.first == 1
    if found.previous() == "d'" and not found.form("mod"):
        return None
    if determiner == "ete" and found.previous() in scene.tables["AUX"]:
        return None
    if (found.form("s") == "ete" and bare and found.previous() not in ("en", "d'")) or (
        token is not None and token.capital and not found.form("y")
    ):
        return None
    rel = side_of(found, scene)
    if scene.today is not None and (counted := _counted_from(found, scene, scene.today)):
        side, base, anchor = counted
        return Reading(_season_near(base, name, side, None, determiner), "discourse", mod, anchor=anchor)
    if found.form("l") and (told := scene.timeline.narrative_period(found.start, _DATED)):
        of_year = told.granularity == "year"
        value = calendars.season_value(name, told.first.year) if of_year else _season_near(told.first, name, None, None, "")
        return Reading(value, "discourse", mod, anchor=told.date_id)
    if bare and (
        found.previous() in ("d'", "de", "du", "des", "-", "les") or (found.previous() not in ("en", "au", "debut", "fin"))
    ):
        return None
    if determiner in ("le", "l'") and rel is None and year_number is None and found.following() in ("arabe", "de", "des", "du"):
        return None
    if year_number is not None:
        return Reading(calendars.season_value(name, year_number), "absolute", mod, explicit=True)
    usual = bare and mod is None and found.previous() in ("en", "au") and scene.direction(found) == PRESENT
    if rel is None and determiner not in ("cet", "ce") and (usual or scene.is_yearly(found)):
        return Reading(f"XXXX-{name}", "yearly", mod)
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
    if determiner in ("ce", "cet") and (near := [year for year in past if _gap(today, spans[year]) <= _JUST_OVER]):
        return calendars.season_value(name, near[0])
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
        full = calendars.republican(day_number(found, "d"), month_number(found, scene), number)
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
    weekday, unit = weekday_number(found, scene), found.form("u")
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
    offset = side_of(found, scene) or 0
    return Reading(calendars.shift(scene.today, offset, "M"), "relative", anchor="document")


def week_of(found: Found, scene: Scene) -> Reading | None:
    inner = day_month(found, scene)
    first, _, _ = calendars.interval(inner.value if inner else None)
    if inner is None or first is None:
        return None
    weekend = "-WE" if found.form("u") else ""
    return Reading(calendars.week_value(first) + weekend, inner.method, anchor=inner.anchor, explicit=inner.explicit)


def week_number(found: Found, scene: Scene) -> Reading | None:
    number = found.number("n")
    if number is None or not 1 <= number <= 53 or found.previous() in ("chaque", "par", "cette"):
        return None
    if scene.today is None:
        return Reading(f"XXXX-W{number:02d}", NO_REFERENCE)
    return Reading(f"{scene.today.isocalendar()[0]:04d}-W{number:02d}", "absolute", anchor="document")


def weekday_day(found: Found, scene: Scene) -> Reading | None:
    """ "jeudi 15": the nearest month in which the 15th is a Thursday."""
    return _day_of_month(found, scene, day_number(found, "d"), weekday_number(found, scene))


_NO_DAYS = re.compile(
    r"\b(?:(?:appel|compos|fai[st]|faites|faire|port|prend|contact|joign|jou(?!r)|numer|maillot)\w*"
    r"|mis(?:e|es|er|ent)?\b(?! en (?:examen|vente|service|ligne|cause|liberte|place))|(?:bus|lignes?|trams?|departements?)\b"
    r"|(?:dans|par|pour) $)"
)
_NUMBERED = 40  # characters in front of "le 16" that may say that the 16 is a thing
_ENDS = frozenset({"", "\n", ".", ",", ";", ":", ")", "»", "?", "!"})
_PLACED = frozenset("a au aux en dans sur par pour devant chez lors contre sous avec apres qu' que quand".split())


def day_number_alone(found: Found, scene: Scene) -> Reading | None:
    """ "le 16" at the end of a clause: of the month that the paragraph speaks of, else the nearest that fits the tense."""
    token, following = found.token("d"), found.following()
    if token is None or not token.form.isdigit() or following not in _ENDS | _PLACED:
        return None
    before = scene.folded[max(0, found.start - _NUMBERED) : found.start]
    if _NO_DAYS.search(re.split(r"[.;:!?\n]", before)[-1]) or found.previous() in ("et", "ou"):
        return None
    if reading := day_of_paragraph(found, scene):
        return reading
    if following in _PLACED or following in ("?", "!") or found.previous() == ",":
        return None
    governed = scene.get_clauses().direction(found.start, found.end) in (BACK, FORWARD)
    if not governed and len(scene.sentence(found)) > _HEADING:
        return None
    return _day_of_month(found, scene, day_number(found, "d"), None)


def _list_start(found: Found, scene: Scene) -> int:
    """Where the bulleted list begins that `found` stands in ("- Le 24, ..."), else where `found` does."""
    lists = _ITEMS.finditer(scene.folded, max(0, found.start - _LIST), found.start)
    return next((items.start() for items in lists if items.end() == found.start), found.start)


def day_of_paragraph(found: Found, scene: Scene) -> Reading | None:
    """A day of the month that the date in front of it has named, in the same paragraph or list: "le 4 mai ... du 6 au 9"."""
    token, anchor = found.token("d"), scene.timeline.month_in_force(found.start, _list_start(found, scene))
    if token is None or not token.form.isdigit() or anchor is None:
        return None
    full = make_date(anchor.first.year, anchor.first.month, day_number(found, "d"))
    if full is None or full < anchor.first:
        return None
    return Reading(full.isoformat(), "narrative_month", anchor=anchor.date_id, explicit=anchor.explicit)


def slashed_alone(found: Found, scene: Scene) -> Reading | None:
    """ "17/02", "22/4" without an article: a day beyond the months or a zero in front tells it from a fraction or a mark."""
    token = found.token("n")
    if token is None or token.form == "24/7":  # at any hour
        return None
    day, month = token.form.split("/")
    if int(day) <= 12 and not (month.startswith("0") or day.startswith("0")):
        return None
    return slashed(found, scene)


def spaced_date(found: Found, scene: Scene) -> Reading | None:
    """ "le 20 02 2014"; where nothing but a time can be meant also "20 02 14" and "20 02"."""
    year, month, day = found.number("y"), found.token("mm"), found.number("d")
    if found.rule.alone and year is None and month is not None:
        if (short := found.number("yy")) is None:
            return _day_without_year(found, scene, day or 0, month.value or 0, None)
        year = full_year(short)
    if year is None or month is None or not 1900 <= year <= 2100:
        return None
    ended = (day or 0) > 12 and found.following() in ("", "\n", ".", ",", ";", ")")  # "18 8 1978" can be nothing else
    if not (found.rule.alone or ended or found.stretch.tokens[found.first].form == "le" or month.form.startswith("0")):
        return None
    full = make_date(year, month.value or 0, day or 0)
    return Reading(full.isoformat(), "absolute", explicit=True) if full else None


def day_alone(found: Found, scene: Scene) -> Reading | None:
    return _day_of_month(found, scene, day_number(found, "d"), None)


def _day_of_month(found: Found, scene: Scene, day: int, weekday: int | None) -> Reading | None:
    today = scene.today
    if today is None:
        return Reading(f"XXXX-XX-{day:02d}", NO_REFERENCE)
    months = [today.year * 12 + today.month - 1 + offset for offset in range(-12, 13)]
    days = [full for index in months if (full := make_date(index // 12, index % 12 + 1, day))]
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


RESOLVERS: dict[str, Resolver] = {
    "stamp": stamp,
    "numeric": numeric,
    "numeric_month": numeric_month,
    "slashed": slashed,
    "fixed": fixed,
    "day_month": day_month,
    "day_range": day_range,
    "day_pair": day_pair,
    "year_range": year_range,
    "listed_day": listed_day,
    "month": month,
    "month_of_year": month_of_year,
    "same_unit_of_year": same_unit_of_year,
    "year": year,
    "bare_year": bare_year,
    "year_bc": year_bc,
    "decade": decade,
    "decade_of_list": decade_of_list,
    "decade_range": decade_range,
    "century": century,
    "millennium": millennium,
    "quarter": quarter,
    "season": season,
    "republican": republican,
    "nth_of_month": nth_of_month,
    "week_of": week_of,
    "week_number": week_number,
    "weekday_day": weekday_day,
    "day_alone": day_alone,
    "day_number": day_number_alone,
    "day_of_paragraph": day_of_paragraph,
    "slashed_alone": slashed_alone,
    "spaced_date": spaced_date,
    "nth_of_year": nth_of_year,
}

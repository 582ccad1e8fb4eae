"""Weekdays, feasts and periods counted from the article's date or from the date in force in the text."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import lru_cache

from pipeline.dates import calendars, quantities
from pipeline.dates.absolute import _HEADING
from pipeline.dates.anchors import NEWS_DAYS, Anchor
from pipeline.dates.common import (
    FAR_DAYS,
    among_figures,
    anchor_id,
    day_number,
    in_quotation,
    make_date,
    mod_of,
    month_number,
    month_offset,
    narrative_day,
    nearest_day,
    part_of,
    side_of,
    weekday_number,
)
from pipeline.dates.grammar import Found
from pipeline.dates.quantities import approximation
from pipeline.dates.scene import NO_REFERENCE, Reading, Resolver, Scene
from pipeline.dates.tense import BACK, FORWARD, PRESENT

_CLOSED = frozenset(("", "\n", ".", ",", ";", ")", "»"))
_AND = re.compile(r" (?:et|ou|puis) ")
_THIS = 2  # days ahead that "ce" and a weekday may look when no verb says where


def weekday(found: Found, scene: Scene) -> Reading | None:
    """A weekday, with the direction of its clause; with a part of day it is a TIME."""
    number, token = weekday_number(found, scene), found.token("w")
    if number is None or token is None or _is_name_of_somebody(found, scene):
        return None
    part = part_of(found, scene)
    mod = mod_of(found, scene)
    today = scene.today
    if today is None:
        return Reading(f"XXXX-WXX-{number}{part}", NO_REFERENCE, mod)
    if found.stretch.tokens[found.first].form == "un":
        return Reading(f"XXXX-WXX-{number}{part}", "vague", mod)
    rel = side_of(found, scene)
    if next_to := found.form("n"):
        side = int(scene.tables["NEXTTO"][next_to])
        base, anchor = narrative_day(found, scene)
        day = calendars.weekday_on(base or today, number, side, strict=True)
        return Reading(day.isoformat() + part, "discourse", mod, anchor=anchor)
    if rel is not None:
        day = calendars.weekday_on(today, number, int(rel), strict=True)
        return Reading(day.isoformat() + part, "relative", mod, anchor="document")
    if (second := _second_of_pair(found, scene, number)) is not None:
        return second
    if distant := scene.distant_day(found):
        day = calendars.weekday_on(distant.last, number, FORWARD)
        return Reading(day.isoformat() + part, "narrative_day", mod, anchor=distant.date_id, explicit=True)
    direction = scene.direction(found)
    if direction == PRESENT and not part and _is_habit(found, scene):
        return Reading(f"XXXX-WXX-{number}", "set", timex_type="SET")
    if direction not in (BACK, FORWARD) and found.stretch.tokens[found.first].form in ("ce", "cet"):
        direction = FORWARD if (number - today.isoweekday()) % 7 <= _THIS else BACK  # "ce mercredi" is the nearest one
    direction = FORWARD if direction == FORWARD else BACK
    day = calendars.weekday_on(today, number, direction)
    method = "weekday_same" if day == today else "weekday_future" if direction == FORWARD else "weekday_past"
    return Reading(day.isoformat() + part, method, mod, anchor="document")


def _second_of_pair(found: Found, scene: Scene, number: int) -> Reading | None:
    """The "mardi" of "lundi et mardi": the one behind the day in front of it, unless it is told and still to come."""
    first = scene.timeline.last(found.start) if found.previous() in ("et", "ou", "puis") else None
    if first is None or first.explicit or not _AND.fullmatch(scene.folded, first.end, found.start):
        return None
    day = calendars.weekday_on(first.last, number, FORWARD, strict=True)
    if scene.today is None or (day > scene.today >= first.last and scene.told_as_done(found)):
        return None
    return Reading(day.isoformat() + part_of(found, scene), "weekday_pair", mod_of(found, scene), anchor=first.date_id)


def _is_habit(found: Found, scene: Scene) -> bool:
    """Whether "le samedi" closes a clause in the present: then it is every Saturday, "payé à taux simple le samedi"."""
    article = found.stretch.tokens[found.first].form == "le" and found.last - found.first == 2
    return article and not scene.is_future(found) and found.following() in _CLOSED


def weekday_habit(found: Found, scene: Scene) -> Reading | None:
    """ "du lundi au vendredi": every week, unless the clause tells of one happening."""
    names = [token.form for token in found.stretch.tokens[max(0, found.first - 2) : found.last + 2]]
    working_week = "lundi" in names and ("vendredi" in names or "samedi" in names)
    direction = scene.direction(found)
    if direction == BACK or (direction == FORWARD and not working_week):
        day = replace(found, groups={"w": found.groups.get("w") or found.groups["z"]})
        return weekday(day, scene)
    form = found.form("w") if found.previous() in ("du", "de") else found.form("z")
    return Reading(f"XXXX-WXX-{scene.tables['WEEKDAY'][form]}", "set", timex_type="SET")


def weekday_pair(found: Found, scene: Scene) -> Reading | None:
    """ "le mardi et le vendredi" of what is usual; of what happened or will happen they are two days."""
    if scene.get_clauses().direction(found.start, found.end) != PRESENT:
        return None
    return Reading(f"XXXX-WXX-{weekday_number(found, scene)}", "set")


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


def weekday_abbreviated(found: Found, scene: Scene) -> Reading | None:
    """ "Mar. : fermé", "Ven. 20 h" at the beginning of a line of a timetable."""
    following = found.neighbour(1)
    stands = following is None or following.form in ("\n", ":") or following.value is not None
    return weekday(found, scene) if stands else None


def weekday_in_n(found: Found, scene: Scene) -> Reading | None:
    number = weekday_number(found, scene)
    if number is None or scene.today is None:
        return Reading(f"XXXX-WXX-{number}", NO_REFERENCE) if number else None
    weeks = 1 if found.form("n") in ("huit", "8") else 2
    day = calendars.weekday_on(scene.today, number, FORWARD) + timedelta(7 * weeks)
    return Reading(day.isoformat(), "relative", anchor="document")


def weekday_of_week(found: Found, scene: Scene) -> Reading | None:
    number, today = weekday_number(found, scene), scene.today
    if number is None or today is None:
        return Reading(f"XXXX-WXX-{number}", NO_REFERENCE) if number else None
    rel = side_of(found, scene) or scene.tables["NEXTTO"].get(found.form("n")) or 0
    monday = today - timedelta(today.isoweekday() - 1) + timedelta(7 * int(rel))
    return Reading((monday + timedelta(number - 1)).isoformat(), "relative", anchor="document")


def relative_day(found: Found, scene: Scene) -> Reading | None:
    """ "hier", "demain matin"."""
    part = part_of(found, scene)
    kind = "TIME" if part else None
    if scene.today is None:
        return Reading(None, NO_REFERENCE, timex_type=kind)
    day = scene.today + timedelta(int(scene.tables["RELATIVEDAY"][found.form("rel")]))
    return Reading(day.isoformat() + part, "relative", timex_type=kind, anchor="document")


# In the present tense with "aujourd'hui" these are of the day, not of nowadays.
_TELLS = re.compile(
    r"\b(?:annonc|declar|affirm|revel|publi|confirm|indiqu|dement|accus|lanc|inaugur|devoil|presid|rencontr|arriv|ouvr|ferm|fet|celebr)"
    r"\w{0,3} $"
)
_DATED = re.compile(
    r" (?:a|vers|des|de|entre|jusqu'a|pendant|durant) (?:[0-9]|midi|minuit)"
    r"| ?,? ?(?:le |ce )?(?:(?:lun|mar|mercre|jeu|vendre|same)di |dimanche )?[0-9]{1,2}(?:er)? [a-z]{3}"
)  # "aujourd'hui, 19 octobre"
_NEXT = 16  # characters in front of the word that hold the verb


def today(found: Found, scene: Scene) -> Reading | None:
    """ "aujourd'hui": the day with an event of that day, else nowadays."""
    if scene.today is None:
        return Reading("PRESENT_REF", NO_REFERENCE)
    words = found.previous(2)
    nowadays = words.endswith(("qu'", "d'", "encore", "jusqu' a", "seul", "france d'"))
    clauses = scene.get_clauses()
    verb = clauses.governing(found.start, found.end)
    if verb is None:  # a heading, or a verb that cannot be told from a noun without a parse
        dated = scene.has_parse or len(scene.sentence(found)) < _HEADING
    else:
        told = clauses.governing(found.start, found.end, finite=True) if verb.weak and verb.end <= found.start else verb
        dated = told is not None and not told.weak and told.direction in (BACK, FORWARD)
    if _TELLS.search(scene.folded, max(0, found.start - _NEXT), found.start) or _DATED.match(scene.folded, found.end):
        dated = True
    if dated and not nowadays and not in_quotation(found, scene):
        return Reading(scene.today.isoformat(), "relative", anchor="document")
    return Reading("PRESENT_REF", "vague")


def this_part(found: Found, scene: Scene) -> Reading | None:
    """ "ce matin"; "cette nuit" of what is done is the one before the article's day."""
    if scene.today is None:
        return Reading(None, NO_REFERENCE)
    day, part = scene.today, part_of(found, scene)
    if part == "TNI" and scene.told_as_done(found):
        day -= timedelta(1)
    return Reading(day.isoformat() + part, "relative", anchor="document")


def last_night(found: Found, scene: Scene) -> Reading | None:
    if scene.today is None:
        return Reading(None, NO_REFERENCE)
    return Reading((scene.today - timedelta(1)).isoformat() + "TNI", "relative", anchor="document")


def ago(found: Found, scene: Scene) -> Reading | None:
    return _counted(found, scene, -1)


def ahead(found: Found, scene: Scene) -> Reading | None:
    return _counted(found, scene, 1)


def ago_millions(found: Found, scene: Scene) -> Reading | None:
    """ "il y a 20 millions d'années": MA20, as TIMEX3 writes what no calendar reaches."""
    amount = quantities.amount(found.token("n"))
    return Reading(("GA" if found.form("big").startswith("milliard") else "MA") + amount, "relative", approximation(found))


def _counted(found: Found, scene: Scene, side: int) -> Reading | None:
    """ "il y a trois jours", "dans deux mois": as coarse as the unit."""
    mod = approximation(found) or found.rule.args.get("mod")
    if minutes := quantities.part_of_hour(found):
        return _counted_clock(scene, side * minutes, "TM", mod)
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
        number, unit = 1000 * number, "Y"
    if unit == "Y" and base.year + side * number < 1:
        thousands = number >= 10000 and number % 1000 == 0
        return f"KA{number // 1000}" if thousands else f"BC{1 - base.year - side * number:04d}"
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


def unit_rel(found: Found, scene: Scene) -> Reading | None:
    """ "la semaine dernière", "l'an prochain"."""
    mod, unit = mod_of(found, scene), str(scene.tables["LONG"][found.form("u")])
    if scene.today is None:
        return Reading(None, NO_REFERENCE, mod)
    if unit == "D":
        return None
    rel = side_of(found, scene) or 0
    if unit == "WE" and rel > 0 and scene.today.isoweekday() == 1:  # on a Monday "ce week-end" is the last one
        rel = 0
    return Reading(calendars.shift(scene.today, rel, unit), "relative", mod, anchor="document")


_FIRST_HALF = 6  # months in which an end of the year that is told as done is the last year's


def this_unit(found: Found, scene: Scene) -> Reading | None:
    """ "cette semaine", "ce mois-ci", "fin d'année", "le week-end"."""
    mod, unit = mod_of(found, scene), str(scene.tables["UNIT"][found.form("u")])
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
    if unit == "Y" and found.form("mod") and (distant := scene.distant_year(found)):
        return Reading(f"{distant.first.year:04d}", "narrative_year", mod, anchor=distant.date_id)
    if unit in ("W", "M") and found.rule.rule_id == "part_of_the_unit" and (told := _told_of(found, scene, direction)):
        return Reading(calendars.shift(told.first, 0, unit), "narrative_day", mod, anchor=told.date_id)
    if unit == "W" and scene.today.isoweekday() == 7 and direction == FORWARD:  # of a Sunday "cette semaine" begins on the morrow
        return Reading(calendars.shift(scene.today, 1, unit), "relative", mod, anchor="document")
    past_end = unit == "Y" and mod == "END" and direction == BACK and found.previous() != "avant"
    over = past_end and scene.today.month <= _FIRST_HALF  # "la fin de l'année a déçu"
    return Reading(calendars.shift(scene.today, -1 if over else 0, unit), "relative", mod, anchor="document")


def _told_of(found: Found, scene: Scene, direction: int | None) -> Anchor | None:
    """The day of the last sentence or this one that "la fin du mois" is counted from, where it tells of another time."""
    told = scene.timeline.named_last(found.start, frozenset({"day"})) if direction == BACK else None
    return told if told and scene.today and (scene.today - told.first).days > NEWS_DAYS else None


def _this_day(found: Found, scene: Scene, mod: str | None) -> Reading | None:
    if found.form("u") == "journee" and scene.today:
        anchor = scene.day_for_clock(found)
        day = anchor.first if anchor else scene.today
        if mod:
            return Reading(
                f"{day.isoformat()}{'TEV' if mod == 'END' else 'TDT'}",
                "discourse",
                mod,
                timex_type="TIME",
                anchor=anchor_id(anchor),
            )
        return Reading(day.isoformat(), "discourse", anchor=anchor_id(anchor))
    if found.previous() == "a" or scene.today is None:
        return Reading("PRESENT_REF", "vague")
    return Reading(scene.today.isoformat(), "relative", anchor="document")


def back_to_school(found: Found, scene: Scene) -> Reading | None:
    """The "rentrée" of schools and parliaments: September."""
    if (number := found.number("y")) is not None:
        return Reading(f"{number:04d}-09", "absolute", explicit=True)
    if scene.today is None:
        return Reading("XXXX-09", NO_REFERENCE)
    rel, today_ = side_of(found, scene), scene.today
    if rel is None and (distant := scene.distant_year(found, 9)):
        value = calendars.month_value(distant.first.year, 9)
        return Reading(value, "narrative_year", anchor=distant.date_id, explicit=True)
    backwards, forwards = (today_.month - 9) % 12, (9 - today_.month) % 12
    if rel is not None:
        offset = (forwards or 12) if rel > 0 else -(backwards or 12)
    else:
        offset = month_offset(backwards, forwards, scene.direction(found))
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
    formula, part = str(scene.tables["HOLIDAY"]["paques" if form == "pascal" else form]), part_of(found, scene)
    monthly = formula.endswith("~M")
    formula = formula.removesuffix("~M")
    if form == "noel" and part == "TEV":
        formula = "12-24"
    number, rel = found.number("y"), side_of(found, scene)
    mod = mod_of(found, scene)
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
        past = [day for day in days if day <= base and (base - day).days <= FAR_DAYS]
        if past:
            return max(past)
    if direction == FORWARD:
        future = [day for day in days if day >= base and (day - base).days <= FAR_DAYS]
        if future:
            return min(future)
    return min(days, key=lambda day: (abs((day - base).days), day))


def neighbour_day(found: Found, scene: Scene) -> Reading | None:
    """ "la veille", "le lendemain", "le surlendemain"; what they are of may stand right behind."""
    days = int(found.rule.args["days"])
    if found.form("d") in ("avant-veille", "surlendemain"):
        days *= 2
    part = part_of(found, scene)
    if not part and (clock := re.fullmatch(r"(?:au )?(soir|matin)", found.form("p"))):
        part = "TEV" if clock[1] == "soir" else "TMO"
    kind = "TIME" if part else None
    if (beside := scene.timeline.apposition(scene.text, found.start, found.end)) is not None:
        return Reading(beside.first.isoformat() + part, "apposition", timex_type=kind, anchor=beside.date_id)
    if (told := _day_told(found, scene)) is not None and not (part and told.granularity == "month"):
        value = told.first.isoformat() if told.first == told.last else told.value
        return Reading(value + part, "discourse", timex_type=kind, anchor=told.date_id)
    base, anchor = _named_neighbour(found, scene)
    if base is None:
        return Reading(None, NO_REFERENCE, timex_type=kind)
    direction = scene.direction(found)
    if scene.today is not None and days > 0 and base + timedelta(days) > scene.today and not found.form("dd"):
        of_something = found.following() in _OF
        if of_something and (direction == PRESENT or found.previous() == "au"):  # "intervient le lendemain d'une fusillade"
            days = (scene.today - base).days
        elif direction == BACK:  # what is told as done did not happen after the article
            return Reading(None, "no_anchor", timex_type=kind)
    return Reading((base + timedelta(days)).isoformat() + part, "discourse", timex_type=kind, anchor=anchor)


_OF = ("de", "du", "d'", "des", "duquel", "desquels", "desquelles")  # behind "le lendemain" and "la veille"


def _day_told(found: Found, scene: Scene) -> Anchor | None:
    """The date of the sentence that "au lendemain de" or "à la veille de" only says more of, when what it names has none of
    its own: "il avait démissionné le 3 mars, au lendemain d'un vote perdu"."""
    if found.previous() not in ("au", "a") or found.following() not in _OF or scene.timeline.day_of_event(found.end) is not None:
        return None
    last = scene.timeline.last(found.start)
    if last is None or last.granularity not in ("day", "month", "time", "part_of_day"):
        return None
    over = last.is_aside_closed(found.start)  # "élu en mars 2001, il s'en va au lendemain d'un vote"
    return None if over or not scene.timeline.same_sentence(last.start, found.start) else last


def _named_neighbour(found: Found, scene: Scene) -> tuple[date | None, str]:
    if found.form("dd"):
        year_number = found.number("y")
        day, number = found.number("dd") or 1, month_number(found, scene)
        full = make_date(year_number, number, day) if year_number else None
        if full is None and scene.today is not None:
            full = nearest_day(scene.today, number, day, scene.direction(found))
        return full, "none" if year_number else "document"
    if found.form("hol") and scene.today is not None:
        formula = str(scene.tables["HOLIDAY"][found.form("hol")]).removesuffix("~M")
        return _feast_near(formula, scene.today, None, scene.direction(found)), "document"
    if (anchor := day_of_what_follows(found, scene)) is not None:
        two_days = anchor.value.endswith("TNI") and TWO_DAYS.search(scene.folded, anchor.start, anchor.end)
        later = two_days and int(found.rule.args["days"]) > 0  # the day after the night of Wednesday to Thursday is Friday
        return anchor.first + timedelta(1 if later else 0), anchor.date_id
    return narrative_day(found, scene)


LAST_NIGHT = re.compile(r"\b(?:cette nuit|nuit (?:derniere|passee))$")
TWO_DAYS = re.compile(r" (?:a|au) ")  # inside a night: "la nuit de jeudi à vendredi"


def later(found: Found, scene: Scene) -> Reading | None:
    """ "cinq jours plus tard", "deux ans auparavant", "une demi-heure plus tard"."""
    mod = approximation(found) or found.rule.args.get("mod")
    if minutes := quantities.part_of_hour(found):
        return _later_clock(found, scene, (0, minutes), 1 if found.form("s") in ("plus tard", "apres") else -1, mod)
    number = scene.tables["COLLECTIVE"].get(found.form("n")) or found.number("n") or 1
    unit = str(scene.tables["UNIT"].get(found.form("u"), "TM"))  # "instants" are as short as minutes
    side = 1 if found.form("s") in ("plus tard", "apres") else -1
    if found.form("some"):
        return _some_later(found, scene, side, unit)
    if unit == "TS":
        return _later_clock(found, scene, (0, 0), side, mod, seconds=number)
    if unit in ("TH", "TM"):
        minutes = 30 if unit == "TH" and found.form("half") else found.number("mm") or 0
        return _later_clock(found, scene, (number, minutes) if unit == "TH" else (0, number), side, mod)
    if (last := scene.timeline.last(found.start)) and re.fullmatch(r",? soit [\w ]{0,12}", scene.folded[last.end : found.start]):
        return Reading(last.value, "apposition", mod, anchor=last.date_id)
    periods = {"Y": frozenset({"year", "month", "day"}), "M": frozenset({"month", "day"})}.get(
        unit, frozenset({"day", "part_of_day", "time"})
    )
    anchor = scene.timeline.narrative_period(found.start, periods)
    base = anchor.first if anchor else scene.today
    if base is None:
        return Reading(None, NO_REFERENCE, mod)
    half = bool(found.form("half"))
    if unit == "Y" and number <= _EXACT_YEARS and not half and anchor is not None and anchor.granularity == "month":
        number, unit = 12 * number, "M"
    value = _stepped(base, side, number, unit, half)
    if side > 0 and (anchor is None or _is_ahead(value, scene)) and scene.told_as_done(found):
        far = ((anchor, _stepped(anchor.first, side, number, unit, half)) for anchor in scene.timeline.scenes(found.start)
               if anchor.granularity in periods)  # fmt: skip
        anchor, value = next((told for told in far if not _is_ahead(told[1], scene)), (None, ""))
        if anchor is None:
            return Reading(None, "no_anchor", mod)
    return Reading(value, "discourse", mod, anchor=anchor_id(anchor))


def _is_ahead(value: str, scene: Scene) -> bool:
    """Whether `value` lies after the article: what is told as done does not."""
    first, _, _ = calendars.interval(value)
    return first is not None and scene.today is not None and first > scene.today


_SOME_AWAY = {"D": (4, "M"), "W": (21, "M"), "M": (120, "Y"), "TH": (0, "D"), "TM": (0, "D"), "TS": (0, "D")}


def _some_later(found: Found, scene: Scene, side: int, unit: str) -> Reading | None:
    """ "quelques jours plus tard": the month, "quelques mois plus tôt" the year that it most likely falls in."""
    near = frozenset({"day", "part_of_day", "time"}) | (frozenset({"month"}) if unit in ("M", "Y") else frozenset())
    anchor = scene.timeline.narrative_period(found.start, near)
    base = anchor.first if anchor else scene.today
    if base is None or unit not in _SOME_AWAY:
        return Reading(None, NO_REFERENCE if base is None else "vague")
    days, coarse = _SOME_AWAY[unit]
    value = calendars.shift(base + timedelta(side * days), 0, coarse)
    kind = "TIME" if unit in ("TH", "TM", "TS") else None
    return Reading(value, "discourse", "APPROX", timex_type=kind, anchor=anchor_id(anchor))


_EXACT_YEARS = 2  # "en novembre 2009 ... un an plus tard" is a month; more years are round
_PART_HOURS = {"TMO": range(4, 13), "TMI": range(11, 15), "TAF": range(12, 19), "TEV": range(17, 24), "TNI": range(0, 0)}
_CLOCK = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d):(\d\d)")


def _exact(anchor: Anchor, found: Found, scene: Scene) -> Anchor:
    """The clock time that the text gave on the day of `anchor`, within its part of day: "à 7 h 20 ... dans la matinée"."""
    if _CLOCK.fullmatch(anchor.value):
        return anchor
    hours = _PART_HOURS.get(anchor.value[10:], range(24))
    for other in scene.timeline.scenes_of(anchor.first, found.start):
        if (clock := _CLOCK.fullmatch(other.value)) and int(clock[2]) in hours:
            return other
    return anchor


def _later_clock(found: Found, scene: Scene, count: tuple[int, int], side: int, mod: str | None, *, seconds: int = 0) -> Reading:
    """Some hours and minutes later: a time of day where the text gave one to count from, else of the day in force."""
    hours, minutes = count
    anchor = scene.timeline.narrative_period(found.start, frozenset({"time", "part_of_day", "day"}))
    if anchor is None:
        length = "".join(f"{number}{unit}" for number, unit in ((hours, "H"), (minutes, "M"), (seconds, "S")) if number)
        return Reading(f"PT{length or '0M'}", "duration", mod, timex_type="DURATION")
    anchor = _exact(anchor, found, scene)
    value = anchor.first.isoformat()
    if (from_time := _CLOCK.fullmatch(anchor.value)) and int(from_time[2]) < 24 and not seconds:
        moment = datetime.fromisoformat(anchor.value) + side * timedelta(hours=hours, minutes=minutes)
        value = moment.strftime("%Y-%m-%dT%H:%M")
    return Reading(value, "discourse", mod, timex_type="TIME", anchor=anchor.date_id)


def in_force(found: Found, scene: Scene) -> Reading | None:
    """ "le même jour", "cette année-là", "à cette date", "ce mardi-là"."""
    form, last = found.form("u") or "date", found.stretch.tokens[found.last - 1]
    if last.form == "la" and found.stretch.tokens[found.last - 2].form != "-" and scene.word(last) not in ("là", "LÀ"):
        return None  # "ce vendredi la suppression"
    part = scene.tables["PART"].get(form)
    if part:
        there = scene.timeline.last_day(found.start) if last.form == "la" else None  # "ce matin-là": of the day told of last
        anchor = there or scene.timeline.narrative_day(found.start)
        base = anchor.first if anchor else scene.today
        value = f"{base.isoformat()}T{part}" if base else None
        return Reading(value, "discourse" if base else NO_REFERENCE, timex_type="TIME", anchor=anchor_id(anchor))
    unit = str(scene.tables["LONG"].get(form, "D"))
    periods = {
        "Y": frozenset({"year", "month", "day", "season", "quarter", "half"}),
        "M": frozenset({"month", "day"}),
        "W": frozenset({"week", "day"}),
        "WE": frozenset({"weekend", "day"}),
    }.get(unit, frozenset({"day", "part_of_day", "time"}) | (frozenset({"month"}) if form == "date" else frozenset()))
    if (weekday_named := scene.tables["WEEKDAY"].get(form)) and last.form == "la":
        told = scene.timeline.last_weekday(found.start, int(weekday_named))
        if told is not None:
            return Reading(told.first.isoformat(), "discourse", anchor=told.date_id)
    anchor = scene.timeline.named_last(found.start, periods) if last.form == "la" else None
    anchor = anchor or scene.timeline.narrative_period(found.start, periods)
    if found.rule.rule_id == "very_unit":
        anchor = day_of_what_follows(found, scene) or anchor
    base = anchor.first if anchor else scene.today
    if base is None:
        return Reading(None, NO_REFERENCE)
    if anchor is not None and anchor.granularity == "month" and unit == "D":
        return Reading(calendars.month_value(base.year, base.month), "discourse", anchor=anchor.date_id)
    return Reading(calendars.shift(base, 0, unit), "discourse", anchor=anchor_id(anchor))


_OF_NOUN = re.compile(r" d(?:e|u|es|')(?: la\b| l'|s\b)? ?(?:\w+ )??(\w{5,})")
_STEM = 5
_BESIDE_NOUN = 80  # characters between a noun or its verb and the day it happened on


def day_of_what_follows(found: Found, scene: Scene) -> Anchor | None:
    """The day of what "le jour même du lancement" names: given behind it, or where the text told it ("lancée le 11 janvier")."""
    if found.following() not in ("de", "du", "d'", "des"):
        return None
    if (named := scene.timeline.day_of_event(found.end)) is not None:
        return named
    if (noun := _OF_NOUN.match(scene.folded, found.end)) is None:
        return None
    stem = noun[1][:_STEM]
    for anchor in scene.timeline.scenes(found.start):
        if anchor.first == anchor.last:
            told = re.split(r"[.;!?\n]", scene.folded[max(0, anchor.start - _BESIDE_NOUN) : anchor.start])[-1]
            if re.search(rf"\b{re.escape(stem)}", told):
                return anchor
    return None


def day_of_month_in_force(found: Found, scene: Scene) -> Reading | None:
    """ "le 3 du même mois": of the month that the text named last."""
    day, anchor = day_number(found, "d"), scene.timeline.narrative_period(found.start, frozenset({"month", "day"}))
    base = anchor.first if anchor else scene.today
    full = make_date(base.year, base.month, day) if base else None
    return Reading(full.isoformat(), "discourse", anchor=anchor_id(anchor)) if full else None


def moment(found: Found, scene: Scene) -> Reading | None:
    """ "en ce moment" is now; "à ce moment" is the date in force when the clause looks away from now."""
    if found.previous() == "en" or scene.today is None:
        return Reading("PRESENT_REF", "vague")
    there = found.form("u").endswith("la") or "la" in scene.folded[found.end - 3 : found.end]
    there = there or (found.following() in ("que", "qu'") and found.previous(2) in ("est a", "etait a", "fut a"))
    if not there and scene.direction(found) not in (BACK, FORWARD):
        return Reading("PRESENT_REF", "vague")
    if in_quotation(found, scene) and not there:
        return Reading("PRESENT_REF", "vague")
    last = scene.timeline.last(found.start)
    if last is None:
        return Reading("PRESENT_REF" if not there else "PAST_REF", "vague")
    return Reading(last.value, "discourse", timex_type="TIME" if "T" in last.value else None, anchor=last.date_id)


def unit_next_to(found: Found, scene: Scene) -> Reading | None:
    """ "le mois précédent", "l'année suivante", "la semaine d'après"."""
    mod, unit = mod_of(found, scene), str(scene.tables["LONG"][found.form("u")])
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
    return Reading(calendars.shift(base, side, unit), "discourse", mod, anchor=anchor_id(anchor))


def vague(found: Found, scene: Scene) -> Reading | None:
    form = found.form("v")
    tables = scene.tables
    value = tables["VAGUENOW"].get(form) or tables["VAGUEPAST"].get(form) or tables["VAGUENEXT"].get(form)
    return Reading(str(value), "vague")


def one_day(found: Found, scene: Scene) -> Reading | None:
    """ "un jour" of what is to come; of the past it begins a tale without a date."""
    return Reading("FUTURE_REF", "vague") if scene.direction(found) == FORWARD else None


def new_year(found: Found, scene: Scene) -> Reading | None:
    """ "la nouvelle année": the one that begins, or has begun."""
    if scene.today is None:
        return Reading(None, NO_REFERENCE)
    return Reading(f"{scene.today.year + (scene.today.month > 9):04d}", "relative", anchor="document")


RESOLVERS: dict[str, Resolver] = {
    "weekday": weekday,
    "weekday_abbreviated": weekday_abbreviated,
    "weekday_habit": weekday_habit,
    "weekday_pair": weekday_pair,
    "weekday_in_n": weekday_in_n,
    "weekday_of_week": weekday_of_week,
    "relative_day": relative_day,
    "today": today,
    "this_part": this_part,
    "last_night": last_night,
    "ago": ago,
    "ago_millions": ago_millions,
    "ahead": ahead,
    "unit_rel": unit_rel,
    "this_unit": this_unit,
    "back_to_school": back_to_school,
    "holiday": holiday,
    "holiday_weekend": holiday_weekend,
    "neighbour_day": neighbour_day,
    "later": later,
    "in_force": in_force,
    "day_of_month_in_force": day_of_month_in_force,
    "moment": moment,
    "unit_next_to": unit_next_to,
    "vague": vague,
    "one_day": one_day,
    "new_year": new_year,
}

"""Times and parts of day, joined to the day in force."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from pipeline.dates import calendars, numbers
from pipeline.dates.absolute import day_alone, day_month, numeric
from pipeline.dates.anchors import Anchor
from pipeline.dates.common import anchor_id, mod_of, narrative_day, part_of, weekday_number
from pipeline.dates.grammar import Found
from pipeline.dates.quantities import approximation
from pipeline.dates.relative import LAST_NIGHT, TWO_DAYS, day_of_what_follows, weekday
from pipeline.dates.scene import NO_REFERENCE, Reading, Resolver, Scene
from pipeline.dates.tense import BACK, FORWARD


def _clock_value(found: Found, scene: Scene) -> str | None:
    """ "T20:13", "T08:30" from the captures of a clock time; None when it is no time of day."""
    minutes: int | None
    if token := found.token("hc"):
        hour, minutes, *rest = token.parts
        seconds = rest[0] if rest else None
    elif (digits := found.number("hm")) is not None:  # "340 pm"
        hour, minutes, seconds = digits // 100, digits % 100, None
        if not 1 <= hour <= 12 or minutes > 59:
            return None
    elif word := found.form("noon"):
        hour, minutes, seconds = (12 if word == "midi" else 0), found.number("mm") or 0, None
        if word == "minuit" and not found.form("mm") and not found.form("fr"):
            hour = 24
    else:
        number = found.number("hh")
        hour = 1 if number is None else number
        minutes, seconds = found.number("mm") or 0, found.number("ss")
    daypart = found.form("dp")
    if hour == 12 and daypart.startswith("a"):
        hour = 0
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
        if words.endswith("minutes"):
            number = words.removeprefix("moins").removesuffix("minutes").strip()
            spoken = numbers.read(number.replace("-", " ").split())
            return -int(number) if number.isdigit() else -(spoken[0] if spoken else 0)
        amounts = {"quart": 15, "cinq": 5, "dix": 10, "vingt": 20}
        return -next((minutes for word, minutes in amounts.items() if words.endswith(word)), 25)
    if "trois quarts" in words:
        return 45
    return 15 if "quart" in words else 30


def clock(found: Found, scene: Scene) -> Reading | None:
    """A time of day on the day in force."""
    if found.form("ss") and scene.folded[found.end : found.end + 1] == "'":  # "à 19 h 25 s'est produit"
        return None
    time, hour = _clock_value(found, scene), found.form("hh")
    if time is None or (hour and not hour.isdigit() and _is_length(found)):
        return None
    if _LASTING.search(scene.folded, max(0, found.start - _REACH), found.start):
        return None
    if (
        found.rule.rule_id == "noon"
        and (token := found.token("noon"))
        and token.capital
        and found.previous() in ("de", "du", "le", "editions")
    ):
        return None
    mod = approximation(found)
    anchor = scene.day_for_clock(found)
    day = anchor.first if anchor else scene.today
    if 0 < int(time[1:3]) < 12 and (_AFTERNOON.match(scene.folded, found.end) or _in_afternoon(anchor, found, scene)):
        time = f"T{int(time[1:3]) + 12}{time[3:]}"
    if day is not None and anchor is not None and _after_midnight(anchor, time, found, scene):
        day += timedelta(1)
    if day is not None and found.form("noon") == "minuit" and (found.form("mm") or found.form("fr")):
        day += timedelta(1)  # midnight ends its day: a quarter of an hour later is the next one
    if day is None:
        return Reading(time, NO_REFERENCE, mod)
    between = found.previous() == "entre"
    of_today = anchor is None or anchor.first == scene.today
    if time == "T24:00" and (between or (of_today and scene.direction(found) == BACK)):
        time = "T00:00"  # the midnight that is past
    elif time == "T24:00" and mod and found.form("ap") != "peu avant":
        day, time = day + timedelta(1), "T00:00"  # "vers minuit" is no bound of its day but the turn to the next one
    return Reading(day.isoformat() + time, "clock", mod, anchor=anchor_id(anchor))


def _after_midnight(anchor: Anchor, time: str, found: Found, scene: Scene) -> bool:
    """ "dans la nuit de jeudi à vendredi, vers 3 h 30": the hour is the second day's; or the article's, of its last night.
    "Remises en fin d'après-midi ... À une heure du matin": the small hours of what went on in the evening likewise."""
    hour = int(time[1:3])
    if anchor.value.endswith(("TAF", "TEV")) and not scene.is_pluperfect(found):
        return hour < _FIRST_HOUR and found.form("dp") == "du matin" and anchor.first != scene.today
    if not anchor.value.endswith("TNI") or hour >= _EVENING:
        return False
    last_night = anchor.derived or LAST_NIGHT.search(scene.folded, anchor.start, anchor.end)
    if last_night and scene.today is not None and anchor.first == scene.today - timedelta(1):
        return True
    return bool(TWO_DAYS.search(scene.folded, anchor.start, anchor.end))


def _is_length(found: Found) -> bool:
    """ "depuis dix-sept heures"; "une heure, deux heures"."""
    return found.previous() == "depuis" or found.previous(2) in ("heure ,", "heures ,")


_BESIDE = 8  # characters between a day and its night: "mardi dans la nuit"
_EVENING = 18
_FIRST_HOUR = 5  # "de 2 à 3 heures" is a length
_REACH = 40  # characters in front of an hour that hold "dure entre 7 h 30 et"
_LASTING = re.compile(
    r"\b(?:dur(?:e|ent|ait|aient|era|eront|er)|prend|prennent|prendra|met|mettent|compter|comptez|faut|fallait|faudra) "
    r"(?:en moyenne |environ )?entre (?:\S+ ?h(?:eures?)?(?: ?\d+)? et )?$"
)
_ENDS = ("", "\n", ".", ",", ";", ":", ")", "»", "!", "?")
_EVENINGS = re.compile(r"\b(?:soirs?|soirees?|apres[ -]midis?) ?,? ?(?:a |vers |des )?$")  # "tous les soirs à 9 heures"
_THIS_PART = re.compile(r" ?,? (?:ce soir|ce matin|cet apres[ -]midi|cette nuit|dans (?:la soiree|l'apres[ -]midi))\b")
_AFTERNOON = re.compile(r" ?,? ?(?:(?:dans|en|de) (?:l[ae] |l')?(?:soiree|apres[ -]midi)|ce soir|cet apres[ -]midi)")


def _in_afternoon(anchor: Anchor | None, found: Found, scene: Scene) -> bool:
    """Whether the part of day right in front says that a small hour is one after noon: "mardi soir à 8 heures"."""
    if _EVENINGS.search(scene.folded, max(0, found.start - _REACH), found.start):
        return True
    if anchor is None or not anchor.value.endswith(("TEV", "TAF")) or anchor.end > found.start:
        return False
    return bool(re.fullmatch(r"\s*,?\s*(?:a|vers)?\s*", scene.folded[anchor.end : found.start]))


def clock_in_words(found: Found, scene: Scene) -> Reading | None:
    """ "à huit et demie", "à sept trente": without "heures" only at the end of a clause or with a part of day."""
    in_part = re.fullmatch(r"ce (?:soir|matin)|cet apres-midi|dans (?:la|le)", found.following(2))
    if not found.form("dp") and not in_part and found.following() not in _ENDS:
        return None
    if found.form("mm") and (found.form("hh").isdigit() or found.form("mm").isdigit()):
        return None
    return clock(found, scene)


def clock_arranged(found: Found, scene: Scene) -> Reading | None:
    """ "je reviendrai 7, ce matin", "je rentrerai à peu près 23": without "à" the hour needs its part of day or "peu près"."""
    certain = found.form("dp") or found.form("ap") or _THIS_PART.match(scene.folded, found.end)
    return clock(found, scene) if certain else None


def clock_of_part(found: Found, scene: Scene) -> Reading | None:
    """The 7 of "ce soir à 7"; a team that "a fini hier soir à dix" had ten players."""
    ended = found.rule.rule_id != "clock_of_part" or found.following() in _ENDS
    if not ended or scene.direction(found) == BACK:
        return None
    return clock(found, scene)


def clock_range(found: Found, scene: Scene) -> Reading | None:
    """The 15 and the "17 heures" of "de 15 à 17 heures"; small figures behind a noun are a length."""
    tokens = found.stretch.tokens
    first = next(i for i in range(found.first - 1, -1, -1) if tokens[i].form in ("de", "entre"))
    early = (tokens[first + 1].value or 0) < _FIRST_HOUR
    if tokens[first].form == "de" and (early or (first and scene.pos_at(tokens[first - 1].start) == "NOUN")):
        return None
    return clock(found, scene)


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
    spelled = found.stretch.tokens[found.first].form.startswith("vingt")
    if time == "T24:00" and spelled and found.previous() == "de":  # "une grève de vingt-quatre heures vendredi"
        return None
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
    mod, part = mod_of(found, scene), part_of(found, scene)
    if found.form("v"):
        base, anchor = narrative_day(found, scene)
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
    number = weekday_number(found, scene)
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
    if found.stretch.tokens[found.last - 1].form == "meme" and (named := _named_behind(found, scene)):
        return named  # "le soir même de l'élection, le 6 mai"
    mod, part = mod_of(found, scene), part_of(found, scene)
    anchor = scene.day_for_clock(found)
    day = anchor.first if anchor else scene.today
    if found.form("p") == "journee" and mod == "END":
        part = "TEV"  # "en fin de journée"
    if day is None:
        return Reading(part, NO_REFERENCE, mod)
    if found.form("p") == "nuit" and _is_last_night(found, anchor, scene):
        day -= timedelta(1)
    if anchor is not None and _is_morning_after(found, part, anchor, scene):
        day += timedelta(1)
    return Reading(day.isoformat() + part, "discourse", mod, anchor=anchor_id(anchor))


def _is_morning_after(found: Found, part: str, anchor: Anchor, scene: Scene) -> bool:
    """ "signalés mercredi soir, ils brûlaient encore dans la matinée": what is told after an evening or a night goes on."""
    nights = ("TNI", "TEV", "T24:00") if part == "TMO" else ("TNI",) if part in ("TMI", "TAF") else ()
    if not anchor.value.endswith(nights) or anchor.end > found.start:
        return False
    if found.form("p") == "matin" and found.stretch.tokens[found.first].form == "le":  # "rentré le matin": of the same day
        return False
    over = scene.today is not None and anchor.first < scene.today
    done = scene.get_clauses().direction(found.start, found.end) == BACK  # "jusqu'au matin" of what was, too
    told_back = scene.is_pluperfect(found) and not scene.timeline.same_sentence(anchor.start, found.start)
    return over and done and not told_back


def _is_last_night(found: Found, anchor: Anchor | None, scene: Scene) -> bool:
    """ "ils sont intervenus dans la nuit": of what is done the article's night is the one before its day."""
    if anchor is not None and scene.is_pluperfect(found) and not scene.timeline.same_sentence(anchor.start, found.start):
        return "T" not in anchor.value  # "la ville est tombée lundi. Des soldats avaient été largués dans la nuit"
    if anchor is not None and (anchor.first != scene.today or found.start - anchor.end <= _BESIDE):
        return False
    if found.rule.rule_id == "a_night_of":  # "87 morts et une longue nuit de recherches"
        return scene.direction(found) != FORWARD
    return "jusqu'" not in found.previous(3) and scene.told_as_done(found)


def part_of_event(found: Found, scene: Scene) -> Reading | None:
    """ "au soir du premier tour": of the day given for it, else of the day in force."""
    return _named_behind(found, scene) or part_in_force(found, scene)


def _named_behind(found: Found, scene: Scene) -> Reading | None:
    """The part of the day that is given for the event named right behind `found`."""
    day = day_of_what_follows(found, scene)
    return Reading(day.first.isoformat() + part_of(found, scene), "discourse", anchor=day.date_id) if day else None


def first_hours(found: Found, scene: Scene) -> Reading | None:
    """ "dès les premières heures du jour": the morning of the day in force."""
    day = day_in_force(found, scene)
    return replace(day, value=f"{day.value}TMO", mod="START") if day and day.value else day


def day_in_force(found: Found, scene: Scene) -> Reading | None:
    anchor = scene.day_for_clock(found)
    day = anchor.first if anchor else scene.today
    if day is None:
        return Reading(None, NO_REFERENCE)
    if anchor is not None and anchor.derived and anchor.value.endswith("TNI") and day != scene.today:
        day += timedelta(1)  # "des heurts dans la nuit ... dans la journée, le calme est revenu"
    return Reading(day.isoformat(), "discourse", anchor=anchor_id(anchor))


def nth_day_in_force(found: Found, scene: Scene) -> Reading | None:
    """ "au troisième jour du procès": news tells it on that day; what is to come or long past is not of the day in force."""
    distant = scene.distant_year(found) or scene.timeline.distant_day(found.start)
    if distant is not None or scene.is_future(found) or scene.is_pluperfect(found):
        return None
    return day_in_force(found, scene)


RESOLVERS: dict[str, Resolver] = {
    "clock": clock,
    "clock_range": clock_range,
    "clock_today": clock_today,
    "clock_in_words": clock_in_words,
    "clock_arranged": clock_arranged,
    "clock_of_part": clock_of_part,
    "dated_clock": dated_clock,
    "part_of_day": part_of_day,
    "part_in_force": part_in_force,
    "part_of_event": part_of_event,
    "day_in_force": day_in_force,
    "first_hours": first_hours,
    "nth_day_in_force": nth_day_in_force,
}

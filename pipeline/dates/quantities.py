"""Durations, sets, and the ages that look like durations."""

from __future__ import annotations

import re
from datetime import date, timedelta

from pipeline.dates.grammar import Found
from pipeline.dates.lexer import Token
from pipeline.dates.scene import NO_REFERENCE, NONE, Reading, Resolver, Scene

_PERIODS = {"D": "P{}D", "W": "P{}W", "M": "P{}M", "Y": "P{}Y", "TH": "PT{}H", "TM": "PT{}M", "TS": "PT{}S", "WE": "P{}WE"}
_MULTIPLES = {"FN": (15, "D"), "Q": (3, "M"), "H": (6, "M"), "E": (10, "Y"), "C": (100, "Y"), "K": (1000, "Y")}
_VAGUE = {"FN": "PXW", "Q": "PXQ", "H": "PXH", "E": "PXDE", "C": "PXCE", "K": "PXML"}
_HALVES = {
    "Y": (12, 6, "M"),
    "TH": (60, 30, "TM"),
    "TM": (60, 30, "TS"),
    "D": (24, 12, "TH"),
    "C": (100, 50, "Y"),
    "E": (10, 5, "Y"),
}
_SIZES = ("K", "C", "E", "Y", "H", "Q", "M", "FN", "WE", "W", "D", "TH", "TM", "TS")
_SOME = "X"
_ANCIENT = 1000  # years
_LIST = 8  # words that a list of ages may have
_CUES = frozenset("en pendant durant pour depuis apres sur d' dans seul de vers que et ou".split())
_ONE = frozenset(("un", "une"))
_AGE_VERBS = frozenset("a avait ont avaient aura auront aurait avoir ayant fete fetait fetera fêter fêté eu".split())
_AGE_ADVERBS = frozenset("alors deja seulement aujourd'hui bientot presque peine maintenant desormais juste".split())
_DURATION_HEADS = frozenset(
    (
        "peine peines mandat mandats periode periodes duree prison bail contrat contrats delai carriere regne absence "
        "experience guerre attente plan programme accord treve sursis reclusion emprisonnement total cycle pret credit "
        "garantie ineligibilite interdiction suspension bout laps conflit exil service detention moratoire embargo histoire "
        "existence vie negociations proces etudes travaux greve formation stage blocus siege horizon retard plus moins pres "
        "environ distance intervalle prolongation report sentence camp amende maximum minimum moyenne cdd crise "
        "projet programme phase essai operation"
    ).split()
)
_PERSON_SUFFIX = re.compile(
    r"\w+(?:eur|eure|euse|trice|ien|ienne|iste|naire|ais|aise|ois|oise|ete|logue|nome|crate|pathe|iatre|graphe|san|sanne|iere"
    r"|ancier|inier|onnier|isier|olier|ouvrier|ombier|illier|ermier|oulanger|aitante?|ilitante?|ercante?|igeante?|abitante?|dante?)"
)
_THINGS = frozenset(  # like persons by their endings
    (
        "erreur valeur longueur largeur hauteur profondeur ampleur secteur moteur ordinateur tracteur horreur douleur fureur "
        "rumeur honneur bonheur malheur labeur faveur rigueur vigueur couleur chaleur vapeur facteur vecteur lien bien soutien "
        "paragraphe autographe orthographe biographe demeure heure lumiere matiere maniere carriere barriere frontiere "
        "riviere croisiere premiere derniere priere criniere glaciere calendrier "
        "maintien entretien biais delai essai palais relais rabais mois bois liste piste enquete fete conquete tempete quete"
    ).split()
)
_ARTICLES = frozenset("un une le la l' ce cet cette".split())
_PENALTIES = ("de prison", "de reclusion", "d' emprisonnement", "de travaux", "d' ineligibilite", "de detention", "de suspension")
_MODS = (("plus", "AFTER"), ("bien plus", "AFTER"), ("au moins", "AFTER"), ("un peu plus", "AFTER"), ("moins", "BEFORE"),
         ("un peu moins", "BEFORE"), ("au plus", "BEFORE"), ("peu avant", "BEFORE"), ("juste avant", "BEFORE"),
         ("un peu avant", "BEFORE"), ("peu apres", "AFTER"), ("juste apres", "AFTER"), ("un peu apres", "AFTER"))  # fmt: skip


_QUOTES = ('"', "«", "“", "'")
_OF_ACTION = re.compile(r"(?:de|d') ?(?:greves?|mobilisations?|manifestations?|debrayage|travail|repos)")


def approximation(found: Found) -> str | None:
    """The `mod` that words such as "vers", "plus de", "moins de" in front of a quantity give."""
    words = found.form("ap")
    if not words:
        return None
    return next((mod for start, mod in _MODS if words.startswith(start)), "APPROX")


def period(number: str, unit: str, *, half: bool = False) -> str:
    """The TIMEX3 value of so many units: ("18", "M") is P18M; one year and a half is P18M too."""
    if half and number.isdigit():
        if unit in _HALVES and unit not in ("TH", "TM"):
            size, part, smaller = _HALVES[unit]
            return period(str(int(number) * size + part), smaller)
        if unit == "TH":
            return f"PT{number}H30M"
        if unit == "TM":
            return f"PT{number}M30S"
        number = f"{number}.5"
    if unit in _MULTIPLES:
        if number == _SOME:
            return _VAGUE[unit]
        size, unit = _MULTIPLES[unit]
        number = f"{float(number) * size:g}"
    return _PERIODS[unit].format(number)


def amount(token: Token | None) -> str:
    """A number token as a decimal string; X where it has no value."""
    if token is None:
        return _SOME
    if token.form in _ONE:
        return "1"
    if token.value is not None:
        return str(token.value)
    return token.form.replace(",", ".") if re.fullmatch(r"\d+[.,]\d+", token.form) else _SOME


def _unit(found: Found, scene: Scene, name: str = "u") -> str:
    form = found.form(name)
    if form in scene.tables["SECWORD"]:
        return "TS"
    return str(scene.tables["UNIT"].get(form) or scene.tables["LONGS"].get(form) or scene.tables["LONG"].get(form) or "D")


def duration(found: Found, scene: Scene) -> Reading | None:
    """ "cinq jours", "plus de deux ans", "quelques mois"; None for an age."""
    token = found.token("n")
    collective = found.form("n") in scene.tables["COLLECTIVE"] and found.form("n") not in _ONE
    number = str(scene.tables["COLLECTIVE"][found.form("n")]) if collective else amount(token)
    if "n" in found.rule.args:
        number = str(found.rule.args["n"])
    unit = "TH" if found.rule.rule_id == "duration_h" else _unit(found, scene)
    if found.form("nn") and not found.form("uu"):  # "3 minutes 30"
        return Reading(f"PT{number}M{found.number('nn')}S", "duration", approximation(found))
    if "n" not in found.rule.args and _is_no_length(found, token):
        return None
    if is_age(found, scene) or _is_old(found):
        return Reading(None, "age", timex_type=NONE)
    mod = approximation(found) or found.rule.args.get("mod")
    if quarters := found.form("quarter"):
        return Reading(f"PT{number}H{45 if quarters.startswith('trois') else 15}M", "duration", mod)
    if (minutes := found.number("mm")) is not None:
        return Reading(f"PT{number}H{minutes}M", "duration", mod)
    if found.form("big"):  # "3,7 milliards d'années"
        size = 9 if found.form("big").startswith("milliard") else 6
        return Reading(f"P{float(number) * 10**size:.0f}Y", "duration", mod) if number != _SOME else None
    value = period(number, unit, half=bool(found.form("half")))
    for name, unit_name in (("nn", "uu"), ("nnn", "uuu")):
        if found.form(name):
            smaller = _unit(found, scene, unit_name)
            if _SIZES.index(smaller) <= _SIZES.index(unit):
                return None
            unit, value = smaller, _joined(value, period(amount(found.token(name)), smaller))
    return Reading(value, "duration", mod)


def _joined(one: str, other: str) -> str:
    """P1Y and P6M make P1Y6M; PT2H and PT15M make PT2H15M; P1D and PT3H make P1DT3H."""
    return one + (other[2:] if "T" in one and other.startswith("PT") else other[1:])


def _is_no_length(found: Found, token: Token | None) -> bool:
    """Counts of something else that is named by a unit: "les 50 ans de la foire", "une quinzaine de blessés"."""
    if found.form("some") == "des" and (found.form("adj") or found.form("u") in ("journees", "week-ends", "weekends")):
        return True
    if found.form("only"):
        return False
    if found.form("adj"):
        return token is not None and token.form in _ONE  # "un dernier trimestre" is one of the four
    following = found.following()
    if found.form("u") == "quinzaine" and following in ("de", "d'"):
        return True
    if (
        found.stretch.tokens[found.first].form in ("les", "ses", "leurs")
        and found.form("u") == "ans"
        and following in ("de", "du", "d'")
    ):
        return True
    if found.previous() in ("des", "aux") and re.match(r"du|des|de (?:son|sa|ses|la|l'|le|leur|ce|cette)\b", found.following(2)):
        return True  # "à l'occasion des dix ans de sa mort"
    return _is_article(found, token)


def _is_article(found: Found, token: Token | None) -> bool:
    """Whether "un jour", "une journée", "une seconde" is no length of time but "one day", "a second (time)"."""
    if token is None or token.form not in _ONE or found.form("half") or found.form("ap"):
        return False
    unit, before = found.form("u"), found.previous()
    if unit == "annee" and before in (",", "est", "etait", "fut", "sera", "comme", "ete"):  # ", une année exceptionnelle"
        return found.following() not in ("plus", "apres", "avant", "durant", "entiere", ",", ".", "")
    if unit == "journee" and _OF_ACTION.match(found.following(2)):
        return False
    if unit == "journee" and found.following().endswith("ee"):  # "après une journée émaillée d'incidents"
        return True
    if unit in ("jour", "journee", "seconde", "minute"):
        return before not in _CUES or (before == "de" and unit != "journee") or found.following() in ("de", "d'", "ou")
    return False


def is_age(found: Found, scene: Scene) -> bool:
    """Whether "32 ans" tells how old somebody is."""
    collective = found.form("n") in scene.tables["COLLECTIVE"] and found.form("u") == "annees"
    if (found.form("u") not in ("ans", "an") and not collective) or found.form("adj"):
        return False
    if found.stretch.tokens[found.first].form in ("ses", "leurs", "nos"):
        return True
    back = _coordinated(found)
    if back:
        return _is_bracketed(found, back) or _has_person_head(found, scene, back)
    before, second = found.neighbour(-1), found.neighbour(-2)
    word, following = scene.word(before), found.following()
    value = found.number("n") or 1
    if re.fullmatch(r"entre \S+ et", found.previous(3)):
        head = found.neighbour(-4)
        if head is None:
            return False
        return scene.word(head) in _AGE_VERBS or head.form.startswith("age") or _is_person(head.form, scene)
    if word == "," and second is not None and second.form not in scene.tables["UNIT"]:
        return following in (",", ")", ".", ";", "(", "", "a", "est", "qui", "et", "\n", "-", "aujourd'hui")
    if word == "(":
        return following in (")", ",")
    if before is not None and before.form in _AGE_ADVERBS and second is not None:  # "avait alors 20 ans", "a à peine 18 ans"
        word, second = scene.word(second), found.neighbour(-3)
        if word == "à" and second is not None:
            word, second = scene.word(second), found.neighbour(-4)
        if word not in _AGE_VERBS:
            return False
    if word in _AGE_VERBS and scene.word(second) not in ("y", "n'y"):
        return following not in ("de", "d'", "pour") and value > 5
    if word == "à" and not found.form("ap"):
        penalty = re.search(r"\b(?:condamn|port|report|prolong|fix|rallong|limit|redui|ramen|pass)", found.previous(4))
        return not penalty and found.following(2) not in _PENALTIES
    if word in ("les", "des", "aux") and found.form("ap"):
        return True
    return word in ("de", "d'", "d’") and _has_person_head(found, scene)


def _is_old(found: Found) -> bool:
    """ "des tablettes datant de 14 000 ans": the age of a thing, not the length of anything."""
    old = found.form("big") or (found.number("n") or 0) >= _ANCIENT
    return bool(old and re.search(r"\b(?:dat\w+|vieux|vieilles?|ages?|agees?|plus) (?:d'|de)(?: \S+ a)?$", found.previous(4)))


def _coordinated(found: Found) -> int:
    """How many words "14 et" or "14, 16 et" stand between "de" and the span; 0 when it is no such list."""
    back = 1
    while (joint := found.neighbour(-back)) is not None and joint.form in ("et", "ou", ",", "a") and back < _LIST:
        number = found.neighbour(-back - 1)
        if number is None or number.value is None:
            return 0
        back += 2
    return back - 1 if back > 1 and found.previous(back).split()[:1] in (["de"], ["d'"]) else 0


def _is_bracketed(found: Found, back: int) -> bool:
    """ "(de 14 et 18 ans)" behind a noun that has no length of its own."""
    bracket, noun = found.neighbour(-back - 2), found.neighbour(-back - 3)
    return bracket is not None and bracket.form == "(" and noun is not None and noun.form not in _DURATION_HEADS


def _has_person_head(found: Found, scene: Scene, back: int = 0) -> bool:
    """Whether the noun before "de 32 ans" is a person; `back` words of a list may stand between."""
    people = scene.tables["PERSON"]
    before = [token.form for offset in range(5 + back, 1 + back, -1) if (token := found.neighbour(-offset)) is not None]
    if not before or before[-1] in _DURATION_HEADS:
        return False
    second = found.neighbour(-2 - back)
    if any(
        form in people or form.removesuffix("s") in people or form in ("age", "agee", "ages", "agees") for form in before[-3:]
    ):
        return not set(before[-2:]) & _DURATION_HEADS
    if second is None or second.capital or _is_person(second.form, scene):
        return second is not None
    described = before[-3:-2] and before[-3] in _ARTICLES and not set(before[-2:]) & _DURATION_HEADS
    return bool(described) and _is_person(before[-2], scene)  # "un randonneur toulousain de 52 ans"


def _is_person(form: str, scene: Scene) -> bool:
    singular = form.removesuffix("s")
    return singular in scene.tables["PERSON"] or bool(_PERSON_SUFFIX.fullmatch(singular) and singular not in _THINGS)


def race_time(found: Found, scene: Scene) -> Reading | None:
    """ "3 min 30 s 65", "3'30\"65", "1:11.93": minutes, seconds, hundredths, nothing between them where signs do for words."""
    span, clock = scene.text[found.start : found.end], found.token("hc")
    signs = not re.search("[a-z]", scene.folded[found.start : found.end])
    glued = re.fullmatch(r"\d+(?:['’]\d\d)?(?:[\"”]\d*)?|[\d:]+(?:\.\d+)?", span)
    if signs and (not glued or scene.text[max(0, found.start - 1) : found.start] in _QUOTES):
        return None
    hours, minutes, seconds = 0, found.number("n") or 0, found.number("s") or 0
    if clock is not None and len(clock.parts) > 2:
        hours, minutes, seconds = clock.parts[:3]
    elif clock is not None:
        minutes, seconds = clock.parts[:2]
        if not found.form("c"):
            return None
    parts = (f"{hours}H" if hours else "", f"{minutes}M" if minutes else "", str(seconds))
    return Reading("PT" + "".join(parts) + (f".{found.form('c')}" if found.form("c") else "") + "S", "duration")


def for_a_time(found: Found, scene: Scene) -> Reading | None:
    """ "il avait un temps envisagé": in front of a participle."""
    participle = re.fullmatch(r"\w+(?:é|ée|és|ées|i|is|it|u|us|ue)", scene.word(found.neighbour(1)))
    return Reading("PXD", "duration") if participle and scene.word(found.neighbour(-1)) != "à" else None


def a_moment(found: Found, scene: Scene) -> Reading | None:
    """ "un moment" as a length; with an adjective it is an occasion."""
    following = found.neighbour(1)
    pos = scene.pos_at(following.start) if following else ""
    occasion = pos == "ADJ" or (not pos and re.search(r"(?:ique|el|al|ile|if|eux|ant|e)$", found.following()))
    return None if occasion else Reading("PXD", "duration")


def first_units_of(found: Found, scene: Scene) -> Reading | None:
    """ "les neuf premiers mois de l'année": a length with its place on the calendar."""
    number, year = found.number("n"), found.number("y") or (scene.today.year if scene.today else None)
    unit = str(scene.tables["UNIT"][found.form("u")])
    if number is None or year is None:
        return Reading(None, NO_REFERENCE) if number else None
    if unit == "M":
        first = 1 if found.form("side").startswith("premier") else 13 - number
        last = first + number - 1
        span = f"{year:04d}-{first:02d}/{year:04d}-{last:02d}" if 1 <= first <= last <= 12 else None
    else:
        days = number * (7 if unit == "W" else 1)
        begin = date(year, 1, 1) if found.form("side").startswith("premier") else date(year + 1, 1, 1) - timedelta(days)
        span = f"{begin.isoformat()}/{(begin + timedelta(days - 1)).isoformat()}"
    anchor = "none" if found.form("y") else "document"
    return Reading(period(str(number), unit), "absolute", anchor=anchor, interval=span) if span else None


def half_unit(found: Found, scene: Scene) -> Reading | None:
    """ "une demi-heure", "un demi-an"."""
    values = {"heure": "PT30M", "journee": "PT12H", "siecle": "P50Y", "annee": "P6M", "an": "P6M", "ans": "P6M"}
    return Reading(values[found.form("u")], "duration")


def part_of_hour(found: Found) -> int:
    """The minutes of "une demi-heure", "un quart d'heure", "trois quarts d'heure" in a longer expression; 0 without one."""
    words = found.form("part")
    return 0 if not words else 30 if "demi" in words else 45 if words.startswith("trois") else 15


def quarter_hour(found: Found, scene: Scene) -> Reading | None:
    """ "un quart d'heure", "trois quarts d'heure"."""
    return Reading("PT45M" if found.form("n") == "trois" else "PT15M", "duration", approximation(found))


def every(found: Found, scene: Scene) -> Reading | None:
    """Sets: "chaque lundi", "tous les deux ans", "par mois"."""
    tables = scene.tables
    part = found.form("p")
    clock = "T" + str(tables["PART"].get(part) or tables["PARTS"][part]) if part else ""
    if weekday := found.form("w"):
        return Reading(f"XXXX-WXX-{tables['WEEKDAY'].get(weekday) or tables['WEEKDAYS'][weekday]}{clock}", "set")
    if clock:
        return Reading(f"XXXX-XX-XX{clock}", "set")
    if season := found.form("s"):
        return Reading(f"XXXX-{tables['SEASON'][season]}", "set")
    if month := found.form("m"):
        day = found.number("d")
        return Reading(f"XXXX-{tables['MONTH'][month]:02d}" + (f"-{day:02d}" if day else ""), "set")
    if found.form("hol"):
        formula = tables["HOLIDAY"][found.form("hol")]
        return Reading(f"XXXX-{formula}" if formula[0].isdigit() else "P1Y", "set")
    if found.form("u") == "nuit":
        return Reading("P1D", "set")
    token = found.token("n")
    return Reading(period(amount(token) if token else "1", _unit(found, scene)), "set")


_SENTENCE = re.compile(r"\b(mois|ans?)(?: de prison| d'emprisonnement| de reclusion| de detention)? ?, ?dont $")
_SENTENCE_REACH = 40


def part_of_sentence(found: Found, scene: Scene) -> Reading | None:
    """ "cinq ans de prison, dont deux ferme": the unit is that of the whole sentence."""
    whole = _SENTENCE.search(scene.folded, max(0, found.start - _SENTENCE_REACH), found.start)
    return Reading(period(amount(found.token("n")), "M" if whole[1] == "mois" else "Y"), "duration") if whole else None


def one_in(found: Found, scene: Scene) -> Reading | None:
    """ "un jour sur deux"."""
    return Reading(period(amount(found.token("nn")), _unit(found, scene)), "set")


def times_per(found: Found, scene: Scene) -> Reading | None:
    """ "deux fois par semaine": how often is not in the value, the period is."""
    return Reading(period("1", _unit(found, scene)), "set")


def adverb_set(found: Found, scene: Scene) -> Reading | None:
    """ "mensuellement"; of what is arranged also "mensuelle"."""
    tables = scene.tables
    return Reading(str(tables["ADVERBSET"].get(found.form("adv")) or tables["FREQUENCY"][found.form("adj")]), "set")


RESOLVERS: dict[str, Resolver] = {
    "duration": duration,
    "half_unit": half_unit,
    "for_a_time": for_a_time,
    "race_time": race_time,
    "a_moment": a_moment,
    "first_units_of": first_units_of,
    "quarter_hour": quarter_hour,
    "every": every,
    "one_in": one_in,
    "part_of_sentence": part_of_sentence,
    "times_per": times_per,
    "adverb_set": adverb_set,
}

"""Agreement with the French time expressions of two other taggers' test suites, class by class.

    EPHEMERIDE_TIMEX=<folder of *.jsonl> python -m pytest -s -m bench tests/dates/bench_mine.py

A line holds `text`, `dct` and `timexes` with `start`, `end`, `values`. A disagreement falls into the first class of `CLASSES`
that fits. Explained classes are those in which the suite's convention is not that of news or of the annotation guidelines.
Three shares are printed: of all cases; without those of the other direction; and without the explained classes. From the last
one a case of a class told by its spelling is left out whether it agrees or not, so that leaving out does not flatter; the
classes that depend on what the tagger says (`BY_OUTCOME`) leave out disagreements only. The classes were written with the
disagreements in view: the last share tells that what remains open is little, it is no measure on unseen cases.
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.dates import find
from pipeline.fold import fold
from pipeline.records import DateMention

FOLDER = os.environ.get("EPHEMERIDE_TIMEX", "")
GOAL = 0.85
DIRECTION_FREE = {"duckling_fr.jsonl": 0.92, "recognizers_fr.jsonl": 0.87}  # floors of the second share; they only rise
_LENGTH = re.compile(r"P(?:([\d.]+)Y)?(?:([\d.]+)M)?(?:([\d.]+)D)?(?:T(?:([\d.]+)H)?(?:([\d.]+)M)?(?:([\d.]+)S)?)?")
_SECONDS = (360 * 86400, 30 * 86400, 86400, 3600, 60, 1)  # of a unit, only to compare lengths of one unit with another
_PARTS = r"(?:matin|matinee|soir|soiree|nuit|apres[ -]midi|midi|jour|journee)"
_HOUR = r"(?:\d{1,2}|sept|huit|cinq|dix|quinze|vingt(?:-et-un|-deux|-trois)?|dix-neuf)"


@dataclass(frozen=True)
class Miss:
    """One case that the tagger reads otherwise than the suite: folded span, expected values, own values."""

    span: str
    values: Sequence[str]
    got: Sequence[str]


def _spelled(*patterns: str) -> Callable[[Miss], bool]:
    """Whether the span alone, whatever the tagger makes of it, is of the class."""
    compiled = re.compile("|".join(patterns))
    return lambda miss: bool(compiled.search(miss.span))


def _other_side(miss: Miss) -> bool:
    """The same weekday, day of a year or feast, a week or a year off: dialogue looks forward, news back."""
    for value in miss.values:
        for got in miss.got:
            if re.match(r"\d{4}-.*\d{4}-", value + got) and value[4:] == got[4:]:
                return True
            days = [_day(value), _day(got)]
            if days[0] and days[1] and (days[0] - days[1]).days % 7 == 0 and re.search(r"lun|mar|mer|jeu|ven|sam|dim", miss.span):
                return True
    return bool(miss.got) and bool(
        re.search(r"week-?end|semaine du|jour d|jeudi 15|nouvel|noel|premier janvier|^le \d+\b", miss.span)
        and not re.search(r"\d{4}", miss.span)
    )


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value[:10])
    except ValueError:
        return None


def _coarser(miss: Miss) -> bool:
    """Weeks, months and years from now stay as coarse as their unit; "maintenant" has no minute."""
    return any(got and (value.startswith(got) or got.startswith(value)) for value in miss.values for got in miss.got) or bool(
        miss.got and re.search(r"\b(il y a|dans|depuis)\b.*\b(semaine|mois|an|annee)", miss.span)
    )


def _vague(miss: Miss) -> bool:
    return any("X" in got and got.startswith("P") for got in miss.got)


# name, explained, test; in order. The first BY_OUTCOME ones depend on what the tagger says.
BY_OUTCOME = 3
CLASSES: tuple[tuple[str, bool, Callable[[Miss], bool]], ...] = (
    ("direction", True, _other_side),
    ("vague amounts have no number", True, _vague),
    ("as coarse as the unit", True, _coarser),
    ("midnight ends its day", True, _spelled(r"\bminuit\b", r"milieu de la nuit", r"24 heures", r"^3 ?h(eures)? du mat")),
    (
        "am, pm and the like",
        True,
        _spelled(r"\d ?[ap]\.?m\b", r"ampm", r"\bp ?\.? ?m\b", r"\ba\.m", r"ish\b", r"\bhrs?\b", r" am$"),
    ),
    (
        "adjectives and adverbs of frequency",
        True,
        _spelled(r"^\S*(quotidien|hebdomadaire|annuel|semestriel|trimestriel|journellement)"),
    ),
    (
        "numbers alone, without a word that says what they are",
        True,
        _spelled(r"^(le )?\d{1,2}([ /.,-]+\d{1,2})?$", r"^(le )?\d+ \d+ \d+$", r"^avant le \d+$", r"^(le )?\d+/\d+,"),
    ),
    (
        'an hour and its minutes without "heures"',
        True,
        _spelled(
            rf"^(peu pres )?{_HOUR} (trente|vingt|quarante|quinze|dix|cinquante)( cinq)?\b",
            rf"^(peu pres )?{_HOUR} et (demie|quart|trois quarts)\b",
            rf"^(peu pres )?{_HOUR}(,? (de|du|dans|ce|a la)\b.*)?$",
        ),
    ),
    (
        'an hour without "heures" behind a part of day',
        True,
        _spelled(rf"{_PARTS},? (a|vers)? ?{_HOUR}$", r" sur (la )?\d+$", r"peu pres", r"en 15$"),
    ),
    (
        "a part of day is no hour",
        True,
        _spelled(
            rf"(milieu|fin|debut|mi)\b.*{_PARTS}", r"mi-", r"^la fin", r"^fin de", r"apres le travail", r"apres[ -]midi \d",
            r"\d.* dans (la|l'|le) ?(nuit|soiree|apres)",
        ),
    ),
    (
        "parts of day without an article",
        True,
        _spelled(
            rf"^((tot|tard|fin|debut|de|derniere|prochaine|grand|au grand|ce l'|nuit|d') ?)*(de |d')?{_PARTS}( lendemain)?$",
            r"^(tot )?(le|la) (matin|soir|soiree|journee)$",
        ),
    ),
    ("a set is no hour of today", True, _spelled(r"^chaque\b.*\d")),
    ("as soon as possible", True, _spelled(r"possible", r"^dqp$", r"^tout de suite$")),
    (
        "other countries' feasts and shopping days",
        True,
        _spelled(
            r"thanks", r"action de grace", r"yuandan", r"fete des meres", r"fete du travail", r"vendredi noir", r"cyber",
            r"presidents", r"chinois", r"jour des morts",
        ),
    ),
    (
        "American, impossible or shuffled dates",
        True,
        _spelled(
            r"30 fev", r"29/2/2019", r"^[a-z]+[./-] ?\d{1,2}(-\d+)?$", r"^\d{4}[,/ -]+\d+/sep", r"^\d+-\d{4}-[a-z]",
            r"^\d{4}, [a-z]",
            r"^(mai|aout) (vingt|seconde|deuxieme)", r"seconde de aout", r"novembre 23", r"\b11, \d{4}", r"^[a-z]+-\d{4}-\d+$",
            r"^\d{1,2}-\d\d-\d\d$", r"^0\d/22/", r"^le (25|vingt-cinq) mardi",
        ),
    ),
    (
        "no French",
        True,
        _spelled(
            r"^cette (septembre|ete|aout|fevrier|matin)", r"quel ques", r"soireee", r"anuellement", r"\bet demie? heures?",
            r"vingt et quatre heures", r"^plein", r"^demi ans", r"3\.5ans", r"2019\.0", r"de matin\b", r"passe de", r"du mat\b",
            r"l'heure de dejeuner", r"dans [12]['\"]", r"ce soir aujourd", r"dix neuf soixante", r"\d+h\d+s$",
        ),
    ),
    ("not found", False, lambda miss: not miss.got),
    ("read otherwise", False, lambda miss: True),
)  # fmt: skip


def _cases(path: Path) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        if case.get("comparable", True):
            yield from ((case, timex) for timex in case["timexes"] if timex.get("comparable", True))


def _plain(value: str) -> str:
    """A value without what two spellings of the same may differ in: full minutes, units of a length, "of any day"."""
    value = value.removeprefix("XXXX-XX-XX") if "T" in value else value  # "every morning" is XXXX-XX-XXTMO or TMO
    if re.search(r"T\d\d:\d\d:00$", value):
        value = value[:-3]
    if re.fullmatch(r"\d{4}-\d\d-\d\dT24:00", value):  # ISO 8601: the end of a day is the beginning of the next
        return (date.fromisoformat(value[:10]) + timedelta(1)).isoformat() + "T00:00"
    if re.search(r"T\d\d:\d\d$", value):
        return value
    match = _LENGTH.fullmatch(value)
    if match is None or len(value) < 3:
        return value
    return f"P{sum(float(part or 0) * size for part, size in zip(match.groups(), _SECONDS, strict=True)):g}S"


def _readings(mentions: Sequence[DateMention]) -> set[str]:
    """What the marks say, and what a day and a time beside each other say together."""
    values = {_plain(mention.value) for mention in mentions if mention.value}
    days = [str(mention.value)[:10] for mention in mentions if mention.timex_type == "DATE" and mention.value]
    times = [str(mention.value) for mention in mentions if mention.timex_type == "TIME"]
    clocks = [value.split("T", 1)[1] for value in times if "T" in value]
    return values | ({_plain(f"{days[0]}T{clocks[0]}")} if days and clocks else set())


def _classify(miss: Miss) -> int:
    return next(index for index, (_, _, fits) in enumerate(CLASSES) if fits(miss))


def _left_out(miss: Miss) -> bool:
    return any(explained and fits(miss) for _, explained, fits in CLASSES[BY_OUTCOME:])


@pytest.mark.bench
@pytest.mark.skipif(not FOLDER, reason="EPHEMERIDE_TIMEX names no folder")
def test_agreement_with_other_suites() -> None:
    shares, direction_free = {}, {}
    for path in sorted(Path(FOLDER).glob("*.jsonl")):
        counted: Counter[int] = Counter()
        open_cases: list[Miss] = []
        total = agree = kept = 0
        for case, timex in _cases(path):
            mentions = find(case["text"], published=datetime.fromisoformat(case["dct"]), published_has_time=True)
            hits = [mention for mention in mentions if mention.start < timex["end"] and timex["start"] < mention.end]
            values = timex.get("values") or [timex["value"]]
            miss = Miss(fold(case["text"][timex["start"] : timex["end"]]), values, [hit.value or "" for hit in hits])
            total += 1
            if _readings(hits) & {_plain(value) for value in values}:
                agree += 1
                kept += not _left_out(miss)
                continue
            counted[_classify(miss)] += 1
            if not CLASSES[_classify(miss)][1]:
                open_cases.append(miss)
        shares[path.name] = kept / max(1, kept + len(open_cases))
        direction_free[path.name] = agree / max(1, total - counted[0])
        _report(path.name, (total, agree, shares[path.name]), counted, open_cases)
    assert shares, f"no *.jsonl in {FOLDER}"
    assert all(share >= GOAL for share in shares.values()), shares
    assert all(direction_free[name] >= floor for name, floor in DIRECTION_FREE.items() if name in direction_free), direction_free


def _report(name: str, numbers: tuple[int, int, float], counted: Counter[int], open_cases: Sequence[Miss]) -> None:
    total, agree, share = numbers
    print(f"\n{name}: {agree} of {total} agree, {agree / max(1, total):.3f}")
    print(f"  {agree / max(1, total - counted[0]):.3f} without direction, {share:.3f} without the explained classes")
    for index, number in counted.most_common():
        print(f"  {number:4} {'explained' if CLASSES[index][1] else 'OPEN':9} {CLASSES[index][0]}")
    for miss in open_cases:
        print(f"       {miss.span!r}: {', '.join(miss.values)}; here {', '.join(miss.got) or '-'}")

"""Agreement with the French time expressions of two other taggers' test suites, class by class.

    EPHEMERIDE_TIMEX=<folder of *.jsonl> python -m pytest -s -m bench tests/dates/bench_mine.py

A line holds `text`, `dct` and `timexes` with `start`, `end`, `values`. A disagreement falls into the first class of `CLASSES`
that fits. Explained classes are those in which the suite's convention is not that of news or of the annotation guidelines;
they leave the comparison, and the share of all cases is printed beside it.
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from pipeline.dates import find
from pipeline.dates.fold import fold
from pipeline.records import DateMention

FOLDER = os.environ.get("EPHEMERIDE_TIMEX", "")
GOAL = 0.85
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


def _spelled(pattern: str) -> Callable[[Miss], bool]:
    compiled = re.compile(pattern)
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
        re.search(r"week-?end|semaine du|jour d|^(le )?\d+ |jeudi 15|nouvel|noel|premier janvier|^le \d+\b", miss.span)
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


# name, explained, test; in order
CLASSES: tuple[tuple[str, bool, Callable[[Miss], bool]], ...] = (
    ("direction", True, _other_side),
    ("vague amounts have no number", True, _vague),
    ("as coarse as the unit", True, _coarser),
    ("midnight ends its day", True, _spelled(r"\bminuit\b|milieu de la nuit|24 heures|^3 ?h(eures)? du mat")),
    ("am, pm and the like", True, _spelled(r"\d ?[ap]\.?m\b|ampm|\bp ?\.? ?m\b|\ba\.m|ish\b|\bhrs?\b| am$")),
    ("adjectives and adverbs of frequency", True, _spelled(r"^\S*(quotidien|hebdomadaire|annuel|semestriel|trimestriel|journellement)")),
    ("numbers alone, without a word that says what they are", True, _spelled(r"^(le )?\d+([ /.,-]+\d+)*$|^avant le \d+$|^(le )?\d+/\d+")),
    ("an hour and its minutes without \"heures\"", True, _spelled(rf"^(peu pres )?{_HOUR}( (trente|vingt|quarante|quinze|dix|cinquante)( cinq)?\b| et (demie|quart|trois quarts)\b|,? (de|du|dans|ce|a la)\b|$)")),
    ("an hour without \"heures\" behind a part of day", True, _spelled(rf"{_PARTS},? (a|vers)? ?{_HOUR}$| sur (la )?\d+$|sept sur|peu pres|en 15$")),
    ("a part of day is no hour", True, _spelled(rf"(milieu|fin|debut|mi)\b.*{_PARTS}|mi-|^la fin|^fin de|apres le travail|^au milieu|apres[ -]midi \d|^24 heures dans")),
    ("parts of day without an article", True, _spelled(rf"^((tot|tard|fin|debut|de|derniere|prochaine|grand|au grand|ce l'|nuit|d'|la|le) ?)*(de |d')?{_PARTS}( lendemain)?$|^dans la soiree")),
    ("a set is no hour of today", True, _spelled(r"^(chaque|tous les)\b")),
    ("as soon as possible", True, _spelled(r"possible|^dqp$|^tout de suite$")),
    ("other countries' feasts and shopping days", True, _spelled(r"thanks|action de grace|yuandan|fete des meres|fete du travail|vendredi noir|cyber|presidents|chinois|morts")),
    ("American or impossible dates", True, _spelled(r"^\S*30 fev|29/2/2019|oct(obre)?[./ -]|jan-|sep-|20-septembre|2020-23|2020/23|novembre 23|mai vingt|aout (seconde|deuxieme)|seconde de aout|2016, nov|11, 2016|25 mardi|vingt-cinq mardi")),
    ("no French", True, _spelled(r"^cette (septembre|ete|aout|fevrier|matin)|quel ques|soireee|anuellement|\bet demie? heures?|vingt et quatre heures|plein|^demi ans|3\.5ans|2019\.0|de matin|passe de|du mat\b|l'heure de dejeuner|dans [12]['\"]|ce soir aujourd|dix neuf soixante")),
    ("dotted months", True, _spelled(r"^\d{4}\.\d+$|^\d+-2016$|\d+ +- *\d|\d+ - \d+")),
    ("not found", False, lambda miss: not miss.got),
    ("read otherwise", False, lambda miss: True),
)  # fmt: skip


def _cases(path: Path) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        if case.get("comparable", True):
            yield from ((case, timex) for timex in case["timexes"] if timex.get("comparable", True))


def _plain(value: str) -> str:
    """A value without what two spellings of the same may differ in: full minutes, units of a length."""
    if re.search(r"T\d\d:\d\d:00$", value):
        return value[:-3]
    match = _LENGTH.fullmatch(value)
    if match is None or len(value) < 3:
        return value
    return f"P{sum(float(part or 0) * size for part, size in zip(match.groups(), _SECONDS, strict=True)):g}S"


def _readings(mentions: Sequence[DateMention]) -> set[str]:
    """What the marks say, and what a day and a time beside each other say together."""
    values = {_plain(mention.value) for mention in mentions if mention.value}
    days = [str(mention.value)[:10] for mention in mentions if mention.timex_type == "DATE" and mention.value]
    clocks = [str(mention.value).split("T", 1)[1] for mention in mentions if mention.timex_type == "TIME" and "T" in str(mention.value)]
    return values | ({_plain(f"{days[0]}T{clocks[0]}")} if days and clocks else set())


def _classify(miss: Miss) -> int:
    return next(index for index, (_, _, fits) in enumerate(CLASSES) if fits(miss))


@pytest.mark.bench
@pytest.mark.skipif(not FOLDER, reason="EPHEMERIDE_TIMEX names no folder")
def test_agreement_with_other_suites() -> None:
    shares = {}
    for path in sorted(Path(FOLDER).glob("*.jsonl")):
        counted: Counter[int] = Counter()
        open_cases: list[Miss] = []
        total = 0
        for case, timex in _cases(path):
            total += 1
            mentions = find(case["text"], published=datetime.fromisoformat(case["dct"]), published_has_time=True)
            hits = [mention for mention in mentions if mention.start < timex["end"] and timex["start"] < mention.end]
            values = timex.get("values") or [timex["value"]]
            if _readings(hits) & {_plain(value) for value in values}:
                continue
            miss = Miss(fold(case["text"][timex["start"] : timex["end"]]), values, [hit.value or "" for hit in hits])
            counted[_classify(miss)] += 1
            if not CLASSES[_classify(miss)][1]:
                open_cases.append(miss)
        agree = total - sum(counted.values())
        free = total - counted[0]
        shares[path.name] = agree / max(1, agree + len(open_cases))
        print(f"\n{path.name}: {agree} of {total} agree ({agree / max(1, total):.3f}); {agree / max(1, free):.3f} without direction;")
        print(f"  {shares[path.name]:.3f} without the explained classes")
        for index, number in counted.most_common():
            print(f"  {number:4} {'explained' if CLASSES[index][1] else 'OPEN':9} {CLASSES[index][0]}")
        for miss in open_cases:
            print(f"       {miss.span!r}: {', '.join(miss.values)}; here {', '.join(miss.got) or '-'}")
    assert shares, f"no *.jsonl in {FOLDER}"
    assert all(share >= GOAL for share in shares.values()), shares

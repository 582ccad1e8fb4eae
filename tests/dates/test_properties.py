"""What must hold for any text: offsets, shifts of the article's date, independence of what follows, no failure, linear time."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.dates import find
from pipeline.fold import fold
from pipeline.records import Region, RegionKind

PUBLISHED = datetime(2018, 10, 17)
VOCABULARY = """
le la l' du au de d' à en il y a dans depuis lundi mardi 3 14 1er mars juillet sept. 2015 1990 années siècle XIXe deux trois
quatre-vingt-dix jours semaines mois ans heures h 30 17h30 17:45 midi hier demain veille lendemain plus tard dernier prochaine
semaine année été hiver Noël Pâques fin début mi- vers environ chaque tous les par nuit soir matin aujourd'hui ce cette
14.11.2023 2016-08-30 , . ( ) - « » % euros personnes Paris a été sera prévu
"""
WORDS = st.sampled_from([*VOCABULARY.split(), "\n"])
TEXTS = st.lists(WORDS, max_size=40).map(" ".join)


@given(st.text(max_size=300))
@settings(max_examples=300, deadline=None)
def test_any_unicode_returns(text: str) -> None:
    assert len(fold(text)) == len(text)
    find(text, published=PUBLISHED)
    find(text)


@given(TEXTS, st.one_of(st.none(), st.datetimes(min_value=datetime(1, 1, 1), max_value=datetime(9999, 12, 31))))
@settings(max_examples=400, deadline=None)
def test_marks_lie_in_the_text_in_order_and_apart(text: str, published: datetime | None) -> None:
    end = 0
    for mention in find(text, published=published):
        assert text[mention.start : mention.end] == mention.text
        assert end <= mention.start < mention.end
        assert mention.text == mention.text.strip()
        assert mention.timex_type in ("DATE", "TIME", "DURATION", "SET")
        assert mention.value is not None or mention.method
        if mention.date_start and mention.date_end:
            assert mention.date_start <= mention.date_end
        end = mention.end


@given(
    st.integers(-20000, 20000), st.sampled_from(["hier", "il y a trois jours", "dans dix jours", "avant-hier", "après-demain"])
)
@settings(max_examples=100, deadline=None)
def test_relative_days_move_with_the_article(days: int, words: str) -> None:
    text = f"Le préfet est parti {words}."
    (here,) = find(text, published=PUBLISHED)
    (there,) = find(text, published=PUBLISHED + timedelta(days))
    assert here.date_start and there.date_start
    assert there.date_start - here.date_start == timedelta(days)


@given(
    st.integers(-3000, 3000),
    st.sampled_from(["lundi", "vendredi soir", "dimanche dernier", "la semaine dernière", "le week-end dernier"]),
)
@settings(max_examples=100, deadline=None)
def test_weekly_expressions_move_by_whole_weeks(weeks: int, words: str) -> None:
    text = f"Le préfet est parti {words}."
    (here,) = find(text, published=PUBLISHED)
    (there,) = find(text, published=PUBLISHED + timedelta(weeks=weeks))
    assert here.date_start and there.date_start
    assert there.date_start - here.date_start == timedelta(weeks=weeks)


@given(st.dates(date(1901, 1, 1), date(2099, 12, 31)), st.sampled_from(["a démissionné", "démissionnera"]))
@settings(max_examples=200, deadline=None)
def test_a_weekday_lies_on_the_side_of_the_tense(day: date, verb: str) -> None:
    (mention,) = find(f"Le ministre {verb} jeudi.", published=datetime(day.year, day.month, day.day))
    assert mention.date_start is not None
    assert mention.date_start.isoweekday() == 4
    distance = (mention.date_start - day).days
    assert 0 <= distance <= 6 if verb == "démissionnera" else -6 <= distance <= 0


@given(TEXTS)
@settings(max_examples=200, deadline=None)
def test_a_sentence_without_dates_changes_nothing_before_it(text: str) -> None:
    text = f"Brest.\n{text}."  # a text that is nothing but the expression is read more generously
    longer = f"{text}\n\nLa ville dort et le chat veille sur le toit."
    assert find(longer, published=PUBLISHED) == find(text, published=PUBLISHED)


@pytest.mark.parametrize(
    ("unit", "size"),
    [(unit, 1_000_000) for unit in ("1", ".", "1.", "le ")]
    + [(unit, 60_000) for unit in ("1-", "2 ", "de la ", "mille ", "jusqu'", "\n", "il y a ", "12:", "lundi ", "il y a un an ")],
)
def test_a_long_line_is_searched_in_linear_time(unit: str, size: int) -> None:
    """No timing is asserted: a quadratic search would not come back within a test run."""
    find(unit * (size // len(unit)), published=PUBLISHED)


def test_only_wanted_regions_are_searched() -> None:
    text = "2018-10-17 08:00:00\nLe maire part lundi.\n#lundi\n1709999347"
    title = text.index("Le maire")
    tags = text.index("#")
    regions = (
        Region(RegionKind.HEADER, 0, title),
        Region(RegionKind.BODY, title, tags),
        Region(RegionKind.HASHTAGS, tags, tags + 6),
        Region(RegionKind.STAMP, tags + 7, len(text)),
    )
    assert [mention.text for mention in find(text, published=PUBLISHED, regions=regions)] == ["2018-10-17 08:00:00", "lundi"]

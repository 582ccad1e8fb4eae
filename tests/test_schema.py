"""The declaration of the tables: the contract's columns, the rows that records become, the data dictionary."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from pipeline import schema
from pipeline.records import Article, Event, Extraction, Failure, Mention, Participant, Place, Region, RegionKind

CONTRACT = {
    "articles": "article_id source title published published_source collected author url language tags n_tokens "
    "duplicate_of text",
    "mentions": "mention_id article_id entity_id label text start_char end_char method",
    "entities": "entity_id label name n_mentions n_articles country_code geoname_id latitude longitude",
    "dates": "date_id article_id timex_type text start_char end_char value mod date_start date_end granularity anchor method "
    "rule_id",
    "events": "event_id article_id story_id event_class event_type trigger start_char end_char sentence status polarity "
    "attribution date_value date_start date_end date_granularity date_source actor actor_id recipient recipient_id theme place "
    "place_id "
    "country_code latitude longitude deaths injured amount currency confidence rule_id plover cameo ace",
    "participants": "event_id role text start_char end_char entity_id method",
    "quotes": "quote_id article_id text start_char end_char speaker speaker_id cue direct",
    "stories": "story_id event_type date_start date_end actor recipient place n_events n_articles n_sources first_published "
    "last_published",
    "failures": "source stage error",
}


@pytest.mark.parametrize("name", CONTRACT)
def test_contract_columns_are_there(name: str) -> None:
    assert set(CONTRACT[name].split()) <= {column.name for column in schema.TABLES[name].published}


def test_data_dictionary_is_up_to_date() -> None:
    """Regenerate with: python -c "import pipeline.schema as s; open('outputs/README.md', 'w').write(s.dictionary())"."""
    path = Path(__file__).parent.parent / "outputs" / "README.md"
    assert path.read_text(encoding="utf-8") == schema.dictionary()


def test_every_column_has_a_known_kind() -> None:
    for table in schema.TABLES.values():
        assert {column.kind for column in table.columns} <= set(schema.PANDAS_TYPES)
        assert len({column.name for column in table.columns}) == len(table.columns)


def _article(text: str = "Le texte.") -> Article:
    zone = timezone(timedelta(hours=2))
    return Article(
        "a1",
        "dossier/a.txt",
        text,
        (Region(RegionKind.BODY, 0, len(text)),),
        published=datetime(2024, 5, 1, 8, 30, 15, 123456, tzinfo=zone),
        tags=("un", "deux;trois"),
    )


def _event(*participants: Participant) -> Event:
    place = Place("FR", 2996944, 45.75, 4.85)
    return Event(
        *("e1", "a1", "conflict", "killing", "tué", 3, 6, "Il a tué.", "asserted", "positive", "killing.1.tuer", 0.9, 0.95),
        participants=participants,
        place=place,
    )


def _only(tables: dict[str, object], name: str) -> dict[str, object]:
    (row,) = tables[name].to_pylist()  # type: ignore[attr-defined]
    return dict(row)


def test_article_row() -> None:
    row = _only(schema.to_tables([Extraction(_article(), 3)]), "articles")
    assert row["published"] == datetime(2024, 5, 1, 8, 30, 15)
    assert row["tags"] == "un;deux,trois"
    assert row["n_tokens"] == 3
    assert row["author"] is None


def test_event_row_takes_the_first_participant_of_each_role() -> None:
    participants = (
        Participant("e1", "recipient", "un homme", 9, 17),
        Participant("e1", "actor", "Durand", 0, 6, "p1", name="Paul Durand"),
        Participant("e1", "actor", "Martin", 20, 26, "p2", name="Anne Martin"),
        Participant("e1", "quantity", "trois morts", 30, 41, kind="deaths", value_min=3.0, value_max=4.0),
        Participant("e1", "quantity", "2 M€", 50, 54, kind="amount", value_min=2e6, unit="EUR"),
    )
    tables = schema.to_tables([Extraction(_article(), 3, events=(_event(*participants),))], codes=lambda _: ("ASSAULT", "", "x"))
    row = _only(tables, "events")
    assert (row["actor"], row["actor_id"], row["recipient"], row["recipient_id"]) == ("Paul Durand", "p1", "un homme", None)
    assert (row["deaths"], row["injured"], row["amount"], row["currency"]) == (3, None, 2e6, "EUR")
    assert (row["country_code"], row["geoname_id"]) == ("FR", 2996944)
    assert (row["plover"], row["cameo"], row["ace"]) == ("ASSAULT", None, "x")
    assert row["core_ids"] == "p1 p2"
    assert [p["start_char"] for p in tables["participants"].to_pylist()] == [0, 9, 20, 30, 50]
    assert not any(schema.check(schema.TABLES[name], table) for name, table in tables.items())


def test_rows_of_a_table_follow_the_text() -> None:
    mentions = [Mention(f"m{i}", "a1", "x", "PER", "t", start, start + 1, "T", "model") for i, start in enumerate((5, 0, 3))]
    table = schema.to_tables([Extraction(_article(), 3, mentions=tuple(mentions))])["mentions"]
    assert table["start_char"].to_pylist() == [0, 3, 5]


def test_lone_surrogates_are_replaced_and_offsets_kept() -> None:
    text = "ab\ud800\udc00cd\udfff"
    row = _only(schema.to_tables([Extraction(_article(text), 1)]), "articles")
    assert row["text"] == "ab\ufffd\ufffdcd\ufffd"
    failure = _only(schema.to_tables([Failure("nom\udce9.txt", "ingest", "x")]), "failures")
    assert failure["source"] == "nom\ufffd.txt"


def test_check_names_what_is_wrong() -> None:
    table = schema.to_tables([Failure("a", "nowhere", "x")])["failures"]
    (problem,) = schema.check(schema.FAILURES, table)
    assert "'nowhere' is none of ingest" in problem
    dates = schema.build(schema.DATES, [("d", "a", "DATE", "t", 5, 2, *[None] * 2, date(2024, 1, 1), *[None] * 5)])
    assert schema.check(schema.DATES, dates) == ["dates: 1 rows end before they start"]
    assert "columns are" in schema.check(schema.DATES, table)[0]

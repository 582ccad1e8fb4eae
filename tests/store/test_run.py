"""Runs over real files with real worker processes: what is processed again, what is published, and that nothing else matters."""

from __future__ import annotations

import logging
import os
import shutil
import sqlite3
import sys
from pathlib import Path

import pandas as pd
import pytest

from pipeline.errors import CorpusError, OutputError
from pipeline.run import load
from pipeline.store import snapshot
from pipeline.store.layout import Layout, locked
from pipeline.store.ledger import Ledger
from tests.store.helpers import article, fill, go, table_bytes


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    fill(folder, range(20))
    return folder


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def test_tables_agree_with_each_other(corpus: Path, out: Path) -> None:
    summary = go(corpus, out)
    tables = load(out)
    assert (summary.articles, summary.new, summary.failures) == (20, 20, 0)
    assert tables.articles.source.is_monotonic_increasing
    for name in ("mentions", "dates", "events", "quotes"):
        assert set(tables[name].article_id) <= set(tables.articles.article_id)
    assert set(tables.participants.event_id) <= set(tables.events.event_id)
    assert set(tables.events.story_id) == set(tables.stories.story_id)
    assert tables.stories.n_events.sum() == len(tables.events)
    told = tables.events[tables.events.status.isin(["asserted", "reported", "hearsay"])].groupby("story_id").deaths
    stories = tables.stories.set_index("story_id")
    assert stories.deaths_min.notna().any()
    assert stories.deaths_min.dropna().sort_index().equals(told.min().dropna().sort_index())
    assert stories.deaths_max.dropna().sort_index().equals(told.max().dropna().sort_index())
    assert set(tables.mentions.entity_id) == set(tables.entities.entity_id)
    assert tables.entities.n_mentions.sum() == len(tables.mentions) == tables.entity_aliases.n_mentions.sum()
    counted = tables.mentions.groupby("entity_id").article_id.nunique()
    assert (tables.entities.set_index("entity_id").n_articles == counted.loc[tables.entities.entity_id]).all()
    assert summary.tables == {name: len(tables[name]) for name in tables}
    order = tables.events.merge(tables.articles[["article_id", "source"]], on="article_id")[["source", "start_char"]]
    assert order.equals(order.sort_values(["source", "start_char"], kind="stable"))
    for name in tables:
        pd.testing.assert_frame_equal(load(out, format="csv")[name], tables[name])


def test_nothing_new_processes_nothing(corpus: Path, out: Path) -> None:
    go(corpus, out)
    before = table_bytes(out)
    again = go(corpus, out)
    assert again.idle
    assert again.processed == 0
    assert again.articles == 20
    assert (out / ".store" / "current").readlink().name == "000001"
    assert table_bytes(out) == before


def test_added_changed_and_removed_files(corpus: Path, out: Path, tmp_path: Path) -> None:
    go(corpus, out)
    fill(corpus, range(20, 23))
    fill(corpus, range(4, 5), extra="Et voici Nadia Petit.")
    (corpus / "b" / "0000.txt").unlink()
    summary = go(corpus, out)
    assert (summary.new, summary.changed, summary.removed, summary.unchanged, summary.processed) == (3, 1, 1, 18, 4)
    go(corpus, tmp_path / "at once")
    assert table_bytes(out) == table_bytes(tmp_path / "at once")
    assert "b/0000.txt" not in set(load(out).articles.source)


def test_touched_file_is_not_processed(corpus: Path, out: Path) -> None:
    go(corpus, out)
    os.utime(corpus / "a" / "0001.txt", ns=(1, 1))
    assert go(corpus, out).idle


def test_same_size_and_other_content_is_processed(corpus: Path, out: Path) -> None:
    go(corpus, out)
    path = corpus / "a" / "0001.txt"
    path.write_text(path.read_text(encoding="utf-8").replace("Marie Curie", "Maria Carie"), encoding="utf-8")
    assert go(corpus, out).changed == 1
    assert load(out).articles.text.str.contains("Maria Carie").sum() == 1


def test_jobs_batches_and_history_do_not_matter(corpus: Path, tmp_path: Path) -> None:
    """One run and ten incremental ones, in another order, with other batches and workers: the same bytes."""
    go(corpus, tmp_path / "one", jobs=1, batch_size=7)
    go(corpus, tmp_path / "two", jobs=2, batch_size=3)
    growing = tmp_path / "growing"
    files = sorted(corpus.rglob("*.txt"), key=lambda path: path.read_text(encoding="utf-8")[::-1])
    for start in range(0, len(files), 2):
        for path in files[start : start + 2]:
            target = growing / path.relative_to(corpus)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
        go(growing, tmp_path / "ten", jobs=1 + start // 2 % 2)
    assert table_bytes(tmp_path / "one") == table_bytes(tmp_path / "two") == table_bytes(tmp_path / "ten")


def test_options_and_code_that_change_extraction_start_over(corpus: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    go(corpus, out)
    assert go(corpus, out, ner="base").processed == 20
    assert go(corpus, out, ner="base").processed == 0
    assert go(corpus, out, ner="base", jobs=1, batch_size=9).processed == 0
    monkeypatch.setattr("pipeline.store.fingerprint.EXTRACTION_CODE", ("nlp.py",))
    assert go(corpus, out, ner="base").processed == 20
    assert go(corpus, out, ner="base", fresh=True).processed == 20


def test_change_of_publication_only_publishes(corpus: Path, out: Path) -> None:
    go(corpus, out)
    summary = go(corpus, out, formats=("csv",))
    assert summary.processed == 0
    assert not list(out.glob("*.parquet"))
    assert load(out).format == "csv"
    go(corpus, out)
    assert load(out).format == "parquet"


def test_copies_are_found_and_counted_once(corpus: Path, out: Path) -> None:
    original = corpus / "a" / "0001.txt"
    (corpus / "z copie.txt").write_text(original.read_text(encoding="utf-8").replace("\n\n", "\n \n"), encoding="utf-8")
    go(corpus, out)
    tables = load(out)
    articles = tables.articles.set_index("source")
    copies = articles[articles.duplicate_of.notna()]
    assert len(copies) == 1
    ids = set(articles.loc[["a/0001.txt", "z copie.txt"], "article_id"])
    assert {copies.article_id.iloc[0], copies.duplicate_of.iloc[0]} == ids
    both = tables.events[tables.events.article_id.isin(ids)]
    stories = tables.stories[tables.stories.story_id.isin(both.story_id) & (tables.stories.n_articles == 2)]
    assert (stories.n_sources <= stories.n_articles).all()


def test_output_inside_the_corpus_is_not_read(corpus: Path) -> None:
    go(corpus, corpus / "outputs")
    assert go(corpus, corpus / "outputs").idle
    assert len(load(corpus / "outputs").articles) == 20


def test_vanished_corpus_is_refused(corpus: Path, out: Path, tmp_path: Path) -> None:
    go(corpus, out)
    before = table_bytes(out)
    corpus.rename(tmp_path / "elsewhere")
    with pytest.raises(CorpusError, match="no such folder"):
        go(corpus, out)
    corpus.mkdir()
    with pytest.raises(CorpusError, match="Is a drive missing"):
        go(corpus, out)
    assert table_bytes(out) == before
    with pytest.raises(CorpusError, match="no articles"):
        go(corpus, tmp_path / "new")


def test_second_run_is_refused_while_one_writes(corpus: Path, out: Path) -> None:
    go(corpus, out)
    with locked(Layout(out)), pytest.raises(OutputError, match=f"another run is writing there \\(process {os.getpid()}"):
        go(corpus, out)
    assert go(corpus, out).idle


def test_readers_keep_their_snapshot(corpus: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    go(corpus, out)
    tables = load(out)
    fill(corpus, range(20, 30))
    go(corpus, out)
    assert len(tables.articles) == 20
    assert set(tables.events.article_id) <= set(tables.articles.article_id)
    assert len(load(out).articles) == 30
    assert len(list((out / ".store" / "snapshots").iterdir())) == 2
    monkeypatch.setattr(snapshot, "KEEP_SECONDS", 0.0)
    go(corpus, out)
    assert [path.name for path in (out / ".store" / "snapshots").iterdir()] == ["000002"]


def test_missed_switch_is_made_up_for(corpus: Path, out: Path) -> None:
    """As after a kill between COMMIT and switch."""
    go(corpus, out)
    fill(corpus, range(20, 22))
    go(corpus, out)
    wanted = table_bytes(out)
    for path in (*out.glob("events.*"), out / ".store" / "current"):
        path.unlink()
    (out / ".store" / "current").symlink_to("snapshots/000001")
    assert go(corpus, out).idle
    assert table_bytes(out) == wanted


def test_orphans_are_swept_and_damage_is_mended(corpus: Path, out: Path, caplog: pytest.LogCaptureFixture) -> None:
    go(corpus, out)
    wanted = table_bytes(out)
    store = out / ".store"
    (store / "parts" / "orphan.part").write_bytes(b"x")
    (store / "tmp" / "half").mkdir()
    (store / "snapshots" / "000099").mkdir()
    damaged = min((store / "parts").glob("*.part"))
    damaged.write_bytes(damaged.read_bytes()[:-5])
    with caplog.at_level(logging.WARNING):
        summary = go(corpus, out)
    assert 0 < summary.processed < 20
    assert "damaged" in caplog.text
    assert table_bytes(out) == wanted
    assert not list((store / "tmp").iterdir())
    assert not (store / "parts" / "orphan.part").exists()
    assert not (store / "snapshots" / "000099").exists()


def test_tables_without_symbolic_links(corpus: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError("no links here")

    monkeypatch.setattr(Path, "symlink_to", refuse)
    go(corpus, out)
    fill(corpus, range(20, 22))
    go(corpus, out)
    assert not any(path.is_symlink() for path in out.iterdir())
    assert len(load(out).articles) == len(pd.read_parquet(out / "articles.parquet")) == 22
    (out / "events.csv").unlink()
    assert go(corpus, out).idle
    assert len(pd.read_csv(out / "events.csv")) == len(load(out).events)


def test_copied_tables_can_be_loaded(corpus: Path, out: Path, tmp_path: Path) -> None:
    go(corpus, out)
    target = tmp_path / "elsewhere"
    target.mkdir()
    for path in out.glob("*.parquet"):
        shutil.copyfile(path, target / path.name)
    pd.testing.assert_frame_equal(load(target).events, load(out).events)
    with pytest.raises(OutputError, match="no csv tables"):
        load(target, format="csv")
    with pytest.raises(AttributeError, match=r"no table 'evnts'. There are: articles"):
        _ = load(target).evnts


def test_folder_in_the_way_of_a_table(corpus: Path, out: Path) -> None:
    (out / "events.csv").mkdir(parents=True)
    with pytest.raises(OutputError, match="a folder is where a table has to go"):
        go(corpus, out)


@pytest.mark.skipif(sys.platform == "win32", reason="names are text there")
def test_names_that_are_not_utf8(corpus: Path, out: Path) -> None:
    name = os.fsdecode(b"\xe9t\xe9 1.txt")
    (corpus / name).write_text(article(77), encoding="utf-8")
    go(corpus, out)
    assert go(corpus, out).idle
    assert "\ufffdt\ufffd 1.txt" in set(load(out).articles.source)
    (corpus / name).unlink()
    assert go(corpus, out).removed == 1


def test_ledger_commits_all_or_nothing(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.sqlite")
    ledger.put(a="1")
    with pytest.raises(sqlite3.Error):
        ledger.put(a="2", b=object())  # type: ignore[arg-type]
    assert ledger.get("a") == "1"
    ledger.put(a="3")
    assert ledger.get("a") == "3"

"""What is processed again after a change, and what is not: of options, model, libraries, rules, code."""

from __future__ import annotations

import contextlib
import importlib
import json
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from pipeline.config import Config
from pipeline.ingest.formats import compressed, tar, warc
from pipeline.run import Progress, load, run
from pipeline.store import fingerprint
from pipeline.store.fingerprint import ROOT
from pipeline.store.ledger import Validity
from tests.faults import standin
from tests.store.helpers import article, fill, go, table_bytes

REAL = {name: getattr(fingerprint, name) for name in ("EXTRACTION_CODE", "PUBLICATION_CODE", "reader_code")}


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the package that can be changed, and the fingerprints of it."""
    folder = tmp_path / "pipeline"
    shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns("__pycache__", "*.npz", "places"))
    monkeypatch.setattr(fingerprint, "ROOT", folder)
    for name, value in REAL.items():
        monkeypatch.setattr(fingerprint, name, value)
    return folder


def _prints() -> dict[str, str]:
    config = Config()
    return {"extraction": fingerprint.extraction(config), "publication": fingerprint.publication(config)} | fingerprint.readers()


def _changed(before: dict[str, str]) -> set[str]:
    return {name for name, value in _prints().items() if before[name] != value}


HTML, JSON_LINES = {".html", ".htm", ".xhtml"}, {".json", ".jsonl", ".ndjson"}
WARC = set(warc.SUFFIXES)
CONTAINERS = {*compressed.SUFFIXES, *tar.SUFFIXES}


@pytest.mark.parametrize(
    ("file", "changed"),
    [
        *(
            (file, {"extraction"})
            for file in ("dates/grammar.py", "events/status.py", "nlp.py", "ingest/decode.py", "records.py")
        ),
        *(
            (file, {"extraction"})
            for file in ("data/dates/*.toml", "data/ontology/*.toml", "data/status.toml", "data/ner/*.toml")
        ),
        ("schema.py", {"extraction", "publication"}),
        *((file, {"publication"}) for file in ("store/publish.py", "store/csvfile.py", "events/stories.py", "report/*.css")),
        *((file, set()) for file in ("cli.py", "run.py", "explain.py", "engines/local.py", "store/ledger.py", "data/ner/*.md")),
        ("ingest/formats/html.py", HTML | WARC | CONTAINERS),
        ("ingest/formats/news_xml.py", {".nitf", ".newsml", ".xml"} | CONTAINERS),
        ("ingest/formats/table.py", {".csv", ".tsv"} | CONTAINERS),
        ("ingest/formats/json_lines.py", JSON_LINES | CONTAINERS),
        ("ingest/formats/compressed.py", CONTAINERS),
    ],
)
def test_code_and_rules(copy: Path, file: str, changed: set[str]) -> None:
    before = _prints()
    found = sorted(copy.glob(file))
    if not found:
        pytest.skip(f"no {file}")
    found[0].write_text(found[0].read_text(encoding="utf-8") + "\n# another\n", encoding="utf-8")
    assert _changed(before) == changed


@pytest.mark.parametrize(
    ("library", "changed"),
    [
        *((library, {"extraction"}) for library in ("spacy", "dateparser", "rensa")),
        ("trafilatura", HTML | WARC | CONTAINERS),
        ("defusedxml", {".nitf", ".newsml", ".xml"} | CONTAINERS),
        ("python-calamine", {".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"} | CONTAINERS),
        ("backports.zstd", CONTAINERS),
        ("pandas", set()),
    ],
)
def test_libraries(monkeypatch: pytest.MonkeyPatch, library: str, changed: set[str]) -> None:
    before = _prints()
    version = fingerprint._version
    monkeypatch.setattr(fingerprint, "_version", lambda name: "99" if name == library else version(name))
    assert _changed(before) == changed


def test_another_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = fingerprint.extraction(Config())
    monkeypatch.setattr(fingerprint, "_model_version", lambda model: "3.9.0")
    assert fingerprint.extraction(Config()) != before
    monkeypatch.undo()
    (tmp_path / "meta.json").write_text('{"version": "1"}', encoding="utf-8")
    first = fingerprint.extraction(Config(model=str(tmp_path)))
    (tmp_path / "meta.json").write_text('{"version": "2"}', encoding="utf-8")
    assert fingerprint.extraction(Config(model=str(tmp_path))) != first


@pytest.mark.parametrize("options", [{"ner": "base"}, {"fields": (("title", ("titel",)),)}, {"model": "other"}])
def test_options_that_change_what_is_extracted(options: dict[str, Any]) -> None:
    assert fingerprint.extraction(Config(**options)) != fingerprint.extraction(Config())


@pytest.mark.parametrize(
    "options",
    [
        *({"jobs": 3}, {"batch_size": 1}, {"article_timeout": 5.0}, {"formats": ("csv",)}),
        *({"min_confidence": 0.5}, {"any_language": True}),  # these go by file
    ],
)
def test_options_that_do_not_change_every_file(options: dict[str, Any]) -> None:
    assert fingerprint.extraction(Config(**options)) == fingerprint.extraction(Config())


def test_only_the_files_of_a_changed_format_are_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus, out = tmp_path / "corpus", tmp_path / "out"
    fill(corpus, range(6))
    for number in range(2):
        (corpus / f"{number}.json").write_text(json.dumps({"text": article(number + 50)}), encoding="utf-8")
    go(corpus, out)
    readers = fingerprint.readers()
    monkeypatch.setattr(importlib.import_module("pipeline.store.fingerprint"), "readers", lambda: readers | {".json": "another"})
    summary = go(corpus, out)
    assert (summary.changed, summary.unchanged, summary.processed) == (2, 6, 2)
    assert go(corpus, out).idle
    assert len(load(out).articles) == 8


# Options that change the rows of some files


GERMAN = (
    "Der Bundestag hat am Dienstag nach einer langen Debatte den Haushalt für das nächste Jahr beschlossen, wie die Regierung "
    "in Berlin mitteilte. Die Opposition lehnte den Entwurf ab."
)
SAMPLES = ("politique/tramway-val-d-arcenne.md", "faits-divers/arras.txt", "flux/deux-rives.rss", "depeches/20240312-quimper.txt")


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Real articles, a German one, and a file with one of each."""
    corpus = tmp_path_factory.mktemp("samples")
    for name in SAMPLES:
        shutil.copyfile(ROOT.parent / "corpus" / name, corpus / Path(name).name)
    (corpus / "de.txt").write_text(GERMAN, encoding="utf-8")
    both = [json.dumps({"text": text}) for text in (article(7), GERMAN)]
    (corpus / "both.jsonl").write_text("\n".join(both), encoding="utf-8")
    return corpus


@pytest.fixture(scope="module")
def sure(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[float]]:
    """The confidences of all events of the real pipeline, by file."""
    out = tmp_path_factory.mktemp("sure")
    run(samples, out, config=Config(jobs=1, min_confidence=0.0))
    tables = load(out)
    events = tables.events.merge(tables.articles[["article_id", "source"]], on="article_id")
    return events.groupby(events.source.str.partition("#")[0]).confidence.apply(list).to_dict()


def test_another_floor_reprocesses_files_with_events_between(samples: Path, sure: dict[str, list[float]], tmp_path: Path) -> None:
    """The real pipeline. From the lowest confidence there is to floors below it, at the next one, and in the midst of all."""
    every = sorted({confidence for found in sure.values() for confidence in found})
    floor, middle = every[0], every[len(every) // 2]
    out, counts = tmp_path / "out", []
    run(samples, out, config=Config(jobs=1, min_confidence=floor))
    for other in (floor / 2, every[1], middle):
        low, high = sorted((floor, other))
        between = [path for path, found in sure.items() if any(low <= confidence < high for confidence in found)]
        summary = run(samples, out, config=Config(jobs=1, min_confidence=other))
        assert (summary.changed, summary.new, summary.removed) == (len(between), 0, 0)
        counts.append(len(between))
        floor = other
    assert counts[0] == 0 < counts[1] < counts[2]
    run(samples, tmp_path / "fresh", config=Config(jobs=1, min_confidence=middle))
    assert table_bytes(out) == table_bytes(tmp_path / "fresh")


def test_other_languages_reprocess_files_that_hold_them(samples: Path, tmp_path: Path) -> None:
    """The real pipeline: back and forth."""
    out = tmp_path / "out"
    french, every = Config(jobs=1), Config(jobs=1, any_language=True)
    run(samples, out, config=french)
    before = table_bytes(out)
    assert len(load(out).failures) == 2
    summary = run(samples, out, config=every)
    assert (summary.changed, summary.processed) == (2, 3)
    assert load(out).failures.empty
    run(samples, tmp_path / "fresh", config=every)
    assert table_bytes(out) == table_bytes(tmp_path / "fresh")
    assert run(samples, out, config=every).idle
    assert run(samples, out, config=french).changed == 2
    assert table_bytes(out) == before


def test_options_that_change_in_the_midst(tmp_path: Path) -> None:
    """A run that is broken off, and options that are others when it is taken up again: every file goes by its own."""
    corpus, out = tmp_path / "corpus", tmp_path / "out"
    fill(corpus, range(12))
    for name in ("a/0000-de.txt", "b/9999-de.txt"):
        (corpus / name).write_text(GERMAN, encoding="utf-8")
    options = {"any_language": True, "min_confidence": 0.75}
    standin.stand_in_for_ingest()
    with pytest.raises(KeyboardInterrupt):
        run(corpus, out, config=Config(jobs=1, batch_size=3, **options), engine=standin.engine, progress=_interrupt)  # type: ignore[arg-type]
    summary = go(corpus, out)
    assert 1 <= summary.changed <= 13
    go(corpus, tmp_path / "fresh")
    assert table_bytes(out) == table_bytes(tmp_path / "fresh")
    assert go(corpus, out).idle


def _interrupt(done: Progress) -> None:
    if done.files:
        raise KeyboardInterrupt


def test_what_failed_goes_by_what_was_read(tmp_path: Path) -> None:
    """A foreign article that ends its worker has no row but one of `failures`; with the option gone it is another one."""
    corpus, out = tmp_path / "corpus", tmp_path / "out"
    fill(corpus, range(3))
    (corpus / "de.txt").write_text(f"{GERMAN} MEURS", encoding="utf-8")
    go(corpus, out, any_language=True)
    assert load(out).failures.stage.tolist() == ["engine"]
    assert go(corpus, out).changed == 1
    assert load(out).failures.stage.tolist() == ["language"]


def test_a_row_that_no_table_holds_goes_by_its_events(tmp_path: Path) -> None:
    corpus, out = tmp_path / "corpus", tmp_path / "out"
    fill(corpus, range(3))
    (corpus / "x.txt").write_text(article(5, extra="DEBORDE"), encoding="utf-8")
    go(corpus, out, min_confidence=0.0)
    assert load(out).failures.source.tolist() == ["x.txt"]
    assert go(corpus, out, min_confidence=0.95).changed == 4


def test_the_ledger_of_an_older_version(tmp_path: Path) -> None:
    """It does not say what options would change: everything is processed again."""
    corpus, out = tmp_path / "corpus", tmp_path / "out"
    fill(corpus, range(6))
    go(corpus, out)
    before = table_bytes(out)
    with contextlib.closing(sqlite3.connect(out / ".store" / "ledger.sqlite")) as ledger:
        for column in ("any_language", "floor_above", "floor_upto"):
            ledger.execute(f"ALTER TABLE files DROP COLUMN {column}")
        ledger.execute("PRAGMA user_version = 2")
        ledger.commit()
    assert go(corpus, out).processed == 6
    assert table_bytes(out) == before
    assert go(corpus, out).idle


@pytest.mark.parametrize(
    ("validity", "options", "holds"),
    [
        (Validity("r"), {}, True),
        (Validity("q"), {}, False),
        (Validity("r"), {"any_language": True, "min_confidence": 0.0}, True),
        (Validity("r"), {"min_confidence": 1.0}, True),
        (Validity("r", any_language=False), {"any_language": True}, False),
        (Validity("r", any_language=True), {"any_language": True}, True),
        (Validity("r", None, 0.25, 0.5), {"min_confidence": 0.25}, False),
        (Validity("r", None, 0.25, 0.5), {"min_confidence": 0.26}, True),
        (Validity("r", None, 0.25, 0.5), {"min_confidence": 0.5}, True),
        (Validity("r", None, 0.25, 0.5), {"min_confidence": 0.51}, False),
    ],
)
def test_validity(validity: Validity, options: dict[str, Any], holds: bool) -> None:
    assert validity.holds("r", Config(**options)) == holds

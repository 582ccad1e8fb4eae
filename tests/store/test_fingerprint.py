"""What is processed again after a change, and what is not: of options, model, libraries, rules, code."""

from __future__ import annotations

import importlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from pipeline.config import Config
from pipeline.ingest.formats import compressed, tar, warc
from pipeline.run import load
from pipeline.store import fingerprint
from pipeline.store.fingerprint import ROOT
from tests.store.helpers import article, fill, go

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
        *((file, {"publication"}) for file in ("store/publish.py", "store/csvfile.py", "events/stories.py")),
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


@pytest.mark.parametrize("options", [{"ner": "base"}, {"min_confidence": 0.5}, {"any_language": True}, {"model": "other"}])
def test_options_that_change_what_is_extracted(options: dict[str, Any]) -> None:
    assert fingerprint.extraction(Config(**options)) != fingerprint.extraction(Config())


@pytest.mark.parametrize("options", [{"jobs": 3}, {"batch_size": 1}, {"article_timeout": 5.0}, {"formats": ("csv",)}])
def test_options_that_do_not(options: dict[str, Any]) -> None:
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

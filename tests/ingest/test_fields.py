"""Field names: the usual ones, and those of `pipeline.toml`."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import pytest

from pipeline.config import FIELD_KINDS, Config, from_json, load_config
from pipeline.errors import ConfigError
from pipeline.ingest import fields
from tests.ingest.samples import BODY, TITLE, error, one, read

HIT = {
    "_id": "1",
    "_source": {"hl": TITLE, "contenu_integral": BODY, "meta": {"paru": "12/03/2024"}, "support": "Le Courrier"},
    "date": "2001-01-01",
    "text": "À ne pas prendre.",
}
TOML = """
[fields]
text = ["corps_long", "_source.contenu_integral"]
title = "_source.hl"
published = "_source.meta.paru"
publisher = "_source.support"
"""


def _config(tmp_path: Path, text: str) -> Config:
    path = tmp_path / "pipeline.toml"
    path.write_text(text, encoding="utf-8")
    return load_config(path)


@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
def test_own_names_lead_into_nested_records(tmp_path: Path, name: str) -> None:
    names = dict(_config(tmp_path, TOML).fields)
    article = one(read(tmp_path, name, json.dumps(HIT).encode(), names))
    assert (article.text, article.published, article.publisher) == (f"{TITLE}\n\n{BODY}", datetime(2024, 3, 12), "Le Courrier")


def test_own_names_of_columns(tmp_path: Path) -> None:
    data = f'hl;corps_v2;n\n"{TITLE}";"{BODY}";1\n'.encode()
    assert "Say in pipeline.toml which it is: [fields] text = ..." in error(read(tmp_path, "a.csv", data))
    assert one(read(tmp_path, "a.csv", data, {"text": ["corps_v2"], "title": ["hl"]})).text == f"{TITLE}\n\n{BODY}"


def test_the_usual_names_count_where_own_ones_are_empty(tmp_path: Path) -> None:
    record = {"corps_v2": "", "text": BODY, "Journal": "Le Courrier"}
    article = one(read(tmp_path, "a.json", json.dumps(record).encode(), {"text": ["corps_v2"]}))
    assert (article.text, article.publisher) == (BODY, "Le Courrier")


@pytest.mark.parametrize(
    "text", ["fields = 3", "[fields]\nbody = 'x'", "[fields]\ntext = 3", "[fields]\ntext = [3]", "[[fields]]\ntext = 'x'"]
)
def test_mistakes_are_explained(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError, match=r"Allowed: a table \[fields\] with title, published, author"):
        _config(tmp_path, text)


def test_the_configuration_survives_the_way_to_a_worker(tmp_path: Path) -> None:
    config = _config(tmp_path, f'formats = ["csv"]\n{TOML}')
    assert from_json(json.loads(json.dumps(asdict(config)))) == config


def test_kinds_are_those_of_the_configuration() -> None:
    assert set(FIELD_KINDS) == set(fields.NAMES)


def test_a_run_takes_the_names_from_its_configuration(tmp_path: Path) -> None:
    from pipeline.run import load
    from tests.store.helpers import go

    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.jsonl").write_text(json.dumps({"corps_v2": BODY}), encoding="utf-8")
    go(tmp_path / "corpus", tmp_path / "out", jobs=1, fields=(("text", ("corps_v2",)),))
    assert load(tmp_path / "out").articles.text.tolist() == [BODY]

"""Imports run one way: cli > run, engines, store > extract > entities, dates, events, ingest, nlp > records, errors."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "pipeline"
LEVELS = [
    {"errors", "fold"},
    {"records", "data", "copies", "capitals"},
    {"config"},
    {"nlp", "nlp_ner", "ingest", "entities", "dates", "events"},
    {"extract"},
    {"schema"},
    {"store", "engines"},
    {"shards", "report"},
    {"run"},
    {"evaluate", "training", "explain"},
    {"cli"},
    {"__main__"},
]
RANK = {name: rank for rank, names in enumerate(LEVELS) for name in names}
SIDEWAYS = {
    ("entities", "nlp"),
    ("dates", "nlp"),
    ("events", "dates"),
    ("ingest", "nlp"),
    ("nlp", "nlp_ner"),
    ("training", "evaluate"),
    ("engines", "store"),
    ("store", "engines"),
}  # the same level, one way only


def _imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "pipeline":
            names = [node.module.split(".")[1]] if "." in node.module else [alias.name for alias in node.names]
            found.update(names)
        elif isinstance(node, ast.Import):
            found.update(alias.name.split(".")[1] for alias in node.names if alias.name.startswith("pipeline."))
    return found


MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


@pytest.mark.parametrize("path", MODULES, ids=[str(path.relative_to(PACKAGE)) for path in MODULES])
def test_imports_run_one_way(path: Path) -> None:
    part = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    for other in _imports(path) & RANK.keys():
        if other != part:
            assert RANK[other] < RANK[part] or (part, other) in SIDEWAYS, f"{part} must not import {other}"


def test_only_resolve_imports_dateparser() -> None:
    users = [
        path.name
        for path in MODULES
        if "dateparser" in path.read_text(encoding="utf-8") and "import dateparser" in path.read_text(encoding="utf-8")
    ]
    assert users in ([], ["resolve.py"])

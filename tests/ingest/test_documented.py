"""What is said about the formats is what there is."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from pipeline import ingest

ROOT = Path(__file__).parents[2]


def test_the_readme_lists_every_suffix_and_no_other() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    table = re.search(r"^\| files \|.*?\n\n", readme, re.MULTILINE | re.DOTALL)
    assert table
    first_cells = [line.split("|")[1] for line in table[0].split("\n") if line]
    assert {suffix for cell in first_cells for suffix in re.findall(r"`(\.[a-z0-9.]+)`", cell)} == set(ingest.SUFFIXES)


def test_every_extra_that_an_error_names_can_be_installed() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "pipeline" / "ingest").rglob("*.py"))
    named = set(re.findall(r'extra="([^"]+)"', code))
    assert named == {"html", "office", "pdf", "warc", "zstd"}
    assert named <= project["optional-dependencies"].keys()
    assert project["optional-dependencies"]["all"] == [f"ephemeride[{','.join(sorted(named))}]"]

"""The compiled package gives the tables of the plain one."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.store.helpers import PYTHON, ROOT, table_bytes

pytestmark = pytest.mark.bench


def test_tables_are_the_same(tmp_path: Path) -> None:
    installed = tmp_path / "installed"
    install = [PYTHON, "-m", "pip", "install", "-q", "--no-deps", "--target", str(installed), str(ROOT)]
    subprocess.run(install, env=os.environ | {"HATCH_BUILD_HOOK_ENABLE_CUSTOM": "1"}, check=True, timeout=1800)
    assert len([path for path in installed.rglob("*") if path.suffix in {".so", ".pyd"}]) > 50
    tables = {}
    for name, package in (("plain", ROOT), ("compiled", installed)):
        run = [PYTHON, "-P", "-m", "pipeline", str(ROOT / "corpus"), "--out", str(tmp_path / name), "--jobs", "1"]
        subprocess.run(run, env=os.environ | {"PYTHONPATH": str(package)}, cwd=tmp_path, check=True, timeout=600)
        tables[name] = table_bytes(tmp_path / name)
    assert tables["plain"] == tables["compiled"]
    assert len(tables["plain"]) > 8

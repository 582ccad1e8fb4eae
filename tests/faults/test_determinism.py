"""The same rows in the same order, byte for byte, with the real pipeline: the work and its surroundings leave no trace.

With a stand-in for the model, and every table in every format: ``test_jobs_batches_and_history_do_not_matter`` in `tests.store`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.store.helpers import PYTHON, ROOT, table_bytes

SAMPLES = sorted(path for path in (ROOT / "corpus").rglob("*") if path.is_file() and not path.name.startswith("."))


def run(corpus: Path, out: Path, *options: str, **environment: str) -> None:
    """The command line as a user calls it, in another environment."""
    command = [PYTHON, "-m", "pipeline", str(corpus), "--out", str(out), *options]
    result = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False, env={**os.environ, **environment}
    )
    assert result.returncode == 0, result.stderr


def copy(files: Sequence[Path], corpus: Path) -> None:
    """Put samples into `corpus`, one after the other."""
    for path in files:
        target = corpus / path.relative_to(ROOT / "corpus")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)


def settings(folder: Path, batch_size: int) -> str:
    path = folder / f"batches{batch_size}.toml"
    path.write_text(f"batch_size = {batch_size}\n", encoding="utf-8")
    return str(path)


def test_workers_order_and_surroundings(tmp_path: Path) -> None:
    files = SAMPLES[::3]
    copy(files, tmp_path / "one")
    copy(files[::-1], tmp_path / "another name" / "é")
    run(tmp_path / "one", tmp_path / "a", "--jobs", "1", PYTHONHASHSEED="1", TZ="Europe/Paris")
    options = ("--jobs", "2", "--config", settings(tmp_path, 3))
    run(tmp_path / "another name" / "é", tmp_path / "b", *options, PYTHONHASHSEED="2", TZ="Pacific/Auckland", LC_ALL="C")
    assert table_bytes(tmp_path / "a") == table_bytes(tmp_path / "b")


@pytest.mark.bench
def test_one_run_and_ten(tmp_path: Path) -> None:
    """All samples: one worker, two, shuffled, and in ten goes."""
    copy(SAMPLES, tmp_path / "whole")
    run(tmp_path / "whole", tmp_path / "one", "--jobs", "1")
    run(tmp_path / "whole", tmp_path / "two", "--jobs", "2", "--config", settings(tmp_path, 5))
    shuffled = sorted(SAMPLES, key=lambda path: path.name[::-1])
    for number in range(10):
        copy(shuffled[number::10], tmp_path / "growing")
        run(tmp_path / "growing", tmp_path / "ten", "--jobs", str(1 + number % 2), PYTHONHASHSEED=str(number))
    assert table_bytes(tmp_path / "one") == table_bytes(tmp_path / "two") == table_bytes(tmp_path / "ten")
    print(f"{len(SAMPLES)} files: one worker, two, and ten runs give the same {len(table_bytes(tmp_path / 'one'))} files")

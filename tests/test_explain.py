"""`python -m pipeline explain`, as a person calls it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ARTICLE = """Papelys : le directeur limogé

12 mars 2024 . – Le conseil d'administration de Papelys a limogé son directeur, Marc Vidal, lundi. L'usine va licencier personne.
"""


def _explain(*arguments: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pipeline", "explain", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, cwd=folder)


def test_says_what_fired_and_where_the_date_came_from(tmp_path: Path) -> None:
    path = tmp_path / "papelys.txt"
    path.write_text(ARTICLE, encoding="utf-8")
    done = _explain(str(path))
    assert done.returncode == 0, done.stderr
    assert "limogé: dismissal, asserted" in done.stdout
    assert "recipient: Marc Vidal" in done.stdout
    assert "date: 2024-03-11 from 'lundi'" in done.stdout
    assert "because: " in done.stdout and "wins=dismissal" in done.stdout


def test_the_names_of_folders_date_an_article_as_in_a_run(tmp_path: Path) -> None:
    path = tmp_path / "corpus" / "2024" / "03" / "12" / "papelys.txt"
    path.parent.mkdir(parents=True)
    path.write_text("Papelys a limogé son directeur, Marc Vidal, lundi.", encoding="utf-8")
    done = _explain("corpus/2024/03/12/papelys.txt", folder=tmp_path)
    assert done.stdout.startswith("2024/03/12/papelys.txt: published 2024-03-12"), done.stderr
    assert "date: 2024-03-11 from 'lundi'" in done.stdout


def test_unmatched_lists_words_that_no_type_took(tmp_path: Path) -> None:
    (tmp_path / "papelys.txt").write_text(ARTICLE, encoding="utf-8")
    done = _explain(str(tmp_path), "--unmatched")
    assert done.returncode == 0, done.stderr
    assert "directeur" in done.stdout and "limoger" not in done.stdout


def test_a_folder_needs_unmatched(tmp_path: Path) -> None:
    done = _explain(str(tmp_path))
    assert done.returncode == 2
    assert "--unmatched" in done.stderr

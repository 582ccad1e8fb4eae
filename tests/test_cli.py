"""The command line as a person meets it: real processes, messages, exit codes, and how fast it is with nothing to do."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

import pandas as pd
import pytest

from pipeline import cli
from pipeline.run import Progress, Summary, load
from tests.store.helpers import PYTHON, ROOT, article, fill

HEAVY = {"spacy", "pandas", "pyarrow", "numpy", "thinc", "dateparser"}


def call(*arguments: str, module: str = "pipeline", cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run([PYTHON, "-m", module, *arguments], cwd=cwd, capture_output=True, text=True, timeout=300, check=False)


def command(*arguments: str, then: str = "pass") -> subprocess.CompletedProcess[str]:
    """The command line, with the code's fingerprint held still: somebody may save a source file while tests run."""
    code = (
        "import sys; from pipeline.cli import main; from pipeline.store import fingerprint; "
        "fingerprint.EXTRACTION_CODE = fingerprint.PUBLICATION_CODE = ('records.py',); "
        "fingerprint.reader_code = lambda names: ['records.py']; "
        f"code = main({list(arguments)!r}); {then}; sys.exit(code)"
    )
    return subprocess.run([PYTHON, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, str]:
    """A real run, model and all, over three articles; and what it printed."""
    folder = tmp_path_factory.mktemp("cli")
    corpus, out = folder / "corpus", folder / "tables"
    fill(corpus, range(3))
    result = command("--jobs", "1", str(corpus), "--out", str(out))
    assert result.returncode == 0, result.stderr
    return corpus, out, result.stdout


def test_summary_of_a_real_run(done: tuple[Path, Path, str]) -> None:
    _, out, printed = done
    assert "Files: 3 new. Done in" in printed
    assert "articles            3" in printed
    assert len(load(out).articles) == 3
    code = printed.strip().splitlines()[-1].strip()
    namespace: dict[str, pd.DataFrame] = {}
    exec(code, namespace)
    assert len(namespace["events"]) == len(load(out).events)


def test_nothing_new_is_fast_and_loads_nothing_heavy(done: tuple[Path, Path, str]) -> None:
    corpus, out, _ = done
    began = time.monotonic()
    result = command(str(corpus), "--out", str(out), then="print(*sorted(sys.modules))")
    assert time.monotonic() - began < 2
    printed, modules = result.stdout.rstrip().rsplit("\n", 1)
    assert "Nothing new in 3 files" in printed
    assert not HEAVY & set(modules.split())


def test_importing_the_package_loads_nothing() -> None:
    code = "import sys, pipeline; print(*sys.modules)"
    result = subprocess.run([PYTHON, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    assert not HEAVY & set(result.stdout.split())


def test_functions_are_not_hidden_by_modules_of_their_name() -> None:
    code = (
        "import pipeline, pipeline.run, pipeline.cli; from pipeline.run import Summary; "
        "assert callable(pipeline.run) and callable(pipeline.load); from pipeline import run; assert callable(run)"
    )
    subprocess.run([PYTHON, "-c", code], cwd=ROOT, timeout=60, check=True)


def test_help_is_complete_and_fast() -> None:
    began = time.process_time()
    result = call("--help")
    assert time.process_time() - began < 0.5
    for option in (
        "--out",
        "--jobs",
        "--format",
        "--ner",
        "--min-confidence",
        "--any-language",
        "--fresh",
        "--strict",
        "--config",
    ):
        assert option in result.stdout
    assert "exit codes:" in result.stdout
    assert result.returncode == 0
    assert call("--version").stdout.startswith("ephemeride ")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere"], "nowhere: no such folder"),
        (["README.md"], "README.md: not a folder"),
        (["empty"], "no articles there. Files that can be read: "),
        (["empty", "--formt", "csv"], "unknown option --formt. Did you mean --format?"),
        (["empty", "--xyz"], "unknown option --xyz. python -m pipeline --help lists them."),
        (["empty", "more"], "unknown argument more"),
        (["empty", "--format", "xlsx"], "unknown format 'xlsx'. Allowed: parquet, csv."),
        (["empty", "--min-confidence", "2"], "Allowed: a number from 0 to 1."),
        (["empty", "--jobs", "two"], "--jobs"),
        (["empty", "--config", "none.toml"], "none.toml: no such file"),
        ([], "CORPUS"),
    ],
)
def test_mistakes_are_explained(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    (tmp_path / "README.md").write_text("x", encoding="utf-8")
    try:
        found = cli.main(arguments)
    except SystemExit as error:
        found = int(error.code or 0)
    assert found == cli.USAGE
    complaint = capsys.readouterr().err
    assert message in complaint
    assert complaint.startswith("ephemeride: ")


def test_no_french_text(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    text = "The government of the United Kingdom announced on Tuesday that the minister had resigned after a long debate. " * 5
    (tmp_path / "corpus" / "english.txt").write_text(text, encoding="utf-8")
    result = call(str(tmp_path / "corpus"), "--out", str(tmp_path / "out"), module="tests.faults.driver")
    assert result.returncode == 3
    assert "no French article there" in result.stderr
    assert "--any-language" in result.stderr
    assert load(tmp_path / "out").failures.stage.tolist() == ["language"]


def test_strict_tells_of_failures(tmp_path: Path) -> None:
    fill(tmp_path / "corpus", range(2))
    (tmp_path / "corpus" / "x.txt").write_text(article(9, extra="ERREUR"), encoding="utf-8")
    arguments = (str(tmp_path / "corpus"), "--out", str(tmp_path / "out"))
    relaxed = call(*arguments, module="tests.faults.driver")
    assert relaxed.returncode == 0
    assert "1 x engine: ValueError: trouble (first: x.txt)" in relaxed.stdout
    assert call(*arguments, "--strict", module="tests.faults.driver").returncode == 1


def test_missing_model(tmp_path: Path) -> None:
    fill(tmp_path / "corpus", range(1))
    (tmp_path / "pipeline.toml").write_text('model = "fr_core_news_xx"\n', encoding="utf-8")
    result = call(
        str(tmp_path / "corpus"), "--out", str(tmp_path / "out"), "--config", str(tmp_path / "pipeline.toml"), "--jobs", "1"
    )
    assert result.returncode == 4
    assert "pip install fr-core-news-xx" in result.stderr
    assert "Traceback" not in result.stderr


def test_progress_lines(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "PLAIN_SECONDS", 0.0)
    lines = cli._Lines()
    for done in (Progress("extract", 0, 2000), Progress("extract", 500, 2000, 480, 20), Progress("publish")):
        lines(done)
    first, second, third = capsys.readouterr().err.splitlines()
    assert first == "2,000 files to process"
    assert second.startswith("500/2,000 files, ")
    assert second.endswith(" left")
    assert third == "writing the tables"


def test_progress_bar(capsys: pytest.CaptureFixture[str]) -> None:
    bar = cli._Bar()
    for done in (Progress("extract", 0, 20), Progress("extract", 20, 20, 19, 1), Progress("publish")):
        bar(done)
    bar.close()
    shown = capsys.readouterr().err
    assert "articles/s" in shown
    assert "left" in shown


def test_report_of_a_large_run() -> None:
    summary = Summary(
        out=Path("outputs"),
        formats=("csv",),
        new=12_000,
        changed=1,
        removed=2,
        unchanged=3,
        processed=12_001,
        seconds=3725.0,
        tables={"articles": 12_004, "events": 99_000, "stories": 70_000},
        events_by_class={"speech": 50_000, "conflict": 49_000},
        reasons=[{"stage": "language", "error": "de 0.98\n" * 40, "count": 7, "first": "a.txt"}],
    )
    text = cli._report(summary)
    assert "Files: 12,000 new, 1 changed, 2 removed, 3 as before. Done in 1 h 02 min, 3.2 articles/s." in text
    assert "speech 50,000, conflict 49,000" in text
    assert "pd.read_csv('outputs/events.csv')" in text
    assert max(map(len, text.splitlines())) <= 140

"""The command line; the only file that prints.

``python -m pipeline CORPUS`` is the whole job. argparse and not a larger library: ``--help`` and a run with nothing to do start
in a tenth of a second.
"""

from __future__ import annotations

import argparse
import contextlib
import difflib
import logging
import sys
import time
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from pipeline import __version__
from pipeline.config import FORMATS, NER_MODELS, Config, load_config
from pipeline.errors import ConfigError, CorpusError, EphemerideError, OutputError, UsageError

if TYPE_CHECKING:
    from pipeline.run import Progress, Summary

DEFAULT_CONFIG = Path("pipeline.toml")
OK, FAILURES, USAGE, NOTHING_READ, BROKEN, OUTPUT, INTERRUPTED = 0, 1, 2, 3, 4, 5, 130
PLAIN_SECONDS = 10.0  # between lines of progress where there is no terminal

_DESCRIPTION = """\
Read a folder of French news and write an event database: who did what to whom, where, when, and how sure the
article is of it. Run it again after adding articles: only new and changed files are processed.
"""
_EPILOG = f"""\
examples:
  python -m pipeline corpus/                       all tables into outputs/, as Parquet and CSV
  python -m pipeline corpus/ --out tables --jobs 4 another folder, four worker processes
  python -m pipeline corpus/ --format csv          for a spreadsheet only
  python -m pipeline explain corpus/an-article.txt why it yields these events and no others

in pandas:
  import pipeline; tables = pipeline.load("outputs"); tables.events

Defaults can be set in {DEFAULT_CONFIG} (key = value, the long options' names with _ for -), flags win over it.

exit codes:
  {OK}  done; articles that could not be processed are rows of the table `failures`
  {FAILURES}  done, but with --strict and some failures
  {USAGE}  wrong option, configuration or folder
  {NOTHING_READ}  no article could be processed: no French text in the folder
  {BROKEN}  the language model is missing, or the worker processes cannot work
  {OUTPUT}  the output folder cannot be written, or another run is writing there
  {INTERRUPTED}  interrupted; what was done is kept, and the next run goes on from there
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line with `argv` (the process's own by default) and return the exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    logging.basicConfig(format="%(message)s", level=logging.WARNING)
    with contextlib.suppress(AttributeError):  # names of files and words of articles that this terminal cannot show
        sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        return _run_command(arguments)
    except KeyboardInterrupt:
        _complain("Interrupted. What was done is kept; the same command goes on from there.")
        return INTERRUPTED
    except OutputError as error:
        _complain(str(error))
        return OUTPUT
    except UsageError as error:
        _complain(str(error))
        return USAGE
    except EphemerideError as error:
        _complain(str(error))
        return BROKEN


def _complain(message: str) -> None:
    print(f"ephemeride: {_shown(message)}", file=sys.stderr)


def _shown(text: str) -> str:
    """`text` with whatever would move the cursor, colour the screen or turn the direction of writing spelt out."""
    return "".join(c if c.isprintable() or c == "\n" or unicodedata.category(c) == "Zs" else ascii(c)[1:-1] for c in text)


# Options


class _Parser(argparse.ArgumentParser):
    """argparse, but a mistyped option is answered with the one that was meant."""

    def parse_args(self, args: Any = None, namespace: Any = None) -> argparse.Namespace:  # type: ignore[override]
        known: argparse.Namespace
        known, strange = self.parse_known_args(args, namespace)
        if strange:
            self.error(f"unknown {'option' if strange[0].startswith('-') else 'argument'} {strange[0]}{self._meant(strange[0])}")
        return known

    def _meant(self, option: str) -> str:
        name = option.partition("=")[0]
        close = difflib.get_close_matches(name, self._option_string_actions, n=1)
        return f". Did you mean {close[0]}?" if close else f". {self.prog} --help lists them."

    def error(self, message: str) -> NoReturn:
        """Print what is wrong without the wall of usage."""
        self.exit(USAGE, f"ephemeride: {message}\n")


def _parser() -> _Parser:
    defaults = Config()
    parser = _Parser(
        prog="python -m pipeline",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
        add_help=False,
    )
    add = parser.add_argument
    add("corpus", metavar="CORPUS", type=Path, help="folder with the articles; subfolders are read too")
    add("--out", metavar="DIR", type=Path, default=Path("outputs"), help="folder for the tables (default: outputs)")
    add("--jobs", metavar="N", type=int, help="worker processes (default: one per core)")
    add("--format", metavar="LIST", help=f"table formats, joined by commas (default: {','.join(defaults.formats)})")
    add("--ner", choices=NER_MODELS, help=f"entity recogniser: trained on news, or spaCy's own (default: {defaults.ner})")
    add(
        "--min-confidence",
        metavar="X",
        type=float,
        help=f"leave out events that are less likely right, 0 to 1 (default: {defaults.min_confidence})",
    )
    add("--any-language", action="store_true", default=None, help="process texts that are not French too")
    add("--fresh", action="store_true", help="process every article again")
    add("--strict", action="store_true", help=f"exit with code {FAILURES} if an article could not be processed")
    add("--config", metavar="FILE", type=Path, help=f"TOML file with defaults (default: {DEFAULT_CONFIG}, if there is one)")
    add("--verbose", action="store_true", help="say what happens meanwhile")
    add("--version", action="version", version=f"ephemeride {__version__}", help="show the version and exit")
    add("--help", "-h", action="help", help="show this page and exit")
    return parser


def _config(options: argparse.Namespace) -> Config:
    if options.config is not None and not options.config.is_file():
        raise ConfigError(f"{options.config}: no such file. Give a TOML file, or leave --config out.")
    return load_config(
        options.config or DEFAULT_CONFIG,
        jobs=options.jobs,
        formats=None if options.format is None else _names(options.format),
        ner=options.ner,
        min_confidence=options.min_confidence,
        any_language=options.any_language,
    )


def _names(text: str) -> tuple[str, ...]:
    """Formats in their own order, so that `csv,parquet` is `parquet,csv`; unknown ones last, for the error."""
    given = {name.strip().lower() for name in text.split(",") if name.strip()}
    return (*(name for name in FORMATS if name in given), *sorted(given - set(FORMATS)))


# The job


def _run_command(arguments: Sequence[str]) -> int:
    if arguments[:1] == ["explain"]:
        return _explain_command(arguments[1:])
    options = _parser().parse_args(arguments)
    if options.verbose:
        logging.getLogger("pipeline").setLevel(logging.INFO)
    config = _config(options)
    from pipeline.run import run  # noqa: PLC0415 - after the options: a mistake in them is answered at once

    show = _Bar() if sys.stderr.isatty() else _Lines()
    try:
        summary = run(options.corpus, options.out, config=config, progress=show, fresh=options.fresh)
    finally:
        show.close()
    print(_shown(_report(summary)))
    if not summary.articles:
        _complain(_nothing_read(options.corpus, summary))
        return NOTHING_READ
    return FAILURES if options.strict and summary.failures else OK


def _explain_command(arguments: Sequence[str]) -> int:
    parser = _explain_parser()
    options = parser.parse_args(arguments)
    if not options.path.exists():
        raise CorpusError(f"{options.path}: no such file or folder. Give an article, or a folder with --unmatched.")
    config = load_config(DEFAULT_CONFIG, ner=options.ner)
    from pipeline import explain, ingest  # noqa: PLC0415 - after the options: they load the language model
    from pipeline.extract import load_models  # noqa: PLC0415

    if not options.unmatched:
        if options.path.is_dir():
            raise CorpusError(f"{options.path}: a folder. Give one article, or add --unmatched.")
        print(*map(_shown, explain.explain(options.path, load_models(config))), sep="\n")
        return OK
    folder = options.path if options.path.is_dir() else options.path.parent
    paths = ingest.discover(folder) if options.path.is_dir() else [options.path]
    for pos, lemma, count in explain.unmatched(paths, folder, load_models(config))[: explain.UNMATCHED_SHOWN]:
        print(_shown(f"{count:7,}  {pos.lower():5} {lemma}"))
    return OK


def _explain_parser() -> _Parser:
    parser = _Parser(
        prog="python -m pipeline explain",
        description="Say sentence by sentence what fired, which condition failed, where arguments and dates came from.",
        allow_abbrev=False,
    )
    parser.add_argument(
        "path",
        metavar="ARTICLE",
        type=Path,
        help="an article of the corpus that the path begins with; with --unmatched a folder will do",
    )
    parser.add_argument("--unmatched", action="store_true", help="list frequent verbs and nouns that no event type took")
    parser.add_argument("--ner", choices=NER_MODELS, help="entity recogniser")
    return parser


def _nothing_read(corpus: Path, summary: Summary) -> str:
    foreign = summary.failures_by_stage.get("language", 0)
    hint = " --any-language processes texts in other languages too." if foreign else ""
    return f"{corpus}: no French article there; all {summary.failures:,} inputs are in the table `failures`.{hint}"


# Progress


class _Bar:
    """A progress bar for a terminal, with articles per second and the time left. A class because the bar has to be closed."""

    def __init__(self) -> None:
        self._bar: Any = None
        self._began = time.monotonic()

    def __call__(self, done: Progress) -> None:
        if self._bar is None and done.phase == "extract":
            from tqdm import tqdm  # type: ignore[import-untyped]  # noqa: PLC0415 - comes with spaCy

            layout = "{percentage:3.0f}% |{bar:30}| {n_fmt}/{total_fmt} files{postfix}, {remaining} left"
            self._bar = tqdm(total=done.files_total, bar_format=layout, file=sys.stderr, leave=False, dynamic_ncols=True)
            self._bar.set_postfix_str("loading the language model")
        elif self._bar is not None and done.phase == "extract":
            self._bar.set_postfix_str(f"{done.articles / (time.monotonic() - self._began):.1f} articles/s", refresh=False)
            self._bar.n = done.files
            self._bar.refresh()
        elif done.phase == "publish":
            self.close()
            print("writing the tables ...", end="\r", file=sys.stderr, flush=True)

    def close(self) -> None:
        """Leave the terminal clean."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None
        print("\x1b[2K", end="\r", file=sys.stderr, flush=True)


class _Lines:
    """A line of progress now and then, for logs. A class because it remembers when it last spoke."""

    def __init__(self) -> None:
        self._began = self._spoken = time.monotonic()

    def __call__(self, done: Progress) -> None:
        now = time.monotonic()
        if done.phase == "publish":
            print("writing the tables", file=sys.stderr)
        elif not done.files:
            print(f"{done.files_total:,} files to process", file=sys.stderr)
        elif now - self._spoken >= PLAIN_SECONDS:
            self._spoken = now
            left = (now - self._began) / done.files * (done.files_total - done.files)
            rate = done.articles / (now - self._began)
            print(f"{done.files:,}/{done.files_total:,} files, {rate:.1f} articles/s, {_time(left)} left", file=sys.stderr)

    def close(self) -> None:
        """Nothing to clean."""


# The summary


def _report(summary: Summary) -> str:
    lines = [_headline(summary), ""]
    rows = summary.tables
    add: Callable[[str, str, str], None] = lambda name, table, more: lines.append(  # noqa: E731
        f"  {name:10}{rows.get(table, 0):>11,}{more}"
    )
    add("articles", "articles", f"   {summary.tokens:,} tokens")
    add("entities", "entities", f"   in {rows.get('mentions', 0):,} mentions")
    add("dates", "dates", "")
    add("events", "events", f"   in {rows.get('stories', 0):,} stories")
    lines += _wrapped([f"{name} {count:,}" for name, count in summary.events_by_class.items()])
    if summary.unsure:
        lines += _wrapped([f"and {summary.unsure:,} under the confidence floor left out"])
    add("quotes", "quotes", "")
    add("failures", "failures", "")
    for reason in summary.reasons:
        lines.append(f"{'':15}{reason['count']:,} x {reason['stage']}: {_short(reason['error'])} (first: {reason['first']})")
    return "\n".join([*lines, "", *_where(summary)])


def _headline(summary: Summary) -> str:
    parts = [f"{count:,} {name}" for name, count in _changes(summary) if count]
    if summary.idle:
        return f"Nothing new in {summary.unchanged:,} files ({_time(summary.seconds)})."
    rate = f", {summary.processed / summary.seconds:.1f} articles/s" if summary.processed else ""
    return f"Files: {', '.join(parts)}. Done in {_time(summary.seconds)}{rate}."


def _changes(summary: Summary) -> list[tuple[str, int]]:
    return [
        ("new", summary.new),
        ("changed", summary.changed),
        ("removed", summary.removed),
        ("as before", summary.unchanged),
    ]


def _where(summary: Summary) -> list[str]:
    files = " and ".join(str(summary.out / f"*.{ending}") for ending in summary.formats)
    first = summary.formats[0]
    path = (summary.out / f"events.{first}").as_posix()
    return [
        f"Report: {summary.out / 'report.html'}",
        f"Tables: {files}; what the columns mean: {summary.out / 'README.md'}",
        f"  import pandas as pd; events = pd.read_{first}({path!r})",
    ]


def _wrapped(words: Sequence[str], *, indent: int = 15, width: int = 100) -> list[str]:
    lines: list[str] = []
    for word in words:
        if lines and len(lines[-1]) + len(word) + 2 <= width:
            lines[-1] += f", {word}"
        else:
            lines.append(" " * indent + word)
    return lines


def _short(text: str, width: int = 90) -> str:
    line = " ".join(text.split())
    return line if len(line) <= width else f"{line[: width - 1]}…"


def _time(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min {rest:02} s"

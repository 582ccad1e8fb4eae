"""Takes each protection out and sees that its test fails: ``python -m tests.bench.without_protection``.

Every entry is the text of a protection, what stands there without it, and the test that is to notice. The change is made in a
scratch copy. What is printed: the promise, the test, and whether it failed. A text that is no longer there is an error:
then this list has to follow the code.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 900  # seconds


@dataclass(frozen=True, slots=True)
class Protection:
    """Where it stands, what it is, and what is left without it."""

    promise: str
    test: str
    file: str
    text: str
    without: str
    patience: int = PATIENCE  # a test that never ends has failed too


def _p(promise: str, test: str, file: str, text: str, without: str, **more: int) -> Protection:
    return Protection(promise, test, f"pipeline/{file}", text, without, **more)


KILL, FILES, WORKERS = (
    "tests/faults/test_kill.py::test_",
    "tests/faults/test_files.py::test_",
    "tests/faults/test_workers.py::test_",
)
HOSTILE, STORE = "tests/faults/test_hostile.py::test_", "tests/store/test_run.py::test_"
REPORT, BROWSER = "tests/report/test_report.py::test_", "tests/browser/test_report.py::test_"
NETWORK, PRINTS = "tests/faults/test_network.py::test_", "tests/store/test_fingerprint.py::test_"
PROTECTIONS = [
    _p(
        "kill -9: the switch is one rename",
        f"{KILL}kill_at_any_moment",
        "store/snapshot.py",
        "    temporary.symlink_to(target)\n    temporary.replace(path)",
        "    files.remove(path)\n    temporary.symlink_to(target)\n    temporary.replace(path)",
    ),
    _p(
        "kill -9: a committed switch is made up for",
        f"{KILL}kill_at_any_moment",
        "store/snapshot.py",
        "        switch(layout, name, formats)\n    _drop",
        "    _drop",
    ),
    _p("kill -9: the next run sweeps", f"{KILL}kill_at_any_moment", "store/snapshot.py", "    files.empty(layout.scratch)\n", ""),
    _p(
        "kill -9: what is done is kept",
        f"{KILL}killed_run_goes_on_where_it_was",
        "store/snapshot.py",
        "    ledger.drop_unused_parts()\n",
        "    ledger.start_over()\n    ledger.drop_unused_parts()\n",
    ),
    _p(
        "kill -9 of a worker",
        f"{KILL}a_killed_worker_costs_nothing",
        "engines/local.py",
        "            return replace(shard, singly=True)",
        "            return replace(shard, singly=True, skips=(Skip(*worker.place, reason),) if worker.place else ())",
    ),
    _p(
        "a lost ledger",
        f"{KILL}a_lost_ledger_leaves_the_tables",
        "store/snapshot.py",
        "        _adopt(layout, ledger)\n",
        "        pass\n",
    ),
    _p(
        "readers see one state",
        f"{STORE}readers_keep_their_snapshot",
        "store/tables.py",
        "        folder = current.resolve()",
        "        pass",
    ),
    _p(
        "disk full: told, tables kept",
        f"{FILES}disk_that_is_really_full",
        "store/layout.py",
        "        raise output_error(out, error) from error\n    except sqlite3.Op",
        "        raise\n    except sqlite3.Op",
    ),
    _p(
        "disk full: no traceback", f"{FILES}disk_that_is_really_full", "store/publish.py", "self._parquet.is_open = False", "pass"
    ),
    _p(
        "disk full from the start: no traceback",
        "tests/store/test_csvfile.py::test_a_disk_that_is_full_from_the_start",
        "store/publish.py",
        "                self._let_go()\n                raise\n",
        "                raise\n",
    ),
    _p(
        "output read-only",
        f"{FILES}output_on_a_read_only_disk",
        "store/layout.py",
        "        raise output_error(out, error) from error\n    except sqlite3.Op",
        "        raise\n    except sqlite3.Op",
    ),
    _p(
        "ledger damaged",
        f"{FILES}damaged_ledger_is_told",
        "store/layout.py",
        "except sqlite3.DatabaseError",
        "except ZeroDivisionError",
    ),
    _p(
        "no room for temporary files",
        f"{FILES}no_room_for_temporary_files",
        "shards.py",
        "        files[i].again |= ",
        "        _ = ",
    ),
    _p(
        "a file changes while it is read",
        f"{FILES}file_that_changes_while_it_is_read",
        "shards.py",
        "    if now == (file",
        "    if True or now == (file",
    ),
    _p(
        "a file vanishes",
        f"{FILES}file_that_vanishes",
        "shards.py",
        "    except OSError:\n        return UNREADABLE_STAMP",
        "    except ZeroDivisionError:\n        return UNREADABLE_STAMP",
    ),
    _p("a file hangs when opened", f"{FILES}file_that_hangs_when_opened", "shards.py", '    beat(path, 0, "open")\n', ""),
    _p(
        "a worker dies on an article",
        f"{WORKERS}dying_worker_costs_one_article",
        "engines/local.py",
        "            return replace(shard, singly=True)",
        "            pass",
        patience=150,
    ),
    _p(
        "a worker hangs on an article",
        f"{WORKERS}hanging_article_is_given_up",
        "engines/local.py",
        "                worker.process.kill()\n\n    def _bury",
        "                pass\n\n    def _bury",
        patience=150,
    ),
    _p(
        "an article takes all memory",
        f"{WORKERS}article_that_takes_all_memory",
        "shards.py",
        "    except Exception as error:  # the boundary around one article",
        "    except ValueError as error:",
    ),
    _p(
        "want of memory: the kernel ends a worker",
        f"{WORKERS}the_kernel_ends_what_takes_all_memory",
        "engines/local.py",
        "            return replace(shard, singly=True)",
        "            pass",
        patience=150,
    ),
    _p(
        "memory: a worker goes first",
        f"{WORKERS}the_kernel_ends_a_worker_before_the_run",
        "engines/worker.py",
        "    _die_first()\n",
        "",
    ),
    _p(
        "--strict",
        f"{WORKERS}strict_run_tells_of_a_dead_worker",
        "cli.py",
        "    return FAILURES if options.strict and summary.failures else OK",
        "    return OK",
    ),
    _p(
        "two runs at once",
        f"{FILES}second_process_is_refused",
        "store/layout.py",
        "            _lock(handle)\n",
        "            pass\n",
    ),
    _p(
        "changed options or code",
        f"{STORE}options_and_code_that_change_extraction_start_over",
        "run.py",
        'if fresh or ledger.get("extraction") != wanted:',
        "if fresh:",
    ),
    _p(
        "--fresh",
        f"{STORE}options_and_code_that_change_extraction_start_over",
        "run.py",
        "    if fresh or ledger.get",
        "    if ledger.get",
    ),
    _p(
        "a changed format: its files alone",
        f"{PRINTS}only_the_files_of_a_changed_format_are_read_again",
        "run.py",
        "not validity.holds(_reader(path, store.readers), config)",
        "not validity.holds(validity.reader, config)",
    ),
    _p(
        "another confidence floor",
        f"{PRINTS}another_floor_reprocesses_files_with_events_between",
        "store/ledger.py",
        " and self.floor_above < config.min_confidence <= self.floor_upto",
        "",
    ),
    _p(
        "other languages: files that hold them",
        f"{PRINTS}other_languages_reprocess_files_that_hold_them",
        "store/ledger.py",
        "and language and",
        "and",
    ),
    _p(
        "other languages: what ended its worker",
        f"{PRINTS}what_failed_goes_by_what_was_read",
        "shards.py",
        "ingest.foreign(item)",
        "ingest.foreign(result if isinstance(result, Failure) else result.article)",
    ),
    _p(
        "an older ledger",
        f"{PRINTS}the_ledger_of_an_older_version",
        "store/ledger.py",
        "!= FORMAT:",
        "< 0:",
    ),
    _p(
        "code that extracts nothing",
        f"{PRINTS}code_and_rules",
        "store/fingerprint.py",
        "if not name.startswith(NOT_EXTRACTION))",
        ")",
    ),
    _p(
        "compressed bombs",
        f"{HOSTILE}a_compressed_bomb_is_refused",
        "ingest/limits.py",
        "                meter.take(len(block))\n            file",
        "                pass\n            file",
    ),
    _p(
        "zip bomb of many members",
        f"{HOSTILE}a_zip_bomb_of_many_small_ones_is_refused",
        "ingest/formats/compressed.py",
        "_written(packed, inner, own, total) as path",
        "_written(packed, inner, own) as path",
    ),
    _p(
        "packed twice",
        f"{HOSTILE}a_bomb_in_a_bomb_is_refused",
        "ingest/formats/compressed.py",
        "_written(packed, inner, own, total) as path",
        "_written(packed, inner) as path",
    ),
    _p(
        "holes in a tar archive",
        f"{HOSTILE}holes_in_a_tar_archive_are_counted",
        "ingest/formats/compressed.py",
        "_written(packed, inner, own, total) as path",
        "_written(packed, inner) as path",
    ),
    _p(
        "office documents that say they are small",
        "tests/ingest/test_office.py::TestSpreadsheet::test_a_bomb_that_says_it_is_small",
        "ingest/limits.py",
        "                member.file_size = sys.maxsize  # else no more is read than the directory says\n",
        "",
    ),
    _p(
        "bombs of cells",
        f"{HOSTILE}bombs_in_documents_are_refused",
        "ingest/formats/spreadsheet.py",
        "    _check_cells(path)\n",
        "",
    ),
    _p(
        "bombs of rows",
        f"{HOSTILE}bombs_in_documents_are_refused",
        "ingest/formats/parquet.py",
        "                    meter.take(batch.nbytes)\n",
        "",
    ),
    _p(
        "bombs in PDF files",
        f"{HOSTILE}bombs_in_documents_are_refused",
        "ingest/formats/pdf.py",
        "    _check_streams(path)\n",
        "",
    ),
    _p(
        "PDF blocks at equal distances",
        "tests/ingest/test_office.py::TestPdf::test_order_depends_on_places_alone",
        "ingest/formats/pdf.py",
        "in _groups(page, blocks, layout):",
        "in page.group_textboxes(flow, blocks):",
    ),
    _p(
        "a sheet that breaks off",
        f"{HOSTILE}a_sheet_that_breaks_off_does_not_hang",
        "ingest/formats/spreadsheet.py",
        "    _check_cells(path)\n",
        "",
    ),
    _p(
        "deep XML",
        f"{HOSTILE}elements_in_each_other_without_end_are_refused",
        "ingest/formats/news_xml.py",
        "        if self._depth > limits.MAX_DEPTH:",
        "        if False:",
    ),
    _p(
        "an item that never ends",
        f"{HOSTILE}a_line_of_a_hundred_megabytes",
        "ingest/formats/news_xml.py",
        "                meter.take(len(chunk))\n",
        "",
    ),
    _p(
        "headers of e-mails",
        f"{HOSTILE}what_takes_patterns_long",
        "ingest/formats/mail.py",
        "return name, value[:MAX_HEADER]",
        "return name, value",
    ),
    _p(
        "archives in archives",
        f"{HOSTILE}archives_in_archives_are_not_opened",
        "ingest/formats/compressed.py",
        'if formats.suffix_of(name) in (".zip", *TAR_SUFFIXES):\n        yield',
        "if False:\n        yield",
    ),
    _p(
        "paths out of archives",
        f"{HOSTILE}no_path_leads_out_of_an_archive",
        "ingest/formats/compressed.py",
        'path = Path(folder) / f"member{formats.suffix_of(name)}"',
        "path = Path(folder) / name",
    ),
    _p(
        "a codec that never ends",
        f"{HOSTILE}a_page_cannot_choose_a_codec_that_never_ends",
        "ingest/decode.py",
        " or found.name.startswith(_NO_CHARSETS)",
        "",
    ),
    _p(
        "100 MB line: text, page",
        f"{HOSTILE}a_line_of_a_hundred_megabytes",
        "ingest/limits.py",
        "        data = file.read(limit + 1)",
        "        data = file.read()[:limit]",
    ),
    _p(
        "100 MB line: JSON Lines",
        f"{HOSTILE}a_line_of_a_hundred_megabytes",
        "ingest/formats/json_lines.py",
        "            too_long = len(data) > limits.MAX_RECORD",
        "            too_long = False",
    ),
    _p(
        "a row that never ends",
        f"{HOSTILE}a_row_that_never_ends",
        "ingest/formats/table.py",
        "        row.take(len(line))\n",
        "",
    ),
    _p(
        "deep JSON",
        f"{HOSTILE}deep_nesting",
        "ingest/formats/json_file.py",
        "    except RecursionError:",
        "    except ZeroDivisionError:",
    ),
    _p(
        "markup that never closes",
        f"{HOSTILE}what_opens_and_never_closes",
        "ingest/markup.py",
        "super().feed(_closed(data)",
        "super().feed(data",
    ),
    _p(
        "too long for the model",
        f"{HOSTILE}more_characters_than_the_model_takes",
        "ingest/__init__.py",
        "    if chars > MAX_CHARS",
        "    if False and chars > MAX_CHARS",
    ),
    _p(
        "lone surrogates",
        f"{HOSTILE}odd_characters_reach_the_tables",
        "schema.py",
        "    return _LONE_SURROGATE.sub(SURROGATE, text)",
        "    return text",
    ),
    _p(
        "formulas in CSV",
        f"{HOSTILE}no_cell_of_a_run_is_a_formula",
        "store/csvfile.py",
        "        return guard(values.cast(pa.string()))",
        "        return values.cast(pa.string())",
    ),
    _p(
        "formulas: round trip",
        f"{HOSTILE}odd_characters_reach_the_tables",
        "store/csvfile.py",
        "unguard(data[column.name]) if column.kind in texts else data[column.name]",
        "data[column.name]",
    ),
    _p(
        "report: texts stay text",
        f"{REPORT}hostile_texts_make_no_elements",
        "report/page.py",
        "autoescape=True",
        "autoescape=False",
    ),
    _p(
        "report: JSON inside a script element",
        f"{REPORT}hostile_texts_make_no_elements",
        "report/page.py",
        "htmlsafe_json_dumps(value, dumps=_dumps)",
        "Markup(_dumps(value))",
    ),
    _p(
        "report: line ends of JavaScript",
        f"{REPORT}json_inside_a_script_element",
        "report/page.py",
        ".translate(_LINE_ENDS)",
        "",
    ),
    _p(
        "report: nothing is loaded",
        f"{BROWSER}the_policy_stops_what_would_get_through",
        "report/page.py",
        '"default-src": "\'none\'"',
        '"default-src": "*"',
    ),
    _p(
        "report: no code but its own",
        f"{BROWSER}the_policy_stops_what_would_get_through",
        "report/page.py",
        '"script-src": _hash(code)',
        '"script-src": "\'unsafe-inline\'"',
    ),
    _p(
        "report: the list takes no markup",
        f"{BROWSER}nothing_of_an_article_runs_or_is_loaded",
        "report/page.js",
        "made.textContent = text",
        "made.innerHTML = text",
    ),
    _p("report: long texts", f"{REPORT}long_texts_are_cut", "report/figures.py", "if len(text) <= most else", "if True else"),
    _p(
        "report: so many events",
        f"{REPORT}the_list_is_of_the_latest_articles_and_no_longer_than_that",
        "report/figures.py",
        "pc.sort_indices(rows, sort_keys=order)[:most]",
        "pc.sort_indices(rows, sort_keys=order)",
    ),
    _p(
        "escapes on the terminal",
        f"{HOSTILE}the_terminal_is_left_alone",
        "cli.py",
        "    print(_shown(_report(summary)))",
        "    print(_report(summary))",
    ),
    _p(
        "found by fuzzing: an empty quotation",
        "tests/faults/test_fuzz.py::test_texts_found_before",
        "events/quotes.py",
        "for start, end in spans if start < end)",
        "for start, end in spans)",
    ),
    _p(
        "found by fuzzing: 400 digits",
        "tests/faults/test_fuzz.py::test_texts_found_before",
        "schema.py",
        " or not abs(p.value_min) < MAX_COUNT:",
        ":",
    ),
    _p(
        "rows that no table holds",
        "tests/faults/test_fuzz.py::test_rows_that_no_table_holds_cost_one_article",
        "shards.py",
        "        done = [(item, _storable(worker, item, result)) for item, result in done]\n",
        "",
    ),
    _p(
        "no network",
        f"{NETWORK}a_run_without_network",
        "nlp.py",
        '    if ner == "news":\n',
        "    __import__('socket').getaddrinfo('example.org', 80)\n    if ner == \"news\":\n",
    ),
    _p("no pickle", f"{NETWORK}no_network_no_pickle_no_eval", "shards.py", "import logging\n", "import logging\nimport pickle\n"),
    _p(
        "the same bytes whatever the order",
        f"{STORE}jobs_batches_and_history_do_not_matter",
        "store/ledger.py",
        "FROM files ORDER BY path",
        "FROM files ORDER BY part",
    ),
]


def outcome(protection: Protection, copy: Path) -> str:
    """What the test does in `copy` without the protection: fails, hangs or PASSES; `copy` is as it was afterwards."""
    path = copy / protection.file
    whole = path.read_text(encoding="utf-8")
    if whole.count(protection.text) != 1:
        raise SystemExit(f"{protection.file}: this is not there exactly once, so it cannot be taken out:\n{protection.text}")
    path.write_text(whole.replace(protection.text, protection.without), encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", protection.test]
    environment = {**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(command, cwd=copy, capture_output=True, timeout=protection.patience, check=False, env=environment)
    except subprocess.TimeoutExpired:
        return "hangs"
    finally:
        path.write_text(whole, encoding="utf-8")
    if done.returncode not in (0, 1):
        raise SystemExit(f"{protection.test}: {done.stdout.decode()[-2000:]}")
    return "fails" if done.returncode else "PASSES"


def main() -> int:
    """Take out every protection, or those whose promise holds a word given on the command line."""
    wanted = [p for p in PROTECTIONS if not sys.argv[1:] or any(word in p.promise for word in sys.argv[1:])]
    unnoticed = 0
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".git", "__pycache__", "outputs", ".venv", ".hypothesis"))
        for protection in wanted:
            found = outcome(protection, copy)
            unnoticed += found == "PASSES"
            test = protection.test.rpartition("::")[2]
            print(f"{found:8}{protection.promise:40}{test}", flush=True)
    print(f"{len(wanted) - unnoticed} of {len(wanted)} tests fail without their protection")
    return 1 if unnoticed else 0


if __name__ == "__main__":
    sys.exit(main())

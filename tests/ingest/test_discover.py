"""What counts as a file of the corpus, and in which order."""

from __future__ import annotations

import os
import socket
import subprocess
from pathlib import Path

import pytest

from pipeline import ingest
from pipeline.records import Failure


def _write(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("Le maire a démissionné lundi.", encoding="utf-8")


def _found(root: Path) -> list[str]:
    return [path.relative_to(root).as_posix() for path in ingest.discover(root)]


def test_files_come_in_the_order_of_their_paths(tmp_path: Path) -> None:
    names = ["a/z.txt", "a-b.txt", "a.txt", "a/B.txt", "é.txt", "b/c/d.md", "b.text", "a!/x.txt"]
    _write(tmp_path, *names)
    assert _found(tmp_path) == sorted(names, key=os.fsencode)


def test_hidden_and_foreign_files_are_left_out(tmp_path: Path) -> None:
    _write(tmp_path, "a.txt", "A.TXT", ".b.txt", ".git/c.txt", "d.yaml", "e.ann", "f", "g.txt~", ".txt")
    assert _found(tmp_path) == ["A.TXT", "a.txt"]


def test_links_out_of_the_corpus_are_left_out(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    _write(tmp_path, "outside.txt", "corpus/inside.txt", "corpus/folder/x.txt", "corpus-secret/s.txt")
    (corpus / "out.txt").symlink_to(tmp_path / "outside.txt")
    (corpus / "sibling.txt").symlink_to(tmp_path / "corpus-secret" / "s.txt")
    (corpus / "in.txt").symlink_to("inside.txt")
    (corpus / "dangling.txt").symlink_to("nowhere.txt")
    (corpus / "loop.txt").symlink_to("loop.txt")
    (corpus / "folder" / "up").symlink_to(corpus)
    assert _found(corpus) == ["folder/x.txt", "in.txt", "inside.txt"]


def test_a_corpus_that_is_itself_a_link(tmp_path: Path) -> None:
    _write(tmp_path, "real/a.txt")
    (tmp_path / "real" / "b.txt").symlink_to("a.txt")
    (tmp_path / "link").symlink_to("real")
    assert _found(tmp_path / "link") == ["a.txt", "b.txt"]


def test_sockets_pipes_and_folders_named_like_files_are_left_out(tmp_path: Path) -> None:
    _write(tmp_path, "a.txt", "folder.txt/b.txt")
    os.mkfifo(tmp_path / "pipe.txt")
    here = Path.cwd()
    os.chdir(tmp_path)  # a socket's path must be short
    try:
        with socket.socket(socket.AF_UNIX) as server:
            server.bind("socket.txt")
            assert _found(tmp_path) == ["a.txt", "folder.txt/b.txt"]
    finally:
        os.chdir(here)


def test_names_in_any_encoding_survive(tmp_path: Path) -> None:
    name = os.fsencode(tmp_path) + b"/\xe9t\xe9_2016_01_10.txt"
    with open(name, "wb") as file:  # noqa: PTH123 - a name that is no text
        file.write("Le maire a démissionné lundi à Nîmes, faute de majorité.".encode())
    (path,) = ingest.discover(tmp_path)
    (article,) = ingest.read(path, tmp_path)
    assert not isinstance(article, Failure)
    assert os.fsencode(article.source) == b"\xe9t\xe9_2016_01_10.txt"
    assert len(article.article_id) == 16
    assert str(article.published) == "2016-01-10 00:00:00"


def test_a_folder_that_cannot_be_listed_becomes_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _write(tmp_path, "a.txt", "locked/b.txt")
    scandir = os.scandir

    def refusing(folder: Path) -> object:
        if Path(folder).name == "locked":
            raise PermissionError(13, "Permission denied")
        return scandir(folder)

    monkeypatch.setattr("pipeline.ingest.files.os.scandir", refusing)
    paths = list(ingest.discover(tmp_path))
    assert [path.name for path in paths] == ["a.txt", "locked"]
    assert list(ingest.read(paths[1], tmp_path)) == [
        Failure("locked", "ingest", "the folder cannot be listed. Change its permissions.")
    ]


def test_folders_deeper_than_any_recursion(tmp_path: Path) -> None:
    _write(tmp_path, "a.txt")
    here = Path.cwd()
    try:
        os.chdir(tmp_path)
        for _ in range(1100):
            os.mkdir("d")  # noqa: PTH102 - the whole path is too long to be one
            os.chdir("d")
        Path("b.txt").write_text("Trop profond.", encoding="utf-8")
    finally:
        os.chdir(here)
    try:
        assert [path.name for path in ingest.discover(tmp_path)][:1] == ["a.txt"]
    finally:
        subprocess.run(["rm", "-rf", str(tmp_path / "d")], check=True)  # which Python's own functions are too shallow for


def test_names_that_are_no_text_reach_the_tables(tmp_path: Path) -> None:
    from pipeline.run import load
    from tests.store.helpers import article, go

    (tmp_path / "corpus").mkdir()
    name = os.fsencode(tmp_path / "corpus") + b"/caf\xe9 \xff.txt"
    with open(name, "wb") as file:  # noqa: PTH123 - a name that is no text
        file.write(article(1).encode())
    with open(name.replace(b".txt", b".json"), "wb") as file:  # noqa: PTH123
        file.write(b"{")
    go(tmp_path / "corpus", tmp_path / "out", jobs=1)
    tables = load(tmp_path / "out")
    assert tables.articles.source.tolist() == ["caf\ufffd \ufffd.txt"]
    assert tables.failures.source.tolist() == ["caf\ufffd \ufffd.json"]
    assert go(tmp_path / "corpus", tmp_path / "out", jobs=1).idle


def test_files_that_cannot_be_read_are_failures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _write(tmp_path, *(f"a{suffix}" for suffix in ingest.SUFFIXES))

    def refusing(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("io.open", refusing)
    monkeypatch.setattr("builtins.open", refusing)
    for path in list(ingest.discover(tmp_path)):
        for record in ingest.read(path, tmp_path):
            assert isinstance(record, Failure), path


@pytest.mark.bench
def test_a_hundred_thousand_files(tmp_path: Path) -> None:
    """Prints seconds and megabytes."""
    import time
    import tracemalloc

    for folder in range(100):
        (tmp_path / str(folder)).mkdir()
        for number in range(1000):
            (tmp_path / str(folder) / f"{number}.txt").touch()
    tracemalloc.start()
    began = time.monotonic()
    count = sum(1 for _ in ingest.discover(tmp_path))
    print(f"{count} files, {time.monotonic() - began:.1f} s, {tracemalloc.get_traced_memory()[1] >> 20} MB")
    assert count == 100_000

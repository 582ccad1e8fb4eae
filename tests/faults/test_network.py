"""No network, ever; no code from foreign data."""

from __future__ import annotations

import ast
import io
import os
import pickle
import shutil
import subprocess
from pathlib import Path

import pytest

from pipeline.run import load
from pipeline.training.places import _PlainData
from tests.store.helpers import PYTHON, ROOT, fill

PACKAGE = ROOT / "pipeline"
PAGE = """<html lang="fr"><head><title>Un budget pour Rennes</title>
<link rel="stylesheet" href="http://example.org/a.css"><script src="https://example.org/a.js"></script>
<meta property="article:published_time" content="2024-03-12T08:00:00+01:00"><base href="http://example.org/"></head>
<body><article><h1>Un budget pour Rennes</h1><p>Le conseil municipal a adopté lundi soir le budget de la ville, malgré
l’opposition de plusieurs élus, a annoncé la maire Nathalie Appéré à Rennes.</p><img src="http://example.org/a.png">
<iframe src="http://example.org/"></iframe></article></body></html>"""
# Imported by every process of the run at its start: a process that asks for the network ends at once, and says so.
WATCH = """
import os, sys
CALLS = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "urllib.Request", "http.client.connect")
def watch(event, arguments):
    if event in CALLS:
        with open({log!r}, "a") as log:
            log.write(event + repr(arguments) + chr(10))
        os._exit(99)
sys.addaudithook(watch)
"""


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    fill(tmp_path / "corpus", range(3))
    (tmp_path / "corpus" / "page.html").write_text(PAGE, encoding="utf-8")
    return tmp_path / "corpus"


def _run(corpus: Path, out: Path, *before: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*before, PYTHON, "-m", "pipeline", str(corpus), "--out", str(out), "--jobs", "1", "--strict"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        env={**os.environ, **environment},
    )


def _cut_off() -> list[str] | None:
    command = ["unshare", "--map-root-user", "--net"]
    if shutil.which("unshare") and not subprocess.run([*command, "true"], capture_output=True, check=False).returncode:
        return command
    return None


def test_a_run_without_network(corpus: Path, tmp_path: Path) -> None:
    """The real pipeline, model and all, where there is no network but for a loopback that is down; nothing is even tried."""
    log = tmp_path / "calls"
    (tmp_path / "watch").mkdir()
    (tmp_path / "watch" / "sitecustomize.py").write_text(WATCH.format(log=str(log)), encoding="utf-8")
    watched = f"{tmp_path / 'watch'}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"
    result = _run(corpus, tmp_path / "out", *(_cut_off() or []), PYTHONPATH=watched)
    assert not log.exists(), log.read_text(encoding="utf-8")
    assert result.returncode == 0, result.stdout + result.stderr
    tables = load(tmp_path / "out")
    assert len(tables.articles) == 4
    assert len(tables.events)


def test_the_watch_sees_a_call(tmp_path: Path) -> None:
    """Otherwise the test above would say nothing."""
    log = tmp_path / "calls"
    (tmp_path / "sitecustomize.py").write_text(WATCH.format(log=str(log)), encoding="utf-8")
    code = "import socket; socket.create_connection(('127.0.0.1', 9), 1)"
    result = subprocess.run([PYTHON, "-c", code], env={**os.environ, "PYTHONPATH": str(tmp_path)}, check=False)
    assert result.returncode == 99
    assert log.read_text(encoding="utf-8").startswith("socket.getaddrinfo")


@pytest.mark.skipif(_cut_off() is None, reason="a network name space of one's own is not permitted here")
def test_the_name_space_has_no_network() -> None:
    code = "import socket; socket.create_connection(('127.0.0.1', 9), 1)"
    result = subprocess.run([*(_cut_off() or []), PYTHON, "-c", code], capture_output=True, text=True, check=False)
    assert "Network is unreachable" in result.stderr


# What the package may not contain

NETWORK = frozenset({"urllib.request", "http", "socket", "ssl", "requests", "httpx", "aiohttp", "ftplib", "smtplib", "urllib3"})
LOADERS = frozenset({"pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve", "marshal"})
RUNNERS = frozenset({"eval", "exec", "compile", "__import__"})
UNSAFE_CALLS = frozenset({("yaml", "load"), ("yaml", "unsafe_load"), ("os", "system"), ("os", "popen"), ("pd", "read_pickle")})
MODULES = sorted(PACKAGE.rglob("*.py"))


def forbidden(source: str) -> list[str]:
    """What in `source` would talk to the network, run foreign data, or build objects from it."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)]
        else:
            names = []
        found += [f"import {name}" for name in names if {name, name.split(".")[0]} & (NETWORK | LOADERS)]
        if isinstance(node, ast.Call):
            call = node.func
            if isinstance(call, ast.Name) and call.id in RUNNERS:
                found.append(f"{call.id}()")
            if (
                isinstance(call, ast.Attribute)
                and isinstance(call.value, ast.Name)
                and (call.value.id, call.attr) in UNSAFE_CALLS
            ):
                found.append(f"{call.value.id}.{call.attr}()")
            if any(
                word.arg in ("shell", "allow_pickle") and getattr(word.value, "value", None) is True for word in node.keywords
            ):
                found.append("shell or allow_pickle")
    return found


# A maintainer's tool, not part of any run: its unpickler refuses to import anything, which is tested below.
EXEMPT = {"training/places.py": ["import pickle"]}


@pytest.mark.parametrize("path", MODULES, ids=[path.relative_to(PACKAGE).as_posix() for path in MODULES])
def test_no_network_no_pickle_no_eval(path: Path) -> None:
    found = forbidden(path.read_text(encoding="utf-8"))
    assert found == EXEMPT.get(path.relative_to(PACKAGE).as_posix(), [])


def test_the_one_unpickler_imports_nothing() -> None:
    with pytest.raises(pickle.UnpicklingError, match="the table holds code"):
        _PlainData(io.BytesIO(pickle.dumps(os.system))).load()


@pytest.mark.parametrize(
    "source",
    [
        *("import pickle", "from urllib import request", "from urllib.request import urlopen", "import socket", "eval('1')"),
        *("import yaml\nyaml.load('')", "np.load('x', allow_pickle=True)", "subprocess.run('ls', shell=True)"),
    ],
)
def test_what_is_forbidden_is_seen(source: str) -> None:
    assert forbidden(source)

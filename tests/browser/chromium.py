"""A real browser for tests: Chromium without a window, spoken to through a pipe in its own protocol. Needs no library."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
OPTIONS = (
    *("--headless", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--remote-debugging-pipe"),
)


@cache
def _path() -> str | None:
    """A Chromium that starts: some systems have one of these names for a note how to install it."""
    for name in NAMES:
        path = shutil.which(name)
        with contextlib.suppress(OSError, subprocess.SubprocessError):
            if path and not subprocess.run([path, "--version"], capture_output=True, timeout=60, check=False).returncode:
                return path
    return None


# The browser reads commands from descriptor 3 and answers to descriptor 4.
START = """
import os, sys
for wanted, given in ((3, os.dup(int(sys.argv[1]))), (4, os.dup(int(sys.argv[2])))):
    os.dup2(given, wanted)
    os.set_inheritable(wanted, True)
os.execv(sys.argv[3], sys.argv[3:])
"""
needed = pytest.mark.skipif(_path() is None, reason=f"no browser on the path: none of {', '.join(NAMES)}")


class Page:
    """An open page. A class because it holds the pipes."""

    def __init__(self, reading: int, writing: int) -> None:
        self._in, self._out = os.fdopen(reading, "rb"), os.fdopen(writing, "wb")
        self._number, self._rest, self._session = 0, b"", ""
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.send("Page.enable")

    def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Give a command and wait for its answer."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        self._out.write(json.dumps(message).encode() + b"\0")
        self._out.flush()
        while (answer := self._next()).get("id") != self._number:
            pass
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        found: dict[str, Any] = answer["result"]
        return found

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            block = os.read(self._in.fileno(), 1 << 16)
            if not block:
                raise RuntimeError("the browser has ended")
            self._rest += block
        message, _, self._rest = self._rest.partition(b"\0")
        found: dict[str, Any] = json.loads(message)
        return found

    def open(self, path: Path) -> None:
        """Open a file and wait until it is loaded."""
        self.send("Page.navigate", url=path.as_uri())
        while self._next().get("method") != "Page.loadEventFired":
            pass

    def ask(self, expression: str) -> Any:
        """The value of a JavaScript expression in the page, as JSON can hold it."""
        answer = self.send("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(f"{expression}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def press(self, *keys: str) -> None:
        """Press keys one after the other: Tab, Enter, or characters."""
        codes = {"Tab": (9, ""), "Enter": (13, "\r")}
        for key in keys:
            code, text = codes.get(key, (0, key))
            common = {"key": key, "windowsVirtualKeyCode": code}
            self.send("Input.dispatchKeyEvent", type="keyDown", text=text, **common)
            self.send("Input.dispatchKeyEvent", type="keyUp", **common)


@contextlib.contextmanager
def opened(path: Path, *, width: int = 1280, height: int = 900, scheme: str = "light") -> Iterator[Page]:
    """The file at `path` in a browser with nothing of the user's."""
    command = [_path() or "", *OPTIONS, *(["--no-sandbox"] if hasattr(os, "geteuid") and not os.geteuid() else [])]
    theirs_in, ours_out = os.pipe()
    ours_in, theirs_out = os.pipe()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        process = subprocess.Popen(
            [sys.executable, "-c", START, str(theirs_in), str(theirs_out), *command, f"--user-data-dir={profile}"],
            pass_fds=(theirs_in, theirs_out),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(theirs_in)
        os.close(theirs_out)
        try:
            page = Page(ours_in, ours_out)
            page.send("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600)
            page.send("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
            page.open(path)
            yield page
        finally:
            process.kill()
            process.wait()

"""The page in a real browser: nothing of an article runs, nothing is loaded, the list is filtered by hand and by keyboard."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.browser import chromium
from tests.report import samples
from tests.report.samples import HOSTILE, OWN, event, hostile_page, page, summary

pytestmark = chromium.needed
ROWS = "document.querySelectorAll('#list tbody tr').length"
FOUND = "document.getElementById('shown').textContent"
FOCUSED = "document.activeElement.id || document.activeElement.textContent"


@contextmanager
def listening() -> Iterator[tuple[int, list[str]]]:
    """A server on this machine, and what it is asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port, asked
        server.shutdown()


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """A page with 130 events."""
    kinds = (("conflict", "killing"), ("speech", "statement"), ("conflict", "riot"))
    events = [
        event(n, event_id=f"e{n}", event_class=kinds[n % 3][0], event_type=kinds[n % 3][1], confidence=round(0.3 + n / 200, 3))
        | {"actor": f"Élodie Numéro{n}", "place": "Lyon" if n % 10 == 0 else None, "latitude": 45.7, "longitude": 4.8}
        for n in range(130)
    ]
    articles = [samples.article(n) for n in range(130)]
    return page(tmp_path, summary(articles=130, events=130), articles=articles, events=events)


def test_nothing_of_an_article_runs_or_is_loaded(tmp_path: Path) -> None:
    with listening() as (port, asked):
        path = hostile_page(tmp_path, port)
        with chromium.opened(path) as shown:
            shown.ask("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
            shown.ask("new Promise((done) => setTimeout(done, 500))")
            assert shown.ask("document.documentElement.dataset.owned") is None
            assert shown.ask("location.href") == path.as_uri()
            assert shown.ask(ROWS) == len(HOSTILE)
            names = shown.ask("[...document.querySelectorAll('#list td:nth-child(5)')].map((cell) => cell.textContent)")
            assert sorted(names) == sorted(text.replace("PORT", str(port)) for text in HOSTILE)
            assert shown.ask("document.images.length + document.querySelectorAll('iframe, base, link').length") == 0
            assert shown.ask("document.scripts.length") == 2
        assert asked == []


INJECTED = (
    f"<script>{OWN}</script><img src='http://127.0.0.1:PORT/image' onerror=\"{OWN}\">"
    "<script src='http://127.0.0.1:PORT/code'></script><link rel=stylesheet href='http://127.0.0.1:PORT/css'>"
    "<iframe src='http://127.0.0.1:PORT/frame'></iframe><div style='background:url(http://127.0.0.1:PORT/style)'>x</div>"
)
CALL = "fetch('http://127.0.0.1:PORT/call').then(() => 'called', () => 'refused')"


@pytest.mark.parametrize("policy", [True, False])
def test_the_policy_stops_what_would_get_through(tmp_path: Path, policy: bool) -> None:
    """Markup in the page itself; and without the policy, so that we know that the test would see it."""
    with listening() as (port, asked):
        path = page(tmp_path, summary())
        text = path.read_text(encoding="utf-8").replace("<main>", f"<main>{INJECTED.replace('PORT', str(port))}")
        path.write_text(text if policy else text.replace("Content-Security-Policy", "X"), encoding="utf-8")
        with chromium.opened(path) as shown:
            shown.ask(CALL.replace("PORT", str(port)))
            owned = shown.ask("document.documentElement.dataset.owned")
        assert (owned, bool(asked)) == ((None, False) if policy else ("1", True))
        assert policy or {"/image", "/code", "/css", "/frame", "/style"} <= set(asked)


def test_the_list_is_filtered(many: Path) -> None:
    with chromium.opened(many) as shown:
        assert (shown.ask(ROWS), shown.ask(FOUND)) == (50, "130 of 130 events match")

        def put(name: str, value: str) -> tuple[int, str]:
            shown.ask(f"document.getElementById('{name}').value = '{value}'")
            shown.ask(f"document.getElementById('{name}').dispatchEvent(new Event('input', {{bubbles: true}}))")
            return shown.ask(ROWS), shown.ask(FOUND)

        assert put("kind", "riot") == (43, "43 of 130 events match")
        assert put("kind", "class conflict") == (50, "87 of 130 events match")
        assert put("words", "elodie numero12") == (8, "8 of 130 events match")
        assert put("status", "negated") == (0, "0 of 130 events match")
        shown.ask("document.querySelector('#filters [type=reset]').click()")
        assert shown.ask(f"new Promise((done) => setTimeout(() => done({FOUND}), 50))") == "130 of 130 events match"
        assert put("least", "0.9")[1] == "10 of 130 events match"
        put("least", "0")
        assert put("from", "2024-03-28")[1] == "4 of 130 events match"
        assert put("to", "2024-03-27")[1] == "0 of 130 events match"


def test_the_list_is_used_by_keyboard_alone(many: Path) -> None:
    with chromium.opened(many) as shown:
        reached = []
        for _ in range(60):
            shown.press("Tab")
            reached.append(shown.ask(FOCUSED))
            if reached[-1] == "words":
                break
        assert reached[-1] == "words"
        shown.press(*"lyon")
        assert shown.ask(FOUND) == "13 of 130 events match"
        for _ in range(40):
            shown.press("Tab")
            if shown.ask(FOCUSED) == "Confidence":
                break
        shown.press("Enter")
        order = "[...document.querySelectorAll('#list td:last-child')].map((cell) => Number(cell.textContent))"
        found = shown.ask(order)
        assert found == sorted(found, reverse=True)
        shown.press("Enter")
        assert shown.ask(order) == found[::-1]
        assert shown.ask("document.querySelector('[aria-sort]').getAttribute('aria-sort')") == "ascending"
        shown.ask("document.querySelector('#filters [type=reset]').click()")
        shown.ask("new Promise((done) => setTimeout(done, 50))")
        shown.ask("document.getElementById('more').focus()")
        shown.press("Enter")
        assert shown.ask(ROWS) == 100
        shown.press("Enter")
        assert shown.ask(ROWS) == 130
        assert shown.ask("document.activeElement === document.querySelectorAll('#list tbody tr')[100]")


@pytest.mark.parametrize("make", [hostile_page, None])
def test_it_fits_a_phone(tmp_path: Path, many: Path, make: object) -> None:
    with chromium.opened(hostile_page(tmp_path) if make else many, width=400) as shown:
        shown.ask("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        assert shown.ask("document.documentElement.scrollWidth") <= 400
        assert shown.ask("getComputedStyle(document.querySelector('#list td')).display") == "block"
        assert shown.ask("Math.min(...[...document.querySelectorAll('#filters input')].map((e) => e.offsetHeight))") >= 40


CONTRAST = """(() => {
  const light = (name) => {
    const style = getComputedStyle(document.documentElement).getPropertyValue(name).trim().replace("#", "");
    const full = style.length === 3 ? [...style].map((c) => c + c).join("") : style;
    const parts = [0, 2, 4].map((i) => parseInt(full.slice(i, i + 2), 16) / 255);
    const [r, g, b] = parts.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (one, other) => {
    const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const text = ["--page", "--card", "--bar"].flatMap((ground) => [ratio("--ink", ground), ratio("--soft", ground)]);
  return [Math.min(...text, ratio("--ink", "--mark")), Math.min(ratio("--happened", "--card"), ratio("--happened", "--page"))];
})()"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_can_be_read_in_light_and_dark(many: Path, scheme: str) -> None:
    """The ratios that WCAG 2 asks of text (4.5) and of shapes and links (4.5 as these are text too)."""
    with chromium.opened(many, scheme=scheme) as shown:
        ground = shown.ask("getComputedStyle(document.body).backgroundColor")
        assert (int(ground[4:].split(",")[0]) < 60) == (scheme == "dark")
        text, links = shown.ask(CONTRAST)
        assert text >= 4.5
        assert links >= 4.5

"""A real Chromium, a plain web server over the static files, and the live server."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response, sync_playwright

ROOT = Path(__file__).resolve().parents[3]
#: Where the screenshots land that people look through.
SCREENSHOTS = ROOT / "build" / "screenshots"
#: What a strict web server sends with the static files; the live server sends its own.
STRICT = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; connect-src 'self'; worker-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
TALLEST = 4000
#: Narrow is a small telephone, wide a laptop.
WIDTHS = {"360": (360, 740), "1280": (1280, 900)}
#: The two languages have one template, and a template two looks: axe-core reads each language and each look.
AXE_AT = {"da": "360", "en": "1280"}


def chromium() -> str:
    """The browser's program; skipped where there is none, and failed in CI: a skip there would look like a pass."""
    found = os.environ.get("VIRKER_CHROMIUM") or next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        why = "no Chromium: apt-get install chromium, or set VIRKER_CHROMIUM to its program"
        if os.environ.get("CI"):
            pytest.fail(why)
        pytest.skip(why)
    return found


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One browser for this folder; it stops before other tests run, because Playwright leaves an event loop running."""
    program = chromium()
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="session")
def screenshots() -> Path:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    return SCREENSHOTS


class _Handler(SimpleHTTPRequestHandler):
    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", STRICT)
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Silent: the tests look at what the browser got."""


@pytest.fixture(scope="package")
def static(site_folder: Path) -> Iterator[str]:
    """The address of a plain web server over the static files, in a folder of its own as on a shared host."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, directory=str(site_folder.parent)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/{site_folder.name}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="package")
def living(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the Danish workspace that the live server may write an inbox into."""
    from virker.workspace import packaged_workspace

    root = tmp_path_factory.mktemp("levende")
    for part in ("bank", "cards", "notes", "plans", "rules"):
        shutil.copytree(packaged_workspace() / part, root / part)
    shutil.copy(packaged_workspace() / "virker.toml", root)
    return root


@pytest.fixture(scope="package")
def live(living: Path) -> Iterator[str]:
    """The address of the live server, as ``virker serve`` runs it."""
    import uvicorn

    from virker.claims.edition import load_edition
    from virker.web.app import create_app
    from virker.web.safety import LOOPBACK_NAMES
    from virker.web.site import Site
    from virker.workspace import Workspace

    app = create_app(Site(load_edition(Workspace.find(living)), live=True), LOOPBACK_NAMES)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", access_log=False, ws="none"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.02)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


@dataclass
class Visitor:
    """A browser window that notes everything that goes wrong in it."""

    page: Page
    wrong: list[str] = field(default_factory=list)
    #: Statuses that a test asks for: the browser notes every answer of 400 and more, some time after it has come.
    expected: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.wrong.append(f"{self.page.url}: {error}"))
        self.page.on("response", self._answered)
        self.page.on("requestfailed", self._failed)

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.expected:
            self.wrong.append(f"{self.page.url}: {response.status} for {response.url}")

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not any(f"with a status of {status} " in message.text for status in self.expected):
            self.wrong.append(f"{self.page.url}: {message.text}")

    def _failed(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # the window went on to another page meanwhile
            self.wrong.append(f"{self.page.url}: {request.failure} for {request.url}")

    def goto(self, address: str) -> Page:
        self.page.goto(address, wait_until="load")
        return self.page

    def wide(self, name: str) -> None:
        width, height = WIDTHS[name]
        self.page.set_viewport_size({"width": width, "height": height})

    def shoot(self, folder: Path, name: str) -> None:
        """A picture of the page's first part for people to look at; a note is as tall as a house."""
        size = self.page.viewport_size
        assert size is not None
        height = min(self.page.evaluate("() => document.documentElement.scrollHeight"), TALLEST)
        self.page.set_viewport_size({"width": size["width"], "height": height})  # a picture of the whole page would draw all of it
        self.page.screenshot(path=folder / name)
        self.page.set_viewport_size(size)

    @property
    def overflow(self) -> list[str]:
        """What stands outside the window, when the page can be scrolled sideways; empty when it cannot."""
        found: list[str] = self.page.evaluate(OVERFLOW)
        return found


#: The elements that reach furthest to the right and are not inside something that scrolls by itself.
OVERFLOW = """() => {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return [];
  const scrolls = (e) => { for (let p = e.parentElement; p && p !== document.body; p = p.parentElement) {
    if (["auto", "scroll", "hidden"].includes(getComputedStyle(p).overflowX)) return true; } return false; };
  const out = [...document.body.querySelectorAll("*")].filter((e) => e.getBoundingClientRect().right > room + 1 && !scrolls(e));
  return [`${document.documentElement.scrollWidth} > ${room}`, ...out.slice(-6).map((e) => e.outerHTML.slice(0, 160))];
}"""


@pytest.fixture(scope="package")
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(locale="da-DK", reduced_motion="reduce")
    yield made
    made.close()


@pytest.fixture
def plain(browser: Browser) -> Iterator[Visitor]:
    """A window without JavaScript: what is asked and answered must work there too."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(20_000)
    visiting = Visitor(page)
    yield visiting
    context.close()
    assert not visiting.wrong, "\n".join(visiting.wrong)


@pytest.fixture
def visitor(context: BrowserContext) -> Iterator[Visitor]:
    """A new window; whatever went wrong in it fails the test."""
    page = context.new_page()
    page.set_default_timeout(10_000)
    visiting = Visitor(page)
    yield visiting
    page.close()
    assert not visiting.wrong, "\n".join(visiting.wrong)


def fullest(folder: Path, language: str, kind: str) -> str:
    """The largest page of a kind, as a path from the site's root: it has most of what such a page can have."""
    single = folder / language / f"{kind}.html"
    pages = [single] if single.is_file() else []
    pages += sorted((folder / language / kind).glob("*.html"))
    return max(pages, key=lambda p: p.stat().st_size).relative_to(folder).as_posix()


#: axe-core measures every word of a page; of rows and lists that are alike the first are enough.
SHORTENED = """() => { for (const body of document.querySelectorAll("main tbody, main ol, main ul"))
  [...body.children].slice(20).forEach((row) => row.remove());
  for (const parent of document.querySelectorAll("main, main section")) [...parent.children].slice(120).forEach((child) => child.remove()); }"""


def axe(page: Page) -> list[dict[str, Any]]:
    """What axe-core finds against WCAG 2.1 A and AA and good practice. It shortens the page: look at other things first."""
    from axe_playwright_python.base import AXE_SCRIPT

    page.evaluate(SHORTENED)
    if not page.evaluate("() => Boolean(window.axe)"):
        page.evaluate(AXE_SCRIPT)
    found: list[dict[str, Any]] = page.evaluate("async () => (await axe.run(document, {resultTypes: ['violations']})).violations")
    return found


def told(violations: list[dict[str, Any]]) -> str:
    """Violations as lines: the rule, what it wants, and where."""
    return "\n".join(f"{v['id']}: {v['help']}\n" + "\n".join(f"    {n['html'][:200]} {n['failureSummary'][:200]}" for n in v["nodes"][:4]) for v in violations)

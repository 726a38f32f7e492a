"""Fixtures: a Chromium, the site, a portal, and booted pages that fail on what no page may do."""

from __future__ import annotations

import base64
import os
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    Route,
    ViewportSize,
    expect,
    sync_playwright,
)

from setup.built import ensure_built
from setup.chromium import chromium_path
from setup.machine import Machine
from setup.place import HERE

from .deployed import build_quietly, deployed
from .devserver import running_devserver
from .scripted_portal import ScriptedPortal, demo_flow
from .site import ROOT, BundledHandler, static_site
from .violations import Violations

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
FROM_THE_START = "--js-flags=--liftoff-only"
"""WebAssembly as it is compiled first: to make it faster takes a fifth of what a start of the page takes, and most
pages of a test are gone before that pays."""
PROBED_MAIN = "from __future__ import annotations\n" + "".join(
    re.sub(r"^from (__future__|\.\.ports) .*$", "", (ROOT / name).read_text(), flags=re.M)
    for name in ("pyapp/testing/faults.py", "e2e/probe.py")
)
"""The page's entry with the probe in it: each part of the page stands behind a seam, where it can be broken."""


LONG = ("test_snapshot", "test_devserver", "test_soak", "test_growth", "test_in_page_suite", "test_runtime")
"""The files that take longest, the longest first."""
VIEWPORT: ViewportSize = {"width": 1440, "height": 900}
PATIENCE_MS = 30_000
"""A state that comes is seen at once; one that does not may come late on a busy machine."""
expect.set_options(timeout=PATIENCE_MS)
DIST = os.environ.get("FLOWGLOW_SITE") == "dist"
"""Whether `site` is what a portal deploys (`make e2e-dist`), in the place of the tree."""


def named(path: str) -> re.Pattern[str]:
    """The address of a file by its name in the tree, or by the one under which it is deployed."""
    name, _, kind = path.rpartition(".")
    return re.compile(rf".*/{re.escape(name)}(\.[0-9a-f]{{10}})?\.{kind}$")


MAIN = named("pyapp/main.py")
"""The page's entry."""


def hold(page: Page, pattern: re.Pattern[str], held: list[Route]) -> None:
    """Keep back what the page asks for, in `held`; what its head has fetched ahead goes through."""

    def decide(route: Route) -> None:
        if "prefetch" in route.request.headers.get("sec-purpose", ""):
            route.continue_()
        else:
            held.append(route)

    page.route(pattern, decide)


NOT_KEPT = r" 404 .*/api/runs/[^/]+/events\?"
"""The scripted portal keeps the events of few runs; of the others a page may ask when a list tells it of them first."""


class Guard:
    """Watches a page for what no page may do: log errors, break the CSP, ask another host, load twice."""

    def __init__(self, page: Page) -> None:
        self.errors: list[str] = []
        self.loads = 0
        self.allowed: list[str] = []
        """Patterns of console errors that a test means to provoke."""
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.errors.append(f"uncaught: {error}"))
        page.on("request", self._request)
        page.on("load", self._load)

    def _console(self, message: ConsoleMessage) -> None:
        said = f"{message.text} ({message.location.get('url', '')})"
        if message.type == "error" and not any(re.search(each, said) for each in (NOT_KEPT, *self.allowed)):
            self.errors.append(f"console: {said}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith(("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:")):
            self.errors.append(f"foreign request: {request.url}")

    def _load(self, _: Any) -> None:
        self.loads += 1

    def check(self) -> None:
        """Fail on anything that was seen, once."""
        errors, self.errors = self.errors, []
        assert not errors, "\n".join(errors)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


VIOLATIONS = Violations()


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """A Chromium; each context that is made in it is watched for what a policy refuses."""
    browser = playwright.chromium.launch(executable_path=chromium_path(), args=[*FLAGS, FROM_THE_START])
    make = browser.new_context
    browser.new_context = lambda *args, **options: VIOLATIONS.watch(make(*args, **options))  # type: ignore[method-assign]
    yield browser
    browser.close()


@pytest.fixture(autouse=True)
def violations() -> Iterator[Violations]:
    """No test may have anything refused by a policy, unless it means to."""
    yield VIOLATIONS
    VIOLATIONS.check()


@pytest.fixture(scope="session")
def built() -> None:
    """A snapshot for the tree; an old one serves as well."""
    ensure_built(HERE, Machine(), exact=False)


@pytest.fixture(scope="session")
def site(built: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The tree, our own Python in one archive as from the dev server, or the page as it is deployed; its address."""
    bundled = static_site(handler=BundledHandler)
    with deployed(build_quietly(tmp_path_factory.mktemp("site") / "dist")) if DIST else bundled as address:
        yield address


@pytest.fixture(scope="session")
def plain_site(site: str) -> Iterator[str]:
    """The tree on a plain static server, which sends each file by itself; or the page as it is deployed."""
    if DIST:
        yield site
        return
    with static_site() as address:
        yield address


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first, so that no process waits for one at the end; leave out what says nothing of a deployed page."""
    items.sort(key=lambda item: LONG.index(item.path.stem) if item.path.stem in LONG else len(LONG))
    for item in items:
        mark = item.get_closest_marker("tree")
        if DIST and mark is not None:
            item.add_marker(pytest.mark.skip(reason=str(mark.args[0])))


@pytest.fixture(scope="session")
def devserver(built: None) -> Iterator[str]:
    """The real dev server in a process of its own; its address."""
    with running_devserver(ROOT) as address:
        yield address


@pytest.fixture(scope="module")
def portal() -> Iterator[ScriptedPortal]:
    portal = ScriptedPortal()
    portal.start()
    yield portal
    portal.stop()


@pytest.fixture(scope="session")
def warm(browser: Browser) -> Iterator[BrowserContext]:
    """What one page has fetched and compiled is there for the next, which takes half as long to start."""
    context = browser.new_context(viewport=VIEWPORT)
    context.new_page()  # keeps the window: with each new one Chromium draws panels of its own
    yield context
    context.close()


@pytest.fixture(scope="module")
def context(warm: BrowserContext) -> Iterator[BrowserContext]:
    """Where a module's pages are: none finds what another module left there."""
    yield warm
    keeper, *others = warm.pages
    for page in others:
        page.close()
    warm.set_offline(False)
    warm.clear_permissions()
    warm.clear_cookies()
    session = warm.new_cdp_session(keeper)
    session.send("Storage.clearDataForOrigin", {"origin": "*", "storageTypes": "all"})
    session.detach()


NO_DIGEST = "Object.defineProperty(Crypto.prototype, 'subtle', { value: undefined });"
"""As where a page has no means to tell a hash: any origin but a secure one."""


def boot_ordinarily(page: Page) -> None:
    """From now on the page starts Python from its files, as if the set-up had taken no snapshot."""
    nothing = "export default { snapshot: null, bundle: null };"
    page.route("**/web/built/parts.mjs", lambda route: route.fulfill(body=nothing, content_type="text/javascript"))


def boot(page: Page, url: str) -> Page:
    """Open the page with the probe in it, and wait until it is ready."""
    _put_probe_in(page)
    page.goto(url)
    page.locator("html[data-app=ready]").wait_for(timeout=60_000)
    return page


def _put_probe_in(page: Page) -> None:
    """In the place of the entry, by Chromium's own means: `page.route` would turn off the cache of all the rest."""
    session: Any = page.context.new_cdp_session(page)
    fulfilled = {
        "responseCode": 200,
        "responseHeaders": [{"name": "content-type", "value": "text/x-python"}],
        "body": base64.b64encode(PROBED_MAIN.encode()).decode(),
    }
    session.on(
        "Fetch.requestPaused",
        lambda paused: session.send("Fetch.fulfillRequest", {"requestId": paused["requestId"], **fulfilled}),
    )
    session.send("Fetch.enable", {"patterns": [{"urlPattern": "*/pyapp/main*.py"}]})


@pytest.fixture
def fresh(context: BrowserContext) -> Iterator[Page]:
    """A page of its own for each test."""
    page = context.new_page()
    yield page
    page.close()


@pytest.fixture(scope="module")
def apart(browser: Browser) -> Iterator[BrowserContext]:
    """A context of the module's own, for what Playwright gives to all pages of one: a clock."""
    context = browser.new_context(viewport=VIEWPORT)
    yield context
    context.close()


@pytest.fixture(scope="module")
def booted(context: BrowserContext, site: str, portal: ScriptedPortal) -> Iterator[tuple[Page, Guard]]:
    """One booted page for a module, connected to the scripted portal."""
    page = context.new_page()
    guard = Guard(page)
    boot(page, f"{site}/{portal.query}")
    portal.wait_connected(1)
    page.locator('#canvas [data-node-id="n0"]').wait_for()
    yield page, guard
    assert guard.loads == 1, "the page was loaded more than once"
    page.close()


@pytest.fixture
def page(booted: tuple[Page, Guard], portal: ScriptedPortal) -> Iterator[Page]:
    """The module's page as new: no runs, every handler healthy."""
    page, guard = booted
    portal.forget()
    portal.flows["demo"] = demo_flow()
    page.evaluate("() => { probe.heal(); flowglow.reset(); }")
    page.locator("#connection[data-state=open]").wait_for()
    guard.allowed = []
    yield page
    guard.check()

"""The boot: from every kind of server, and whatever is missing a person can read what and try again."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from setup.site import csp, page_text

from .conftest import MAIN, NO_DIGEST, Guard, boot_ordinarily, hold
from .site import ROOT
from .violations import Violations

IN_TREE = pytest.mark.tree("what is deployed starts ordinarily only where its snapshot fails: test_snapshot.py")


@pytest.mark.parametrize("ordinarily", [False, pytest.param(True, marks=IN_TREE)])
def test_a_plain_static_server_offers_a_recorded_run(fresh: Page, plain_site: str, ordinarily: bool) -> None:
    """python3 -m http.server at the root: no backend is probed, Play replays the recording to its end."""
    guard = Guard(fresh)
    if ordinarily:
        boot_ordinarily(fresh)
    asked: list[str] = []
    fresh.on("request", lambda request: asked.append(request.url))
    fresh.goto(f"{plain_site}/?speed=20")
    fresh.locator("html[data-app=ready]").wait_for(timeout=60_000)
    expect(fresh.locator("#connection")).to_have_attribute("data-state", "closed")
    fresh.locator("#play").click()
    expect(fresh.locator("#canvas .executing").first).to_be_visible()
    expect(fresh.locator("#runs [data-status=success]")).to_be_visible(timeout=20_000)
    expect(fresh.locator("#canvas .executing")).to_have_count(0)
    assert fresh.locator(".execution-order").count() > 2
    fresh.locator("#play").click()
    expect(fresh.locator("#runs [data-status=success]")).to_have_count(2, timeout=20_000)
    assert not [url for url in asked if "/api/" in url or url.startswith("ws")]
    guard.check()


def _missing(route: Route) -> None:
    route.fulfill(status=404, body="gone")


def _broken_main(route: Route) -> None:
    route.fulfill(body="from pyapp.browser.entry import start\nraise RuntimeError('main is broken')\n")


def _tampered(route: Route) -> None:
    if route.request.method == "HEAD":
        return route.continue_()
    response = route.fetch()
    body = bytearray(response.body())
    body[len(body) // 2] ^= 0xFF
    return route.fulfill(response=response, body=bytes(body))


FAULTS: dict[str, tuple[str, Callable[[Route], None], str]] = {
    "a wheel is missing": (r".*pydantic-2.*\.whl", _missing, "pydantic|404"),
    "a wheel was changed": (r".*pydantic_core.*\.whl", _tampered, "pydantic|integrity|sha256"),
    "the wasm is missing": (r".*pyodide\.asm\.wasm", _missing, "wasm|fetch|load"),
    "the wasm was changed": (r".*pyodide\.asm\.wasm", _tampered, "SHA-256"),
    "the wasm was changed, on an insecure origin": (r".*pyodide\.asm\.wasm", _tampered, "SHA-256"),
    "the standard library is missing": (r".*python_stdlib\.zip", _missing, "stdlib|load|fetch"),
    "PyScript is missing": (r".*pyscript/core\.js", _missing, "core"),
    "a module of ours is missing": (r".*pyapp/app\.py", _missing, "app|404|files"),
    "main.py is missing": (r".*pyapp/main\.py", _missing, "main"),
    "main.py raises": (r".*pyapp/main\.py", _broken_main, "main is broken"),
    "a module of ours raises": (
        r".*pyapp/stores/stores\.py",
        lambda route: route.fulfill(body="raise ValueError('stores is broken')"),
        "stores is broken",
    ),
}


@IN_TREE
@pytest.mark.parametrize("what", FAULTS)
def test_a_boot_that_fails_says_so(what: str, fresh: Page, plain_site: str) -> None:
    """Instead of a blank page: a panel in words with the detail, and Retry boots once the fault is gone."""
    pattern, fault, word = FAULTS[what]
    if "insecure" in what:
        fresh.add_init_script(NO_DIGEST)
    boot_ordinarily(fresh)
    fresh.route(re.compile(pattern), fault)
    fresh.goto(plain_site)
    fresh.locator("html[data-app=failed]").wait_for(timeout=60_000)
    panel = fresh.locator("#boot-failure")
    expect(panel).to_be_visible()
    expect(fresh.locator("#splash")).to_be_hidden()
    assert (fresh.locator("#boot-failure-summary").text_content() or "").endswith(".")
    assert re.search(word, fresh.locator("#boot-failure-detail").text_content() or "", re.I)
    expect(fresh.locator("#boot-copy")).to_be_visible()
    fresh.unroute_all()
    fresh.locator("#boot-retry").click()
    fresh.locator("html[data-app=ready]").wait_for(timeout=60_000)


@IN_TREE
def test_a_module_of_a_wrong_type_is_said(fresh: Page, site: str) -> None:
    """As from a server that does not know `.mjs`: the panel says what it must say instead."""

    def as_bytes(route: Route) -> None:
        route.fulfill(response=route.fetch(), content_type="application/octet-stream")

    fresh.route(re.compile(r".*/web/js/.*\.mjs"), as_bytes)
    fresh.goto(site)
    fresh.locator("html[data-app=failed]").wait_for(timeout=60_000)
    expect(fresh.locator("#boot-failure-detail")).to_contain_text("application/octet-stream")
    expect(fresh.locator("#boot-failure-detail")).to_contain_text("text/javascript")


def test_without_javascript_the_page_says_so(browser: Browser, site: str) -> None:
    """In words of the document itself, as nothing else is there."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site)
    assert "needs JavaScript" in (page.locator("#splash noscript").text_content() or "")
    context.close()


@IN_TREE
def test_a_socket_of_a_listed_origin_passes_the_policy(fresh: Page, site: str) -> None:
    """`origins` names https alone; `?ws=wss://…` of it is let out, and is not refused without a word."""
    policy = csp({"origins": ["https://portal.example"]}, loopback=True)
    page = page_text(ROOT, policy)
    fresh.route(re.compile(r".*/$"), lambda route: route.fulfill(response=route.fetch(), body=page))
    fresh.goto(f"{site}/")
    fresh.evaluate("() => { window.refused = []; addEventListener('securitypolicyviolation', () => refused.push(1)); }")
    tried = """(url) => new Promise((told) => { new WebSocket(url).onerror = () => told(window.refused.length); })"""
    assert fresh.evaluate(tried, "wss://portal.example/ws") == 0


SNAPSHOT = re.compile(r".*\.snap$")


def test_who_waits_sees_what_is_still_to_come(apart: BrowserContext, site: str) -> None:
    """Bytes, over the page's own shell, which nobody can use yet; a line that stalls is no failure, and goes on."""
    held: list[Route] = []
    fresh = apart.new_page()
    fresh.add_init_script("localStorage.clear()")
    fresh.clock.install()
    hold(fresh, MAIN, held)
    fresh.route(SNAPSHOT, lambda route: held.append(route))
    fresh.goto(site)
    stage = fresh.locator("#splash-stage")
    expect(fresh.locator("#splash-bytes")).to_contain_text("MB", timeout=30_000)
    expect(fresh.locator("#page")).to_have_attribute("inert", "")
    expect(fresh.locator("#page header")).to_be_visible()
    fresh.clock.fast_forward(70_000)
    expect(stage).to_contain_text("Nothing has come for a while")
    assert fresh.locator("html").get_attribute("data-app") == "booting"
    held.pop(0).continue_()
    expect(fresh.locator("#splash-bytes")).to_have_text(re.compile(r"^(\d+\.\d) of \1 MB$"), timeout=60_000)
    expect(stage).to_have_text("Starting the app", timeout=60_000)
    expect(fresh.locator("#splash-hint")).to_be_visible()
    held.pop(0).continue_()
    fresh.locator("html[data-app=ready]").wait_for(timeout=60_000)
    expect(fresh.locator("#page")).not_to_have_attribute("inert", "")
    expect(fresh.locator("#splash")).to_have_count(0)


def test_a_boot_that_ends_well_takes_its_failure_away(apart: BrowserContext, site: str) -> None:
    """Whatever was said too early."""
    held: list[Route] = []
    fresh = apart.new_page()
    fresh.clock.install()
    hold(fresh, MAIN, held)
    fresh.goto(site)
    expect(fresh.locator("#splash-stage")).to_have_text("Starting the app", timeout=60_000)
    fresh.clock.fast_forward(70_000)
    expect(fresh.locator("#boot-failure")).to_be_visible()
    expect(fresh.locator("#boot-failure-summary")).to_contain_text("longer than it should")
    held[0].continue_()
    fresh.locator("html[data-app=ready]").wait_for(timeout=60_000)
    expect(fresh.locator("#boot-failure")).to_be_hidden()


def test_wasm_that_is_not_allowed_is_said(fresh: Page, site: str, violations: Violations) -> None:
    """A portal whose CSP forbids WebAssembly gets a sentence, not a blank page."""

    def stricter(route: Route) -> None:
        response = route.fetch()
        route.fulfill(
            response=response,
            headers={**response.headers, "content-security-policy": "script-src 'self' 'unsafe-inline'"},
        )

    violations.allowed = ["script-src wasm-eval"]
    fresh.route(re.compile(r".*/$"), stricter)
    fresh.goto(f"{site}/")
    fresh.locator("html[data-app=failed]").wait_for(timeout=60_000)
    expect(fresh.locator("#boot-failure-summary")).to_contain_text("WebAssembly")


def test_settings_that_cannot_be_used_are_said(fresh: Page, site: str) -> None:
    """A foreign address is refused with a notice; nothing is asked of it."""
    guard = Guard(fresh)
    fresh.goto(f"{site}/?api=https://evil.example/api&ws=wss://evil.example/ws")
    fresh.locator("html[data-app=ready]").wait_for(timeout=60_000)
    expect(fresh.locator("#notices [role=alert]")).to_have_count(2)
    expect(fresh.locator("#notices")).to_contain_text("evil.example")
    guard.check()


def test_no_icon_depends_on_the_network(fresh: Page, site: str) -> None:
    """The shapes are in the page before Python runs; each that is drawn is one of them."""
    asked: list[str] = []
    fresh.on("request", lambda request: asked.append(request.url))
    fresh.goto(site)
    fresh.locator("html[data-app=ready]").wait_for(timeout=60_000)
    drawn = fresh.evaluate("() => [...document.querySelectorAll('svg[data-icon]')].map((icon) => icon.innerHTML)")
    assert len(drawn) > 10 and [each for each in drawn if not each.startswith('<path d="M')] == []
    shapes = {url.rpartition("/")[2] for url in asked if url.endswith(".svg")}
    assert {re.sub(r"\.[0-9a-f]{10}\.", ".", name) for name in shapes} == {"flowglow.svg"}


def test_no_plugin_of_pyscript_comes_along(fresh: Page, site: str) -> None:
    """One of them looks through all of the document four times a second, for editors that nobody put there."""
    asked: list[str] = []
    fresh.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    fresh.goto(site)
    fresh.locator("html[data-app=ready]").wait_for(timeout=60_000)
    plugins = ("deprecations-manager", "donkey", "py-editor", "py-game", "py-terminal")
    assert [name for name in asked if name.startswith(plugins)] == []


def test_python_has_one_stack(fresh: Page, site: str) -> None:
    """On stacks of WebAssembly's own Chromium's garbage collection may crash the tab."""
    fresh.goto(site)
    fresh.locator("html[data-app=ready]").wait_for(timeout=60_000)
    assert fresh.evaluate("() => flowglow.pyodide._module.jspiSupported") is False


def test_what_stays_is_not_looked_through_for_cycles(fresh: Page, site: str) -> None:
    """Neither what Python and its libraries are, nor what the page is: each look would be a task of 30 ms."""
    fresh.goto(site)
    fresh.locator("html[data-app=ready]").wait_for(timeout=60_000)
    frozen, others = fresh.evaluate(
        "() => flowglow.pyodide.runPython('import gc; gc.get_freeze_count(), len(gc.get_objects())').toJs()"
    )
    assert frozen > 50_000 > 10 * others


def test_pyscript_looks_at_no_change_of_the_page(fresh: Page, site: str) -> None:
    """What it takes for its own event would be listened to in each element that comes."""
    fresh.goto(site)
    fresh.locator("html[data-app=ready]").wait_for(timeout=60_000)
    listens = """async () => {
      const heard = [];
      const element = document.createElement("div");
      element.addEventListener = (name) => heard.push(name);
      element.setAttribute("py-click", "nobody");
      document.getElementById("page").append(element);
      await new Promise((done) => setTimeout(done));
      element.remove();
      return heard;
    }"""
    assert fresh.evaluate(listens) == []


REACH = """(url) => new Promise((told) => {
  addEventListener("securitypolicyviolation", (event) => told(`refused: ${event.violatedDirective}`));
  fetch(url, { mode: "no-cors" }).then(() => told("reached"), () => setTimeout(() => told("not there"), 1000));
})"""


def test_only_a_page_on_loopback_reaches_loopback(fresh: Page, site: str, violations: Violations) -> None:
    """Served from elsewhere, it reaches no port of the visitor's machine, though it was set up for development."""
    violations.allowed = [f"connect-src {site}"]
    fresh.goto(site)
    fresh.locator("html[data-app=ready]").wait_for(timeout=60_000)
    other = site.replace("127.0.0.1", "localhost")
    assert fresh.evaluate(REACH, other) == "reached"
    elsewhere = "https://portal.example"
    fresh.route(
        f"{elsewhere}/**",
        lambda route: route.fulfill(response=route.fetch(url=route.request.url.replace(elsewhere, site))),
    )
    fresh.goto(f"{elsewhere}/?api={site}/api")
    fresh.locator("html[data-app=ready]").wait_for(timeout=60_000)
    expect(fresh.locator("#notices [role=alert]")).to_contain_text("127.0.0.1")
    assert fresh.evaluate(REACH, site) == "refused: connect-src"


def test_a_copy_that_is_refused_is_said(fresh: Page, site: str) -> None:
    """A browser that keeps the clipboard from the page: a notice, and no error that nobody caught."""
    guard = Guard(fresh)
    fresh.add_init_script(
        "Clipboard.prototype.writeText = () => Promise.reject(new DOMException('no', 'NotAllowedError'))"
    )
    fresh.goto(site)
    fresh.locator("html[data-app=ready]").wait_for(timeout=60_000)
    assert fresh.evaluate("() => flowglow.copyText('x')") is False
    expect(fresh.locator("#notices")).to_contain_text("copy it yourself")
    guard.check()


def test_a_network_that_fails_without_a_stack_is_an_error(fresh: Page, site: str) -> None:
    """As WebKit's does: to Pyodide what has no stack is no error, and its future would never end."""
    fresh.goto(site)
    ask = """async () => {
      const { ask, textWithin } = await import(new URL("web/js/http.mjs", location.href));
      const bare = () => Promise.reject({ name: "TypeError", message: "Load failed" });
      const told = (error) => ["stack" in error, String(error)];
      globalThis.fetch = bare;
      const answer = { body: { getReader: () => ({ read: bare }) } };
      return [await ask("/x").catch(told), await textWithin(answer, 9).catch(told)];
    }"""
    assert fresh.evaluate(ask) == [[True, "TypeError: Load failed"]] * 2


def test_an_answer_of_any_size_is_not_read(fresh: Page, site: str) -> None:
    """What is larger than the bound is an error before it fills the memory; what is not is read whole."""
    fresh.goto(site)
    read = """async ([text, limit]) => {
      const { textWithin } = await import(new URL("web/js/http.mjs", location.href));
      return textWithin(new Response(text), limit).catch((error) => error.message);
    }"""
    assert fresh.evaluate(read, ["h\u00e9llo", 6]) == "h\u00e9llo"
    assert "larger than 5 bytes" in fresh.evaluate(read, ["h\u00e9llo", 5])
    assert fresh.evaluate(read, [None, 5]) == ""

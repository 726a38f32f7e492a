"""The sanitising alone, with the CSP taken away: no vector leaves a script, a foreign element or a request behind.

And the CSP alone, with what the sanitising takes out put in by hand: nothing is loaded, and nothing is sent.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import TypeVar
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, TimeoutError, expect

from .conftest import boot
from .events import wait_handled
from .listener import Listener, listening
from .scripted_portal import Json, ScriptedPortal
from .survey import SURVEY
from .test_hostile import events
from .vectors import ALL, ELSEWHERE
from .violations import Violations

T = TypeVar("T")


def slices(items: list[T], size: int) -> list[list[T]]:
    return [items[at : at + size] for at in range(0, len(items), size)]


TRAPS = (
    "for (const name of ['alert', 'confirm', 'prompt', 'print', 'xss']) window[name] = () => { window.hacked = 1; };"
)
MANY = 20
"""Vectors in one field: all fields of an event together stay below the bound of a frame."""
CLEAN: Json = {"found": [], "hacked": None}


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[Listener]:
    with listening() as listener:
        yield listener


@pytest.fixture(scope="module")
def texts(elsewhere: Listener) -> list[str]:
    """Every vector; those that would have something loaded would have it from the listener."""
    return [
        each.replace(ELSEWHERE, elsewhere.address).replace("elsewhere.example", elsewhere.address[7:]) for each in ALL
    ]


@pytest.fixture(scope="module")
def naked(browser: Browser, site: str, portal: ScriptedPortal) -> Iterator[tuple[Page, list[str]]]:
    """A page without a CSP, and what it asked for since it was ready."""
    context = browser.new_context(bypass_csp=True)
    context.add_init_script(TRAPS)
    page = context.new_page()
    boot(page, f"{site}/{portal.query}")
    portal.wait_connected(1)
    page.locator('#canvas [data-node-id="n0"]').wait_for()
    asked: list[str] = []
    page.on("request", lambda request: _note(asked, request, portal))
    yield page, asked
    context.close()


def _note(asked: list[str], request: Request, portal: ScriptedPortal) -> None:
    own = f":{portal.port}/" in request.url or urlsplit(request.url).path.startswith("/web/")
    if not own and not request.url.startswith(("data:", "blob:")):
        asked.append(request.url)


def nothing_was_asked(page: Page, asked: list[str], elsewhere: Listener) -> None:
    """What is asked for last has come: so would have what was asked for before."""
    elsewhere.heard.clear()
    page.evaluate("(url) => void (new Image().src = url)", f"{elsewhere.address}/last")
    elsewhere.wait_for("/last")
    assert [url for url in asked if not url.endswith("/last")] == []
    assert elsewhere.heard == ["/last"]
    asked.clear()


EACH = """([texts, own, survey]) => {
  const kept = globalThis.Sanitizer;
  if (!own) globalThis.Sanitizer = undefined;
  const place = document.createElement("section");
  document.getElementById("chat").append(place);
  const found = [];
  for (const text of texts) {
    const [report, bubble, body] = ["div", "div", "div"].map((tag) => document.createElement(tag));
    bubble.dataset.kind = "html";
    body.className = "bubble-body";
    bubble.append(body);
    place.replaceChildren(report, bubble);
    flowglow.html(body, text);
    const markdown = flowglow.stream(report);
    markdown.write(text);
    markdown.end();
    const seen = eval(survey)(place);
    if (seen.found.length || seen.hacked) found.push([text, seen]);
  }
  place.remove();
  globalThis.Sanitizer = kept;
  return found;
}"""


@pytest.mark.parametrize("own", [True, False], ids=["the browser's own", "DOMPurify"])
def test_each_vector_alone(naked: tuple[Page, list[str]], texts: list[str], elsewhere: Listener, own: bool) -> None:
    """As HTML and as Markdown, each in an element of its own."""
    page, asked = naked
    assert page.evaluate(EACH, [texts, own, SURVEY]) == []
    assert page.evaluate(f"({SURVEY})(document)")["hacked"] is None
    nothing_was_asked(page, asked, elsewhere)


def test_every_vector_on_every_path(
    naked: tuple[Page, list[str]], texts: list[str], elsewhere: Listener, portal: ScriptedPortal
) -> None:
    """Each as a message of each kind and a line of the log; many at once in every field of every event."""
    page, asked = naked
    before = int(page.locator("[data-metric=handled]").text_content() or 0)
    portal.logs["all"] = [{"text": each, "node_id": each, "level": each} for each in texts]
    frames: list[Json] = [{"event": "run_start", "run_id": "all"}]
    for number, text in enumerate(texts):
        frames += [
            {"event": "ChatHTML", "run_id": "all", "html": text, "message_id": f"m{number}"},
            {"event": "RunContent", "run_id": "all", "content": text, "agent_id": f"a{number}"},
            {"event": "ReasoningContent", "run_id": "all", "content": text, "agent_id": f"r{number}"},
        ]
    sent = first = len(frames)
    for number, some in enumerate(slices(texts, MANY)):
        many = [{"run_id": f"run-{number}", **event} for event in events("\n".join(some))]
        frames += many
        sent += len(many) - 3  # unknown, malformed, and one that is no event
    for part in slices(frames[:first], 100):
        portal.send(part)
    portal.send(*frames[first:])
    wait_handled(page, before + sent)
    expect(page.locator("#chat [data-message-id]")).to_have_count(3 * len(texts))
    survey = f"() => ({SURVEY})(document.getElementById('page'))"
    assert page.evaluate(survey) == CLEAN
    for number in range(len(slices(texts, MANY))):
        page.locator(f'#runs [data-run-id="run-{number}"]').click()
        expect(page.locator(f'#runs [data-run-id="run-{number}"]')).to_have_attribute("aria-current", "true")
        page.evaluate("() => document.querySelectorAll('#page summary').forEach((each) => each.click())")
        assert page.evaluate(survey) == CLEAN
    nothing_was_asked(page, asked, elsewhere)


HEAR = """() => {
  window.refused = new Set();
  addEventListener("securitypolicyviolation", (event) => refused.add(event.effectiveDirective));
}"""
BY_HAND = """(at) => {
  const quiet = (work) => { try { Promise.resolve(work()).catch(() => {}); } catch {} };
  const put = (tag, attributes) => {
    const element = document.createElement(tag);
    quiet(() => { for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value); });
    document.body.append(element);
    return element;
  };
  put("img", { src: `${at}/img` });
  put("img", { srcset: `${at}/srcset 1x` });
  put("link", { rel: "stylesheet", href: `${at}/css` });
  put("link", { rel: "prefetch", href: `${at}/prefetch` });
  put("link", { rel: "preload", as: "image", href: `${at}/preload` });
  put("div", {}).style.backgroundImage = `url(${at}/background)`;
  put("iframe", { src: `${at}/iframe` });
  put("object", { data: `${at}/object` });
  put("embed", { src: `${at}/embed` });
  put("video", { src: `${at}/video`, poster: `${at}/poster` });
  put("a", { href: "#here", ping: `${at}/ping` }).click();
  put("script", { src: `${at}/script` });
  put("form", { action: `${at}/form`, method: "post" }).submit();
  put("div", { onclick: "window.hacked = 1" }).click();
  quiet(() => fetch(`${at}/fetch`, { mode: "no-cors" }));
  quiet(() => navigator.sendBeacon(`${at}/beacon`, "secret"));
  quiet(() => new EventSource(`${at}/events`));
  quiet(() => new WebSocket(`${at.replace("http", "ws")}/socket`));
  quiet(() => import(`${at}/import`));
  quiet(() => new Worker(`${at}/worker`));
  quiet(() => { put("div", {}).innerHTML = "<img src=x>"; });
  quiet(() => setTimeout("window.hacked = 1"));
}"""
REFUSED = {
    "img-src", "style-src-elem", "default-src", "frame-src", "media-src", "connect-src", "form-action",
    "script-src-elem", "require-trusted-types-for",
}  # fmt: skip
"""Each directive that is to have stopped something; trusted types stop objects, handlers and workers."""


def test_the_policy_alone_lets_nothing_out(
    context: BrowserContext, site: str, elsewhere: Listener, violations: Violations
) -> None:
    """Whatever stands in the page by mistake: the browser asks no other origin for it, and runs none of it."""
    violations.allowed = [".*"]
    page = context.new_page()
    page.goto(site)
    page.locator("html[data-app=ready]").wait_for(timeout=60_000)
    elsewhere.heard.clear()
    page.evaluate(HEAR)
    page.evaluate(BY_HAND, elsewhere.address)
    with suppress(TimeoutError):
        page.wait_for_function("(wanted) => wanted.every((each) => refused.has(each))", arg=sorted(REFUSED))
    assert set(page.evaluate("() => [...refused]")) >= REFUSED
    assert httpx.get(f"http://127.0.0.1:{elsewhere.server_port}/last").status_code == 204
    assert elsewhere.heard == ["/last"]
    assert page.evaluate("() => window.hacked ?? null") is None
    page.close()

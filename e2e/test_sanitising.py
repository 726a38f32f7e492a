"""The sanitising alone, with the CSP taken away: no vector leaves a script, a foreign element or a request behind.

And the CSP alone, with what the sanitising takes out put in by hand: nothing is loaded, and nothing is sent.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
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
PATIENCE_MS = 60_000
"""So much foreign text at once is drawn in many frames."""
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


@contextmanager
def scripted_portal() -> Iterator[ScriptedPortal]:
    portal = ScriptedPortal()
    portal.start()
    yield portal
    portal.stop()


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


LEADS = """([kind, text]) => {
  const place = document.createElement("div");
  place.className = "markdown";
  document.getElementById("chat").append(place);
  if (kind === "html") flowglow.html(place, text);
  else {
    const markdown = flowglow.stream(place);
    markdown.write(text);
    markdown.end();
  }
  const link = place.querySelector("a");
  const said = [link.dataset.host ?? null, getComputedStyle(link, "::after").content];
  place.remove();
  return said;
}"""
HIDING = "<details><summary></summary>evil.example</details>"


@pytest.mark.parametrize(
    ("kind", "text", "place"),
    [
        ("markdown", "[https://mybank.com/login](https://k.co/login)", "k.co"),
        ("markdown", "[**mybank.com**](https://k.co/)", "k.co"),
        ("markdown", "[**k.co**](https://k.co/)", "k.co"),
        ("markdown", "[plain](https://k.co)", "k.co"),
        ("markdown", "[k.co](https://k.co/login)", None),
        ("markdown", "see https://k.co/login now", None),
        ("markdown", "see https://k.co now", None),
        ("html", '<a href="https://evil.example/x">evil.example.bank.com</a>', "evil.example"),
        ("html", f'<a href="https://evil.example/login">https://mybank.com/login{HIDING}</a>', "evil.example"),
        ("html", '<a href="https://bank.com@evil.example/">https://bank.com@evil.example/</a>', "evil.example"),
        ("html", '<a href="https://evil.example/"></a>', "evil.example"),
        ("html", '<a href="https://evil.example:8443/"> evil.example:8443 </a>', None),
        ("html", '<a href="mailto:evil@evil.example?subject=x">info@bank.com</a>', "evil@evil.example"),
        ("html", '<a href="mailto:info@bank.com">info@bank.com</a>', None),
    ],
)
def test_a_link_says_where_it_leads(naked: tuple[Page, list[str]], kind: str, text: str, place: str | None) -> None:
    """Its host or its recipient, in sight, unless its whole text is just that."""
    page, _ = naked
    host, shown = page.evaluate(LEADS, [kind, text])
    assert host == place
    assert shown == "none" if place is None else place in shown or "attr(data-host)" in shown


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


def run_of(number: int, some: list[str]) -> Json:
    """What a server may say of a run: each vector alone as the result of a node; all in its words and on its cards."""
    many = " ".join(some)
    return {
        "run_id": f"run-{number}", "flow_id": "demo", "name": many, "entity_name": many, "input": many,
        "status": "paused", "error": many, "started_at": 1_700_000_000 + number,
        "results": {
            each: {"status": "error", "content": each, "error": each, "variables": {each: each}, "orders": [at]}
            for at, each in enumerate(some)
        },
        "requirements": [
            {"id": many, "kind": "user_input", "prompt": many, "tool_name": many, "tool_args": {many: many},
             "choices": some, "input_schema": [{"name": many, "type": "str", "description": many, "value": many}]}
        ],
        "interactions": [{"interaction_id": many, "auth_url": "https://a.example/", "provider": many, "scopes": some}],
    }  # fmt: skip


def flow_of(texts: list[str]) -> Json:
    """Each vector alone as id, name and type of a node, and as a field of the input; all in the words of the flow."""
    nodes = [{"id": each, "handle": each, "label": each, "path": f"demo.{each}"} for each in texts]
    fields = [{"name": each, "type": "str", "description": each, "value": each} for each in texts]
    many = " ".join(texts)
    return {"id": "demo", "name": many, "description": many, "nodes": nodes, "edges": [], "input_schema": fields}


def test_every_vector_on_every_path_of_http(browser: Browser, site: str, texts: list[str], elsewhere: Listener) -> None:
    """Flows, nodes, inputs, runs, results, cards, sign-ins, and the words with which a server refuses."""
    every = list(dict.fromkeys(texts))
    groups = slices(every, 5 * MANY)
    with scripted_portal() as portal:
        portal.flows["demo"] = flow_of(every)
        portal.runs = {f"run-{number}": run_of(number, some) for number, some in enumerate(groups)}
        context = browser.new_context(bypass_csp=True)
        context.add_init_script(TRAPS)
        page = context.new_page()
        boot(page, f"{site}/{portal.query}")
        asked: list[str] = []
        page.on("request", lambda request: _note(asked, request, portal))
        expect(page.locator("#canvas [data-node-id]")).to_have_count(len(every), timeout=PATIENCE_MS)
        expect(page.locator("#runs [data-run-id]")).to_have_count(len(groups), timeout=PATIENCE_MS)
        survey = f"() => ({SURVEY})(document.getElementById('page'))"
        for number, some in enumerate(groups):
            row = page.locator(f'#runs [data-run-id="run-{number}"]')
            row.click()
            expect(row).to_have_attribute("aria-current", "true", timeout=PATIENCE_MS)
            expect(page.locator("#node-output [data-node-id]")).to_have_count(len(some), timeout=PATIENCE_MS)
            cards = page.locator('#interactions [data-front="true"]')
            expect(cards).to_have_count(2, timeout=PATIENCE_MS)
            page.evaluate("() => document.querySelectorAll('#page summary').forEach((each) => each.click())")
            assert page.evaluate(survey) == CLEAN
        words = {"error": {"code": every[0], "message": " ".join(every)}}
        cors = {"access-control-allow-origin": "*"}
        page.route("**/api/runs/*/stop", lambda route: route.fulfill(status=500, json=words, headers=cors))
        page.locator("#stop").click()
        expect(page.locator("#notices")).to_contain_text("could not be stopped")
        assert page.evaluate(survey) == CLEAN
        nothing_was_asked(page, asked, elsewhere)
        context.close()


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
  put("base", { href: at });
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
    "base-uri", "script-src-elem", "require-trusted-types-for",
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

"""Foreign text on every path: no script, no foreign element, no request, whatever a server sends."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any, get_args

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from pyapp.contract.events import RequirementKind

from .conftest import Guard, boot
from .events import metric, show, wait_handled
from .scripted_portal import Json, ScriptedPortal

ANY_ORIGIN = {"access-control-allow-origin": "*"}
EVIL = [
    '"><img src=x onerror="window.hacked=1">',
    "<script>window.hacked=1</script>",
    "'><svg/onload=window.hacked=1>",
    "[x](javascript:window.hacked=1) ![p](https://elsewhere.example/p.png) <b>bold</b>",
    "[x](data:text/html,<script>parent.hacked=1</script>) ![p](//elsewhere.example/p.png) <https://a@elsewhere.example>",
    "`\"]}\\'--></textarea></style></title>{{7*7}}${7*7}",
    "\u202eevil\u0000\ufeff\u2028",
    '<iframe srcdoc="<script>parent.hacked=1</script>"></iframe>',
    '<a href="jav&#x09;ascript:window.hacked=1">x</a><a href=" javascript:window.hacked=1">y</a>',
    "<math><mtext><table><mglyph><style><img src=x onerror=window.hacked=1></style></mglyph></table></mtext></math>",
    '<svg><use href="data:image/svg+xml,<svg id=x xmlns=http://www.w3.org/2000/svg onload=alert(1)>#x"/></svg>',
    '<form action="https://elsewhere.example"><input name=p autofocus onfocus=hacked=1><button>go</button></form>',
    '<link rel=stylesheet href="https://elsewhere.example/x.css"><base href="https://elsewhere.example/">',
    "<style>@import url(https://elsewhere.example/x.css); * { display: none }</style>",
    '<img srcset="https://elsewhere.example/x 1x"><video poster="//elsewhere.example/v"><source onerror=hacked=1>',
    'x" style="background: url(https://elsewhere.example/x)" data-x="',
    "<details open ontoggle=hacked=1><summary>s</summary></details><template><script>hacked=1</script></template>",
    '<div id="play" class="executing" data-node-id="n0" data-action="approve" data-app="ready">clobbered</div>',
    '"] , [data-node-id="n0',
    "__proto__",
    "constructor",
    "{{constructor.constructor('window.hacked=1')()}}",
    "x".ljust(300, "["),
]


def events(evil: str) -> Iterator[Json]:
    """Every event of the contract, with `evil` in every field that takes text."""
    node = {"node_id": evil, "node_name": evil, "parent_node_id": evil + "p"}
    voice = {**node, "source_run_id": evil, "agent_id": evil, "team_id": evil, "name": evil}
    step = dict.fromkeys(("title", "action", "result", "reasoning", "next_action"), evil)
    yield {"event": "run_start", "entity_kind": evil, "entity_name": evil, "session_id": evil, "source_event": evil}
    yield {"event": "start_node", **node, "order": 0, "node_type": evil}
    yield {"event": "start_node", "node_id": "n0", "node_name": evil, "order": 1}
    for where in (evil, "n0"):
        call = {"node_id": where, "tool_call_id": evil + where, "tool_name": evil}
        yield {"event": "start_tool", **call, "tool_args": {evil: evil}}
        yield {"event": "end_tool", **call, "result": {evil: [evil]}, "status": evil, "error": evil}
    yield {"event": "TeamToolCallCompleted", "node_id": "n0", "tool_call_id": "t", "tool_name": evil, "result": evil}
    for name in ("RunContent", "TeamRunContent"):
        yield {"event": name, "content": evil + "\n\n```" + evil + "\n" + evil + "\n```\n", **voice}
    yield {"event": "RunContent", "content": {evil: evil}, **voice}
    for name in ("ReasoningContent", "RunReasoningContent", "TeamRunReasoningContent"):
        yield {"event": name, "content": evil, "step": step, **voice}
    yield {"event": "ChatHTML", "html": evil, "message_id": evil, "node_id": evil}
    needs = [
        {"id": f"{kind}{evil}", "kind": kind, "prompt": evil, "tool_name": evil, "tool_args": {evil: evil}, "raw": evil,
         "choices": [evil, {"label": evil, "description": evil}],
         "input_schema": [{"name": evil, "type": kind, "description": evil, "value": evil}], "expires_at": evil}
        for kind in get_args(RequirementKind)
    ]  # fmt: skip
    yield {"event": "AgentPaused", "requirements": needs, "pause_scope": evil, "content": evil, "node_id": evil}
    yield {
        "event": "interaction_event", "interaction": "oauth", "interaction_id": evil, "auth_url": evil,
        "provider": evil, "scopes": [evil], "requirement_id": evil, "node_id": evil,
    }  # fmt: skip
    yield {"event": "resume_start", "resolved": [evil]}
    yield {"event": "end_node", **node, "order": 0, "status": "success", "content": evil, "variables": {evil: evil}}
    yield {"event": "end_node", "node_id": "n0", "order": 1, "status": "error", "error": evil, "content": {evil: evil}}
    yield {"event": evil}
    yield {"type": "error", "code": evil, "message": evil}
    yield {"event": "end_node", "node_id": evil, "status": evil}


SURVEY = """() => {
  const foreign = [...document.querySelectorAll(
      "img, script, iframe, object, embed, form, style, link, base, b, math, video")]
    .filter((each) => !each.closest("head, #splash, .brand") && each.getAttribute("type") !== "py")
    .filter((each) => !(each.tagName === "B" && each.closest("[data-kind=html]"))); // bold is for reports
  const handlers = [...document.querySelectorAll("*")].filter((each) =>
    each.getAttributeNames().some((name) => name.startsWith("on")));
  const links = [...document.querySelectorAll("a[href]")].filter((each) => !/^(https?|mailto):/.test(each.href));
  const ids = [...document.querySelectorAll("[id]")].map((each) => each.id);
  return { foreign: foreign.map((each) => each.outerHTML), handlers: handlers.length, links: links.length,
    twins: ids.filter((id, place) => ids.indexOf(id) !== place), hacked: window.hacked ?? {}.hacked ?? null };
}"""
CLEAN = {"foreign": [], "handlers": 0, "links": 0, "twins": [], "hacked": None}
REFUSED = ["Executing inline event handler violates", "Content Security Policy", "422"]
"""What the browser may say of HTML that it took apart in a document of its own."""


@pytest.mark.parametrize("number", range(len(EVIL)))
def test_text_is_text_wherever_it_comes_from(page: Page, portal: ScriptedPortal, booted: Any, number: int) -> None:
    """Over the socket in every field of every event, and over HTTP in the log; all folds opened."""
    booted[1].allowed = REFUSED
    evil = EVIL[number]
    run_id = "run " + evil.replace("/", "|")  # the scripted portal takes a slash for the end of an id
    portal.logs[run_id] = [{"ts": 1.0, "level": "info", "node_id": evil, "text": evil}, {"level": evil, "text": evil}]
    before = int(page.locator("[data-metric=handled]").text_content() or 0)
    frames: list[Json] = [{"run_id": run_id, **event} for event in events(evil)]
    portal.send(*frames)
    handled = before + len(frames) - 3  # unknown, malformed, and one that is no event
    wait_handled(page, handled)
    expect(page.locator("#log")).to_contain_text(evil.split("\u202e")[0].strip()[:5])
    show(page, "chat")
    page.locator("#chat summary").first.wait_for()
    page.evaluate(
        "() => document.querySelectorAll('#chat summary, #node-output summary').forEach((each) => each.click())"
    )
    assert page.evaluate(SURVEY) == CLEAN
    portal.send({"event": "run_end", "run_id": run_id, "status": "error", "error": evil})
    expect(page.locator("#editor")).to_have_attribute("data-locked", "false")
    wait_handled(page, handled + 1)  # drawn later than the editor where a frame has no time for both
    assert page.evaluate(SURVEY) == CLEAN


LONGEST_MS = 5_000
"""Of a task. Without its guard the one that lays out such a word takes five times as long."""
WATCH_TASKS = """() => {
  globalThis.longest = 0;
  const hear = (list) => list.getEntries().forEach(({ duration }) => (longest = Math.max(longest, duration)));
  new PerformanceObserver(hear).observe({ type: "longtask" });
}"""


def test_a_word_without_end_holds_nobody_up(page: Page, portal: ScriptedPortal) -> None:
    """Of letters that are set closer to each other: as bytes that are nothing are in base64."""
    page.evaluate(WATCH_TASKS)
    word = "A" * 50_000
    needs = [{"id": "q", "kind": "user_feedback", "prompt": word, "choices": [word, "b"]}]
    said: list[Json] = [{"event": "RunContent", "content": word}, {"event": "ChatHTML", "html": f"<p>{word}</p>"}]
    for event in ({"event": "run_start"}, *said, {"event": "AgentPaused", "requirements": needs}):
        portal.send({"run_id": "endless", **event})
    page.locator('#interactions [data-requirement-id="q"]').wait_for(timeout=90_000)
    page.locator("#side-tabs [aria-controls=panel-chat]").click(timeout=90_000)
    expect(page.locator("#chat [data-kind=text]").last).to_contain_text(word[:1_000])
    assert page.evaluate("() => longest") < LONGEST_MS


def test_text_nested_too_deep_for_python_is_refused(page: Page, portal: ScriptedPortal) -> None:
    """`json.loads` on it would end the runtime; the same life counts it, and the next event is handled."""
    malformed, handled = metric(page, "malformed"), metric(page, "handled")
    portal.send("[" * 100_000, {"event": "run_end", "run_id": "deep"})
    wait_handled(page, handled + 1)
    expect(page.locator("[data-metric=malformed]")).to_have_text(str(malformed + 1))


def hostile_flow() -> Json:
    """Every vector as id, handle, label and type of a node, some of them in a group, joined by edges."""
    nodes: list[Json] = [
        {"id": evil, "handle": evil, "label": evil if place % 2 else None, "path": f"demo.{evil}", "parent": None}
        for place, evil in enumerate(EVIL)
    ]
    for node in nodes[1:4]:
        node["parent"] = EVIL[0]
    edges = [{"source": one, "target": other} for one, other in pairwise(EVIL[4:])]
    return {"id": "demo", "name": " ".join(EVIL), "description": EVIL[0], "nodes": nodes, "edges": edges}


def hostile_runs() -> dict[str, Json]:
    """A run for every vector, with it wherever an answer takes text."""
    runs: dict[str, Json] = {}
    for place, evil in enumerate(EVIL):
        result = {"status": "error", "content": evil, "error": evil, "orders": [place]}
        need = {"id": f"{place} {evil}", "kind": "confirmation", "prompt": evil, "tool_name": evil, "choices": [evil]}
        sign_in = {"interaction_id": f"{place} {evil}", "auth_url": evil, "provider": evil, "scopes": [evil]}
        runs[f"run-{place}"] = {
            "run_id": f"run-{place}", "flow_id": "demo", "name": evil, "entity_name": evil, "input": evil,
            "status": "paused" if place % 2 else "error", "error": evil, "started_at": 1_700_000_000 + place,
            "results": {evil: result, "n": {"status": evil}},
            "requirements": [need] if place % 2 else [], "interactions": [sign_in] if place % 2 else [],
        }  # fmt: skip
    return runs


def test_what_http_answers_is_text_too(context: BrowserContext, site: str) -> None:
    """Names of flows, nodes and runs, results, cards, and the words of an error."""
    portal = ScriptedPortal()
    portal.start()
    portal.flows["demo"], portal.runs = hostile_flow(), hostile_runs()
    page = context.new_page()
    guard = Guard(page)
    guard.allowed = [*REFUSED, "status of 4", "status of 5"]
    boot(page, f"{site}/{portal.query}")
    expect(page.locator("#canvas [data-node-id]")).to_have_count(len(EVIL))
    expect(page.locator("#runs [data-run-id]")).to_have_count(len(EVIL))
    expect(page.locator("#interactions [data-requirement-id]").first).to_be_visible()
    assert page.evaluate(SURVEY) == CLEAN
    for place, evil in enumerate(EVIL):
        page.locator(f'#runs [data-run-id="run-{place}"]').click()
        expect(page.locator(f'#runs [data-run-id="run-{place}"]')).to_have_attribute("aria-current", "true")
        if evil.isprintable():
            expect(page.locator("#node-output")).to_contain_text(evil[:20])
    assert page.evaluate(SURVEY) == CLEAN
    words = {"error": {"code": EVIL[0], "message": " ".join(EVIL)}}
    page.route("**/api/flows/demo/runs", lambda route: route.fulfill(status=500, json=words, headers=ANY_ORIGIN))
    page.locator("#runs [data-run-id=run-0]").click()
    page.locator("#play").click()
    expect(page.locator("#notices")).to_contain_text("hacked")
    assert page.evaluate(SURVEY) == CLEAN
    guard.check()
    page.close()
    portal.stop()


FRAME = """(url) => {
  const frame = document.createElement("iframe");
  Object.assign(frame, { src: url, width: 1200, height: 800 });
  document.body.replaceChildren(frame);
}"""


@pytest.mark.parametrize(("host", "buttons"), [("127.0.0.1", 1), ("localhost", 0)])
def test_in_a_strangers_frame_nothing_can_be_approved(
    context: BrowserContext, site: str, portal: ScriptedPortal, host: str, buttons: int
) -> None:
    """Clicks there may be meant for something else: the card says so. A frame of our own origin is no stranger's."""
    portal.forget()
    page = context.new_page()
    page.goto(f"{site.replace('127.0.0.1', host)}/docs/contract.md")
    connected = portal.connections
    page.evaluate(FRAME, f"{site}/{portal.query}&embed=1")
    inside = page.frame_locator("iframe")
    inside.locator("html[data-app=ready]").wait_for(timeout=60_000)
    portal.wait_connected(connected + 1)
    need = {"id": "q", "kind": "confirmation", "prompt": "Send it?"}
    portal.send({"event": "AgentPaused", "run_id": "framed", "node_id": "n0", "requirements": [need]})
    card = inside.locator('#interactions [data-requirement-id="q"]')
    expect(card).to_contain_text("Send it?")
    expect(card.locator("[data-action=approve]")).to_have_count(buttons)
    expect(card.locator("[data-action=reject]")).to_have_count(buttons)
    page.close()

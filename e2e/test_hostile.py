"""Foreign text on every path: no script, no foreign element, no request, whatever a server sends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

import pytest
from playwright.sync_api import Page, expect

from pyapp.contract.events import RequirementKind

from .events import wait_handled
from .scripted_portal import Json, ScriptedPortal

EVIL = [
    '"><img src=x onerror="window.hacked=1">',
    "<script>window.hacked=1</script>",
    "'><svg/onload=window.hacked=1>",
    "[x](javascript:window.hacked=1) ![p](https://elsewhere.example/p.png) <b>bold</b>",
    "`\"]}\\'--></textarea></style></title>{{7*7}}${7*7}",
    "\u202eevil\u0000\ufeff\u2028",
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
  const foreign = [...document.querySelectorAll("img, script, iframe, object, embed, form, style, link, base, b")]
    .filter((each) => !each.closest("head, #splash, .brand") && each.getAttribute("type") !== "py")
    .filter((each) => !(each.tagName === "B" && each.closest("[data-kind=html]"))); // bold is for reports
  const handlers = [...document.querySelectorAll("*")].filter((each) =>
    each.getAttributeNames().some((name) => name.startsWith("on")));
  const links = [...document.querySelectorAll("a[href]")].filter((each) => !/^(https?|mailto):/.test(each.href));
  return { foreign: foreign.map((each) => each.outerHTML), handlers: handlers.length, links: links.length,
    hacked: window.hacked ?? null };
}"""


@pytest.mark.parametrize("number", range(len(EVIL)))
def test_text_is_text_wherever_it_comes_from(page: Page, portal: ScriptedPortal, booted: Any, number: int) -> None:
    """Over the socket in every field of every event, and over HTTP in names, logs and errors; all folds opened."""
    booted[1].allowed = ["Executing inline event handler violates", "422"]
    evil = EVIL[number]
    run_id = "run " + evil.replace("/", "|")  # the scripted portal takes a slash for the end of an id
    portal.logs[run_id] = [{"ts": 1.0, "level": "info", "node_id": evil, "text": evil}, {"level": evil, "text": evil}]
    before = int(page.locator("[data-metric=handled]").text_content() or 0)
    frames: list[Json] = [{"run_id": run_id, **event} for event in events(evil)]
    portal.send(*frames)
    wait_handled(page, before + len(frames) - 3)  # unknown, malformed, and one that is no event
    expect(page.locator("#log")).to_contain_text(evil.split("\u202e")[0].strip()[:5])
    page.locator("#chat summary").first.wait_for()
    page.evaluate(
        "() => document.querySelectorAll('#chat summary, #node-output summary').forEach((each) => each.click())"
    )
    survey = page.evaluate(SURVEY)
    assert survey == {"foreign": [], "handlers": 0, "links": 0, "hacked": None}
    portal.send({"event": "run_end", "run_id": run_id, "status": "error", "error": evil})
    expect(page.locator("#editor")).to_have_attribute("data-locked", "false")
    assert page.evaluate(SURVEY) == {"foreign": [], "handlers": 0, "links": 0, "hacked": None}

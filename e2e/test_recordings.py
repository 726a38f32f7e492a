"""Streams that Agno really sent, translated as the dev server does it: what the page shows of them is right."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from pyapp.protocols.agno import AgnoTranslator
from tests.oracle import Told, tell
from tests.schedules import reading
from tests.schedules.compare import compare_chat, compare_tools

from .copied_page import CopiedPage
from .scripted_portal import Json, ScriptedPortal
from .site import ROOT

RECORDINGS = ROOT / "tests" / "recordings"
NAMES = sorted(path.stem for path in RECORDINGS.glob("*.ndjson"))


def recorded(name: str) -> list[Json]:
    return [json.loads(line) for line in (RECORDINGS / f"{name}.ndjson").read_text().splitlines()]


def numbered(name: str, raw: list[Json]) -> list[Json]:
    """The contract's events for a recording, as the dev server would number them."""
    translator = AgnoTranslator(flow_id=name)
    ours = [each for event in raw for each in translator.translate(event) if "aside" not in each]
    assert translator.unknown == 0
    return [{**event, "seq": seq} for seq, event in enumerate(ours)]


def told(events: list[Json]) -> Told:
    """What the oracle tells."""
    return tell(events)[events[0]["run_id"]]


def flow_of(name: str, events: list[Json]) -> Json:
    """A flow with every node that the events name, each in its group."""
    starts = {event["node_id"]: event for event in events if event["event"] == "start_node"}
    nodes = [
        {"id": node, "handle": start.get("node_name", node), "path": f"agno.{start['node_type']}"}
        | ({"parent": start["parent_node_id"]} if "parent_node_id" in start else {})
        for node, start in starts.items()
    ]
    return {"id": name, "name": name, "nodes": nodes, "edges": []}


def said(raw: list[Json]) -> dict[str, str]:
    """By source, what the recording itself says in its chunks of content: no code of ours has a hand in it."""
    root = raw[0]["run_id"] if raw else None
    texts: dict[str, str] = {}
    for event in raw:
        if event["event"] in ("RunContent", "TeamRunContent") and isinstance(event.get("content"), str):
            source = event["run_id"] if event["run_id"] != root else event.get("agent_id") or event["team_id"]
            texts[source] = texts.get(source, "") + event["content"]
    return {source: text for source, text in texts.items() if text}


def shows(page: CopiedPage, told: Told, raw: list[Json]) -> None:
    """Row, nodes, badges, text and tools of the run in front."""
    assert reading.rows(page.as_fake)[told.run_id] == told.status
    for node, orders in told.badges.items():
        shown = [(text, status) for _, text, status in reading.badges(page.as_fake, node)]
        assert shown == [(str(order + 1), status) for order, status in sorted(orders.items())], node
        assert reading.glow(page.as_fake, node) in told.glow(node), node
    assert list(reading.entries(page.as_fake)) == told.outputs()
    bubbles = reading.bubbles(page.as_fake)
    compare_chat(page.as_fake, told)
    compare_tools([each for each in bubbles if each.kind == "tool"], told)
    for source, text in said(raw).items():
        assert letters(spoken(page, source)) == letters(text), source
    if not raw:
        return
    calls = [event["tool"] for event in raw if event["event"].endswith("ToolCallStarted")]
    heads = [each.head for each in bubbles if each.kind == "tool"]
    assert len(heads) == len(calls)
    assert all(call["tool_name"] in head for call, head in zip(calls, heads, strict=True))


def spoken(page: CopiedPage, source: str) -> str:
    """All text bubbles of one source."""
    found = page.document.region("chat").find_all(f"[data-source={source}]")
    return "".join(each.find(".bubble-body").textContent for each in found if each.attributes["data-kind"] == "text")


def letters(text: Any) -> str:
    """What is left of Markdown when it has been drawn, and of what was drawn from it."""
    return "".join(each for each in text if each.isalnum())


@pytest.mark.parametrize("name", NAMES)
def test_a_recording_is_shown_right(page: Page, portal: ScriptedPortal, name: str) -> None:
    """In the middle of its run, and at its end."""
    raw = recorded(name)
    events = numbered(name, raw)
    run_id = events[0]["run_id"]
    portal.flows[name] = flow_of(name, events)
    portal.events[run_id] = events
    half = len(events) // 2
    portal.send(*events[:half])
    row = page.locator(f'#runs [data-run-id="{run_id}"]')
    row.click()
    expect(row).to_have_attribute("aria-current", "true")
    page.locator("#flow-select").wait_for()
    copied = CopiedPage(page)
    copied.wait_for(lambda: shows(copied, told(events[:half]), []))
    portal.send(*events[half:])
    copied.wait_for(lambda: shows(copied, told(events), raw))

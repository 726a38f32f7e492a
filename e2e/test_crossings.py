"""What an event costs at the border between Python and JavaScript: reads, sets and calls, in its task and in a frame.

Each crossing costs some microseconds, so a regression is a number here, and needs no clock. The numbers are those of
an event of its kind that is not the first: what it makes for the first time is made.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from .conftest import VIEWPORT, boot
from .events import RunScript
from .scripted_portal import ScriptedPortal, demo_flow
from .site import ROOT

Json = dict[str, Any]
MEASURE = """async (messages) => {
  const known = crossings.frames.length;
  const task = crossings.in(() => messages.forEach(bench.deliver));
  const crossed = (frame) => Object.values(frame).some(Boolean);
  for (let turn = 0; turn < 60 && (turn < 6 || crossings.frames.slice(-4).some(crossed)); turn++) {
    await new Promise((done) => requestAnimationFrame(done));
  }
  return {task, frames: crossings.frames.slice(known)};
}"""
NODES = 20


@pytest.fixture(scope="module")
def counted(browser: Browser, site: str) -> Iterator[Page]:
    """A page on a flow of some nodes, whose crossings are counted; nothing but the test feeds it."""
    portal = ScriptedPortal()
    portal.start()
    portal.flows["demo"] = demo_flow(NODES)
    context = browser.new_context(viewport=VIEWPORT)
    page = context.new_page()
    for script in ("crossings.js", "feed.js"):
        page.add_init_script((ROOT / "bench" / script).read_text())
    boot(page, f"{site}/{portal.query}")
    expect(page.locator("#canvas [data-node-id]")).to_have_count(NODES)
    expect(page.locator("#connection[data-state=open]")).to_be_attached()
    yield page
    context.close()
    portal.stop()


def measured(page: Page, events: list[Json]) -> tuple[int, int]:
    """Crossings in the events' task, and in that of the frames behind it which has the most."""
    told: Json = page.evaluate(MEASURE, [json.dumps(event) for event in events])
    return sum(told["task"].values()), max(sum(frame.values()) for frame in told["frames"])


def story(script: RunScript) -> list[tuple[str, Json]]:
    """Two of each kind of event, in a run that goes on as runs do; the second is the one that counts."""
    told = [("run_start", script.event("run_start", entity_name="One"))]
    for node in (0, 1):
        name = f"n{node}"
        tool = {"node_id": name, "tool_call_id": f"t{node}", "tool_name": "look"}
        told += [
            ("start_node", script.start(name, node)),
            ("start_tool", script.event("start_tool", **tool)),
            ("end_tool", script.event("end_tool", **tool, status="success")),
        ]
        told += [
            ("chunk", script.event("RunContent", node_id=name, agent_id="a", content=f"w{each} ")) for each in (1, 2)
        ]
        asks = {"id": f"q{node}", "kind": "confirmation", "prompt": "Go on?"}
        told += [
            ("AgentPaused", script.event("AgentPaused", node_id=name, requirements=[asks])),
            ("resume_start", script.event("resume_start")),
            ("end_node", script.end(name, node, content=f"output {node}")),
        ]
    return [*told, ("run_end", script.event("run_end"))]


MOST = {
    "run_start": 26,
    "start_node": 3,
    "start_tool": 2,
    "end_tool": 1,
    "chunk": 1,
    "AgentPaused": 16,
    "resume_start": 14,
    "end_node": 3,
    "run_end": 14,
}
"""Of each kind, in the task of its message: the classes of its nodes, and what is asked of the browser or a server."""
MOST_IN_A_FRAME = 8
"""However many events of whatever kind: what is drawn is one call, and there are the next frame and the next tick."""
MOST_OF_A_RUN = 32
"""When one begins or ends the page's address, title and focus may be others, which are no elements."""


def test_each_kind_of_event_crosses_the_border_so_often_and_no_oftener(counted: Page) -> None:
    """In runs behind a first one, as a page that is in use has had runs before.

    The least of several counts: where the machine stands still in the middle of an event, the queue gives the browser
    its turn, which is a crossing more; and where it stood still before it, none is of this task.
    """
    told = [
        {kind: measured(counted, [event]) for kind, event in story(RunScript(run, flow_id="demo"))}
        for run in ("warm", "counted", "again", "once more")
    ]
    counts = {kind: [run[kind] for run in told[1:]] for kind in told[0]}
    seen = {
        kind: (min((task for task, _ in each if task), default=0), min(frame for _, frame in each))
        for kind, each in counts.items()
    }
    assert {kind: task for kind, (task, _) in seen.items() if task > MOST[kind]} == {}, "more crossings than before"
    frames = {kind: frame for kind, (_, frame) in seen.items() if not kind.startswith("run_")}
    assert {kind: frame for kind, frame in frames.items() if frame > MOST_IN_A_FRAME} == {}
    assert max(seen["run_start"][1], seen["run_end"][1]) <= MOST_OF_A_RUN
    assert min(task for task, _ in seen.values()) >= 1 and max(frame for _, frame in seen.values()) >= 1


def test_what_a_frame_draws_crosses_the_border_at_once_however_much_it_is(counted: Page) -> None:
    """All nodes start, then all end, each time between two frames; the second time their elements are known."""
    for run in ("known", "many"):
        script = RunScript(run, flow_id="demo")
        begin, starts = script.event("run_start"), [script.start(f"n{order}", order) for order in range(NODES)]
        ends = [script.end(f"n{order}", order, content="said") for order in range(NODES)]
        measured(counted, [begin])
        started, ended = measured(counted, starts), measured(counted, ends)
        measured(counted, [script.event("run_end")])
    assert started[0] <= MOST["start_node"] * NODES and 1 <= started[1] <= MOST_OF_A_RUN
    assert ended[0] <= MOST["end_node"] * NODES and 1 <= ended[1] <= MOST_OF_A_RUN

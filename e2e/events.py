"""Builders of wire events for tests, and small questions about the page."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

from playwright.sync_api import Page, TimeoutError, expect

Json = dict[str, Any]


class RunScript:
    """Builds the numbered events of one run."""

    def __init__(self, run_id: str, **fields: Any) -> None:
        self.run_id = run_id
        self._seq = -1
        self._fields = fields

    def event(self, event: str, **fields: Any) -> Json:
        """The next event of the run."""
        self._seq += 1
        return {"event": event, "run_id": self.run_id, "seq": self._seq, **self._fields, **fields}

    def start(self, node: str, order: int) -> Json:
        return self.event("start_node", node_id=node, order=order)

    def end(self, node: str, order: int, status: str = "success", **fields: Any) -> Json:
        return self.event("end_node", node_id=node, order=order, status=status, **fields)


def whole_run(run_id: str, nodes: int = 3) -> list[Json]:
    """A run that starts and ends `nodes` nodes, with a tool in each, and succeeds."""
    script = RunScript(run_id)
    events = [script.event("run_start", entity_name=f"Run {run_id}")]
    for index in range(nodes):
        node = f"n{index}"
        events += [
            script.start(node, index),
            script.event("start_tool", node_id=node, tool_call_id=f"{run_id}-t{index}", tool_name="look"),
            script.event("end_tool", node_id=node, tool_call_id=f"{run_id}-t{index}", tool_name="look"),
            script.end(node, index, content=f"output {index} of {run_id}"),
        ]
    return [*events, script.event("run_end", status="success")]


def metric(page: Page, name: str) -> int:
    """A number of the inspector."""
    return int(page.locator(f"[data-metric={name}]").text_content() or 0)


def wait_handled(page: Page, count: int) -> None:
    """Wait until the page has handled this many events in all."""
    expect(page.locator("[data-metric=handled]")).to_have_text(str(count), timeout=60_000)


def show(page: Page, tab: str) -> None:
    """Bring a tab to the front: canvas, timeline, chat, output, details."""
    page.locator(f"#{tab}-title").click()


def classes(page: Page, node: str) -> set[str]:
    """The classes of a node that tell of its execution."""
    every = page.locator(f'#canvas [data-node-id="{node}"]').get_attribute("class") or ""
    return {name for name in every.split() if name.startswith("execut") or name == "waiting"}


PICTURE = """() => {
    const all = (selector) => [...document.querySelectorAll(selector)];
    const pairs = (selector, key) => Object.fromEntries(
      all(selector).map((each) => [each.dataset[key], each.dataset.status]));
    const told = (node) => [...node.classList].filter(
      (name) => name.startsWith("execut") || name === "waiting").sort();
    return {
      front: document.querySelector('#runs [aria-current="true"]')?.dataset.runId ?? null,
      rows: pairs("#runs [data-run-id]", "runId"),
      locked: document.getElementById("editor").dataset.locked,
      classes: Object.fromEntries(
        all("#canvas [data-node-id]").map((node) => [node.dataset.nodeId, told(node)])),
      badges: all(".execution-order").map((badge) => [
        badge.closest("[data-node-id]").dataset.nodeId, badge.textContent,
        badge.dataset.status, badge.dataset.runId]).sort(),
      outputs: pairs("#node-output [data-node-id]", "nodeId"),
      chat: all("#chat [data-message-id]").map((bubble) => [
        bubble.dataset.kind, bubble.dataset.source, bubble.getAttribute("aria-busy") === "true",
        (bubble.querySelector(".fold-name") ?? bubble.querySelector(".bubble-body")).textContent]),
      cards: all("#interactions [data-requirement-id], #interactions [data-interaction-id]").map((card) => [
        card.dataset.requirementId ?? card.dataset.interactionId, card.dataset.state]),
    };
  }"""
"""What the page shows of the run in front: all that an outsider can see of it."""


def picture(page: Page) -> Json:
    """What the page shows now of the run in front."""
    result: Json = page.evaluate(PICTURE)
    return result


def wait_picture(page: Page, wanted: Json) -> None:
    """Wait until the page shows this of the run in front."""
    told = json.dumps(wanted, ensure_ascii=False, separators=(",", ":"))
    with suppress(TimeoutError):
        page.wait_for_function(f"(told) => JSON.stringify(({PICTURE})()) === told", arg=told, timeout=10_000)
    assert picture(page) == wanted

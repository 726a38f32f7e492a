"""What is said, and the tools that are called: contract §1 (sources) and §6 (chat, tools)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .events import REASONING, TEXT, TOOL_ENDS, Json, source_of


@dataclass
class Tool:
    """One call of a tool. `ended` is a place in the log, None while it runs."""

    node: str
    name: str | None
    call_id: str | None
    args: Any = None
    result: Any = None
    error: Any = None
    status: str = "executing"
    ended: int | None = None


@dataclass
class Bubble:
    """One bubble: text, reasoning, html, or a tool call."""

    kind: str
    source: str
    text: str = ""
    message_id: str | None = None
    tool: Tool | None = None
    closed: bool = False
    """A tool was called since: what the source says next stands in another bubble."""


def bubbles(events: list[Json]) -> list[Bubble]:
    """The bubbles of a run, in the order in which they appeared."""
    told: list[Bubble] = []
    for place, event in enumerate(events):
        name = event["event"]
        if name in TEXT or name in REASONING:
            _say(told, "text" if name in TEXT else "reasoning", event)
        elif name == "ChatHTML":
            _report(told, event)
        elif name == "start_tool":
            _call(told, event)
        elif name in TOOL_ENDS:
            _answer(told, event, place)
    for bubble in told:
        bubble.text = whole(bubble.text)
    return told


def whole(text: str) -> str:
    """Halves of characters joined; one that is alone is U+FFFD."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _say(told: list[Bubble], kind: str, event: Json) -> None:
    mine = [each for each in told if each.kind == kind and each.source == source_of(event)]
    if not mine or mine[-1].closed:
        mine.append(Bubble(kind, source_of(event)))
        told.append(mine[-1])
    if event.get("mode") != "snapshot":
        mine[-1].text += event["content"]
        return
    before = "".join(each.text for each in mine[:-1])
    if event["content"].startswith(before):
        mine[-1].text = event["content"][len(before) :]
    else:
        for each in mine[:-1]:
            each.text = ""
        mine[-1].text = event["content"]


def _report(told: list[Bubble], event: Json) -> None:
    name = event.get("message_id")
    same = [each for each in told if each.kind == "html" and name is not None and each.message_id == name]
    if not same:
        told.append(Bubble("html", source_of(event), message_id=name))
    (same or told)[-1].text = event["html"]


def _call(told: list[Bubble], event: Json) -> None:
    tool = Tool(event["node_id"], event.get("tool_name"), event.get("tool_call_id"), event.get("tool_args"))
    for each in told:
        each.closed = each.closed or (each.source == source_of(event) and each.kind in ("text", "reasoning"))
    told.append(Bubble("tool", source_of(event), tool=tool))


def _answer(told: list[Bubble], event: Json, place: int) -> None:
    """An end with an id closes that call; one without closes the oldest open one of that name on that node."""
    at_work = [each.tool for each in told if each.tool is not None and each.tool.ended is None]
    call_id = event.get("tool_call_id")
    if call_id is not None:
        fitting = [tool for tool in at_work if tool.call_id == call_id]
    else:
        fitting = [t for t in at_work if (t.node, t.name) == (event["node_id"], event.get("tool_name"))]
    tool = fitting[0]
    tool.result, tool.error, tool.ended = event.get("result"), event.get("error"), place
    tool.status = event.get("status") or "success"

"""What is sent: flows of any size, and the streams of events that the bench plays."""

from __future__ import annotations

import json
from math import ceil, sqrt
from pathlib import Path
from typing import Any

from e2e.events import RunScript
from e2e.scripted_portal import demo_flow

Json = dict[str, Any]


def grid(nodes: int, flow_id: str = "bench") -> Json:
    """A flow whose nodes stand in rows, about as wide as a screen."""
    flow, columns = demo_flow(nodes, flow_id), ceil(sqrt(nodes * 0.8))
    for number, node in enumerate(flow["nodes"]):
        node["position"] = {"x": number % columns * 240, "y": number // columns * 130}
    return flow


def life_cycle(run_id: str, nodes: int, *, together: bool = True) -> list[Json]:
    """Each node starts and ends once, with a short output; `together`: all have started before the first ends."""
    script = RunScript(run_id, flow_id="bench")
    events = [script.event("run_start", entity_name="Bench")]
    orders = range(nodes)
    if together:
        events += [script.start(f"n{order}", order) for order in orders]
        events += [script.end(f"n{order}", order, content=f"output {order}") for order in orders]
    else:
        for order in orders:
            events += [script.start(f"n{order}", order), script.end(f"n{order}", order, content=f"output {order}")]
    return [*events, script.event("run_end")]


def rounds(run_id: str, nodes: int, count: int) -> list[Json]:
    """`count` events, at most: nodes start and end again and again, each start with its end behind it."""
    script = RunScript(run_id, flow_id="bench")
    events = [script.event("run_start", entity_name="Bench")]
    for order in range((count - 2) // 2):
        node = f"n{order % nodes}"
        events += [script.start(node, order), script.end(node, order, content=f"output {order}")]
    return [*events, script.event("run_end")]


def mix(run_id: str, nodes: int) -> list[Json]:
    """Each node with a tool and words of its agent; every fifth node is a group's child."""
    script = RunScript(run_id, flow_id="bench")
    events = [script.event("run_start", entity_name="Bench")]
    for order in range(nodes):
        node = f"n{order}"
        group = {"parent_node_id": f"n{order - order % 5}"} if order % 5 else {}
        tool = {"node_id": node, "tool_call_id": f"t{order}", "tool_name": "look"}
        events.append(script.event("start_node", node_id=node, order=order, **group))
        events.append(script.event("start_tool", **tool, tool_args={"query": f"word {order}"}))
        events.append(script.event("end_tool", **tool, status="success", result="found"))
        events += [script.event("RunContent", content=f"w{order} ", agent_id=node, node_id=node) for _ in range(4)]
        events.append(script.end(node, order, content=f"output {order}", **group))
    return [*events, script.event("run_end")]


def grouped(nodes: int) -> Json:
    """The flow of `mix`: every fifth node is a group that contains the next four."""
    flow = grid(nodes)
    for number, node in enumerate(flow["nodes"]):
        if number % 5:
            node["parent"] = f"n{number - number % 5}"
            del node["position"]
    return flow


def chunks(run_id: str, count: int) -> list[Json]:
    """One agent's answer in so many chunks, with a paragraph now and then."""
    script = RunScript(run_id, flow_id="bench")
    opening = [script.event("run_start"), script.start("n0", 0)]
    words = ("word" + ("\n\n" if number % 60 == 59 else " ") for number in range(count))
    said = [script.event("RunContent", content=word, agent_id="a", node_id="n0") for word in words]
    return [*opening, *said, script.event("run_end")]


def recorded(path: Path, run_id: str) -> tuple[Json, list[Json]]:
    """A recording's flow and its events, as those of a run of this name in the flow `bench`."""
    flow, *events = (json.loads(line) for line in path.read_text().splitlines())
    own = {"run_id": run_id}
    named = [{**each, **own, "event_id": f"{run_id}-{number}"} for number, each in enumerate(events)]
    return {**flow, "id": "bench"}, [{**each, "flow_id": "bench"} if "flow_id" in each else each for each in named]


def frames(events: list[Json]) -> list[str]:
    """Each event as a socket delivers it."""
    return [json.dumps(each) for each in events]

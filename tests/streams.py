"""Hypothesis strategies for event streams: several runs, interleaved, with duplicates and small disorder."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

Json = dict[str, Any]
NODES = ("n0", "n1", "n2", "n3")


@st.composite
def runs(draw: st.DrawFn, run_id: str) -> list[Json]:
    """The numbered events of one run: nodes that start and end, tools, pauses, perhaps an end."""
    events: list[Json] = [{"event": "run_start"}]
    order = 0
    open_nodes: list[tuple[str, int]] = []
    for choice in draw(st.lists(st.sampled_from(["start", "start", "end", "tool", "text", "pause"]), max_size=14)):
        if choice == "start":
            node = draw(st.sampled_from(NODES))
            events.append({"event": "start_node", "node_id": node, "order": order})
            open_nodes.append((node, order))
            order += 1
        elif choice == "end" and open_nodes:
            node, which = open_nodes.pop(draw(st.integers(0, len(open_nodes) - 1)))
            status = draw(st.sampled_from(["success", "error", "killed"]))
            events.append({"event": "end_node", "node_id": node, "order": which, "status": status})
        elif choice == "tool" and open_nodes:
            tool = {"node_id": open_nodes[-1][0], "tool_call_id": f"t{len(events)}"}
            events += [{"event": "start_tool", **tool}, {"event": "end_tool", **tool}]
        elif choice == "text":
            events.append({"event": "RunContent", "content": "a word "})
        elif choice == "pause":
            events += [{"event": "AgentPaused", "requirements": []}, {"event": "resume_start"}]
    if draw(st.booleans()):
        events.append({"event": "run_end", "status": draw(st.sampled_from(["success", "error", "killed"]))})
    return [{**event, "run_id": run_id, "seq": seq} for seq, event in enumerate(events)]


@st.composite
def interleavings(draw: st.DrawFn, max_runs: int = 3, shake: int = 4) -> list[Json]:
    """Events of several runs as they may arrive: interleaved, some twice, some a few places early or late."""
    queues = [draw(runs(f"r{index}")) for index in range(draw(st.integers(1, max_runs)))]
    arrived: list[Json] = []
    while any(queues):
        queue = draw(st.sampled_from([each for each in queues if each]))
        arrived.append(queue.pop(0))
    for _ in range(draw(st.integers(0, shake))):
        place = draw(st.integers(0, len(arrived) - 1))
        event = arrived[place]
        if draw(st.booleans()):
            arrived.pop(place)
        arrived.insert(min(len(arrived), max(0, place + draw(st.integers(-4, 4)))), event)
    return arrived

"""The oracle: what a page must show of a log of events, written from the contract and from nothing else.

Slow and plain on purpose: it sorts the whole log of a run by `seq`, drops what is there twice, and goes
through it once. It shares no code with pyapp.
"""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]
TERMINAL = ("success", "error", "killed")


def fold_log(log: list[Json]) -> dict[str, Json]:
    """run id → {status, nodes: {node: {order: status}}} for a log in any order, with duplicates."""
    return {run_id: _fold_run(_in_order(log, run_id)) for run_id in dict.fromkeys(e["run_id"] for e in log)}


def _in_order(log: list[Json], run_id: str) -> list[Json]:
    once = {event["seq"]: event for event in log if event["run_id"] == run_id}
    return [once[seq] for seq in sorted(once)]


def _fold_run(events: list[Json]) -> Json:
    status = "executing"
    nodes: dict[str, dict[int, str]] = {}
    for event in events:
        name = event["event"]
        if name == "start_node":
            known = nodes.setdefault(event["node_id"], {})
            known.setdefault(event["order"], "unknown" if status in TERMINAL else "executing")
        elif name == "end_node":
            known = nodes.setdefault(event["node_id"], {})
            if known.get(event["order"], "executing") in ("executing", "unknown"):
                known[event["order"]] = event["status"]
        elif name in ("run_end", "resume_end") and status not in TERMINAL:
            said = event.get("status", "success")
            status = said
            if said in TERMINAL:
                implied = said if said != "success" else "unknown"
                for known in nodes.values():
                    for order, each in known.items():
                        known[order] = implied if each == "executing" else each
        elif name == "AgentPaused" and status not in TERMINAL:
            status = "paused"
        elif name == "resume_start" and status not in TERMINAL:
            status = "executing"
    return {"status": status, "nodes": nodes}

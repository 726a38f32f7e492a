"""Which events of a log count, and in which order: contract §1."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]
TERMINAL = ("success", "error", "killed")
TEXT = ("RunContent", "TeamRunContent")
REASONING = ("ReasoningContent", "RunReasoningContent", "TeamRunReasoningContent")
TOOL_ENDS = ("end_tool", "TeamToolCallCompleted")
NAMES = (
    "run_start", "run_end", "resume_start", "resume_end", "start_node", "end_node", "start_tool", "AgentPaused",
    "ChatHTML", "interaction_event", *TEXT, *REASONING, *TOOL_ENDS,
)  # fmt: skip
NODE_EVENTS = ("start_node", "end_node", "start_tool", *TOOL_ENDS)
WORK = ("start_node", "start_tool", *TEXT)
"""What shows that a paused run goes on, though nobody said so."""


def of_run(log: list[Json], run_id: str) -> list[Json]:
    """The readable events of one run by number; of those with the same number the first counts."""
    once: dict[int, Json] = {}
    for event in log:
        if event["run_id"] == run_id:
            once.setdefault(event["seq"], event)
    return [once[seq] for seq in sorted(once) if readable(once[seq])]


def readable(event: Json) -> bool:
    """Whether the contract lets a page understand this event at all."""
    name = event.get("event")
    if name not in NAMES:
        return False
    if name in NODE_EVENTS and not isinstance(event.get("node_id"), str):
        return False
    order = event.get("order")
    if order is not None and (isinstance(order, bool) or not isinstance(order, int) or order < 0):
        return False
    if name == "end_node" and event.get("status") not in TERMINAL:
        return False
    if name == "AgentPaused" and not isinstance(event.get("requirements"), list):
        return False
    return name not in TEXT + REASONING or "content" in event


def statuses(events: list[Json]) -> list[str]:
    """The run's status after each of its events."""
    status, after = "executing", []
    for event in events:
        name = event["event"]
        if status not in TERMINAL:
            if name in ("run_end", "resume_end"):
                status = event.get("status") or "success"
            elif name == "AgentPaused":
                status = "paused"
            elif name == "resume_start" or name in WORK:
                status = "executing"
        after.append(status)
    return after


def last_moment(after: list[str]) -> int:
    """The place of the event that ended the run; behind the last one while it lives."""
    return next((place for place, status in enumerate(after) if status in TERMINAL), len(after))


def source_of(event: Json) -> str:
    """Whose bubble a text, or a tool call, belongs to."""
    for field in ("source_run_id", "agent_id", "team_id"):
        if event.get(field):
            return str(event[field])
    return str(event["run_id"])

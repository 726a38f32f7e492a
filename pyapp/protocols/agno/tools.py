"""Tool calls: each begins and ends once, on the node of the run that made it."""

from __future__ import annotations

from typing import Any

from ..protocol import Taken, taken
from .entities import known_run
from .fields import Event, kind_of, number, record, run_of, text
from .state import State


def started(state: State, event: Event) -> Taken:
    tool = record(event["tool"])
    if not state.calls.start(*_key(state, tool, event)):
        return None
    arguments = tool.get("tool_args")
    return _told(state, event, "start_tool", tool_args=dict(record(arguments)) if arguments is not None else None)


def ended(state: State, event: Event) -> Taken:
    """Of a call that failed Agno tells that it is completed, and then that it failed: the first has it all."""
    name, tool = str(event["event"]), record(event["tool"])
    if not state.calls.end(*_key(state, tool, event)):
        return None
    failed = bool(tool.get("tool_call_error")) or name.endswith("Error")
    return _told(
        state,
        event,
        name if name == "TeamToolCallCompleted" else "end_tool",
        status="error" if failed else "success",
        duration=number(record(tool.get("metrics")).get("duration")),
        **{"error" if failed else "result": event.get("error") or tool.get("result")},
    )


def _key(state: State, tool: Event, event: Event) -> tuple[str | None, str | None, str | None]:
    return run_of(event) or state.root, text(tool.get("tool_call_id")), text(tool.get("tool_name"))


def _told(state: State, event: Event, name: str, **fields: Any) -> Taken:
    before = known_run(state, event)
    node, tool = state.node_of(event), record(event["tool"])
    ids = {key: text(tool.get(key)) for key in ("tool_call_id", "tool_name")}
    ids[f"{kind_of(event)}_id"] = text(event.get(f"{kind_of(event)}_id"))  # who speaks and who calls are one source
    return taken(before, [{"event": name, "node_id": node, **ids, **fields}] if node is not None else None)

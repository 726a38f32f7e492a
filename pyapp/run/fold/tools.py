"""The fold of tool calls: which start an end belongs to, and what came of it."""

from __future__ import annotations

from ...contract.events import EndTool, StartTool
from ..record import ExecutionStatus, ToolCall, least
from . import chat, groups, usage
from .nodes import node_of
from .step import MAX_TOOLS, Step, evict


def started(step: Step, event: StartTool) -> None:
    """The same id again while its call is open is the same call, and its arguments as they are by now; after its end
    it is another one.
    """
    record = step.record
    node = node_of(step, event, event.node_id)
    call = _known(step, event) if event.tool_call_id is not None else None
    if call is None or call.node_id != event.node_id or (not call.open and call.started_at is not None):
        call = _new(step, event)
        if record.over:
            call.status, call.implied = "unknown", True
        (node.implied_tools if record.over else node.open_tools)[call.key] = None
    if call.started_at is None:
        call.started_at = step.at
    call.name = call.name or event.tool_name or ""
    call.args = event.tool_args or call.args
    step.touched.tools[event.node_id] = None
    groups.worked(step, node)
    chat.tool(step, event, call)


def ended(step: Step, event: EndTool) -> None:
    """The first end wins; one that was only implied is replaced."""
    node_of(step, event, event.node_id)
    call = _known(step, event) if event.tool_call_id is not None else None
    call = call or _oldest(step, event)
    if event.withdrawn if call is None else not (call.open or call.implied):
        return
    call = call or _new(step, event)
    node = step.record.nodes.get(call.node_id)
    if node is not None:
        node.open_tools.pop(call.key, None)
        node.implied_tools.pop(call.key, None)
        groups.worked(step, node)
    step.touched.tools[call.node_id] = None
    if event.withdrawn:
        del step.record.tools[call.key]
        chat.drop(step, f"tool/{call.key}")
        return
    failed = event.error is not None or event.status == "error"
    call.status = "error" if failed else "killed" if event.status == "killed" else "success"
    call.implied = False
    call.name = call.name or event.tool_name or ""
    usage.heard(step, call.node_id, call.usage, event.usage)
    call.result, call.error, call.usage = event.result, event.error, event.usage
    if call.ended_at is None:  # else what it is a part of ended before
        call.told_duration_s = event.duration if event.duration is not None and event.duration >= 0 else None
    call.ended_at = least(step.at, call.ended_at)
    chat.tool(step, event, call)


def settle(step: Step, outcome: ExecutionStatus) -> None:
    """The run is over, and so is every call."""
    for node in step.record.nodes.values():
        for key in node.open_tools:
            call = step.record.tools[key]
            call.status, call.implied = outcome, True
            call.ended_at = least(call.ended_at, step.record.ended_at)
            chat.show_tool(step, call)
        if node.open_tools:
            node.implied_tools, node.open_tools = node.open_tools, {}
            step.touched.tools[node.node_id] = None


def _new(step: Step, event: StartTool | EndTool) -> ToolCall:
    record = step.record
    record.tool_serial += 1
    key = f"#{record.tool_serial}"
    if event.tool_call_id is not None:
        if f"={event.tool_call_id}" not in record.tools:
            key = f"={event.tool_call_id}"
        record.tool_ids[event.node_id, event.tool_call_id] = record.tool_ids["", event.tool_call_id] = key
    call = record.tools[key] = ToolCall(key, event.node_id, event.tool_call_id is not None)
    evict(record.tools, MAX_TOOLS, lambda each: not each.open and each is not call)
    if len(record.tool_ids) > 4 * len(record.tools) + MAX_TOOLS:
        record.tool_ids = {each: key for each, key in record.tool_ids.items() if key in record.tools}
    return call


def _known(step: Step, event: StartTool | EndTool) -> ToolCall | None:
    """The latest call with this id, on this node if there is one."""
    ids, call_id = step.record.tool_ids, event.tool_call_id or ""
    key = ids.get((event.node_id, call_id)) or ids.get(("", call_id))
    return step.record.tools.get(key) if key is not None else None


def _oldest(step: Step, event: EndTool) -> ToolCall | None:
    """The oldest call of that name on that node that is open, else that was only implied to have ended; an id nobody
    knows closes none that has another.
    """
    node = step.record.nodes[event.node_id]
    for key in node.open_tools or node.implied_tools:
        call = step.record.tools.get(key)
        if call is None or (call.has_id and event.tool_call_id is not None):
            continue
        if event.tool_name in (None, call.name):
            return call
    return None

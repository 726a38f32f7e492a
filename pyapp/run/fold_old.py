"""The fold: one event applied to the record of its run. Pure state, no clock of its own, no drawing.

Every event is total here: in any order, twice or never, the record stays consistent and nothing raises.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..contract.events import (  # fmt: skip
    AgentPaused,
    EndNode,
    EndTool,
    Event,
    InteractionEvent,
    ResumeEnd,
    ResumeStart,
    RunEnd,
    RunStart,
    StartNode,
    StartTool,
)
from .record_old import Execution, NodeRecord, RunRecord, ToolCall
from .waiting_old import pause, resume


def fold(run: RunRecord, event: Event, now: float) -> None:
    """Apply `event` to `run`; `now` is the monotonic moment it was handled."""
    run.heard = now
    run.events += 1
    if event.seq is not None and (run.last_seq is None or event.seq > run.last_seq):
        run.last_seq = event.seq
    if run.status in ("queued", "unverified"):
        run.status = "executing"
    apply = _FOLDS.get(event.event)
    if apply is not None:
        apply(run, event, now)


def settle(run: RunRecord, status: str, now: float, *, wall: float | None = None) -> None:
    """End the run: every execution still open ends as the run did (unknown after success), marked implied."""
    run.status = status  # type: ignore[assignment]
    run.ended_wall = run.ended_wall or wall
    outcome = status if status in ("error", "killed") else "unknown"
    for node in run.nodes.values():
        node.waiting = False
        for order in node.open_orders:
            execution = node.executions[order]
            execution.status, execution.implied, execution.ended = outcome, True, now  # type: ignore[assignment]
            node.outcome = execution.status  # type: ignore[assignment]
        for execution in node.executions.values():  # came while the end was only known over HTTP
            if execution.implied and execution.status == "unknown":
                execution.status = outcome  # type: ignore[assignment]
                node.outcome = outcome  # type: ignore[assignment]
        node.open_orders.clear()
        node.open_tools.clear()
    run.waiting.over()
    for call in run.tools.values():
        if call.open:
            call.status = outcome  # type: ignore[assignment]


def _run_start(run: RunRecord, event: RunStart, now: float) -> None:
    run.flow_id = event.flow_id or run.flow_id
    run.kind = event.entity_kind or run.kind
    run.name = event.entity_name or run.name
    run.started_wall = run.started_wall or event.ts


def _run_end(run: RunRecord, event: RunEnd | ResumeEnd, now: float) -> None:
    if run.over and not run.provisional:
        return
    run.provisional = False
    run.error = event.error if event.error is not None else run.error
    run.content = getattr(event, "content", None)
    run.ended_wall = event.ts or run.ended_wall
    settle(run, event.status or "success", now)


def _resume_start(run: RunRecord, event: ResumeStart, now: float) -> None:
    if not run.over or run.provisional:
        resume(run, event.resolved)


def _resume_end(run: RunRecord, event: ResumeEnd, now: float) -> None:
    if event.status != "paused":
        _run_end(run, event, now)
    elif not run.over:
        run.status = "paused"


def _paused(run: RunRecord, event: AgentPaused, now: float) -> None:
    pause(run, event)


def _interaction(run: RunRecord, event: InteractionEvent, now: float) -> None:
    if not run.over:
        run.waiting.signed(event)


def _start_node(run: RunRecord, event: StartNode, now: float) -> None:
    node = run.node(event.node_id)
    node.parent_id = event.parent_node_id or node.parent_id
    node.child_count = event.child_count if event.child_count is not None else node.child_count
    order = event.order if event.order is not None else run.highest_order + 1
    run.highest_order = max(run.highest_order, order)
    known = node.executions.get(order)
    if known is not None:  # its own end came first, or the start came twice: only what was missing is added
        known.started_wall = known.started_wall or event.ts
        known.node_type = known.node_type or event.node_type
        node.latest = known
        return
    execution = Execution(
        event.node_id, order, node_type=event.node_type, node_name=event.node_name,
        iteration=event.iteration, started=now, started_wall=event.ts,
    )  # fmt: skip
    node.executions[order] = node.latest = execution
    if run.over:  # a straggler of a run that is over starts nothing
        execution.status, execution.implied = "unknown", True
    else:
        node.open_orders.append(order)


def _end_node(run: RunRecord, event: EndNode, now: float) -> None:
    node = run.node(event.node_id)
    node.parent_id = event.parent_node_id or node.parent_id
    order = event.order if event.order is not None else _order_to_close(run, node)
    run.highest_order = max(run.highest_order, order)
    execution = node.executions.get(order)
    if execution is None:
        execution = node.executions[order] = Execution(event.node_id, order, node_name=event.node_name)
    elif not execution.open and not execution.implied:
        node.latest = execution
        return  # the first end wins
    node.latest = execution
    if order in node.open_orders:
        node.open_orders.remove(order)
    execution.status = event.status
    execution.ended, execution.ended_wall = now, event.ts
    execution.content, execution.error = event.content, event.error
    execution.variables = event.variables or {}
    execution.implied = bool(event.implied)
    node.outcome = event.status
    if not node.executing:
        node.waiting = False


def _order_to_close(run: RunRecord, node: NodeRecord) -> int:
    if node.open_orders:
        return node.open_orders[-1]
    implied = [order for order, execution in node.executions.items() if execution.implied]
    return implied[-1] if implied else run.highest_order + 1


def _start_tool(run: RunRecord, event: StartTool, now: float) -> None:
    if event.tool_call_id is not None and event.tool_call_id in run.tools:
        call = run.tools[event.tool_call_id]  # its end came first, or the start came twice
        call.args = call.args or event.tool_args or {}
        run.latest_tool = call
        return
    run.tool_serial += 1
    key = event.tool_call_id or f"#{run.tool_serial}"
    call = ToolCall(key, event.node_id, event.tool_name or "", event.tool_args or {}, started=now)
    run.tools[key] = run.latest_tool = call
    if run.over:
        call.status = "unknown"
    else:
        run.node(event.node_id).open_tools.append(key)


def _end_tool(run: RunRecord, event: EndTool, now: float) -> None:
    call = _call_to_close(run, event)
    if call is None:
        run.tool_serial += 1
        key = event.tool_call_id or f"#{run.tool_serial}"
        call = run.tools[key] = ToolCall(key, event.node_id, event.tool_name or "")
    elif call.open:
        open_tools = run.node(call.node_id).open_tools
        if call.key in open_tools:
            open_tools.remove(call.key)
    elif call.status != "unknown":
        run.latest_tool = call
        return  # the first end wins
    run.latest_tool = call
    failed = event.error is not None or event.status == "error"
    call.status = "error" if failed else "killed" if event.status == "killed" else "success"
    call.name = call.name or event.tool_name or ""
    call.result, call.error = event.result, event.error
    call.duration_s = event.duration
    if call.duration_s is None and call.started is not None:
        call.duration_s = now - call.started


def _call_to_close(run: RunRecord, event: EndTool) -> ToolCall | None:
    """The call an end belongs to: by id; without one, the oldest open call of that name on that node."""
    if event.tool_call_id is not None:
        return run.tools.get(event.tool_call_id)
    for key in run.node(event.node_id).open_tools:
        call = run.tools.get(key)
        if call is not None and event.tool_name in (None, call.name):
            return call
    return None


_FOLDS: dict[str, Callable[[RunRecord, Any, float], None]] = {
    "run_start": _run_start,
    "run_end": _run_end,
    "resume_start": _resume_start,
    "resume_end": _resume_end,
    "AgentPaused": _paused,
    "interaction_event": _interaction,
    "start_node": _start_node,
    "end_node": _end_node,
    "start_tool": _start_tool,
    "end_tool": _end_tool,
    "TeamToolCallCompleted": _end_tool,
}

"""What the server says of a run over HTTP, taken into the run's record.

It only adds: what the stream has told is never undone, and what it adds is provisional until the
stream says it itself.
"""

from __future__ import annotations

from ..contract.http import NodeResult, RunInfo
from .fold_old import settle
from .record_old import TERMINAL, Execution, RunRecord


def apply_snapshot(run: RunRecord, answer: RunInfo, now: float) -> None:
    """Bring the record in line with the server's answer, received at the monotonic moment `now`."""
    run.heard = now
    run.told_over_http = True
    run.flow_id = run.flow_id or answer.flow_id
    run.started_wall = run.started_wall or answer.started_at
    run.ended_wall = run.ended_wall or answer.ended_at
    for node_id, node in (answer.results or {}).items():
        _apply_node(run, node_id, node)
    if not run.over:
        _apply_waiting(run, answer)
    if run.over:
        settle(run, run.status, now)
    elif answer.status in TERMINAL:
        run.provisional = True
        run.error = run.error if run.error is not None else answer.error
        settle(run, answer.status, now)
    elif answer.status in ("queued", "executing", "paused"):
        run.status = answer.status  # type: ignore[assignment]


def _apply_waiting(run: RunRecord, answer: RunInfo) -> None:
    """What the server lists as open."""
    current = answer.last_seq is None or run.last_seq is None or answer.last_seq >= run.last_seq
    run.waiting.listed(
        answer.requirements or [],
        answer.interactions or [],
        whole=answer.requirements is not None and current,
    )


def _apply_node(run: RunRecord, node_id: str, answer: NodeResult) -> None:
    """The answer speaks of the last time the node ran; earlier times are only known to have happened."""
    node = run.node(node_id)
    orders = sorted(answer.orders or node.executions) or [run.highest_order + 1]
    for order in orders:
        run.highest_order = max(run.highest_order, order)
        if order not in node.executions:
            node.latest = node.executions[order] = Execution(node_id, order, implied=True)
            node.open_orders.append(order)
    last = node.executions[orders[-1]]
    if last.content is None:
        last.content = answer.content
    if last.error is None:
        last.error = answer.error
    if answer.status not in ("success", "error", "killed"):
        return
    for order in orders:
        execution = node.executions[order]
        if execution.open or execution.implied:
            execution.status = answer.status if execution is last else "unknown"  # type: ignore[assignment]
            execution.implied = False
        if order in node.open_orders:
            node.open_orders.remove(order)
    node.outcome = last.status if last.status != "executing" else node.outcome

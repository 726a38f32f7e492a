"""Glow: a node that executes, shown for its minimum; then how it ended. Shared by nodes and groups.

The record decides what is true; this only decides when a change may be seen (docs/contract.md §5).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from ..ports import Element
from ..run.record_old import ExecutionStatus, RunRecord
from .context import HandlerContext

MIN_EXECUTING_S = 0.5
"""`executing` is shown at least this long before it gives way."""

EXECUTING: Final = "executing"
OUTCOMES = ("executed-success", "executed-error", "executed-killed")

StatusOf = Callable[[], ExecutionStatus | None]


def begin(run: RunRecord, node_id: str, context: HandlerContext) -> None:
    """Show that the node executes, at once."""
    key = (EXECUTING, node_id)
    context.tracking.cancel_animation(run.run_id, key)
    context.tracking.mark_shown(run.run_id, key)
    element = context.document.node(node_id)
    if element is not None:
        paint(element, EXECUTING)


def end(run: RunRecord, node_id: str, status: StatusOf, context: HandlerContext) -> None:
    """Show how it ended, once `executing` has been shown for its minimum; `status` is asked then."""
    key = (EXECUTING, node_id)
    shown = context.tracking.shown_for(run.run_id, key)
    if shown is None or shown >= MIN_EXECUTING_S:
        context.tracking.cancel_animation(run.run_id, key)
        settle(run, node_id, status(), context)
    else:
        context.tracking.schedule_animation(
            run.run_id, key, lambda: settle(run, node_id, status(), context), MIN_EXECUTING_S - shown
        )


def restore(run: RunRecord, node_id: str, status: ExecutionStatus | None, context: HandlerContext) -> None:
    """Show the present state on a canvas without classes; what is pending stays pending."""
    pending = context.tracking.is_animating(run.run_id, (EXECUTING, node_id))
    settle(run, node_id, EXECUTING if pending else status, context)


def settle(run: RunRecord, node_id: str, status: ExecutionStatus | None, context: HandlerContext) -> None:
    """Show a status now."""
    key = (EXECUTING, node_id)
    if status == EXECUTING:
        context.tracking.mark_shown(run.run_id, key)
    else:
        context.tracking.unmark_shown(run.run_id, key)
    element = context.document.node(node_id)
    if element is not None:
        paint(element, status)


def paint(element: Element, status: ExecutionStatus | None) -> None:
    """Give an element the class of a status, and no other."""
    element.classList.remove(EXECUTING, *OUTCOMES)
    if status == EXECUTING:
        element.classList.add(EXECUTING)
    elif status in ("success", "error", "killed"):
        element.classList.add(f"executed-{status}")

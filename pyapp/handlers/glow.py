"""Glow: a node that executes, shown for its minimum; then how it ended. Shared by nodes and groups.

The record decides what is true; this only decides when a change may be seen (docs/contract.md §5).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Final

from ..live.context import HandlerContext
from ..run.record import ExecutionStatus
from ..run.run import Run

MIN_EXECUTING_S = 0.5
"""`executing` is shown at least this long before it gives way."""

EXECUTING: Final = "executing"
CLASSES = (EXECUTING, "executed-success", "executed-error", "executed-killed")
CLASS_OF: Mapping[ExecutionStatus | None, str] = dict(
    zip(("executing", "success", "error", "killed", "unknown", None), (*CLASSES, "", ""), strict=True)
)
"""The class of a status; "" for one that has none."""

Key = tuple[str, str]
"""(class, node id)."""
StatusOf = Callable[[], ExecutionStatus | None]


def show(run: Run, node_id: str, status: StatusOf, context: HandlerContext) -> None:
    """Show a change as it may be seen; if that is later, `status` is asked again then."""

    def change() -> None:
        if not context.tracking.is_run_completed(run.run_id):
            settle(run, node_id, status(), context)

    now = status()
    if as_seen(run, (EXECUTING, node_id), now == EXECUTING, change, MIN_EXECUTING_S, context):
        settle(run, node_id, now, context)


def as_seen(
    run: Run, key: Key, begins: bool, change: Callable[[], None], min_s: float, context: HandlerContext
) -> bool:
    """Whether a change of a class on a node may be seen now: a beginning may, an end once the class was there for
    `min_s`. Until then it may not, and `change` makes it.
    """
    shown = None if begins else run.animations.shown_for(key)
    if shown is None or shown >= min_s:
        run.animations.cancel(key)
        return True
    context.tracking.schedule_animation(run.run_id, key, change, min_s - shown)
    return False


def restore(
    run: Run | None,
    statuses: dict[str, ExecutionStatus | None],
    context: HandlerContext,
    *,
    but: Collection[str] | None = (),
) -> None:
    """Show the present state of many nodes at once; what is pending stays pending. Others lose theirs, save `but`."""
    wanted: dict[str, str] = {}
    for node_id, status in statuses.items():
        if run is not None:
            key = (EXECUTING, node_id)
            status = EXECUTING if run.animations.pending(key) else status
            (run.animations.show if status == EXECUTING else run.animations.hide)(key)
        wanted[node_id] = CLASS_OF[status]
    context.document.classes(CLASSES, wanted, but=but)


def settle(run: Run, node_id: str, status: ExecutionStatus | None, context: HandlerContext) -> None:
    """Show a status now."""
    (run.animations.show if status == EXECUTING else run.animations.hide)((EXECUTING, node_id))
    element = context.document.node(node_id)
    if element is not None:
        classes, name = element.classList, CLASS_OF[status]
        classes.remove(*CLASSES)
        if name:
            classes.add(name)

"""DOMVisualHandler: the glow of the node that executes, and the border of how it ended.

Writes classes straight onto the canvas, in the same browser task as the message. The record decides
what is true; this handler only decides when a change may be seen (docs/contract.md §5).
"""

from __future__ import annotations

from ..core.context import HandlerContext
from ..core.handler import EventHandler
from ..messages import EndNode, Event, StartNode
from ..ports import Element
from ..state.records import NodeRecord, RunRecord

MIN_EXECUTING_S = 0.5
"""`executing` is shown at least this long before it gives way."""

EXECUTING = "executing"
WAITING = "waiting"
OUTCOMES = ("executed-success", "executed-error", "executed-killed")


class DOMVisualHandler(EventHandler):
    name = "DOMVisualHandler"
    events = frozenset({"start_node", "end_node", "run_end", "resume_start", "resume_end", "AgentPaused"})
    costs = "Nodes on the canvas may not glow or show how they ended; badges and outputs still do."

    def handle(self, message: Event, context: HandlerContext) -> None:
        run = context.tracking.run(message.run_id)
        if run.over:
            if message.event in ("run_end", "resume_end"):
                self._run_over(run, context)
        elif not context.is_drawn_live(run):
            return
        elif isinstance(message, StartNode):
            self._started(run, run.node(message.node_id), context)
        elif isinstance(message, EndNode):
            self._ended(run, run.node(message.node_id), context)
        else:
            self._mark_waiting(run, context)

    def repaint(self, run: RunRecord | None, context: HandlerContext) -> None:
        """Put the present state of the run in front onto the canvas; what is pending stays pending."""
        if run is not None and not context.is_front(run.run_id):
            return
        context.document.strip(EXECUTING, WAITING, *OUTCOMES)
        if run is None or run.over:
            return
        for node in run.nodes.values():
            if context.tracking.is_animating(run.run_id, (EXECUTING, node.node_id)):
                element = context.document.node(node.node_id)
                if element is not None:
                    element.classList.add(EXECUTING)
            else:
                self._settle(run, node, context)

    def _started(self, run: RunRecord, node: NodeRecord, context: HandlerContext) -> None:
        key = (EXECUTING, node.node_id)
        if not node.executing:
            return  # its own end came before it
        context.tracking.cancel_animation(run.run_id, key)
        context.tracking.mark_shown(run.run_id, key)
        element = context.document.node(node.node_id)
        if element is not None:
            element.classList.remove(*OUTCOMES)
            element.classList.add(EXECUTING)

    def _ended(self, run: RunRecord, node: NodeRecord, context: HandlerContext) -> None:
        if node.executing:
            return  # another execution of the same node goes on
        key = (EXECUTING, node.node_id)
        shown = context.tracking.shown_for(run.run_id, key)
        if shown is None or shown >= MIN_EXECUTING_S:
            context.tracking.cancel_animation(run.run_id, key)
            self._settle(run, node, context)
        else:
            context.tracking.schedule_animation(
                run.run_id, key, lambda: self._settle(run, node, context), MIN_EXECUTING_S - shown
            )

    def _settle(self, run: RunRecord, node: NodeRecord, context: HandlerContext) -> None:
        """Make the node's element show the node's present state."""
        key = (EXECUTING, node.node_id)
        if node.executing:
            context.tracking.mark_shown(run.run_id, key)
        else:
            context.tracking.unmark_shown(run.run_id, key)
        element = context.document.node(node.node_id)
        if element is not None:
            paint(element, node)

    def _mark_waiting(self, run: RunRecord, context: HandlerContext) -> None:
        for node in run.nodes.values():
            element = context.document.node(node.node_id)
            if element is not None:
                (element.classList.add if node.waiting else element.classList.remove)(WAITING)

    def _run_over(self, run: RunRecord, context: HandlerContext) -> None:
        """Every glow and border of the run is gone at once, whatever was pending."""
        context.tracking.cancel_animations(run.run_id)
        if context.is_front(run.run_id):
            context.document.strip(EXECUTING, WAITING, *OUTCOMES)


def paint(element: Element, node: NodeRecord) -> None:
    """Give an element the classes of a node's state: executing, or how it ended last."""
    element.classList.remove(EXECUTING, WAITING, *OUTCOMES)
    if node.executing:
        element.classList.add(EXECUTING)
        if node.waiting:
            element.classList.add(WAITING)
    elif node.outcome in ("success", "error", "killed"):
        element.classList.add(f"executed-{node.outcome}")

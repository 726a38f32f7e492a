"""DOMVisualHandler: the glow of the node that executes, and the border of how it ended.

Writes classes straight onto the canvas, in the same browser task as the message. Groups get theirs
from GroupExecutionHandler.
"""

from __future__ import annotations

from ..contract.events import EndNode, Event, StartNode
from ..live import glow
from ..live.context import HandlerContext
from ..live.handler import EventHandler
from ..run.record_old import ExecutionStatus, NodeRecord, RunRecord

WAITING = "waiting"


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
        elif isinstance(message, StartNode | EndNode):
            node = run.node(message.node_id)
            if context.is_group(run, node.node_id):
                return
            if isinstance(message, EndNode):
                if not node.executing:  # else another execution of the same node goes on
                    glow.end(run, node.node_id, lambda: status_of(node), context)
            elif node.executing:  # else its own end came before it
                glow.begin(run, node.node_id, context)
            self._mark_waiting(node, context)
        else:
            for node in run.nodes.values():
                self._mark_waiting(node, context)

    def repaint(self, run: RunRecord | None, context: HandlerContext) -> None:
        """Put the present state of the run in front onto the canvas; what is pending stays pending."""
        if run is not None and not context.is_front(run.run_id):
            return
        context.document.strip(glow.EXECUTING, WAITING, *glow.OUTCOMES)
        if run is None or run.over:
            return
        for node in run.nodes.values():
            if not context.is_group(run, node.node_id):
                glow.restore(run, node.node_id, status_of(node), context)
            self._mark_waiting(node, context)

    def _mark_waiting(self, node: NodeRecord, context: HandlerContext) -> None:
        if not (node.waiting or node.marked_waiting):
            return
        node.marked_waiting = node.waiting
        element = context.document.node(node.node_id)
        if element is not None:
            (element.classList.add if node.waiting else element.classList.remove)(WAITING)

    def _run_over(self, run: RunRecord, context: HandlerContext) -> None:
        """Every glow and border of the run is gone at once, whatever was pending."""
        context.tracking.cancel_animations(run.run_id)
        if context.is_front(run.run_id):
            context.document.strip(glow.EXECUTING, WAITING, *glow.OUTCOMES)


def status_of(node: NodeRecord) -> ExecutionStatus | None:
    """What a node's element shows: executing, or how it ended last."""
    return "executing" if node.executing else node.outcome

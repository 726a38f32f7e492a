"""DOMVisualHandler: the glow of the node that executes, and the border of how it ended.

Writes classes straight onto the canvas, in the same browser task as the message. Groups get theirs from
GroupExecutionHandler alone.
"""

from __future__ import annotations

from functools import partial

from ..contract.events import Event
from ..live.context import HandlerContext
from ..live.handler import EventHandler
from ..run.record import ExecutionStatus
from ..run.run import Run
from . import glow

WAITING = "waiting"


class DOMVisualHandler(EventHandler):
    name = "DOMVisualHandler"
    events = frozenset(
        {"start_node", "end_node", "run_end", "resume_start", "resume_end", "AgentPaused", "interaction_event"}
    )
    costs = "costs.dom_visual"

    def handle(self, message: Event, context: HandlerContext) -> None:
        run = context.run
        if context.touched.ended:
            run.animations.cancel_all()  # every glow and border of it is gone at once, whatever was pending
            if context.is_front(run.run_id):
                context.document.strip(WAITING, *glow.CLASSES)
        elif context.is_drawn_live(run):
            for node_id in context.touched.nodes:
                if not context.is_group(run, node_id):
                    glow.show(run, node_id, partial(run.shown_status, node_id), context)
                self._wait(run, node_id, context)

    def repaint(self, run: Run | None, context: HandlerContext) -> None:
        """Put the present state of the run in front onto the canvas; what is pending stays pending."""
        if run is not None and not context.is_front(run.run_id):
            return
        groups = {*context.tracking.flow.groups(), *(run.record.groups if run is not None else ())}
        statuses: dict[str, ExecutionStatus | None] = {}
        waiting: dict[str, str] = {}
        if run is not None and not run.over:
            nodes = run.node_ids()
            statuses = {each: run.shown_status(each) for each in nodes if each not in groups}
            waiting = {each: WAITING for each in nodes if run.is_waiting(each)}
            for each in nodes:
                (run.animations.show if each in waiting else run.animations.hide)((WAITING, each))
        glow.restore(run, statuses, context, but=groups)
        context.document.classes((WAITING,), waiting)

    def _wait(self, run: Run, node_id: str, context: HandlerContext) -> None:
        """Whether a person must act before the node goes on; few nodes ever wait, so only a change is written."""
        waits, key = run.is_waiting(node_id), (WAITING, node_id)
        if waits == (key in run.animations.shown):
            return
        (run.animations.show if waits else run.animations.hide)(key)
        element = context.document.node(node_id)
        if element is not None:
            (element.classList.add if waits else element.classList.remove)(WAITING)

"""ToolVisualizationHandler: the ring round a node while one of its tools is at work.

Beside `executing`, never instead of it. Pairing of starts and ends, with and without ids, is the
record's; this handler keeps the ring visible for its minimum.
"""

from __future__ import annotations

from ..contract.events import EndTool, Event, StartTool
from ..live.context import HandlerContext
from ..live.handler import EventHandler
from ..run.record_old import NodeRecord, RunRecord

MIN_TOOL_S = 2.0
"""`executing-tool` is shown at least this long."""

EXECUTING_TOOL = "executing-tool"


class ToolVisualizationHandler(EventHandler):
    name = "ToolVisualizationHandler"
    events = frozenset({"start_tool", "end_tool", "TeamToolCallCompleted", "run_end", "resume_end"})
    costs = "The canvas may not show which node is using a tool."

    def handle(self, message: Event, context: HandlerContext) -> None:
        run = context.tracking.run(message.run_id)
        if isinstance(message, StartTool | EndTool):
            self._name(run, run.node(message.node_id), context)
        if run.over:
            if not isinstance(message, StartTool | EndTool):
                self._run_over(run, context)
        elif not context.is_drawn_live(run):
            return
        elif isinstance(message, StartTool):
            node = run.node(message.node_id)
            if node.open_tools:
                self._show(run, node, context)
        elif isinstance(message, EndTool):
            self._ended(run, run.node(message.node_id), context)

    def _run_over(self, run: RunRecord, context: HandlerContext) -> None:
        for node in run.nodes.values():
            self._name(run, node, context)
        if context.is_front(run.run_id):
            context.document.strip(EXECUTING_TOOL)

    def repaint(self, run: RunRecord | None, context: HandlerContext) -> None:
        if run is not None and not context.is_front(run.run_id):
            return
        context.document.strip(EXECUTING_TOOL)
        if run is None or run.over:
            return
        for node in run.nodes.values():
            pending = context.tracking.is_animating(run.run_id, (EXECUTING_TOOL, node.node_id))
            if pending or node.open_tools:
                self._add(node, context)
            if node.open_tools:
                context.tracking.mark_shown(run.run_id, (EXECUTING_TOOL, node.node_id))

    def _name(self, run: RunRecord, node: NodeRecord, context: HandlerContext) -> None:
        """Tell which tools are at work; a node without any has no entry."""
        names = tuple(run.tools[key].name for key in node.open_tools if key in run.tools)
        if names:
            context.stores.tools.set((run.run_id, node.node_id), names)
        else:
            context.stores.tools.delete((run.run_id, node.node_id))

    def _show(self, run: RunRecord, node: NodeRecord, context: HandlerContext) -> None:
        key = (EXECUTING_TOOL, node.node_id)
        context.tracking.cancel_animation(run.run_id, key)
        context.tracking.mark_shown(run.run_id, key)
        self._add(node, context)

    def _ended(self, run: RunRecord, node: NodeRecord, context: HandlerContext) -> None:
        key = (EXECUTING_TOOL, node.node_id)
        shown = context.tracking.shown_for(run.run_id, key)
        if node.open_tools or shown is None:
            return  # another call goes on, or nothing is to be seen of this one
        if shown >= MIN_TOOL_S:
            context.tracking.cancel_animation(run.run_id, key)
            self._hide(run, node, context)
        else:
            context.tracking.schedule_animation(
                run.run_id, key, lambda: self._hide(run, node, context), MIN_TOOL_S - shown
            )

    def _hide(self, run: RunRecord, node: NodeRecord, context: HandlerContext) -> None:
        context.tracking.unmark_shown(run.run_id, (EXECUTING_TOOL, node.node_id))
        element = context.document.node(node.node_id)
        if element is not None:
            element.classList.remove(EXECUTING_TOOL)

    def _add(self, node: NodeRecord, context: HandlerContext) -> None:
        element = context.document.node(node.node_id)
        if element is not None:
            element.classList.add(EXECUTING_TOOL)

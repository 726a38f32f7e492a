"""ToolVisualizationHandler: the ring round a node while one of its tools is at work.

Beside `executing`, never instead of it. Which end belongs to which start is the record's; this handler keeps the ring
visible for its minimum, and the names of the tools in the tools store.
"""

from __future__ import annotations

from functools import partial
from itertools import islice

from ..contract.events import Event
from ..live.context import HandlerContext
from ..live.handler import EventHandler
from ..run.run import Run
from . import glow

MIN_TOOL_S = 2.0
"""`executing-tool` is shown at least this long."""

MAX_NAMED = 20
"""Tools of a node that are named while they are at work, the oldest; nobody reads more below a node."""

EXECUTING_TOOL = "executing-tool"


class ToolVisualizationHandler(EventHandler):
    name = "ToolVisualizationHandler"
    events = frozenset({"start_tool", "end_tool", "TeamToolCallCompleted", "run_end", "resume_end"})
    part = "tools"
    costs = "costs.tool_visualization"

    def handle(self, message: Event, context: HandlerContext) -> None:
        run = context.run
        for node_id in context.touched.tools:
            self._name(run, node_id, context)
            if context.is_drawn_live(run):
                self._show(run, node_id, context)
        if run.record.tools and context.touched.ended and context.is_front(run.run_id):
            context.document.strip(EXECUTING_TOOL)

    def repaint(self, run: Run | None, context: HandlerContext) -> None:
        wanted: dict[str, str] = {}
        if run is not None:
            at_work = [node_id for node_id, node in run.record.nodes.items() if node.open_tools]
            for node_id in {*at_work, *context.stores.tools.of_run(run.run_id)}:
                self._name(run, node_id, context)
            if not context.is_front(run.run_id):
                return
            if not run.over:
                for node_id in at_work:
                    run.animations.show((EXECUTING_TOOL, node_id))
                pending = [each for each in run.record.nodes if run.animations.pending((EXECUTING_TOOL, each))]
                wanted = dict.fromkeys([*at_work, *pending], EXECUTING_TOOL)
        context.document.classes((EXECUTING_TOOL,), wanted)

    def _name(self, run: Run, node_id: str, context: HandlerContext) -> None:
        """Tell which tools are at work; a node without any has no entry."""
        node = run.record.nodes.get(node_id) if not run.over else None
        at_work = islice(node.open_tools, MAX_NAMED) if node is not None else ()
        names = tuple(run.record.tools[key].name for key in at_work)
        if names:
            context.stores.tools.set((run.run_id, node_id), names)
        else:
            context.stores.tools.delete((run.run_id, node_id))

    def _show(self, run: Run, node_id: str, context: HandlerContext) -> None:
        """The ring at once when a tool begins; gone with the last one, once it was there for its minimum."""
        begins = bool(run.record.nodes[node_id].open_tools)
        change = partial(self._change, run, node_id, begins, context)
        if glow.as_seen(run, (EXECUTING_TOOL, node_id), begins, change, MIN_TOOL_S, context):
            change()

    def _change(self, run: Run, node_id: str, on: bool, context: HandlerContext) -> None:
        (run.animations.show if on else run.animations.hide)((EXECUTING_TOOL, node_id))
        element = context.document.node(node_id)
        if element is not None:
            (element.classList.add if on else element.classList.remove)(EXECUTING_TOOL)

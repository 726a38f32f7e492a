"""MockStoreHandler: one mock node for each execution, from which badges and outputs are drawn.

What it writes outlasts the run: badges and outputs stay when glows and borders are gone.
"""

from __future__ import annotations

from ..contract.events import EndNode, Event, StartNode
from ..live.context import HandlerContext
from ..live.handler import EventHandler
from ..run.record_old import Execution, RunRecord
from ..stores.mock import MockNode


class MockStoreHandler(EventHandler):
    name = "MockStoreHandler"
    events = frozenset({"start_node", "end_node", "run_end", "resume_end"})
    costs = "Order badges and outputs may be missing or old; the canvas still glows."

    def handle(self, message: Event, context: HandlerContext) -> None:
        run = context.tracking.run(message.run_id)
        if isinstance(message, StartNode | EndNode):
            node = run.node(message.node_id)
            # without an order on the wire the fold chose one, just now
            execution = node.latest if message.order is None else node.executions.get(message.order)
            if execution is not None:
                self._put(run, execution, context)
        elif run.over:
            self.repaint(run, context)

    def repaint(self, run: RunRecord | None, context: HandlerContext) -> None:
        """Bring every mock node of the run in line with its record."""
        if run is not None:
            for node in run.nodes.values():
                for execution in node.executions.values():
                    self._put(run, execution, context)

    def _put(self, run: RunRecord, execution: Execution, context: HandlerContext) -> None:
        graph = context.stores.graph.get()
        flow_node = graph.node(execution.node_id) if graph is not None else None
        mock = MockNode(
            id=f"{execution.node_id}-{execution.order}",
            node_id=execution.node_id,
            handle=(flow_node.handle if flow_node else "") or execution.node_name or execution.node_id,
            run_id=run.run_id,
            order=execution.order,
            status=execution.status,
            started=execution.started is not None or execution.started_wall is not None,
            killed=execution.status == "killed",
            type=execution.node_type or (flow_node.type if flow_node else None),
            variables=execution.variables,
            output=execution.content,
            error=execution.error,
            implied=execution.implied,
            iteration=execution.iteration,
            duration_s=execution.duration_s,
            since=execution.started,
        )
        context.stores.mock.set((run.run_id, mock.id), mock)

"""MockStoreHandler: one mock node for each execution, from which badges and outputs are drawn.

What it writes outlasts the run: badges and outputs stay when glows and borders are gone.
"""

from __future__ import annotations

from ..contract.events import EVENTS, Event
from ..live.context import HandlerContext
from ..live.handler import EventHandler
from ..run.record import Execution
from ..run.run import Run
from ..stores.rows import MockNode


class MockStoreHandler(EventHandler):
    name = "MockStoreHandler"
    events = EVENTS
    part = "executions"
    on_replay = True
    costs = "costs.mock_store"

    def handle(self, message: Event, context: HandlerContext) -> None:
        run = context.run
        for node_id, order in context.touched.executions:
            execution = run.execution(node_id, order)
            if execution is not None:
                self._put(run, execution, context)
            else:  # one too many, or a guess: it left the record
                context.stores.mock.delete((run.run_id, mock_id(node_id, order)))

    def repaint(self, run: Run | None, context: HandlerContext) -> None:
        """Bring every mock node of the run in line with its record; what is in none goes."""
        if run is None:
            return
        superfluous = dict.fromkeys(context.stores.mock.of_run(run.run_id))
        for node_id in run.node_ids():
            for execution in run.executions(node_id):
                superfluous.pop(self._put(run, execution, context), None)
        for each in superfluous:
            context.stores.mock.delete((run.run_id, each))

    def _put(self, run: Run, execution: Execution, context: HandlerContext) -> str:
        flow_node = context.tracking.flow_of(run).nodes.get(execution.node_id)
        node = run.record.nodes.get(execution.node_id)
        mock = MockNode(
            id=mock_id(execution.node_id, execution.order),
            node_id=execution.node_id,
            handle=execution.node_name or (flow_node.title if flow_node else execution.node_id),
            run_id=run.run_id,
            order=execution.order,
            status=execution.status,
            started=execution.started,
            type=execution.node_type or (flow_node.type if flow_node else None),
            variables=execution.variables,
            output=execution.content,
            error=execution.error,
            implied=execution.implied,
            cut=execution.cut,
            iteration=execution.iteration,
            started_at=execution.started_at,
            ended_at=execution.ended_at,
            parent=node.parent_id if node is not None else None,
            waits=tuple(execution.waits),
            began_mark=execution.began_mark,
            input=execution.input,
            usage=execution.usage,
            spent=execution.spent,
        )
        context.stores.mock.set((run.run_id, mock.id), mock)
        return mock.id


def mock_id(node_id: str, order: int) -> str:
    """What the mock node of an execution is called in its run."""
    return f"{node_id}-{order}"

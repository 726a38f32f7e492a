"""GroupExecutionHandler: a group executes while something in it does, and ends as the worst of it.

Owns the classes of groups on the canvas, and the groups store: done of total, rounds, and since when.
"""

from __future__ import annotations

from ..contract.events import EndNode, Event, StartNode
from ..live import glow
from ..live.context import HandlerContext
from ..live.handler import EventHandler
from ..run.groups_old import GroupRecord
from ..run.record_old import RunRecord
from ..stores.groups import GroupState


class GroupExecutionHandler(EventHandler):
    name = "GroupExecutionHandler"
    events = frozenset({"start_node", "end_node", "run_end", "resume_end"})
    costs = "Groups on the canvas may not show how far they are or how they ended; the nodes in them do."

    def handle(self, message: Event, context: HandlerContext) -> None:
        run = context.tracking.run(message.run_id)
        if isinstance(message, StartNode | EndNode):
            groups = context.groups(run)
            now = context.clock.now()
            starting = isinstance(message, StartNode)
            update = groups.started if starting else groups.ended
            for group in update(message.node_id, now, message.ts):
                self._store(run, group, context)
                if context.is_drawn_live(run):
                    self._draw(run, group, context)
        elif run.over:
            self.repaint(run, context)

    def repaint(self, run: RunRecord | None, context: HandlerContext) -> None:
        """Every group anew from the run's record; the classes of all nodes were taken off just before."""
        if run is None:
            return
        groups = context.groups(run)
        groups.rebuild(context.clock.now())
        for group in groups.records.values():
            self._store(run, group, context)
            if context.is_drawn_live(run):
                glow.restore(run, group.group_id, group.status, context)

    def _draw(self, run: RunRecord, group: GroupRecord, context: HandlerContext) -> None:
        if group.status == "executing":
            glow.begin(run, group.group_id, context)
        else:
            glow.end(run, group.group_id, lambda: group.status, context)

    def _store(self, run: RunRecord, group: GroupRecord, context: HandlerContext) -> None:
        status = group.status
        if run.over and status == "executing":
            status = "unknown" if run.status == "success" else run.status  # type: ignore[assignment]
        context.stores.groups.set(
            (run.run_id, group.group_id),
            GroupState(
                status,
                group.done,
                group.total,
                group.counts["error"],
                group.rounds,
                group.since,
                group.duration_s,
            ),
        )

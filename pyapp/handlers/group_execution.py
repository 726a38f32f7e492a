"""GroupExecutionHandler: a group executes while something in it does, and ends as the worst of it.

Owns the classes of groups on the canvas, and the groups store: done of total, rounds, and since when.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from ..contract.events import Event
from ..live.context import HandlerContext
from ..live.handler import EventHandler
from ..run.record import ExecutionStatus, GroupRecord
from ..run.run import Run
from ..stores.rows import GroupState
from . import glow


class GroupExecutionHandler(EventHandler):
    name = "GroupExecutionHandler"
    events = frozenset({"start_node", "end_node", "run_end", "resume_end"})
    part = "groups"
    costs = "costs.group_execution"

    def handle(self, message: Event, context: HandlerContext) -> None:
        run = context.run
        groups = _groups(run, context)
        for group_id in context.touched.groups:
            self._store(run, groups[group_id], context)
            if context.is_drawn_live(run):
                glow.show(run, group_id, partial(_status, run, group_id, context), context)
        if groups and context.touched.ended and context.is_front(run.run_id):
            context.document.strip(*glow.CLASSES)

    def repaint(self, run: Run | None, context: HandlerContext) -> None:
        """Every group anew, as the run's events say, and the server where they are silent."""
        groups = _groups(run, context) if run is not None else {}
        if run is not None:
            for group in groups.values():
                self._store(run, group, context)
            for gone in [each for each in context.stores.groups.of_run(run.run_id) if each not in groups]:
                context.stores.groups.delete((run.run_id, gone))
            if not context.is_front(run.run_id):
                return
        every = {*groups, *context.tracking.flow.groups()}
        live = run is not None and not run.over
        statuses = {each: groups[each].status if live and each in groups else None for each in every}
        glow.restore(run, statuses, context, but=None)

    def _store(self, run: Run, group: GroupRecord, context: HandlerContext) -> None:
        status = group.status
        if run.over and status == "executing":  # so far only the server has said that the run is over
            status = "unknown" if run.status == "success" else run.status  # type: ignore[assignment]
        failed, ended_at = group.counts.get("error", 0), group.ended_at if group.ended_at is not None else run.ended_at
        state = GroupState(status, group.done, group.total, failed, group.rounds, group.started_at, ended_at)
        context.stores.groups.set((run.run_id, group.group_id), state)


def _groups(run: Run, context: HandlerContext) -> Mapping[str, GroupRecord]:
    return run.groups(context.tracking.flow_of(run))


def _status(run: Run, group_id: str, context: HandlerContext) -> ExecutionStatus | None:
    group = _groups(run, context).get(group_id)
    return group.status if group is not None else None

"""RunLifecycleHandler: the row of a run from its first sign of life to its end, and what goes with it.

While a run lives its log is wanted, and its silence watched; when it is over, its results.
"""

from __future__ import annotations

from ..contract.events import EVENTS, Event
from ..contract.text import text_of
from ..live.context import HandlerContext
from ..live.handler import EventHandler
from ..locale.display import snippet
from ..run.run import Run
from ..stores.rows import RunRow


class RunLifecycleHandler(EventHandler):
    name = "RunLifecycleHandler"
    events = EVENTS  # any event is a sign of life: it ends a doubt, and may be the first of its run
    costs = "costs.run_lifecycle"

    def handle(self, message: Event, context: HandlerContext) -> None:
        run, touched = context.run, context.touched
        row = context.stores.runs.get(run.run_id)
        if touched.run or touched.cards or row is None or row.status != run.status or not row.seen:
            self._show(run, context)
        if touched.ended:
            context.wishes.want(run.run_id, "results")

    def repaint(self, run: Run | None, context: HandlerContext) -> None:
        if run is not None:
            self._show(run, context)

    def _show(self, run: Run, context: HandlerContext) -> None:
        runs = context.stores.runs
        runs.set(run.run_id, row_of(run, runs.get(run.run_id) or RunRow(run.run_id, run.status)))
        if not run.over:
            context.wishes.want(run.run_id, "alive")
            context.wishes.want(run.run_id, "log")
        elif run.record.over and not run.is_end_known and (run.lived or context.is_front(run.run_id)):
            context.wishes.want(run.run_id, "results")  # its end may have been told again


def row_of(run: Run, row: RunRow) -> RunRow:
    """The row in line with the run; what only the row knows is kept."""
    return RunRow(
        run.run_id,
        run.status,
        unread=row.unread,
        flow_id=run.flow_id or row.flow_id,
        name=run.record.name or row.name,
        started_at=run.started_at or row.started_at,
        ended_at=run.ended_at if run.over else None,
        error=text_of(run.error) or None,
        reason=run.doubt if run.status == "unverified" else None,
        stopping=row.stopping and not run.over,
        seen=row.seen or run.record.events > 0,
        lived=run.lived,
        lacks=run.lacks,
        input=row.input or snippet(run.input),
        began_at=run.began_at,
        waits=tuple(run.record.waits),
        given=run.input if run.input is not None else row.given,
        waiting=run.waiting,
        content=run.record.content,
        spent=run.record.spent,
    )

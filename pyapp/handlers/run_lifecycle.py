"""RunLifecycleHandler: the row of a run from its first sign of life to its end, and what goes with it.

Keeps the row in line with the record; polls the log while the run lives; fetches the results when it is
over; watches for silence. A call that fails costs only itself.
"""

from __future__ import annotations

from ..contract.events import EVENTS, Event
from ..live.context import HandlerContext
from ..live.handler import EventHandler
from ..live.log_poll import poll_logs
from ..live.truth import fetch_results, sync_row, watch
from ..run.record_old import RunRecord


class RunLifecycleHandler(EventHandler):
    name = "RunLifecycleHandler"
    events = EVENTS  # any event is a sign of life: it ends a doubt, and may be the first of its run
    costs = "The runs list, the editor's lock and the log may be out of date."

    def handle(self, message: Event, context: HandlerContext) -> None:
        run = context.tracking.run(message.run_id)
        row = context.stores.runs.get(run.run_id)
        if row is None or row.status != run.status or message.event in ("run_start", "run_end", "resume_end"):
            sync_row(run, context)
        if not run.over:
            attend(run, context)
            return
        context.tasks.cancel(run.run_id, "silence")
        if message.event in ("run_end", "resume_end") and context.api.available:
            context.tasks.start(run.run_id, "results", lambda: fetch_results(run, context), bound_s=None)

    def repaint(self, run: RunRecord | None, context: HandlerContext) -> None:
        if run is not None:
            sync_row(run, context)


def attend(run: RunRecord, context: HandlerContext) -> None:
    """Poll the log of a run that lives, and watch for its silence; once, however often it is said."""
    context.tasks.start(run.run_id, "silence", lambda: watch(run, context), bound_s=None)
    if context.api.available:
        context.tasks.start(run.run_id, "log", lambda: poll_logs(run, context), bound_s=None)

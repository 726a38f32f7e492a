"""Front: which run is in front, and what follows from it. One run at a time has canvas, output, chat and log."""

from __future__ import annotations

from dataclasses import replace
from math import inf

from ..contract.events import AgentPaused, BaseEvent, ResumeEnd, RunEnd
from ..run.run import Run
from ..run.tracking import ExecutionTracking
from ..stores.rows import RunRow
from .router import EventRouter
from .shared import Shared

MAX_ROWS = 1_000
"""Rows of runs; with more, the oldest that is nothing but a row goes, one of a run that is over first."""
MAX_OVER = 200
"""Rows of runs that are over and were forgotten, beside those that a person wanted to see of older ones."""


def missing_key(run_id: str | None) -> str:
    """The notice that there is no such run: of use while that is in front."""
    return f"missing {run_id}"


def log_key(run_id: str | None) -> str:
    """The notice that its log is late, likewise."""
    return f"log {run_id}"


def late_key(run_id: str | None) -> str:
    """The notice that its events are late, likewise."""
    return f"late {run_id}"


class Front:
    """Owns the rule of the front (docs/contract.md §6) and the editor's lock.

    A run that a person started or named comes to the front; one that appears by itself does so only when the run in
    front is over, or none is. Where a person chose that, it is one that begins: what was listed was there already.
    """

    def __init__(self, shared: Shared, tracking: ExecutionTracking, router: EventRouter) -> None:
        self._stores = shared.stores
        self._memory = shared.memory
        self._tracking = tracking
        self.router = router
        self._places: dict[str, bool] = {}
        """Runs that have had their place, and whether they had a flow of their own then."""
        self.named: str | None = None
        """The run that a person wants in front, though nothing is known of it yet: no other takes its place."""
        self.coming: str | None = None
        """The flow that is on its way to the canvas, as far as it is known which."""
        self._by_itself = False
        """Nobody chose the run in front: it appeared."""
        self._chosen = False
        """A person chose the run in front, by a link or in the list, to look at it."""
        tracking.on_clear(self._forget)
        self._stores.canvas.listen(self._canvas_drawn)
        self._stores.runs.listen(self._rows_changed)
        self._stores.editor.listen(self._lock)

    @property
    def run(self) -> Run | None:
        """The run in front."""
        return self._tracking.find(self._stores.front.get())

    @property
    def flow_id(self) -> str | None:
        """The flow on the canvas."""
        graph = self._stores.graph.get()
        return graph.flow.id if graph is not None else None

    # -- runs that appear -------------------------------------------------------------------------
    def seen(self, run: Run) -> None:
        """Something of this run came in: a run that is new gets its row and its place."""
        row = self._stores.runs.get(run.run_id)
        if row is None:
            self._stores.runs.set(run.run_id, RunRow(run.run_id, run.status, flow_id=run.flow_id))
        if run.run_id not in self._places and run.record.events:
            self._places[run.run_id] = run.flow_id is not None
            if self.admits(run, listed=row is not None):
                self.bring(run.run_id)
                self._by_itself = True
            elif self._stores.front.get() != run.run_id:
                self._mark(run.run_id, unread=self._memory.is_new(run.run_id))
        elif not self._places.get(run.run_id, True) and run.flow_id is not None:
            self._places[run.run_id] = True
            if not self._belongs(run) and self._stores.front.get() == run.run_id:
                self.bring(None)

    def admits(self, run: Run, *, listed: bool = False) -> bool:
        """Whether a run that appears by itself comes to the front; one that was `listed` before did not begin now."""
        if not self._belongs(run) or self.named not in (None, run.run_id):
            return False
        current = self.run
        return current is None or (current.over and not (listed and self._chosen))

    def placed(self) -> None:
        """A flow is on the canvas: a run of another one that appeared before it makes way for one that belongs."""
        self.coming, current = None, self.run
        if current is None:
            return
        if not self._by_itself or self._belongs(current):
            self._memory.looked_at(current.run_id)
            return
        self.bring(None)
        self._mark(current.run_id, unread=self._memory.is_new(current.run_id))
        waiting = [run for run in self._tracking.runs() if run.record.events and self.admits(run) and not run.over]
        if waiting:
            self.bring(waiting[0].run_id)
            self._by_itself = True

    def beyond(self, event: BaseEvent) -> None:
        """An event of a run for which there is no room: it has a row, and is asked about when somebody looks."""
        known = self._stores.runs.get(event.run_id)
        if known is None and self._tracking.is_run_completed(event.run_id):
            return  # a late word of a run that is over and was forgotten
        row = known or RunRow(event.run_id, "executing", unread=self._memory.is_new(event.run_id))
        if isinstance(event, RunEnd | ResumeEnd) and event.status != "paused" and not row.over:
            row = replace(row, status=event.status or "success")
            self._tracking.mark_run_completed(event.run_id)
        elif not row.over:
            row = replace(row, status="paused" if isinstance(event, AgentPaused | ResumeEnd) else "executing")
        self._stores.runs.set(event.run_id, replace(row, flow_id=getattr(event, "flow_id", None) or row.flow_id))
        if known is None:
            self._bound_rows()

    # -- the front --------------------------------------------------------------------------------
    def bring(self, run_id: str | None, *, chosen: bool = False) -> None:
        """Put a run in front (None: nobody). Its picture replaces the one before at once."""
        self.named, self._by_itself, self._chosen = None, False, chosen
        previous = self._stores.front.get()
        if run_id == previous:
            return
        if self.run is not None:
            self.run.animations.cancel_all()
        self._tracking.protected = run_id
        with self._stores.batch():
            for key in (missing_key, log_key, late_key):
                self._stores.notices.delete(key(previous))
            self._stores.front.set(run_id)
            if run_id is not None:
                self._places.setdefault(run_id, True)  # whoever looks away meanwhile is not brought back
                self._mark(run_id, unread=False)
                if chosen or self.flow_id is not None:  # else it may have to make way for its canvas
                    self._memory.looked_at(run_id)
            self.router.repaint(self._tracking.find(run_id), anew=False)
            self._lock()

    def leave(self, run_id: str) -> None:
        """A run stays where it is: its first event brings it to the front no more."""
        self._places.setdefault(run_id, True)

    def _belongs(self, run: Run) -> bool:
        """An event without `flow_id` belongs to the flow on the canvas, or the one that comes there."""
        flow_id = self.flow_id or self.coming
        return run.flow_id is None or flow_id is None or run.flow_id == flow_id

    def _mark(self, run_id: str, *, unread: bool) -> None:
        row = self._stores.runs.get(run_id)
        if row is not None and row.unread != unread:
            self._stores.runs.set(run_id, replace(row, unread=unread))

    def _canvas_drawn(self, _: int) -> None:
        self.router.repaint(self.run, anew=False)

    def _forget(self, run_id: str) -> None:
        self._places.pop(run_id, None)
        if self._stores.front.get() == run_id:
            self.bring(None)
        self._bound_rows()

    def _bound_rows(self) -> None:
        """Of rows that are nothing but a row the oldest go: of runs that are over, then of others."""
        alone = [row for run_id, row in self._stores.runs.items() if self._tracking.find(run_id) is None]
        over, others = ([row for row in alone if row.over is each] for each in (True, False))
        kept = MAX_OVER + self._stores.paging.get().older
        many = max(len(over) - kept, len(self._stores.runs) - MAX_ROWS, 0)
        if many:
            over.sort(key=lambda row: inf if row.started_at is None else row.started_at)
        for row in [*over, *others][:many]:
            self._stores.runs.delete(row.run_id)

    # -- the editor's lock ------------------------------------------------------------------------
    def _rows_changed(self, keys: dict[str, None]) -> None:
        if self._stores.front.get() in keys:
            self._lock()

    def _lock(self, _: object = None) -> None:
        """Locked while Play waits for its answer, or the run in front is not over; a person may unlock one in doubt."""
        editor = self._stores.editor.get()
        row = self._stores.runs.get(self._stores.front.get() or "")
        live = row is not None and not row.over
        if row is not None and row.status == "unverified" and (not row.seen or editor.unlocked_run == row.run_id):
            live = False  # a run of which nobody ever told anything locks nothing
        locked, stopping = editor.starting or live, row is not None and row.stopping
        if (locked, stopping) != (editor.locked, editor.stopping):
            self._stores.editor.set(replace(editor, locked=locked, stopping=stopping))

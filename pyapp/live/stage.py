"""The stage: which run is in front. One run at a time has canvas, output, chat and log to itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ..contract.text import text_of
from ..run.record_old import RunRecord
from ..run.tracking_old import ExecutionTracking
from ..stores.runs import RunRow
from ..stores.stores import Stores


class Stage:
    """Owns the rule of the front (docs/contract.md §6). `on_front` listeners hear at once, outside batches.

    A run that a person started or named comes to the front; one that appears by itself does so only
    when the run in front is over, or none is.
    """

    def __init__(self, stores: Stores, tracking: ExecutionTracking) -> None:
        self._stores = stores
        self._tracking = tracking
        self._listeners: list[Callable[[RunRecord | None], None]] = []
        self.flow_id: str | None = None
        """The flow on the canvas, or on its way there."""
        tracking.protected = lambda run_id: run_id == stores.front.get()
        tracking.on_clear(self._forget)

    def on_front(self, listener: Callable[[RunRecord | None], None]) -> None:
        """Call `listener(record)` when another run, or none, is in front."""
        self._listeners.append(listener)

    def seen(self, run: RunRecord) -> None:
        """An event of this run was recorded: a run that is new gets its row and its place."""
        row = self._stores.runs.get(run.run_id)
        if row is None:
            front = self.admits(run)
            self._stores.runs.set(run.run_id, row_of(run, RunRow(run.run_id, run.status, unread=not front)))
            if front:
                self.bring(run.run_id)
        elif run.flow_id is not None and row.flow_id is None and not self._belongs(run):
            self._leave(run)
        elif run.events == 1 and not row.over and self.admits(run):  # until now it was only listed
            self.bring(run.run_id)

    def admits(self, run: RunRecord) -> bool:
        """Whether a run that appears by itself comes to the front."""
        front = self._stores.front.get()
        if not self._belongs(run):
            return False
        current = self._tracking.find(front) if front is not None else None
        return current is None or current.over

    def bring(self, run_id: str | None) -> None:
        """Put a run in front (None: nobody). Its picture replaces the one before at once."""
        if run_id == self._stores.front.get():
            return
        previous = self._stores.front.get()
        if previous is not None:
            self._tracking.cancel_animations(previous)
        self._stores.front.set(run_id)
        row = self._stores.runs.get(run_id) if run_id is not None else None
        if row is not None and row.unread:
            self._stores.runs.set(row.run_id, replace(row, unread=False))
        record = self._tracking.find(run_id) if run_id is not None else None
        for listener in self._listeners:
            listener(record)

    def _belongs(self, run: RunRecord) -> bool:
        """An event without `flow_id` belongs to the flow on the canvas."""
        return run.flow_id is None or self.flow_id is None or run.flow_id == self.flow_id

    def _leave(self, run: RunRecord) -> None:
        """A run in front turned out to be of another flow."""
        if self._stores.front.get() == run.run_id:
            self.bring(None)

    def _forget(self, run_id: str) -> None:
        self._stores.runs.delete(run_id)
        if self._stores.front.get() == run_id:
            self.bring(None)


def row_of(run: RunRecord, row: RunRow) -> RunRow:
    """The row in line with the record; what only the row knows is kept."""
    return replace(
        row,
        status=run.status,
        flow_id=run.flow_id or row.flow_id,
        name=run.name or row.name,
        started_at=run.started_wall or row.started_at,
        ended_at=run.ended_wall or row.ended_at,
        error=text_of(run.error) or row.error,
        reason=None if run.status != "unverified" else row.reason,
        stopping=row.stopping and not run.over,
        seen=row.seen or run.events > 0,
    )

"""Rebuild: the record of a run made anew from its log, a slice at a time, so that no task is long."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice

from ..contract.events import Event
from ..contract.flow import FlowGraph
from .fold.base import copying
from .fold.step import Touched
from .log import RunLog
from .record import RunRecord

Fold = Callable[[RunRecord, Event, float, FlowGraph], Touched]


def empty_or(base: RunRecord | None, run_id: str) -> RunRecord:
    """What a fold begins with: nothing, or the record of the events that have left the log."""
    record = RunRecord(run_id)
    for _ in copying(base, record):
        pass
    return record


class Rebuild:
    """Owns the record in the making. It begins at `due`, a monotonic moment."""

    def __init__(self, log: RunLog, base: RunRecord | None, flow: FlowGraph, fold: Fold, due: float = 0.0) -> None:
        self.record = RunRecord(log.run_id)
        self.due = due
        self.took_s = 0.0
        """For how long it has been folded until now."""
        self.failed: list[tuple[Event, BaseException]] = []
        """What the fold raised, with the event it raised on."""
        self._log = log
        self._beginning = copying(base, self.record)
        self._flow = flow
        self._fold = fold
        self._done = 0

    def will_fold(self, index: int) -> bool:
        """Whether the entry at this place of the log is still to come."""
        return index >= self._done

    def step(self, count: int) -> bool:
        """Copy the next parts of what it begins with, and fold the next events, `count` in all; True when the record
        holds all there are.
        """
        entries = self._log.entries
        copied = sum(1 for _ in islice(self._beginning, count))
        if 0 < count == copied:
            return False  # there may be more of it
        count -= copied
        for entry in entries[self._done : self._done + count]:
            try:
                self._fold(self.record, entry.event, entry.at, self._flow)
            except Exception as error:
                self.failed.append((entry.event, error))
        self._done = min(len(entries), self._done + count)
        return self._done == len(entries)

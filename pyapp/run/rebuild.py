"""Rebuild: the record of a run made anew from its log, a slice at a time, so that no task is long."""

from __future__ import annotations

import copy
from collections.abc import Callable

from ..contract.events import Event
from ..contract.flow import FlowGraph
from .fold.step import Touched
from .log import RunLog
from .record import RunRecord

Fold = Callable[[RunRecord, Event, float, FlowGraph], Touched]


def empty_or(base: RunRecord | None, run_id: str) -> RunRecord:
    """What a fold begins with: nothing, or the record of the events that have left the log."""
    return RunRecord(run_id) if base is None else copy.deepcopy(base)


class Rebuild:
    """Owns the record in the making."""

    def __init__(self, log: RunLog, base: RunRecord | None, flow: FlowGraph, fold: Fold) -> None:
        self.record = empty_or(base, log.run_id)
        self.failed: list[tuple[Event, BaseException]] = []
        """What the fold raised, with the event it raised on."""
        self._log = log
        self._flow = flow
        self._fold = fold
        self._done = 0

    def step(self, count: int) -> bool:
        """Fold the next `count` events; True when the record holds all there are."""
        entries = self._log.entries
        for entry in entries[self._done : self._done + count]:
            try:
                self._fold(self.record, entry.event, entry.at, self._flow)
            except Exception as error:
                self.failed.append((entry.event, error))
        self._done = min(len(entries), self._done + count)
        return self._done == len(entries)

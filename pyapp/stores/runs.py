"""The runs store: one row for each run, as the runs panel shows it."""

from __future__ import annotations

from dataclasses import dataclass

from ..run.record_old import TERMINAL, RunStatus


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run in the list. Times are seconds since the epoch."""

    run_id: str
    status: RunStatus
    flow_id: str | None = None
    name: str | None = None
    started_at: float | None = None
    ended_at: float | None = None
    error: str | None = None
    reason: str | None = None
    """Why the status is not certain, in words."""
    unread: bool = False
    stopping: bool = False
    seen: bool = False
    """At least one event of it came in; a run only known from the server's list is not seen."""
    done: int = 0
    """How many node executions have ended."""

    @property
    def over(self) -> bool:
        return self.status in TERMINAL

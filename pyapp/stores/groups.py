"""The groups store: how far each group of a run is, as the canvas shows it."""

from __future__ import annotations

from dataclasses import dataclass

from ..run.record_old import ExecutionStatus

GroupKey = tuple[str, str]
"""(run id, group id)."""


@dataclass(frozen=True, slots=True)
class GroupState:
    """Done of total, how often it went round, since when (monotonic seconds), and how long it took."""

    status: ExecutionStatus | None
    done: int
    total: int
    failed: int = 0
    """How many of the children ended in an error."""
    rounds: int = 1
    since: float | None = None
    duration_s: float | None = None
    """None while it executes."""

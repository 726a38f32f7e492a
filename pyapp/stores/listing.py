"""Listing: which of the runs a person wants to see, and how far back the list goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .rows import RunRow

Wanted = Literal["", "live", "paused", "error", "killed", "success"]
"""The runs wanted by their status; "" is all, live is all that are not over and wait for nobody."""
LIVE = ("queued", "executing", "unverified")


@dataclass(frozen=True, slots=True)
class RunsFilter:
    """What a person chose to see of the runs. Everything is, unless it says otherwise."""

    this_flow: bool = False
    """Only runs of the flow on the canvas."""
    status: Wanted = ""
    text: str = ""
    """In the run's input, name, id or error, or what else its row says; case does not count."""
    within_s: float | None = None
    """Only runs that began so short a time ago."""
    errors_first: bool = False
    """An order, not a choice: failed runs before all others."""

    @property
    def narrow(self) -> bool:
        """Whether it leaves anything out."""
        return self.this_flow or bool(self.status or self.text) or self.within_s is not None

    def admits(self, row: RunRow, flow_id: str | None, now: float, status: str, shown: str = "") -> bool:
        """Whether a run is to be seen.

        `flow_id` is on the canvas; `status`: how the run is to whoever looks; `shown`: what else its row says.
        """
        if self.this_flow and row.flow_id not in (None, flow_id):
            return False
        if self.status and self.status != ("live" if status in LIVE else status):
            return False
        if self.within_s is not None and row.started_at is not None and row.started_at < now - self.within_s:
            return False
        return not self.text or self.text.casefold() in _searched(row, shown)


@dataclass(frozen=True, slots=True)
class Paging:
    """How far back the list goes, for what is chosen now."""

    more: bool = False
    """The server may have older runs."""
    asking: bool = False
    problem: str | None = None
    """Why the last question for older runs was not answered, in words."""
    older: int = 0
    """Rows that came because a person wanted older ones: they are kept beside the newest."""


def _searched(row: RunRow, shown: str) -> str:
    """What a text is looked for in."""
    return "\n".join(filter(None, (row.input, row.name, row.run_id, row.error, shown))).casefold()

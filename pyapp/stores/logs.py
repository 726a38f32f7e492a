"""The log store: the server's log lines of each run, bounded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

LogLevel = Literal["debug", "info", "warning", "error"]
MAX_LINES = 5_000


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line; `ts` in seconds since the epoch."""

    ts: float | None
    level: str
    text: str
    node_id: str | None = None


@dataclass(frozen=True, slots=True)
class RunLog:
    """The last MAX_LINES lines of one run and how many came before them."""

    lines: tuple[LogLine, ...] = ()
    dropped: int = 0

    @property
    def total(self) -> int:
        return self.dropped + len(self.lines)

    def extended(self, lines: list[LogLine]) -> RunLog:
        """This log with `lines` behind it."""
        every = (*self.lines, *lines)
        return RunLog(every[-MAX_LINES:], self.dropped + max(0, len(every) - MAX_LINES))

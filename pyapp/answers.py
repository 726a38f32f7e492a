"""The shapes of the HTTP answers (docs/contract.md §2). Lenient: more than these fields is fine."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict


class Answer(BaseModel):
    """Base of everything that comes over HTTP."""

    model_config = ConfigDict(extra="allow")


class NodeResult(Answer):
    """What the server knows of one node of a run; `status` speaks of the last of its `orders`."""

    status: str
    content: Any = None
    error: Any = None
    orders: list[int] | None = None


class RunInfo(Answer):
    """One run; times in seconds since the epoch."""

    run_id: str
    flow_id: str | None = None
    status: str
    started_at: float | None = None
    ended_at: float | None = None
    last_seq: int | None = None
    error: Any = None
    results: dict[str, NodeResult] | None = None


class LogEntry(Answer):
    """One log line."""

    ts: float | None = None
    level: str = "info"
    node_id: str | None = None
    text: str = ""


class LogPage(Answer):
    """Log lines behind a cursor, and the cursor to ask with next."""

    lines: list[LogEntry]
    cursor: str | int | None = None


class Started(Answer):
    """The answer to a start."""

    run_id: str


class Ticket(Answer):
    """A single-use ticket for one socket."""

    ticket: str

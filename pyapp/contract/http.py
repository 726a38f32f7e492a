"""The shapes of the HTTP answers (docs/contract.md §2). Lenient: more than these fields is fine."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError, ValidationInfo, field_validator

from .events import InteractionEvent, Requirement, Wire


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
    requirements: list[Requirement] | None = None
    """What the run waits for; None when the server does not say. What cannot be understood is left out."""
    interactions: list[InteractionEvent] | None = None

    @field_validator("requirements", mode="before")
    @classmethod
    def _requirements(cls, items: Any) -> Any:
        return _readable(Requirement, items, {})

    @field_validator("interactions", mode="before")
    @classmethod
    def _interactions(cls, items: Any, info: ValidationInfo) -> Any:
        given = {"event": "interaction_event", "interaction": "oauth", "run_id": info.data.get("run_id")}
        return _readable(InteractionEvent, items, given)


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


def _readable(model: type[Wire], items: Any, defaults: dict[str, Any]) -> Any:
    """Those of the items that this page understands."""
    found = []
    for item in items if isinstance(items, list) else []:
        try:
            found.append(model.model_validate({**defaults, **item}))
        except (ValidationError, TypeError):
            continue
    return found if isinstance(items, list) else None

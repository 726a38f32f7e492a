"""Backend: what runs flows: a portal's HTTP API, or a recording that stands in for one."""

from __future__ import annotations

from typing import Any, Protocol


class Backend(Protocol):
    """What a person's commands need of it. Every call may raise ApiError."""

    async def start(self, flow_id: str, text: str | None = None) -> str:
        """Start a run of the flow; its id."""

    async def stop(self, run_id: str) -> None:
        """Ask that a run be killed."""

    async def answer(self, run_id: str, answer: dict[str, Any]) -> None:
        """Answer one requirement of a paused run; `answer` bears its `id`."""

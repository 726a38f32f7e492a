"""The mock store: one mock node for each execution of a node, the source of badges and outputs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ..state.records import ExecutionStatus

MockKey = tuple[str, str]
"""(run id, mock node id)."""


@dataclass(frozen=True, slots=True)
class MockNode:
    """One time a node ran. `id` is `<node_id>-<order>`; `output` is its content, text or any JSON."""

    id: str
    node_id: str
    handle: str
    run_id: str
    order: int
    status: ExecutionStatus
    started: bool
    killed: bool = False
    type: str | None = None
    variables: dict[str, Any] = field(default_factory=dict)
    output: Any = None
    error: Any = None
    implied: bool = False
    iteration: int | None = None
    duration_s: float | None = None

    @property
    def ended(self) -> bool:
        return self.status != "executing"

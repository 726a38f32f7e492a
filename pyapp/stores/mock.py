"""The mock store: one mock node for each execution of a node, the source of badges and outputs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ..run.record_old import ExecutionStatus
from .store import Batch, MapStore

MockKey = tuple[str, str]
"""(run id, mock node id)."""


class MockStore(MapStore[MockKey, "MockNode"]):
    """The mock nodes, findable by run without looking at those of other runs."""

    def __init__(self, batch: Batch) -> None:
        super().__init__(batch)
        self._runs: dict[str, dict[str, MockNode]] = {}

    def set(self, key: MockKey, value: MockNode) -> None:
        super().set(key, value)
        self._runs.setdefault(key[0], {})[key[1]] = value

    def delete(self, key: MockKey) -> None:
        self._runs.get(key[0], {}).pop(key[1], None)
        super().delete(key)

    def of_run(self, run_id: str | None) -> dict[str, MockNode]:
        """The mock nodes of one run by their ids, in the order they appeared; not to be changed."""
        return self._runs.get(run_id, {}) if run_id is not None else {}

    def delete_run(self, run_id: str) -> None:
        """Forget every mock node of a run."""
        for mock_id in list(self.of_run(run_id)):
            self.delete((run_id, mock_id))
        self._runs.pop(run_id, None)


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
    since: float | None = None
    """Monotonic moment of its start, as this page saw it."""

    @property
    def ended(self) -> bool:
        return self.status != "executing"

"""Bars: what the timeline shows of each execution, tool call and group, and of the run; plain values.

Moments are seconds since the epoch by the server's clock; what the record does not say is None.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from ...run.record import Message, Wait
from ...stores.rows import GroupState, MockNode, RunRow

Kind = Literal["run", "group", "node", "tool"]
RUN = "run"
"""The key of the run's own bar, in which everything stands."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar. `node_id` is the node it tells of, `inside` the one it stands in; "" for the run."""

    key: str
    kind: Kind
    name: str
    status: str
    node_id: str = ""
    inside: str = ""
    order: int = -1
    started_at: float | None = None
    ended_at: float | None = None
    began_at: float | None = None
    """Of the run: when it left the queue."""
    waits: tuple[Wait, ...] = ()
    iteration: int | None = None

    @property
    def since(self) -> float:
        """The moment by which it is placed: its start, else its end."""
        known = self.started_at if self.started_at is not None else self.ended_at
        return known if known is not None else float("inf")

    def wire(self, parent: str | None) -> list[Any]:
        """What web/js/timeline/model.mjs is told of it."""
        waits = [[since, until] for since, until in self.waits]
        place = [self.key, parent, self.kind, self.node_id, self.name, self.status]
        return [*place, self.started_at, self.ended_at, self.order, self.iteration, self.began_at, waits]


def run_bar(row: RunRow, name: str, status: str) -> Bar:
    """`status`: how the run is to whoever looks."""
    return Bar(
        RUN, "run", name, status, started_at=row.started_at, ended_at=row.ended_at, began_at=row.began_at,
        waits=row.waits,
    )  # fmt: skip


def execution_bar(mock: MockNode, name: str, inside: str) -> Bar:
    return Bar(
        f"node/{mock.id}", "node", name, mock.status, mock.node_id, inside, mock.order, mock.started_at, mock.ended_at,
        waits=mock.waits, iteration=mock.iteration,
    )  # fmt: skip


def group_bar(group_id: str, state: GroupState, name: str, inside: str) -> Bar:
    """A group that sent no events of its own: from the first in it to the last."""
    ended_at = None if state.status == "executing" else state.ended_at
    return Bar(
        f"group/{group_id}", "group", name, state.status or "unknown", group_id, inside, started_at=state.started_at,
        ended_at=ended_at,
    )  # fmt: skip


def tool_bar(call: Message) -> Bar:
    """A call of which only the end was seen began as long before it as the server says that it took."""
    started_at, ended_at = call.started_at, call.ended_at
    if call.told_duration_s and ended_at is not None and (started_at is None or started_at >= ended_at):
        started_at = ended_at - call.told_duration_s
    node_id = call.node_id or ""
    return Bar(
        call.key, "tool", call.name or "", call.status, node_id, node_id, started_at=started_at, ended_at=ended_at
    )

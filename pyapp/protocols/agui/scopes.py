"""Scopes: which nodes execute: the agent, the subagents in it, and the steps of either."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Any

from ..protocol import Json, Taken

MAX_SCOPES = 10_000
"""Subagents that are remembered; what belongs to one beyond is told of the agent itself."""
MAX_OPEN_STEPS = 1_000
"""Of one agent or subagent; one beyond has a start and no end of its own."""


@dataclass(slots=True)
class Scope:
    """The agent or a subagent: who speaks, and in which node."""

    node_id: str
    name: str | None
    order: int
    open: bool = True
    running: dict[str, deque[int]] = field(default_factory=dict)
    """Open steps: node id → the orders of its open executions, oldest first."""


class Scopes:
    """Owns the nodes of one run and counts their executions. AG-UI has names and no ids for nodes.

    A node's id is its name, with that of the subagent round it before it, so that it is the same in each run.
    """

    def __init__(self, node_id: str, name: str | None) -> None:
        self.root = Scope(node_id, name, 0)
        self._began = False
        self._next_order = 0
        self._subagents: dict[str, Scope] = {}

    def find(self, subagent: str | None) -> Scope:
        """Who an event belongs to; what nobody announced is the agent's own."""
        return self._subagents.get(subagent or "", self.root)

    def node_of(self, subagent: str | None) -> str:
        """Where something happens: in the one step that is open in its scope, else in the agent or subagent itself."""
        scope = self.find(subagent)
        return next(iter(scope.running)) if len(scope.running) == 1 else scope.node_id

    # -- agent and subagents ------------------------------------------------------------------------
    def begin(self, given: Any) -> list[Json]:
        """The agent begins, once."""
        if self._began:
            return []
        self._began, self.root.order = True, self._order()
        return [{**self._started(self.root.node_id, self.root.order, "Agent", self.root.name), "input": given}]

    def call(self, name: str) -> Taken:
        """The agent's name is learnt while it works, once."""
        if self.root.name is not None or not self._began:
            return None
        self.root.name = name
        return [self._started(self.root.node_id, self.root.order, "Agent", name)]

    def end(self, status: str, **fields: Any) -> Json:
        """The agent is over."""
        return {"event": "end_node", "node_id": self.root.node_id, "order": self.root.order, "status": status, **fields}

    def subagent_started(self, subagent: str, name: str, parent: str | None) -> Taken:
        """The same invocation again goes on: it was suspended."""
        known = self._subagents.get(subagent)
        if known is not None and known.open:
            return None
        around = self.find(parent)
        scope = Scope(self._inside(around, name), name, self._order())
        if len(self._subagents) < MAX_SCOPES:
            self._subagents[subagent] = scope
        return [{**self._started(scope.node_id, scope.order, "Agent", name), "parent_node_id": around.node_id}]

    def subagent_ended(self, subagent: str, status: str, content: Any, error: Any) -> Taken:
        """What is still open in it ends with it. None for one that nobody announced."""
        scope = self._subagents.get(subagent)
        if scope is None or not scope.open:
            return None
        scope.open = False
        ends = [
            {"event": "end_node", "node_id": node_id, "order": order, "status": status, "implied": True}
            for node_id, orders in scope.running.items()
            for order in orders
        ]
        scope.running.clear()
        end = {"event": "end_node", "node_id": scope.node_id, "order": scope.order, "status": status}
        return [*ends, {**end, "content": content, "error": error}]

    # -- steps --------------------------------------------------------------------------------------
    def step_started(self, subagent: str | None, name: str) -> list[Json]:
        scope = self.find(subagent)
        node_id, order = self._inside(scope, name), self._order()
        if node_id in scope.running or len(scope.running) < MAX_OPEN_STEPS:
            orders = scope.running.setdefault(node_id, deque())
            if len(orders) < MAX_OPEN_STEPS:
                orders.append(order)
        return [{**self._started(node_id, order, "Step", name), "parent_node_id": scope.node_id}]

    def step_finished(self, subagent: str | None, name: str) -> list[Json]:
        """The oldest open execution of that name ends; one that nobody announced has an end alone."""
        scope = self.find(subagent)
        node_id = self._inside(scope, name)
        orders = scope.running.get(node_id)
        order = orders.popleft() if orders else self._order()
        if not orders:
            scope.running.pop(node_id, None)
        end = {"event": "end_node", "node_id": node_id, "order": order, "status": "success", "node_name": name}
        return [{**end, "parent_node_id": scope.node_id}]

    # -- inside -------------------------------------------------------------------------------------
    def _order(self) -> int:
        order, self._next_order = self._next_order, self._next_order + 1
        return order

    def _inside(self, scope: Scope, name: str) -> str:
        """A node in the agent bears its name alone, unless that is the agent's own."""
        outermost = scope is self.root and name not in ("", self.root.node_id)
        return name if outermost else f"{scope.node_id}/{name}"

    def _started(self, node_id: str, order: int, kind: str, name: str | None) -> Json:
        return {"event": "start_node", "node_id": node_id, "order": order, "node_type": kind, "node_name": name}

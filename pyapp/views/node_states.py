"""Node states: what the run in front tells of a node, looked up once for all that draw it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from ..stores.rows import GroupState, MockNode, ToolNames
from ..stores.stores import Stores
from ..stores.tables import RunTable
from .changes import Changes
from .states import execution_status


class NodeState(NamedTuple):
    """Nothing is known of a node that never began: then all of it is empty."""

    mocks: Mapping[str, MockNode]
    """Its executions, in the order in which they came; not to be changed."""
    latest: MockNode | None
    """The one with the highest order."""
    group: GroupState | None
    tools: ToolNames | None
    status: str | None
    """A group's by what is in it, else that of its latest execution, as the contract's attributes say it."""
    shown: str | None
    """How its latest execution is to whoever looks, else the group."""


class NodeStates(dict[str, NodeState]):
    """Owns what was looked up, until something of it changes or another run is in front. To be read in frames."""

    def __init__(self, stores: Stores, changes: Callable[[RunTable[Any]], Changes[Any]]) -> None:
        self._stores = stores
        stores.front.listen(lambda _: self.clear())
        for table in (stores.mock, stores.groups, stores.tools):
            changes(table).listen(lambda _: self.clear())

    def __missing__(self, node_id: str) -> NodeState:
        stores, front = self._stores, self._stores.front.get() or ""
        latest, group = stores.mock.latest(front, node_id), stores.groups.get((front, node_id))
        told = group or latest
        state = self[node_id] = NodeState(
            stores.mock.of_node(front, node_id),
            latest,
            group,
            stores.tools.get((front, node_id)),
            told.status if told is not None else None,
            execution_status(latest) if latest is not None else group.status if group is not None else None,
        )
        return state

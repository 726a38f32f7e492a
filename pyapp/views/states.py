"""States: how a run and a node are to whoever looks, the same wherever it is said.

Not what the contract's attributes say: there, what waits for a person goes on executing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from ..stores.cards import Card
from ..stores.rows import GroupState, MockNode, RunRow, ToolNames
from ..stores.stores import Stores
from ..stores.tables import RunTable
from .changes import Changes


def execution_status(mock: MockNode) -> str:
    """How an execution is: `paused` while it waits for a person."""
    return "paused" if mock.waits and mock.waits[-1][1] is None and not mock.ended else mock.status


class NodeState(NamedTuple):
    """What the run in front tells of a node; `status` is how it is by the contract, of a group what is in it."""

    mocks: Mapping[str, MockNode]
    """Its executions as they came, not to be changed; `latest` is the one with the highest order."""
    latest: MockNode | None
    group: GroupState | None
    tools: ToolNames | None
    status: str | None


class NodeStates(dict[str, NodeState]):
    """Owns what was looked up for all that draw it, until something of it changes. To be read in frames."""

    def __init__(self, stores: Stores, changes: Callable[[RunTable[Any]], Changes[Any]]) -> None:
        self._stores = stores
        stores.front.listen(lambda _: self.clear())
        for table in (stores.mock, stores.groups, stores.tools):
            changes(table).listen(lambda _: self.clear())

    def __missing__(self, node_id: str) -> NodeState:
        stores, key = self._stores, (self._stores.front.get() or "", node_id)
        mocks, latest, group = stores.mock.of_node(*key), stores.mock.latest(*key), stores.groups.get(key)
        status = group.status if group is not None else latest.status if latest is not None else None
        state = self[node_id] = NodeState(mocks, latest, group, stores.tools.get(key), status)
        return state


class States:
    """Reads the stores and keeps nothing."""

    def __init__(self, stores: Stores) -> None:
        self._stores = stores

    def run(self, row: RunRow) -> str:
        """How a run is: `paused` while it asks a person, whatever else goes on in it."""
        return "paused" if not row.over and self.asking(row.run_id) is not None else row.status

    def asking(self, run_id: str) -> Card | None:
        """The first card of a run that a person can still do something about, in the order of the list of cards."""
        cards = [card for card in self._stores.interactions.of_run(run_id).values() if card.asks]
        return min(cards, key=lambda card: (card.sign_in is not None, card.serial), default=None)

    def unbegun(self, run_id: str) -> str:
        """How a node is that never began in a run, as a key of the words; "" while too little is known to say it."""
        row, mocks, groups = self._stores.runs.get(run_id), self._stores.mock, self._stores.groups
        if row is None or not row.over:
            return "node.not_yet" if row is not None and row.status != "unverified" else ""
        known = not row.lacks and (mocks.of_run(run_id) or groups.of_run(run_id))
        return ("node.unneeded" if row.status == "success" else "node.unreached") if known else ""

"""The nodes of one root run: how each is called, which is in which, and what of them executes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ...run.bounded import BoundedDict
from .fields import Event, Json, count, text

MAX_KNOWN = 10_000
Index = tuple[int, ...]


@dataclass(slots=True)
class Node:
    """What executes under a key: a step id, or the run id of an agent or team that is a node itself."""

    node_id: str
    order: int
    name: str | None = None
    parent: str | None = None
    """The step it is in, by its id."""
    index: Index = ()
    """Where it stands among its siblings."""
    kind: str = ""
    outcome: str = ""
    """How it ended if nobody tells: by what its function gave, or the worst of what was in it."""
    output: Any = None


class Nodes:
    """Owns orders, names and what is open. A name that is taken in another place gets that place before it."""

    def __init__(self, node_ids: Mapping[str, str] | None = None) -> None:
        self._node_ids = dict(node_ids or {})
        self._next_order = 0
        self._places: BoundedDict[str, str | None] = BoundedDict(MAX_KNOWN)
        """Node id → the node that it is in."""
        self._ids: BoundedDict[str, str] = BoundedDict(MAX_KNOWN)
        """Key → node id, of what began."""
        self.open: BoundedDict[str, Node] = BoundedDict(MAX_KNOWN)
        self.failed: BoundedDict[str, Node] = BoundedDict(MAX_KNOWN)
        """Steps that ended because their agent failed: it may be tried again."""
        self.iterations: BoundedDict[str, int] = BoundedDict(MAX_KNOWN)
        """Step id of a loop → the iteration it is in."""

    def find(self, key: str | None) -> str | None:
        """The node id of what began under this key."""
        return self._ids.get(key) if key is not None else None

    def named(self, name: str) -> str:
        """The canvas's id for a name."""
        return self._node_ids.get(name, name)

    def place(self, key: str, name: str, inside: str | None) -> str:
        """The node id of something called `name` in the node `inside`."""
        node = self.named(name)
        while self._places.get(node, inside) != inside:
            node = f"{inside or ''}/{node}"
        self._ids[key], self._places[node] = node, inside
        return node

    def start(self, key: str, node: Node, given: Any = None) -> Json:
        """Begin an execution; its order is the next one."""
        node.order, self._next_order = self._next_order, self._next_order + 1
        self.open[key] = node
        self.failed.pop(key, None)
        start: Json = {"event": "start_node", "node_id": node.node_id, "order": node.order, "node_type": node.kind}
        start |= {"node_name": node.name, "parent_node_id": self._places.get(node.node_id)}
        start["iteration"] = self.iterations.get(node.parent) if node.parent is not None else None
        return {**start, "input": given} if node.order == 0 else start

    def end(self, key: str, status: str, **fields: Any) -> Json:
        """End what is open under the key."""
        node = self.open.pop(key)
        holder = self.open.get(node.parent or "")
        if holder is not None and holder.outcome in ("", "success"):
            holder.outcome = status
        return {"event": "end_node", "node_id": node.node_id, "order": node.order, "status": status, **fields}

    def key_of(self, event: Event) -> str | None:
        """The open step that an event is of: by its id, else by name, parent and index, as a sync workflow tells it."""
        step = text(event.get("step_id"))
        if step is not None:
            return step if step in self.open else None
        name, parent, index = text(event.get("step_name")), text(event.get("parent_step_id")), index_of(event)
        for key, node in self.open.items():
            if node.parent == parent and index in ((), node.index) and name in (None, node.name):
                return key if name is not None or index else None
        return None

    def left_behind(self, parent: str | None, index: Index) -> Iterator[str]:
        """Open steps that stand before `index` among the same siblings, one after the other: they must have ended."""
        holder = self.open.get(parent) if parent is not None else None
        if not index or (holder is not None and holder.kind == "Parallel"):
            return
        for key, node in list(self.open.items()):
            if node.index and node.parent == parent and len(node.index) == len(index) and node.index < index:
                yield key


def index_of(event: Event) -> Index:
    """Where a step stands: Agno tells a number, or a list of them in a group."""
    told = event.get("step_index")
    numbers = map(count, told if isinstance(told, list | tuple) else [told])
    return tuple(each for each in numbers if each is not None)

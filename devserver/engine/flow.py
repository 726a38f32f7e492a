"""What a flow is: a named graph of nodes, and something that runs it.

A flow owns its graph and how it is executed; it keeps nothing of any single run, for the same flow may run
several times at once. `engine.GraphFlow` runs nodes that are Python functions; a flow with an engine of its
own overrides `run`:

    class Hello(Flow):
        async def run(self, run: RunHandle, input: Any) -> None:
            run.emit({"event": "run_start", "flow_id": self.id})
            run.emit({"event": "start_node", "node_id": "hello", "order": 0})
            run.emit({"event": "end_node", "node_id": "hello", "order": 0, "status": "success"})
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .runs import RunHandle


@dataclass(frozen=True, slots=True)
class Position:
    """Where a node stands, in CSS pixels from its container's top left."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Node:
    """One node. `path`'s last dotted part is its type; `parent` puts it inside a group, to any depth."""

    id: str
    path: str
    label: str = ""
    handle: str = ""
    position: Position | None = None
    parent: str | None = None

    @property
    def type(self) -> str:
        return self.path.rpartition(".")[2]

    def json(self) -> dict[str, Any]:
        """The node as `GET /flows/{id}` gives it; what is not set is left out."""
        answer: dict[str, Any] = {"id": self.id, "handle": self.handle or self.id, "path": self.path}
        if self.label:
            answer["label"] = self.label
        if self.position is not None:
            answer["position"] = {"x": self.position.x, "y": self.position.y}
        if self.parent is not None:
            answer["parent"] = self.parent
        return answer


@dataclass(frozen=True, slots=True)
class Edge:
    """What `source` gives, `target` takes."""

    source: str
    target: str


class Flow(ABC):
    """A graph of nodes that can be run. Raises ValueError, in a sentence, for a graph that makes no sense."""

    def __init__(self, id: str, name: str, nodes: Sequence[Node], edges: Iterable[Edge] = ()) -> None:
        self.id = id
        self.name = name
        self.description = ""
        """What it is for, in a sentence or two."""
        self.input_schema: list[dict[str, Any]] = []
        """What a person fills in before Play, as the fields of a requirement; none: any text, or nothing."""
        self.nodes = tuple(nodes)
        self.edges = tuple(edges)
        _check(id, self.nodes, self.edges)

    @abstractmethod
    async def run(self, run: RunHandle, input: Any) -> None:
        """Execute the flow once, telling `run` what happens. The input is what Play sent, or None.

        An exception that comes out of it ends the run with status error and its text; returning without a
        `run_end` ends it with success. Stop cancels the coroutine: what is open then ends as killed.
        """

    def json(self) -> dict[str, Any]:
        """The flow as `GET /flows/{id}` gives it."""
        return {
            "id": self.id,
            "name": self.name,
            **({"description": self.description} if self.description else {}),
            **({"input_schema": self.input_schema} if self.input_schema else {}),
            "nodes": [node.json() for node in self.nodes],
            "edges": [{"source": edge.source, "target": edge.target} for edge in self.edges],
        }


def _check(flow_id: str, nodes: Sequence[Node], edges: Sequence[Edge]) -> None:
    parents = {node.id: node.parent for node in nodes}
    if len(parents) < len(nodes):
        raise ValueError(f"The flow {flow_id!r} has two nodes with the same id.")
    wanted = [end for edge in edges for end in (edge.source, edge.target)]
    wanted += [parent for parent in parents.values() if parent is not None]
    for node_id in wanted:
        if node_id not in parents:
            raise ValueError(f"The flow {flow_id!r} names a node {node_id!r} that it does not have.")
    for node_id in parents:
        seen = {node_id}
        parent = parents[node_id]
        while parent is not None:
            if parent in seen:
                raise ValueError(f"In the flow {flow_id!r} the group {parent!r} contains itself.")
            seen.add(parent)
            parent = parents[parent]

"""The flow on the canvas, as `GET /flows/{id}` gives it (docs/contract.md §2)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Annotated, Any

from pydantic import Field, OnErrorOmit, TypeAdapter

from .events import Id, SchemaField
from .http import Answer
from .lenient import Lenient, Listed, Words

AGENTS = ("agent", "team")
"""How the types of nodes that work themselves end, also where they contain others."""


def is_agent(node_type: str | None) -> bool:
    return (node_type or "").lower().endswith(AGENTS)


Pixels = Annotated[float, Field(ge=-1e6, le=1e6)]


class Position(Answer):
    """Where a node stands, in CSS pixels from its container's top left."""

    x: Pixels
    y: Pixels


class FlowNode(Answer):
    """One node; `path`'s last dotted part is its type; `parent` puts it inside a group."""

    id: Id
    handle: Words = ""
    path: Words = ""
    label: Lenient[str] = None
    position: Lenient[Position] = None
    parent: Lenient[str] = None

    @property
    def type(self) -> str:
        return self.path.rpartition(".")[2]

    @property
    def is_agent(self) -> bool:
        return is_agent(self.type)

    @property
    def title(self) -> str:
        return self.label or self.handle or self.id


class FlowEdge(Answer):
    """A connection of two nodes, by their ids."""

    source: str
    target: str


Nodes = Listed[list[OnErrorOmit[FlowNode]]]
Edges = Listed[list[OnErrorOmit[FlowEdge]]]


class Flow(Answer):
    """A graph of nodes. Two nodes with one id: the first counts. A parent that is missing or circular: none."""

    id: Id
    name: Words = ""
    description: Lenient[str] = None
    input_schema: Lenient[list[OnErrorOmit[SchemaField]]] = None
    """What a person fills in before Play."""
    nodes: Nodes = Field(default_factory=list)
    edges: Edges = Field(default_factory=list)
    unfolds: Lenient[bool] = None
    """The backend knows no graph: what runs is added to the nodes that it lists."""


PARTS: Mapping[str, TypeAdapter[Any]] = {"nodes": TypeAdapter(Nodes), "edges": TypeAdapter(Edges)}
"""What may be long in a flow, and how a piece of it is read."""


class FlowGraph:
    """The flow on the canvas with its look-ups: node by id, children of a group, ancestors of a node."""

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self.nodes: dict[str, FlowNode] = {}
        for node in flow.nodes:
            self.nodes.setdefault(node.id, node)
        self.parents = _trees({node.id: node.parent for node in self.nodes.values()})
        """By each node's id the group it is directly in; None at the top level."""
        self._children: dict[str, list[str]] = {}
        for node_id, parent in self.parents.items():
            if parent is not None:
                self._children.setdefault(parent, []).append(node_id)
        self.steps = frozenset(
            each.id for each in self.nodes.values() if each.id not in self._children or each.is_agent
        )
        """The nodes that have work of their own: all but the groups that only hold others together."""

    def node(self, node_id: str) -> FlowNode | None:
        return self.nodes.get(node_id)

    def parent(self, node_id: str) -> str | None:
        return self.parents.get(node_id)

    def children(self, node_id: str | None) -> list[str]:
        """Ids of the nodes directly in a group; of the top level for None."""
        if node_id is None:
            return [each for each, parent in self.parents.items() if parent is None]
        return self._children.get(node_id, [])

    def groups(self) -> Collection[str]:
        """Ids of the nodes that contain others."""
        return self._children.keys()

    def is_group(self, node_id: str) -> bool:
        return node_id in self._children

    def ancestors(self, node_id: str) -> Iterator[str]:
        """The groups a node is in, innermost first."""
        parent = self.parents.get(node_id)
        while parent is not None:
            yield parent
            parent = self.parents.get(parent)


def _trees(parents: Mapping[str, str | None]) -> dict[str, str | None]:
    """The parents, less those that are missing, and one of each circle. Each node is passed once."""
    known: dict[str, str | None] = {}
    for node_id in parents:
        climbed: set[str] = set()
        each: str | None = node_id
        while each is not None and each not in known:
            climbed.add(each)
            parent = parents[each]
            known[each] = parent if parent in parents and parent not in climbed else None
            each = known[each]
    return known

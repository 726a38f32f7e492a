"""The nodes store: the flow on the canvas, as `GET /flows/{id}` gives it (docs/contract.md §2)."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict, Field


class Position(BaseModel):
    """Where a node stands, in CSS pixels from its container's top left."""

    x: float
    y: float


class FlowNode(BaseModel):
    """One node; `path`'s last dotted part is its type; `parent` puts it inside a group."""

    model_config = ConfigDict(extra="allow")

    id: str = Field(min_length=1)
    handle: str = ""
    path: str = ""
    label: str | None = None
    position: Position | None = None
    parent: str | None = None

    @property
    def type(self) -> str:
        return self.path.rpartition(".")[2]

    @property
    def title(self) -> str:
        return self.label or self.handle or self.id


class FlowEdge(BaseModel):
    model_config = ConfigDict(extra="allow")

    source: str
    target: str


class Flow(BaseModel):
    """A graph of nodes. Two nodes with one id: the first counts. A parent that is missing or circular: none."""

    model_config = ConfigDict(extra="allow")

    id: str
    name: str = ""
    nodes: list[FlowNode] = Field(default_factory=list)
    edges: list[FlowEdge] = Field(default_factory=list)

    def index(self) -> dict[str, FlowNode]:
        """The nodes by id."""
        index: dict[str, FlowNode] = {}
        for node in self.nodes:
            index.setdefault(node.id, node)
        return index


class FlowGraph:
    """The flow on the canvas with its look-ups: node by id, children of a group, ancestors of a node."""

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self.nodes = flow.index()
        self._parents = {node.id: node.parent for node in self.nodes.values()}
        for node_id in self._parents:
            if self._circular(node_id) or self._parents[node_id] not in self.nodes:
                self._parents[node_id] = None
        self._children: dict[str, list[str]] = {}
        for node_id, parent in self._parents.items():
            if parent is not None:
                self._children.setdefault(parent, []).append(node_id)

        self.leaves = len(self.nodes) - len(self._children)
        """How many nodes are no groups."""

    def node(self, node_id: str) -> FlowNode | None:
        return self.nodes.get(node_id)

    def parent(self, node_id: str) -> str | None:
        return self._parents.get(node_id)

    def children(self, node_id: str | None) -> list[str]:
        """Ids of the nodes directly in a group; of the top level for None."""
        if node_id is None:
            return [each for each, parent in self._parents.items() if parent is None]
        return self._children.get(node_id, [])

    def is_group(self, node_id: str) -> bool:
        return node_id in self._children

    def ancestors(self, node_id: str) -> Iterator[str]:
        """The groups a node is in, innermost first."""
        parent = self._parents.get(node_id)
        while parent is not None:
            yield parent
            parent = self._parents.get(parent)

    def _circular(self, node_id: str) -> bool:
        seen = {node_id}
        parent = self._parents.get(node_id)
        while parent is not None:
            if parent in seen:
                return True
            seen.add(parent)
            parent = self._parents.get(parent)
        return False

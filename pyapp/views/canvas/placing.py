"""Placing: where a flow stands, found out in a frame of its own where that takes long. Draws nothing."""

from __future__ import annotations

from ...contract.flow import FlowGraph
from ...ports import GraphLayout
from .placement import Placement

AT_ONCE = 300
"""So many nodes, with their edges, come with the flow; a larger one is placed in one frame, and drawn from the next."""


class Placing:
    """Owns the placement of a flow that is about to be drawn."""

    def __init__(self, layout: GraphLayout) -> None:
        self._layout = layout
        self._ready: Placement | None = None

    def place(self, graph: FlowGraph, folded: frozenset[str]) -> Placement | None:
        """Where all of it stands; None the first time that a large flow is asked for: ask again in the next frame."""
        ready, self._ready = self._ready, None
        if ready is not None and ready.graph is graph and ready.folded == folded:
            return ready
        placed = Placement(graph, self._layout, folded)
        if len(graph.nodes) <= AT_ONCE:
            return placed
        self._ready = placed
        return None

"""Shape: what the fold must know of the flow: which node is in which. `contract.flow.FlowGraph` is one."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol


class Shape(Protocol):
    """Which nodes a flow lists in which group."""

    def parent(self, node_id: str) -> str | None:
        """The group that a node is directly in; None for one at the top, or not listed."""

    def children(self, node_id: str | None) -> Collection[str]:
        """The nodes listed directly in a group."""

    def groups(self) -> Collection[str]:
        """The nodes in which the flow lists others."""


class NoShape:
    """A flow of which nothing is known."""

    def parent(self, node_id: str) -> str | None:
        return None

    def children(self, node_id: str | None) -> Collection[str]:
        return ()

    def groups(self) -> Collection[str]:
        return ()

"""Names: which nodes of the run in front are called otherwise, by what its events say."""

from __future__ import annotations

from collections.abc import Callable

from ..stores.rows import node_of
from .context import View


def follow_names(view: View, listener: Callable[[set[str]], None]) -> None:
    """`listener(node ids)` before a frame, of nodes that the run's flow does not list: those that it lists it names."""
    said: dict[str, str] = {}

    def look(changed: dict[str, None]) -> None:
        front, graph = view.front, view.context.graph_of(view.front)
        unlisted = (node for node in changed if graph is None or node not in graph.nodes)
        names = {node: view.context.named(node, front) for node in unlisted}
        renamed = {node for node, name in names.items() if said.get(node, "") != name}
        said.update(names)
        if renamed:
            listener(renamed)

    view.owns(view.stores.front.listen(lambda _: said.clear()))
    view.follows_names(view.stores.mock, node_of, look)

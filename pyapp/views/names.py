"""Names: which nodes of the run in front are called otherwise, by what its events say."""

from __future__ import annotations

from collections.abc import Callable

from ..stores.rows import node_of
from .context import View


def follow_names(view: View, listener: Callable[[set[str]], None]) -> None:
    """`listener(node ids)` before a frame, of nodes that the run's flow does not list: those that it lists it names."""
    said: dict[str, str] = {}

    def look(changed: dict[str, None]) -> None:
        front, graph = (here := view.front), view.context.graph_of(here)
        listed = graph.nodes if graph is not None else ()
        names = {node: view.context.named(node, front) for node in changed if node not in listed}
        renamed = {node for node in names if said.get(node, "") != names[node]}
        if renamed:
            said.update(names)
            listener(renamed)

    view.owns(view.stores.front.listen(lambda _: said.clear()))
    view.follows_names(view.stores.mock, node_of, look)

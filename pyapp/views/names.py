"""Names: which nodes of the run in front are called otherwise, by what its events say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..stores.rows import node_of
from ..stores.store import Telling

if TYPE_CHECKING:
    from .context import ViewContext


class Names(Telling[set[str]]):
    """Owns what nodes were called last that the run's flow does not list: those that it lists it names.

    Tells before a frame which of them are called otherwise.
    """

    def __init__(self, context: ViewContext) -> None:
        super().__init__(context.stores.batch, set)
        self._context = context
        self._said: dict[str, str] = {}
        front = context.stores.front
        front.listen(lambda _: self._said.clear())
        context.changes(context.stores.mock).named(node_of, front.get).listen(self._look)

    def _look(self, changed: dict[str, None]) -> None:
        context, said, front = self._context, self._said, self._context.stores.front.get() or ""
        graph = context.graph_of(front)
        names = {node: context.named(node, front) for node in changed if graph is None or node not in graph.nodes}
        renamed = {node for node, name in names.items() if said.get(node, "") != name}
        said.update(names)
        if renamed:
            self._call(renamed)

"""NodeNamesView: what a node is called by whoever does not see it: its name, how it is, for how long, which step."""

from __future__ import annotations

from ...locale.display import duration
from ..context import View, ViewContext
from ..states import NodeState, execution_status


class NodeNamesView(View):
    """Owns what nodes are called that the run in front tells of; that others were not reached is said around their
    names, with their mark. Behind all that is seen, as nobody waits for a name.
    """

    rank = 8
    wipes = True

    def __init__(self, context: ViewContext) -> None:
        super().__init__(context)
        self._named: dict[str, str] = {}
        self._plain: dict[str, str] = {}
        """What the nodes on the canvas are called by themselves."""
        self._states = context.nodes
        self.owns(self.stores.canvas.listen(lambda _: self._plain.clear()))
        self.draws_nodes(self._draw)
        self.draws_front(self.stores.groups, self._draw)
        self.follows_canvas()

    def clear(self) -> None:
        self.document.unname()
        self._named.clear()

    def _draw(self, node_id: str) -> None:
        plain = self._plain.get(node_id) or self._called(node_id)
        state = self._state(self._states[node_id])
        name = self.words("node.state", name=plain, state=state) if state else plain
        if self._named.get(node_id, plain) != name:
            self.document.name(node_id, name)
        self._named[node_id] = name

    def _state(self, state: NodeState) -> str:
        """Running; succeeded after 0.4 s, step 3. A time that goes on is not in it."""
        mock, words = state.latest, self.words
        told = mock or state.group
        if told is None or told.status is None:
            return ""
        said = words(f"status.{told.status if mock is None else execution_status(mock)}")
        if told.status != "executing" and (seconds := told.duration_s) is not None:
            said = words("node.after", status=said, time=duration(words, seconds))
        return said if mock is None else f"{said}, {words('output.order', order=mock.order + 1)}"

    def _called(self, node_id: str) -> str:
        graph = self.stores.graph.get()
        node = graph.node(node_id) if graph is not None else None
        said = {"name": node.title, "type": node.type or "node"} if node is not None else {}
        plain = self._plain[node_id] = self.words("node.label", **said) if said else node_id
        return plain

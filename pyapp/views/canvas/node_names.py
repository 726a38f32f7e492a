"""NodeNamesView: what a node is called by whoever does not see it: its name, how it is, for how long, which step."""

from __future__ import annotations

from ...locale.display import duration
from ...stores.rows import GroupState, MockNode
from ..context import View, ViewContext
from ..states import execution_status


class NodeNamesView(View):
    """Owns what nodes are called that the run in front tells of; that others were not reached is said around their
    names, with their mark. Behind all that is seen, as nobody waits for a name."""

    rank = 8

    def __init__(self, context: ViewContext) -> None:
        super().__init__(context)
        self._named: dict[str, str] = {}
        self.draws_nodes(self._draw)
        self.draws_front(self.stores.groups, self._draw)
        self.follows_canvas()

    def clear(self) -> None:
        for node_id in self._named:
            self._note(node_id, self._plain(node_id))
        self._named.clear()

    def _draw(self, node_id: str) -> None:
        front, stores = self.front, self.stores
        mock, group = stores.mock.latest(front, node_id), stores.groups.get((front, node_id))
        state = self._state(mock or group)
        plain = self._plain(node_id)
        name = self.words("node.state", name=plain, state=state) if state else plain
        if self._named.get(node_id, plain) != name:
            self._note(node_id, name)
        self._named[node_id] = name

    def _state(self, of: MockNode | GroupState | None) -> str:
        """Running; succeeded after 0.4 s, step 3. A time that goes on is not in it."""
        if of is None or of.status is None:
            return ""
        said = [self.words(f"status.{execution_status(of) if isinstance(of, MockNode) else of.status}")]
        if of.status != "executing" and of.duration_s is not None:
            said = [self.words("node.after", status=said[0], time=duration(self.words, of.duration_s))]
        if isinstance(of, MockNode):
            said.append(self.words("output.order", order=of.order + 1))
        return ", ".join(said)

    def _plain(self, node_id: str) -> str:
        graph = self.stores.graph.get()
        node = graph.node(node_id) if graph is not None else None
        if node is None:
            return node_id
        return self.words("node.label", name=node.title, type=node.type or "node")

    def _note(self, node_id: str, name: str) -> None:
        element = self.document.node(node_id)
        if element is not None:
            self.document.name(element, name)

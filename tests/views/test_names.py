from __future__ import annotations

from dataclasses import replace

from pyapp.stores.rows import MockNode
from pyapp.views.context import View, ViewContext
from pyapp.views.names import follow_names
from tests.views.support import Gallery

CALLED: list[set[str]] = []


class Named(View):
    def __init__(self, context: ViewContext) -> None:
        super().__init__(context)
        follow_names(self, CALLED.append)


def test_it_tells_of_nodes_that_are_called_otherwise() -> None:
    """Of the run in front, once for each name; of nodes that the flow lists nothing: it names them."""
    CALLED.clear()
    world = Gallery()
    world.flow()
    world.stores.front.set("r")
    world.show(Named)
    mock = MockNode("x-0", "x", "x", "r", 0, "executing", started=True)
    for node, handle, run_id in (("x", "x", "r"), ("x", "A", "r"), ("x", "A", "r"), ("x", "B", "s"), ("n1", "B", "r")):
        named = replace(mock, id=f"{node}-0", node_id=node, handle=handle, run_id=run_id)
        world.stores.mock.set((run_id, named.id), named)
        world.paint()
    assert [{"x"}] == CALLED and world.errors == []
    world.stores.front.set("s")
    world.stores.mock.set(("s", "x-0"), replace(mock, handle="C", run_id="s"))
    world.paint()
    assert [{"x"}, {"x"}] == CALLED

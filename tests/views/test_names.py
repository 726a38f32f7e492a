from __future__ import annotations

from dataclasses import replace

from pyapp.stores.rows import MockNode
from tests.views.support import Gallery


def test_it_tells_of_nodes_that_are_called_otherwise() -> None:
    """Of the run in front, once for each name; of nodes that the flow lists nothing: it names them."""
    called: list[set[str]] = []
    world = Gallery()
    world.context.names.listen(called.append)
    world.flow()
    world.stores.front.set("r")
    world.paint()
    mock = MockNode("x-0", "x", "x", "r", 0, "executing", started=True)
    for node, handle, run_id in (("x", "x", "r"), ("x", "A", "r"), ("x", "A", "r"), ("x", "B", "s"), ("n1", "B", "r")):
        named = replace(mock, id=f"{node}-0", node_id=node, handle=handle, run_id=run_id)
        world.stores.mock.set((run_id, named.id), named)
        world.paint()
    assert [{"x"}] == called and world.errors == []
    world.stores.front.set("s")
    world.stores.mock.set(("s", "x-0"), replace(mock, handle="C", run_id="s"))
    world.paint()
    assert [{"x"}, {"x"}] == called

from __future__ import annotations

from dataclasses import replace

from pyapp.stores.rows import GroupState
from tests.views.support import Gallery


def test_what_is_told_of_a_node_is_looked_up_anew_once_it_changed() -> None:
    """In the frame behind the change, before anything is drawn; at once when another run comes to the front."""
    gallery = Gallery()
    nodes, stores = gallery.context.nodes, gallery.stores
    stores.front.set("r")
    assert nodes["n"] == ({}, None, None, None, None, None)
    gallery.mock("n", 0, waits=((1.0, None),))
    gallery.mock("n", 1, run_id="back")
    gallery.paint()
    first = stores.mock.get(("r", "n-0"))
    assert first is not None
    assert nodes["n"] == ({"n-0": first}, first, None, None, "executing", "paused")
    stores.mock.set(("r", "n-0"), replace(first, status="success"))
    stores.tools.set(("r", "n"), ("look",))
    gallery.paint()
    assert nodes["n"].shown == nodes["n"].status == "success" and nodes["n"].tools == ("look",)
    group = GroupState("error", 1, 1)
    stores.groups.set(("r", "n"), group)
    gallery.paint()
    assert (nodes["n"].group, nodes["n"].status, nodes["n"].shown) == (group, "error", "success")
    stores.front.set("back")
    assert nodes["n"].latest is stores.mock.get(("back", "n-1"))
    assert len(nodes) == 1 and nodes["n"] is nodes["n"]

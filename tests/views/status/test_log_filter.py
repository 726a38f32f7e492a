from __future__ import annotations

from pyapp.stores.rows import LogLine
from pyapp.views.status.log_filter import LogFilter
from tests.views.support import Gallery


def test_levels_and_nodes_are_chosen_by_themselves() -> None:
    """A choice that is none is ignored; another run begins with all nodes, at the same level."""
    gallery = Gallery()
    chosen = LogFilter(gallery.context)
    nodes = gallery.region("log-bar").find("[data-filter=node]")
    for node_id in ("n0", "n0", None, "n1"):
        chosen.offer(LogLine(None, "info", "x", node_id))
    assert [option.attributes["value"] for option in nodes.children] == ["", "n0", "n1"]
    assert chosen.shows("debug", None)
    chosen.choose("level", "warning")
    chosen.choose("level", "nonsense")
    chosen.choose("node", "n1")
    assert [chosen.shows(level, node) for level, node in (("info", "n1"), ("error", "n1"), ("error", "n0"))] == [
        False,
        True,
        False,
    ]
    chosen.clear()
    assert (chosen.level, chosen.node, len(nodes.children)) == ("warning", "", 1)

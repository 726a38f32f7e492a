from __future__ import annotations

import pytest

from pyapp.contract.flow import Flow, FlowGraph
from pyapp.locale.catalogue import Catalogue
from pyapp.testing.dom import FakeDocument, FakeElement
from pyapp.testing.flow import row_layout
from pyapp.views.canvas.nodes import NodeMaker
from pyapp.views.canvas.placement import Placement
from pyapp.views.parts import Parts

NODES = [{"id": "g", "path": "x.Loop"}, {"id": "a", "path": "x.SearchAgent", "handle": "finder", "parent": "g"}]
GRAPH = FlowGraph(Flow.model_validate({"id": "f", "nodes": NODES, "edges": []}))


def made(*folded: str) -> tuple[NodeMaker, FakeElement]:
    maker = NodeMaker(Parts(FakeDocument(), Catalogue(), lambda: 0.0))
    element = maker.make(Placement(GRAPH, row_layout, set(folded)), "g")
    assert isinstance(element, FakeElement)
    return maker, element


def test_a_group_contains_its_nodes() -> None:
    """Each where it stands in its container, with its parts, and known by its id until all is made anew."""
    maker, group = made()
    node = group.find("[data-node-id=a]")
    assert maker.elements == {"g": group, "a": node} and node.style.properties["top"] == "44.0px"
    assert [each.classList.names[0] for each in node.children] == ["node-head", "badges", "node-foot"]
    assert node.textContent == "finder" and "SearchAgent" in node.attributes["aria-label"]
    maker.forget()
    assert maker.elements == maker.folds == {}


@pytest.mark.parametrize(("folded", "expanded"), [((), "true"), (("g",), "false")])
def test_only_a_group_folds(folded: tuple[str, ...], expanded: str) -> None:
    """What is in it stays in it."""
    maker, group = made(*folded)
    assert list(maker.folds) == ["g"] and group.find("[data-fold=g]").attributes["aria-expanded"] == expanded
    assert group.classList.contains("folded") == bool(folded) and len(group.find_all("[data-node-id]")) == 1


def test_an_icon_tells_the_type() -> None:
    """By a part of its name, the first that occurs; a box where none does."""
    _, group = made()
    icons = [each.attributes["data-icon"] for each in group.find_all("svg")]
    assert icons == ["repeat", "minimize-2", "bot"]


def test_a_long_word_is_written_smaller() -> None:
    """Else it is broken where the flow is seen from afar; many short ones stand on two lines."""
    nodes = [{"id": "a", "handle": "Documents"}, {"id": "b", "handle": "Ask for it now"}]
    maker = NodeMaker(Parts(FakeDocument(), Catalogue(), lambda: 0.0))
    placed = Placement(FlowGraph(Flow.model_validate({"id": "f", "nodes": nodes})), row_layout)
    long = {}
    for each in "ab":
        element = maker.make(placed, each)
        assert isinstance(element, FakeElement)
        long[each] = "long" in element.find(".node-title").classList.names
    assert long == {"a": True, "b": False}

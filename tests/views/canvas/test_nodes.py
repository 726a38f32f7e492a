from __future__ import annotations

import pytest

from pyapp.contract.flow import Flow, FlowGraph
from pyapp.locale.catalogue import Catalogue
from pyapp.ports import Box
from pyapp.testing.dom import FakeDocument, FakeElement
from pyapp.views.canvas.nodes import NodeMaker

NODES = [{"id": "g", "path": "x.Loop"}, {"id": "a", "path": "x.SearchAgent", "handle": "finder", "parent": "g"}]
GRAPH = FlowGraph(Flow.model_validate({"id": "f", "nodes": NODES, "edges": []}))
BOXES = {"g": Box(1.0, 2.0, 300.0, 200.0), "a": Box(5.0, 6.0, 100.0, 50.0)}


def made(*folded: str) -> tuple[NodeMaker, FakeElement]:
    maker = NodeMaker(FakeDocument(), Catalogue())
    element = maker.make(GRAPH, "g", BOXES, frozenset(folded))
    assert isinstance(element, FakeElement)
    return maker, element


def test_a_group_contains_its_nodes() -> None:
    """Each where it stands in its container, with its parts, and known by its id until all is made anew."""
    maker, group = made()
    node = group.find("[data-node-id=a]")
    assert maker.elements == {"g": group, "a": node} and node.style.properties["left"] == "5.0px"
    assert [each.classList.names[0] for each in node.children] == ["node-head", "badges", "node-foot"]
    assert "finder" in node.textContent and "SearchAgent" in node.textContent
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
    icons = [each.attributes["href"] for each in group.find_all("use")]
    assert icons == ["#icon-repeat", "#icon-minimize-2", "#icon-bot"]

from __future__ import annotations

from typing import Any

from pyapp.protocols.agno.nodes import Index, Node, Nodes, index_of


def begin(nodes: Nodes, key: str, name: str, parent: str | None = None, index: Index = (), kind: str = "Step") -> str:
    node = nodes.place(key, name, nodes.find(parent))
    nodes.start(key, Node(node, 0, name=name, parent=parent, index=index, kind=kind))
    return node


def test_a_name_that_is_taken_elsewhere_gets_its_place_before_it() -> None:
    """The same place again is the same node; the canvas's ids go before names."""
    nodes = Nodes({"search": "n-7"})
    assert [begin(nodes, "1", "a"), begin(nodes, "2", "search", "1"), begin(nodes, "3", "b")] == ["a", "n-7", "b"]
    assert [begin(nodes, "4", "search", "3"), begin(nodes, "5", "search", "1")] == ["b/n-7", "n-7"]
    assert [node.order for node in nodes.open.values()] == [0, 1, 2, 3, 4]


def test_an_end_is_paired_by_id_else_by_name_parent_and_index() -> None:
    """A sync workflow tells no id with the end of a step in a group."""
    nodes = Nodes()
    begin(nodes, "g", "group")
    begin(nodes, "s1", "same", "g", (0, 0))
    begin(nodes, "s2", "same", "g", (0, 1))
    told: dict[str, Any] = {"step_name": "same", "parent_step_id": "g"}
    assert nodes.key_of({**told, "step_index": [0, 1]}) == "s2"
    assert nodes.key_of({**told, "step_index": [0, 7]}) is None
    assert nodes.key_of({**told, "parent_step_id": "other"}) is None
    assert nodes.key_of(told) == "s1", "the oldest"
    assert nodes.key_of({"step_id": "s2", "step_name": "same"}) == "s2"
    assert nodes.key_of({"step_id": "gone", **told}) is None
    assert nodes.key_of({"parent_step_id": "g"}) is None, "nothing says which"


def test_what_stands_before_another_was_left_behind() -> None:
    """Among the same siblings, one after the other: what is parallel may well be at work."""
    nodes = Nodes()
    begin(nodes, "a", "a", None, (0,))
    begin(nodes, "p", "p", None, (1,), "Parallel")
    begin(nodes, "x", "x", "p", (1, 0))
    assert list(nodes.left_behind(None, (1,))) == ["a"]
    assert list(nodes.left_behind(None, (0,))) == []
    assert list(nodes.left_behind("p", (1, 1))) == []
    assert list(nodes.left_behind(None, ())) == []


def test_an_end_ends_its_own_execution() -> None:
    nodes = Nodes()
    begin(nodes, "a", "n")
    begin(nodes, "b", "n")
    assert nodes.end("a", "success")["order"] == 0
    assert nodes.end("b", "error", error="e")["order"] == 1
    assert not nodes.open


def test_where_a_step_stands() -> None:
    told: list[dict[str, Any]] = [{"step_index": 3}, {"step_index": [1, 2]}, {"step_index": "3"}, {}]
    assert [index_of(each) for each in told] == [(3,), (1, 2), (), ()]

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyapp.contract.flow import Flow, FlowGraph
from pyapp.run import unfolding
from pyapp.run.unfolding import found_in, unfolded
from tests.run.support import Json, Told, end, run_end, start, text

BASE = Flow(id="f", unfolds=True)


def went(*moments: str, parents: dict[str, str] | None = None, **fields: Any) -> Told:
    """`+a` begins, `-a` ends; each start has the next order, an end is of the latest."""
    told, order, open_ = Told(), 0, dict[str, list[int]]()
    for moment in moments:
        node = moment[1:]
        parent = {"parent_node_id": parents[node]} if parents and node in parents else {}
        if moment[0] == "+":
            told.tell(start(node, order, **parent, **fields))
            open_.setdefault(node, []).append(order)
            order += 1
        else:
            told.tell(end(node, open_[node].pop(0), **parent))
    return told


def edges(told: Told) -> list[str]:
    return [f"{edge.source}{edge.target}" for edge in unfolded(BASE, [found_in(told.record)]).edges]


@pytest.mark.parametrize(
    ("moments", "expected"),
    [
        ("+a", ""),
        ("+a -a +b -b +c", "ab bc"),
        ("+a -a +b +c -b -c +d", "ab ac bd cd"),
        ("+b +c -b -c +d", "bd cd"),
        ("+a -a +b +c -b +d -d -c +e", "ab ac bd ce de"),
        ("+a -a +b +c +d -d -b +e", "ab ac ad be de"),
        ("+a -a +b -b +a -a +b -b +c", "ab bc"),
        ("+a -a +b -b +a -a +c", "ab ac"),
        ("+a -a +a -a +b", "ab"),
        ("+a +a -a +b -a +c", "ab ac"),
    ],
)
def test_what_follows_what(moments: str, expected: str) -> None:
    """A chain; a fork and its join, with and without a start; what follows one arm; two at once; a loop, a way out."""
    assert " ".join(sorted(edges(went(*moments.split())))) == expected


def test_groups_nest_and_each_has_an_order_of_its_own() -> None:
    """A group of which nobody told but those in it is there, too."""
    parents = {"a": "g", "b": "g", "g": "outer", "c": "outer"}
    told = went("+g", "+a", "-a", "+b", "-b", "-g", "+c", "+z", parents=parents)
    flow = unfolded(BASE, [found_in(told.record)])
    assert [(node.id, node.parent) for node in flow.nodes] == [
        ("outer", None), ("g", "outer"), ("a", "g"), ("b", "g"), ("c", "outer"), ("z", None),
    ]  # fmt: skip
    assert edges(told) == ["gc", "ab"]
    graph = FlowGraph(flow)
    assert list(graph.ancestors("a")) == ["g", "outer"] and graph.children("outer") == ["g", "c"]


def test_in_a_parallel_group_nothing_follows_anything() -> None:
    """However quickly its members ran one after the other."""
    told = Told(start("g", 0, node_type="Parallel"))
    for number, node in enumerate("abc", 1):
        told.tell(start(node, number, parent_node_id="g"), end(node, number))
    assert edges(told) == []


def test_names_and_types_are_told_by_the_events() -> None:
    told = Told(start("a", node_name="First", node_type="Agent"), start("a", node_name="Second"), start("b", 1))
    first, second = unfolded(BASE, [found_in(told.record)]).nodes
    assert (first.title, first.type, first.is_agent, second.title, second.type) == ("Second", "Agent", True, "b", "")


def test_what_the_backend_lists_stays() -> None:
    """Its nodes and edges, and its names; one without a name has the name that its runs told."""
    listed: list[Json] = [{"id": "a", "label": "Desk", "path": "x.Agent"}, {"id": "b", "path": "x.Step"}, {"id": "c"}]
    base = Flow.model_validate({"id": "f", "nodes": listed, "edges": [{"source": "b", "target": "a"}]})
    told = Told(start("a", node_name="Told", node_type="Other"), end("a"), start("b", 1, node_name="Told"))
    flow = unfolded(base, [found_in(told.record)])
    assert [(node.id, node.title, node.type) for node in flow.nodes] == [
        ("a", "Desk", "Agent"),
        ("b", "Told", "Step"),
        ("c", "c", ""),
    ]
    assert [(edge.source, edge.target) for edge in flow.edges] == [("b", "a")], "no circle is closed"


def test_what_ended_with_its_run_leads_nowhere() -> None:
    """Nobody reported that it was over when the next one began."""
    told = Told(start("a"), start("b", 1), run_end(), start("c", 2))
    assert edges(told) == []


def test_an_end_alone_is_a_node() -> None:
    told = Told(end("a"), start("b", 1), end("b", 1), start("c", 2), text("x", node_id="only spoken of"))
    assert [node.id for node in unfolded(BASE, [found_in(told.record)]).nodes] == ["a", "b", "c"]
    assert edges(told) == ["ab", "bc"]


def test_several_runs_are_one_graph() -> None:
    """In the order of the runs; what an earlier one showed is not turned round by a later one."""
    one, two = found_in(went("+a", "-a", "+b").record), found_in(went("+b", "-b", "+a", "-a", "+c").record)
    flow = unfolded(BASE, [one, two])
    assert [node.id for node in flow.nodes] == ["a", "b", "c"]
    assert [(edge.source, edge.target) for edge in flow.edges] == [("a", "b"), ("a", "c")]


def test_the_run_in_front_decides_where_a_node_is() -> None:
    """What an older run showed of it elsewhere leads nowhere; what the backend lists stays where it is."""
    one = found_in(went("+A", "+b", "-b", "+c", "-c", "-A", "+B", "-B", parents={"b": "A", "c": "A"}).record)
    two = found_in(went("+A", "-A", "+B", "+b", "-b", "-B", parents={"b": "B"}).record)
    placed = [("A", None), ("b", "B"), ("c", "A"), ("B", None)]
    flow = unfolded(BASE, [one, two], two)
    assert [(node.id, node.parent) for node in flow.nodes] == placed
    assert [(edge.source, edge.target) for edge in flow.edges] == [("A", "B")]
    assert [node.parent for node in unfolded(BASE, [one, two], one).nodes] == [None, "A", "A", None]
    listed = Flow.model_validate({"id": "f", "nodes": [{"id": "b", "parent": "A"}, {"id": "A"}]})
    assert unfolded(listed, [one, two], two).nodes[0].parent == "A"


MOMENTS = st.lists(
    st.tuples(st.sampled_from(["start", "end"]), st.sampled_from("abcdg"), st.sampled_from([None, *"abcdg"])),
    max_size=30,
)


@given(MOMENTS)
def test_whatever_happened_the_graph_can_be_drawn(moments: list[tuple[str, str, str | None]]) -> None:
    """Every node that ran is in it once; it has no circle; what is appended takes nothing away."""
    told, before = Told(), unfolded(BASE, [])
    for number, (what, node, parent) in enumerate(moments):
        told.tell((start if what == "start" else end)(node, number, parent_node_id=parent))
    found = found_in(told.record)
    flow = unfolded(BASE, [found])
    assert {node.id for node in flow.nodes} >= told.record.nodes.keys()
    assert len({node.id for node in flow.nodes}) == len(flow.nodes)
    ahead: dict[str, list[str]] = {}
    for edge in flow.edges:
        assert not unfolding._leads(ahead, edge.target, edge.source)
        ahead.setdefault(edge.source, []).append(edge.target)
    assert {node.id for node in before.nodes} <= {node.id for node in flow.nodes}
    FlowGraph(flow)


@given(st.lists(st.sampled_from(["+a", "+b", "+c", "+d", "+e"]), unique=True, min_size=1))
def test_a_chain_that_grows_keeps_its_edges(starts: list[str]) -> None:
    moments = [each for one in starts for each in (one, f"-{one[1:]}")]
    assert edges(went(*moments)) == [f"{one[1:]}{two[1:]}" for one, two in pairwise(starts)]


def test_nothing_grows_without_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unfolding, "MAX_NODES", 3)
    monkeypatch.setattr(unfolding, "MAX_EXECUTIONS", 5)
    told = went(*(moment for each in "abcdefgh" for moment in (f"+{each}", f"-{each}")))
    flow = unfolded(BASE, [found_in(told.record)])
    assert [node.id for node in flow.nodes] == ["a", "b", "c"] and edges(told) == ["ab", "bc"]

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyapp.run.fold.step import MAX_EXECUTIONS, MAX_NODES
from tests.run.support import Told, end, numbered, pause, run_end, start, text, tool


def test_a_node_starts_and_ends() -> None:
    """Start opens an execution; end closes it with what came of it."""
    told = Told(start(input={"q": 1}, node_type="T", iteration=2), end(content={"a": 1}, variables={"x": 1}))
    execution = told.execution()
    assert (execution.status, execution.content, execution.duration_s) == ("success", {"a": 1}, 1.0)
    assert (execution.variables, execution.input) == ({"x": 1}, {"q": 1})
    assert (execution.node_type, execution.iteration, execution.implied) == ("T", 2, False)
    node = told.record.nodes["n"]
    assert (node.executing, node.outcome) == (False, "success")


def test_badges_are_keyed_by_node_and_order() -> None:
    """The same order on another node is another badge; a loop gives one node several."""
    told = Told(start("a", 0), start("b", 0), end("a", 0), start("a", 4), end("b", 0, "error"))
    assert (told.badges("a"), told.badges("b")) == ({0: "success", 4: "executing"}, {0: "error"})


def test_orders_are_made_up_where_absent() -> None:
    """A start takes the run's highest + 1; an end closes the node's latest open one."""
    told = Told(start("other", 4), start(order=None), start(order=None), end(order=None, status="error"))
    assert told.badges() == {5: "executing", 6: "error"}
    told.tell(end(order=None, status="killed"))
    assert told.badges() == {5: "killed", 6: "error"}
    told.tell(end("late", 9), start(order=None))
    assert told.badges()[10] == "executing"


def test_an_end_without_any_start_is_kept() -> None:
    assert Told(end(order=None)).badges() == {0: "success"}
    told = Told(end(order=3))
    assert told.badges() == {3: "success"} and told.execution(order=3).duration_s is None


def test_without_numbers_a_start_after_its_own_end_has_no_effect() -> None:
    """What it adds is kept: it was on its way when its end overtook it."""
    told = Told(start(), end(), start(node_type="T"))
    assert told.badges() == {0: "success"} and not told.record.nodes["n"].executing
    assert told.execution().node_type == "T"


def test_with_numbers_a_start_after_its_own_end_runs_once_more() -> None:
    """Numbers are the true order: what the earlier time left is gone."""
    told = Told(*numbered(start(), end(content="old", variables={"x": 1}), start()))
    execution = told.execution()
    assert (execution.status, execution.content, execution.variables) == ("executing", None, {})
    assert (execution.started_at, execution.ended_at) == (2.0, None)


def test_a_start_behind_an_end_that_had_none_only_completes_it() -> None:
    told = Told(*numbered(end(status="error"), start(input=1)))
    assert (told.badges(), told.execution().input) == ({0: "error"}, 1)


def test_the_first_end_wins() -> None:
    told = Told(start(), end(status="error", error="e"), end(status="success", content="c"))
    assert (told.badges(), told.execution().error, told.execution().content) == ({0: "error"}, "e", None)


def test_an_end_that_the_server_only_implied_is_replaced() -> None:
    told = Told(start(), end(status="killed", implied=True))
    assert told.execution().implied
    told.tell(end(status="success"))
    assert (told.badges(), told.execution().implied) == ({0: "success"}, False)


def test_several_executions_at_once() -> None:
    """Executing while one is open; then the outcome of the one that ended last."""
    told = Told(start(order=0), start(order=1), end(order=1, status="error"))
    node = told.record.nodes["n"]
    assert (node.executing, list(node.open_orders)) == (True, [0])
    told.tell(end(order=0, status="success"))
    assert (node.executing, node.outcome) == (False, "success")


@pytest.mark.parametrize(
    ("status", "outcome"), [(None, "unknown"), ("success", "unknown"), ("error", "error"), ("killed", "killed")]
)
def test_the_end_of_the_run_ends_what_is_open(status: str | None, outcome: str) -> None:
    """As the run did, unknown after a success, marked as nobody's report; what had ended stays."""
    told = Told(start("a", 0), end("a", 0, "error"), start("a", 1), start("b", 2), run_end(status))
    assert (told.badges("a"), told.badges("b")) == ({0: "error", 1: outcome}, {2: outcome})
    assert told.execution("b", 2).implied and told.execution("b", 2).ended_at == 4.0
    assert not told.execution("a", 0).implied
    assert told.touched.executions.keys() == {("a", 1), ("b", 2)}


def test_a_late_end_replaces_an_implied_one() -> None:
    told = Told(start(), run_end("killed"), end(order=None, content="there after all"))
    assert (told.badges(), told.execution().implied) == ({0: "success"}, False)
    told.tell(end(status="error"))
    assert told.badges() == {0: "success"}


def test_no_part_ends_after_its_run() -> None:
    """A node's end and a tool's that are told behind the end of the run: they happened by then."""
    told = Told(start("g", 0), start("n", 1, parent_node_id="g"), tool(tool_call_id="t"), run_end())
    told.now = 10.0
    told.tell(tool("end_tool", tool_call_id="t"), end("n", 1), end("g", 0), end("other", 2))
    record, whole = told.record, 3.0
    assert (record.ended_at, record.latest_at) == (whole, whole)
    assert (told.execution("g", 0).duration_s, told.execution("n", 1).duration_s) == (whole, whole - 1)
    assert told.execution("other", 2).ended_at == record.groups["g"].ended_at == whole
    assert [each.ended_at for each in record.tools.values()] == [whole]
    assert [each.ended_at for each in told.messages("tool")] == [whole]


def test_a_late_start_is_an_unknown_badge() -> None:
    """It executes in no way; its own late end says how it went."""
    told = Told(run_end(), start(order=None))
    assert told.badges() == {0: "unknown"} and not told.record.nodes["n"].executing
    told.tell(end())
    assert told.badges() == {0: "success"}


def test_a_node_waits_no_more_when_it_ended() -> None:
    """But for one that runs twice at once: then with its last end."""
    told = Told(start(order=0), start(order=1), pause("q", node_id="n"), end(order=0))
    assert told.record.nodes["n"].waiting
    told.tell(end(order=1))
    assert not told.record.nodes["n"].waiting


def test_one_end_of_two_leaves_the_node_speaking() -> None:
    """REVIEW A22.1: a bubble of a node is busy until all its executions have ended."""
    told = Told(start(order=0), start(order=1), text("one", node_id="n"), end(order=0))
    assert [each.busy for each in told.messages()] == [True]
    told.tell(end(order=1))
    assert [each.busy for each in told.messages()] == [False]


@given(st.lists(st.tuples(st.integers(0, 3), st.booleans()), max_size=30), st.booleans())
def test_open_is_what_started_and_did_not_end(steps: list[tuple[int, bool]], over: bool) -> None:
    """Unnumbered, in any order: an order that ended stays ended; at the end of the run nothing is open."""
    opened: dict[int, bool] = {}
    told = Told()
    for order, starts in steps:
        told.tell(start(order=order) if starts else end(order=order))
        opened[order] = opened.get(order, True) and starts
    told.tell(*([run_end()] if over else []))
    known = told.record.nodes.get("n")
    assert set(known.open_orders if known else ()) == {order for order, open_ in opened.items() if open_ and not over}


def test_what_leaves_is_told() -> None:
    """Of a node each execution that leaves; of a node that leaves all of them."""
    told = Told(*(end(order=order) for order in range(MAX_EXECUTIONS + 2)))
    assert list(told.touched.executions) == [("n", 1), ("n", MAX_EXECUTIONS + 1)]
    told = Told(end("old", 0), end("old", 1), *(end(f"n{number}", 0) for number in range(MAX_NODES)))
    assert list(told.touched.executions) == [("old", 0), ("old", 1), (f"n{MAX_NODES - 1}", 0)]
    assert list(told.touched.nodes) == ["old", f"n{MAX_NODES - 1}"]


def test_what_is_open_is_never_evicted() -> None:
    """REVIEW A1: more executions at once than are kept of ended ones, and the end of their run."""
    told = Told(*(start(order=order) for order in range(MAX_EXECUTIONS + 1)))
    node = told.record.nodes["n"]
    assert len(node.open_orders) == len(node.executions) == MAX_EXECUTIONS + 1
    told.tell(run_end("error"))
    assert set(told.badges().values()) == {"error"} and len(told.badges()) == MAX_EXECUTIONS + 1


def test_ended_executions_leave_oldest_first() -> None:
    told = Told(start(order=0), *(end(order=order) for order in range(1, MAX_EXECUTIONS + 3)))
    kept = told.badges()
    assert len(kept) == MAX_EXECUTIONS + 1 and kept[0] == "executing"
    assert (1 in kept, 2 in kept, 3 in kept) == (False, False, True)


def test_nodes_that_ended_leave_oldest_first() -> None:
    """One that executes stays, however long ago it began."""
    told = Told(start("first", 0), *(end(f"n{number}", 0) for number in range(MAX_NODES + 1)))
    assert len(told.record.nodes) == MAX_NODES
    assert ("first" in told.record.nodes, "n0" in told.record.nodes) == (True, False)

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyapp.run.fold.step import MAX_TOOLS
from tests.run.support import Json, Told, end, run_end, start, text, tool


def calls(told: Told) -> list[tuple[str, str]]:
    return [(call.key, call.status) for call in told.record.tools.values()]


def open_tools(told: Told, node: str = "n") -> list[str]:
    return list(told.record.nodes[node].open_tools)


def test_tools_pair_by_id_else_by_age() -> None:
    """With ids an end finds its start; without, the oldest open call of that name on that node."""
    told = Told(
        tool(tool_name="a"),
        tool(tool_name="b"),
        tool(tool_name="a", tool_call_id="x"),
        tool(tool_name="a"),
        tool("end_tool", tool_name="a", result=1),
        tool("end_tool", tool_call_id="x", error="no"),
    )
    assert calls(told) == [("#1", "success"), ("#2", "executing"), ("=x", "error"), ("#4", "executing")]
    assert open_tools(told) == ["#2", "#4"]
    told.tell(tool("TeamToolCallCompleted", status="killed", duration=2.0))
    assert (told.record.tools["#2"].status, told.record.tools["#2"].duration_s) == ("killed", 2.0)


def test_a_call_that_is_taken_back_goes_and_may_be_made_again() -> None:
    gone = tool("end_tool", tool_call_id="x", withdrawn=True)
    told = Told(gone, tool(tool_name="a", tool_call_id="x"), gone, gone)
    assert calls(told) == [] == open_tools(told) and not told.record.messages
    told.tell(tool(tool_name="a", tool_call_id="x"), tool("end_tool", tool_call_id="x", result=1), gone)
    assert calls(told) == [("=x", "success")] and len(told.record.messages) == 1, "what was done stays"


def test_an_end_without_id_closes_the_oldest_whatever_its_id() -> None:
    told = Told(tool(tool_name="a", tool_call_id="x"), tool("end_tool", tool_name="b"), tool("end_tool", tool_name="a"))
    assert calls(told) == [("=x", "success"), ("#2", "success")]


def test_an_end_with_an_unknown_id_closes_no_call_of_another_id() -> None:
    told = Told(tool(tool_name="a", tool_call_id="x"), tool("end_tool", tool_name="a", tool_call_id="y"))
    assert calls(told) == [("=x", "executing"), ("=y", "success")]


def test_an_end_whose_id_was_never_started_closes_the_oldest_without_id() -> None:
    told = Told(tool(tool_name="a"), tool("end_tool", tool_name="a", tool_call_id="x", result=1))
    assert calls(told) == [("#1", "success")] and told.record.tools["#1"].result == 1


def test_a_call_runs_on_its_own_node() -> None:
    """An end that names another node closes the call where it runs."""
    told = Told(tool(node="a", tool_call_id="x"), tool("end_tool", node="b", tool_call_id="x"))
    assert (calls(told), open_tools(told, "a")) == ([("=x", "success")], [])
    assert told.touched.tools.keys() == {"a"}


def test_a_reused_id_is_another_call() -> None:
    """After its end; while its call is open the same id is the same call."""
    told = Told(tool(tool_call_id="x"), tool(tool_call_id="x", tool_args={"q": 1}))
    assert calls(told) == [("=x", "executing")] and told.record.tools["=x"].args == {"q": 1}
    told.tell(tool("end_tool", tool_call_id="x", result=1), tool(tool_call_id="x"), tool("end_tool", tool_call_id="x"))
    assert [status for _, status in calls(told)] == ["success", "success"]
    assert [call.result for call in told.record.tools.values()] == [1, None]
    assert len(told.messages("tool")) == 2


def test_arguments_grow_while_a_call_is_open() -> None:
    """A start that is told again for an open call has its arguments as they are by now; none takes none away."""
    told = Told(*(tool(tool_call_id="x", tool_args=args) for args in ({"q": "a"}, {"q": "ab", "n": 1}, {}, None)))
    assert calls(told) == [("=x", "executing")] and told.record.tools["=x"].args == {"q": "ab", "n": 1}
    assert told.messages("tool")[0].args == {"q": "ab", "n": 1}


def test_ids_may_be_the_same_on_two_nodes() -> None:
    told = Told(
        tool(node="a", tool_call_id="1"), tool(node="b", tool_call_id="1"), tool("end_tool", "a", tool_call_id="1")
    )
    assert (open_tools(told, "a"), len(open_tools(told, "b"))) == ([], 1)


def test_ends_out_of_place_are_harmless() -> None:
    """An end without a start is kept; its start completes it and opens nothing; the first end wins."""
    told = Told(
        tool("end_tool", tool_call_id="x", result=1),
        tool(tool_call_id="x", tool_args={"q": 1}),
        tool("end_tool", tool_call_id="x", result=2),
        tool("end_tool", tool_name="nobody"),
    )
    call = told.record.tools["=x"]
    assert (call.args, call.result, open_tools(told), len(told.record.tools)) == ({"q": 1}, 1, [], 2)


@pytest.mark.parametrize(
    ("fields", "status"),
    [({}, "success"), ({"error": "e"}, "error"), ({"status": "error"}, "error"), ({"status": "killed"}, "killed"),
     ({"status": "strange"}, "success"), ({"status": "success", "error": "e"}, "error")],
)  # fmt: skip
def test_how_a_call_ends(fields: dict[str, Any], status: str) -> None:
    assert calls(Told(tool(), tool("end_tool", **fields))) == [("#1", status)]


def test_a_negative_duration_is_not_believed() -> None:
    assert Told(tool(), tool("end_tool", duration=-5.0)).record.tools["#1"].duration_s == 1.0


@pytest.mark.parametrize(("status", "outcome"), [("success", "unknown"), ("error", "error"), ("killed", "killed")])
def test_the_end_of_the_run_ends_its_calls(status: str, outcome: str) -> None:
    told = Told(start(), tool(tool_call_id="x"), run_end(status))
    assert (calls(told), open_tools(told)) == ([("=x", outcome)], [])
    assert [(each.status, each.busy) for each in told.messages("tool")] == [(outcome, False)]


def test_a_late_end_replaces_unknown_and_a_late_start_opens_nothing() -> None:
    told = Told(tool(tool_call_id="x"), run_end(), tool("end_tool", tool_call_id="x", result=1), tool(tool_call_id="y"))
    assert (calls(told), open_tools(told)) == ([("=x", "success"), ("=y", "unknown")], [])


@pytest.mark.parametrize("outcome", ["success", "error", "killed"])
@pytest.mark.parametrize("fields", [{"tool_call_id": "x"}, {}])
def test_a_late_end_replaces_one_that_was_only_implied(outcome: str, fields: Json) -> None:
    """However the run ended, with an id or without; once it was told, it is the first end and wins."""
    told = Told(start(), tool(**fields), run_end(outcome))
    told.tell(tool("end_tool", result=1, **fields), tool("end_tool", result=2, tool_call_id="x"))
    first = next(iter(told.record.tools.values()))
    assert (first.status, first.result) == ("success", 1)
    assert told.messages("tool")[0].result == 1


def test_a_late_end_without_id_ends_the_oldest_that_was_only_implied() -> None:
    """Each once; and one more than there were is a call of its own."""
    told = Told(tool(tool_name="a"), tool(tool_name="b"), tool(tool_name="a"), run_end("killed"))
    told.tell(*(tool("end_tool", tool_name="a", result=number) for number in range(3)))
    assert [(call.name, call.status, call.result) for call in told.record.tools.values()] == [
        ("a", "success", 0), ("b", "killed", None), ("a", "success", 1), ("a", "success", 2),
    ]  # fmt: skip


def test_an_end_with_an_unknown_id_closes_no_call_whose_id_was_used_before() -> None:
    """That call has an id, though not alone."""
    told = Told(*(tool(name, tool_call_id="x") for name in ("start_tool", "end_tool", "start_tool")))
    told.tell(tool("end_tool", tool_call_id="y", error="no"), tool("end_tool", tool_call_id="x", result=2))
    assert [(call.status, call.result) for call in told.record.tools.values()] == [
        ("success", None), ("success", 2), ("error", None),
    ]  # fmt: skip


def test_the_end_of_its_node_is_not_the_end_of_a_call() -> None:
    assert open_tools(Told(start(), tool(), end())) == ["#1"]
    assert open_tools(Told(start(), tool(), end(), tool("end_tool"))) == [], "which may come later"


def test_a_call_takes_no_longer_than_its_node() -> None:
    """Its own end may come late, with a duration of its own; it is open until then, and its time stands."""
    told = Told(start(), tool(tool_call_id="x"), end(), text(), text())
    call = told.record.tools["=x"]
    assert call.open and call.duration_s == told.messages("tool")[0].duration_s == 1.0
    told.tell(start(), end(), tool("end_tool", tool_call_id="x", duration=9.0))
    assert (call.status, call.duration_s, told.messages("tool")[0].duration_s) == ("success", 1.0, 1.0)


def test_a_call_that_outlives_one_execution_ends_with_the_last_that_was_open() -> None:
    told = Told(start(), tool(), start(order=1), end(), text(), end(order=1), text(), tool("end_tool"))
    assert told.record.tools["#1"].ended_at == 5.0


def test_a_call_behind_the_end_of_its_node_is_no_part_of_it() -> None:
    told = Told(start(), end(), tool(), text(), text(), tool("end_tool"))
    assert told.record.tools["#1"].duration_s == 3.0


def test_what_ends_a_call_may_itself_be_told_late() -> None:
    """Behind the end of the run: by the moment that the node's own end bears."""
    told = Told(start(), tool())
    for each, at in ((run_end(), 8.0), (end(), 3.0)):
        told.now = at - 1.0
        told.tell(each)
    call = told.record.tools["#1"]
    assert (told.execution().ended_at, call.ended_at, told.messages("tool")[0].duration_s) == (3.0, 3.0, 2.0)


def test_a_call_that_nobody_ended_takes_as_long_as_its_run() -> None:
    """Also one whose end comes behind that."""
    told = Told(start(), tool(), text(), run_end())
    call = told.record.tools["#1"]
    assert (call.implied, call.ended_at) == (True, told.record.ended_at) == (True, 3.0)
    told.tell(text(), tool("end_tool", duration=9.0))
    assert (call.implied, call.duration_s) == (False, 2.0)


STEPS = st.lists(st.tuples(st.booleans(), st.sampled_from("ab"), st.sampled_from(["x", "y"])), max_size=25)


@given(STEPS)
def test_without_ids_calls_of_a_name_are_a_queue(steps: list[tuple[bool, str, str]]) -> None:
    """On each node, for each name: as many open as began and did not end, and the oldest ends first."""
    told = Told(start("a", 0), start("b", 1))
    waiting: dict[tuple[str, str], list[int]] = {}
    serial = 0
    for starts, node, name in steps:
        queue = waiting.setdefault((node, name), [])
        told.tell(tool("start_tool" if starts else "end_tool", node, tool_name=name))
        if starts or not queue:
            serial += 1
        if starts:
            queue.append(serial)
        elif queue:
            queue.pop(0)
    for node in "ab":
        open_ = sorted(number for (place, _), queue in waiting.items() if place == node for number in queue)
        assert open_tools(told, node) == [f"#{number}" for number in open_]


def test_calls_are_bounded_and_open_ones_stay() -> None:
    """And so are the ids that are remembered."""
    told = Told(tool(tool_call_id="open"))
    for number in range(2 * MAX_TOOLS):
        told.tell(tool("end_tool", tool_call_id=f"t{number}"))
    record = told.record
    assert len(record.tools) == MAX_TOOLS and record.tools["=open"].open
    assert len(record.tool_ids) <= 5 * MAX_TOOLS + 2

from __future__ import annotations

from dataclasses import replace

from pyapp.run.record import Message
from pyapp.stores.rows import GroupState, MockNode, RunRow
from pyapp.views.timeline.bars import RUN, Bar, execution_bar, group_bar, run_bar, tool_bar


def test_the_run_has_a_bar_with_its_time_in_the_queue_and_its_pauses() -> None:
    row = RunRow("r", "paused", started_at=1.0, began_at=2.0, waits=((3.0, 4.0), (5.0, None)))
    bar = run_bar(row, "Run", "paused")
    assert (bar.key, bar.kind, bar.status, bar.started_at, bar.began_at) == (RUN, "run", "paused", 1.0, 2.0)
    assert bar.wire(None)[-1] == [[3.0, 4.0], [5.0, None]]


def test_an_execution_is_a_bar() -> None:
    mock = MockNode("n-2", "n", "n", "r", 2, "error", True, iteration=1, started_at=1.0, ended_at=2.0)
    bar = execution_bar(mock, "Name", "g")
    assert bar == Bar("node/n-2", "node", "Name", "error", "n", "g", 2, 1.0, 2.0, iteration=1)
    assert bar.wire("node/g-0")[:6] == ["node/n-2", "node/g-0", "node", "n", "Name", "error"]


def test_a_group_that_executes_has_no_end_yet() -> None:
    """Its state has the moment at which something in it ended last."""
    state = GroupState("executing", 1, 2, started_at=1.0, ended_at=2.0)
    assert group_bar("g", state, "G", "").ended_at is None
    assert group_bar("g", GroupState(None, 0, 2), "G", "").status == "unknown"


def test_a_call_of_which_only_the_end_was_seen_lasted_as_long_as_was_said() -> None:
    call = Message("tool/1", "t", "r", "s", "tool", name="look", node_id="n", started_at=9.0, ended_at=9.0)
    assert tool_bar(call).started_at == 9.0
    call = replace(call, told_duration_s=2.0)
    assert (tool_bar(call).started_at, tool_bar(call).ended_at) == (7.0, 9.0)
    call = replace(call, started_at=8.0)
    assert (tool_bar(call).started_at, tool_bar(call).inside) == (8.0, "n")


def test_it_is_placed_by_its_start_else_by_its_end() -> None:
    assert Bar("a", "node", "a", "success", ended_at=3.0).since == 3.0
    assert Bar("a", "node", "a", "success").since == float("inf")

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from pyapp.contract.decode import decode_item
from pyapp.run.fold_old import fold, settle
from pyapp.run.record_old import RunRecord
from tests.oracle import fold_log
from tests.streams import interleavings


def told(*events: dict[str, Any], run: RunRecord | None = None) -> RunRecord:
    """A run of which these events were folded, one a second."""
    run = run or RunRecord("r")
    for second, event in enumerate(events):
        message: Any = decode_item({"run_id": "r", **event})
        assert hasattr(message, "event"), message
        fold(run, message, float(second))
    return run


def start(node: str = "n", order: int | None = 0, **more: Any) -> dict[str, Any]:
    return {"event": "start_node", "node_id": node, "order": order, **more}


def end(node: str = "n", order: int | None = 0, status: str = "success", **more: Any) -> dict[str, Any]:
    return {"event": "end_node", "node_id": node, "order": order, "status": status, **more}


def statuses(run: RunRecord, node: str = "n") -> dict[int, str]:
    return {order: each.status for order, each in sorted(run.nodes[node].executions.items())}


def test_a_node_starts_and_ends() -> None:
    """Start opens an execution, end closes it with its content, and durations are by the server's clock."""
    run = told(start(ts=10.0), end(ts=12.5, content={"a": 1}, variables={"x": 1}))
    execution = run.nodes["n"].executions[0]
    assert (execution.status, execution.content, execution.duration_s) == ("success", {"a": 1}, 2.5)
    assert execution.variables == {"x": 1}
    assert not run.nodes["n"].executing
    assert run.nodes["n"].outcome == "success"


def test_without_server_times_ours_count() -> None:
    """A duration needs both ends of one clock."""
    run = told(start(), end())
    assert run.nodes["n"].executions[0].duration_s == 1.0
    assert told(end()).nodes["n"].executions[0].duration_s is None


def test_orders_are_made_up_where_absent() -> None:
    """Without order a start takes the highest + 1, and an end closes the node's latest open one."""
    run = told(start(order=4), start(order=None), start(order=None), end(order=None, status="error"))
    assert statuses(run) == {4: "executing", 5: "executing", 6: "error"}
    run = told(end(order=None, status="killed"), run=run)
    assert statuses(run) == {4: "executing", 5: "killed", 6: "error"}


def test_an_end_without_any_start_is_kept() -> None:
    """An end of something unheard of makes the execution it speaks of."""
    assert statuses(told(end(order=None))) == {0: "success"}
    assert statuses(told(end(order=3))) == {3: "success"}


def test_a_start_after_its_own_end_has_no_effect() -> None:
    """Same node and order: it does not begin again; what it adds is kept."""
    run = told(end(), start(ts=5.0, node_type="T"))
    assert statuses(run) == {0: "success"}
    assert run.nodes["n"].executions[0].started_wall == 5.0
    assert run.nodes["n"].executions[0].node_type == "T"


def test_the_first_end_wins() -> None:
    """A second end of the same execution changes nothing."""
    assert statuses(told(start(), end(status="error"), end(status="success"))) == {0: "error"}


def test_a_node_that_runs_twice_at_once_executes_until_both_ended() -> None:
    """One end of two leaves it executing."""
    run = told(start(order=0), start(order=1), end(order=0))
    assert run.nodes["n"].executing
    told(end(order=1, status="error"), run=run)
    assert run.nodes["n"].outcome == "error"


@pytest.mark.parametrize(("status", "implied"), [("success", "unknown"), ("error", "error"), ("killed", "killed")])
def test_the_end_of_a_run_ends_what_is_open(status: str, implied: str) -> None:
    """Open nodes end as the run did, unknown after success, marked implied."""
    run = told(start(), {"event": "start_tool", "node_id": "n"}, {"event": "run_end", "status": status})
    execution = run.nodes["n"].executions[0]
    assert (execution.status, execution.implied) == (implied, True)
    assert run.nodes["n"].open_tools == []
    assert next(iter(run.tools.values())).status == implied


def test_a_late_end_mends_an_implied_one() -> None:
    """What the node itself says is better than what the run implied."""
    run = told(start(), {"event": "run_end"}, end(order=None, status="success"))
    assert statuses(run) == {0: "success"}
    assert not run.nodes["n"].executions[0].implied


def test_a_straggler_of_a_run_that_is_over_starts_nothing() -> None:
    """A start behind the end of its run is kept, and does not execute."""
    run = told({"event": "run_end"}, start(), {"event": "start_tool", "node_id": "n", "tool_call_id": "t"})
    assert statuses(run) == {0: "unknown"}
    assert not run.nodes["n"].executing
    assert run.tools["t"].status == "unknown"


def test_the_first_terminal_event_wins() -> None:
    """A later end of the run changes nothing, nor does a pause or a resume."""
    run = told(
        {"event": "run_end", "status": "error", "error": "boom"},
        {"event": "run_end", "status": "success"},
        {"event": "AgentPaused", "requirements": []},
        {"event": "resume_start"},
        {"event": "resume_end", "status": "paused"},
    )
    assert (run.status, run.error) == ("error", "boom")


def test_a_pause_waits_and_a_resume_goes_on() -> None:
    """The named node waits, or all that execute; a resume ends the waiting, a paused resume pauses again."""
    pause: dict[str, Any] = {"event": "AgentPaused", "requirements": []}
    run = told(start("a", 0), start("b", 1), {**pause, "node_id": "a"})
    assert (run.status, run.nodes["a"].waiting, run.nodes["b"].waiting) == ("paused", True, False)
    told({"event": "resume_start"}, run=run)
    assert (run.status, run.nodes["a"].waiting) == ("executing", False)
    told(pause, run=run)
    assert run.nodes["a"].waiting and run.nodes["b"].waiting
    told(end("a", 0), run=run)
    assert not run.nodes["a"].waiting
    told({"event": "resume_end", "status": "paused"}, run=run)
    assert run.status == "paused"
    told({"event": "resume_end"}, run=run)
    assert run.status == "success"


def test_any_event_ends_queued_and_doubt() -> None:
    """A sign of life makes a queued or unverified run execute; a paused one stays paused."""
    for status, after in (("queued", "executing"), ("unverified", "executing"), ("paused", "paused")):
        run = RunRecord("r", status=status)  # type: ignore[arg-type]
        told({"event": "RunContent", "content": "x"}, run=run)
        assert run.status == after


def test_a_provisional_end_gives_way_to_the_stream() -> None:
    """What HTTP said is corrected by the stream's own end, or by its going on."""
    run = told(start())
    run.provisional = True
    settle(run, "success", 1.0, wall=5.0)
    assert run.ended_wall == 5.0
    told({"event": "run_end", "status": "killed"}, run=run)
    assert (run.status, run.provisional) == ("killed", False)
    run = RunRecord("r", status="success", provisional=True)
    told({"event": "resume_start"}, run=run)
    assert run.status == "executing"


def test_tools_pair_by_id_else_by_age() -> None:
    """With ids an end finds its start; without, the oldest open call of that name on that node."""

    def tool(event: str, **fields: Any) -> dict[str, Any]:
        return {"event": event, "node_id": "n", **fields}

    run = told(
        tool("start_tool", tool_name="a"),
        tool("start_tool", tool_name="b"),
        tool("start_tool", tool_name="a", tool_call_id="x"),
        tool("end_tool", tool_name="a", result=1),
        tool("end_tool", tool_call_id="x", error="no"),
    )
    assert [(call.key, call.status) for call in run.tools.values()] == [
        ("#1", "success"),
        ("#2", "executing"),
        ("x", "error"),
    ]
    assert run.nodes["n"].open_tools == ["#2"]
    told(tool("TeamToolCallCompleted", status="killed", duration=2.0), run=run)
    assert (run.tools["#2"].status, run.tools["#2"].duration_s) == ("killed", 2.0)
    assert run.nodes["n"].open_tools == []


def test_tool_ends_out_of_place_are_harmless() -> None:
    """An end without a start is kept; a start after its end, or twice, opens nothing; the first end wins."""
    run = told(
        {"event": "end_tool", "node_id": "n", "tool_call_id": "x", "result": 1},
        {"event": "start_tool", "node_id": "n", "tool_call_id": "x", "tool_args": {"q": 1}},
        {"event": "end_tool", "node_id": "n", "tool_call_id": "x", "result": 2},
        {"event": "end_tool", "node_id": "n", "tool_name": "nobody"},
    )
    assert run.nodes["n"].open_tools == []
    assert run.tools["x"].args == {"q": 1}
    assert run.tools["x"].result == 1
    assert len(run.tools) == 2


def test_run_start_names_the_run() -> None:
    """flow, kind, name and time come from run_start."""
    run = told({"event": "run_start", "flow_id": "f", "entity_kind": "agent", "entity_name": "Ada", "ts": 3.0})
    assert (run.flow_id, run.kind, run.name, run.started_wall) == ("f", "agent", "Ada", 3.0)


def test_numbers_are_remembered() -> None:
    """The highest seq stays, also when an earlier one comes later."""
    assert told(start(seq=5), end(seq=3)).last_seq == 5


@given(interleavings(shake=0))
def test_the_fold_is_the_oracle(log: list[dict[str, Any]]) -> None:
    """Any interleaving of runs gives what the plain fold of the contract gives."""
    runs: dict[str, RunRecord] = {}
    for event in log:
        message: Any = decode_item(event)
        fold(runs.setdefault(event["run_id"], RunRecord(event["run_id"])), message, 0.0)
    shown = {
        run_id: {
            "status": run.status,
            "nodes": {
                node_id: {order: each.status for order, each in node.executions.items()}
                for node_id, node in run.nodes.items()
                if node.executions
            },
        }
        for run_id, run in runs.items()
    }
    assert shown == fold_log(log)

from __future__ import annotations

from typing import Any

from pyapp.contract.decode import decode_item
from pyapp.contract.http import RunInfo
from pyapp.run.fold_old import fold
from pyapp.run.record_old import RunRecord
from pyapp.run.snapshot_old import apply_snapshot


def answer(status: str, **fields: Any) -> RunInfo:
    return RunInfo.model_validate({"run_id": "r", "status": status, **fields})


def folded(*events: dict[str, Any]) -> RunRecord:
    run = RunRecord("r")
    for event in events:
        message: Any = decode_item({"run_id": "r", **event})
        fold(run, message, 1.0)
    return run


def test_a_run_of_which_nothing_was_seen_is_filled() -> None:
    """Results give executions, status, flow and times; a terminal status is provisional."""
    run = RunRecord("r")
    results = {
        "a": {"status": "success", "content": "x", "orders": [0, 2]},
        "b": {"status": "executing", "orders": [1]},
        "c": {"status": "error", "error": "boom"},
    }
    apply_snapshot(run, answer("error", flow_id="f", started_at=1.0, ended_at=2.0, results=results), 9.0)
    assert (run.status, run.provisional, run.flow_id, run.started_wall, run.ended_wall) == (
        "error",
        True,
        "f",
        1.0,
        2.0,
    )
    assert {o: e.status for o, e in run.nodes["a"].executions.items()} == {0: "unknown", 2: "success"}
    assert run.nodes["a"].executions[2].content == "x"
    assert run.nodes["b"].executions[1].status == "error", "open at the end of the run"
    assert run.nodes["c"].executions[3].error == "boom"
    assert run.heard == 9.0


def test_it_never_undoes_what_the_stream_told() -> None:
    """Content, status and end from the stream stay; only what is missing is added."""
    run = folded(
        {"event": "start_node", "node_id": "a", "order": 0},
        {"event": "end_node", "node_id": "a", "order": 0, "status": "error", "content": "mine", "error": "e"},
        {"event": "start_node", "node_id": "b", "order": 1},
        {"event": "run_end", "status": "success"},
    )
    results = {"a": {"status": "success", "content": "theirs"}, "b": {"status": "success", "content": "late"}}
    apply_snapshot(run, answer("killed", results=results), 2.0)
    assert run.status == "success"
    assert not run.provisional
    assert (run.nodes["a"].executions[0].status, run.nodes["a"].executions[0].content) == ("error", "mine")
    assert (run.nodes["b"].executions[1].status, run.nodes["b"].executions[1].content) == ("success", "late")


def test_a_live_run_takes_the_servers_word() -> None:
    """executing, paused and queued are taken over; an unknown word changes nothing."""
    run = RunRecord("r", status="unverified")
    apply_snapshot(run, answer("paused"), 1.0)
    assert run.status == "paused"
    apply_snapshot(run, answer("dreaming"), 1.0)
    assert str(run.status) == "paused"
    apply_snapshot(run, answer("executing", results={"a": {"status": "executing"}}), 1.0)
    assert str(run.status) == "executing"
    assert run.nodes["a"].executing

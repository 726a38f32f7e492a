from __future__ import annotations

from typing import Any

import pytest

from .support import Json, aside, at, folded, needs_recordings, step, translated

W: Json = {"event": "WorkflowStarted", "run_id": "w"}


def ends(ours: list[Json]) -> list[tuple[str, str, Any]]:
    return [(each["node_id"], each["status"], each.get("implied")) for each in ours if each["event"] == "end_node"]


@needs_recordings
@pytest.mark.parametrize("version", ["2.2", "3.1"])
def test_a_sync_workflow_is_the_same_run(version: str) -> None:
    """It tells no ids with the ends of steps in groups: name, parent and index pair them."""
    raw = at(version, "flow_sync")
    assert any(each["event"] == "StepCompleted" and "step_id" not in each for each in raw) or version == "2.2"
    run, other = (folded(translated(*each)) for each in (raw, at(version, "flow_groups")))
    shown = [{node.node_id: (node.parent_id, node.outcome) for node in each.nodes.values()} for each in (run, other)]
    assert shown[0] == shown[1]
    assert {outcome for _, outcome in shown[0].values()} == {"success"}
    assert [each.iteration for each in run.nodes["round"].executions.values()] == [1, 2]
    assert run.nodes["both"].child_count == 2


@needs_recordings
@pytest.mark.parametrize(("version", "implied"), [("2.2", True), ("2.9", True), ("3.1", None)])
def test_a_function_that_failed_and_was_passed_over_has_failed(version: str, implied: bool | None) -> None:
    """Agno 3 says so with a StepOutput; before, nothing is told but that the next step begins."""
    ours = translated(*at(version, "flow_step_error"))
    assert ends(ours) == [("before", "success", None), ("bad", "error", implied), ("x", "success", None)]
    assert [each.get("error") for each in ours if each.get("node_id") == "bad"][-1] == (
        None if implied else "The step cannot work."
    )


def test_where_something_is_missing_no_failure_is_made_up() -> None:
    """The end of the step may be among it."""
    told = [W, step("StepStarted", "a", step_index=0), step("StepStarted", "b", step_index=1)]
    whole = [{**each, "event_index": number} for number, each in enumerate(told)]
    assert ends(translated(*whole)) == [("a", "error", True)]
    lossy = [
        *whole[:2],
        {**whole[2], "event_index": 5},
        {"event": "WorkflowCompleted", "run_id": "w", "event_index": 6},
    ]
    assert ends(translated(*lossy)) == []


def test_a_step_that_stops_the_workflow_has_succeeded() -> None:
    """Agno 3.1 tells its output and no end; nor one of the groups that it is in."""
    output = {"step_id": "id-st", "content": "enough", "success": True, "stop": True}
    stops = {"event": "StepOutput", "run_id": "w", "step_name": "st", "step_output": output}
    done = {"event": "WorkflowCompleted", "run_id": "w", "content": "enough"}
    for group in ([], [step("LoopExecutionStarted", "g", step_index=0)]):
        parent = {"parent_step_id": "id-g"} if group else {}
        ours = translated(W, *group, step("StepStarted", "st", **parent), stops, done)
        assert ends(ours) == [("st", "success", True), *[("g", "success", True) for _ in group]]
        assert [each.get("content") for each in ours if each.get("node_id") == "st"][-1] == "enough"


@pytest.mark.parametrize(("ended", "status"), [("StepCompleted", "success"), ("StepError", "error")])
def test_a_group_whose_end_nobody_tells_ended_as_what_was_in_it(ended: str, status: str) -> None:
    """Agno 3.1 tells none of a loop whose review was answered, and none of a Parallel that a step in it stopped."""
    group = step("LoopExecutionStarted", "rounds", step_index=0)
    inside = [step(each, "round", parent_step_id="id-rounds") for each in ("StepStarted", ended)]
    again = [step(each, "round", parent_step_id="id-rounds") for each in ("StepStarted", "StepCompleted")]
    ours = translated(W, group, *inside, *again, step("StepStarted", "z", step_index=1))
    assert ends(ours)[-1] == ("rounds", status, True)


@needs_recordings
def test_what_nobody_waits_for_is_killed() -> None:
    """Agno goes on behind a pause in a nested workflow, though it asked: what asked is over with its step."""
    ours = translated(*at("3.1", "flow_nested_pause"))
    assert ("deeper", "killed", True) in ends(ours)


@needs_recordings
def test_an_error_of_a_group_is_the_groups() -> None:
    """Told without its id."""
    ours = translated(*at("3.1", "flow_parallel_pause"))
    (both,) = [each for each in ours if each["event"] == "end_node" and each["node_id"] == "both"]
    assert both["status"] == "error" and "not supported" in both["error"]


def test_the_same_start_twice_is_one() -> None:
    begun = W, step("StepStarted", "a"), step("StepStarted", "a")
    assert [each["event"] for each in translated(*begun)] == ["run_start", "start_node"]
    assert aside(*begun, step("StepCompleted", "b")) == ["StepStarted", "StepCompleted"]


def test_names_in_two_groups_are_two_nodes() -> None:
    ours = translated(
        W,
        *[
            each
            for group in ("left", "right")
            for each in (
                step("ParallelExecutionStarted", group),
                step("StepStarted", "search", step_id=f"in-{group}", parent_step_id=f"id-{group}"),
            )
        ],
    )
    starts = {each["node_id"]: each.get("parent_node_id") for each in ours if each["event"] == "start_node"}
    assert starts == {"left": None, "search": "left", "right": None, "right/search": "right"}

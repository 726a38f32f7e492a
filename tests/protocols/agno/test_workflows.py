from __future__ import annotations

import pytest

from .support import agent, at, folded, names, needs_recordings, step, translated


@needs_recordings
@pytest.mark.parametrize("version", ["2.9", "3.1"])
def test_a_nested_workflow_is_its_step(version: str) -> None:
    """One start and one end of the run, both the root's; what is in it is in its step."""
    raw = at(version, "flow_nested")
    ours = translated(*raw)
    assert [each["status"] for each in ours if each["event"] == "run_end"] == ["success"]
    assert names(ours)[0] == "run_start" and names(ours)[-1] == "run_end"
    assert {each["run_id"] for each in ours} == {raw[0]["run_id"]}
    assert {node.node_id: node.parent_id for node in folded(ours).nodes.values()} == {
        "before": None, "inside": None, "deep": "inside", "deeper": "inside", "after": None,
    }  # fmt: skip


@needs_recordings
def test_whoever_joins_in_a_nested_workflow_waits_for_its_root() -> None:
    """It does not say whose it is; the first event that does brings what was held."""
    raw = at("3.1", "flow_nested")
    ours = translated(*raw[15:])
    assert {each["run_id"] for each in ours} == {raw[0]["run_id"]}
    assert next(each["node_id"] for each in ours if each["event"] == "start_node") == "deeper"
    assert ours[-1]["event"] == "run_end"


def test_a_nested_failure_ends_its_step() -> None:
    ours = translated(
        {"event": "WorkflowStarted", "run_id": "w"},
        step("StepStarted", "s"),
        {"event": "WorkflowError", "run_id": "in", "parent_step_id": "id-s", "nested_depth": 1, "error": "boom"},
        {"event": "WorkflowCancelled", "run_id": "w", "reason": "stop"},
    )
    assert [(each["event"], each.get("status"), each.get("error")) for each in ours[2:]] == [
        ("end_node", "error", "boom"), ("run_end", "killed", "stop"),
    ]  # fmt: skip


def test_an_agent_that_decides_is_a_node() -> None:
    """It answers itself: its start names no run, and the workflow never starts."""
    ours = translated(
        {"event": "WorkflowAgentStarted", "workflow_id": "f"},
        agent("RunContent", "a", content="Hello"),
        {"event": "WorkflowAgentCompleted", "run_id": "a", "content": "Hello"},
        {"event": "WorkflowCompleted", "run_id": "w", "content": "Hello"},
    )
    assert {each["run_id"] for each in ours} == {"a"}
    assert ours[0]["node_id"] == "workflow agent"
    assert names(ours)[-1] == "run_end"

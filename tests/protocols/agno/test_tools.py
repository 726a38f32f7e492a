from __future__ import annotations

import pytest

from .support import agent, aside, at, folded, names, needs_recordings, tool, translated


@needs_recordings
@pytest.mark.parametrize("version", ["2.2", "2.9", "3.1"])
def test_a_tool_that_failed_ends_once(version: str) -> None:
    """From 2.9 Agno says that it is completed, and then that it failed; the first has the error."""
    ours = translated(*at(version, "agent_tools"))
    ends = [(each["tool_name"], each["status"], each.get("error")) for each in ours if each["event"] == "end_tool"]
    assert ends == [("look", "success", None), ("lift", "error", "the box is too heavy.")]


def test_an_error_alone_is_an_end() -> None:
    told = tool("Started"), tool("Error", tool_call_error=True, result="bad")
    ours = translated(agent("RunStarted"), *told)
    assert (names(ours)[-1], ours[-1]["status"], ours[-1]["error"]) == ("end_tool", "error", "bad")
    assert aside(agent("RunStarted"), *told, told[1]) == ["ToolCallError"]


def test_who_speaks_and_who_calls_are_one_source() -> None:
    """Of a run that has no root above it, too: what is said behind a call stands behind it, in the same colour."""
    said = agent("RunContent", content="one")
    call = tool("Started"), tool("Completed")
    record = folded(translated(agent("RunStarted"), said, *call, {**said, "content": "two"}))
    shown = [(each.kind, each.text, each.voice) for each in record.messages.values()]
    assert shown == [("text", "one", 0), ("tool", "", 0), ("text", "two", 0)]


def test_a_tool_is_on_the_node_of_the_run_that_made_it() -> None:
    """A leader's on its step, a member's on the member."""
    in_step = {"step_id": "id-s", "step_name": "s", "workflow_run_id": "w"}
    call = {"tool": {"tool_call_id": "c", "tool_name": "look"}}
    ours = translated(
        {"event": "WorkflowStarted", "run_id": "w"},
        {"event": "StepStarted", "run_id": "w", "step_id": "id-s", "step_name": "s"},
        {"event": "TeamRunStarted", "run_id": "t", "team_id": "duo", **in_step},
        {"event": "TeamToolCallStarted", "run_id": "t", "team_id": "duo", **in_step, **call},
        agent("RunStarted", "m", parent_run_id="t", **in_step),
        agent("ToolCallStarted", "m", parent_run_id="t", **in_step, **call),
        agent("ToolCallCompleted", "m", parent_run_id="t", **in_step, **call),
        {"event": "TeamToolCallCompleted", "run_id": "t", "team_id": "duo", **in_step, **call},
    )
    tools = [(each["event"], each["node_id"]) for each in ours if "tool_name" in each]
    assert tools == [
        ("start_tool", "s"), ("start_tool", "ada"), ("end_tool", "ada"), ("TeamToolCallCompleted", "s"),
    ]  # fmt: skip

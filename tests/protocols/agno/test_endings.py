from __future__ import annotations

import pytest

from .support import agent, aside, at, folded, names, needs_recordings, translated


@needs_recordings
@pytest.mark.parametrize("name", ["flow_member_error", "team_member_error"])
def test_the_error_of_a_member_is_the_members_alone(name: str) -> None:
    """The step, or the team, goes on and says what it found."""
    ours = translated(*at("3.1", name))
    ends = {each["node_id"]: each["status"] for each in ours if each["event"] == "end_node"}
    whole = "work" if name == "flow_member_error" else name
    assert (ends["ill"], ends["well"], ends[whole]) == ("error", "success", "success")
    assert ours[-1]["status"] == "success"


@needs_recordings
@pytest.mark.parametrize("version", ["2.9", "3.1"])
def test_a_step_whose_agent_failed_has_failed(version: str) -> None:
    """Agno ends it without a word of its own, and goes on."""
    ours = translated(*at(version, "flow_agent_error"))
    ends = [(each["node_id"], each["status"], each.get("error")) for each in ours if each["event"] == "end_node"]
    assert ends == [("before", "success", None), ("work", "error", "upstream 503"), ("after", "success", None)]


@needs_recordings
def test_an_agent_that_is_tried_again_opens_its_step_again() -> None:
    run = folded(translated(*at("3.1", "flow_retry")))
    assert [each.status for each in run.nodes["work"].executions.values()] == ["error", "success"]


@needs_recordings
def test_an_error_that_names_no_run_is_the_roots() -> None:
    """So tells it Agno 2.2."""
    ours = translated(*at("2.2", "agent_error"))
    assert names(ours) == ["run_start", "start_node", "end_node", "run_end"]
    assert (ours[-1]["status"], ours[-1]["error"]) == ("error", "upstream 503")


def test_a_run_ends_once() -> None:
    """What is told of it behind its end is told aside."""
    again = agent("RunStarted"), agent("RunCancelled", reason="stop"), agent("RunCompleted", content="late")
    assert names(translated(*again)) == ["run_start", "start_node", "end_node", "run_end"]
    assert aside(agent("RunStarted"), *[agent("RunError", content="e")] * 2) == ["RunError"]


@needs_recordings
@pytest.mark.parametrize("version", ["2.9", "3.1"])
def test_what_was_spent_is_with_whoever_spent_it(version: str) -> None:
    """A step has its own agent's or leader's; a member has its own; the sum is Agno's."""
    raw = at(version, "flow_team_pause")
    ours = translated(*raw)
    told = {each["node_id"]: each["usage"] for each in ours if each["event"] == "end_node" and "usage" in each}
    assert set(told) == {"work", "first", "b"}
    over = [each["metrics"] for each in raw if each["event"] in ("RunCompleted", "TeamRunCompleted")]
    for part in ("input_tokens", "output_tokens"):
        assert sum(each[part] for each in told.values()) == sum(each[part] for each in over) > 0
    assert {each["model"] for each in told.values()} == {"scripted-duo", "scripted-first", "scripted-b"}


@needs_recordings
def test_requests_count_where_the_end_tells_nothing() -> None:
    """A run that was cancelled has no metrics; what its model spent is told all the same."""
    raw = at("3.1", "agent_tools")
    cut = next(number for number, each in enumerate(raw) if each["event"] == "ToolCallError")
    run_id = raw[0]["run_id"]
    ours = translated(*raw[:cut], {"event": "RunCancelled", "run_id": run_id, "reason": "stop"})
    (end,) = [each for each in ours if each["event"] == "end_node"]
    spent = [each["input_tokens"] for each in raw[:cut] if each["event"] == "ModelRequestCompleted"]
    assert end["usage"]["input_tokens"] == sum(spent) > 0

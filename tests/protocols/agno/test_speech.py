from __future__ import annotations

import pytest

from .support import agent, aside, at, names, needs_recordings, translated


def test_pieces_are_told_as_they_come_and_the_whole_no_more() -> None:
    ours = translated(
        agent("RunStarted"), agent("RunContent", content="Hel"), agent("RunContent", content="lo"),
        agent("RunCompleted", content="Hello"),
    )  # fmt: skip
    assert [each.get("mode") for each in ours if each["event"] == "RunContent"] == [None, None]
    assert aside(agent("RunStarted"), agent("RunContent", content="")) == ["RunContent"]


def test_a_piece_that_was_missed_is_told_at_the_end() -> None:
    """All of it, in place of what came; what is only the last turn's text replaces nothing."""
    spoken = agent("RunStarted"), agent("RunContent", content="lo")
    whole = translated(*spoken, agent("RunCompleted", content="Hello"))[3]
    assert (whole["content"], whole["mode"]) == ("Hello", "snapshot")
    assert "snapshot" not in [each.get("mode") for each in translated(*spoken, agent("RunCompleted", content="o"))]
    assert "snapshot" not in [each.get("mode") for each in translated(*spoken, agent("RunCompleted", content={"a": 1}))]


def test_json_is_told_once() -> None:
    ours = translated(agent("RunStarted"), agent("RunCompleted", content={"a": 1}))
    assert [each["content"] for each in ours if each["event"] == "RunContent"] == [{"a": 1}]


@needs_recordings
@pytest.mark.parametrize("name", ["agent_cancel_first", "flow_cancel_first"])
def test_what_a_cancelled_run_had_said_is_told_before_its_end(name: str) -> None:
    """It was cancelled before a piece came; Agno tells what there was, and then the run once more as completed."""
    ours = translated(*at("3.1", name))
    (said,) = [each for each in ours if each["event"] == "RunContent"]
    (ended,) = [each for each in ours if each["event"] == "end_node" and each["status"] == "killed"]
    assert (said["content"], ended["content"], said["mode"]) == ("Never ", "Never ", "snapshot")
    assert ours.index(said) < ours.index(ended)
    assert names(ours)[-1] == "run_end"


def test_the_reason_of_a_cancel_is_no_text() -> None:
    ours = translated(agent("RunStarted"), agent("RunCancelled", content="stopped", reason="stopped"))
    assert names(ours) == ["run_start", "start_node", "end_node", "run_end"]
    assert "content" not in ours[2] and ours[3]["error"] == "stopped"

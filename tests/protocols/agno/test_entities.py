from __future__ import annotations

import pytest

from .support import agent, at, folded, names, needs_recordings, translated


@needs_recordings
@pytest.mark.parametrize(
    ("version", "name"), [("2.2", "flow_team"), ("3.1", "flow_team"), ("3.1", "flow_member_error")]
)
def test_members_in_a_step_are_nodes_in_it(version: str, name: str) -> None:
    """Their leader speaks for the step; each member has text and an end of its own."""
    ours = translated(*at(version, name))
    run = folded(ours)
    members = {node.node_id for node in run.nodes.values() if node.parent_id == "work"}
    assert members == ({"a", "b"} if name == "flow_team" else {"ill", "well"})
    spoke = {each["node_id"] for each in ours if each["event"] in ("RunContent", "TeamRunContent")}
    assert spoke == {"work", *members} - {"ill"}


@needs_recordings
def test_teams_nest() -> None:
    run = folded(translated(*at("3.1", "team_nested")))
    assert {node.node_id: node.parent_id for node in run.nodes.values()} == {
        "team_nested": None, "inner": "team_nested", "other": "team_nested", "leaf": "inner",
    }  # fmt: skip


def test_a_member_that_is_asked_again_runs_again() -> None:
    ours = translated(
        {"event": "TeamRunStarted", "run_id": "t", "team_id": "duo"},
        *[
            agent(event, run, parent_run_id="t", **fields)
            for run in ("m1", "m2")
            for event, fields in (("RunStarted", {}), ("RunCompleted", {"content": run}))
        ],
    )
    starts = [(each["node_id"], each["order"]) for each in ours if each["event"] == "start_node"]
    assert starts == [("duo", 0), ("ada", 1), ("ada", 2)]


@needs_recordings
def test_whoever_joins_behind_the_start_takes_no_member_for_the_root() -> None:
    """At the continue of a team's pause a member is heard of first; its run is the team's all the same."""
    raw = at("3.1", "team_pause")
    place = next(number for number, each in enumerate(raw) if each["event"] == "RunContinued")
    ours = translated(*raw[place:])
    assert {each["run_id"] for each in ours} == {raw[0]["run_id"]}
    assert [each["event"] for each in ours].count("run_end") == 1
    assert names(ours)[:2] == ["resume_start", "start_node"]
    run = folded(ours)
    assert run.status == "success" and not any(node.executing for node in run.nodes.values())


@needs_recordings
def test_whoever_joins_in_a_step_begins_the_step() -> None:
    raw = at("3.1", "flow_cancel_middle")
    ours = translated(*raw[8:])
    assert [each["node_id"] for each in ours if each["event"] == "start_node"] == ["talk"]
    assert folded(ours).status == "killed"

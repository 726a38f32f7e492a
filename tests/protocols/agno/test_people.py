from __future__ import annotations

import pytest

from pyapp.locale.catalogue import Sentence
from pyapp.protocols.agno import AgnoTranslator

from .support import Json, agent, at, folded, names, needs_recordings, step, translated

VERSIONS = pytest.mark.parametrize("version", ["2.9", "3.1"])


def pauses(ours: list[Json]) -> list[Json]:
    return [each for each in ours if each["event"] == "AgentPaused"]


@needs_recordings
@VERSIONS
@pytest.mark.parametrize("name", ["flow_agent_pause", "flow_team_pause", "flow_pauses", "team_pause", "agent_pauses"])
def test_an_answer_goes_to_the_root(version: str, name: str) -> None:
    """Whoever in it asks: an executor, a member, a step."""
    raw = at(version, name)
    assert {each["continue_run_id"] for each in pauses(translated(*raw))} == {raw[0]["run_id"]}


@needs_recordings
@VERSIONS
@pytest.mark.parametrize(("name", "node"), [("flow_agent_pause", "work"), ("flow_team_pause", "first")])
def test_what_is_asked_in_a_step_is_asked_once(version: str, name: str, node: str) -> None:
    """By the workflow, once it waits: the agent, its team and the step said so before; in the node that asks."""
    ours = translated(*at(version, name))
    (pause,) = pauses(ours)
    assert (pause["node_id"], [each["tool_name"] for each in pause["requirements"]]) == (node, ["delete"])
    assert names(ours).count("resume_start") == 1


@needs_recordings
@VERSIONS
def test_a_team_asks_for_each_member_and_goes_on_once(version: str) -> None:
    """The start of going on names what is resolved."""
    ours = translated(*at(version, "team_pause"))
    assert [(each["node_id"], len(each["requirements"])) for each in pauses(ours)] == [("first", 1), ("second", 1)]
    asked = [each["id"] for pause in pauses(ours) for each in pause["requirements"]]
    assert [each["resolved"] for each in ours if each["event"] == "resume_start"] == [asked]
    second = next(number for number, each in enumerate(ours) if each["event"] == "resume_start")
    waiting = {node.node_id for node in folded(ours[:second]).nodes.values() if node.waiting}
    assert waiting == {"first", "second"}


@needs_recordings
@VERSIONS
def test_each_way_of_a_workflow_to_wait(version: str) -> None:
    """Leave, a form, a look at an output, a route: each asked, each resolved before the next."""
    ours = translated(*at(version, "flow_pauses"))
    story = []
    for each in ours:
        if each["event"] == "AgentPaused":
            story += [need["id"] for need in each["requirements"]]
        elif each["event"] == "resume_start":
            story += [("resolved", *each["resolved"])]
    once = [each for number, each in enumerate(story) if number == 0 or story[number - 1] != each]
    ids = ["greet/confirmation", "travel/user_input", "draft/output_review", "route/route_selection"]
    assert once == [each for id in ids for each in (id, ("resolved", id))]


@needs_recordings
@pytest.mark.parametrize("version", ["2.2", "2.9", "3.1"])
def test_each_way_of_an_agent_to_wait(version: str) -> None:
    """What was answered, also outside of Agno, is not asked again."""
    kinds = [
        [need["kind"] for need in each["requirements"]] for each in pauses(translated(*at(version, "agent_pauses")))
    ]
    feedback = [] if version == "2.2" else [["user_feedback"]]
    assert kinds == [["confirmation"], ["user_input"], ["external_execution"], *feedback]


def test_other_work_goes_on_beside_a_member_that_asks() -> None:
    """Only the root's pause is one: what a branch does meanwhile is no way out of it."""
    need = {"id": "q", "tool_execution": {"tool_name": "send", "requires_confirmation": True}}
    ours = translated(
        {"event": "TeamRunStarted", "run_id": "t", "team_id": "duo"},
        agent("RunStarted", "m", parent_run_id="t"),
        agent("RunPaused", "m", parent_run_id="t", requirements=[need]),
        agent("RunContent", "n", parent_run_id="t", content="x"),
        {"event": "TeamRunPaused", "run_id": "t", "team_id": "duo", "requirements": [{**need, "member_run_id": "m"}]},
    )
    assert names(ours)[-1] == "AgentPaused" and ours[-1]["node_id"] == "ada"
    assert "resume_start" not in names(ours)


def test_a_pause_without_a_requirement_is_one_all_the_same() -> None:
    (pause,) = pauses(translated(agent("RunStarted"), agent("RunPaused")))
    assert (pause["requirements"], pause["node_id"]) == ([], "ada")


@needs_recordings
@VERSIONS
def test_a_workflow_that_waits_because_a_step_failed_says_what_for(version: str) -> None:
    """It asks nothing that an AgentOS could be answered; until it goes on, or is over."""
    raw = at(version, "flow_error_pause")
    ours = translated(*raw)
    assert (names(ours)[-1], ours[-1]["requirements"], folded(ours).status) == ("AgentPaused", [], "paused")
    root = raw[0]["run_id"]
    for then in ({"event": "StepContinued", "run_id": root}, {"event": "WorkflowCancelled", "run_id": root}):
        told = AgnoTranslator()
        for each in raw:
            assert told.stuck is None
            told.translate(each)
        assert told.stuck == Sentence("agno.stuck", node="bad", why="The step cannot work.")
        told.translate(then)
        assert told.stuck is None


def test_of_another_pause_without_a_requirement_nothing_is_made_up() -> None:
    told = AgnoTranslator()
    for each in (step("StepError", "bad", error="No."), {"event": "WorkflowPaused", "run_id": "w"}):
        told.translate(each)
    assert told.stuck is None
    told.translate({"event": "WorkflowPaused", "run_id": "w", "paused_step_name": "bad"})
    assert told.stuck == Sentence("agno.stuck", node="bad", why="No.")

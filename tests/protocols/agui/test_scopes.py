from __future__ import annotations

import pytest

from pyapp.protocols.agui import scopes

from .support import FINISHED, Json, Run, call, say, step, step_over, subagent, subagent_over


def nodes(run: Run) -> list[tuple[str, str, int, str | None]]:
    return [
        (each["event"][:5].rstrip("_"), each["node_id"], each["order"], each.get("parent_node_id"))
        for each in run.ours
        if each["event"] in ("start_node", "end_node")
    ]


def test_steps_are_nodes_in_the_agent() -> None:
    run = Run(step("a"), step_over("a"), step("b"), step_over("b"), step("a"), FINISHED)
    assert nodes(run) == [
        ("start", "a", 1, "agent"), ("end_n", "a", 1, "agent"), ("start", "b", 2, "agent"), ("end_n", "b", 2, "agent"),
        ("start", "a", 3, "agent"), ("end_n", "agent", 0, None),
    ]  # fmt: skip
    assert run.ours[0]["node_type"] == "Step" and run.ours[0]["node_name"] == "a"


def test_what_is_said_belongs_to_the_step_that_is_open() -> None:
    """To the agent, where there is none, or where it may be of several."""
    run = Run(say("m", "0"), step("a"), say("n", "1"), step("b"), say("o", "2"), step_over("a"), call("c"))
    assert [each["node_id"] for each in run.ours if "agent_id" in each] == ["agent", "a", "agent", "b"]


def test_subagents_are_nodes_with_steps_of_their_own() -> None:
    """To any depth; the same name in another one is another node, and an invocation of its own in the same one."""
    run = Run(
        subagent("s", "Ada"), step("look", subagentRunId="s"), subagent("t", "Bob", parentSubagentRunId="s"),
        say("m", "x", subagentRunId="t"), say("n", "y", subagentRunId="s"), subagent_over("t", result={"n": 1}),
        subagent("u", "Ada"), subagent_over("s"), {"type": "SUBAGENT_ERROR", "subagentRunId": "u", "message": "No."},
    )  # fmt: skip
    assert nodes(run) == [
        ("start", "Ada", 1, "agent"), ("start", "Ada/look", 2, "Ada"), ("start", "Ada/Bob", 3, "Ada"),
        ("end_n", "Ada/Bob", 3, None), ("start", "Ada", 4, "agent"), ("end_n", "Ada/look", 2, None),
        ("end_n", "Ada", 1, None), ("end_n", "Ada", 4, None),
    ]  # fmt: skip
    assert [each["node_id"] for each in run.ours if each["event"] == "RunContent"] == ["Ada/Bob", "Ada/look"]
    ends = [each for each in run.ours if each["event"] == "end_node"]
    assert [each.get("content") for each in ends] == [{"n": 1}, None, None, None]
    assert (ends[1]["implied"], ends[3]["status"], ends[3]["error"]) == (True, "error", "No.")


def test_a_name_that_is_the_agents_own_is_another_node() -> None:
    run = Run(step("agent"), step("agent", subagentRunId="nobody"))
    assert [each["node_id"] for each in run.ours] == ["agent/agent", "agent/agent"]


@pytest.mark.parametrize(
    "event", [subagent_over("s"), {"type": "SUBAGENT_ERROR", "subagentRunId": "s", "message": "x"}]
)
def test_an_end_that_nobody_began_is_named(event: Json) -> None:
    assert Run(event).asides == [f"{event['type']} without its start"]
    assert Run(subagent("s", "Ada"), subagent_over("s"), event).asides == [f"{event['type']} without its start"]


def test_a_step_that_ends_without_a_start_has_an_end_alone() -> None:
    run = Run(step_over("a"), step("b"))
    assert nodes(run) == [("end_n", "a", 1, "agent"), ("start", "b", 2, "agent")]
    assert run.record.nodes["a"].outcome == "success" and run.record.nodes["a"].parent_id == "agent"


def test_the_oldest_of_a_name_ends_first() -> None:
    run = Run(step("a"), step("a"), step_over("a"), step_over("a"))
    assert [order for kind, _, order, _ in nodes(run) if kind == "end_n"] == [1, 2]


def test_nothing_grows_without_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is beyond the bounds is told all the same, of the agent, or without its own end."""
    monkeypatch.setattr(scopes, "MAX_SCOPES", 1)
    monkeypatch.setattr(scopes, "MAX_OPEN_STEPS", 1)
    run = Run(
        subagent("s", "Ada"), subagent("t", "Bob"), say("m", "x", subagentRunId="t"), step("a"), step("b"), step("a")
    )
    assert run.ours[2]["node_id"] == "agent" and len(run.translator.scopes.root.running) == 1
    assert [each["node_id"] for each in run.ours if each["event"] == "start_node"] == ["Ada", "Bob", "a", "b", "a"]

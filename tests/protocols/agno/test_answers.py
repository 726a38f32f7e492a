"""pyapp.protocols.agno.answers: what people answered, filled into what Agno asked."""

from __future__ import annotations

from typing import Any

import pytest

from pyapp.protocols.agno.answers import answered, fill_in
from pyapp.protocols.agno.step_pause import step_requirements
from pyapp.protocols.agno.translator import AgnoTranslator
from pyapp.protocols.runs import ForeignRun

Json = dict[str, Any]


def run(flow_id: str, answers: dict[str, Json], **raws: Json) -> ForeignRun:
    made = ForeignRun("r", flow_id, AgnoTranslator, run_id="r")
    made.waiting = {id: {"id": id, "raw": raw} for id, raw in raws.items()}
    made.answers = answers
    return made


def tool(**fields: Any) -> Json:
    return {"tool_call_id": "c", "tool_name": "t", "confirmed": None, **fields}


def test_an_agent_wants_its_tools() -> None:
    """Each requirement's own; where there are bare tools alone, those."""
    one = run("agents/ada", {"q": {"confirmed": False, "note": "no"}}, q={"id": "q", "tool_execution": tool()})
    field, said = answered(one, {})
    assert (field, said) == ("tools", [tool(confirmed=False, confirmation_note="no")])
    assert one.waiting["q"]["raw"]["tool_execution"]["confirmed"] is None
    bare = run("agents/ada", {"c": {"confirmed": True}}, c=tool())
    assert answered(bare, {})[1] == [tool(confirmed=True, confirmation_note=None)]


def test_a_team_wants_its_requirements() -> None:
    """With the member that asked, and said in both places that Agno reads."""
    raw = {"id": "q", "member_run_id": "m", "tool_execution": tool()}
    field, said = answered(run("teams/t", {"q": {"confirmed": True}}, q=raw), {})
    assert field == "requirements"
    assert said[0]["member_run_id"] == "m"
    assert (said[0]["confirmation"], said[0]["tool_execution"]["confirmed"]) == (True, True)


def test_a_workflow_wants_its_steps() -> None:
    """Those that were asked themselves, and those whose executor was."""
    step = {"step_id": "s1", "requires_confirmation": True}
    inner = {"id": "q", "tool_execution": tool()}
    pause = {"step_requirements": [step, {"step_id": "s2", "executor_requirements": [inner, {"id": "other"}]}, 3]}
    answers: dict[str, Json] = {"s1": {"confirmed": True}, "q": {"confirmed": False}}
    field, said = answered(run("workflows/w", answers, s1=step, q=inner), pause)
    assert field == "step_requirements"
    assert (said[0]["step_id"], said[0]["confirmed"]) == ("s1", True)
    assert said[1]["executor_requirements"][0]["confirmation"] is False
    assert said[1]["executor_requirements"][1] == {"id": "other"}
    assert answered(run("workflows/w", {"s1": {"confirmed": True}}, s1=step), {})[1][0]["confirmed"] is True


@pytest.mark.parametrize(
    "before",
    [
        {"requires_confirmation": True, "confirmed": True},
        {"requires_output_review": True, "confirmed": False, "rejection_feedback": "again"},
        {"executor_requirements": [{"id": "q", "tool_execution": tool(requires_confirmation=True, confirmed=True)}]},
    ],
)
def test_a_step_that_asks_a_second_time_is_answered_there(before: Json) -> None:
    """Agno lists what was answered before it, of the same step, and wants that back as it was."""
    old = {"step_id": "s", "step_name": "draft", **before}
    review: Json = {"step_id": "s", "step_name": "draft", "requires_output_review": True, "confirmed": None}
    pause: Json = {"step_requirements": [old, {**review, "step_output": {"content": "second"}}]}
    ((need, _),) = step_requirements(pause)
    assert need["output"] == "second"
    answers: dict[str, Json] = {need["id"]: {"confirmed": True}}
    _, said = answered(run("workflows/w", answers, **{need["id"]: need["raw"]}), pause)
    assert said[0] == old
    assert [each["confirmed"] for each in said[1:]] == [True]


def test_values_are_filled_into_both_schemas() -> None:
    schema: list[Json] = [{"name": "author", "value": None}, {"name": "other", "value": 1}]
    raw: Json = {"id": "q", "user_input_schema": [dict(each) for each in schema]}
    raw["tool_execution"] = tool(user_input_schema=[dict(each) for each in schema])
    fill_in(raw, {"values": {"author": "Ada"}})
    assert raw["user_input_schema"][0]["value"] == raw["tool_execution"]["user_input_schema"][0]["value"] == "Ada"
    assert raw["tool_execution"]["answered"] is True


@pytest.mark.parametrize(("given", "chosen"), [("red", ["red"]), (["red", "blue"], ["red", "blue"])])
def test_questions_get_the_options_that_were_chosen(given: Any, chosen: list[str]) -> None:
    raw: Json = {"id": "q", "tool_execution": tool(user_feedback_schema=[{"question": "Which?"}, {"question": "Why?"}])}
    fill_in(raw, {"values": {"Which?": given}})
    assert raw["tool_execution"]["user_feedback_schema"] == [
        {"question": "Which?", "selected_options": chosen},
        {"question": "Why?"},
    ]


def test_what_was_done_outside_is_a_text() -> None:
    raw: Json = {"id": "q", "tool_execution": tool()}
    fill_in(raw, {"result": {"rows": 3}})
    assert raw["external_execution_result"] == raw["tool_execution"]["result"] == "{'rows': 3}"


def test_a_step_takes_routes_values_and_an_edited_output() -> None:
    raw: Json = {"step_id": "s", "user_input_schema": [{"name": "n"}]}
    fill_in(raw, {"choices": ["left"], "values": {"n": 3}, "confirmed": True, "result": "better"})
    assert raw["selected_choices"] == ["left"]
    assert (raw["user_input"], raw["user_input_schema"]) == ({"n": 3}, [{"name": "n", "value": 3}])
    assert (raw["confirmed"], raw["edited_output"]) == (True, "better")
    rejected: Json = {"step_id": "s"}
    fill_in(rejected, {"confirmed": False, "note": "again", "result": "x"})
    assert (rejected["rejection_feedback"], "edited_output" in rejected) == ("again", False)

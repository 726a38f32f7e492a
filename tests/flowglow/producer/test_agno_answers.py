"""Each kind of answer, in the objects that Agno itself goes on with."""

from __future__ import annotations

from typing import Any

import pytest

from flowglow.producer.agno_answers import give

pytest.importorskip("agno")

from agno.models.response import ToolExecution, UserFeedbackQuestion, UserInputField
from agno.run.requirement import RunRequirement
from agno.tools.function import UserFeedbackOption
from agno.workflow.types import StepRequirement


def asked(**wanted: Any) -> Any:
    """A tool that waits."""
    return RunRequirement(ToolExecution(tool_call_id="c", tool_name="send", **wanted), id="q")


def answered(need: Any, **answer: Any) -> Any:
    give([need], {"q": {"id": "q", **answer}})
    assert need.is_resolved()
    return need


def test_leave_is_given_or_not() -> None:
    assert answered(asked(requires_confirmation=True), confirmed=True).confirmation is True
    refused = answered(asked(requires_confirmation=True), confirmed=False, note="Not today.")
    assert (refused.confirmation, refused.tool_execution.confirmation_note) == (False, "Not today.")


def test_a_form_is_filled_in() -> None:
    fields = [UserInputField(name="author", field_type=str)]
    need = answered(asked(requires_user_input=True, user_input_schema=fields), values={"author": "Ada"})
    assert need.tool_execution.user_input_schema[0].value == "Ada"


def test_questions_are_answered_with_one_or_several() -> None:
    options = [UserFeedbackOption(label="red"), UserFeedbackOption(label="blue")]
    questions = [UserFeedbackQuestion(question=each, options=options) for each in ("One?", "More?")]
    need = answered(
        asked(requires_user_input=True, user_feedback_schema=questions),
        values={"One?": "red", "More?": ["red", "blue"]},
    )
    assert [each.selected_options for each in need.user_feedback_schema] == [["red"], ["red", "blue"]]


@pytest.mark.parametrize(("result", "text"), [("done", "done"), ({"n": 1}, "{'n': 1}")])
def test_what_is_done_elsewhere_gives_its_result(result: Any, text: str) -> None:
    need = answered(asked(external_execution_required=True), result=result)
    assert need.tool_execution.result == text


def test_what_is_not_answered_stays_open() -> None:
    need = asked(requires_confirmation=True)
    give([need], {"another": {"confirmed": True}})
    assert not need.is_resolved()


@pytest.mark.parametrize(
    ("wants", "answer", "kind", "given"),
    [
        ({"requires_confirmation": True}, {"confirmed": True}, "confirmation", {"confirmed": True}),
        (
            {"requires_confirmation": True}, {"confirmed": False, "note": "No."}, "confirmation",
            {"confirmed": False, "rejection_feedback": "No."},
        ),
        (
            {"requires_output_review": True}, {"confirmed": True, "result": "better"}, "output_review",
            {"confirmed": True, "edited_output": "better"},
        ),
        ({"requires_user_input": True}, {"values": {"city": "Oslo"}}, "user_input", {"user_input": {"city": "Oslo"}}),
        (
            {"requires_route_selection": True, "available_choices": ["a", "b"]}, {"choices": ["b"]},
            "route_selection", {"selected_choices": ["b"]},
        ),
    ],
)  # fmt: skip
def test_a_step_gets_what_it_asked_for(wants: Any, answer: Any, kind: str, given: Any) -> None:
    need = StepRequirement(step_id="s", step_name="work", **wants)
    give([need], {f"work/{kind}": answer})
    assert need.is_resolved and {key: getattr(need, key) for key in given} == given


@pytest.mark.parametrize("kept", [True, False])
def test_what_is_asked_in_a_step_is_answered_there(kept: bool) -> None:
    """As an object, or as a database has kept it."""
    inner = asked(requires_confirmation=True)
    need = StepRequirement(
        step_id="s", step_name="work", requires_executor_input=True,
        executor_requirements=[inner.to_dict() if kept else inner],
    )  # fmt: skip
    give([need], {"q": {"confirmed": True}})
    assert need.is_resolved

from __future__ import annotations

from typing import Any

import pytest

from pyapp.contract.decode import decode_item
from pyapp.contract.events import AgentPaused
from pyapp.protocols.agno.step_pause import step_requirement, step_requirements

from .support import at, needs_recordings

STEP: dict[str, Any] = {"step_id": "s", "step_name": "draft"}


@pytest.mark.parametrize(
    ("told", "kind", "prompt"),
    [
        ({"requires_confirmation": True, "confirmation_message": "May I?"}, "confirmation", "May I?"),
        ({"requires_user_input": True, "user_input_message": "Where?"}, "user_input", "Where?"),
        ({"available_choices": ["a"], "user_input_message": "Which?"}, "route_selection", "Which?"),
        ({"requires_output_review": True, "output_review_message": "Good?"}, "output_review", "Good?"),
        ({}, "confirmation", None),
    ],
)
def test_what_a_step_waits_for(told: dict[str, Any], kind: str, prompt: str | None) -> None:
    """Known by its step and what is wanted: the workflow tells it once more."""
    need = step_requirement({**STEP, **told})
    assert (need["id"], need["kind"], need.get("prompt")) == (f"draft/{kind}", kind, prompt)
    assert need["raw"] == {**STEP, **told}


def test_what_goes_with_it() -> None:
    """The form, the routes and how many of them, the output to look at, and until when."""
    schema = [{"name": "city", "field_type": "str", "required": False, "allowed_values": ["Rome"]}]
    assert step_requirement({"requires_user_input": True, "user_input_schema": schema})["input_schema"] == [
        {"name": "city", "type": "str", "required": False, "choices": ["Rome"]}
    ]
    route = step_requirement({"available_choices": ["a", "b"], "allow_multiple_selections": True})
    assert (route["choices"], route["multiple"]) == (["a", "b"], True)
    look = step_requirement({"requires_output_review": True, "step_output": {"content": "text"}})
    assert look["output"] == "text"
    assert step_requirement({"timeout_at": "1970-01-01T00:00:09+00:00"})["expires_at"] == 9.0
    assert "expires_at" not in step_requirement({"timeout_at": "soon"})


def test_what_was_answered_is_not_asked_again() -> None:
    ways: list[dict[str, Any]] = [{"confirmed": False}, {"user_input": {}}, {"selected_choices": ["a"]}]
    answered = [{**STEP, **each} for each in ways]
    call = {"tool_call_id": "c", "requires_confirmation": True}
    inner = [{"id": "old", "tool_execution": {**call, "confirmed": True}}, {"id": "new", "tool_execution": call}]
    asked = step_requirements({"step_requirements": [*answered, {**STEP, "executor_requirements": inner}, STEP]})
    assert [need["id"] for need, _ in asked] == ["new", "draft/confirmation"]
    assert step_requirements({"step_requirements": 7}) == []


@needs_recordings
@pytest.mark.parametrize("version", ["2.9", "3.1"])
def test_each_pause_of_a_workflow_asks_one_thing(version: str) -> None:
    pauses = [each for each in at(version, "flow_pauses") if each["event"] == "WorkflowPaused"]
    asked = [step_requirements(each) for each in pauses]
    kinds = ["confirmation", "user_input", "output_review", "route_selection"]
    assert [[need["kind"] for need, _ in each] for each in asked] == [
        [kind] for kind in kinds if version == "3.1" or kind != "output_review"
    ]
    for needs in asked:
        told = {"event": "AgentPaused", "run_id": "r", "requirements": [need for need, _ in needs]}
        assert isinstance(decode_item(told), AgentPaused)

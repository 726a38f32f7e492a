"""A pause that is told beside the protocol, as ag-ui-langgraph 0.0.47 and ag-ui-crewai 1.0 send it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pyapp.protocols.agui.on_interrupt import MAX_ASKED, OnInterrupt, command, is_commanded

from .support import FINISHED, STARTED, Json, Run, call, called
from .test_dialect import begun, body

APPROVAL = {"type": "object", "properties": {"approved": {"type": "boolean"}}, "required": ["approved"]}


def asks(value: Any, **beside: Any) -> Json:
    return {"type": "CUSTOM", "name": "on_interrupt", "value": value, **beside}


def langgraph(value: Any, interrupt_id: str = "5c37") -> Json:
    """Any value, as text; the id stands in what the event was made of."""
    text = value if isinstance(value, str) else json.dumps(value)
    return asks(text, rawEvent={"value": value, "id": interrupt_id, "response_schema": None})


def waits(*events: Json) -> list[Json]:
    """What a run waits for behind these."""
    run = Run(*events, FINISHED)
    assert run.names[-1] == "AgentPaused" and run.record.status == "paused" and run.translator.paused
    needs: list[Json] = run.ours[-1]["requirements"]
    return needs


def test_a_run_that_asked_so_waits_and_goes_on() -> None:
    run = Run(langgraph("Delete all?"), FINISHED)
    (need,) = run.ours[-1]["requirements"]
    assert (need["id"], need["kind"], need["prompt"]) == ("5c37", "user_feedback", "Delete all?")
    run.tell({**STARTED, "runId": "r2"}, FINISHED)
    assert run.names[-3:] == ["resume_start", "end_node", "run_end"] and run.record.status == "success"


@pytest.mark.parametrize("names", [("responseSchema", "toolCallId"), ("response_schema", "tool_call_id")])
def test_what_it_bears_is_an_interrupts(names: tuple[str, str]) -> None:
    told = {"message": "Delete?", names[0]: APPROVAL, names[1]: "c"}
    (need,) = waits(call("c", "delete"), called("c"), langgraph(told))
    assert (need["kind"], need["prompt"], need["tool_name"]) == ("confirmation", "Delete?", "delete")


def test_a_value_without_words_is_shown_as_it_is() -> None:
    (need,) = waits(langgraph({"action_requests": [{"name": "send"}]}))
    assert need["prompt"] == '{"action_requests": [{"name": "send"}]}' and is_commanded(need)
    for broken in ("{", "[1", 7, None):
        (need,) = waits(asks(broken))
        assert need["id"] == "on_interrupt 1" and need["prompt"] == (
            broken if broken in ("{", "[1") else str(need["prompt"])
        )


def test_calls_that_are_behind_it_are_not_asked_for() -> None:
    """The tool that asks has no result yet: it is its own that comes when the run goes on."""
    assert [each["id"] for each in waits(call("c", "send"), called("c"), langgraph("Send?"))] == ["5c37"]


def test_what_the_end_itself_says_counts() -> None:
    asked = {"type": "interrupt", "interrupts": [{"id": "i", "reason": "ask"}]}
    run = Run(langgraph("Send?"), {**FINISHED, "outcome": asked})
    assert [each["id"] for each in run.ours[-1]["requirements"]] == ["i"]
    assert Run(langgraph("Send?"), {**FINISHED, "outcome": {"type": "success"}}).record.status == "success"
    assert Run(langgraph("Send?"), {"type": "RUN_ERROR", "message": "No."}).record.status == "error"


def test_what_was_asked_in_one_leg_is_not_asked_in_the_next() -> None:
    run = Run(langgraph("Send?"), {**FINISHED, "outcome": {"type": "interrupt", "interrupts": [{"id": "i"}]}})
    run.tell({**STARTED, "runId": "r2"}, FINISHED)
    assert run.record.status == "success"


def test_langgraph_is_answered_by_its_command() -> None:
    """Several at once by their ids: it takes `resume` for one alone."""
    spoken, run = begun(langgraph("One?", "i"), langgraph("Two?", "j"), FINISHED)
    assert spoken.answer(run, {"id": "i", "values": {"feedback": "one"}}) is None
    sent = body(spoken.answer(run, {"id": "j", "values": {"feedback": "two"}}))
    assert sent["forwardedProps"] == {"command": {"resume": {"i": "one", "j": "two"}}} and "resume" not in sent
    spoken, run = begun(langgraph({"message": "Delete?", "responseSchema": APPROVAL}), FINISHED)
    sent = body(spoken.answer(run, {"id": "5c37", "confirmed": False}))
    assert sent["forwardedProps"] == {"command": {"resume": {"approved": False}}}
    pytest.importorskip("ag_ui.core").RunAgentInput.model_validate(sent)


def test_an_interrupt_of_the_protocol_is_answered_as_one() -> None:
    """CrewAI tells it whole."""
    told = {"id": "f", "reason": "crewai:human_feedback", "message": "Good?", "responseSchema": {"enum": ["yes", "no"]}}
    spoken, run = begun(asks(told), FINISHED)
    sent = body(spoken.answer(run, {"id": "f", "choices": ["no"]}))
    assert sent["resume"] == [{"interruptId": "f", "status": "resolved", "payload": "no"}]
    assert sent["forwardedProps"] == {}


def test_a_command_of_one_is_its_answer() -> None:
    assert command([{"interruptId": "i", "payload": None}]) == {"command": {"resume": None}}


def test_what_is_asked_is_bounded() -> None:
    beside = OnInterrupt()
    assert [beside.hear(asks("?")) for _ in range(MAX_ASKED + 1)][-2:] == [[], None]
    assert len(beside.take()) == MAX_ASKED and beside.take() == []

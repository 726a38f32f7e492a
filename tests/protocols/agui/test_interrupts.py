from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pyapp.contract.decode import decode_item
from pyapp.contract.events import AgentPaused
from pyapp.protocols.agui.calls import Call
from pyapp.protocols.agui.fields import Unreadable
from pyapp.protocols.agui.interrupts import is_call, of_call, of_interrupt, resume_entry, tool_answer

Json = dict[str, Any]
REASONS = ["confirmation", "tool_call", "why"]
APPROVAL = {
    "type": "object", "required": ["approved"],
    "properties": {"approved": {"type": "boolean"}, "editedArgs": {"type": "object"}, "reason": {"type": "string"}},
}  # fmt: skip
FORM = {
    "type": "object", "required": ["to", "agree"],
    "properties": {
        "to": {"type": "string", "description": "Whom?", "default": "Ada", "enum": ["Ada", "Bob"]},
        "n": {"type": "integer", "title": "How many"}, "agree": {"type": "boolean"}, "x": 7,
    },
}  # fmt: skip


def asked(schema: Any) -> Json:
    requirement = of_interrupt({"id": "i", "reason": "why", "responseSchema": schema}, None)
    assert requirement is not None
    paused = {"event": "AgentPaused", "run_id": "r", "requirements": [requirement]}
    assert isinstance(decode_item(paused), AgentPaused), decode_item(paused)
    return requirement


@pytest.mark.parametrize(
    ("schema", "kind", "answer", "payload"),
    [
        (APPROVAL, "confirmation", {"confirmed": True}, {"approved": True}),
        (APPROVAL, "confirmation", {"confirmed": False, "note": "No."}, {"approved": False, "reason": "No."}),
        ({"type": "boolean"}, "confirmation", {"confirmed": True}, True),
        ({"type": "boolean"}, "confirmation", {"confirmed": False, "note": "No."}, False),
        ({"enum": ["a", 2]}, "route_selection", {"choices": [2]}, 2),
        ({"enum": ["a", 2]}, "route_selection", {"choices": []}, None),
        ({"type": "integer"}, "user_input", {"values": {"answer": 7}}, 7),
        ({"type": "string"}, "user_feedback", {"values": {"feedback": "Fine."}}, "Fine."),
        ({}, "user_feedback", {"values": {"feedback": "Fine."}}, "Fine."), (None, "user_feedback", {}, None),
        (FORM, "user_input", {"values": {"to": "Bob", "agree": True}}, {"to": "Bob", "agree": True}),
        (FORM, "user_input", {"values": {"to": None, "agree": True, "n": None}}, {"to": None, "agree": True}),
        ({"oneOf": [{"const": 1}, {"const": 2}]}, "route_selection", {"choices": [2]}, 2),
        ({"type": "array", "items": {"enum": ["a"]}}, "user_input", {"values": {"answer": ["a"]}}, ["a"]),
    ],
)  # fmt: skip
def test_what_is_asked_and_what_is_answered(schema: Any, kind: str, answer: Json, payload: Any) -> None:
    requirement = asked(schema)
    assert requirement["kind"] == kind and requirement["prompt"] == "why" and not is_call(requirement)
    assert resume_entry(requirement, {"id": "i", **answer}) == {
        "interruptId": "i", "status": "resolved", "payload": payload,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("reason", "agreed", "refused"),
    [("confirmation", True, False), ("tool_call", {"approved": True}, {"approved": False})],
)
@pytest.mark.parametrize("schema", [None, {}])
def test_a_decision_without_a_schema_is_no_text(reason: str, agreed: Any, refused: Any, schema: Any) -> None:
    """A server that is answered with a text may take any for a yes, "no" as well (Google's ADK)."""
    requirement = of_interrupt({"id": "i", "reason": reason, "message": "Delete all?", "responseSchema": schema}, None)
    assert requirement["kind"] == "confirmation"
    payloads = [resume_entry(requirement, {"confirmed": each, "note": "So."})["payload"] for each in (True, False)]
    assert payloads == [agreed, refused]


def test_a_note_is_never_an_argument_of_the_tool() -> None:
    """Microsoft's agents take what is called as an argument for that argument, changed (agent-framework-ag-ui)."""
    call = Call("c", "send_mail", "a", "a", pieces=['{"message": "Signed."}'])
    text = {"type": "string"}
    edited = {"type": "object", "properties": {"reason": text}}
    properties = {"approved": {"type": "boolean"}, "message": text, "reason": text, "editedArgs": edited}
    asks = {"id": "i", "reason": "tool_call", "responseSchema": {"type": "object", "properties": properties}}
    requirement = of_interrupt(asks, call)
    answer = {"confirmed": True, "note": "The boss agrees."}
    assert resume_entry(requirement, answer)["payload"] == {"approved": True} and requirement["note"] is False
    properties["comment"] = text
    requirement = of_interrupt(asks, call)
    assert resume_entry(requirement, answer)["payload"] == {"approved": True, "comment": answer["note"]}
    assert "note" not in requirement


def test_a_form_has_its_fields() -> None:
    whom = {"description": "Whom?", "value": "Ada", "required": True, "choices": ["Ada", "Bob"]}
    assert asked(FORM)["input_schema"] == [
        {"name": "to", "type": "string", **whom},
        {"name": "n", "type": "integer", "title": "How many", "required": False},
        {"name": "agree", "type": "boolean", "required": True}, {"name": "x", "type": "text", "required": False},
    ]  # fmt: skip


def test_what_may_be_chosen_is_chosen_and_not_written() -> None:
    """One of several, as JSON Schema says it in words of each (and MCP's elicitation does), and several of them."""
    at = {"x": {"type": "integer"}, "y": {"type": "integer"}}
    named = [{"const": "r", "title": "Red", "description": "As blood."}, {"const": "b", "title": "Blue"}]
    properties = {
        "one": {"oneOf": [*named, {"type": "null"}]}, "some": {"type": "array", "items": {"anyOf": named}},
        "few": {"type": ["array", "null"], "items": {"$ref": "#/$defs/size"}}, "only": {"const": 3},
        "free": {"type": "array", "items": {"type": "string"}}, "at": {"type": "object", "properties": at},
        "round": {"type": "array", "items": {"$ref": "#/properties/round"}}, "mixed": {"oneOf": [*named, {}]},
    }  # fmt: skip
    fields = asked({"properties": properties, "$defs": {"size": {"enum": ["S", "L"]}}})["input_schema"]
    chosen = {each["name"]: each.get("choices") for each in fields}
    colours = [{**each, "value": each["const"]} for each in named]
    assert chosen == {
        "one": colours, "some": colours, "few": ["S", "L"], "only": [{"const": 3, "value": 3}], "free": None,
        "at": None, "round": None, "mixed": None,
    }  # fmt: skip
    assert [each["type"] for each in fields[:3]] == ["text", "array", "array"]
    assert fields[5]["description"] == "x, y", "what it is written of"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "properties", "required", "enum", "approved", "reason", "a"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@given(JSON, JSON)
@example({"properties": {"a": {"properties": [1]}}}, None)
@example({"properties": {"a": {"const": 1, "oneOf": [{"enum": []}, {}]}}}, None)
def test_whatever_a_schema_is_a_person_can_answer(schema: Any, values: Any) -> None:
    requirement = asked(schema)
    for answer in ({"confirmed": True, "note": "n"}, {"values": values}, {"choices": values}, {"result": values}):
        if not (requirement["kind"] == "route_selection" and not isinstance(answer.get("choices", []), list)):
            json.dumps(resume_entry(requirement, answer))


@given(st.sampled_from([APPROVAL, {"type": "boolean"}, None]) | JSON, st.sampled_from(REASONS))
def test_a_note_is_asked_for_where_it_arrives_and_nowhere_else(schema: Any, reason: str) -> None:
    requirement = of_interrupt({"id": "i", "reason": reason, "responseSchema": schema}, None)
    if requirement["kind"] == "confirmation":
        said = json.dumps(resume_entry(requirement, {"confirmed": True, "note": "Because."}))
        assert ("Because." in said) == (requirement.get("note") is not False)


def test_a_call_is_answered_with_its_result() -> None:
    call = Call("c", "locate", "a", "a", pieces=['{"of": ', '"Ada"}'])
    requirement = of_call(call, None)
    assert (requirement["kind"], requirement["tool_args"], is_call(requirement)) == (
        "external_execution",
        {"of": "Ada"},
        True,
    )
    assert tool_answer(requirement, {"result": "here"}) == "here" and tool_answer(requirement, {}) == ""


@pytest.mark.parametrize(
    ("values", "content"),
    [
        ({"accepted": True}, '{"accepted": true}'),
        ({"accepted": False, "note": "No."}, '{"accepted": false, "note": "No."}'),
        ({"accepted": False, "values": {"to": "Ada"}, "note": ""}, '{"accepted": false, "values": {"to": "Ada"}}'),
        ({"accepted": True, "result": "here"}, "here"), ({}, '{"accepted": false}'),
    ],
)  # fmt: skip
def test_what_agno_is_answered_is_of_the_kind_that_was_given(values: Json, content: str) -> None:
    """It does not tell whether a call is to be confirmed, filled in or done elsewhere: all of them can be answered."""
    requirement = of_call(Call("c", "send", "a", "a", pieces=["broken"]), "agno")
    assert requirement["kind"] == "user_input" and "tool_args" not in requirement
    assert tool_answer(requirement, {"values": values}) == content


def test_what_has_no_id_cannot_be_answered() -> None:
    for each in ({}, {"id": ""}, {"id": 7}):
        with pytest.raises(Unreadable, match="no `id` that is text"):
            of_interrupt(each, None)

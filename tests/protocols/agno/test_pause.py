from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyapp.contract.decode import decode_item
from pyapp.contract.events import AgentPaused
from pyapp.protocols.agno.pause import requirements_of

Json = dict[str, Any]
CALL: Json = {"tool_call_id": "c", "tool_name": "send", "tool_args": {"a": 1}}


def needs(*items: Any) -> list[Json]:
    return requirements_of({"requirements": list(items)})


@pytest.mark.parametrize(
    ("marks", "kind"),
    [
        ({}, "confirmation"),
        ({"requires_confirmation": True}, "confirmation"),
        ({"requires_user_input": True}, "user_input"),
        ({"user_feedback_schema": [{}]}, "user_feedback"),
        ({"external_execution_required": True}, "external_execution"),
    ],
)
def test_what_is_waited_for(marks: Json, kind: str) -> None:
    """By what the requirement bears, or its tool; with the tool's name and arguments."""
    execution = {**CALL, **marks}
    (need,) = needs({"id": "q", "tool_execution": execution})
    assert (need["id"], need["kind"], need["tool_name"], need["tool_args"]) == ("q", kind, "send", {"a": 1})
    assert need["raw"] == {"id": "q", "tool_execution": execution}


def test_bare_tools_serve_where_there_are_no_requirements() -> None:
    """Each known by its call, else by its name."""
    found = requirements_of({"requirements": [], "tools": [CALL, {"tool_name": "sign"}, {}, 7]})
    assert [each["id"] for each in found] == ["c", "sign", "requirement"]


def test_calls_of_one_name_are_asked_for_each() -> None:
    """One that is told twice is asked once."""
    tools = [{"tool_name": "sign", "tool_args": {"page": page}} for page in (1, 2, 1)]
    found = requirements_of({"tools": tools})
    assert [(each["id"], each["tool_args"]["page"]) for each in found] == [("sign", 1), ("sign (2)", 2)]


@pytest.mark.parametrize(
    "answered",
    [
        {"confirmation": False}, {"external_execution_result": ""}, {"tool_execution": {"confirmed": True}},
        {"tool_execution": {"answered": True}},
    ],
)  # fmt: skip
def test_what_was_answered_is_not_asked_again(answered: Json) -> None:
    assert needs({"id": "old", **answered}, {"id": "new"})[0]["id"] == "new"


def test_forms_have_their_fields() -> None:
    """Of the requirement before those of its tool; a field without a name cannot be asked for."""
    schema = [{"name": "to", "field_type": "int", "description": "whom", "value": 0}, {"name": ""}, {"name": "x"}, 7]
    (need,) = needs({"id": "q", "user_input_schema": schema, "tool_execution": {"user_input_schema": [{"name": "y"}]}})
    assert need["kind"] == "user_input"
    assert need["input_schema"] == [
        {"name": "to", "type": "int", "description": "whom", "value": 0},
        {"name": "x", "type": "str"},
    ]


def test_questions_become_fields() -> None:
    """One of several is a choice, more than one a list of them; one without options is open."""
    options = [{"label": "a", "description": "First."}, {"label": 7}, {"label": "b", "id": "x"}, "c"]
    questions = [
        {"question": "Which?", "options": options},
        {"question": "Whom?", "options": options, "multi_select": True},
        {"question": "Why?"},
        {"question": ""},
    ]
    (need,) = needs({"id": "q", "user_feedback_schema": questions})
    assert need["input_schema"] == [
        {"name": "Which?", "type": "str", "choices": [{"label": "a", "description": "First."}, {"label": "b"}]},
        {"name": "Whom?", "type": "list", "choices": [{"label": "a", "description": "First."}, {"label": "b"}]},
        {"name": "Why?", "type": "str"},
    ]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=5,
)
FIELDS = st.sampled_from(
    ["id", "tool_execution", "tool_name", "tool_args", "user_input_schema", "user_feedback_schema", "confirmation"]
)
ITEMS = st.dictionaries(FIELDS, VALUES | st.dictionaries(FIELDS, VALUES, max_size=3), max_size=5)


@given(st.lists(ITEMS | VALUES, max_size=4) | VALUES, st.lists(ITEMS, max_size=3) | VALUES)
def test_whatever_agno_says_fits_the_contract(requirements: Any, tools: Any) -> None:
    found = requirements_of({"requirements": requirements, "tools": tools})
    event = {"event": "AgentPaused", "run_id": "r", "requirements": found}
    assert isinstance(decode_item(event), AgentPaused)

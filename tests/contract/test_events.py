from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from pyapp.contract.events import EVENT_ADAPTER, EVENTS, BaseEvent

Json = dict[str, Any]
NODE = {"node_id": "n"}
SIGN_IN = {"interaction": "oauth", "interaction_id": "i", "auth_url": "https://x.example"}
LEAST: dict[str, Json] = {
    "run_start": {}, "run_end": {}, "resume_start": {}, "resume_end": {}, "start_node": NODE,
    "end_node": {**NODE, "status": "success"}, "start_tool": NODE, "end_tool": NODE, "TeamToolCallCompleted": NODE,
    "RunContent": {"content": ""}, "TeamRunContent": {"content": ""}, "ReasoningContent": {"content": ""},
    "RunReasoningContent": {"content": ""}, "TeamRunReasoningContent": {"content": ""},
    "AgentPaused": {"requirements": []}, "ChatHTML": {"html": ""}, "interaction_event": SIGN_IN,
}  # fmt: skip
"""The 17 events with what each must bear."""


def read(name: str, **fields: Any) -> BaseEvent:
    return EVENT_ADAPTER.validate_python({"event": name, "run_id": "r", **LEAST.get(name, {}), **fields})


def test_their_names_are_the_contracts() -> None:
    assert set(LEAST) == EVENTS and len(EVENTS) == 17


@pytest.mark.parametrize("name", sorted(LEAST))
def test_an_event_is_read_with_the_least_it_must_bear(name: str) -> None:
    """And with fields nobody knows, which are kept."""
    made = read(name, unheard_of=[1])
    assert (made.event, made.run_id, (made.model_extra or {})["unheard_of"]) == (name, "r", [1])


@pytest.mark.parametrize(
    ("name", "field"), [(name, field) for name in sorted(LEAST) for field in (*LEAST[name], "run_id")]
)
def test_without_a_required_field_it_is_none(name: str, field: str) -> None:
    fields = {"event": name, "run_id": "r", **LEAST[name]}
    del fields[field]
    with pytest.raises(ValidationError):
        EVENT_ADAPTER.validate_python(fields)


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("run_start", {"run_id": ""}), ("run_start", {"seq": True}), ("run_start", {"seq": -1}),
        ("run_start", {"seq": 1.0}), ("run_start", {"seq": 2**53}), ("run_start", {"ts": float("nan")}),
        ("run_start", {"ts": float("inf")}),
        ("run_start", {"ts": "5"}), ("run_start", {"event_id": 7}), ("start_node", {"node_id": ""}),
        ("start_node", {"order": -1}), ("start_node", {"order": False}), ("start_node", {"child_count": "2"}),
        ("end_node", {"status": "fine"}), ("end_node", {"variables": []}), ("run_end", {"status": "paused"}),
        ("resume_end", {"status": "unverified"}), ("RunContent", {"mode": "append"}),
        ("start_tool", {"tool_args": "x"}),
        ("AgentPaused", {"requirements": {"id": "q", "kind": "confirmation"}}),
        ("AgentPaused", {"requirements": [{"id": "q", "kind": "unheard of"}]}),
        ("AgentPaused", {"requirements": [{"kind": "confirmation"}]}),
        ("interaction_event", {"interaction": "saml"}), ("interaction_event", {"status": "done"}),
    ],
)  # fmt: skip
def test_what_is_not_what_it_should_be_is_refused(name: str, fields: Json) -> None:
    """`true` is no integer, NaN no number, and a status none of its own."""
    with pytest.raises(ValidationError):
        read(name, **fields)


@pytest.mark.parametrize(
    "field", ["seq", "ts", "event_id", "source_run_id", "parent_run_id", "session_id", "source_event"]
)
@pytest.mark.parametrize("name", sorted(LEAST))
def test_null_is_as_good_as_absent(name: str, field: str) -> None:
    assert getattr(read(name, **{field: None}), field) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=5,
)


@given(st.sampled_from(["content", "error", "input"]), JSON)
def test_what_may_be_any_json_is_kept_as_it_is(field: str, value: Any) -> None:
    name = "start_node" if field == "input" else "end_node"
    assert getattr(read(name, **{field: value}), field) == value

"""Interrupts: what a run waits for, as the contract's requirements, and people's answers in AG-UI's terms.

A run pauses by interrupts, each with a schema of its answer, which its end tells (or `on_interrupt` before it), or by
calls of tools that it leaves without a result. Agno knows calls alone, also where a person is only to agree: which it
is, it does not tell.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ...contract.text import text_of
from ..protocol import Json
from .calls import Call
from .fields import listed, required, text
from .schema import flat

AGREES = ("approved", "accepted", "confirmed", "approve", "accept", "confirm")
"""What a schema calls it that somebody agrees."""
REASONS = ("reason", "note", "message", "comment", "feedback")
EDITED = "editedArgs"
"""What a schema calls the tool's arguments, where they may be changed."""
OF_REASON: dict[str, Json] = {
    "confirmation": {"type": "boolean"},
    "tool_call": {"type": "object", "properties": {"approved": {"type": "boolean"}}, "required": ["approved"]},
}
"""What the protocol's own reasons ask for where no schema says it: whether somebody agrees, never a text."""


# -- what is waited for ---------------------------------------------------------------------------------
def of_interrupt(interrupt: Mapping[str, Any], call: Call | None) -> Json:
    """Raises Unreadable for what has no id: nobody could answer it."""
    schema, tool = _schema(interrupt), _tool(call)
    requirement: Json = {"id": required(interrupt, "id"), **_asked(schema), **tool}
    requirement["prompt"] = text(interrupt.get("message")) or text(interrupt.get("reason"))
    requirement["expires_at"] = text(interrupt.get("expiresAt"))
    if requirement["kind"] == "confirmation" and _place_of_note(schema, tool) is None:
        requirement["note"] = False
    return {**_known(requirement), "raw": dict(interrupt)}


def of_call(call: Call, spoken_by: str | None) -> Json:
    """A call without a result. Of Agno a person is asked for all that its answer may be; of others for the result."""
    asked: Json = {"kind": "external_execution"}
    if spoken_by == "agno":
        fields = [
            {"name": "accepted", "type": "bool"},
            {"name": "note", "type": "text", "required": False},
            {"name": "values", "type": "json", "required": False},
            {"name": "result", "type": "text", "required": False},
        ]
        asked = {"kind": "user_input", "input_schema": fields}
    return {**_known({"id": call.call_id, **asked, **_tool(call)}), "raw": {"toolCallId": call.call_id}}


def _schema(interrupt: Mapping[str, Any]) -> Json:
    """The JSON Schema of its answer."""
    return flat(interrupt.get("responseSchema")) or OF_REASON.get(str(interrupt.get("reason")), {})


def _asked(schema: Mapping[str, Any]) -> Json:
    """The kind of a requirement, and its fields, by the JSON Schema of its answer."""
    properties = schema.get("properties")
    if isinstance(properties, Mapping) and properties:
        if _agrees(schema) is not None:
            return {"kind": "confirmation"}
        needed = listed(schema.get("required"))
        fields = [_field(str(name), each, name in needed) for name, each in properties.items() if name]
        return {"kind": "user_input", "input_schema": fields}
    if schema.get("type") == "boolean":
        return {"kind": "confirmation"}
    if listed(schema.get("enum")) and schema.get("type") != "array":
        return {"kind": "route_selection", "choices": schema["enum"], "multiple": False}
    if schema.get("type") in ("integer", "number", "array", "object"):
        return {"kind": "user_input", "input_schema": [_field("answer", schema, needed=True)]}
    return {"kind": "user_feedback"}


def _field(name: str, schema: Mapping[str, Any], needed: bool) -> Json:
    within = schema.get("properties")
    keys = ", ".join(within) if isinstance(within, Mapping) else ""
    field = {
        "name": name,
        "type": text(schema.get("type")) or "text",
        "title": text(schema.get("title")),
        "description": text(schema.get("description")) or keys or None,
        "value": schema.get("default"),
        "required": needed,
        "choices": listed(schema.get("enum")) or None,
    }
    return _known(field)


def _agrees(schema: Mapping[str, Any]) -> str | None:
    """The property by which somebody agrees, where all else that must be answered is why."""
    properties, needed = schema.get("properties"), listed(schema.get("required"))
    if not isinstance(properties, Mapping):
        return None
    found = [each for each in AGREES if _is_type(properties.get(each), "boolean")]
    others = [each for each in needed if each not in (*found[:1], *REASONS)]
    return found[0] if found and not others else None


def _tool(call: Call | None) -> Json:
    if call is None:
        return {}
    try:
        arguments = json.loads(call.text) if call.text else None
    except (ValueError, RecursionError):
        arguments = None
    return {"tool_name": call.name, "tool_args": arguments if isinstance(arguments, dict) else None}


# -- what is answered -----------------------------------------------------------------------------------
def resume_entry(requirement: Mapping[str, Any], answer: Mapping[str, Any]) -> Json:
    """A person's answer (docs/contract.md §2) to an interrupt."""
    return {"interruptId": requirement["raw"]["id"], "status": "resolved", "payload": _payload(requirement, answer)}


def _payload(requirement: Mapping[str, Any], answer: Mapping[str, Any]) -> Any:
    schema, kind = _schema(requirement["raw"]), requirement["kind"]
    if kind == "confirmation":
        agreed, note = answer.get("confirmed") is True, answer.get("note")
        name = _agrees(schema)
        if name is None:
            return agreed
        why = _place_of_note(schema, requirement) if note else None
        return {name: agreed, **({why: note} if why is not None else {})}
    if kind == "route_selection":
        return next(iter(answer.get("choices") or []), None)
    values = answer.get("values")
    if kind == "user_input" and isinstance(values, Mapping):
        needed = listed(schema.get("required"))
        given = {name: value for name, value in values.items() if value is not None or name in needed}
        return given if schema.get("properties") else values.get("answer")
    return values.get("feedback") if isinstance(values, Mapping) else answer.get("result")


def _place_of_note(schema: Mapping[str, Any], tool: Mapping[str, Any]) -> str | None:
    """The property for why somebody decided so. One that is called as an argument of the tool is that argument: what
    stands there would be done in the place of what was asked about.
    """
    properties = schema["properties"] if isinstance(schema.get("properties"), Mapping) else {}
    edited = properties.get(EDITED)
    changed = edited.get("properties") if isinstance(edited, Mapping) else None
    taken = {*(tool.get("tool_args") or ()), *(changed if isinstance(changed, Mapping) else ())}
    places = (each for each in REASONS if each not in taken and _is_type(properties.get(each), "string"))
    return next(places, None)


def tool_answer(requirement: Mapping[str, Any], answer: Mapping[str, Any]) -> str:
    """A person's answer as the result of a tool. What Agno is answered is JSON, unless it is the result itself."""
    values = answer.get("values")
    if requirement["kind"] == "user_input" and isinstance(values, Mapping):
        if values.get("result"):
            return text_of(values["result"])
        given = {key: values[key] for key in ("note", "values") if values.get(key)}
        return json.dumps({"accepted": values.get("accepted") is True, **given})
    return text_of(answer.get("result"))


def is_call(requirement: Mapping[str, Any]) -> bool:
    """Whether it is answered by a result of a tool."""
    raw = requirement.get("raw")
    return isinstance(raw, Mapping) and raw.keys() == {"toolCallId"}


def _is_type(schema: Any, name: str) -> bool:
    return isinstance(schema, Mapping) and schema.get("type") == name


def _known(fields: Json) -> Json:
    return {key: value for key, value in fields.items() if value is not None}

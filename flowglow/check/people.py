"""What a person would answer: an answer of the right shape to any requirement (docs/contract.md §2, `continue`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]
BY_TYPE: Mapping[str, Any] = {
    "int": 1, "integer": 1, "number": 1, "float": 1.5, "bool": True, "boolean": True, "list": [], "array": [],
    "dict": {}, "object": {}, "json": {},
}  # fmt: skip


def answer_to(requirement: Mapping[str, Any]) -> Json:
    """An answer in the contract's shape, with the first of any choices and the values that were proposed."""
    answer: Json = {"id": requirement["id"]}
    match requirement.get("kind"):
        case "confirmation" | "output_review":
            answer["confirmed"] = True
        case "external_execution":
            answer["result"] = "flowglow check was here"
        case "route_selection":
            answer["choices"] = [_value(each) for each in _list(requirement.get("choices"))[:1]]
        case "user_input" | "user_feedback":
            answer["values"] = _values(requirement)
    return answer


def _values(requirement: Mapping[str, Any]) -> Json:
    schema = requirement.get("input_schema")
    if isinstance(schema, list) and schema:
        return {str(each["name"]): _field(each) for each in schema if isinstance(each, dict) and "name" in each}
    choices = requirement.get("choices")
    if isinstance(choices, list) and choices:
        return {"choices": [_value(choices[0])]}
    return {"feedback": "flowglow check was here"} if requirement.get("kind") == "user_feedback" else {}


def _field(field: Mapping[str, Any]) -> Any:
    if field.get("value") is not None:
        return field["value"]
    for name in ("choices", "enum", "options"):
        options = field.get(name)
        if isinstance(options, list) and options:
            return _value(options[0])
    return BY_TYPE.get(str(field.get("type")).lower(), "flowglow check")


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _value(choice: Any) -> Any:
    return choice.get("value", choice) if isinstance(choice, dict) else choice

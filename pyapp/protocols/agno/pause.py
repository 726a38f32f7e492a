"""What a paused run of an agent or team waits for, as the contract's requirements."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..protocol import Json, told_apart

WANTS = ("requires_confirmation", "requires_user_input", "external_execution_required")
"""What a tool can wait for; false once it waits no longer."""


def requirements_of(event: Mapping[str, Any]) -> list[Json]:
    """The requirements of a RunPaused event; its bare tools, where it has no requirements."""
    found = event.get("requirements")
    if isinstance(found, list) and found:
        items = [(each, each.get("tool_execution")) for each in found if isinstance(each, Mapping)]
    else:
        tools = event.get("tools")
        items = [(each, each) for each in tools if isinstance(each, Mapping)] if isinstance(tools, list) else []
    pairs = [(item, tool if isinstance(tool, Mapping) else {}) for item, tool in items]
    return told_apart(requirement(item, tool) for item, tool in pairs if not is_resolved(item, tool))


def is_resolved(item: Mapping[str, Any], tool: Mapping[str, Any]) -> bool:
    """A second pause of a run lists what was answered before as well."""
    answered = (item.get("confirmation"), tool.get("confirmed"), item.get("external_execution_result"))
    if any(each is not None for each in answered) or tool.get("answered") is True:
        return True
    wants = [tool.get(flag) for flag in WANTS]
    return any(each is False for each in wants) and not any(wants)


def requirement(item: Mapping[str, Any], tool: Mapping[str, Any]) -> Json:
    """One of Agno's, with the tool that it is about; `raw` is as it came."""
    name, arguments = tool.get("tool_name"), tool.get("tool_args")
    fields = schema_of(item.get("user_input_schema") or tool.get("user_input_schema"))
    fields += _questions(item.get("user_feedback_schema") or tool.get("user_feedback_schema"))
    return known(
        id=str(item.get("id") or tool.get("tool_call_id") or name or "requirement"),
        kind=_kind(item, tool),
        raw=dict(item),
        tool_name=name if isinstance(name, str) else None,
        tool_args=dict(arguments) if isinstance(arguments, Mapping) else None,
        input_schema=fields or None,
    )


def known(**fields: Any) -> Json:
    """Those that have a value."""
    return {key: value for key, value in fields.items() if value is not None}


def _kind(item: Mapping[str, Any], tool: Mapping[str, Any]) -> str:
    if tool.get("user_feedback_schema") or item.get("user_feedback_schema"):
        return "user_feedback"  # such a tool says that it requires input, too
    if tool.get("requires_user_input") or item.get("user_input_schema"):
        return "user_input"
    if tool.get("external_execution_required"):
        return "external_execution"
    return "confirmation"


def _questions(questions: Any) -> list[Json]:
    """Agno's questions with their options: a field each, named by its question, as Agno wants the answers."""
    ours = []
    for each in _named(questions, "question"):
        options = [
            known(label=of["label"], description=of.get("description")) for of in _named(each.get("options"), "label")
        ]
        kind = "list" if each.get("multi_select") else "str"
        ours.append(known(name=each["question"], type=kind, choices=options or None))
    return ours


def schema_of(fields: Any) -> list[Json]:
    """Agno names the type `field_type`."""
    return [
        known(
            name=each["name"],
            type=str(each.get("field_type") or "str"),
            description=each["description"] if isinstance(each.get("description"), str) else None,
            value=each.get("value"),
            required=each["required"] if isinstance(each.get("required"), bool) else None,
            choices=each["allowed_values"] if isinstance(each.get("allowed_values"), list) else None,
        )
        for each in _named(fields, "name")
    ]


def _named(items: Any, key: str) -> list[Mapping[str, Any]]:
    """Those that have a name under this key: what has none cannot be asked for."""
    found = [each for each in items if isinstance(each, Mapping)] if isinstance(items, list) else []
    return [each for each in found if isinstance(each.get(key), str) and each[key]]

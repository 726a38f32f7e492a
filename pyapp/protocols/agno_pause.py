"""What a paused Agno run waits for, as the contract's requirements."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]


def requirements_of(event: Mapping[str, Any]) -> list[Json]:
    """The requirements of a RunPaused event; its bare tools, where it has no requirements."""
    found = event.get("requirements")
    if isinstance(found, list) and found:
        items = [(each, each.get("tool_execution")) for each in found if isinstance(each, Mapping)]
    else:
        tools = event.get("tools")
        items = [(each, each) for each in tools if isinstance(each, Mapping)] if isinstance(tools, list) else []
    known = [(item, tool if isinstance(tool, Mapping) else {}) for item, tool in items]
    return [_requirement(item, tool) for item, tool in known if not _is_resolved(item, tool)]


def _is_resolved(item: Mapping[str, Any], tool: Mapping[str, Any]) -> bool:
    """A second pause of a run lists what was answered before as well."""
    answered = (item.get("confirmation"), tool.get("confirmed"), item.get("external_execution_result"))
    return any(each is not None for each in answered) or tool.get("answered") is True


def _requirement(item: Mapping[str, Any], tool: Mapping[str, Any]) -> Json:
    ours: Json = {
        "id": str(item.get("id") or tool.get("tool_call_id") or tool.get("tool_name") or "requirement"),
        "kind": _kind(item, tool),
        "raw": dict(item),
    }
    if isinstance(tool.get("tool_name"), str):
        ours["tool_name"] = tool["tool_name"]
    if isinstance(tool.get("tool_args"), Mapping):
        ours["tool_args"] = dict(tool["tool_args"])
    fields = _schema(item.get("user_input_schema") or tool.get("user_input_schema"))
    fields += _questions(item.get("user_feedback_schema") or tool.get("user_feedback_schema"))
    if fields:
        ours["input_schema"] = fields
    return ours


def _kind(item: Mapping[str, Any], tool: Mapping[str, Any]) -> str:
    if tool.get("requires_user_input") or item.get("user_input_schema"):
        return "user_input"
    if tool.get("user_feedback_schema") or item.get("user_feedback_schema"):
        return "user_feedback"
    if tool.get("external_execution_required"):
        return "external_execution"
    return "confirmation"


def _questions(questions: Any) -> list[Json]:
    """Agno's questions with their options: a field each, named by its question, as Agno wants the answers."""
    ours = []
    for each in questions if isinstance(questions, list) else []:
        if isinstance(each, Mapping) and isinstance(each.get("question"), str) and each["question"]:
            options = each.get("options")
            labels = [
                option["label"]
                for option in (options if isinstance(options, list) else [])
                if isinstance(option, Mapping) and isinstance(option.get("label"), str)
            ]
            field: Json = {"name": each["question"], "type": "list" if each.get("multi_select") else "str"}
            if labels and not each.get("multi_select"):
                field["choices"] = labels
            elif labels:
                field["description"] = ", ".join(labels)
            ours.append(field)
    return ours


def _schema(fields: Any) -> list[Json]:
    """Agno names the type `field_type`; a field without a name cannot be asked for."""
    if not isinstance(fields, list):
        return []
    ours = []
    for each in fields:
        if isinstance(each, Mapping) and isinstance(each.get("name"), str) and each["name"]:
            field: Json = {"name": each["name"], "type": str(each.get("field_type") or "str")}
            if isinstance(each.get("description"), str):
                field["description"] = each["description"]
            if each.get("value") is not None:
                field["value"] = each["value"]
            ours.append(field)
    return ours

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
    name, arguments = tool.get("tool_name"), tool.get("tool_args")
    fields = _schema(item.get("user_input_schema") or tool.get("user_input_schema"))
    fields += _questions(item.get("user_feedback_schema") or tool.get("user_feedback_schema"))
    return _known(
        id=str(item.get("id") or tool.get("tool_call_id") or name or "requirement"),
        kind=_kind(item, tool),
        raw=dict(item),
        tool_name=name if isinstance(name, str) else None,
        tool_args=dict(arguments) if isinstance(arguments, Mapping) else None,
        input_schema=fields or None,
    )


def _known(**fields: Any) -> Json:
    return {key: value for key, value in fields.items() if value is not None}


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
    for each in _named(questions, "question"):
        labels = [option["label"] for option in _named(each.get("options"), "label")]
        several = bool(each.get("multi_select"))
        ours.append(
            _known(
                name=each["question"],
                type="list" if several else "str",
                choices=labels if labels and not several else None,
                description=", ".join(labels) if labels and several else None,
            )
        )
    return ours


def _schema(fields: Any) -> list[Json]:
    """Agno names the type `field_type`."""
    return [
        _known(
            name=each["name"],
            type=str(each.get("field_type") or "str"),
            description=each["description"] if isinstance(each.get("description"), str) else None,
            value=each.get("value"),
        )
        for each in _named(fields, "name")
    ]


def _named(items: Any, key: str) -> list[Mapping[str, Any]]:
    """Those that have a name under this key: what has none cannot be asked for."""
    found = [each for each in items if isinstance(each, Mapping)] if isinstance(items, list) else []
    return [each for each in found if isinstance(each.get(key), str) and each[key]]

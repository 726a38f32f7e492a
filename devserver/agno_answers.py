"""A person's answers in Agno's terms: what a client sends with `continue`."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def answer_tool(tool: Json, requirement: Json | None = None) -> None:
    """Answer what a tool waits for: yes, a word for each field, the first option, a result."""
    if tool.get("requires_confirmation"):
        tool["confirmed"] = True
        if requirement is not None:
            requirement["confirmation"] = True
    if tool.get("user_feedback_schema"):
        for question in tool["user_feedback_schema"]:
            question["selected_options"] = [question["options"][0]["label"]]
        tool["answered"] = True
    elif tool.get("requires_user_input"):
        for field in tool.get("user_input_schema") or []:
            if field.get("value") is None:
                field["value"] = "Ann"
        tool["answered"] = True
    if tool.get("external_execution_required"):
        tool["result"] = "It rang."


def answer_steps(needs: list[Json]) -> list[Json]:
    """Answer what a workflow waits for."""
    for need in needs:
        for each in need.get("executor_requirements") or []:
            answer_tool(each["tool_execution"], each)
        if need.get("requires_route_selection") or need.get("available_choices"):
            need["selected_choices"] = need["available_choices"][:1]
        elif need.get("requires_user_input"):
            need["user_input"] = {field["name"]: "Ann" for field in need["user_input_schema"]}
        if need.get("requires_confirmation") or need.get("requires_output_review"):
            need["confirmed"] = True
    return needs

"""What people answered, as Agno takes it: the requirements of a pause, as they came, with the answers filled in."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from ..runs import ForeignRun
from .step_pause import asks_itself

Json = dict[str, Any]


def answered(run: ForeignRun, pause: Mapping[str, Any]) -> tuple[str, list[Json]]:
    """The field that a continue wants, and what it holds: `tools` of an agent, `requirements` of a team,
    `step_requirements` of a workflow.
    """
    raws = {id: deepcopy(each.get("raw") or {}) for id, each in run.waiting.items()}
    for id, raw in raws.items():
        fill_in(raw, run.answers.get(id, {}))
    if run.flow_id.startswith("workflows/"):
        return "step_requirements", _steps(pause, list(raws.values()))
    if run.flow_id.startswith("teams/"):
        return "requirements", list(raws.values())
    return "tools", [raw.get("tool_execution") or raw for raw in raws.values()]


def _steps(pause: Mapping[str, Any], raws: list[Json]) -> list[Json]:
    """The step requirements of a pause: those that were answered themselves, or whose executor's were."""
    own = {raw["step_id"]: raw for raw in raws if isinstance(raw.get("step_id"), str)}
    inner = {raw["id"]: raw for raw in raws if "id" in raw}
    found = pause.get("step_requirements")
    steps = [deepcopy(each) for each in found if isinstance(each, dict)] if isinstance(found, list) else []
    for step in steps:
        asked = step.get("executor_requirements")
        if isinstance(asked, list):
            step["executor_requirements"] = [inner.get(each.get("id"), each) for each in asked]
    told = [own.pop(step.get("step_id", ""), step) if asks_itself(step) else step for step in steps]
    return [*told, *own.values()]  # of a review Agno 2.9 tells no more than that it waits


def fill_in(raw: Json, answer: Mapping[str, Any]) -> None:
    """Fill one answer (docs/contract.md §2, `continue`) into a requirement of Agno's: of a step, or of a tool."""
    if isinstance(raw.get("step_id"), str):
        _step(raw, answer)
        return
    tool = raw.get("tool_execution")
    for place in (raw, tool) if isinstance(tool, dict) else (raw,):
        _tool(place, answer)
    if "confirmed" in answer and place is not raw:
        raw["confirmation"] = bool(answer["confirmed"])
        raw["confirmation_note"] = answer.get("note")
    if "result" in answer and place is not raw:
        raw["external_execution_result"] = _text(answer["result"])


def _step(raw: Json, answer: Mapping[str, Any]) -> None:
    if "confirmed" in answer:
        raw["confirmed"] = bool(answer["confirmed"])
        raw["rejection_feedback"] = answer.get("note")
    if "choices" in answer:
        raw["selected_choices"] = list(answer["choices"])
    if "result" in answer and answer.get("confirmed", True):
        raw["edited_output"] = answer["result"]
    values = answer.get("values")
    if isinstance(values, Mapping):
        raw["user_input"] = dict(values)
        _values(raw.get("user_input_schema"), values)


def _tool(place: Json, answer: Mapping[str, Any]) -> None:
    if "confirmed" in answer:
        place["confirmed"] = bool(answer["confirmed"])
        place["confirmation_note"] = answer.get("note")
    if "result" in answer:
        place["result"] = _text(answer["result"])
    values = answer.get("values")
    if isinstance(values, Mapping):
        _values(place.get("user_input_schema"), values)
        _feedback(place.get("user_feedback_schema"), values)
        place["answered"] = True


def _values(schema: Any, values: Mapping[str, Any]) -> None:
    for field in schema if isinstance(schema, list) else ():
        if isinstance(field, dict) and field.get("name") in values:
            field["value"] = values[field["name"]]


def _feedback(schema: Any, values: Mapping[str, Any]) -> None:
    for question in schema if isinstance(schema, list) else ():
        if isinstance(question, dict) and question.get("question") in values:
            chosen = values[question["question"]]
            question["selected_options"] = list(chosen) if isinstance(chosen, list) else [str(chosen)]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else repr(value)

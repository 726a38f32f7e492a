"""What people answered, given to Agno's own objects: requirements of agents, of teams, and of steps of workflows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pyapp.protocols.agno.answers import fill_in
from pyapp.protocols.agno.step_pause import step_requirement

Answer = Mapping[str, Any]
"""As `continue` takes it (docs/contract.md §2)."""


def give(needs: Iterable[Any], answers: Mapping[str, Answer]) -> None:
    """Fill the answers, by the ids under which the translator told them, into the requirements that are open."""
    for need in needs:
        if hasattr(need, "step_id"):
            _to_step(need, answers)
        elif not need.is_resolved() and need.id in answers:
            _to_tool(need, answers[need.id])


def _to_tool(need: Any, answer: Answer) -> None:
    if need.needs_user_feedback:  # such a tool says that it requires input, too
        need.provide_user_feedback({each: _several(chosen) for each, chosen in answer["values"].items()})
    elif need.needs_user_input:
        need.provide_user_input(dict(answer["values"]))
    elif need.needs_external_execution:
        result = answer["result"]
        need.set_external_execution_result(result if isinstance(result, str) else repr(result))
    elif answer["confirmed"]:
        need.confirm()
    else:
        need.reject(answer.get("note"))


def _to_step(need: Any, answers: Mapping[str, Answer]) -> None:
    """What an agent or a team asks in a step stands within it, as objects or as they were kept."""
    inner = list(need.executor_requirements or [])
    for each in inner:
        if isinstance(each, dict) and each.get("id") in answers:
            fill_in(each, answers[each["id"]])
    give([each for each in inner if not isinstance(each, dict)], answers)
    answer = None if inner or need.is_resolved else answers.get(step_requirement(need.to_dict())["id"])
    if answer is None:
        return
    if "values" in answer:
        need.set_user_input(**answer["values"])
    if "choices" in answer:
        need.select(*answer["choices"])
    if answer.get("confirmed") is False:
        need.reject(answer.get("note"))
    elif "result" in answer:
        need.edit(answer["result"])
    elif "confirmed" in answer:
        need.confirm()


def _several(chosen: Any) -> list[str]:
    return list(chosen) if isinstance(chosen, list) else [str(chosen)]

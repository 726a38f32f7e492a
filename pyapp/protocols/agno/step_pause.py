"""What a paused workflow waits for, as the contract's requirements.

Leave, a form, a route, a look at an output, or what the agent or team of a step asks.
"""

from __future__ import annotations

from datetime import datetime

from .fields import Event, Json, record, records, text
from .pause import is_resolved, known, requirement, schema_of


def step_requirements(event: Event) -> list[tuple[Json, Event]]:
    """Of a WorkflowPaused: each that is open, with the step that it is of."""
    found: list[tuple[Json, Event]] = []
    for step in records(event.get("step_requirements")):
        inner = records(step.get("executor_requirements"))
        if inner:
            asked = [(each, record(each.get("tool_execution"))) for each in inner]
            found += [(requirement(each, tool), step) for each, tool in asked if not is_resolved(each, tool)]
        elif asks_itself(step):
            found.append((step_requirement(step), step))
    return found


def step_requirement(step: Event) -> Json:
    """One of a step, or of the event that tells it; known by its step and what is wanted."""
    kind, words = _kind(step)
    output = record(step.get("step_output")).get("content")
    choices = step.get("available_choices")
    return known(
        id=f"{text(step.get('step_name')) or text(step.get('step_id')) or 'step'}/{kind}",
        kind=kind,
        prompt=text(step.get(words)),
        input_schema=schema_of(step.get("user_input_schema")) or None,
        choices=list(choices) if isinstance(choices, list) else None,
        multiple=True if step.get("allow_multiple_selections") is True else None,
        output=output if kind == "output_review" else None,
        expires_at=_moment(step.get("timeout_at")),
        raw=dict(step),
    )


def _kind(step: Event) -> tuple[str, str]:
    """What is wanted, and the field that has the words for it."""
    if step.get("requires_output_review"):
        return "output_review", "output_review_message"
    if step.get("requires_route_selection") or isinstance(step.get("available_choices"), list):
        return "route_selection", "user_input_message"
    if step.get("requires_user_input") or step.get("user_input_schema"):
        return "user_input", "user_input_message"
    return "confirmation", "confirmation_message"


def asks_itself(step: Event) -> bool:
    """Whether the step waits, and not its executor. A second pause lists what was answered before as well."""
    answers = ("confirmed", "user_input", "selected_choices", "edited_output")
    return not records(step.get("executor_requirements")) and all(step.get(each) is None for each in answers)


def _moment(told: object) -> float | None:
    """Seconds since the epoch."""
    try:
        return datetime.fromisoformat(str(told)).timestamp() if text(told) else None
    except (ValueError, OverflowError, OSError):
        return None

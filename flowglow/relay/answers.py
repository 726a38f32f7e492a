"""Answers that people give to a paused run (docs/contract.md §2, `continue`): what each must have, once each."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from ..errors import Refused
from ..reading import held
from .log.port import EventLog

NEEDED: Mapping[str, tuple[str, type]] = {
    "confirmation": ("confirmed", bool),
    "user_input": ("values", dict),
    "user_feedback": ("values", dict),
    "external_execution": ("result", object),
    "route_selection": ("choices", list),
    "output_review": ("confirmed", bool),
}
"""By kind of requirement: the field its answer must have, and of which type."""


def complaint(requirement: Mapping[str, Any], answer: Mapping[str, Any]) -> str | None:
    """A sentence on why this cannot be an answer to that requirement; None when it can."""
    kind = str(requirement.get("kind"))
    field, needed = NEEDED.get(kind, ("id", object))
    if field not in answer or not isinstance(answer[field], needed):
        what = {bool: "true or false", dict: "an object", list: "an array"}.get(needed, "any value")
        return f"The answer to {requirement.get('id')!r} ({kind}) needs `{field}`: {what}."
    return None


async def take_answers(log: EventLog, run: Mapping[str, Any], answers: Sequence[Mapping[str, Any]]) -> None:
    """Hand people's answers to whoever executes the run, all of them or none; `run` is what the log says of it.

    Each is told with the id of the event that asked (`asked`), so that a question that is asked again can be
    answered again. What was answered, and is said again, changes nothing. Raises Refused.
    """
    open_ones = {str(each.get("id")): each for each in run["requirements"]}
    orders: dict[str, str] = {}
    for answer in answers:
        requirement_id = str(answer.get("id"))
        asked = run["asked"].get(requirement_id)
        if asked is None:
            if await _last_answer(log, run["run_id"], requirement_id) == _text(answer):
                continue
            raise Refused(409, "not_waiting", f"The run {run['run_id']!r} does not wait for {requirement_id!r}.")
        order = {"answer": dict(answer), "asked": asked, "id": requirement_id, "type": "answer"}
        text = _text(order)
        words = complaint(open_ones[requirement_id], answer)
        if words:
            raise Refused(422, "bad_answer", words)
        if orders.setdefault(f"{requirement_id} asked by {asked}", text) != text:
            words = f"{requirement_id!r:.200} is answered twice in this call, and differently; nothing was taken."
            raise Refused(409, "answered_twice", f"{words} Send one answer to it.")
    await log.order(run["run_id"], orders)


async def _last_answer(log: EventLog, run_id: str, requirement_id: str) -> str | None:
    """What was answered to it last, as text."""
    last, after = None, -1
    while entries := (await log.read(run_id, after, "orders")).entries:
        after = entries[-1].seq
        for order in (held(entry.text) for entry in entries):
            if order.get("type") == "answer" and order["id"] == requirement_id:
                last = _text(order["answer"])
    return last


def _text(said: Mapping[str, Any]) -> str:
    return json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))

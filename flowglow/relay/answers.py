"""Answers that people give to a paused run (docs/contract.md §2, `continue`): what each must have, once each."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from ..errors import Refused
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
    answered again. Raises Refused.
    """
    open_ones = {str(each.get("id")): each for each in run["requirements"]}
    orders: dict[str, str] = {}
    for answer in answers:
        requirement_id = str(answer.get("id"))
        asked = run["asked"].get(requirement_id)
        if asked is None:
            raise _not_waiting(run, requirement_id)
        order = {"answer": dict(answer), "asked": asked, "id": requirement_id, "type": "answer"}
        text = json.dumps(order, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        if requirement_id not in open_ones and not await _was_said(log, run["run_id"], text):
            raise _not_waiting(run, requirement_id)
        words = complaint(open_ones.get(requirement_id, {}), answer)
        if words:
            raise Refused(422, "bad_answer", words)
        if orders.setdefault(f"{requirement_id} asked by {asked}", text) != text:
            words = f"{requirement_id!r:.200} is answered twice in this call, and differently; nothing was taken."
            raise Refused(409, "answered_twice", f"{words} Send one answer to it.")
    await log.order(run["run_id"], orders)


async def _was_said(log: EventLog, run_id: str, text: str) -> bool:
    after = -1
    while True:
        page = await log.read(run_id, after, "orders")
        if any(entry.text == text for entry in page.entries):
            return True
        if not page.entries:
            return False
        after = page.entries[-1].seq


def _not_waiting(run: Mapping[str, Any], requirement_id: str) -> Refused:
    return Refused(409, "not_waiting", f"The run {run['run_id']!r} does not wait for {requirement_id!r}.")

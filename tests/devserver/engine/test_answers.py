"""Answers of people to a paused run."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from devserver.engine.answers import NEEDED, Answers, complaint
from tests.devserver.support import PATIENCE_S

GOOD: dict[str, dict[str, Any]] = {
    "confirmation": {"confirmed": False},
    "user_input": {"values": {"name": "x"}},
    "user_feedback": {"values": {}},
    "external_execution": {"result": None},
    "route_selection": {"choices": ["a"]},
    "output_review": {"confirmed": True, "result": "edited"},
}


async def test_whoever_waits_gets_all_answers() -> None:
    """The wait ends when the last one is there, in the order in which they were asked for."""
    answers = Answers()
    waiting = asyncio.create_task(answers.wait(["a", "b"]))
    answers.give({"b": {"id": "b"}})
    answers.give({"a": {"id": "a"}})
    assert list(await asyncio.wait_for(waiting, PATIENCE_S)) == ["a", "b"]
    assert answers.get("b") == {"id": "b"} and answers.get("c") is None


@pytest.mark.parametrize("kind", sorted(NEEDED))
def test_each_kind_needs_its_field(kind: str) -> None:
    """A fitting answer is taken; one without the field is refused in a sentence that names it."""
    requirement = {"id": "q", "kind": kind}
    assert complaint(requirement, {"id": "q", **GOOD[kind]}) is None
    words = complaint(requirement, {"id": "q"})
    assert words is not None and f"`{NEEDED[kind][0]}`" in words and "'q'" in words


def test_wrong_types_are_refused() -> None:
    """A text is not yes, and an array no object."""
    assert complaint({"id": "q", "kind": "confirmation"}, {"id": "q", "confirmed": "true"})
    assert complaint({"id": "q", "kind": "user_input"}, {"id": "q", "values": []})

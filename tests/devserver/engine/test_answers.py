"""Answers of people to a paused run."""

from __future__ import annotations

import asyncio

from devserver.engine.answers import Answers
from tests.devserver.support import PATIENCE_S


async def test_whoever_waits_gets_all_answers() -> None:
    """The wait ends when the last one is there, in the order in which they were asked for."""
    answers = Answers()
    waiting = asyncio.create_task(answers.wait(["a", "b"]))
    answers.give({"b": {"id": "b"}})
    answers.give({"a": {"id": "a"}})
    async with asyncio.timeout(PATIENCE_S):
        given = await waiting
    assert list(given) == ["a", "b"] and given["b"] == {"id": "b"}

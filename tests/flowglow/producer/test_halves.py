"""Halves of characters: each source's text arrives whole."""

from __future__ import annotations

import json

import flowglow
from flowglow.producer.feed import LogFeed
from flowglow.producer.halves import Halves
from flowglow.relay.log.memory import MemoryLog


async def test_a_character_that_was_cut_in_two_arrives_whole() -> None:
    """Also where two sources speak in turn."""
    log = MemoryLog()
    async with flowglow.run("f", feed=LogFeed(log), run_id="r") as run:
        await run.say("a\ud83d", agent_id="x")
        await run.say("b\ud83d", agent_id="y")
        await run.say("\ude00c", agent_id="x")
        await run.say("\ude01d", agent_id="y")
    told = [json.loads(entry.text) for entry in (await log.read("r")).entries]
    assert [event["content"] for event in told[1:-1]] == ["a", "b", "\U0001f600c", "\U0001f601d"]


def test_a_half_without_its_other_half_is_a_mark() -> None:
    halves = Halves()

    def told(content: object, **more: str) -> object:
        return halves.joined({"event": "RunContent", "content": content, **more})["content"]

    assert [told("a\ud83d"), told("b")] == ["a", "\ufffdb"]
    assert [told("\ude00a"), told("\ud83dx"), told({"n": 1}), told("")] == ["\ufffda", "\ufffdx", {"n": 1}, ""]
    assert [told("a\ud83d"), told("whole", mode="snapshot"), told("\ude00")] == ["a", "whole", "\ufffd"]
    assert halves.joined({"event": "end_node", "content": "a\ud83d"})["content"] == "a\ud83d"

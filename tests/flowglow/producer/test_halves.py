"""Halves of characters: each source's text is whole for who reads, as each half is told as it was."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import flowglow
from flowglow.producer.feed import LogFeed
from tests.flowglow.relay.support import memory_logs, sqlite_logs
from tests.flowglow.watch.test_watcher import Bench
from tests.flowglow.watch.truth import spoken


@pytest.mark.parametrize("kind", ["memory", "sqlite"])
async def test_a_character_that_was_cut_in_two_arrives_whole(kind: str, tmp_path: Path) -> None:
    """Also where two sources speak in turn; what nothing comes behind, of a node or of the run, is a mark."""
    async with (memory_logs() if kind == "memory" else sqlite_logs(tmp_path))() as log:
        async with flowglow.run("f", feed=LogFeed(log), run_id="r") as run:
            for source, content in (("x", "a\ud83d"), ("y", "b\ud83d"), ("x", "\ude00c"), ("y", "\ude01d\ud83d")):
                await run.say(content, agent_id=source)
            async with run.node("n"):
                await run.say("e\ud83d", node_id="n")
            await run.say("f\ud83df", agent_id="z")
        told = [json.loads(entry.text) for entry in (await log.read("r")).entries]
    watcher = Bench()
    watcher.open()
    watcher.tell(*told)
    (record,) = watcher.watcher.runs
    assert sorted(spoken(record).values()) == ["a\U0001f600c", "b\U0001f601d\ufffd", "e\ufffd", "f\ufffdf"]

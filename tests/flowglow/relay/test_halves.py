"""A producer of its own may cut a text through the middle of a character."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import pytest

from tests.flowglow.redis_server import running_redis
from tests.flowglow.relay.support import memory_logs, redis_logs, relaying, sqlite_logs
from tests.flowglow.relay.test_ingest import KEY, PORTAL
from tests.flowglow.watch.test_watcher import Bench
from tests.flowglow.watch.truth import spoken


@pytest.mark.parametrize("kind", ["memory", "sqlite", "redis"])
async def test_a_character_that_a_producer_cut_in_two_arrives_whole(kind: str, tmp_path: Path) -> None:
    """Each half is passed on as it came, as only who reads knows what is one source's text; also from two calls."""
    async with contextlib.AsyncExitStack() as stack:
        opened = memory_logs() if kind == "memory" else sqlite_logs(tmp_path)
        if kind == "redis":
            opened = redis_logs(stack.enter_context(running_redis(tmp_path)))
        log = await stack.enter_async_context(opened())
        relay = await stack.enter_async_context(relaying(log, PORTAL))
        client = await stack.enter_async_context(relay.client(**KEY))
        page = await stack.enter_async_context(relay.page())
        await page.send({"type": "subscribe", "flow_id": "f"})
        await page.send({"type": "resume", "runs": {"none": -1}})
        await page.until(run_id="none")
        await client.put("/ingest/runs/r", json={"flow_id": "f"})
        for content in ("run_end \\ud83d", "\\ude00é\\ud83d", "\\ude01"):
            body = f'{{"event":"RunContent","content":"{content}","said":{{"event":"run_end"}}}}'
            assert (await client.post("/ingest/runs/r/events", content=body)).status_code == 200
        await client.post("/ingest/runs/r/events", content='{"event":"run_end"}')
        live = [each for each in await page.until(event="run_end") if "seq" in each]
        kept = [json.loads(each) for each in (await client.get("/api/runs/r/events")).text.splitlines()]
        for told in (live, kept):
            texts = [each["content"] for each in told[:-1]]
            assert texts == ["run_end \ud83d", "\ude00é\ud83d", "\ude01"]
        watcher = Bench()
        watcher.open()
        watcher.tell(*live)
        (run,) = watcher.watcher.runs
        assert list(spoken(run).values()) == ["run_end \U0001f600é\U0001f601"]
        assert (await client.get("/api/runs/r")).json()["status"] == "success"

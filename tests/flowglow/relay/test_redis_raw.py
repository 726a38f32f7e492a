"""What producers write into Redis itself: told as the contract says, bounded, and harmless where it is nothing."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any

from flowglow.relay.log.port import KEEP, Query, Retention
from flowglow.relay.log.redis import RedisLog
from flowglow.relay.log.redis_keys import STARTS, id_of, run_key
from tests.flowglow.redis_server import RedisServer
from tests.flowglow.relay.log.conftest import redis as redis  # the fixture
from tests.flowglow.relay.support import Served, relaying, said, text
from tests.flowglow.relay.test_socket import greeted
from tests.flowglow.serving import PATIENCE_S, SocketPage


@contextlib.asynccontextmanager
async def empty(redis: RedisServer, retention: Retention = KEEP) -> AsyncIterator[RedisLog]:
    """A log with nothing in it."""
    redis.ask("FLUSHALL")
    log = await RedisLog.opened(redis.url, retention)
    yield log
    await log.close()


def wrote(redis: RedisServer, run_id: str, seq: int, entry: str | bytes, *more: str | bytes) -> None:
    """A producer's first command."""
    assert redis.ask("XADD", run_key(run_id, "events"), id_of(seq), "e", entry, *more)[:1] == b"$"


def begun(redis: RedisServer, *fields: str | bytes) -> None:
    """A producer's second one."""
    assert redis.ask("XADD", STARTS, "*", *fields)[:1] == b"$"


async def taken_to(page: SocketPage, run_id: str, seq: int) -> list[dict[str, Any]]:
    """The events of the run up to that number, also those that the page's decoder does not know."""
    taken: list[dict[str, Any]] = []
    while not any(each.get("seq") == seq for each in taken):
        frame = json.loads(await asyncio.wait_for(page.socket.recv(), PATIENCE_S))
        taken += [each for each in (frame if isinstance(frame, list) else [frame]) if each.get("run_id") == run_id]
    return taken


async def goes_on(relay: Served, page: SocketPage) -> None:
    """Another run is told to who watches it, and every call is answered."""
    await relay.log.append("good", [text("on", run_id="good")])
    await page.until(run_id="good", content="on")
    async with relay.client() as client:
        for path in ("/healthz", "/api/runs", "/api/runs/good"):
            assert (await client.get(path)).status_code == 200, path


async def test_an_entry_that_is_not_utf_8_is_unreadable_and_harms_nothing_else(redis: RedisServer) -> None:
    async with empty(redis) as log, relaying(log) as relay, relay.page() as page:
        await log.append("good", [said("run_start", run_id="good", flow_id="f")])
        await greeted(page, "f")
        wrote(redis, "bad", 0, b'{"event":"RunContent","run_id":"bad","content":"caf\xe9"}', "i", b"\xff")
        wrote(redis, "bad", 1, '{"event":"RunContent","run_id":"bad","content":"café"}', "i", b"\xff")
        begun(redis, "run", "bad", "flow", b"\xe9")
        begun(redis, "run", b"\xe9", "flow", "f")
        begun(redis, "run", "bad", "flow", "")
        assert [each["event"] for each in await taken_to(page, "bad", 1)] == ["unreadable", "RunContent"]
        await goes_on(relay, page)
        async with relay.client() as client:
            assert (await client.get("/api/runs/bad")).json()["last_seq"] == 1
            lines = (await client.get("/api/runs/bad/events")).text.splitlines()
            assert [json.loads(line)["event"] for line in lines] == ["unreadable", "RunContent"]


async def test_a_start_that_names_no_run_harms_nothing_else(redis: RedisServer) -> None:
    async with empty(redis) as log, relaying(log) as relay, relay.page() as page:
        await log.append("good", [said("run_start", run_id="good", flow_id="f")])
        await greeted(page, "f")
        begun(redis, "rum", "bad")
        begun(redis, "run", "", "flow", "f")
        await goes_on(relay, page)
        assert [run["run_id"] for run in await log.runs(Query())] == ["good"]

"""What producers write into Redis itself: told as the contract says, bounded, and harmless where it is nothing."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

from flowglow.relay.log.port import KEEP, Query, Retention, UsedUp
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
    until = asyncio.get_running_loop().time() + PATIENCE_S  # for pings there is no end
    while not any(each.get("seq") == seq for each in taken):
        async with asyncio.timeout_at(until):
            frame = json.loads(await page.socket.recv())
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
        begun(redis, "run", "bad", "flow", "f")
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


async def test_a_redis_that_was_emptied_is_another_one(redis: RedisServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """It was never away, and says nothing of it: pages are told to come back, and read anew."""
    monkeypatch.setattr("flowglow.relay.log.redis_follower.WAIT_MS", 200)
    async with empty(redis) as log, relaying(log) as relay:
        async with relay.page() as page:
            before = (await greeted(page, "f"))["instance"]
            await log.append("r", [said("run_start", flow_id="f"), *(text(str(each)) for each in range(9))])
            await page.until(seq=9)
            redis.ask("FLUSHALL")
            with pytest.raises(ConnectionClosed):
                async with asyncio.timeout(PATIENCE_S / 2):  # less than it takes until a ping comes
                    await page.until(never=1)
            assert page.socket.close_code == 1012
        async with relay.page() as page, relay.client() as client:
            instance = (await page.next())["instance"]
            assert instance == (await client.get("/healthz")).json()["instance"] != before
            await log.append("r", [said("run_start", flow_id="f"), text("anew")])
            await page.send({"type": "resume", "runs": {"r": -1}})
            await page.until(seq=1, content="anew")
            await log.append("r", [text("on")])
            await page.until(seq=2, content="on")


async def test_a_stream_that_somebody_emptied_by_hand_is_read_all_the_same(redis: RedisServer) -> None:
    """Before the run was brought up to date with it; its numbers go on."""
    async with empty(redis) as log:
        look, looks = log._pictures._picture, list[object]()

        def few_looks(**asked: object) -> object:
            looks.append(asked)
            assert len(looks) < 20, "it is looked at again and again"
            return look(**asked)  # type: ignore[arg-type]

        log._pictures._picture = few_looks  # type: ignore[assignment]
        await log.append("r", [said("run_start", flow_id="f")])
        wrote(redis, "r", 1, text("b").body)
        redis.ask("XTRIM", run_key("r", "events"), "MAXLEN", "0")
        assert (await log.run("r"))["last_seq"] == 1
        assert await log.append("r", [text("c")]) == [2]
        redis.ask("DEL", run_key("r", "events"))
        assert (await log.run("r"))["status"] == "executing"


async def test_nothing_of_a_redis_that_was_emptied_is_remembered(redis: RedisServer) -> None:
    """Another relay tells of another run, that has the name and the numbers of the first."""
    async with empty(redis) as log:
        await log.append("r", [said("run_start", flow_id="f")])
        async with empty(redis) as other:
            await other.append("r", [said("start_node", node_id="a")])
        await log.instance()
        run = await log.run("r")
        assert (run["flow_id"], list(run["results"])) == (None, ["a"])


WEIGHT = len(text("000", "raw000", run_id="raw").body) + 9


def wrote_texts(redis: RedisServer, first: int, last: int) -> None:
    for seq in range(first, last):
        wrote(redis, "raw", seq, text(f"{seq:03}", f"raw{seq:03}", run_id="raw").body, "i", f"raw{seq:03}")


async def kept(log: RedisLog) -> int:
    """How many of its events there are, without a look at what it amounts to."""
    return len((await log.read("raw")).entries)


@pytest.mark.parametrize("retention", [Retention(events=50), Retention(event_bytes=50 * WEIGHT)])
async def test_of_what_a_producer_wrote_no_more_is_kept_than_of_anything(
    redis: RedisServer, retention: Retention
) -> None:
    """By number and by bytes, once it is summed up; by a sweep, too, where nobody asks for it. Then it goes on so."""
    async with empty(redis, retention) as log:
        wrote_texts(redis, 0, 120)
        begun(redis, "run", "raw", "flow", "f")
        assert await log.sweep(time.time()) == []
        assert 48 <= await kept(log) <= 52
        wrote_texts(redis, 120, 160)
        assert (await log.run("raw"))["last_seq"] == 159
        assert 48 <= await kept(log) <= 52
        wrote_texts(redis, 160, 170)
        more = [text(f"{seq:03}", f"raw{seq:03}", run_id="raw") for seq in range(170, 190)]
        assert await log.append("raw", more) == list(range(170, 190))
        assert 48 <= await kept(log) <= 52
        wrote_texts(redis, 190, 230)
        assert await log.sweep(time.time()) == []
        assert 48 <= await kept(log) <= 52


async def test_what_a_producer_wrote_is_told_as_the_contract_says(redis: RedisServer) -> None:
    """With its run, without a number of its own, and on one line."""
    async with empty(redis) as log, relaying(log) as relay, relay.client() as client:
        event = {"event": "RunContent", "run_id": "raw", "content": "one\ntwo"}
        wrote(redis, "raw", 0, json.dumps(event, indent=1))
        wrote(redis, "raw", 1, json.dumps(event, indent=1).replace("\n", "\r"))
        wrote(redis, "raw", 2, '{"event":"RunContent","content":"one\\ntwo"}')
        wrote(redis, "raw", 3, json.dumps(event | {"seq": 9}))
        lines = (await client.get("/api/runs/raw/events")).text.removesuffix("\n").split("\n")
        assert not any("\r" in line for line in lines)
        assert [json.loads(line) for line in lines] == [event | {"seq": seq} for seq in range(4)]


async def test_the_flow_that_a_producer_named_is_the_flow_of_its_run(redis: RedisServer) -> None:
    """Also where somebody asked for the run before it was told of; what its own start says counts more."""
    async with empty(redis) as log:
        said_of_flow = said("run_start", run_id="own", flow_id="g").body
        for run_id, entry in (("raw", '{"event":"run_start"}'), ("early", "{}"), ("own", said_of_flow)):
            wrote(redis, run_id, 0, entry)
        assert (await log.run("early"))["flow_id"] is None
        for run_id in ("raw", "early", "own"):
            begun(redis, "run", run_id, "flow", "f")
        begun(redis, "run", "raw", "flow", "")
        assert (await log.run("raw"))["flow_id"] == "f"
        listed = {run["run_id"]: run["status"] for run in await log.runs(Query(flow_id="f"))}
        assert listed == {"raw": "executing", "early": "queued"}
        assert (await log.run("early"))["flow_id"] == "f"
        assert (await log.run("own"))["flow_id"] == "g"


async def test_a_key_that_is_no_stream_harms_nothing_else(redis: RedisServer) -> None:
    """Redis refuses to tell of any stream while one of the keys asked for is something else."""
    async with empty(redis) as log, relaying(log) as relay, relay.page() as page:
        await log.append("good", [said("run_start", run_id="good", flow_id="f")])
        await greeted(page, "f")
        redis.ask("LPUSH", run_key("bad", "events"), "x")
        begun(redis, "run", "bad", "flow", "f")
        await log.append("spoilt", [said("run_start", run_id="spoilt", flow_id="f")])
        redis.ask("SET", run_key("spoilt", "events"), "x")
        await page.send({"type": "resume", "runs": {"bad": -1, "spoilt": -1}})
        assert not (await page.until(run_id="spoilt", type="catch_up"))[-1]["complete"]
        await goes_on(relay, page)
        await log.sweep(time.time())


async def test_numbers_that_are_none_harm_nothing_else(redis: RedisServer) -> None:
    """As a time in nanoseconds is: neither Redis' scripts nor a page can tell two of them apart."""
    async with empty(redis) as log, relaying(log) as relay, relay.page() as page, relay.client() as client:
        await log.append("good", [said("run_start", run_id="good", flow_id="f")])
        await log.append("later", [said("run_start", run_id="later", flow_id="g")])
        await greeted(page, "f")
        wrote(redis, "bad", time.time_ns(), '{"event":"run_start","flow_id":"g"}')
        wrote(redis, "later", time.time_ns(), '{"event":"RunContent","content":"x"}')
        begun(redis, "run", "bad", "flow", "g")
        await goes_on(relay, page)
        await log.sweep(time.time())
        assert (await client.get("/api/runs/bad")).json()["error"]["code"] == "numbers_used_up"
        with pytest.raises(UsedUp):
            await log.append("later", [text("x", run_id="later")])


async def test_high_numbers_go_on(redis: RedisServer) -> None:
    async with empty(redis) as log:
        wrote(redis, "high", 10**15, '{"event":"run_start","flow_id":"f"}')
        begun(redis, "run", "high", "flow", "f")
        assert await log.append("high", [text("x", run_id="high"), text("y", run_id="high")]) == [
            10**15 + 1,
            10**15 + 2,
        ]
        assert [run["last_seq"] for run in await log.runs(Query())] == [10**15 + 2]

"""What is nested deep: taken up to a bound, so that all in which it is told can be read; and of old, harmless."""

from __future__ import annotations

import json
import time
from typing import Any

import httpx
import pytest
from pydantic_core import from_json
from starlette.requests import Request

from flowglow import reading
from flowglow.errors import Refused
from flowglow.producer.feed import LogFeed
from flowglow.reading import MAX_DEPTH
from flowglow.relay.log.memory import MemoryLog
from flowglow.relay.log.port import EventLog, NewRun
from flowglow.relay.log.redis_keys import STARTS, id_of, run_key
from flowglow.relay.portal import NoExecutor, Portal
from tests.flowglow.redis_server import RedisServer
from tests.flowglow.relay.support import NOW, Opened, Served, redis_logs, relaying, said, text
from tests.flowglow.support import nested

KEY = {"authorization": "Bearer k"}
OLD_DEPTH = 200
"""Levels of what was taken before there was a bound."""
TAKEN = [201, 201, 200, 200, 200, 200, 202, 202]
"""How all that `tell` tells is answered where it is taken."""


class Flows:
    async def all(self) -> list[dict[str, Any]]:
        return [{"id": "f"}]

    async def flow(self, flow_id: str) -> dict[str, Any] | None:
        return {"id": flow_id}


class Worker:
    """Whatever it is told, it does nothing."""

    async def start(self, flow_id: str, run_id: str, input: Any, request: Request) -> None:
        pass

    stop = answered = NoExecutor.stop


PORTAL = Portal(Flows(), Worker(), keys=["k"])


def told(levels: int) -> list[dict[str, Any]]:
    """Events that stand in what is known of a run, nested so deep."""
    ask = {"id": "q", "kind": "user_input", "prompt": "?", "more": nested(levels - 3)}
    sign_in = {"interaction": "oauth", "interaction_id": "i", "auth_url": "https://x.example/"}
    return [
        {"event": "run_start", "flow_id": "f"},
        {"event": "end_node", "node_id": "n", "status": "success", "content": nested(levels - 1)},
        {"event": "interaction_event", **sign_in, "more": nested(levels - 1)},
        {"event": "AgentPaused", "requirements": [ask]},
    ]


def answered(levels: int) -> dict[str, Any]:
    return {"requirements": [{"id": "q", "values": {"x": nested(levels - 4)}}]}


async def tell(client: httpx.AsyncClient, levels: int) -> list[tuple[int, str]]:
    """Whatever can be told and said, nested so deep: how each is answered."""
    answers = [
        await client.put("/ingest/runs/r", json={"flow_id": "f", "input": nested(levels - 1)}),
        await client.post("/api/flows/f/runs", json={"input": nested(levels - 1)}),
        *[await client.post("/ingest/runs/r/events", json=each) for each in told(levels)],
        await client.post("/ingest/runs/r/logs", json={"text": "x", "more": nested(levels - 1)}),
        await client.post("/api/runs/r/continue", json=answered(levels)),
    ]
    return [(answer.status_code, answer.text) for answer in answers]


async def read_by_all(relay: Served) -> None:
    """Whatever is told of the run, and of all together, can be read by who asks, and by a page that watches."""
    async with relay.client(**KEY) as client:
        for path in ("/api/runs", "/api/runs?flow_id=f", "/api/runs/r", "/ingest/runs/r/orders"):
            answer = await client.get(path)
            assert answer.status_code == 200, (path, answer.text)
            assert from_json(answer.content), path
        (orders,) = from_json((await client.get("/ingest/runs/r/orders")).content)["orders"]
        assert orders["id"] == "q"
        assert {each["status"] for each in (await client.get("/api/runs")).json()} == {"queued", "paused"}


async def test_what_is_as_deep_as_may_be_is_told_to_all(opened: Opened) -> None:
    """Also in the frame of a batch."""
    async with opened(clock=time.time) as log, relaying(log, PORTAL) as relay, relay.client(**KEY) as client:
        assert [status for status, _ in await tell(client, MAX_DEPTH)] == TAKEN
        await read_by_all(relay)
        async with relay.page() as page:
            await page.send({"type": "resume", "runs": {"r": -1}})
            taken = await page.until(event="AgentPaused")
            assert [each["seq"] for each in taken if "seq" in each] == [0, 1, 2, 3]


async def test_what_is_deeper_is_refused_and_named(opened: Opened) -> None:
    """Wherever it comes in; nothing of it is kept, and what is beside it goes on."""
    async with opened(clock=time.time) as log, relaying(log, PORTAL) as relay, relay.client(**KEY) as client:
        await log.append("r", [text("a"), said("AgentPaused", requirements=[{"id": "q", "kind": "user_input"}])])
        for levels in (MAX_DEPTH + 1, OLD_DEPTH + 1, 400):
            answers = await tell(client, levels)
            assert [status for status, _ in answers] == [422, 422, 200, 422, 422, 422, 422, 422], levels
            assert all("nested deeper than 128 levels" in words for status, words in answers if status == 422)
            if levels < OLD_DEPTH:
                for place in ("`input.0.0`", "Line 1: `content.0.0`", "`more.0.0`", "`requirements.0.values`"):
                    assert any(place in words for _, words in answers), place
        assert [each["run_id"] for each in (await client.get("/api/runs")).json()] == ["r"]
        assert not (await log.read("r", stream="orders")).entries


async def as_before(log: EventLog, monkeypatch: pytest.MonkeyPatch) -> None:
    """The log has taken what was nested as deep as a parser reads."""
    with monkeypatch.context() as patched:
        patched.setattr(reading, "MAX_DEPTH", 10_000)
        async with relaying(log, PORTAL) as relay, relay.client(**KEY) as client:
            assert [status for status, _ in await tell(client, OLD_DEPTH)] == TAKEN


async def test_what_a_log_holds_from_before_harms_nobody(shared: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    """All is told but what is too deep in it; and the run goes on to its end."""
    async with shared("old", clock=time.time) as log:
        await as_before(log, monkeypatch)
    async with shared("old", clock=time.time) as log, relaying(log, PORTAL) as relay, relay.client(**KEY) as client:
        await read_by_all(relay)
        run = (await client.get("/api/runs/r")).json()
        assert run["results"]["n"]["status"] == "success" and run["interactions"][0]["interaction_id"] == "i"
        answer = await client.post("/ingest/runs/r/events", json={"event": "run_end"})
        assert answer.status_code == 200
        assert (await client.get("/api/runs/r")).json()["status"] == "success"


async def test_what_a_producer_wrote_into_redis_is_unreadable_where_it_is_deeper(redis: RedisServer) -> None:
    """It uses its number up, and changes nothing; what is as deep as may be is told."""
    async with redis_logs(redis)() as log, relaying(log, PORTAL) as relay, relay.client() as client:
        for seq, levels in enumerate((MAX_DEPTH, MAX_DEPTH + 1, OLD_DEPTH, 400)):
            entry = f'{{"event":"RunContent","content":"x","more":{"[" * (levels - 1)}{"]" * (levels - 1)}}}'
            redis.ask("XADD", run_key("r", "events"), id_of(seq), "e", entry)
        redis.ask("XADD", run_key("r", "events"), id_of(4), "e", '{"event":"RunContent","content":"x","n":1e999}')
        redis.ask("XADD", STARTS, "*", "run", "r", "flow", "f")
        lines = (await client.get("/api/runs/r/events")).text.splitlines()
        assert [from_json(line)["event"] for line in lines] == ["RunContent", *["unreadable"] * 4]
        assert [each["last_seq"] for each in from_json((await client.get("/api/runs")).content)] == [4]


async def test_a_producer_in_the_same_process_has_the_same_bound() -> None:
    log = MemoryLog()
    await LogFeed(log).open(NewRun("r", "f", NOW, nested(MAX_DEPTH - 1)))
    with pytest.raises(Refused, match=r"`input\.0\.0` is nested deeper") as refused:
        await LogFeed(log).open(NewRun("s", "f", NOW, nested(MAX_DEPTH)))
    assert refused.value.status == 422
    for levels, words in ((MAX_DEPTH, "RunContent: `more.0.0` is nested"), (240, "RunContent: it is nested deeper")):
        with pytest.raises(Refused, match=words):
            said("RunContent", content="x", more=nested(levels))
    assert json.loads(said("RunContent", content="x", more=nested(MAX_DEPTH - 1)).body)["content"] == "x"

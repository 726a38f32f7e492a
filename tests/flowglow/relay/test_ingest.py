"""What producers call over HTTP."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from flowglow.relay.portal import Portal
from tests.flowglow.relay.support import relaying

KEY = {"authorization": "Bearer secret"}
PORTAL = Portal(keys=("other", "secret"))


def ndjson(*values: dict[str, Any]) -> str:
    return "\n".join(json.dumps(value) for value in values)


async def test_events_are_numbered_and_sending_again_is_nothing_new() -> None:
    async with relaying(portal=PORTAL) as relay, relay.client(**KEY) as client:
        first = {"event": "run_start", "flow_id": "f", "event_id": "1"}
        second = {"event": "RunContent", "content": "é", "event_id": "2", "seq": 99}
        answer = await client.post("/ingest/runs/r/events", content=ndjson(first, second) + "\n\n")
        assert answer.json() == {"seqs": [0, 1]}
        again = await client.post("/ingest/runs/r/events", content=ndjson(second, {"event": "run_end"}))
        assert again.json() == {"seqs": [1, 2]}
        lines = (await client.get("/api/runs/r/events")).text.splitlines()
        event = json.loads(lines[1])
        assert (event["run_id"], event["seq"], event["content"], event["event_id"]) == ("r", 1, "é", "2")
        assert isinstance(event["ts"], float) and len(lines) == 3


async def test_one_bad_line_takes_none_and_is_named() -> None:
    good = {"event": "run_start"}
    async with relaying(portal=PORTAL) as relay, relay.client(**KEY) as client:
        for bad, words in (
            ("{", "Line 2 is not JSON"),
            ("[]", "Line 2 is no JSON object"),
            ('{"event":"end_node","node_id":"a"}', "Line 2: end_node: status: Field required"),
            ('{"event":"run_end","run_id":"s"}', "Line 2: run_end: it is of the run 's', not of 'r'"),
            ('{"content":"x"}', "Line 2: An event needs `event`"),
        ):
            answer = await client.post("/ingest/runs/r/events", content=f"{json.dumps(good)}\n{bad}")
            assert answer.status_code in (400, 422) and words in answer.json()["error"]["message"]
        assert (await client.get("/api/runs/r")).status_code == 404


async def test_only_whoever_has_a_key_may_send() -> None:
    event = ndjson({"event": "run_start"})
    async with relaying(portal=PORTAL) as relay:
        for headers in ({}, {"authorization": "Bearer wrong"}, {"authorization": "Basic secret"}):
            async with relay.client(**headers) as client:
                assert (await client.post("/ingest/runs/r/events", content=event)).status_code == 401
    async with relaying() as relay, relay.client(authorization="Bearer x") as client:
        answer = await client.post("/ingest/runs/r/events", content=event)
        assert answer.status_code == 401 and "no key is set" in answer.json()["error"]["message"]


async def test_a_run_may_be_told_of_before_its_first_event() -> None:
    async with relaying(portal=PORTAL) as relay, relay.client(**KEY) as client:
        body = {"flow_id": "f", "input": "x", "started_at": 5}
        assert (await client.put("/ingest/runs/r", json=body)).status_code == 201
        assert (await client.put("/ingest/runs/r", json=body)).status_code == 200
        run = (await client.get("/api/runs/r")).json()
        assert (run["status"], run["input"], run["started_at"]) == ("queued", "x", 5.0)
        assert (await client.put("/ingest/runs/s", json={"flow_id": 1})).status_code == 422
        assert (await client.put(f"/ingest/runs/{'x' * 300}", json={})).status_code == 422


async def test_log_lines_are_kept() -> None:
    async with relaying(portal=PORTAL) as relay, relay.client(**KEY) as client:
        await client.put("/ingest/runs/r", json={})
        lines = ndjson({"text": "a", "level": "warning", "node_id": "n", "ts": 1}, {"text": "b"})
        assert (await client.post("/ingest/runs/r/logs", content=lines)).status_code == 202
        assert (await client.post("/ingest/runs/r/logs", content='{"level":"info"}')).status_code == 422
        told = (await client.get("/api/runs/r/logs")).json()["lines"]
        assert told[0] == {"ts": 1, "level": "warning", "text": "a", "node_id": "n"}
        assert (told[1]["text"], told[1]["level"]) == ("b", "info")


async def test_whoever_executes_hears_what_is_wanted() -> None:
    """At once, while it waits; behind its cursor; and once."""
    async with relaying(portal=PORTAL) as relay, relay.client(**KEY) as client:
        await client.put("/ingest/runs/r", json={})
        assert (await client.get("/ingest/runs/r/orders?after=0")).json() == {"orders": [], "cursor": 0}
        waiting = asyncio.create_task(client.get("/ingest/runs/r/orders?after=0&wait=30"))
        while not relay.relay.hub._orders:
            await asyncio.sleep(0)
        await client.post("/api/runs/r/stop")
        assert (await waiting).json() == {"orders": [{"type": "stop"}], "cursor": 1}
        assert (await client.get("/ingest/runs/r/orders?after=1")).json() == {"orders": [], "cursor": 1}
        assert relay.relay.hub._orders == {}
        assert (await client.get("/ingest/runs/none/orders")).status_code == 404

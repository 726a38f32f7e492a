"""What producers call over HTTP."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import HTTPConnection

import flowglow
from flowglow.relay.drafts import draft
from flowglow.relay.ingest import MAX_LINES
from flowglow.relay.portal import Portal
from flowglow.relay.rights import Action, Subject
from tests.flowglow.relay.support import memory_logs, relaying, sqlite_logs
from tests.flowglow.serving import PATIENCE_S

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
            ('{"event":"start_node","node_id":"a","input":[{"n":1e999}]}', "a number in it is too large to be held"),
            ('{"event":"start_node","node_id":"a","input":-1' + "0" * 400 + ".0}", "too large to be held"),
            ("[]", "Line 2 is no JSON object"),
            ('{"event":"end_node","node_id":"a"}', "Line 2: end_node: status: Field required"),
            ('{"event":"run_end","run_id":"s"}', "Line 2: run_end: it is of the run 's', not of 'r'"),
            ('{"content":"x"}', "Line 2: An event needs `event`"),
        ):
            answer = await client.post("/ingest/runs/r/events", content=f"{json.dumps(good)}\n{bad}")
            assert answer.status_code in (400, 422) and words in answer.json()["error"]["message"]
        assert (await client.get("/api/runs/r")).status_code == 404


@pytest.mark.parametrize("kind", ["memory", "sqlite"])
async def test_what_cannot_be_a_time_or_an_id_is_refused_in_words(kind: str, tmp_path: Path) -> None:
    """Never as a failure of the relay, which a producer would meet again for ever."""
    opened = memory_logs() if kind == "memory" else sqlite_logs(tmp_path)
    huge = "1" + "0" * 400
    async with opened() as log, relaying(log, portal=PORTAL) as relay, relay.client(**KEY) as client:
        for bad, word in (
            ('{"event":"mine","ts":"abc"}', "`ts`"),
            ('{"event":"mine","ts":true}', "`ts`"),
            (f'{{"event":"mine","ts":{huge}}}', "`ts`"),
            (f'{{"event":"run_start","ts":{huge}}}', "`ts`"),
            ('{"event":"RunContent","content":"x","event_id":7}', "`event_id`"),
        ):
            answer = await client.post("/ingest/runs/r/events", content=bad)
            assert answer.status_code == 422 and word in answer.json()["error"]["message"], bad
        for bad in (huge, "true", "null", '"now"'):
            answer = await client.put("/ingest/runs/r", content=f'{{"started_at":{bad}}}')
            assert answer.status_code == 422 and "`started_at`" in answer.json()["error"]["message"], bad
        assert (await client.get("/api/runs/r")).status_code == 404
        answer = await client.post("/ingest/runs/r/events", content='{"event":"run_start","ts":null}')
        assert answer.json() == {"seqs": [0]}
        assert isinstance(json.loads((await client.get("/api/runs/r/events")).text)["ts"], float)
        answer = await client.get(f"/ingest/runs/r/orders?after={2**64}")
        assert answer.json() == {"orders": [], "cursor": 0}


async def test_half_of_a_character_takes_nothing_else_away() -> None:
    """It is U+FFFD where no other half can follow; the events beside it are taken."""
    async with relaying(portal=PORTAL) as relay, relay.client(**KEY) as client:
        lines = [
            '{"event":"RunContent","content":"a\\ud83db"}',
            '{"event":"ChatHTML","html":"a\\ud83d"}',
            '{"event":"RunContent","content":"\\ud83d\\ude00é","event_id":"x\\ud83d"}',
        ]
        answer = await client.post("/ingest/runs/r/events", content="\n".join(lines))
        assert answer.json() == {"seqs": [0, 1, 2]}
        told = [json.loads(each) for each in (await client.get("/api/runs/r/events")).text.splitlines()]
        assert [each.get("content", each.get("html")) for each in told] == ["a\ufffdb", "a\ufffd", "\U0001f600é"]
        assert told[2]["event_id"] == "x\ufffd"
        assert (await client.post("/ingest/runs/r/logs", content='{"text":"a\\ud83d"}')).status_code == 202


async def test_one_call_has_so_many_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has more sends them in several calls; empty lines do not count."""
    async with relaying(portal=PORTAL) as relay, relay.client(**KEY) as client:
        line = '{"event":"x"}\n'
        answer = await client.post("/ingest/runs/r/events", content=line * (MAX_LINES + 1))
        assert answer.status_code == 413 and "5000 lines" in answer.json()["error"]["message"]
        assert (await client.get("/api/runs/r")).status_code == 404
        answer = await client.post("/ingest/runs/r/events", content=("\n" + line) * MAX_LINES)
        assert len(answer.json()["seqs"]) == MAX_LINES
        monkeypatch.setattr("flowglow.relay.ingest.MAX_LINES", 5)
        async with flowglow.run("f", url=f"http://{relay.address}", key="secret", run_id="s") as run:
            for _ in range(20):
                await run.say("x")
        assert (await relay.log.read("s")).last == 21


async def test_others_have_their_turn_while_a_large_call_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    turns = 0

    def counted(*given: Any) -> Any:
        seen.append(turns)
        return draft(*given)

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    monkeypatch.setattr("flowglow.relay.ingest.draft", counted)
    async with relaying(portal=PORTAL) as relay, relay.client(**KEY) as client:
        beside = asyncio.create_task(others())
        await client.post("/ingest/runs/r/events", content='{"event":"x"}\n' * 2_000)
        beside.cancel()
    assert len(set(seen)) >= 8


async def test_whoever_leaves_in_the_middle_of_a_body_is_no_failure_of_ours(capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is kept of what came, and nothing is said of it in the log."""
    async with relaying(portal=PORTAL) as relay, relay.client(**KEY) as client, asyncio.timeout(PATIENCE_S):
        host, port = relay.address.split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        head = f"POST /ingest/runs/r/events HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer secret\r\n"
        writer.write(f'{head}Content-Length: 100\r\n\r\n{{"even'.encode())
        writer.write_eof()
        await reader.read()
        writer.close()
        assert (await client.get("/api/runs/r")).status_code == 404
    assert "in ASGI application" not in capsys.readouterr().err


async def test_only_whoever_has_a_key_may_send() -> None:
    event = ndjson({"event": "run_start"})
    async with relaying(portal=PORTAL) as relay:
        for headers in ({}, {"authorization": "Bearer wrong"}, {"authorization": "Basic secret"}):
            async with relay.client(**headers) as client:
                assert (await client.post("/ingest/runs/r/events", content=event)).status_code == 401
    async with relaying() as relay, relay.client(authorization="Bearer x") as client:
        answer = await client.post("/ingest/runs/r/events", content=event)
        assert answer.status_code == 401 and "no key is set" in answer.json()["error"]["message"]


async def test_a_portal_that_lets_nobody_send_says_no_word_of_keys() -> None:
    """It decides by itself, and no key would help."""

    def authorize(request: HTTPConnection, action: Action, subject: Subject | None) -> bool:
        return request.headers.get("x-worker") == "w"

    portal = Portal(authorize=authorize)
    async with relaying(portal=portal) as relay:
        for headers, status in (({}, 403), ({"authorization": "Bearer x"}, 403), ({"x-worker": "w"}, 200)):
            async with relay.client(**headers) as client:
                answer = await client.post("/ingest/runs/r/events", content=ndjson({"event": "run_start"}))
                assert answer.status_code == status
                if status != 200:
                    error = {"code": "forbidden", "message": "You may not send events of this run."}
                    assert answer.json() == {"error": error}


async def test_a_run_may_be_told_of_before_its_first_event() -> None:
    async with relaying(portal=PORTAL) as relay, relay.client(**KEY) as client:
        body = {"flow_id": "f", "input": "x", "started_at": 5}
        assert (await client.put("/ingest/runs/r", json=body)).status_code == 201
        assert (await client.put("/ingest/runs/r", json=body)).status_code == 200
        run = (await client.get("/api/runs/r")).json()
        assert (run["status"], run["input"], run["started_at"]) == ("queued", "x", 5.0) and "began_at" not in run
        first = ndjson(
            {"event": "run_start", "event_id": "e", "ts": 9.0}, {"event": "run_end", "event_id": "f", "ts": 11.0}
        )
        assert (await client.post("/ingest/runs/r/events", content=first)).status_code == 200
        run = (await client.get("/api/runs/r")).json()
        assert (run["started_at"], run["began_at"], run["ended_at"]) == (5.0, 9.0, 11.0)
        assert (await client.put("/ingest/runs/s", json={"flow_id": 1})).status_code == 422
        assert (await client.put(f"/ingest/runs/{'x' * 300}", json={})).status_code == 422


async def test_a_flow_of_which_no_page_could_ask_is_refused() -> None:
    """A socket names ids of 200 characters at most; nothing is told of under a longer one."""
    async with relaying(portal=PORTAL) as relay, relay.client(**KEY) as client:
        for length, statuses in ((200, [201, 200]), (201, [422, 422])):
            flow_id = "f" * length
            opened = await client.put(f"/ingest/runs/a{length}", json={"flow_id": flow_id})
            begun = ndjson({"event": "run_start", "flow_id": flow_id})
            told = await client.post(f"/ingest/runs/b{length}/events", content=begun)
            assert [opened.status_code, told.status_code] == statuses
            assert "error" not in told.json() or "200 characters" in told.json()["error"]["message"]


async def test_log_lines_are_kept() -> None:
    async with relaying(portal=PORTAL) as relay, relay.client(**KEY) as client:
        await client.put("/ingest/runs/r", json={})
        lines = ndjson({"text": "a", "level": "warning", "node_id": "n", "ts": 1}, {"text": "b"})
        assert (await client.post("/ingest/runs/r/logs", content=lines)).status_code == 202
        assert (await client.post("/ingest/runs/r/logs", content='{"level":"info"}')).status_code == 422
        told = (await client.get("/api/runs/r/logs")).json()["lines"]
        assert told[0] == {"ts": 1, "level": "warning", "text": "a", "node_id": "n"}
        assert (told[1]["text"], told[1]["level"]) == ("b", "info")


async def test_a_log_line_with_an_id_may_be_sent_again() -> None:
    async with relaying(portal=PORTAL) as relay, relay.client(**KEY) as client:
        await client.put("/ingest/runs/r", json={})
        lines = ndjson({"text": "a", "line_id": "1"}, {"text": "b", "line_id": "2"}, {"text": "b"})
        for _ in range(2):
            assert (await client.post("/ingest/runs/r/logs", content=lines)).status_code == 202
        told = (await client.get("/api/runs/r/logs")).json()["lines"]
        assert [line["text"] for line in told] == ["a", "b", "b", "b"] and "line_id" not in told[0]
        for wrong in (1, "x" * 201):
            answer = await client.post("/ingest/runs/r/logs", content=ndjson({"text": "a", "line_id": wrong}))
            assert answer.status_code == 422 and "Line 1: `line_id`" in answer.json()["error"]["message"]


async def test_whoever_executes_hears_what_is_wanted() -> None:
    """At once, while it waits; behind its cursor; and once."""
    async with relaying(portal=PORTAL) as relay, relay.client(**KEY) as client:
        await client.put("/ingest/runs/r", json={})
        assert (await client.get("/ingest/runs/r/orders?after=0")).json() == {"orders": [], "cursor": 0}
        waiting = asyncio.create_task(client.get("/ingest/runs/r/orders?after=0&wait=30"))
        while not relay.relay.hub.orders.waiting:
            await asyncio.sleep(0)
        await client.post("/api/runs/r/stop")
        assert (await waiting).json() == {"orders": [{"type": "stop"}], "cursor": 1}
        assert (await client.get("/ingest/runs/r/orders?after=1")).json() == {"orders": [], "cursor": 1}
        # a cursor of before the log was lost: all is heard from the beginning
        assert (await client.get("/ingest/runs/r/orders?after=9")).json() == {"orders": [], "cursor": 0}
        assert relay.relay.hub.orders.waiting == {}
        assert (await client.get("/ingest/runs/none/orders")).status_code == 404

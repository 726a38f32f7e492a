"""Every HTTP call of the contract, and every way in which one can be refused."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from devserver.app import create_app
from devserver.engine.backend import Backend
from devserver.engine.flow import Flow
from flowglow.web import MAX_BODY
from pyapp.contract.http import LogPage, RunInfo
from tests.devserver.support import PATIENCE_S, Heard, Scripted, chain

START = {"event": "run_start"}
SIGN_IN = {"event": "interaction_event", "interaction": "oauth", "interaction_id": "i", "auth_url": "https://a.example"}


class Echo(Flow):
    """Gives back what Play sent."""

    async def run(self, run: Any, input: Any) -> None:
        run.emit({"event": "run_end", "content": input})


class Server:
    """The application, asked as a page would ask it."""

    def __init__(self, *flows: Flow) -> None:
        self.app = create_app(Path("/nowhere"), flows={flow.id: flow for flow in flows})
        self.backend: Backend = self.app.state.backend
        self.heard = Heard(self.backend)

    async def ask(self, method: str, path: str, host: str = "127.0.0.1:8000", **options: Any) -> httpx.Response:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=f"http://{host}/api") as client:
            return await client.request(method, path, **options)

    async def start(self, flow_id: str, **options: Any) -> str:
        answer = await self.ask("POST", f"/flows/{flow_id}/runs", **options)
        assert answer.status_code == 201
        return str(answer.json()["run_id"])

    async def finished(self, flow_id: str, **options: Any) -> str:
        run_id = await self.start(flow_id, **options)
        await self.until(run_id, "run_end")
        return run_id

    async def until(self, run_id: str, event: str) -> None:
        """Until the engine told that, and the log, which hears of it behind the engine, has it."""
        run = self.backend.run(run_id)
        await self.heard.until(run, event=event)
        async with asyncio.timeout(PATIENCE_S):
            told = len(self.heard.of(run))
            while (await self.ask("GET", f"/runs/{run_id}")).json().get("last_seq", -1) + 1 < told:
                await asyncio.sleep(0.01)


@contextlib.asynccontextmanager
async def serving(*flows: Flow) -> AsyncIterator[Server]:
    server = Server(*flows)
    try:
        yield server
    finally:
        await server.backend.close()


def double() -> Flow:
    """A flow with a node that logs and one that fails."""

    def ok(context: Any, inputs: Any) -> str:
        context.log("info", "hello")
        return "fine"

    def bad(context: Any, inputs: Any) -> None:
        raise LookupError("not there")

    return chain({"ok": ok, "bad": bad}, "double")


async def test_flows_are_listed_and_told() -> None:
    """`GET /flows` has ids and names in order; `GET /flows/{id}` the graph."""
    async with serving(double(), Scripted("second")) as server:
        listed = (await server.ask("GET", "/flows")).json()
        assert listed == [{"id": "double", "name": "Double"}, {"id": "second", "name": "Second"}]
        flow = (await server.ask("GET", "/flows/double")).json()
        assert [node["path"] for node in flow["nodes"]] == ["test.Ok", "test.Bad"]
        assert flow["edges"] == [{"source": "ok", "target": "bad"}]


async def test_a_run_is_told_from_its_start_to_its_end() -> None:
    """Status, times, results by node, last number: as the page's own model reads them."""
    async with serving(double()) as server:
        run_id = await server.finished("double")
        info = RunInfo.model_validate_json((await server.ask("GET", f"/runs/{run_id}")).text)
        assert (info.run_id, info.flow_id, info.status, info.last_seq) == (run_id, "double", "error", 5)
        assert info.started_at is not None and info.began_at is not None and info.ended_at is not None
        assert info.started_at <= info.began_at <= info.ended_at
        assert info.error == "bad failed: LookupError: not there"
        assert info.results is not None
        assert (info.results["ok"].status, info.results["ok"].content) == ("success", "fine")
        assert (info.results["bad"].status, info.results["bad"].error) == ("error", "LookupError: not there")
        assert info.results["bad"].orders == [1]
        assert info.requirements == [] == info.interactions


async def test_the_input_reaches_the_flow() -> None:
    """Whatever JSON it is; without a body it is none."""
    async with serving(Echo("echo", "Echo", [])) as server:
        for body, expected in (({"json": {"input": {"a": [1]}}}, {"a": [1]}), ({}, None), ({"content": b" "}, None)):
            run = server.backend.run(await server.finished("echo", **body))
            assert server.heard.of(run)[-1].get("content") == expected


async def test_runs_are_listed_by_flow() -> None:
    """Newest first; all of them without a filter, none for a flow nobody knows."""
    async with serving(Scripted("a", START), Scripted("b", START)) as server:
        ids = [await server.finished(flow) for flow in ("a", "b", "a")]

        async def listed(query: str) -> list[str]:
            return [run["run_id"] for run in (await server.ask("GET", f"/runs{query}")).json()]

        assert await listed("") == ids[::-1]
        assert await listed("?flow_id=a") == [ids[2], ids[0]]
        assert await listed("?flow_id=none") == []
        info = (await server.ask("GET", f"/runs/{ids[0]}")).json()
        brief = (await server.ask("GET", "/runs?flow_id=b")).json()[0]
        assert brief.keys() == info.keys() - {"results"} and brief["status"] == "success"


async def test_runs_are_listed_by_status_and_in_pages() -> None:
    """Of one status; those before a run; so many. A run that is not there has none before it."""
    waiting = Scripted("w", START, wait=True)
    async with serving(Scripted("a", START), waiting) as server:
        ids = [await server.finished("a") for _ in range(3)]
        last = await server.start("w")
        await server.until(last, "run_start")

        async def listed(query: str) -> list[str]:
            return [run["run_id"] for run in (await server.ask("GET", f"/runs?{query}")).json()]

        assert await listed("status=executing") == [last]
        assert await listed("status=success&limit=2") == [ids[2], ids[1]]
        assert await listed(f"before={ids[1]}") == [ids[0]]
        assert await listed(f"flow_id=a&before={last}&limit=1") == [ids[2]]
        assert await listed("before=gone") == await listed("limit=0") == await listed("limit=-1") == []
        assert (await server.ask("GET", "/runs?limit=many")).json()["error"]["code"] == "bad_query"


async def test_a_run_tells_what_it_was_started_with() -> None:
    """`input`, as Play sent it; nothing where nothing was sent."""
    async with serving(Scripted("a", START)) as server:
        with_input = await server.finished("a", json={"input": {"q": [1]}})
        without = await server.finished("a")
        assert (await server.ask("GET", f"/runs/{with_input}")).json()["input"] == {"q": [1]}
        assert "input" not in (await server.ask("GET", f"/runs/{without}")).json()


async def test_a_run_is_told_where_its_server_really_listens() -> None:
    """The port is the server's own: a Host that names another leads no call of a flow there."""
    async with serving(Scripted("a", START)) as server:
        answer = await server.ask("POST", "/flows/a/runs", headers={"host": "localhost:9"})
        assert server.backend.run(answer.json()["run_id"]).origin == "http://localhost:8000"


async def test_events_come_as_ndjson_behind_a_number() -> None:
    """All without `after`; a line an event; nothing behind the last."""
    async with serving(double()) as server:
        run_id = await server.finished("double")
        answer = await server.ask("GET", f"/runs/{run_id}/events")
        assert answer.headers["content-type"].startswith("application/x-ndjson")
        told = [json.loads(line) for line in answer.text.splitlines()]
        assert told == server.heard.of(server.backend.run(run_id))
        assert len(answer.text.splitlines()) == 6
        behind = (await server.ask("GET", f"/runs/{run_id}/events?after=3")).text.splitlines()
        assert behind == answer.text.splitlines()[4:]
        assert (await server.ask("GET", f"/runs/{run_id}/events?after=5")).text == ""


async def test_logs_have_a_cursor() -> None:
    """Lines with node and level; asking again with the cursor gives nothing twice."""
    async with serving(double()) as server:
        run_id = await server.finished("double")
        page = LogPage.model_validate_json((await server.ask("GET", f"/runs/{run_id}/logs")).text)
        assert ("info", "ok", "hello") in [(line.level, line.node_id, line.text) for line in page.lines]
        assert "error" in [line.level for line in page.lines]
        again = await server.ask("GET", f"/runs/{run_id}/logs?after={page.cursor}")
        assert again.json() == {"lines": [], "cursor": page.cursor}


async def test_stop_kills_and_may_come_twice() -> None:
    """202 at once; also for a run that is over."""
    async with serving(Scripted("held", START, wait=True)) as server:
        run_id = await server.start("held")
        assert (await server.ask("POST", f"/runs/{run_id}/stop")).status_code == 202
        await server.until(run_id, "run_end")
        assert (await server.ask("POST", f"/runs/{run_id}/stop", json={})).status_code == 202
        assert (await server.ask("GET", f"/runs/{run_id}")).json()["status"] == "killed"


async def test_continue_takes_the_same_answer_twice() -> None:
    """202 both times; another answer is a conflict."""
    pause = {"event": "AgentPaused", "requirements": [{"id": "q", "kind": "confirmation"}]}
    async with serving(Scripted("asks", pause, SIGN_IN, wait=True)) as server:
        run_id = await server.start("asks")
        await server.until(run_id, "interaction_event")
        info = (await server.ask("GET", f"/runs/{run_id}")).json()
        assert info["status"] == "paused"
        assert info["requirements"] == [{"id": "q", "kind": "confirmation"}]
        assert [each["interaction_id"] for each in info["interactions"]] == ["i"]

        async def answer(confirmed: bool) -> int:
            body = {"requirements": [{"id": "q", "confirmed": confirmed}]}
            return (await server.ask("POST", f"/runs/{run_id}/continue", json=body)).status_code

        assert [await answer(True), await answer(True), await answer(False)] == [202, 202, 409]


async def test_tickets_are_given_out() -> None:
    """Each one is another; the page learns for how long it is good."""
    async with serving() as server:
        one, other = [(await server.ask("POST", "/tickets")).json() for _ in range(2)]
        assert one["ticket"] != other["ticket"] and one["expires_in"] > 0


@pytest.mark.parametrize(
    ("method", "path", "options", "status", "code"),
    [
        ("GET", "/flows/none", {}, 404, "unknown_flow"),
        ("POST", "/flows/none/runs", {}, 404, "unknown_flow"),
        ("GET", "/runs/none", {}, 404, "unknown_run"),
        ("GET", "/runs/none/events", {}, 404, "unknown_run"),
        ("GET", "/runs/none/logs", {}, 404, "unknown_run"),
        ("POST", "/runs/none/stop", {}, 404, "unknown_run"),
        ("POST", "/runs/none/continue", {"json": {"requirements": []}}, 404, "unknown_run"),
        ("POST", "/runs/none/continue", {"json": {"requirements": {}}}, 400, "bad_json"),
        ("POST", "/runs/none/continue", {"json": {"requirements": [1]}}, 400, "bad_json"),
        ("POST", "/flows/f/runs", {"content": b"{"}, 400, "bad_json"),
        ("POST", "/flows/f/runs", {"content": b"[]"}, 400, "bad_json"),
        ("POST", "/flows/f/runs", {"content": b"[" * 100_000}, 422, "too_deep"),
        ("POST", "/flows/f/runs", {"content": b" " * (MAX_BODY + 1)}, 413, "too_large"),
        ("POST", "/flows/f/runs", {"headers": {"origin": "https://evil.example"}}, 403, "foreign_origin"),
        ("GET", "/flows", {"host": "evil.example"}, 421, "wrong_host"),
        ("GET", "/nothing", {}, 404, "not_found"),
        ("DELETE", "/flows", {}, 405, "method_not_allowed"),
    ],
)
async def test_refusals_are_told_in_words(
    method: str, path: str, options: dict[str, Any], status: int, code: str
) -> None:
    """Each has a fitting status, a code for programs, and a full sentence for people."""
    async with serving(Scripted("f", START)) as server:
        answer = await server.ask(method, path, **options)
        error = answer.json()["error"]
        assert (answer.status_code, error["code"]) == (status, code)
        assert error["message"][0].isupper() and error["message"].endswith(".")
        assert not server.heard.events and (await server.ask("GET", "/runs")).json() == []


@pytest.mark.parametrize("call", ["events?after=x", "logs?after=1.5"])
async def test_a_cursor_must_be_a_number(call: str) -> None:
    """400, with what it was."""
    async with serving(Scripted("f", START)) as server:
        run_id = await server.finished("f")
        answer = await server.ask("GET", f"/runs/{run_id}/{call}")
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_query")


async def test_our_own_failure_is_told_too() -> None:
    """An unexpected exception becomes a 500 in the contract's shape."""

    class Broken(Scripted):
        def json(self) -> dict[str, Any]:
            raise RuntimeError("oops")

    async with serving(Broken("f")) as server:
        answer = await server.ask("GET", "/flows/f")
        assert (answer.status_code, answer.json()["error"]["code"]) == (500, "internal")
        assert "oops" not in answer.text


async def test_answers_are_kept_by_no_cache_and_read_by_no_other_origin() -> None:
    """Security headers on every answer, and no CORS."""
    async with serving() as server:
        answer = await server.ask("GET", "/flows", headers={"origin": "http://localhost:9"})
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert not [name for name in answer.headers if name.startswith("access-control")]

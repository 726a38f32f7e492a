"""The WebSocket of the contract, over real sockets."""

from __future__ import annotations

import asyncio
import base64
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin, Subprotocol

from devserver.app import Settings, create_app
from devserver.engine.backend import Backend
from devserver.engine.flow import Flow
from devserver.engine.runs import Run
from flowglow.relay.log.port import EventLog
from flowglow.relay.log.sqlite import SqliteLog
from flowglow.wire import MAX_FRAME
from tests.devserver.support import Heard, Scripted, chain, served
from tests.flowglow.serving import SocketPage

START = {"event": "run_start"}


class Server:
    """A real server on a free port."""

    def __init__(self, address: str, backend: Backend) -> None:
        self.address = address
        self.backend = backend
        self.heard = Heard(backend)

    @contextlib.asynccontextmanager
    async def page(self, *protocols: str, origin: str | None = None, **options: Any) -> AsyncIterator[SocketPage]:
        offered = [Subprotocol(each) for each in protocols] or None
        source = Origin(origin) if origin else None
        url = f"ws://{self.address}/ws"
        async with connect(url, subprotocols=offered, origin=source, compression=None, **options) as socket:
            yield SocketPage(socket)

    async def closed(self, *protocols: str, origin: str | None = None) -> int:
        """The code with which such a socket is closed."""
        async with self.page(*protocols, origin=origin) as page:
            with pytest.raises(ConnectionClosed):
                await page.next()
            assert page.socket.close_code is not None
            return page.socket.close_code

    async def instance(self) -> Any:
        """What a new socket is told."""
        async with self.page() as page:
            return (await page.next())["instance"]

    async def ticket(self) -> str:
        async with httpx.AsyncClient(base_url=f"http://{self.address}") as client:
            ticket = (await client.post("/api/tickets")).json()["ticket"]
        return f"ticket.{base64.urlsafe_b64encode(ticket.encode()).decode().rstrip('=')}"

    async def finished(self, flow_id: str) -> Run:
        run = self.backend.start(flow_id)
        await self.heard.end(run)
        return run


@contextlib.asynccontextmanager
async def serving(*flows: Flow, settings: Settings | None = None, log: EventLog | None = None) -> AsyncIterator[Server]:
    app = create_app(Path("/nowhere"), settings or Settings(), {flow.id: flow for flow in flows}, log)
    async with served(app) as address:
        yield Server(address, app.state.backend)


def many(number: int, size: int = 1) -> Scripted:
    return Scripted("many", START, *({"event": "RunContent", "content": "x" * size} for _ in range(number)))


async def test_the_server_greets_first() -> None:
    """The hello promises a heartbeat and numbers without gaps; the subprotocol is selected."""
    async with serving() as server, server.page("flowglow.1", "other") as page:
        hello = await page.next()
        assert (hello["type"], hello["heartbeat_s"], hello["sparse"], hello["protocol"]) == ("hello", 10.0, False, 1)
        assert page.socket.subprotocol == "flowglow.1"


async def test_each_start_of_the_server_is_an_instance_of_its_own() -> None:
    """Two sockets of one server hear the same name, those of another one another."""
    instances = []
    for _ in range(2):
        async with serving() as server, server.page() as one, server.page() as other:
            first, second = (await one.next())["instance"], (await other.next())["instance"]
            assert first == second
            instances.append(first)
    assert instances[0] != instances[1]


async def test_a_resume_is_answered_at_any_time() -> None:
    """Also in the middle of a run, to a page that has heard of it all along; live events go on behind it."""
    flow = Scripted("f", START, {"event": "RunContent", "content": "x"}, wait=True)
    async with serving(flow) as server, server.page() as page:
        await page.next()
        run = server.backend.start("f")
        await page.until(event="RunContent")
        await page.send({"type": "resume", "runs": {run.run_id: 0}})
        caught = [await page.next(), await page.next()]
        assert caught[0] == {"type": "catch_up", "run_id": run.run_id, "from_seq": 1, "to_seq": 1, "complete": True}
        assert caught[1]["seq"] == 1
        flow.go_on.set()
        assert (await page.next())["event"] == "run_end"


async def test_a_page_without_subprotocols_is_served_too() -> None:
    """Then none is selected."""
    async with serving() as server, server.page() as page:
        assert (await page.next())["type"] == "hello"
        assert page.socket.subprotocol is None


async def test_every_page_hears_every_run() -> None:
    """Two pages get the same events in the same order, whoever started the run."""
    async with serving(many(20)) as server, server.page() as one, server.page() as other:
        await one.next(), await other.next()
        run = await server.finished("many")
        seen = [await page.until(event="run_end") for page in (one, other)]
        assert seen[0] == seen[1] == server.heard.of(run)
        assert [event["seq"] for event in seen[0]] == list(range(22))


async def test_silence_is_filled_with_pings() -> None:
    """Some frame comes at least as often as promised; a pong is taken without an answer."""
    async with serving(settings=Settings(heartbeat_s=0.1)) as server, server.page() as page:
        assert (await page.next())["heartbeat_s"] == 0.1
        for _ in range(3):
            async with asyncio.timeout(1.0):
                frame = await page.next()
            assert frame == {"type": "ping"}
            await page.send({"type": "pong"})


async def test_a_resume_brings_what_was_missed() -> None:
    """A catch_up that says from where to where, and then exactly these events."""
    async with serving(many(10)) as server:
        run = await server.finished("many")
        async with server.page() as page:
            await page.next()
            await page.send({"type": "resume", "runs": {run.run_id: 4}})
            frame, *events = await page.until(event="run_end")
            assert frame == {"type": "catch_up", "run_id": run.run_id, "from_seq": 5, "to_seq": 11, "complete": True}
            assert [event["seq"] for event in events] == list(range(5, 12))


async def test_a_resume_that_missed_nothing_is_told_so() -> None:
    """An empty range, complete."""
    async with serving(many(1)) as server:
        run = await server.finished("many")
        async with server.page() as page:
            await page.next()
            await page.send({"type": "resume", "runs": {run.run_id: 2}})
            frame = await page.next()
            assert (frame["from_seq"], frame["to_seq"], frame["complete"]) == (3, 2, True)


async def test_a_resume_of_what_is_gone_is_incomplete() -> None:
    """A run nobody knows (the server was restarted), or numbers it never had."""
    async with serving(many(1)) as server:
        run = await server.finished("many")
        async with server.page() as page:
            await page.next()
            await page.send({"type": "resume", "runs": {"gone": 7, run.run_id: 99}})
            assert (await page.next()) == {
                "type": "catch_up", "run_id": "gone", "from_seq": 8, "to_seq": 7, "complete": False,
            }  # fmt: skip
            assert (await page.next())["complete"] is False


async def test_a_resume_of_a_log_that_was_cut_is_incomplete() -> None:
    """It begins at the oldest event that is kept, and says that the ones before are gone for good."""
    async with serving(many(10), settings=Settings(max_events=4)) as server:
        run = await server.finished("many")
        async with server.page() as page:
            await page.next()
            await page.send({"type": "resume", "runs": {run.run_id: 2}})
            frame, *events = await page.until(event="run_end")
            assert (frame["from_seq"], frame["to_seq"], frame["complete"]) == (8, 11, False)
            assert [event["seq"] for event in events] == [8, 9, 10, 11]


async def test_a_large_catch_up_is_split() -> None:
    """No frame is over the limit, and nothing is lost on the way."""
    async with serving(many(300, size=10_000)) as server:
        run = await server.finished("many")
        async with server.page(max_size=MAX_FRAME) as page:
            await page.next()
            await page.send({"type": "resume", "runs": {run.run_id: -1}})
            _, *events = await page.until(event="run_end")
            assert [event["seq"] for event in events] == list(range(302))
            assert len(page.frames) > 3


async def test_subscribe_says_when_there_is_no_such_run() -> None:
    """Of a run that has just begun it tells what was before the page came, once; the rest comes anyhow."""
    flow = Scripted("f", START, wait=True)
    async with serving(flow) as server:
        run = server.backend.start("f")
        await server.heard.until(run, event="run_start")
        async with server.page() as page:
            await page.next()
            await page.send({"type": "subscribe", "run_id": run.run_id})
            assert (await page.next())["event"] == "run_start"
            await page.send({"type": "subscribe", "run_id": run.run_id})
            await page.send({"type": "subscribe", "run_id": "none"})
            error = await page.next()
            assert (error["type"], error["code"]) == ("error", "unknown_run")
            flow.go_on.set()
            assert (await page.next())["event"] == "run_end"


@pytest.mark.parametrize(
    "frame",
    ["", "{", "[]", b"\x00\xff", '{"type":"dance"}', '{"type":"resume","runs":{"r":"x"}}', '{"type":"subscribe"}',
     "[" * 100_000],
)  # fmt: skip
async def test_a_frame_that_cannot_be_used_is_told_and_survived(frame: str | bytes) -> None:
    """The error comes in words, and the next frame is handled."""
    async with serving() as server, server.page() as page:
        await page.next()
        await page.send(frame)
        error = await page.next()
        assert (error["type"], error["code"]) == ("error", "bad_frame")
        await page.send({"type": "resume", "runs": {"gone": -1}})
        assert (await page.next())["type"] == "catch_up"


async def test_a_ticket_opens_one_socket() -> None:
    """The first is greeted, the second closed with 4401; so is one whose ticket was made up."""
    async with serving() as server:
        ticket = await server.ticket()
        async with server.page("flowglow.1", ticket) as page:
            assert (await page.next())["type"] == "hello"
            assert page.socket.subprotocol == "flowglow.1"
        assert await server.closed("flowglow.1", ticket) == 4401
        assert await server.closed("flowglow.1", "ticket.bWFkZSB1cA") == 4401


async def test_a_server_may_insist_on_tickets() -> None:
    """Then a socket without one is closed with 4401, and one with a fresh ticket is greeted."""
    async with serving(settings=Settings(need_ticket=True)) as server:
        assert await server.closed("flowglow.1") == 4401
        async with server.page("flowglow.1", await server.ticket()) as page:
            assert (await page.next())["type"] == "hello"


async def test_a_foreign_page_is_closed_with_4403() -> None:
    """Its Origin is not of this machine; a local page and a program are let in."""
    async with serving() as server:
        assert await server.closed("flowglow.1", origin="https://evil.example") == 4403
        assert await server.closed("flowglow.1", origin="null") == 4403
        async with server.page(origin=f"http://{server.address}") as page:
            assert (await page.next())["type"] == "hello"


async def test_a_slow_page_never_holds_up_a_run() -> None:
    """A page that does not read is closed with 1013, so that it resumes; the run ends meanwhile."""
    loud = many(3_000, size=8_000)
    async with serving(loud, settings=Settings(max_waiting=100)) as server:
        async with server.page(max_queue=1) as slow:
            await slow.next()
            run = await server.finished("many")
            assert run.picture.status == "success"
            with pytest.raises(ConnectionClosed):
                await slow.until(event="run_end")
            assert slow.socket.close_code == 1013
        async with server.page() as again:
            await again.next()
            await again.send({"type": "resume", "runs": {run.run_id: -1}})
            _, *events = await again.until(event="run_end")
            assert [event["seq"] for event in events] == list(range(3_002))


async def test_runs_outlive_a_restart_of_the_server(tmp_path: Path) -> None:
    """With their events, results and log; one that was under way ended with its server, and so did its nodes."""
    held = asyncio.Event()

    async def hold(context: Any, inputs: Any) -> None:
        context.log("info", "here I stand")
        await held.wait()

    flows: list[Flow] = [many(3), chain({"hold": hold}, "held")]
    ids: list[str] = []
    async with serving(*flows, log=SqliteLog.at(tmp_path / "log.db")) as server:
        instance = await server.instance()
        ids.append((await server.finished("many")).run_id)
        run = server.backend.start("held")
        ids.append(run.run_id)
        await server.heard.until(run, event="start_node")
        server.backend.close = nothing  # type: ignore[method-assign]  # as if its power was cut
    async with serving(*flows, log=SqliteLog.at(tmp_path / "log.db")) as server:
        assert await server.instance() == instance
        async with httpx.AsyncClient(base_url=f"http://{server.address}/api") as client:
            listed = (await client.get("/runs")).json()
            assert [(run["run_id"], run["status"]) for run in listed] == [(ids[1], "killed"), (ids[0], "success")]
            held_run = (await client.get(f"/runs/{ids[1]}")).json()
            assert held_run["results"]["hold"]["status"] == "killed"
            assert held_run["error"] == "The dev server was stopped while it ran."
            lines = (await client.get(f"/runs/{ids[1]}/logs")).json()["lines"]
            assert "here I stand" in [line["text"] for line in lines]
        async with server.page() as page:
            await page.next()
            await page.send({"type": "resume", "runs": {ids[0]: -1}})
            _, *events = await page.until(event="run_end")
            assert [event["seq"] for event in events] == list(range(5))


async def nothing() -> None:
    """What a server does that is not asked."""

"""The WebSocket of the contract, over real sockets."""

from __future__ import annotations

import asyncio
import contextlib
import json
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.requests import HTTPConnection
from websockets.exceptions import ConnectionClosed, InvalidStatus

from flowglow.relay import hub, rights
from flowglow.relay.log.memory import MemoryLog
from flowglow.relay.log.port import PAGE, Draft, EventLog, Page, Query, Retention, Stream, Unavailable
from flowglow.relay.log.sqlite import SqliteLog
from flowglow.relay.portal import Portal
from flowglow.relay.rights import Action, Subject
from flowglow.relay.settings import DEFAULT
from flowglow.wire import MAX_FRAME
from tests.flowglow.relay.support import as_protocol, relaying, said, text
from tests.flowglow.serving import PATIENCE_S, SocketPage

ALL = replace(DEFAULT, by_flow=False)


async def wrote(log: EventLog, run_id: str, count: int, flow_id: str = "f", size: int = 1, *, end: bool = True) -> None:
    """A run of `count` texts, from its start to its end."""
    drafts = [said("run_start", run_id=run_id, flow_id=flow_id)]
    drafts += [text("x" * size, run_id=run_id) for _ in range(count)]
    await log.append(run_id, [*drafts, said("run_end", run_id=run_id)] if end else drafts)


async def greeted(page: SocketPage, flow_id: str | None = None) -> dict[str, object]:
    """The hello; then the page says which flow it shows, and it is known to have been heard."""
    hello = await page.next()
    if flow_id is not None:
        await page.send({"type": "subscribe", "flow_id": flow_id})
        await page.send({"type": "resume", "runs": {"none": -1}})
        await page.until(run_id="none")
    return hello


async def test_the_relay_greets_first() -> None:
    """The hello promises a heartbeat and numbers without gaps; the subprotocol is selected."""
    async with relaying() as relay, relay.page("flowglow.1", "other") as page:
        hello = await page.next()
        assert (hello["type"], hello["heartbeat_s"], hello["sparse"], hello["protocol"]) == ("hello", 10.0, False, 1)
        assert (hello["instance"], hello["flows"]) == (await relay.log.instance(), True)
        assert page.socket.subprotocol == "flowglow.1"


async def test_a_promise_of_a_heartbeat_is_kept() -> None:
    async with relaying(settings=replace(DEFAULT, heartbeat_s=0.2)) as relay, relay.page() as page:
        await page.next()
        for _ in range(3):
            assert (await page.next()) == {"type": "ping"}
            await page.send({"type": "pong"})


async def test_a_page_hears_of_the_flow_it_shows_and_of_runs_it_named() -> None:
    """And of nothing else; another flow takes the place of the first."""
    async with relaying() as relay, relay.page() as page:
        await wrote(relay.log, "old", 1, "other", end=False)
        await greeted(page, "f")
        await page.send({"type": "subscribe", "run_id": "old"})
        await wrote(relay.log, "not", 3, "other")
        await wrote(relay.log, "r1", 1, "f")
        taken = await page.until(run_id="r1", event="run_end")
        told = [(each["run_id"], each["seq"]) for each in taken]
        assert [each for each in told if each[0] != "old"] == [("r1", 0), ("r1", 1), ("r1", 2)]
        await relay.log.append("old", [text("go", run_id="old")])
        assert (await page.next())["run_id"] == "old"
        await greeted_again(page, "other")
        await wrote(relay.log, "r2", 1, "f")
        await wrote(relay.log, "r3", 1, "other")
        assert (await page.next())["run_id"] == "r3"


async def greeted_again(page: SocketPage, flow_id: str) -> None:
    await page.send({"type": "subscribe", "flow_id": flow_id})
    await page.send({"type": "resume", "runs": {"none": -1}})
    await page.until(run_id="none")


async def test_a_run_that_is_under_way_is_told_from_now_on() -> None:
    async with relaying() as relay, relay.page() as page:
        await wrote(relay.log, "r", 3, end=False)
        await greeted(page, "f")
        await relay.log.append("r", [text("x", run_id="r")])
        assert (await page.next())["seq"] == 4


async def test_a_page_that_names_no_flow_is_told_of_everything() -> None:
    """Runs that began since it came are whole."""
    async with relaying() as relay, relay.page() as page:
        await page.next()
        await wrote(relay.log, "r", 2, "f")
        await wrote(relay.log, "s", 2, "g")
        taken = [await page.next() for _ in range(8)]
        assert sorted((each["run_id"], each["seq"]) for each in taken) == [
            (run, seq) for run in "rs" for seq in range(4)
        ]


async def test_a_relay_follows_only_what_somebody_watches() -> None:
    async with relaying() as relay:
        async with relay.page() as page:
            await greeted(page, "f")
            await wrote(relay.log, "r", 1, "f", end=False)
            await wrote(relay.log, "s", 1, "g", end=False)
            await page.until(seq=1)
            assert list(relay.relay.hub._watched) == ["r"]
        async with relay.page() as page:
            await greeted(page, "none")
            assert list(relay.relay.hub._watched) == []


async def test_a_resume_brings_what_was_missed() -> None:
    """A catch_up that says from where to where, then exactly these events, then what happens."""
    async with relaying() as relay, relay.page() as page:
        await wrote(relay.log, "r", 10, end=False)
        await greeted(page)
        await page.send({"type": "resume", "runs": {"r": 4}})
        frame, *events = await page.until(seq=10)
        assert frame == {"type": "catch_up", "run_id": "r", "from_seq": 5, "to_seq": 10, "complete": True}
        assert [event["seq"] for event in events] == list(range(5, 11))
        await relay.log.append("r", [said("run_end", run_id="r")])
        assert (await page.next())["event"] == "run_end"
        await page.send({"type": "resume", "runs": {"r": 11}})
        frame = await page.next()
        assert (frame["from_seq"], frame["to_seq"], frame["complete"]) == (12, 11, True)


async def test_a_resume_while_it_goes_on_has_no_hole() -> None:
    """Whatever is said while it is brought up to date follows behind it, once."""
    async with relaying() as relay, relay.page() as page:
        await wrote(relay.log, "r", 3_000, end=False)
        await greeted(page, "f")

        async def go_on() -> None:
            for _ in range(300):
                await relay.log.append("r", [text("y", run_id="r")])
                await asyncio.sleep(0)
            await relay.log.append("r", [said("run_end", run_id="r")])

        going = asyncio.create_task(go_on())
        await page.send({"type": "resume", "runs": {"r": -1}})
        taken = await page.until(event="run_end")
        await going
        start = next(place for place, each in enumerate(taken) if each.get("type") == "catch_up")
        assert [each["seq"] for each in taken[start + 1 :]] == list(range(3_302))


class Slow(MemoryLog):
    """What it reads comes late."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = asyncio.Event()
        self.asked = 0

    async def read(self, run_id: str, after: int = -1, stream: Stream = "events", limit: int = PAGE) -> Page:
        page = await super().read(run_id, after, stream, limit)
        self.asked += 1
        await self.gate.wait()
        return page


async def test_whoever_shares_an_older_answer_misses_nothing() -> None:
    """Two come back; between their questions something happens, which the shared answer does not have."""
    log = Slow()
    async with relaying(log) as relay, relay.page() as first, relay.page() as one, relay.page() as other:
        await greeted(first, "f")
        await greeted(one, "none")
        await greeted(other, "none")
        await wrote(log, "r", 2, end=False)
        await first.until(seq=2)
        await one.send({"type": "resume", "runs": {"r": -1}})
        while log.asked == 0:
            await asyncio.sleep(0)
        await log.append("r", [text("late", run_id="r")])
        await first.until(seq=3)
        await other.send({"type": "resume", "runs": {"r": -1}})
        while len(relay.relay.hub._watched["r"].watchers) < 3:
            await asyncio.sleep(0)
        await asyncio.sleep(0)
        log.gate.set()
        await log.append("r", [said("run_end", run_id="r")])
        for page in (one, other):
            taken = await page.until(event="run_end")
            assert [each["seq"] for each in taken if "seq" in each] == [0, 1, 2, 3, 4]


async def test_a_resume_of_what_is_gone_is_incomplete() -> None:
    """A run nobody knows, numbers it never had, and a log that was cut."""
    async with relaying(MemoryLog(Retention(events=4))) as relay, relay.page() as page:
        await wrote(relay.log, "r", 10)
        await greeted(page)
        await page.send({"type": "resume", "runs": {"gone": 7, "r": 99}})
        assert (await page.next()) == {
            "type": "catch_up", "run_id": "gone", "from_seq": 8, "to_seq": 7, "complete": False,
        }  # fmt: skip
        assert (await page.next())["complete"] is False
        await page.send({"type": "resume", "runs": {"r": 2}})
        frame, *events = await page.until(event="run_end")
        assert (frame["from_seq"], frame["to_seq"], frame["complete"]) == (8, 11, False)
        assert [event["seq"] for event in events] == [8, 9, 10, 11]


async def test_a_large_catch_up_is_split() -> None:
    """No frame is over the limit, and nothing is lost on the way."""
    async with relaying() as relay:
        await wrote(relay.log, "r", 300, size=10_000)
        async with relay.page(max_size=MAX_FRAME) as page:  # of what began before, it is told nothing unasked
            await greeted(page)
            await page.send({"type": "resume", "runs": {"r": -1}})
            _, *events = await page.until(event="run_end")
            assert [event["seq"] for event in events] == list(range(302))
            assert len(page.frames) > 3


async def test_subscribe_says_when_there_is_no_such_run() -> None:
    """One that begins later is told of all the same."""
    async with relaying() as relay, relay.page() as page:
        await greeted(page, "other")
        await page.send({"type": "subscribe", "run_id": "later"})
        error = await page.next()
        assert (error["type"], error["code"]) == ("error", "unknown_run")
        await wrote(relay.log, "later", 1)
        assert [each["seq"] for each in await page.until(event="run_end")] == [0, 1, 2]


@pytest.mark.parametrize(
    "frame",
    ["", "{", "[]", b"\x00\xff", '{"type":"dance"}', '{"type":"resume","runs":{"r":"x"}}', '{"type":"subscribe"}',
     "[" * 100_000, json.dumps({"type": "d" * 10_000}), json.dumps({"type": "resume", "runs": {"r" * 201: -1}}),
     json.dumps({"type": "subscribe", "run_id": "r" * 201}), json.dumps({"type": "subscribe", "flow_id": "f" * 201})],
    ids=lambda frame: str(frame[:40]),
)  # fmt: skip
async def test_a_frame_that_cannot_be_used_is_told_and_survived(frame: str | bytes) -> None:
    async with relaying() as relay, relay.page() as page:
        await page.next()
        await page.send(frame)
        error = await page.next()
        assert (error["type"], error["code"]) == ("error", "bad_frame")
        assert len(error["message"]) < 500
        await page.send({"type": "resume", "runs": {"gone": -1}})
        assert (await page.next())["type"] == "catch_up"


async def test_a_ticket_opens_one_socket_of_any_relay() -> None:
    """The first is greeted; the same on another relay over the same log is closed with 4401, and one made up."""
    log = MemoryLog()
    async with relaying(log) as one, relaying(log) as other:
        ticket = await one.ticket()
        async with other.page("flowglow.1", ticket) as page:
            assert (await page.next())["type"] == "hello"
        assert await one.closed("flowglow.1", ticket) == 4401
        assert await one.closed("flowglow.1", as_protocol("made up")) == 4401


async def test_a_relay_may_insist_on_tickets() -> None:
    async with relaying(settings=replace(DEFAULT, need_ticket=True)) as relay:
        assert await relay.closed("flowglow.1") == 4401
        async with relay.page("flowglow.1", await relay.ticket()) as page:
            assert (await page.next())["type"] == "hello"


async def test_a_foreign_page_is_closed_with_4403() -> None:
    settings = replace(DEFAULT, origins=("https://portal.example",))
    async with relaying(settings=settings) as relay:
        assert await relay.closed(origin="https://evil.example") == 4403
        assert await relay.closed(origin="null") == 4403
        for origin in (f"http://{relay.address}", "https://portal.example", None):
            async with relay.page(origin=origin) as page:
                assert (await page.next())["type"] == "hello"


async def test_a_slow_page_never_holds_up_the_others() -> None:
    """It is closed with 1013 and comes back by resume; whoever reads gets everything meanwhile."""
    async with relaying(settings=replace(ALL, max_waiting=100)) as relay:
        async with relay.page(max_queue=1) as slow, relay.page() as quick:
            await slow.next()
            await quick.next()
            await relay.log.append("r", [said("run_start", run_id="r")])
            sockets, number = relay.relay.sockets, 0
            while all(life.code is None for life in sockets._open):  # for as long as it is being closed it may read
                await relay.log.append("r", [text("x" * 8_000, run_id="r") for _ in range(10)])
                taken = await quick.until(seq=10 * number + 10)
                assert [each["seq"] for each in taken][-10:] == list(range(10 * number + 1, 10 * number + 11))
                number += 1
            await relay.log.append("r", [said("run_end", run_id="r")])
            await quick.until(event="run_end")
            with pytest.raises(ConnectionClosed):
                await slow.until(event="run_end")
            assert slow.socket.close_code == 1013
        async with relay.page() as again:
            await again.next()
            await again.send({"type": "resume", "runs": {"r": -1}})
            events = await again.until(event="run_end")
            assert [event["seq"] for event in events if "seq" in event] == list(range(10 * number + 2))


async def test_events_that_are_due_together_go_together() -> None:
    async with relaying(settings=ALL) as relay, relay.page() as page:
        await page.next()
        await wrote(relay.log, "r", 100)
        await page.until(event="run_end")
        assert len(page.frames) < 20


async def test_what_is_said_at_once_is_split_too() -> None:
    """However much it is, no frame is over the limit, and whoever reads is not too slow."""
    async with relaying(settings=replace(ALL, max_waiting=100)) as relay, relay.page(max_size=MAX_FRAME) as page:
        await page.next()
        await wrote(relay.log, "r", 300, size=10_000)
        assert [event["seq"] for event in await page.until(event="run_end")] == list(range(302))


class Doors:
    """A portal that lets in whom it knows."""

    def __init__(self) -> None:
        self.guests = {"anna": {"f"}, "ben": {"f", "g"}}
        self.asked = 0

    async def authorize(self, request: HTTPConnection, action: Action, subject: Subject | None) -> bool:
        user = str(request.headers.get("x-user") or getattr(request.state, "user", ""))
        request.state.user = user
        self.asked += 1
        flows = self.guests.get(user)
        return flows is not None and (subject is None or subject.flow_id in flows)


async def test_a_ticket_says_who_it_is_for() -> None:
    """What the portal knows of whoever asked for it, it knows of the socket; and each sees what is theirs."""
    doors = Doors()
    async with relaying(portal=Portal(authorize=doors.authorize)) as relay:
        await wrote(relay.log, "mine", 1, "f", end=False)
        await wrote(relay.log, "secret", 1, "g", end=False)
        assert await relay.closed() == 4403
        async with relay.page(await relay.ticket(**{"x-user": "anna"})) as page:
            await greeted(page)
            await page.send({"type": "resume", "runs": {"secret": -1, "mine": 0}})
            assert (await page.next()) == {
                "type": "catch_up", "run_id": "secret", "from_seq": 0, "to_seq": -1, "complete": False,
            }  # fmt: skip
            assert [(each["run_id"]) for each in await page.until(seq=1)] == ["mine", "mine"]
            await page.send({"type": "subscribe", "run_id": "secret"})
            assert (await page.next())["code"] == "unknown_run"
            await relay.log.append("secret", [text("x", run_id="secret")])
            await wrote(relay.log, "secret2", 1, "g")
            await wrote(relay.log, "mine2", 1, "f")
            assert {each["run_id"] for each in await page.until(event="run_end")} == {"mine2"}


async def test_a_right_that_ends_while_what_was_missed_is_told_ends_that() -> None:
    """However slowly the page takes it."""
    doors = Doors()
    settings = replace(DEFAULT, review_s=0.05)
    async with relaying(portal=Portal(authorize=doors.authorize), settings=settings) as relay:
        await relay.log.append("r", [said("run_start", flow_id="g"), *(text("x" * 100_000) for _ in range(200))])
        async with relay.page(max_queue=1, ping_interval=None, additional_headers={"x-user": "ben"}) as ben:
            await ben.send({"type": "resume", "runs": {"r": -1}})
            await ben.until(type="catch_up")
            doors.guests["ben"].remove("g")
            async with asyncio.timeout(PATIENCE_S):
                while relay.relay.metrics.sockets._value.get():
                    await asyncio.sleep(0.01)
            assert not any(each.get("seq") == 200 for each in await ben.until_closed())
            assert relay.relay.metrics.closed.labels(4403)._value.get() == 1


async def test_a_socket_whose_right_ends_is_closed_with_4403() -> None:
    """The one who may still watch stays."""
    doors = Doors()
    settings = replace(DEFAULT, review_s=0.05)
    async with relaying(portal=Portal(authorize=doors.authorize), settings=settings) as relay:
        anna_opens = relay.page(additional_headers={"x-user": "anna"})
        async with anna_opens as anna, relay.page(additional_headers={"x-user": "ben"}) as ben:
            await greeted(ben, "f")
            await greeted(anna, "f")
            del doors.guests["anna"]
            with pytest.raises(ConnectionClosed):
                async with asyncio.timeout(PATIENCE_S):
                    await anna.until(never=1)  # a socket that stays is pinged for ever
            assert anna.socket.close_code == 4403
            await wrote(relay.log, "r", 1)
            assert (await ben.until(event="run_end"))[-1]["run_id"] == "r"


async def test_a_portal_that_fails_to_say_takes_no_right_away() -> None:
    """Whoever watches goes on; whoever comes is told to come again, not to sign in."""
    doors = Doors()
    settings = replace(DEFAULT, review_s=0.02)
    anna = {"x-user": "anna"}
    serving = relaying(portal=Portal(authorize=doors.authorize), settings=settings)
    async with serving as relay, relay.page(additional_headers=anna) as page:
        await greeted(page, "f")
        await wrote(relay.log, "r", 1, end=False)
        await page.until(seq=1)
        doors.guests = None  # type: ignore[assignment]
        asked = doors.asked
        while doors.asked < asked + 3:
            await asyncio.sleep(0.01)
        await relay.log.append("r", [said("run_end", run_id="r")])
        assert (await page.until(event="run_end"))[-1]["run_id"] == "r"
        assert await relay.closed(additional_headers=anna) == 1013


async def test_a_relay_that_stops_sends_its_sockets_elsewhere() -> None:
    """With 1012; new ones are turned away, and the load balancer is told."""
    async with relaying(settings=replace(DEFAULT, spread_s=0.2)) as relay, relay.client() as client:
        assert (await client.get("/healthz")).json()["status"] == "ok"
        async with relay.page() as one, relay.page() as other:
            await one.next()
            await other.next()
            await relay.relay.drain()
            for page in (one, other):
                with pytest.raises(ConnectionClosed):
                    await page.next()
                assert page.socket.close_code == 1012
        with pytest.raises(InvalidStatus) as turned_away:
            await relay.closed()
        assert turned_away.value.response.status_code == 503  # for which a load balancer asks the next relay
        answer = await client.get("/healthz")
        assert (answer.status_code, answer.json()["status"]) == (503, "draining")


async def test_a_socket_that_leaves_is_forgotten() -> None:
    async with relaying(settings=ALL) as relay:
        async with relay.page() as page:
            await page.next()
            assert len(relay.relay.hub._watchers) == 1
        async with relay.page() as page:
            await page.next()
            await wrote(relay.log, "r", 1)
            await page.until(event="run_end")
            assert len(relay.relay.hub._watchers) == 1


async def test_the_portal_is_asked_once_for_one_wish() -> None:
    """To open the socket, and to see the run: also where the run is told from its beginning."""
    doors = Doors()
    async with relaying(portal=Portal(authorize=doors.authorize)) as relay:
        await wrote(relay.log, "mine", 1, "f", end=False)
        async with relay.page(await relay.ticket(**{"x-user": "anna"})) as page:
            await greeted(page)
            before = doors.asked
            await page.send({"type": "subscribe", "run_id": "mine"})
            await page.until(seq=1)
            assert doors.asked == before + 1
            await page.send({"type": "resume", "runs": {"mine": 0}})
            await page.until(seq=1)
            assert doors.asked == before + 2


async def test_who_watches_the_flow_of_no_run_is_told_of_the_runs_it_named_alone() -> None:
    async with relaying() as relay, relay.page() as page:
        await greeted(page, "")
        await wrote(relay.log, "other", 1, "f")
        await wrote(relay.log, "named", 1, "f", end=False)
        await page.send({"type": "resume", "runs": {"named": -1}})
        await page.until(run_id="named", seq=1)
        await wrote(relay.log, "later", 1, "f")
        await relay.log.append("named", [said("run_end", run_id="named")])
        taken = await page.until(event="run_end")
        assert {each["run_id"] for each in taken} == {"named"}


class Pondering(Doors):
    """It says nothing until it may."""

    def __init__(self) -> None:
        super().__init__()
        self.open = asyncio.Event()
        self.pondered = 0

    async def authorize(self, request: HTTPConnection, action: Action, subject: Subject | None) -> bool:
        if action == "see":
            self.pondered += 1
            await self.open.wait()
        return await super().authorize(request, action, subject)


@pytest.mark.parametrize("user", ["ben", "anna"])
async def test_a_resume_is_answered_while_the_portal_is_asked_of_the_flow(user: str) -> None:
    """As at every return: the flow, and at once what was missed of its run; from the number that was asked for."""
    doors, log = Pondering(), MemoryLog()
    async with relaying(log, Portal(authorize=doors.authorize)) as relay:
        await wrote(log, "r", 10, "g", end=False)
        async with relay.page(additional_headers={"x-user": user}) as page:
            await page.next()
            await page.send({"type": "subscribe", "flow_id": "g"})
            await page.send({"type": "resume", "runs": {"r": 3}})
            while doors.pondered < 1:
                await asyncio.sleep(0.01)
            await log.append("r", [text("meanwhile", run_id="r")])
            doors.open.set()
            frame = await page.next()
            if user == "anna":
                assert (frame["type"], frame["complete"]) == ("catch_up", False)
                assert list(relay.relay.hub._watched) == []
                return
            assert (frame["type"], frame["from_seq"], frame["complete"]) == ("catch_up", 4, True)
            await log.append("r", [said("run_end", run_id="r")])
            assert [event["seq"] for event in await page.until(event="run_end")] == list(range(4, 13))


async def test_a_run_is_over_when_its_own_event_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not when a node's output speaks of an end; and one that goes on is not over any more."""
    monkeypatch.setattr(hub, "LATE_S", 0.0)
    ends = {"event": "run_end", "status": "success"}
    async with relaying() as relay, relay.page() as page:
        await greeted(page, "f")

        async def told(*drafts: Draft) -> bool:
            """Whether it is still told of the run then."""
            (*_, last) = await relay.log.append("r", drafts)
            await page.until(run_id="r", seq=last)
            await asyncio.sleep(0.001)
            relay.relay.hub.tidy()
            return "r" in relay.relay.hub._watched

        assert await told(said("run_start", flow_id="f"))
        assert await told(said("start_node", node_id="n", order=0))
        assert await told(said("end_node", node_id="n", order=0, status="success", content=ends))
        assert await told(said("resume_end", status="paused", content={"status": "success"}))
        assert await told(said("run_end", status="success"), said("resume_start"))
        assert not await told(said("run_end", status="success", content={"status": "paused"}), text("late"))


class Wordy(MemoryLog):
    """It is away, and says so at length."""

    async def redeem(self, ticket: str) -> str | None:
        raise Unavailable("ö" * 200)

    async def runs(self, query: Query) -> list[dict[str, object]]:
        raise Unavailable("x" + "€" * 200)


async def test_a_long_reason_is_cut_and_not_the_socket() -> None:
    """A close frame has room for 123 bytes: whole characters."""
    async with relaying(Wordy()) as relay:
        assert await relay.closed("flowglow.1", as_protocol("any")) == 1013
        async with relay.page() as page:
            await page.next()
            await page.send({"type": "subscribe", "flow_id": "f"})
            with pytest.raises(ConnectionClosed):
                await page.next()
            assert (page.socket.close_code, page.socket.close_reason) == (1013, "x" + "€" * 39 + "…")


@pytest.mark.parametrize("seen", [2**53, 2**63, 10**30, -(2**70)])
async def test_a_number_that_no_event_can_have_is_answered(seen: int, tmp_path: Path) -> None:
    """As one that is too high: nothing stands behind it; one that is too low is before the first."""
    log = await SqliteLog.opened(tmp_path / "log.db")
    async with relaying(log) as relay, relay.page() as page, relay.client() as client:
        await wrote(log, "r", 1)
        await greeted(page, "none")
        await page.send({"type": "resume", "runs": {"r": seen}})
        frame = await page.next()
        assert (frame["run_id"], frame["complete"]) == ("r", seen < 0)
        for what in ("events", "logs"):
            assert (await client.get(f"/api/runs/r/{what}?after={seen}")).status_code == 200
        behind = (await client.get(f"/api/runs/r/events?after={seen}")).text
        assert len(behind.splitlines()) == (3 if seen < 0 else 0)
    await log.close()


async def test_a_portal_that_never_answers_for_one_is_asked_about_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """The one stays, as no word takes its right away; whoever comes meanwhile is told to come again."""
    monkeypatch.setattr(rights, "ANSWER_S", 0.05)
    hangs: set[str] = set()

    class Hanging(Doors):
        async def authorize(self, request: HTTPConnection, action: Action, subject: Subject | None) -> bool:
            if request.headers["x-user"] in hangs:
                await asyncio.Event().wait()
            return await super().authorize(request, action, subject)

    doors = Hanging()
    anna, ben = ({"x-user": name} for name in ("anna", "ben"))
    serving = relaying(portal=Portal(authorize=doors.authorize), settings=replace(DEFAULT, review_s=0.02))
    async with serving as relay, relay.page(additional_headers=anna) as stays:
        async with relay.page(additional_headers=ben) as leaves:
            await greeted(stays, "f")
            await greeted(leaves, "f")
            hangs.add("anna")
            del doors.guests["ben"]
            with pytest.raises(ConnectionClosed):
                await leaves.until(never=1)
            assert leaves.socket.close_code == 4403
        assert await relay.closed(additional_headers=anna) == 1013
        hangs.clear()
        await wrote(relay.log, "r", 1)
        assert (await stays.until(event="run_end"))[-1]["run_id"] == "r"


async def test_a_review_asks_about_several_at_once() -> None:
    """Never more than 32; and no socket waits until the one before it was answered for."""
    doors = Crowd()
    settings = replace(DEFAULT, review_s=0.02)
    serving = relaying(portal=Portal(authorize=doors.authorize), settings=settings)
    async with serving as relay, contextlib.AsyncExitStack() as pages:
        for _ in range(40):
            await (await pages.enter_async_context(relay.page())).next()
        doors.gathering = True
        async with asyncio.timeout(10):
            await doors.full.wait()
        for _ in range(50):
            await asyncio.sleep(0)
        doors.go.set()
    assert doors.most == 32


class Crowd:
    """A portal that lets questions wait until many are there."""

    def __init__(self) -> None:
        self.now = self.most = 0
        self.gathering = False
        self.full, self.go = asyncio.Event(), asyncio.Event()

    async def authorize(self, request: HTTPConnection, action: Action, subject: Subject | None) -> bool:
        if self.gathering:
            self.now += 1
            self.most = max(self.most, self.now)
            if self.now == 32:
                self.full.set()
            await self.go.wait()
            self.now -= 1
        return True

"""Which socket is told of which run: all of what it watches, and nothing else."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from starlette.requests import HTTPConnection

from flowglow.relay import hub as hubs
from flowglow.relay.hub import Hub
from flowglow.relay.log.memory import MemoryLog
from flowglow.relay.log.port import PAGE, Entry, Page, Query, Retention, Stream
from flowglow.relay.metrics import Metrics
from flowglow.relay.outbox import BATCH, Outbox, Part
from flowglow.relay.portal import Portal
from flowglow.relay.questions import Questions
from flowglow.relay.rights import Action, Subject
from flowglow.relay.settings import DEFAULT
from flowglow.relay.watched import Bundle
from flowglow.relay.watcher import SocketWatcher
from tests.flowglow.relay.support import relaying, said, text
from tests.flowglow.relay.test_socket import greeted, greeted_again, wrote
from tests.flowglow.serving import PATIENCE_S


async def until(there: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not there():
            await asyncio.sleep(0)


class SlowList(MemoryLog):
    """What is under way is looked up at once (or, where it is `later`, then), and told once it may."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0
        self.later = False
        self.go = asyncio.Event()

    async def runs(self, query: Query) -> list[dict[str, Any]]:
        self.asked += 1
        if self.later:
            await self.go.wait()
        found = await super().runs(query)
        await self.go.wait()
        return found


async def test_a_run_of_an_unknown_flow_is_told_to_nobody_who_watches_one() -> None:
    """And once it is known the whole of it, also where somebody else follows it by now."""
    async with relaying() as relay, relay.page() as page, relay.page() as other:
        await greeted(page, "f")
        await greeted(other, "")
        await relay.log.append("r", [text("a"), text("b")])
        await other.send({"type": "resume", "runs": {"r": -1}})
        await other.until(run_id="r", seq=1)
        await wrote(relay.log, "s", 1)
        assert {each["run_id"] for each in await page.until(run_id="s", event="run_end")} == {"s"}
        await relay.log.append("r", [said("run_start", flow_id="f"), text("c")])
        assert [each["seq"] for each in await page.until(run_id="r", content="c")] == [0, 1, 2, 3]


async def test_what_a_run_says_long_after_its_end_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not followed any more by then; and nothing is told twice."""
    monkeypatch.setattr(hubs, "LATE_S", 0.0)
    async with relaying() as relay, relay.page() as page:
        await greeted(page, "f")
        for number in range(2):
            await wrote(relay.log, f"r{number}", 1)
            await page.until(run_id=f"r{number}", event="run_end")
        await asyncio.sleep(0.001)
        relay.relay.hub.tidy()
        assert not relay.relay.hub._watched
        await relay.log.append("r0", [text("late", run_id="r0")])
        assert [each["seq"] for each in await page.until(run_id="r0", content="late")] == [3]
        await asyncio.sleep(0.001)
        relay.relay.hub.tidy()
        assert not relay.relay.hub._watched  # nor is it from now on
        await page.send({"type": "subscribe", "run_id": "r1"})
        await relay.log.append("r1", [text("late", run_id="r1")])
        await page.until(run_id="r1", content="late")


async def test_who_says_late_which_flow_it_shows_is_told_of_no_other() -> None:
    """Also where it was just being told of all that is under way."""
    log = SlowList()
    await wrote(log, "other", 1, "g", end=False)
    hub, box = Hub(log, Metrics()), Outbox()
    await hub.start()
    watcher = SocketWatcher(hub, box, None, lambda code, reason: None)
    hub.join(watcher)
    everything = asyncio.ensure_future(watcher.want_all())
    await until(lambda: log.asked == 1)
    flow = asyncio.ensure_future(watcher.want_flow("f"))
    await until(lambda: log.asked == 2)
    log.go.set()
    await asyncio.gather(everything, flow)
    assert not hub._watched
    await hub.close()


async def test_a_run_that_began_while_it_was_asked_what_is_under_way_is_in_the_next_answer() -> None:
    """Who asks after it was told of shares no answer that is older."""
    log = SlowList()
    questions = Questions(log)
    early = asyncio.ensure_future(questions.live("f"))
    await until(lambda: log.asked == 1)
    await wrote(log, "r", 1, end=False)
    late = [asyncio.ensure_future(questions.live("f")) for _ in range(3)]
    log.go.set()
    assert await early == []
    assert [[run["run_id"] for run in await each] for each in late] == [["r"]] * 3
    assert log.asked == 2


class Remembering:
    """A portal that says yes, and knows which runs it was asked about."""

    def __init__(self) -> None:
        self.runs: set[str] = set()
        self.rounds = 0

    async def authorize(self, request: HTTPConnection, action: Action, subject: Subject | None) -> bool:
        if action == "connect":
            self.rounds += 1
        elif subject is not None and subject.run_id is not None:
            self.runs.add(subject.run_id)
        return subject is None or subject.flow_id == "f"


async def test_a_right_is_reviewed_for_what_is_watched_and_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that was open for long is not closed for runs that are gone, and they are asked about no more."""
    monkeypatch.setattr(hubs, "LATE_S", 0.0)
    portal = Remembering()
    settings = replace(DEFAULT, review_s=0.02)
    log = MemoryLog(Retention(runs=1))
    async with (
        relaying(log, portal=Portal(authorize=portal.authorize), settings=settings) as relay,
        relay.page() as page,
    ):
        await greeted(page, "f")
        for number in range(20):
            await wrote(log, f"r{number}", 1)
            await page.until(run_id=f"r{number}", event="run_end")
        await page.send({"type": "subscribe", "run_id": "r0"})
        await page.send({"type": "resume", "runs": {"none": -1}})
        await page.until(run_id="none")
        await asyncio.sleep(0.001)
        relay.relay.hub.tidy()
        await log.sweep(time.time())
        for _ in range(2):  # one may have been under way
            portal.runs.clear()
            rounds = portal.rounds
            await until(lambda rounds=rounds: portal.rounds > rounds + 2)  # type: ignore[misc]
        assert not portal.runs
        await wrote(log, "last", 1)
        await page.until(run_id="last", event="run_end")


async def test_a_portal_that_fails_once_costs_a_socket_nothing() -> None:
    """It is told to come again, not that history is gone: neither by `resume` nor as a run begins."""
    fails: set[str] = set()

    async def authorize(request: HTTPConnection, action: Action, subject: Subject | None) -> bool:
        if subject is not None and subject.run_id in fails:
            raise RuntimeError("the directory is away")
        return True

    async with relaying(portal=Portal(authorize=authorize)) as relay:
        await wrote(relay.log, "old", 1)
        fails |= {"old", "new"}
        for act in ("resume", "begin"):
            async with relay.page() as page:
                await greeted(page, "f")
                if act == "resume":
                    await page.send({"type": "resume", "runs": {"old": 0}})
                else:
                    await wrote(relay.log, "new", 1)
                told = await page.until_closed()
                assert page.socket.close_code == 1013
                assert not [each for each in told if each.get("type") == "catch_up"]


class Holding(Outbox):
    """Counts what is put in as old."""

    put_in = 0

    def old(self, part: Part) -> None:
        self.put_in += part.size
        super().old(part)


async def test_a_socket_that_takes_nothing_holds_little_of_what_is_old() -> None:
    """However large a page of the log is."""
    log = MemoryLog()
    await log.append("r", [said("run_start", flow_id="f"), *(text("x" * 10_000) for _ in range(200))])
    hub, box = Hub(log, Metrics()), Holding()
    await hub.start()
    watcher = SocketWatcher(hub, box, None, lambda code, reason: None)
    task = asyncio.ensure_future(watcher.catch_up("r", -1))
    for _ in range(200):
        await asyncio.sleep(0)
    assert 0 < box.put_in <= 6 * BATCH
    task.cancel()
    await hub.close()


async def test_what_is_counted_as_told_was_told() -> None:
    """Not what is held back from somebody who may not see it; and an event's age is by its own time."""
    assert Bundle([Entry(0, '{"tool_args":{"ts":1},"ts":5.5}')]).ts == 5.5
    assert Bundle([Entry(0, '{"tool_args":{"ts":1}}')]).ts is None

    go = asyncio.Event()

    async def authorize(request: HTTPConnection, action: Action, subject: Subject | None) -> bool:
        if subject is not None and subject.run_id == "secret":
            await go.wait()
            return False
        return True

    async with relaying(portal=Portal(authorize=authorize)) as relay, relay.page() as page:
        await greeted(page, "f")
        await wrote(relay.log, "secret", 50)
        await wrote(relay.log, "r", 1)
        await page.until(run_id="r", event="run_end")
        told = relay.relay.metrics.text().decode().split("\nflowglow_events_delivered_total ")[1].split()[0]
        go.set()
        assert float(told) == 3


async def test_a_run_that_speaks_again_is_brought_up_to_date_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """However often it speaks while the portal is asked; who was never told of it is not told now, nor asked about."""
    monkeypatch.setattr(hubs, "LATE_S", 0.0)
    asked, go = list[str](), asyncio.Event()
    go.set()

    async def authorize(request: HTTPConnection, action: Action, subject: Subject | None) -> bool:
        if action == "see":
            asked.append(str(request.headers["x-user"]))
            await go.wait()
        return True

    anna, ben = ({"x-user": name} for name in ("anna", "ben"))
    async with relaying(portal=Portal(authorize=authorize)) as relay, relay.page(additional_headers=anna) as page:
        await greeted(page, "f")
        await wrote(relay.log, "r", 1)
        await page.until(run_id="r", event="run_end")
        await asyncio.sleep(0.001)
        relay.relay.hub.tidy()
        async with relay.page(additional_headers=ben) as other:
            await greeted(other, "f")
            asked.clear()
            go.clear()
            for number in range(5):
                await relay.log.append("r", [text(f"late {number}", run_id="r")])
                await asyncio.sleep(0.01)
            go.set()
            told = await page.until(run_id="r", content="late 4")
            assert [each["seq"] for each in told] == [3, 4, 5, 6, 7]
            assert asked == ["anna"]
            await wrote(relay.log, "s", 1)
            assert {each["run_id"] for each in await other.until(run_id="s", event="run_end")} == {"s"}


async def test_a_late_end_of_a_run_of_an_earlier_flow_is_told() -> None:
    async with relaying() as relay, relay.page() as page:
        await greeted(page, "f")
        await wrote(relay.log, "r", 1, "f", end=False)
        await page.until(run_id="r", seq=1)
        await greeted_again(page, "g")
        await relay.log.append("r", [said("run_end", run_id="r")])
        await page.until(run_id="r", event="run_end")
        await relay.log.append("r", [said("end_node", run_id="r", node_id="n", order=0, status="success")])
        await page.until(run_id="r", event="end_node")


async def test_a_run_that_uses_an_id_again_is_followed_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the one before it spoke once more when nobody watched."""
    monkeypatch.setattr(hubs, "LATE_S", 0.0)
    log = MemoryLog(Retention(age_s=1))
    async with relaying(log) as relay, relay.page() as page:
        await greeted(page, "g")
        await wrote(log, "r", 1)
        await log.append("r", [text("late", run_id="r")])
        await wrote(log, "s", 1, "g")
        await page.until(run_id="s", event="run_end")
        assert "r" in await log.sweep(time.time() + 10)
        await greeted_again(page, "f")
        await wrote(log, "r", 1, end=False)
        await page.until(run_id="r", content="x")
        await asyncio.sleep(0.001)
        relay.relay.hub.tidy()
        await log.append("r", [text("on", run_id="r")])
        await page.until(run_id="r", content="on")


@pytest.mark.parametrize("first", ["its flow", "another flow", "all"])
async def test_who_names_a_run_that_has_just_begun_is_told_the_whole_of_it(first: str) -> None:
    """Whatever it watches already; and once, however often it names it."""
    settings = DEFAULT if "flow" in first else replace(DEFAULT, by_flow=False)
    log = MemoryLog()
    await wrote(log, "r", 1, end=False)
    async with relaying(log, settings=settings) as relay, relay.page() as page, asyncio.timeout(PATIENCE_S):
        if "flow" in first:
            await page.send({"type": "subscribe", "flow_id": "f" if first == "its flow" else "g"})
        else:
            await until(lambda: "r" in relay.relay.hub._watched)
        for told in ([0, 1], []):
            await page.send({"type": "subscribe", "run_id": "r"})
            await page.send({"type": "resume", "runs": {"none": -1}})
            assert [each["seq"] for each in await page.until(run_id="none") if "seq" in each] == told
        await relay.log.append("r", [text("on")])
        assert (await page.until(content="on"))[-1]["seq"] == 2


async def test_who_names_a_run_while_it_is_admitted_with_its_flow_is_told_the_whole_of_it() -> None:
    """The portal says that it may be seen only once it was asked again, for whoever names it."""
    asked, again = 0, asyncio.Event()

    async def authorize(request: HTTPConnection, action: Action, subject: Subject | None) -> bool:
        nonlocal asked
        asked += action == "see"
        if asked == 1:
            await again.wait()
        elif asked == 2:
            again.set()
        return True

    log = MemoryLog()
    await wrote(log, "r", 1, end=False)
    async with relaying(log, portal=Portal(authorize=authorize)) as relay, relay.page() as page:
        await page.send({"type": "subscribe", "flow_id": "f"})
        await page.send({"type": "subscribe", "run_id": "r"})
        await page.send({"type": "resume", "runs": {"none": -1}})
        assert [each["seq"] for each in await page.until(run_id="none") if "seq" in each] == [0, 1]


class SlowRead(MemoryLog):
    """Events are read once they may be."""

    def __init__(self) -> None:
        super().__init__()
        self.reads = 0
        self.go = asyncio.Event()

    async def read(self, run_id: str, after: int = -1, stream: Stream = "events", limit: int = PAGE) -> Page:
        self.reads += 1
        await self.go.wait()
        return await super().read(run_id, after, stream, limit)


async def test_who_says_late_which_flow_it_shows_is_told_of_all_that_began_in_it() -> None:
    """It was just being told of one of them."""
    log = SlowRead()
    hub, box = Hub(log, Metrics()), Outbox()
    await hub.start()
    watcher = SocketWatcher(hub, box, None, lambda code, reason: None)
    hub.join(watcher)
    for run_id in ("r0", "r1"):
        await wrote(log, run_id, 1)
        await asyncio.sleep(0.01)
    everything = asyncio.ensure_future(watcher.want_all())
    await until(lambda: log.reads > 0)
    flow = asyncio.ensure_future(watcher.want_flow("f"))
    await asyncio.sleep(0.01)
    log.go.set()
    await asyncio.gather(everything, flow)
    told = ""
    async with asyncio.timeout(PATIENCE_S):
        while told.count("run_end") < 2:
            told += "".join(await box.take())
    assert all(told.count(f'"run_id":"{run_id}"') == 3 for run_id in ("r0", "r1"))
    await hub.close()


async def test_who_comes_from_all_runs_to_a_flow_misses_nothing_of_a_run_of_it() -> None:
    log = SlowList()
    await wrote(log, "r", 1, end=False)
    hub, box = Hub(log, Metrics()), Outbox()
    await hub.start()
    watcher = SocketWatcher(hub, box, None, lambda code, reason: None)
    hub.join(watcher)
    log.go.set()
    await watcher.want_all()
    await log.append("r", [text("a", run_id="r")])
    await until(lambda: hub._watched["r"].seq == 2)
    log.go.clear()
    log.later = True
    flow = asyncio.ensure_future(watcher.want_flow("f"))
    await until(lambda: log.asked == 2)
    await log.append("r", [text("meanwhile", run_id="r"), text("b", run_id="r")])
    log.go.set()
    await flow
    await log.append("r", [text("c", run_id="r")])
    told = ""
    async with asyncio.timeout(PATIENCE_S):
        while '"seq":5' not in told:
            told += "".join(await box.take())
    assert [f'"seq":{number}' in told for number in (2, 3, 4, 5)] == [True] * 4
    await hub.close()

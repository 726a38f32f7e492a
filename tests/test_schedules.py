"""Schedules of faults nobody would write by hand: drop, duplicate, reorder, delay, reconnect, sleep, and a server that
dies, with its history or without.

The way between a server in memory and the page does what the schedule says. After the last fault the page must show the
pure fold of the whole log. `make soak` runs many more of them; a failure prints what to run again.
"""

from __future__ import annotations

import asyncio
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pyapp.testing.page import FakePage
from tests.memory_server import MemoryServer
from tests.oracle import TERMINAL, fold_log
from tests.streams import NODES, runs

Json = dict[str, Any]
FAULTS = ("pass", "pass", "pass", "drop", "twice", "late", "cut", "die", "wait", "sleep")
FORGETFUL = (*FAULTS, "forget")
SILENT = ("pass", "pass", "twice", "cut", "die", "wait", "sleep", "forget silently")
"""Such a server breaks the contract; what it tells first must arrive, or nobody can know."""
UNNUMBERED = ("pass", "pass", "drop", "cut", "die", "wait", "sleep")


class Play:
    """One page, one server, one schedule."""

    def __init__(self, logs: list[list[Json]], *, numbered: bool = True) -> None:
        self.server = MemoryServer(numbered=numbered)
        self.page = FakePage(http=self.server)
        self.queues = [list(log) for log in logs]
        self.settled: set[str] = set()
        """Runs that were over when the server forgot them: what they were is all that counts."""
        self._delayed: list[Json] = []

    async def go(self, schedule: list[str]) -> None:
        """Let it all happen, then let things be good again."""
        await self.page.open()
        self.server.greet(self.page)
        for number, fault in enumerate(schedule + ["pass"] * sum(map(len, self.queues))):
            await self._step(fault, self.queues[number % len(self.queues)])
        for queue in self.queues:
            for event in queue:
                self.page.receive(self.server.happen(event))
        await self.page.advance(2.5)
        self.page.app.woke()
        await self.page.advance(2.5)

    async def end(self) -> None:
        """Nothing stays behind."""
        self.page.app.stop()
        await self.page.settle()
        assert self.page.clock.pending == 0 and self.page.sockets.live == 0

    async def _step(self, fault: str, queue: list[Json]) -> None:
        page, server = self.page, self.server
        if fault in ("cut", "die"):
            await page.reconnect(1006 if fault == "cut" else 1012)
            server.resume(page)
        elif fault.startswith("forget"):
            self.settled |= {run.run_id for run in page.app.tracking.runs() if run.over and not run.provisional}
            server.restart()
            self._delayed.clear()  # the old socket's, and that one is gone
            await page.reconnect(1012)
            server.resume(page, says_so=fault == "forget")
        elif fault == "wait":
            await page.advance(3.0)
        elif fault == "sleep":
            page.clock.set_wall(page.clock.wall() + 3600)
            page.app.woke()
            await page.settle()
        elif queue:
            frame = server.happen(queue.pop(0))
            if fault == "late":
                self._delayed.append(frame)
            elif fault != "drop":
                page.receive(frame)
            if fault == "twice":
                page.receive(frame)
        while self._delayed and fault != "late":
            page.receive(self._delayed.pop())


def check(page: FakePage, log: list[Json], but: set[str]) -> None:
    """Records, stores and picture are the fold of the log."""
    for run_id, told in fold_log(log).items():
        run = page.app.tracking.find(run_id)
        if run is None or run_id in but:
            continue  # not one event of it ever came through
        assert run.status == page.row(run_id) == told["status"]
        records = {
            node.node_id: {order: each.status for order, each in node.executions.items()}
            for node in run.nodes.values()
            if node.executions
        }
        assert records == told["nodes"]
        stored: dict[str, dict[int, str]] = {}
        for mock in page.app.stores.mock.of_run(run_id).values():
            stored.setdefault(mock.node_id, {})[mock.order] = mock.status
        assert stored == told["nodes"]
        words = sum(event["event"] == "RunContent" for event in log if event["run_id"] == run_id)
        texts = [each.text for each in page.app.stores.chat.of_run(run_id).values() if each.kind == "text"]
        assert "".join(texts) == "a word " * words, "no word is lost, and none stands twice"
        if page.app.stores.front.get() == run_id:
            for name in NODES:
                orders = told["nodes"].get(name, {})
                assert sorted(page.badges(name)) == sorted((str(order + 1), each) for order, each in orders.items())
    assert page.app.stores.metrics.get("failed") == 0
    assert page.app.stores.notices.get("repair") is None, "nothing was ever shown wrong"


async def play(logs: list[list[Json]], schedule: list[str]) -> None:
    game = Play(logs)
    await game.go(schedule)
    check(game.page, game.server.log, game.settled)
    await game.end()


async def play_unnumbered(log: list[Json], schedule: list[str]) -> None:
    """Without numbers the last time each node ran, and the run itself, are as the server says; words may be lost."""
    game = Play([log], numbered=False)
    await game.go(schedule)
    for run_id, told in fold_log(game.server.log).items():
        run = game.page.app.tracking.find(run_id)
        if run is None:
            continue
        assert run.status == game.page.row(run_id) == told["status"]
        for name, orders in told["nodes"].items():
            known = run.nodes[name].executions
            assert set(known) == set(orders)
            if told["status"] not in TERMINAL or orders[max(orders)] != "unknown":
                assert known[max(orders)].status == orders[max(orders)]
    await game.end()


@given(st.lists(runs("r"), min_size=1, max_size=1), st.lists(st.sampled_from(FAULTS), max_size=30))
def test_one_run(logs: list[list[Json]], schedule: list[str]) -> None:
    asyncio.run(play(logs, schedule))


@given(st.tuples(runs("r0"), runs("r1")), st.lists(st.sampled_from(FAULTS), max_size=40))
def test_two_runs(logs: tuple[list[Json], list[Json]], schedule: list[str]) -> None:
    asyncio.run(play(list(logs), schedule))


@given(st.tuples(runs("r0"), runs("r1")), st.lists(st.sampled_from(FORGETFUL), max_size=40))
def test_a_server_that_forgets(logs: tuple[list[Json], list[Json]], schedule: list[str]) -> None:
    asyncio.run(play(list(logs), schedule))


@given(st.tuples(runs("r0"), runs("r1")), st.lists(st.sampled_from(SILENT), max_size=40))
def test_a_server_that_forgets_and_does_not_say_so(logs: tuple[list[Json], list[Json]], schedule: list[str]) -> None:
    asyncio.run(play(list(logs), schedule))


@given(runs("r"), st.lists(st.sampled_from(UNNUMBERED), max_size=30))
def test_a_server_that_numbers_nothing(log: list[Json], schedule: list[str]) -> None:
    asyncio.run(play_unnumbered(log, schedule))

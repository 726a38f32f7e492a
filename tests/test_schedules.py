"""Schedules of faults nobody would write by hand: drop, duplicate, reorder, delay, reconnect, a server that dies.

A server in memory numbers what happens, keeps it, answers `resume` and HTTP as the contract says; the way between
it and the page does what the schedule says. After the last fault the page must show the pure fold of the whole log.
`make soak` runs many more of them; a failure prints what to run again.
"""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pyapp.ports import HttpResponse
from pyapp.testing.http import FakeHttp
from pyapp.testing.page import FLOW, FakePage
from tests.oracle import fold_log
from tests.streams import runs

Json = dict[str, Any]
FAULTS = ("pass", "pass", "pass", "drop", "twice", "late", "cut", "die", "wait", "sleep")


class Server(FakeHttp):
    """Knows every event that has happened; answers the calls of the contract about them."""

    def __init__(self, page: FakePage) -> None:
        super().__init__()
        self._page = page
        self.log: list[Json] = []
        page.app.api._http = self

    def of(self, run_id: str, after: int) -> list[Json]:
        return [event for event in self.log if event["run_id"] == run_id and event["seq"] > after]

    async def request(self, method: str, url: str, *, body: str | None = None, timeout_s: float = 10.0) -> HttpResponse:
        path = url.removeprefix(self.base)
        if found := re.fullmatch(r"/runs/(\w+)/events\?after=(-?\d+)", path):
            events = self.of(found[1], int(found[2]))
            return HttpResponse(200, "".join(json.dumps(each) + "\n" for each in events))
        if found := re.fullmatch(r"/runs/(\w+)", path):
            log = self.of(found[1], -1)
            status = fold_log(log)[found[1]]["status"] if log else "queued"
            answer = {"run_id": found[1], "status": status, "last_seq": len(log) - 1}
            return HttpResponse(200, json.dumps(answer))
        return await super().request(method, url, body=body, timeout_s=timeout_s)

    def resume(self) -> None:
        """Answer the page's `resume`, as a server does on every new link."""
        for frame in self._page.socket.sent_of("resume"):
            known = {event["run_id"] for event in self.log}
            cursors = dict.fromkeys(known, -1) | frame["runs"]
            for run_id, after in sorted(cursors.items()):
                missed = self.of(run_id, after) if run_id in frame["runs"] else []
                if missed:
                    head = {"type": "catch_up", "run_id": run_id, "complete": True}
                    self._page.receive({**head, "from_seq": after + 1, "to_seq": missed[-1]["seq"]})
                    self._page.receive(missed)


async def play(logs: list[list[Json]], schedule: list[str]) -> None:
    """Let it all happen, then let things be good again, and look."""
    page = FakePage()
    server = Server(page)
    for path, answer in (("/flows", [{"id": "demo", "name": "Demo"}]), ("/runs", [])):
        server.answer("GET", path, answer)
    server.answer("GET", "/flows/demo", FLOW)
    await page.open()
    delayed: list[Json] = []
    queues = [list(log) for log in logs]
    for number, fault in enumerate(schedule + ["pass"] * sum(map(len, logs))):
        queue = queues[number % len(queues)]
        if fault in ("cut", "die"):
            await page.reconnect(1006 if fault == "cut" else 1012)
            server.resume()
        elif fault == "wait":
            await page.advance(3.0)
        elif fault == "sleep":
            page.clock.set_wall(page.clock.wall() + 3600)
            page.app.woke()
            await page.settle()
        elif queue:
            event = queue.pop(0)
            server.log.append(event)
            if fault == "drop":
                continue
            if fault == "late":
                delayed.append(event)
                continue
            page.receive(event)
            if fault == "twice":
                page.receive(event)
        while delayed and fault != "late":
            page.receive(delayed.pop())
    for queue in queues:
        for event in queue:
            server.log.append(event)
            page.receive(event)
    await page.advance(2.5)
    page.app.woke()
    await page.advance(2.5)
    check(page, server.log)
    page.app.stop()
    await page.settle()
    assert page.clock.pending == 0 and page.sockets.live == 0


def check(page: FakePage, log: list[Json]) -> None:
    """Records, stores and picture are the fold of the log."""
    for run_id, told in fold_log(log).items():
        run = page.app.tracking.find(run_id)
        if run is None:
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
            for name, orders in told["nodes"].items():
                assert sorted(page.badges(name)) == sorted((str(order + 1), each) for order, each in orders.items())
    assert page.app.stores.metrics.get("failed") == 0
    assert page.app.stores.notices.get("repair") is None, "nothing was ever shown wrong"


@given(st.lists(runs("r"), min_size=1, max_size=1), st.lists(st.sampled_from(FAULTS), max_size=30))
def test_one_run(logs: list[list[Json]], schedule: list[str]) -> None:
    asyncio.run(play(logs, schedule))


@given(st.tuples(runs("r0"), runs("r1")), st.lists(st.sampled_from(FAULTS), max_size=40))
def test_two_runs(logs: tuple[list[Json], list[Json]], schedule: list[str]) -> None:
    asyncio.run(play(list(logs), schedule))

"""A server in memory: numbers what happens, keeps it, answers `resume` and HTTP as the contract says.

It can be started anew with its history gone, and it can be one that numbers nothing.
"""

from __future__ import annotations

import json
import re
from typing import Any

from pyapp.ports import HttpResponse
from pyapp.testing.http import FakeHttp
from pyapp.testing.page import FakePage
from tests.oracle import fold_log

Json = dict[str, Any]


class MemoryServer(FakeHttp):
    """Knows every event since it was started."""

    def __init__(self, *, numbered: bool = True) -> None:
        super().__init__()
        self.log: list[Json] = []
        self.life = 0
        """How often it was started anew."""
        self._numbered = numbered
        self._counts: dict[str, int] = {}

    def happen(self, event: Json) -> Json:
        """Keep an event; the frame that tells of it."""
        run_id = event["run_id"]
        seq = self._counts.get(run_id, 0)
        self._counts[run_id] = seq + 1
        told = {**event, "seq": seq}
        if self.life:
            told["event_id"] = f"{self.life}/{run_id}/{seq}"
        self.log.append(told)
        return self._frame(told)

    def restart(self) -> None:
        """Forget everything and number from 0."""
        self.life += 1
        self.log.clear()
        self._counts.clear()

    def greet(self, page: FakePage) -> None:
        """Say hello on the page's newest link."""
        page.receive({"type": "hello", "protocol": 1})

    def resume(self, page: FakePage, *, says_so: bool = True) -> None:
        """Greet, and answer the page's `resume` on its newest link; one that forgot a run says so, or says nothing."""
        self.greet(page)
        for frame in page.socket.sent_of("resume"):
            for run_id, after in sorted(frame["runs"].items()):
                events = self._of(run_id, -1)
                last = len(events) - 1
                complete = bool(events) and after <= last
                missed = events[after + 1 :] if complete else events
                if missed or (says_so and not complete):
                    first = after + 1 if complete else 0
                    head = {"type": "catch_up", "run_id": run_id, "complete": complete}
                    if complete or says_so:
                        page.receive({**head, "from_seq": first, "to_seq": last})
                    page.receive([self._frame(each) for each in missed])

    async def request(self, method: str, url: str, *, body: str | None = None, timeout_s: float = 10.0) -> HttpResponse:
        path = url.removeprefix(self.base)
        if found := re.fullmatch(r"/runs/(\w+)/events\?after=(-?\d+)", path):
            events = self._of(found[1], int(found[2]))
            return HttpResponse(200, "".join(json.dumps(each) + "\n" for each in events))
        if found := re.fullmatch(r"/runs/(\w+)", path):
            if not self._of(found[1], -1):
                return HttpResponse(404, json.dumps({"error": {"code": "unknown", "message": "No such run."}}))
            return HttpResponse(200, json.dumps(self._info(found[1])))
        return await super().request(method, url, body=body, timeout_s=timeout_s)

    def _info(self, run_id: str) -> Json:
        log = self._of(run_id, -1)
        told = fold_log(log)[run_id]
        info = {"run_id": run_id, "status": told["status"]}
        if self._numbered:
            return {**info, "last_seq": len(log) - 1}
        results = {
            name: {"status": orders[max(orders)], "orders": sorted(orders)} for name, orders in told["nodes"].items()
        }
        return {**info, "results": results}

    def _of(self, run_id: str, after: int) -> list[Json]:
        return [event for event in self.log if event["run_id"] == run_id and event["seq"] > after]

    def _frame(self, event: Json) -> Json:
        return event if self._numbered else {key: value for key, value in event.items() if key != "seq"}

"""Every HTTP call of the contract, and every way in which one can be refused."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.requests import HTTPConnection, Request

from flowglow.errors import Refused
from flowglow.relay.flows import FileFlows
from flowglow.relay.log.memory import MemoryLog
from flowglow.relay.log.port import NewRun, Unavailable
from flowglow.relay.portal import Portal, Unclear
from flowglow.relay.rights import Action, Subject
from pyapp.contract.flow import Flow
from pyapp.contract.http import LogPage, RunInfo
from tests.flowglow.relay.support import relaying, said, text

FLOW = {"id": "f", "name": "First", "nodes": [{"id": "a", "handle": "a", "path": "x.A"}], "edges": []}


class Worker:
    """An executor that notes what it is told."""

    def __init__(self) -> None:
        self.told: list[tuple[Any, ...]] = []
        self.refuses = ""

    async def start(self, flow_id: str, run_id: str, input: Any, request: Request) -> None:
        if self.refuses:
            raise Refused(409, "busy", self.refuses)
        self.told.append(("start", flow_id, run_id, input))

    async def stop(self, run_id: str) -> None:
        self.told.append(("stop", run_id))

    async def answered(self, run_id: str) -> None:
        self.told.append(("answered", run_id))


def flows(folder: Path) -> FileFlows:
    (folder / "f.json").write_text(json.dumps(FLOW))
    return FileFlows(folder)


async def test_flows_are_given_and_started(tmp_path: Path) -> None:
    worker = Worker()
    async with relaying(portal=Portal(flows(tmp_path), worker)) as relay, relay.client() as client:
        assert (await client.get("/api/flows")).json() == [{"id": "f", "name": "First"}]
        assert Flow.model_validate_json((await client.get("/api/flows/f")).text).nodes[0].id == "a"
        answer = await client.post("/api/flows/f/runs", json={"input": {"x": 1}})
        run_id = answer.json()["run_id"]
        assert answer.status_code == 201 and worker.told == [("start", "f", run_id, {"x": 1})]
        run = (await client.get(f"/api/runs/{run_id}")).json()
        assert (run["status"], run["input"], run["flow_id"]) == ("queued", {"x": 1}, "f")
        missing = await client.get("/api/flows/none")
        assert missing.status_code == 404 and "this server has f" in missing.json()["error"]["message"]


async def test_a_start_that_is_refused_is_a_run_that_failed(tmp_path: Path) -> None:
    """Nothing stays queued for ever."""
    worker = Worker()
    worker.refuses = "All workers are busy."
    async with relaying(portal=Portal(flows(tmp_path), worker)) as relay, relay.client() as client:
        answer = await client.post("/api/flows/f/runs")
        assert (answer.status_code, answer.json()["error"]["message"]) == (409, "All workers are busy.")
        (run,) = (await client.get("/api/runs")).json()
        assert (run["status"], run["error"]) == ("error", "All workers are busy.")


async def test_a_relay_without_an_executor_only_shows(tmp_path: Path) -> None:
    async with relaying(portal=Portal(flows(tmp_path))) as relay, relay.client() as client:
        assert (await client.post("/api/flows/f/runs")).status_code == 501
        assert (await client.get("/api/runs")).json() == []


async def test_runs_are_told_as_the_page_reads_them() -> None:
    async with relaying() as relay, relay.client() as client:
        await relay.log.append("r", [said("run_start", flow_id="f"), said("start_node", node_id="a", order=0)])
        await relay.log.append("r", [said("end_node", node_id="a", status="success", content=[1])])
        info = RunInfo.model_validate_json((await client.get("/api/runs/r")).text)
        assert (info.status, info.last_seq) == ("executing", 2)
        assert info.results is not None and info.results["a"].content == [1]
        assert "asked" not in (await client.get("/api/runs/r")).json()
        for number in range(5):
            await relay.log.append(f"r{number}", [said("run_end", run_id=f"r{number}")])
        listed = (await client.get("/api/runs?status=success&limit=2&before=r4")).json()
        assert [run["run_id"] for run in listed] == ["r3", "r2"]
        assert (await client.get("/api/runs?flow_id=f")).json()[0]["run_id"] == "r"
        assert (await client.get("/api/runs?limit=x")).status_code == 400
        assert (await client.get("/api/runs/none")).json()["error"]["code"] == "unknown_run"


async def test_events_and_lines_are_given_behind_a_number() -> None:
    """All of them, however many pages of the log they are."""
    async with relaying() as relay, relay.client() as client:
        await relay.log.append("r", [text(str(number)) for number in range(1_300)])
        lines = (await client.get("/api/runs/r/events?after=9")).text.splitlines()
        assert [json.loads(line)["seq"] for line in lines] == list(range(10, 1_300))
        assert (await client.get("/api/runs/r/events?after=2000")).text == ""
        await relay.log.write("r", ['{"ts":1,"level":"info","text":"a"}', '{"ts":2,"level":"info","text":"b"}'])
        page = LogPage.model_validate_json((await client.get("/api/runs/r/logs?after=1")).text)
        assert ([line.text for line in page.lines], page.cursor) == (["b"], 2)
        assert (await client.get("/api/runs/r/logs?after=2")).json() == {"lines": [], "cursor": 2}


async def test_a_long_log_is_told_in_answers_that_somebody_can_hold() -> None:
    """Many a page of the log in one of them; who asks on from the cursor has every line, once."""
    line = json.dumps({"ts": 1, "level": "info", "text": "x" * 100_000})
    async with relaying() as relay, relay.client() as client:
        await relay.log.append("r", [text("a")])
        for _ in range(10):
            await relay.log.write("r", [line] * 10)
        sizes, cursor = list[int](), 0
        while (page := (await client.get(f"/api/runs/r/logs?after={cursor}")).json())["lines"]:
            sizes.append(len(page["lines"]))
            cursor = page["cursor"]
        assert sum(sizes) == 100 and 80 <= sizes[0] < 100


async def test_a_stop_is_an_order_and_is_given_once(tmp_path: Path) -> None:
    worker = Worker()
    async with relaying(portal=Portal(executor=worker)) as relay, relay.client() as client:
        await relay.log.append("r", [said("run_start", flow_id="f")])
        for _ in range(2):
            assert (await client.post("/api/runs/r/stop")).status_code == 202
        assert [entry.text for entry in (await relay.log.read("r", stream="orders")).entries] == ['{"type":"stop"}']
        await relay.log.append("r", [said("run_end")])
        assert (await client.post("/api/runs/r/stop")).status_code == 202
        assert worker.told == [("stop", "r")] * 2


async def test_an_answer_is_an_order() -> None:
    worker = Worker()
    async with relaying(portal=Portal(executor=worker)) as relay, relay.client() as client:
        await relay.log.append("r", [said("AgentPaused", "e1", requirements=[{"id": "q", "kind": "confirmation"}])])
        bad = await client.post("/api/runs/r/continue", json={"requirements": {"id": "q"}})
        assert bad.status_code == 400
        for confirmed, status in ((None, 422), (True, 202), (True, 202), (False, 409)):
            body = {"requirements": [{"id": "q", "confirmed": confirmed}]}
            assert (await client.post("/api/runs/r/continue", json=body)).status_code == status
        (entry,) = (await relay.log.read("r", stream="orders")).entries
        assert json.loads(entry.text) == {
            "type": "answer", "id": "q", "asked": "e1", "answer": {"id": "q", "confirmed": True},
        }  # fmt: skip
        assert worker.told == [("answered", "r")] * 2


async def test_an_answer_with_a_number_that_nobody_can_hold_is_refused() -> None:
    """A parser makes infinity of it, which JSON cannot say: it would be handed on as null."""
    async with relaying() as relay, relay.client() as client:
        await relay.log.append("r", [said("AgentPaused", requirements=[{"id": "q", "kind": "external_execution"}])])
        for number, status in (("1e999", 400), ("NaN", 400), ("1e99", 202)):
            body = '{"requirements": [{"id": "q", "result": {"n": [' + number + "]}}]}"
            answer = await client.post("/api/runs/r/continue", content=body)
            assert answer.status_code == status
            assert status == 202 or answer.json()["error"]["message"].startswith("The body is not JSON: ")


async def test_a_foreign_page_may_not_act() -> None:
    async with relaying() as relay, relay.client(origin="https://evil.example") as client:
        for path in ("/api/flows/f/runs", "/api/runs/r/stop", "/api/runs/r/continue", "/api/tickets"):
            assert (await client.post(path)).status_code == 403


async def test_the_portal_says_who_may_do_what(tmp_path: Path) -> None:
    """Refusals say what for; a list leaves out what may not be seen, and is as long as it was asked for."""
    asked: list[tuple[str, str | None]] = []

    def authorize(request: HTTPConnection, action: Action, subject: Subject | None) -> bool:
        asked.append((action, subject.flow_id if subject else None))
        return action == "connect" or (action == "see" and subject is not None and subject.flow_id == "mine")

    async with relaying(portal=Portal(flows(tmp_path), Worker(), authorize)) as relay, relay.client() as client:
        for number in range(6):
            name, flow = f"r{number}", "mine" if number % 2 else "other"
            await relay.log.append(name, [said("run_start", run_id=name, flow_id=flow)])
        assert [run["run_id"] for run in (await client.get("/api/runs?limit=2")).json()] == ["r5", "r3"]
        assert (await client.get("/api/runs/r1")).status_code == 200
        for path in ("/api/runs/r0", "/api/runs/r0/events", "/api/runs/r0/logs"):
            assert (await client.get(path)).status_code == 403
        refusals = [
            (await client.post(path, json={"requirements": []})).json()["error"]["message"]
            for path in ("/api/flows/f/runs", "/api/runs/r1/stop", "/api/runs/r1/continue")
        ]
        assert refusals == [
            "You may not start this flow.",
            "You may not stop this run.",
            "You may not answer for this run.",
        ]
        assert ("start", "f") in asked


async def test_a_portal_that_fails_allows_nothing() -> None:
    def authorize(request: HTTPConnection, action: Action, subject: Subject | None) -> bool:
        raise RuntimeError("the directory is away")

    async with relaying(portal=Portal(authorize=authorize)) as relay, relay.client() as client:
        answer = await client.get("/api/runs")
        assert (answer.status_code, answer.json()["error"]["code"]) == (503, "portal_silent")


async def test_a_run_at_which_the_portal_fails_is_in_no_list_and_the_others_are() -> None:
    def authorize(request: HTTPConnection, action: Action, subject: Subject | None) -> bool:
        return subject is None or subject.flow_id.startswith("f")  # type: ignore[union-attr]  # of some it is not known

    async with relaying(portal=Portal(authorize=authorize)) as relay, relay.client() as client:
        await relay.log.append("known", [said("run_start", run_id="known", flow_id="f")])
        await relay.log.append("unknown", [text("a", run_id="unknown")])
        assert [each["run_id"] for each in (await client.get("/api/runs")).json()] == ["known"]


class Away(MemoryLog):
    async def runs(self, query: Any) -> list[dict[str, Any]]:
        raise Unavailable("The event log is away.")

    async def instance(self) -> str:
        if getattr(self, "gone", False):
            raise Unavailable("The event log is away.")
        return await super().instance()


async def test_a_log_that_is_away_is_said_in_words() -> None:
    log = Away()
    async with relaying(log) as relay, relay.client() as client:
        log.gone = True  # type: ignore[attr-defined]
        answer = await client.get("/api/runs")
        assert (answer.status_code, answer.json()["error"]["message"]) == (503, "The event log is away.")
        answer = await client.get("/healthz")
        assert (answer.status_code, answer.json()["reason"]) == (503, "The event log is away.")


async def test_numbers_for_prometheus() -> None:
    async with relaying() as relay, relay.client() as client, relay.page() as page:
        await page.next()
        told = (await client.get("/metrics")).text
        assert "flowglow_sockets 1.0" in told and "flowglow_append_seconds_bucket" in told
        assert "flowglow_catch_ups_total 0.0" in told
        await relay.log.append("r", [said("run_start")])
        await page.send({"type": "resume", "runs": {"r": -1, "gone": -1}})
        while (await page.next()).get("run_id") != "gone":
            pass
        assert "flowglow_catch_ups_total 1.0" in (await client.get("/metrics")).text


async def test_errors_have_the_shape_of_the_contract() -> None:
    async with relaying() as relay, relay.client() as client:
        answer: httpx.Response = await client.get("/api/nothing")
        assert answer.status_code == 404 and set(answer.json()["error"]) == {"code", "message"}


@pytest.mark.parametrize("written", ["{", '{"name": "no id"}', "[1]"])
async def test_what_is_no_flow_is_left_out(tmp_path: Path, written: str) -> None:
    """The others are there, and an edit shows at once."""
    (tmp_path / "bad.json").write_text(written)
    there = flows(tmp_path)
    assert [flow["id"] for flow in await there.all()] == ["f"]
    (tmp_path / "bad.json").write_text(json.dumps([FLOW | {"id": "g"}]))
    assert [flow["id"] for flow in await there.all()] == ["g", "f"]
    assert await there.flow("h") is None


async def test_a_start_that_nobody_answered_is_no_run_that_failed(tmp_path: Path) -> None:
    """It may be executing: what it tells counts, and how it ends."""

    class Silent(Worker):
        async def start(self, flow_id: str, run_id: str, input: Any, request: Request) -> None:
            await relay.log.append(run_id, [said("run_start", run_id=run_id, flow_id=flow_id)])
            raise Unclear

    async with relaying(portal=Portal(flows(tmp_path), Silent())) as relay, relay.client() as client:
        answer = await client.post("/api/flows/f/runs")
        assert (answer.status_code, answer.json()["error"]["code"]) == (504, "executor_silent")
        (run,) = (await client.get("/api/runs")).json()
        assert run["status"] == "executing"
        await relay.log.append(run["run_id"], [said("run_end", run_id=run["run_id"], status="success")])
        assert (await client.get("/api/runs")).json()[0]["status"] == "success"


async def test_a_list_for_somebody_who_may_see_nothing_asks_in_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many at once, and of so many runs at most; whoever may see some gets them."""
    monkeypatch.setattr("flowglow.relay.api.MAX_ASKED", 64)
    asked, now, most = 0, 0, 0

    async def authorize(request: HTTPConnection, action: Action, subject: Subject | None) -> bool:
        nonlocal asked, now, most
        if subject is None:
            return True
        asked, now = asked + 1, now + 1
        most = max(most, now)
        await asyncio.sleep(0)
        now -= 1
        return subject.flow_id == request.headers.get("x-flow")

    async with relaying(portal=Portal(authorize=authorize)) as relay, relay.client() as client:
        for number in range(100):
            await relay.log.open(NewRun(f"r{number}", "f" if number == 50 else "g", float(number)))
        assert (await client.get("/api/runs?limit=20")).json() == []
        assert (asked, most) == (64, 32)
        (run,) = (await client.get("/api/runs?limit=20", headers={"x-flow": "f"})).json()
        assert run["run_id"] == "r50"

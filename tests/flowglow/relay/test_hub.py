"""The one reader of a relay is never deaf, whatever the log does to it, and the relay says so where it is."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

import pytest
from websockets.exceptions import ConnectionClosed

from flowglow.relay import app, hub
from flowglow.relay.log.local import LocalFollower
from flowglow.relay.log.memory import MemoryLog
from flowglow.relay.log.port import Draft, Full, NewRun, News, Retention, Unavailable, UnknownRun
from flowglow.relay.portal import Portal
from tests.flowglow.relay.support import NOW, relaying, text
from tests.flowglow.relay.test_socket import greeted, wrote
from tests.flowglow.serving import PATIENCE_S

SOON_S = PATIENCE_S / 2
"""Less than it takes until a ping comes."""


class Failing(MemoryLog):
    """Its follower takes what happened, and then fails as nobody foresaw; once."""

    failures = 0

    async def follow(self) -> LocalFollower:
        follower = await super().follow()
        if not self.failures:
            take = follower.next

            async def fail() -> list[News]:
                await take()
                self.failures += 1
                raise KeyError("run")

            follower.next = fail  # type: ignore[method-assign]
        return follower


async def test_a_reader_that_fails_begins_again() -> None:
    """Nobody knows what was lost with it: pages come back, ask for what they missed, and hear what happens."""
    log = Failing()
    async with relaying(log) as relay:
        async with relay.page() as page:
            await greeted(page, "f")
            await wrote(log, "r", 2, end=False)
            with pytest.raises(ConnectionClosed):
                async with asyncio.timeout(SOON_S):
                    await page.until(seq=2)
            assert page.socket.close_code == 1012
        async with relay.page() as page, relay.client() as client:
            await greeted(page, "f")
            await page.send({"type": "resume", "runs": {"r": -1}})
            await page.until(seq=2)
            await log.append("r", [text("on")])
            await page.until(seq=3, content="on")
            assert (await client.get("/healthz")).status_code == 200
    assert log.failures == 1


async def test_who_waits_for_orders_when_the_reader_begins_again_is_told_of_what_is_wanted() -> None:
    log = Failing()
    async with relaying(log) as relay:
        await log.append("r", [text("a")])
        async with asyncio.timeout(PATIENCE_S):
            while not log.failures:
                await asyncio.sleep(0)
        waiting = asyncio.ensure_future(relay.relay.hub.orders.read("r", -1, 60.0))
        while "r" not in relay.relay.hub.orders.waiting:
            await asyncio.sleep(0)
        await log.order("r", {"stop": '{"type":"stop"}'})
        async with asyncio.timeout(PATIENCE_S):
            page = await waiting
            while not page.entries:  # it was told to ask again
                page = await relay.relay.hub.orders.read("r", -1, 60.0)


async def test_a_relay_whose_reader_is_dead_says_so() -> None:
    async with relaying() as relay, relay.client() as client:
        reader = relay.relay.hub._reader
        assert reader is not None and (await client.get("/healthz")).status_code == 200
        reader.cancel()
        await asyncio.wait([reader])
        answer = await client.get("/healthz")
        assert answer.status_code == 503 and "followed" in answer.json()["reason"]


class Away(MemoryLog):
    """It answers, and yet it cannot be followed for now."""

    away = False

    async def follow(self) -> LocalFollower:
        follower = await super().follow()
        take = follower.next

        async def fail() -> list[News]:
            if self.away:
                raise Unavailable("It cannot be followed.")
            return await take()

        follower.next = fail  # type: ignore[method-assign]
        return follower


async def test_a_relay_that_has_not_followed_for_a_while_says_so_until_it_does() -> None:
    log = Away()

    async def health(status: int) -> None:
        async with relay.client() as client, asyncio.timeout(PATIENCE_S):
            while (await client.get("/healthz")).status_code != status:
                await asyncio.sleep(0.05)

    async with relaying(log) as relay:
        await log.open(NewRun("r", "f", 1.0))  # the reader takes this, and asks for more
        log.away = True
        await log.open(NewRun("s", "f", 1.0))
        await health(503)
        log.away = False
        await log.open(NewRun("t", "f", 1.0))
        await health(200)


class Unsweepable(MemoryLog):
    sweeps = 0

    async def sweep(self, now: float) -> list[str]:
        self.sweeps += 1
        raise KeyError("run")


async def test_a_sweep_that_fails_is_done_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "AGAIN_S", 0.0)
    log = Unsweepable()
    async with relaying(log), asyncio.timeout(PATIENCE_S):
        while log.sweeps < 2:
            await asyncio.sleep(0)


class Crowded(MemoryLog):
    full = True

    async def append(self, run_id: str, drafts: Sequence[Draft]) -> list[int]:
        if self.full:
            raise Full("The disk of the event log is full.")
        return await super().append(run_id, drafts)

    async def sweep(self, now: float) -> list[str]:
        if self.full:
            raise Full("The disk of the event log is full.")
        return await super().sweep(now)


async def test_a_log_that_takes_nothing_away_is_told_of_and_does_not_take_the_relay_down(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It is degraded: who watches is served, as long as the log can be read; by itself it is well again."""
    monkeypatch.setattr(app, "AGAIN_S", 0.01)
    log = Crowded()
    async with relaying(log) as relay, relay.client() as client, asyncio.timeout(PATIENCE_S):
        while (health := (await client.get("/healthz"))).json()["status"] != "degraded":
            await asyncio.sleep(0.01)
        assert health.status_code == 200 and "disk of the event log is full" in health.json()["reason"]
        assert "disk of the event log is full" in caplog.text
        log.full = False
        while (await client.get("/healthz")).json()["status"] != "ok":
            await asyncio.sleep(0.01)


async def test_a_log_that_takes_nothing_in_is_told_of_while_somebody_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is wrong with an event alone is no word about the log; and what nobody tries again is no news."""
    log = Crowded()
    log.full = False
    async with relaying(log, Portal(keys=("k",))) as relay, relay.client(authorization="Bearer k") as client:
        await client.post("/ingest/runs/r/events", json={"event": 1})
        assert (await client.get("/healthz")).json()["status"] == "ok"
        log.full = True
        assert (await client.post("/ingest/runs/r/events", json={"event": "run_start"})).status_code == 507
        health = (await client.get("/healthz")).json()
        assert health["status"] == "degraded" and "Events of producers were refused" in health["reason"]
        assert "flowglow_appends_refused_total 1.0" in (await client.get("/metrics")).text
        with monkeypatch.context() as later:
            later.setattr("flowglow.relay.health.LAPSES_S", 0.0)
            assert (await client.get("/healthz")).json()["status"] == "ok"
        log.full = False
        assert (await client.post("/ingest/runs/r/events", json={"event": "run_start"})).status_code == 200
        assert (await client.get("/healthz")).json()["status"] == "ok"


class CostlyFollower(LocalFollower):
    """As where very many runs are watched in Redis."""

    @property
    def reading_s(self) -> float:
        return 0.1


class Costly(MemoryLog):
    """Reading it takes long."""

    async def follow(self) -> LocalFollower:
        follower = CostlyFollower(self._entries, self._followers.discard)
        self._followers.add(follower)
        return follower


async def test_a_log_that_is_costly_to_read_is_read_less_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that batches grow instead of what it costs."""
    monkeypatch.setattr(hub, "REST_S", 1.0)
    log = Costly()
    async with relaying(log) as relay, relay.page() as page:
        await greeted(page, "f")
        await page.send({"type": "resume", "runs": {"r": -1}})
        await page.until(run_id="r")
        await log.append("r", [text("first")])
        await page.until(content="first")
        began = time.monotonic()
        await log.append("r", [text("second")])
        await page.until(content="second")
        assert time.monotonic() - began > 0.5


async def test_what_is_old_is_so_by_the_clock_of_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever that of the relay says."""
    monkeypatch.setattr(app, "SWEEP_S", 0.0)
    moment = NOW
    log = MemoryLog(Retention(age_s=50), lambda: moment)
    await log.append("r", [text("a")])
    async with relaying(log):
        for _ in range(50):
            await asyncio.sleep(0)
        assert (await log.read("r")).last == 0
        moment += 51
        async with asyncio.timeout(PATIENCE_S):
            with pytest.raises(UnknownRun):
                while await log.read("r"):
                    await asyncio.sleep(0)

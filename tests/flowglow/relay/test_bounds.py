"""What waits for a socket that takes nothing is bounded, whatever it asks for."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import replace

import pytest
from websockets.exceptions import ConnectionClosed

from flowglow.relay import outbox
from flowglow.relay.hub import Hub
from flowglow.relay.log.memory import MemoryLog
from flowglow.relay.log.port import PAGE, Page, Stream
from flowglow.relay.metrics import Metrics
from flowglow.relay.outbox import Outbox
from flowglow.relay.settings import DEFAULT
from flowglow.relay.watcher import SocketWatcher
from tests.flowglow.relay.support import Served, relaying, text
from tests.flowglow.serving import PATIENCE_S

EVENTS, LARGE_EVENT = 200, 100_000
"""More than lies between a relay and a page: 20 MB."""
LARGE = 180
"""Characters of a run id, so that what nobody takes soon fills what lies between."""


async def taken(box: Outbox) -> int:
    """How many frames wait in it."""
    count = 0
    while True:
        box.quiet = True
        if box.idle:
            return count
        count += len(await box.take())


async def closed_with(relay: Served, code: int) -> None:
    """Wait until the relay closed a socket with that code, and has none left."""
    metrics = relay.relay.metrics
    async with asyncio.timeout(PATIENCE_S):
        while not (metrics.closed.labels(code)._value.get() and metrics.sockets._value.get() == 0):
            await asyncio.sleep(0.05)


async def test_control_frames_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """By their number and by their bytes, and together with live events; it is told once, and nothing more taken in."""
    monkeypatch.setattr(outbox, "MAX_WAITING_BYTES", 1_000)
    for words, fit in (("{}", 3), (f'"{"x" * 498}"', 2)):
        told: list[int] = []
        box = Outbox(max_waiting=3, overflow=lambda told=told: told.append(1))  # type: ignore[misc]
        for _ in range(fit):
            box.kept(words)
        assert not box.overflown
        for _ in range(5):
            box.kept(words)
            box.old(*outbox.parts_of(["{}"]))
            box.live(outbox.parts_of(["{}"]))
        assert (box.overflown, told, await taken(box)) == (True, [1], fit)


async def test_a_socket_that_asks_and_never_reads_is_closed() -> None:
    """Answers that nobody takes are no way to fill a relay: it is closed with 1013, as any page that is too slow."""
    settings = replace(DEFAULT, max_waiting=2_000)
    async with relaying(settings=settings) as relay, relay.page(max_queue=1, ping_interval=None) as page:

        async def ask() -> None:
            for number in range(200):
                runs = {f"{number}-{each}-{'x' * LARGE}": -1 for each in range(1_000)}
                await page.send({"type": "resume", "runs": runs})

        asking = asyncio.ensure_future(ask())
        await closed_with(relay, 1013)
        asking.cancel()
        with contextlib.suppress(asyncio.CancelledError, ConnectionClosed):
            await asking
        with pytest.raises(ConnectionClosed):
            async with asyncio.timeout(PATIENCE_S):
                while True:
                    await page.socket.recv()


async def test_a_page_that_reads_may_ask_for_as_many_as_a_frame_names() -> None:
    async with relaying(settings=replace(DEFAULT, max_waiting=100)) as relay, relay.page() as page:
        for _ in range(3):
            await page.send({"type": "resume", "runs": {f"none{each}": -1 for each in range(1_000)}})
            await page.until(run_id="none999")


class Asked(MemoryLog):
    """Counts the pages that are read."""

    reads = 0

    async def read(self, run_id: str, after: int = -1, stream: Stream = "events", limit: int = PAGE) -> Page:
        self.reads += bool(limit)
        return await super().read(run_id, after, stream, limit)


async def test_old_events_wait_for_those_before_them() -> None:
    """Of many runs, too: what is asked for is read no sooner than there is room for it."""
    log, box = Asked(), Outbox()
    for number in range(50):
        await log.append(f"r{number}", [text("x" * 100_000, run_id=f"r{number}")])
    hub = Hub(log, Metrics())
    await hub.start()
    watcher = SocketWatcher(hub, box, None, lambda code, reason: None)

    async def resume() -> None:
        for number in range(50):
            await watcher.catch_up(f"r{number}", -1)

    resuming = asyncio.ensure_future(resume())
    await asyncio.sleep(0.1)
    assert not resuming.done() and log.reads <= 5
    while not resuming.done():
        await box.take()
    assert log.reads == 50
    await hub.close()


@pytest.mark.parametrize("direct", [True, False])
async def test_a_socket_that_takes_nothing_is_closed(direct: bool) -> None:
    """It asked for old events alone, which do not count, and takes none of them, while nothing else happens."""
    settings = replace(DEFAULT, heartbeat_s=0.3, stuck_s=1.0)
    async with relaying(settings=settings, direct=direct) as relay:
        await relay.log.append("r", [text("x" * LARGE_EVENT, run_id="r") for _ in range(EVENTS)])
        async with relay.page(max_queue=1, ping_interval=None) as page:
            await page.send({"type": "resume", "runs": {"r": -1}})
            await closed_with(relay, 1013)
            with pytest.raises(ConnectionClosed):
                await page.until(seq=EVENTS - 1)


async def test_whoever_takes_a_frame_is_not_stuck() -> None:
    """However much waits behind it; and nobody is to whom nothing is to be said."""
    box = Outbox()
    box.quiet = True
    assert not box.stuck
    for part in outbox.parts_of(["{}", "x" * outbox.BATCH]):
        box.old(part)
    assert box.stuck
    await box.take()
    assert not box.stuck
    box.quiet = True
    await box.take()
    assert not box.stuck
    box.quiet = True
    assert box.stuck  # it is being sent


@pytest.mark.parametrize(("count", "length", "size"), [(1_000, 1, 8 << 20), (10, 1_000, 50_000)])
async def test_live_events_that_wait_for_old_ones_count(
    count: int, length: int, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A socket that is brought up to date: by their number, by their bytes, and of all its runs together."""
    monkeypatch.setattr(outbox, "MAX_WAITING_BYTES", size)
    log, closed = MemoryLog(), list[int]()
    for run_id in ("a", "b"):
        await log.append(run_id, [text("x" * 200_000, run_id=run_id) for _ in range(2)])
    hub, box = Hub(log, Metrics()), Outbox(5_000, lambda: closed.append(1013))
    await hub.start()
    watcher = SocketWatcher(hub, box, None, lambda code, reason: closed.append(code))
    resuming = [asyncio.ensure_future(watcher.catch_up(run_id, -1)) for run_id in ("a", "b")]
    await asyncio.sleep(0.1)
    for told in range(10):
        assert closed == ([1013] if told > 5 else []), told
        run_id = "ab"[told % 2]
        await log.append(run_id, [text("x" * length, run_id=run_id) for _ in range(count)])
        async with asyncio.timeout(PATIENCE_S):
            while hub._watched[run_id].seq < 1 + count * (told // 2 + 1):
                await asyncio.sleep(0.01)
    for task in resuming:
        task.cancel()
    await hub.close()


async def test_what_waited_for_old_events_follows_and_counts_no_longer() -> None:
    """As much as may wait is no reason to close, whenever it is let in; and all of it is told."""
    log, closed, told = MemoryLog(), list[int](), list[str]()
    await log.append("r", [text("x" * 200_000) for _ in range(2)])
    hub, box = Hub(log, Metrics()), Outbox(100, lambda: closed.append(1013))
    await hub.start()
    watcher = SocketWatcher(hub, box, None, lambda code, reason: closed.append(code))
    for turn in range(3):
        resuming = asyncio.ensure_future(watcher.catch_up("r", -1))
        await asyncio.sleep(0.1)
        for count in (1, 97, 50):  # and what says how far it goes back
            await log.append("r", [text("y") for _ in range(count)])
            async with asyncio.timeout(PATIENCE_S):
                while hub._watched["r"].seq < (await log.run("r"))["last_seq"]:
                    await asyncio.sleep(0.01)
        async with asyncio.timeout(PATIENCE_S):
            while not resuming.done() or not box.idle:
                told += await box.take()
                box.quiet = True
                await asyncio.sleep(0)
        assert not closed, turn
        assert f'"seq":{148 * (turn + 1) + 1}' in told[-1].replace(" ", "")
    await hub.close()

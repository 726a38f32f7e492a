"""What every watcher of a relay knows when something fails, held against the oracle; each fault with a control."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest

from bench.scale.faults import DeafWatcher
from bench.scale.script import events
from e2e.fault_proxy import FaultProxy
from flowglow.relay.app import create_relay
from flowglow.relay.drafts import draft
from flowglow.relay.log.port import EventLog
from flowglow.relay.log.sqlite import SqliteLog
from flowglow.relay.portal import Portal
from flowglow.watch.sockets import Sockets
from flowglow.watch.surroundings import HttpxHttp, LoopClock
from flowglow.watch.watcher import Target, Watcher
from tests.flowglow.serving import served
from tests.flowglow.watch.truth import differences

RUN, COUNT, WATCHERS = "r", 60, 10
PATIENCE_S = 15.0


async def told(log: EventLog, first: int, last: int, *, fresh_ids: bool = False) -> None:
    """A producer tells a part of the run, one by one."""
    for event in events(RUN, COUNT)[first:last]:
        name = token_hex(8) if fresh_ids else event["event_id"]
        await log.append(RUN, [draft(RUN, {**event, "event_id": name}, time.time())])
        await asyncio.sleep(0)


def right(watcher: Watcher) -> bool:
    run = watcher.tracking.find(RUN)
    return run is not None and run.record.events >= COUNT and not differences(run, events(RUN, COUNT))


def settled(watcher: Watcher) -> bool:
    """It knows how the run ended, and nothing is on its way any more."""
    run = watcher.tracking.find(RUN)
    return run is not None and run.record.over and not run.log.waiting


async def until(there: Any) -> None:
    async def wait() -> None:
        while not there():
            await asyncio.sleep(0.01)

    async with asyncio.timeout(PATIENCE_S):
        await wait()


class Bench:
    """A relay over a SQLite file, behind a proxy, and its watchers."""

    def __init__(self, log: EventLog, proxy: FaultProxy, watchers: list[Watcher]) -> None:
        self.log, self.proxy, self.watchers = log, proxy, watchers

    async def cut(self) -> None:
        """Every socket is reset, and for a while nobody gets through."""
        self.proxy.faults.refuse = True
        self.proxy.cut()
        await until(lambda: not any(each.open for each in self.watchers))

    async def mend(self) -> None:
        self.proxy.faults.refuse = False
        await until(lambda: all(each.open for each in self.watchers))


async def on(folder: Path, kind: type[Watcher], act: Any) -> list[Watcher]:
    """Let it happen; the watchers, as they were at the end."""
    log = await SqliteLog.opened(folder / "log.db")
    async with served(create_relay(log, Portal())) as where:
        proxy = FaultProxy(int(where.rpartition(":")[2]))
        proxy.start()
        http, target = HttpxHttp(), Target(f"ws://127.0.0.1:{proxy.port}/ws", runs=(RUN,))
        watchers = [kind(target, Sockets(), http, LoopClock()) for _ in range(WATCHERS)]
        try:
            for each in watchers:
                each.start()
            await until(lambda: all(each.open for each in watchers))
            await act(Bench(log, proxy, watchers))
            await until(lambda: all(settled(each) for each in watchers))
        finally:
            for each in watchers:
                await each.stop()
            proxy.stop()
            await http.close()
    await log.close()
    return watchers


async def cut_in_the_middle(bench: Bench) -> None:
    await told(bench.log, 0, 20)
    await until(lambda: all(each.counts.events >= 20 for each in bench.watchers))
    await bench.cut()
    await told(bench.log, 20, 40)
    await bench.mend()
    await told(bench.log, 40, COUNT)


async def begun_again(bench: Bench, *, fresh_ids: bool = False) -> None:
    """The producer died in the middle; another one tells the run from its beginning, with the same ids."""
    await told(bench.log, 0, 30)
    await told(bench.log, 0, COUNT, fresh_ids=fresh_ids)


async def two_at_once(bench: Bench, *, fresh_ids: bool = False) -> None:
    ways = [told(bench.log, 0, COUNT, fresh_ids=fresh_ids) for _ in range(2)]
    await asyncio.gather(*ways)


async def test_all_sockets_are_cut_at_once(tmp_path: Path) -> None:
    watchers = await on(tmp_path, Watcher, cut_in_the_middle)
    assert all(right(each) for each in watchers) and all(each.counts.opened == 2 for each in watchers)


async def test_who_does_not_resume_lacks_what_was_told_meanwhile(tmp_path: Path) -> None:
    """The control for the one above."""

    async def act(bench: Bench) -> None:
        await told(bench.log, 0, 20)
        await until(lambda: all(each.counts.events >= 20 for each in bench.watchers))
        await bench.cut()
        await told(bench.log, 20, 40)
        await bench.mend()
        for number in range(40, COUNT - 1):  # until each hears of its flow again
            await told(bench.log, number, number + 1)
            await asyncio.sleep(0.02)
        await told(bench.log, COUNT - 1, COUNT)
        await until(lambda: all(each.tracking.run(RUN).log.lost for each in bench.watchers))

    assert not any(right(each) for each in await on(tmp_path, DeafWatcher, act))


@pytest.mark.parametrize("act", [begun_again, two_at_once])
async def test_what_is_told_twice_is_known_once(act: Any, tmp_path: Path) -> None:
    assert all(right(each) for each in await on(tmp_path, Watcher, act))


@pytest.mark.parametrize("act", [begun_again, two_at_once])
async def test_without_an_id_of_its_own_an_event_told_twice_is_two(act: Any, tmp_path: Path) -> None:
    """The control for the one above."""

    async def careless(bench: Bench) -> None:
        await act(bench, fresh_ids=True)

    assert not any(right(each) for each in await on(tmp_path, Watcher, careless))

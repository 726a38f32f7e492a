"""Watchers of the real dev server, over real sockets: to the end, through a cut, many at once."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx

from devserver.app import Settings, create_app
from devserver.engine.context import NodeContext
from e2e.fault_proxy import FaultProxy
from flowglow.watch.sockets import Sockets
from flowglow.watch.surroundings import HttpxHttp, LoopClock
from flowglow.watch.watcher import Target, Watcher
from tests.devserver.support import chain
from tests.flowglow.serving import served
from tests.flowglow.watch.truth import differences

ROOT = Path(__file__).parents[3]
PATIENCE_S = 20.0


class Gate:
    """A flow that tells a little, and goes on when it is let."""

    def __init__(self) -> None:
        self.told, self.may_go_on = asyncio.Event(), asyncio.Event()

    async def work(self, context: NodeContext, inputs: Mapping[str, Any]) -> str:
        for each in ("one ", "two ", "three "):
            context.say(each)
        self.told.set()
        await self.may_go_on.wait()
        for each in ("four ", "five"):
            context.say(each)
        return "done"


async def until(there: Any) -> None:
    async def wait() -> None:
        while not there():
            await asyncio.sleep(0.005)

    async with asyncio.timeout(PATIENCE_S):
        await wait()


def followed(watcher: Watcher, run_id: str) -> bool:
    run = watcher.tracking.find(run_id)
    return run is not None and run.over and not run.log.waiting


async def test_it_is_as_the_oracle_says_after_a_cut_in_the_middle() -> None:
    gate = Gate()
    app = create_app(ROOT, Settings(), {"gate": chain({"a": gate.work, "b": lambda c, i: "b"}, "gate")})
    async with served(app) as where:
        proxy = FaultProxy(int(where.rpartition(":")[2]))
        proxy.start()
        watcher = Watcher(Target(f"ws://127.0.0.1:{proxy.port}/ws"), Sockets(), HttpxHttp(), LoopClock())
        try:
            watcher.start()
            await until(lambda: watcher.open)
            run = app.state.backend.start("gate")
            await gate.told.wait()
            await until(lambda: watcher.counts.events >= 4)
            proxy.faults.refuse = True
            proxy.cut()
            await until(lambda: not watcher.open)
            gate.may_go_on.set()
            await until(lambda: run.ended)
            proxy.faults.refuse = False
            await until(lambda: followed(watcher, run.run_id))
            async with httpx.AsyncClient() as client:
                answer = await client.get(f"http://{where}/api/runs/{run.run_id}/events?after=-1")
            log = [httpx.Response(200, text=line).json() for line in answer.text.splitlines()]
            assert differences(watcher.tracking.run(run.run_id), log) == []
            assert watcher.counts.opened >= 2 and watcher.counts.events == len(log)
        finally:
            await watcher.stop()
            proxy.stop()


async def test_fifty_in_one_process_see_the_same() -> None:
    gate = Gate()
    app = create_app(ROOT, Settings(need_ticket=True), {"gate": chain({"a": gate.work}, "gate")})
    async with served(app) as where:
        http = HttpxHttp()
        run = app.state.backend.start("gate")
        target = Target(f"ws://{where}/ws", f"http://{where}/api", (run.run_id,))
        watchers = [Watcher(target, Sockets(), http, LoopClock()) for _ in range(50)]
        try:
            for each in watchers:
                each.start()
            await until(lambda: all(each.counts.events >= 4 for each in watchers))
            gate.may_go_on.set()
            await until(lambda: all(followed(each, run.run_id) for each in watchers))
            records = [each.tracking.run(run.run_id).record for each in watchers]
            assert all(each == records[0] for each in records)
            await until(lambda: watchers[0].tracking.flow.flow.id == "gate")
        finally:
            for each in watchers:
                await each.stop()
            await http.close()

"""The engine as a producer: what its runs tell is kept as it was told, and every answer reaches them."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from devserver.engine.backend import Backend
from devserver.engine.flow import Flow, Node
from devserver.engine.runs import Run
from devserver.producing import Executor, Producing
from flowglow.relay.answers import take_answers
from flowglow.relay.log.memory import MemoryLog
from flowglow.relay.log.port import UnknownRun
from tests.devserver.support import PATIENCE_S, Heard

CONFIRM = {"id": "q", "kind": "confirmation"}


class AsksTwice(Flow):
    """Asks the same question twice, as a node in a loop does."""

    def __init__(self) -> None:
        super().__init__("twice", "Twice", [Node("a", "test.A")])

    async def run(self, run: Any, input: Any) -> None:
        run.emit({"event": "run_start"})
        said = []
        for _ in range(2):
            run.emit({"event": "AgentPaused", "requirements": [CONFIRM]})
            said.append((await run.answered("q"))["q"]["note"])
            run.emit({"event": "resume_start", "resolved": ["q"]})
        run.emit({"event": "run_end", "content": said})


class Engine:
    """An engine that tells a log, and hears of answers as a relay hands them over."""

    def __init__(self) -> None:
        self.backend, self.log = Backend({"twice": AsksTwice()}), MemoryLog()
        self.producing = Producing(self.backend, self.log)
        self.heard, self._executor = Heard(self.backend), Executor(self.backend, self.log)

    async def asked(self, run: Run, times: int) -> None:
        """Until the question was asked so often, and the log knows."""
        await self.heard.until(run, times, event="AgentPaused")
        async with asyncio.timeout(PATIENCE_S):
            while await self._last(run) < run.last_seq:
                await asyncio.sleep(0)

    async def _last(self, run: Run) -> int:
        """The last number that the log has; it may not have heard of the run yet."""
        try:
            return (await self.log.read(run.run_id)).last
        except UnknownRun:
            return -1

    async def answer(self, run: Run, note: str) -> None:
        told = await self.log.run(run.run_id)
        await take_answers(self.log, told, [{"id": "q", "confirmed": True, "note": note}])
        await self._executor.answered(run.run_id)


async def test_a_question_that_is_asked_again_waits_for_another_answer() -> None:
    engine = Engine()
    run = engine.backend.start("twice")
    await engine.asked(run, 1)
    await engine.answer(run, "first")
    await engine.asked(run, 2)
    await engine.answer(run, "second")
    assert (await engine.heard.end(run))["content"] == ["first", "second"]


async def test_an_answer_behind_many_orders_is_heard() -> None:
    """More than one read of the log gives."""
    engine = Engine()
    run = engine.backend.start("twice")
    await engine.asked(run, 1)
    await engine.log.order(run.run_id, {str(number): '{"type":"stop"}' for number in range(600)})
    await engine.answer(run, "heard")
    await engine.asked(run, 2)
    await engine.backend.close()


async def test_what_is_kept_is_what_was_told() -> None:
    """Each event once, with its number and id, as whoever listens to the engine hears it."""
    engine = Engine()
    run = engine.backend.start("twice")
    await engine.asked(run, 1)
    await engine.backend.close()
    await engine.producing.close()
    kept = [json.loads(entry.text) for entry in (await engine.log.read(run.run_id)).entries]
    assert kept == engine.heard.of(run) and [event["seq"] for event in kept] == list(range(run.last_seq + 1))
    assert kept[0]["flow_id"] == "twice" and kept[1]["event_id"] == f"{run.run_id}-1"

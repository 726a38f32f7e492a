"""The backend keeps runs, bounded, whether anybody listens or not."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from devserver.engine.backend import Backend
from devserver.engine.flow import Flow, Node
from devserver.engine.runs import RunHandle
from flowglow.errors import Refused
from tests.devserver.support import PATIENCE_S, Heard, Scripted

START = {"event": "run_start"}
CONFIRM = {"id": "q", "kind": "confirmation", "prompt": "Really?"}


class Asking(Flow):
    """A flow that pauses for a person, and says what it was told."""

    def __init__(self) -> None:
        super().__init__("asking", "Asking", [Node("a", "test.Ask")])

    async def run(self, run: RunHandle, input: Any) -> None:
        run.emit({"event": "AgentPaused", "node_id": "a", "requirements": [CONFIRM]})
        answers = await run.answered("q")
        run.emit({"event": "resume_start", "resolved": ["q"]})
        run.emit({"event": "run_end", "content": answers["q"]["confirmed"]})


class Stubborn(Flow):
    """A flow that does not let go when it is cancelled, until it is allowed to."""

    def __init__(self) -> None:
        super().__init__("stubborn", "Stubborn", [Node("a", "test.A")])
        self.allowed = asyncio.Event()

    async def run(self, run: RunHandle, input: Any) -> None:
        run.emit(START)
        while not self.allowed.is_set():
            try:
                await self.allowed.wait()
            except asyncio.CancelledError:
                run.log("info", "not yet")


async def test_a_run_goes_on_without_listeners() -> None:
    """It tells its events to whoever comes, to its end."""
    flow = Scripted("f", START, wait=True)
    backend = Backend({"f": flow})
    run = backend.start("f")
    flow.go_on.set()
    heard = Heard(backend)
    await heard.end(run)
    assert [event["seq"] for event in heard.of(backend.run(run.run_id))] == [0, 1]
    assert run.picture.status == "success"


async def test_runs_beyond_the_bound_wait_as_queued() -> None:
    """With one place, the second run starts once the first has ended; a queued one can be stopped."""
    flow = Scripted("f", START, wait=True)
    backend = Backend({"f": flow}, parallel=1)
    heard = Heard(backend)
    first, second, third = (backend.start("f") for _ in range(3))
    await heard.until(first, event="run_start")
    assert [run.picture.status for run in (first, second, third)] == ["executing", "queued", "queued"]
    backend.stop(second.run_id)
    assert (await heard.end(second))["status"] == "killed"
    flow.go_on.set()
    assert (await heard.end(third))["status"] == "success"


async def test_a_run_that_is_stopped_before_it_begins_ends_as_killed() -> None:
    """Also in the very moment of its start."""
    backend = Backend({"f": Scripted("f", START)})
    heard = Heard(backend)
    run = backend.start("f")
    backend.stop(run.run_id)
    assert (await heard.end(run))["status"] == "killed"
    backend.stop(run.run_id)
    assert run.picture.status == "killed"


async def test_a_flow_that_does_not_let_go_is_declared_killed() -> None:
    """Stop is kept within two seconds, whatever the flow does."""
    flow = Stubborn()
    backend = Backend({"stubborn": flow})
    heard = Heard(backend)
    run = backend.start("stubborn")
    await heard.until(run, event="run_start")
    backend.stop(run.run_id)
    try:
        assert (await heard.end(run))["status"] == "killed"
    finally:
        flow.allowed.set()


async def test_an_exception_of_a_flow_ends_its_run_in_words() -> None:
    """A flow with its own runner raises: the run says so, and its log."""
    backend = Backend({"f": Scripted("f", START, {"event": "start_node", "node_id": "a"}, {"event": "nonsense"})})
    heard = Heard(backend)
    run = backend.start("f")
    end = await heard.end(run)
    assert end["status"] == "error" and "is no event of the contract" in end["error"]
    assert run.picture.results["a"].status == "error"
    assert "no event of the contract" in heard.lines(run)[-1]["text"]


async def test_the_oldest_ended_runs_go_first() -> None:
    """At the bound an ended run makes room; one that is under way never does."""
    flow = Scripted("f", START)
    held = Scripted("held", START, wait=True)
    backend = Backend({"f": flow, "held": held}, max_runs=2)
    heard = Heard(backend)
    stays = backend.start("held")
    goes = backend.start("f")
    await heard.end(goes)
    new = backend.start("f")
    assert (backend.run(new.run_id), backend.run(stays.run_id)) == (new, stays)
    with pytest.raises(Refused, match="any more"):
        backend.run(goes.run_id)
    with pytest.raises(Refused, match="under way or waiting") as busy:
        backend.start("f")
    assert busy.value.status == 503
    await backend.close()
    assert stays.picture.status == "killed"


async def test_an_answer_lets_a_paused_run_go_on_once() -> None:
    """The same answer twice is one answer."""
    backend = Backend({"asking": Asking()})
    heard = Heard(backend)
    run = backend.start("asking")
    await heard.until(run, event="AgentPaused")
    assert (run.picture.status, list(run.picture.requirements.values())) == ("paused", [CONFIRM])
    yes = {"id": "q", "confirmed": True}
    run.answers.give({"q": yes})
    run.answers.give({"q": yes})
    assert (await heard.end(run))["content"] is True
    assert [event["event"] for event in heard.of(run)] == ["AgentPaused", "resume_start", "run_end"]


async def test_closing_kills_what_runs() -> None:
    """The server goes down without leaving a task behind."""
    flow = Scripted("f", START, wait=True)
    backend = Backend({"f": flow})
    heard = Heard(backend)
    run = backend.start("f")
    await heard.until(run, event="run_start")
    async with asyncio.timeout(PATIENCE_S):
        await backend.close()
    assert run.picture.status == "killed"
    assert asyncio.all_tasks() == {asyncio.current_task()}

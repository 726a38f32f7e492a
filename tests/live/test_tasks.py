from __future__ import annotations

import asyncio

from pyapp.clock import sleep
from pyapp.errors import ApiError, ErrorReporter
from pyapp.live.tasks import RunTasks
from pyapp.testing.clock import FakeClock
from pyapp.testing.console import ListConsole


async def settle() -> None:
    for _ in range(6):
        await asyncio.sleep(0)


async def test_one_task_of_a_name_for_each_run() -> None:
    """A second start of the same work does nothing while the first is under way."""
    tasks = RunTasks(FakeClock(), ErrorReporter(ListConsole()))
    gate = asyncio.Event()

    async def work() -> None:
        await gate.wait()

    assert tasks.start("r", "log", work)
    assert not tasks.start("r", "log", work)
    assert tasks.start("q", "log", work)
    gate.set()
    await settle()
    assert len(tasks) == 0
    assert tasks.start("r", "log", work)
    await settle()


async def test_work_that_takes_too_long_is_ended() -> None:
    """The bound is kept, and said in the log; a finished task's timer is gone."""
    clock, console = FakeClock(), ListConsole()
    tasks = RunTasks(clock, ErrorReporter(console))
    tasks.start("r", "gap", lambda: sleep(clock, 1000.0), bound_s=5.0)
    await settle()
    clock.advance(5.0)
    await settle()
    assert len(tasks) == 0 and clock.pending == 0
    assert "took longer than 5 s" in console.texts("warning")[0]


async def test_failures_are_reported_and_api_errors_are_words() -> None:
    """An ApiError is a warning, anything else a failure with its trace."""
    console = ListConsole()
    tasks = RunTasks(FakeClock(), ErrorReporter(console))

    async def fail(error: Exception) -> None:
        raise error

    tasks.start("r", "a", lambda: fail(ApiError("It is busy.", status=409)))
    tasks.start("r", "b", lambda: fail(ValueError("bug")), bound_s=None)
    await settle()
    assert console.texts("warning") == ["[a] run r: It is busy."]
    assert "ValueError: bug" in console.texts("error")[0]


async def test_a_run_takes_its_tasks_along() -> None:
    """Cancelled without a word; others go on."""
    clock, console = FakeClock(), ListConsole()
    tasks = RunTasks(clock, ErrorReporter(console))
    for run_id in ("r", "q"):
        tasks.start(run_id, "log", lambda: sleep(clock, 10.0), bound_s=None)
    await settle()
    tasks.cancel_run("r")
    await settle()
    assert (len(tasks), clock.pending) == (1, 1)
    tasks.cancel_all()
    await settle()
    assert (len(tasks), clock.pending, console.lines) == (0, 0, [])

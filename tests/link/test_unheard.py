"""pyapp.link.unheard: whoever sent something waits for one word of it, and never for ever."""

from __future__ import annotations

import asyncio

import pytest

from pyapp.errors import ApiError
from pyapp.link.unheard import UNHEARD_S, Unheard
from pyapp.protocols.runs import ForeignRun, ForeignRuns
from pyapp.testing.clock import FakeClock
from tests.link.foreign import Bench, Plain, Talker, settle


class Waits:
    """Somebody who waits for a word of one run."""

    def __init__(self) -> None:
        self.clock, self.runs = FakeClock(), ForeignRuns()
        self.run = self.runs.add(ForeignRun("key", "f", Plain))
        self.failure: ApiError | None = None
        self.unheard = Unheard(self.runs, self.clock, lambda key: self.failure)
        self.word = asyncio.ensure_future(self.unheard.wait("key", lambda: None))


async def test_a_start_is_heard_of_once_its_run_has_an_id_and_an_answer_once_the_run_says_more() -> None:
    start, answer = Waits(), Waits()
    answer.run.run_id, answer.run.answering = "r", True
    await settle()
    start.run.run_id = "r"
    start.unheard.settle()
    answer.unheard.settle()
    assert (await start.word, answer.word.done()) == ("r", False)
    answer.run.take({"event": "resume_start", "run_id": "r"})
    answer.unheard.settle()
    assert await answer.word == "r"


@pytest.mark.parametrize("how", ["refused", "failed", "late"])
async def test_what_is_not_heard_of_fails_in_words(how: str) -> None:
    waits = Waits()
    waits.run.run_id, waits.run.answering = "r", True
    await settle()
    if how == "refused":
        waits.run.refused = "refused"
    elif how == "failed":
        waits.failure = ApiError("failed", status=503)
    else:
        waits.clock.advance(UNHEARD_S)
    waits.unheard.settle()
    with pytest.raises(ApiError, match="did not answer" if how == "late" else how) as error:
        await waits.word
    assert error.value.temporary is (how != "refused")


@pytest.mark.parametrize("begins", [True, False])
async def test_what_was_given_up_may_come_about_later(begins: bool) -> None:
    """Whoever gave up is told; where it failed after all, nobody need ask why."""
    waits = Waits()
    await settle()
    waits.clock.advance(UNHEARD_S)
    with pytest.raises(ApiError, match="did not answer") as error:
        await waits.word
    later = error.value.later
    assert later is not None and not later.done()
    waits.run.run_id, waits.failure = ("r", None) if begins else (None, ApiError("failed"))
    waits.unheard.settle()
    await settle()
    assert (later.result() if begins else str(later.exception())) == ("r" if begins else "failed")
    waits.unheard.stop()
    assert later.done() and not later.cancelled()


async def test_nobody_waits_behind_the_end() -> None:
    waits = Waits()
    await settle()
    waits.unheard.stop()
    with pytest.raises(asyncio.CancelledError):
        await waits.word


async def test_an_answer_over_a_socket_that_is_closed_fails_at_once_and_is_not_under_way() -> None:
    bench = Bench(Talker())
    bench.link.start()
    run = bench.dialect.runs.add(ForeignRun("key", "f", Plain))
    run.run_id = "r"
    with pytest.raises(ApiError, match="not open"):
        await bench.link.go_on(bench.dialect.start("f", None))
    assert not run.answering

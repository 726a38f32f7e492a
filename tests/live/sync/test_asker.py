"""Asking until it is answered: pauses that grow, the newest wish, no storm."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from itertools import islice, pairwise, repeat
from typing import Any

import pytest

from pyapp.errors import ApiError, ErrorReporter
from pyapp.live.sync.asker import (
    BRIEF_ATTEMPTS,
    BRIEF_S,
    MAX_PATIENCE_S,
    MAX_PAUSE_S,
    SLOW_AFTER,
    SLOW_PAUSE_S,
    Asker,
    attempts,
)
from pyapp.live.sync.places import AT_ONCE
from pyapp.testing.clock import FakeClock
from pyapp.testing.console import ListConsole

KEY = ("r", "events")
BUSY = ApiError("It is busy.", status=503)


class Desk:
    """An asker, and questions whose answers a test sets."""

    def __init__(self) -> None:
        self.clock, self.console = FakeClock(), ListConsole()
        self.asker = Asker(self.clock, ErrorReporter(self.console))
        self.asked: list[str] = []
        self.failed: list[int] = []
        self.answers: list[bool | Exception] = [True]

    def want(self, name: str = "a", key: tuple[str, str] = KEY, *, gives_up: bool = False, **options: Any) -> None:
        async def ask() -> bool:
            self.asked.append(name)
            answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
            if isinstance(answer, Exception):
                raise answer
            return answer

        def failed(error: ApiError) -> bool:
            self.failed.append(error.status)
            return gives_up

        self.asker.want(key, ask, failed, **options)

    async def settle(self) -> None:
        for _ in range(20):
            await asyncio.sleep(0)

    async def advance(self, seconds: float) -> None:
        self.clock.advance(seconds)
        await self.settle()


def test_the_pauses_grow_to_their_bound_and_stay_there_for_minutes() -> None:
    """What the server can tell again is there within 5 s; a server that is away for long is left in peace."""
    first = [pause_s for _, pause_s in islice(attempts(), SLOW_AFTER)]
    assert first[:5] == [0.5, 1.0, 2.0, 4.0, 4.0] and max(first) == MAX_PAUSE_S < 5
    later = [pause_s for _, pause_s in islice(attempts(), SLOW_AFTER, SLOW_AFTER + 10)]
    assert later == sorted(later) and later[-1] == SLOW_PAUSE_S


async def test_an_attempt_that_is_never_answered_is_ended_and_followed_by_one_with_more_patience() -> None:
    desk = Desk()
    never = asyncio.get_running_loop().create_future()
    begun: list[float] = []

    async def ask() -> bool:
        begun.append(desk.clock.now())
        return await asyncio.shield(never)

    desk.asker.want(KEY, ask, lambda error: False)
    await desk.settle()
    for _ in range(60):
        await desk.advance(0.5)
    waits = [later - earlier for earlier, later in pairwise(begun)]
    assert waits == [patience_s + pause_s for patience_s, pause_s in islice(attempts(), len(waits))]
    assert len(waits) >= 2
    never.set_result(True)
    for _ in range(3):
        await desk.advance(100)
    assert len(desk.asker) == 0


class Hanging:
    """A question that is never answered until a test says so; when it was put."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.begun: list[float] = []
        self.answered = False

    async def ask(self) -> bool:
        self.begun.append(self.desk.clock.now())
        if not self.answered:
            await asyncio.Event().wait()
        return True


@pytest.mark.parametrize("how", ["wish", "link"])
async def test_what_hangs_is_put_again_for_a_wish_and_when_the_link_is_back(how: str) -> None:
    """At once, but the new attempt has its time: whoever asks without end keeps no long answer out."""
    desk = Desk()
    hanging = Hanging(desk)

    def again() -> None:
        if how == "link":
            desk.asker.nudge(anew=True)
        else:
            desk.asker.want(("", "runs"), hanging.ask, lambda error: False)

    desk.asker.want(("", "runs"), hanging.ask, lambda error: False)
    await desk.settle()
    for _ in range(4):
        await desk.advance(0.5)
    again()
    await desk.advance(0.0)
    assert len(hanging.begun) == 1, "it was put a moment ago"
    for _ in range(10):
        await desk.advance(0.5)
    assert len(hanging.begun) == 2, "its time was over"
    for _ in range(2):
        again()
        await desk.settle()
        await desk.advance(0.0)
        assert len(hanging.begun) == 3
        await desk.advance(3.5)
    hanging.answered = True
    await desk.advance(3.0)
    await desk.advance(1.0)
    assert len(hanging.begun) == 4 and len(desk.asker) == 0 and desk.clock.pending == 0


def test_where_the_answer_should_be_short_so_is_each_attempt_until_it_is_shown_to_be_long() -> None:
    brief = [patience_s for patience_s, _ in islice(attempts(), BRIEF_ATTEMPTS)]
    assert brief == sorted(brief) and brief[-1] == max(brief) == BRIEF_S
    assert max(patience_s for patience_s, _ in islice(attempts(), 50)) == MAX_PATIENCE_S
    assert [patience_s for patience_s, _ in islice(attempts(long=True), 6)] == [3.0, 6.0, 12.0, 24.0, 48.0, 60.0]


async def test_an_answer_ends_it() -> None:
    desk = Desk()
    desk.want()
    await desk.settle()
    assert desk.asked == ["a"] and len(desk.asker) == 0 and desk.clock.pending == 0


async def test_a_failure_is_asked_again_with_growing_pauses_for_ever() -> None:
    """Each pause is waited out exactly; a failure is one warning, never an error."""
    desk = Desk()
    desk.answers = [BUSY]
    desk.want()
    await desk.settle()
    for number, (_, pause_s) in enumerate(islice(attempts(), 100), start=2):
        await desk.advance(pause_s - 0.01)
        assert len(desk.asked) == number - 1
        await desk.advance(0.01)
        assert len(desk.asked) == number
    assert desk.console.texts("error") == [] and "[Sync] events r: It is busy." in desk.console.texts("warning")[0]
    desk.answers = [True]
    await desk.advance(SLOW_PAUSE_S)
    assert len(desk.asker) == 0 and desk.clock.pending == 0


async def test_not_yet_is_asked_again_and_a_bug_is_reported() -> None:
    desk = Desk()
    desk.answers = [False, RuntimeError("bug"), True]
    desk.want()
    await desk.settle()
    await desk.advance(0.5)
    await desk.advance(1.0)
    assert len(desk.asked) == 3 and "RuntimeError: bug" in desk.console.texts("error")[0]
    assert len(desk.asker) == 0


async def test_a_failure_of_which_no_more_is_to_be_expected_ends_it() -> None:
    desk = Desk()
    desk.answers = [ApiError("Gone.", status=404)]
    desk.want(gives_up=True)
    await desk.settle()
    assert desk.failed == [404] and len(desk.asker) == 0 and desk.clock.pending == 0


async def test_wanting_it_again_is_no_second_question_but_waits_no_longer() -> None:
    desk = Desk()
    desk.answers = [BUSY]
    desk.want("a")
    desk.want("b")
    await desk.settle()
    assert desk.asked == ["a"]
    desk.want("b")
    await desk.settle()
    assert desk.asked == ["a", "a"], "the first one goes on, at once"
    desk.asker.stop()
    await desk.settle()
    assert desk.clock.pending == 0


async def test_the_newest_wish_takes_the_place_of_the_older() -> None:
    """Also while the older one is under way: its answer has no effect."""
    desk = Desk()
    gate: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    done: list[str] = []

    def ask(name: str, waits: asyncio.Future[None] | None) -> Callable[[], Coroutine[Any, Any, bool]]:
        async def work() -> bool:
            if waits is not None:
                await waits
            done.append(name)
            return True

        return work

    desk.asker.want(KEY, ask("old", gate), lambda _: True, newest=True)
    await desk.settle()
    desk.asker.want(KEY, ask("new", None), lambda _: True, newest=True)
    await desk.settle()
    assert done == ["new"]
    gate.cancel()
    await desk.settle()
    assert len(desk.asker) == 0


async def test_a_sign_of_the_server_ends_every_pause() -> None:
    desk = Desk()
    desk.answers = [BUSY]
    desk.want("a", ("a", "state"))
    desk.want("b", ("b", "state"))
    await desk.settle()
    desk.asker.nudge()
    await desk.settle()
    assert sorted(desk.asked) == ["a", "a", "b", "b"]
    desk.asker.stop()


async def test_what_is_polled_is_asked_again_after_its_time_and_trouble_slows_it() -> None:
    desk = Desk()
    desk.answers = [False]
    desk.want(again=repeat(1.0))
    await desk.settle()
    for _ in range(3):
        await desk.advance(1.0)
    assert len(desk.asked) == 4
    desk.answers = [BUSY, BUSY, BUSY, False]
    await desk.advance(1.0)
    for pause_s in (0.5, 1.0, 2.0):
        await desk.advance(pause_s)
    assert len(desk.asked) == 8
    await desk.advance(1.0)
    assert len(desk.asked) == 9, "back to its time"
    desk.answers = [True]
    await desk.advance(1.0)
    assert len(desk.asker) == 0


async def test_what_is_answered_in_vain_is_given_up_behind_its_last_pause() -> None:
    """A refusal is an answer, too; what fails is not, and is asked for as ever."""
    desk = Desk()
    desk.answers = [False, ApiError("There is none.", status=404), BUSY, BUSY, False]
    desk.want(again=(8.0, 16.0))
    await desk.settle()
    for pause_s, times in ((8.0, 2), (16.0, 3), (0.5, 4), (1.0, 5)):
        assert len(desk.asked) == times - 1
        await desk.advance(pause_s - 0.25)
        assert len(desk.asked) == times - 1
        await desk.advance(0.25)
    assert len(desk.asked) == 5 and len(desk.asker) == 0


async def test_what_is_no_longer_wanted_is_not_asked() -> None:
    """One question, those of a run, all."""
    desk = Desk()
    desk.answers = [BUSY]
    for key in (("r", "events"), ("r", "state"), ("q", "state"), ("", "runs")):
        desk.want(key[0] + key[1], key)
    await desk.settle()
    desk.asker.drop_run("r")
    assert not desk.asker.asks(("r", "state")) and desk.asker.asks(("q", "state"))
    desk.asker.drop(("q", "state"))
    desk.asker.drop(("q", "state"))
    await desk.advance(100.0)
    assert set(desk.asked[4:]) == {"runs"}
    desk.asker.stop()
    await desk.settle()
    assert desk.clock.pending == 0 and len(desk.asker) == 0


async def test_fifty_questions_are_no_storm() -> None:
    """Only a few are under way at the same time; each has its turn."""
    desk = Desk()
    under_way, most, gate = 0, 0, asyncio.Event()

    async def ask() -> bool:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await gate.wait()
        under_way -= 1
        desk.asked.append("x")
        return True

    for number in range(50):
        desk.asker.want((f"r{number}", "state"), ask, lambda _: True)
    await desk.settle()
    assert under_way == AT_ONCE
    gate.set()
    for _ in range(10):
        await desk.settle()
    assert len(desk.asked) == 50 and most == AT_ONCE

from __future__ import annotations

import asyncio

from pyapp.contract.embed import Awaited, Kind
from pyapp.link.credentials import LONGEST_QUIET_S, PATIENCE_S, QUIET_S, Credentials
from pyapp.testing.clock import FakeClock


class Desk:
    """Credentials, and what is asked for."""

    def __init__(self, awaited: Awaited = "", *, reached: bool = True) -> None:
        self.clock = FakeClock()
        self.it = Credentials(self.clock, awaited)
        self.asked: list[tuple[Kind, int]] = []
        self.given = 0
        self.it.on_asked(lambda kind, number: self.asked.append((kind, number)))
        self.it.on_given(self._given)
        if reached:
            self.it.reach(True)

    def _given(self) -> None:
        self.given += 1


async def turns() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_without_anybody_to_ask_calls_go_bare_and_at_once() -> None:
    desk = Desk(reached=False)
    assert await desk.it.for_call() is None
    assert not await desk.it.renew(None)
    assert desk.asked == []


async def test_a_token_that_was_refused_is_asked_for_again_once_for_all() -> None:
    """Six calls that are refused together put one question, and all go on with its answer."""
    desk = Desk()
    desk.it.give("old")
    calls = [asyncio.ensure_future(desk.it.renew("old")) for _ in range(6)]
    await turns()
    assert desk.asked == [("token", 1)]
    assert desk.it.give("new", 1)
    assert await asyncio.gather(*calls) == [True] * 6
    assert await desk.it.for_call() == "new"
    assert await desk.it.renew("old"), "one that comes later finds the new token there"
    assert desk.asked == [("token", 1)]
    assert desk.given == 2


async def test_whoever_gives_up_takes_the_question_from_nobody() -> None:
    desk = Desk()
    first, second = (asyncio.ensure_future(desk.it.renew(None)) for _ in range(2))
    await turns()
    first.cancel()
    await turns()
    desk.it.give("t", 1)
    assert await second


async def test_the_same_token_again_is_no_other_one() -> None:
    desk = Desk()
    desk.it.give("t")
    asked = asyncio.ensure_future(desk.it.renew("t"))
    await turns()
    desk.it.give("t")
    assert not await asked
    assert desk.given == 1


async def test_a_question_ends_when_nobody_answers_and_is_not_put_at_once_again() -> None:
    desk = Desk()
    asked = asyncio.ensure_future(desk.it.renew(None))
    await turns()
    desk.clock.advance(PATIENCE_S)
    assert not await asked
    assert not await desk.it.renew(None)
    assert len(desk.asked) == 1
    desk.clock.advance(QUIET_S)
    asked = asyncio.ensure_future(desk.it.renew(None))
    await turns()
    assert [number for _, number in desk.asked] == [1, 2]
    assert not desk.it.give("x", 9), "it was never asked for"
    assert desk.it.token is None and not asked.done()
    assert desk.it.give(None, 2)
    assert not await asked
    assert desk.it.give("late", 1) and desk.it.token == "late", "late, and still a token"
    assert desk.it.give(None, 2) and desk.it.token == "late", "a late word that there is none takes nothing"


async def test_the_first_token_is_waited_for_where_one_is_to_come() -> None:
    """The page around is not there yet; once it is, it is asked."""
    desk = Desk("token", reached=False)
    call = asyncio.ensure_future(desk.it.for_call())
    await turns()
    assert desk.asked == [] and not call.done()
    desk.it.reach(True)
    assert desk.asked == [("token", 1)]
    desk.it.give("t", 1)
    assert await call == "t"


async def test_a_page_around_that_never_comes_holds_up_no_call_for_ever() -> None:
    desk = Desk("token", reached=False)
    call = asyncio.ensure_future(desk.it.for_call())
    await turns()
    desk.clock.advance(PATIENCE_S)
    assert await call is None


async def test_what_was_asked_ends_with_the_page_around() -> None:
    desk = Desk()
    asked = asyncio.ensure_future(desk.it.renew(None))
    await turns()
    desk.it.reach(False)
    assert not await asked


async def test_a_ticket_is_given_to_the_question_it_answers() -> None:
    desk = Desk("ticket")
    assert desk.it.gives_tickets and not desk.it.bears
    asked = asyncio.ensure_future(desk.it.ticket())
    await turns()
    assert not desk.it.give_ticket("x", 9)
    assert not desk.it.give_ticket("x", None)
    assert desk.it.give_ticket("t", 1)
    assert await asked == "t"
    assert desk.it.give_ticket("again", 1), "too late for anybody"


async def test_a_token_for_a_refused_one_is_asked_for_in_pauses_that_grow() -> None:
    """Once at once; whoever calls sooner is told that there is none. A calm time begins it again."""
    desk = Desk()
    desk.it.give("t")

    async def refused() -> bool:
        """The token is refused; the page around has another one at once. Whether it was asked for it."""
        before = len(desk.asked)
        call = asyncio.ensure_future(desk.it.renew(desk.it.token))
        await turns()
        if len(desk.asked) > before:
            desk.it.give(f"t{len(desk.asked)}", desk.asked[-1][1])
        return await call

    async def seconds(count: float) -> list[float]:
        """A call each second; when it was asked."""
        asked = list[float]()
        for second in range(int(count)):
            if await refused():
                asked.append(second)
            desk.clock.advance(1.0)
        return asked

    assert await seconds(200) == [0, 10, 30, 70, 130, 190]
    assert LONGEST_QUIET_S == 60.0
    desk.clock.advance(2 * LONGEST_QUIET_S)
    assert await seconds(25) == [0, 10], "tokens that last are no storm"
    desk.it.give("by itself")
    assert await seconds(5) == [0]
    desk.it.insist()
    assert await seconds(5) == [0], "a person wants it now"


async def test_a_second_answer_to_one_question_takes_no_place_of_a_refused_token() -> None:
    """The page around says what it has when it connects, and answers the question that it finds there, too."""
    desk = Desk("token", reached=False)
    call = asyncio.ensure_future(desk.it.for_call())
    await turns()
    desk.it.reach(True)
    desk.it.give("known")
    assert await call == "known"
    desk.it.give("fresh", 1)
    again = asyncio.ensure_future(desk.it.renew("fresh"))
    await turns()
    assert [number for _, number in desk.asked] == [1, 2]
    desk.it.give("next", 2)
    assert await again


async def test_a_token_that_stays_the_same_is_not_asked_for_by_every_call() -> None:
    desk = Desk()
    desk.it.give("t")
    for _ in range(5):
        call = asyncio.ensure_future(desk.it.renew("t"))
        await turns()
        desk.it.give("t", 1)
        assert not await call
    assert len(desk.asked) == 1

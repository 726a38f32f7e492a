"""A log that lacks its last moments, as a Redis with `everysec` that was killed: numbers are given again."""

from __future__ import annotations

import asyncio

import pytest

from flowglow.relay.log.local import LocalFollower
from flowglow.relay.log.memory import MemoryLog
from flowglow.relay.log.port import PAGE, News, Page, Stream, Unavailable
from tests.flowglow.relay.support import relaying, text
from tests.flowglow.serving import PATIENCE_S, SocketPage


class Forgetful(MemoryLog):
    """Counts what it is asked for; once it lost something, it has the first texts of the run alone."""

    reads = 0

    async def read(self, run_id: str, after: int = -1, stream: Stream = "events", limit: int = PAGE) -> Page:
        self.reads += 1
        return await super().read(run_id, after, stream, limit)

    async def tell(self, *words: str) -> None:
        await self.append("r", [text(word) for word in words])

    async def lose(self, *left: str) -> None:
        self._runs.clear()
        await self.tell(*left)


async def loses_its_end(log: Forgetful, page: SocketPage) -> None:
    """The page has heard four texts, the last one as it came, of which the log keeps two."""
    await log.tell("a", "b", "c")
    await page.send({"type": "resume", "runs": {"r": -1}})
    await page.until(content="c")
    await log.tell("d")
    await page.until(content="d")
    await log.lose("a", "b")


async def test_what_is_there_is_told_and_then_what_comes() -> None:
    """To who resumes; who had more is told of nothing twice, and goes on behind what it had."""
    log = Forgetful()
    async with relaying(log) as relay, relay.page() as early, asyncio.timeout(PATIENCE_S):
        await loses_its_end(log, early)
        async with relay.page() as late:
            reads = log.reads
            await late.send({"type": "resume", "runs": {"r": -1}})
            told = await late.until(content="b")
            caught_up = next(each for each in told if each.get("type") == "catch_up")
            assert (caught_up["from_seq"], caught_up["to_seq"], caught_up["complete"]) == (0, 1, True)
            await late.send({"type": "resume", "runs": {"none": -1}})
            await late.until(run_id="none")
            assert log.reads - reads <= 4
            await log.tell("e", "f", "g")
            assert [each["seq"] for each in await late.until(content="g")] == [2, 3, 4]
        assert [each["seq"] for each in await early.until(content="g")] == [4]


async def test_who_had_more_than_there_is_hears_that_it_is_not_complete() -> None:
    log = Forgetful()
    async with relaying(log) as relay, relay.page() as page, asyncio.timeout(PATIENCE_S):
        await loses_its_end(log, page)
        await page.send({"type": "resume", "runs": {"r": 3}})
        (caught_up,) = await page.until(type="catch_up")
        assert (caught_up["to_seq"], caught_up["complete"]) == (1, False)
        await log.tell("e")
        assert [each["seq"] for each in await page.until(content="e")] == [2]


class Parted(Forgetful):
    """Its connection can be lost, once."""

    lost = False

    async def follow(self) -> LocalFollower:
        follower = await super().follow()
        following, untold = follower.next, list[News]()

        async def following_until_lost() -> list[News]:
            news = [*untold] or await following()
            untold.clear()
            if self.lost:
                self.lost = False
                untold.extend(news)
                raise Unavailable("The connection was lost.")
            return news

        follower.next = following_until_lost  # type: ignore[method-assign]
        return follower


@pytest.mark.parametrize("given_again", [(), ("e",), ("e", "f"), ("e", "f", "g")])
async def test_what_is_lost_with_a_connection_is_told(given_again: tuple[str, ...]) -> None:
    """Also where the log is as far again, or further, by then. Pages come back, and hear of another instance."""
    log = Parted()
    async with relaying(log) as relay, asyncio.timeout(PATIENCE_S):
        async with relay.page() as page:
            before = (await page.next())["instance"]
            await loses_its_end(log, page)
            log.lost = True
            await log.tell(*given_again)
            await log.append("wakes", [text("x", run_id="wakes")])
            told = await page.until_closed()
            assert page.socket.close_code == 1012 and not [each for each in told if each.get("content") in given_again]
        async with relay.page() as page:
            assert (await page.next())["instance"] == log._instance != before
            await page.send({"type": "resume", "runs": {"r": -1}})
            await page.until(content=("a", "b", *given_again)[-1])


@pytest.mark.parametrize("left", [("a", "b"), ()])
async def test_what_is_lost_of_a_run_of_which_nothing_came_is_told(left: tuple[str, ...]) -> None:
    """The page has asked for its past alone; less of that is left, or nothing."""
    log = Parted()
    async with relaying(log) as relay, relay.page() as page, asyncio.timeout(PATIENCE_S):
        await log.tell("a", "b", "c")
        await page.send({"type": "resume", "runs": {"r": -1}})
        await page.until(content="c")
        await log.lose(*left)
        log.lost = True
        await log.append("wakes", [text("x", run_id="wakes")])
        await page.until_closed()
        assert page.socket.close_code == 1012


async def test_a_connection_with_which_nothing_was_lost_costs_pages_nothing() -> None:
    log = Parted()
    async with relaying(log) as relay, relay.page() as page, asyncio.timeout(PATIENCE_S):
        before = (await page.next())["instance"]
        await log.tell("a", "b")
        await page.send({"type": "resume", "runs": {"r": -1}})
        await page.until(content="b")
        await log.tell("c")
        await page.until(content="c")
        log.lost = True
        await log.tell("d")
        assert [each["seq"] for each in await page.until(content="d")] == [3]
        assert (log.lost, relay.relay.hub.instance) == (False, before)


class Slow(MemoryLog):
    """Answers a question for old events only once it may, with what was there when it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.may = asyncio.Event()

    async def read(self, run_id: str, after: int = -1, stream: Stream = "events", limit: int = PAGE) -> Page:
        page = await super().read(run_id, after, stream, limit)
        if limit:
            await self.may.wait()
        return page


async def test_an_answer_that_is_older_than_what_was_heard_is_no_loss() -> None:
    """Two ask the same; between them something is told, which is not in the answer to the first."""
    log = Slow()
    async with relaying(log) as relay, relay.page() as one, relay.page() as other, asyncio.timeout(PATIENCE_S):
        await log.append("r", [text("a")])
        await one.send({"type": "resume", "runs": {"r": -1}})
        while ("page", "r", -1) not in relay.relay.hub.ask._asking:
            await asyncio.sleep(0.01)
        await log.append("r", [text("b")])
        while relay.relay.hub._watched["r"].seq < 1:
            await asyncio.sleep(0.01)
        await other.send({"type": "resume", "runs": {"r": -1}})
        while len(relay.relay.hub._watched["r"].watchers) < 2:
            await asyncio.sleep(0.01)
        log.may.set()
        told = await other.until(content="b")
        assert [each["to_seq"] for each in told if each.get("type") == "catch_up"] == [1]
        assert [each["seq"] for each in await one.until(content="b") if "seq" in each] == [0, 1]

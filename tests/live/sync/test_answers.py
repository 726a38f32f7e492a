"""What is told over HTTP: void once its history is in doubt, and asked for again where it was cut short."""

from __future__ import annotations

import asyncio

from pyapp.ports import HttpResponse
from pyapp.settings import Settings
from pyapp.testing.clock import FakeClock
from pyapp.testing.page import FakePage
from tests.live.support import chat, closed, ev, lines, notices, numbered, opened

OLD = numbered(ev("run_start"), ev("RunContent", content="old "))
NEW = numbered(ev("RunContent", content="new "), ev("RunContent", content="newer "))
SPARSE = (
    ev("RunContent", seq=0, content="one "),
    ev("RunContent", seq=3, content="two "),
    ev("RunContent", seq=5, content="three "),
)
EVENTS = "/runs/r/events"


def hold_back(page: FakePage, text: str) -> asyncio.Future[None]:
    """The first answer about events is `text`, given once the future is done."""
    gate: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    given = page.http.request
    asked: list[str] = []

    async def request(method: str, url: str, **options: object) -> HttpResponse:
        if EVENTS in url:
            asked.append(url)
            if len(asked) == 1:
                await gate
                return HttpResponse(200, text)
        return await given(method, url, **options)  # type: ignore[arg-type]

    page.http.request = request  # type: ignore[method-assign]
    return gate


async def test_an_answer_of_a_server_that_is_no_more_is_void() -> None:
    """It was asked for what is missing; before it answers, another instance says that it knows nothing of the run."""
    page = await opened()
    gate = hold_back(page, lines(*OLD))
    page.http.answer("GET", "/runs/r", {"run_id": "r", "status": "executing"})
    page.receive({"type": "hello", "instance": "one"}, OLD[1])
    await page.advance(0.5)
    await page.reconnect()
    page.receive({"type": "hello", "instance": "two"})
    await page.settle()
    gate.set_result(None)
    await page.settle()
    page.http.answer("GET", EVENTS, lines(*NEW))
    page.receive(*NEW)
    await page.advance(5.0)
    assert chat(page) == ["new newer "]
    await closed(page)


async def test_an_answer_that_was_cut_short_is_asked_for_again_where_numbers_have_holes() -> None:
    """Nothing else says that something in the middle of it is missing."""
    page = await opened()
    whole = lines(*SPARSE[:2])
    page.http.then("GET", EVENTS, HttpResponse(200, whole[:-20]), HttpResponse(200, whole))
    page.http.answer("GET", "/runs", [{"run_id": "r", "flow_id": "demo", "status": "executing", "last_seq": 3}])
    page.http.answer("GET", "/runs/r", {"run_id": "r", "status": "executing", "last_seq": 3})
    await page.reconnect()
    page.receive({"type": "hello", "sparse": True})
    await page.settle()
    page.receive(SPARSE[2])
    for _ in range(6):
        await page.advance(0.5)
    assert chat(page) == ["one two three "]
    assert not [text for text in notices(page) if "lost" in text]
    await closed(page)


async def test_a_new_history_that_was_cut_short_is_asked_for_again() -> None:
    """Its first event says that it is another one; the rest must come too."""
    page = await opened()
    old, new = ({**SPARSE[0], "event_id": "old"}, {**SPARSE[0], "event_id": "new"})
    whole = lines(new, SPARSE[1])
    page.http.answer("GET", "/runs/r", {"run_id": "r", "status": "executing"})
    page.http.then("GET", EVENTS, HttpResponse(200, whole[:-20]), HttpResponse(200, whole))
    page.receive({"type": "hello", "sparse": True, "instance": "one"}, old)
    await page.reconnect()
    page.receive({"type": "hello", "sparse": True, "instance": "two"})
    await page.settle()
    page.receive(SPARSE[2])
    for _ in range(6):
        await page.advance(0.5)
    assert chat(page) == ["one two three "]
    await closed(page)


async def test_what_a_history_tells_happened_is_never_in_the_future() -> None:
    """A run that is silent, seen by a machine whose clock is ten minutes behind, with no other word of the server's."""
    clock = FakeClock()
    page = FakePage(Settings(ws="ws://portal.test/ws", api="http://portal.test/api", run="r"), clock=clock)
    at = clock.wall() + 600.0
    told = numbered(ev("run_start", ts=at - 60.0), ev("start_node", node_id="n0", order=0, ts=at - 2.0))
    page.http.answer("GET", "/runs/r", {"run_id": "r", "flow_id": "demo", "status": "executing", "last_seq": 1})
    page.http.answer("GET", EVENTS, lines(*told))
    await page.open()
    await page.advance(2.0)
    assert page.app.context.server_clock.now() == at
    assert "1 min 00 s" in page.document.region("runs").textContent
    await closed(page)

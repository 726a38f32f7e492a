"""A link that is open and says nothing may be dead: runs that nobody here has heard of are asked for."""

from __future__ import annotations

from pyapp.live.sync.listing import REFUSED_S
from pyapp.live.sync.quiet import QUIET_S
from pyapp.testing.page import FakePage
from tests.live.support import closed, opened, passes

NEW = [{"run_id": "new", "flow_id": "demo", "status": "success", "started_at": 1_700_000_000}]


async def quiet(*frames: object) -> FakePage:
    """A page whose link has carried these frames, and carries nothing more; a run has begun meanwhile."""
    page = await opened()
    page.receive(*frames)
    await passes(page, QUIET_S)
    page.http.answer("GET", "/runs", NEW)
    return page


async def test_a_run_that_began_is_found_though_the_open_link_is_dead() -> None:
    """Its server promised no heartbeat: nothing else shows that."""
    page = await quiet({"type": "hello"})
    await passes(page, QUIET_S)
    assert page.row("new") == "success"
    await closed(page)


async def test_it_is_found_at_once_where_somebody_looks() -> None:
    """Or where the machine has slept."""
    page = await quiet()
    page.app.woke()
    await page.settle()
    assert page.row("new") == "success"
    await closed(page)


async def test_a_link_that_speaks_costs_no_question() -> None:
    page = await quiet({"type": "hello", "heartbeat_s": 10})
    before = page.http.asked("GET", "/runs")
    for _ in range(20):
        page.receive({"type": "ping"})
        await page.advance(10.0)
        page.app.woke()
        await page.settle()
    assert page.http.asked("GET", "/runs") == before
    await closed(page)


async def test_a_link_that_is_away_is_no_quiet_one() -> None:
    """That it is back asks."""
    page = await quiet()
    page.app.link.offline()
    before = page.http.asked("GET", "/runs")
    await passes(page, 3 * QUIET_S)
    page.app.sync.woke()
    await page.settle()
    assert page.http.asked("GET", "/runs") == before
    await closed(page)


async def test_a_server_without_a_list_is_left_alone() -> None:
    """Until the link is back, or it gives one."""
    page = await quiet()
    page.http.answer("GET", "/runs", "", 404)
    await passes(page, REFUSED_S + 2 * QUIET_S)
    before = page.http.asked("GET", "/runs")
    await passes(page, 10 * QUIET_S, 5.0)
    assert page.http.asked("GET", "/runs") == before
    page.http.answer("GET", "/runs", [])
    await page.reconnect()
    page.http.answer("GET", "/runs", NEW)
    await passes(page, 2 * QUIET_S)
    assert page.row("new") == "success"
    await closed(page)

"""Runs of which there is a row alone: their silence is noticed too."""

from __future__ import annotations

from typing import Any

from pyapp.live.sync.runs import SILENCE_S
from pyapp.run.tracking import MAX_RUNS
from pyapp.settings import Settings
from pyapp.testing.page import FakePage
from tests.live.support import closed, ev, opened


async def crowded(settings: Settings | None = None) -> FakePage:
    """As many unfinished runs as are kept, and one more."""
    page = await opened(settings)
    page.receive(*(ev("run_start", f"r{number}", seq=0) for number in range(MAX_RUNS)))
    page.receive(ev("run_start", "beyond", seq=0))
    assert page.app.tracking.find("beyond") is None and page.row("beyond") == "executing"
    return page


def says(page: FakePage, status: str, **fields: Any) -> None:
    page.http.answer("GET", "/runs/beyond", {"run_id": "beyond", "status": status, **fields})


def asked(page: FakePage) -> int:
    return page.http.asked("GET", "/runs/beyond")


async def test_a_row_that_is_silent_is_asked_about_until_it_is_over() -> None:
    page = await crowded()
    says(page, "executing")
    await page.advance(SILENCE_S - 1)
    assert asked(page) == 0
    await page.advance(1)
    assert (asked(page), page.row("beyond")) == (1, "executing")
    says(page, "error", error="it broke")
    await page.advance(SILENCE_S)
    assert (asked(page), page.row("beyond")) == (2, "error")
    await page.advance(SILENCE_S)
    assert asked(page) == 2 and len(page.app.sync.beyond) == 0
    await closed(page)


async def test_without_an_answer_it_is_not_confirmed_until_something_is_heard() -> None:
    """The reason is said, and goes with the doubt."""
    page = await crowded()
    page.http.answer("GET", "/runs/beyond", "", 503)
    await page.advance(SILENCE_S)
    row = page.app.stores.runs.get("beyond")
    assert row is not None and row.status == "unverified" and "Nothing is heard" in (row.reason or "")
    await page.advance(SILENCE_S)
    row = page.app.stores.runs.get("beyond")
    assert asked(page) == 2 and row is not None and row.status == "unverified"
    assert "last seen 1 min 00 s ago" in page.document.region("runs").textContent
    page.receive(ev("start_node", "beyond", seq=1, node_id="n0", order=0))
    row = page.app.stores.runs.get("beyond")
    assert row is not None and (row.status, row.reason) == ("executing", None)
    await page.advance(SILENCE_S - 1)
    assert asked(page) == 2
    await closed(page)


async def test_without_http_the_reason_says_so() -> None:
    page = await crowded(Settings(ws="ws://portal.test/ws"))
    await page.advance(SILENCE_S)
    row = page.app.stores.runs.get("beyond")
    assert row is not None and row.status == "unverified" and "no address" in (row.reason or "")
    await closed(page)


async def test_one_that_waits_for_a_person_is_never_doubted() -> None:
    page = await crowded()
    row = page.app.stores.runs.get("beyond")
    assert row is not None
    page.receive(ev("resume_end", "beyond", seq=1, status="paused"))
    page.http.answer("GET", "/runs/beyond", "", 503)
    await page.advance(SILENCE_S)
    assert (asked(page), page.row("beyond")) == (1, "paused")
    await closed(page)


async def test_one_that_is_looked_at_is_a_run_like_any_other() -> None:
    """It takes the place of another, which is a row alone from then on."""
    page = await crowded()
    says(page, "executing")
    page.app.commands.show_run("beyond")
    await page.settle()
    assert page.app.tracking.find("beyond") is not None and page.app.tracking.find("r0") is None
    page.http.answer("GET", "/runs/r0", {"run_id": "r0", "status": "success"})
    await page.advance(SILENCE_S)
    assert page.row("r0") == "success"
    await closed(page)


async def test_nothing_is_asked_of_rows_that_are_gone() -> None:
    page = await crowded()
    page.app.reset()
    await page.settle()
    assert len(page.app.sync.beyond) == 0
    await page.advance(SILENCE_S * 2)
    assert asked(page) == 0
    await closed(page)

"""What a run that began elsewhere was given is asked for while it goes on, with one question for many."""

from __future__ import annotations

from typing import Any

from pyapp.live.sync.given import EVERY_S
from pyapp.ports import HttpResponse
from pyapp.run.tracking import MAX_RUNS
from pyapp.stores.rows import RunRow
from pyapp.testing.page import FakePage
from tests.live.support import closed, ev, opened


def told(page: FakePage, **given: Any) -> None:
    """From now on the server lists these runs, with what they were given."""
    infos = [{"run_id": each, "flow_id": "demo", "status": "executing", "input": what} for each, what in given.items()]
    page.http.answer("GET", "/runs", infos)


def asked(page: FakePage) -> int:
    return page.http.asked("GET", "/runs")


def row(page: FakePage, run_id: str) -> RunRow:
    found = page.app.stores.runs.get(run_id)
    assert found is not None
    return found


async def waits(page: FakePage, seconds: float = EVERY_S) -> None:
    for _ in range(round(seconds * 2)):
        await page.advance(0.5)


async def test_a_run_that_somebody_else_started_bears_its_input_at_once() -> None:
    """Its row can be found by it, and is what it was otherwise; it is not asked about again."""
    page = await opened()
    before = asked(page)
    told(page, r={"what": "the night build"}, other="listed, and not begun here")
    page.receive(ev("run_start", flow_id="demo", seq=0), ev("start_node", node_id="n0", order=0, seq=1))
    await page.settle()
    assert row(page, "r").given == {"what": "the night build"} and "night" in (row(page, "r").input or "")
    assert (row(page, "r").status, page.app.stores.runs.get("other")) == ("executing", None)
    page.receive(ev("end_node", node_id="n0", order=0, seq=2, status="success"))
    await waits(page, 3 * EVERY_S)
    assert "night" in (row(page, "r").input or "") and asked(page) == before + 1
    await closed(page)


async def test_many_at_once_are_one_question_and_a_stream_of_them_few() -> None:
    """Also those for which there is no room."""
    page = await opened()
    before, names = asked(page), [f"r{number}" for number in range(MAX_RUNS + 5)]
    told(page, **{each: f"input of {each}" for each in names})
    page.receive(*(ev("run_start", each, seq=0) for each in names))
    await page.settle()
    assert [row(page, each).input for each in names] == [f"input of {each}" for each in names]
    assert asked(page) == before + 1
    for number in range(100):
        page.receive(ev("run_start", f"s{number}", seq=0))
        await page.advance(EVERY_S / 20)
    assert before + 4 <= asked(page) <= before + 1 + 100 // 20
    await closed(page)


async def test_one_that_begins_behind_the_answer_has_its_turn() -> None:
    page = await opened()
    page.receive(ev("run_start", "a", seq=0))
    await page.settle()
    told(page, a="one", b="two")
    page.receive(ev("run_start", "b", seq=0))
    await waits(page)
    assert (row(page, "a").input, row(page, "b").input) == ("one", "two")
    await closed(page)


async def test_a_run_that_was_given_nothing_is_asked_about_once() -> None:
    page = await opened()
    before = asked(page)
    told(page, r=None)
    for seq in range(0, 10, 2):
        page.receive(ev("AgentPaused", requirements=[{"id": f"q{seq}", "kind": "confirmation"}], seq=seq))
        await waits(page)
        page.receive(ev("resume_start", seq=seq + 1))
        await waits(page)
    assert asked(page) == before + 1
    await closed(page)


async def test_what_the_server_told_already_is_not_asked() -> None:
    """Of a run that was listed and was given nothing, of one that was started here."""
    page = await opened()
    page.http.answer("POST", "/flows/demo/runs", {"run_id": "own"})
    page.app.commands.play("mine")
    told(page, listed=None)
    page.app.sync.listing.ask()
    await page.settle()
    before = asked(page)
    page.receive(*(ev("run_start", each, seq=0) for each in ("own", "listed")))
    await waits(page)
    assert (asked(page), row(page, "own").input) == (before, "mine")
    await closed(page)


async def test_a_server_that_cannot_tell_now_is_asked_again_and_one_that_never_can_is_not() -> None:
    page = await opened()
    answer = HttpResponse(200, '[{"run_id": "r", "status": "executing", "input": "late"}]')
    page.http.then("GET", "/runs", HttpResponse(503, ""), answer)
    page.receive(ev("run_start", seq=0))
    await waits(page)
    assert row(page, "r").input == "late"
    page.http.answer("GET", "/runs", "", 404)
    await waits(page)
    before = asked(page)
    page.receive(ev("run_start", "q", seq=0))
    await waits(page, 10 * EVERY_S)
    assert asked(page) == before + 1
    await closed(page)

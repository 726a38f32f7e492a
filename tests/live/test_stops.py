"""That a run could not be stopped is said until it is over."""

from __future__ import annotations

from pyapp.live.stops import EFFECT_S
from pyapp.live.sync.runs import SILENCE_S
from pyapp.ports import HttpResponse
from pyapp.run.tracking import MAX_RUNS
from pyapp.testing.clock import FakeClock
from pyapp.testing.page import FakePage
from tests.faulty_http import FaultyHttp
from tests.live.support import closed, ev, notices, opened, passes


async def refused(*run_ids: str) -> FakePage:
    """A page that could not stop these runs."""
    page = await opened()
    for run_id in run_ids:
        page.http.answer("POST", f"/runs/{run_id}/stop", "", 503)
        page.receive(ev("run_start", run_id, seq=0))
        assert page.app.commands.stop(run_id)
    await page.settle()
    assert notices(page).count("could not be stopped") == len(run_ids)
    return page


async def test_it_goes_with_the_end_of_the_run() -> None:
    """Of another run it stays."""
    page = await refused("a", "b")
    page.receive(ev("start_node", "a", node_id="n0", order=0, seq=1))
    assert notices(page).count("could not be stopped") == 2
    page.receive(ev("run_end", "a", status="success", seq=2))
    assert notices(page).count("could not be stopped") == 1
    page.app.tracking.clear_run("b")
    page.app.stores.runs.delete("b")
    await page.settle()
    assert "could not be stopped" not in notices(page)
    await closed(page)


async def test_it_goes_with_a_stop_that_is_taken() -> None:
    """Of that run alone."""
    page = await refused("a", "b")
    page.http.then("POST", "/runs/a/stop", HttpResponse(202, ""))
    page.app.commands.stop("a")
    await page.settle()
    assert notices(page).count("could not be stopped") == 1
    row = page.app.stores.runs.get("a")
    assert row is not None and row.stopping
    await closed(page)


async def test_a_stop_that_the_server_took_and_lost_is_asked_for_again() -> None:
    """For as long as the run goes on, with longer and longer pauses; a failure of that changes nothing."""
    page = await opened()
    page.http.answer("POST", "/runs/a/stop", "", 202)
    page.receive(ev("run_start", "a", seq=0))
    page.app.commands.stop("a")
    await page.settle()
    await page.advance(EFFECT_S - 1)
    assert page.http.asked("POST", "/runs/a/stop") == 1
    page.http.answer("POST", "/runs/a/stop", "", 503)
    await page.advance(1)
    assert page.http.asked("POST", "/runs/a/stop") == 2
    row = page.app.stores.runs.get("a")
    assert row is not None and row.stopping and "could not be stopped" not in notices(page)
    await page.advance(2 * EFFECT_S)
    assert page.http.asked("POST", "/runs/a/stop") == 3
    page.receive(ev("run_end", "a", status="killed", seq=1))
    await page.advance(8 * EFFECT_S)
    assert page.http.asked("POST", "/runs/a/stop") == 3
    await closed(page)


async def test_a_refusal_that_comes_behind_the_end_is_no_news() -> None:
    clock = FakeClock()
    http = FaultyHttp(clock)
    page = await opened(http=http, clock=clock)
    http.answer("POST", "/runs/r/stop", "", 409)
    page.receive(ev("run_start", seq=0))
    await page.settle()
    http.faults.append("late")
    page.app.commands.stop("r")
    await page.settle()
    page.receive(ev("run_end", status="success", seq=1))
    http.give_held()
    await page.settle()
    assert (page.row("r"), notices(page)) == ("success", "")
    await closed(page)


async def test_a_run_that_is_nothing_but_a_row_is_stopping_until_it_is_over() -> None:
    """Then nobody asks once more; whether an event, or the server, said that it is over."""
    page = await opened()
    for number in range(MAX_RUNS):
        page.receive(ev("run_start", f"r{number}", seq=0))
    for run_id in ("event", "server"):
        page.receive(ev("run_start", run_id, seq=0))
        page.http.answer("POST", f"/runs/{run_id}/stop", "", 202)
        page.app.commands.stop(run_id)
    page.http.answer("GET", "/runs/server", {"run_id": "server", "status": "killed"})
    await page.settle()
    page.receive(ev("run_end", "event", seq=1, status="killed"))
    await passes(page, 2 * SILENCE_S, 5.0)
    rows = [page.app.stores.runs.get(run_id) for run_id in ("event", "server")]
    assert [(row.status, row.stopping) for row in rows if row is not None] == [("killed", False)] * 2
    asked = page.http.asked("POST", "/runs/event/stop"), page.http.asked("POST", "/runs/server/stop")
    await passes(page, 8 * EFFECT_S, 5.0)
    assert (page.http.asked("POST", "/runs/event/stop"), page.http.asked("POST", "/runs/server/stop")) == asked
    await closed(page)

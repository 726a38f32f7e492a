"""Runs that a person begins: with nothing, with an input, with the input of another run."""

from __future__ import annotations

import json

import pytest

from pyapp.ports import HttpResponse
from pyapp.stores.rows import Draft
from pyapp.testing.clock import FakeClock
from pyapp.testing.flow import FLOW
from pyapp.testing.page import FakePage
from pyapp.testing.storage import FakeStorage
from tests.faulty_http import FaultyHttp
from tests.live.support import Json, closed, ev, notices, opened

GIVEN = {"question": "What is a lane?", "many": [1, 2]}


async def listed(*infos: Json) -> FakePage:
    """A page with two flows and these runs, that has been told of nothing else."""
    page = FakePage()
    page.http.answer("GET", "/flows", [{"id": "demo", "name": "Demo"}, {"id": "other", "name": "Other"}])
    page.http.answer("GET", "/flows/other", {**FLOW, "id": "other", "name": "Other"})
    page.http.answer("GET", "/runs", [{"status": "success", "started_at": 1.0, **info} for info in infos])
    for flow in ("demo", "other"):
        page.http.answer("POST", f"/flows/{flow}/runs", {"run_id": "new"}, 201)
    await page.open()
    await page.settle()
    return page


def sent(page: FakePage) -> list[tuple[str, Json]]:
    """The runs that were started: of which flow, and with what."""
    started = [each for each in page.http.requests if each[0] == "POST" and "/flows/" in each[1]]
    return [(path.split("/")[2], body) for _, path, body in started]


async def test_a_run_is_run_again_with_what_it_was_given() -> None:
    """Whole, not as its row says it; it comes to the front, and is no news to who started it."""
    page = await listed({"run_id": "old", "flow_id": "demo", "input": GIVEN})
    page.http.answer("GET", "/runs/old", {"run_id": "old", "flow_id": "demo", "status": "success", "input": GIVEN})
    page.app.commands.again("old")
    page.app.commands.again("old")
    await page.settle()
    assert sent(page) == [("demo", {"input": GIVEN})] and page.app.stores.front.get() == "new"
    row = page.app.stores.runs.get("new")
    assert row is not None and row.status == "queued" and row.given == GIVEN and not row.unread
    await closed(page)


async def test_of_another_flow_it_brings_its_flow() -> None:
    page = await listed({"run_id": "old", "flow_id": "other"})
    page.http.answer("GET", "/runs/old", {"run_id": "old", "flow_id": "other", "status": "success"})
    page.app.commands.again("old")
    await page.settle()
    graph = page.app.stores.graph.get()
    assert sent(page) == [("other", {})] and graph is not None and graph.flow.id == "other"
    assert page.app.stores.front.get() == "new"
    await closed(page)


async def test_what_was_given_here_needs_no_question() -> None:
    page = await listed()
    page.app.commands.play("hello")
    await page.settle()
    page.receive(ev("run_start", "new", flow_id="demo"), ev("run_end", "new"))
    page.app.commands.again("new")
    await page.settle()
    assert sent(page) == [("demo", {"input": "hello"})] * 2
    await closed(page)


async def test_what_was_given_here_is_known_though_its_first_event_was_faster_than_the_answer() -> None:
    page = await listed()
    page.http.then("GET", "/runs/new", HttpResponse(404, ""))
    page.app.commands.play("hello")
    page.receive(ev("run_start", "new", flow_id="demo"))
    await page.settle()
    page.receive(ev("run_end", "new"))
    page.app.commands.again("new")
    await page.settle()
    assert sent(page) == [("demo", {"input": "hello"})] * 2
    await closed(page)


async def test_a_run_whose_end_nobody_tells_is_run_again() -> None:
    """The editor is locked for it, and stays so for the new one, which is in front now."""
    page = await listed()
    page.app.commands.play("hello")
    await page.settle()
    page.receive(ev("run_start", "new", flow_id="demo"))
    page.http.then("GET", "/runs/new", HttpResponse(404, ""))
    page.http.answer("POST", "/flows/demo/runs", {"run_id": "newer"}, 201)
    await page.advance(31.0)
    assert page.row("new") == "unverified" and page.app.stores.editor.get().locked
    page.app.commands.again("new")
    await page.settle()
    assert sent(page) == [("demo", {"input": "hello"})] * 2
    assert (page.app.stores.front.get(), page.row("new")) == ("newer", "unverified")
    await closed(page)


async def test_an_input_that_cannot_be_had_starts_nothing() -> None:
    """It says so, and Play can be pressed again."""
    page = await listed({"run_id": "old", "flow_id": "demo", "input": "x"})
    page.http.then("GET", "/runs/old", HttpResponse(503, ""))
    page.app.commands.again("old")
    await page.settle()
    assert sent(page) == [] and "could not be started" in notices(page)
    assert not page.app.stores.editor.get().starting
    page.app.commands.reuse("old")
    await page.settle()
    assert "input of the run could not be loaded" in notices(page)
    await closed(page)


async def test_an_input_is_put_into_the_field_to_be_changed_first() -> None:
    """Its flow comes to the canvas; each wish is one of its own."""
    page = await listed({"run_id": "old", "flow_id": "other", "input": GIVEN})
    page.http.answer("GET", "/runs/old", {"run_id": "old", "flow_id": "other", "status": "success", "input": GIVEN})
    page.app.commands.reuse("old")
    await page.settle()
    graph = page.app.stores.graph.get()
    assert graph is not None and graph.flow.id == "other" and sent(page) == []
    assert page.app.stores.draft.get() == Draft("other", GIVEN, 0)
    page.app.commands.fill_in("typed before")
    assert page.app.stores.draft.get() == Draft("other", "typed before", 1)
    await closed(page)


async def test_what_a_run_was_given_is_told_though_its_events_came_first() -> None:
    clock = FakeClock()
    http = FaultyHttp(clock)
    page = await opened(http=http, clock=clock)
    http.answer("POST", "/flows/demo/runs", {"run_id": "p"}, 201)
    http.faults.append("late")
    page.app.commands.play({"a": 1})
    await page.settle()
    page.receive(ev("run_start", "p"))
    http.give_held()
    await page.settle()
    row = page.app.stores.runs.get("p")
    assert row is not None and (row.given, row.input) == ({"a": 1}, "a: 1")
    await closed(page)


async def held(held_back: str) -> tuple[FakePage, FaultyHttp]:
    """A page with two flows and a run of each that is over; answers at this path are held back."""
    clock = FakeClock()
    http = FaultyHttp(clock)
    http.answer("GET", "/flows/other", {**FLOW, "id": "other"})
    http.answer("GET", "/flows/third", {**FLOW, "id": "third"})
    for flow in ("demo", "other"):
        http.answer("POST", f"/flows/{flow}/runs", {"run_id": "new"}, 201)
    told = {"run_id": "o", "flow_id": "other", "status": "success"}
    http.then("GET", "/runs/o", *(HttpResponse(200, json.dumps(each)) for each in (told, {**told, "input": "x"})))
    page = await opened(http=http, clock=clock)
    for run, flow in (("d", "demo"), ("o", "other")):
        page.receive(ev("run_start", run, flow_id=flow), ev("run_end", run))
    await page.settle()
    http.late = {held_back}
    return page, http


@pytest.mark.parametrize(("clicked", "flow"), [("o", "other"), ("d", "demo")])
async def test_a_run_that_is_clicked_while_play_waits_stays_in_front(clicked: str, flow: str) -> None:
    """The newest wish wins: what was started has its row, and comes to the front with a click, not by its events."""
    page, http = await held("/flows/demo/runs")
    page.app.commands.show_run("o")
    page.app.commands.show_run("d")
    await page.settle()
    page.app.commands.play()
    await page.settle()
    page.app.commands.show_run("o")
    page.app.commands.show_run(clicked)
    await page.settle()
    http.give_held()
    await page.settle()
    page.receive(ev("run_start", "new", flow_id="demo"), ev("start_node", "new", node_id="n0", order=0))
    assert (page.app.shown(), page.row("new"), page.classes("n0")) == ((flow, clicked), "executing", set())
    row, editor = page.app.stores.runs.get("new"), page.app.stores.editor.get()
    assert row is not None and not row.unread and not editor.locked
    page.app.commands.show_run("new")
    await page.settle()
    assert (page.app.shown(), page.classes("n0")) == (("demo", "new"), {"executing"})
    await closed(page)


@pytest.mark.parametrize("held_back", ["/runs/o", "/flows/other/runs"])
async def test_a_flow_that_is_chosen_while_a_run_is_run_again_stays(held_back: str) -> None:
    """The run is started all the same, in the background."""
    page, http = await held(held_back)
    page.app.commands.again("o")
    await page.settle()
    page.app.commands.choose_flow("third")
    await page.settle()
    http.give_held()
    await page.settle()
    assert sent(page) == [("other", {"input": "x"})]
    assert (page.app.shown(), page.row("new")) == (("third", None), "queued")
    await closed(page)


async def test_inputs_are_remembered_by_flow() -> None:
    page = await listed()
    for given in ("one", None, "two"):
        page.app.commands.play(given)
        await page.settle()
        page.receive(ev("run_start", "new", flow_id="demo"), ev("run_end", "new"))
    assert page.app.context.shared.memory.inputs("demo") == ["two", "one"]
    await closed(page)


@pytest.mark.parametrize("own", [True, False])
async def test_what_was_started_here_is_never_unread_also_after_a_reload(own: bool) -> None:
    storage = FakeStorage()
    if own:
        storage.write("started", '["mine"]')
    page = await opened(storage=storage)
    page.receive(ev("run_start", "front"), ev("run_start", "mine"))
    row = page.app.stores.runs.get("mine")
    assert row is not None and row.unread is not own and page.app.stores.front.get() == "front"
    await closed(page)


async def test_a_run_in_the_background_can_be_stopped() -> None:
    page = await listed()
    page.http.answer("POST", "/runs/b/stop", "", 202)
    page.receive(ev("run_start", "a"), ev("run_start", "b"))
    page.app.commands.stop("b")
    await page.settle()
    row = page.app.stores.runs.get("b")
    assert row is not None and row.stopping and page.http.asked("POST", "/runs/b/stop") == 1
    assert not page.app.stores.editor.get().stopping
    await closed(page)


async def test_a_card_is_taken_up_with_its_run() -> None:
    """And what was put away is unfolded, also by a click on the node that waits."""
    page = await listed()
    given = {"interaction": "oauth", "interaction_id": "s", "auth_url": "https://a.example", "node_id": "n1"}
    page.receive(ev("run_start", "a"), ev("run_start", "b"), ev("interaction_event", "b", **given))
    (key,) = (key for key, _ in page.app.stores.interactions.items())
    page.app.commands.take_up(key)
    assert page.app.stores.front.get() == "b" and page.app.stores.taken_up.get() == (key, 0)
    page.app.commands.put_away(key)
    card = page.app.stores.interactions.get(key)
    assert card is not None and card.away
    page.app.commands.choose_node("n0")
    assert page.app.stores.interactions.get(key) == card
    page.app.commands.choose_node("n1")
    card = page.app.stores.interactions.get(key)
    assert card is not None and not card.away
    await closed(page)

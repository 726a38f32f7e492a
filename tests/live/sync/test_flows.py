"""What is asked for the page: flows, and the chosen run. The newest choice wins."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pyapp.live.sync.flows import CHANGED_S
from pyapp.ports import HttpResponse
from pyapp.settings import Settings
from pyapp.testing.clock import FakeClock
from pyapp.testing.flow import FLOW
from pyapp.testing.page import FakePage
from tests.faulty_http import FaultyHttp
from tests.live.support import closed, ev, notices, opened

OTHER = {**FLOW, "id": "other", "name": "Other"}
LISTED = '[{"id": "demo"}, {"id": "other"}]'
THIRD = {**FLOW, "id": "third", "name": "Third"}


def on_canvas(page: FakePage) -> str | None:
    graph = page.app.stores.graph.get()
    return graph.flow.id if graph is not None else None


def flows(page: FakePage) -> list[str]:
    return [flow.id for flow in page.app.stores.flows.get() or ()]


def front(page: FakePage) -> str | None:
    marked = page.document.region("runs").find_all("[aria-current=true]")
    return marked[0].attributes["data-run-id"] if marked else None


def press_play(page: FakePage) -> None:
    """Play, as far as a person can press it."""
    button = page.document.region("editor").find("#play")
    if not button.disabled:
        page.document.press(button)


async def passes(page: FakePage, seconds: float) -> None:
    """Time passes, second by second."""
    for _ in range(round(seconds)):
        await page.advance(1.0)


async def slow() -> tuple[FakePage, FaultyHttp]:
    """A page whose server has three flows, and answers late when a test says so."""
    clock = FakeClock()
    http = FaultyHttp(clock)
    http.answer("GET", "/flows/other", OTHER)
    http.answer("GET", "/flows/third", THIRD)
    return await opened(http=http, clock=clock), http


# -- choosing -------------------------------------------------------------------------------------------
async def test_two_quick_choices_of_runs_the_newest_wins() -> None:
    """A's flow answers after B's: B is in front, on B's canvas."""
    page, http = await slow()
    page.receive(ev("run_start", "a", flow_id="other"), ev("run_start", "b", flow_id="third"))
    await page.settle()
    http.faults.append("late")
    page.app.commands.show_run("a")
    await page.settle()
    page.app.commands.show_run("b")
    await page.settle()
    assert (on_canvas(page), front(page)) == ("third", "b")
    http.give_held()
    await page.settle()
    assert (on_canvas(page), front(page)) == ("third", "b")
    await closed(page)


async def test_a_choice_while_another_is_loading_drops_it() -> None:
    """Back to a run of the flow that is on its way out, to another flow, and to the same one again."""
    page, http = await slow()
    page.receive(ev("run_start", "a", flow_id="other"), ev("run_start", "ours"))
    await page.settle()
    http.faults.append("late")
    page.app.commands.show_run("a")
    await page.settle()
    page.app.commands.choose_flow("third")
    page.app.commands.choose_flow("demo")
    await page.settle()
    page.app.commands.show_run("ours")
    http.give_held()
    await page.settle()
    assert (on_canvas(page), front(page)) == ("demo", "ours")
    await closed(page)


@pytest.mark.parametrize("held", ["late", "404"])
async def test_a_run_of_no_flow_of_its_own_brings_back_the_canvas_that_was_left(held: str) -> None:
    """Its events bear no `flow_id`: it belongs to the flow that was there, not to one that is slow to come, or gone."""
    page, http = await slow()
    page.receive(ev("run_start", "a", flow_id="other"))
    page.receive(ev("run_start", "b"), ev("start_node", "b", node_id="n0", order=0))
    await page.settle()
    http.faults += [held]
    page.app.commands.show_run("a")
    await page.settle()
    page.app.commands.show_run("b")
    await page.settle()
    assert (on_canvas(page), front(page), page.classes("n0")) == ("demo", "b", {"executing"}) and notices(page) == ""
    asked = http.asked("GET", "/flows/other")
    http.give_held()
    await passes(page, 10)
    assert (on_canvas(page), front(page), http.asked("GET", "/flows/other")) == ("demo", "b", asked)
    await closed(page)


@pytest.mark.parametrize("newest", ["show_run", "adopt"])
async def test_the_first_flow_that_comes_brings_no_run_that_is_not_wanted_any_more(newest: str) -> None:
    """No canvas was there before: the flow is of use, its run is not what was chosen last."""
    clock = FakeClock()
    http = FaultyHttp(clock)
    http.answer("GET", "/flows/other", OTHER)
    http.late = {"/flows/demo", "/flows/other"}
    page = await opened(http=http, clock=clock)
    page.receive(ev("run_start", "a", flow_id="other"), ev("run_start", "b"))
    page.app.commands.show_run("a")
    await page.settle()
    getattr(page.app.commands, newest)("b")
    await page.settle()
    http.give_held()
    await page.settle()
    assert (on_canvas(page), front(page)) == ("other", "b")
    await closed(page)


async def test_a_stranger_does_not_take_the_place_of_a_run_that_is_being_loaded() -> None:
    page, http = await slow()
    page.receive(ev("run_start", "a", flow_id="other"), ev("start_node", "a", node_id="n2", order=0))
    await page.settle()
    http.faults.append("late")
    page.app.commands.show_run("a")
    await page.settle()
    page.receive(ev("run_start", "stranger"), ev("run_start", "other stranger", flow_id="other"))
    assert front(page) is None
    http.give_held()
    await page.settle()
    assert front(page) == "a" and page.classes("n2") == {"executing"}
    await closed(page)


async def test_a_run_of_another_flow_stays_in_the_background_while_the_chosen_flow_is_loading() -> None:
    """It never glows on a flow that is not its own, nor locks the editor; a run of the chosen flow may come."""
    page, http = await slow()
    http.faults.append("late")
    page.app.commands.choose_flow("other")
    await page.settle()
    page.receive(ev("run_start", "s", flow_id="demo"), ev("start_node", "s", node_id="n0", order=0))
    assert front(page) is None
    http.give_held()
    await page.settle()
    assert (on_canvas(page), front(page), page.classes("n0")) == ("other", None, set())
    row = page.app.stores.runs.get("s")
    assert row is not None and row.unread and not page.app.stores.editor.get().locked
    http.faults.append("late")
    page.app.commands.choose_flow("third")
    await page.settle()
    page.receive(ev("run_start", "t", flow_id="third"), ev("start_node", "t", node_id="n1", order=0))
    http.give_held()
    await page.settle()
    assert (on_canvas(page), front(page), page.classes("n1")) == ("third", "t", {"executing"})
    await closed(page)


@pytest.mark.parametrize("named", ["demo", None])
async def test_a_run_of_another_flow_stays_in_the_background_while_the_page_opens(named: str | None) -> None:
    """Also where nobody said which flow it will be; then a run of it that appeared meanwhile takes the front."""
    clock = FakeClock()
    http = FaultyHttp(clock)
    http.late = {"/flows/demo"}
    page = FakePage(Settings(ws="ws://portal.test/ws", api=http.base, flow=named), http=http, clock=clock)
    await page.open()
    page.receive(ev("run_start", "s", flow_id="other"), ev("start_node", "s", node_id="n0", order=0))
    page.receive(ev("run_start", "ours", flow_id="demo"), ev("start_node", "ours", node_id="n1", order=0))
    http.give_held()
    await page.settle()
    assert (on_canvas(page), front(page)) == ("demo", "ours")
    assert (page.classes("n0"), page.classes("n1")) == (set(), {"executing"})
    row = page.app.stores.runs.get("s")
    assert row is not None and row.unread
    await closed(page)


@pytest.mark.parametrize("fault", ["503", "html", "unreachable", "cut short"])
async def test_a_flow_that_could_not_be_loaded_is_loaded_when_the_server_is_back(fault: str) -> None:
    """Meanwhile nothing is on the canvas, Play plays nothing, and the words say why; then they go."""
    page, http = await slow()
    http.answer("POST", "/flows/demo/runs", {"run_id": "p"}, 201)
    http.answer("POST", "/flows/other/runs", {"run_id": "p"}, 201)
    http.faults += [fault] * 3
    page.app.commands.choose_flow("other")
    await page.settle()
    press_play(page)
    page.app.commands.play()
    await page.settle()
    assert on_canvas(page) is None and page.document.node("n0") is None
    assert "could not be loaded" in notices(page)
    assert [path for method, path, _ in http.requests if method == "POST" and path != "/tickets"] == []
    for _ in range(10):
        await page.advance(1.0)
    assert on_canvas(page) == "other" and "could not be loaded" not in notices(page)
    press_play(page)
    await page.settle()
    assert [path for method, path, _ in http.requests if method == "POST"][-1] == "/flows/other/runs"
    await closed(page)


async def test_what_the_server_does_not_have_is_said_once_asked_again_and_another_choice_ends_it() -> None:
    page, http = await slow()
    page.app.commands.choose_flow("missing")
    await page.settle()
    for _ in range(30):
        await page.advance(1.0)
    assert "no flow “missing”" in notices(page) and "times" not in notices(page)
    assert http.asked("GET", "/flows/missing") > 5, "it may be there again in a moment"
    page.app.commands.choose_flow("demo")
    await page.settle()
    assert on_canvas(page) == "demo" and notices(page) == ""
    await closed(page)


async def test_a_run_whose_flow_is_gone_is_looked_at_without_it() -> None:
    """What it said and gave needs no canvas; that the flow is not there is said."""
    page, _ = await slow()
    page.receive(ev("run_start", "a", flow_id="missing"))
    await page.settle()
    page.app.commands.show_run("a")
    await page.settle()
    assert front(page) == "a" and on_canvas(page) is None and "no flow “missing”" in notices(page)
    await closed(page)


async def test_a_run_that_could_not_be_shown_is_shown_when_the_server_is_back() -> None:
    page, http = await slow()
    page.receive(ev("run_start", "a", flow_id="other"))
    await page.settle()
    http.faults += ["503", "503"]
    page.app.commands.show_run("a")
    await page.settle()
    assert "could not be shown" in notices(page)
    for _ in range(5):
        await page.advance(1.0)
    assert (on_canvas(page), front(page)) == ("other", "a") and notices(page) == ""
    await closed(page)


async def test_the_flow_on_the_canvas_chosen_again_changes_nothing() -> None:
    page, http = await slow()
    page.receive(ev("run_start"))
    await page.settle()
    asked = len(http.requests)
    page.app.commands.choose_flow("demo")
    await page.settle()
    assert front(page) == "r" and len(http.requests) == asked
    await closed(page)


async def test_a_flow_is_chosen_though_the_background_asks_and_gets_no_answer() -> None:
    """Six histories that never come: what a person chooses has its turn at once."""
    page, http = await slow()
    http.late = {f"/runs/b{number}/events" for number in range(6)}
    for number in range(6):
        page.receive(ev("start_node", f"b{number}", seq=3, node_id="n0", order=0, flow_id="demo"))
    await passes(page, 27)
    assert len([path for _, path, _ in http.requests if "/events" in path]) > 4
    page.app.commands.choose_flow("other")
    await page.settle()
    assert on_canvas(page) == "other"
    await closed(page)


# -- opening --------------------------------------------------------------------------------------------
@pytest.mark.parametrize("fault", [HttpResponse(503, "<html>"), HttpResponse(200, "<html>"), OSError("x")], ids=repr)
async def test_a_page_that_opens_without_a_server_has_its_flow_as_soon_as_there_is_one(fault: Any) -> None:
    page = FakePage()
    page.http.then("GET", "/flows", fault, fault, HttpResponse(200, '[{"id": "demo", "name": "Demo"}]'))
    page.http.then("GET", "/flows/demo", fault, HttpResponse(200, json.dumps(FLOW)))
    await page.open()
    assert "could not be loaded" in notices(page)
    for _ in range(10):
        await page.advance(1.0)
    assert on_canvas(page) == "demo" and notices(page) == ""
    await closed(page)


async def test_that_flows_could_not_be_loaded_is_not_said_of_a_server_without_any() -> None:
    """The list comes in the end, and is empty."""
    page = FakePage(Settings(ws="ws://portal.test/ws", api="http://portal.test/api"))
    page.http.then("GET", "/flows", HttpResponse(503, ""), HttpResponse(503, ""), HttpResponse(200, "[]"))
    await page.open()
    assert "could not be loaded" in notices(page)
    await passes(page, 5)
    assert notices(page) == "" and page.http.asked("GET", "/flows") >= 3
    await closed(page)


async def test_a_server_without_flows_is_asked_until_it_has_one() -> None:
    """Slowly, and the canvas says what there is; nobody has to load the page anew."""
    page = FakePage(Settings(ws="ws://portal.test/ws", api="http://portal.test/api"))
    page.http.answer("GET", "/flows", [])
    await page.open()
    await passes(page, 3)
    assert "has no flows yet" in page.document.region("canvas").textContent and notices(page) == ""
    asked = page.http.asked("GET", "/flows")
    await passes(page, 600)
    assert page.http.asked("GET", "/flows") - asked <= 100
    page.http.answer("GET", "/flows", [{"id": "demo", "name": "Demo"}])
    page.http.answer("GET", "/flows/demo", FLOW)
    await passes(page, 30)
    assert page.app.stores.graph.get() is not None
    assert "no flows" not in page.document.region("canvas").textContent
    await closed(page)


async def test_a_named_flow_needs_no_list() -> None:
    page = FakePage(Settings(ws="ws://portal.test/ws", api="http://portal.test/api", flow="demo"))
    page.http.answer("GET", "/flows", "", 404)
    page.http.answer("GET", "/runs", "", 404)
    await page.open()
    assert on_canvas(page) == "demo" and notices(page) == ""
    await closed(page)


async def test_the_list_comes_beside_a_flow_that_is_named() -> None:
    """Though it failed at first, though the flow is gone; and anew when the link is back: there may be others."""
    for flow_id in ("demo", "gone"):
        page = FakePage(Settings(ws="ws://portal.test/ws", api="http://portal.test/api", flow=flow_id))
        page.http.then("GET", "/flows", HttpResponse(503, ""), HttpResponse(200, LISTED))
        await page.open()
        await passes(page, 2)
        assert flows(page) == ["demo", "other"]
        page.http.answer("GET", "/flows", [{"id": "demo"}, {"id": "third"}])
        await page.reconnect()
        assert flows(page) == ["demo", "third"] and "could not be loaded" not in notices(page)
        await closed(page)


async def test_the_list_comes_though_something_was_chosen_before_it_was_there() -> None:
    clock = FakeClock()
    http = FaultyHttp(clock)
    page = FakePage(Settings(ws="ws://portal.test/ws", api="http://portal.test/api"), http=http, clock=clock)
    http.answer("GET", "/flows", json.loads(LISTED))
    http.answer("GET", "/flows/other", OTHER)
    http.late = {"/flows"}
    await page.open()
    page.receive(ev("run_start", "a", flow_id="other"))
    page.app.commands.show_run("a")
    http.late = set()
    await page.settle()
    assert (on_canvas(page), front(page), flows(page)) == ("other", "a", ["demo", "other"])
    await closed(page)


async def test_a_named_run_tells_which_flow_is_wanted() -> None:
    page = FakePage(Settings(ws="ws://portal.test/ws", api="http://portal.test/api", run="r"))
    page.http.answer("GET", "/flows/other", OTHER)
    page.http.answer("GET", "/runs/r", {"run_id": "r", "flow_id": "other", "status": "executing"})
    await page.open()
    assert (on_canvas(page), front(page), page.row("r")) == ("other", "r", "executing")
    await closed(page)


@pytest.mark.parametrize("chosen", [False, True])
async def test_a_flow_that_takes_long_over_a_slow_line_comes_in_the_end(chosen: bool) -> None:
    """Each time it is asked for: an attempt that is cut off has to begin again."""
    page, http = await slow()
    http.late.add("/flows/other")
    if chosen:
        page.app.commands.choose_flow("other")
    else:
        page.app.sync.flows.open("other", None)
    begun: dict[int, float] = {}
    for second in range(90):
        await page.advance(1.0)
        for number in range(http.asked("GET", "/flows/other")):
            begun.setdefault(number, second)
        if begun and second - begun[max(begun)] >= 20:
            http.give_held()
    assert on_canvas(page) == "other"
    assert "loaded" not in notices(page)
    await closed(page)


# -- a flow that is edited while the page is open -------------------------------------------------------
EDITED = {**FLOW, "nodes": [*FLOW["nodes"], {"id": "new", "handle": "new", "path": "demo.Step"}]}
RUN = (ev("run_start", seq=0, flow_id="demo"), ev("start_node", seq=1, node_id="new", order=0))


async def test_a_node_that_is_not_on_the_canvas_has_the_flow_asked_for_anew() -> None:
    """It was edited since: the node is drawn, as it is by now; what else runs stays as it was."""
    page = await opened()
    page.receive(ev("run_start", "r", flow_id="demo"), ev("start_node", "r", node_id="n0", order=0))
    page.http.then("GET", "/flows/demo", HttpResponse(503, ""), HttpResponse(200, json.dumps(EDITED)))
    page.receive(ev("start_node", "r", node_id="new", order=1))
    await passes(page, 2)
    assert (page.classes("new"), page.badges("new")) == ({"executing"}, [("2", "executing")])
    assert (page.classes("n0"), page.badges("n0")) == ({"executing"}, [("1", "executing")])
    await closed(page)


async def test_nodes_that_the_flow_never_lists_cost_few_questions() -> None:
    """However often they run, and however many: one at once, and no more than so often; in the background none."""
    page = await opened()
    page.receive(ev("run_start", seq=0, flow_id="demo"))
    for seq in range(1, 60):
        page.receive(ev("start_node", seq=seq, node_id=f"inner {seq % 20}", order=seq))
        await page.advance(1.0)
    assert page.http.asked("GET", "/flows/demo") - 1 == 4
    page.receive(ev("start_node", "other", seq=0, node_id="in the background"))
    await passes(page, 2 * CHANGED_S)
    assert page.http.asked("GET", "/flows/demo") - 1 == 4
    await closed(page)


async def test_a_run_of_an_edited_flow_that_comes_to_the_front_is_on_its_canvas() -> None:
    page = await opened()
    page.receive(ev("run_start", "a", flow_id="demo"), *RUN, ev("run_end", "a"))
    await page.settle()
    assert page.http.asked("GET", "/flows/demo") == 1
    page.app.commands.show_run("r")
    await passes(page, 2 * CHANGED_S)
    assert page.document.node("new") is None
    page.receive(ev("run_end", seq=2))
    page.http.answer("GET", "/flows/demo", EDITED)
    page.receive(ev("run_start", "b", seq=0), ev("start_node", "b", seq=1, node_id="new", order=0))
    await page.settle()
    assert page.classes("new") == {"executing"}, "of each run it is a reason to ask"
    await closed(page)


@pytest.mark.parametrize("back", ["looked at", "connected"])
async def test_who_comes_back_sees_the_flow_as_it_is(back: str) -> None:
    """But for one of which a run is under way: that goes on where it was."""
    page = await opened()
    page.receive(RUN[0])
    await page.settle()
    page.http.answer("GET", "/flows/demo", EDITED)
    for over in (False, True):
        if over:
            page.receive(ev("run_end", seq=1))
        if back == "connected":
            await page.reconnect()
        page.app.woke()
        await page.settle()
        assert (page.document.node("new") is not None) is over
    await closed(page)


async def test_another_flow_that_was_chosen_meanwhile_stays() -> None:
    """The answer about the one before comes too late."""
    page, http = await slow()
    http.answer("GET", "/flows/demo", EDITED)
    http.late.add("/flows/demo")
    page.receive(*RUN)
    await page.settle()
    page.app.commands.choose_flow("other")
    await page.settle()
    http.give_held()
    await passes(page, 2)
    assert on_canvas(page) == "other"
    await closed(page)

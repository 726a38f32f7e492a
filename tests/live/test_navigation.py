from __future__ import annotations

from typing import Any

from pyapp.contract.addresses import SignInRule
from pyapp.contract.location import Location, Look, Looked, read_location
from pyapp.settings import Settings
from pyapp.testing.page import FakePage
from tests.live.support import closed, ev, lines, notices, numbered

OTHER: dict[str, Any] = {"id": "other", "name": "Other", "nodes": [{"id": "o0"}, {"id": "o1"}], "edges": []}
PAST = numbered(
    ev("run_start", "past", flow_id="other"),
    ev("start_node", "past", node_id="o0", order=0),
    ev("end_node", "past", node_id="o0", order=0, status="success"),
    ev("start_node", "past", node_id="dynamic", order=1),
    ev("end_node", "past", node_id="dynamic", order=1, status="success"),
    ev("run_end", "past"),
)


def page(query: str = "", **settings: Any) -> FakePage:
    """A page with this in its address; its server has two flows and a run of the second that is over."""
    where = read_location(query)
    named = {
        "flow": where.flow,
        "run": where.run,
        "node": where.node,
        "view": where.view,
        "look": where.look,
        **settings,
    }
    made = FakePage(
        Settings(ws="ws://portal.test/ws", api="http://portal.test/api", sign_in=SignInRule((".example",)), **named)
    )
    made.address.places = [query]
    made.http.answer("GET", "/flows", [{"id": "demo", "name": "Demo"}, {"id": "other", "name": "Other"}])
    made.http.answer("GET", "/flows/other", OTHER)
    info = {"run_id": "past", "flow_id": "other", "status": "success", "started_at": 1.0, "last_seq": len(PAST) - 1}
    made.http.answer("GET", "/runs", [info])
    made.http.answer("GET", "/runs/past", info)
    made.http.answer("GET", "/runs/past/events", lines(*PAST))
    return made


async def opened(query: str = "", **settings: Any) -> FakePage:
    made = page(query, **settings)
    await made.open()
    return made


async def at(made: FakePage) -> str:
    await made.advance(1.0)
    return made.address.read()


async def test_the_address_says_what_is_on_the_screen() -> None:
    """The flow at once, a run when it comes to the front, a node when it is chosen; no place of its own for any."""
    made = await opened("?theme=dark")
    assert await at(made) == "?theme=dark&flow=demo"
    made.receive(ev("run_start"))
    assert await at(made) == "?theme=dark&flow=demo&run=r"
    made.app.commands.choose_node("n1")
    made.app.commands.show_view("timeline")
    assert await at(made) == "?theme=dark&flow=demo&run=r&node=n1&view=timeline"
    assert len(made.address.places) == 1
    await closed(made)


async def test_a_choice_is_a_place_and_back_leads_to_the_one_before() -> None:
    """Another flow, a run of it, and the way back and forth: the page shows each again, and makes no place."""
    made = await opened()
    made.app.commands.choose_flow("other")
    await at(made)
    made.app.commands.show_run("past")
    places = ["?flow=demo", "?flow=other", "?flow=other&run=past"]
    assert await at(made) == places[2] and made.address.places == places
    made.address.move(-1)
    await at(made)
    assert made.app.shown() == ("other", None)
    made.address.move(-1)
    await at(made)
    assert made.app.shown() == ("demo", None)
    made.address.move(2)
    await at(made)
    assert made.app.shown() == ("other", "past")
    assert made.address.places == places and made.address.at == 2, "back never loops"
    await closed(made)


async def test_a_run_of_another_flow_is_one_place() -> None:
    """On the way there the address says where to: a reload leads there, too."""
    made = await opened()
    made.app.commands.show_run("past")
    made.frames.paint_all()
    assert made.address.places == ["?flow=demo", "?flow=other&run=past"]
    assert made.app.shown() == (None, None)
    await at(made)
    assert made.address.places == ["?flow=demo", "?flow=other&run=past"]
    await closed(made)


async def test_a_link_shows_all_that_it_names() -> None:
    """Flow, run, node and view; the node is chosen once its flow is there."""
    made = page("?flow=other&run=past&node=o1&view=timeline")
    made.app.start()
    assert made.app.stores.selected.get() is None
    await made.settle()
    made.socket.accept()
    await made.settle()
    assert made.app.shown() == ("other", "past")
    assert made.app.stores.selected.get() == "o1" and made.app.stores.view.get() == "timeline"
    assert await at(made) == "?flow=other&run=past&node=o1&view=timeline" and notices(made) == ""
    await closed(made)


async def test_a_run_is_enough_and_a_wrong_flow_does_no_harm() -> None:
    """The run's own flow counts, whatever the address says beside it; also a flow that is not there."""
    for query in ("?run=past", "?flow=demo&run=past", "?flow=nope&run=past"):
        made = await opened(query)
        assert await at(made) == "?flow=other&run=past", query
        assert made.app.shown() == ("other", "past") and notices(made) == ""
        await closed(made)


async def test_a_node_that_only_its_run_knows_is_waited_for() -> None:
    """It is not of the flow; it is chosen when the run's events tell of it, and nothing is said meanwhile."""
    made = page("?flow=other&run=past&node=dynamic")
    made.http.answer("GET", "/runs/past/events", "", 503)
    made.http.answer("GET", "/runs/past", "", 503)
    await made.open()
    await made.advance(5.0)
    assert made.app.stores.selected.get() is None and "dynamic" not in notices(made)
    assert await at(made) == "?flow=other&run=past&node=dynamic"
    made.http.answer("GET", "/runs/past/events", lines(*PAST))
    await made.advance(5.0)
    assert made.app.stores.selected.get() == "dynamic"
    assert await at(made) == "?flow=other&run=past&node=dynamic"
    await closed(made)


async def test_what_does_not_exist_is_said_and_the_page_is_of_use() -> None:
    """A flow, a run, a node; another choice takes the words away."""
    made = await opened("?flow=nope")
    await made.advance(30.0)
    assert notices(made).startswith("There is no flow “nope” here") and "times" not in notices(made)
    made.app.commands.choose_flow("other")
    assert await at(made) == "?flow=other" and notices(made) == ""
    await closed(made)

    made = await opened("?run=nope")
    assert "There is no run “nope” here" in notices(made) and made.app.front.flow_id == "demo"
    assert made.document.region("editor").attributes["data-locked"] == "false"
    made.app.commands.show_run("past")
    assert await at(made) == "?flow=other&run=past"
    await closed(made)

    made = await opened("?flow=demo&node=nope")
    assert "There is no node “nope”" in notices(made)
    made.app.commands.choose_node("n0")
    assert await at(made) == "?flow=demo&node=n0" and notices(made) == ""
    await closed(made)


async def test_that_there_is_no_run_is_said_only_where_it_would_stand() -> None:
    """Whoever chose another one knows."""
    made = page("?flow=demo&run=ghost")
    made.http.answer("GET", "/runs/ghost", "", 404)
    await made.open()
    await at(made)
    assert "no run" in notices(made)
    made.app.commands.show_run("past")
    assert await at(made) == "?flow=other&run=past" and notices(made) == ""
    await closed(made)


async def test_a_run_nobody_knew_may_still_come() -> None:
    """Whoever asks too early: the words go when it is heard of."""
    made = await opened("?flow=demo&run=soon")
    assert "There is no run “soon” here" in notices(made)
    made.http.answer("GET", "/runs/soon", {"run_id": "soon", "status": "executing"})
    made.receive(ev("run_start", "soon"))
    await made.advance(10.0)
    assert notices(made) == "" and made.row("soon") == "executing"
    await closed(made)


async def test_whoever_starts_something_else_meanwhile_is_where_that_is() -> None:
    """A goal that was not reached is given up for what is in front."""
    made = await opened("?flow=demo&node=nope")
    made.receive(ev("run_start", "mine"))
    made.app.commands.show_run("mine")
    assert await at(made) == "?flow=demo&run=mine"
    await closed(made)


async def test_a_node_of_one_flow_is_none_of_the_next() -> None:
    made = await opened()
    made.app.commands.choose_node("n0")
    made.app.commands.choose_flow("other")
    await at(made)
    assert made.app.stores.selected.get() is None
    await closed(made)


async def test_a_node_goes_along_to_another_run_of_its_flow_alone() -> None:
    """Another flow has no such node, and nobody named it: neither the address nor a notice speaks of it."""
    made = await opened()
    made.receive(ev("run_start"), ev("run_start", "r2"))
    made.app.commands.choose_node("n0")
    made.app.commands.show_run("r2")
    assert await at(made) == "?flow=demo&run=r2&node=n0"
    made.app.commands.show_run("past")
    assert await at(made) == "?flow=other&run=past" and notices(made) == ""
    await closed(made)


async def test_a_choice_ends_with_its_flow_though_the_next_has_a_node_of_that_id() -> None:
    """By a run of it, and by the flow itself; an address that names both is followed."""
    made = page()
    twin = {"id": "other", "nodes": [{"id": "n0"}, {"id": "n1"}], "edges": []}
    made.http.answer("GET", "/flows/other", twin)
    await made.open()
    made.app.commands.choose_node("n1")
    made.app.commands.show_run("past")
    assert await at(made) == "?flow=other&run=past" and made.app.stores.selected.get() is None
    made.app.commands.choose_node("n1")
    assert await at(made) == "?flow=other&run=past&node=n1"
    made.app.commands.choose_flow("demo")
    assert await at(made) == "?flow=demo" and made.app.stores.selected.get() is None
    made.address.move(-1)
    assert await at(made) == "?flow=other&run=past&node=n1" and made.app.stores.selected.get() == "n1"
    await closed(made)


async def test_going_where_one_is_does_nothing() -> None:
    """A # in the address moves nobody."""
    made = await opened()
    made.receive(ev("run_start"))
    await at(made)
    asked = len(made.http.requests)
    made.app.commands.go(Location("demo", "r"))
    assert len(made.http.requests) == asked and made.app.shown() == ("demo", "r")
    await closed(made)


async def test_how_the_timeline_is_looked_at_comes_back() -> None:
    """From a link before its run is there, behind a reload, and on the way back; of another run the span is not it."""
    query = "?flow=other&run=past&view=timeline&scale=cut&span=0.5~2"
    made = await opened(query)
    assert await at(made) == query
    assert made.timeline.wanted == {"run": "past", "scale": "cut", "span": [0.5, 2.0], "critical": False}
    made.timeline.move(run="past", scale="sequence", span=[1, 1.5], critical=True)
    assert await at(made) == "?flow=other&run=past&view=timeline&scale=sequence&span=1~1.5&mark=critical"
    made.app.commands.choose_flow("demo")
    assert await at(made) == "?flow=demo&view=timeline&scale=sequence&mark=critical"
    made.app.commands.go(read_location(query))
    assert await at(made) == query
    assert made.timeline.wanted["span"] == [0.5, 2.0]
    await closed(made)


async def test_the_canvas_says_nothing_of_the_timeline_and_keeps_it() -> None:
    made = await opened("?flow=other&run=past&view=timeline&scale=cut&span=0.5~2")
    made.app.commands.show_view("canvas")
    assert await at(made) == "?flow=other&run=past"
    made.app.commands.go(Location("other", None))
    made.app.commands.show_view("timeline")
    assert await at(made) == "?flow=other&view=timeline&scale=cut"
    assert made.app.stores.looked.get() == Looked("past", Look("cut", (0.5, 2.0)))
    await closed(made)


async def test_forgetting_all_runs_forgets_the_goal() -> None:
    made = await opened("?flow=demo&run=soon&node=nope")
    made.app.reset()
    assert await at(made) == "?flow=demo"
    await closed(made)


async def test_an_event_costs_no_thought_of_where_to() -> None:
    """What changes with each event is listened to only while a goal waits for it."""
    made = await opened()
    stores = made.app.stores
    before = len(stores.mock._listeners), len(stores.runs._listeners)
    made.app.commands.choose_flow("other")
    assert len(stores.mock._listeners) == before[0] + 1
    await made.settle()
    assert (len(stores.mock._listeners), len(stores.runs._listeners)) == before
    await closed(made)

"""What is said over the link when it opens, what is subscribed to, and wishes fulfilled."""

from __future__ import annotations

from typing import Any

from pyapp.link.connection import SIGN_IN
from pyapp.live.sync.listing import REFUSED_S
from pyapp.live.sync.sync import QUIET_S
from pyapp.settings import Settings
from pyapp.stores.link import LinkState
from pyapp.testing.page import FakePage
from tests.live.support import closed, ev, lines, notices, numbered, opened, passes
from tests.protocols.agno.support import at, needs_recordings

RUN = numbered(ev("run_start"), ev("start_node", node_id="n0", order=0), ev("RunContent", content="x"))


async def test_a_reconnect_resumes_what_is_not_over_and_what_is_not_whole() -> None:
    """Cursors where there are numbers, also of an ended run that lacks something; others are asked about."""
    page = await opened()
    page.http.answer("GET", "/runs/bare", {"run_id": "bare", "status": "error"})
    page.http.answer("GET", "/runs/holes/events", "", 503)
    page.receive(
        ev("run_start", "live", seq=0),
        ev("run_start", "bare"),
        ev("run_start", "over", seq=0),
        ev("run_end", "over", seq=1),
        ev("run_start", "holes", seq=0),
        ev("run_end", "holes", seq=3),
    )
    await page.advance(2.0)
    assert page.row("holes") == "success"
    await page.reconnect()
    assert page.socket.sent_of("resume")[0] == {"type": "resume", "runs": {"live": 0, "holes": 0}}
    assert page.row("bare") == "error"
    await closed(page)


async def test_on_the_first_link_nothing_is_asked_about_runs() -> None:
    page = await opened()
    assert page.socket.sent_of("resume") == [{"type": "resume", "runs": {}}]
    assert page.http.asked("GET", "/runs") == 1
    await closed(page)


async def test_a_run_is_subscribed_to_on_every_link_until_it_is_over() -> None:
    page = await opened()
    page.app.sync.subscribe("r")
    await page.reconnect()
    assert page.socket.sent_of("subscribe") == [{"type": "subscribe", "run_id": "r"}]
    page.receive(ev("run_start"), ev("run_end"))
    await page.reconnect()
    assert page.socket.sent_of("subscribe") == []
    await closed(page)


async def test_a_run_that_somebody_looks_at_is_brought_in() -> None:
    """Of one with no event: subscribed, its history, its state. One that is whole: nothing."""
    page = await opened()
    page.http.answer("GET", "/runs/r/events", lines(*RUN))
    page.http.answer("GET", "/runs/r", {"run_id": "r", "status": "executing", "last_seq": 2})
    page.http.answer("GET", "/runs/r/logs", {"lines": [], "cursor": 0})
    page.app.commands.show_run("r")
    await page.settle()
    assert page.classes("n0") == {"executing"} and page.socket.sent_of("subscribe") != []
    before = len(page.http.requests)
    page.app.commands.show_run("r")
    await page.settle()
    assert len(page.http.requests) == before
    await closed(page)


async def test_waking_waits_out_no_pause_and_asks_how_things_are() -> None:
    page = await opened()
    page.http.answer("GET", "/runs/r/events", "", 503)
    page.http.answer("GET", "/runs/r", {"run_id": "r", "status": "executing", "last_seq": 2})
    page.receive(RUN[0])
    page.app.woke()
    await page.settle()
    for _ in range(10):
        await page.advance(1.0)
    before = page.http.asked("GET", "/runs/r/events")
    page.http.answer("GET", "/runs/r/events", lines(*RUN))
    page.app.woke()
    await page.settle()
    assert page.http.asked("GET", "/runs/r/events") == before + 1 and page.classes("n0") == {"executing"}
    await closed(page)


async def test_waking_asks_nothing_of_runs_that_are_over() -> None:
    page = await opened()
    page.http.answer("GET", "/runs/r", {"run_id": "r", "status": "success"})
    page.receive(ev("run_start"), ev("run_end"))
    await page.settle()
    before = [path for _, path, _ in page.http.requests if path.startswith("/runs")]
    page.app.woke()
    await page.settle()
    assert [path for _, path, _ in page.http.requests if path.startswith("/runs")] == before
    await closed(page)


async def test_an_error_of_the_server_is_in_the_console_and_stops_nothing() -> None:
    page = await opened()
    page.receive({"type": "error", "code": "odd", "message": "Something."}, ev("run_start"))
    assert "[Link] the server says: odd: Something." in page.console.texts("warning")
    assert page.row("r") == "executing"
    await closed(page)


async def test_sign_in_again_goes_when_the_link_is_open_again() -> None:
    page = await opened()
    page.socket.die(4401)
    await page.settle()
    page.socket.die(4401)
    await page.settle()
    assert "Sign in again" in notices(page)
    page.document.press(page.document.region("connection").find("[data-action=retry]"))
    await page.settle()
    page.socket.accept()
    await page.settle()
    assert notices(page) == "" and page.document.region("connection").attributes["data-state"] == "open"
    await closed(page)


async def test_what_a_backend_says_of_its_refusal_stands_in_the_notice() -> None:
    page = await opened()
    page.app.stores.link.set(LinkState("closed", SIGN_IN, said="It wants another token."))
    await page.settle()
    assert "It wants another token." in notices(page) and "Try now" in notices(page)
    await closed(page)


async def test_why_there_is_no_ticket_stands_in_a_notice_until_there_is_one() -> None:
    """Once, however often it is tried: who has dismissed it has read it."""
    page = await opened()
    link = page.app.stores.link
    for _ in range(3):
        link.set(LinkState("connecting", attempt=2))
        link.set(LinkState("waiting", "There is no room.", said="There is no room."))
    await page.settle()
    assert "There is no room." in notices(page) and "tried again by itself" in notices(page)
    assert [each.count for _, each in page.app.stores.notices.items()] == [1]
    link.set(LinkState("open"))
    await page.settle()
    assert notices(page) == ""
    link.set(LinkState("waiting", "There is no room.", said="There is no room."))
    await page.settle()
    assert "There is no room." in notices(page)
    await closed(page)


async def test_a_server_that_tells_by_flow_is_told_which() -> None:
    """On each link, and when the canvas shows another one; other servers are sent nothing that they do not know."""
    page = await opened()
    page.receive({"type": "hello"})
    assert page.socket.sent_of("subscribe") == []
    page.receive({"type": "hello", "flows": True})
    assert page.socket.sent_of("subscribe") == [{"type": "subscribe", "flow_id": "demo"}]
    page.http.answer("GET", "/flows/other", {"id": "other", "nodes": []})
    page.app.commands.choose_flow("other")
    await page.settle()
    assert page.socket.sent_of("subscribe")[-1] == {"type": "subscribe", "flow_id": "other"}
    await page.reconnect()
    page.receive({"type": "hello", "flows": True})
    assert page.socket.sent_of("subscribe") == [{"type": "subscribe", "flow_id": "other"}]
    await closed(page)


async def test_a_flow_that_unfolds_is_told_once() -> None:
    """Each node that appears makes another graph of the same flow."""
    page = await opened()
    page.http.answer("GET", "/flows/live", {"id": "live", "unfolds": True, "nodes": []})
    page.receive({"type": "hello", "flows": True})
    page.app.commands.choose_flow("live")
    await page.settle()
    for order in range(5):
        page.receive(ev("start_node", node_id=f"new{order}", order=order, flow_id="live"))
    graph = page.app.stores.graph.get()
    assert graph is not None and len(graph.nodes) == 5
    assert [each.get("flow_id") for each in page.socket.sent_of("subscribe")] == ["demo", "live"]
    await closed(page)


async def before_agentos(flow: str) -> FakePage:
    """A page before an AgentOS that has one workflow."""
    page = FakePage(Settings(protocol="agno", api="http://os.test"))
    page.http.base = "http://os.test"
    page.http.answer("GET", "/config", {"os_id": "os", "workflows": [{"id": flow, "name": flow}]})
    page.http.answer("GET", "/sessions", {"data": []})
    await page.open()
    return page


async def play_recorded(page: FakePage, raw: list[dict[str, Any]]) -> None:
    """Start a run, of which the AgentOS says what it said when it was recorded."""
    page.app.commands.play("Go")
    await page.settle()
    session = page.socket.sent[-1]["session_id"]
    page.receive(*({**event, "session_id": session} for event in raw))
    await page.settle()


@needs_recordings
async def test_a_run_that_waits_for_what_nobody_here_can_tell_says_what_for_and_why() -> None:
    """What failed, what has to be decided, who can: in a notice, in the diagnostics, and the error in its node."""
    raw = at("3.1", "flow_error_pause")
    page = await before_agentos("flow_error_pause")
    await play_recorded(page, raw)
    assert page.row(raw[0]["run_id"]) == "paused"
    said = page.document.region("notices").textContent
    assert "The step bad failed (The step cannot work.), and its workflow waits" in said and "from no page" in said
    assert "The step bad failed" in page.document.region("inspector").find("[data-limit='agno.stuck']").textContent
    assert "The step cannot work." in page.document.region("node-output").textContent
    await closed(page)


@needs_recordings
async def test_what_an_old_agno_cannot_do_is_said_for_as_long_as_it_is_true() -> None:
    """From its first message on, once; also behind a reset. A newer one in its place takes the words back."""
    page = await before_agentos("flow_groups")

    async def hear(version: str) -> str:
        await play_recorded(page, at(version, "flow_groups"))
        return page.document.region("notices").textContent

    said = await hear("2.2")
    assert "does not number what it says" in said and "Agno 2.2 or older" in said
    assert len(page.document.region("inspector").find_all("[data-limit]")) == 2
    assert await hear("2.2") == said
    page.app.reset()
    await page.settle()
    assert page.document.region("notices").textContent == said
    assert "Agno 2.2" not in await hear("3.1")
    assert not page.document.region("inspector").find_all("[data-limit]")
    page.app.stop()


async def test_why_there_is_no_connection_is_said_in_the_language_of_the_page() -> None:
    """Closed, without a ticket, without an answer, refused by the browser, signed out; a server's own words stay."""
    page = FakePage(Settings(ws="ws://portal.test/ws", api="http://portal.test/api", lang="nl"))

    async def why() -> str:
        await page.settle()
        return str(page.document.region("connection").attributes["title"]).partition(" Volgende poging")[0]

    await page.open()
    page.socket.die(1012)
    assert await why() == "De verbinding is verbroken (1012)."
    page.http.answer("POST", "/tickets", {"ticket": "t", "expires_in": 30})
    page.app.commands.reconnect()
    await page.settle()
    page.socket.die()
    page.http.answer("POST", "/tickets", "", 503)
    page.app.commands.reconnect()
    assert await why() == "POST /tickets gaf status 503."
    page.http.answer("POST", "/tickets", {"ticket": "t", "expires_in": 30})
    page.app.commands.reconnect()
    await page.settle()
    await page.advance(60.0)
    assert await why() == "De server geeft geen antwoord."
    page.sockets.refuse = "no"
    page.app.commands.reconnect()
    assert (await why()).startswith("De browser weigert ws://portal.test/ws")
    page.sockets.refuse = None
    page.app.commands.reconnect()
    await page.settle()
    page.socket.die(1011, "maintenance")
    assert await why() == "maintenance"
    page.http.answer("POST", "/tickets", "", 401)
    for _ in range(2):
        page.app.commands.reconnect()
        await page.settle()
    assert (await why()).startswith("De server accepteert deze pagina niet meer.")
    await closed(page)


# -- an open link that says nothing ---------------------------------------------------------------------
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

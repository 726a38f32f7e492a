"""What a person can do at the page, and what is said when it did not work."""

from __future__ import annotations

from typing import Any

import pytest

from pyapp.link.unheard import UNHEARD_S
from pyapp.ports import HttpResponse
from pyapp.settings import Settings
from pyapp.stores.cards import requirement_key
from pyapp.testing.clock import FakeClock
from pyapp.testing.faults import Faults
from pyapp.testing.http import FakeHttp
from pyapp.testing.page import FakePage
from tests.faulty_http import FaultyHttp
from tests.live.support import closed, ev, notices, numbered, opened


async def playable() -> FakePage:
    page = await opened()
    page.http.answer("POST", "/flows/demo/runs", {"run_id": "p"}, 201)
    page.http.answer("POST", "/runs/p/stop", "", 202)
    return page


def press(page: FakePage, button: str) -> None:
    page.document.press(page.document.region("editor").find(button))


# -- Play and Stop --------------------------------------------------------------------------------------
async def test_play_is_queued_from_the_201_on() -> None:
    """In front, subscribed to, locked; pressed twice it is one run."""
    page = await playable()
    press(page, "#play")
    page.app.commands.play()
    await page.settle()
    assert page.http.asked("POST", "/flows/demo/runs") == 1
    assert page.row("p") == "queued" and page.app.stores.front.get() == "p"
    assert page.socket.sent_of("subscribe") == [{"type": "subscribe", "run_id": "p"}]
    assert page.document.region("editor").attributes["data-locked"] == "true"
    page.receive(ev("run_start", "p"))
    assert page.row("p") == "executing"
    await closed(page)


async def test_events_before_the_201_are_not_undone_by_it() -> None:
    clock = FakeClock()
    http = FaultyHttp(clock)
    page = await opened(http=http, clock=clock)
    http.answer("POST", "/flows/demo/runs", {"run_id": "p"}, 201)
    http.faults.append("late")
    page.app.commands.play()
    await page.settle()
    page.receive(ev("run_start", "p"), ev("run_end", "p"))
    http.give_held()
    await page.settle()
    assert page.row("p") == "success" and page.app.stores.front.get() == "p"
    assert page.document.region("editor").attributes["data-locked"] == "false"
    await closed(page)


async def test_what_was_in_front_is_gone_with_the_201() -> None:
    """T0: glows, badges and outputs of the run before."""
    page = await playable()
    page.receive(ev("start_node", node_id="n0", order=0), ev("end_node", node_id="n0", order=0, content="old"))
    page.receive(ev("run_end"))
    assert page.badges("n0") != []
    page.app.commands.play()
    await page.settle()
    assert page.badges("n0") == [] and "old" not in page.document.region("node-output").textContent
    await closed(page)


@pytest.mark.parametrize("answer", [HttpResponse(503, ""), HttpResponse(201, "<html>"), OSError("x")], ids=repr)
async def test_a_play_that_failed_says_so_until_one_works(answer: Any) -> None:
    page = await playable()
    page.http.then("POST", "/flows/demo/runs", answer, HttpResponse(201, '{"run_id": "p"}'))
    press(page, "#play")
    await page.settle()
    assert "could not be started" in notices(page) and page.row("p") is None
    press(page, "#play")
    await page.settle()
    assert page.row("p") == "queued" and notices(page) == ""
    await closed(page)


async def test_a_start_that_was_given_up_and_begins_all_the_same_was_not_refused() -> None:
    """The words go once its run is there; those of a later one that failed stay."""
    page = FakePage(Settings(protocol="ag-ui", api=FakeHttp().base))
    page.app.start()
    await page.settle()
    for words, left in (("one", ""), ("two", "could not be started")):
        page.app.commands.play(words)
        await page.settle()
        await page.advance(UNHEARD_S)
        assert "could not be started" in notices(page)
        stream = page.http.streams[-1]
        if left:
            page.app.commands.play()
            await page.settle()
        stream.answer()
        stream.say({"type": "RUN_STARTED", "threadId": "t", "runId": "r"}, {"type": "RUN_FINISHED"})
        await page.settle()
        assert page.row(stream.body["runId"]) == "success"
        assert left in notices(page) if left else notices(page) == ""
    await closed(page)


async def test_stop_says_stopping_until_a_terminal_event() -> None:
    """Once; and one that failed can be pressed again, its words go with the success."""
    page = await playable()
    page.http.then("POST", "/runs/p/stop", HttpResponse(503, ""), HttpResponse(202, ""))
    page.receive(ev("run_start", "p"))
    press(page, "#stop")
    await page.settle()
    assert "could not be stopped" in notices(page) and "Stopping" not in page.document.region("runs").textContent
    press(page, "#stop")
    page.app.commands.stop()
    await page.settle()
    assert page.http.asked("POST", "/runs/p/stop") == 2
    assert notices(page) == "" and "Stopping" in page.document.region("runs").textContent
    page.receive(ev("run_end", "p", status="killed"))
    page.app.commands.stop()
    await page.settle()
    assert page.row("p") == "killed" and page.http.asked("POST", "/runs/p/stop") == 2
    await closed(page)


# -- a run that a person named --------------------------------------------------------------------------
async def test_a_run_nobody_told_of_is_not_queued_and_locks_nothing() -> None:
    """Unknown is not queued (review A18); once it is told of, it is what is told."""
    page = await opened()
    page.app.commands.adopt("named")
    await page.settle()
    assert page.row("named") == "unverified"
    assert page.document.region("editor").attributes["data-locked"] == "false"
    page.receive(ev("run_start", "named"))
    assert page.row("named") == "executing"
    assert page.document.region("editor").attributes["data-locked"] == "true"
    await closed(page)


async def test_a_named_run_is_brought_in_and_silence_about_it_is_noticed() -> None:
    page = await opened()
    page.http.answer("GET", "/runs/named", "", 503)
    page.app.commands.adopt("named")
    await page.settle()
    assert page.app.stores.front.get() == "named"
    assert page.socket.sent_of("subscribe") == [{"type": "subscribe", "run_id": "named"}]
    await page.advance(30.0)
    assert page.row("named") == "unverified"
    await closed(page)


# -- what is shown --------------------------------------------------------------------------------------
async def test_retry_has_one_handler_paint_and_no_other() -> None:
    """The glow of groups is not the nodes' handler's to take (review A17)."""
    faults = Faults()
    page = await opened(seam=faults)
    page.receive(ev("run_start"), ev("start_node", node_id="n0", order=0))
    before = dict(faults.fired)
    for name in sorted(faults.names):
        if name.startswith("repaint ") and name != "repaint MockStoreHandler":
            faults.arm(name, RuntimeError("not its turn"))
    page.app.commands.retry("MockStoreHandler")
    page.app.commands.retry("Nobody")
    assert faults.fired == before
    await closed(page)


async def test_drawing_anew_makes_every_record_from_its_log() -> None:
    """Nothing changes for one that was right."""
    page = await opened()
    page.receive(*numbered(ev("run_start"), ev("start_node", node_id="n0", order=0), ev("RunContent", content="x")))
    before, record = page.picture(), page.app.tracking.run("r").record
    page.app.commands.redraw()
    await page.settle()
    assert page.picture() == before
    assert page.app.tracking.run("r").record == record and page.app.tracking.run("r").record is not record
    await closed(page)


async def test_a_person_may_unlock_a_run_in_doubt_and_no_other() -> None:
    page = await opened()
    page.http.answer("GET", "/runs/r", "", 503)
    page.receive(ev("run_start"))
    page.app.commands.unlock()
    assert page.app.stores.editor.get().locked
    await page.advance(30.0)
    page.app.commands.unlock()
    assert not page.app.stores.editor.get().locked
    page.receive(ev("RunContent", content="x"))
    assert page.app.stores.editor.get().locked, "it lives after all"
    await closed(page)


async def test_a_bug_in_a_command_is_said_and_reported() -> None:
    """Not an error of the server: still a notice, and the next press works."""
    page = await playable()
    page.http.then("POST", "/flows/demo/runs", RuntimeError("bug"), HttpResponse(201, '{"run_id": "p"}'))
    press(page, "#play")
    await page.settle()
    assert "bug" in notices(page) and "RuntimeError" in page.console.texts("error")[0]
    press(page, "#play")
    await page.settle()
    assert page.row("p") == "queued"
    await closed(page)


async def test_closed_it_ends_what_is_under_way() -> None:
    clock = FakeClock()
    http = FaultyHttp(clock)
    page = await opened(http=http, clock=clock)
    http.faults.append("never")
    page.app.commands.play()
    await page.settle()
    await closed(page)


# -- answers ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("again", [False, True])
async def test_an_answer_under_way_arrives_whatever_more_is_known_of_its_card(again: bool) -> None:
    """The step that asks is told meanwhile. A question that is asked again has no answer yet."""
    clock = FakeClock()
    http = FaultyHttp(clock)
    need = {"id": "q", "kind": "confirmation"}
    waits = {"run_id": "r", "flow_id": "demo", "status": "paused", "requirements": [need]}
    http.answer("GET", "/runs", [waits])
    http.answer("GET", "/runs/r", waits)
    http.answer("POST", "/runs/r/continue", {}, 202)
    page = await opened(http=http, clock=clock)
    page.app.commands.adopt("r")
    await page.settle()
    key = requirement_key("r", "q")
    http.late.add("/runs/r/continue")
    page.app.commands.answer(key, {"confirmed": True})
    await page.settle()
    for _ in range(2 if again else 1):
        page.receive(ev("AgentPaused", node_id="n0", requirements=[need]))
    http.late.clear()
    http.give_held()
    await page.settle()
    card = page.app.stores.interactions.get(key)
    assert card is not None and (card.state, card.node_id) == ("open" if again else "sent", "n0")
    assert http.asked("POST", "/runs/r/continue") == 1
    await closed(page)

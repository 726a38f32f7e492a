"""What the schedules have found, each as the shortest stream that shows it."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from pyapp.ports import HttpResponse
from pyapp.testing.page import FakePage
from tests.live.support import passes

from . import reading

Json = dict[str, Any]
HTML = HttpResponse(200, "<html>Please sign in to the hotel's network.</html>")
BUSY = HttpResponse(503, "")


def event(name: str, seq: int, **fields: Any) -> Json:
    return {"event": name, "run_id": "r", "seq": seq, **fields}


def state(status: str, last_seq: int) -> HttpResponse:
    return HttpResponse(200, json.dumps({"run_id": "r", "flow_id": "demo", "status": status, "last_seq": last_seq}))


def lines(*events: Json) -> HttpResponse:
    return HttpResponse(200, "".join(json.dumps(each) + "\n" for each in events))


async def opened() -> FakePage:
    page = FakePage()
    await page.open()
    return page


@pytest.mark.parametrize("broken", [HTML, HttpResponse(200, '{"run_id": "r", "st')])
async def test_an_answer_that_cannot_be_read_is_asked_for_again(broken: HttpResponse) -> None:
    """HTML, or JSON cut short, is a fault of the way like a 503: the words about it go once an answer is good."""
    page = await opened()
    page.http.then("GET", "/runs/r", BUSY, broken, state("error", 1))
    page.receive(event("RunContent", 0, content="word"), event("run_end", 1, status="error"))
    await passes(page, 10.0)
    assert not any("delayed" in text for text in reading.notices(page))
    page.app.stop()


async def test_a_listed_run_is_verified_again_once_the_server_can_be_read() -> None:
    """It was only listed; its state could not be read when the machine woke; then its first event comes."""
    page = FakePage()
    page.http.answer("GET", "/runs", [{"run_id": "r", "flow_id": "demo", "status": "executing", "last_seq": 0}])
    page.http.then("GET", "/runs/r", OSError("the network is down"), HTML, state("executing", 0))
    await page.open()
    page.clock.set_wall(page.clock.wall() + 3600)
    page.app.woke()
    await page.settle()
    page.receive(event("RunContent", 0, content="word"))
    await passes(page, 5.0)
    assert page.row("r") == "executing"
    page.app.stop()


async def test_a_group_with_an_end_of_its_own_shows_it_whatever_its_children_do() -> None:
    """Its own end decides, though a child that started before goes on."""
    page = FakePage()
    nodes = [{"id": "g", "handle": "g", "path": "x"}, {"id": "a", "handle": "a", "path": "x", "parent": "g"}]
    page.http.answer("GET", "/flows/demo", {"id": "demo", "name": "Demo", "nodes": nodes, "edges": []})
    await page.open()
    page.receive(event("start_node", 0, node_id="g", order=0), event("start_node", 1, node_id="a", order=1))
    page.receive(event("end_node", 2, node_id="g", order=0, status="error"))
    await passes(page, 1.0)
    assert reading.glow(page, "g") == "error" and reading.glow(page, "a") == "executing"
    page.app.stop()


async def test_nothing_streams_once_the_run_is_over_after_a_snapshot_behind_a_report() -> None:
    page = await opened()
    page.receive(event("RunContent", 0, content="word"), event("ChatHTML", 1, html="<p>report</p>"))
    page.receive(event("RunContent", 2, content="word", mode="snapshot"), event("run_end", 3))
    await passes(page, 1.0)
    assert not any(each.busy for each in reading.bubbles(page))
    page.app.stop()


async def test_a_new_instance_drops_what_was_held_of_a_history_of_which_event_0_never_came() -> None:
    """Else an old event takes the number of a new one."""
    page = await opened()
    page.http.then("GET", "/runs/r/events", BUSY)
    page.receive({"type": "hello", "instance": "one"}, event("RunContent", 1, content="old", event_id="old 1"))
    await page.reconnect()
    new = [event("RunContent", 0, content="new ", event_id="0"), event("RunContent", 1, content="more", event_id="1")]
    page.http.answer("GET", "/runs/r", {"run_id": "r", "status": "executing", "last_seq": 1})
    page.http.then("GET", "/runs/r/events", lines(*new))
    page.receive({"type": "hello", "instance": "two"}, *new)
    await passes(page, 5.0)
    said = "".join(each.body for each in reading.bubbles(page))
    assert "new more" in said and "old" not in said
    page.app.stop()


async def test_a_new_history_whose_event_0_cannot_be_read_is_a_new_history() -> None:
    """It has used up its number; the name and the id it bears are others."""
    page = await opened()
    page.receive({"type": "hello", "instance": "one"}, event("start_node", 0, node_id="n0", order=0, event_id="old 0"))
    await page.reconnect()
    new = [event("something_new", 0, event_id="0"), event("run_end", 1, event_id="1", status="error")]
    page.http.answer("GET", "/runs/r", {"run_id": "r", "status": "error", "last_seq": 1})
    page.http.then("GET", "/runs/r/events", lines(*new))
    page.receive({"type": "hello", "instance": "two"}, *new)
    await passes(page, 5.0)
    assert page.row("r") == "error" and page.badges("n0") == []
    page.app.stop()


async def test_a_number_used_behind_a_gap_shows_the_gap() -> None:
    """The event before it was lost on the way, and nothing readable comes behind it: it is asked for all the same."""
    page = await opened()
    pause = event("AgentPaused", 1, requirements=[{"id": "q", "kind": "confirmation"}])
    page.http.then("GET", "/runs/r/events", lines(pause))
    page.receive(event("run_start", 0), {"event": "start_node", "run_id": "r", "seq": 2, "node_id": 7})
    await passes(page, 2.0)
    assert page.row("r") == "paused"
    page.app.stop()


async def test_an_answer_that_never_comes_holds_up_nothing() -> None:
    """The fill hangs; the next attempt, though the server answers only that one, brings what is missing within 5 s."""
    page = await opened()
    hung = asyncio.get_running_loop().create_future()
    answered = page.http.request
    asked: list[str] = []

    async def request(method: str, url: str, **options: Any) -> HttpResponse:
        if "/events" in url:
            asked.append(url)
            if len(asked) == 1:
                await hung
        return await answered(method, url, **options)

    page.http.request = request  # type: ignore[method-assign]
    page.http.answer("GET", "/runs/r/events", lines(event("RunContent", 1, content="two ")).text)
    page.receive(event("RunContent", 0, content="one "), event("RunContent", 2, content="three "))
    await passes(page, 5.0)
    assert len(asked) == 2 and not reading.notices(page)
    page.app.stop()
    hung.cancel()


async def test_one_answer_casts_no_doubt_on_a_run_that_spoke_just_now() -> None:
    """The machine woke, and the server did not know the run for a moment."""
    page = await opened()
    page.http.then("GET", "/runs/r", HttpResponse(404, ""), state("executing", 0))
    page.receive(event("RunContent", 0, content="word"))
    page.app.woke()
    await passes(page, 1.0)
    assert page.row("r") == "executing"
    page.app.stop()


async def test_a_new_history_without_what_could_not_be_read_in_the_old_one() -> None:
    """Number 0 was used by something unknown; that it can be read now, and ends below what was seen, says it."""
    page = await opened()
    page.receive(event("something_new", 0), event("start_node", 1, node_id="n0", order=0))
    page.http.answer("GET", "/runs/r", {"run_id": "r", "status": "executing", "last_seq": 0})
    page.http.answer("GET", "/runs/r/events", lines(event("RunContent", 0, content="new ")).text)
    page.app.woke()
    await passes(page, 5.0)
    assert page.badges("n0") == [] and "new" in "".join(each.body for each in reading.bubbles(page))
    page.app.stop()


async def test_a_server_without_numbers_may_say_which_agent_speaks() -> None:
    """An agent's name is the contract's, too: it does not make an AgentOS of a portal."""
    page = await opened()
    page.receive({"event": "RunContent", "run_id": "r", "agent_id": "a1", "content": "word"})
    await passes(page, 1.0)
    assert page.row("r") == "executing"
    page.app.stop()


async def test_a_run_that_began_during_a_cut_is_there_though_the_list_was_behind() -> None:
    """No event of it comes for minutes, and the list of the first moment did not have it yet."""
    page = await opened()
    page.http.then("GET", "/runs", HttpResponse(200, "[]"), HttpResponse(200, f"[{state('executing', 0).text}]"))
    await page.reconnect()
    await passes(page, 3.0)
    assert page.row("r") == "executing"
    page.app.stop()


async def test_what_a_run_gave_that_the_server_did_not_know_while_it_went_on() -> None:
    """It was asked about in vain, with longer and longer pauses; at its end they begin again."""
    page = await opened()
    page.receive(event("start_node", 0, node_id="n0", order=0), event("end_node", 1, node_id="n0", order=0))
    info = {
        "run_id": "r",
        "status": "success",
        "last_seq": 2,
        "results": {"n0": {"status": "success", "content": "given"}},
    }
    page.http.then("GET", "/runs/r", *[HttpResponse(404, "")] * 6, HttpResponse(200, json.dumps(info)))
    page.app.woke()
    await passes(page, 8.0)
    page.receive(event("run_end", 2))
    await passes(page, 4.0)
    assert "given" in reading.entries(page)["n0"].textContent
    page.app.stop()


async def test_what_is_held_when_another_instance_comes_is_asked_for_anew() -> None:
    """Nothing of the run was applied yet, and what was on its way when the server started anew is worth nothing."""
    page = await opened()
    page.receive({"type": "hello", "instance": "one"}, event("run_end", 1))
    await page.reconnect()
    page.http.answer("GET", "/runs/r/events", lines(event("RunContent", 0, content="word"), event("run_end", 1)).text)
    page.receive({"type": "hello", "instance": "two"})
    await passes(page, 5.0)
    assert page.row("r") == "success"
    page.app.stop()

"""What is asked of the log of a run."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pyapp.live.sync.logs import POLL_S
from pyapp.ports import HttpResponse
from pyapp.testing.page import FakePage
from tests.live.support import closed, ev, lines, notices, numbered, opened, passes

LOGS = "/runs/r/logs"


def asked(page: FakePage) -> int:
    return page.http.asked("GET", LOGS)


async def test_a_lost_link_is_said_once() -> None:
    """At the top of the page: that the log is late, too, says nothing new. Back again, it does."""
    page = await opened()
    page.http.answer("GET", LOGS, {"lines": [], "cursor": 0})
    page.receive({"type": "hello"}, ev("run_start", seq=0))
    await page.settle()
    page.http.answer("GET", LOGS, "", 503)
    page.socket.die(1006)
    await passes(page, POLL_S + 1)
    assert asked(page) > 1 and "log" not in notices(page)
    page.socket.accept()
    await passes(page, POLL_S + 5)
    assert "log" in notices(page)
    await closed(page)


async def test_a_backend_without_logs_is_asked_once() -> None:
    """Whatever the run tells afterwards (review A9)."""
    page = await opened()
    for number in range(21):
        page.receive(ev("RunContent", content=f"{number} "))
        await page.settle()
    page.receive(ev("AgentPaused", requirements=[]), ev("resume_start"))
    await passes(page, 20)
    assert asked(page) == 1
    await closed(page)


@pytest.mark.parametrize("status", [401, 403])
async def test_a_log_that_is_refused_for_a_while_comes_all_the_same(status: int) -> None:
    """Somebody has to sign in again: that says nothing of the log. Of a run that is over it is asked no more."""
    page = await opened()
    page.http.answer("GET", LOGS, "", status)
    page.receive(ev("run_start"))
    await passes(page, 10)
    assert asked(page) > 1 and "log" not in notices(page)
    page.http.answer("GET", LOGS, {"lines": [{"text": "one"}], "cursor": 1})
    await passes(page, 5)
    assert "one" in page.document.region("log").textContent
    page.http.answer("GET", LOGS, "", status)
    page.receive(ev("run_end"))
    await passes(page, 10)
    before = asked(page)
    await passes(page, 30)
    assert asked(page) == before
    await closed(page)


async def test_a_log_that_is_not_there_yet_comes_with_the_first_event() -> None:
    """A run that waits in a queue may have none: that says nothing of the backend."""
    page = await opened()
    page.http.answer("POST", "/flows/demo/runs", {"run_id": "r"}, 201)
    page.app.commands.play()
    await passes(page, 10)
    assert page.row("r") == "queued" and asked(page) == 1
    page.http.answer("GET", LOGS, {"lines": [{"text": "one"}], "cursor": 1})
    page.receive(ev("run_start"))
    await page.settle()
    assert "one" in page.document.region("log").textContent
    await closed(page)


async def test_a_log_that_was_not_there_is_asked_for_when_somebody_looks() -> None:
    page = await opened()
    page.receive(ev("run_start"))
    await passes(page, 10)
    page.http.answer("GET", LOGS, {"lines": [{"text": "one"}], "cursor": 1})
    await passes(page, 10)
    assert asked(page) == 1
    page.app.commands.show_run("r")
    await page.settle()
    assert "one" in page.document.region("log").textContent
    await closed(page)


async def test_the_log_goes_on_where_it_was_when_a_run_comes_back_to_life() -> None:
    """From its cursor: no line stands twice (review A22.9)."""
    page = await opened()
    page.http.answer("GET", LOGS, {"lines": [{"text": "first"}], "cursor": 7})
    page.http.answer("GET", f"{LOGS}?after=7", {"lines": []})
    page.receive(ev("run_start"))
    await page.settle()
    await passes(page, 3, POLL_S)
    await page.reconnect()
    await passes(page, 3, POLL_S)
    page.receive(ev("run_end"))
    await passes(page, 5)
    polled = asked(page)
    await passes(page, 30)
    assert asked(page) == polled, "and once it is over it ends"
    log = page.app.stores.logs.get("r")
    assert log is not None and [line.text for line in log.lines] == ["first"]
    await closed(page)


@pytest.mark.parametrize("cursor", [{}, {"cursor": None}, {"cursor": ""}], ids=["none", "null", "empty"])
async def test_a_backend_without_cursors_gives_the_whole_log_each_time(cursor: dict[str, Any]) -> None:
    """Each line stands there once; what has no level is told like any other."""
    page = await opened()
    told = [{"text": "one"}, {"text": "two", "level": None}]
    page.http.answer("GET", LOGS, {"lines": told, **cursor})
    page.receive(ev("run_start"))
    await passes(page, 5 * POLL_S)
    page.http.answer("GET", LOGS, {"lines": [*told, {"text": "three"}], **cursor})
    await passes(page, 2 * POLL_S)
    shown = page.document.region("log").find_all(".log-text")
    assert [each.textContent for each in shown] == ["one", "two", "three"]
    await closed(page)


async def test_a_log_that_is_long_is_read_to_its_end() -> None:
    """Also of a run that is over: a server may give it piece by piece."""
    page = await opened()
    for number, text in enumerate(["first", "second", "third"]):
        path = f"{LOGS}?after={number}" if number else LOGS
        page.http.answer("GET", path, {"lines": [{"text": text}], "cursor": number + 1})
    page.http.answer("GET", f"{LOGS}?after=3", {"lines": [], "cursor": 3})
    page.receive(ev("run_start"), ev("run_end"))
    await page.settle()
    await passes(page, 20)
    log = page.app.stores.logs.get("r")
    assert log is not None and [line.text for line in log.lines] == ["first", "second", "third"]
    assert asked(page) == 4
    await closed(page)


@pytest.mark.parametrize("trouble", [HttpResponse(503, ""), HttpResponse(200, "<html>"), OSError("x")], ids=repr)
async def test_trouble_with_the_log_is_said_until_it_works(trouble: Any) -> None:
    page = await opened()
    works = HttpResponse(200, json.dumps({"lines": [{"text": "first"}], "cursor": 1}))
    page.http.then("GET", LOGS, trouble, works)
    page.receive(ev("run_start"))
    await page.settle()
    assert "log" in notices(page)
    await passes(page, 2)
    assert notices(page) == "" and "first" in page.document.region("log").textContent
    await closed(page)


# -- of a run that is over ------------------------------------------------------------------------------
RUN = numbered(ev("run_start"), ev("start_node", node_id="n0", order=0), ev("run_end"))


def over(page: FakePage) -> None:
    """The server knows a run that is over, with three events and a log of two lines."""
    info = {"run_id": "r", "flow_id": "demo", "status": "success", "started_at": 1.0, "ended_at": 2.0, "last_seq": 2}
    page.http.answer("GET", "/runs", [info])
    page.http.answer("GET", "/runs/r", info)
    page.http.answer("GET", "/runs/r/events", lines(*RUN))
    page.http.answer("GET", LOGS, {"lines": [{"text": "first"}, {"text": "second"}], "cursor": 2})
    page.http.answer("GET", f"{LOGS}?after=2", {"lines": []})


async def reads(page: FakePage) -> list[str]:
    """What the log of the run in front says, when there has been time to ask."""
    await passes(page, 5)
    log = page.app.stores.logs.get(page.app.stores.front.get() or "")
    return [line.text for line in log.lines] if log is not None else []


@pytest.mark.parametrize("texts", [["first", "second"], []], ids=len)
async def test_a_click_brings_in_the_log_of_a_run_that_was_over_before_the_page_was_opened(texts: list[str]) -> None:
    page = FakePage()
    over(page)
    page.http.answer("GET", LOGS, {"lines": [{"text": text} for text in texts], "cursor": len(texts) or None})
    await page.open()
    page.app.commands.show_run("r")
    assert await reads(page) == texts
    polled = asked(page)
    page.app.commands.show_run("r")
    await passes(page, 5)
    assert asked(page) == polled, "it is here"
    await closed(page)


async def test_a_click_brings_in_the_log_of_a_run_that_was_forgotten() -> None:
    page = await opened()
    over(page)
    page.receive(*RUN)
    assert await reads(page) == ["first", "second"]
    page.app.tracking.clear_run("r")
    page.app.commands.show_run("r")
    assert await reads(page) == ["first", "second"]
    await closed(page)


async def test_a_run_that_comes_to_the_front_when_all_of_it_was_missed_has_its_log() -> None:
    page = await opened()
    over(page)
    page.receive({"type": "hello"}, {"type": "catch_up", "run_id": "r", "from_seq": 0, "to_seq": 2, "complete": True})
    page.receive(RUN)
    assert await reads(page) == ["first", "second"]
    await closed(page)


async def test_a_click_brings_in_the_log_of_a_run_that_was_missed_in_the_background() -> None:
    page = await opened()
    over(page)
    page.receive({"type": "hello"}, ev("run_start", "front", seq=0))
    page.receive({"type": "catch_up", "run_id": "r", "from_seq": 0, "to_seq": 2, "complete": True}, RUN)
    await passes(page, 5)
    page.app.commands.show_run("r")
    assert await reads(page) == ["first", "second"]
    await closed(page)


async def test_trouble_with_the_log_is_said_of_the_run_in_front_alone() -> None:
    """The words go with it, and are there again with it."""
    page = await opened()
    page.http.answer("GET", LOGS, "", 503)
    page.receive(ev("run_start"), ev("run_start", "other"), ev("run_end", "other"))
    await passes(page, 3)
    assert "log" in notices(page)
    page.app.commands.show_run("other")
    await passes(page, 10)
    assert notices(page) == ""
    page.receive(ev("run_end"))
    await passes(page, 10)
    assert notices(page) == "", "it is asked for to its end, and nobody sees it"
    page.app.commands.show_run("r")
    await passes(page, 1)
    assert "log" in notices(page)
    await closed(page)

"""Repair in the whole app on fakes: break the picture behind the page's back, and look at it again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pyapp.testing.page import FakePage

Json = dict[str, Any]


def event(name: str, seq: int, **fields: Any) -> Json:
    return {"event": name, "run_id": "r", "seq": seq, **fields}


def say(seq: int, text: str) -> Json:
    return event("RunContent", seq, content=text, source_run_id="a", node_id="n1")


async def shown() -> FakePage:
    """n0 has ended, n1 executes and speaks."""
    page = FakePage()
    await page.open()
    page.receive(
        event("run_start", 0),
        event("start_node", 1, node_id="n0", order=0),
        event("end_node", 2, node_id="n0", order=0, status="success"),
        event("start_node", 3, node_id="n1", order=1),
        say(4, "Hello "),
    )
    await page.advance(1.0)
    return page


def notice(page: FakePage) -> str:
    found = page.app.stores.notices.get("repair")
    return found.text if found is not None else ""


def broken(page: FakePage, what: str) -> None:
    if what == "canvas":
        element = page.document.node("n1")
        assert element is not None
        element.classList.remove("executing")
        element.classList.add("executed-error")
    elif what == "badges":
        page.app.stores.mock.delete(("r", "n0-0"))
        mock = page.app.stores.mock.get(("r", "n1-1"))
        assert mock is not None
        page.app.stores.mock.set(("r", "n2-9"), replace(mock, id="n2-9", node_id="n2", order=9))
    elif what == "record":
        execution = page.app.tracking.run("r").nodes["n0"].executions[0]
        execution.status = "killed"
    else:
        row = page.app.stores.runs.get("r")
        assert row is not None
        page.app.stores.runs.set("r", type(row)("r", "error"))


@pytest.mark.parametrize("what", ["record", "canvas", "badges", "row"])
async def test_what_is_wrong_is_put_right_and_said(what: str) -> None:
    """On return to the tab; once right, there is nothing more to say."""
    page = await shown()
    broken(page, what)
    page.app.woke()
    assert page.classes("n1") == {"executing"} and page.classes("n0") == {"executed-success"}
    assert page.badges("n0") == [("1", "success")] and page.row("r") == "executing"
    assert page.badges("n2") == []
    assert page.app.words(f"repair.{what}") in notice(page)
    page.app.stores.notices.clear()
    page.app.woke()
    assert notice(page) == ""
    page.app.stop()


async def test_groups_are_compared_too() -> None:
    page = await shown()
    page.receive(event("start_node", 5, node_id="inner", parent_node_id="g", order=2))
    page.app.woke()
    assert notice(page) == ""
    page.app.stores.groups.delete(("r", "g"))
    page.app.woke()
    assert "groups" in notice(page) and page.app.stores.groups.get(("r", "g")) is not None
    page.app.stop()


async def test_runs_in_the_background_are_looked_at() -> None:
    page = await shown()
    page.receive({"event": "start_node", "run_id": "behind", "node_id": "n0", "order": 0, "seq": 0})
    page.app.stores.mock.delete(("behind", "n0-0"))
    page.app.woke()
    assert page.app.stores.mock.get(("behind", "n0-0")) is not None and "badges" in notice(page)
    page.app.stop()


async def test_who_asks_is_not_told_that_all_was_well_when_it_was_not() -> None:
    """The run in front was right, the one behind it was not."""
    page = await shown()
    page.receive({"event": "start_node", "run_id": "behind", "node_id": "n0", "order": 0, "seq": 0})
    page.app.stores.mock.delete(("behind", "n0-0"))
    page.document.press(page.document.region("inspector").find("[data-check]"))
    assert "badges" in notice(page) and "Nothing had" not in notice(page)
    page.app.stop()


async def test_what_came_over_http_is_not_undone() -> None:
    """The journal knows less than the record then."""
    page = await shown()
    told = {"run_id": "r", "status": "executing", "results": {"n1": {"status": "error", "orders": [1]}}}
    page.http.answer("GET", "/runs/r", told)
    page.app.woke()
    await page.settle()
    page.app.woke()
    assert notice(page) == "" and page.badges("n1") == [("2", "error")]
    page.app.stop()


async def test_a_right_page_is_left_alone() -> None:
    """Also with timers pending and after the end; only a person who asks is told."""
    page = await shown()
    page.receive(event("end_node", 5, node_id="n1", order=1, status="error"))
    page.app.woke()
    assert notice(page) == "" and page.classes("n1") == {"executed-error"}
    page.receive(event("run_end", 6))
    page.app.woke()
    assert notice(page) == ""
    page.document.press(page.document.region("inspector").find("[data-check]"))
    assert "Nothing had to be put right" in notice(page)
    page.app.stop()


async def test_a_chat_that_lost_words_is_told_again_from_the_journal() -> None:
    """Its handler failed for a while: nothing it missed is missing, nothing stands twice."""
    page = await shown()
    page.receive({"event": "run_start", "run_id": "another", "seq": 0})
    (lane,) = [each for each in page.app.router._lanes if each.handler.name == "ChatStreamHandler"]
    lane.stop()

    class Down(Exception):
        pass

    def fail(*_: Any) -> None:
        raise Down

    lane.handler.__dict__["handle"] = fail
    page.receive(say(5, "lost "), event("start_tool", 6, node_id="n1", tool_name="look", source_run_id="a"))
    del lane.handler.__dict__["handle"]
    page.receive(event("end_tool", 7, node_id="n1", tool_name="look", source_run_id="a", result=1), say(8, "world"))
    page.app.woke()
    told = [(each.kind, each.text, each.status) for each in page.app.stores.chat.of_run("r").values()]
    assert told == [("text", "Hello lost ", "executing"), ("tool", "", "success"), ("text", "world", "executing")]
    assert "the chat" in notice(page)
    page.receive(say(9, "!"))
    assert [each.text for each in page.app.stores.chat.of_run("r").values()][-1] == "world!"
    page.app.stop()

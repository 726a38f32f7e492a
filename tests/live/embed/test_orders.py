"""Orders, on a whole page: what the page around this one wants done is done, or answered with a reason."""

from __future__ import annotations

from typing import Any

import pytest

from pyapp.live.navigation import MISSING_NODE
from pyapp.ports import HttpResponse
from pyapp.testing.host import FakeChannel
from pyapp.testing.page import FakePage

from .test_embedded import embedded


async def opened(**settings: Any) -> tuple[FakePage, FakeChannel]:
    page = embedded(**settings)
    await page.open()
    return page, page.host.knock()


async def answered(page: FakePage, channel: FakeChannel, **order: Any) -> dict[str, Any]:
    channel.say({"id": 1, **order})
    await page.settle()
    return channel.heard("answer")[-1]


async def test_a_run_is_started_and_its_id_is_the_answer() -> None:
    page, channel = await opened()
    page.http.answer("POST", "/flows/demo/runs", {"run_id": "r1"}, 201)
    assert await answered(page, channel, type="start", input={"a": 1}) == {
        "type": "answer",
        "id": 1,
        "ok": True,
        "run": "r1",
    }
    assert (
        page.http.requests[-1][2] == {"input": {"a": 1}}
        or ("POST", "/flows/demo/runs", {"input": {"a": 1}}) in page.http.requests
    )
    assert page.app.shown() == ("demo", "r1")
    assert channel.heard("run-started")[0]["run"] == "r1"
    refused = await answered(page, channel, type="start")
    assert (refused["ok"], refused["code"]) == (False, "locked")
    page.app.stop()


async def test_a_run_of_another_flow_brings_its_flow_along() -> None:
    page, channel = await opened()
    page.http.answer("GET", "/flows/other", {"id": "other", "name": "Other", "nodes": [], "edges": []})
    page.http.answer("POST", "/flows/other/runs", {"run_id": "r2"}, 201)
    assert (await answered(page, channel, type="start", flow="other"))["run"] == "r2"
    assert page.app.shown() == ("other", "r2")
    page.app.stop()


async def test_what_the_backend_refuses_is_said_in_its_words() -> None:
    page, channel = await opened()
    words = '{"error": {"code": "full", "message": "No room today."}}'
    page.http.then("POST", "/flows/demo/runs", HttpResponse(409, words))
    refused = await answered(page, channel, type="start")
    assert (refused["ok"], refused["code"], refused["message"]) == (False, "full", "No room today.")
    assert not page.app.stores.editor.get().starting
    page.app.stop()


async def test_a_start_waits_for_the_flow_and_not_for_ever() -> None:
    page = embedded()
    page.http.then("GET", "/flows", HttpResponse(503, ""))
    page.http.then("GET", "/flows/demo", HttpResponse(503, ""))
    page.app.start()
    await page.settle()
    channel = page.host.knock()
    channel.say({"type": "start", "id": 1})
    await page.settle()
    assert channel.heard("answer") == []
    await page.advance(20.0)
    assert channel.heard("answer")[0]["code"] == "no_flow"
    page.app.stop()


async def test_a_run_is_stopped() -> None:
    page, channel = await opened()
    page.http.answer("POST", "/runs/r1/stop", "", 202)
    page.receive({"event": "run_start", "run_id": "r1", "flow_id": "demo"})
    assert (await answered(page, channel, type="stop"))["ok"]
    assert page.http.asked("POST", "/runs/r1/stop") == 1
    page.receive({"event": "run_end", "run_id": "r1", "status": "killed"})
    assert (await answered(page, channel, type="stop", run="r1"))["code"] == "over"
    assert (await answered(page, channel, type="stop", run="nobody"))["code"] == "over"
    page.app.stop()


async def test_what_is_named_goes_onto_the_screen() -> None:
    page, channel = await opened()
    page.http.answer(
        "GET", "/flows/other", {"id": "other", "nodes": [{"id": "x", "handle": "X", "path": "a.B"}], "edges": []}
    )
    page.receive({"event": "run_start", "run_id": "r1", "flow_id": "demo"}, {"event": "run_end", "run_id": "r1"})
    page.receive({"event": "run_start", "run_id": "r2", "flow_id": "demo"})
    await answered(page, channel, type="show", run="r1", view="timeline")
    assert page.app.shown() == ("demo", "r1") and page.app.stores.view.get() == "timeline"
    await answered(page, channel, type="show", node="n0")
    assert page.app.stores.selected.get() == "n0"
    await answered(page, channel, type="show", node=None)
    assert page.app.stores.selected.get() is None
    await answered(page, channel, type="show", flow="other", node="x", view="canvas")
    assert page.app.shown() == ("other", None)
    assert page.app.stores.selected.get() == "x"
    assert channel.heard("selection")[-1] == {
        "type": "selection",
        "flow": "other",
        "run": None,
        "node": "x",
        "view": "canvas",
    }
    page.app.stop()


async def test_the_input_goes_into_its_field() -> None:
    page, channel = await opened()
    assert (await answered(page, channel, type="fill", input="from the portal"))["ok"]
    draft = page.app.stores.draft.get()
    assert draft is not None and draft.given == "from the portal"
    page.app.stop()


async def test_the_page_looks_and_speaks_as_it_is_told() -> None:
    page, channel = await opened()
    await answered(page, channel, type="look", theme="dark", hide=["runs"], style={"accent": "#123456"}, lang="nl")
    host = page.host
    assert (host.theme, host.hidden, host.looks, host.language) == ("dark", ["runs"], {"accent": "#123456"}, "nl")
    await answered(page, channel, type="look", lang="en")
    assert host.language == "en", "another one may be on its way: only the browser knows"
    page.app.stop()


@pytest.mark.parametrize("kind", ["start", "stop"])
async def test_in_a_frame_whose_clicks_do_not_count_no_wish_acts(kind: str) -> None:
    """The page around is known, but stands itself in one that is not."""
    page, channel = await opened(may_act=False)
    page.receive({"event": "run_start", "run_id": "r1", "flow_id": "demo"})
    refused = await answered(page, channel, type=kind)
    assert (refused["ok"], refused["code"]) == (False, "may_not_act")
    assert not [each for each in page.http.requests if each[0] == "POST" and "ticket" not in each[1]]
    assert (await answered(page, channel, type="show", view="timeline"))["ok"], "to look is no act"
    page.app.stop()


async def test_a_wish_on_which_the_page_fails_is_answered_and_reported() -> None:
    page, channel = await opened()

    def broken(parts: object) -> None:
        raise RuntimeError("my secret")

    page.host.hide = broken  # type: ignore[method-assign]
    refused = await answered(page, channel, type="look", hide=[])
    assert refused["code"] == "failed" and "my secret" not in str(channel.told)
    assert channel.heard("error")[0]["source"] == "Embed"
    page.app.stop()


async def test_a_wish_whose_time_is_over_is_not_done_later_either() -> None:
    """The thread was busy: whoever asked has been told that it is too late, and may have asked again."""
    page, channel = await opened()
    page.http.answer("POST", "/flows/demo/runs", {"run_id": "r1"}, 201)
    late = await answered(page, channel, type="start", until=page.clock.wall() * 1_000)
    assert (late["ok"], late["code"]) == (False, "late")
    assert page.http.asked("POST", "/flows/demo/runs") == 0
    assert (await answered(page, channel, type="start", until=page.clock.wall() * 1_000 + 1))["run"] == "r1"
    page.app.stop()


async def test_a_wish_that_waits_for_something_is_given_up_when_its_time_is_over() -> None:
    page = embedded(auth="token")
    page.app.start()
    await page.settle()
    channel = page.host.knock()
    channel.say({"type": "start", "flow": "demo", "id": 1, "until": page.clock.wall() * 1_000 + 5_000})
    await page.settle()
    await page.advance(5.0)
    channel.say({"type": "token", "token": "s3cret", "asked": channel.heard("token-needed")[-1]["id"]})
    await page.settle()
    assert page.http.asked("GET", "/flows/demo") or page.http.requests, "the page goes on"
    assert page.http.asked("POST", "/flows/demo/runs") == 0
    assert not page.app.stores.editor.get().starting
    page.app.stop()


async def test_a_look_that_cannot_be_used_is_named_and_takes_no_other_along() -> None:
    page, channel = await opened()
    looks = {"accent": "#123456", "radius": "calc(1px + 1px)"}
    refused = await answered(page, channel, type="look", theme="dark", style=looks)
    assert (refused["ok"], refused["code"]) == (False, "schema") and "radius" in refused["message"]
    assert (page.host.looks, page.host.theme) == ({"accent": "#123456"}, "dark")
    assert page.app.stores.metrics.get("refused") == 1
    page.app.stop()


async def test_a_node_that_is_not_there_is_said_on_the_page() -> None:
    page, channel = await opened()
    await answered(page, channel, type="show", node="n0")
    assert (await answered(page, channel, type="show", node="nope"))["ok"]
    notice = page.app.stores.notices.get(MISSING_NODE)
    assert notice is not None and "nope" in str(notice)
    assert page.app.stores.selected.get() is None
    await answered(page, channel, type="show", node="n0")
    assert page.app.stores.selected.get() == "n0" and MISSING_NODE not in page.app.stores.notices
    page.app.stop()

"""Embedded, on a whole page: the handshake, credentials that come from outside, and nothing where none speaks."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from pyapp.contract.addresses import SignInRule, origin_of
from pyapp.ports import HttpResponse
from pyapp.settings import Settings
from pyapp.testing.host import CONNECT, ORIGIN, FakeChannel
from pyapp.testing.page import FakePage

REFUSED = HttpResponse(401, '{"error": {"code": "unauthorised", "message": "Sign in to the portal first."}}')


def embedded(**settings: Any) -> FakePage:
    """A page in the frame of a portal that it knows."""
    asked = Settings(
        ws="ws://portal.test/ws",
        api="http://portal.test/api",
        embed=True,
        speaks=True,
        frames=frozenset({origin_of(ORIGIN)}),
        sign_in=SignInRule((".example",)),
    )
    return FakePage(replace(asked, **settings))


async def test_it_greets_and_says_what_is_so_to_whoever_connects() -> None:
    page = embedded()
    await page.open()
    assert page.host.greeted == [True]
    channel = page.host.knock()
    ready = channel.told[0]
    assert ready == {
        "type": "ready", "version": "v1", "language": "en", "acts": True, "flow": "demo", "run": None,
    }  # fmt: skip
    assert channel.heard("selection")[0]["flow"] == "demo"
    page.host.grow(512)
    assert channel.heard("height") == [{"type": "height", "height": 512}]
    again = page.host.knock()
    page.host.grow(600)
    assert len(again.heard("height")) == 1, "one that was there before is listened to no more"
    page.app.stop()
    assert again.closed and page.host.listeners == 0


async def test_whoever_connects_may_name_the_runs_of_which_it_has_heard_no_end() -> None:
    page = embedded()
    await page.open()
    page.receive({"event": "run_start", "run_id": "r1", "flow_id": "demo"}, {"event": "run_end", "run_id": "r1"})
    channel = page.host.knock(json.dumps({**json.loads(CONNECT), "runs": ["r1"]}))
    assert [each["run"] for each in channel.heard("run-ended")] == ["r1"]
    assert page.host.knock().heard("run-ended") == []
    page.app.stop()


async def test_a_run_that_is_begun_and_ended_by_one_frame_is_told_of_and_history_is_not() -> None:
    """Whoever started it waits for its end; what comes behind `catch_up` was over before."""
    page = embedded()
    await page.open()
    channel = page.host.knock()
    page.receive([{"event": "run_start", "run_id": "r1", "seq": 0}, {"event": "run_end", "run_id": "r1", "seq": 1}])
    page.receive(
        {"type": "catch_up", "run_id": "r2", "from_seq": 0, "to_seq": 1, "complete": True},
        [{"event": "run_start", "run_id": "r2", "seq": 0}, {"event": "run_end", "run_id": "r2", "seq": 1}],
    )
    assert [(each["type"], each["run"]) for each in channel.told if each["type"].startswith("run-")] == [
        ("run-started", "r1"), ("run-ended", "r1"),
    ]  # fmt: skip
    page.app.stop()


async def test_where_the_page_is_to_be_is_said_from_the_first_word_on() -> None:
    """Nothing is on the screen yet, as when it is loaded anew: it says where it is going, not that it is nowhere."""
    page = embedded(flow="demo", run="r1", node="n0", view="timeline")
    early = page.host.knock()
    page.app.start()
    assert (early.told[0]["flow"], early.told[0]["run"]) == ("demo", "r1")
    await page.settle()
    assert {(each["flow"], each["run"], each["view"]) for each in early.heard("selection")} == {
        ("demo", "r1", "timeline")
    }
    page.app.stop()


async def test_who_knocked_before_the_page_listened_is_heard_and_so_is_whoever_comes_next() -> None:
    """The page loads for seconds: the page around has long knocked. Nobody need be greeted then."""
    page = embedded()
    early = page.host.knock()
    await page.open()
    assert early.heard("ready") and page.host.greeted == []
    for _ in range(3):
        again = page.host.knock()
        assert again.heard("ready"), "a page around that was loaded anew is heard, however often"
        page.host.grow(500)
        assert len(again.heard("height")) == 1
    page.app.stop()
    assert page.host.listeners == 0


async def test_a_page_that_does_not_speak_listens_to_nobody() -> None:
    """By itself, or with embed=1: neither a greeting nor a listener, and no store is followed for it."""
    page = embedded(speaks=False)
    await page.open()
    assert page.host.greeted == [] and page.host.listeners == 0
    channel = page.host.knock()
    page.receive({"event": "run_start", "run_id": "r"})
    assert channel.told == [] and not channel.opened
    page.app.stop()


async def test_parts_that_the_address_names_are_hidden_from_the_start() -> None:
    page = embedded(speaks=False, hide=("log", "runs"))
    await page.open()
    assert page.host.hidden == ["log", "runs"]
    page.app.stop()


async def test_the_first_token_is_asked_for_and_borne_by_every_call() -> None:
    """auth=token: nothing is asked of the backend before; then calls bear it, and the socket has a ticket for it."""
    page = embedded(auth="token")
    page.http.answer("POST", "/tickets", {"ticket": "t1", "expires_in": 30})
    page.app.start()
    await page.settle()
    assert page.http.requests == [] and not page.sockets.opened
    channel = page.host.knock()
    (asked,) = channel.heard("token-needed")
    channel.say({"type": "token", "token": "s3cret", "asked": asked["id"]})
    await page.settle()
    assert page.http.tokens and set(page.http.tokens) == {"s3cret"}
    assert page.sockets.last.protocols == ["flowglow.1", "ticket.dDE"]
    assert not any("s3cret" in address for _, address, _ in page.http.requests)
    page.app.stop()


async def test_a_token_that_ends_is_asked_for_again_and_nobody_notices() -> None:
    page = embedded()
    await page.open()
    channel = page.host.knock()
    channel.say({"type": "token", "token": "old"})
    page.http.then("POST", "/runs/r1/stop", REFUSED, HttpResponse(202, ""))
    page.receive({"event": "run_start", "run_id": "r1", "flow_id": "demo"})
    page.app.commands.stop("r1")
    await page.settle()
    (asked,) = channel.heard("token-needed")
    channel.say({"type": "token", "token": "new", "asked": asked["id"], "id": 9})
    await page.settle()
    assert channel.heard("answer") == [{"type": "answer", "id": 9, "ok": True}]
    stops = [token for (_, path, _), token in zip(page.http.requests, page.http.tokens, strict=True) if "stop" in path]
    assert stops == ["old", "new"]
    assert "notice-alert" not in str(page.document.region("notices").picture())
    page.app.stop()


async def test_a_page_that_was_turned_away_connects_with_the_next_token() -> None:
    """Nobody answered, and it says that one must sign in; later the portal gives a token by itself."""
    page = embedded()
    page.http.then("POST", "/tickets", REFUSED)
    page.app.start()
    await page.settle()
    assert page.app.stores.link.get().phase == "closed"
    channel = page.host.knock()
    page.http.answer("POST", "/tickets", {"ticket": "t", "expires_in": 30})
    channel.say({"type": "token", "token": "fresh"})
    await page.settle()
    page.socket.accept()
    await page.settle()
    assert page.app.stores.link.get().phase == "open"
    page.app.stop()


async def test_tickets_may_come_from_the_portal_one_for_each_socket() -> None:
    page = embedded(auth="ticket")
    page.app.start()
    channel = page.host.knock()
    await page.settle()
    channel.say({"type": "ticket", "ticket": "t1", "asked": channel.heard("ticket-needed")[-1]["id"]})
    await page.settle()
    page.socket.accept()
    assert page.socket.protocols == ["flowglow.1", "ticket.dDE"]
    page.socket.die(1006)
    await page.advance(1.0)
    channel.say({"type": "ticket", "ticket": "t2", "asked": channel.heard("ticket-needed")[-1]["id"]})
    await page.settle()
    assert page.socket.protocols == ["flowglow.1", "ticket.dDI"]
    assert page.http.asked("POST", "/tickets") == 0
    page.app.stop()


async def test_an_answer_to_no_question_is_refused_and_counted() -> None:
    page = embedded()
    await page.open()
    channel = page.host.knock()
    channel.say({"type": "token", "token": "x", "asked": 7})
    channel.say({"type": "ticket", "ticket": "x", "asked": 7})
    await page.settle()
    assert page.app.stores.metrics.get("refused") == 2
    assert page.document.region("inspector").find("[data-metric=refused]").textContent == "2"
    page.app.stop()


def answering(page: FakePage) -> tuple[FakeChannel, list[str]]:
    """A portal that has another token each time it is asked for one; those it gave."""
    channel, given = page.host.knock(), list[str]()

    def answer(text: str, send: Callable[[str], None] = channel.send) -> None:
        send(text)
        asked = json.loads(text)
        if asked["type"] == "token-needed":
            given.append(f"t{len(given)}")
            message = {"type": "token", "token": given[-1], "asked": asked["id"]}
            page.clock.call_later(0.01, lambda: channel.say(message))

    channel.send = answer  # type: ignore[method-assign]
    return channel, given


def refusing(page: FakePage, *, good: str = "") -> None:
    """A backend that takes this token alone."""
    request = page.http.request

    async def refuse(method: str, url: str, *, token: str | None = None, **rest: Any) -> HttpResponse:
        answer = await request(method, url, token=token, **rest)
        return answer if token == good else REFUSED

    page.http.request = refuse  # type: ignore[method-assign]


async def test_a_portal_whose_tokens_are_all_refused_is_asked_less_and_less() -> None:
    """One for the first call and one for its refusal; then, in pauses that grow: the backend is not stormed either."""
    page = embedded(auth="token")
    page.app.start()
    _, given = answering(page)
    refusing(page)
    counts = []
    for _ in range(120):
        await page.advance(0.5)
        counts.append((len(given), len(page.http.requests)))
    assert counts[17][0] == 2, "within the first pause"
    assert 3 <= counts[-1][0] <= 5
    assert counts[19][1] <= 40 and counts[-1][1] <= 150
    assert "sign in" in page.document.region("notices").textContent.lower()
    page.app.stop()


async def test_a_person_who_wants_to_connect_waits_for_no_pause() -> None:
    page = embedded(auth="token")
    page.app.start()
    _, given = answering(page)
    refusing(page, good="t2")
    for _ in range(14):
        await page.advance(0.5)
    assert (page.app.stores.link.get().phase, len(given)) == ("closed", 2)
    page.app.commands.reconnect()
    await page.advance(0.5)
    await page.advance(0.5)
    assert len(given) == 3 and not page.socket.closed
    page.app.stop()


async def test_a_good_token_behind_refused_ones_mends_all_whether_it_was_asked_for_or_not() -> None:
    for is_asked in (True, False):
        page = embedded(auth="token")
        page.http.answer("POST", "/tickets", {"ticket": "t", "expires_in": 30})
        page.app.start()
        channel, _ = answering(page)
        refusing(page, good="t3" if is_asked else "better")
        for _ in range(14):
            await page.advance(0.5)
        assert page.app.stores.link.get().phase == "closed"
        if is_asked:
            for _ in range(80):
                await page.advance(0.5)
        else:
            channel.say({"type": "token", "token": "better"})
            await page.advance(0.5)
        page.socket.accept()
        await page.settle()
        assert page.app.stores.link.get().phase == "open"
        assert page.app.shown()[0] == "demo"
        assert "notice-alert" not in str(page.document.region("notices").picture())
        page.app.stop()

"""Whether a server tells a run's history anew: decided by what it says; till the new one is in, the old one stays."""

from __future__ import annotations

from typing import Any

import pytest

from pyapp.live.histories import DOUBT_S, NEW_S
from pyapp.live.sync.asker import MAX_PAUSE_S
from pyapp.ports import HttpResponse
from pyapp.settings import Settings
from pyapp.testing.page import FakePage
from tests.live.support import Json, chat, closed, ev, lines, notices, numbered, opened, passes

OLD = numbered(
    ev("run_start"),
    ev("start_node", node_id="n0", order=0),
    ev("end_node", node_id="n0", order=0, status="success", content="OLD OUTPUT"),
    ev("RunContent", content="OLD WORDS"),
)
NEW = numbered(
    ev("start_node", node_id="n1", order=1),
    ev("RunContent", content="NEW WORDS"),
    ev("end_node", node_id="n1", order=1, status="error", content="NEW OUTPUT"),
)
ANEW = "tells it anew"
BEGINS_ANEW = {"type": "catch_up", "run_id": "r", "from_seq": 0, "to_seq": 2, "complete": False}
"""What a server says of a run whose history is shorter than what the page has."""


async def running(**hello: Any) -> FakePage:
    page = await opened()
    page.http.answer("GET", "/runs/r", {"run_id": "r", "status": "executing"})
    page.receive({"type": "hello", **hello}, *OLD)
    return page


async def doubted(body: str, status: int) -> FakePage:
    """Another instance is there; this is what HTTP answers to whoever asks for event 0."""
    page = await running(instance="one")
    page.http.answer("GET", "/runs/r/events", body, status)
    await page.reconnect()
    page.receive({"type": "hello", "instance": "two"})
    return page


async def begun_in_part(*told: Json) -> FakePage:
    """The link has told these events of a new history; HTTP fails."""
    page = await running()
    page.http.answer("GET", "/runs/r/events", "", 503)
    await page.reconnect()
    page.receive(BEGINS_ANEW, *told)
    return page


def shown(page: FakePage) -> Json:
    return {
        "badges": {node: page.badges(node) for node in ("n0", "n1")},
        "output": [
            word for word in ("OLD OUTPUT", "NEW OUTPUT") if word in page.document.region("node-output").textContent
        ],
        "chat": [word for word in ("OLD WORDS", "NEW WORDS") if word in page.document.region("chat").textContent],
    }


OLD_PICTURE = {
    "badges": {"n0": [("1", "success")], "n1": []},
    "output": ["OLD OUTPUT"],
    "chat": ["OLD WORDS"],
}
NEW_PICTURE = {
    "badges": {"n0": [], "n1": [("2", "error")]},
    "output": ["NEW OUTPUT"],
    "chat": ["NEW WORDS"],
}


def begun_anew(page: FakePage) -> None:
    """Nothing of the old history is left anywhere, and it is said; the run keeps its row and its place."""
    assert shown(page) == NEW_PICTURE and ANEW in notices(page)
    assert page.app.stores.front.get() == "r"


def as_it_was(page: FakePage) -> None:
    assert shown(page) == OLD_PICTURE and ANEW not in notices(page)


async def test_a_catch_up_that_ends_below_what_was_seen_says_so() -> None:
    """`complete: false`; until its last event is in, the old history stays."""
    page = await running()
    await page.reconnect()
    page.receive(BEGINS_ANEW, *NEW[:2])
    as_it_was(page)
    page.receive(NEW[2])
    await page.settle()
    begun_anew(page)
    await closed(page)


NOTHING = {"type": "catch_up", "run_id": "r", "from_seq": 0, "to_seq": -1, "complete": False}
"""What a server says of a run of which it has nothing."""


@pytest.mark.parametrize("hello", [{}, {"instance": "two"}])
async def test_a_server_that_has_nothing_to_tell_and_goes_on_is_heard_at_once(hello: Json) -> None:
    """It lost what it kept, and those that it is told by go on counting: another history would begin at 0."""
    page = await running(instance="one")
    page.http.answer("GET", "/runs/r/events", "", 404)
    await page.reconnect()
    page.receive(NOTHING, {"type": "hello", **hello})
    await page.settle()
    page.receive(ev("start_node", seq=4, node_id="n2", order=2), NOTHING)
    await page.advance(DOUBT_S if hello else 0.0)
    assert page.badges("n2") == [("3", "executing")]
    for seq in range(5, 8):
        page.receive(NOTHING, ev("RunContent", seq=seq, content=f"word {seq} "))
        await page.advance(0.0)
        assert f"word {seq}" in page.document.region("chat").textContent
    as_it_was(page)
    resumed = len(page.socket.sent_of("resume"))
    await page.advance(NEW_S)
    assert len(page.socket.sent_of("resume")) == resumed, "it said that there is nothing"
    await closed(page)


async def test_a_server_that_lost_its_newest_events_and_goes_on_behind_them_is_heard_at_once() -> None:
    """Nothing follows what it says, and what it tells of event 0 is known: it is the same history."""
    page = await opened()
    old = [each | {"event_id": f"e{each['seq']}"} for each in OLD]
    page.receive({"type": "hello"}, *old)
    page.http.answer("GET", "/runs/r/events", lines(*old[:3]))
    await page.reconnect()
    page.receive({"type": "catch_up", "run_id": "r", "from_seq": 4, "to_seq": 2, "complete": False})
    page.receive(ev("start_node", seq=4, node_id="n2", order=2))
    await page.settle()
    assert page.badges("n2") == [("3", "executing")]
    await passes(page, NEW_S)
    as_it_was(page)
    page.receive(ev("RunContent", seq=3, event_id="other", content="OTHER WORDS"))
    await passes(page, NEW_S)
    assert ANEW in notices(page) and "OTHER WORDS" in page.document.region("chat").textContent
    await closed(page)


@pytest.mark.parametrize("ids", [False, True])
@pytest.mark.parametrize("first", [[], [ev("run_start")]])
async def test_a_server_that_has_nothing_to_tell_and_begins_at_0_tells_anew(first: list[Json], *, ids: bool) -> None:
    """However alike the first events are, unless they have the ids of those that are known."""
    new = numbered(*first, *NEW)
    page = await opened()
    page.receive({"type": "hello"}, *([each | {"event_id": f"old {each['seq']}"} for each in OLD] if ids else OLD))
    await page.reconnect()
    page.receive(NOTHING)
    await page.advance(DOUBT_S)
    as_it_was(page)
    page.receive(*([each | {"event_id": f"new {each['seq']}"} for each in new] if ids else new))
    await page.settle()
    begun_anew(page)
    await closed(page)


@pytest.mark.parametrize("by_event", [True, False])
async def test_a_history_that_began_anew_unseen_by_a_server_that_had_nothing_is_found(*, by_event: bool) -> None:
    """Its first events came while the link was away, and what is told behind them might go on with what is known."""
    page = await running(instance="one")
    page.http.answer("GET", "/runs/r/events", "")
    await page.reconnect()
    page.receive({"type": "hello", "instance": "two"})
    await passes(page, DOUBT_S)
    await page.reconnect()
    page.receive(NOTHING)
    await passes(page, 2 * MAX_PAUSE_S)
    as_it_was(page)
    new = [*NEW, ev("RunContent", seq=3, content=""), ev("RunContent", seq=4, content="")]
    page.http.answer("GET", "/runs/r/events", lines(*new))
    if not by_event:
        page.http.answer("GET", "/runs/r", {"run_id": "r", "status": "executing", "last_seq": 3})
    await page.reconnect()
    page.receive(*new[4:] * by_event)
    await passes(page, DOUBT_S)
    begun_anew(page)
    await closed(page)


async def test_another_instance_with_another_event_0_says_so() -> None:
    """The page asks for event 0 itself."""
    page = await running(instance="one")
    page.http.answer("GET", "/runs/r/events", lines(*NEW))
    await page.reconnect()
    as_it_was(page)
    page.receive({"type": "hello", "instance": "two"})
    await page.settle()
    begun_anew(page)
    assert ("GET", "/runs/r/events?after=-1", None) in page.http.requests
    await closed(page)


@pytest.mark.parametrize("closed_log", [False, True])
async def test_a_history_whose_first_events_are_kept_no_longer_begins_anew_too(
    closed_log: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More events of a run, or of all, than are kept: the first of them tell that it is another history."""
    monkeypatch.setattr("pyapp.run.tracking.MAX_EVENTS", 2)
    page = await running(instance="one")
    run = page.app.tracking.run("r")
    if closed_log:
        page.receive(ev("run_end", seq=4))
        run.log.close()
    assert run.log.dropped >= 2
    page.http.answer("GET", "/runs/r/events", lines(NEW[0], ev("run_end", seq=1)))
    await page.reconnect()
    page.receive({"type": "hello", "instance": "two"}, NEW[0])
    await page.advance(5)
    assert page.row("r") == "success" and run.record.nodes.keys() == {"n1"} and ANEW in notices(page)
    await closed(page)


async def test_a_history_whose_first_events_are_kept_no_longer_goes_on_if_it_is_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("pyapp.run.tracking.MAX_EVENTS", 2)
    page = await running(instance="one")
    more = ev("start_node", seq=4, node_id="n2", order=2)
    page.http.answer("GET", "/runs/r/events", lines(*OLD, more))
    await page.reconnect()
    page.receive({"type": "hello", "instance": "two"})
    await page.settle()
    assert page.badges("n2") == [("3", "executing")] and page.badges("n0") == [("1", "success")]
    assert notices(page) == ""
    await closed(page)


async def test_another_instance_with_the_same_event_0_says_nothing() -> None:
    """A server that was started anew and kept its history."""
    page = await running(instance="one")
    more = ev("start_node", seq=4, node_id="n2", order=2)
    page.http.answer("GET", "/runs/r/events", lines(*OLD, more))
    await page.reconnect()
    page.receive({"type": "hello", "instance": "two"})
    await page.settle()
    as_it_was(page)
    assert page.badges("n2") == [("3", "executing")], "what it told meanwhile is in all the same"
    await closed(page)


async def test_without_http_event_0_is_asked_for_over_the_link() -> None:
    page = await opened(Settings(ws="ws://portal.test/ws"))
    page.app.stores.graph.set(None)
    page.receive({"type": "hello", "instance": "one"}, *OLD)
    await page.reconnect()
    page.receive({"type": "hello", "instance": "two"})
    assert page.socket.sent_of("resume")[-1] == {"type": "resume", "runs": {"r": -1}}
    page.receive(*NEW)
    await page.settle()
    assert page.app.tracking.run("r").record.nodes.keys() == {"n1"}
    await closed(page)


async def test_a_lower_last_number_with_another_event_0_says_so() -> None:
    page = await running()
    page.http.answer("GET", "/runs/r", {"run_id": "r", "status": "error", "last_seq": 2})
    page.http.answer("GET", "/runs/r/events", lines(*NEW))
    page.app.woke()
    await page.settle()
    begun_anew(page)
    await closed(page)


async def test_a_lower_last_number_of_the_same_history_is_only_old() -> None:
    page = await running()
    page.http.answer("GET", "/runs/r", {"run_id": "r", "status": "executing", "last_seq": 1})
    page.http.answer("GET", "/runs/r/events", lines(*OLD[:2]))
    page.app.woke()
    await page.settle()
    as_it_was(page)
    page.receive(ev("start_node", seq=4, node_id="n2", order=2))
    assert page.badges("n2") == [("3", "executing")]
    await closed(page)


async def test_a_lower_last_number_takes_nothing_away_before_it_is_confirmed() -> None:
    """An answer that lags, while events wait behind a gap: they go on when it is filled."""
    page = await running()
    gap, *held = numbered(
        ev("start_node", node_id="n1", order=1),
        ev("end_node", node_id="n1", order=1, status="success"),
        ev("start_node", node_id="n2", order=2),
        first=4,
    )
    page.http.answer("GET", "/runs/r", {"run_id": "r", "status": "executing", "last_seq": 2})
    page.http.answer("GET", "/runs/r/events", lines(*OLD[:3]))
    page.receive(*held)
    page.app.woke()
    await page.settle()
    assert not page.app.inbox.intake.histories.in_doubt("r")
    page.receive(gap)
    await page.advance(0.5)
    assert page.badges("n1") == [("2", "success")] and page.badges("n2") == [("3", "executing")]
    assert notices(page) == ""
    await closed(page)


async def test_event_0_is_compared_by_id_else_by_name_and_node() -> None:
    """Another id is another event; the same one with other fields is the same."""
    for told, anew in (
        ({**OLD[0], "event_id": "b"}, True),
        ({**OLD[0], "event_id": "a", "ts": 5.0, "replayed": True}, False),
    ):
        page = await opened()
        page.receive({"type": "hello", "instance": "one"}, {**OLD[0], "event_id": "a"}, *OLD[1:])
        page.http.answer("GET", "/runs/r/events", lines(told))
        page.http.answer("GET", "/runs/r", {"run_id": "r", "status": "executing", "last_seq": 0})
        await page.reconnect()
        page.receive({"type": "hello", "instance": "two"})
        await page.settle()
        assert (ANEW in notices(page)) == anew
        await closed(page)


async def test_every_event_that_is_known_is_compared_not_event_0_alone() -> None:
    """Event 0 of the new history came before anybody said so: it is the same, but what stands behind it is not."""
    page = await opened()
    page.receive({"type": "hello", "instance": "one"}, NEW[0], *OLD[1:])
    page.http.answer("GET", "/runs/r/events", lines(*NEW))
    await page.reconnect()
    page.receive({"type": "hello", "instance": "two"})
    await page.settle()
    begun_anew(page)
    await closed(page)


async def test_a_server_that_was_started_anew_and_lost_its_newest_events_is_believed_after_a_while() -> None:
    """What it tells is the same as far as it goes: once the doubt has lasted 2 s, what is told meanwhile is shown."""
    page = await running(instance="one")
    page.http.answer("GET", "/runs/r/events", lines(*OLD[:3]))
    await page.reconnect()
    page.receive({"type": "hello", "instance": "two"}, ev("start_node", seq=4, node_id="n2", order=2))
    await page.advance(DOUBT_S)
    as_it_was(page)
    assert page.badges("n2") == [("3", "executing")]
    await closed(page)


async def test_another_instance_while_a_history_is_in_doubt_has_all_of_it_compared() -> None:
    """The server's lower number asked about the first event alone; that it is another instance asks about all."""
    page = await running(instance="one")
    page.http.answer("GET", "/runs/r", {"run_id": "r", "status": "executing", "last_seq": 0})
    page.http.answer("GET", "/runs/r/events", "", 503)
    page.app.woke()
    await page.settle()
    await page.reconnect()
    page.http.answer("GET", "/runs/r/events", lines(OLD[0], *NEW[1:]))
    page.receive({"type": "hello", "instance": "two"}, OLD[0])
    for _ in range(round(DOUBT_S / 0.5)):
        await page.advance(0.5)
    assert ANEW in notices(page)
    await closed(page)


async def test_two_restarts_at_once_mix_no_histories() -> None:
    """What the second instance told of its history is void once there is a third."""
    page = await running(instance="one")
    page.http.answer("GET", "/runs/r", "", 503)
    await page.reconnect()
    second = numbered(ev("run_start"), ev("start_node", node_id="n2", order=0), ids=True)
    page.receive({"type": "hello", "instance": "two"})
    page.receive(BEGINS_ANEW, *second)
    await page.reconnect()
    page.http.answer("GET", "/runs/r/events", lines(*NEW))
    as_it_was(page)
    page.receive({"type": "hello", "instance": "three"})
    await page.settle()
    await page.advance(1)
    begun_anew(page)
    assert page.badges("n2") == []
    await closed(page)


async def test_a_resent_event_never_says_so() -> None:
    """With another field, another id, another moment: it is a duplicate, on this link and on the next."""
    page = await running()
    for change in ({"replayed": True}, {"event_id": "fresh"}, {"ts": 5.0}, {"content": "other"}):
        page.receive({**OLD[2], **change}, {**OLD[0], **change})
        await page.reconnect()
        page.receive({"type": "hello"}, {**OLD[2], **change}, {**OLD[0], **change})
    as_it_was(page)
    await closed(page)


async def test_one_event_under_another_name_takes_nothing_away() -> None:
    """Another instance that kept its history, and HTTP that fails: what is shown stays, and nothing is ever said."""
    page = await opened()
    named = [{**each, "event_id": f"a{each['seq']}"} for each in OLD]
    page.receive({"type": "hello", "instance": "one"}, *named)
    page.http.answer("GET", "/runs/r", "", 503)
    page.http.answer("GET", "/runs/r/events", "", 503)
    await page.reconnect()
    page.receive({"type": "hello", "instance": "two"}, {**OLD[3], "event_id": "fresh"})
    for _ in range(8):
        await page.advance(0.5)
        as_it_was(page)
    page.http.answer("GET", "/runs/r/events", lines(*named))
    for _ in range(8):
        await page.advance(0.5)
    as_it_was(page)
    assert notices(page) == "" and not page.app.inbox.intake.histories.in_doubt("r")
    await closed(page)


async def test_the_rest_of_a_new_history_is_asked_for_and_the_old_one_stays_meanwhile() -> None:
    """The link told a part of it; over HTTP comes the rest."""
    page = await begun_in_part(NEW[0])
    for _ in range(8):
        await page.advance(0.5)
        as_it_was(page)
    page.http.answer("GET", "/runs/r/events", lines(*NEW))
    for _ in range(8):
        await page.advance(0.5)
    begun_anew(page)
    await closed(page)


async def test_a_new_history_that_never_comes_whole_is_shown_as_far_as_it_is_there() -> None:
    """Nobody is deaf for long: after NEW_S what is missing is said, and asked for still."""
    page = await begun_in_part(NEW[0], NEW[2])
    await page.advance(DOUBT_S)
    await page.advance(NEW_S - DOUBT_S - 0.1)
    as_it_was(page)
    await page.advance(0.1)
    assert page.badges("n1") == [("2", "error")] and page.badges("n0") == [] and "1 event" in notices(page)
    page.http.answer("GET", "/runs/r/events", lines(*NEW))
    for _ in range(10):
        await page.advance(0.5)
    begun_anew(page)
    await closed(page)


async def begun_and_refused() -> FakePage:
    """The link has told the first event of a new history; over HTTP the run is not known."""
    page = await running()
    page.http.answer("GET", "/runs/r/events", "", 404)
    await page.reconnect()
    page.receive(BEGINS_ANEW, NEW[0])
    await page.advance(DOUBT_S)
    assert page.http.asked("GET", "/runs/r/events") and page.socket.sent_of("resume")[-1]["runs"] == {"r": -1}
    return page


async def test_a_link_that_comes_back_is_asked_for_the_rest_of_the_new_history() -> None:
    """Not for what is behind the one that is no more: of the new one that would leave out what is before it."""
    page = await begun_and_refused()
    await page.reconnect()
    assert page.socket.sent_of("resume")[-1]["runs"] == {"r": 0}
    page.receive({"type": "catch_up", "run_id": "r", "from_seq": 1, "to_seq": 2, "complete": True}, *NEW[1:])
    await page.settle()
    begun_anew(page)
    await closed(page)


async def test_what_is_missing_is_missing_of_the_new_history() -> None:
    """Whoever asks for it, and however long the old one was."""
    page = await begun_and_refused()
    page.http.answer("GET", "/runs/r/events?after=0", lines(*NEW[1:]))
    page.http.answer("GET", "/runs/r", {"run_id": "r", "status": "executing", "last_seq": len(OLD) + 1})
    page.app.woke()
    for _ in range(8):
        await page.advance(0.5)
    begun_anew(page)
    await closed(page)


async def test_a_backend_that_keeps_no_events_is_believed_to_be_the_one_it_was() -> None:
    """Event 0 cannot be had, over HTTP or the link: nothing is taken away, and what comes is taken in after 2 s."""
    page = await running(instance="one")
    await page.reconnect()
    page.receive({"type": "hello", "instance": "two"}, ev("start_node", seq=4, node_id="n2", order=2))
    await page.settle()
    as_it_was(page)
    assert page.socket.sent_of("resume")[-1] == {"type": "resume", "runs": {"r": -1}}
    await page.advance(DOUBT_S)
    as_it_was(page)
    assert page.badges("n2") == [("3", "executing")]
    await closed(page)


@pytest.mark.parametrize("answer", [HttpResponse(503, ""), HttpResponse(200, ""), OSError("reset")])
async def test_no_run_is_deaf_because_its_first_event_does_not_come_again(answer: HttpResponse | OSError) -> None:
    """Pruned, busy or empty: what is told meanwhile is shown once the doubt has lasted 2 s, the end of the run too."""
    page = await running(instance="one")
    page.http.then("GET", "/runs/r/events", answer)
    await page.reconnect()
    page.receive({"type": "hello", "instance": "two"}, ev("start_node", seq=4, node_id="n2", order=2))
    await page.advance(DOUBT_S)
    assert page.badges("n2") == [("3", "executing")]
    page.receive(ev("run_end", seq=5))
    assert page.row("r") == "success"
    await closed(page)


async def test_what_is_in_doubt_leaves_with_its_run() -> None:
    page = await doubted("", 503)
    await page.settle()
    assert page.app.inbox.intake.histories.in_doubt("r")
    page.app.reset()
    await page.settle()
    assert not page.app.inbox.intake.histories.in_doubt("r") and len(page.app.sync.asker) == 0
    await closed(page)


@pytest.mark.parametrize(("body", "status"), [("", 503), ("", 200)])
async def test_an_answer_that_comes_late_tells_of_a_new_history_all_the_same(body: str, status: int) -> None:
    """Nobody waits for it any longer, and the run went on; what is another event now is believed whenever it comes."""
    page = await doubted(body, status)
    await page.advance(2 * DOUBT_S)
    as_it_was(page)
    page.http.answer("GET", "/runs/r/events", lines(*NEW))
    await page.advance(30)
    begun_anew(page)
    await closed(page)


async def test_an_answer_that_comes_late_and_tells_the_same_ends_the_doubt() -> None:
    page = await doubted("", 503)
    await page.advance(2 * DOUBT_S)
    page.http.answer("GET", "/runs/r/events", lines(*OLD))
    await page.advance(30)
    asked = page.http.asked("GET", "/runs/r/events")
    await page.advance(300)
    assert page.http.asked("GET", "/runs/r/events") == asked
    as_it_was(page)
    await closed(page)


@pytest.mark.parametrize("trouble", [0, 6])
async def test_a_history_that_was_told_in_part_is_mixed_with_no_other(trouble: int) -> None:
    """Four of ten lines came; then another instance tells another history, as long: the tail is its own."""
    old, new = (
        numbered(ev("run_start", event_id=f"{who} 0"), *(_said(who, number) for number in range(1, 10)))
        for who in ("OLD", "NEW")
    )
    page = await opened()
    events = "/runs/r/events?after="
    page.http.answer("GET", "/runs/r", {"run_id": "r", "status": "executing", "last_seq": 9})
    page.http.answer("GET", f"{events}-1", lines(*old[:4]) + lines(old[4])[:10])
    page.http.answer("GET", f"{events}3", "", 503)
    page.receive({"type": "hello", "instance": "one"})
    page.app.commands.adopt("r")
    await page.settle()
    assert chat(page) == ["OLD 1 OLD 2 OLD 3 "]
    await page.reconnect()
    page.http.then("GET", f"{events}-1", *[HttpResponse(503, "")] * trouble, HttpResponse(200, lines(*new)))
    page.http.answer("GET", f"{events}3", lines(*new[4:]))
    page.receive({"type": "hello", "instance": "two"})
    page.receive({"type": "catch_up", "run_id": "r", "from_seq": 4, "to_seq": 9, "complete": True}, *new[4:])
    for _ in range(30):
        await page.advance(1.0)
    assert chat(page) == ["".join(f"NEW {number} " for number in range(1, 10))] and ANEW in notices(page)
    await closed(page)


def _said(who: str, number: int) -> Json:
    return ev("RunContent", event_id=f"{who} {number}", content=f"{who} {number} ")


@pytest.mark.parametrize("lower", [False, True])
async def test_events_without_ids_tell_of_a_new_history_whenever_they_come(*, lower: bool) -> None:
    """Event 0 is a start in both, and what follows comes long after the word of the server: nobody is deaf to it."""
    page = await running(instance="one")
    new = [OLD[0], *numbered(ev("start_node", node_id="n1", order=1), ev("RunContent", content="NEW WORDS"), first=1)]
    page.http.answer("GET", "/runs/r/events", lines(new[0]))
    page.http.answer("GET", "/runs/r", {"run_id": "r", "status": "executing", "last_seq": 0})
    await page.reconnect()
    page.receive({"type": "hello", "instance": "one" if lower else "two"})
    await page.advance(2 * DOUBT_S)
    as_it_was(page)
    asked = page.http.asked("GET", "/runs/r/events")
    await page.advance(20)
    assert page.http.asked("GET", "/runs/r/events") == asked, "what there is of it was told"
    for event in new[1:]:
        page.receive(event)
        await page.advance(2 * DOUBT_S)
    assert page.badges("n0") == [] and page.badges("n1") == [("2", "executing")] and ANEW in notices(page)
    assert chat(page) == ["NEW WORDS"]
    await closed(page)


async def doubted_in_vain() -> FakePage:
    """Another instance, of whose history only the first event, the same one, came while it was waited for."""
    page = await running(instance="one")
    page.http.answer("GET", "/runs/r/events", lines(OLD[0]))
    await page.reconnect()
    page.receive({"type": "hello", "instance": "two"})
    await page.advance(2 * DOUBT_S)
    return page


async def test_what_is_told_again_late_and_is_the_same_takes_nothing_away() -> None:
    """A server that kept its history tells it bit by bit: each is a duplicate, and what follows is taken in at once."""
    page = await doubted_in_vain()
    for event in OLD[1:]:
        page.receive(event)
        await page.advance(2 * DOUBT_S)
        as_it_was(page)
    page.receive(ev("start_node", seq=4, node_id="n2", order=2), {**OLD[1], "node_id": "n1"})
    as_it_was(page)
    assert page.badges("n2") == [("3", "executing")], "all was told again: what is resent counts no more"
    await closed(page)


async def test_what_can_no_longer_be_read_is_another_event_too() -> None:
    """The new history has something unreadable where the old one had an event."""
    page = await doubted_in_vain()
    page.receive({"event": "start_node", "run_id": "r", "seq": 1, "node_id": 5})
    await page.settle()
    assert page.badges("n0") == [] and ANEW in notices(page)
    await closed(page)

"""Whether a server tells a run's history anew: decided by what it says; till the new one is in, the old one stays."""

from __future__ import annotations

from typing import Any

import pytest

from pyapp.live.histories import DOUBT_S
from pyapp.ports import HttpResponse
from pyapp.settings import Settings
from pyapp.testing.page import FakePage
from tests.live.support import Json, closed, ev, lines, notices, numbered, opened

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


async def running(**hello: Any) -> FakePage:
    page = await opened()
    page.http.answer("GET", "/runs/r", {"run_id": "r", "status": "executing"})
    page.receive({"type": "hello", **hello}, *OLD)
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
    page.receive({"type": "catch_up", "run_id": "r", "from_seq": 0, "to_seq": 2, "complete": False}, *NEW[:2])
    as_it_was(page)
    page.receive(NEW[2])
    await page.settle()
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


async def test_a_resent_event_never_says_so() -> None:
    """With another field, another id, another moment: it is a duplicate, on this link and on the next."""
    page = await running()
    for change in ({"replayed": True}, {"event_id": "fresh"}, {"ts": 5.0}, {"content": "other"}):
        page.receive({**OLD[2], **change}, {**OLD[0], **change})
        await page.reconnect()
        page.receive({"type": "hello"}, {**OLD[2], **change}, {**OLD[0], **change})
    as_it_was(page)
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
    page = await running(instance="one")
    page.http.answer("GET", "/runs/r/events", "", 503)
    await page.reconnect()
    page.receive({"type": "hello", "instance": "two"})
    await page.settle()
    assert page.app.inbox.intake.histories.in_doubt("r")
    page.app.reset()
    await page.settle()
    assert not page.app.inbox.intake.histories.in_doubt("r") and len(page.app.sync.asker) == 0
    await closed(page)

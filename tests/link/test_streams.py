"""pyapp.link.streams: an answer that comes in pieces, in the shape of a socket."""

from __future__ import annotations

import pytest

from pyapp.link.sse import SseMessage
from pyapp.link.streams import SseSockets, StreamEnd
from pyapp.locale.catalogue import Sentence
from pyapp.protocols.protocol import Request
from pyapp.testing.http import FakeHttp


class Owner:
    """What a Link is told, and what it asks for."""

    def __init__(self, *requests: Request, goes_on: bool = True) -> None:
        self.http = FakeHttp()
        self.requests = list(requests)
        self.told: list[object] = []
        self.ends: list[StreamEnd] = []
        self.goes_on = goes_on
        self.sockets = SseSockets(self.http, self.http.base, self._next, self._ended)

    def _next(self) -> Request | None:
        return self.requests.pop(0) if self.requests else None

    def _ended(self, end: StreamEnd) -> bool:
        self.ends.append(end)
        return self.goes_on

    def opened(self, generation: int) -> None:
        self.told.append("opened")

    def received(self, generation: int, frame: object) -> None:
        self.told.append(frame)

    def ended(self, generation: int, code: int, reason: str) -> None:
        self.told.append((code, reason))


BEGIN = Request("POST", "/run", "{}", {"X-One": "1"}, stream=True)
GO_ON = Request("POST", "/again", stream=True, again=True)


def test_what_begins_something_is_open_at_once_and_what_goes_on_when_it_is_answered() -> None:
    """No time-out may send the first of them twice."""
    owner = Owner(BEGIN, GO_ON)
    owner.sockets.open("", [], 1, owner)
    assert owner.told == ["opened"]
    owner.http.streams[-1].answer()
    owner.sockets.open("", [], 2, owner)
    assert owner.told == ["opened"]
    owner.http.streams[-1].answer()
    assert owner.told == ["opened", "opened"]


def test_messages_come_as_they_are_and_the_last_id_is_said_at_the_next_attempt() -> None:
    owner = Owner(BEGIN, GO_ON)
    assert not owner.sockets.is_open("")
    owner.sockets.open("", [], 1, owner)
    first = owner.http.streams[-1]
    first.answer()
    first.say("id: 7\ndata: a\n\ndata: b\n\nda")
    assert owner.told[1:] == [SseMessage("a", id="7"), SseMessage("b", id="7")]
    assert first.headers == {"Accept": "text/event-stream", "X-One": "1"}
    first.end("the line broke")
    assert (owner.ends, owner.told[-1]) == ([StreamEnd(200, "the line broke")], (1006, "the line broke"))
    owner.sockets.open("", [], 2, owner)
    assert owner.http.streams[-1].headers["Last-Event-ID"] == "7"


@pytest.mark.parametrize(("status", "code"), [(401, 4401), (403, 4401), (500, 1006), (404, 1006)])
def test_a_refusal_is_said_in_the_servers_own_words(status: int, code: int) -> None:
    owner = Owner(BEGIN)
    owner.sockets.open("", [], 1, owner)
    owner.http.streams[-1].answer(status, "application/json")
    owner.http.streams[-1].say('{"detail": "Not ', 'for you."}')
    owner.http.streams[-1].end()
    assert owner.ends == [StreamEnd(status, "Not for you.", refused=True)]
    assert owner.told[-1] == (code, "Not for you.")


@pytest.mark.parametrize("asked", [BEGIN, GO_ON])
@pytest.mark.parametrize(
    ("kind", "body", "words"),
    [
        ("application/json", '{"error": "The quota is used up."}', "The quota is used up."),
        ("application/problem+JSON; charset=utf-8", '{"detail": "No model."}', "No model."),
        ("application/json", '{"content": "All of it."}', Sentence("protocol.no_stream")),
        ("text/html", "data: no\n\n<html>", Sentence("protocol.no_stream")),
    ],
)
def test_an_answer_that_is_no_stream_is_a_refusal_whatever_its_status(
    asked: Request, kind: str, body: str, words: str
) -> None:
    """Its own words are told, ours where it has none; none of it is an event, and nothing was opened by it."""
    owner = Owner(asked)
    owner.sockets.open("", [], 1, owner)
    owner.http.streams[-1].answer(200, kind)
    owner.http.streams[-1].say(body)
    owner.http.streams[-1].end()
    assert owner.ends == [StreamEnd(200, words, refused=True)]
    assert type(owner.ends[0].words) is type(words), "it can be told in another language"
    assert owner.told == [*([] if asked.again else ["opened"]), (1006, words)]


def test_where_no_other_attempt_is_of_use_the_link_is_not_told() -> None:
    owner = Owner(BEGIN, goes_on=False)
    socket = owner.sockets.open("", [], 1, owner)
    owner.http.streams[-1].end()
    assert owner.told == ["opened"]
    socket.send("nothing")
    socket.close()
    assert owner.http.streams[-1].closed


def test_with_nothing_to_go_on_with_nothing_is_sent() -> None:
    with pytest.raises(ValueError, match="nothing to go on with"):
        Owner().sockets.open("", [], 1, Owner())

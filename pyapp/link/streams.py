"""Server-sent events over HTTP in the shape of a socket, so that a Link keeps a stream alive as it does a socket.

Silence, pauses between attempts, and what a person or the browser does are the Link's. What is sent is asked for anew
at each attempt: the first begins something, each later one goes on behind what came.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..ports import SocketEvents, Stream, StreamingHttp
from ..protocols.protocol import Reply, Request, refusal
from .sse import SseParser

CUT, TURNED_AWAY = 1006, 4401
"""What a Link is told of a stream that ended, in the codes of sockets."""
MAX_WORDS_BYTES = 64 * 1024
"""Of the body of an error, so much is read for its words."""
NO_STREAM = ("json", "html")
"""In the type of an answer that is none, though its status says that all is well; other types are believed."""


@dataclass(frozen=True, slots=True)
class StreamEnd:
    """How a stream ended. `status` is 0 where no answer came; `words` say what was wrong, "" for nothing."""

    status: int
    words: str
    refused: bool = False
    """The server answered, and there is no stream."""


class SseSockets:
    """Opens streams to a backend at `base`.

    `request` gives what to send next, None where there is nothing to go on with. `ended` is told each end, and says
    whether another attempt is of use.
    """

    def __init__(
        self, http: StreamingHttp, base: str, request: Callable[[], Request | None], ended: Callable[[StreamEnd], bool]
    ) -> None:
        self.http = http
        self.base = base
        self.ended = ended
        self.last_id = ""
        self._request = request

    def is_open(self, url: str) -> bool:
        return False

    def open(self, url: str, protocols: list[str], generation: int, events: SocketEvents) -> SseSocket:
        request = self._request()
        if request is None:
            raise ValueError("there is nothing to go on with")
        return SseSocket(self, request, generation, events)


class SseSocket:
    """One request and the messages of its answer. What begins something is open at once: no time-out may repeat it."""

    def __init__(self, owner: SseSockets, request: Request, generation: int, events: SocketEvents) -> None:
        self._owner = owner
        self._asked = request
        self._generation = generation
        self._events = events
        self._parser = SseParser()
        self._parser.last_id = owner.last_id
        self._status = 0
        self._refused = False
        self._body = bytearray()
        """Of an answer that is no stream: its first bytes."""
        headers = {"Accept": "text/event-stream", **request.headers}
        if owner.last_id and request.again:
            headers["Last-Event-ID"] = owner.last_id
        self._stream: Stream = owner.http.stream(
            request.method, request.at(owner.base), body=request.body, headers=headers, events=self
        )
        if not request.again:
            events.opened(generation)

    # -- Socket -----------------------------------------------------------------------------------
    def send(self, text: str) -> None:
        """Nothing can be said over a stream."""

    def close(self) -> None:
        self._stream.close()

    # -- StreamEvents -----------------------------------------------------------------------------
    def answered(self, status: int, kind: str) -> None:
        self._status = status
        self._refused = status >= 300 or any(each in kind.lower() for each in NO_STREAM)
        if self._asked.again and not self._refused:
            self._events.opened(self._generation)

    def received(self, chunk: bytes) -> None:
        if self._refused:
            self._body += chunk[: MAX_WORDS_BYTES - len(self._body)]
            return
        for message in self._parser.feed(chunk):
            self._owner.last_id = message.id
            self._events.received(self._generation, message)

    def ended(self, error: str | None) -> None:
        words = error or ""
        if self._refused:
            words = refusal(self._asked, Reply(self._status, self._body.decode("utf-8", "replace"))).args[0]
        if self._owner.ended(StreamEnd(self._status, words, self._refused)):
            code = TURNED_AWAY if self._status in (401, 403) else CUT
            self._events.ended(self._generation, code, words)

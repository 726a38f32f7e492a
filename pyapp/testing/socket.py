"""FakeSockets: WebSockets whose other side is the test."""

from __future__ import annotations

import json
from typing import Any

from ..ports import SocketEvents


class FakeSocket:
    """One socket: what was sent over it, and what the server's side does."""

    def __init__(self, url: str, protocols: list[str], generation: int, events: SocketEvents) -> None:
        self.url = url
        self.protocols = protocols
        self.generation = generation
        self.sent: list[Any] = []
        self.closed = False
        self._events = events

    # -- the page's side
    def send(self, text: str) -> None:
        self.sent.append(json.loads(text))

    def close(self) -> None:
        self.closed = True

    # -- the server's side; a socket that was let go of still speaks, as real ones do
    def accept(self) -> None:
        self._events.opened(self.generation)

    def deliver(self, frame: object) -> None:
        """Send a frame to the page: text as it is, anything else as JSON."""
        text = frame if isinstance(frame, str | bytes) else json.dumps(frame)
        self._events.received(self.generation, text)

    def die(self, code: int = 1006, reason: str = "") -> None:
        """Close from the server's side."""
        self._events.ended(self.generation, code, reason)

    def sent_of(self, kind: str) -> list[Any]:
        """The frames of one type that the page sent."""
        return [frame for frame in self.sent if frame["type"] == kind]


class FakeSockets:
    """Opens fake sockets and keeps them; `refuse` makes the browser refuse even to try."""

    def __init__(self) -> None:
        self.opened: list[FakeSocket] = []
        self.refuse: str | None = None
        self.early = False
        """Whether a socket is open already, before the page asks for one."""

    def is_open(self, url: str) -> bool:
        return self.early

    def open(self, url: str, protocols: list[str], generation: int, events: SocketEvents) -> FakeSocket:
        if self.refuse is not None:
            raise ValueError(self.refuse)
        socket = FakeSocket(url, protocols, generation, events)
        self.early = False
        self.opened.append(socket)
        return socket

    @property
    def last(self) -> FakeSocket:
        return self.opened[-1]

    @property
    def live(self) -> int:
        """How many sockets the page has not let go of."""
        return sum(not socket.closed for socket in self.opened)

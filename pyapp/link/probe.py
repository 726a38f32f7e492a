"""ProbeSockets: whether a server without a socket is there, in the shape of a socket.

It is open when any answer came, and ended when none did: what says so is a request of its own to begin with, later
every other request.
"""

from __future__ import annotations

import asyncio

from ..locale.catalogue import Sentence
from ..ports import Http, SocketEvents

UNREACHABLE = 1006
AWAY = (502, 504)
"""Said in the server's place: it did not answer."""


class ProbeSockets:
    """Asks once at each attempt; whatever the server answers itself, it is there."""

    def __init__(self, http: Http, url: str) -> None:
        self._http = http
        self._url = url
        self._last: ProbeSocket | None = None

    def is_open(self, url: str) -> bool:
        return False

    def open(self, url: str, protocols: list[str], generation: int, events: SocketEvents) -> ProbeSocket:
        self._last = ProbeSocket(generation, events)
        self._last.ask(self._http, self._url)
        return self._last

    def reached(self, well: bool) -> None:
        """Another request was answered, or none came."""
        if self._last is not None and not well:
            self._last.failed(Sentence("connection.silent"))


class ProbeSocket:
    """One attempt, and what it found until the next."""

    def __init__(self, generation: int, events: SocketEvents) -> None:
        self._generation = generation
        self._events = events
        self._task: asyncio.Task[None] | None = None

    def ask(self, http: Http, url: str) -> None:
        self._task = asyncio.ensure_future(self._ask(http, url))

    def send(self, text: str) -> None:
        """Nothing can be said."""

    def close(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def failed(self, why: str) -> None:
        self._events.ended(self._generation, UNREACHABLE, why)

    async def _ask(self, http: Http, url: str) -> None:
        try:
            answer = await http.request("GET", url, timeout_s=5.0)
        except OSError as error:  # a time-out is one, too
            self.failed(str(error) or Sentence("connection.silent"))
        else:
            away = answer.status in AWAY
            self.failed(Sentence("connection.silent")) if away else self._events.opened(self._generation)

"""Places: how many questions are under way at the same time, and who has to wait for a turn."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

CONNECTIONS = 6
"""What a browser opens to one server at the same time (HTTP/1.1); what is more waits there, out of our reach."""
AT_ONCE = 4
"""Questions of the background that are under way at the same time; what a person wishes finds a connection free."""

Key = tuple[str, str]
"""(run id, or "" for the page; what is asked)."""


@dataclass(slots=True, eq=False)
class Attempt:
    """A question that is put to the server now."""

    key: Key
    began: float
    """By the monotonic clock."""
    cut: Callable[[], None]
    """Ends it: it is put again soon."""


class Places:
    """Owns which attempts are under way. A wish never waits: of too many, the oldest of the background makes way.

    What is asked for the page, or for the run in front, is a wish of the person who looks; a log waits for nobody, and
    nobody for it.
    """

    def __init__(self, front: Callable[[], str | None]) -> None:
        self._front = front
        self._under_way: dict[Attempt, None] = {}
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def turn(self, key: Key) -> None:
        """Wait until it may be asked."""
        while not self._may(key):
            turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.append(turn)
            try:
                await turn
            except asyncio.CancelledError:
                if turn in self._waiting:
                    self._waiting.remove(turn)
                else:
                    self._next()
                raise

    def enter(self, attempt: Attempt) -> None:
        """It is under way."""
        self._under_way[attempt] = None
        if self.wished(attempt.key) and len(self._under_way) > CONNECTIONS:
            others = [each for each in self._under_way if not self.wished(each.key)]
            if others:
                others[0].cut()

    def leave(self, attempt: Attempt) -> None:
        """It was answered, or given up."""
        self._under_way.pop(attempt, None)
        self._next()

    def look(self) -> None:
        """Somebody wishes to see something: what waits may be what they wish."""
        for _ in range(len(self._waiting)):
            self._next()

    def wished(self, key: Key) -> bool:
        return key[0] in ("", self._front())

    # -- inside -----------------------------------------------------------------------------------
    def _may(self, key: Key) -> bool:
        return not self._counts(key) or sum(self._counts(each.key) for each in self._under_way) < AT_ONCE

    def _counts(self, key: Key) -> bool:
        return key[1] != "log" and not self.wished(key)

    def _next(self) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():  # who waited may have been cut off
                turn.set_result(None)
                return

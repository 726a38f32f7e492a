"""Credentials: what the page that shows this one in a frame gave for the backend, and asking it for another one.

A token goes as `Authorization: Bearer` on calls, and as the ticket of a socket where the backend has no tickets of its
own. It is never in an address, in a log or in a text of an error.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from ..clock import Clock, Timer
from ..contract.embed import Awaited, Kind

PATIENCE_S = 10.0
"""How long an answer is waited for."""
QUIET_S = 10.0
"""After a question that nobody answered, none is put for so long: unless something is given by itself."""
LONGEST_QUIET_S = 60.0
"""So it is after a token for a refused one, too, which may be refused in turn: twice as long each time, up to this."""


class Credentials:
    """Owns the token, and the one open question of each kind."""

    def __init__(self, clock: Clock, awaited: Awaited = "") -> None:
        self._clock = clock
        self._awaited = awaited
        self.token: str | None = None
        self._reachable = False
        self._last = 0
        """The number of the last question."""
        self._open: dict[Kind, tuple[int, asyncio.Future[str | None], Timer]] = {}
        self._quiet_until: dict[Kind, float] = {}
        self._quiet_s = 0.0
        """The pause behind the last token that was asked for in the place of another."""
        self._asked: list[Callable[[Kind, int], None]] = []
        self._given: list[Callable[[], None]] = []

    # -- for the calls ------------------------------------------------------------------------------
    @property
    def gives_tickets(self) -> bool:
        """The tickets of the sockets come from outside."""
        return self._awaited == "ticket"

    @property
    def bears(self) -> bool:
        """There is a token, or there is to be one."""
        return self.token is not None or self._awaited == "token"

    async def for_call(self) -> str | None:
        """The token to bear; the first one is waited for where one is to come."""
        if self.token is None and self._awaited == "token":
            await self.renew(None)
        return self.token

    async def renew(self, used: str | None) -> bool:
        """The backend refused a call that bore `used`: whether there is another token to try with."""
        if self.token == used:
            await self._ask("token")
        return self.token not in (None, used)

    async def ticket(self) -> str | None:
        """A ticket for the next socket; None when nobody gave one."""
        return await self._ask("ticket")

    def insist(self) -> None:
        """The next question is put at once, whatever became of those before: a person wants it, or there is news."""
        self._quiet_until.clear()
        self._quiet_s = 0.0

    # -- for whoever gives --------------------------------------------------------------------------
    def on_asked(self, listener: Callable[[Kind, int], None]) -> None:
        """Call `listener(kind, number)` for each question."""
        self._asked.append(listener)

    def on_given(self, listener: Callable[[], None]) -> None:
        """Call `listener` when there is a token, and it is another one than before."""
        self._given.append(listener)

    def reach(self, reachable: bool) -> None:
        """Somebody is there to be asked from now on, or nobody is; what is open is put to whoever came."""
        self._reachable = reachable
        self.insist()
        for kind, (number, _, _) in list(self._open.items()):
            if reachable:
                self._put(kind, number)
            else:
                self._close(kind, None)

    def give(self, token: str | None, asked: int | None = None) -> bool:
        """This is the token from now on; None takes it back, or says that there is none.

        False, and nothing changes, where it answers a question that was never put. A late "none" takes nothing.
        """
        if asked is not None and not self._is_open("token", asked) and (token is None or asked > self._last):
            return asked <= self._last
        is_news = token is not None and token != self.token
        if asked is None:
            self.insist()
        elif None not in (token, self.token) and self._is_open("token", asked):
            self._hush()
        self.token = token
        self._close("token", token)
        if is_news:
            for listener in self._given:
                listener()
        return True

    def give_ticket(self, ticket: str | None, asked: int | None) -> bool:
        """The answer to the question of this number; False where that was never put. One that is late is lost."""
        if self._is_open("ticket", asked):
            self._close("ticket", ticket)
        return asked is not None and 0 < asked <= self._last

    # -- inside -------------------------------------------------------------------------------------
    async def _ask(self, kind: Kind) -> str | None:
        """All who want the same wait for the same answer."""
        if kind not in self._open:
            quiet = self._clock.now() < self._quiet_until.get(kind, 0.0)
            if quiet or not (self._reachable or self._awaited == kind):
                return None
            answer: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
            late = self._clock.call_later(PATIENCE_S, lambda: self._close(kind, None))
            self._last += 1
            self._open[kind] = self._last, answer, late
            if self._reachable:
                self._put(kind, self._open[kind][0])
        return await asyncio.shield(self._open[kind][1])  # one who gives up takes it from nobody

    def _hush(self) -> None:
        """The next question waits; longer than the last one did, where that was wanted as soon as it could be."""
        now, before_s = self._clock.now(), self._quiet_s
        soon = now < self._quiet_until.get("token", 0.0) + before_s
        self._quiet_s = min(LONGEST_QUIET_S, 2 * before_s) if soon else QUIET_S
        self._quiet_until["token"] = now + self._quiet_s

    def _is_open(self, kind: Kind, number: int | None) -> bool:
        asked = self._open.get(kind)
        return asked is not None and asked[0] == number

    def _put(self, kind: Kind, number: int) -> None:
        for listener in self._asked:
            listener(kind, number)

    def _close(self, kind: Kind, answer: str | None) -> None:
        asked = self._open.pop(kind, None)
        if answer is None and asked is not None:
            self._quiet_until[kind] = self._clock.now() + QUIET_S
        if asked is not None:
            asked[2].cancel()
            if not asked[1].done():
                asked[1].set_result(answer)

"""The way between the server in memory and the page: one link at a time, which can be lost at any moment."""

from __future__ import annotations

from typing import Any

from pyapp.testing.page import FakePage
from pyapp.testing.socket import FakeSocket
from tests.memory_server import MemoryServer

Json = dict[str, Any]
TURN_S = 0.5
PATIENCE_S = 60.0


class Wire:
    """Carries events to the page and accepts its sockets. While there is no link what is sent is lost."""

    def __init__(self, server: MemoryServer, page: FakePage) -> None:
        self.sent: list[Json] = []
        """What went over a link since the server's history began."""
        self.say_gone = True
        """Whether the server tells what it has forgotten."""
        self.seen: set[str] = set()
        """What can only happen by chance: two gaps, cut while held."""
        self._server = server
        self._page = page
        self._link: FakeSocket | None = None
        self._dead: list[FakeSocket] = []
        self._highest: dict[str, int] = {}
        self._holes: dict[str, set[int]] = {}
        """By run: numbers below the highest that have not been sent since the page last had time to ask for them."""

    def send(self, *events: Json, batch: bool = False) -> None:
        """Send events as they are told just now, in one frame or each in its own."""
        frames = [self._server.frame(each) for each in events]
        if self._link is not None:
            self.sent += events
            for event in events:
                self._note(event)
        for frame in [frames] if batch else frames:
            self.deliver(frame)

    def deliver(self, frame: object) -> None:
        """Send any frame."""
        if self._link is not None:
            self._link.deliver(frame)

    def cut(self, code: int) -> None:
        """End the link from the server's side."""
        if any(self._holes.values()):
            self.seen.add("cut while held")
        link, self._link = self._link, None
        if link is not None:
            self._dead.append(link)
            link.die(code)

    def forget(self) -> None:
        """The server's history begins anew."""
        self.sent.clear()
        self._highest.clear()
        self._holes.clear()

    async def linked(self, *, most: int | None = None) -> None:
        """Wait until the page has a link; of what it missed it is told `most` frames."""
        for _ in range(round(PATIENCE_S / TURN_S)):
            await self.turn(0.0, most=most)
            if self._link is not None:
                return
            await self.turn(most=most)
        raise AssertionError(f"no new socket within {PATIENCE_S:g} s")

    async def turn(self, seconds: float = TURN_S, *, most: int | None = None) -> None:
        """Let time pass; the server accepts a new socket, greets, and answers `resume`."""
        self._holes.clear()
        await self._page.advance(seconds)
        if self._link is not None and self._link.closed:
            self._link = None
        socket = self._page.sockets.opened[-1] if self._page.sockets.opened else None
        if socket is not None and socket is not self._link and not socket.closed and socket not in self._dead:
            self._link = socket
            socket.accept()
            await self._page.settle()
            self._server.greet(socket)
            await self._page.settle()
        if self._link is not None and self._server.resume(self._link, most=most, say_gone=self.say_gone):
            await self._page.settle()

    def _note(self, event: Json) -> None:
        run_id, seq = event["run_id"], event["seq"]
        holes = self._holes.setdefault(run_id, set())
        holes |= set(range(self._highest.get(run_id, -1) + 1, seq))
        holes.discard(seq)
        self._highest[run_id] = max(seq, self._highest.get(run_id, -1))
        if any(each + 1 not in holes and any(other > each for other in holes) for each in holes):
            self.seen.add("two gaps")

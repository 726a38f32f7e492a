"""Lets a schedule of faults happen between one server and one page, and lets things be good again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pyapp.testing.clock import FakeClock
from pyapp.testing.page import FakePage
from pyapp.testing.socket import FakeSocket
from tests.memory_server import HTTP_FAULTS, Manners, MemoryServer
from tests.oracle import TERMINAL
from tests.streams import FLOW, Picker

Json = dict[str, Any]
Step = tuple[str, int]
"""A kind of fault, and a number that decides its details."""

WAY = ("pass", "pass", "pass", "drop", "twice", "again", "late", "swap", "batch", "noise")
"""What can become of an event on its way."""
LINK = ("cut", "cut while told", "die", "restart", "wait", "sleep")
HTTP = ("http", "http", "release")
FAULTS = (*WAY, *LINK, *HTTP)
SPARSE = ("pass", "pass", "pass", "twice", "batch", "noise", *LINK, *HTTP)
"""Where numbers have holes a loss on an open link cannot be seen, so there is none."""
UNNUMBERED = ("pass", "pass", "pass", "drop", "noise", "cut", "die", "wait", "sleep", *HTTP)
FORGETFUL = (*FAULTS, "forget")
SILENT = ("pass", "pass", "twice", "batch", "cut", "die", "wait", "sleep", *HTTP, "forget silently")
NOISE = ("not json", "", b"\x00binary", "[1, null, {}]", '{"event": 7}', '{"type": "news"}')

WITHIN_S = 5.0
TURN_S = 0.5
PATIENCE_S = 60.0


class Play:
    """One page, one server, the runs that will happen, and what became of it all."""

    def __init__(self, logs: Sequence[list[Json]], manners: Manners, *, before: int = 0) -> None:
        """`before`: how many events happen before the page is opened."""
        clock = FakeClock()
        self.server = MemoryServer(manners, clock)
        self.page = FakePage(http=self.server, clock=clock)
        self.server.answer("GET", "/flows/demo", FLOW)
        self.queues = [list(log) for log in logs]
        self.unknowable: set[str] = set()
        """Runs that were over when the server forgot them."""
        self.seen: dict[str, int] = {}
        """run id → the highest number that was sent of it in a life of the server that is over."""
        self.done: set[str] = set()
        """The faults that really happened."""
        self._before = before
        self._link: FakeSocket | None = None
        self._dead: list[FakeSocket] = []
        """Links the server's side has cut."""
        self._delayed: list[Json] = []
        self._sent: list[Json] = []

    # -- the schedule
    async def go(self, schedule: Sequence[Step], *, final_cut: bool = False) -> None:
        """Let it all happen, end every fault, and wait for as long as the page may take."""
        for queue in self.queues:
            for _ in range(min(self._before, len(queue))):
                self.done.add("before")
                self.server.happen(queue.pop(0))
        self.page.app.start()
        await self._linked()
        for turn, (fault, number) in enumerate(schedule):
            await self._step(fault, self.queues[turn % len(self.queues)], Picker(number))
        await self._end_faults(final_cut=final_cut)
        for _ in range(round(WITHIN_S / TURN_S)):
            await self._pass()

    def last_seq(self, run_id: str) -> int:
        """The number of the newest event the server has of a run."""
        return max(int(each["seq"]) for each in self.server.log if each["run_id"] == run_id)

    async def stop(self) -> None:
        """Nothing stays behind."""
        self.page.app.stop()
        await self.page.settle()
        assert self.page.clock.pending == 0, "a timer outlives the page"
        assert self.page.sockets.live == 0, "a socket outlives the page"

    async def _step(self, fault: str, queue: list[Json], pick: Picker) -> None:
        if fault in ("cut", "cut while told", "die", "restart") or fault.startswith("forget"):
            await self._lose(fault, queue, pick)
        elif fault == "wait":
            self.done.add(fault)
            for _ in range(pick([1, 3, 6])):
                await self._pass()
        elif fault == "sleep":
            self.done.add(fault)
            self.page.clock.set_wall(self.page.clock.wall() + 3600)
            self.page.app.woke()
            await self._pass()
        elif fault == "http":
            self.done.add(fault)
            self.server.faults += [pick(HTTP_FAULTS) for _ in range(pick([1, 2, 3]))]
        elif fault == "release":
            self.done.add(fault)
            self.server.give_held()
            await self.page.settle()
        elif fault == "noise":
            self.done.add(fault)
            self._deliver(pick(NOISE))
        elif queue:
            self._tell(fault, queue, pick)

    def _tell(self, fault: str, queue: list[Json], pick: Picker) -> None:
        """Let the next event of a run happen; what becomes of it on its way is the fault."""
        self.done.add(fault)
        event = self.server.happen(queue.pop(0))
        delayed, self._delayed = self._delayed, []
        if fault == "late":
            self._delayed = [*delayed, event]
            return
        if fault == "batch":
            more = [self.server.happen(queue.pop(0)) for _ in range(min(len(queue), pick([1, 2, 5])))]
            self._send(event, *more, batch=True)
        elif fault == "swap" and queue:
            self._send(self.server.happen(queue.pop(0)))
            self._send(event)
        elif fault != "drop":
            self._send(event)
        if fault == "twice":
            self._send(event)
        elif fault == "again":
            self._send(pick(self._sent or [event]))
        for each in reversed(delayed):
            self._send(each)

    # -- the link
    def _send(self, *events: Json, batch: bool = False) -> None:
        frames = [self.server.frame(each) for each in events]
        if self._link is not None:
            self._sent += events
        for frame in [frames] if batch else frames:
            self._deliver(frame)

    def _deliver(self, frame: object) -> None:
        if self._link is not None:
            self._link.deliver(frame)

    async def _lose(self, fault: str, queue: list[Json], pick: Picker) -> None:
        """The link is lost; meanwhile the run goes on, and perhaps the server starts anew."""
        self.done.add(fault)
        if fault == "restart":
            self.server.restart(forget=False, word=True)
        elif fault.startswith("forget"):
            self._forget(word=fault == "forget")
        self._cut(1006 if fault.startswith("cut") else 1012)
        for _ in range(min(len(queue), pick([0, 1, 3]))):
            self.server.happen(queue.pop(0))
        say_gone = fault != "forget silently"
        if fault == "cut while told":
            await self._linked(most=pick([0, 1, 2]), say_gone=say_gone)
            self._cut(1006)
        await self._linked(say_gone=say_gone)

    def _cut(self, code: int) -> None:
        link, self._link = self._link, None
        if link is not None:
            self._dead.append(link)
            link.die(code)

    def _forget(self, *, word: bool) -> None:
        self.unknowable |= {run_id for run_id, told in self.server.told().items() if told.status in TERMINAL}
        for event in self._sent:
            self.seen[event["run_id"]] = max(event["seq"], self.seen.get(event["run_id"], -1))
        self._sent.clear()
        self._delayed.clear()  # they were on the old link, and that one is gone
        self.server.restart(forget=True, word=word)

    async def _linked(self, *, most: int | None = None, say_gone: bool = True) -> None:
        """Wait until the page has a link."""
        for _ in range(round(PATIENCE_S / TURN_S)):
            await self._pass(0.0, most=most, say_gone=say_gone)
            if self._link is not None:
                return
            await self._pass(most=most, say_gone=say_gone)
        raise AssertionError(f"no new socket within {PATIENCE_S:g} s")

    async def _pass(self, seconds: float = TURN_S, *, most: int | None = None, say_gone: bool = True) -> None:
        """Let time pass; the server accepts, greets, and answers `resume`."""
        await self.page.advance(seconds)
        if self._link is not None and self._link.closed:
            self._link = None
        socket = self.page.sockets.opened[-1] if self.page.sockets.opened else None
        if socket is not None and socket is not self._link and not socket.closed and socket not in self._dead:
            self._link = socket
            socket.accept()
            await self.page.settle()
            self.server.greet(socket)
            await self.page.settle()
        if self._link is not None:
            self.server.resume(self._link, most=most, say_gone=say_gone)
            await self.page.settle()

    # -- the end
    async def _end_faults(self, *, final_cut: bool) -> None:
        """What is held back comes, the rest happens in order, and the newest event of each run arrives for certain."""
        self.server.faults.clear()
        self.server.give_held()
        for event in self._delayed:
            self._send(event)
        for queue in self.queues:
            while queue:
                self._send(self.server.happen(queue.pop(0)))
        if final_cut:
            await self._lose("cut", [], Picker(0))
        elif self.server.manners.numbered:
            newest = {each["run_id"]: each for each in self.server.log}
            for event in newest.values():
                self._send(event)
        await self.page.settle()

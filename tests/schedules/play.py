"""Lets a schedule of faults happen between one server and one page, and lets things be good again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pyapp.testing.clock import FakeClock
from pyapp.testing.page import FakePage
from tests.faulty_http import HTTP_FAULTS
from tests.memory_server import Manners, MemoryServer, with_marks
from tests.oracle import TERMINAL
from tests.streams import FLOW, Picker

from .wire import TURN_S, Wire

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
LOSSES = ("cut", "cut while told", "die", "restart", "forget", "forget silently")
"""Faults that end the link."""
NOISE = ("not json", "", b"\x00binary", "[1, null, {}]", '{"event": 7}', '{"type": "news"}')
WITHIN_S = 5.0
"""How long the page may take after the last fault."""


class Play:
    """One page, one server, the runs that will happen, and what became of it all."""

    def __init__(
        self, logs: Sequence[list[Json]], manners: Manners, *, before: int = 0, afresh: Sequence[list[Json]] = ()
    ) -> None:
        """`before`: how many events happen before the page is opened; `afresh`: the runs after the server forgot."""
        clock = FakeClock()
        self.server = MemoryServer(manners, clock)
        self.page = FakePage(http=self.server, clock=clock)
        self.server.answer("GET", "/flows/demo", FLOW)
        self.unknowable: set[str] = set()
        """Runs that were over when the server forgot them: nobody asks for them again."""
        self.seen: dict[str, int] = {}
        """run id → the highest number that the page was told of it in a life of the server that is over.
        Of several lives the lowest: which of them the page believes in nobody can know."""
        self._wire = Wire(self.server, self.page)
        made = with_marks if manners.by_http and manners.results else list
        self._queues = [made(log) for log in logs]
        self._afresh = [made(log) for log in afresh]
        self._before = before
        self._delayed: list[Json] = []
        self._done: set[str] = set()

    @property
    def happened(self) -> set[str]:
        """The kinds of fault that really struck."""
        return self._done | self.server.struck | self._wire.seen

    def last_seq(self, run_id: str) -> int:
        """The number of the newest event the server has of a run."""
        return max(int(each["seq"]) for each in self.server.log if each["run_id"] == run_id)

    async def go(self, schedule: Sequence[Step], *, final_cut: bool = False) -> None:
        """Let it all happen, end every fault, and wait for as long as the page may take."""
        for queue in self._queues:
            for _ in range(min(self._before, len(queue))):
                self._happen("before", queue)
        self.page.app.start()
        await self._wire.linked()
        for turn, (fault, number) in enumerate(schedule):
            await self._step(fault, turn % len(self._queues), Picker(number))
        await self._end_faults(final_cut=final_cut)
        for _ in range(round(WITHIN_S / TURN_S)):
            await self._wire.turn()

    async def stop(self) -> None:
        """Nothing stays behind."""
        self.page.app.stop()
        await self.page.settle()
        assert self.page.clock.pending == 0, "a timer outlives the page"
        assert self.page.sockets.live == 0, "a socket outlives the page"

    async def _step(self, fault: str, turn: int, pick: Picker) -> None:
        if fault not in (*WAY, "noise"):
            self._done.add(fault)
        if fault in LOSSES:
            await self._lose(fault, turn, pick)
        elif fault == "wait":
            for _ in range(pick([1, 3, 6])):
                await self._wire.turn()
        elif fault == "sleep":
            self.page.clock.set_wall(self.page.clock.wall() + 3600)
            self.page.app.woke()
            await self._wire.turn()
        elif fault == "http":
            self.server.faults += [pick(HTTP_FAULTS) for _ in range(pick([1, 2, 3]))]
        elif fault == "release":
            self.server.give_held()
            await self.page.settle()
        elif fault == "noise":
            self._done.add(fault)
            self._wire.deliver(pick(NOISE))
        elif self._queues[turn]:
            self._tell(fault, self._queues[turn], pick)

    def _happen(self, fault: str, queue: list[Json]) -> Json:
        self._done.add(fault)
        return self.server.happen(queue.pop(0))

    def _tell(self, fault: str, queue: list[Json], pick: Picker) -> None:
        """Let the next event of a run happen; what becomes of it on its way is the fault."""
        event = self._happen(fault, queue)
        delayed, self._delayed = self._delayed, []
        if fault == "late":
            self._delayed = [*delayed, event]
            return
        if fault == "batch":
            more = [self.server.happen(queue.pop(0)) for _ in range(min(len(queue), pick([1, 2, 5])))]
            self._wire.send(event, *more, batch=True)
        elif fault == "swap" and queue:
            self._wire.send(self.server.happen(queue.pop(0)))
            self._wire.send(event)
        elif fault != "drop":
            self._wire.send(event)
        if fault == "twice":
            self._wire.send(event)
        elif fault == "again":
            self._wire.send(pick(self._wire.sent or [event]))
        for each in reversed(delayed):
            self._wire.send(each)

    async def _lose(self, fault: str, turn: int, pick: Picker) -> None:
        """The link is lost; meanwhile the run goes on, and perhaps the server starts anew."""
        if fault == "restart":
            self.server.restart(forget=False, word=True)
        elif fault.startswith("forget"):
            self._forget(word=fault == "forget")
        self._wire.cut(1006 if fault.startswith("cut") else 1012)
        queue = self._queues[turn]
        for _ in range(min(len(queue), pick([0, 1, 3]))):
            self._happen("while cut", queue)
        if fault == "cut while told":
            await self._wire.linked(most=pick([0, 1, 2]))
            self._wire.cut(1006)
        await self._wire.linked()

    def _forget(self, *, word: bool) -> None:
        self.unknowable |= {run_id for run_id, told in self.server.told().items() if told.status in TERMINAL}
        highest = dict(self.server.given)
        for event in self._wire.sent:
            highest[event["run_id"]] = max(event["seq"], highest.get(event["run_id"], -1))
        for run_id, seq in highest.items():
            self.seen[run_id] = min(seq, self.seen.get(run_id, seq))
        self.server.given.clear()
        self._wire.forget()
        self._wire.say_gone = word
        self._delayed.clear()  # they were on the old link, and that one is gone
        self._queues = [list(log) for log in self._afresh]
        self.server.restart(forget=True, word=word)

    async def _end_faults(self, *, final_cut: bool) -> None:
        """What is held back comes, the rest happens in order, and the newest event of each run arrives for certain."""
        self.server.faults.clear()
        self.server.give_held()
        await self._wire.linked()
        for event in self._delayed:
            self._wire.send(event)
        for queue in self._queues:
            while queue:
                self._wire.send(self._happen("pass", queue))
        if final_cut:
            self._wire.cut(1006)
            await self._wire.linked()
        elif self.server.manners.numbered:
            for event in {each["run_id"]: each for each in self.server.log}.values():
                self._wire.send(event)
        await self.page.settle()

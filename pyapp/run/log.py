"""The log of one run: its events in their order. Pure: knows no clock, no network, no store.

The log alone knows numbers. Of each it can say whether it came, came twice, is held behind a gap, is missing, was
given up, or came late. Identity is the number; for an event without one, its `event_id`. An event is remembered when
it is applied, never when it is only held.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from ..contract.events import Event
from .bounded import BoundedSet

MAX_EVENTS = 20_000
"""Events of one run that are kept; of older ones only the record knows."""
MAX_HELD = 20_000
"""Events that wait behind gaps; with more, the gaps are given up."""
MAX_IDS = 50_000
MAX_RANGES = 1_000

Verdict = Literal["applied", "inserted", "held", "duplicate", "stale"]
Range = tuple[int, int]
"""First and last number, both included."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An event and when it happened: seconds since the epoch by the server's clock."""

    event: Event
    at: float


@dataclass(slots=True)
class Added:
    """What became of an event. `entries` are applied behind all others, in order; `index` is where one was inserted."""

    verdict: Verdict
    entries: list[Entry] = field(default_factory=list)
    index: int | None = None


class RunLog:
    """Owns the order of one run's events, and what is known of its numbers."""

    def __init__(self, run_id: str) -> None:
        self.run_id = run_id
        self.entries: list[Entry] = []
        self.dropped = 0
        """How many of the oldest have left `entries`."""
        self.next = 0
        """The number that is expected; all below came, were used, or are in `given_up`."""
        self.last_told = -1
        """The highest number that the server is known to have given."""
        self.given_up: list[Range] = []
        """Numbers that were passed over, in order: they are still asked for, and welcome."""
        self.gone: int = 0
        """Numbers below this one the server no longer has; they are not asked for."""
        self.sparse = False
        self.numbered = False
        self._held: dict[int, Entry] = {}
        self._used: set[int] = set()
        """Numbers above `next` of events that could not be understood: nothing waits for them."""
        self._ids: BoundedSet[str] = BoundedSet(MAX_IDS)

    # -- what comes -------------------------------------------------------------------------------
    def add(self, event: Event, at: float) -> Added:
        """Take one event in."""
        entry = Entry(event, at)
        if event.event_id is not None and event.event_id in self._ids:
            return Added("duplicate", self.use(event.seq) if event.seq is not None else [])
        if event.seq is None:
            return Added("applied", [self._apply(entry)])
        self.numbered = True
        self.last_told = max(self.last_told, event.seq)
        if event.seq < self.next:
            return self._late(entry)
        if event.seq in self._held or event.seq in self._used:
            return Added("duplicate")
        if self.sparse:
            self.next = event.seq + 1
            return Added("applied", [self._apply(entry)])
        self._held[event.seq] = entry
        released = self._release()
        if len(self._held) > MAX_HELD:
            released += self.give_up()
        return Added("applied", released) if released else Added("held")

    def knows(self, event: Event) -> bool:
        """Whether an event was applied already."""
        if event.event_id is not None and event.event_id in self._ids:
            return True
        seq = event.seq
        return seq is not None and seq < self.next and not any(first <= seq <= last for first, last in self.given_up)

    def use(self, seq: int) -> list[Entry]:
        """Something that cannot be understood used this number: nothing waits for it. What goes on because of it."""
        self.numbered = True
        self.last_told = max(self.last_told, seq)
        if seq < self.next:
            self._take(seq)
            return []
        if self.sparse:
            self.next = seq + 1
            return []
        if seq not in self._held:
            self._used.add(seq)
        return self._release()

    def expect(self, last: int) -> None:
        """The server has told numbers up to this one."""
        self.last_told = max(self.last_told, last)

    # -- what is missing ----------------------------------------------------------------------------
    @property
    def waiting(self) -> bool:
        """Something is held behind a gap."""
        return bool(self._held)

    def missing(self) -> list[Range]:
        """The numbers to ask for, lowest first; a sparse log cannot know any but the tail."""
        found = [(max(first, self.gone), last) for first, last in self.given_up if last >= self.gone]
        if self.sparse:
            return [*found, (self.next, self.last_told)] if self.last_told >= self.next else found
        first = self.next
        for seq in sorted({*self._held, *self._used}):
            if seq > first and seq > self.gone:
                found.append((max(first, self.gone), seq - 1))
            first = seq + 1
        if self.last_told >= first:
            found.append((max(first, self.gone), self.last_told))
        return [each for each in found if each[0] <= each[1]]

    @property
    def cursor(self) -> int | None:
        """The last number up to which nothing is missing, -1 for none; None where events bear no numbers."""
        if not self.numbered:
            return None if self.entries or self.dropped else -1
        wanted = [first for first, last in self.given_up if last >= self.gone]
        return min([self.next, *(max(each, self.gone) for each in wanted)]) - 1

    def give_up(self) -> list[Entry]:
        """Wait no longer: what is held goes on, in order. What is now applied."""
        released: list[Entry] = []
        while self._held:
            self._pass_over(min(self._held))
            released += self._release()
        return released

    def lose(self, first_kept: int) -> list[Entry]:
        """The server has nothing below this number any more. What goes on because of it."""
        self.gone = max(self.gone, first_kept)
        self.numbered = True
        if first_kept > self.next:
            self._pass_over(first_kept)
        return self._release()

    @property
    def lost(self) -> int:
        """How many numbers were passed over and have not come."""
        return sum(last - first + 1 for first, last in self.given_up)

    # -- inside -------------------------------------------------------------------------------------
    def _pass_over(self, until: int) -> None:
        """Go on at `until`; what is between is given up."""
        self.given_up += _without(self.next, until - 1, sorted(self._used))
        self.given_up = self.given_up[-MAX_RANGES:]
        self._used = {seq for seq in self._used if seq >= until}
        self.next = until

    def _release(self) -> list[Entry]:
        """Apply what no longer waits."""
        released: list[Entry] = []
        while True:
            if self.next in self._held:
                entry = self._held.pop(self.next)
                if entry.event.event_id is None or entry.event.event_id not in self._ids:
                    released.append(self._apply(entry))
            elif self.next in self._used:
                self._used.discard(self.next)
            else:
                return released
            self.next += 1

    def _apply(self, entry: Entry) -> Entry:
        self.entries.append(entry)
        if entry.event.event_id is not None:
            self._ids.add(entry.event.event_id)
        return entry

    def _late(self, entry: Entry) -> Added:
        """A number below the expected one: welcome if it was passed over, else it has been applied."""
        seq = entry.event.seq
        assert seq is not None
        if not self._take(seq):
            return Added("duplicate")
        if self.dropped and self.entries and seq < (self.entries[0].event.seq or 0):
            return Added("stale")
        index = self._place(seq)
        self.entries.insert(index, entry)
        if entry.event.event_id is not None:
            self._ids.add(entry.event.event_id)
        return Added("inserted", [entry], index)

    def _place(self, seq: int) -> int:
        """Where an event of this number belongs; events without a number stay behind the one they came after."""
        highest, numbers = -1, []
        for each in self.entries:
            highest = max(highest, each.event.seq if each.event.seq is not None else highest)
            numbers.append(highest)
        return bisect_left(numbers, seq)

    def _take(self, seq: int) -> bool:
        """Strike a number from those that were given up; False when it is not among them."""
        for place, (first, last) in enumerate(self.given_up):
            if first <= seq <= last:
                parts = [(first, seq - 1), (seq + 1, last)]
                self.given_up[place : place + 1] = [each for each in parts if each[0] <= each[1]]
                return True
        return False

    def drop_oldest(self) -> Entry:
        """Let the oldest entry leave; its record must have been kept."""
        self.dropped += 1
        return self.entries.pop(0)


def _without(first: int, last: int, used: Iterable[int]) -> list[Range]:
    """The range, without the numbers that were used."""
    found = []
    for seq in used:
        if first <= seq <= last:
            if seq > first:
                found.append((first, seq - 1))
            first = seq + 1
    if first <= last:
        found.append((first, last))
    return found

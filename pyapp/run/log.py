"""The log of one run: its events in their order. Pure: knows no clock, no network, no store.

Of each number it can say whether it came, came twice, is held behind a gap, is missing, was given up, or came late.
Identity is the number; without one, the `event_id`. An event is remembered when it is applied, never when only held.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from typing import Literal

from ..contract.events import Event
from .bounded import BoundedDict
from .ranges import Range, count, gaps, strike

MAX_EVENTS = 20_000
"""Events of one run that are kept; of older ones only the record knows."""
MAX_HELD = 20_000
"""Events that wait behind gaps; with more, the gaps are given up."""
MAX_GAP = 1_000_000
"""What cannot be understood and bears a number this far ahead bears none."""
MAX_IDS = 50_000
MAX_RANGES = MAX_EVENTS  # gaps that are known: one behind each event that is kept
MAX_FIRST = 64
"""Of the events that left, the first are known still: they tell one history from another."""

Verdict = Literal["applied", "inserted", "held", "duplicate", "stale"]


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
        self.first: list[Entry] = []
        """The first of those."""
        self.next = 0
        """The number that is expected; all below came, were used, or are in `given_up`."""
        self.last_told = -1
        """The highest number that the server is known to have given."""
        self.given_up: list[Range] = []
        """Numbers that were passed over, in order: they are still asked for, and welcome. `lost` is how many."""
        self.lost = 0
        self.gone: int = 0
        """Numbers below this one the server no longer has; they are not asked for."""
        self.sparse = False
        self.numbered = False
        self.closed = False
        """Its events were let go, as there were too many of all runs: what comes now is stale."""
        self._numbers: list[int] = []
        """For each entry the highest number up to it: one without a number stays behind the one it came after."""
        self._held: dict[int, Entry] = {}
        self._used: set[int] = set()
        """Numbers above `next` of events that could not be understood: nothing waits for them."""
        self._ids: BoundedDict[str, None] = BoundedDict(MAX_IDS)

    # -- what comes -------------------------------------------------------------------------------
    def add(self, event: Event, at: float) -> Added:
        """Take one event in."""
        if self.closed:
            return Added("stale")
        if event.event_id in self._ids:
            return Added("duplicate", self.use(event.seq) if event.seq is not None else [])
        if event.seq is None:
            return Added("applied", [self._apply(Entry(event, at))])
        self.numbered, self.last_told = True, max(self.last_told, event.seq)
        if event.seq == self.next and not (self._held or self._used):  # its turn, and nothing waits for it
            self.next += 1
            return Added("applied", [self._put(len(self.entries), event.seq, Entry(event, at))])
        entry = Entry(event, at if event.ts is not None else min([at, *self._behind(event.seq)]))
        if event.seq < self.next:
            return self._late(entry, event.seq)
        if event.seq in self._held or event.seq in self._used:
            return Added("duplicate")
        self._held[event.seq] = entry
        released = self._go_on(event.seq)
        return Added("applied", released) if released else Added("held")

    def knows(self, event: Event) -> bool:
        """Whether an event was applied already."""
        if event.event_id in self._ids:
            return True
        seq = event.seq
        if seq is not None and self.sparse:
            return seq in self._numbers
        return seq is not None and seq < self.next and not any(first <= seq <= last for first, last in self.given_up)

    def was_unread(self, event: Event) -> bool:
        """Whether what had the number of an event that is in no entry could not be understood."""
        return not (self.sparse or self.dropped or event.event_id in self._ids) and self.knows(event)

    def use(self, seq: int) -> list[Entry]:
        """Something that cannot be understood used this number: nothing waits for it. What goes on because of it."""
        if seq > self.next + MAX_GAP:
            return []
        self.numbered, self.last_told = True, max(self.last_told, seq)
        if seq < self.next:
            self._found(seq)
            return []
        if seq not in self._held:
            self._used.add(seq)
        return self._go_on(seq)

    def expect(self, last: int) -> None:
        """The server has told numbers up to this one."""
        self.last_told = max(self.last_told, last)

    # -- what is missing ----------------------------------------------------------------------------
    @property
    def waiting(self) -> bool:
        """There is a gap: something behind it is held, or used its number."""
        return bool(self._held or self._used)

    @property
    def highest(self) -> int:
        """The highest number that was seen, applied or not; -1 for none."""
        return max((self.next - 1, *self._held, *self._used))

    def missing(self) -> list[Range]:
        """The numbers to ask for, lowest first; a sparse log cannot know any but the tail."""
        if self.closed:
            return []
        seen = () if self.sparse else (*self._held, *self._used)
        found = [*self.given_up, *gaps(self.next, seen, self.last_told)]
        return [(max(first, self.gone), last) for first, last in found if last >= self.gone]

    @property
    def cursor(self) -> int | None:
        """The last number up to which nothing is missing, -1 for none; None where events bear no numbers."""
        if not self.numbered:
            return None if self.entries or self.dropped else -1
        wanted = [first for first, last in self.given_up if last >= self.gone]
        return min([self.next, *(max(each, self.gone) for each in wanted)]) - 1

    def give_up(self) -> list[Entry]:
        """Wait no longer: what is held goes on, in order. What is now applied."""
        return self._skip(1 + max((*self._held, *self._used), default=self.next - 1))

    def be_sparse(self) -> list[Entry]:
        """Its numbers need not be consecutive: none was ever missing before the last. What goes on because of it."""
        self.sparse = True
        self.given_up, self.lost = [], 0
        return self._skip(self.highest + 1, missed=False)

    def lose(self, first_kept: int) -> list[Entry]:
        """The server has nothing below this number any more. What goes on because of it."""
        self.gone = max(self.gone, first_kept)
        self.numbered = True
        return self._skip(first_kept)

    # -- inside -------------------------------------------------------------------------------------
    def _go_on(self, seq: int) -> list[Entry]:
        """Apply what waited for this number. Sparse numbers leave no gaps; too much behind gaps waits no longer."""
        if self.sparse:
            return self._skip(seq + 1, missed=False)
        released = self._release()
        return released + self.give_up() if len(self._held) + len(self._used) > MAX_HELD else released

    def _skip(self, until: int, *, missed: bool = True) -> list[Entry]:
        """Go on at `until` at least: what is held below it is applied, what is missing below it is given up."""
        released: list[Entry] = []
        for seq in (*sorted(each for each in {*self._held, *self._used} if each < until), until):
            if seq > self.next:
                if missed:
                    self.given_up.append((self.next, seq - 1))
                    self.lost += seq - self.next
                self.next = seq
            released += self._release()
        self.lost -= count(self.given_up[:-MAX_RANGES])
        del self.given_up[:-MAX_RANGES]
        return released

    def _release(self) -> list[Entry]:
        """Apply what no longer waits."""
        released: list[Entry] = []
        while True:
            if self.next in self._held:
                entry = self._held.pop(self.next)
                if entry.event.event_id not in self._ids:
                    released.append(self._apply(entry))
            elif self.next in self._used:
                self._used.discard(self.next)
            else:
                return released
            self.next += 1

    def _apply(self, entry: Entry) -> Entry:
        seq = entry.event.seq if entry.event.seq is not None else -1
        return self._put(len(self.entries), max([seq, *self._numbers[-1:]]), entry)

    def _put(self, index: int, number: int, entry: Entry) -> Entry:
        self._numbers.insert(index, number)
        self.entries.insert(index, entry)
        if entry.event.event_id is not None:
            self._ids[entry.event.event_id] = None
        return entry

    def _behind(self, seq: int) -> list[float]:
        """When what is known behind this number happened: what has it, and tells no moment, happened no later."""
        index, first = bisect_left(self._numbers, seq), next(iter(self._held), -1)
        held = [self._held[each].at for each in (seq + 1, first) if each > seq and each in self._held]
        return [*held, *(each.at for each in self.entries[index : index + 1])]

    def _late(self, entry: Entry, seq: int) -> Added:
        """A number below the expected one: welcome if it was passed over, else it has been applied."""
        index = bisect_left(self._numbers, seq)
        unknown = self.sparse and not (index < len(self._numbers) and self._numbers[index] == seq)
        if not (self._found(seq) or unknown):
            return Added("duplicate")
        if self.dropped and self.entries and seq < (self.entries[0].event.seq or 0):
            return Added("stale")
        return Added("inserted", [self._put(index, seq, entry)], index)

    def _found(self, seq: int) -> bool:
        self.lost -= (found := strike(self.given_up, seq))
        return found

    def drop_held(self) -> None:
        """What waits behind gaps is void: it will be told again, or was of another history."""
        self._held.clear()
        self._used.clear()
        self.last_told = self.next - 1

    def close(self) -> None:
        """Let all events go; the record of them stays, and takes no more."""
        self._leave(len(self.entries))
        self.drop_held()
        self.closed = True

    def drop_oldest(self) -> Entry:
        """Let the oldest entry leave; its record must have been kept."""
        return self._leave(1)[0]

    def _leave(self, many: int) -> list[Entry]:
        leaving = self.entries[:many]
        self.dropped += many
        self.first += leaving[: MAX_FIRST - len(self.first)]
        del self.entries[:many], self._numbers[:many]
        return leaving

"""Sequence: which numbers of one run have arrived. Pure; knows no time and no handler."""

from __future__ import annotations

from ..contract.events import Event
from ..run.bounded import BoundedSet

MAX_HELD = 10_000
MAX_LOST_RANGES = 100
MAX_SPARSE = 50_000


class Sequence:
    """Puts a run's numbered events in order, holds what is behind a gap, and knows duplicates."""

    def __init__(self, first: int = 0) -> None:
        self.next = first
        """The first number that has not been applied or given up."""
        self.numbered = False
        """At least one event of the run bore a `seq`."""
        self._held: dict[int, Event] = {}
        self._lost: list[tuple[int, int]] = []
        self._sparse_seen: BoundedSet[int] = BoundedSet(MAX_SPARSE)

    @property
    def waiting(self) -> bool:
        """True while events are held behind a gap."""
        return bool(self._held)

    @property
    def cursor(self) -> int:
        """The last number up to which nothing is missing; -1 when nothing was seen."""
        return min((low for low, _ in self._lost), default=self.next) - 1

    def offer(self, event: Event, *, sparse: bool) -> list[Event] | None:
        """The events that can be applied now, in order; [] when held behind a gap; None for a duplicate."""
        seq = event.seq
        if seq is None:
            return [event]
        self.numbered = True
        if sparse:
            return self._offer_sparse(event, seq)
        if seq < self.next:
            return [event] if self._find_lost(seq) else None
        if seq in self._held:
            return None
        self._held[seq] = event
        if seq != self.next:
            return []
        return self._release()

    def give_up(self) -> tuple[list[Event], tuple[int, int] | None]:
        """Stop waiting for the first gap: what can go on, and the (first, last) numbers that are lost."""
        if not self._held:
            return [], None
        gap = (self.next, min(self._held) - 1)
        self._mark_lost(*gap)
        self.next = gap[1] + 1
        return self._release(), gap

    def drop_held(self) -> None:
        """What waits behind a gap will be told again, all of it."""
        self._held.clear()

    def skip_to(self, seq: int) -> tuple[list[Event], tuple[int, int] | None]:
        """The server says that nothing before `seq` will come: what can go on, and what is lost for good."""
        if seq <= self.next:
            return [], None
        gap = (self.next, seq - 1)
        events = [self._held.pop(number) for number in sorted(self._held) if number < seq]
        self.next = seq
        return events + self._release(), gap

    @property
    def full(self) -> bool:
        """True when so much is held that waiting longer is no use."""
        return len(self._held) > MAX_HELD

    def _offer_sparse(self, event: Event, seq: int) -> list[Event] | None:
        if seq in self._sparse_seen:
            return None
        self._sparse_seen.add(seq)
        self.next = max(self.next, seq + 1)
        return [event]

    def _release(self) -> list[Event]:
        released = []
        while self.next in self._held:
            released.append(self._held.pop(self.next))
            self.next += 1
        return released

    def _mark_lost(self, low: int, high: int) -> None:
        self._lost.append((low, high))
        if len(self._lost) > MAX_LOST_RANGES:
            self._lost.pop(0)

    def _find_lost(self, seq: int) -> bool:
        """Whether `seq` had been given up; if so it is no longer lost."""
        for index, (low, high) in enumerate(self._lost):
            if low <= seq <= high:
                rest = [(a, b) for a, b in ((low, seq - 1), (seq + 1, high)) if a <= b]
                self._lost[index : index + 1] = rest
                return True
        return False

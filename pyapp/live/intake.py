"""Intake: drops duplicates, puts events in order, and notices gaps. Applies nothing itself."""

from __future__ import annotations

from collections.abc import Callable

from ..clock import Clock, Timer
from ..contract.control import CatchUp
from ..contract.decode import Decoded
from ..contract.events import BaseEvent, Event
from ..run.tracking_old import ExecutionTracking
from ..stores.metrics import MetricsStore
from .history import History
from .sequence import Sequence

GAP_WAIT_S = 2.0
"""An event behind a gap waits this long for the gap to be filled."""


class Intake:
    """Owns the sequence of each run.

    `on_release(events)` hears of events that a gap no longer holds back; `on_gap(run_id, after)` of a new
    gap, so that it can be filled; `on_lost(run_id, first, last)` of numbers that will not come; `on_anew(run_id)`
    of a history that begins again, before its first event is released.
    """

    def __init__(
        self,
        tracking: ExecutionTracking,
        clock: Clock,
        metrics: MetricsStore,
        *,
        on_release: Callable[[list[Event]], None],
        on_gap: Callable[[str, int], None],
        on_lost: Callable[[str, int, int], None],
        on_anew: Callable[[str], None],
    ) -> None:
        self.sparse = False
        """The server said that its numbers rise but need not be consecutive."""
        self.resumes = False
        """The server speaks of links, and so understands `resume`: it tells again what was behind a gap."""
        self._tracking = tracking
        self._clock = clock
        self._metrics = metrics
        self._on_release = on_release
        self._on_gap = on_gap
        self._on_lost = on_lost
        self._on_anew = on_anew
        self._history = History(tracking)
        self._sequences: dict[str, Sequence] = {}
        self._gap_timers: dict[str, Timer] = {}
        self._catching_up: dict[str, int] = {}
        tracking.on_clear(self._forget)

    def accept(self, event: Event) -> list[Event]:
        """The events that can be applied because this one came: none, itself, or more."""
        run_id = event.run_id
        self._heed_history(event)
        if event.event_id is not None and self._tracking.has_processed(run_id, event.event_id):
            self._metrics.count("duplicate")
            return []
        sequence = self._sequences.get(run_id)
        if sequence is None:
            sequence = self._sequences[run_id] = Sequence()
        released = sequence.offer(event, sparse=self.sparse)
        if released is None:
            self._metrics.count("duplicate")
            return []
        if event.event_id is not None:
            self._tracking.mark_processed(run_id, event.event_id)
        if sequence.full:
            released += self._give_up(run_id)
        elif sequence.waiting and run_id not in self._gap_timers:
            self._metrics.count("gap")
            self._gap_timers[run_id] = self._clock.call_later(GAP_WAIT_S, lambda: self._timed_out(run_id))
            self._on_gap(run_id, sequence.next - 1)
        elif not sequence.waiting:
            self._stop_waiting(run_id)
        return released

    def catch_up(self, frame: CatchUp) -> list[Event]:
        """Note that missed events follow; what an incomplete history lets go on at once."""
        run_id = frame.run_id
        if frame.to_seq >= frame.from_seq:
            self._catching_up[run_id] = frame.to_seq
        if frame.complete:
            return []
        sequence = self._sequences.setdefault(run_id, Sequence())
        if self._history.caught_up(frame, sequence.next - 1):
            return []
        released, lost = sequence.skip_to(frame.from_seq)
        if lost is not None:
            self._on_lost(run_id, *lost)
        if not sequence.waiting:
            self._stop_waiting(run_id)
        return released

    def is_catch_up(self, event: Event) -> bool:
        """Whether the event is one of the missed ones that a `catch_up` frame announced."""
        last = self._catching_up.get(event.run_id)
        if last is None:
            return False
        if event.seq is None or event.seq > last:
            del self._catching_up[event.run_id]
            return False
        if event.seq == last:
            del self._catching_up[event.run_id]
        return True

    def cursor(self, run_id: str) -> int | None:
        """The last number up to which nothing is missing; -1 when nothing was seen; None without numbers."""
        sequence = self._sequences.get(run_id)
        if sequence is None or self._history.is_over(run_id):
            return -1
        return sequence.cursor if sequence.numbered else None

    def fetch_after(self, run_id: str) -> int | None:
        """Behind which number to fetch: up to there all has come or was given up. None without numbers.

        Where only that can show that the history is another one, the last event is fetched once more.
        """
        sequence = self._sequences.get(run_id)
        if sequence is None or self._history.is_over(run_id):
            return -1
        again = 1 if self._history.distrusts(run_id) else 0
        return max(-1, sequence.next - 1 - again) if sequence.numbered else None

    def without_known(self, items: list[Decoded]) -> list[Decoded]:
        """What was fetched, without the event that was fetched once more to compare it, if it is the same."""
        first = items[0] if items else None
        return items[1:] if isinstance(first, BaseEvent) and self._history.vouches(first) else items

    def relinked(self) -> None:
        """There is a new link, maybe to a server that was started anew."""
        for run_id, sequence in self._sequences.items():
            self._history.distrust(run_id)
            if self.resumes and sequence.waiting:
                sequence.drop_held()
                self._stop_waiting(run_id)

    def distrust(self, run_id: str) -> None:
        """The server names a lower number of the run than before: look whether its history has begun again."""
        self._history.distrust(run_id)

    def is_forgotten(self, run_id: str) -> bool:
        """Whether the server said that it has lost what it told of a run, and has told nothing since."""
        return self._history.is_over(run_id)

    def clear(self) -> None:
        """Forget every run, also those of which nothing was applied yet, and wait for nothing."""
        for run_id in list(self._sequences):
            self._forget(run_id)

    def _heed_history(self, event: Event) -> None:
        """Begin the run's numbers again, if the server has begun its history again."""
        sequence = self._sequences.get(event.run_id)
        first = self._history.begins_anew(event, sequence.next - 1) if sequence is not None else None
        if first is not None:
            self._stop_waiting(event.run_id)
            self._sequences[event.run_id] = Sequence(first)
            self._on_anew(event.run_id)

    def _timed_out(self, run_id: str) -> None:
        self._on_release(self._give_up(run_id))

    def _give_up(self, run_id: str) -> list[Event]:
        self._stop_waiting(run_id)
        released, lost = self._sequences[run_id].give_up()
        if lost is not None:
            self._on_lost(run_id, *lost)
        if self._sequences[run_id].waiting:
            self._gap_timers[run_id] = self._clock.call_later(GAP_WAIT_S, lambda: self._timed_out(run_id))
        return released

    def _stop_waiting(self, run_id: str) -> None:
        timer = self._gap_timers.pop(run_id, None)
        if timer is not None:
            timer.cancel()

    def _forget(self, run_id: str) -> None:
        self._stop_waiting(run_id)
        self._history.forget(run_id)
        self._sequences.pop(run_id, None)
        self._catching_up.pop(run_id, None)

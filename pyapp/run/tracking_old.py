"""ExecutionTracking: everything that must be remembered about runs, in one object, bounded, cleared in one place."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator

from ..clock import Clock, Timer
from ..contract.events import Event
from .bounded import BoundedSet
from .fold_old import fold
from .groups_old import ChildrenOf, Groups, ParentOf
from .journal_old import Journal
from .record_old import RunRecord

MAX_RUNS = 50
MAX_EVENT_IDS = 50_000
MAX_COMPLETED = 1_000
MAX_SHOWN = 10_000


class TrackedRun:
    """One run's record, its journal, what of it is pending on the canvas, and when it was put there."""

    def __init__(self, run_id: str, now: float) -> None:
        self.record = RunRecord(run_id, heard=now)
        self.journal = Journal()
        self.processed: BoundedSet[str] = BoundedSet(MAX_EVENT_IDS)
        self.animations: dict[Hashable, Timer] = {}
        self.shown: dict[Hashable, float] = {}
        """Monotonic moment at which a class was put on the canvas, by (class, node id)."""
        self.groups: Groups | None = None


class ExecutionTracking:
    """Owns the state of at most MAX_RUNS runs. No module-level state, no drawing, no I/O.

    The run forgotten first is the oldest that is over and not protected, else the oldest not protected.
    """

    def __init__(self, clock: Clock, *, max_runs: int = MAX_RUNS) -> None:
        self._clock = clock
        self._max_runs = max_runs
        self._runs: dict[str, TrackedRun] = {}
        self._completed: BoundedSet[str] = BoundedSet(MAX_COMPLETED)
        self._cleaners: list[Callable[[str], None]] = []
        self._restarters: list[Callable[[str], None]] = []
        self.protected: Callable[[str], bool] = lambda run_id: False
        """Says which runs must not be evicted: the one in front."""

    # -- runs -----------------------------------------------------------------------------------
    def run(self, run_id: str) -> RunRecord:
        """The record of a run, created at its first mention."""
        return self._tracked(run_id).record

    def find(self, run_id: str) -> RunRecord | None:
        """The record of a run that is known, else None."""
        tracked = self._runs.get(run_id)
        return tracked.record if tracked else None

    def runs(self) -> Iterator[RunRecord]:
        """Every known run, oldest first."""
        return (tracked.record for tracked in list(self._runs.values()))

    def journal(self, run_id: str) -> Journal:
        return self._tracked(run_id).journal

    def record(self, event: Event) -> RunRecord:
        """Take an accepted event into its run's journal and state, and return that state."""
        tracked = self._tracked(event.run_id)
        tracked.journal.append(event)
        fold(tracked.record, event, self._clock.now())
        if tracked.record.over:
            self._completed.add(event.run_id)
        return tracked.record

    def groups(self, run_id: str, parent_of: ParentOf, children_of: ChildrenOf) -> Groups:
        """The groups of a run, made at the first question."""
        tracked = self._tracked(run_id)
        if tracked.groups is None:
            tracked.groups = Groups(tracked.record, parent_of, children_of)
        return tracked.groups

    # -- events and completion ------------------------------------------------------------------
    def has_processed(self, run_id: str, event_id: str) -> bool:
        tracked = self._runs.get(run_id)
        return tracked is not None and event_id in tracked.processed

    def mark_processed(self, run_id: str, event_id: str) -> None:
        self._tracked(run_id).processed.add(event_id)

    def is_run_completed(self, run_id: str) -> bool:
        return run_id in self._completed

    def mark_run_completed(self, run_id: str) -> None:
        self._completed.add(run_id)

    # -- what is on the canvas ------------------------------------------------------------------
    def mark_shown(self, run_id: str, key: Hashable) -> None:
        """Remember that `key` (a class on a node) has been visible from now on, unless it already was."""
        shown = self._tracked(run_id).shown
        if len(shown) < MAX_SHOWN:
            shown.setdefault(key, self._clock.now())

    def unmark_shown(self, run_id: str, key: Hashable) -> None:
        self._tracked(run_id).shown.pop(key, None)

    def shown_for(self, run_id: str, key: Hashable) -> float | None:
        """Seconds since `key` became visible; None when it is not."""
        moment = self._tracked(run_id).shown.get(key)
        return None if moment is None else self._clock.now() - moment

    def schedule_animation(self, run_id: str, key: Hashable, callback: Callable[[], None], delay_s: float) -> None:
        """Call `callback` after `delay_s`, in place of whatever was pending for `key`; cancelled with its run."""
        self.cancel_animation(run_id, key)
        animations = self._tracked(run_id).animations

        def fire() -> None:
            animations.pop(key, None)
            callback()

        animations[key] = self._clock.call_later(delay_s, fire)

    def is_animating(self, run_id: str, key: Hashable) -> bool:
        """Whether something is pending for `key`."""
        return key in self._tracked(run_id).animations

    def cancel_animation(self, run_id: str, key: Hashable) -> None:
        timer = self._tracked(run_id).animations.pop(key, None)
        if timer is not None:
            timer.cancel()

    def cancel_animations(self, run_id: str) -> None:
        """Cancel all that is pending for a run and forget what is shown of it."""
        tracked = self._runs.get(run_id)
        if tracked is None:
            return
        for timer in tracked.animations.values():
            timer.cancel()
        tracked.animations.clear()
        tracked.shown.clear()

    # -- forgetting -----------------------------------------------------------------------------
    def on_clear(self, cleaner: Callable[[str], None]) -> None:
        """Call `cleaner(run_id)` whenever a run is forgotten, so that others forget it too."""
        self._cleaners.append(cleaner)

    def on_restart(self, cleaner: Callable[[str], None]) -> None:
        """Call `cleaner(run_id)` whenever what was known of a run is void, though the run goes on."""
        self._restarters.append(cleaner)

    def restart(self, run_id: str) -> RunRecord:
        """Forget what the events of a run have told; whose run it is stays. Its new record."""
        self.cancel_animations(run_id)
        before = self.run(run_id)
        for cleaner in self._restarters:
            cleaner(run_id)
        tracked = self._runs[run_id] = TrackedRun(run_id, self._clock.now())
        record = tracked.record
        record.flow_id, record.name, record.kind = before.flow_id, before.name, before.kind
        self._completed.discard(run_id)
        return record

    def clear_run(self, run_id: str) -> None:
        """Forget everything about one run: state, journal, timers."""
        self.cancel_animations(run_id)
        if self._runs.pop(run_id, None) is not None:
            for cleaner in self._cleaners:
                cleaner(run_id)

    def clear(self) -> None:
        """Forget every run."""
        for run_id in list(self._runs):
            self.clear_run(run_id)
        self._completed.clear()

    @property
    def size(self) -> int:
        """How many things are remembered: runs, nodes, tool calls, timers, shown classes."""
        return sum(
            1 + len(t.record.nodes) + len(t.record.tools) + len(t.animations) + len(t.shown)
            for t in self._runs.values()
        )

    def __len__(self) -> int:
        return len(self._runs)

    def _tracked(self, run_id: str) -> TrackedRun:
        tracked = self._runs.get(run_id)
        if tracked is None:
            if len(self._runs) >= self._max_runs:
                self._evict()
            tracked = self._runs[run_id] = TrackedRun(run_id, self._clock.now())
        return tracked

    def _evict(self) -> None:
        candidates = [run_id for run_id in self._runs if not self.protected(run_id)]
        over = (run_id for run_id in candidates if self._runs[run_id].record.over)
        self.clear_run(next(over, candidates[0]))

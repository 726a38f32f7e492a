"""ExecutionTracking: the runs the page knows, each with its log, its record and the server's word, within bounds.

The only place that replaces a record: one step of the fold for an event in order, a fold anew for one that came late.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field

from ..clock import Clock
from ..contract.events import Event
from ..contract.flow import Flow, FlowGraph
from ..contract.http import RunInfo
from .bounded import BoundedDict
from .fold import fold
from .fold.groups import placed
from .fold.step import Touched
from .log import MAX_EVENTS, Added, Entry, RunLog
from .rebuild import Fold, Rebuild, empty_or
from .record import RunRecord
from .run import Run
from .server_word import NO_WORD, completed, follow, hear, place

NO_FLOW = FlowGraph(Flow(id="-"))
"""What is known of a flow that is not on the canvas."""
MAX_RUNS = 50
MAX_ASKING = 200
"""Runs that are kept when those over MAX_RUNS ask a person for something."""
MAX_ALL_EVENTS = 200_000
"""Events that are kept of all runs together; the logs of those that ended first go first, their records stay."""
BOUND_EVERY = 1_000
"""Events between two looks at how many there are."""
MAX_BEYOND = 10_000
AT_ONCE = 256
"""A log of no more events is folded anew on the spot, a longer one in slices."""
REST = 4
"""For so many times as long as folding a run anew took, another late event does not make it begin once more."""
MAX_REST_S = 2.0


@dataclass(slots=True)
class Taken:
    """What an event did: the verdict of the log, and each event that was folded in order, with what it touched."""

    run: Run
    added: Added
    steps: list[tuple[Event, Touched]] = field(default_factory=list)
    anew: bool = False
    """The record is, or will be, folded anew, or the run goes on after all: everything of it is to be painted."""


@dataclass(slots=True)
class Asked:
    """A question about a run, as it was when it was put: an answer is as old as its question."""

    mark: int
    highest: int
    serial: int


class ExecutionTracking:
    """Owns the state of at most MAX_RUNS runs. No module-level state, no drawing, no I/O.

    A run that is not over is never evicted for one that appears by itself: with MAX_RUNS of them, a further run is
    *beyond*: it has a row and no record, until somebody looks at it, or it asks a person for something: what nobody
    sees nobody answers, and the run would wait for ever. Then it is kept over the bound, at most MAX_ASKING in all.
    """

    def __init__(self, clock: Clock, *, fold: Fold = fold, max_runs: int = MAX_RUNS) -> None:
        self._clock = clock
        self._fold = fold
        self._max_runs = max_runs
        self._runs: dict[str, Run] = {}
        self.rebuilds: dict[str, Rebuild] = {}
        """By run, the records that are being made anew; until one is done, the old one is shown."""
        self.told_count: Callable[[int], None] = lambda count: None
        """Told how many runs there are, whenever that is another number."""
        self._rested: dict[str, float] = {}
        """The moment from which on a run may be folded anew once more."""
        self._questions = 0
        self._taken = 0
        self._beyond: BoundedDict[str, None] = BoundedDict(MAX_BEYOND)
        self._completed: BoundedDict[str, None] = BoundedDict(MAX_BEYOND)
        self._cleaners: list[Callable[[str], None]] = []
        self.flow = NO_FLOW
        """The flow on the canvas."""
        self.protected: str | None = None
        """The run in front: it is not evicted."""

    # -- runs -----------------------------------------------------------------------------------
    def run(self, run_id: str) -> Run:
        """A run that a person or an event names; it is looked at from now on, whatever has to go for it."""
        if run_id not in self._runs:
            if not self._has_room(self._max_runs):
                self._evict_open()
            self._begin(run_id)
        return self._runs[run_id]

    def find(self, run_id: str | None) -> Run | None:
        """A run that is known, else None."""
        return self._runs.get(run_id) if run_id is not None else None

    def runs(self) -> Iterator[Run]:
        """Every known run, oldest first."""
        return iter(list(self._runs.values()))

    def admits(self, run_id: str, *, asks: bool = False) -> bool:
        """Whether events of this run are taken in: it is known, there is room, or it `asks` a person for something."""
        if run_id in self._runs:
            return True
        asks = asks and run_id not in self._completed
        if (run_id in self._beyond and not asks) or not self._has_room(MAX_ASKING if asks else self._max_runs):
            self._beyond[run_id] = None
            return False
        self._begin(run_id)
        return True

    # -- events ---------------------------------------------------------------------------------
    def mark_processed(self, event: Event, at: float) -> Added:
        """Put an event into its run's log, where it is remembered once it is applied."""
        return self.run(event.run_id).log.add(event, at)

    def take(self, event: Event, at: float) -> Taken:
        """Take an event in: log and fold. `at` is when it happened, seconds since the epoch by the server's clock."""
        run = self.run(event.run_id)
        run.heard = self._clock.now()
        run.doubt = None
        if event.ts is None and run.word is not NO_WORD and run.word.over and (run.over or not run.lived):
            ended_at = run.word.info.ended_at
            if ended_at is not None and at > ended_at:  # it came later than it was
                at = ended_at if run.log.entries or run.started_at is None else run.started_at
        return self._settle(run, self.mark_processed(event, at))

    def went_on(self, run: Run, entries: list[Entry]) -> Taken:
        """Its log waits no longer for a number (`use`, `give_up`, `lose`): these are applied."""
        return self._settle(run, Added("applied", entries))

    def retell(self, run: Run, log: RunLog) -> Taken:
        """The server tells the run's history anew: what was known of it goes, its place stays."""
        self._completed.pop(run.run_id, None)
        run.log, run.base, run.word, run.doubt = log, None, NO_WORD, None
        run.answered = self.asking(run).serial  # what was asked before is answered for another history
        self.fold_anew(run)
        return Taken(run, Added("inserted"), anew=True)

    def record_at(self, run: Run, count: int) -> RunRecord:
        """The record as it was after the first `count` events of its log; those that left it are always in."""
        record = empty_or(run.base, run.run_id)
        for entry in run.log.entries[: max(0, count - run.log.dropped)]:
            self._fold(record, entry.event, entry.at, self.flow_of(run))
        return record

    # -- folding anew -----------------------------------------------------------------------------
    def fold_anew(self, run: Run) -> None:
        """Make the record again from the log; on the spot where that is little, else in slices (`work`)."""
        rebuild = self._will_fold(run)
        if len(run.log.entries) <= AT_ONCE:
            self._advance(run, rebuild, AT_ONCE)

    @property
    def rests_s(self) -> float | None:
        """How long until a record that is to be made anew is due, 0.0 if one is; None where there is none."""
        if not self.rebuilds:
            return None
        return max(0.0, min(each.due for each in self.rebuilds.values()) - self._clock.now())

    def work(self, count: int) -> Run | None:
        """Fold `count` more events of the record that is due first; its run once it is done."""
        run_id, rebuild = min(self.rebuilds.items(), key=lambda each: each[1].due)
        run = self._runs[run_id]
        return run if self._advance(run, rebuild, count) else None

    def set_flow(self, flow: FlowGraph) -> list[Run]:
        """Another flow is on the canvas: groups follow it. The runs whose records are made anew."""
        self.flow = flow
        touched = [run for run in self._runs.values() if self.flow_of(run) is flow and (run.log.entries or run.base)]
        for run in touched:
            placed(run.base or RunRecord(run.run_id), flow)
            self.fold_anew(run)
        return touched

    # -- what the server says ---------------------------------------------------------------------
    def asking(self, run: Run) -> Asked:
        """Note that the server is asked about a run now."""
        self._questions += 1
        return Asked(run.record.mark, run.log.next - 1, self._questions)

    def hear(self, run: Run, info: RunInfo, asked: Asked) -> bool:
        """Take an answer beside the record; False when a newer one is there already, or its history is no more."""
        if run.answered > asked.serial:
            return False
        numbered = run.log.numbered or not run.record.events
        run.word = completed(hear(info, run.record, asked.mark, numbered=numbered), run.word)
        run.heard, run.doubt, run.answered = self._clock.now(), None, asked.serial
        if run.over:
            self.mark_run_completed(run.run_id)
        else:
            run.lived = True
        return True

    # -- completion -------------------------------------------------------------------------------
    def is_run_completed(self, run_id: str) -> bool:
        """Whether a run is over, also one that is no longer kept."""
        run = self._runs.get(run_id)
        return run.over if run is not None else run_id in self._completed

    def mark_run_completed(self, run_id: str) -> None:
        self._completed[run_id] = None

    # -- what is on the canvas --------------------------------------------------------------------
    def schedule_animation(self, run_id: str, key: Hashable, callback: Callable[[], None], delay_s: float) -> None:
        """Call `callback` after `delay_s`, in place of whatever was pending for `key`; cancelled with its run."""
        self.run(run_id).animations.schedule(key, callback, delay_s)

    # -- forgetting -------------------------------------------------------------------------------
    def on_clear(self, *cleaners: Callable[[str], None]) -> None:
        """Call each `cleaner(run_id)` whenever a run is forgotten, so that others forget it too."""
        self._cleaners += cleaners

    def clear_run(self, run_id: str) -> None:
        """Forget everything about one run: log, record, timers."""
        run = self._runs.pop(run_id, None)
        if run is None:
            return
        self.told_count(len(self._runs))
        run.animations.cancel_all()
        self.rebuilds.pop(run_id, None)
        self._rested.pop(run_id, None)
        for cleaner in self._cleaners:
            cleaner(run_id)

    def clear(self) -> None:
        """Forget every run."""
        for run_id in list(self._runs):
            self.clear_run(run_id)
        self._beyond.clear()
        self._completed.clear()

    def __len__(self) -> int:
        return len(self._runs)

    # -- inside -----------------------------------------------------------------------------------
    def _settle(self, run: Run, added: Added) -> Taken:
        """Bring the record in line with what the log took in."""
        taken, was_over = Taken(run, added), run.over
        if added.verdict == "inserted" or (added.entries and run.run_id in self.rebuilds):
            taken.anew = True
            rebuild = self.rebuilds.get(run.run_id)
            if added.index is not None and (rebuild is None or not rebuild.will_fold(added.index)):
                self._will_fold(run, self._rested.get(run.run_id, 0.0))
        elif added.entries:
            for entry in added.entries:
                touched = self._fold(run.record, entry.event, entry.at, self.flow_of(run))
                if run.word.loose:
                    follow(run.word, run.record, touched)
                taken.steps.append((entry.event, touched))
                if touched.ended:
                    self.mark_run_completed(run.run_id)
            taken.anew = was_over and not run.over  # so the server alone had said: what that took away is there again
        self._taken += 1
        if len(run.log.entries) > MAX_EVENTS or self._taken % BOUND_EVERY == 0:
            self._bound(run)
        return taken

    def _will_fold(self, run: Run, due: float = 0.0) -> Rebuild:
        rebuild = self.rebuilds[run.run_id] = Rebuild(run.log, run.base, self.flow_of(run), self._fold, due)
        return rebuild

    def _advance(self, run: Run, rebuild: Rebuild, count: int) -> bool:
        began = self._clock.now()
        done = rebuild.step(count)
        now = self._clock.now()
        rebuild.took_s += now - began
        if not done:
            return False
        del self.rebuilds[run.run_id]
        self._rested[run.run_id] = now + min(MAX_REST_S, REST * rebuild.took_s)
        run.record, run.incomplete = rebuild.record, bool(rebuild.failed)
        place(run.word, run.record)
        if run.record.over:
            self.mark_run_completed(run.run_id)
        self._bound(run)
        return True

    def flow_of(self, run: Run) -> FlowGraph:
        """An event without a flow belongs to the flow on the canvas."""
        flow_id = run.record.flow_id or run.word.info.flow_id
        return self.flow if flow_id is None or flow_id == self.flow.flow.id else NO_FLOW

    def _bound(self, run: Run) -> None:
        """Let the oldest events go; what they said stays in a record of their own, from which folds begin."""
        while len(run.log.entries) > MAX_EVENTS and run.run_id not in self.rebuilds:
            run.base = run.base or RunRecord(run.run_id)
            entry = run.log.drop_oldest()
            self._fold(run.base, entry.event, entry.at, self.flow_of(run))
        if self._taken % BOUND_EVERY == 0:
            self._bound_all()

    def _bound_all(self) -> None:
        """With too many events of all runs together, the runs that ended first let theirs go; their records stay."""
        total = sum(len(run.log.entries) for run in self._runs.values())
        for run in list(self._runs.values()):
            if total <= MAX_ALL_EVENTS:
                return
            if run.record.over and run.run_id != self.protected and run.run_id not in self.rebuilds:
                total -= len(run.log.entries)
                run.base = run.record
                run.log.close()

    def _begin(self, run_id: str) -> Run:
        self._beyond.pop(run_id, None)
        run = self._runs[run_id] = Run(run_id, self._clock)
        self.told_count(len(self._runs))
        return run

    def _has_room(self, most: int) -> bool:
        """Whether there is room for one more of `most`; runs that are over make room, oldest first."""
        while len(self._runs) >= self._max_runs:
            chosen = next((run for run in self._runs.values() if run.over and run.run_id != self.protected), None)
            if chosen is None:
                return len(self._runs) < most
            self._evict(chosen)
        return True

    def _evict_open(self) -> None:
        """Somebody looks at one more: of those that ask nobody, the one not heard of for longest makes room."""
        open_runs = [run for run in self._runs.values() if run.run_id != self.protected]
        idle = [run for run in open_runs if not run.asks]
        if idle or len(self._runs) >= MAX_ASKING:
            self._evict(min(idle or open_runs, key=lambda run: run.heard))

    def _evict(self, run: Run) -> None:
        self._beyond[run.run_id] = None
        self.clear_run(run.run_id)

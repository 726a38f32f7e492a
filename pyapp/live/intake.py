"""Intake: events into the logs of their runs, and what that changed to the handlers.

Owns which runs are catching up, and what waits behind gaps, for how long. Asks nobody: what is missing is a wish.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from ..clock import Timer, drop
from ..contract.control import CatchUp
from ..contract.events import AgentPaused, BaseEvent, Event, InteractionEvent, RunStart
from ..errors import describe
from ..run.bounded import BoundedDict
from ..run.run import Run
from ..run.tracking import ExecutionTracking, Taken
from .front import Front
from .histories import Histories
from .router import EventRouter
from .server_clock import LATEST_MOMENT
from .shared import Shared

GAP_WAIT_S = 2.0
"""Events behind gaps of a run wait together, at most this long."""
MAX_EARLY = 100


class Intake:
    """`event` takes one in; `paint` shows what was taken in without being drawn."""

    def __init__(self, shared: Shared, tracking: ExecutionTracking, router: EventRouter, front: Front) -> None:
        self._shared, self.tracking, self._router, self._front = shared, tracking, router, front
        self._take = shared.seam("take", tracking.take)
        self._route = shared.seam("router", router.route)
        self._gaps: dict[str, Timer] = {}
        self._rests: dict[str, Timer] = {}
        self._early: BoundedDict[str, tuple[int, ...]] = BoundedDict(MAX_EARLY)
        """Numbers that were used by what cannot be understood, of runs of which nothing else came."""
        self._announced: BoundedDict[str, CatchUp] = BoundedDict(MAX_EARLY)
        """What was announced of runs of which nothing else came."""
        self._until: dict[str, int] = {}
        """By run: the number up to which missed events are announced."""
        self._lossy: set[str] = set()
        """Runs of which it is said that something is missing."""
        self.to_paint: dict[str, bool] = {}
        """Runs to be painted, and whether their records, or what the server says of them, are others than before."""
        self.sparse = False
        """The server said that its numbers rise but need not be consecutive."""
        self.histories = Histories(shared, tracking, self.told_anew)
        tracking.on_clear(self._forget)
        tracking.told_count = partial(shared.stores.metrics.set, "tracked")

    # -- what comes -------------------------------------------------------------------------------
    def event(self, event: Event, *, again: bool, drawn: bool) -> None:
        """Take one event in, and show what it changed: at once, or `again` and not `drawn` once with the others."""
        run_id = event.run_id
        run = self.tracking.find(run_id) or self._begun(event)
        if run is None:
            self._front.beyond(event)
            return
        missed = (bool(self._until) and self._is_missed(event)) or again
        at = self._moment(event, live=not missed)
        run.lived = run.lived or not missed
        run.log.sparse = self.sparse
        if run.doubt is not None:
            self.to_paint.setdefault(run_id, False)  # a sign of life ends the doubt, also an event that is known
        for seq in self._early.pop(run_id, ()) if self._early else ():
            run.log.use(seq)
        if self.sparse and not (missed or run.log.entries or event.seq is None or isinstance(event, RunStart)):
            self._shared.wishes.want(run_id, "first")  # it is joined in the middle: no gap shows what came before
        if self.histories.told and self.histories.holds(run, event, at):
            self.told_anew(run)
            return
        self._go_on(run, partial(self._take, event, at), missed=missed, drawn=drawn)

    def used(self, run_id: str, seq: int) -> None:
        """A number was used by something that cannot be understood: nothing waits for it."""
        run = self.tracking.find(run_id)
        if run is None:
            self._early[run_id] = (*self._early.get(run_id, ())[-MAX_EARLY:], seq)
        elif self.histories.uses(run, seq):
            self.told_anew(run)
        else:
            self._go_on(run, lambda: self.tracking.went_on(run, run.log.use(seq)))

    def catch_up(self, frame: CatchUp) -> None:
        """Missed events follow; where some are gone, what waited for them goes on."""
        run = self.tracking.find(frame.run_id)
        if run is None:
            self._announced[frame.run_id] = frame
            return
        if frame.to_seq >= frame.from_seq:
            self._until[frame.run_id] = frame.to_seq
            run.log.expect(frame.to_seq)
            self._await_rest(run)
        if frame.complete:
            return
        if self.histories.begins_anew(run, frame):
            self._shared.wishes.want(run.run_id, "state")
            return
        self._go_on(run, lambda: self.tracking.went_on(run, run.log.lose(frame.from_seq)), missed=True)

    def numbers(self, *, sparse: bool) -> list[Run]:
        """How the server numbers events. The runs whose numbers have holes that are no gaps after all."""
        self.sparse = sparse
        holed = [run for run in self.tracking.runs() if sparse and not run.log.sparse and run.log.missing()]
        for run in holed:
            self._go_on(run, partial(lambda each: self.tracking.went_on(each, each.log.be_sparse()), run))
        return holed

    # -- what is drawn later ----------------------------------------------------------------------
    def work(self, count: int) -> None:
        """Fold some more of it; done, its run is painted."""
        run = self.tracking.work(count)
        if run is not None:
            self.to_paint[run.run_id] = True

    def repaint(self, run: Run) -> None:
        """Its record, or what the server says of it, is another: everything of it is painted soon."""
        self.to_paint[run.run_id] = True

    def paint(self) -> None:
        """What was missed is in: show the present state of its runs at once."""
        for run_id in list(self.to_paint):
            if run_id not in self.tracking.rebuilds:
                self._paint(run_id)

    # -- inside -----------------------------------------------------------------------------------
    def _begun(self, event: Event) -> Run | None:
        """The run of which nothing was known before this event; None where there is no room for it."""
        run_id, row = event.run_id, self._shared.stores.runs.get(event.run_id)
        if not self.tracking.admits(run_id, asks=isinstance(event, AgentPaused | InteractionEvent)):
            return None
        announced = self._announced.pop(run_id, None)
        if announced is not None:
            self.catch_up(announced)
        if row is not None:
            self._shared.wishes.want(run_id, "state")  # it was beyond: there is more to it than this event
        return self.tracking.run(run_id)

    def _settled(self, taken: Taken, *, missed: bool, drawn: bool) -> None:
        """Count, place and show what an event did."""
        run, handled, metrics = taken.run, len(taken.added.entries), self._shared.stores.metrics
        if taken.added.verdict in ("duplicate", "stale"):
            metrics.count("duplicate")
        if handled:
            metrics.count("handled", handled)
            if not drawn:
                metrics.count("merged", handled)
        if missed:
            run.catching_up = True
        elif run.catching_up and drawn and taken.steps:
            self._paint(run.run_id)
        if taken.anew or ((missed or not drawn) and handled):
            self.to_paint[run.run_id] = taken.anew or self.to_paint.get(run.run_id, False)
        if handled:
            self._front.seen(run)
        for event, touched in taken.steps:
            self._route(event, touched, replayed=missed or not drawn)
        if run.log.waiting or run.run_id in self._gaps:
            self._look_for_gaps(run)
        if run.log.lost or run.run_id in self._lossy:
            self._say_lost(run)

    def told_anew(self, run: Run) -> None:
        """The server tells the history of a run from its beginning."""
        with self._shared.stores.batch():
            for event, at in self.histories.same(run):
                self._go_on(run, partial(self._take, event, at), missed=True)
            taken = self.histories.renewed(run)
            if taken is not None:
                self._settled(taken, missed=True, drawn=True)
            self.paint()

    def _go_on(self, run: Run, take: Callable[[], Taken], *, missed: bool = False, drawn: bool = True) -> None:
        """Have the run's log go on, and show what that did. Should anything raise, its record is folded anew."""
        try:
            self._settled(take(), missed=missed, drawn=drawn)
        except Exception as error:
            self._shared.stores.metrics.count("failed")
            self._shared.reporter.failed("Intake", f"an event of run {run.run_id}", error, run.run_id)
            self._shared.put_aside(f"The page itself failed on an event: {describe(error)}.")
            self.tracking.fold_anew(run)
            self.to_paint[run.run_id] = True

    def _look_for_gaps(self, run: Run) -> None:
        if not run.log.waiting:
            drop(self._gaps, run.run_id)
        elif run.run_id not in self._gaps:
            self._shared.stores.metrics.count("gap")
            self._gaps[run.run_id] = self._shared.clock.call_later(GAP_WAIT_S, lambda: self._give_up(run))
            self._shared.wishes.want(run.run_id, "events")

    def _await_rest(self, run: Run) -> None:
        """Notice when what was announced does not come, though the link stays up."""
        drop(self._rests, run.run_id)
        self._rests[run.run_id] = self._shared.clock.call_later(GAP_WAIT_S, lambda: self._look_for_rest(run))

    def _look_for_rest(self, run: Run) -> None:
        del self._rests[run.run_id]
        if run.log.missing() and self._shared.clock.now() - run.heard < GAP_WAIT_S:
            self._await_rest(run)  # it is coming
        elif run.log.missing():
            self._shared.wishes.want(run.run_id, "events")

    def _give_up(self, run: Run) -> None:
        """What is behind the gaps goes on; what is missing is asked for still."""
        self._gaps.pop(run.run_id, None)
        with self._shared.stores.batch():
            self._go_on(run, lambda: self.tracking.went_on(run, run.log.give_up()))
            self.paint()

    def _say_lost(self, run: Run) -> None:
        """How many events are missing, in words, for as long as they are."""
        notices, key, lost = self._shared.stores.notices, f"lost {run.run_id}", run.log.lost
        known = notices.get(key)
        if lost:
            self._lossy.add(run.run_id)
            words = self._shared.words("events.lost", count=lost)
            if known is None:
                notices.say(key, words)
            elif known.text != words:
                notices.set(key, replace(known, text=words))  # the same loss
        else:
            self._lossy.discard(run.run_id)
            notices.delete(key)

    def _paint(self, run_id: str) -> None:
        anew = self.to_paint.pop(run_id, False)
        run = self.tracking.find(run_id)
        if run is not None:
            run.catching_up = False
            run.animations.cancel_all()
            self._front.seen(run)
            self._router.repaint(run, anew=anew)

    def _is_missed(self, event: BaseEvent) -> bool:
        """Whether the event is one of the missed ones that a `catch_up` frame announced."""
        last = self._until.get(event.run_id, -1)
        if event.seq is None or event.seq >= last:
            self._until.pop(event.run_id, None)
        return event.seq is not None and event.seq <= last

    def _moment(self, event: BaseEvent, *, live: bool) -> float:
        """When the event happened, by the server's clock: as it says, else now."""
        ts, clock = event.ts, self._shared.server_clock
        if ts is None or not 0 < ts < LATEST_MOMENT:
            return clock.now()
        (clock.heard if live else clock.told)(ts)
        return ts

    def _forget(self, run_id: str) -> None:
        drop(self._gaps, run_id)
        drop(self._rests, run_id)
        for kept in (self._until, self.to_paint, self._announced):
            kept.pop(run_id, None)
        for notice in (f"lost {run_id}", f"anew {run_id}"):
            self._shared.stores.notices.delete(notice)

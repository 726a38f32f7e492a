"""Histories: whether a server tells a run's history anew, decided by what it says, never by comparing resent events.

It says so by another `instance` or a lower `last_seq`, and an event 0 that is another one; or by a `catch_up` that is
not complete and ends below what was seen. Until the new history is in, the old one stays on the page. Not event 0 alone
is looked at, but every event that is known, whenever it is told again: the first ones of two histories may look alike,
and between an answer over HTTP and the word of the server there may be a history that began anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from ..clock import Timer
from ..contract.control import CatchUp
from ..contract.events import Event
from ..run.log import Entry, RunLog
from ..run.run import Run
from ..run.tracking import ExecutionTracking, Taken
from .shared import Shared

DOUBT_S = 2.0
"""For no longer than this is a history waited for that is in doubt: then the run goes on, and it is only watched."""
NEW_S = 30.0
"""For no longer than this is the rest of a new history waited for: then what is there of it is shown."""


@dataclass(slots=True)
class Retelling:
    """What a server tells of a run since its history may be another one."""

    log: RunLog
    timer: Timer
    sure: bool
    """It is another one."""
    same: bool = False
    """It is not."""
    known: dict[int, Event] = field(default_factory=dict)
    """By number, the events that are told again if it is the same."""
    left: set[int] = field(default_factory=set)
    """Those that were not told again yet: as far as they are waited for, or watched."""
    watched: bool = False
    """The run goes on as if it were the same; of those in `left`, one that is another says still that it is not."""
    gone: bool = False
    """The server had nothing of it: once it tells of it again, its first events are asked for."""
    late: bool = False
    """It has taken too long: what is missing of it is not waited for."""
    entries: list[Entry] = field(default_factory=list)
    """All that came, in the order in which it came."""


class Histories:
    """Owns what is told of runs whose history is in doubt, apart from their logs."""

    def __init__(self, shared: Shared, tracking: ExecutionTracking, told: Callable[[Run], None]) -> None:
        self._shared = shared
        self._tracking = tracking
        self._on_told = told
        self.told: dict[str, Retelling] = {}
        """By run; empty as long as no history is in doubt."""
        self._doubts: dict[str, int] = {}
        tracking.on_clear(self._clear)

    def doubt(self, run: Run, last: int | None = None) -> bool:
        """The history may be another one: its events will show. False where none of it is known.

        `last`: the number up to which the server has it, and up to which it is looked at. Of all of it when not given.
        """
        if last is None:
            run.log.drop_held()  # else it is another history only once its events say so: an answer may lag
        told = self.told.get(run.run_id)
        begins = told is None or told.watched or last is None
        if begins:
            self._count(run.run_id)
        if run.log.next > 0 and begins:
            # what another instance told is of a history that is no more, and what this one tells may be of a third
            told = self._begin(run, sure=told is not None and told.sure)
            entries = (*run.log.first, *run.log.entries)
            told.known = {each.event.seq: each.event for each in entries if each.event.seq is not None}
            told.left = {seq for seq in told.known if last is None or seq <= last}
        return told is not None

    def doubts(self, run_id: str) -> int:
        """How often the history was in doubt: what was asked for before is of one that may be no more."""
        return self._doubts.get(run_id, 0)

    def _count(self, run_id: str) -> None:
        self._doubts[run_id] = self.doubts(run_id) + 1

    def _begin(self, run: Run, *, sure: bool) -> Retelling:
        """What is told from now on is kept apart; not for longer than DOUBT_S, unless it is another one by then."""
        self._forget(run.run_id)
        timer = self._shared.clock.call_later(DOUBT_S, partial(self._decide, run))
        told = self.told[run.run_id] = Retelling(RunLog(run.run_id), timer, sure)
        return told

    def _decide(self, run: Run) -> None:
        """No event that came is another: it is the history that is known. What is missing of a new one is asked for."""
        told = self.told.get(run.run_id)
        if told is None:
            return
        if told.sure:
            told.timer = self._shared.clock.call_later(NEW_S - DOUBT_S, partial(self._give_up, run, told))
            self._shared.wishes.want(run.run_id, "first")
        else:
            told.same = True
            self._on_told(run)

    def _give_up(self, run: Run, told: Retelling) -> None:
        """What is missing of a new history is not waited for."""
        told.late = True
        self._on_told(run)

    def log(self, run: Run) -> RunLog:
        """What is told of a run goes into this log: its own, or that of another history which is not whole yet."""
        told = self.told.get(run.run_id)
        return told.log if told is not None and told.sure else run.log

    def in_doubt(self, run_id: str) -> bool:
        """Whether it is to be told again: that is waited for, or none of what is known was."""
        told = self.told.get(run_id)
        return told is not None and (not told.watched or len(told.left) == len(told.known))

    def is_gone(self, run_id: str) -> bool:
        """The server had nothing of it, and has told nothing since."""
        told = self.told.get(run_id)
        return told is not None and told.gone

    def begins_anew(self, run: Run, frame: CatchUp) -> bool:
        """Whether an incomplete catch-up says that a new history may have begun: it ends below what was seen."""
        if not run.log.numbered or frame.to_seq >= run.log.highest:
            return False
        told = self.told.get(run.run_id)
        if frame.to_seq < max(0, frame.from_seq):  # nothing follows: what comes shows by number and id which it is
            if told is None and frame.to_seq >= 0:
                self._shared.wishes.want(run.run_id, "first")
            if (told is None or told.watched) and self.doubt(run, run.log.highest):
                told = self.told[run.run_id]
                told.timer.cancel()
                told.watched, told.known = True, told.known if run.log.dropped else {}
                told.gone = frame.to_seq < 0
            return True
        self._count(run.run_id)
        told = self._begin(run, sure=True)
        told.log.expect(frame.to_seq)
        if frame.to_seq >= frame.from_seq > 0:
            told.log.lose(frame.from_seq)
        return True

    def holds(self, run: Run, event: Event, at: float) -> bool:
        """Take the event of a run whose history is in doubt; False for any other."""
        told, seq = self.told.get(run.run_id), event.seq
        if told is None or seq is None:
            return False
        if told.watched and seq not in told.left:
            told.log.expect(seq)
            if told.gone:  # it goes on, or began anew unseen
                told.gone = False
                self._shared.wishes.want(run.run_id, "first")
            return False
        told.log.sparse = run.log.sparse
        told.log.add(event, at)
        told.entries.append(Entry(event, at))
        if told.sure:
            return True
        known = told.known.get(seq)
        other = run.log.was_unread(event) if known is None else not _is_same(known, event)
        told.left.discard(seq)
        return self._heard(run, told, other=other, same=known is not None)

    def uses(self, run: Run, seq: int) -> bool:
        """Something that cannot be understood used a number of a history in doubt; False for any other."""
        told = self.told.get(run.run_id)
        if told is None or (told.watched and seq not in told.left):
            return False
        told.log.use(seq)
        return self._heard(run, told, other=told.sure or seq in told.known, same=False)

    def _heard(self, run: Run, told: Retelling, *, other: bool, same: bool) -> bool:
        """What was told is another history, or the same as far as it goes. False where the run's own log takes it."""
        if not told.watched:
            told.sure, told.same = other, same and not other and not told.left
        elif other:
            told.watched, told.sure = False, True
            told.timer = self._shared.clock.call_later(DOUBT_S, partial(self._decide, run))
        elif not told.left:
            self._forget(run.run_id)
        return not told.watched

    def expect(self, run: Run, last: int) -> None:
        """The server has told the new history up to this number."""
        told = self.told.get(run.run_id)
        if told is not None:
            told.log.expect(last)

    def same(self, run: Run) -> Iterator[tuple[Event, float]]:
        """What was told, if the history is the one that is known as far as it goes; what is left of it is watched."""
        told = self.told.get(run.run_id)
        if told is None or not told.same:
            return
        told.timer.cancel()
        told.same, told.watched = False, True
        told.left = told.known.keys() - {each.event.seq for each in told.entries}
        if not told.left:
            self._forget(run.run_id)
        for entry in list(told.entries):
            if entry.event.seq not in told.known:
                yield entry.event, entry.at

    def renewed(self, run: Run) -> Taken | None:
        """Put the new history in the place of the old one, once it is in."""
        told = self.told.get(run.run_id)
        if told is None or not told.sure or not told.entries or (told.log.missing() and not told.late):
            return None
        self._forget(run.run_id)
        told.log.give_up()
        self._say(run, told.log)
        if not told.log.sparse:
            return self._tracking.retell(run, told.log)
        log = RunLog(run.run_id)  # numbers with holes in them hold nothing back: what came first is not what is first
        log.sparse = True
        for entry in sorted(told.entries, key=lambda each: each.event.seq or 0):
            log.add(entry.event, entry.at)
        return self._tracking.retell(run, log)

    def _say(self, run: Run, log: RunLog) -> None:
        """That a server lost a history is said, unless it tells what is shown already."""
        self._shared.reporter.log("warning", f"[Histories] run {run.run_id}: the server tells its history anew.")
        if not _say_the_same(run.log, log):
            self._shared.stores.notices.say(f"anew {run.run_id}", self._shared.words("history.anew"))

    def _clear(self, run_id: str) -> None:
        self._forget(run_id)
        self._doubts.pop(run_id, None)

    def _forget(self, run_id: str) -> None:
        told = self.told.pop(run_id, None)
        if told is not None:
            told.timer.cancel()


def _is_same(known: Event, told: Event) -> bool:
    """By its id; where one has none, by its name and its node."""
    if known.event_id is not None and told.event_id is not None:
        return known.event_id == told.event_id
    return (known.event, getattr(known, "node_id", None)) == (told.event, getattr(told, "node_id", None))


def _say_the_same(one: RunLog, other: RunLog) -> bool:
    """Event by event, whatever each sending of them is called."""
    if one.dropped or len(one.entries) != len(other.entries):
        return False
    return all(_said(a.event) == _said(b.event) for a, b in zip(one.entries, other.entries, strict=True))


def _said(event: Event) -> dict[str, Any]:
    return {**dict(event), "event_id": None, "replayed": None}

"""The inbox: one queue, one consumer. Every frame is handled strictly in order of arrival."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator

from ..clock import Clock
from ..contract.control import CatchUp, Control
from ..contract.decode import Decoded, Malformed, Unknown, decode
from ..contract.events import BaseEvent, Event
from ..errors import ErrorReporter
from ..run.record_old import RunRecord
from ..run.tracking_old import ExecutionTracking
from ..stores.metrics import MAX_QUARANTINE, Quarantined
from ..stores.stores import Stores
from .backlog import Backlog
from .intake import Intake
from .router import EventRouter
from .stage import Stage

MAX_QUEUED = 5_000
"""Frames that may wait as they came; older ones are then read, and the words in them merged."""
BUDGET_S = 0.03
"""The longest stretch of handling before the browser gets its turn."""


class Inbox:
    """Owns the way of a frame: decode, intake, record, stage, router. Draws nothing, never raises.

    `on_control(frame)` hears of control frames, `on_caught_up(run)` when missed events are in and painted.
    """

    def __init__(
        self,
        *,
        stores: Stores,
        tracking: ExecutionTracking,
        clock: Clock,
        reporter: ErrorReporter,
        router: EventRouter,
        stage: Stage,
        on_gap: Callable[[str, int], None],
        on_lost: Callable[[str, int, int], None],
        on_anew: Callable[[str], None],
        on_caught_up: Callable[[RunRecord], None],
        on_control: Callable[[Control], None],
    ) -> None:
        self._stores = stores
        self._tracking = tracking
        self._clock = clock
        self._reporter = reporter
        self._router = router
        self._stage = stage
        self._on_caught_up = on_caught_up
        self._on_control = on_control
        self._on_anew = on_anew
        self._queue: deque[tuple[Iterator[Decoded], bool]] = deque()
        """What came and was not read yet, and whether it is a catch-up."""
        self._backlog = Backlog()
        """What was read and accepted, older than all of the queue."""
        self._reading_ahead = False
        self._draining = False
        self._to_repaint: set[str] = set()
        self._unknown_names: set[str] = set()
        self.intake = Intake(
            tracking,
            clock,
            stores.metrics,
            on_release=self._release,
            on_gap=on_gap,
            on_lost=on_lost,
            on_anew=self._begin_anew,
        )

    def receive(self, frame: object) -> None:
        """Take one frame, as it came from the socket."""
        self._stores.metrics.count("received")
        self._put(decode(frame), False)

    def take(self, items: Iterable[Decoded], catch_up: bool) -> None:
        """Take events that were asked for over HTTP; a catch-up is applied without delays, painted once."""
        self._put(iter(items), catch_up)

    @property
    def waiting(self) -> int:
        """How much came and was not handled yet: frames, and events that were read ahead."""
        return len(self._queue) + len(self._backlog)

    def _put(self, items: Iterator[Decoded], catch_up: bool) -> None:
        self._queue.append((items, catch_up))
        if not self._draining:
            self._draining = True
            self._drain()
        elif len(self._queue) > MAX_QUEUED:
            self._read_ahead()

    def _drain(self) -> None:
        """Handle what is queued, for at most BUDGET_S; the rest after the browser's turn."""
        until = self._clock.now() + BUDGET_S
        again = False
        self._stores.batch.begin()
        try:
            while self._backlog or self._queue:
                try:
                    self._next()
                except Exception as error:  # the one path all events share: it goes on with the next
                    self._stores.metrics.count("failed")
                    self._reporter.failed("Inbox", "an event", error)
                    self._quarantine(f"The page itself failed on an event: {type(error).__name__}.", "")
                if self._clock.now() > until:
                    again = True
                    self._clock.call_later(0, self._drain)
                    return
            self._paint_caught_up()
        finally:
            self._draining = again
            self._stores.batch.end()

    def _next(self) -> None:
        """Handle the oldest thing that waits."""
        if self._backlog:
            waiting = self._backlog.pop()
            self._apply(waiting.merged(), waiting.catching_up, waiting.count)
            return
        items, catch_up = self._queue[0]
        item = next(items, None)
        if item is None:
            self._queue.popleft()
        else:
            self._handle(item, catch_up)

    def _read_ahead(self) -> None:
        """The queue is full: accept what its oldest frame holds, and let that wait in its place, words merged."""
        items, catch_up = self._queue.popleft()
        self._reading_ahead = True
        try:
            with self._stores.batch():
                for item in items:
                    self._handle(item, catch_up)
        finally:
            self._reading_ahead = False

    def _handle(self, item: Decoded, catch_up: bool) -> None:
        if isinstance(item, BaseEvent):
            event: Event = item
            catching_up = catch_up or self.intake.is_catch_up(event)
            for ready in self.intake.accept(event):
                self._accepted(ready, catching_up)
        elif isinstance(item, Malformed):
            self._stores.metrics.count("malformed")
            self._quarantine(item.reason, item.text)
        elif isinstance(item, Unknown):
            self._unknown(item)
        else:
            self._control(item)

    def _accepted(self, event: Event, catching_up: bool) -> None:
        """Apply the event, or have it wait behind those before it."""
        if not (self._reading_ahead or self._backlog):
            self._apply(event, catching_up)
        elif self._backlog.add(event, catching_up):
            self._stores.metrics.count("merged")

    def _apply(self, event: Event, catching_up: bool, count: int = 1) -> None:
        known = self._tracking.find(event.run_id)
        if catching_up:
            run = known or self._tracking.run(event.run_id)
            run.catching_up = True
            self._to_repaint.add(event.run_id)
        elif known is not None and known.catching_up:
            self._paint(event.run_id)
        run = self._tracking.record(event)
        self._stage.seen(run)
        self._router.route(event)
        self._stores.metrics.count("handled", count)
        self._stores.metrics.set("tracked", len(self._tracking))

    def _begin_anew(self, run_id: str) -> None:
        self._backlog.forget(run_id)
        self._on_anew(run_id)

    def _control(self, frame: Control) -> None:
        if isinstance(frame, CatchUp):
            for event in self.intake.catch_up(frame):
                self._accepted(event, True)
        self._on_control(frame)

    def _release(self, events: list[Event]) -> None:
        """A gap was given up: what was behind it goes on."""
        with self._stores.batch():
            for event in events:
                self._accepted(event, False)

    def _paint_caught_up(self) -> None:
        for run_id in list(self._to_repaint):
            self._paint(run_id)

    def _paint(self, run_id: str) -> None:
        """The missed events are in: show the present state at once."""
        self._to_repaint.discard(run_id)
        run = self._tracking.find(run_id)
        if run is not None:
            run.catching_up = False
            self._tracking.cancel_animations(run_id)
            self._router.repaint(run)
            self._on_caught_up(run)

    def _unknown(self, item: Unknown) -> None:
        self._stores.metrics.count("unknown")
        if item.name in self._unknown_names:
            return
        if len(self._unknown_names) < MAX_QUARANTINE:
            self._unknown_names.add(item.name)
        reason = f"“{item.name[:80]}” is not an event or frame this page knows; it is skipped."
        self._reporter.log("warning", f"[Inbox] {reason}")
        self._quarantine(reason, "")

    def _quarantine(self, reason: str, text: str) -> None:
        kept = (*self._stores.quarantine.get(), Quarantined(reason, text))
        self._stores.quarantine.set(kept[-MAX_QUARANTINE:])

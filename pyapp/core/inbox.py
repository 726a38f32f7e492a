"""The inbox: one queue, one consumer. Every frame is handled strictly in order of arrival."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator

from ..clock import Clock
from ..decode import Decoded, Malformed, Unknown, decode
from ..errors import ErrorReporter
from ..messages import BaseEvent, CatchUp, Control, Event
from ..state.tracking import ExecutionTracking
from ..stores.metrics import MAX_QUARANTINE, Quarantined
from ..stores.stores import Stores
from .intake import Intake
from .router import EventRouter
from .stage import Stage

BUDGET_S = 0.03
"""The longest stretch of handling before the browser gets its turn."""


class Inbox:
    """Owns the way of a frame: decode, intake, record, stage, router. Draws nothing, never raises.

    `on_control(frame)` hears of control frames.
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
        on_control: Callable[[Control], None],
    ) -> None:
        self._stores = stores
        self._tracking = tracking
        self._clock = clock
        self._reporter = reporter
        self._router = router
        self._stage = stage
        self._on_control = on_control
        self._queue: deque[Iterator[Decoded]] = deque()
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
            on_anew=on_anew,
        )

    def receive(self, frame: object) -> None:
        """Take one frame, as it came from the socket."""
        self._stores.metrics.count("received")
        self._put(decode(frame))

    def take(self, items: Iterable[Decoded], catch_up: bool) -> None:
        """Take events that were asked for over HTTP; a catch-up is applied without delays, painted once."""
        self._put(self._as_catch_up(items) if catch_up else iter(items))

    def _put(self, items: Iterator[Decoded]) -> None:
        self._queue.append(items)
        if not self._draining:
            self._draining = True
            self._drain()

    def _drain(self) -> None:
        """Handle what is queued, for at most BUDGET_S; the rest after the browser's turn."""
        until = self._clock.now() + BUDGET_S
        self._stores.batch.begin()
        try:
            while self._queue:
                for item in self._queue[0]:
                    self._handle(item)
                    if self._clock.now() > until:
                        self._clock.call_later(0, self._drain)
                        return
                self._queue.popleft()
            self._draining = False
            self._paint_caught_up()
        finally:
            self._stores.batch.end()

    def _handle(self, item: Decoded) -> None:
        if isinstance(item, BaseEvent):
            event: Event = item
            catching_up = self.intake.is_catch_up(event)
            for ready in self.intake.accept(event):
                self._apply(ready, catching_up=catching_up)
        elif isinstance(item, Malformed):
            self._stores.metrics.count("malformed")
            self._quarantine(item.reason, item.text)
        elif isinstance(item, Unknown):
            self._unknown(item)
        else:
            self._control(item)

    def _apply(self, event: Event, *, catching_up: bool) -> None:
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
        self._stores.metrics.count("handled")
        self._stores.metrics.set("tracked", len(self._tracking))

    def _control(self, frame: Control) -> None:
        if isinstance(frame, CatchUp):
            for event in self.intake.catch_up(frame):
                self._apply(event, catching_up=True)
        self._on_control(frame)

    def _release(self, events: list[Event]) -> None:
        """A gap was given up: what was behind it goes on."""
        with self._stores.batch():
            for event in events:
                self._apply(event, catching_up=False)

    def _as_catch_up(self, items: Iterable[Decoded]) -> Iterator[Decoded]:
        for item in items:
            if isinstance(item, BaseEvent):
                for event in self.intake.accept(item):
                    self._apply(event, catching_up=True)
            else:
                yield item

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

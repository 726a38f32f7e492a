"""EventRouter: each event to the lanes of the handlers that name it. The one place where isolation lives."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ..contract.events import Event
from ..run.record_old import RunRecord
from ..stores.health import HandlerHealth
from .context import HandlerContext
from .handler import EventHandler
from .lane import BOUND_S, Lane

SLOW_S = 0.1
"""A handler that keeps the page busy longer than this for one event is reported by name."""


class EventRouter:
    """Owns the lanes and the health of the handlers. A failing handler costs only itself."""

    def __init__(
        self,
        context: HandlerContext,
        handlers: Iterable[EventHandler] = (),
        *,
        bound_s: float = BOUND_S,
        debug: bool = False,
    ) -> None:
        self._context = context
        self._bound_s = bound_s
        self._debug = debug
        self._lanes: list[Lane] = []
        self._by_event: dict[str, list[Lane]] = {}
        self._warned: set[str] = set()
        self._missed: set[tuple[str, str]] = set()
        """(handler, run): it failed on an event of that run, and nobody has mended what it shows since."""
        for handler in handlers:
            self.register(handler)

    def register(self, handler: EventHandler) -> None:
        """Give a handler its lane; it hears of every event from now on."""
        lane = Lane(handler, self._context, self._failed, self._recovered, bound_s=self._bound_s)
        self._lanes.append(lane)
        for event in handler.events:
            self._by_event.setdefault(event, []).append(lane)
        self._context.stores.health.set(handler.name, HandlerHealth(handler.name, costs=handler.costs))

    def route(self, message: Event) -> None:
        """Bring one event to its handlers. Never raises."""
        name = message.event
        if self._debug:
            self._context.reporter.log("debug", f"[EventRouter] {name} of run {message.run_id}")
        lanes = self._by_event.get(name)
        if lanes is None:
            if name not in self._warned:
                self._warned.add(name)
                self._context.reporter.log("warning", f"[EventRouter] no handler for {name} events.")
            return
        clock = self._context.clock
        before = clock.now()
        for lane in lanes:
            try:
                accepted = lane.handler.can_handle(message)
            except BaseException as error:
                self._failed(lane, message, error)
                continue
            if accepted:
                lane.submit(message)
            after = clock.now()
            if after - before > SLOW_S:
                self._slow(lane, message, after - before)
            before = after

    def repaint(self, run: RunRecord | None) -> None:
        """Have every handler make its picture of `run` equal to the record, each on its own account."""
        for lane in self._lanes:
            self._repaint_lane(lane, run)

    def _repaint_lane(self, lane: Lane, run: RunRecord | None) -> None:
        try:
            lane.handler.repaint(run, self._context)
        except BaseException as error:
            self._note(lane, "repaint", error)

    def _front(self) -> RunRecord | None:
        front = self._context.stores.front.get()
        return self._context.tracking.find(front) if front is not None else None

    def take_missed(self, name: str, run_id: str) -> bool:
        """Whether a handler has failed on an event of a run since this was last asked."""
        missed = (name, run_id) in self._missed
        self._missed.discard((name, run_id))
        return missed

    def retry(self, name: str) -> None:
        """Let one handler try once more what it failed on, and paint what it shows; no other handler hears of it."""
        for lane in self._lanes:
            if lane.handler.name == name:
                lane.retry()
                self._repaint_lane(lane, self._front())
                self._tell(lane)

    def forget(self, run_id: str) -> None:
        """A run is forgotten."""
        self._missed = {each for each in self._missed if each[1] != run_id}
        for lane in self._lanes:
            lane.forget(run_id)
            self._tell(lane)

    def stop(self) -> None:
        """Cut off whatever handlers are doing."""
        for lane in self._lanes:
            lane.stop()

    def _failed(self, lane: Lane, message: Event, error: BaseException) -> None:
        self._context.stores.metrics.count("failed")
        self._missed.add((lane.handler.name, message.run_id))
        self._note(lane, message.event, error)

    def _note(self, lane: Lane, doing: str, error: BaseException) -> None:
        name = lane.handler.name
        self._context.reporter.failed(name, doing, error)
        health = self._health(name)
        summary = self._context.reporter.recent[-1].summary
        self._context.stores.health.set(
            name,
            replace(health, failures=health.failures + 1, last_event=doing, last_error=summary),
        )
        self._tell(lane)

    def _recovered(self, lane: Lane) -> None:
        self._tell(lane)

    def _tell(self, lane: Lane) -> None:
        """Bring the handler's health in line with its lane; said aloud when it is set aside, or works again."""
        name, before = lane.handler.name, self._health(lane.handler.name)
        now = replace(before, streak=lane.streak, aside=lane.aside, kept=len(lane.failed))
        self._context.stores.health.set(name, now)
        if now.aside and not before.aside:
            words = self._context.words("handler.aside", name=name, costs=now.costs)
            self._context.notices.alert(f"aside {name}", words)
        elif before.streak and not now.streak:
            self._context.notices.delete(f"aside {name}")

    def _slow(self, lane: Lane, message: Event, seconds: float) -> None:
        name = lane.handler.name
        self._context.reporter.log(
            "warning",
            f"[{name}] was slow on {message.event}: it blocked the page for {seconds * 1000:.0f} ms.",
        )
        health = self._health(name)
        self._context.stores.health.set(name, replace(health, slow=health.slow + 1))

    def _health(self, name: str) -> HandlerHealth:
        return self._context.stores.health.get(name) or HandlerHealth(name)

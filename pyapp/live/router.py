"""EventRouter: each event to the lanes of the handlers that name it. A failing handler costs only itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ..contract.events import Event
from ..run.fold.step import Touched
from ..run.run import Run
from ..stores.rows import HandlerHealth
from .context import HandlerContext
from .handler import EventHandler
from .lane import BOUND_S, Lane

SLOW_S = 0.1
"""A handler that keeps the page busy longer than this for one event is reported by name."""


class EventRouter:
    """Owns the lanes and the health of the handlers."""

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
        self._lanes: dict[str, Lane] = {}
        self._by_event: dict[str, list[Lane]] = {}
        self._replayed: dict[str, list[Lane]] = {}
        """Of those, the lanes that also hear of events that are told again."""
        self._warned: set[str] = set()
        context.tracking.on_clear(self.forget)
        for handler in handlers:
            self.register(handler)

    def register(self, handler: EventHandler) -> None:
        """Give a handler its lane; it hears of every event from now on."""
        lane = self._lanes[handler.name] = Lane(handler, self._context, self._noted, bound_s=self._bound_s)
        for event in handler.events:
            self._by_event.setdefault(event, []).append(lane)
            if handler.on_replay:
                self._replayed.setdefault(event, []).append(lane)
        self._context.stores.health.set(handler.name, HandlerHealth(handler.name, costs=handler.costs))

    def route(self, message: Event, touched: Touched, *, replayed: bool = False) -> None:
        """Bring one event, folded already, to its handlers; `replayed` to those only that want to hear of it again."""
        name = message.event
        if self._debug:
            self._context.reporter.log("debug", f"[EventRouter] {name} of run {message.run_id}")
        lanes = self._by_event.get(name)
        if lanes is None:
            self._nobody(name)
            return
        if replayed:
            lanes = self._replayed.get(name, [])
        context = self._context
        context.run, context.touched = context.tracking.run(message.run_id), touched
        clock = context.clock
        before = clock.now()
        for lane in lanes:
            if lane.part and not (touched.ended or getattr(touched, lane.part)):
                continue
            lane.submit(message)
            after = clock.now()
            if after - before > SLOW_S:
                self._slow(lane, message, after - before)
            before = after

    def repaint(self, run: Run | None, *, anew: bool = True) -> None:
        """Have every handler make its picture of `run` equal to the record, each on its own account.

        Unless the record is another one than before (`anew`), those that heard of every event have nothing to do.
        """
        for lane in self._lanes.values():
            if anew or not lane.is_complete(run):
                lane.repaint(run)

    def retry(self, name: str) -> None:
        """Have one handler show once more what it failed on; no other handler hears of it."""
        lane = self._lanes.get(name)
        if lane is not None:
            lane.retry()
            lane.repaint(self._context.tracking.find(self._context.stores.front.get()))

    def catch_up(self) -> None:
        """Have every handler that failed try again: somebody looks at the page."""
        for lane in self._lanes.values():
            if lane.streak:
                lane.retry()

    def forget(self, run_id: str) -> None:
        """A run is forgotten."""
        for lane in self._lanes.values():
            lane.forget(run_id)

    def stop(self) -> None:
        """Cut off whatever handlers are doing."""
        for lane in self._lanes.values():
            lane.stop()

    # -- health -----------------------------------------------------------------------------------
    def _noted(self, lane: Lane, doing: str, error: BaseException | None, run_id: str) -> None:
        """A handler failed, or works again: its health, said aloud when it is set aside."""
        name = lane.handler.name
        health = self._health(name)
        if error is None:
            self._context.stores.health.set(name, replace(health, streak=0, aside=False))
            self._context.notices.delete(f"aside {name}")
            return
        self._context.stores.metrics.count("failed")
        self._context.reporter.failed(name, doing, error, run_id or None)
        summary = self._context.reporter.recent[-1].summary
        now = replace(
            health,
            failures=health.failures + 1,
            streak=lane.streak,
            aside=lane.aside,
            last_event=doing,
            last_error=summary,
        )
        self._context.stores.health.set(name, now)
        if now.aside and not health.aside:
            words = self._context.words("handler.aside", name=name, costs=self._context.words(now.costs))
            self._context.notices.alert(f"aside {name}", words)

    def _slow(self, lane: Lane, message: Event, seconds: float) -> None:
        name = lane.handler.name
        self._context.reporter.log(
            "warning", f"[{name}] was slow on {message.event}: it blocked the page for {seconds * 1000:.0f} ms."
        )
        health = self._health(name)
        self._context.stores.health.set(name, replace(health, slow=health.slow + 1))

    def _nobody(self, name: str) -> None:
        if name not in self._warned:
            self._warned.add(name)
            self._context.reporter.log("warning", f"[EventRouter] no handler for {name} events.")

    def _health(self, name: str) -> HandlerHealth:
        return self._context.stores.health.get(name) or HandlerHealth(name)

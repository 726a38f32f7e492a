"""A lane: one handler, isolated from every other, its events in order.

The common case is synchronous: a handler that never really suspends is driven to its end on the spot. A lane that is
suspended, or set aside, keeps no events: the record has them all, and it repaints when it is back.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Generator
from functools import partial
from types import coroutine
from typing import Any

from ..clock import Timer
from ..contract.events import Event
from ..run.run import Run
from .context import HandlerContext
from .handler import EventHandler

BOUND_S = 2.0
"""A handler that has suspended is cut off after this long."""
ASIDE_AFTER = 5
"""Failures in a row after which a handler is set aside for a run: it hears nothing of it, and is tried now and then."""
PROBE_S = 1.0
MAX_PROBE_S = 30.0

NOBODY = ""
"""In place of a run's id: what is shown while no run is in front."""
Note = Callable[["Lane", str, BaseException | None, str], None]
"""`(lane, what it was doing, what it raised, the run)`; None when it works again."""


class CutOffError(Exception):
    """A handler did not end within its bound."""


class Lane:
    """Owns what is under way in one handler, and which runs it is behind on."""

    def __init__(self, handler: EventHandler, context: HandlerContext, note: Note, *, bound_s: float = BOUND_S) -> None:
        self.handler = handler
        self.part = handler.part
        self._failures: dict[str, int] = {}
        """By run: failures in a row until now. One on which it always fails costs it no other."""
        self._context = context
        self._note = note
        self._bound_s = bound_s
        seam = context.shared.seam
        self._handle = seam(f"handler {handler.name}", handler.handle)
        self._repaint = seam(f"repaint {handler.name}", handler.repaint)
        can_handle = seam(f"can_handle {handler.name}", handler.can_handle)
        self._can_handle = None if getattr(can_handle, "__func__", None) is EventHandler.can_handle else can_handle
        """None for a handler of every event that it names."""
        self._behind: dict[str, None] = {}
        """Runs of which it missed something."""
        self._probe: Timer | None = None
        self._pause_s = PROBE_S
        self._generation = 0
        self.task: asyncio.Task[None] | None = None
        """The event in which the handler is suspended."""
        self._timer: Timer | None = None

    @property
    def streak(self) -> int:
        """Failures in a row, of the run on which it fails most."""
        return max(self._failures.values(), default=0)

    @property
    def aside(self) -> bool:
        """True while the handler has failed so often in a row that it hears of no event of some run."""
        return self.streak >= ASIDE_AFTER

    def is_complete(self, run: Run | None) -> bool:
        """Whether the handler heard of every event of the run, and failed on none."""
        return self.handler.on_replay and (run is None or run.run_id not in self._behind)

    def submit(self, message: Event) -> None:
        """Handle the message now; while that cannot be, note that its run is to be repainted."""
        if self.task is not None or (self._failures and self._is_aside(message.run_id)):
            self._behind[message.run_id] = None
            return None
        try:
            if self._can_handle is not None and not self._can_handle(message):
                return None
            steps = self._handle(message, self._context)
            if steps is None:
                return self._succeeded() if self._failures else None
            awaited = steps.send(None)
        except StopIteration:
            return self._succeeded()
        except BaseException as error:  # also CancelledError, SystemExit…: only this handler pays
            return self._failed(message.event, error, message.run_id)
        self._generation += 1
        self.task = asyncio.ensure_future(self._finish(message, steps, awaited, self._generation))
        self._timer = self._context.clock.call_later(self._bound_s, lambda: self._cut_off(message))
        return None

    def repaint(self, run: Run | None) -> bool:
        """Have the handler make all it shows of a run equal to its record; whether it did."""
        try:
            self._repaint(run, self._context)
        except BaseException as error:
            self._failed("repaint", error, run.run_id if run is not None else NOBODY)
            return False
        self._behind.pop(run.run_id if run is not None else NOBODY, None)
        return True

    def catch_up(self, *, every: bool = True) -> None:
        """Repaint the runs it is behind on, those last for which it is set aside, if `every` one is to be tried; with
        that done, it works again.
        """
        failed = bool(self._failures)
        for run_id in sorted(self._behind, key=self._is_aside):
            if not every and self._is_aside(run_id):
                break
            run = self._context.tracking.find(run_id if run_id != NOBODY else self._context.stores.front.get())
            self._behind.pop(run_id, None)
            if (run is not None or run_id == NOBODY) and not self.repaint(run):
                return
        self._failures = {run_id: count for run_id, count in self._failures.items() if run_id in self._behind}
        if failed and not self._failures:
            self._pause_s = PROBE_S
            self._stop_probe()
            self._note(self, "", None, NOBODY)

    def retry(self) -> None:
        """A person wants it tried now."""
        self._stop_probe()
        self._pause_s = PROBE_S
        self.catch_up()

    def forget(self, run_id: str) -> None:
        """A run is forgotten."""
        self._behind.pop(run_id, None)

    def stop(self) -> None:
        """Cut off what is under way."""
        self._behind.clear()
        self._stop_probe()
        self._let_go()

    # -- inside -----------------------------------------------------------------------------------
    async def _finish(self, message: Event, steps: Coroutine[Any, Any, None], awaited: Any, generation: int) -> None:
        error: BaseException | None = None
        try:
            await _resumed(steps, awaited)
        except BaseException as raised:
            error = raised
        if generation != self._generation:
            return  # cut off before
        self._let_go(cancel=False)
        if error is not None:
            self._failed(message.event, error, message.run_id)
        else:
            self._succeeded()
            if self._behind:
                self.catch_up()

    def _cut_off(self, message: Event) -> None:
        self._let_go()
        error = CutOffError(f"It did not end within {self._bound_s:g} s and was cut off.")
        self._failed(message.event, error, message.run_id)

    def _let_go(self, *, cancel: bool = True) -> None:
        task, self.task = self.task, None
        self._generation += 1
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if cancel and task is not None:
            task.cancel()

    def _succeeded(self) -> None:
        if self._failures:
            self.catch_up(every=False)

    def _is_aside(self, run_id: str) -> bool:
        return self._failures.get(run_id, 0) >= ASIDE_AFTER

    def _failed(self, doing: str, error: BaseException, run_id: str) -> None:
        """What it shows of the run may be wrong: it is repainted, as soon as that works."""
        self._behind[run_id] = None
        self._failures[run_id] = self._failures.get(run_id, 0) + 1
        if self._probe is None:
            self._probe = self._context.clock.call_later(self._pause_s, self._try)
            self._pause_s = min(MAX_PROBE_S, self._pause_s * 2)
        self._note(self, doing, error, run_id)

    def _try(self) -> None:
        self._probe = None
        self.catch_up()

    def _stop_probe(self) -> None:
        if self._probe is not None:
            self._probe.cancel()
            self._probe = None


@coroutine
def _resumed(steps: Coroutine[Any, Any, None], awaited: Any) -> Generator[Any, Any, None]:
    """The rest of a coroutine whose first awaited future is already in hand."""
    while True:
        step: Callable[[], Any]
        try:
            sent = yield awaited
        except BaseException as error:
            step = partial(steps.throw, error)
        else:
            step = partial(steps.send, sent)
        try:
            awaited = step()
        except StopIteration:
            return

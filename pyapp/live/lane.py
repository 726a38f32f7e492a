"""A lane: one handler's events, one after the other, isolated from every other handler.

The common case is synchronous: a handler that never really suspends is driven to its end on the spot.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine, Generator
from functools import partial
from typing import Any

from ..clock import Clock, Timer
from ..contract.events import Event
from .backlog import Backlog
from .context import HandlerContext
from .handler import EventHandler

BOUND_S = 2.0
"""A handler that has suspended is cut off after this long."""
ASIDE_AFTER = 5
"""Failures in a row after which a handler is set aside: its events wait, and one of them is tried now and then."""
PROBE_S = 1.0
MAX_PROBE_S = 30.0
MAX_FAILED = 50
"""Events that failed and are kept for a retry; the oldest leave first."""


class CutOffError(Exception):
    """A handler did not end within its bound."""


class Lane:
    """Owns the order of one handler's events. `on_failure(lane, event, error)` hears what it raises."""

    def __init__(
        self,
        handler: EventHandler,
        context: HandlerContext,
        on_failure: Callable[[Lane, Event, BaseException], None],
        on_success: Callable[[Lane], None],
        *,
        bound_s: float = BOUND_S,
    ) -> None:
        self.handler = handler
        self.streak = 0
        """Failures in a row until now."""
        self._context = context
        self._clock: Clock = context.clock
        self._on_failure = on_failure
        self._on_success = on_success
        self._bound_s = bound_s
        self._again: deque[Event] = deque()
        """What is to be tried once more, before anything that waits."""
        self._waiting = Backlog()
        self.failed: deque[Event] = deque(maxlen=MAX_FAILED)
        """What it failed on, oldest first, for a retry."""
        self._probe: Timer | None = None
        self._pause_s = PROBE_S
        self._generation = 0
        self._task: asyncio.Task[None] | None = None
        self._timer: Timer | None = None

    @property
    def busy(self) -> bool:
        """True while the handler is suspended in an event."""
        return self._task is not None

    @property
    def aside(self) -> bool:
        """True while the handler has failed so often in a row that its events wait for a probe."""
        return self._probe is not None

    def submit(self, message: Event) -> None:
        """Handle the message now, or after those before it."""
        if self._task is not None or self._probe is not None:
            self._waiting.add(message, False)
        elif self._run(message):
            self._next()

    def forget(self, run_id: str) -> None:
        """A run is forgotten: what waits or failed of it is of no use any more."""
        self._waiting.forget(run_id)
        self._again = deque(each for each in self._again if each.run_id != run_id)
        self.failed = deque((each for each in self.failed if each.run_id != run_id), MAX_FAILED)

    def stop(self) -> None:
        """Cut off what is under way and forget what waits."""
        self._waiting = Backlog()
        self._again.clear()
        self.failed.clear()
        self._stop_probe()
        self._let_go()

    def retry(self) -> None:
        """Handle once more, now, what failed; then what waits."""
        before = self.streak
        self._again.extend(self.failed)
        self.failed.clear()
        self._stop_probe()
        self.streak = 0
        self._next()
        if before and not self.streak and self._task is None:
            self._on_success(self)

    def _next(self) -> None:
        while (self._again or self._waiting) and self._task is None and self._probe is None:
            self._run(self._again.popleft() if self._again else self._waiting.pop().merged())

    def _probe_now(self) -> None:
        """Its time aside is over: the next event shows whether it works again."""
        self._probe = None
        self._next()

    def _stop_probe(self) -> None:
        if self._probe is not None:
            self._probe.cancel()
            self._probe = None
        self._pause_s = PROBE_S

    def _run(self, message: Event) -> bool:
        """Drive the handler; True when it ended on the spot."""
        try:
            steps = self.handler.handle(message, self._context)
            if steps is None:
                self._succeeded()
                return True
            awaited = steps.send(None)
        except StopIteration:
            self._succeeded()
            return True
        except BaseException as error:  # also CancelledError, SystemExit…: only this handler pays
            self._failed(message, error)
            return True
        self._generation += 1
        self._task = asyncio.ensure_future(self._finish(message, steps, awaited, self._generation))
        self._timer = self._clock.call_later(self._bound_s, lambda: self._cut_off(message))
        return False

    async def _finish(self, message: Event, steps: Coroutine[Any, Any, None], awaited: Any, generation: int) -> None:
        error: BaseException | None = None
        try:
            await _Resumed(steps, awaited)
        except BaseException as raised:
            error = raised
        if generation != self._generation:
            return  # cut off before; its successor has the lane
        self._let_go(cancel=False)
        if error is None:
            self._succeeded()
        else:
            self._failed(message, error)
        self._next()

    def _cut_off(self, message: Event) -> None:
        self._let_go()
        self._failed(message, CutOffError(f"It did not end within {self._bound_s:g} s and was cut off."))
        self._next()

    def _let_go(self, *, cancel: bool = True) -> None:
        task, self._task = self._task, None
        self._generation += 1
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if cancel and task is not None:
            task.cancel()

    def _succeeded(self) -> None:
        if self.streak:
            self.streak = 0
            self._pause_s = PROBE_S
            self._on_success(self)

    def _failed(self, message: Event, error: BaseException) -> None:
        self.streak += 1
        self.failed.append(message)
        if self.streak >= ASIDE_AFTER and self._probe is None:
            self._probe = self._clock.call_later(self._pause_s, self._probe_now)
            self._pause_s = min(MAX_PROBE_S, self._pause_s * 2)
        self._on_failure(self, message, error)


class _Resumed:
    """Awaits the rest of a coroutine whose first awaited future is already in hand."""

    def __init__(self, steps: Coroutine[Any, Any, None], awaited: Any) -> None:
        self._steps = steps
        self._awaited = awaited

    def __await__(self) -> Generator[Any, Any, None]:
        awaited = self._awaited
        while True:
            step: Callable[[], Any]
            try:
                sent = yield awaited
            except BaseException as error:
                step = partial(self._steps.throw, error)
            else:
                step = partial(self._steps.send, sent)
            try:
                awaited = step()
            except StopIteration:
                return

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
from ..messages import Event
from .context import HandlerContext
from .handler import EventHandler

BOUND_S = 2.0
"""A handler that has suspended is cut off after this long."""


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
        self._waiting: deque[Event] = deque()
        self._generation = 0
        self._task: asyncio.Task[None] | None = None
        self._timer: Timer | None = None

    @property
    def busy(self) -> bool:
        """True while the handler is suspended in an event."""
        return self._task is not None

    def submit(self, message: Event) -> None:
        """Handle the message now, or after those before it."""
        if self._task is not None:
            self._waiting.append(message)
        elif self._run(message):
            self._next()

    def stop(self) -> None:
        """Cut off what is under way and forget what waits."""
        self._waiting.clear()
        self._let_go()

    def _next(self) -> None:
        while self._waiting and self._task is None:
            self._run(self._waiting.popleft())

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
            self._on_success(self)

    def _failed(self, message: Event, error: BaseException) -> None:
        self.streak += 1
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

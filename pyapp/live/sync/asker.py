"""Asker: puts a question again, with growing pauses, for as long as its answer is wanted.

One question for each key; a newer wish of the same key takes the place of the older one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from typing import Any

from ...clock import Clock
from ...errors import ApiError, ErrorReporter
from ...locale.catalogue import Sentence

FIRST_PAUSE_S = 0.5
MAX_PAUSE_S = 4.0
"""The longest pause in the first minutes: what the server can tell again must be there within 5 s."""
SLOW_AFTER = 60
SLOW_PAUSE_S = 20.0
"""After that many attempts in vain the pauses grow to this; any sign of the server ends them at once."""
PATIENCE_S = 3.0
MAX_PATIENCE_S = 60.0
"""How long the first attempt may take; each one after it twice as long: a large history over a slow line comes in the
end, and a request that is never answered holds up nothing."""
AT_ONCE = 6
"""Questions that are under way at the same time."""

Key = tuple[str, str]
"""(run id, or "" for the page; what is asked)."""
Ask = Callable[[], Coroutine[Any, Any, bool]]
"""One attempt: True when nothing more is wanted, False to be tried again after a pause. May raise ApiError."""
Failed = Callable[[ApiError], bool]
"""What to make of a failure: True when it is of no use to go on."""


@dataclass(slots=True)
class _Question:
    task: asyncio.Task[None] | None = None
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    """Ends the pause it is in."""


def attempts() -> Iterator[tuple[float, float]]:
    """Seconds that each attempt may take, and to wait after it."""
    patience_s, pause_s = PATIENCE_S, FIRST_PAUSE_S
    for number in count():
        yield patience_s, pause_s
        patience_s = min(MAX_PATIENCE_S, patience_s * 2)
        pause_s = min(MAX_PAUSE_S if number < SLOW_AFTER else SLOW_PAUSE_S, pause_s * 2)


class Asker:
    """Owns what is being asked, and the pauses between attempts."""

    def __init__(self, clock: Clock, reporter: ErrorReporter) -> None:
        self._clock = clock
        self._reporter = reporter
        self._questions: dict[Key, _Question] = {}
        self._places = asyncio.Semaphore(AT_ONCE)

    def want(self, key: Key, ask: Ask, failed: Failed, *, newest: bool = False, every_s: float | None = None) -> None:
        """Ask until it is done; what is being asked already goes on, or makes way for the `newest` wish.

        With `every_s` an attempt that went well and is not the last is followed by the next after so many seconds.
        """
        if key in self._questions:
            if not newest:
                self._questions[key].wake.set()
                return
            self.drop(key)
        question = self._questions[key] = _Question()
        question.task = asyncio.ensure_future(self._go(key, question, ask, failed, every_s))

    def asks(self, key: Key) -> bool:
        return key in self._questions

    def drop(self, key: Key) -> None:
        """It is no longer wanted."""
        question = self._questions.pop(key, None)
        if question is not None and question.task is not None:
            question.task.cancel()

    def drop_run(self, run_id: str) -> None:
        """Nothing of this run is wanted any more."""
        for key in [key for key in self._questions if key[0] == run_id]:
            self.drop(key)

    def stop(self) -> None:
        for key in list(self._questions):
            self.drop(key)

    def nudge(self) -> None:
        """The server is back, or somebody looks: no pause is waited out."""
        for question in self._questions.values():
            question.wake.set()

    def __len__(self) -> int:
        return len(self._questions)

    # -- inside -----------------------------------------------------------------------------------
    async def _go(self, key: Key, question: _Question, ask: Ask, failed: Failed, every_s: float | None) -> None:
        growing = attempts()
        try:
            while True:
                patience_s, pause_s = next(growing)
                done, well = await self._attempt(key, partial(self._within, ask, patience_s), failed)
                if done:
                    return
                if well and every_s is not None:
                    growing, pause_s = attempts(), every_s
                await self._pause(question.wake, pause_s)
        finally:
            if self._questions.get(key) is question:
                del self._questions[key]

    async def _attempt(self, key: Key, ask: Ask, failed: Failed) -> tuple[bool, bool]:
        """Whether nothing more is wanted, and whether it went well."""
        async with self._places if key[1] != "log" else nullcontext():  # a log that is slow holds up nothing else
            try:
                return await ask(), True
            except ApiError as error:
                self._reporter.log("warning", f"[Sync] {' '.join(filter(None, reversed(key)))}: {error}")
                return failed(error), False
            except Exception as error:
                self._reporter.failed("Sync", key[1], error, key[0] or None)
                return False, False

    async def _within(self, ask: Ask, patience_s: float) -> bool:
        """One attempt, ended when it takes longer."""
        task, late = asyncio.current_task(), False

        def end() -> None:
            nonlocal late
            if task is not None:
                late = task.cancel()

        timer = self._clock.call_later(patience_s, end)
        try:
            return await ask()
        except asyncio.CancelledError:
            if task is None or not late or task.uncancel():
                raise  # it is no longer wanted
            raise ApiError(Sentence("api.late", seconds=f"{patience_s:g}")) from None
        finally:
            timer.cancel()

    async def _pause(self, wake: asyncio.Event, pause_s: float) -> None:
        wake.clear()
        timer = self._clock.call_later(pause_s, wake.set)
        try:
            await wake.wait()
        finally:
            timer.cancel()

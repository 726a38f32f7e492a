"""Asker: puts a question again, with growing pauses, for as long as its answer is wanted.

One question for each key; a newer wish of the same key takes the place of the older one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from typing import Any

from ...clock import Clock, Timer
from ...errors import ApiError, ErrorReporter
from ...locale.catalogue import Sentence
from .places import Attempt, Key, Places

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
BRIEF_S, BRIEF_ATTEMPTS = 10.0, 20
"""The longest attempt where the answer should be short, and how many of them show that it is not."""
HANGS_S = 3.0
"""What was not answered for so long is put again when somebody wishes for it, or the link is back."""

Ask = Callable[[], Coroutine[Any, Any, bool]]
"""One attempt: True when nothing more is wanted, False to be tried again after a pause. May raise ApiError."""
Failed = Callable[[ApiError], bool]
"""What to make of a failure: True when it is of no use to go on."""


class _CutOff(Exception):
    """An attempt was ended for the sake of another one."""


@dataclass(slots=True)
class _Question:
    task: asyncio.Task[None] | None = None
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    """Ends the pause it is in."""
    pause: Timer | None = None
    """The one it is in, or was in last."""
    attempt: Attempt | None = None
    """What is under way."""
    anew: bool = False
    """The attempt before was cut off for this one, which has its time then: a long answer over a slow line comes in."""


def attempts(*, long: bool = False) -> Iterator[tuple[float, float]]:
    """Seconds that each attempt may take, and to wait after it."""
    patience_s, pause_s = PATIENCE_S, FIRST_PAUSE_S
    for number in count():
        yield patience_s, pause_s
        patience_s = min(MAX_PATIENCE_S if long or number > BRIEF_ATTEMPTS else BRIEF_S, patience_s * 2)
        pause_s = min(MAX_PAUSE_S if number < SLOW_AFTER else SLOW_PAUSE_S, pause_s * 2)


class Asker:
    """Owns what is being asked, and the pauses between attempts."""

    def __init__(self, clock: Clock, reporter: ErrorReporter, front: Callable[[], str | None] = lambda: None) -> None:
        self._clock = clock
        self._reporter = reporter
        self._questions: dict[Key, _Question] = {}
        self._places = Places(front)

    def want(
        self,
        key: Key,
        ask: Ask,
        failed: Failed,
        *,
        newest: bool = False,
        again: Iterable[float] | None = None,
        long: bool = False,
    ) -> None:
        """Ask until it is done; what is being asked already goes on, or makes way for the `newest` wish.

        With `again` an attempt that was answered and is not the last is followed by the next after the next of these
        pauses (seconds), and behind them by none. The answer to a `long` one may take its time.
        """
        if key in self._questions:
            if not newest:
                self._questions[key].wake.set()
                if self._places.wished(key):
                    self._put_again(self._questions[key])
                    self._places.look()
                return
            self.drop(key)
        question = self._questions[key] = _Question()
        question.task = asyncio.ensure_future(self._go(key, question, ask, failed, again, long))

    def asks(self, key: Key) -> bool:
        return key in self._questions

    def drop(self, key: Key) -> None:
        """It is no longer wanted."""
        question = self._questions.pop(key, None)
        if question is None:
            return
        if question.task is not None:
            question.task.cancel()
        if question.pause is not None:
            question.pause.cancel()

    def drop_run(self, run_id: str) -> None:
        """Nothing of this run is wanted any more."""
        for key in [key for key in self._questions if key[0] == run_id]:
            self.drop(key)

    def stop(self) -> None:
        for key in list(self._questions):
            self.drop(key)

    def nudge(self, *, anew: bool = False) -> None:
        """Somebody looks: no pause is waited out. With `anew` the server is back: what hangs is put once more."""
        for question in self._questions.values():
            question.wake.set()
            if anew:
                self._put_again(question)

    def __len__(self) -> int:
        return len(self._questions)

    # -- inside -----------------------------------------------------------------------------------
    def _put_again(self, question: _Question) -> None:
        """Its attempt may never be answered: the next one begins at once. It is not cut off for the same reason."""
        attempt = question.attempt
        if attempt is not None and not question.anew and self._clock.now() - attempt.began >= HANGS_S:
            question.anew = True
            attempt.cut()

    async def _go(
        self, key: Key, question: _Question, ask: Ask, failed: Failed, again: Iterable[float] | None, long: bool
    ) -> None:
        growing, pauses = attempts(long=long), iter(again or ())
        patience_s, pause_s = next(growing)
        try:
            while True:
                try:
                    within = partial(self._within, key, question, ask, patience_s)
                    done, answered = await self._attempt(key, within, failed)
                except _CutOff:
                    await self._pause(question, 0.0 if question.anew else FIRST_PAUSE_S)
                    continue
                question.anew = False
                if done:
                    return
                if answered and again is not None:
                    after_s = next(pauses, None)
                    if after_s is None:
                        return
                    growing, pause_s = attempts(long=long), after_s
                await self._pause(question, pause_s)
                patience_s, pause_s = next(growing)
        finally:
            if self._questions.get(key) is question:
                del self._questions[key]

    async def _attempt(self, key: Key, ask: Ask, failed: Failed) -> tuple[bool, bool]:
        """Whether nothing more is wanted, and whether the server answered."""
        await self._places.turn(key)
        try:
            return await ask(), True
        except ApiError as error:
            self._reporter.log("warning", f"[Sync] {' '.join(filter(None, reversed(key)))}: {error}")
            return failed(error), not error.temporary
        except _CutOff:
            raise
        except Exception as error:
            self._reporter.failed("Sync", key[1], error, key[0] or None)
            return False, False

    async def _within(self, key: Key, question: _Question, ask: Ask, patience_s: float) -> bool:
        """One attempt, ended when it takes longer, or is cut off."""
        task, ended = asyncio.current_task(), ""

        def end(why: str) -> None:
            nonlocal ended
            if task is not None and not ended and task.cancel():
                ended = why

        question.attempt = attempt = Attempt(key, self._clock.now(), partial(end, "cut off"))
        self._places.enter(attempt)
        timer = self._clock.call_later(patience_s, partial(end, "late"))
        try:
            return await ask()
        except asyncio.CancelledError:
            if task is None or not ended or task.uncancel():
                raise  # it is no longer wanted
            if ended == "cut off":
                raise _CutOff from None
            raise ApiError(Sentence("api.late", seconds=f"{patience_s:g}")) from None
        finally:
            timer.cancel()
            question.attempt = None
            self._places.leave(attempt)

    async def _pause(self, question: _Question, pause_s: float) -> None:
        question.wake.clear()
        question.pause = self._clock.call_later(pause_s, question.wake.set)
        try:
            await question.wake.wait()
        finally:
            question.pause.cancel()

"""Errors: the tree of what can go wrong, and the one place where failures are reported.

Every `str()` of an error here is a full sentence a user can act on.
"""

from __future__ import annotations

import traceback
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

Level = Literal["debug", "info", "warning", "error"]


class FlowglowError(Exception):
    """Base of every error that flowglow raises itself."""


class SettingsError(FlowglowError):
    """A page setting cannot be used: says which one, why, and what to do."""


class HandlerError(FlowglowError):
    """A handler was declared wrongly: found when its class is made, not when an event comes."""


class ApiError(FlowglowError):
    """An HTTP call did not give what it should.

    `status` is the HTTP status, or 0 when no answer came; `code` is the backend's own error code, if any.
    """

    def __init__(self, message: str, *, status: int = 0, code: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code

    @property
    def temporary(self) -> bool:
        """True when asking again later may help: no answer, one that cannot be used, a time-out, 429 or a 5xx."""
        return not 300 <= self.status < 500 or self.status in (408, 429)


class Console(Protocol):
    """Where log lines go: the browser's console, or a list in tests."""

    def write(self, level: Level, text: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Failure:
    """One failure: `source` is a name (a handler, a view), `doing` what it was busy with."""

    source: str
    doing: str
    summary: str
    trace: str


def describe(error: BaseException) -> str:
    """The error's type and text on one line. Never raises, even when the error's own `__str__` does."""
    try:
        text = str(error)
    except BaseException:
        text = "(its text could not be made)"
    name = type(error).__name__
    return f"{name}: {text}" if text else name


def trace_of(error: BaseException) -> str:
    """The error's traceback as text. Never raises."""
    try:
        return "".join(traceback.format_exception(error)).rstrip()
    except BaseException:
        return describe(error)


class ErrorReporter:
    """Receives every failure of the page once; keeps the last `limit` and tells its listeners.

    Owns the record of failures. Never raises, never decides what happens next.
    """

    def __init__(self, console: Console, *, limit: int = 100) -> None:
        self._console = console
        self._listeners: list[Callable[[Failure], None]] = []
        self.recent: deque[Failure] = deque(maxlen=limit)
        self.count = 0

    def listen(self, listener: Callable[[Failure], None]) -> None:
        """Call `listener` for each failure from now on."""
        self._listeners.append(listener)

    def failed(self, source: str, doing: str, error: BaseException) -> None:
        """Report that `source` failed while `doing`: one console line with the traceback."""
        self.record(Failure(source, doing, describe(error), trace_of(error)))

    def failed_drawing(self, source: str, error: BaseException) -> None:
        """Report that a listener of a store failed."""
        self.failed(source, "drawing", error)

    def record(self, failure: Failure) -> None:
        """Report a failure that is already in words (from JavaScript, say)."""
        self.count += 1
        self.recent.append(failure)
        self.log("error", f"[{failure.source}] failed on {failure.doing}: {failure.summary}\n{failure.trace}")
        for listener in self._listeners:
            try:
                listener(failure)
            except BaseException as error:
                self.log("error", f"[ErrorReporter] a listener failed: {describe(error)}")

    def log(self, level: Level, text: str) -> None:
        """Write one line to the console. A console that fails loses the line, nothing else."""
        try:
            self._console.write(level, text)
        except BaseException:
            self.count += 1

"""Errors: what flowglow raises itself, and the one place where failures are reported.

Every `str()` of an error here is a full sentence a user can act on."""

from __future__ import annotations

import traceback
from asyncio import Future
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal, Protocol

Level = Literal["debug", "info", "warning", "error"]
MAX_FRAMES = 50
"""The innermost calls that are told of an error."""


class HandlerError(Exception):
    """A handler was declared wrongly: found when its class is made, not when an event comes."""


class ApiError(Exception):
    """An HTTP call did not give what it should.

    `status` is the HTTP status, or 0 when no answer came; `code` is the backend's own error code, if any. `later` is
    done, without an error, should it come about after all."""

    def __init__(
        self, message: str, *, status: int = 0, code: str | None = None, later: Future[str] | None = None
    ) -> None:
        super().__init__(message)
        self.later = later
        self.status = status
        self.code = code

    @property
    def temporary(self) -> bool:
        """True when asking again later may help: no answer, one that cannot be used, a time-out, 429 or a 5xx."""
        return not 300 <= self.status < 500 or self.status in (408, 429)

    @property
    def missing(self) -> bool:
        """The server knows of no such thing."""
        return self.status in (404, 410)


class Console(Protocol):
    """Where log lines go: the browser's console, or a list in tests."""

    def write(self, level: Level, text: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Failure:
    """One failure: `source` is a name (a handler, a view), `doing` what it was busy with.

    `summary` and `trace` may quote what came over the wire; all the rest is names of ours, and may leave the page."""

    source: str
    doing: str
    summary: str
    trace: str
    run_id: str | None = None
    """The run it was about, where it was about one."""
    error: str = ""
    """The name of the error's class."""
    frames: tuple[str, ...] = ()
    """Where it was raised, the innermost last: `pyapp/live/router.py:41 route`."""


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


def frames_of(error: BaseException) -> tuple[str, ...]:
    """Where the error was raised, without a word of what it was raised on. Never raises."""
    try:
        found = traceback.extract_tb(error.__traceback__)[-MAX_FRAMES:]
        return tuple(f"{_short(each.filename)}:{each.lineno} {each.name}" for each in found)
    except BaseException:
        return ()


def _short(path: str) -> str:
    """A file's place in the page, or its name: where the page is installed is nobody's business."""
    name = path.replace("\\", "/")
    return name[at:] if (at := name.rfind("pyapp/")) >= 0 else name.rpartition("/")[2]


class ErrorReporter:
    """Owns the record of the page's failures, the last `limit` of them, and who is told of each. Never raises."""

    def __init__(self, console: Console, *, limit: int = 100) -> None:
        self._console = console
        self._listeners: list[Callable[[Failure], None]] = []
        self.recent: deque[Failure] = deque(maxlen=limit)

    def listen(self, listener: Callable[[Failure], None]) -> Callable[[], None]:
        """Call `listener` with each failure from now on; the answer ends it. One that raises costs only itself."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    def failed(self, source: str, doing: str, error: BaseException, run_id: str | None = None) -> None:
        """Report that `source` failed while `doing`: one console line with the traceback."""
        name = type(error).__name__
        self.record(Failure(source, doing, describe(error), trace_of(error), run_id, name, frames_of(error)))

    def failed_drawing(self, source: str, error: BaseException) -> None:
        """Report that a listener of a store failed."""
        self.failed(source, "drawing", error)

    def record(self, failure: Failure) -> None:
        """Report a failure that is already in words (from JavaScript, say)."""
        self.recent.append(failure)
        self.log("error", f"[{failure.source}] failed on {failure.doing}: {failure.summary}\n{failure.trace}")
        for listener in tuple(self._listeners):
            try:
                listener(failure)
            except BaseException as error:  # not reported to the others: it may fail on every failure
                self.log("error", f"[ErrorReporter] a listener failed: {describe(error)}\n{trace_of(error)}")

    def log(self, level: Level, text: str) -> None:
        """Write one line to the console. A console that fails loses the line, nothing else."""
        with suppress(BaseException):
            self._console.write(level, text)

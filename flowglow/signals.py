"""Signals: whatever ends a command ends it quietly, and not before it has put in order what it changed."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

ENDING = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))
"""What ends a process that does nothing about it; Ctrl-C is asyncio's, and cancels by itself."""
KILLED = 128
"""The exit status of what a signal ended is this and its number, as shells tell it."""


class Ended(Exception):
    """A signal came; `number` says which."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.strsignal(number))
        self.number = number

    @property
    def status(self) -> int:
        return KILLED + self.number


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """The task inside is cancelled by the first of `ENDING`, and once it has let go of everything Ended is raised.

    A signal that is ignored, or that others handle, stays with them.
    """
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task is not None
    came: list[int] = []

    def end(number: int) -> None:
        came.append(number)
        task.cancel()

    held = [each for each in ENDING if signal.getsignal(each) is signal.SIG_DFL]
    for each in held:
        with suppress(NotImplementedError, RuntimeError, ValueError):  # on Windows, and in other threads
            loop.add_signal_handler(each, end, each)
    try:
        yield
    finally:
        for each in held:
            with suppress(NotImplementedError):
                loop.remove_signal_handler(each)
        if came:
            raise Ended(came[0]) from None


@contextmanager
def ended_at_once() -> Iterator[None]:
    """Ctrl-C ends the process without a word inside: what is imported has nothing to put in order."""
    held = signal.getsignal(signal.SIGINT)
    end_at_once()
    try:
        yield
    finally:
        if held is signal.default_int_handler and threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGINT, held)


def end_at_once() -> None:
    """The same from now on. Where Ctrl-C is ignored, or others handle it, it stays so."""
    ours = threading.current_thread() is threading.main_thread()
    if ours and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)

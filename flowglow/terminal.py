"""Text on its way to a terminal, or to whatever stands in its place."""

from __future__ import annotations

import io
import os
import sys
from contextlib import suppress
from typing import IO, Any


def safe(text: str) -> str:
    """Foreign text for a terminal: whatever could move the cursor or change a colour is shown as �."""
    return "".join(each if each in "\n\t" or (each.isprintable() and each != "\x9b") else "�" for each in text)


def one_line(text: str) -> str:
    """The same on one line, so that it cannot look like another."""
    return safe(text).replace("\n", " ").replace("\t", " ")


def say(command: str, sentence: str) -> None:
    """A command's own sentence, on standard error; what it quotes may be foreign."""
    print(f"flowglow {command}: {one_line(sentence)}", file=sys.stderr)


def forgive(stream: IO[str] | None) -> None:
    """A sign that the stream's encoding has not is written as ? from now on, and ends nothing."""
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="replace")


class Unwritable(Exception):
    """An output takes no more."""

    def __init__(self, why: OSError) -> None:
        super().__init__(f"nothing more can be written ({why.strerror or why})")
        self.closed = isinstance(why, BrokenPipeError)
        """Nobody reads it any longer, as `| head` does: that is no failure."""


class Output:
    """Lines on a stream, until that takes no more; what is written then is dropped."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self._failure: Unwritable | None = None

    def line(self, text: str) -> None:
        if self._failure is not None:
            return
        try:
            print(text, file=self._stream, flush=True)
        except OSError as error:
            self._failure = Unwritable(error)
            let_go(self._stream)

    @property
    def failed(self) -> bool:
        return self._failure is not None

    def check(self) -> None:
        """Raises Unwritable when something could not be written."""
        if self._failure is not None:
            raise self._failure


def let_go(stream: IO[Any]) -> None:
    """Whatever is left in its buffer goes nowhere: it would fail once more, and loudly, as the process ends."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(nowhere, stream.fileno())
        finally:
            os.close(nowhere)

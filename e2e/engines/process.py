"""Processes that a browser needs: started, waited for until they say that they are there, ended."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

READY_S = 60.0
"""A machine that is busy starts a browser slowly."""
END_S = 20.0


def waited_for(process: subprocess.Popen[bytes], said: Callable[[], T | None]) -> T:
    """What the process said, once it has."""
    until = time.monotonic() + READY_S
    while (answer := said()) is None:
        assert process.poll() is None, f"{process.args!r} ended with {process.returncode}"
        assert time.monotonic() < until, f"{process.args!r} said nothing in {READY_S} s"
        time.sleep(0.05)
    return answer


def ended(process: subprocess.Popen[bytes]) -> None:
    """Ask it to end, and wait; end it by force when it does not."""
    process.terminate()
    try:
        process.wait(END_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(END_S)


class Display:
    """An X display that nobody sees, for a browser that has no mode without one. Owns its server."""

    def __init__(self, width: int, height: int) -> None:
        reader, writer = os.pipe()
        screen = f"{width}x{height}x24"
        command = ["Xvfb", "-displayfd", str(writer), "-screen", "0", screen, "-nolisten", "tcp"]
        self._process = subprocess.Popen(
            command, pass_fds=[writer], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        os.close(writer)
        with os.fdopen(reader) as numbers:
            self.name = f":{numbers.readline().strip()}"
        assert self.name != ":", "Xvfb ended before it had a display"

    def close(self) -> None:
        ended(self._process)

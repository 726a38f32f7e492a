"""What the set-up asks of the machine: run a program, find one, tell the person who waits."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # an older Python must get as far as being told that it is too old
    from collections.abc import Sequence
    from pathlib import Path

    Command = Sequence[str | Path]


class SetupError(Exception):
    """A step failed. The text says what failed and what to do."""


class Machine:
    """The real one. The tests have another, which runs nothing."""

    def __init__(self, patience_s: float = 10.0) -> None:
        self._patience_s = patience_s
        self.executable = sys.executable
        self.version: tuple[int, ...] = tuple(sys.version_info[:3])

    def say(self, text: str) -> None:
        """One line to the person who waits."""
        print(f"· {text}", flush=True)

    def find(self, name: str) -> str | None:
        """The path of a program on PATH."""
        return shutil.which(name)

    def is_root(self) -> bool:
        """Whether packages of the system can be installed."""
        return os.geteuid() == 0

    def run(self, command: Command, *, what: str, advice: str, cwd: Path | None = None) -> str:
        """Run to the end, saying every few seconds that it goes on; all that it wrote.

        Raises SetupError with the end of what it wrote, and the advice.
        """
        code, output = self._wait(command, what, cwd, None)
        if code != 0:
            tail = "\n".join("    " + line for line in output.strip().splitlines()[-25:])
            raise SetupError(f"{what} failed (exit {code}).\n{tail}\n  {advice}")
        return output

    def succeeds(self, command: Command, *, what: str, within_s: float = 60.0) -> bool:
        """Whether it ends well and in time. What it writes is not shown."""
        try:
            return self._wait(command, what, None, within_s)[0] == 0
        except SetupError:
            return False

    def _wait(self, command: Command, what: str, cwd: Path | None, limit_s: float | None) -> tuple[int, str]:
        started = time.monotonic()
        try:
            process = subprocess.Popen(
                [str(part) for part in command], cwd=cwd, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
            )
        except OSError as error:
            raise SetupError(f"{what} could not be started ({error}). Install {command[0]}, then try again.") from None
        with process:
            while True:
                try:
                    output, _ = process.communicate(timeout=self._patience_s)
                    return process.returncode, output
                except subprocess.TimeoutExpired:
                    took = time.monotonic() - started
                    if limit_s is not None and took > limit_s:
                        process.kill()
                        return -1, ""
                    self.say(f"  still busy: {what} ({took:.0f} s)")

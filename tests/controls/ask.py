"""What asks a warm process for attempts, from several threads."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from .attempt import TIMEOUT_S, Outcome
from .guard import Guard
from .warm import CANNOT, READY


class Warm:
    """Forks of a process that has imported the copy at `whole`."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._asking = threading.Lock()

    def attempt(self, guard: Guard, file: Path, test: str, said: Path) -> Outcome | None:
        """pytest's exit code and words for `test` where `file` has not this guard; None where it takes a copy."""
        text = file.read_text()
        assert text.count(guard.guard) == 1, f"{guard.file} has this guard {text.count(guard.guard)} times, not once"
        asked = {
            "file": str(file), "guard": guard.guard, "without": guard.without, "test": test,
            "said": str(said), "within_s": str(TIMEOUT_S - 10),
        }  # fmt: skip
        ours, theirs = os.pipe()
        with open(ours, "rb", buffering=0) as becomes:
            try:
                self._ask(json.dumps(asked).encode(), theirs)
            finally:
                os.close(theirs)
            code = _code(becomes.fileno())
        return None if code is None else (code, said.read_text(errors="replace"))

    def _ask(self, asked: bytes, done: int) -> None:
        with self._asking:
            self._control.sendall(len(asked).to_bytes(4) + asked)
            socket.send_fds(self._control, [b"."], [done])


def _code(becomes: int) -> int | None:
    """What a fork says when it ends: its number, when it begins, and a code. It is ended when that takes too long."""
    heard = b""
    until = time.monotonic() + TIMEOUT_S
    while heard.count(b"\n") < 2:
        if not select.select([becomes], [], [], max(0.0, until - time.monotonic()))[0]:
            os.kill(int(heard.split()[0]), signal.SIGKILL)
            return -signal.SIGKILL
        more = os.read(becomes, 100)
        if not more:
            return 255  # it has died
        heard += more
    code = heard.split()[1].decode()
    return None if code == CANNOT else int(code)


@contextmanager
def warm_process(
    whole: Path, modules: Sequence[str], tests: Sequence[str], settings: Mapping[str, str], said: Path
) -> Iterator[Warm]:
    """It has imported these of the copy at `whole`, and written their byte code; it ends with this block."""
    ours, theirs = socket.socketpair()
    command = [sys.executable, "-m", "tests.controls.warm", str(theirs.fileno()), ",".join(modules), *tests]
    environment = os.environ | {"PYTHONPATH": str(whole), "PYTHONDONTWRITEBYTECODE": "", **settings}
    with ours, said.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=whole, env=environment, pass_fds=[theirs.fileno()], stdout=output, stderr=output
        )
        theirs.close()
        assert ours.recv(len(READY), socket.MSG_WAITALL) == READY, said.read_text(errors="replace")
        yield Warm(ours)
        ours.shutdown(socket.SHUT_RDWR)
        assert process.wait(TIMEOUT_S) == 0, said.read_text(errors="replace")

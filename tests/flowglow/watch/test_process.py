"""`flowglow watch` in a process of its own: what ends it ends it quietly, and leaves the terminal whole."""

from __future__ import annotations

import asyncio
import contextlib
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

from tests.flowglow.serving import PATIENCE_S, served
from tests.flowglow.watch.test_watcher import HELLO, happened

ROOT = Path(__file__).parents[3]
WATCH = (sys.executable, "-m", "flowglow", "watch")
_LISTEN = """
import os, signal, sys
for each in (signal.SIGHUP, signal.SIGINT):
    signal.signal(each, signal.SIG_DFL)
os.execv(sys.argv[1], sys.argv[1:])
"""
LISTENING = (sys.executable, "-c", _LISTEN)
"""Runs a command that hears these signals, also below one that does not (as of nohup, or in the background)."""
NOBODY = "ws://127.0.0.1:9/ws"
HIDDEN, SHOWN = b"\x1b[?25l", b"\x1b[?25h"
"""What hides the cursor, and what shows it again."""


class Terminal:
    """A process that believes in a terminal, and all that it writes there."""

    def __init__(self, *words: str, **environment: str) -> None:
        self._ours, theirs = os.openpty()
        self.process = subprocess.Popen(
            [*LISTENING, *WATCH, *words], cwd=ROOT, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
            env={**os.environ, "TERM": "xterm", **environment},
        )  # fmt: skip
        os.close(theirs)
        self.said = b""
        self._deadline = time.monotonic() + PATIENCE_S

    def until(self, words: bytes) -> None:
        """Read until it has written this."""
        while words not in self.said:
            assert self._more(), self.said

    def end(self) -> int:
        """Read on until it has ended; its exit status."""
        while self._more():
            pass
        return self.process.wait(PATIENCE_S)

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._ours)

    def _more(self) -> bool:
        ready, _, _ = select.select([self._ours], [], [], max(0.0, self._deadline - time.monotonic()))
        assert ready, f"it took too long: {self.said!r}"
        try:
            more = os.read(self._ours, 65_536)
        except OSError:  # so Linux says that nobody writes there any more
            return False
        self.said += more
        return bool(more)


@contextlib.contextmanager
def terminal(*words: str, **environment: str) -> Iterator[Terminal]:
    made = Terminal(*words, **environment)
    try:
        yield made
    finally:
        made.close()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_that_ends_it_leaves_the_cursor_to_be_seen(how: signal.Signals) -> None:
    with terminal(NOBODY) as seen:
        seen.until(HIDDEN)
        seen.process.send_signal(how)
        assert seen.end() == 128 + how
    assert seen.said.rfind(SHOWN) > seen.said.rfind(HIDDEN) and b"Traceback" not in seen.said


def test_a_terminal_that_has_not_our_signs_shows_others() -> None:
    with terminal(NOBODY, PYTHONIOENCODING="ascii") as seen:
        seen.until(b"? waiting")
    assert b"Traceback" not in seen.said


def test_ctrl_c_while_libraries_are_imported_says_nothing(tmp_path: Path) -> None:
    """One of them takes as long as it is let."""
    slow = tmp_path / "rich"
    slow.mkdir()
    (slow / "__init__.py").write_text("import signal\nprint('importing', flush=True)\nsignal.pause()\n")
    path = os.pathsep.join([str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])])
    pipe = subprocess.PIPE
    environment = {**os.environ, "PYTHONPATH": path}
    words = [*LISTENING, *WATCH, NOBODY]
    process = subprocess.Popen(words, cwd=ROOT, stdout=pipe, stderr=pipe, env=environment)
    try:
        assert process.stdout is not None and process.stdout.readline() == b"importing\n"
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=PATIENCE_S) == (b"", b"")
        assert process.returncode == -signal.SIGINT
    finally:
        process.kill()
        process.wait()


async def test_when_nobody_reads_on_it_ends_and_says_nothing() -> None:
    """As of `| head`: at the next line, which cannot be written."""
    opened, gone = 0, asyncio.Event()

    async def tell(socket: WebSocket) -> None:
        nonlocal opened
        opened += 1
        await socket.accept()
        await socket.send_json(HELLO)
        await socket.send_json(happened()[0])
        await gone.wait()
        await socket.send_json(happened()[1:])
        with contextlib.suppress(Exception):
            await socket.receive_text()

    async with served(Starlette(routes=[WebSocketRoute("/ws", tell)])) as where:
        words = [*WATCH, f"ws://{where}/ws", "--plain", "--for", str(3 * PATIENCE_S)]  # not what ends it
        process = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert process.stdout is not None and process.stderr is not None
        try:
            while b"started" not in (line := await asyncio.to_thread(process.stdout.readline)):
                assert line
            process.stdout.close()
            gone.set()
            assert await asyncio.to_thread(process.wait, PATIENCE_S) == 141
            assert process.stderr.read() == b"" and opened == 1
        finally:
            process.kill()
            process.wait()
            process.stderr.close()

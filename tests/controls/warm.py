"""`python -m tests.controls.warm SOCKET MODULE,… FILE …`: has imported these, and forks for each attempt.

A fork takes its guard out in memory and runs one test: nothing is imported anew, which is most of what an attempt
takes. It can do no harm to others: what it changes, it alone has.
"""

from __future__ import annotations

import faulthandler
import gc
import importlib
import inspect
import json
import os
import socket
import sys
import threading
from collections.abc import Iterator
from typing import NoReturn

import pytest

from .swap import CannotSwap, imported_from, take_out

READY = b"ready"
CANNOT = "cannot"
"""Said in place of an exit code: this attempt needs a copy."""


class Forks:
    """A plugin: in place of running what was collected it waits for what is asked; each fork runs that, as pytest does.

    What is asked comes over `control`, with a pipe for what becomes of it. `modules` are imported beside the tests.
    """

    def __init__(self, control: socket.socket, modules: list[str]) -> None:
        self._control = control
        self._modules = modules
        self._done: int | None = None
        """In a fork: where it says what became of it."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """None, in a fork: the loop of pytest goes on. True, here: all is done."""
        if session.testsfailed:
            return None
        for name in self._modules:
            importlib.import_module(name)
        inspect.getmodule(_end.__code__)  # it remembers where all modules stand, which each trace asks for
        tests = [(each.nodeid, each) for each in session.items]
        gc.unfreeze()
        imported = imported_from(os.getcwd())
        gc.freeze()
        assert threading.active_count() == 1, "only a process of one thread can fork"
        sys.stdout.flush()
        self._control.sendall(READY)
        while head := self._control.recv(4, socket.MSG_WAITALL):
            asked = json.loads(self._control.recv(int.from_bytes(head), socket.MSG_WAITALL))
            _, (done,), _, _ = socket.recv_fds(self._control, 1, 1)
            if os.fork() == 0:
                self._control.close()
                self._done = done
                _hear(asked, done)
                try:
                    if asked["without"] != asked["guard"]:
                        take_out(asked["file"], asked["guard"], asked["without"], imported)
                    session.items[:] = [item for name, item in tests if _is(name, asked["test"])]
                    if not session.items:
                        raise CannotSwap(f"no test is {asked['test']}")
                except (CannotSwap, SyntaxError) as error:
                    print(error)
                    _end(done, CANNOT)
                return None
            os.close(done)
            _forget_ended()
        return True

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Iterator[None]:
        """A fork ends when all is said, as one of multiprocessing does: it tears down nothing that it shares."""
        yield
        if self._done is not None:
            _end(self._done, str(int(session.exitstatus)))


def _hear(asked: dict[str, str], done: int) -> None:
    """Say which process this is, and write all words where they are asked for."""
    os.write(done, f"{os.getpid()}\n".encode())
    output = os.open(asked["said"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(output, 1)
    os.dup2(output, 2)
    faulthandler.dump_traceback_later(float(asked["within_s"]), file=output)


def _end(done: int, word: str) -> NoReturn:
    sys.stdout.flush()
    sys.stderr.flush()
    os.write(done, f"{word}\n".encode())
    os._exit(0)


def _forget_ended() -> None:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def _is(name: str, test: str) -> bool:
    return name == test or name.startswith((f"{test}[", f"{test}::"))


def main(control: int, modules: list[str], tests: list[str]) -> int:
    """pytest's exit code; the tests are asked for by their files."""
    words = ["-x", "-s", "-p", "no:cacheprovider", *tests]
    return int(pytest.main(words, plugins=[Forks(socket.socket(fileno=control), modules)]))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2].split(","), sys.argv[3:]))

"""One attempt: a guard is taken out of a copy, and its test is run there."""

from __future__ import annotations

import faulthandler
import gc
import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing.connection import wait
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pytest

from .guard import Guard

ROOT = Path(__file__).resolve().parents[2]
TESTS_FAILED = 1
"""pytest's exit code when the tests ran and some failed; anything else is no proof."""
QUICK = {"FLOWGLOW_PROFILE": "control"}
"""The smallest example that fails is not looked for."""
WITHOUT_PLUGINS = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
"""None is needed, and what is imported already cannot become one."""
TIMEOUT_S = 300
FORKS = multiprocessing.get_context("forkserver")
"""Processes that begin with the libraries imported: that is more than half of what most attempts take."""
FORKS.set_forkserver_preload(
    ["hypothesis", "pydantic", "pytest", "httpx", "redis.asyncio", "starlette.testclient", "uvicorn"]
)

ONE_AT_A_TIME = threading.Lock()
"""Held while a process is begun or its exit code is read.

To begin one is to read the codes of all that ended, and a code can be read once: who comes second is told 255.
"""
AT_ONCE = (os.cpu_count() or 1) * 4
"""Attempts: a red test often waits for what does not come, and needs no processor meanwhile."""

COPIES = threading.Semaphore((os.cpu_count() or 1) + 1)
"""Held by an attempt in a copy, which needs a processor for as long as it takes; in a fork most only wait."""

Outcome = tuple[int, str]
"""pytest's exit code and words."""


@contextmanager
def attempts_at(
    guards: Sequence[Guard], attempt: Callable[[Guard, Path], Outcome], place: Path
) -> Iterator[dict[str, Future[Outcome]]]:
    """An attempt at each of them in a folder of its own, AT_ONCE at a time; none begins after the end."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield {each.fault: pool.submit(attempt, each, place / str(number)) for number, each in enumerate(guards)}
        pool.shutdown(cancel_futures=True)


def run_without(guard: Guard, place: Path, file: Path, test: str, **settings: str) -> Outcome:
    """Put `file`, in the copy at `place`, without the guard; pytest's exit code and words for `test`.

    `settings` are put into the environment of pytest.
    """
    text = file.read_text()
    assert text.count(guard.guard) == 1, f"{guard.file} has this guard {text.count(guard.guard)} times, not once"
    file.unlink()  # it may be a link to what others copy, too
    file.write_text(text.replace(guard.guard, guard.without))
    said = place / "said.txt"
    environment = {"PYTHONPATH": str(place), **WITHOUT_PLUGINS, **settings}
    process = FORKS.Process(target=_run_pytest, args=(place, test, environment, said))
    with COPIES:
        return _ended(process, said)


def _ended(process: ForkServerProcess, said: Path) -> Outcome:
    with ONE_AT_A_TIME:
        process.start()
    in_time = bool(wait([process.sentinel], TIMEOUT_S))
    if not in_time:
        process.kill()
        wait([process.sentinel])
    with ONE_AT_A_TIME:
        process.join()
    late = "" if in_time else f"\nNot done after {TIMEOUT_S} s; where it stood is said above."
    return process.exitcode or 0, said.read_text() + late


def _run_pytest(place: Path, test: str, settings: dict[str, str], said: Path) -> None:
    """In a process of its own: the copy's tests, of which nothing is imported yet, with what libraries already are.

    Those stay: no search for garbage goes through them, which would also copy their memory into this process. Searches
    are as rare as in the tests, from the first import on.
    """
    gc.freeze()
    gc.set_threshold(20_000, 5, 5)
    with said.open("wb") as output:
        os.dup2(output.fileno(), 1)
        os.dup2(output.fileno(), 2)
    faulthandler.dump_traceback_later(TIMEOUT_S - 10, file=os.dup(2))
    os.chdir(place)
    os.environ.update(settings)
    sys.path[:] = [str(place), *(path for path in sys.path if path not in ("", str(ROOT)))]
    for name in [name for name in sys.modules if name.partition(".")[0] == "tests"]:
        del sys.modules[name]
    sys.exit(int(pytest.main(["-x", "-p", "no:cacheprovider", test])))

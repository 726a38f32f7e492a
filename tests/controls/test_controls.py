"""A test that cannot fail proves nothing: without its guard each must go red."""

from __future__ import annotations

import compileall
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest

from .attempt import QUICK, ROOT, TESTS_FAILED, WITHOUT_PLUGINS, Outcome, attempts_at, run_without
from .edges import EDGE_GUARDS, PAGE_GUARDS
from .guard import Guard
from .guards import GUARDS as HEART_GUARDS
from .portal import PORTAL_GUARDS
from .relay import RELAY_GUARDS
from .security import SECURITY_GUARDS, SERVER_GUARDS

SERVERS = ("devserver", "flowglow", "setup", "e2e", "bench")
PAGES = (*HEART_GUARDS, *EDGE_GUARDS, *PORTAL_GUARDS, *SECURITY_GUARDS)
GUARDS = (*PAGES, *SERVER_GUARDS, *RELAY_GUARDS)


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of everything, with its byte code and that of its asserts: a third of an attempt would go there."""
    place = tmp_path_factory.mktemp("whole")
    skipped = shutil.ignore_patterns("controls", "__pycache__", "node_modules")
    for folder in (*SERVERS, "pyapp", "tests"):
        shutil.copytree(ROOT / folder, place / folder, ignore=skipped)
    compileall.compile_dir(place, quiet=1, workers=os.cpu_count() or 1)
    shutil.copy(ROOT / "pyproject.toml", place)
    tests = sorted({f"tests/{each.test.partition('::')[0]}" for each in GUARDS})
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", *tests]
    writing = os.environ | {"PYTHONPATH": str(place), "PYTHONDONTWRITEBYTECODE": "", **WITHOUT_PLUGINS}
    subprocess.run(command, cwd=place, env=writing, check=True, capture_output=True)
    return place


def attempt(guard: Guard, place: Path, whole: Path) -> Outcome:
    """Take the guard out of a copy of the page, with the servers where it is one of theirs, and run its test there."""
    of_servers = guard.file.split("/")[0] in SERVERS
    skipped = shutil.ignore_patterns("recordings" if of_servers else "devserver")
    for folder in (*SERVERS, "pyapp", "tests") if of_servers else ("pyapp", "tests"):
        shutil.copytree(whole / folder, place / folder, ignore=skipped, copy_function=os.link)
    shutil.copy(whole / "pyproject.toml", place)
    file = (place if of_servers else place / "pyapp") / guard.file
    return run_without(guard, place, file, f"tests/{guard.test}", **QUICK)


@pytest.fixture(scope="session")
def attempts(whole: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Future[Outcome]]]:
    def at(guard: Guard, place: Path) -> Outcome:
        return attempt(guard, place, whole)

    with attempts_at(GUARDS, at, tmp_path_factory.mktemp("controls")) as begun:
        yield begun


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.fault)
def test_without_its_guard_the_test_goes_red(guard: Guard, attempts: dict[str, Future[Outcome]]) -> None:
    code, said = attempts[guard.fault].result()
    assert code == TESTS_FAILED, said


@pytest.mark.parametrize(
    "untouched",
    [
        Guard("nothing", "contract/decode.py", "def decode(", "def decode(", "contract/test_decode.py"),
        Guard("nothing", "flowglow/relay/hub.py", "class Hub:", "class Hub:", "flowglow/producer/test_killed.py"),
    ],
    ids=["page", "servers"],
)
def test_with_nothing_taken_out_the_copy_is_green(untouched: Guard, whole: Path, tmp_path: Path) -> None:
    code, said = attempt(untouched, tmp_path, whole)
    assert code == 0, said


def test_no_guard_is_listed_twice() -> None:
    assert len({each.fault for each in GUARDS}) == len(GUARDS)


def test_each_guard_of_the_page_stands_where_it_is_said_to() -> None:
    """They are taken out by `make controls-page` alone; a guard that has moved is told at once."""
    for guard in PAGE_GUARDS:
        assert (ROOT / guard.file).read_text().count(guard.guard) == 1, guard.fault

"""A test that cannot fail proves nothing: without its guard each must go red."""

from __future__ import annotations

import compileall
import os
import shutil
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path

import pytest

from .ask import Warm, warm_process
from .attempt import QUICK, ROOT, TESTS_FAILED, WITHOUT_PLUGINS, Outcome, attempts_at, run_without
from .edges import EDGE_GUARDS, PAGE_GUARDS
from .guard import Guard
from .guards import GUARDS as HEART_GUARDS
from .portal import PORTAL_GUARDS
from .relay import RELAY_GUARDS
from .security import SECURITY_GUARDS, SERVER_GUARDS

SERVERS = ("devserver", "flowglow", "setup", "e2e", "bench")
PAGES = (*HEART_GUARDS, *EDGE_GUARDS, *PORTAL_GUARDS, *SECURITY_GUARDS)
GUARDS = (*RELAY_GUARDS, *SERVER_GUARDS, *PAGES)
"""Those first whose red tests wait for what does not come, and need no processor meanwhile."""
OF_FILES = (
    "flowglow/producer/test_killed.py",
    "flowglow/relay/log/test_full_disk.py",
    "flowglow/relay/test_process.py",
    "flowglow/watch/test_process.py",
    "run/test_record.py",
)
"""Tests that read the files, as processes do that they begin: a guard must be taken out of these."""
SAMPLE = GUARDS[7::50]


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of everything, with its byte code."""
    place = tmp_path_factory.mktemp("whole")
    skipped = shutil.ignore_patterns("__pycache__", "node_modules")
    for folder in (*SERVERS, "pyapp", "tests"):
        shutil.copytree(ROOT / folder, place / folder, ignore=skipped)
    compileall.compile_dir(place, quiet=1, workers=os.cpu_count() or 1)
    shutil.copy(ROOT / "pyproject.toml", place)
    return place


@pytest.fixture(scope="session")
def warm(whole: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warm]:
    """Forks of a process that has imported that copy, and what guards stand in: most of an attempt would go there."""
    tests = sorted({f"tests/{each.test.partition('::')[0]}" for each in GUARDS})
    files = {in_copy(each, whole).relative_to(whole) for each in GUARDS}
    modules = sorted(".".join(each.with_suffix("").parts) for each in files if each.suffix == ".py")
    said = tmp_path_factory.mktemp("warm") / "said.txt"
    with warm_process(whole, modules, tests, {**QUICK, **WITHOUT_PLUGINS}, said) as process:
        yield process


def in_copy(guard: Guard, place: Path) -> Path:
    """The file in which it stands."""
    return (place if of_servers(guard) else place / "pyapp") / guard.file


def of_servers(guard: Guard) -> bool:
    return guard.file.split("/")[0] in SERVERS


def attempt(guard: Guard, place: Path, whole: Path, warm: Warm) -> Outcome:
    """Run its test without it: in a fork, and in a copy where that cannot be or is no proof."""
    if not guard.test.startswith(OF_FILES):
        outcome = in_fork(guard, place, whole, warm)
        if outcome is not None and outcome[0] == TESTS_FAILED:
            return outcome
    return in_files(guard, place, whole)


def in_fork(guard: Guard, place: Path, whole: Path, warm: Warm) -> Outcome | None:
    """Take the guard out of the functions that have it, and run its test there; None where more has it."""
    place.mkdir(exist_ok=True)
    return warm.attempt(guard, in_copy(guard, whole), f"tests/{guard.test}", place / "said.txt")


def in_files(guard: Guard, place: Path, whole: Path) -> Outcome:
    """Take the guard out of a copy of the page, with the servers where it is one of theirs, and run its test there."""
    servers = of_servers(guard)
    skipped = shutil.ignore_patterns("controls", "recordings" if servers else "devserver")
    for folder in (*SERVERS, "pyapp", "tests") if servers else ("pyapp", "tests"):
        shutil.copytree(whole / folder, place / folder, ignore=skipped, copy_function=os.link)
    shutil.copy(whole / "pyproject.toml", place)
    return run_without(guard, place, in_copy(guard, place), f"tests/{guard.test}", **QUICK)


@pytest.fixture(scope="session")
def attempts(whole: Path, warm: Warm, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Future[Outcome]]]:
    def at(guard: Guard, place: Path) -> Outcome:
        return attempt(guard, place, whole, warm)

    with attempts_at(GUARDS, at, tmp_path_factory.mktemp("controls")) as begun:
        yield begun


UNTOUCHED = (
    Guard("nothing", "contract/decode.py", "def decode(", "def decode(", "contract/test_decode.py"),
    Guard("nothing", "flowglow/relay/hub.py", "class Hub:", "class Hub:", "flowglow/producer/test_killed.py"),
)


@pytest.mark.usefixtures("attempts")
@pytest.mark.parametrize("untouched", UNTOUCHED, ids=["page", "servers"])
def test_with_nothing_taken_out_the_copy_is_green(untouched: Guard, whole: Path, tmp_path: Path) -> None:
    code, said = in_files(untouched, tmp_path, whole)
    assert code == 0, said


@pytest.mark.usefixtures("attempts")
@pytest.mark.parametrize("guard", SAMPLE, ids=lambda guard: guard.fault)
def test_with_nothing_taken_out_a_fork_is_green(guard: Guard, whole: Path, warm: Warm, tmp_path: Path) -> None:
    outcome = in_fork(replace(guard, without=guard.guard), tmp_path, whole, warm)
    assert outcome is not None and outcome[0] == 0, outcome


@pytest.mark.usefixtures("attempts")
@pytest.mark.parametrize("guard", SAMPLE, ids=lambda guard: guard.fault)
def test_a_fork_says_what_a_copy_says(guard: Guard, whole: Path, warm: Warm, tmp_path: Path) -> None:
    outcome = in_fork(guard, tmp_path, whole, warm)
    copied, said = in_files(guard, tmp_path, whole)
    assert outcome is None or outcome[0] == copied, (outcome, said)


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.fault)
def test_without_its_guard_the_test_goes_red(guard: Guard, attempts: dict[str, Future[Outcome]]) -> None:
    code, said = attempts[guard.fault].result()
    assert code == TESTS_FAILED, said


def test_no_guard_is_listed_twice() -> None:
    assert len({each.fault for each in GUARDS}) == len(GUARDS)


def test_each_guard_of_the_page_stands_where_it_is_said_to() -> None:
    """They are taken out by `make controls-page` alone; a guard that has moved is told at once."""
    for guard in PAGE_GUARDS:
        assert (ROOT / guard.file).read_text().count(guard.guard) == 1, guard.fault

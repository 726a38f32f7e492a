"""A test that cannot fail proves nothing: without its guard each must go red."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from .attempt import ROOT, TESTS_FAILED, run_without
from .edges import EDGE_GUARDS, PAGE_GUARDS
from .guard import Guard
from .guards import GUARDS as HEART_GUARDS
from .portal import PORTAL_GUARDS

QUICK = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "FLOWGLOW_PROFILE": "control"}
"""No plugin is needed, nor the smallest example that fails."""
GUARDS = (*HEART_GUARDS, *EDGE_GUARDS, *PORTAL_GUARDS)


def attempt(guard: Guard, place: Path) -> tuple[int, str]:
    """Take the guard out of a copy of the page, and run its test there."""
    skipped = shutil.ignore_patterns("devserver", "controls")
    for folder in ("pyapp", "tests"):
        shutil.copytree(ROOT / folder, place / folder, ignore=skipped)
    shutil.copy(ROOT / "pyproject.toml", place)
    file, test = place / "pyapp" / guard.file, f"tests/{guard.test}"
    return run_without(guard, place, file, test, **QUICK)


@pytest.fixture(scope="session")
def attempts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Future[tuple[int, str]]]]:
    """All of them, as many at once as there are processors."""
    place = tmp_path_factory.mktemp("controls")
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        yield {each.fault: pool.submit(attempt, each, place / str(number)) for number, each in enumerate(GUARDS)}


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.fault)
def test_without_its_guard_the_test_goes_red(guard: Guard, attempts: dict[str, Future[tuple[int, str]]]) -> None:
    code, said = attempts[guard.fault].result()
    assert code == TESTS_FAILED, said


def test_with_nothing_taken_out_the_copy_is_green(tmp_path: Path) -> None:
    untouched = Guard("nothing", "contract/decode.py", "def decode(", "def decode(", "contract/test_decode.py")
    code, said = attempt(untouched, tmp_path)
    assert code == 0, said


def test_no_guard_is_listed_twice() -> None:
    assert len({each.fault for each in GUARDS}) == len(GUARDS)


def test_each_guard_of_the_page_stands_where_it_is_said_to() -> None:
    """They are taken out by `make controls-page` alone; a guard that has moved is told at once."""
    for guard in PAGE_GUARDS:
        assert (ROOT / guard.file).read_text().count(guard.guard) == 1, guard.fault

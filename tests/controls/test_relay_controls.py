"""The same for the relay: each guard against a fault taken out of a copy, and its test is red there."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest

from .attempt import QUICK, ROOT, TESTS_FAILED, Outcome, attempts_at, run_without
from .guard import Guard
from .relay import RELAY_GUARDS

FOLDERS = ("pyapp", "flowglow", "tests", "e2e", "bench", "setup")


def attempt(guard: Guard, place: Path) -> Outcome:
    skipped = shutil.ignore_patterns("controls", "devserver", "node_modules", "__pycache__", "recordings")
    for folder in FOLDERS:
        shutil.copytree(ROOT / folder, place / folder, ignore=skipped)
    shutil.copy(ROOT / "pyproject.toml", place)
    return run_without(guard, place, place / guard.file, f"tests/{guard.test}", **QUICK)


@pytest.fixture(scope="session")
def attempts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Future[Outcome]]]:
    with attempts_at(RELAY_GUARDS, attempt, tmp_path_factory.mktemp("relay-controls")) as begun:
        yield begun


@pytest.mark.parametrize("guard", RELAY_GUARDS, ids=lambda guard: guard.fault)
def test_without_its_guard_the_test_goes_red(guard: Guard, attempts: dict[str, Future[Outcome]]) -> None:
    code, said = attempts[guard.fault].result()
    assert code == TESTS_FAILED, said


def test_with_nothing_taken_out_the_copy_is_green(tmp_path: Path) -> None:
    test = "flowglow/producer/test_killed.py"
    code, said = attempt(Guard("nothing", "flowglow/relay/hub.py", "class Hub:", "class Hub:", test), tmp_path)
    assert code == 0, said

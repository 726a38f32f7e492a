"""The state machine over the event logs has teeth: with any of them written wrong it goes red."""

from __future__ import annotations

import contextlib
import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, settings

from tests.flowglow.redis_server import RedisServer, running_redis
from tests.flowglow.relay.log.test_model import SameAsMemory
from tests.flowglow.relay.support import Opened, redis_logs, sqlite_logs

from .mutants import MUTANTS, Mutant

EXAMPLES = 120
"""So many sequences are tried at most; `test_model` tries fewer each time, and others each time."""


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    with running_redis(tmp_path_factory.mktemp("redis")) as server:
        yield server


@contextlib.contextmanager
def written_wrong(mutant: Mutant) -> Iterator[None]:
    """The module as it would be, wherever something of it is used."""
    module = importlib.import_module(f"flowglow.relay.log.{mutant.module}")
    text = Path(str(module.__file__)).read_text()
    assert text.count(mutant.right) == 1, f"{mutant.module} has this {text.count(mutant.right)} times, not once"
    before = dict(vars(module))
    exec(compile(text.replace(mutant.right, mutant.wrong), str(module.__file__), "exec"), vars(module))
    swapped = {id(old): (old, vars(module)[name]) for name, old in before.items() if _own(old, module.__name__)}
    _swap(swapped)
    try:
        yield
    finally:
        _swap({id(new): (new, old) for old, new in swapped.values()})
        vars(module).update(before)


def _own(value: Any, module: str) -> bool:
    return callable(value) and getattr(value, "__module__", "") == module


def _swap(swapped: dict[int, tuple[Any, Any]]) -> None:
    """In each of our modules, the one for the other."""
    for name, module in list(sys.modules.items()):
        if name.startswith(("flowglow.", "tests.")):
            for key, value in list(vars(module).items()):
                if id(value) in swapped:
                    setattr(module, key, swapped[id(value)][1])


def play(opened: Opened, examples: int = EXAMPLES) -> None:
    machine: Any = type("SameAsThat", (SameAsMemory,), {"opened": staticmethod(opened)})
    case = machine.TestCase
    case.settings = settings(
        max_examples=examples, stateful_step_count=40, deadline=None, phases=[Phase.generate], database=None,
        derandomize=True, report_multiple_bugs=False,
    )  # fmt: skip
    case().runTest()


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.what)
def test_a_log_that_is_written_wrong_is_found(mutant: Mutant, redis: RedisServer, tmp_path: Path) -> None:
    opened = redis_logs(redis) if mutant.module.startswith("redis") else sqlite_logs(tmp_path)
    with written_wrong(mutant), pytest.raises(AssertionError):
        play(opened)


@pytest.mark.parametrize("kind", ["sqlite", "redis"])
def test_as_they_are_nothing_is_found(kind: str, redis: RedisServer, tmp_path: Path) -> None:
    play(redis_logs(redis) if kind == "redis" else sqlite_logs(tmp_path), 20)

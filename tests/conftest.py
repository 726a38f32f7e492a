"""What all unit tests share: `async def` tests without a plugin, hypothesis profiles, guarded records.

The same suite runs on CPython and inside the page, where neither plugins with threads nor subprocesses are.
"""

from __future__ import annotations

import asyncio
import gc
import inspect
import os
import sys
from collections.abc import Coroutine
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests import record_guard

record_guard.install()
settings.register_profile("host", max_examples=60, deadline=None, derandomize=True)
settings.register_profile(
    "page", max_examples=8, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
settings.register_profile("control", settings.get_profile("host"), phases=[Phase.explicit, Phase.generate])
settings.register_profile("soak", max_examples=5000, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("FLOWGLOW_PROFILE", "page" if sys.platform == "emscripten" else "host"))

PATIENCE_S = 300.0
"""A test that takes longer is stuck: better red than a suite that does not end."""
LONG = ("test_picture", "test_schedules", "test_faults", "test_no_event_vanishes", "test_review", "test_occurrences")
"""The files that take longest, the longest first."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first, so that no process waits for one at the end.

    Coverage is asked of examples that people wrote: where hundreds are generated it makes them thrice as slow.
    """
    items.sort(key=lambda item: LONG.index(item.path.stem) if item.path.stem in LONG else len(LONG))
    for item in items:
        if hasattr(getattr(item, "obj", None), "hypothesis"):
            item.add_marker("no_cover")


def pytest_configure() -> None:
    """What is imported and collected stays: there is little garbage to search for, then and later."""
    gc.set_threshold(20_000, 5, 5)


def pytest_collection_finish() -> None:
    """What is there now stays until the end: no search for garbage goes through it again.

    Hypothesis comes first: it looks for who holds its random numbers, and no search finds who is set aside.
    """
    settings(max_examples=1, database=None)(given(st.none())(lambda _: None))()
    gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run an `async def` test to its end, in an event loop of its own; it waits for nothing for ever."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    names = pyfuncitem._fixtureinfo.argnames
    arguments: dict[str, Any] = {name: pyfuncitem.funcargs[name] for name in names}
    asyncio.run(_within(PATIENCE_S, pyfuncitem.obj(**arguments)))
    return True


async def _within(seconds: float, test: Coroutine[Any, Any, None]) -> None:
    async with asyncio.timeout(seconds):
        await test

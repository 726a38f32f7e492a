"""Fixtures: a browser and a dev server as `e2e` has them, the page as it is deployed, and the wheel of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page

from e2e.conftest import Guard, browser, built, context, devserver, playwright
from e2e.deployed import build_quietly
from setup.package import write_wheel
from setup.place import HERE

from .environments import environment

__all__ = ["browser", "built", "context", "devserver", "playwright"]


@pytest.fixture(scope="session")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page as `make dist` builds it, with its packed forms."""
    return build_quietly(tmp_path_factory.mktemp("site") / "dist", twins=True)


@pytest.fixture(scope="session")
def wheel(dist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    return folder / write_wheel(folder, HERE.root, dist)


@pytest.fixture(scope="session")
def empty_environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment that was empty before the wheel was installed."""
    return environment(tmp_path_factory.mktemp("empty") / "venv", wheel)


@pytest.fixture
def fresh(context: BrowserContext) -> Iterator[tuple[Page, Guard]]:
    """A new page and what watches it."""
    page = context.new_page()
    guard = Guard(page)
    yield page, guard
    page.close()
    guard.check()

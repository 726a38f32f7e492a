"""The logs that every conformance test runs against."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.flowglow.relay.support import Opened, memory_logs, sqlite_logs

SHARED = ("sqlite",)
"""Logs that several processes can hold at once."""


def logs_of(kind: str, folder: Path) -> Opened:
    return memory_logs() if kind == "memory" else sqlite_logs(folder)


@pytest.fixture(params=("memory", *SHARED))
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Opened:
    """Opens a log of each kind."""
    return logs_of(request.param, tmp_path)


@pytest.fixture(params=SHARED)
def shared(request: pytest.FixtureRequest, tmp_path: Path) -> Opened:
    """Opens a log of each kind that can be opened twice."""
    return logs_of(request.param, tmp_path)

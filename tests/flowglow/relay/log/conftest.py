"""The logs that every conformance test runs against."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.flowglow.redis_server import RedisServer, running_redis
from tests.flowglow.relay.support import Opened, memory_logs, redis_logs, sqlite_logs

SHARED = ("sqlite", "redis")
"""Logs that several processes can hold at once."""


@pytest.fixture(scope="session")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    with running_redis(tmp_path_factory.mktemp("redis")) as server:
        yield server


def logs_of(kind: str, folder: Path, request: pytest.FixtureRequest) -> Opened:
    """What opens logs of that kind."""
    if kind == "redis":
        return redis_logs(request.getfixturevalue("redis"))
    return memory_logs() if kind == "memory" else sqlite_logs(folder)


@pytest.fixture(params=("memory", *SHARED))
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Opened:
    """Opens a log of each kind."""
    return logs_of(request.param, tmp_path, request)


@pytest.fixture(params=SHARED)
def shared(request: pytest.FixtureRequest, tmp_path: Path) -> Opened:
    """Opens a log of each kind that can be opened twice."""
    return logs_of(request.param, tmp_path, request)

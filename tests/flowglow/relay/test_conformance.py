"""`flowglow check` finds nothing in a relay, whatever it keeps its events in, nor in two of them that share a log."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from flowglow.check.conduct import conduct
from flowglow.check.options import Options
from flowglow.relay.app import create_relay
from flowglow.relay.log.opening import open_log
from flowglow.relay.portal import Portal
from flowglow.relay.settings import Settings
from tests.flowglow.redis_server import RedisServer
from tests.flowglow.relay.executing import LogExecutor, OneFlow
from tests.flowglow.serving import served

PAGE = "https://page.test"
"""The page is served from elsewhere: what it needs of CORS is looked at, too."""


async def checked(address: str) -> tuple[set[str], set[str]]:
    """What is found, and what was not tried, where the socket is at one relay and HTTP at another."""
    log, other = await open_log(address), await open_log(address)
    if address == "memory":
        other = log
    executors = [LogExecutor(each) for each in (log, other)]
    settings = Settings(heartbeat_s=0.8, need_ticket=True, origins=(PAGE,))
    apps = [
        create_relay(each, Portal(OneFlow(), executor), settings)
        for each, executor in zip((log, other), executors, strict=True)
    ]
    try:
        async with served(apps[0]) as here, served(apps[1]) as there:
            options = Options(
                f"ws://{here}/ws", f"http://{there}/api", ("asks",), origin=PAGE, patience_s=5.0, grace_s=1.0
            )
            outcomes = await conduct(options)
    finally:
        for each in executors:
            await each.close()
        await log.close()
        await other.close()
    found = {f"{finding.code}: {finding.seen}" for each in outcomes for finding in each.findings}
    return found, {why for each in outcomes for why in each.untried}


@pytest.fixture(params=["memory", "sqlite", "redis"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where a log of each kind is."""
    if request.param != "redis":
        yield "memory" if request.param == "memory" else f"sqlite:{tmp_path / 'log.db'}"
        return
    server = RedisServer(tmp_path)
    server.start()
    yield server.url
    server.stop()


async def test_the_relay_falls_short_in_nothing(address: str) -> None:
    found, untried = await checked(address)
    assert found == set()
    assert untried == {
        "An expired ticket: it takes 30 s; --patience 31 tries it.",
        "The page's CSP: name its address with --page.",
        "A history of more than 1 MiB: name a run that has one with --run.",
    }

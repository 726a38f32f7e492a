"""Twenty rounds of `make soak-page` with a fixed seed: one page, one load, every region equal to the oracle."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import BrowserContext

from .conftest import Guard
from .fault_proxy import FaultProxy
from .memory_portal import MemoryPortal
from .soak_page import CYCLE, RARE, REST, WAY, Soak, open_page

SEED = 11


@dataclass
class Soaked:
    """A soak, and the guard of its page."""

    soak: Soak
    guard: Guard


@pytest.fixture(scope="module")
def soaked(context: BrowserContext, site: str) -> Iterator[Soaked]:
    portal = MemoryPortal()
    portal.start()
    proxy = FaultProxy(portal.port)
    proxy.start()
    page = context.new_page()
    guard = open_page(page, site, proxy)
    yield Soaked(Soak(page, portal, proxy, SEED), guard)
    page.close()
    proxy.stop()
    portal.stop()


def test_twenty_rounds(soaked: Soaked) -> None:
    """A failure prints seed and round; `python -m e2e.soak_page --seed … --first … --rounds 1` plays it again."""
    struck: set[str] = set()
    for number in range(CYCLE):
        struck |= set(soaked.soak.round(number).steps)
        soaked.guard.check()
    assert soaked.guard.loads == 1, "the page was loaded more than once"
    assert struck == {*WAY, *REST, *RARE.values()}, "a fault that never struck shows nothing"


def test_a_part_that_is_missing_is_seen(soaked: Soaked) -> None:
    """The control: with one handler broken, the same round is red."""
    soaked.guard.allowed = [*soaked.guard.allowed, r"failed on", "ChatStreamHandler"]
    soaked.soak.page.evaluate("() => probe.sabotage('ChatStreamHandler')")
    with pytest.raises(AssertionError):
        soaked.soak.round(1)

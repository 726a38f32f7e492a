"""The picture is a function of the record: a page that heard a run in any order, while handlers failed, and is whole
again, is the same, node for node, as a second page that was told the log in order.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from pyapp.testing.dom import REGIONS
from tests.streams import ENDINGS, FLOW, KINDS, build

from .conftest import Guard, boot
from .copied_page import CopiedPage
from .scripted_portal import Json, ScriptedPortal

OF_THE_WAY = (
    "phone-tabs",
    "inspector",
    "inspector-title",
    "log",
    "log-title",
    "notices",
    "connection",
    "minimap",
    "canvas-bar",
    "live",
)
"""Regions that tell how the events came, where a person looks, or what time it is, and not what happened."""
SHOWN = [name for name in REGIONS if name not in OF_THE_WAY]
STARTED_AT = 1_700_000_000


@pytest.fixture(scope="module")
def portal() -> Iterator[ScriptedPortal]:
    portal = ScriptedPortal()
    portal.flows["demo"] = FLOW
    portal.start()
    yield portal
    portal.stop()


@pytest.fixture(scope="module")
def other(context: BrowserContext, site: str) -> Iterator[tuple[CopiedPage, ScriptedPortal, Guard]]:
    """The second page, with a portal of its own."""
    portal = ScriptedPortal()
    portal.flows["demo"] = FLOW
    portal.start()
    page = context.new_page()
    guard = Guard(page)
    boot(page, f"{site}/{portal.query}")
    portal.wait_connected(1)
    page.locator('#canvas [data-node-id="n0"]').wait_for()
    yield CopiedPage(page), portal, guard
    page.close()
    portal.stop()


def run_of(seed: int) -> list[Json]:
    """A run that ends, told with moments of the server's clock, so that nothing on the page goes on ticking."""
    pick = random.Random(seed)
    choices = [(pick.choice(KINDS), pick.randrange(100_000)) for _ in range(30)]
    events = build("p", choices, (pick.choice(ENDINGS[1:]), pick.randrange(100_000)))
    return [{**event, "ts": STARTED_AT + 7 * event["seq"]} for event in events]


def scrambled(log: list[Json], pick: random.Random) -> list[Json]:
    """Some come early, some late, some twice; the first stays first."""
    places = [(place + pick.choice([0, 0, 0, 3, 6]), event) for place, event in enumerate(log[1:])]
    arrived = [event for _, event in sorted(places, key=lambda each: each[0])]
    return [log[0], *(event for each in arrived for event in [each] * pick.choice([1, 1, 1, 2]))]


def picture(page: CopiedPage) -> dict[str, Any]:
    page.document.look()
    return {name: page.document.region(name).picture() for name in SHOWN}


@pytest.mark.parametrize("seed", range(5))
def test_two_ways_one_picture(
    seed: int,
    booted: tuple[Page, Guard],
    portal: ScriptedPortal,
    other: tuple[CopiedPage, ScriptedPortal, Guard],
) -> None:
    """A handful of runs; in each another handler fails for a while, and is healed."""
    pick = random.Random(seed)
    log, (page, guard) = run_of(seed), booted
    guard.allowed = ["failed on"]
    page.evaluate("() => { probe.heal(); flowglow.reset(); }")
    second, calm, calm_guard = other
    second.evaluate("() => flowglow.reset()")
    arrived = scrambled(log, pick)
    portal.forget()
    calm.forget()
    portal.events["p"] = calm.events["p"] = log
    third = len(arrived) // 3
    portal.send(*arrived[:third])
    handlers = [name for name in page.evaluate("() => JSON.parse(probe.parts())") if name.startswith("handler ")]
    name = sorted(handlers)[seed % len(handlers)].removeprefix("handler ")
    page.evaluate(f"() => probe.sabotage({name!r})")
    portal.send(*arrived[third : 2 * third])
    page.evaluate("() => probe.heal()")
    portal.send(*arrived[2 * third :])
    calm.send(*log)
    first = CopiedPage(page)

    def same() -> None:
        here, there = picture(first), picture(second)
        other = {region: (here[region], there[region]) for region in SHOWN if here[region] != there[region]}
        assert not other
        assert len(first.document.region("chat").find_all("[data-message-id]")) > 0

    first.wait_for(same)
    guard.check()
    calm_guard.check()

"""Bad networks between the page and its portal: it comes back by itself, nothing is lost, nothing comes twice."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from .conftest import Guard, boot
from .events import metric
from .fault_proxy import FaultProxy, Faults
from .scripted_portal import ScriptedPortal
from .story import LOOK, SETTLE_MS, Story


@pytest.fixture(scope="module")
def proxy(portal: ScriptedPortal) -> Iterator[FaultProxy]:
    proxy = FaultProxy(portal.port)
    proxy.start()
    yield proxy
    proxy.stop()


@pytest.fixture(scope="module")
def behind(
    context: BrowserContext, site: str, portal: ScriptedPortal, proxy: FaultProxy
) -> Iterator[tuple[Page, Guard]]:
    """A page that reaches its portal through the proxy alone."""
    page = context.new_page()
    guard = Guard(page)
    guard.allowed = ["WebSocket connection", "Failed to load resource", "ERR_"]
    base = f"127.0.0.1:{proxy.port}"
    boot(page, f"{site}/?ws=ws://{base}/ws&api=http://{base}/api&flow=demo")
    portal.wait_connected(1)
    page.locator('#canvas [data-node-id="n0"]').wait_for()
    yield page, guard
    assert guard.loads == 1, "the page was loaded more than once"
    guard.check()
    page.close()


@pytest.fixture
def page(behind: tuple[Page, Guard], proxy: FaultProxy, portal: ScriptedPortal) -> Iterator[Page]:
    page, guard = behind
    vars(proxy.faults).update(vars(Faults()))
    page.evaluate(LOOK)
    page.locator("#connection[data-state=open]").wait_for(timeout=SETTLE_MS)
    portal.forget()
    page.evaluate("() => flowglow.reset()")
    yield page
    guard.check()


@pytest.mark.parametrize("code", [1000, 1001, 1011, 1012, 1013])
def test_a_server_that_goes_away_is_found_again(page: Page, portal: ScriptedPortal, code: int) -> None:
    """Whatever it says when it closes: a new socket, resumed where the page was, no event twice."""
    story = Story(portal, f"closed-{code}")
    story.begin()
    duplicates = metric(page, "duplicate")
    story.lose_server(page, code)
    assert story.reconnected(page)["runs"] == {story.script.run_id: 1}
    story.resumed(page)
    story.end()
    story.check(page)
    assert metric(page, "duplicate") == duplicates


def test_a_link_that_is_cut_in_the_middle_of_a_run(page: Page, portal: ScriptedPortal, proxy: FaultProxy) -> None:
    """A reset, three times; each time what was missed comes once."""
    story = Story(portal, "cut")
    story.begin()
    for step in (story.go_on, story.end):
        expect(page.locator("#connection")).to_have_attribute("data-state", "open")
        portal.received.clear()
        proxy.cut()
        step(sent=False)
        story.resumed(page)
    story.check(page)


def test_a_silent_link_is_given_up(page: Page, portal: ScriptedPortal, proxy: FaultProxy) -> None:
    """A black hole in an open link: the promised heartbeat stays away, a new socket comes, no close ever did."""
    story = Story(portal, "silent")
    story.begin()
    portal.send({"type": "hello", "heartbeat_s": 0.5})
    expect(page.locator('#canvas [data-node-id="n0"].executing')).to_have_count(1)
    portal.received.clear()
    proxy.hush()
    story.go_on(sent=False)
    story.resumed(page)
    story.end()
    story.check(page)


def retry_while_waiting(page: Page) -> None:
    """Press the button in the short time in which it is there: the pauses between two attempts."""
    page.wait_for_function(
        """() => {
          const button = document.querySelector("#connection[data-state=waiting] [data-action=retry]");
          button?.click();
          return Boolean(button);
        }""",
        timeout=SETTLE_MS,
    )


def test_a_black_hole_while_connecting(page: Page, portal: ScriptedPortal, proxy: FaultProxy) -> None:
    """No answer to anything: given up in time, with the reason; tried again, and open once the way is."""
    story = Story(portal, "hole")
    story.begin()
    proxy.faults.swallow = True
    before = proxy.connections
    proxy.cut()
    retry_while_waiting(page)
    expect(page.locator("#connection")).to_have_attribute("data-state", "connecting")
    expect(page.locator("#connection")).to_have_attribute("title", re.compile("did not answer"), timeout=SETTLE_MS)
    assert proxy.connections > before
    proxy.faults.swallow = False
    portal.received.clear()
    retry_while_waiting(page)
    story.reconnected(page)
    story.go_on()
    story.end()
    story.check(page)


def test_slow_and_in_slices(page: Page, portal: ScriptedPortal, proxy: FaultProxy) -> None:
    """One byte at a time and late: no false alarm, right in the end."""
    connections = portal.connections
    proxy.faults.slice_bytes = 1
    proxy.faults.latency_s = 0.2
    story = Story(portal, "slices")
    story.begin()
    story.go_on()
    story.end()
    story.check(page)
    assert portal.connections == connections
    assert metric(page, "malformed") == 0


def test_a_last_event_that_got_lost(page: Page, portal: ScriptedPortal, proxy: FaultProxy) -> None:
    """The end was dropped, and nothing comes behind it: looking at the page again is enough."""
    story = Story(portal, "tail")
    story.begin()
    story.go_on()
    expect(page.locator('#canvas [data-node-id="n1"].executing')).to_have_count(1)
    story.end(sent=False)
    portal.runs["tail"]["last_seq"] = story.log[-1]["seq"]
    page.evaluate(LOOK)
    story.check(page)


def test_a_gap_is_filled_over_http(page: Page, portal: ScriptedPortal, proxy: FaultProxy) -> None:
    """One event is dropped in the middle; the next one shows it, and it is fetched."""
    story = Story(portal, "gap")
    story.begin()
    gaps = metric(page, "gap")
    story.go_on(sent=False)
    story.end()
    story.check(page)
    assert metric(page, "gap") == gaps + 1


def test_a_satellite_link(page: Page, portal: ScriptedPortal, proxy: FaultProxy) -> None:
    """Two seconds late and a hundred bytes a second: no false alarm, right in the end."""
    connections = portal.connections
    proxy.faults.latency_s, proxy.faults.bytes_per_s, proxy.faults.slice_bytes = 2.0, 100.0, 50
    story = Story(portal, "satellite")
    story.begin()
    story.go_on()
    story.end()
    story.check(page)
    assert portal.connections == connections


def test_a_close_that_is_slow(page: Page, portal: ScriptedPortal, proxy: FaultProxy) -> None:
    """The server is gone, and the end of the link comes late: the page goes on as soon as it knows."""
    proxy.faults.linger_s = 1.0
    story = Story(portal, "slow-close")
    story.begin()
    story.lose_server(page, 1012)
    story.resumed(page)
    story.end()
    story.check(page)


def test_a_way_that_breaks_after_so_many_bytes(page: Page, portal: ScriptedPortal, proxy: FaultProxy) -> None:
    """Every link is reset in the middle of a frame; what got through counts, the rest comes again."""
    story = Story(portal, "limit")
    story.begin()
    expect(page.locator('#canvas [data-node-id="n0"].executing')).to_have_count(1)
    portal.received.clear()
    proxy.faults.limit_bytes, proxy.faults.slice_bytes = 1, 40
    story.go_on()
    story.end()
    proxy.faults.limit_bytes = 0
    story.resumed(page)
    story.check(page)

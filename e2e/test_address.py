"""The page's address follows what is on the screen: reload, back, forward, and links to what is not there (yet)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from .conftest import boot
from .events import whole_run
from .scripted_portal import ScriptedPortal, demo_flow

RUN = '#runs [data-run-id="{}"][aria-current=true]'


@pytest.fixture
def page(context: BrowserContext, portal: ScriptedPortal) -> Iterator[Page]:
    """A tab of its own: its history is what is tested."""
    portal.forget()
    portal.flows = {"demo": demo_flow(), "other": demo_flow(2, "other")}
    for run_id, flow_id in (("first", "demo"), ("second", "demo"), ("third", "other")):
        events = whole_run(run_id)
        events[0]["flow_id"] = flow_id
        portal.events[run_id] = events
        portal.runs[run_id] = {
            "run_id": run_id, "flow_id": flow_id, "status": "success", "started_at": 1.0, "last_seq": len(events) - 1,
        }  # fmt: skip
    page = context.new_page()
    yield page
    page.close()


def opened(page: Page, site: str, portal: ScriptedPortal, more: str = "") -> Page:
    query = "&".join(part for part in portal.query.removeprefix("?").split("&") if not part.startswith("flow="))
    return boot(page, f"{site}/?{query}&theme=light{more}")


def says(page: Page, **wanted: str) -> None:
    """Wait until the address says exactly this of what is on the screen, and the rest as before."""

    def place(url: str) -> dict[str, Any]:
        return {name: values[-1] for name, values in parse_qs(urlsplit(url).query).items()}

    def right(url: str) -> bool:
        said = place(url)
        return {name: said[name] for name in ("flow", "run", "node", "view") if name in said} == wanted

    page.wait_for_url(right, timeout=10_000, wait_until="commit")
    assert place(page.url)["theme"] == "light" and "api" in place(page.url)


def test_it_follows_and_a_reload_comes_back(page: Page, site: str, portal: ScriptedPortal) -> None:
    """The flow at once, a chosen run, a chosen node; behind a reload all of it is there again."""
    opened(page, site, portal)
    says(page, flow="demo")
    page.locator('#runs [data-run-id="second"]').click()
    says(page, flow="demo", run="second")
    page.locator('#canvas [data-node-id="n1"] .node-title').click()
    says(page, flow="demo", run="second", node="n1")
    page.locator("#timeline-title").click()
    says(page, flow="demo", run="second", node="n1", view="timeline")
    page.reload()
    page.locator("html[data-app=ready]").wait_for(timeout=60_000)
    expect(page.locator(RUN.format("second"))).to_be_visible()
    expect(page.locator('#canvas .selected[data-node-id="n1"] .execution-order')).to_have_count(1)
    expect(page.locator("#panel-timeline")).to_be_visible()
    page.locator("#canvas-title").click()
    says(page, flow="demo", run="second", node="n1")


def test_how_the_timeline_is_looked_at_comes_back(page: Page, site: str, portal: ScriptedPortal) -> None:
    """Its scale, its part and the critical path: behind a reload, by the link in a tab of its own, and on the way back.

    Of the next run that is chosen the scale is the same, and all of it is seen.
    """

    def seen(there: Page) -> list[str]:
        read = "({ dataset: { scale, from, until } }) => [scale, from, until]"
        found: list[str] = there.locator(".timeline-view").evaluate(read)
        return found

    def shows(there: Page, wanted: list[str]) -> None:
        view = there.locator(f'.timeline-view[data-from="{wanted[1]}"][data-until="{wanted[2]}"]')
        expect(view).to_have_attribute("data-scale", wanted[0], timeout=15_000)

    for run_id in ("first", "second"):
        for number, event in enumerate(portal.events[run_id]):
            event["ts"] = 1.0 + number
    opened(page, site, portal, "&run=second&view=timeline")
    page.locator(".timeline-view[data-bars='7']").wait_for()
    whole = seen(page)
    for name in ("in", "critical"):
        page.locator(f"[data-timeline={name}]").click()
    page.wait_for_url(lambda url: "span=" in url, timeout=10_000, wait_until="commit")
    page.locator("[data-timeline=cut]").click()
    page.wait_for_url(lambda url: "scale=cut" in url and "mark=critical" in url, timeout=10_000, wait_until="commit")
    part, link = seen(page), page.url
    assert part[0] == "cut" and part[1:] != whole[1:]
    page.reload()
    page.locator("html[data-app=ready]").wait_for(timeout=60_000)
    shows(page, part)
    expect(page.locator("[data-timeline=critical]")).to_have_attribute("aria-pressed", "true")
    assert page.url == link
    page.locator('#runs [data-run-id="first"]').click()
    page.wait_for_url(lambda url: "run=first" in url and "span=" not in url, timeout=10_000, wait_until="commit")
    assert "scale=cut" in page.url
    page.go_back()
    shows(page, part)
    other = page.context.new_page()
    boot(other, link)
    shows(other, part)
    other.locator("[data-timeline=fit]").click()
    other.wait_for_url(lambda url: "span=" not in url, timeout=10_000, wait_until="commit")
    other.close()


def test_back_and_forward_go_through_what_was_chosen(page: Page, site: str, portal: ScriptedPortal) -> None:
    """Two runs and another flow; each step back shows the one before, and stays there."""
    opened(page, site, portal)
    says(page, flow="demo")
    page.locator('#runs [data-run-id="first"]').click()
    says(page, flow="demo", run="first")
    page.locator('#runs [data-run-id="second"]').click()
    says(page, flow="demo", run="second")
    page.locator("#flow-select").select_option("other")
    says(page, flow="other")
    expect(page.locator("#canvas [data-node-id]")).to_have_count(2)
    entries = page.evaluate("history.length")
    page.go_back()
    expect(page.locator(RUN.format("second"))).to_be_visible()
    expect(page.locator("#canvas [data-node-id]")).to_have_count(4)
    page.go_back()
    expect(page.locator(RUN.format("first"))).to_be_visible()
    page.go_back()
    says(page, flow="demo")
    expect(page.locator("#runs [aria-current=true]")).to_have_count(0)
    page.go_forward()
    expect(page.locator(RUN.format("first"))).to_be_visible()
    says(page, flow="demo", run="first")
    assert page.evaluate("history.length") == entries, "a way back made a place of its own"


def test_a_run_of_another_flow_is_one_step(page: Page, site: str, portal: ScriptedPortal) -> None:
    """A link names a run, beside a flow that is gone: its own comes with it, and the way back leads there."""
    opened(page, site, portal, "&flow=gone&run=third")
    says(page, flow="other", run="third")
    expect(page.locator("#canvas [data-node-id]")).to_have_count(2)
    page.locator("#flow-select").select_option("demo")
    says(page, flow="demo")
    page.go_back()
    says(page, flow="other", run="third")
    expect(page.locator(RUN.format("third"))).to_be_visible()


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ("&flow=nope", "There is no flow “nope”"),
        ("&flow=demo&node=nope", "There is no node “nope”"),
        ("&flow=demo&run=second&node=nope", "There is no node “nope”"),
    ],
)
def test_a_link_to_nothing_says_so(page: Page, site: str, portal: ScriptedPortal, link: str, words: str) -> None:
    """In words, and the page is of use: a run of another flow can be chosen."""
    opened(page, site, portal, link)
    expect(page.locator("#notices")).to_contain_text(words)
    page.locator("#flow-select").select_option("other")
    expect(page.locator("#canvas [data-node-id]")).to_have_count(2)
    expect(page.locator("#notices")).not_to_contain_text(words)
    says(page, flow="other")


def test_a_run_that_is_not_there_yet_is_waited_for(page: Page, site: str, portal: ScriptedPortal) -> None:
    """A link to a run whose events the server cannot tell just now: the node is chosen when they come."""
    portal.failing["/runs/second"] = 503
    opened(page, site, portal, "&flow=demo&run=second&node=n2")
    says(page, flow="demo", run="second", node="n2")
    portal.failing.clear()
    expect(page.locator('#canvas .selected[data-node-id="n2"] .execution-order')).to_have_count(1, timeout=15_000)
    says(page, flow="demo", run="second", node="n2")

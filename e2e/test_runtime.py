"""Python itself may die, and the page may be left: neither needs a load of the page, nor leaves anything behind."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from .conftest import Guard, boot, named
from .events import RunScript, picture, wait_picture
from .scripted_portal import ScriptedPortal

WASM = named("pyodide.asm.wasm")
KILL = """() => setTimeout(() => flowglow.pyodide.runPython('import json; json.loads("[" * 100_000)'), 0)"""
"""What no `try` survives: text nested too deep for the C stack kills the runtime for good."""
WATCH = """
    const seen = top.seen ??= { callbacks: [], sockets: [], timers: new Set() };
    const { setTimeout: later, clearTimeout: never, WebSocket: Socket } = globalThis;
    const add = EventTarget.prototype.addEventListener;
    EventTarget.prototype.addEventListener = function (name, callback, options) {
      if (typeof callback?.destroy === "function") seen.callbacks.push(callback);
      return add.call(this, name, callback, options);
    };
    globalThis.setTimeout = (callback, ...rest) => {
      if (typeof callback?.destroy !== "function") return later(callback, ...rest);
      const id = later(() => { seen.timers.delete(id); callback(); }, ...rest);
      seen.timers.add(id);
      return id;
    };
    globalThis.clearTimeout = (id) => { seen.timers.delete(id); never(id); };
    globalThis.WebSocket = class extends Socket {
      constructor(...words) { super(...words); seen.sockets.push(this); }
    };
"""
"""Notes every callback into Python that the browser holds: of listeners, of timers, and every socket."""
LEFT = """() => JSON.stringify({
    callbacks: seen.callbacks.filter((each) => { try { return each.toString(); } catch { return false; } }).length,
    timers: seen.timers.size,
    sockets: seen.sockets.filter((each) => each.readyState < 2).length,
})"""


HASTE = """
    const later = globalThis.setTimeout;
    const shorter = { 1000: 50, 2000: 50, 5000: 50 };
    globalThis.setTimeout = (callback, ms, ...rest) =>
      later(callback, typeof callback?.destroy === "function" ? ms : shorter[ms] ?? ms, ...rest);
"""
"""The supervisor's pauses made short; Python's own timers stay as they are."""


def _impatient(route: Route) -> None:
    """A load that hangs is given up sooner."""
    text = route.fetch().text()
    assert "PATIENCE_MS = 90_000" in text
    route.fulfill(body=text.replace("PATIENCE_MS = 90_000", "PATIENCE_MS = 15_000"), content_type="text/javascript")


@pytest.fixture
def mortal(context: BrowserContext, site: str, portal: ScriptedPortal) -> Iterator[Page]:
    """A page whose Python may be killed."""
    portal.forget()
    page = context.new_page()
    page.add_init_script(HASTE)
    page.route("**/guarded_load.mjs", _impatient)
    guard = Guard(page)
    # Pyodide's last words, and what the browser says of files that a test keeps back
    guard.allowed = ["fatal error", "RangeError", "Failed to load resource", "wasm"]
    connected = portal.connections
    boot(page, f"{site}/{portal.query}")
    portal.wait_connected(connected + 1)
    page.locator('#canvas [data-node-id="n0"]').wait_for()
    yield page
    guard.check()
    assert guard.loads == 1, "the page was loaded more than once"
    page.close()


def kill(page: Page) -> None:
    page.evaluate(KILL)
    page.locator("html[data-restarting]").wait_for(state="attached")


def test_python_dies_and_lives_again(mortal: Page, portal: ScriptedPortal) -> None:
    """The run in front is as it was, its next events are shown, and the page says what happened."""
    run = RunScript("r", flow_id="demo")
    events = [run.event("run_start"), run.start("n0", 0), run.end("n0", 0, content="kept"), run.start("n1", 1)]
    portal.events["r"] = events
    portal.send(events)
    mortal.locator('#canvas [data-node-id="n1"].executing').wait_for()
    mortal.locator('#canvas [data-node-id="n0"].executed-success').wait_for()
    mortal.locator('#node-output [data-node-id="n0"]').wait_for(state="attached")  # drawn when there is time
    before = picture(mortal)
    kill(mortal)
    mortal.locator("html[data-app=ready]:not([data-restarting])").wait_for(timeout=30_000)
    expect(mortal.locator("#notices")).to_contain_text("started again")
    mortal.locator('#canvas [data-node-id="n1"].executing').wait_for()
    wait_picture(mortal, before)
    portal.wait_for("subscribe", run_id="r")
    more = [run.end("n1", 1), run.event("run_end", status="success")]
    portal.events["r"] += more
    portal.send(more)
    expect(mortal.locator('#runs [data-run-id="r"]')).to_have_attribute("data-status", "success")
    assert mortal.locator("[data-metric=failed]").text_content() == "0"


def test_play_works_in_the_next_life(mortal: Page, portal: ScriptedPortal) -> None:
    """Each button has one listener, that of the living."""
    kill(mortal)
    mortal.locator("html[data-app=ready]:not([data-restarting])").wait_for(timeout=30_000)
    mortal.locator("#connection[data-state=open]").wait_for()
    portal.next_run = "second"
    mortal.locator("#play").click()
    mortal.locator('#runs [data-run-id="second"]').wait_for()
    assert portal.requests.count("POST /flows/demo/runs") == 1


def test_the_fourth_death_is_left_to_a_person(mortal: Page) -> None:
    """Three lives come by themselves; then what is shown stays, with a button that loads the page."""
    for _ in range(3):
        kill(mortal)
        mortal.locator("html[data-app=ready]:not([data-restarting])").wait_for(timeout=30_000)
        mortal.locator('#canvas [data-node-id="n0"]').wait_for()
    kill(mortal)
    notice = mortal.locator("#runtime")
    expect(notice).to_contain_text("fourth time")
    expect(notice.get_by_role("button")).to_be_visible()
    expect(mortal.locator('#canvas [data-node-id="n0"]')).to_be_visible()


def test_a_start_that_fails_is_no_death(mortal: Page) -> None:
    """The network is away while Python starts again: it is tried for ever, and no person is asked to do anything."""
    asked: list[str] = []

    def away(route: Route) -> None:
        asked.append(route.request.url)
        if len(asked) > 5:
            mortal.unroute(WASM)
        route.abort()

    mortal.route(WASM, away)
    kill(mortal)
    mortal.locator("html[data-app=ready]:not([data-restarting])").wait_for(timeout=60_000)
    assert len(asked) > 3, "more starts failed than deaths are allowed"
    expect(mortal.locator("#runtime")).to_be_hidden()
    expect(mortal.locator("#notices")).to_contain_text("started again")
    kill(mortal)
    assert mortal.locator("html").get_attribute("data-restarting") == "2", "the second death, not the seventh"
    mortal.locator("html[data-app=ready]:not([data-restarting])").wait_for(timeout=60_000)


@pytest.mark.tree("what is deployed is checked by its hash, so that its patience cannot be shortened")
def test_a_start_that_hangs_is_given_up(mortal: Page) -> None:
    """A file that never comes: after a while another start is made."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)
        mortal.unroute(WASM)

    mortal.route(WASM, hold)
    kill(mortal)
    mortal.locator("html[data-app=ready]:not([data-restarting])").wait_for(timeout=60_000)
    assert len(held) == 1
    held[0].abort()


def test_a_frame_that_is_removed_leaves_nothing_and_can_be_put_back(
    context: BrowserContext, site: str, portal: ScriptedPortal
) -> None:
    """In the middle of a run: no socket, no timer, no callback into Python; put back, the frame shows the run."""
    portal.forget()
    page = context.new_page()
    page.add_init_script(WATCH)
    page.goto(f"{site}/docs/contract.md")
    page.evaluate(
        """(url) => {
          const frame = document.createElement("iframe");
          Object.assign(frame, { src: url, width: 1200, height: 800 });
          document.body.replaceChildren(frame);
          globalThis.frame = frame;
        }""",
        f"{site}/{portal.query}&embed=1",
    )
    inside = page.frame_locator("iframe")
    connected = portal.connections
    inside.locator("html[data-app=ready]").wait_for(timeout=60_000)
    inside.locator("#connection[data-state=open]").wait_for()
    portal.wait_connected(max(1, connected))
    run = RunScript("framed", flow_id="demo")
    events = [run.event("run_start"), run.start("n0", 0)]
    portal.events["framed"] = events
    portal.send(events)
    inside.locator('#canvas [data-node-id="n0"].executing').wait_for()
    present = page.evaluate(LEFT)
    assert '"callbacks":0' not in present and '"sockets":1' in present and '"timers":0' not in present, present
    page.evaluate("() => frame.remove()")
    assert page.evaluate(LEFT) == '{"callbacks":0,"timers":0,"sockets":0}'
    page.evaluate("() => document.body.append(frame)")
    inside.locator("html[data-app=ready]").wait_for(timeout=60_000)
    inside.locator("#connection[data-state=open]").wait_for()
    inside.locator('#runs [data-run-id="framed"]').click()
    inside.locator('#canvas [data-node-id="n0"].executing').wait_for()
    page.close()

"""The page in Firefox and in WebKit: it starts, runs, asks, finds a server again that was away, and looks as it should.

Firefox is a part of `make test`; WebKit, which starts slowly, of `make compat`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest

from setup.engines import firefox_path, webkit_driver_path
from setup.machine import Machine

from .devserver import running_devserver
from .engines.engine import HEIGHT, WIDTH, Engine
from .engines.firefox import Firefox
from .engines.webkit import WebKit
from .fault_proxy import FaultProxy
from .site import ROOT

START_S = 120.0
RUN_S = 60.0

FORGETS = """() => {
  if (!document.querySelector("#runs [data-run-id]")) return true;
  flowglow.reset();
  return false;
}"""
"""A list of runs that was on its way may come behind the first reset."""
Opened = tuple[Engine, FaultProxy]
LOST = re.compile(r"(onnection to|server at) ws://")
"""What Firefox itself says of a socket whose server is away."""


def _firefox(scratch: pytest.TempPathFactory) -> Engine:
    path = firefox_path(Machine())
    return Firefox(path, scratch.mktemp("firefox")) if path else pytest.skip("no Firefox; `make compat` installs one")


def _webkit(_: pytest.TempPathFactory) -> Engine:
    path = webkit_driver_path(Machine())
    return WebKit(path) if path else pytest.skip("no WebKitWebDriver with Xvfb; `make compat` installs them")


ENGINES = [pytest.param(_firefox, id="Firefox"), pytest.param(_webkit, id="WebKit", marks=pytest.mark.compat)]


@pytest.fixture(scope="module")
def own_devserver(built: None) -> Iterator[str]:
    """A dev server that no other test runs flows on: the run that these tests see end is the one that they started."""
    with running_devserver(ROOT) as address:
        yield address


@pytest.fixture(scope="module", params=ENGINES)
def opened(
    request: pytest.FixtureRequest, own_devserver: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Opened]:
    """The page of the dev server, all of it through a proxy that can take the server away; started and connected."""
    proxy = FaultProxy(urlsplit(own_devserver).port or 0)
    proxy.start()
    engine: Engine = request.param(tmp_path_factory)
    try:
        engine.open(f"http://127.0.0.1:{proxy.port}/?flow=nested")
        engine.wait("() => document.documentElement.dataset.app === 'ready'", within_s=START_S)
        engine.seen("#connection[data-state=open]")
        yield engine, proxy
    finally:
        engine.close()
        proxy.stop()


@pytest.fixture
def page(opened: Opened) -> Iterator[Engine]:
    """The page as new: no runs. No test may leave an error behind."""
    engine = opened[0]
    engine.wait(FORGETS)
    yield engine
    assert [each for each in engine.errors() if not LOST.search(each)] == []


def choose(page: Engine, flow: str, node: str) -> None:
    """Have a flow on the canvas, and see one of its nodes."""
    page.wait(
        """(flow) => {
          const select = document.getElementById("flow-select");
          if (![...select?.options ?? []].some((each) => each.value === flow)) return false; // not listed yet
          if (select.value !== flow) {
            select.value = flow;
            select.dispatchEvent(new Event("change", { bubbles: true }));
          }
          return true;
        }""",
        flow,
    )
    page.seen(f'#canvas [data-node-id="{node}"]')


def told(page: Engine, name: str) -> int:
    """A number of the inspector."""
    return int(page.call("(name) => document.querySelector(`[data-metric=${name}]`).textContent", name) or 0)


def test_a_run_goes_to_its_end(page: Engine) -> None:
    choose(page, "nested", "scan")
    page.click("#play")
    page.seen("#canvas .executing")
    page.seen("#runs [data-status=success]", within_s=RUN_S)
    page.gone("#canvas .executing")
    assert page.call("() => document.querySelectorAll('#canvas .execution-order').length") > 2
    assert [told(page, name) for name in ("gap", "malformed", "unknown", "failed")] == [0, 0, 0, 0]


def test_a_card_is_seen_and_can_be_answered(page: Engine) -> None:
    """By a click where it is: something that lies over it, or a card of no height, is no card."""
    choose(page, "approvals", "review")
    page.click("#play")
    page.seen("#interactions [data-kind=output_review] [data-action=approve]")
    page.click("#interactions [data-kind=output_review] [data-action=approve]")
    page.seen("#interactions [data-kind=confirmation] [data-action=reject]")
    page.gone("#interactions [data-kind=output_review]")
    page.click("#interactions [data-kind=confirmation] [data-action=reject]")
    page.seen("#runs [data-status=success]", within_s=RUN_S)
    page.wait("() => !document.getElementById('waiting').checkVisibility()")


def test_the_server_goes_away_in_a_run_and_comes_back(page: Engine, opened: Opened, own_devserver: str) -> None:
    """The page says so, with its icon; an answer given elsewhere meanwhile is caught up with, and the run goes on."""
    proxy = opened[1]
    choose(page, "approvals", "review")
    page.click("#play")
    page.seen("#runs [data-run-id]")
    run = page.call("() => document.querySelector('#runs [data-run-id]').dataset.runId")
    page.seen(f'#interactions [data-requirement-id="{run}-review"] [data-action=approve]')
    proxy.faults.refuse = True
    proxy.cut()
    page.seen("#connection:not([data-state=open]) .icon path")
    shapes = "() => [...document.querySelectorAll('.icon path')].filter((path) => path.checkVisibility())"
    assert page.call(f"{shapes}.filter((path) => path.getBBox().width + path.getBBox().height === 0).length") == 0
    answer = {"requirements": [{"id": f"{run}-review", "confirmed": True}]}
    assert httpx.post(f"{own_devserver}/api/runs/{run}/continue", json=answer).status_code == 202
    proxy.faults.refuse = False
    page.seen("#connection[data-state=open]")
    page.click("#interactions [data-kind=confirmation] [data-action=reject]")
    page.seen("#runs [data-status=success]", within_s=RUN_S)
    assert told(page, "gap") == 0


ZONES = ["zone-runs", "runs", "zone-run", "panel-canvas", "summary", "drawer", "zone-side"]
PLACES = """(ids) => Object.fromEntries(ids.map((id) => {
  const { left, top, right, bottom } = document.getElementById(id).getBoundingClientRect();
  return [id, [left, top, right, bottom].map(Math.round)];
}))"""


def test_every_zone_has_its_place(page: Engine) -> None:
    """Nothing makes the page longer or wider than its window; zones reach its edges, lists take what is free."""
    root = "() => [document.documentElement.scrollHeight, document.documentElement.clientWidth]"
    assert page.call(root) == [HEIGHT, WIDTH]
    at = page.call(PLACES, ZONES)
    assert at["zone-runs"][0] == 0 and at["zone-side"][2] == WIDTH
    assert at["zone-run"][0] - at["zone-runs"][2] == at["zone-side"][0] - at["zone-run"][2] == 1
    assert {at[zone][3] for zone in ("zone-runs", "zone-run", "zone-side", "runs", "drawer")} == {HEIGHT}
    assert at["panel-canvas"][3] == at["summary"][1] and at["summary"][3] == at["drawer"][1]  # kept, also without a run
    assert at["runs"][1] < 250 < 600 < at["panel-canvas"][3]


def test_links_to_nodes_have_their_line(page: Engine) -> None:
    """WebKit drops a shorthand that it does not know, with all of it."""
    style = """() => {
      const link = Object.assign(document.createElement("div"), { className: "bubble-head" });
      link.append(Object.assign(document.createElement("button"), { className: "node-link" }));
      document.getElementById("chat").append(link);
      const { textDecorationLine, textDecorationStyle } = getComputedStyle(link.firstChild);
      link.remove();
      return [textDecorationLine, textDecorationStyle];
    }"""
    assert page.call(style) == ["underline", "dotted"]

"""From navigation to the first event on the page: beside stock PyScript, and over a slow line."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Request

from e2e.deployed import build_quietly, deployed
from e2e.site import ROOT, static_site

from ..line import line
from ..report import Figure, median, number, spread
from ..stage import FEED, PATIENCE_MS, VIEWPORT, Stage
from ..stock import stock_site
from ..streams import grid

ROUNDS = 5
LINE_ROUNDS = 2
DIST = ROOT / "out" / "dist"
LINE_BYTES_PER_S = 10e6 / 8
LINE_LATENCY_S = 0.02
"""One way: 40 ms for a question and its answer."""
FIRST = """(() => {
  const feed = setInterval(() => {
    if (!bench.isOpen()) return;
    clearInterval(feed);
    bench.deliver('{"event":"run_start","run_id":"boot","seq":0}');
  }, 5);
  new MutationObserver((_, observer) => {
    if (!document.querySelector('#runs [data-run-id="boot"]')) return;
    globalThis.firstEvent = performance.now();
    observer.disconnect();
  }).observe(document, { subtree: true, childList: true });
})();"""
ASK = """async () => {
  while (!globalThis.firstEvent) await new Promise((done) => setTimeout(done, 20));
  return firstEvent;
}"""


def boot(stage: Stage) -> Figure:
    """Cold: a new profile. Warm: the second load in it."""
    head = ("", "page as deployed", "page from the tree", "stock PyScript", "deployed ÷ stock", "tree ÷ stock")
    figure = Figure("Boot, navigation → first event handled: seconds", head)
    times: dict[tuple[str, str], list[float]] = {}
    with static_site(stock_site()) as stock, deployed(build_quietly(DIST, twins=True)) as dist:
        for round_ in range(ROUNDS + 1):
            for name, site in (("dist", dist), ("tree", stage.site), ("stock", stock)):
                context = visitor(stage)
                for visit in ("cold", "warm"):
                    seconds = first_event(stage, context, site)
                    if round_:
                        times.setdefault((name, visit), []).append(seconds)
                context.close()
    for visit in ("cold", "warm"):
        dist_s, tree_s, stock_s = (times[name, visit] for name in ("dist", "tree", "stock"))
        ratio = median(dist_s) / median(stock_s)
        tree_ratio = f"{number(median(tree_s) / median(stock_s))} ×"
        figure.row(visit, spread(dist_s), spread(tree_s), spread(stock_s), f"{number(ratio)} ×", tree_ratio)
        figure.must(f"A {visit} boot against stock PyScript", ratio, 0.35, " ×", 0.25)
    return figure


def slow_line(stage: Stage) -> Figure:
    """What is deployed, a first visit and a second one at 10 Mbit/s; every byte of the page comes through the line."""
    head = ("", "navigation → first event, s", "MB", "requests")
    figure = Figure("Boot of what is deployed, over a line of 10 Mbit/s, 40 ms", head)
    times: dict[str, list[float]] = {"first visit": [], "second visit": []}
    sizes: dict[str, tuple[float, int]] = {}
    with deployed(build_quietly(DIST, twins=True)) as dist:
        port = urlsplit(dist).port
        assert port is not None
        for _ in range(LINE_ROUNDS):
            with line(port, LINE_BYTES_PER_S, LINE_LATENCY_S) as slow:
                context = visitor(stage)
                asked = requests(context)
                for visit, seconds in times.items():
                    before = slow.passed, len(asked)
                    seconds.append(first_event(stage, context, f"http://127.0.0.1:{slow.port}"))
                    sizes[visit] = (slow.passed - before[0]) / 1e6, len(asked) - before[1]
                context.close()
    for visit, seconds in times.items():
        figure.row(visit, spread(seconds), number(sizes[visit][0]), str(sizes[visit][1]))
    figure.must("The first visit", median(times["first visit"]), 8, " s", 5)
    figure.must("The second visit", median(times["second visit"]), 2, " s", 1.2)
    return figure


def visitor(stage: Stage) -> BrowserContext:
    """A new profile, in which every page has the bench's socket."""
    stage.portal.flows["bench"] = grid(4)
    context = stage.browser.new_context(viewport=VIEWPORT)  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE_MS)
    context.add_init_script(f"{FEED.read_text()}\n{FIRST}")
    return context


def requests(context: BrowserContext) -> list[Request]:
    """Grows with each request of the profile."""
    asked: list[Request] = []
    context.on("request", lambda request: asked.append(request))
    return asked


def first_event(stage: Stage, context: BrowserContext, site: str) -> float:
    """Seconds from navigation until the row of the first run is there."""
    page = context.new_page()
    page.goto(f"{site}/{stage.query}", wait_until="commit")
    milliseconds: float = page.evaluate(ASK)
    page.close()
    return milliseconds / 1000

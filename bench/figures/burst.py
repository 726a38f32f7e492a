"""Five thousand events at once over a real socket, while somebody clicks."""

from __future__ import annotations

from typing import Any

from ..report import Figure, median, number, spread
from ..sender import sender
from ..stage import Stage
from ..streams import Json, frames, grid, rounds

EVENTS = 5_000
ROUNDS = 3
CASES = (("page", 4), ("page", 500), ("B", 500), ("page", 5_000))
CLICK_MS = 100
CLICK_EVERY_MS = 100
WATCH = """([run, badges]) => {
  const seen = globalThis.burst = { task: 0, click: 0, clicks: 0, began: performance.now(), shown: 0 };
  const worst = (type, name, options) => new PerformanceObserver((list) => {
    for (const each of list.getEntries()) {
      if (name === "click" && each.name !== "click") continue;
      seen[name] = Math.max(seen[name], each.duration);
      seen.clicks += name === "click";
    }
  }).observe({ type, ...options });
  worst("longtask", "task");
  worst("event", "click", { durationThreshold: 16 });
  const look = () => {
    const row = document.querySelector(`#runs [data-run-id="${run}"]`);
    const done = row?.dataset.status === "success"
      && document.querySelectorAll("#canvas .execution-order").length >= badges;
    if (!done) return requestAnimationFrame(look);
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => { seen.shown = performance.now() - seen.began; };
    port2.postMessage(0);
  };
  requestAnimationFrame(look);
}"""
"""Notes the longest task (the browser tells of those over 50 ms), the slowest click until it is painted (over 16 ms),
and when all is shown."""


def burst(stage: Stage) -> Figure:
    """Each event in a frame of its own; the page and B in turn."""
    head = ("", "nodes", "until all is shown, s", "longest task, ms", "slowest click, ms")
    figure = Figure(f"A burst of {EVENTS:,} events over a socket", head)
    seen: dict[tuple[str, int], list[Json]] = {case: [] for case in CASES}
    for round_ in range(ROUNDS):
        for name, nodes in CASES:
            seen[name, nodes].append(once(stage, name, nodes, f"burst-{round_}"))
    for (name, nodes), all_seen in seen.items():
        tasks, clicks = [each["task"] for each in all_seen], [each["click"] for each in all_seen]
        figure.row(name, f"{nodes:,}", spread(shown(all_seen)), told(tasks, 50), told(clicks, 16))
        if name == "page":
            figure.must(f"The longest task, {nodes:,} nodes", max(tasks), 50, " ms")
            figure.must(f"The slowest click, {nodes:,} nodes", max(clicks), CLICK_MS, " ms")
    ratio = median(shown(seen["page", 500])) / median(shown(seen["B", 500]))
    figure.must("Until a burst is shown, 500 nodes, against B", ratio, 0.4, " ×")
    return figure


def once(stage: Stage, name: str, nodes: int, run_id: str) -> Json:
    """One burst in a tab of its own."""
    events = rounds(run_id, nodes, EVENTS)
    with sender() as source:
        tab = stage.open(name, grid(nodes), socket_port=source.port)
        assert source.connected.wait(60)
        source_frames, badges = frames(events), (EVENTS - 2) // 2
        tab.page.evaluate(WATCH, [run_id, badges])
        source.send(source_frames)
        row = tab.page.locator(f'#runs [data-run-id="{run_id}"]')
        row.wait_for()
        place: Any = row.bounding_box()
        while not tab.page.evaluate("() => burst.shown"):
            tab.page.mouse.click(place["x"] + 20, place["y"] + 8)
            tab.page.wait_for_timeout(CLICK_EVERY_MS)
        tab.page.wait_for_timeout(300)  # the observers are told of the last tasks behind them
        seen: Json = tab.page.evaluate("() => burst")
        tab.page.context.close()
    return seen


def shown(all_seen: list[Json]) -> list[float]:
    return [each["shown"] / 1000 for each in all_seen]


def told(values: list[float], least: int) -> str:
    """What is under `least` the browser does not tell."""
    return number(max(values)) if max(values) else f"under {least}"

"""A flow of five thousand nodes: from its arrival until the canvas is there to be used."""

from __future__ import annotations

from ..report import Figure, median, number, spread
from ..stage import Stage
from ..streams import Json, grid

NODES = 5_000
ROUNDS = 3
WATCH = """(() => {
  const seen = globalThis.opening = { arrived: 0, shown: 0, task: 0 };
  const { fetch } = globalThis;
  globalThis.fetch = async (resource, ...rest) => {
    const answer = await fetch(resource, ...rest);
    if (!String(resource.url ?? resource).endsWith("/flows/bench")) return answer;
    const body = await answer.arrayBuffer();
    seen.arrived = performance.now();
    const look = () => {
      if (!document.querySelector(`#canvas [data-node-id="n${COUNT - 1}"]`)) return requestAnimationFrame(look);
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => { seen.shown = performance.now(); };
      port2.postMessage(0);
    };
    requestAnimationFrame(look);
    return new Response(body, answer);
  };
  new PerformanceObserver((list) => {
    for (const each of list.getEntries()) {
      if (seen.arrived && each.startTime + each.duration > seen.arrived) seen.task = Math.max(seen.task, each.duration);
    }
  }).observe({ type: "longtask" });
})();"""


def opening(stage: Stage) -> Figure:
    """The last node on the canvas, and a frame painted with it."""
    figure = Figure(f"Opening a flow of {NODES:,} nodes", ("", "flow in → canvas usable, s", "longest task, ms"))
    seen: list[Json] = []
    for _ in range(ROUNDS):
        page = stage.open("page", grid(NODES), script=WATCH.replace("COUNT", str(NODES)))
        page.page.wait_for_timeout(500)  # the observer is told of the last tasks behind them
        seen.append(page.page.evaluate("async () => { while (!opening.shown) await bench.painted(); return opening; }"))
        page.page.context.close()
    times = [(each["shown"] - each["arrived"]) / 1000 for each in seen]
    tasks = [each["task"] for each in seen]
    figure.row("page", spread(times), number(max(tasks)))
    figure.must("Flow in → canvas usable", median(times), 1.5, " s")
    figure.must("The longest task meanwhile", max(tasks), 100, " ms")
    return figure

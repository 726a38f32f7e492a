"""The timeline with many bars: what a frame costs while somebody zooms, also while a hundred events come a second."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

from ..report import Figure, number, p95
from ..stage import Contestant, Stage
from ..streams import Json, frames, grid, rounds
from ..trace import traced

BARS = (10_000, 100_000)
FRAME_MS = 1000 / 60
ZOOM_FRAMES = 180
NODES = 500
BATCH = 500
PER_SECOND = 100
MOMENTS_S = 0.1
"""Between the starts of two bars that are handed over without a run."""
LOOK = """async () => {
  document.getElementById("timeline-title").click();
  while (document.querySelector(".timeline-view")?.dataset.shown !== "true") await bench.painted();
}"""
HAND_OVER = """async (batches) => {
  for (const batch of batches) {
    flowglow.timeline.take(batch);
    await bench.painted();
  }
}"""
UNTIL = """async (count) => {
  while (Number(document.querySelector(".timeline-view").dataset.bars) < count) await bench.painted();
}"""
UNFOLD = """async () => {
  for (let row; (row = document.querySelector('#timeline [data-kind=fold][aria-expanded="false"] [data-turn]')); ) {
    const { left, top } = row.getBoundingClientRect();
    const at = { clientX: left + 2, clientY: top + 6, bubbles: true, pointerId: 1, isPrimary: true };
    row.dispatchEvent(new PointerEvent("pointerdown", at));
    row.dispatchEvent(new PointerEvent("pointerup", at));
    await bench.painted();
  }
}"""
ZOOM = """async (count) => {
  const list = document.querySelector(".timeline-scroll");
  const box = list.getBoundingClientRect();
  for (let frame = 0; frame < count; frame++) {
    const deltaY = frame % 60 < 30 ? -80 : 80;
    const at = { clientX: box.left + box.width * 0.6, clientY: box.top + 80, bubbles: true, cancelable: true };
    list.dispatchEvent(new WheelEvent("wheel", { ...at, deltaY, ctrlKey: true }));
    await new Promise(requestAnimationFrame);
  }
}"""


def timeline(stage: Stage) -> Figure:
    """A turn of the wheel in each frame; counted is the main thread's processor time from one frame to the next."""
    head = ("bars", "how", "a frame, ms (median, 95 %, most)", f"frames over {number(FRAME_MS)} ms")
    figure = Figure("The timeline while somebody zooms", head)
    tab = opened(stage)
    fill(tab, rounds("long", NODES, 2 * BARS[0] + 2)[:-1], BARS[0])
    look(stage, figure, tab, BARS[0], "folded", partial(tab.page.evaluate, ZOOM, ZOOM_FRAMES))
    tab.page.evaluate(UNFOLD)
    look(stage, figure, tab, BARS[0], "a row each", partial(tab.page.evaluate, ZOOM, ZOOM_FRAMES))
    look(stage, figure, tab, BARS[0], f"{PER_SECOND} events a second", partial(zoom_live, tab))
    tab.page.context.close()
    tab = opened(stage)
    tab.page.evaluate(HAND_OVER, batches(BARS[1]))
    look(stage, figure, tab, BARS[1], "folded", partial(tab.page.evaluate, ZOOM, ZOOM_FRAMES))
    tab.page.evaluate(UNFOLD)
    look(stage, figure, tab, BARS[1], "a row each", partial(tab.page.evaluate, ZOOM, ZOOM_FRAMES))
    tab.page.context.close()
    figure.notes.append(
        f"{BARS[0]:,} bars are those of a run of {2 * BARS[0]:,} events, which the page shows in all its parts; "
        f"{BARS[1]:,} are handed to the timeline's drawing alone, as Python does. The former run is live: "
        f"the durations and the {BARS[0]:,} badges of the rest of the page are in its frames, too."
    )
    return figure


def opened(stage: Stage) -> Contestant:
    tab = stage.open("page", grid(NODES))
    tab.page.bring_to_front()
    tab.page.evaluate(LOOK)
    return tab


def fill(tab: Contestant, events: list[Json], bars: int) -> None:
    """Let the events come in large frames; until the timeline has so many bars."""
    for at in range(0, len(events), BATCH):
        tab.page.evaluate("(text) => bench.deliver(text)", json.dumps(events[at : at + BATCH]))
    tab.page.evaluate(UNTIL, bars)


def zoom_live(tab: Contestant) -> None:
    """Nodes start and end meanwhile."""
    last = 2 * BARS[0]
    again = [
        {
            "event": "start_node",
            "run_id": "long",
            "node_id": f"n{each % NODES}",
            "order": last + each,
            "seq": last + 1 + each,
        }
        for each in range(PER_SECOND * ZOOM_FRAMES // 60)
    ]
    tab.page.evaluate(
        f"([texts, rate, count]) => Promise.all([bench.pace(texts, rate), ({ZOOM})(count)])",
        [[[text, "", ""] for text in frames(again)], PER_SECOND, ZOOM_FRAMES],
    )


def look(stage: Stage, figure: Figure, tab: Contestant, bars: int, how: str, zoom: Any) -> None:
    zoom()  # what is compiled only once
    trace, _ = traced(stage.browser, tab.page, zoom)
    spent = trace.frame_ms
    long = sum(each > FRAME_MS for each in spent)
    told = f"{number(sorted(spent)[len(spent) // 2])}, {number(p95(spent))}, {number(max(spent))}"
    figure.row(f"{bars:,}", how, told, f"{long} of {len(spent)}")
    figure.must(f"Frames over {number(FRAME_MS)} ms, {bars:,} bars, {how}", long, 0, "")


def batches(count: int) -> list[str]:
    """So many bars of a run that is over: groups of ten, each of its own name."""
    run: list[Any] = ["run", None, "run", "", "Run", "success", 0.0, count * MOMENTS_S, -1, None, 0.0, []]
    bars = [run, *(bar(each) for each in range(count))]
    said = {"run": "handed", "gone": [], "live": False, "now": count * MOMENTS_S, "chosen": None}
    return [json.dumps({"anew": not at, "bars": bars[at : at + 2_000], **said}) for at in range(0, len(bars), 2_000)]


def bar(each: int) -> list[Any]:
    first = each - each % 10
    parent, start = "run" if each == first else f"node/g{first}", each * MOMENTS_S
    name, status = ("Group" if each == first else f"Step {each}"), "error" if each % 97 == 0 else "success"
    key = f"node/{'g' if each == first else 'n'}{each}"
    length = MOMENTS_S * (10 if each == first else 3)
    return [key, parent, "node", f"n{each}", name, status, start, start + length, each, None, None, []]

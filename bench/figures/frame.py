"""The browser's own work in a frame while 200 nodes execute: style, layout, pre-paint, paint, layerize, commit."""

from __future__ import annotations

from functools import partial

from ..report import Figure, number
from ..stage import Contestant, Stage
from ..streams import frames, life_cycle
from ..trace import RENDERING, Trace, traced

NODES = 200
SECONDS = 3
PER_SECOND = 20
SETTLE_MS = 2_000


def frame(stage: Stage) -> Figure:
    """Once with nothing happening, and once while nodes end and start again: else a still page would have no frames."""
    head = ("", "frames a second", "the browser's work in a frame, ms", *RENDERING, "main thread, % of a core")
    figure = Figure(f"The browser's own work with {NODES} nodes executing", head)
    for name in ("page", "B"):
        with stage.contestants(NODES, name) as (contestant,):
            starts = life_cycle("glow", NODES)[: NODES + 1]
            contestant.feed(starts, badges=NODES, executing=NODES)
            contestant.page.wait_for_timeout(SETTLE_MS)
            still, _ = traced(stage.browser, contestant.page, partial(contestant.page.wait_for_timeout, SECONDS * 1000))
            busy, _ = traced(stage.browser, contestant.page, partial(keep_on, contestant))
            for what, trace in (("no event", still), (f"{PER_SECOND} events a second", busy)):
                figure.row(f"{name}, {what}", *cells(trace))
                if name == "page":
                    figure.must(f"The browser's work in a frame, {what}", per_frame(trace), 6, " ms", 3)
    return figure


def keep_on(contestant: Contestant) -> None:
    """Nodes that execute start once more, so many a second."""
    count = SECONDS * PER_SECOND
    again = [
        {"event": "start_node", "run_id": "glow", "node_id": f"n{each}", "order": NODES + each, "seq": NODES + 1 + each}
        for each in range(count)
    ]
    contestant.page.evaluate(
        "([frames, rate]) => bench.pace(frames, rate)", [[[text, "", ""] for text in frames(again)], PER_SECOND]
    )
    contestant.page.wait_for_timeout(200)


def per_frame(trace: Trace) -> float:
    return trace.rendering_ms / max(trace.frames, 1)


def cells(trace: Trace) -> list[str]:
    seconds = trace.lasted_ms / 1000
    each = [number(trace.spent_ms.get(kind, 0.0) / max(trace.frames, 1)) for kind in RENDERING]
    return [
        number(trace.frames / seconds),
        number(per_frame(trace)),
        *each,
        number(sum(trace.spent_ms.values()) / trace.lasted_ms * 100),
    ]

"""Where the main thread of a tab spends its time: what Chromium traces, by name.

A task's time is told by what happens in it. Nested events count for themselves alone, so that all add up to the whole:
a layout that a script forces is layout, not script. Counted is the time of the processor, so that whatever else the
machine does changes little.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from playwright.sync_api import Browser, Page

from .streams import Json

T = TypeVar("T")

CATEGORIES = ["toplevel", "devtools.timeline", "cc", "v8", "disabled-by-default-v8.gc"]
"""Those that add little. `disabled-by-default-devtools.timeline` draws up all layers for each frame: with it the main
thread used 11.1 ms by the kernel's clock in a frame that takes 6.7 without any tracing; with these, 7.6."""
KINDS = {
    "style": ("UpdateLayoutTree", "RecalculateStyles"),
    "layout": ("Layout",),
    "pre-paint": ("PrePaint", "UpdateLayerTree"),
    "paint": ("Paint", "PaintImage"),
    "layerize": ("Layerize",),
    "commit": ("ProxyMain::BeginMainFrame::commit", "LayerTreeHost::DoUpdateLayers"),
    "hit test": ("HitTest",),
    "garbage": ("MinorGC", "MajorGC", "BlinkGC.AtomicPhase", "V8.GC_MC_BACKGROUND_MARKING"),
}
"""What the browser does itself, and what Chromium calls it."""
RENDERING = ("style", "layout", "pre-paint", "paint", "layerize", "commit")
SCRIPT = ("FunctionCall", "FireAnimationFrame", "TimerFire", "EventDispatch", "RunMicrotasks", "v8.callFunction",
          "EvaluateScript", "v8.run", "HandlePostMessage", "FireIdleCallback")  # fmt: skip
FRAME = "ProxyMain::BeginMainFrame::commit"
"""Each frame that the main thread makes ends with one."""


@dataclass(frozen=True, slots=True)
class Trace:
    """Milliseconds of the main thread by kind, and how many frames it made."""

    spent_ms: dict[str, float]
    frames: int
    lasted_ms: float
    frame_ms: list[float]
    """Milliseconds of the processor that the main thread used from each frame to the next."""

    @property
    def rendering_ms(self) -> float:
        """The browser's own work: style, layout, pre-paint, paint, layerize, commit."""
        return sum(self.spent_ms.get(kind, 0.0) for kind in RENDERING)

    @property
    def script_ms(self) -> float:
        """Our code, and what it calls that has no name of its own."""
        return self.spent_ms.get("script", 0.0)


def traced(browser: Browser, page: Page, work: Callable[[], T]) -> tuple[Trace, T]:
    """What the main thread of `page` did while `work` ran, and what `work` gave."""
    browser.start_tracing(page=page, categories=CATEGORIES)
    try:
        page.evaluate("() => console.timeStamp('bench begins')")
        result = work()
        page.evaluate("() => console.timeStamp('bench ends')")
    finally:
        written = browser.stop_tracing()
    return read(json.loads(written)["traceEvents"]), result


def read(events: list[Json]) -> Trace:
    """Add up what lies between the two marks, on the thread that bears them."""
    marks = [each for each in events if each.get("name") == "TimeStamp"]
    first, last = (next(each for each in marks if _says(each, f"bench {word}")) for word in ("begins", "ends"))
    thread = (first["pid"], first["tid"])
    own = [
        each
        for each in events
        if (each["pid"], each["tid"]) == thread and first["ts"] <= each["ts"] <= last["ts"] and each["ph"] in "XIi"
    ]
    spent: defaultdict[str, float] = defaultdict(float)
    open_events: list[tuple[float, str]] = []  # when it ends, and its kind
    for each in sorted((each for each in own if each["ph"] == "X"), key=lambda each: (each["ts"], -each.get("dur", 0))):
        while open_events and open_events[-1][0] <= each["ts"]:
            open_events.pop()
        inside, took = (open_events[-1][1] if open_events else ""), each.get("tdur", 0) / 1000
        kind = _kind(each["name"], inside)
        spent[kind] += took
        if inside:
            spent[inside] -= took
        open_events.append((each["ts"] + each.get("dur", 0), kind))
    frames = sum(each["name"] == FRAME for each in own)
    return Trace(dict(spent), frames, (last["ts"] - first["ts"]) / 1000, _by_frame(own))


def _by_frame(own: list[Json]) -> list[float]:
    """The processor's time of what is in no other event, up to the end of each frame."""
    found, until, used = list[float](), 0.0, 0.0
    for each in sorted((each for each in own if each["ph"] == "X"), key=lambda each: (each["ts"], -each.get("dur", 0))):
        if each["ts"] >= until:
            until = each["ts"] + each.get("dur", 0)
            used += float(each["tdur"] if "tdur" in each else each.get("dur", 0)) / 1000
        if each["name"] == FRAME:
            found.append(used)
            used = 0.0
    return found[1:]  # the first one began before


def _says(event: Json, words: str) -> bool:
    return words in json.dumps(event.get("args", {}))


def _kind(name: str, inside: str) -> str:
    """The kind of an event: its own, or that of what it is in."""
    for kind, names in KINDS.items():
        if name in names:
            return kind
    if name in SCRIPT:
        return "script"
    return inside or "tasks of the browser"

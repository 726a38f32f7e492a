"""`make profile`: where a frame and an event go. What Chromium traces by name, and Python by function.

Read the two apart: Python is profiled in a round of its own, as the profiler slows every call.
"""

from __future__ import annotations

import json
import sys
from functools import partial

from .report import number
from .stage import Contestant, stage
from .streams import Json, life_cycle
from .trace import RENDERING, Trace, traced

NODES = 200
BEGIN = "import cProfile\nbench_profile = cProfile.Profile()\nbench_profile.enable()"
END = """
import io, pstats
bench_profile.disable()
written = io.StringIO()
stats = pstats.Stats(bench_profile, stream=written)
whole = stats.total_tt
rows = []
for (path, line, name), (_, calls, own, total, _) in stats.stats.items():
    rows.append([f"{path.removeprefix('/home/pyodide/')}:{line} {name}" if line else name, calls, own, total])
rows.sort(key=lambda row: -row[2])
import json
json.dumps({"whole": whole, "rows": rows[:40], "calls": stats.total_calls,
            "most": sorted(rows, key=lambda row: -row[3])[:25]})
"""


def main(nodes: int = NODES) -> None:
    """Play a run to warm up, one that is traced, and one in which Python is profiled."""
    with stage() as opened, opened.contestants(nodes, "page") as (page,):
        play(page, "warm", nodes)
        events = life_cycle("traced", nodes)
        trace, _ = traced(opened.browser, page.page, partial(play, page, "traced", nodes))
        frames_and_events(trace, len(events))
        page.page.evaluate("(code) => { flowglow.pyodide.runPython(code); }", BEGIN)
        play(page, "profiled", nodes)
        told: str = page.page.evaluate("(code) => flowglow.pyodide.runPython(code)", END)
        functions(told, len(events))


def play(page: Contestant, run_id: str, nodes: int) -> Json:
    return page.feed(life_cycle(run_id, nodes), status="success", badges=nodes, outputs=nodes)


def frames_and_events(trace: Trace, events: int) -> None:
    """The main thread by what Chromium calls it."""
    frames = max(trace.frames, 1)
    print(f"\n{events} events, {trace.frames} frames, {trace.lasted_ms:,.0f} ms; processor time of the main thread:\n")
    print("| | ms in all | ms a frame | µs an event |\n|---|---|---|---|")
    for kind, spent in sorted(trace.spent_ms.items(), key=lambda pair: -pair[1]):
        print(f"| {kind} | {number(spent)} | {number(spent / frames)} | {number(spent / events * 1000)} |")
    whole = trace.rendering_ms
    print(
        f"| *{', '.join(RENDERING)}* | {number(whole)} | {number(whole / frames)} | {number(whole / events * 1000)} |"
    )


def functions(told: str, events: int) -> None:
    """Python by function: by its own time, then with all that it calls."""
    profile = json.loads(told)
    spent, calls = profile["whole"] / events * 1e6, profile["calls"] / events
    print(f"\nPython, profiled: {spent:,.0f} µs and {calls:,.0f} calls an event")
    for title, rows, at in (("own time", profile["rows"], 2), ("with what it calls", profile["most"], 3)):
        print(f"\n| {title} | µs an event | calls an event |\n|---|---|---|")
        for row in rows:
            print(f"| `{row[0]}` | {number(row[at] / events * 1e6)} | {number(row[1] / events)} |")


if __name__ == "__main__":
    main(*(int(each) for each in sys.argv[1:2]))

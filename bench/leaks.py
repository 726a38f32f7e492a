"""`make leaks`: 500 runs and 60,000 events in one page, counted on the way; writes the table of docs/reliability.md."""

from __future__ import annotations

import re
import sys

from playwright.sync_api import Page, sync_playwright

from e2e.census import settled
from e2e.conftest import FLAGS, boot
from e2e.events import RunScript, metric, wait_handled
from e2e.scripted_portal import Json, ScriptedPortal
from e2e.site import ROOT, static_site
from setup.chromium import chromium_path

RUNS = 500
EVENTS = 120
MARKS = (60, 280, 500)
"""Counted after these many runs: when all that is bounded is full, half way, and at the end."""
COUNT_PROXIES = """
    const { register, unregister } = FinalizationRegistry.prototype;
    const Registry = FinalizationRegistry;
    globalThis.proxies = 0;
    globalThis.FinalizationRegistry = class extends Registry {
      constructor(callback) { super((held) => { proxies -= 1; callback(held); }); }
      register(...words) { proxies += 1; return super.register(...words); }
      unregister(token) { const known = super.unregister(token); proxies -= known ? 1 : 0; return known; }
    };
"""
"""Pyodide registers every proxy of a Python object: those that are neither destroyed nor collected are counted."""
COLUMNS = {
    "proxies": "PyProxies",
    "listeners": "JS listeners",
    "dom": "DOM nodes",
    "objects": "Python objects",
    "tracked": "records",
    "js_heap": "JS heap, MiB",
    "wasm": "wasm memory, MiB",
}


def long_run(number: int) -> list[Json]:
    """120 events: four nodes with a tool each, and words."""
    script = RunScript(f"run-{number}", flow_id="demo")
    events = [script.event("run_start", entity_name=f"Run {number}")]
    for index in range(4):
        node = f"n{index}"
        call = {"node_id": node, "tool_call_id": f"{number}-{index}", "tool_name": "look"}
        events += [script.start(node, index), script.event("start_tool", **call), script.event("end_tool", **call)]
        words = (EVENTS - 2 - 4 * 4) // 4 + (1 if index < (EVENTS - 2 - 4 * 4) % 4 else 0)
        events += [
            script.event("RunContent", content=f"word {word} ", agent_id=node, node_id=node) for word in range(words)
        ]
        events.append(script.end(node, index, content=f"output {index} of run {number}"))
    events.append(script.event("run_end", status="success"))
    assert len(events) == EVENTS
    return events


def census(page: Page) -> Json:
    """Everything that could grow; memory in MiB."""
    counts = settled(page)
    wasm = page.evaluate("() => flowglow.pyodide._module.HEAP8.length")
    memory = {"js_heap": round(counts["js_heap"] / 2**20, 1), "wasm": round(wasm / 2**20, 1)}
    return {**counts, **memory, "proxies": page.evaluate("() => proxies")}


def measure(page: Page, portal: ScriptedPortal) -> dict[str, Json]:
    """Moment → what there is."""
    rows = {"before the first run": census(page)}
    for number in range(RUNS):
        before = metric(page, "handled")
        portal.send(long_run(number))
        wait_handled(page, before + EVENTS)
        if number + 1 in MARKS:
            rows[f"after {number + 1} runs, {(number + 1) * EVENTS:,} events"] = census(page)
    portal.forget()
    page.evaluate("() => flowglow.reset()")
    rows["after a reset"] = census(page)
    return rows


def table(rows: dict[str, Json]) -> str:
    head = f"| | {' | '.join(COLUMNS.values())} |\n|---|{'---|' * len(COLUMNS)}\n"
    return head + "".join(
        f"| {when} | {' | '.join(f'{row[name]:,}' for name in COLUMNS)} |\n" for when, row in rows.items()
    )


def main() -> None:
    """Measure, print, and put the table in its place."""
    portal = ScriptedPortal()
    portal.start()
    with sync_playwright() as playwright, static_site() as site:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        page = browser.new_page()
        page.add_init_script(COUNT_PROXIES)
        boot(page, f"{site}/{portal.query}")
        portal.wait_connected(1)
        page.locator('#canvas [data-node-id="n0"]').wait_for()
        written = table(measure(page, portal))
        browser.close()
    portal.stop()
    sys.stdout.write(written)
    place = ROOT / "docs" / "reliability.md"
    text = place.read_text()
    place.write_text(re.sub(r"(?s)(<!-- make leaks -->\n).*?(<!-- end -->)", lambda m: m[1] + written + m[2], text))


if __name__ == "__main__":
    main()

"""From a message to the class on its node, which must come in the message's own task."""

from __future__ import annotations

import json

from ..report import Figure, median, number, p95
from ..stage import Stage
from ..streams import Json, life_cycle

NODES = 200
ROUNDS = 3
RATES = ((100, 2.0), (1_000, 10.0))
"""Messages a second, and the milliseconds that 95 of a hundred may take."""


def latency(stage: Stage) -> Figure:
    """Beside the task itself: since the message was due, with all the waiting for frames that were being painted."""
    head = (
        "messages a second",
        "in the same task",
        "in the task: median, ms",
        "p95",
        "since it was due: median",
        "p95",
    )
    figure = Figure(f"Message → class on the node, {NODES} nodes", head)
    with stage.contestants(NODES, "page") as (page,):
        page.feed(life_cycle("warm", NODES), status="success", badges=NODES)
        for rate, most in RATES:
            seen: list[Json] = []
            for round_ in range(ROUNDS):
                events = life_cycle(f"rate-{rate}-{round_}", NODES, together=False)
                paced = [[json.dumps(each), *_glow(each)] for each in events]
                seen += page.page.evaluate("([frames, rate]) => bench.pace(frames, rate)", [paced, rate])
                page.page.evaluate("(run) => bench.settled(run, {status: 'success'})", events[0]["run_id"])
            tasks, due = [each["task"] for each in seen], [each["due"] for each in seen]
            there = sum(each["there"] for each in seen)
            figure.row(f"{rate:,}", f"{there} of {len(seen)}", *_cells(tasks), *_cells(due))
            figure.must(
                f"Classes that came later than their message's task at {rate:,} a second", len(seen) - there, 0, ""
            )
            figure.must(f"Message → class at {rate:,} a second, p95", p95(tasks), most, " ms")
            figure.must("The same since the message was due, p95", p95(due), most, " ms")
    return figure


def _glow(event: Json) -> tuple[str, str]:
    """The node that glows behind this message, and its class."""
    return (event["node_id"], "executing") if event["event"] == "start_node" else ("", "")


def _cells(values: list[float]) -> tuple[str, str]:
    return number(median(values)), number(p95(values))

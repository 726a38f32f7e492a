"""Other streams, the page alone: tools, groups and chat; ten thousand chunks; a recorded run."""

from __future__ import annotations

from e2e.site import ROOT

from ..report import Figure, number, spread
from ..stage import Stage
from ..streams import chunks, grid, grouped, mix, recorded

ROUNDS = 3
GROUPS = 40
CHUNKS = 10_000
PART = 1_000
RECORDING = ROOT / "web" / "recordings" / "linear.ndjson"


def mixed(stage: Stage) -> Figure:
    """Groups of four nodes, each with a tool and four words."""
    figure = Figure("A mix of nodes, groups, tools and chat, handled and painted", ("", "µs an event"))
    nodes, times = GROUPS * 5, []
    page = stage.open("page", grouped(nodes))
    for round_ in range(ROUNDS + 1):
        events = mix(f"mix-{round_}", nodes)
        took = page.feed(events, status="success", badges=nodes)
        times.append(took["all"] / len(events) * 1000)
    page.page.context.close()
    figure.row(f"{GROUPS} groups, {nodes - GROUPS} nodes, {len(events):,} events", spread(times[1:]))
    return figure


def chat(stage: Stage) -> Figure:
    """One answer in ten thousand chunks: the last must cost what the first cost."""
    figure = Figure(f"{CHUNKS:,} chunks of one answer, handled and painted", ("thousand", "µs a chunk"))
    page = stage.open("page", grid(4))
    page.page.locator("#chat-title").click()  # behind a tab nothing would be painted
    for name in ("warm", "chat"):
        start, node, *said, end = chunks(name, CHUNKS if name == "chat" else PART)
        page.feed([start, node], badges=1)
        times, length = [], 0
        for at in range(0, len(said), PART):
            part = said[at : at + PART]
            length += sum(len(each["content"].split()[0]) for each in part)
            times.append(page.feed(part, text=length)["all"] / PART * 1000)
        page.feed([end], status="success")
    page.page.context.close()
    for index in (0, len(times) // 2, len(times) - 1):
        figure.row(f"{index + 1}", number(times[index]))
    figure.must("The last thousand chunks against the first", times[-1] / times[0], 1.2, " ×")
    return figure


def recording(stage: Stage) -> Figure:
    """The recorded run that the page ships, as fast as it goes."""
    figure = Figure("A recorded run, as fast as it goes, handled and painted", ("", "µs an event"))
    flow, _ = recorded(RECORDING, "")
    page, times = stage.open("page", flow), []
    for round_ in range(ROUNDS + 1):
        _, events = recorded(RECORDING, f"recorded-{round_}")
        took = page.feed(events, status="success", badges=len(flow["nodes"]))
        times.append(took["all"] / len(events) * 1000)
    page.page.context.close()
    figure.row(f"{RECORDING.stem}, {len(events)} events", spread(times[1:]))
    return figure

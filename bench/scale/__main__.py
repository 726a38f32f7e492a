"""`make scale`: measure, suffer, and put the tables into docs/scaling.md.

`make scale ONLY=load,floor,faults,comeback WATCHERS=2000 RUNS=20 RATE=50 SECONDS=10` changes what is tried. The
watchers are doubled from a 32nd of that number on, until something is not carried.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterator

from bench.report import Figure, machine, number, write
from e2e.site import ROOT

from .comeback import come_back
from .faults import FAULTS, suffer
from .load import Carried, Load, carry
from .parts import stage

PLACE = ROOT / "docs" / "scaling.md"
RELAYS = 2
CALM = 1.0
"""Events of a run in a second, where people and not machines set the pace."""
HEAD = ("watchers × events/s", "delivered/s", "whole", "p50 ms", "p95 ms", "p99 ms", "relay µs", "nginx µs", "Redis µs",
        "watcher µs", "memory a socket")  # fmt: skip


def main(words: list[str]) -> None:
    settings = dict(each.split("=", 1) for each in words)
    wanted = settings.get("ONLY", "load,floor,faults,comeback").split(",")
    load = Load(int(settings.get("WATCHERS", 2000)), int(settings.get("RUNS", 20)), float(settings.get("RATE", 50)),
                float(settings.get("SECONDS", 10)), int(settings.get("PROCESSES", 1)))  # fmt: skip
    makers: dict[str, Callable[[], Figure]] = {
        "load": lambda: loads(load, plain=False),
        "floor": lambda: loads(load, plain=True),
        "faults": faults,
        "comeback": lambda: comebacks(int(settings.get("SOCKETS", 1000))),
    }
    for name in wanted:
        print(f"{name} …", flush=True)
        figure = makers[name]()
        figure.notes.append(f"Measured {machine('none')}.".replace(", Chromium none", ""))
        write(f"scale-{name}", figure.text(), PLACE)
        print("\n".join(f"  - {each}" for each in figure.verdicts), flush=True)


def loads(most: Load, *, plain: bool) -> Figure:
    """Watchers of several runs, in steps; then one run that all of them watch."""
    what = "plain fan-out over Redis pub/sub, nothing kept" if plain else "two relays, one Redis, nginx"
    figure = Figure(f"Load: {what}", HEAD)
    carried: Carried | None = None
    for place, load in enumerate(steps(most)):
        with stage(RELAYS, plain=plain) as opened:
            done = carry(opened, load, f"load{place}", plain=plain)
        row(figure, done, f"{load.runs} runs")
        if not done.ok:
            break
        carried = done
    one = Load(carried.load.watchers if carried else most.watchers // 32, 1, most.rate, most.seconds, most.processes)
    with stage(RELAYS, plain=plain) as opened:
        row(figure, carry(opened, one, "one", plain=plain), "1 run, watched by all")
    calm = Load(most.watchers, most.runs, CALM, most.seconds, most.processes)
    with stage(RELAYS, plain=plain) as opened:
        row(figure, carry(opened, calm, "calm", plain=plain), f"{calm.runs} runs at the pace of people")
    if carried is None:
        figure.verdicts.append(
            f"**Missed:** not even {most.watchers // 32:,} watchers were carried within a second (p99)."
        )
    elif carried.load.watchers < most.watchers:
        figure.verdicts.append(f"**Missed:** {carried.load.watchers:,} watchers at {most.rate:g} events/s each were "
                               f"carried within a second (p99), not {most.watchers:,}.")  # fmt: skip
    else:
        figure.verdicts.append(
            f"{most.watchers:,} watchers at {most.rate:g} events/s each, p99 {number(carried.p99)} ms."
        )
    return figure


def steps(most: Load) -> Iterator[Load]:
    for part in (32, 16, 8, 4, 2, 1):
        yield Load(max(1, most.watchers // part), most.runs, most.rate, most.seconds, most.processes)


def row(figure: Figure, done: Carried, what: str) -> None:
    cpu, load = done.cpu_us, done.load
    relay = next(cpu[name] for name in ("relay", "plain") if name in cpu)
    parts = [relay, cpu["nginx"], cpu["redis"], cpu["watchers"]]
    what = f"{load.watchers:,} × {load.rate:g}, {what}"
    late = [number(each) for each in (done.p50, done.p95, done.p99)]
    whole = f"{done.whole:,} of {load.watchers:,}"
    memory = f"{done.socket_bytes / 1024:.0f} KiB"
    figure.row(what, f"{done.came / done.took_s:,.0f}", whole, *late, *(number(each) for each in parts), memory)


def faults() -> Figure:
    """Each fault, and its control."""
    head = ("fault", "wrong records", "reconnects", "control: wrong records", "control: the first")
    figure = Figure("What fails, and what watchers know then", head)

    async def every() -> None:
        for fault in FAULTS:
            with stage(RELAYS) as opened:
                done = await suffer(opened, fault)
            with stage(RELAYS) as opened:
                control = await suffer(opened, fault, control=True)
            wrong = [f"{each.wrong} of {each.watchers}" for each in (done, control)]
            figure.row(done.name, wrong[0], str(done.reconnects), wrong[1], control.first)
            if done.wrong:
                figure.verdicts.append(
                    f"**Missed:** {done.name}: {done.wrong} of {done.watchers} are wrong: {done.first}"
                )
            if not control.wrong:
                figure.verdicts.append(f"**Missed:** {done.name}: its control is not wrong, so it proves nothing.")

    asyncio.run(every())
    return figure


def comebacks(sockets: int) -> Figure:
    """All relays are killed at once under many sockets."""
    figure = Figure(
        "Everybody comes back at once", ("", "sockets", "know everything", "opened again", "busiest 0.1 s", "within")
    )
    for name, spread in (("as it is", True), ("control: nobody waits a moment of their own", False)):
        with stage(RELAYS) as opened:
            done = come_back(opened, sockets, spread=spread)
        figure.row(
            name, f"{done.sockets:,}", f"{done.whole:,}", f"{done.reopened:,}", str(done.peak), f"{done.within_s:.1f} s"
        )
        if spread and done.whole < done.sockets:
            figure.verdicts.append(f"**Missed:** {done.sockets - done.whole} of {done.sockets} lack something.")
    return figure


if __name__ == "__main__":
    main(sys.argv[1:])

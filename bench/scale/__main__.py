"""`make scale`: measure, suffer, and put the tables into docs/scaling.md.

`make scale ONLY=load,faults,comeback WATCHERS=2000 RUNS=20 RATE=50 SECONDS=10` changes what is tried. The
watchers are doubled from a 32nd of that number on, until something is not carried.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterator

from bench.report import Figure, machine, number, write
from e2e.site import ROOT

from .comeback import come_back
from .faults import FAULTS, PAGES, Verdict, suffer
from .load import Carried, Load, carry
from .pages import Pages
from .parts import stage

PLACE = ROOT / "docs" / "scaling.md"
RELAYS = 2
KINDS = {False: "two relays, one Redis, nginx", True: "plain fan-out over Redis pub/sub, nothing kept"}
"""What is measured: the relays, and (plain) their floor."""
CALM = 1.0
"""Events of a run in a second, where people and not machines set the pace."""
HEAD = ("watchers × events/s", "delivered/s", "whole", "p50 ms", "p95 ms", "p99 ms", "relay µs", "nginx µs", "Redis µs",
        "watcher µs", "memory a socket")  # fmt: skip


def main(words: list[str]) -> None:
    settings = dict(each.split("=", 1) for each in words)
    wanted = settings.get("ONLY", "load,faults,comeback").split(",")
    load = Load(int(settings.get("WATCHERS", 2000)), int(settings.get("RUNS", 20)), float(settings.get("RATE", 50)),
                float(settings.get("SECONDS", 10)), int(settings.get("PROCESSES", 1)))  # fmt: skip
    makers: dict[str, Callable[[], list[Figure]]] = {
        "load": lambda: loads(load),
        "faults": lambda: [faults()],
        "comeback": lambda: [comebacks(int(settings.get("SOCKETS", 1000)))],
    }
    for name in wanted:
        print(f"{name} …", flush=True)
        for place, figure in zip((name, "floor"), makers[name](), strict=False):
            figure.notes.append(f"Measured {machine('none')}.".replace(", Chromium none", ""))
            write(f"scale-{place}", figure.text(), PLACE)
            print("\n".join(f"  - {each}" for each in figure.verdicts), flush=True)


def loads(most: Load) -> list[Figure]:
    """Watchers of several runs, in steps; then one run that all of them watch. Relays and the floor take turns."""
    figures = {plain: Figure(f"Load: {what}", HEAD) for plain, what in KINDS.items()}
    carried: dict[bool, Carried] = {}
    goes_on = dict.fromkeys(KINDS, True)
    stopped = dict.fromkeys(KINDS, most)
    for place, load in enumerate(steps(most)):
        for plain in [each for each in KINDS if goes_on[each]]:
            done = measured(figures[plain], load, f"load{place}", plain, f"{load.runs} runs")
            goes_on[plain], stopped[plain] = done.ok, load
            if done.ok:
                carried[plain] = done
    for plain in [each for each in KINDS if not goes_on[each] and stopped[each] != most]:
        measured(figures[plain], most, "most", plain, f"{most.runs} runs")  # what was wanted, carried or not
    for plain, figure in figures.items():
        at_most = carried[plain].load.watchers if plain in carried else most.watchers // 32
        one = Load(at_most, 1, most.rate, most.seconds, most.processes)
        measured(figure, one, "one", plain, "1 run, watched by all")
    for plain, figure in figures.items():
        calm = Load(most.watchers, most.runs, CALM, most.seconds, most.processes)
        measured(figure, calm, "calm", plain, f"{calm.runs} runs at the pace of people")
        figure.verdicts.append(verdict(most, carried.get(plain)))
    return list(figures.values())


def measured(figure: Figure, load: Load, name: str, plain: bool, what: str) -> Carried:
    with stage(RELAYS, plain=plain) as opened:
        done = carry(opened, load, name, plain=plain)
    row(figure, done, what)
    return done


def verdict(most: Load, best: Carried | None) -> str:
    """What was carried, against what was wanted."""
    if best is None:
        return f"**Missed:** not even {most.watchers // 32:,} watchers were carried within a second (p99)."
    if best.load.watchers < most.watchers:
        return (
            f"**Missed:** {best.load.watchers:,} watchers at {most.rate:g} events/s each were "
            f"carried within a second (p99), not {most.watchers:,}."
        )
    return f"{most.watchers:,} watchers at {most.rate:g} events/s each, p99 {number(best.p99)} ms."


def steps(most: Load) -> Iterator[Load]:
    for part in (32, 16, 8, 4, 2, 1):
        yield Load(max(1, most.watchers // part), most.runs, most.rate, most.seconds, most.processes)


def row(figure: Figure, done: Carried, what: str) -> None:
    cpu, load = done.cpu_us, done.load
    relay = next(cpu[name] for name in ("relay", "plain") if name in cpu)
    parts = [relay, cpu["nginx"], cpu["redis"], cpu["watchers"]]
    name = f"{load.watchers:,} × {load.rate:g}, {what}"
    late = [number(each) for each in (done.p50, done.p95, done.p99)]
    whole = f"{done.whole:,} of {load.watchers:,}"
    memory = f"{done.socket_bytes / 1024:.0f} KiB"
    figure.row(name, f"{done.came / done.took_s:,.0f}", whole, *late, *(number(each) for each in parts), memory)


def faults() -> Figure:
    """Each fault, and its control."""
    head = ("fault", "wrong records", "wrong pages", "reconnects", "control: wrong records", "control: wrong pages",
            "control: the first")  # fmt: skip
    figure = Figure("What fails, and what watchers know then", head)

    async def every() -> None:
        pages = Pages()
        await pages.start()
        try:
            for fault in FAULTS:
                with stage(RELAYS, sync="always") as opened:
                    done = await suffer(opened, fault, pages)
                with stage(RELAYS, sync="always") as opened:
                    control = await suffer(opened, fault, pages, control=True)
                fault_row(figure, done, control)
        finally:
            await pages.stop()

    asyncio.run(every())
    return figure


def fault_row(figure: Figure, done: Verdict, control: Verdict) -> None:
    cells = [[f"{each.wrong} of {each.watchers}", f"{each.pages_wrong} of {PAGES}"] for each in (done, control)]
    figure.row(done.name, *cells[0], str(done.reconnects), *cells[1], control.first)
    if done.wrong or done.pages_wrong:
        figure.verdicts.append(f"**Missed:** {done.name}: {done.wrong} records and {done.pages_wrong} pages are "
                               f"wrong: {done.first}")  # fmt: skip
    if not control.wrong or not control.pages_wrong:
        what = "records" if not control.wrong else "pages"
        figure.verdicts.append(f"**Missed:** {done.name}: in its control no {what} are wrong, so that proves nothing.")


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

"""The picture is a function of the record: after any prefix of any delivery, whatever failed on the way, once all works
again, every region is as on a page that was only ever told the same log, in order.

What is said of the way itself is not compared: the inspector's numbers, and how often a notice came.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyapp.handlers import all_handlers
from pyapp.ports import HttpResponse
from pyapp.testing.faults import Faults
from pyapp.testing.page import FakePage
from tests.live.support import closed, notices
from tests.memory_server import BEHIND
from tests.streams import FLOW, NUMBERS, interleavings, runs

Json = dict[str, Any]
OWN = ("inspector", "notices")
STEP_S = 0.125
"""A binary fraction: times that are added up stay exact."""
HEAL_S = 9.0
"""As long as a handler pauses that has failed for a few seconds."""
TOTAL_S = 25.25
"""Less than the silence that makes a page ask; and no live duration is about to change then."""
PARTS = [f"{what} {each.name}" for each in all_handlers() for what in ("handler", "can_handle", "repaint")]

BREAKS = st.lists(st.tuples(st.integers(0, 40), st.sampled_from(PARTS), st.sampled_from([0, 1, 2, 3])), max_size=4)
"""Before which event a part breaks, and how often it raises; 0: until it is mended."""
SHIFTS = st.lists(st.integers(0, 50), min_size=1, max_size=20)
"""How many places an event comes late, each in turn."""


def stamped(log: Sequence[Json], began: float) -> list[Json]:
    """The events with the moments at which they happened: long ago, and each its own, by the clocks of two machines."""
    behind = [7.125 * (str(event.get("node_id"))[-1] in BEHIND) for event in log]
    return [{**event, "ts": began - 100 + number * 0.5 - behind[number]} for number, event in enumerate(log)]


def delivery(log: list[Json], shifts: list[int], twice: int) -> list[Json]:
    """The log as it comes in: some late, some twice."""
    places = [(place + shifts[place % len(shifts)], place) for place in range(len(log))]
    arrived = [log[place] for _, place in sorted(places)]
    return [event for place, event in enumerate(arrived) for _ in range(2 if twice and place % (twice + 1) == 0 else 1)]


async def opened(faults: Faults) -> FakePage:
    """A page whose clock is the server's, of a server that answers nothing about runs."""
    page = FakePage(seam=faults)
    for run_id in ("r", "r0", "r1", "r2"):
        page.http.answer("GET", f"/runs/{run_id}", "", 503)
    page.http.answer("GET", "/flows/demo", FLOW)
    body = json.dumps([{"id": "demo", "name": "Demo"}])
    page.http.then("GET", "/flows", HttpResponse(200, body, date=page.clock.wall()))
    await page.open()
    page.timeline.look()
    return page


async def disturbed(arriving: Sequence[Json], breaks: Sequence[tuple[int, str, int]]) -> FakePage:
    """A page that hears events as they arrive, while its handlers fail; then all of them work."""
    faults = Faults()
    page = await opened(faults)
    began = page.clock.now()
    for place, event in enumerate(arriving):
        for at, part, times in breaks:
            if at == place:
                faults.arm(part, RuntimeError("broken"), times=times)
        page.receive(event)
        await page.advance(STEP_S)
    faults.mend()
    await until(page, began + TOTAL_S)
    return page


async def until(page: FakePage, moment: float) -> None:
    while page.clock.now() < moment - 1.0:
        await page.advance(1.0)
    await page.advance(moment - page.clock.now())


async def undisturbed(log: Sequence[Json], now: float) -> FakePage:
    """A page that hears the log in order, at the same moment."""
    page = await opened(Faults())
    page.receive(*log)
    await until(page, now)
    return page


def difference(one: Any, two: Any, *where: object) -> tuple[object, ...] | None:
    """Where two pictures differ first, and what stands there in each."""
    if one == two:
        return None
    if isinstance(one, dict) and isinstance(two, dict) and one.keys() == two.keys():
        parts = [(name, one[name], two[name]) for name in one]
    elif isinstance(one, list | tuple) and isinstance(two, list | tuple) and len(one) == len(two):
        parts = [(place, *pair) for place, pair in enumerate(zip(one, two, strict=True))]
    else:
        return None if one == two else (*where, one, two)
    found = (difference(left, right, *where, name) for name, left, right in parts)
    return next((each for each in found if each is not None), None)


async def compare(page: FakePage, whole: FakePage, run_ids: Sequence[str], *but: str) -> None:
    """Every region, with each run in front in turn; each was in front before, so that none is unread."""
    for each in (page, whole):
        for run_id in run_ids:
            each.app.commands.show_run(run_id)
            await each.settle()
    for run_id in run_ids:
        for each in (page, whole):
            each.app.commands.show_run(run_id)
            await each.settle()
            each.app.commands.choose_node("n0")  # its details: what went in and came out, tools, answers, log
            await each.advance(0.5)
        assert page.app.tracking.run(run_id).record == whole.app.tracking.run(run_id).record
        one, two = page.picture(but=(*OWN, *but)), whole.picture(but=(*OWN, *but))
        assert difference(one, two) is None, f"of run {run_id}"
    assert "set aside" not in notices(page)
    await closed(page)
    await closed(whole)


def in_order(arrived: Sequence[Json]) -> list[Json]:
    """What arrived, once each, by run and number."""
    return [each for _, each in sorted({(each["run_id"], each["seq"]): each for each in arrived}.items())]


@given(runs("r"), SHIFTS, st.integers(0, 3), NUMBERS, BREAKS)
def test_one_run(log: list[Json], shifts: list[int], twice: int, cut: int, breaks: list[Any]) -> None:
    async def act() -> None:
        arriving = delivery(stamped(log, 1_700_000_000.0), shifts, twice)
        arriving = arriving[: 1 + cut % len(arriving)]
        page = await disturbed(arriving, breaks)
        await compare(page, await undisturbed(in_order(arriving), page.clock.now()), ["r"])

    asyncio.run(act())


@given(interleavings(), BREAKS)
def test_several_runs(log: list[Json], breaks: list[Any]) -> None:
    """Interleaved, with duplicates and disorder: each is as if it had been alone."""

    async def act() -> None:
        first: dict[tuple[str, int], Json] = {}
        for event in stamped(log, 1_700_000_000.0):
            first.setdefault((event["run_id"], event["seq"]), event)
        arriving = [first[each["run_id"], each["seq"]] for each in log]
        page = await disturbed(arriving, breaks)
        run_ids = sorted({each["run_id"] for each in log})
        whole = await undisturbed(in_order(arriving), page.clock.now())
        known = [each for each in run_ids if whole.row(each) is not None and page.row(each) is not None]
        await compare(page, whole, known)

    asyncio.run(act())


def _asked(name: str, node: str) -> Json:
    return {"event": "AgentPaused", "node_id": node, "requirements": [{"id": name, "kind": "confirmation"}]}


def _ran(node: str, **fields: Any) -> list[Json]:
    start = {"event": "start_node", "node_id": node, "order": 0, **fields}
    return [start, {"event": "end_node", "node_id": node, "order": 0, "status": "success"}]


RESUMED = {"event": "resume_start"}
FOUND: dict[str, tuple[list[Json], list[int]]] = {
    "whose answer it is, of a question that came late": ([_asked("q", "n0"), _asked("q", "n1"), RESUMED], [0, 2, 1]),
    "when it was answered": (
        [_asked("q", "n0"), {**RESUMED, "resolved": ["q"]}, {"event": "RunContent", "content": "a"}, RESUMED,
         {"event": "RunContent", "content": "b"}],
        [0, 3, 4, 1, 2],
    ),
    "whose words they are, of a node that is named later": (
        [{"event": "RunContent", "content": "a", "node_id": "x"}, *_ran("x", node_name="Writer")[:1]], [0, 1],
    ),
    "who is asked, of a node that is named later": (
        [*_ran("x")[:1], {**_ran("x")[0], "order": 1}, _asked("q", "x"),
         {**_ran("x")[1], "order": 1, "node_name": "Writer"}],
        [0, 1, 2, 3],
    ),
    "who is next, though its question came late": ([_asked("a", "n0"), _asked("b", "n1")], [1, 0]),
    "which of two with one order gave first": ([*_ran("n1"), *_ran("n0")], [2, 3, 0, 1]),
    "what a node was, of which a later time tells the name": (
        [*_ran("x"), {"event": "start_node", "node_id": "x", "order": 1, "node_name": "Writer"}], [0, 1, 2],
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", FOUND)
async def test_found(what: str) -> None:
    """What was once drawn as it came, and never again."""
    events, places = FOUND[what]
    log = stamped([{**event, "run_id": "r", "seq": seq} for seq, event in enumerate(events)], 1_700_000_000.0)
    page = await opened(Faults())
    began = page.clock.now()
    for place in places:
        page.receive(log[place])
        await page.advance(2.5)  # what waits for a number waits no longer
    await until(page, began + TOTAL_S)
    await compare(page, await undisturbed(log, page.clock.now()), ["r"])

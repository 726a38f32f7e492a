"""Schedules of faults nobody would write by hand. After the last fault, within five seconds of the page's own clock and
without a hand on it, every region of the document must be what the oracle tells of the whole log.

`make soak` runs many more of them. A failure prints the streams and the schedule to run again.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.memory_server import Manners
from tests.oracle import TERMINAL
from tests.schedules import reading
from tests.schedules.compare import compare, compare_cards
from tests.schedules.play import FAULTS, FORGETFUL, SILENT, SPARSE, UNNUMBERED, Play, Step
from tests.streams import NUMBERS, runs

Json = dict[str, Any]
SOAKS = settings().max_examples >= 1000
SHARE = 2000 if SOAKS else settings().max_examples


def schedules(*faults: str) -> st.SearchStrategy[list[Step]]:
    return st.lists(st.tuples(st.sampled_from(faults), NUMBERS), max_size=30)


MANNERS = st.builds(
    Manners,
    event_ids=st.sampled_from(["none", "same", "fresh"]),
    ts=st.booleans(),
    hello=st.booleans(),
    resumes=st.booleans(),
    catch_up=st.booleans(),
    batches=st.booleans(),
    results=st.booleans(),
)
"""Every kind of server that numbers its events."""


def play(logs: list[list[Json]], manners: Manners, schedule: list[Step], *, before: int = 0, cut: bool = False) -> Play:
    """Play a schedule, and look at what can be known of it."""

    async def act() -> Play:
        game = Play(logs, manners, before=before)
        await game.go(schedule, final_cut=cut)
        told = {run_id: each for run_id, each in game.server.told().items() if run_id not in game.unknowable}
        if cut:  # nobody said that the history began anew: only a number below what was seen can tell
            told = {
                run_id: each
                for run_id, each in told.items()
                if run_id not in game.seen or game.last_seq(run_id) < game.seen[run_id]
            }
        await compare(game.page, told)
        await game.stop()
        return game

    return asyncio.run(act())


@settings(max_examples=SHARE)
@given(runs("r"), MANNERS, schedules(*FAULTS), st.integers(0, 6))
def test_one_run(log: list[Json], manners: Manners, schedule: list[Step], before: int) -> None:
    play([log], manners, schedule, before=before)


@settings(max_examples=SHARE)
@given(runs("r0"), runs("r1"), MANNERS, schedules(*FAULTS))
def test_two_runs(first: list[Json], second: list[Json], manners: Manners, schedule: list[Step]) -> None:
    play([first, second], manners, schedule)


@settings(max_examples=SHARE)
@given(runs("r0"), runs("r1"), MANNERS, schedules(*FORGETFUL))
def test_a_server_that_forgets_and_says_so(
    first: list[Json], second: list[Json], manners: Manners, schedule: list[Step]
) -> None:
    play([first, second], replace(manners, event_ids="same", hello=True, resumes=True), schedule)


@settings(max_examples=SHARE // 2)
@given(runs("r0"), runs("r1"), MANNERS, schedules(*SILENT))
def test_a_server_that_forgets_without_a_word(
    first: list[Json], second: list[Json], manners: Manners, schedule: list[Step]
) -> None:
    play([first, second], replace(manners, event_ids="same"), schedule, cut=True)


@settings(max_examples=SHARE // 2)
@given(runs("r"), MANNERS, schedules(*SPARSE))
def test_a_server_whose_numbers_have_holes(log: list[Json], manners: Manners, schedule: list[Step]) -> None:
    play([log], replace(manners, sparse=True, hello=True, resumes=True), schedule)


@settings(max_examples=SHARE)
@given(runs("r"), MANNERS, schedules(*UNNUMBERED))
def test_a_server_that_numbers_nothing(log: list[Json], manners: Manners, schedule: list[Step]) -> None:
    """Words may be lost for good there; what HTTP tells must be shown, and nothing may stand twice."""

    async def act() -> None:
        game = Play([log], replace(manners, numbered=False, event_ids="none"))
        await game.go(schedule, final_cut=True)
        told = game.server.told()["r"]
        rows = reading.rows(game.page)
        if "r" in rows or told.status not in TERMINAL:
            assert rows.get("r") == told.status
            if game.server.manners.results and told.status == "paused":
                compare_cards(game.page, [told])
            said = [
                word for each in reading.bubbles(game.page) if each.kind == "text" for word in reading.words(each.body)
            ]
            assert len(set(said)) == len(said), "no word stands twice"
        await game.stop()

    asyncio.run(act())

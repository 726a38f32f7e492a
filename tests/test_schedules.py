"""Schedules of faults nobody would write by hand. After the last fault, within five seconds of the page's own clock and
without a hand on it, every region of the document must be what the oracle tells of the whole log.

`make soak` runs many more of them. A failure prints the streams and the schedule to run again.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.memory_server import Manners
from tests.schedules import reading
from tests.schedules.compare import compare, compare_cards
from tests.schedules.play import FAULTS, FORGETFUL, SILENT, SPARSE, UNNUMBERED, Play, Step
from tests.streams import NUMBERS, of_any_length, runs, words

Json = dict[str, Any]
SOAKS = settings().max_examples >= 1000
SHARE = 2000 if SOAKS else settings().max_examples


AFRESH = 1000
"""Words of a history that begins anew are counted from here."""


def schedules(*faults: str) -> st.SearchStrategy[list[Step]]:
    return of_any_length(st.tuples(st.sampled_from(faults), NUMBERS))


MANNERS = st.builds(
    Manners,
    event_ids=st.sampled_from(["none", "same", "fresh"]),
    ts=st.booleans(),
    clocks=st.booleans(),
    hello=st.booleans(),
    resumes=st.booleans(),
    catch_up=st.booleans(),
    batches=st.booleans(),
    results=st.booleans(),
    by_http=st.booleans(),
    lag_s=st.sampled_from([0.0, 0.0, 1.0]),
)
"""Every kind of server that numbers its events."""
PAIRS = st.tuples(runs("r0"), runs("r1"))
PAIRS_AFRESH = st.tuples(runs("r0", words=AFRESH), runs("r1", words=AFRESH))
Pair = tuple[list[Json], list[Json]]


async def finish(game: Play, *, silent: bool = False) -> None:
    """Look at what can be known after a game, and end it.

    When nobody `silent` said that a history began anew, only a number below what was seen can tell.
    """
    told = {run_id: each for run_id, each in game.server.told().items() if run_id not in game.unknowable}
    if silent:
        told = {run_id: each for run_id, each in told.items() if game.last_seq(run_id) < game.seen.get(run_id, 1 << 30)}
    await compare(game.page, told)
    await game.stop()


def play(game: Play, schedule: list[Step], *, silent: bool = False) -> None:
    async def act() -> None:
        await game.go(schedule, final_cut=silent)
        await finish(game, silent=silent)

    asyncio.run(act())


@settings(max_examples=SHARE)
@given(runs("r"), MANNERS, schedules(*FAULTS), st.integers(0, 6))
def test_one_run(log: list[Json], manners: Manners, schedule: list[Step], before: int) -> None:
    play(Play([log], manners, before=before), schedule)


@settings(max_examples=SHARE)
@given(PAIRS, MANNERS, schedules(*FAULTS))
def test_two_runs(logs: Pair, manners: Manners, schedule: list[Step]) -> None:
    play(Play(logs, manners), schedule)


@settings(max_examples=SHARE)
@given(PAIRS, PAIRS_AFRESH, MANNERS, schedules(*FORGETFUL))
def test_a_server_that_forgets_and_says_so(logs: Pair, afresh: Pair, manners: Manners, schedule: list[Step]) -> None:
    manners = replace(manners, event_ids="same", hello=True, resumes=True)
    play(Play(logs, manners, afresh=afresh), schedule)


@settings(max_examples=SHARE // 2)
@given(PAIRS, PAIRS_AFRESH, MANNERS, schedules(*SILENT))
def test_a_server_that_forgets_without_a_word(logs: Pair, afresh: Pair, manners: Manners, schedule: list[Step]) -> None:
    manners = replace(manners, event_ids="same", lag_s=0.0)  # the last number alone can tell there: it does not lag
    play(Play(logs, manners, afresh=afresh), schedule, silent=True)


@settings(max_examples=SHARE // 2)
@given(runs("r"), MANNERS, schedules(*SPARSE))
def test_a_server_whose_numbers_have_holes(log: list[Json], manners: Manners, schedule: list[Step]) -> None:
    """What is told behind the end of a run, and lost, leaves no gap there that anybody could see."""
    ends = (at for at, each in enumerate(log) if each["event"] in ("run_end", "resume_end"))
    log = log[: next(ends, len(log)) + 1]
    play(Play([log], replace(manners, sparse=True, hello=True, resumes=True)), schedule)


@settings(max_examples=SHARE)
@given(runs("r"), MANNERS, schedules(*UNNUMBERED))
def test_a_server_that_numbers_nothing(log: list[Json], manners: Manners, schedule: list[Step]) -> None:
    """Words may be lost for good there; what HTTP tells must be shown, and nothing may stand twice."""

    async def act() -> None:
        without = replace(manners, numbered=False, event_ids="none", lag_s=0.0)  # nothing could tell that it lags
        game = Play([log], without)
        await game.go(schedule, final_cut=True)
        told = game.server.told()["r"]
        rows = reading.rows(game.page)
        ends = [each.get("status", "success") for each in log if each["event"] == "run_end"]
        known = {told.status, *(ends[1:] if told.over else ())}  # of two ends the first may have been lost
        if "r" in rows or not told.over:
            assert rows.get("r") in known
            if game.server.manners.results and told.status == "paused":
                compare_cards(game.page, [told], by_word=True)
            texts = [each.body for each in reading.bubbles(game.page) if each.kind == "text"]
            said = Counter(word for text in texts for word in words(text))
            twice = {word for word, times in said.items() if times > 1 and word.isascii()}
            assert not twice, "no word stands twice"
        await game.stop()

    asyncio.run(act())

"""A generator that cannot make a fault proves nothing about it: each kind of event and of fault really occurs."""

from __future__ import annotations

import asyncio
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.faulty_http import HTTP_FAULTS
from tests.oracle import tell
from tests.oracle.events import NAMES, TERMINAL, last_moment, of_run, readable, statuses
from tests.streams import CARDS, GROUPS, PARENTS, runs
from tests.test_schedules import AFRESH, MANNERS, schedules

from .play import FAULTS, FORGETFUL, SILENT, Play

Json = dict[str, Any]
T = TypeVar("T")
FIELDS = ("variables", "error", "content", "iteration", "child_count")
BY_CHANCE = ("two gaps", "cut while held", "while cut", "before", "stale")


def sample(strategy: st.SearchStrategy[T], count: int) -> list[T]:
    """Some of what a strategy makes, the same each time."""
    found: list[T] = []

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def collect(example: T) -> None:
        found.append(example)

    collect()
    return found


def features(log: list[Json]) -> set[str]:
    """What is remarkable about the stream of one run."""
    events = of_run(log, "r")
    told = tell(log, PARENTS)["r"]
    end = last_moment(statuses(events))
    found = {each["event"] for each in log if each["event"] in NAMES and readable(each)}
    found |= {f"card {asked['kind']}" for each in events for asked in each.get("requirements", [])}
    found |= {f"sign-in {each.get('status')}" for each in events if each["event"] == "interaction_event"}
    found |= {f"own group {each}" for each in GROUPS if each in told.executions}
    found |= {f"{each['event']} without order" for each in events if "node_id" in each and "order" not in each}
    found |= {f"late {each['event']}" for each in events[end + 1 :]}
    found |= {f"with {each}" for each in FIELDS if any(each in event for event in events if "node" in event["event"])}
    if told.status not in TERMINAL:
        found.add(f"lives on {told.status}")
    if events[0]["event"] != "run_start":
        found.add("no run_start")
    checks = {
        "unknown event": any(each["event"] not in NAMES for each in log),
        "malformed": any(each["event"] in NAMES and not readable(each) for each in log),
        "snapshot": any(each.get("mode") == "snapshot" for each in events),
        "half a character": any(str(each.get("content"))[-1:] == "\ud83d" for each in events),
        "tool without id": any(each["event"] == "start_tool" and "tool_call_id" not in each for each in events),
        "loop": any(len(orders) > 2 for orders in told.executions.values()),
        "depth 4": "d4" in told.executions,
        "announced": "extra" in told.executions,
        "parallel sources": len({each.source for each in told.bubbles if each.kind == "text"}) > 2,
        "two bubbles of a source": any(
            sum((each.kind, each.source) == ("text", voice) for each in told.bubbles) > 1
            for voice in {each.source for each in told.bubbles}
        ),
        "resolved in part": any(
            len(each.get("requirements", [])) > len(after.get("resolved", [])) > 0
            for each in events
            for after in events
        ),
        "implied": any(each.implied for orders in told.executions.values() for each in orders.values()),
    }
    return found | {name for name, is_there in checks.items() if is_there}


def test_streams_have_every_kind_of_event() -> None:
    found = set().union(*map(features, sample(runs("r"), 1000)))
    wanted = {
        *NAMES, *(f"card {kind}" for kind in CARDS), *(f"own group {group}" for group in GROUPS),
        *(f"sign-in {status}" for status in (None, "completed", "failed", "expired")),
        *(f"late {name}" for name in ("end_node", "start_node", "RunContent", "run_end")),
        *(f"with {field}" for field in FIELDS),
        "start_node without order", "end_node without order", "lives on executing", "lives on paused", "no run_start",
        "unknown event", "malformed", "snapshot", "half a character", "tool without id", "loop", "depth 4", "announced",
        "parallel sources", "two bubbles of a source", "resolved in part", "implied",
    }  # fmt: skip
    assert wanted <= found


def struck(*faults: str, count: int, silent: bool = False) -> set[str]:
    """The faults that really struck in some schedules."""
    games = st.tuples(runs("r"), runs("r", words=AFRESH), MANNERS, schedules(*faults), st.integers(0, 3))
    found: set[str] = set()
    for log, afresh, manners, schedule, before in sample(games, count):
        game = Play([log], manners, before=before, afresh=[afresh])
        asyncio.run(_go(game, schedule, silent))
        found |= game.happened
    return found


async def _go(game: Play, schedule: list[tuple[str, int]], silent: bool) -> None:
    await game.go(schedule, final_cut=silent)
    game.page.app.stop()
    await game.page.settle()


@pytest.mark.no_cover
def test_schedules_have_every_kind_of_fault() -> None:
    assert {*FAULTS, *HTTP_FAULTS, *BY_CHANCE} <= struck(*FAULTS, count=80)


@pytest.mark.no_cover
def test_servers_forget_with_a_word_and_without() -> None:
    assert "forget" in struck(*FORGETFUL, count=15)
    assert "forget silently" in struck(*SILENT, count=15, silent=True)

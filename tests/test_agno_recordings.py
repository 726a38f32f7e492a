"""What real AgentOSes of three versions streamed, translated: the picture is the oracle's, and the stream's own.

Recorded by devserver.record_shapes. What the raw events say is read here by plain loops that share no code with pyapp.
"""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pytest

from pyapp.contract.decode import decode_item
from pyapp.contract.events import BaseEvent
from pyapp.protocols.agno import AgnoTranslator
from pyapp.protocols.agno.table import EVENTS
from pyapp.run.fold import fold
from pyapp.run.record import RunRecord
from tests.oracle import tell
from tests.protocols.agno.support import RECORDINGS, recorded
from tests.run.support import Tree

Json = dict[str, Any]
NAMES = sorted(str(path.relative_to(RECORDINGS))[:-7] for path in RECORDINGS.rglob("*.ndjson"))
STUCK = ("2.9/flow_error_pause", "3.1/flow_error_pause")
"""It waits for what an AgentOS cannot be told."""
UNENDED = ("2.2/flow_agent_error", "2.2/flow_member_error", "2.9/flow_parallel_pause", *STUCK)
"""Agno itself says no more of these: the page asks over HTTP, and says so."""
ENDS = {
    "Completed": "success", "Error": "error", "Cancelled": "killed",
}  # fmt: skip
pytestmark = pytest.mark.skipif(not NAMES, reason="the recordings are not beside the tests")


def translated(raw: list[Json]) -> list[Json]:
    """Numbered, as whoever reads a stream numbers them; each fits the contract."""
    translator = AgnoTranslator(flow_id="f")
    ours = [each for event in raw for each in translator.translate(event) if "aside" not in each]
    assert translator.unknown == 0
    assert all(isinstance(decode_item(each), BaseEvent) for each in ours)
    return [{**each, "seq": seq} for seq, each in enumerate(ours)]


def root_of(raw: list[Json]) -> str:
    run_id: str = raw[0]["run_id"]
    return run_id


def end_of(raw: list[Json]) -> str | None:
    """The first terminal event that is the root's own."""
    for event in raw:
        for end, status in ENDS.items():
            own = event.get("run_id") in (None, root_of(raw))
            if own and event["event"] in (f"Workflow{end}", f"Run{end}", f"TeamRun{end}"):
                return status
    return None


def waits(raw: list[Json]) -> bool:
    """Whether the last that a stream said is that its workflow waits."""
    return bool(raw[-1]["event"] == "WorkflowPaused")


def said_by(raw: list[Json]) -> dict[str, str]:
    """By run, what it said: in pieces, or at its end."""
    pieces: dict[str, str] = {}
    for event in raw:
        if event["event"] in ("RunContent", "TeamRunContent") and isinstance(event.get("content"), str):
            pieces[event["run_id"]] = pieces.get(event["run_id"], "") + event["content"]
        whole = event["event"].removeprefix("Team") in ("RunCompleted", "RunCancelled")
        if whole and event.get("content") and len(event["content"]) > len(pieces.get(event["run_id"], "")):
            pieces[event["run_id"]] = event["content"]
    return pieces


def folded(ours: list[Json]) -> RunRecord:
    run = RunRecord(ours[0]["run_id"])
    for each in ours:
        message: Any = decode_item(each)
        fold(run, message, 0.0, Tree())
    return run


@pytest.mark.parametrize("name", NAMES)
def test_a_recording_becomes_the_run_that_it_was(name: str) -> None:
    """One start, one end of the root's own, a badge for each start, whole texts, no node left open."""
    check_run(recorded(name), ends=not name.endswith(UNENDED))


def check_run(raw: list[Json], *, ends: bool) -> None:
    """That what a stream becomes is the run that it was."""
    ours = translated(raw)
    run = folded(ours)
    (told,) = tell(ours).values()
    status = end_of(raw)
    assert {each["run_id"] for each in ours} == {root_of(raw)}
    assert [each["event"] for each in ours].count("run_start") == 1
    assert [each["status"] for each in ours if each["event"] == "run_end"] == ([status] if status else [])
    assert (status is not None) == ends
    assert (run.status, told.status) == (status or ("paused" if waits(raw) else "executing"),) * 2
    badges = {
        node.node_id: {each.order: each.status for each in node.executions.values()} for node in run.nodes.values()
    }
    assert {node: orders for node, orders in badges.items() if orders} == told.badges
    assert sum(map(len, badges.values())) == [each["event"] for each in ours].count("start_node")
    assert {node.node_id: node.parent_id for node in run.nodes.values() if node.parent_id} == told.parents
    if status is not None:
        assert not any(node.executing or node.waiting for node in run.nodes.values())
        assert not any(call.open for call in run.tools.values()) and not any(each.open for each in run.wanted.values())
    texts: dict[str, str] = {}
    for message in run.messages.values():
        if message.kind == "text":
            texts[message.source] = texts.get(message.source, "") + message.text
    wanted = said_by(raw)
    root = wanted.pop(root_of(raw), None)
    assert {source: text for source, text in texts.items() if source in wanted} == wanted
    assert root is None or root in texts.values()


@pytest.mark.parametrize("name", NAMES)
def test_behind_the_end_of_a_run_it_says_nothing(name: str) -> None:
    """Agno tells a cancelled run again as completed; nothing of it is news."""
    ours = [each["event"] for each in translated(recorded(name))]
    assert "run_end" not in ours or ours[-1] == "run_end"


@pytest.mark.parametrize("name", NAMES)
def test_no_event_vanishes(name: str) -> None:
    """Each becomes what its row says, or changes what a later one says, or is told aside."""
    check_table(recorded(name))


def check_table(raw: list[Json]) -> None:
    """That what each event becomes is what the table says."""
    translator = AgnoTranslator()
    for event in raw:
        row = EVENTS[event["event"]]
        became = [each.get("event") for each in translator.translate(event)]
        assert became or row.later, event
        implied = {"resume_start"} if row.works else set()
        assert set(became) - {None} - implied <= set(row.becomes), event
        assert None not in became or row.log, event


@pytest.mark.parametrize("name", NAMES)
def test_whatever_happens_to_a_stream_its_run_ends_at_most_once(name: str) -> None:
    """Lost, twice, late: no exception, at most one end, and nothing in another run than the root's."""
    raw = recorded(name)
    for seed in range(12):
        chance = random.Random(seed)
        stream = [event for event in raw if chance.random() > 0.2]
        stream += chance.sample(stream, len(stream) // 5)
        place = {id(event): number + chance.uniform(0, seed) for number, event in enumerate(stream)}
        stream.sort(key=lambda event: place[id(event)])
        translator = AgnoTranslator()
        ours = [each for event in stream for each in translator.translate(event) if "aside" not in each]
        assert translator.unknown == 0
        assert sum(each["event"] == "run_end" for each in ours) <= 1
        assert len({each["run_id"] for each in ours}) <= 1
        assert all(isinstance(decode_item(each), BaseEvent) for each in ours)


@pytest.mark.parametrize("name", NAMES)
def test_all_of_a_stream_twice_is_the_stream(name: str) -> None:
    """With indices each event is taken once, however often a server tells it."""
    raw = recorded(name)
    if "event_index" not in raw[0]:
        pytest.skip("it tells no indices")
    twice = [event for event in raw for _ in range(2)]
    assert translated([*twice, *raw]) == translated(raw)


def test_the_recordings_are_small_and_of_three_versions() -> None:
    versions = Counter(name.split("/")[1] for name in NAMES if name.startswith("agno/"))
    assert set(versions) == {"2.2", "2.9", "3.1"}
    assert sum(path.stat().st_size for path in (RECORDINGS / "agno").rglob("*.ndjson")) < 400_000

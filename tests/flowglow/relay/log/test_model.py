"""Whatever is done in whatever order, a log says what the log in memory says."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any, ClassVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from flowglow.errors import Refused
from flowglow.relay.log.memory import MemoryLog
from flowglow.relay.log.port import EventLog, NewRun, Query, Retention, Stream
from tests.flowglow.relay.support import NOW, Opened, said

LINES = st.sampled_from(['{"text":"a"}', '{"text":"b"}'])
LINE_IDS = st.sampled_from([None, "1", "2", "3", "4"])
RETENTION = Retention(events=4, event_bytes=3_000, lines=3, runs=1, age_s=50, gone=1)
RUNS = ("a", "b")
STATUSES = st.sampled_from(["success", "error", "killed"])
NODES = st.sampled_from(["n0", "n1", "größe"])
IDS = st.sampled_from([f"id{number}" for number in range(20)])


def events() -> st.SearchStrategy[dict[str, Any]]:
    """What a producer may say, sensible or not."""
    made = st.fixed_dictionaries
    name = st.just
    needs = st.lists(made({"id": st.sampled_from("xy"), "kind": name("confirmation")}), min_size=1, max_size=2)
    return st.one_of(
        made({"name": name("run_start"), "flow_id": st.sampled_from("fg")}),
        made({"name": name("run_end"), "status": STATUSES}),
        made({"name": name("start_node"), "node_id": NODES}, optional={"order": st.integers(0, 5)}),
        made({"name": name("end_node"), "node_id": NODES, "status": STATUSES}, optional={"order": st.integers(0, 5)}),
        made({"name": name("RunContent"), "content": st.sampled_from(["", "é", "x" * 900])}),
        made({"name": name("AgentPaused"), "requirements": needs}),
        made({"name": name("resume_start")}, optional={"resolved": st.lists(st.sampled_from("xy"))}),
        made({"name": name("resume_end"), "status": st.sampled_from(["paused", "success"])}),
    )


SENT = st.lists(st.tuples(IDS, events()), max_size=4)


class SameAsMemory(RuleBasedStateMachine):
    """Two logs that are told the same."""

    opened: ClassVar[Opened]

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.stack = contextlib.AsyncExitStack()
        self.now = NOW
        self.model: EventLog = MemoryLog(RETENTION, self.clock)

    @initialize()
    def open_log(self) -> None:
        opening = self.stack.enter_async_context(type(self).opened(None, RETENTION, self.clock))
        self.log: EventLog = self.runner.run(opening)

    def teardown(self) -> None:
        self.runner.run(self.stack.aclose())
        self.runner.close()

    def clock(self) -> float:
        return self.now

    def both(self, name: str, *args: Any) -> Any:
        """Ask both; they must say the same, refusals too."""
        told = [self.runner.run(_outcome(getattr(log, name)(*args))) for log in (self.model, self.log)]
        assert told[0] == told[1], name
        return told[0]

    @rule(run_id=st.sampled_from(RUNS), flow_id=st.sampled_from(["f", "g", None]))
    def open(self, run_id: str, flow_id: str | None) -> None:
        self.both("open", NewRun(run_id, flow_id, self.now, {"n": 1}))
        for before in RUNS:
            self.both("runs", Query(before=before))

    @rule(run_id=st.sampled_from(RUNS), sent=SENT)
    def append(self, run_id: str, sent: list[tuple[str, dict[str, Any]]]) -> None:
        self.both("append", run_id, [said(run_id=run_id, ts=self.now, event_id=each, **event) for each, event in sent])
        self.both("read", run_id, -1, "events", 9)

    @rule(run_id=st.sampled_from(RUNS), sent=SENT)
    def append_more(self, run_id: str, sent: list[tuple[str, dict[str, Any]]]) -> None:
        """As often as all the rest."""
        self.append(run_id, sent)

    @rule(sent=SENT)
    def append_still_more(self, sent: list[tuple[str, dict[str, Any]]]) -> None:
        self.append(RUNS[0], sent)

    @rule(run_id=st.sampled_from(RUNS), ids=st.lists(IDS, max_size=2))
    def append_long(self, run_id: str, ids: list[str]) -> None:
        """So that the bytes of a run, not its events, are too many."""
        self.append(run_id, [(each, {"name": "RunContent", "content": "x" * 900}) for each in ids])

    @rule(run_id=st.sampled_from(RUNS), lines=st.lists(st.tuples(LINES, LINE_IDS), max_size=4))
    def write(self, run_id: str, lines: list[tuple[str, str | None]]) -> None:
        self.both("write", run_id, [line for line, _ in lines], [line_id for _, line_id in lines])
        self.both("read", run_id, -1, "lines", 9)

    @rule(run_id=st.sampled_from(RUNS), orders=st.dictionaries(st.sampled_from("xyz"), st.sampled_from(["1", "2"])))
    def order(self, run_id: str, orders: dict[str, str]) -> None:
        self.both("order", run_id, orders)

    @rule(ticket=st.sampled_from("tu"))
    def redeem(self, ticket: str) -> None:
        self.both("redeem", ticket)

    @rule(ticket=st.sampled_from("tu"))
    def issue(self, ticket: str) -> None:
        self.both("issue", ticket, "anna", 10**6)

    @rule(later=st.sampled_from([0, 20, 60]))
    def sweep(self, later: int) -> None:
        self.now += later
        gone = [
            sorted(self.runner.run(log.sweep(self.now)))  # in any order
            for log in (self.model, self.log)
        ]
        assert gone[0] == gone[1]

    @rule(
        flow_id=st.sampled_from([None, "f", "g"]),
        statuses=st.frozensets(st.sampled_from(["queued", "executing", "paused", "success"])),
        before=st.sampled_from([None, *RUNS]),
        limit=st.integers(0, 3),
    )
    def runs(self, flow_id: str | None, statuses: frozenset[str], before: str | None, limit: int) -> None:
        self.both("runs", Query(flow_id, statuses, before, limit))

    @rule(run_id=st.sampled_from(RUNS), after=st.integers(-1, 8), limit=st.integers(0, 4))
    def read(self, run_id: str, after: int, limit: int) -> None:
        streams: tuple[Stream, ...] = ("events", "orders", "lines")
        for stream in streams:
            self.both("read", run_id, after, stream, limit)

    @invariant()
    def the_same_runs(self) -> None:
        if hasattr(self, "log"):
            for run_id in RUNS:
                self.both("run", run_id)


async def _outcome(question: Any) -> Any:
    try:
        return await question
    except Refused as error:
        return error.code, str(error)


def test_it_says_what_memory_says(shared: Opened) -> None:
    machine: Any = type("SameAsThat", (SameAsMemory,), {"opened": staticmethod(shared)})
    case = machine.TestCase
    case.settings = settings(max_examples=20, stateful_step_count=25, deadline=None)
    case().runTest()

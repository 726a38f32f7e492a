"""The record alone, without a page: whatever way a stream came, it says what the oracle tells of the whole log."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pyapp.contract.decode import Malformed, Unknown, decode
from pyapp.contract.flow import Flow, FlowGraph
from pyapp.run.record import RunRecord
from pyapp.run.tracking import ExecutionTracking
from pyapp.testing.clock import FakeClock
from tests.oracle import Told, tell
from tests.streams import FLOW, GROUPS, PARENTS, STEPS, runs, words

Json = dict[str, Any]
GRAPH = FlowGraph(Flow.model_validate(FLOW))
MOVES = st.lists(st.tuples(st.integers(0, 99), st.integers(-5, 5), st.booleans()), max_size=8)
"""Events that come earlier or later than they should, or twice."""


def arrive(log: list[Json], patience: int) -> RunRecord:
    """The record of a run whose events came in this order; after so many of them it waits no longer."""
    tracking = ExecutionTracking(FakeClock())
    tracking.set_flow(GRAPH)
    for place, event in enumerate(log):
        for item in decode(json.dumps(event)):
            if isinstance(item, Unknown | Malformed):
                run = tracking.run("r")
                tracking.went_on(run, run.log.use(event["seq"]))
            else:
                tracking.take(item, 1.0)  # type: ignore[arg-type]
        if place == patience:
            tracking.went_on(tracking.run("r"), tracking.run("r").log.give_up())
    while tracking.rests_s is not None:
        tracking.work(100)
    return tracking.run("r").record


@given(runs("r"), MOVES, st.integers(0, 40))
def test_the_record_is_what_the_oracle_tells(
    log: list[Json], moves: list[tuple[int, int, bool]], patience: int
) -> None:
    arrived = list(log)
    for which, by, twice in moves:
        place = which % len(arrived)
        event = arrived[place] if twice else arrived.pop(place)
        arrived.insert(max(0, place + by), event)
    record, told = arrive(arrived, patience), tell(log, PARENTS)["r"]
    assert record.status == told.status
    compare_nodes(record, told)
    compare_glow(record, told)
    compare_chat(record, told)
    spent = Counter(input_tokens=record.spent.input_tokens, output_tokens=record.spent.output_tokens)
    assert +spent == told.spent, "nothing is lost, nothing is counted twice"
    assert [name for name, each in record.wanted.items() if each.open] == list(told.cards.requirements)


def compare_nodes(record: RunRecord, told: Told) -> None:
    known = {name: node.executions for name, node in record.nodes.items() if node.executions}
    assert {
        node: {order: each.status for order, each in orders.items()} for node, orders in known.items()
    } == told.badges
    for node, orders in known.items():
        for order, each in orders.items():
            expected = told.executions[node][order]
            assert (each.content, each.error) == (expected.content, expected.error)
            assert each.variables == (expected.variables or {})
            assert each.input == expected.input
            assert expected.late or each.implied == expected.implied


def compare_glow(record: RunRecord, told: Told) -> None:
    if told.over:
        return
    for name in GROUPS:
        group = record.groups.get(name)
        assert ((group.status if group is not None else None) or "") in told.glow(name), f"glow of {name}"
    for name in STEPS:
        node = record.nodes.get(name)
        shown = "" if node is None else "executing" if node.executing else node.outcome or ""
        assert shown in told.glow(name), f"glow of {name}"
        assert told.at_work(name) in (None, bool(node and node.open_tools)), f"tools of {name}"
        assert told.waits(name) in (None, bool(node and node.waiting)), f"waiting of {name}"


def compare_chat(record: RunRecord, told: Told) -> None:
    for kind in ("text", "reasoning", "html"):
        for source in {each.source for each in told.bubbles if each.kind == kind}:
            said = [each.text for each in record.messages.values() if (each.kind, each.source) == (kind, source)]
            expected = [each.text for each in told.bubbles if (each.kind, each.source) == (kind, source)]
            there, wanted = words("".join(said)), words("".join(expected))
            assert there == wanted or (not told.over and [*there, "\ufffd"] == wanted), f"{kind} of {source}"
    calls = [(each.args, each.result, each.error) for each in record.tools.values()]
    tools = [each.tool for each in told.bubbles if each.tool is not None]
    assert calls == [(each.args or {}, each.result, each.error) for each in tools]
    for call, tool in zip(record.tools.values(), tools, strict=True):
        assert call.status == tool.status or tool.ended is None

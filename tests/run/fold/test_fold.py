"""The fold as a whole: it is total, consistent, and costs one step for an event."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pyapp.contract.events import EVENTS
from pyapp.run.fold import fold
from pyapp.run.record import RunRecord
from tests.run.support import Json, Told, Tree, end, event, numbered, pause, run_end, sign_in, start, text, tool

NODES = st.sampled_from(["a", "b", "g", "h"])
MAYBE_ORDER = st.none() | st.integers(0, 4)
STATUS = st.sampled_from(["success", "error", "killed"])
PARENT = st.none() | NODES
SOURCE = st.sampled_from([{}, {"source_run_id": "s1"}, {"agent_id": "s2"}])
CALL = st.none() | st.sampled_from(["x", "y"])
CARDS = st.lists(st.sampled_from("pqr"), max_size=2, unique=True)
WORDS = st.text(st.sampled_from("ab\ud83d\ude00"), max_size=3)
TEXTS = st.sampled_from(sorted(each for each in EVENTS if each.endswith("Content")))
TOOL_ENDS = st.sampled_from(["end_tool", "TeamToolCallCompleted"])
WILD: st.SearchStrategy[Json] = st.one_of(
    st.builds(start, NODES, MAYBE_ORDER, parent_node_id=PARENT, child_count=st.none() | st.integers(0, 3)),
    st.builds(end, NODES, MAYBE_ORDER, STATUS, parent_node_id=PARENT, implied=st.none() | st.booleans()),
    st.builds(lambda node, call, by: tool("start_tool", node, tool_call_id=call, **by), NODES, CALL, SOURCE),
    st.builds(lambda name, node, call, by: tool(name, node, tool_call_id=call, **by), TOOL_ENDS, NODES, CALL, SOURCE),
    st.builds(
        lambda name, said, mode, node, by: {"event": name, "content": said, "mode": mode, "node_id": node, **by},
        TEXTS, WORDS, st.sampled_from([None, "delta", "snapshot"]), PARENT, SOURCE,
    ),
    st.builds(lambda name, said: {"event": "ChatHTML", "html": said, "message_id": name}, CALL, WORDS),
    st.builds(lambda ids, node: pause(*ids, node_id=node), CARDS, PARENT),
    st.builds(lambda ids: {"event": "resume_start", "resolved": ids}, st.none() | CARDS),
    st.builds(sign_in, st.sampled_from("st"), requirement_id=st.none() | st.sampled_from("pq"),
              status=st.sampled_from([None, "completed", "failed"])),
    st.just({"event": "run_start", "flow_id": "f"}),
    st.just({"event": "resume_end", "status": "paused"}),
    st.builds(run_end, st.none() | STATUS),
)  # fmt: skip
"""Any event the contract lets through, out of few ids, so that they meet."""
TREE = Tree({"a": "g", "b": "h", "h": "g"})


def check(record: RunRecord) -> None:
    """What holds of any record, whatever was folded."""
    for node in record.nodes.values():
        open_ = [order for order, each in node.executions.items() if each.open]
        assert sorted(node.open_orders) == sorted(open_)
        assert set(node.open_tools) == {
            key for key, call in record.tools.items() if call.open and call.node_id == node.node_id
        }
    for group in record.groups.values():
        counted = {each: list(group.children.values()).count(each) for each in group.children.values()}
        assert counted == {status: count for status, count in group.counts.items() if count}
        assert group.done <= group.total
    assert all(key == message.key for key, message in record.messages.items())
    assert len({message.message_id for message in record.messages.values()}) == len(record.messages)
    assert all(each < "\ud800" or each > "\udfff" for message in record.messages.values() for each in message.text)
    if record.over:
        check_over(record)


def check_over(record: RunRecord) -> None:
    """Nothing of a run that is over is open, busy, or waits."""
    assert not any(node.executing or node.waiting or node.open_tools for node in record.nodes.values())
    assert not any(group.status == "executing" for group in record.groups.values())
    assert not any(message.busy or message.half for message in record.messages.values())
    assert not any(wanted.open for wanted in record.wanted.values())
    assert not any(each.open for each in record.sign_ins.values())


@given(st.lists(WILD, max_size=40), st.booleans(), st.booleans())
def test_whatever_comes_nothing_raises_and_the_record_is_consistent(
    events: list[Json], with_seq: bool, shaped: bool
) -> None:
    told = Told(flow=TREE if shaped else None)
    for each in numbered(*events) if with_seq else events:
        told.tell(each)
        check(told.record)


@given(st.lists(WILD, max_size=30), st.lists(WILD, max_size=10))
def test_the_first_terminal_event_is_the_last_word_on_the_run(before: list[Json], after: list[Json]) -> None:
    told = Told(*before, run_end("killed"))
    end_of_run = (told.record.status, told.record.ended_at, told.record.error)
    told.tell(*after)
    assert (told.record.status, told.record.ended_at, told.record.error) == end_of_run


@given(st.lists(WILD, max_size=30))
def test_what_is_touched_is_what_changed(events: list[Json]) -> None:
    """A handler that looks only where it is told to look misses nothing."""
    told = Told(flow=TREE)
    for each in events:
        before = picture(told.record)
        told.tell(each)
        after, touched = picture(told.record), told.touched
        changed = {key for key in {*before, *after} if before.get(key) != after.get(key)}
        named: set[tuple[object, ...] | None] = {
            ("run",) if touched.run else None,
            ("cards",) if touched.cards else None,
        }
        named |= {("execution", *key) for key in touched.executions} | {("node", key) for key in touched.nodes}
        named |= {("group", key) for key in touched.groups} | {("tools", key) for key in touched.tools}
        named |= {("message", key) for key in touched.messages}
        assert changed <= named


def picture(record: RunRecord) -> dict[tuple[object, ...], object]:
    """Everything the page shows of a record, by where `Touched` names it."""
    shown: dict[tuple[object, ...], object] = {
        ("run",): (record.status, record.name, record.error, record.ended_at),
        ("cards",): [(key, each.open, each.asked) for key, each in record.wanted.items()]
        + [(key, each.status, each.open) for key, each in record.sign_ins.items()],
    }
    for name, node in record.nodes.items():
        shown["node", name] = (node.executing, node.outcome if not node.executing else None, node.waiting)
        shown["tools", name] = bool(node.open_tools)
        for order, each in node.executions.items():
            shown["execution", name, order] = (each.status, each.content, each.error, each.implied, each.input)
    for name, group in record.groups.items():
        shown["group", name] = (group.status, group.done, group.total)
    for key, message in record.messages.items():
        shown["message", key] = (message.text, message.busy, message.status, message.result, message.error)
    quiet = {("node", name) for name in record.nodes} | {("tools", name) for name in record.nodes}
    return {
        key: value for key, value in shown.items() if key not in quiet or value not in (False, (False, None, False))
    }


def test_each_kind_of_event_has_its_steps() -> None:
    """All 17 are folded, and each is counted once."""
    fields: dict[str, Any] = {
        "node_id": "n", "status": "success", "content": "x", "html": "x", "requirements": [], "interaction": "oauth",
        "interaction_id": "i", "auth_url": "https://x.example",
    }  # fmt: skip
    for name in EVENTS:
        told = Told(
            event(name, **(fields if name != "interaction_event" else fields | {"status": "pending"})).model_dump()
        )
        assert told.record.events == 1 and told.touched.run, name


class Counting(Tree):
    """A shape that counts how often it is asked."""

    asked = 0

    def parent(self, node_id: str) -> str | None:
        Counting.asked += 1
        return super().parent(node_id)


def test_a_fold_costs_the_same_however_long_the_run_is() -> None:
    """As many steps for the last thousand events as for the first, and each names one thing, not all there is."""
    told = Told(flow=Counting({f"n{number}": "g" for number in range(200)}))
    costs = []
    for thousand in range(5):
        Counting.asked = 0
        named = 0
        for number in range(250):
            order, node = 250 * thousand + number, f"n{number % 200}"
            for each in (start(node, order), tool(node=node), text("x"), end(node, order)):
                told.tell(each)
                touched = told.touched
                named += len(touched.executions) + len(touched.nodes) + len(touched.groups) + len(touched.messages)
        costs.append((Counting.asked, named))
    assert costs[1] == costs[4] and costs[4][1] < 6 * 1000
    assert told.record.events == 5000


def test_the_fold_knows_no_clock() -> None:
    """The same events at the same moments give the same record."""
    events = [event("start_node", node_id="n"), event("RunContent", content="x"), event("run_end")]
    one, other = RunRecord("r"), RunRecord("r")
    for moment, each in enumerate(events):
        fold(one, each, float(moment), TREE)
    for moment, each in enumerate(events):
        fold(other, each, float(moment), TREE)
    assert one == other

from __future__ import annotations

import sys
from copy import deepcopy
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyapp.run.fold.groups import completed, unheard
from pyapp.run.record import Execution, ExecutionStatus
from tests.run.support import Told, Tree, end, pause, run_end, start, tool


class Flow(Told):
    """A record whose nodes are listed in groups; orders are counted."""

    def __init__(self, **parents: str | None) -> None:
        super().__init__(flow=Tree(parents))
        self.order = 0

    def start(self, node: str, **fields: object) -> None:
        self.tell(start(node, self.order, **fields))
        self.order += 1

    def end(self, node: str, status: str = "success", **fields: object) -> None:
        self.tell(end(node, None, status, **fields))

    def go(self, *nodes: str) -> None:
        """Let nodes run, one after the other."""
        for node in nodes:
            self.start(node)
            self.end(node)


def pair() -> Flow:
    return Flow(g=None, a="g", b="g")


def test_a_led_group_executes_until_all_its_listed_children_ended() -> None:
    """From the first start to the last end, the time between two children included."""
    flow = pair()
    assert flow.group("g") is None
    flow.go("a")
    assert flow.group("g") == "executing"
    flow.go("b")
    group = flow.record.groups["g"]
    assert (group.status, group.done, group.total, group.started_at, group.ended_at) == ("success", 2, 2, 0.0, 3.0)


@pytest.mark.parametrize(
    ("first", "second", "worst"),
    [("success", "killed", "killed"), ("killed", "error", "error"), ("error", "success", "error")],
)
def test_the_worst_child_counts(first: str, second: str, worst: str) -> None:
    flow = pair()
    for node, status in (("a", first), ("b", second)):
        flow.start(node)
        flow.end(node, status)
    assert flow.group("g") == worst


def test_a_group_with_a_start_of_its_own_executes_until_its_own_end() -> None:
    """Whatever its children do: they may all have ended, one may have failed."""
    flow = pair()
    flow.start("g", child_count=2)
    flow.start("a")
    flow.end("a", "error")
    flow.go("b")
    assert flow.group("g") == "executing"
    flow.end("g", "success")
    assert flow.group("g") == "success"


def test_its_own_end_ends_it_whatever_its_children_do() -> None:
    flow = pair()
    flow.start("g")
    flow.start("a")
    flow.end("g", "killed")
    assert flow.group("g") == "killed"
    flow.end("a", "error")
    assert flow.group("g") == "killed"


def test_a_group_executes_while_something_deep_in_it_does_though_what_is_between_has_ended() -> None:
    flow = Flow(outer=None, inner="outer", deep="inner", leaf="deep")
    flow.start("inner")
    flow.start("leaf")
    flow.end("inner", "error")
    assert (flow.group("inner"), flow.group("outer")) == ("error", "executing")
    flow.end("leaf")
    assert (flow.group("deep"), flow.group("outer")) == ("success", "error")


def test_child_count_is_its_total() -> None:
    """Before what the flow lists, but never less than what was heard of."""
    flow = pair()
    flow.start("g", child_count=5)
    assert flow.record.groups["g"].total == 5
    flow = Flow()
    flow.start("g", child_count=1)
    for node in ("x", "y"):
        flow.start(node, parent_node_id="g")
        flow.end(node)
    assert (flow.record.groups["g"].done, flow.record.groups["g"].total) == (2, 2)


def test_a_later_start_opens_it_again() -> None:
    """A loop goes round: of it or of a child; rounds are counted; no child is waited for that never ran again."""
    flow = pair()
    for _ in range(3):
        flow.go("a", "b")
    assert (flow.group("g"), flow.record.groups["g"].rounds) == ("success", 3)
    flow.start("g")
    assert flow.group("g") == "executing"
    flow.end("g", "error")
    assert flow.group("g") == "error"
    flow.start("a")
    assert flow.group("g") == "executing"
    flow.end("a")
    assert (flow.group("g"), flow.record.groups["g"].rounds) == ("success", 4)


def test_a_group_that_ended_waits_for_no_child_that_never_ran() -> None:
    flow = pair()
    flow.start("g")
    flow.end("g")
    flow.go("a")
    assert flow.group("g") == "success"


def test_children_may_be_announced_by_the_run_alone() -> None:
    """parent_node_id and child_count serve where the flow lists nothing."""
    flow = Flow()
    flow.start("team", child_count=2)
    flow.start("x", parent_node_id="team")
    flow.end("x")
    group = flow.record.groups["team"]
    assert (group.done, group.total, group.status) == (1, 2, "executing")
    flow.start("y", parent_node_id="crowd")
    assert flow.group("crowd") == "executing"
    flow.end("y")
    assert flow.group("crowd") == "success"


def test_a_group_begins_with_what_is_in_it_though_that_is_told_later() -> None:
    """No part is longer than its whole: told with the end of a child or a group in it, or when it runs again."""
    flow = Flow(inner="outer")
    flow.start("c")
    flow.end("c", parent_node_id="late")
    assert (flow.record.groups["late"].started_at, flow.record.groups["late"].ended_at) == (0.0, 1.0)
    flow = Flow(inner="outer")
    flow.start("c")
    flow.start("d", parent_node_id="inner")
    flow.end("c", parent_node_id="inner")
    assert [flow.record.groups[each].started_at for each in ("inner", "outer")] == [0.0, 0.0]
    flow = Flow()
    flow.go("c")
    flow.start("c", parent_node_id="late")
    assert flow.record.groups["late"].started_at == 0.0


def test_a_node_is_in_the_group_it_named_last() -> None:
    """The one before goes on without it, and so does what that one is in."""
    flow = Flow(first="around", other="around")
    flow.start("c", parent_node_id="first")
    assert flow.group("around") == "executing"
    flow.end("c", parent_node_id="second")
    first = flow.record.groups["first"]
    assert (first.children, first.active, first.total, first.status) == ({}, {}, 0, None)
    assert (flow.group("second"), flow.group("around")) == ("success", None)
    assert list(flow.touched.groups) == ["first", "second", "around"]
    flow.start("c", parent_node_id="first")
    assert (flow.group("first"), flow.group("second")) == ("executing", None)
    flow.start("d", parent_node_id="first")
    flow.end("d", "error")
    flow.end("c", parent_node_id="second")
    assert (flow.group("first"), flow.group("second")) == ("error", "success")


@pytest.mark.no_cover
def test_a_long_chain_of_groups_that_all_moved_costs_a_bounded_depth() -> None:
    """Of more levels than Python has depth: each that is told of goes through all above it."""
    levels = sys.getrecursionlimit() + 100
    flow = Flow()
    for level in range(levels):
        flow.start(f"g{level}", parent_node_id=f"g{level + 1}")
    for level in range(levels):
        flow.tell(tool(node=f"g{level}", parent_node_id="elsewhere"))
    flow.start("g0")
    assert list(flow.record.groups["elsewhere"].children) == [f"g{level}" for level in range(levels)]


def test_a_node_that_others_name_is_a_group_with_what_it_did_before() -> None:
    flow = Flow()
    flow.start("team")
    flow.end("team", "killed")
    flow.start("x", parent_node_id="team")
    group = flow.record.groups["team"]
    assert (group.started_at, group.complete) == (0.0, True)
    flow.end("x")
    assert flow.group("team") == "success", "it was opened again"


@pytest.mark.parametrize("depth", [4, 40])
def test_it_bubbles_to_any_depth(depth: int) -> None:
    parents: dict[str, str | None] = {f"g{level}": f"g{level - 1}" for level in range(1, depth)}
    flow = Flow(**{"g0": None, **parents, "leaf": f"g{depth - 1}"})
    flow.start("leaf")
    assert {flow.group(f"g{level}") for level in range(depth)} == {"executing"}
    assert len(flow.touched.groups) == depth
    flow.end("leaf", "error")
    assert {flow.group(f"g{level}") for level in range(depth)} == {"error"}


def test_a_circle_ends() -> None:
    """Nodes that are each other's parent, or their own, cost a bounded time."""
    flow = Flow(a="b", b="a")
    flow.start("a")
    flow.start("self", parent_node_id="self")
    assert flow.group("b") == "executing" and "self" not in flow.record.groups


@pytest.mark.parametrize(("status", "settled"), [("success", "unknown"), ("error", "error"), ("killed", "killed")])
def test_the_end_of_the_run_ends_it(status: str, settled: str) -> None:
    """As the run did, unknown after a success: whether it led itself, had an open child, or waited for the next one."""
    for events in ([start("g")], [start("a")], [start("a"), end("a")]):
        flow = pair()
        flow.tell(*events, run_end(status))
        assert flow.group("g") == settled
        assert flow.record.groups["g"].ended_at == flow.record.ended_at


def test_a_circle_ends_with_its_run() -> None:
    """Two nodes that are each other's group keep each other open no longer than that."""
    flow = Flow(a="g")
    flow.start("g", parent_node_id="a")
    flow.tell(run_end("killed"))
    assert (flow.group("g"), flow.group("a")) == ("killed", "killed")


def test_a_late_start_executes_no_group() -> None:
    """Of a run that is over: not the group it is in, though another child never ran; nor one that announces more."""
    flow = pair()
    flow.tell(run_end("killed"))
    flow.start("a")
    assert flow.group("g") is None
    flow.end("a")
    assert flow.group("g") == "killed"
    flow = Flow(a="g")
    flow.start("a")
    flow.tell(run_end(), start("g", 9, child_count=2))
    assert flow.group("g") == "unknown"


@dataclass
class Story:
    """A random tree of groups: who is whose child, which of that the flow lists, and what happens to them."""

    parents: dict[str, str | None]
    unlisted: set[str]
    steps: list[tuple[str, str, int | None]]

    @property
    def listed(self) -> dict[str, str | None]:
        return {node: parent for node, parent in self.parents.items() if node not in self.unlisted}


@st.composite
def stories(draw: st.DrawFn) -> Story:
    """Starts and ends of leaves, and of groups that have events of their own, in any order."""
    count = draw(st.integers(1, 6))
    parents: dict[str, str | None] = {"g0": None}
    for index in range(1, count):
        parents[f"g{index}"] = draw(st.sampled_from([f"g{each}" for each in range(index)] + [None]))
    groups = list(parents)
    leaves = [f"n{index}" for index in range(draw(st.integers(1, 6)))]
    for leaf in leaves:
        parents[leaf] = draw(st.sampled_from(groups))
    unlisted = draw(st.sets(st.sampled_from(leaves)))
    holders = {parents[leaf] for leaf in leaves if leaf not in unlisted} | {parents[each] for each in groups}
    telling = [group for group in groups if group in holders]
    steps: list[tuple[str, str, int | None]] = []
    running: set[str] = set()
    for node in draw(st.lists(st.sampled_from(leaves + telling), max_size=24)):
        if node in running:
            running.discard(node)
            steps.append((node, draw(st.sampled_from(["success", "error", "killed"])), None))
        else:
            running.add(node)
            announced = draw(st.none() | st.integers(1, 4)) if node in groups else None
            steps.append((node, "start", announced))
    return Story(parents, unlisted, steps)


class Plain:
    """The contract without cunning: each leaf's last state, each group's own word, and a rule asked anew."""

    def __init__(self, story: Story) -> None:
        self._story = story
        self.last: dict[str, str] = {}
        self.own: dict[str, str] = {}
        self.over: set[str] = set()
        """Groups whose own end came once."""
        self.announced: dict[str, int] = {}

    def step(self, node: str, what: str, announced: int | None) -> None:
        said = "executing" if what == "start" else what
        if node.startswith("g"):
            self.own[node] = said
            self.over |= {node} if what != "start" else set()
            if announced is not None:
                self.announced[node] = announced
        else:
            self.last[node] = said
        above = self._story.parents[node] if what == "start" else None
        while above is not None:
            if self.own.get(above) != "executing":
                self.own.pop(above, None)  # open again
            above = self._story.parents[above]

    def status(self, group: str) -> str | None:
        children = [node for node, parent in self._story.parents.items() if parent == group]
        said = {each: self.status(each) if each.startswith("g") else self.last.get(each) for each in children}
        states = [state for state in said.values() if state is not None]
        if self.own.get(group, "executing") != "executing":
            return self.own[group]
        if "executing" in states or self.own.get(group) == "executing":
            return "executing"
        if not states:
            return None
        awaited = [each for each in children if each not in self._story.unlisted or said[each] is not None]
        if group not in self.over and len(states) < self.announced.get(group, len(awaited)):
            return "executing"
        return next(each for each in ("error", "killed", "success") if each in states)


@given(stories())
def test_groups_are_what_the_plain_rule_says(story: Story) -> None:
    """After every step, in any tree, with children that the flow lists or that only their events name."""
    flow, plain = Flow(**story.listed), Plain(story)
    groups = [node for node in story.parents if node.startswith("g")]
    for node, what, announced in story.steps:
        fields: dict[str, object] = {"parent_node_id": story.parents[node]} if node in story.unlisted else {}
        if what == "start":
            flow.start(node, **fields, **({} if announced is None else {"child_count": announced}))
        else:
            flow.end(node, what, **fields)
        plain.step(node, what, announced)
        assert {group: flow.group(group) for group in groups} == {group: plain.status(group) for group in groups}


def _spans(flow: Flow, node: str) -> list[tuple[float | None, float | None]]:
    """From when to when each part of a node was, as far as it has ended."""
    known, group = flow.record.nodes.get(node), flow.record.groups.get(node)
    parts = [*(known.executions.values() if known is not None else ()), *([group] if group is not None else ())]
    return [(each.started_at, each.ended_at) for each in parts]


@given(stories(), st.lists(st.sampled_from([0.0, 0.0, 7.0, -7.0]), min_size=24, max_size=24))
def test_no_group_is_shorter_than_what_is_in_it_by_any_clocks(story: Story, clocks: list[float]) -> None:
    flow = Flow(**story.listed)
    for place, (node, what, _) in enumerate(story.steps):
        fields: dict[str, object] = {"parent_node_id": story.parents[node]} if node in story.unlisted else {}
        flow.now = place - 1 + clocks[place]
        flow.start(node, **fields) if what == "start" else flow.end(node, what, **fields)
        for name, group in flow.record.groups.items():
            inside = [span for child in group.children for span in _spans(flow, child)]
            assert all((group.started_at or 0.0) <= since for since, _ in inside if since is not None), name
            if group.status != "executing":
                assert all((group.ended_at or 0.0) >= until for _, until in inside if until is not None), name


def test_a_whole_that_is_open_reaches_over_what_happens_in_it() -> None:
    """The node's own clock is 7 s behind that of its tool, and the group's behind that of the node."""
    flow = Flow(g=None, c="g")
    for moment, event in (
        (1, start("g", 0)),
        (2, start("c", 1)),
        (9, tool(node="c", tool_call_id="t")),
        (25, tool("end_tool", "c", tool_call_id="t")),
        (12, end("c", 1)),
        (5, end("g", 0)),
        (6, run_end()),
    ):
        flow.now = moment - 1.0
        flow.tell(event)
    group = flow.record.groups["g"]
    assert (group.started_at, group.ended_at) == (1.0, 25.0)
    assert [each.duration_s for each in (flow.execution("c", 1), flow.execution("g", 0))] == [23.0, 24.0]
    assert flow.record.ended_at == 25.0


def test_a_whole_began_no_later_than_what_happens_in_it() -> None:
    """A tool's clock, and that of a child, is behind the whole's."""
    flow = Flow(g=None, c="g")
    for moment, event in ((10, start("g", 0)), (8, start("c", 1)), (5, tool(node="c")), (6, tool("end_tool", "c"))):
        flow.now = moment - 1.0
        flow.tell(event)
    assert [flow.execution("g", 0).started_at, flow.execution("c", 1).started_at] == [5.0, 5.0]
    assert flow.record.groups["g"].started_at == 5.0


def test_a_group_that_its_children_lead_ends_with_the_last_moment_in_it() -> None:
    flow = pair()
    for moment, event in ((1, start("a", 0)), (2, start("b", 1)), (25, end("a", 0)), (12, end("b", 1))):
        flow.now = moment - 1.0
        flow.tell(event)
    assert (flow.record.groups["g"].started_at, flow.record.groups["g"].ended_at) == (1.0, 25.0)


def test_what_is_told_behind_the_end_of_the_run_happened_in_it() -> None:
    """By whatever clock: a group of it is no longer than the run."""
    told = Told(start("n"), run_end(), flow=Tree({"a": "g", "b": "g"}))
    told.now = -6.0
    told.tell(end("a"))
    group = told.record.groups["g"]
    assert (group.started_at, told.record.started_at) == (0.0, 0.0)


def test_a_wait_is_no_longer_than_what_waits() -> None:
    flow = Flow()
    flow.tell(start("c", 0))
    flow.now = 19.0
    flow.tell(pause("q", node_id="c"))
    flow.now = 11.0
    flow.tell(end("c", 0))
    assert flow.execution("c").waits == [(20.0, 20.0)] and flow.execution("c").ended_at == 20.0


def test_a_loop_s_round_is_as_long_as_it_was() -> None:
    """With one clock nothing is longer than from its start to its end: a round holds nothing of the one before."""
    flow = Flow(g=None, c="g")
    flow.tell(start("g", 0), start("c", 1), end("g", 0), start("g", 2), end("c", 1), end("g", 2))
    assert [flow.execution("g", order).duration_s for order in (0, 2)] == [2.0, 2.0]


def test_a_word_of_what_no_event_told_completes_the_groups_beside_the_record() -> None:
    """The record stays as it is, and so do the moments; what executes by events is not ended."""
    flow = Flow(outer=None, g="outer", a="g", b="g")
    flow.start("a")
    before = deepcopy(flow.record)

    def told(**statuses: ExecutionStatus) -> dict[str, ExecutionStatus | None]:
        words = {node: {0: Execution(node, 0, status)} for node, status in statuses.items()}
        found = completed(flow.record, unheard(flow.record, words), flow.flow)
        assert flow.record == before and {each.started_at for each in found.values()} == {before.groups["g"].started_at}
        return {name: each.status for name, each in found.items()}

    assert told(a="success", n="executing") == told(g="success") == {"g": "executing", "outer": "executing"}
    flow.end("a")
    flow.go("b")
    before = deepcopy(flow.record)
    assert told(a="error") == {"g": "success", "outer": "success"}, "events speak of it"
    assert told(g="error") == {"g": "error", "outer": "error"}
    assert told(g="executing") == {"g": "executing", "outer": "executing"}


def test_a_group_that_began_by_itself_stays_as_it_is_beside_such_a_word() -> None:
    flow = Flow(g=None, a="g")
    flow.start("g")
    before = deepcopy(flow.record)
    found = completed(flow.record, {"a": {1: Execution("a", 1, "executing")}}, flow.flow)
    assert flow.record == before and found["g"].status == "executing"

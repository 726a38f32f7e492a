from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pyapp.decode import decode_item
from pyapp.state.fold import fold
from pyapp.state.groups import Groups
from pyapp.state.records import RunRecord

Tree = dict[str, str | None]


class Told:
    """A run, and the groups that follow it event by event."""

    def __init__(self, tree: Tree) -> None:
        self.run = RunRecord("r")
        self.tree = tree
        self.groups = Groups(self.run, tree.get, lambda node: [n for n, parent in tree.items() if parent == node])
        self.now = 0.0
        self.order = 0

    def start(self, node: str, **fields: Any) -> None:
        self._tell({"event": "start_node", "node_id": node, "order": self.order, **fields})
        self.order += 1
        self.groups.started(node, self.now, fields.get("ts"))

    def end(self, node: str, status: str = "success", **fields: Any) -> None:
        self._tell({"event": "end_node", "node_id": node, "status": status, **fields})
        self.groups.ended(node, self.now, fields.get("ts"))

    def status(self, group: str) -> str | None:
        record = self.groups.records.get(group)
        return record.status if record is not None else None

    def _tell(self, event: dict[str, Any]) -> None:
        self.now += 1.0
        message: Any = decode_item({"run_id": "r", **event})
        fold(self.run, message, self.now)


PAIR: Tree = {"g": None, "a": "g", "b": "g"}


def test_a_group_executes_until_all_its_children_ended() -> None:
    """From the first start to the last end, pauses between children included."""
    told = Told(PAIR)
    assert told.status("g") is None
    told.start("a")
    assert told.status("g") == "executing"
    told.end("a")
    assert told.status("g") == "executing"
    told.start("b")
    told.end("b")
    assert told.status("g") == "success"
    record = told.groups.records["g"]
    assert (record.done, record.total, record.since, record.until) == (2, 2, 1.0, 4.0)


def test_the_worst_child_counts() -> None:
    """error before killed before success."""
    for first, second, worst in (("success", "killed", "killed"), ("killed", "error", "error")):
        told = Told(PAIR)
        for node, status in (("a", first), ("b", second)):
            told.start(node)
            told.end(node, status)
        assert told.status("g") == worst


def test_its_own_end_decides() -> None:
    """A group with events of its own ends as they say, but not before what runs in it."""
    told = Told(PAIR)
    told.start("g")
    told.start("a")
    told.end("g", "killed")
    assert told.status("g") == "executing"
    told.end("a", "error")
    assert told.status("g") == "killed"


def test_a_later_start_opens_it_again() -> None:
    """A loop goes round: the group executes again, and the rounds are counted."""
    told = Told(PAIR)
    for _ in range(3):
        for node in ("a", "b"):
            told.start(node)
            told.end(node)
    assert told.status("g") == "success"
    told.start("g")
    told.end("g", "error")
    told.start("a")
    assert told.status("g") == "executing"
    told.end("a")
    assert told.status("g") == "success"
    assert told.groups.records["g"].rounds == 4
    told.groups.rebuild(told.now)
    assert told.status("g") == "success", "the same from the record alone"


def test_it_bubbles_to_any_depth() -> None:
    """Each level follows the one inside it."""
    depth = 40
    tree: Tree = {"g0": None} | {f"g{level}": f"g{level - 1}" for level in range(1, depth)}
    told = Told(tree | {"leaf": f"g{depth - 1}"})
    told.start("leaf")
    assert all(told.status(f"g{level}") == "executing" for level in range(depth))
    told.end("leaf", "error")
    assert all(told.status(f"g{level}") == "error" for level in range(depth))


def test_children_can_be_announced_by_the_run_alone() -> None:
    """parent_node_id and child_count serve where the flow lists nothing."""
    told = Told({})
    told.start("team", child_count=2)
    assert told.groups.is_group("team")
    told.start("x", parent_node_id="team")
    told.end("x")
    record = told.groups.records["team"]
    assert (record.done, record.total, record.status) == (1, 2, "executing")
    told = Told({})
    told.start("x", parent_node_id="crowd")
    told.start("y", parent_node_id="crowd")
    told.end("x")
    assert told.groups.records["crowd"].total == 2
    told.end("y")
    assert told.status("crowd") == "success"


def test_a_circle_ends() -> None:
    """Nodes that are each other's parent, or their own, cost a bounded time."""
    told = Told({"a": "b", "b": "a"})
    told.start("a")
    told.start("self", parent_node_id="self")
    assert told.status("b") == "executing"


def test_painting_anew_keeps_how_long_it_took() -> None:
    """By the server's clock where it told; and known from the record alone, as for a flow that came late."""
    told = Told({"g": None, "a": "g", "b": "g"})
    told.start("a", ts=100.0)
    told.start("b", ts=101.0)
    told.end("a", "success", ts=103.0)
    told.end("b", "success", ts=107.0)
    assert told.groups.records["g"].duration_s == 7.0
    told.groups.rebuild(told.now + 50)
    assert told.groups.records["g"].duration_s == 7.0
    told.groups.records.clear()
    told.groups.rebuild(told.now + 50)
    assert told.groups.records["g"].duration_s == 7.0


@st.composite
def stories(draw: st.DrawFn) -> tuple[Tree, list[tuple[str, str]]]:
    """A random tree of groups, and starts and ends of its leaves."""
    count = draw(st.integers(1, 6))
    tree: Tree = {"g0": None}
    for index in range(1, count):
        tree[f"g{index}"] = draw(st.sampled_from([f"g{each}" for each in range(index)] + [None]))
    leaves = [f"n{index}" for index in range(draw(st.integers(1, 6)))]
    for leaf in leaves:
        tree[leaf] = draw(st.sampled_from([f"g{each}" for each in range(count)]))
    steps: list[tuple[str, str]] = []
    running: set[str] = set()
    for leaf in draw(st.lists(st.sampled_from(leaves), max_size=20)):
        if leaf in running:
            running.discard(leaf)
            steps.append((leaf, draw(st.sampled_from(["success", "error", "killed"]))))
        else:
            running.add(leaf)
            steps.append((leaf, "start"))
    return tree, steps


def plain(tree: Tree, last: dict[str, str], group: str) -> str | None:
    """The contract in one function, without memory: what a group shows, given each leaf's last state."""
    children = [node for node, parent in tree.items() if parent == group]
    states = []
    for child in children:
        state = plain(tree, last, child) if child.startswith("g") else last.get(child)
        if state is not None:
            states.append(state)
    if not states:
        return None
    if "executing" in states or len(states) < len(children):
        return "executing"
    return next(each for each in ("error", "killed", "success") if each in states)


@given(stories())
def test_groups_are_the_pure_fold(story: tuple[Tree, list[tuple[str, str]]]) -> None:
    """Step by step, and rebuilt from the record alone, every group is what the plain rule says."""
    tree, steps = story
    told = Told(tree)
    last: dict[str, str] = {}
    for leaf, what in steps:
        if what == "start":
            told.start(leaf)
            last[leaf] = "executing"
        else:
            told.end(leaf, what)
            last[leaf] = what
        groups = [node for node in tree if node.startswith("g")]
        assert {g: told.status(g) for g in groups} == {g: plain(tree, last, g) for g in groups}
    before = {group: told.status(group) for group in told.groups.records}
    told.groups.rebuild(told.now)
    assert {group: told.status(group) for group in told.groups.records} == before

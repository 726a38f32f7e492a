from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pyapp.contract.decode import decode_item
from pyapp.run.fold_old import fold
from pyapp.run.groups_old import Groups
from pyapp.run.record_old import RunRecord

Tree = dict[str, str | None]


class Told:
    """A run, and the groups that follow it event by event."""

    def __init__(self, tree: Tree) -> None:
        self.run = RunRecord("r")
        self.tree = tree
        self.groups = Groups(self.run, tree.get, self.children)
        self.now = 0.0
        self.order = 0

    def children(self, group: str) -> list[str]:
        return [node for node, parent in self.tree.items() if parent == group]

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


def test_rounds_are_known_from_the_record_alone() -> None:
    """A loop that is over says how often it went round, also when everything is painted anew."""
    told = Told(PAIR)
    for _ in range(3):
        for node in ("a", "b"):
            told.start(node)
            told.end(node)
    told.groups.rebuild(told.now)
    assert told.groups.records["g"].rounds == 3


def test_more_children_than_were_announced() -> None:
    """The total is never less than what was heard of."""
    told = Told({})
    told.start("g", child_count=1)
    for node in ("x", "y"):
        told.start(node, parent_node_id="g")
        told.end(node)
    record = told.groups.records["g"]
    assert (record.done, record.total) == (2, 2)


@dataclass
class Story:
    """A random tree of groups: who is whose child, which of that the flow lists, and what happens to them."""

    parents: dict[str, str | None]
    unlisted: set[str]
    steps: list[tuple[str, str, int | None]]

    @property
    def listed(self) -> Tree:
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
    listed_parents = {parents[leaf] for leaf in leaves if leaf not in unlisted} | {parents[each] for each in groups}
    telling = [group for group in groups if group in listed_parents]
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
        self.announced: dict[str, int] = {}

    def step(self, node: str, what: str, announced: int | None) -> None:
        said = "executing" if what == "start" else what
        if node.startswith("g"):
            self.own[node] = said
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
        if "executing" in states or self.own.get(group) == "executing":
            return "executing"
        if group in self.own:
            return self.own[group]
        if not states:
            return None
        awaited = [each for each in children if each not in self._story.unlisted or said[each] is not None]
        if len(states) < self.announced.get(group, len(awaited)):
            return "executing"
        return next(each for each in ("error", "killed", "success") if each in states)


@given(stories())
def test_groups_are_the_pure_fold(story: Story) -> None:
    """Step by step, and rebuilt from the record alone at any moment, every group is what the plain rule says."""
    told, plain = Told(story.listed), Plain(story)
    groups = [node for node in story.parents if node.startswith("g")]
    for node, what, announced in story.steps:
        fields = {"parent_node_id": story.parents[node]} if node in story.unlisted else {}
        if what == "start":
            told.start(node, **fields, **({} if announced is None else {"child_count": announced}))
        else:
            told.end(node, what, **fields)
        plain.step(node, what, announced)
        wanted = {group: plain.status(group) for group in groups}
        assert {group: told.status(group) for group in groups} == wanted
        anew = Groups(told.run, story.listed.get, told.children)
        anew.rebuild(told.now)
        assert {group: told.status(group) for group in groups} == {
            group: record.status if (record := anew.records.get(group)) is not None else None for group in groups
        }
        for group, record in told.groups.records.items():
            again = anew.records[group]
            assert (record.done, record.total, record.rounds) == (again.done, again.total, again.rounds)

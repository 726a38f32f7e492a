"""Groups: what each group of a run shows, kept from what happens to the nodes in it. Pure.

A group executes from the first start in it; its own end decides how it ended, else all its children
having ended does: error before killed before success. A later start opens it again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from .record_old import ExecutionStatus, NodeRecord, RunRecord

MAX_DEPTH = 100
SEVERITY: tuple[ExecutionStatus, ...] = ("error", "killed", "success")

ParentOf = Callable[[str], str | None]
Moment = tuple[float, float | None]
"""The same moment by our clock (monotonic) and by the server's (since the epoch), where it told."""
ChildrenOf = Callable[[str], Collection[str]]


@dataclass(slots=True)
class GroupRecord:
    """One group of one run. `children` holds the status of each direct child that was heard of."""

    group_id: str
    children: dict[str, ExecutionStatus] = field(default_factory=dict)
    counts: Counter[ExecutionStatus] = field(default_factory=Counter)
    announced: int | None = None
    """How many children there will be, when the server said so."""
    listed: int = 0
    """How many children the flow lists."""
    unlisted: int = 0
    """Children heard of that the flow does not list."""
    own: ExecutionStatus | None = None
    """What the group's own events say; None when they say nothing, or a child started after its end."""
    rounds: int = 1
    """How often the child that ran most often ran: the iterations of a loop."""
    ran: dict[str, int] = field(default_factory=dict)
    """How often each child ran."""
    since: float | None = None
    """Monotonic moment at which it began to execute this time."""
    until: float | None = None
    since_wall: float | None = None
    """The server's time of the same moments, seconds since the epoch."""
    until_wall: float | None = None

    @property
    def duration_s(self) -> float | None:
        """Seconds it took: by the server's clock where it told both ends, else by ours; None while it executes."""
        if self.since is None or self.until is None:
            return None
        if self.since_wall is not None and self.until_wall is not None:
            return max(0.0, self.until_wall - self.since_wall)
        return self.until - self.since

    def went_round(self, child: str, times: int) -> None:
        """A child has run this often."""
        before = self.ran.get(child, 0)
        self.ran[child] = times
        self.rounds = max(self.rounds, times) if times >= before else max(1, *self.ran.values())

    def spans(self, node: NodeRecord) -> None:
        """Its time takes in that of a node in it."""
        for each in node.executions.values():
            self.since = _least(self.since, each.started)
            self.since_wall = _least(self.since_wall, each.started_wall)
            self.until = _most(self.until, each.ended)
            self.until_wall = _most(self.until_wall, each.ended_wall)

    @property
    def total(self) -> int:
        """How many children there are, as far as anybody said; never fewer than were heard of."""
        said = self.announced if self.announced is not None else self.listed + self.unlisted
        return max(said, len(self.children))

    @property
    def done(self) -> int:
        """How many children have ended, and do not execute again."""
        return len(self.children) - self.counts["executing"]

    @property
    def status(self) -> ExecutionStatus | None:
        """None as long as nothing in it has begun."""
        if self.counts["executing"] or self.own == "executing":
            return "executing"
        if self.own is not None:
            return self.own
        if not self.children:
            return None
        if self.done < self.total:
            return "executing"
        return next((each for each in SEVERITY if self.counts[each]), "unknown")


class Groups:
    """The groups of one run. `changed(node_id)` costs one step for each level of nesting, no more."""

    def __init__(self, run: RunRecord, parent_of: ParentOf, children_of: ChildrenOf) -> None:
        self._run = run
        self._parent_of = parent_of
        self._children_of = children_of
        self.records: dict[str, GroupRecord] = {}

    def is_group(self, node_id: str) -> bool:
        node = self._run.nodes.get(node_id)
        announced = node is not None and bool(node.child_count)
        return announced or node_id in self.records or bool(self._children_of(node_id))

    def started(self, node_id: str, now: float, wall: float | None = None) -> list[GroupRecord]:
        """A node began: every group round it, innermost first, brought up to date."""
        return self._update(node_id, (now, wall), starting=True)

    def ended(self, node_id: str, now: float, wall: float | None = None) -> list[GroupRecord]:
        """A node ended, or is known better: every group round it, innermost first, brought up to date."""
        return self._update(node_id, (now, wall), starting=False)

    def rebuild(self, now: float) -> None:
        """Everything anew from the run's record, as after a catch-up or with another flow."""
        before = dict(self.records)
        self.records.clear()
        known = [node for node in self._run.nodes.values() if node.executions]
        for node in sorted(known, key=_first_started):
            self._update(node.node_id, (now, None), starting=False)
        for node in known:
            self._reopen(node)
        self._retime(before, known, now)

    def _retime(self, before: dict[str, GroupRecord], known: list[NodeRecord], now: float) -> None:
        """When a group began and ended is what was seen of it live, else what its nodes' own times say."""
        seen = {group_id: group for group_id, group in before.items() if group.since is not None}
        for node in known:
            inside: str | None = node.node_id
            for _ in range(MAX_DEPTH):
                if inside is None:
                    break
                if inside in self.records and inside not in seen:
                    self.records[inside].spans(node)
                inside = self._parent(inside)
        for group in self.records.values():
            old = seen.get(group.group_id)
            if old is not None:
                group.since, group.since_wall = old.since, old.since_wall
                group.until, group.until_wall = now if old.until is None else old.until, old.until_wall
            if group.status == "executing":
                group.until = group.until_wall = None

    def _reopen(self, node: NodeRecord) -> None:
        """A group's own end no longer counts when something in it started later."""
        started = max((each.started or 0.0 for each in node.executions.values()), default=0.0)
        child = node.node_id
        for _ in range(MAX_DEPTH):
            parent = self._parent(child)
            if parent is None:
                return
            own = self._run.nodes.get(parent)
            ended = max((each.ended or 0.0 for each in own.executions.values()), default=0.0) if own else 0.0
            group = self.records[parent]
            if group.own not in (None, "executing") and started > ended:
                group.own = None
                self._lift(parent, group.status)
            child = parent

    def _lift(self, child: str, status: ExecutionStatus | None) -> None:
        """What a group shows changed: the groups round it follow."""
        for _ in range(MAX_DEPTH):
            parent = self._parent(child)
            if parent is None:
                return
            group = self._group(parent)
            self._set_child(group, child, status, starting=False)
            child, status = parent, group.status

    def _update(self, node_id: str, now: Moment, *, starting: bool) -> list[GroupRecord]:
        touched: list[GroupRecord] = []
        node = self._run.nodes.get(node_id)
        status = _status(node)
        if node is not None and self.is_group(node_id):
            own = self._group(node_id)
            own.own, own.announced = status, node.child_count
            self._time(own, now)
            touched.append(own)
            status = own.status
        child = node_id
        for _ in range(MAX_DEPTH):
            parent = self._parent(child)
            if parent is None:
                break
            group = self._group(parent)
            self._set_child(group, child, status, starting=starting)
            self._time(group, now)
            touched.append(group)
            child, status = parent, group.status
        return touched

    def _parent(self, node_id: str) -> str | None:
        parent = self._parent_of(node_id)
        if parent is None:
            record = self._run.nodes.get(node_id)
            parent = record.parent_id if record is not None else None
        return parent if parent != node_id else None

    def _group(self, group_id: str) -> GroupRecord:
        group = self.records.get(group_id)
        if group is None:
            node = self._run.nodes.get(group_id)
            group = self.records[group_id] = GroupRecord(group_id, listed=len(self._children_of(group_id)))
            if node is not None:
                group.own, group.announced = _status(node), node.child_count
        return group

    def _set_child(self, group: GroupRecord, child: str, status: ExecutionStatus | None, *, starting: bool) -> None:
        before = group.children.get(child)
        if status is None:
            return
        group.went_round(child, self._rounds(child))
        if status == "executing" and starting and group.own is not None and group.own != "executing":
            group.own = None  # it is open again
        if before == status:
            return
        if before is not None:
            group.counts[before] -= 1
        elif self._parent_of(child) != group.group_id:
            group.unlisted += 1
        group.children[child] = status
        group.counts[status] += 1

    def _rounds(self, child: str) -> int:
        node = self._run.nodes.get(child)
        if node is not None and node.executions:
            return len(node.executions)
        inner = self.records.get(child)
        return inner.rounds if inner is not None else 1

    def _time(self, group: GroupRecord, now: Moment) -> None:
        if group.status == "executing":
            if group.since is None or group.until is not None:
                (group.since, group.since_wall), group.until = now, None
        elif group.until is None:
            group.until, group.until_wall = now


def _status(node: NodeRecord | None) -> ExecutionStatus | None:
    if node is None or not node.executions:
        return None
    return "executing" if node.executing else node.outcome


def _least(one: float | None, other: float | None) -> float | None:
    return min((each for each in (one, other) if each is not None), default=None)


def _most(one: float | None, other: float | None) -> float | None:
    return max((each for each in (one, other) if each is not None), default=None)


def _first_started(node: NodeRecord) -> float:
    return min((each.started for each in node.executions.values() if each.started is not None), default=0.0)

"""The fold of groups: what a node that contains nodes shows, kept from what happens in it.

A group that sent a start of its own executes until its own end. One that did not executes while something in it does,
and ends once all its listed or announced children have: error before killed before success. A later start, of it or
of a child, opens it again. A change costs one step for each level of nesting.

Moments may be of several clocks: what is open reaches from the first to the last moment of what happens in it, so that
no part is longer than its whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace

from ...contract.flow import FlowGraph
from ..record import Execution, ExecutionStatus, GroupRecord, NodeRecord, RunRecord
from .step import Step, Touched

MAX_DEPTH = 1_000
Told = Mapping[str, Mapping[int, Execution]]
"""By node and order, what the server told of the times it ran."""


def worked(step: Step, node: NodeRecord) -> None:
    """Something happened in a node now: what is open of it holds that, and so do the groups round it."""
    if node.executing:
        _cover(step, node, step.at)
        changed(step, node.node_id, step.at, step.at, starting=False)


def changed(step: Step, node_id: str, since: float | None, until: float | None, *, starting: bool) -> None:
    """What a node does, from `since` until `until` (None: now), is another: itself, if it is a group, and every group
    round it follow, innermost first.
    """
    since = step.at if since is None else since
    until = step.at if until is None else until
    record = step.record
    node = record.nodes.get(node_id)
    status = _own_status(node)
    busy = status == "executing"
    if node is not None and (node_id in record.groups or node.child_count or step.flow.is_group(node_id)):
        group = _group(step, node_id)
        group.own, group.announced = status, node.child_count
        group.complete = group.complete or status not in (None, "executing")
        _time(group, since, until)
        status, busy = group.status, busy or bool(group.active)
    left = _bubble(step, node_id, status, since, until, busy=busy, starting=starting)
    while left:
        group = record.groups[left.pop()]
        left += _bubble(step, group.group_id, group.status, step.at, step.at, busy=group.busy, starting=False)


def _bubble(
    step: Step, child: str, status: ExecutionStatus | None, since: float, until: float, *, busy: bool, starting: bool
) -> list[str]:
    """Every group round a child follows. The groups that it, or one of those, is not in any more."""
    record, passed = step.record, {child}
    left: list[str] = []
    for _ in range(MAX_DEPTH):
        node, before = record.nodes.get(child), record.group_of.get(child)
        parent = step.flow.parents.get(child) or (node.parent_id if node is not None else None)
        if before is not None and before != parent:
            _forget(step, _group(step, before), child)
            left.append(before)
        if parent is None or parent in passed:
            break  # outermost, in itself, or a circle of nodes that are each in the next
        passed.add(parent)
        group = _group(step, parent)
        if child not in group.children:  # it may have begun before anybody said where
            since = min([since, *_starts(record, child)])
        if busy:
            group.active[child] = None
        else:
            group.active.pop(child, None)
        _set_child(step, group, child, status, starting=starting)
        since = _time(group, since, until)
        if parent in record.nodes:
            _cover(step, record.nodes[parent], until)
        child, status, busy = parent, group.status, group.busy
    return left


def placed(record: RunRecord, flow: FlowGraph) -> None:
    """The flow came behind these events: what ran is in the groups that it lists, as if it had been there."""
    for group in record.groups.values():
        group.listed = len(flow.children(group.group_id))
        group.unlisted = sum(flow.parent(child) != group.group_id for child in group.children)
    for node_id, node in list(record.nodes.items()):
        inside = flow.parent(node_id) not in (None, record.group_of.get(node_id))
        if node.executions and (inside or (flow.children(node_id) and node_id not in record.groups)):
            ran = [at for e in node.executions.values() for at in (e.started_at, e.latest_at, e.ended_at) if at] or [0]
            changed(Step(record, max(ran), flow, Touched()), node_id, min(ran), None, starting=False)


def unheard(record: RunRecord, told: Told) -> Told:
    """What the server told of nodes of which no event did."""

    def heard(node_id: str) -> bool:
        node = record.nodes.get(node_id)
        return node is not None and bool(node.executions)

    return {node_id: orders for node_id, orders in told.items() if orders and not heard(node_id)}


def completed(record: RunRecord, silent: Told, flow: FlowGraph) -> Mapping[str, GroupRecord]:
    """The groups, as if events had told of these nodes, of which the server alone did; at which moments is not known.

    The record stays as it is. A group in which something executes by events is not ended by the server's word.
    """
    if not any(flow.parent(each) is not None or flow.children(each) for each in silent):
        return record.groups
    groups = deepcopy(record.groups)
    nodes = {name: deepcopy(node) if node.executing else node for name, node in record.nodes.items()}
    step = Step(replace(record, nodes=nodes, groups=groups, group_of=dict(record.group_of)), 0.0, flow, Touched())
    for node_id, orders in silent.items():
        latest, opens = orders[max(orders)], [order for order, each in orders.items() if each.open]
        if opens or node_id not in record.groups or not record.groups[node_id].busy:
            outcome = latest.status if latest.status != "executing" else None
            known = nodes.get(node_id) or NodeRecord(node_id)
            nodes[node_id] = replace(known, executions=dict(orders), open_orders=dict.fromkeys(opens), outcome=outcome)
            changed(step, node_id, None, None, starting=False)
    for group_id, group in groups.items():
        before = record.groups.get(group_id)
        group.started_at = before.started_at if before is not None else None
        group.ended_at = before.ended_at if before is not None and group.status != "executing" else None
    return groups


def settle(step: Step, outcome: ExecutionStatus) -> None:
    """The run is over: a group that executes ends as it did, unknown after a success."""
    for group in step.record.groups.values():
        if group.status == "executing":
            group.ended_at = step.record.ended_at
            step.touched.groups[group.group_id] = None
        group.settled = outcome


def _group(step: Step, group_id: str) -> GroupRecord:
    group = step.record.groups.get(group_id)
    if group is None:
        group = GroupRecord(group_id, listed=len(step.flow.children(group_id)), settled=step.record.outcome)
        step.record.groups[group_id] = group
        node = step.record.nodes.get(group_id)
        if node is not None:
            group.own, group.announced = _own_status(node), node.child_count
            group.started_at = min(_starts(step.record, group_id), default=None)
            group.complete = group.own not in (None, "executing")
    step.touched.groups[group_id] = None
    return group


def _set_child(step: Step, group: GroupRecord, child: str, status: ExecutionStatus | None, *, starting: bool) -> None:
    if status is None:
        return _forget(step, group, child)
    group.runs[child] = times = _times(step.record, child)
    group.rounds = max(group.rounds, times)
    if starting and status == "executing" and group.own not in (None, "executing"):
        group.own = None  # it is open again
    before = group.children.get(child)
    if before == status:
        return None
    if before is not None:
        group.counts[before] -= 1
    elif step.flow.parent(child) != group.group_id:
        group.unlisted += 1
    group.children[child] = status
    group.counts[status] = group.counts.get(status, 0) + 1
    step.record.group_of[child] = group.group_id
    return None


def _forget(step: Step, group: GroupRecord, child: str) -> None:
    """A node is not in this group any more, or nothing in it has begun any more."""
    group.active.pop(child, None)
    status = group.children.pop(child, None)
    if status is not None:
        del group.runs[child], step.record.group_of[child]
        group.counts[status] -= 1
        group.unlisted -= step.flow.parent(child) != group.group_id


def _starts(record: RunRecord, node_id: str) -> list[float]:
    """When a node began, and what is in it."""
    node, inner = record.nodes.get(node_id), record.groups.get(node_id)
    every = [*(node.executions.values() if node is not None else ()), *((inner,) if inner is not None else ())]
    return [each.started_at for each in every if each.started_at is not None]


def _times(record: RunRecord, child: str) -> int:
    """How often a child ran; a group without executions of its own as often as the one in it that ran most."""
    node = record.nodes.get(child)
    if node is not None and node.executions:
        return len(node.executions)
    inner = record.groups.get(child)
    return inner.rounds if inner is not None else 1


def _cover(step: Step, node: NodeRecord, until: float) -> None:
    """What is open of a node began by the time at which something happens in it, and ends no earlier than that did."""
    for order in node.open_orders:
        execution = node.executions[order]
        execution.latest_at = until if execution.latest_at is None else max(execution.latest_at, until)
        if execution.started_at is None or step.at < execution.started_at:
            execution.started_at = step.at
            step.touched.executions[node.node_id, order] = None


def _time(group: GroupRecord, since: float, until: float) -> float:
    """When it began, of which something was from `since` until `until`; it ends with what ended last in it."""
    group.started_at = since if group.started_at is None else min(group.started_at, since)
    group.latest_at = until if group.latest_at is None else max(group.latest_at, until)
    if group.status == "executing":
        group.ended_at = None
    elif group.ended_at is None or group.latest_at > group.ended_at:
        group.ended_at = group.latest_at
    return group.started_at


def _own_status(node: NodeRecord | None) -> ExecutionStatus | None:
    if node is None or not node.executions:
        return None
    return "executing" if node.open_orders else node.outcome

"""The fold of nodes: each time one ran is an execution, known by (node, order)."""

from __future__ import annotations

from collections.abc import Iterable

from ...contract.events import EndNode, NodeRef, StartNode
from ..record import Execution, ExecutionStatus, NodeRecord, end_wait
from ..spent import NOTHING
from . import chat, groups, usage
from .step import MAX_EXECUTIONS, MAX_NODES, Step, evict


def node_of(step: Step, event: NodeRef, node_id: str) -> NodeRecord:
    """The record of the node that an event names, with what the event says of its place."""
    record = step.record
    node = record.nodes.get(node_id)
    if node is None:
        node = record.nodes[node_id] = NodeRecord(node_id)
        gone = evict(
            record.nodes,
            MAX_NODES,
            lambda each: not (each.executing or each.open_tools or each.waiting) and each is not node,
        )
        for each in gone.values():
            step.touched.nodes[each.node_id] = None
            _touch_all(step, each, each.executions)
    if event.parent_node_id is not None:
        node.parent_id = event.parent_node_id
    return node


def started(step: Step, event: StartNode) -> None:
    record = step.record
    node = node_of(step, event, event.node_id)
    if event.child_count is not None:
        node.child_count = event.child_count
    order = event.order if event.order is not None else record.highest_order + 1
    record.highest_order = max(record.highest_order, order)
    execution = node.executions.get(order)
    if execution is None:
        execution = _add(step, node, order)
        _begin(step, node, execution)
    elif not execution.open and event.seq is not None and execution.started and not record.over:
        _begin(step, node, execution)  # numbers are the true order: it runs once more
    execution.node_type = event.node_type or execution.node_type
    execution.node_name = event.node_name or execution.node_name
    execution.iteration = event.iteration if event.iteration is not None else execution.iteration
    execution.input = event.input if event.input is not None else execution.input
    if not execution.started:
        execution.started, execution.started_at = True, step.at
    execution.mark = record.mark
    _touch(step, node, execution, starting=execution.status == "executing")


def ended(step: Step, event: EndNode) -> None:
    """The first end wins; one that was only implied is replaced."""
    record = step.record
    node = node_of(step, event, event.node_id)
    order = event.order if event.order is not None else _order_to_close(step, node)
    record.highest_order = max(record.highest_order, order)
    execution = node.executions.get(order)
    if execution is None:
        execution = _add(step, node, order)
    elif not execution.open and not execution.implied:
        return
    node.open_orders.pop(order, None)
    execution.status = node.outcome = event.status
    execution.node_name = event.node_name or execution.node_name
    execution.iteration = event.iteration if event.iteration is not None else execution.iteration
    execution.ended_at, execution.ended_mark = max(step.at, execution.latest_at or step.at), record.mark
    end_wait(execution.waits, execution.ended_at)
    execution.content, execution.error = event.content, event.error
    execution.variables = event.variables or {}
    usage.told(step, execution, event.usage)
    execution.implied = bool(event.implied)
    execution.mark = record.mark
    if not node.open_orders:
        for key in reversed(node.open_tools or node.implied_tools):  # of it, however late their own ends are told
            if key not in record.tools:
                continue
            call = record.tools[key]
            if call.ended_at is not None and call.ended_at <= execution.ended_at:
                break  # and so have those before
            call.ended_at = execution.ended_at
            chat.show_tool(step, call)
        node.waiting = False
        for each in record.sign_ins.values():
            if each.status == "failed" and each.event.node_id == event.node_id:
                each.open, step.touched.cards = False, True
        chat.quiet(step, event.node_id)
    _touch(step, node, execution, starting=False)


def settle(step: Step, outcome: ExecutionStatus) -> None:
    """The run is over: what is still open ends with it, and nobody reported how."""
    for node in step.record.nodes.values():
        if node.waiting:
            node.waiting = False
            step.touched.nodes[node.node_id] = None
    was_open = [node for node in step.record.nodes.values() if node.open_orders]
    for node in was_open:
        for order in node.open_orders:
            execution = node.executions[order]
            execution.status, execution.implied, execution.ended_at = outcome, True, step.record.ended_at
            end_wait(execution.waits, execution.ended_at)
            step.touched.executions[node.node_id, order] = None
        node.open_orders.clear()
        node.outcome = outcome if outcome != "executing" else None
        step.touched.nodes[node.node_id] = None
    for node in was_open:  # all of them have ended: what was implied of a child makes no group of it longer
        groups.changed(step, node.node_id, None, step.record.ended_at, starting=False)


def _add(step: Step, node: NodeRecord, order: int) -> Execution:
    execution = node.executions[order] = Execution(node.node_id, order)
    if len(node.executions) > MAX_EXECUTIONS:
        bound = MAX_EXECUTIONS + len(node.open_orders)
        _touch_all(step, node, evict(node.executions, bound, lambda each: not each.open and each is not execution))
    return execution


def _begin(step: Step, node: NodeRecord, execution: Execution) -> None:
    """An execution opens; in a run that is over nothing does."""
    if step.record.over:
        execution.status, execution.implied = "unknown", True
        return
    execution.status, execution.implied = "executing", False
    execution.started, execution.started_at, execution.ended_at = True, step.at, None
    execution.latest_at = step.at
    execution.began_mark, execution.ended_mark = step.record.mark, -1
    execution.content = execution.error = execution.usage = None
    execution.variables, execution.waits = {}, []
    execution.spent = NOTHING
    node.open_orders[execution.order] = None


def _order_to_close(step: Step, node: NodeRecord) -> int:
    """Without an order an end closes the node's latest open execution, else the latest that was only implied."""
    if node.open_orders:
        return next(reversed(node.open_orders))
    implied = (order for order in reversed(node.executions) if node.executions[order].implied)
    return next(implied, step.record.highest_order + 1)


def _touch_all(step: Step, node: NodeRecord, orders: Iterable[int]) -> None:
    step.touched.executions.update(dict.fromkeys((node.node_id, order) for order in orders))


def _touch(step: Step, node: NodeRecord, execution: Execution, *, starting: bool) -> None:
    step.touched.executions[node.node_id, execution.order] = None
    step.touched.nodes[node.node_id] = None
    groups.changed(step, node.node_id, execution.started_at, execution.ended_at, starting=starting)

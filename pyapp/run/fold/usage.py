"""The fold of usage: what was spent, by execution and of the whole run, nothing of it twice.

What an `end_node` tells is all of its execution: what its texts and tools told before is a part of it.
"""

from __future__ import annotations

from ...contract.usage import Usage
from ..record import Execution, RunRecord
from ..spent import Spent
from .step import Step


def told(step: Step, execution: Execution, usage: Usage | None) -> None:
    """An execution ended, and its end tells what it spent; without a word, what was heard of it stays."""
    execution.usage = usage
    if usage is not None:
        spent = Spent.of(usage)
        step.record.spent = step.record.spent - execution.spent + spent
        execution.spent = spent
        step.touched.run = True


def heard(step: Step, node_id: str | None, before: Usage | None, usage: Usage | None) -> None:
    """A text or a tool tells its usage, in place of what it told before."""
    if usage == before:
        return
    execution = _current(step.record, node_id)
    if execution is not None and execution.usage is not None:
        return  # its end has told all of it
    more, less = Spent.of(usage), Spent.of(before)
    step.record.spent = step.record.spent - less + more
    step.touched.run = True
    if execution is not None:
        execution.spent = execution.spent - less + more
        step.touched.executions[execution.node_id, execution.order] = None


def _current(record: RunRecord, node_id: str | None) -> Execution | None:
    """The execution of a node that something in it belongs to: the latest that is open, else the latest."""
    node = record.nodes.get(node_id) if node_id is not None else None
    if node is None or not node.executions:
        return None
    return node.executions[next(reversed(node.open_orders or node.executions))]

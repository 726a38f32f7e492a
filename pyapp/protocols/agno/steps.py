"""Steps and groups of workflows as nodes, named by their step, in the group that they are in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..protocol import Json, Taken, kept
from .fields import Event, count, record, text
from .nodes import Node, index_of
from .state import State

GROUPS = ("Parallel", "Loop", "Condition", "Router", "Steps")


def started(state: State, event: Event) -> Taken:
    """A step, or a group: what stood before it among its siblings has ended, though nobody said so."""
    kind = str(event["event"]).removesuffix("Started").removesuffix("Execution")
    step = text(event.get("step_id")) or text(event.get("step_name")) or "step"
    if step in state.nodes.open:
        return None
    parent = text(event.get("parent_step_id"))
    ended = left(state, state.nodes.left_behind(parent, index_of(event)))
    children = count(event.get("parallel_step_count"))
    return [*ended, {**_begin(state, event, step, kind), "child_count": children}]


def _begin(state: State, event: Event, step: str, kind: str) -> Json:
    name, parent = text(event.get("step_name")), text(event.get("parent_step_id"))
    node_id = state.nodes.place(step, name or step, state.nodes.find(parent))
    node = Node(node_id, 0, name=name, parent=parent, index=index_of(event), kind=kind)
    return state.nodes.start(step, node, state.given)


def known_step(state: State, event: Event) -> list[Json]:
    """Know the step that an agent's event is of: where its start was missed it begins now."""
    step = text(event.get("step_id")) or text(event.get("step_name"))
    if step is None or state.nodes.find(step) is not None:
        return []
    return [_begin(state, event, step, "Step")]


def reopened(state: State, step: str) -> list[Json]:
    """A step that ended because its agent failed is tried again."""
    node = state.nodes.failed.get(step)
    return [state.nodes.start(step, node)] if node is not None else []


def completed(state: State, event: Event) -> Taken:
    return _ended(state, event, "success", record(event.get("step_response")))


def failed(state: State, event: Event) -> Taken:
    state.failure = text(event.get("step_name")), event.get("error")
    return _ended(state, event, "error", {})


def output(state: State, event: Event) -> Taken:
    """What a function gave. Of one that failed and is passed over nothing else is told (Agno 3), nor of one that stops
    the workflow.
    """
    told = record(event.get("step_output"))
    if told.get("success") is False:
        return _ended(state, event, "error", told)
    node = state.nodes.open.get(text(told.get("step_id")) or "")
    if node is None:
        return None
    before = node.outcome, node.output
    node.outcome, node.output = "success", told.get("content")
    return kept((node.outcome, node.output) != before)


def iteration(state: State, event: Event) -> Taken:
    """What begins in a loop from now on is in this iteration."""
    loop, number = str(event["step_id"]), int(event["iteration"])
    before = state.nodes.iterations.get(loop)
    state.nodes.iterations[loop] = number
    return kept(number != before)


def end(state: State, step: str, status: str, **fields: Any) -> Json:
    return state.nodes.end(step, status, usage=state.usage.step_over(step), **fields)


def left(state: State, steps: Iterable[str]) -> list[Json]:
    """End steps of which Agno tells no end. Where nothing says how they ended, their function failed and was passed
    over, or nobody waits for an answer.

    Where something is known to be missing an end may be among it: then nothing is told.
    """
    return [_left(state, each) for each in list(steps) if state.numbers.whole]


def _left(state: State, step: str) -> Json:
    node = state.nodes.open[step]
    status = "killed" if state.runs.waits_for(step) else node.outcome or "error"
    return end(state, step, status, content=node.output, implied=True)


def _ended(state: State, event: Event, status: str, told: Event) -> Taken:
    step = state.nodes.key_of(event)
    if step is None:
        return None
    failed = told.get("success") is False
    error = event.get("error") or (told.get("error") if failed else None)
    content = event.get("content") if event.get("content") is not None else told.get("content")
    inside = left(state, [key for key, node in state.nodes.open.items() if node.parent == step])
    return [*inside, end(state, step, "error" if failed else status, content=content, error=error)]

"""Workflows: the root's begin and end are the run's; one in a step of another is that step."""

from __future__ import annotations

from ..protocol import Taken
from .entities import run_start
from .fields import Event, failed_as, is_nested, reason_of, text
from .nodes import Node
from .state import State
from .steps import end, left

AGENT = "workflow agent"
"""The key of the agent that decides whether a workflow runs at all."""


def started(state: State, event: Event) -> Taken:
    if is_nested(event) or state.begun:
        return None
    state.begun = True
    return [run_start(state, "workflow", text(event.get("workflow_name")))]


def completed(state: State, event: Event) -> Taken:
    """Steps that are open now ended without a word, those in a group before it."""
    if is_nested(event):
        return None
    return [
        *left(state, reversed(state.nodes.open)),
        {"event": "run_end", "status": "success", "content": event.get("content")},
    ]


def failed(state: State, event: Event) -> Taken:
    """An error, or a cancel. The step that a nested one is in has ended as it did."""
    status, reason = failed_as(event), reason_of(event)
    if not is_nested(event):
        return [{"event": "run_end", "status": status, "error": reason}]
    step = text(event.get("parent_step_id"))
    return [end(state, step, status, error=reason)] if step in state.nodes.open and step is not None else None


def agent_started(state: State, event: Event) -> Taken:
    """An agent decides whether the workflow runs, or answers itself: a node beside the steps."""
    if AGENT in state.nodes.open:
        return None
    node = state.nodes.place(AGENT, AGENT, None)
    return [state.nodes.start(AGENT, Node(node, 0, name="Agent", kind="agent"), state.given)]


def agent_completed(state: State, event: Event) -> Taken:
    if AGENT not in state.nodes.open:
        return None
    return [state.nodes.end(AGENT, "success", content=event.get("content"))]

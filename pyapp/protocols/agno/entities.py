"""Agents and teams: what runs for a step speaks for it; else each is a node, a member in the node of its team."""

from __future__ import annotations

from ..protocol import Json, Taken, taken
from .fields import Event, kind_of, run_of, text
from .nodes import Node
from .runs import Run
from .state import State
from .steps import known_step, reopened


def started(state: State, event: Event) -> Taken:
    """The root begins with it, if it is the root."""
    first = not state.begun and state.is_root(event)
    state.begun = state.begun or first
    kind = kind_of(event)
    ours = [run_start(state, kind, text(event.get(f"{kind}_name")))] if first else None
    return taken(ours, known_run(state, event))


def run_start(state: State, kind: str, name: str | None) -> Json:
    return {"event": "run_start", "entity_kind": kind, "entity_name": name, "flow_id": state.flow_id}


def known_run(state: State, event: Event) -> Taken:
    """Know the run that an event is of. Where its start was missed it begins with what is heard of it first."""
    run_id = run_of(event)
    if run_id is None or state.run(event) is not None:
        return None
    step, team = text(event.get("step_id")) or text(event.get("step_name")), text(event.get("parent_run_id"))
    before = known_step(state, event)
    if step is not None and team in (None, state.root):
        before += reopened(state, step)
        state.runs.add(Run(run_id, state.nodes.find(step), own=False, step=step))
        return before
    kind = kind_of(event)
    leader = state.runs.find(team)
    inside = leader.node_id if leader is not None else state.nodes.find(step)
    name = text(event.get(f"{kind}_name"))
    node = state.nodes.place(run_id, text(event.get(f"{kind}_id")) or name or run_id, inside)
    state.runs.add(Run(run_id, node, own=True, step=step))
    return [*before, state.nodes.start(run_id, Node(node, 0, name=name, kind=kind), state.given)]

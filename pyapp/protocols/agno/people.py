"""Pauses, and how a run goes on. Whoever in it asks, the root is what waits, and what an answer is sent to."""

from __future__ import annotations

from ...locale.catalogue import Sentence
from ..protocol import Json, Taken, taken
from .entities import known_run
from .fields import Event, is_nested, text
from .pause import requirements_of
from .state import State
from .step_pause import step_requirement, step_requirements

MAX_WHY = 300
"""Characters of an error that are said beside a run that cannot go on; its node has all of it."""


def run_paused(state: State, event: Event) -> Taken:
    """An agent or a team asks. Of one that is a part of something its root tells, once it waits as a whole."""
    before = taken(known_run(state, event), _waits(state, event, True))
    if not state.is_root(event):
        return before
    asked: list[tuple[Json, str | None]] = []
    for each in requirements_of(event):
        member = state.runs.find(text(each["raw"].get("member_run_id")))
        asked.append((each, member.node_id if member is not None else state.node_of(event)))
    return taken(before, state.asked.ask(each["id"] for each, _ in asked), _paused(state, event, asked))


def _waits(state: State, event: Event, waits: bool) -> Taken:
    """What works for a step asks a person, or does not: so the step ends, if nobody tells."""
    run = state.run(event)
    if run is None or run.step is None or run.waits == waits:
        return None
    run.waits = waits
    return []


def workflow_paused(state: State, event: Event) -> Taken:
    """All that it waits for, each in the node that asks. Of a nested one its root tells, once it waits as a whole."""
    if is_nested(event):
        return None
    asked = [(need, _node_of_step(state, step, need)) for need, step in step_requirements(event)]
    answered = state.asked.ask(need["id"] for need, _ in asked)
    step, why = state.failure
    if not asked and step is not None and step == event.get("paused_step_name"):
        state.asked.stuck = Sentence("agno.stuck", node=step, why=str(why)[:MAX_WHY])
    return [*answered, *_paused(state, event, asked)]


def step_paused(state: State, event: Event) -> list[Json]:
    """A step asks. Agno 2.9 tells of a review no more than this; else the workflow tells it once more."""
    need = step_requirement(event)
    return [*state.asked.ask([need["id"]]), *_paused(state, event, [(need, _node_of_step(state, event, need))])]


def continued(state: State, event: Event) -> Taken:
    """The run goes on: its parts tell it, each for itself, and the root; the first of them counts."""
    return taken(state.asked.go_on(), known_run(state, event), _waits(state, event, False))


def step_continued(state: State, event: Event) -> Taken:
    return state.asked.go_on()


def _node_of_step(state: State, step: Event, need: Json) -> str | None:
    """A member of the step's team, else the step itself, by its id or, before it has begun, by its name."""
    member = state.runs.find(text(need["raw"].get("member_run_id")))
    if member is not None:
        return member.node_id
    name = text(step.get("step_name"))
    return state.nodes.find(text(step.get("step_id"))) or (state.nodes.named(name) if name is not None else None)


def _paused(state: State, event: Event, asked: list[tuple[Json, str | None]]) -> list[Json]:
    """An event for each node that asks; without a requirement the run waits all the same."""
    by_node: dict[str | None, list[Json]] = {}
    for need, node in asked:
        by_node.setdefault(node, []).append(need)
    by_node = by_node or {state.node_of(event): []}
    told = {"event": "AgentPaused", "continue_run_id": state.root}
    return [{**told, "requirements": needs, "node_id": node} for node, needs in by_node.items()]

from __future__ import annotations

from pyapp.protocols.agno.runs import Run
from pyapp.protocols.agno.state import State


def test_an_event_is_of_the_node_of_its_run_else_of_its_step() -> None:
    state = State("f", {"plan": "n-1"}, None)
    state.runs.root = "w"
    state.runs.add(Run("a", "node", own=True))
    state.nodes.place("s", "step", None)
    assert state.node_of({"run_id": "a", "step_id": "s"}) == "node"
    assert state.node_of({"run_id": "b", "step_id": "s"}) == "step"
    assert state.node_of({"run_id": "b", "step_name": "plan"}) == "n-1"
    assert state.node_of({"run_id": "b"}) is None


def test_an_event_that_names_no_run_is_of_the_root() -> None:
    """So tells Agno 2.2 of a failure."""
    state = State(None, None, None)
    state.runs.root = "r"
    run = state.runs.add(Run("r", "node", own=True))
    assert state.is_root({}) and state.is_root({"run_id": "r"}) and not state.is_root({"run_id": "m"})
    assert state.run({}) is run

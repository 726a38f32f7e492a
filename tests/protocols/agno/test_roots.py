"""pyapp.protocols.agno.roots: each message of a shared socket finds its own root run."""

from __future__ import annotations

from typing import Any

from pyapp.protocols.agno.roots import Roots
from pyapp.protocols.agno.translator import AgnoTranslator
from pyapp.protocols.runs import ForeignRun, ForeignRuns


def make(key: str, flow_id: str) -> ForeignRun:
    return ForeignRun(key, flow_id, AgnoTranslator)


def started(runs: ForeignRuns, *sessions: str) -> list[ForeignRun]:
    """Runs of which nothing was heard but that they were started."""
    made = [runs.add(make(session, "workflows/w")) for session in sessions]
    for run in made:
        run.session = run.key
    return made


def test_runs_that_just_began_are_told_apart_by_their_sessions() -> None:
    """From then on by their ids, and by those of their parts."""
    runs = ForeignRuns()
    roots = Roots(runs, make)
    one, two = started(runs, "s1", "s2")
    for run, session, run_id in ((one, "s1", "w1"), (two, "s2", "w2")):
        event: dict[str, Any] = {"event": "WorkflowStarted", "run_id": run_id, "session_id": session}
        assert roots.of(event) is run
        roots.note(event, run)
        assert run.run_id == run_id
    inner = {"event": "RunStarted", "run_id": "a1", "workflow_run_id": "w1"}
    assert roots.of(inner) is one
    roots.note(inner, one)
    assert roots.of({"event": "RunContent", "run_id": "a1"}) is one
    assert roots.of({"event": "RunStarted", "run_id": "b1", "parent_run_id": "a1"}) is one
    assert roots.of({"event": "WorkflowCompleted", "run_id": "w2"}) is two


def test_a_nested_workflow_is_a_part_of_its_root() -> None:
    """Its messages bear ids of its own, and the session of the root."""
    runs = ForeignRuns()
    roots = Roots(runs, make)
    (one,) = started(runs, "s1")
    roots.note({"run_id": "w1"}, one)
    nested = {"event": "WorkflowStarted", "run_id": "n1", "workflow_id": "inner", "session_id": "s1"}
    assert roots.of(nested) is one
    roots.note(nested, one)
    assert one.run_id == "w1"
    assert roots.of({"event": "RunContent", "run_id": "x", "workflow_run_id": "n1"}) is one
    assert len(runs) == 1


def test_a_run_that_nobody_here_began_is_known_when_it_says_what_it_is_of() -> None:
    runs = ForeignRuns()
    roots = Roots(runs, make)
    joined = roots.of({"event": "StepStarted", "run_id": "w9", "workflow_id": "w", "session_id": "s9"})
    assert joined is not None
    assert (joined.run_id, joined.flow_id, joined.session) == ("w9", "workflows/w", "s9")
    assert roots.of({"event": "RunContent", "run_id": "?"}) is None
    assert roots.of({"event": "error", "error": "no"}) is None
    roots.note({"event": "x"}, joined)
    assert joined.run_id == "w9"

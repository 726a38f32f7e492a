from __future__ import annotations

from typing import Any

import pytest

from pyapp.protocols.agno.runs import Run, Runs


@pytest.mark.parametrize(
    ("event", "of_workflow", "root"),
    [
        ({"run_id": "w"}, True, "w"),
        ({"run_id": "inner", "nested_depth": 1}, True, None),
        ({"run_id": "inner", "parent_step_id": "s"}, True, None),
        ({"run_id": "a", "workflow_run_id": "w", "parent_run_id": "t"}, False, "w"),
        ({"run_id": "a", "parent_run_id": "t"}, False, "t"),
        ({"run_id": "a"}, False, "a"),
        ({}, False, "run"),
    ],
)
def test_the_root_is_found_by_any_of_its_parts(event: dict[str, Any], of_workflow: bool, root: str | None) -> None:
    """A workflow before an agent in it, a team before its member; a nested workflow does not know."""
    runs = Runs()
    assert runs.learn(event, of_workflow=of_workflow) is (root is not None)
    assert runs.root == root
    runs.learn({"run_id": "other"}, of_workflow=True)
    assert runs.root == (root or "other"), "the first word counts"


def test_a_run_is_known_by_its_id() -> None:
    runs = Runs()
    run = runs.add(Run("a", "node", own=True, step="s"))
    assert (runs.find("a"), runs.find("b"), runs.find(None)) == (run, None, None)
    assert not runs.waits_for("s")
    run.waits = True
    assert runs.waits_for("s") and not runs.waits_for("other")

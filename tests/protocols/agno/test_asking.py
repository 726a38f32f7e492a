"""pyapp.protocols.agno.asking: what an AgentOS answers, as the contract has it."""

from __future__ import annotations

from typing import Any

import pytest

from pyapp.contract.flow import Flow
from pyapp.protocols.agno.asking import STATUSES, flows_of, info_of, session_runs
from pyapp.protocols.agno.translator import AgnoTranslator
from pyapp.protocols.runs import ForeignRun


def run(flow_id: str = "agents/ada") -> ForeignRun:
    return ForeignRun("r", flow_id, AgnoTranslator, run_id="r", session="s")


def test_agents_teams_and_workflows_are_flows() -> None:
    config = {
        "agents": [{"id": "ada", "name": "Ada"}, {"name": "without an id"}, 3],
        "teams": [{"id": "t", "description": "Two of them"}],
        "workflows": "nonsense",
    }
    flows = flows_of(config)
    assert [(each["id"], each["name"]) for each in flows] == [("agents/ada", "Ada"), ("teams/t", "t")]
    assert all(Flow.model_validate(each).unfolds for each in flows)
    assert flows_of(None) == flows_of([]) == []


def test_the_runs_of_a_session_are_those_that_are_no_part_of_another() -> None:
    known: list[tuple[str, str, str]] = []

    def know(*found: str) -> ForeignRun:
        known.append(found)  # type: ignore[arg-type]
        return ForeignRun(found[0], found[1], AgnoTranslator, run_id=found[0])

    runs: list[Any] = [
        {"run_id": "a", "status": "COMPLETED", "run_input": "hi", "created_at": "2026-11-26T15:10:17Z"},
        {"run_id": "b", "parent_run_id": "a", "status": "COMPLETED"},
        {"status": "COMPLETED"},
    ]
    session = {"session_type": "workflow", "workflow_id": "w", "session_id": "s"}
    infos = session_runs(session, runs, know)
    assert known == [("a", "workflows/w", "s")]
    assert [(info.run_id, info.status, info.input) for info in infos] == [("a", "success", "hi")]
    assert infos[0].started_at == 1795705817.0
    assert session_runs({"session_type": "dream"}, runs, know) == session_runs(session, None, know) == []


def test_a_run_that_was_generated_anew_is_over() -> None:
    """Agno 3.1 keeps it beside the one that took its place."""
    assert info_of(run(), {"status": "REGENERATED"}).status == "success"


@pytest.mark.parametrize(("theirs", "ours"), [*STATUSES.items(), ("DREAMING", "executing"), ("running", "executing")])
def test_a_state_is_said_in_the_contracts_words(theirs: str, ours: str) -> None:
    assert info_of(run(), {"status": theirs}).status == ours


def test_what_a_run_was_given_and_why_it_failed() -> None:
    info = info_of(run(), {"status": "ERROR", "content": "boom", "input": {"input_content": "hi"}, "created_at": 7})
    assert (info.input, info.error, info.started_at) == ("hi", "boom", 7.0)
    assert info_of(run(), None).started_at is None
    assert info_of(run(), {"input": "plain", "created_at": "yesterday"}).input == "plain"

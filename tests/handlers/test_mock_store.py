from __future__ import annotations

from typing import Any

from pyapp.contract.http import RunInfo
from pyapp.handlers.mock_store import MockStoreHandler
from pyapp.run.fold.step import MAX_EXECUTIONS
from pyapp.stores.rows import MockNode
from tests.live.support import World


class Stored(World):
    def __init__(self) -> None:
        super().__init__(MockStoreHandler())

    def mock(self, mock_id: str) -> MockNode:
        found = self.stores.mock.get(("r", mock_id))
        assert found is not None
        return found


def test_each_execution_is_a_mock_node() -> None:
    """id, handle, run, order, type, started, variables, status, output: from start to end."""
    world = Stored()
    world.flow("a")
    world.hear("start_node", node_id="a", order=0, ts=1.0, iteration=2)
    mock = world.mock("a-0")
    assert (mock.handle, mock.run_id, mock.order, mock.type) == ("A", "r", 0, "Type")
    assert (mock.status, mock.started, mock.iteration) == ("executing", True, 2)
    world.hear("end_node", node_id="a", order=0, status="killed", content=[1], variables={"v": 1}, error="e", ts=2.0)
    mock = world.mock("a-0")
    assert (mock.status, mock.output, mock.variables) == ("killed", [1], {"v": 1})
    assert (mock.error, mock.duration_s, mock.ended) == ("e", 1.0, True)


def test_a_node_that_runs_again_is_another_mock_node() -> None:
    """Also when the server sends no order."""
    world = Stored()
    for _ in range(2):
        world.hear("start_node", node_id="a", node_name="Ada", node_type="T")
        world.hear("end_node", node_id="a", status="success")
    assert list(world.stores.mock.of_run("r")) == ["a-0", "a-1"]
    assert (world.mock("a-1").handle, world.mock("a-1").type) == ("Ada", "T")


def test_what_its_events_call_a_node_is_kept_beside_a_flow_that_has_an_id_for_it() -> None:
    """The flow has its own word while it is known; behind that only this is left."""
    world = Stored()
    world.flow("a")
    world.hear("start_node", node_id="a", order=0, node_name="Review it")
    assert (world.mock("a-0").handle, world.mock("a-0").type) == ("Review it", "Type")


def test_an_unknown_node_goes_by_its_id() -> None:
    """Nothing is known of it but that it ran."""
    world = Stored()
    world.hear("end_node", node_id="x", order=3, status="success")
    mock = world.mock("x-3")
    assert (mock.handle, mock.type, mock.started) == ("x", None, False)


def test_the_end_of_the_run_settles_what_is_open() -> None:
    """Implied, and marked as such; a resume that pauses again settles nothing."""
    world = Stored()
    world.hear("start_node", node_id="a", order=0)
    world.hear("resume_end", status="paused")
    assert world.mock("a-0").status == "executing"
    world.hear("run_end", status="error")
    assert (world.mock("a-0").status, world.mock("a-0").implied) == ("error", True)


def test_a_time_that_was_only_guessed_goes_with_the_event_that_tells_it() -> None:
    """A server that says how a node is and not which time it is of: painting anew would show the same."""
    world = Stored()
    results = {"a": {"status": "executing"}, "b": {"status": "executing"}}
    told = RunInfo.model_validate({"run_id": "r", "status": "executing", "last_seq": 2, "results": results})
    world.tracking.hear(world.run, told, world.tracking.asking(world.run))
    world.router.repaint(world.run)
    assert list(world.stores.mock.of_run("r")) == ["a-0", "b-1"]
    world.hear("start_node", node_id="b", order=0, seq=0)
    assert list(world.stores.mock.of_run("r")) == ["a-0", "b-0"]
    world.hear("start_node", node_id="a", order=1, seq=1)
    assert list(world.stores.mock.of_run("r")) == ["b-0", "a-1"]


def test_repainting_brings_all_in_line() -> None:
    """What was lost comes back from the record; no run is no work."""
    world = Stored()
    world.hear("start_node", node_id="a", order=0)
    world.stores.mock.clear()
    world.router.repaint(None)
    assert len(world.stores.mock) == 0
    world.router.repaint(world.run)
    assert world.mock("a-0").status == "executing"


def test_a_wait_for_a_person_and_the_group_it_named_are_in_it() -> None:
    world = Stored()
    world.hear("start_node", node_id="a", order=0, ts=1.0, parent_node_id="g")
    world.hear("AgentPaused", node_id="a", ts=2.0, requirements=[{"id": "q", "kind": "confirmation"}])
    assert (world.mock("a-0").parent, world.mock("a-0").waits) == ("g", ((2.0, None),))
    world.hear("resume_start", ts=3.0)
    assert world.mock("a-0").waits == ((2.0, 3.0),)


def test_a_wait_for_a_sign_in_is_in_it() -> None:
    """As one for an answer is."""
    world = Stored()
    world.hear("start_node", node_id="a", order=0, ts=1.0)
    sign_in: dict[str, Any] = {"interaction": "oauth", "interaction_id": "s", "auth_url": "https://a.example/"}
    sign_in["node_id"] = "a"
    world.hear("interaction_event", ts=2.0, **sign_in)
    assert world.mock("a-0").waits == ((2.0, None),)
    world.hear("interaction_event", ts=3.0, status="completed", **sign_in)
    assert world.mock("a-0").waits == ((2.0, 3.0),)


def test_what_texts_and_tools_told_of_their_usage_is_in_it() -> None:
    """While the execution goes on, and behind its end."""
    world = Stored()
    said: dict[str, Any] = {"node_id": "a", "content": "x", "source_run_id": "s"}
    world.hear("start_node", node_id="a", order=0)
    world.hear("RunContent", usage={"input_tokens": 5}, **said)
    assert world.mock("a-0").spent.tokens == 5
    world.hear("end_tool", node_id="a", tool_name="t", usage={"input_tokens": 2})
    assert world.mock("a-0").spent.tokens == 7
    world.hear("end_node", node_id="a", order=0, status="success")
    world.hear("RunContent", usage={"input_tokens": 9}, **said)
    assert world.mock("a-0").spent.tokens == world.run.record.spent.tokens == 11


def test_what_left_the_record_leaves_the_store() -> None:
    """Of one node that ran very often the oldest."""
    world = Stored()
    for order in range(MAX_EXECUTIONS + 2):
        world.hear("end_node", node_id="a", order=order, status="success")
    executions = world.run.record.nodes["a"].executions
    assert list(world.stores.mock.of_run("r")) == [f"a-{order}" for order in executions]


def test_a_node_of_another_flow_bears_no_name_of_the_one_on_the_canvas() -> None:
    """Ids are those of one flow alone."""
    world = Stored()
    world.flow("a")
    world.hear("run_start", flow_id="elsewhere")
    world.hear("start_node", node_id="a", order=0, node_name="Pay out")
    assert (world.mock("a-0").handle, world.mock("a-0").type) == ("Pay out", None)

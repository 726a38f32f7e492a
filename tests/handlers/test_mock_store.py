from __future__ import annotations

from typing import Any

from pyapp.handlers.mock_store import MockStoreHandler
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
    assert (mock.status, mock.started, mock.killed, mock.iteration) == ("executing", True, False, 2)
    world.hear("end_node", node_id="a", order=0, status="killed", content=[1], variables={"v": 1}, error="e", ts=2.0)
    mock = world.mock("a-0")
    assert (mock.status, mock.killed, mock.output, mock.variables) == ("killed", True, [1], {"v": 1})
    assert (mock.error, mock.duration_s, mock.ended) == ("e", 1.0, True)


def test_a_node_that_runs_again_is_another_mock_node() -> None:
    """Also when the server sends no order."""
    world = Stored()
    for _ in range(2):
        world.hear("start_node", node_id="a", node_name="Ada", node_type="T")
        world.hear("end_node", node_id="a", status="success")
    assert list(world.stores.mock.of_run("r")) == ["a-0", "a-1"]
    assert (world.mock("a-1").handle, world.mock("a-1").type) == ("Ada", "T")


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


def test_a_sign_in_is_waited_for_like_any_other_card() -> None:
    """From the event that asks for it to the one that says it is done."""
    world = Stored()
    world.hear("start_node", node_id="a", order=0)
    asked: dict[str, Any] = {"interaction": "oauth", "interaction_id": "s", "node_id": "a"}
    asked |= {"auth_url": "https://a.example"}
    world.hear("interaction_event", **asked, ts=1.0)
    assert world.mock("a-0").waits == ((1.0, None),)
    world.hear("interaction_event", **asked, status="completed", ts=3.0)
    assert world.mock("a-0").waits == ((1.0, 3.0),)


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


def test_a_node_of_another_flow_bears_no_name_of_the_one_on_the_canvas() -> None:
    """Ids are those of one flow alone."""
    world = Stored()
    world.flow("a")
    world.hear("run_start", flow_id="elsewhere")
    world.hear("start_node", node_id="a", order=0, node_name="Pay out")
    assert (world.mock("a-0").handle, world.mock("a-0").type) == ("Pay out", None)

from __future__ import annotations

from dataclasses import replace

from pyapp.contract.flow import Flow
from pyapp.stores.rows import GroupState, RunRow
from tests.views.canvas.stage import Stage


def test_a_large_flow_has_a_map() -> None:
    """Statuses as on the canvas, of the run in front; a small flow has none."""
    stage = Stage()
    region = stage.region("minimap")
    assert region.hidden
    stage.flow(nodes=[{"id": f"n{number}"} for number in range(20)], edges=[])
    marks = region.find_all(".minimap-node")
    assert not region.hidden and len(marks) == 20
    stage.mock("n3", status="error")
    stage.mock("nowhere")
    statuses = [mark.getAttribute("data-status") for mark in region.find_all(".minimap-node")]
    assert statuses.count("error") == 1
    stage.stores.front.set("back")
    stage.paint()
    assert {mark.getAttribute("data-status") for mark in region.find_all(".minimap-node")} == {None}
    assert stage.errors == []


def test_a_folded_group_has_its_state_on_the_map() -> None:
    """What is in it is not on the map; the group is, coloured as it stands."""
    nodes = [{"id": "g"}, *({"id": f"n{number}", "parent": "g"} for number in range(12))]
    stage = Stage(nodes=nodes, edges=[])
    region = stage.region("minimap")
    stage.mock("g", 0)
    stage.stores.groups.set(("r", "g"), GroupState("error", 12, 12, 1))
    stage.stores.groups.set(("back", "g"), GroupState("executing", 0, 12))
    stage.stores.folded.set(frozenset({"g"}))
    stage.paint()
    assert region.find_all(".minimap-node") == []
    assert [mark.getAttribute("data-status") for mark in region.find_all(".minimap-folded")] == ["error"]
    assert stage.errors == []


def test_rows_of_other_flows_do_not_disturb() -> None:
    """A flow without anything has neither map nor edges."""
    stage = Stage()
    stage.stores.graph.set(None)
    stage.paint()
    stage.mock("n0")
    stage.stores.runs.set("r", replace(RunRow("r", "success")))
    stage.paint()
    assert Flow(id="x").nodes == []
    assert stage.errors == []

from __future__ import annotations

from dataclasses import replace

from pyapp.contract.flow import Flow
from pyapp.stores.rows import GroupState, MockNode, RunRow
from pyapp.views.canvas.minimap import SHEET
from tests.views.canvas.stage import Stage


def test_a_large_flow_has_a_map() -> None:
    """Statuses as on the canvas, of the run in front; a small flow has none."""
    stage = Stage()
    region = stage.region("minimap")
    assert region.hidden
    stage.flow(nodes=[{"id": f"n{number}"} for number in range(20)], edges=[])
    (ground,) = region.find_all(".minimap-node")
    assert not region.hidden and ground.attributes["d"].count("M") == 20
    stage.mock("n3", status="error")
    stage.mock("nowhere")
    (mark,) = region.find_all(".minimap-mark")
    assert mark.getAttribute("data-status") == "error" and mark.attributes["d"] in ground.attributes["d"]
    stage.stores.front.set("back")
    stage.paint()
    assert region.find_all(".minimap-mark") == [] and stage.errors == []
    stage.flow(nodes=[{"id": f"n{number}"} for number in range(13)], edges=[])
    assert region.find_all(".minimap-mark") == [], "nothing of another flow"


def test_the_map_says_where_a_person_is_waited_for() -> None:
    """And that it goes on, once it does."""
    stage = Stage()
    stage.flow(nodes=[{"id": f"n{number}"} for number in range(20)], edges=[])
    for waits, status in ((((1.0, None),), "paused"), (((1.0, 2.0),), "executing")):
        stage.mock("n3", waits=waits)
        (mark,) = stage.region("minimap").find_all(".minimap-mark")
        assert mark.getAttribute("data-status") == status


def test_of_a_large_flow_so_many_are_painted_together() -> None:
    """The ground is a few lines; where one mark changes, those of its own layer are painted."""
    stage = Stage()
    stage.flow(nodes=[{"id": f"n{number}"} for number in range(2 * SHEET + 1)], edges=[])
    region = stage.region("minimap")
    assert [each.attributes["d"].count("M") for each in region.find_all(".minimap-node")] == [SHEET, SHEET, 1]
    for order in range(SHEET + 1):
        mock = MockNode(f"n{order}-{order}", f"n{order}", f"n{order}", "r", order, "success", True)
        stage.stores.mock.set(("r", mock.id), mock)
    stage.paint()
    first, second, third, frame = region.children
    assert [len(each.find_all(".minimap-mark")) for each in (first, second, third)] == [SHEET, 1, 0]
    assert frame.find("#minimap-frame")


def test_marks_lie_in_the_order_of_the_flow() -> None:
    """Whichever comes first: the same record, the same picture."""
    stage = Stage()
    stage.flow(nodes=[{"id": f"n{number}"} for number in range(20)], edges=[])
    for order, node in enumerate(("n7", "n3", "n12", "n5")):
        stage.mock(node, order, "success")
    lines = [mark.attributes["d"] for mark in stage.region("minimap").find_all(".minimap-mark")]
    ground = stage.region("minimap").find(".minimap-node")
    assert lines == sorted(lines, key=ground.attributes["d"].index) and len(lines) == 4


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
    assert [each.attributes["d"].count("M") for each in region.find_all(".minimap-group")] == [1, 1]
    assert region.find_all(".minimap-node") == []
    assert [mark.getAttribute("data-status") for mark in region.find_all(".minimap-mark")] == ["error"]
    assert stage.errors == []


def test_a_folded_group_says_that_something_in_it_waits_for_a_person() -> None:
    """For as long as it does, folded before or after; unfolded, the node itself says so."""
    groups = [{"id": "g"}, {"id": "h", "parent": "g"}]
    nodes = [*groups, {"id": "n", "parent": "h"}, *({"id": f"n{number}"} for number in range(12))]
    stage = Stage(nodes=nodes, edges=[])

    def marks() -> list[str]:
        stage.paint()
        found = stage.region("minimap").find_all(".minimap-mark")
        return sorted(str(mark.getAttribute("data-status")) for mark in found)

    for group in ("g", "h"):
        stage.stores.groups.set(("r", group), GroupState("executing", 0, 1))
    stage.mock("n", waits=((1.0, None),))
    assert marks() == ["executing", "executing", "paused"]
    for folded in ({"g"}, {"g", "h"}):
        stage.stores.folded.set(frozenset(folded))
        assert marks() == ["paused"]
        stage.mock("n", waits=((1.0, 2.0),))
        assert marks() == ["executing"]
        stage.mock("n", waits=((1.0, 2.0), (3.0, None)))
        assert marks() == ["paused"]
    stage.mock("n", status="success", waits=((1.0, 2.0), (3.0, None)))
    stage.stores.groups.set(("r", "g"), GroupState("success", 1, 1))
    assert marks() == ["success"] and stage.errors == []


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

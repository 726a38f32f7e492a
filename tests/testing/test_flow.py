from __future__ import annotations

from pyapp.contract.flow import Flow, FlowGraph
from pyapp.testing.flow import FLOW, FakeViewport, FakeZones, row_layout


def test_the_flow_of_the_fakes_is_one() -> None:
    """Four nodes in a row, placed without a library."""
    graph = FlowGraph(Flow.model_validate(FLOW))
    assert list(graph.nodes) == ["n0", "n1", "n2", "n3"] and len(graph.flow.edges) == 3
    boxes = row_layout({"a": (10.0, 5.0), "b": (20.0, 5.0)}, [("a", "b")])
    assert [(box.x, box.width) for box in boxes.values()] == [(0.0, 10.0), (50.0, 20.0)]


def test_every_wish_is_kept() -> None:
    """By name, with its numbers, in order."""
    viewport = FakeViewport()
    viewport.show(10.0, 20.0, "demo")
    viewport.fit()
    viewport.zoom(2.0)
    viewport.center(1.0, 2.0)
    assert viewport.wishes == [("show", 10.0, 20.0), ("fit",), ("zoom", 2.0), ("center", 1.0, 2.0)]


def test_what_was_brought_to_the_eye_is_kept() -> None:
    zones = FakeZones()
    zones.reveal("node")
    zones.reveal("log")
    zones.lead("details")
    zones.leadBack()
    zones.turnTo("output")
    zones.suggest("chat")
    assert (zones.revealed, zones.suggested) == (["node", "log"], ["chat"])
    assert (zones.led, zones.turned) == (["details", "back"], ["output"])

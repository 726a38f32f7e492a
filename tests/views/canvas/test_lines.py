from __future__ import annotations

from pyapp.contract.flow import Flow, FlowGraph
from pyapp.locale.catalogue import Catalogue
from pyapp.testing.dom import FakeDocument, FakeElement
from pyapp.testing.flow import row_layout
from pyapp.views.canvas.lines import Lines
from pyapp.views.canvas.placement import Placement
from pyapp.views.canvas.sheets import SHEET
from pyapp.views.parts import Parts
from tests.views.canvas.stage import GROUPED


def placed(*folded: str, edges: int = 0) -> Placement:
    """The grouped flow, or a row of nodes with so many edges."""
    row = {
        "nodes": [{"id": f"n{each}"} for each in range(edges + 1)],
        "edges": [{"source": f"n{each}", "target": f"n{each + 1}"} for each in range(edges)],
    }
    flow = Flow.model_validate({"id": "f", **(row if edges else GROUPED)})
    return Placement(FlowGraph(flow), row_layout, frozenset(folded))


def begun(placement: Placement) -> tuple[Lines, FakeElement]:
    lines = Lines(Parts(FakeDocument(), Catalogue(), lambda: 0.0))
    element = lines.begin(placement)
    assert isinstance(element, FakeElement)
    return lines, element


def test_they_come_piece_by_piece() -> None:
    """As many as are asked for, in their order; what is still to come is said."""
    lines, element = begun(placed(edges=5))
    assert element.children == [] and lines.more
    lines.draw(2)
    assert lines.more and len(element.find_all(".edge")) == 2
    assert lines.of("n1") != [] and lines.of("n4") == []
    for _ in range(2):
        lines.draw(10)
        assert not lines.more and len(element.find_all(".edge")) == 5
    assert [(source, target) for source, target, _ in lines.of("n4")] == [("n3", "n4"), ("n4", "n5")]


def test_so_many_are_painted_together() -> None:
    """However many there are: where one changes, the others of its sheet are looked at."""
    lines, element = begun(placed(edges=2 * SHEET + 1))
    lines.draw(2 * SHEET + 1)
    assert [len(sheet.children) for sheet in element.children] == [SHEET, SHEET, 1]
    assert {sheet.tag for sheet in element.children} == {"svg"}


def test_a_folded_group_stands_for_what_is_in_it() -> None:
    """Edges inside it are not drawn, those that leave it are found by the node that they begin at."""
    lines, element = begun(placed("g"))
    lines.draw(10)
    assert len(element.find_all(".edge")) == 2
    assert [(source, target) for source, target, _ in lines.of("b")] == [("b", "z")]
    assert lines.of("a") == []


def test_beginning_anew_forgets_the_rest() -> None:
    """Of the former flow nothing comes any more."""
    lines, _ = begun(placed(edges=5))
    lines.draw(1)
    element = lines.begin(placed(edges=1))
    lines.draw(10)
    assert isinstance(element, FakeElement) and len(element.find_all(".edge")) == 1 and lines.of("n5") == []
    lines.forget()
    lines.draw(10)
    assert lines.element is None and lines.of("n0") == [] and not lines.more

from __future__ import annotations

from pyapp.contract.flow import Flow
from pyapp.views.runs.flow_choice import FlowChoiceView
from tests.views.support import Gallery


def test_flows_can_be_chosen() -> None:
    """All that are offered, the one on the canvas among them."""
    gallery = Gallery()
    gallery.show(FlowChoiceView)
    select = gallery.region("flow").find("select")
    assert select.hidden and select.disabled
    gallery.flow()
    assert (select.value, select.disabled) == ("demo", True)
    gallery.stores.flows.set((Flow(id="a", name="A"), Flow(id="demo")))
    gallery.paint()
    assert [option.textContent for option in select.children] == ["A", "demo"]
    assert not select.disabled
    gallery.document.fire("change", select, value="a")
    gallery.paint()
    assert gallery.commands.calls == [("choose_flow", ("a",))]

from __future__ import annotations

from dataclasses import replace

from pyapp.contract.flow import Flow
from pyapp.stores.rows import RunRow
from pyapp.views.runs.editor import EditorView, FlowChoiceView
from tests.views.support import Gallery


def test_the_editor_says_whether_it_is_locked() -> None:
    """Play only with a flow and unlocked; Stop in its place while a run lives; Unlock only in doubt."""
    gallery = Gallery()
    gallery.show(EditorView)
    region, stores = gallery.region("editor"), gallery.stores
    play, stop, unlock = (region.find(name) for name in ("#play", "#stop", "#unlock"))
    assert (play.disabled, stop.disabled, unlock.hidden) == (True, True, True)
    gallery.flow()
    assert (play.disabled, play.hidden, stop.hidden) == (False, False, True)
    gallery.press(play)
    stores.runs.set("r", RunRow("r", "executing"))
    stores.front.set("r")
    stores.editor.set(replace(stores.editor.get(), locked=True))
    gallery.paint()
    assert region.attributes["data-locked"] == "true"
    assert (play.disabled, stop.disabled, unlock.hidden) == (True, False, True)
    assert play.hidden and not stop.hidden and stop.focused, "the focus goes on from Play to Stop"
    gallery.press(stop)
    stores.runs.set("r", RunRow("r", "unverified"))
    gallery.paint()
    assert not unlock.hidden
    gallery.press(unlock)
    assert [name for name, _ in gallery.commands.calls] == ["play", "stop", "unlock"]
    stores.editor.set(replace(stores.editor.get(), stopping=True))
    gallery.paint()
    assert stop.disabled and "Stopping" in region.textContent
    stores.editor.set(replace(stores.editor.get(), starting=True))
    gallery.paint()
    assert "Starting" in region.textContent
    stores.runs.set("other", RunRow("other", "executing"))
    gallery.paint()
    assert gallery.errors == []


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

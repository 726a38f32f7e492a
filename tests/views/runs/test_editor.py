from __future__ import annotations

from dataclasses import replace

from pyapp.contract.flow import Flow
from pyapp.contract.location import Location, Visit
from pyapp.stores.rows import Draft, RunRow
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
    assert play.hidden and not stop.hidden
    gallery.press(stop)
    stores.runs.set("r", RunRow("r", "unverified"))
    gallery.paint()
    assert not unlock.hidden
    gallery.press(unlock)
    assert [name for name, _ in gallery.commands.calls] == ["play", "stop", "unlock"]
    stores.editor.set(replace(stores.editor.get(), locked=False))
    gallery.paint()
    assert (play.hidden, play.disabled, stop.hidden) == (False, False, True), "unlocked, another one can be played"
    stores.editor.set(replace(stores.editor.get(), locked=True))
    stores.editor.set(replace(stores.editor.get(), stopping=True))
    gallery.paint()
    assert stop.disabled and "Stopping" in region.textContent
    stores.editor.set(replace(stores.editor.get(), starting=True))
    gallery.paint()
    assert "Starting" in region.textContent
    stores.runs.set("other", RunRow("other", "executing"))
    gallery.paint()
    assert gallery.errors == []


def test_an_input_that_is_no_value_is_said() -> None:
    """Of a value of another run that was changed: nothing is started, and it is said until it can be."""
    gallery = Gallery()
    gallery.show(EditorView)
    gallery.flow()
    gallery.stores.draft.set(Draft("demo", {"a": 1}))
    gallery.paint()
    region = gallery.region("editor")
    region.find("textarea").value = '{"a": 2'
    gallery.press(region.find("#play"))
    notice = gallery.stores.notices.get("input")
    assert notice is not None and "JSON" in notice.text and not gallery.commands.calls
    region.find("textarea").value = '{"a": 2}'
    gallery.press(region.find("#play"))
    assert gallery.commands.calls == [("play", ({"a": 2},))] and gallery.stores.notices.get("input") is None


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


def test_a_flow_that_is_not_there_yet_is_the_chosen_one_already() -> None:
    """By its name, else by its id, in the list only as long; what is on the canvas is said apart."""
    gallery = Gallery()
    gallery.show(FlowChoiceView)
    select = gallery.region("flow").find("select")
    gallery.stores.flows.set((Flow(id="a", name="A"), Flow(id="demo")))
    gallery.stores.visit.set(Visit(Location("a")))
    gallery.paint()
    assert (select.value, select.attributes["data-canvas"]) == ("a", "")
    gallery.flow()
    assert (select.value, select.attributes["data-canvas"]) == ("demo", "demo"), "what is there, is it"
    gallery.stores.graph.set(None)
    gallery.stores.visit.set(Visit(Location("gone")))
    gallery.paint()
    assert [option.textContent for option in select.children] == ["A", "demo", "gone"] and select.value == "gone"
    gallery.stores.visit.set(Visit(Location()))
    gallery.paint()
    assert [option.textContent for option in select.children] == ["A", "demo"] and select.value == ""


def test_the_input_belongs_to_its_flow() -> None:
    """What was typed for one is not given to another, and is there when one comes back."""
    gallery = Gallery()
    gallery.show(EditorView)
    region = gallery.region("editor")
    gallery.flow()
    region.find("#run-input").value = "What is a lane?"
    gallery.flow(id="other", input_schema=[{"name": "count", "type": "int"}])
    assert region.find("#run-input").tag == "details"
    region.find("#run-input").find("input").value = "3"
    gallery.press(region.find("#play"))
    gallery.flow()
    assert region.find("#run-input").value == "What is a lane?"
    gallery.press(region.find("#play"))
    assert gallery.commands.calls == [("play", ({"count": 3},)), ("play", ("What is a lane?",))]
    assert gallery.errors == []


def test_a_form_that_is_wrong_starts_nothing() -> None:
    gallery = Gallery()
    gallery.show(EditorView)
    gallery.flow(input_schema=[{"name": "count", "type": "int"}])
    region = gallery.region("editor")
    gallery.press(region.find("#play"))
    assert gallery.commands.calls == [] and "Please fill this in" in region.textContent


def test_recent_inputs_are_offered_and_drafts_filled_in() -> None:
    """Once each; also one that comes before its flow."""
    gallery = Gallery()
    memory = gallery.context.shared.memory
    memory.gave("demo", {"a": 1})
    memory.gave("demo", "newest")
    gallery.show(EditorView)
    region = gallery.region("editor")
    gallery.stores.draft.set(Draft("demo", "to be changed"))
    gallery.flow()
    assert region.find("#run-input").value == "to be changed"
    recent = region.find(".run-recent")
    assert [each.textContent for each in recent.children] == ["Recent", "newest", "a: 1"]
    gallery.document.fire("change", recent, value="1")
    assert gallery.commands.calls == [("fill_in", ({"a": 1},))] and recent.value == ""
    region.find("#run-input").value = "typed"
    gallery.stores.editor.set(replace(gallery.stores.editor.get(), starting=True))
    gallery.paint()
    assert region.find("#run-input").value == "typed", "a draft is filled in once"
    gallery.flow(id="other")
    assert recent.hidden and gallery.errors == []


def test_what_is_typed_before_the_flow_is_here_is_kept() -> None:
    gallery = Gallery()
    gallery.show(EditorView)
    field = gallery.region("editor").find("#run-input")
    field.value = "early"
    gallery.flow()
    assert gallery.region("editor").find("#run-input") is field and field.value == "early"
    gallery.flow(id="other")
    assert gallery.region("editor").find("#run-input").value == ""


def test_in_a_strangers_frame_nothing_is_started_or_stopped() -> None:
    """Neither button is to be seen, and Enter in the field starts nothing."""
    gallery = Gallery(may_act=False)
    gallery.show(EditorView)
    region, stores = gallery.region("editor"), gallery.stores
    play, stop = region.find("#play"), region.find("#stop")
    gallery.flow()
    assert play.hidden and stop.hidden and not play.disabled
    gallery.document.fire("keydown", region.find("textarea"), key="Enter")
    stores.runs.set("r", RunRow("r", "executing"))
    stores.front.set("r")
    gallery.paint()
    assert play.hidden and stop.hidden
    assert gallery.commands.calls == []

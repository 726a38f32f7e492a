"""The views that are too small for a file of their own: editor, connection, flow choice, notices, inspector, parts."""

from __future__ import annotations

from dataclasses import replace

from pyapp.contract.flow import Flow
from pyapp.locale.catalogue import Catalogue
from pyapp.stores.health import HandlerHealth
from pyapp.stores.link import LinkState
from pyapp.stores.metrics import Quarantined
from pyapp.stores.runs import RunRow
from pyapp.views.parts import button, duration, status_icon
from pyapp.views.runs.editor import EditorView
from pyapp.views.runs.flow_choice import FlowChoiceView
from pyapp.views.status.connection import ConnectionView
from pyapp.views.status.inspector import InspectorView
from pyapp.views.status.notices import NoticesView
from pyapp.views.status.titles import write_titles
from tests.views.support import Gallery


def test_the_editor_says_whether_it_is_locked() -> None:
    """Play only with a flow and unlocked; Stop only for a run that lives; Unlock only in doubt."""
    gallery = Gallery()
    gallery.show(EditorView)
    region, stores = gallery.region("editor"), gallery.stores
    play, stop, unlock = (region.find(name) for name in ("#play", "#stop", "#unlock"))
    assert (play.disabled, stop.disabled, unlock.hidden) == (True, True, True)
    gallery.flow()
    assert not play.disabled
    gallery.document.press(play)
    stores.runs.set("r", RunRow("r", "executing"))
    stores.front.set("r")
    stores.editor.set(replace(stores.editor.get(), locked=True))
    assert region.attributes["data-locked"] == "true"
    assert (play.disabled, stop.disabled, unlock.hidden) == (True, False, True)
    gallery.document.press(stop)
    stores.runs.set("r", RunRow("r", "unverified"))
    assert not unlock.hidden
    gallery.document.press(unlock)
    assert [name for name, _ in gallery.commands.calls] == ["play", "stop", "unlock"]
    stores.editor.set(replace(stores.editor.get(), stopping=True))
    assert stop.disabled and "Stopping" in region.textContent
    stores.editor.set(replace(stores.editor.get(), starting=True))
    assert "Starting" in region.textContent
    stores.runs.set("other", RunRow("other", "executing"))
    assert gallery.errors == []


def test_the_connection_counts_down_to_its_next_try() -> None:
    """State as data and in words; Try now while it waits; nothing ticks otherwise."""
    gallery = Gallery()
    view = gallery.show(ConnectionView)
    region, link = gallery.region("connection"), gallery.stores.link
    retry = region.find("[data-action=retry]")
    assert "Recorded run" in region.textContent and retry.hidden
    link.set(LinkState("connecting", attempt=1))
    assert "Connecting" in region.textContent
    link.set(LinkState("waiting", "closed (1006)", 1, gallery.clock.now() + 3.0))
    assert region.attributes["data-state"] == "waiting" and "3 s" in region.textContent
    gallery.clock.advance(1.0)
    assert "2 s" in region.textContent
    gallery.document.press(retry)
    assert gallery.commands.calls == [("reconnect", ())]
    gallery.clock.advance(5.0)
    assert gallery.clock.pending == 0
    link.set(LinkState("closed", "sign-in", 2))
    assert "Not connected" in region.textContent and not retry.hidden
    link.set(LinkState("waiting", "x", 1, gallery.clock.now() + 3.0))
    view.close()
    assert gallery.clock.pending == 0


def test_flows_can_be_chosen() -> None:
    """All that are offered, the one on the canvas among them."""
    gallery = Gallery()
    gallery.show(FlowChoiceView)
    select = gallery.region("flow").find("select")
    assert select.hidden and select.disabled
    gallery.flow()
    assert (select.value, select.disabled) == ("demo", True)
    gallery.stores.flows.set((Flow(id="a", name="A"), Flow(id="demo")))
    assert [option.textContent for option in select.children] == ["A", "demo"]
    assert not select.disabled
    gallery.document.fire("change", select, value="a")
    assert gallery.commands.calls == [("choose_flow", ("a",))]


def test_notices_come_count_and_go() -> None:
    """Role, text, count, and the way out."""
    gallery = Gallery()
    gallery.show(NoticesView)
    region, notices = gallery.region("notices"), gallery.stores.notices
    notices.say("a", "Calm.")
    notices.alert("b", "Loud.")
    assert region.find("[role=status]").textContent.startswith("Calm.")
    notices.alert("b", "Loud.")
    assert "(2 times)" in region.find("[role=alert]").textContent
    assert len(region.find_all("[role=alert]")) == 1
    gallery.document.press(region.find("[data-dismiss=b]"))
    assert gallery.commands.calls == [("dismiss", ("b",))]
    notices.delete("b")
    with gallery.stores.batch():
        notices.say("never", "shown")
        notices.delete("never")
    assert region.find_all("[role=alert]") == [] and len(region.children) == 1
    assert gallery.errors == []


def test_the_inspector_is_true() -> None:
    """Every metric's text is its number; handlers with failures, error and cost; what was not understood."""
    gallery = Gallery()
    gallery.show(InspectorView)
    region, stores = gallery.region("inspector"), gallery.stores
    assert {each.textContent for each in region.find_all("[data-metric]")} == {"0"}
    stores.metrics.count("gap", 3)
    assert region.find("[data-metric=gap]").textContent == "3"
    stores.health.set("H", HandlerHealth("H", costs="No glow."))
    row = region.find("[data-handler=H]")
    assert row.attributes["data-failures"] == "0" and "fine" in row.textContent
    stores.health.set(
        "H",
        HandlerHealth(
            "H", 2, 2, kept=2, aside=True, last_event="run_end", last_error="ValueError: x", costs="No glow."
        ),
    )
    assert row.attributes["data-failures"] == "2"
    assert "ValueError: x" in row.textContent and "No glow." in row.textContent
    assert row.attributes["data-aside"] == "true" and "Set aside" in row.textContent
    gallery.document.press(row.find("[data-retry=H]"))
    assert gallery.commands.calls == [("retry", ("H",))]
    stores.health.delete("H")
    assert "was understood" in region.textContent
    stores.quarantine.set((Quarantined("Not JSON.", "{"), Quarantined("Unknown.", "")))
    assert "was understood" not in region.textContent
    assert region.textContent.index("Unknown.") < region.textContent.index("Not JSON.")


def test_parts_and_titles() -> None:
    """Icons are decoration, buttons have words, durations are said as people do, headings are from the catalogue."""
    gallery = Gallery()
    write_titles(gallery.context)
    assert gallery.region("runs-title").textContent == "Runs"
    assert status_icon(gallery.document, "nonsense").getAttribute("aria-hidden") == "true"
    assert button(gallery.document, "Go", "play").textContent == "Go"
    said = [duration(Catalogue(), seconds) for seconds in (-1, 0.44, 9.94, 9.96, 59.4, 60, 3599, 7260)]
    assert said == ["0.0 s", "0.4 s", "9.9 s", "10 s", "59 s", "1 min 00 s", "59 min 59 s", "2 h 01 min"]

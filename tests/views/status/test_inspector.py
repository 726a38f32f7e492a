from __future__ import annotations

from pyapp.locale.catalogue import Sentence
from pyapp.stores.rows import HandlerHealth, Quarantined
from pyapp.views.status.inspector import InspectorView
from pyapp.views.status.notices import NoticesView
from tests.views.support import Gallery


def test_the_inspector_is_true() -> None:
    """Every metric's text is its number; handlers with failures, error and cost; what was not understood."""
    gallery = Gallery()
    gallery.show(InspectorView)
    region, stores = gallery.region("inspector"), gallery.stores
    assert {each.textContent for each in region.find_all("[data-metric]")} == {"0"}
    stores.metrics.count("gap", 3)
    gallery.paint()
    assert region.find("[data-metric=gap]").textContent == "3"
    stores.health.set("H", HandlerHealth("H", costs="No glow."))
    gallery.paint()
    row = region.find("[data-handler=H]")
    assert row.attributes["data-failures"] == "0" and "fine" in row.textContent
    stores.health.set(
        "H", HandlerHealth("H", 2, 2, aside=True, last_event="run_end", last_error="ValueError: x", costs="No glow.")
    )
    gallery.paint()
    assert row.attributes["data-failures"] == "2"
    assert "ValueError: x" in row.textContent and "No glow." in row.textContent
    assert row.attributes["data-aside"] == "true" and "Set aside" in row.textContent
    gallery.press(row.find("[data-retry=H]"))
    assert gallery.commands.calls == [("retry", ("H",))]
    stores.health.delete("H")
    gallery.paint()
    assert "was understood" in region.textContent
    stores.quarantine.set((Quarantined("Not JSON.", "{"), Quarantined("Unknown.", "")))
    gallery.paint()
    assert "was understood" not in region.textContent
    assert region.textContent.index("Unknown.") < region.textContent.index("Not JSON.")


def test_a_view_that_fails_is_named() -> None:
    """How often, with the reason; the others are fine; what it shows comes back by itself."""
    gallery = Gallery()
    gallery.show(InspectorView)
    gallery.show(NoticesView)
    gallery.faults.arm("view NoticesView", RuntimeError("torn"), times=1)
    gallery.stores.notices.say("a", "Calm.")
    row = gallery.region("inspector").find("[data-view=NoticesView]")
    assert row.attributes["data-failures"] == "1" and "RuntimeError: torn" in row.textContent
    assert gallery.region("inspector").find("[data-view=InspectorView]").attributes["data-failures"] == "0"
    assert gallery.region("notices").textContent == ""
    gallery.advance(1.0)
    assert "Calm." in gallery.region("notices").textContent


def test_what_the_backend_cannot_do_is_listed_while_it_is_true() -> None:
    gallery = Gallery()
    gallery.show(InspectorView)
    region, heading = gallery.region("inspector"), "What this backend cannot do"
    section = region.children[0]
    assert section.hidden
    gallery.stores.limits.set((Sentence("agno.no_index"), Sentence("agno.old")))
    gallery.paint()
    assert not section.hidden and heading in section.textContent
    assert [line.attributes["data-limit"] for line in region.find_all("[data-limit]")] == ["agno.no_index", "agno.old"]
    assert "cannot be told again" in region.find("[data-limit=agno.no_index]").textContent
    gallery.stores.limits.set(())
    gallery.paint()
    assert section.hidden and not region.find_all("[data-limit]")

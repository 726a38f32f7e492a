from __future__ import annotations

from dataclasses import replace

from pyapp.stores.rows import RunRow
from pyapp.views.runs.editor import EditorView
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
    gallery.press(play)
    stores.runs.set("r", RunRow("r", "executing"))
    stores.front.set("r")
    stores.editor.set(replace(stores.editor.get(), locked=True))
    gallery.paint()
    assert region.attributes["data-locked"] == "true"
    assert (play.disabled, stop.disabled, unlock.hidden) == (True, False, True)
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

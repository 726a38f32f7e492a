from __future__ import annotations

from pyapp.views.status.notices import NoticesView
from tests.views.support import Gallery


def test_notices_come_count_and_go() -> None:
    """Role, text, count, and the way out."""
    gallery = Gallery()
    gallery.show(NoticesView)
    region, notices = gallery.region("notices"), gallery.stores.notices
    notices.say("a", "Calm.")
    notices.alert("b", "Loud.")
    gallery.paint()
    assert region.find("[role=status]").textContent.startswith("Calm.")
    notices.alert("b", "Loud.")
    gallery.paint()
    assert "(2 times)" in region.find("[role=alert]").textContent
    assert len(region.find_all("[role=alert]")) == 1
    gallery.press(region.find("[data-dismiss=b]"))
    assert gallery.commands.calls == [("dismiss", ("b",))]
    notices.delete("b")
    gallery.paint()
    with gallery.stores.batch():
        notices.say("never", "shown")
        notices.delete("never")
    gallery.paint()
    assert region.find_all("[role=alert]") == [] and len(region.children) == 1
    assert gallery.errors == []

from __future__ import annotations

from pyapp.stores.link import LinkState
from pyapp.views.status.connection import ConnectionView
from tests.views.support import Gallery


def test_the_connection_counts_down_to_its_next_try() -> None:
    """State as data and in words; Try now while it waits; nothing ticks otherwise."""
    gallery = Gallery()
    view = gallery.show(ConnectionView)
    region, link = gallery.region("connection"), gallery.stores.link
    retry = region.find("[data-action=retry]")
    assert "Not connected" in region.textContent and retry.hidden
    link.set(LinkState("connecting", attempt=1))
    gallery.paint()
    assert "Connecting" in region.textContent
    link.set(LinkState("waiting", "closed (1006)", 1, gallery.clock.now() + 3.0))
    gallery.paint()
    assert region.attributes["data-state"] == "waiting" and region.textContent.startswith("Reconnecting…")
    assert region.attributes["title"] == "closed (1006) Next try in 3 s"
    gallery.advance(1.0)
    assert region.attributes["title"] == "closed (1006) Next try in 2 s"
    gallery.press(retry)
    assert gallery.commands.calls == [("reconnect", ())]
    gallery.advance(5.0)
    assert gallery.clock.pending == 0
    link.set(LinkState("closed", "sign-in", 2))
    gallery.paint()
    assert "Not connected" in region.textContent and not retry.hidden
    link.set(LinkState("waiting", "x", 1, gallery.clock.now() + 3.0))
    gallery.paint()
    view.close()
    assert gallery.clock.pending == 0


def test_a_recorded_run_is_told_as_one() -> None:
    gallery = Gallery(replay="recording.ndjson")
    gallery.show(ConnectionView)
    assert "Recorded run" in gallery.region("connection").textContent

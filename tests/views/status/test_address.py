from __future__ import annotations

from pyapp.contract.location import Location, Visit, read_location
from pyapp.views.status.address import PAUSE_S, AddressView
from tests.views.support import Gallery


def shown(query: str = "?ws=w&flow=a", **settings: str) -> Gallery:
    gallery = Gallery(**settings)
    gallery.address.places = [query]
    gallery.stores.visit.set(Visit(read_location(query)))
    gallery.show(AddressView)
    return gallery


def test_it_follows_and_only_a_choice_makes_a_place() -> None:
    """What the page does by itself takes the place of what stood there; a choice can be gone back from."""
    gallery = shown()
    gallery.stores.visit.set(Visit(Location("a", "r")))
    gallery.paint()
    assert gallery.address.places == ["?ws=w&flow=a&run=r"]
    gallery.stores.visit.set(Visit(Location("a", "s"), 1))
    gallery.paint()
    gallery.advance(PAUSE_S)
    gallery.stores.visit.set(Visit(Location("a", "s", "n"), 1))
    gallery.paint()
    assert gallery.address.places == ["?ws=w&flow=a&run=r", "?ws=w&flow=a&run=s&node=n"]


def test_a_choice_of_what_is_there_makes_no_place() -> None:
    gallery = shown()
    gallery.stores.visit.set(Visit(Location("a"), 1))
    gallery.paint()
    assert gallery.address.places == ["?ws=w&flow=a"]


def test_many_changes_are_few_writings() -> None:
    """A browser refuses a page that writes without end; the last one is written."""
    gallery = shown()
    for number in range(100):
        gallery.stores.visit.set(Visit(Location("a", f"r{number}")))
        gallery.paint()
    assert gallery.address.read() == "?ws=w&flow=a&run=r0"
    gallery.advance(PAUSE_S)
    assert gallery.address.places == ["?ws=w&flow=a&run=r99"]


def test_a_page_that_loads_itself_comes_back_to_where_it_is() -> None:
    """Within the pause, too: what was chosen last is in the address that it is loaded from."""
    gallery = shown()
    for node in ("n", "m"):
        gallery.stores.visit.set(Visit(Location("a", "r", node)))
        gallery.paint()
    assert gallery.address.read() == "?ws=w&flow=a&run=r&node=n"
    gallery.address.leave()
    assert gallery.address.places == ["?ws=w&flow=a&run=r&node=m"]


def test_back_is_a_command_and_writes_nothing() -> None:
    gallery = shown()
    gallery.stores.visit.set(Visit(Location("b"), 1))
    gallery.paint()
    gallery.address.move(-1)
    assert gallery.commands.calls == [("go", (Location("a"),))]
    gallery.stores.visit.set(Visit(Location("a"), 1))
    gallery.advance(PAUSE_S)
    assert gallery.address.places == ["?ws=w&flow=a", "?ws=w&flow=b"]


def test_a_recorded_run_has_no_address() -> None:
    """It is another one after each load; the view can be said."""
    gallery = shown(replay="http://page.test/x.ndjson")
    gallery.stores.visit.set(Visit(Location("a", "r", "n", "timeline")))
    gallery.advance(PAUSE_S)
    assert gallery.address.read() == "?ws=w&view=timeline"


def test_the_tab_and_the_address_agree() -> None:
    """A tab that a person chose is in front already; one that a link names is brought there."""
    gallery = shown()
    tab = gallery.document.create("button", role="tab", aria_controls="panel-timeline")
    gallery.document.region("view-tabs").append(tab)
    gallery.press(tab)
    assert gallery.commands.calls == [("show_view", ("timeline",))]
    gallery.stores.view.set("timeline")
    gallery.paint()
    assert gallery.zones.revealed == []
    gallery.stores.view.set("canvas")
    gallery.paint()
    assert gallery.zones.revealed == ["canvas"]


def test_closed_it_leaves_nothing() -> None:
    gallery = Gallery()
    view = gallery.show(AddressView)
    gallery.stores.visit.set(Visit(Location("a", "r")))
    gallery.paint()
    view.close()
    assert gallery.address.listeners == 0
    gallery.stores.visit.set(Visit(Location("b")))
    gallery.advance(PAUSE_S)
    assert gallery.address.read() == "?flow=a&run=r"
    assert gallery.errors == []

from __future__ import annotations

from pyapp.testing.address import FakeAddress


def test_it_keeps_places_as_a_browser_does() -> None:
    """What is pushed behind a step back takes the place of what was ahead."""
    address, heard = FakeAddress("?a"), []
    off = address.on_moved(lambda: heard.append(address.read()))
    address.write("?b", push=False)
    address.write("?c", push=True)
    address.write("?d", push=True)
    address.move(-1)
    address.write("?e", push=True)
    assert address.places == ["?b", "?c", "?e"] and address.link() == "http://page.test/?e"
    address.move(-2)
    assert heard == ["?c", "?b"]
    off()
    assert address.listeners == 0

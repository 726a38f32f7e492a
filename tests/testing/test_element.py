from __future__ import annotations

from pyapp.testing.dom import FakeDocument


def test_elements_are_a_tree() -> None:
    """append, prepend, before, replace, remove: one parent each, text and connection as in a DOM."""
    document = FakeDocument()
    region = document.region("runs")
    a, b, c = (document.create("p", "", name) for name in "abc")
    region.append(b)
    region.prepend(a)
    b.before(c)
    assert region.textContent == "acb" and a.isConnected
    region.append(a)
    assert region.textContent == "cba"
    b.replaceWith(document.create("i", "x", "X"))
    assert region.textContent == "cXa" and not b.isConnected
    b.remove()
    region.textContent = "plain"
    assert (region.textContent, region.children, a.parent) == ("plain", [], None)
    region.replaceChildren(a, b)
    assert region.find_all("p") == [a, b]

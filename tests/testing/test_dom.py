from __future__ import annotations

from collections.abc import Callable

import pytest

from pyapp.testing.dom import FakeDocument, FakeElement


def test_the_dom_refuses_what_a_real_one_refuses() -> None:
    """Bad class names, attributes that are no text, elements in themselves, places that are nowhere."""
    document = FakeDocument()
    element = document.create("div", "a b", data_node_id="n")
    with pytest.raises(ValueError, match="class name"):
        element.classList.add("c d")
    with pytest.raises(TypeError, match="must be text"):
        element.setAttribute("x", 1)  # type: ignore[arg-type]
    inner = document.create("div")
    element.append(inner)
    for node in (element, inner):
        with pytest.raises(ValueError, match="contain itself"):
            inner.append(element if node is inner else inner)
    with pytest.raises(ValueError, match="nowhere"):
        element.before(inner)
    with pytest.raises(LookupError):
        document.region("nowhere")
    with pytest.raises(AssertionError, match=r"no \.x"):
        element.find(".x")


def test_selectors_and_the_canvas() -> None:
    """Tags, classes, ids, attributes; nodes by id; classes stripped; badges where there is a place."""
    document = FakeDocument()
    document.add_nodes("n", "m")
    node = document.node("n")
    assert node is not None and document.node("zzz") is None
    assert document.part("n", "badges") is None and document.part("zzz", "badges") is None
    place = document.create("div", "badges")
    node.append(place)
    assert document.part("n", "badges") is place
    node.classList.add("executing", "node")
    document.strip("executing", "other")
    assert node.classList.names == ["node"]
    assert node.matches("div") and node.matches("[data-node-id]") and node.matches('[data-node-id="n"]')
    assert not node.matches("#n") and not node.matches(".x")
    svg = document.create("svg", "icon", width="1")
    assert svg.classList.contains("icon") and svg.getAttribute("width") == "1"
    svg.removeAttribute("width")
    svg.focus()
    svg.style.setProperty("left", "1px")
    assert svg.getAttribute("width") is None and svg.focused and svg.style.properties == {"left": "1px"}
    document.root_attribute("data-theme", "dark")
    document.copy("text")
    assert document.root == {"data-theme": "dark"} and document.copied == ["text"]


def test_events_reach_the_nearest_match_in_the_region() -> None:
    """As with delegation: from the inside out, in its region only, until it is switched off."""
    document = FakeDocument()
    heard: list[str | None] = []
    off = document.on("runs", "click", "[data-run-id]", lambda event: heard.append(event.attribute("data-run-id")))
    row, inside = document.create("li", data_run_id="r"), document.create("b")
    row.append(inside)
    document.region("runs").append(row)
    stray = document.create("li", data_run_id="x")
    document.region("chat").append(stray)
    document.press(inside)
    document.fire("keydown", inside)
    document.press(stray)
    document.press(document.region("runs"))
    assert heard == ["r"] and document.listeners == 1
    off()
    off()
    document.press(inside)
    assert heard == ["r"]
    inside.disabled = True
    with pytest.raises(AssertionError, match="nobody"):
        document.press(inside)


def test_an_element_moves_within_its_parent() -> None:
    """Forwards as well as backwards: it stands directly before the other."""
    document = FakeDocument()
    region = document.region("runs")
    a, b, c = (document.create("p", "", name) for name in "abc")
    region.append(a, b, c)
    c.before(a)
    assert region.textContent == "bac"
    b.before(c)
    assert region.textContent == "cba"
    b.before(b)
    assert region.textContent == "cba"


def test_who_watches_the_canvas_hears_of_nodes_of_somebody_else() -> None:
    """At any depth; not of the page's own world, not of badges, and no more when it is off."""
    document = FakeDocument()
    heard: list[str] = []
    off = document.on_nodes_added(lambda: heard.append("came"))
    world = document.create("div", "world")
    world.append(document.create("div", data_node_id="own"))
    document.region("canvas").append(world)
    document.region("runs").append(document.create("div", data_node_id="elsewhere"))
    own = document.node("own")
    assert own is not None
    own.append(document.create("span", "execution-order"))
    assert heard == []
    around = document.create("section")
    around.append(document.create("div", data_node_id="x"))
    own.append(around)
    document.add_nodes("y", "z")
    assert heard == ["came"] * 3
    off()
    document.add_nodes("w")
    assert len(heard) == 3


def test_a_picture_is_all_that_can_be_seen() -> None:
    """Two elements look the same exactly if tag, classes, attributes, styles, state, text and children are."""

    def made() -> FakeElement:
        document = FakeDocument()
        element = document.create("div", "b a", "text", data_x="1")
        element.append(document.create("i"))
        return element

    assert made().picture() == made().picture()
    changes: list[Callable[[FakeElement], object]] = [
        lambda each: each.classList.add("c"),
        lambda each: each.setAttribute("data-x", "2"),
        lambda each: each.style.setProperty("left", "1px"),
        lambda each: setattr(each, "hidden", True),
        lambda each: setattr(each, "disabled", True),
        lambda each: setattr(each, "checked", True),
        lambda each: setattr(each, "value", "typed"),
        lambda each: setattr(each, "textContent", "text"),
        lambda each: setattr(each.children[0], "hidden", True),
    ]
    for change in changes:
        other = made()
        change(other)
        assert other.picture() != made().picture()
    other = made()
    other.classList.remove("b")
    other.classList.add("b")
    assert other.picture() == made().picture(), "the order of classes is not seen"


def test_a_page_may_have_its_frames_after_each_thing_a_test_does() -> None:
    """Events and nodes."""
    document = FakeDocument()
    done: list[None] = []
    document.happened = lambda: done.append(None)
    document.add_nodes("n")
    document.press(document.region("runs"))
    assert len(done) == 2

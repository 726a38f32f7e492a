"""The fakes are tested themselves: a fake that is wrong makes every test that stands on it worthless."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pyapp.ports import HttpResponse
from pyapp.testing.clock import FakeClock
from pyapp.testing.console import ListConsole
from pyapp.testing.dom import FakeDocument, FakeElement
from pyapp.testing.http import FakeHttp
from pyapp.testing.page import FakePage
from pyapp.testing.socket import FakeSockets


def test_the_clock_fires_in_order_at_each_ones_moment() -> None:
    """Also timers that timers start; cancelled ones never; the wall clock may be set back."""
    clock = FakeClock(now=0.0, wall=100.0)
    fired: list[tuple[str, float]] = []

    def note(name: str) -> Any:
        return lambda: fired.append((name, clock.now()))

    def early() -> None:
        note("early")()
        clock.call_later(0.5, note("nested"))

    clock.call_later(2.0, note("late"))
    clock.call_later(1.0, early)
    clock.call_later(1.0, note("never")).cancel()
    clock.advance(3.0)
    assert fired == [("early", 1.0), ("nested", 1.5), ("late", 2.0)]
    assert (clock.now(), clock.wall(), clock.pending) == (3.0, 103.0, 0)
    clock.set_wall(5.0)
    clock.advance(1.0)
    assert (clock.now(), clock.wall()) == (4.0, 6.0)
    clock.call_later(1.0, note("blocked"))
    clock.spend(9.0)
    assert clock.pending == 1


def test_the_console_sorts_by_level() -> None:
    """Lines with their level."""
    console = ListConsole()
    console.write("info", "a")
    console.write("error", "b")
    assert (console.texts(), console.texts("error")) == (["a", "b"], ["b"])


class Ears:
    def __init__(self) -> None:
        self.heard: list[Any] = []

    def opened(self, generation: int) -> None:
        self.heard.append(("opened", generation))

    def received(self, generation: int, frame: object) -> None:
        self.heard.append(("received", generation, frame))

    def ended(self, generation: int, code: int, reason: str) -> None:
        self.heard.append(("ended", generation, code, reason))


def test_sockets_speak_and_remember() -> None:
    """What was sent, what is delivered, and how it ends."""
    sockets, ears = FakeSockets(), Ears()
    socket = sockets.open("ws://x", ["p"], 7, ears)
    socket.accept()
    socket.deliver({"a": 1})
    socket.deliver(b"raw")
    socket.die(1001, "bye")
    socket.send('{"type": "x"}')
    assert ears.heard == [
        ("opened", 7),
        ("received", 7, '{"a": 1}'),
        ("received", 7, b"raw"),
        ("ended", 7, 1001, "bye"),
    ]
    assert socket.sent_of("x") == [{"type": "x"}] and socket.sent_of("y") == []
    assert (sockets.live, sockets.last) == (1, socket)
    socket.close()
    assert sockets.live == 0
    sockets.refuse = "no"
    with pytest.raises(ValueError, match="no"):
        sockets.open("ws://x", [], 8, ears)


async def test_http_answers_as_prepared() -> None:
    """By method and path, with or without query; in turn; an exception is raised; else 404."""
    http = FakeHttp("base")
    http.answer("GET", "/a", {"x": 1})
    http.answer("GET", "/a?q=1", "special", 201)
    http.then("POST", "/b", OSError("gone"), HttpResponse(200, "back"))
    assert json.loads((await http.request("GET", "base/a?other=1")).text) == {"x": 1}
    assert (await http.request("GET", "base/a?q=1")).status == 201
    with pytest.raises(OSError, match="gone"):
        await http.request("POST", "base/b", body='{"y": 2}')
    assert (await http.request("POST", "base/b")).text == "back"
    assert (await http.request("POST", "base/b")).text == "back"
    assert (await http.request("GET", "base/nothing")).status == 404
    assert http.requests[2] == ("POST", "/b", {"y": 2})
    assert (http.asked("GET", "/a"), http.asked("POST", "/b")) == (2, 3)


def test_elements_are_a_tree() -> None:
    """append, prepend, before, replace, remove: one parent each, text and connection as in a DOM."""
    document = FakeDocument()
    region = document.region("runs")
    a, b, c = (document.create("p", text=name) for name in "abc")
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
    svg = document.create_svg("svg", class_="icon", width="1")
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


async def test_a_whole_page_runs_on_fakes() -> None:
    """Flow, link, frames, time, reconnects: without a browser."""
    page = FakePage()
    await page.open()
    page.receive({"event": "start_node", "run_id": "r", "node_id": "n0", "order": 0})
    assert (page.classes("n0"), page.badges("n0"), page.row("r")) == ({"executing"}, [("1", "executing")], "executing")
    assert (page.classes("zzz"), page.badges("zzz"), page.row("zzz")) == (set(), [], None)
    before = len(page.sockets.opened)
    await page.reconnect()
    assert len(page.sockets.opened) == before + 1
    assert isinstance(page.document.node("n0"), FakeElement)
    page.app.stop()

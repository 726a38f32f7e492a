from __future__ import annotations

from dataclasses import replace

from pyapp.stores.rows import MockNode
from pyapp.views.canvas.badges import BadgesView
from pyapp.views.canvas.canvas import CanvasView
from tests.views.support import Gallery


def mock(order: int, node: str = "n0", run_id: str = "r", status: str = "executing") -> MockNode:
    return MockNode(f"{node}-{order}", node, node, run_id, order, status, True)  # type: ignore[arg-type]


class Badged(Gallery):
    def __init__(self) -> None:
        super().__init__()
        self.show(CanvasView)
        self.view = self.show(BadgesView)
        self.flow()
        self.stores.front.set("r")

    def put(self, each: MockNode) -> None:
        self.stores.mock.set((each.run_id, each.id), each)
        self.paint()

    def badges(self, node: str = "n0") -> list[tuple[str, str, str, str]]:
        element = self.document.node(node)
        assert element is not None
        names = ("data-order", "data-status", "data-run-id")
        return [(b.textContent, *(b.attributes[name] for name in names)) for b in element.find_all(".execution-order")]  # type: ignore[misc]


def test_a_badge_for_each_time_a_node_ran() -> None:
    """The number is order + 1; the status changes on the same badge."""
    gallery = Badged()
    with gallery.stores.batch():
        gallery.put(mock(1))
        gallery.put(mock(0))
    gallery.paint()
    gallery.put(replace(mock(0), status="success"))
    assert gallery.badges() == [("1", "0", "success", "r"), ("2", "1", "executing", "r")]


def test_how_often_a_node_ran_is_said() -> None:
    """From the second time on; another run that ran it once says nothing."""
    gallery = Badged()

    def times() -> object:
        element = gallery.document.node("n0")
        assert element is not None
        return element.find(".badges").attributes.get("data-times")

    gallery.put(mock(0))
    assert times() is None
    for order in range(1, 15):
        gallery.put(mock(order))
    assert times() == "15"
    gallery.put(mock(0, run_id="back"))
    gallery.stores.front.set("back")
    gallery.paint()
    assert times() is None


def test_a_badge_of_what_waits_for_a_person_says_so() -> None:
    """In words; as data it executes, as the contract has it."""
    gallery = Badged()

    def badge() -> tuple[object, object]:
        element = gallery.document.node("n0")
        assert element is not None
        told = element.find(".execution-order").attributes
        return told["title"], told["data-status"]

    gallery.put(mock(0))
    assert badge() == ("Running", "executing")
    gallery.put(replace(mock(0), waits=((1.0, None),)))
    assert badge() == ("Waiting for you", "executing")
    gallery.put(replace(mock(0), waits=((1.0, 2.0),)))
    assert badge() == ("Running", "executing")


def test_badges_that_an_earlier_life_left_are_not_there_twice() -> None:
    gallery = Badged()
    gallery.view.close()
    node = gallery.document.node("n0")
    assert node is not None
    node.find(".badges").append(gallery.document.create("span", "execution-order", "1"))
    gallery.show(BadgesView)
    gallery.put(mock(0))
    assert gallery.badges() == [("1", "0", "executing", "r")]


def test_runs_in_the_background_have_theirs_in_the_store_only() -> None:
    """Brought to the front they are drawn, and the others leave."""
    gallery = Badged()
    gallery.put(mock(0))
    gallery.put(mock(3, run_id="back"))
    assert [badge[0] for badge in gallery.badges()] == ["1"]
    gallery.stores.front.set("back")
    gallery.paint()
    assert [badge[0] for badge in gallery.badges()] == ["4"]
    gallery.put(mock(0, run_id="back"))
    assert gallery.badges()[0] == ("1", "0", "executing", "back"), "the same execution, of another run"
    gallery.stores.front.set("r")
    gallery.paint()
    assert gallery.badges() == [("1", "0", "executing", "r")]
    gallery.stores.front.set(None)
    gallery.paint()
    assert gallery.badges() == []


def test_badges_survive_a_canvas_drawn_anew() -> None:
    """And come when a node that was missing appears; a deleted mock node takes its badge along."""
    gallery = Badged()
    gallery.put(mock(0))
    gallery.put(mock(1, "later"))
    gallery.flow(nodes=[{"id": "n0"}, {"id": "later"}])
    assert len(gallery.badges()) == len(gallery.badges("later")) == 1
    gallery.stores.mock.delete_run("r")
    gallery.paint()
    assert gallery.badges() == gallery.badges("later") == []
    assert gallery.errors == []


def test_badges_stand_in_order_whoever_came_first() -> None:
    """Also when the later ones are drawn frames before."""
    gallery = Badged()
    for order in (5, 0, 3, 9, 1):
        gallery.put(mock(order))
    assert [badge[1] for badge in gallery.badges()] == ["0", "1", "3", "5", "9"]


def test_a_node_of_somebody_else_gets_a_place_for_badges() -> None:
    """Inside it, behind what is there; taken away with the badges of another run."""
    gallery = Badged()
    gallery.document.add_nodes("x")
    gallery.put(mock(0, "x"))
    assert gallery.badges("x") == [("1", "0", "executing", "r")]
    gallery.stores.front.set(None)
    gallery.paint()
    assert gallery.badges("x") == []

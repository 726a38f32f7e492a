from __future__ import annotations

from typing import Any

import pytest

from pyapp.testing.dom import FakeElement
from pyapp.views.bounds import LARGE_CHARS, MAX_CHARS
from pyapp.views.details.boxes import Boxes
from tests.views.support import Gallery

ROWS = [{"a": 1, "b": 2}, {"a": 3, "b": 4}]


class Shelf(Gallery):
    def __init__(self, value: Any, title: str = "Output of it") -> None:
        super().__init__()
        self.boxes = Boxes(self.context.parts)
        self.place = self.document.region("details")
        self.document.on("details", "click", "[data-box]", self.boxes.press)
        self.put(value, title)

    def put(self, value: Any, title: str = "Output of it") -> None:
        made: Any = self.boxes.make("k", title, value)
        self.place.replaceChildren(made)

    def act(self, name: str) -> None:
        self.press(self.place.find(f"[data-act={name}]"))

    def forms(self) -> dict[str, str]:
        return {
            each.attributes["data-act"]: each.attributes["aria-pressed"] for each in self.place.find_all(".box-form")
        }

    @property
    def body(self) -> FakeElement:
        return self.place.find(".box-body")


def test_a_value_has_the_forms_that_suit_it() -> None:
    shelf = Shelf(ROWS)
    assert shelf.forms() == {"table": "true", "tree": "false", "text": "false"}
    assert shelf.body.find_all("table")
    shelf.act("tree")
    assert shelf.forms()["tree"] == "true" and shelf.body.find_all(".tree") and not shelf.body.find_all("table")
    shelf.put({"a": [1]})
    assert shelf.forms() == {"tree": "true", "text": "false"}, "what a person chose stays"
    shelf.put(ROWS)
    shelf.put("plain")
    assert shelf.forms() == {} and shelf.body.textContent == "plain"


def test_it_is_copied_and_saved_whole() -> None:
    shelf = Shelf({"a": 1})
    shelf.act("copy")
    shelf.act("save")
    assert shelf.document.copied == ['{\n  "a": 1\n}']
    assert shelf.document.saved == [("output-of-it.json", '{\n  "a": 1\n}')]
    shelf.put("x" * 100_000, "?")
    shelf.act("save")
    assert shelf.document.saved[1] == ("value.txt", "x" * 100_000), "also what is shown in part"


def test_it_opens_large_in_the_form_in_which_it_is_shown() -> None:
    shelf = Shelf(ROWS)
    shelf.act("text")
    shelf.act("large")
    large = shelf.region("large")
    assert shelf.document.large == 1 and large.attributes["aria-label"] == "Output of it"
    assert large.find("pre").textContent.startswith("[") and large.find_all("[data-close]")


@pytest.mark.parametrize("action", ["copy", "text"])
def test_a_box_that_has_gone_does_nothing(action: str) -> None:
    shelf = Shelf(ROWS)
    shelf.boxes.clear()
    shelf.act(action)
    assert shelf.document.copied == [] and shelf.errors == []


def test_opened_large_it_is_whole_and_can_be_searched() -> None:
    """In the page it is cut; what is far larger still is cut in words there, too."""
    shelf = Shelf("x" * MAX_CHARS + "needle")
    assert "needle" not in shelf.body.textContent
    shelf.act("large")
    large = shelf.region("large")
    assert large.find("pre").textContent.endswith("xneedle") and large.find("[data-find=large]")
    shelf.put({"deep": ["y" * MAX_CHARS + "needle"]})
    shelf.act("large")
    assert "needle" in shelf.region("large").find(".tree").textContent
    shelf.boxes.seek("needle")
    assert large.find(".find-told").textContent == "1 match"
    shelf.put([{"n": number, "of": f"row {number}"} for number in range(5_000)])
    shelf.act("large")
    assert "4,321" not in shelf.region("large").textContent
    shelf.boxes.seek("row 4321")
    assert "row 4321" in shelf.region("large").textContent
    assert shelf.region("large").find(".find-told").textContent == "1 match"
    shelf.boxes.seek("")
    assert "row 4321" not in shelf.region("large").textContent
    shelf.put("x" * (LARGE_CHARS + 9))
    shelf.act("large")
    assert "9 more characters" in shelf.region("large").find("pre").textContent


def test_what_is_wanted_is_drawn_wherever_it_stands() -> None:
    """A box of which nothing is left out is not drawn anew, nor one in which it does not stand; what was found goes."""
    shelf = Shelf("x" * MAX_CHARS + "needle")
    shelf.boxes.want("zebra")
    before = shelf.body.children[0]
    assert "needle" not in shelf.body.textContent
    shelf.boxes.want("Needle")
    assert "needle" in shelf.body.textContent and shelf.boxes.unseen == 0
    shelf.boxes.want("x")
    assert "needle" not in shelf.body.textContent and shelf.boxes.unseen == 0
    shelf.boxes.want("")
    assert shelf.body.textContent == before.textContent and shelf.boxes.unseen == 0
    shelf.put("a needle")
    before = shelf.body.children[0]
    shelf.boxes.want("needle")
    assert shelf.body.children[0] is before


@pytest.mark.parametrize("between", ["", "\n"])
def test_what_went_wrong_is_searched_as_a_value_is(between: str) -> None:
    """On one line or many, far behind what is drawn of it; it has no tools, and stays what it is when drawn anew."""
    shelf = Shelf("plain")
    trace: Any = shelf.boxes.trace("e", "x" * MAX_CHARS + between + "needle" + "y" * MAX_CHARS + between + "the end")
    assert "needle" not in trace.textContent and bool(trace.find_all(".error-trace")) == bool(between)
    shelf.boxes.want("Needle")
    assert "needle" in trace.find(".output-error").textContent and shelf.boxes.unseen == 0
    assert bool(trace.find_all(".error-trace")) == bool(between) and not trace.find_all("[data-act]")

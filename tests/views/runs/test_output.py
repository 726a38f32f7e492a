from __future__ import annotations

from dataclasses import replace

import pytest

from pyapp.stores.rows import MockNode, RunRow
from pyapp.views.bounds import MAX_CHARS
from pyapp.views.runs.output import OutputView
from pyapp.views.sheeted import SHEET
from tests.views.support import Gallery

DONE = MockNode("n0-0", "n0", "handle", "r", 0, "success", True, output={"a": 1}, started_at=1.0, ended_at=2.5)


class Shown(Gallery):
    def __init__(self) -> None:
        super().__init__()
        self.show(OutputView)
        self.stores.front.set("r")

    def put(self, mock: MockNode) -> None:
        self.stores.mock.set((mock.run_id, mock.id), mock)
        self.paint()


def test_an_entry_for_each_ended_node() -> None:
    """Name, status in words, output; none while it executes or belongs to another run."""
    gallery = Shown()
    region = gallery.region("node-output")
    gallery.put(replace(DONE, status="executing"))
    gallery.put(replace(DONE, run_id="back"))
    assert region.find_all("[data-node-id]") == []
    gallery.put(DONE)
    entry = region.find("[data-node-id=n0]")
    assert entry.attributes["data-status"] == "success"
    assert "handle" in entry.textContent and "Succeeded" in entry.textContent and "a1" in entry.textContent
    assert "1.5 s" in entry.textContent
    gallery.flow(nodes=[{"id": "n0", "label": "Label"}])
    gallery.put(replace(DONE, output="other"))
    assert "Label" in entry.textContent and "other" in entry.textContent


def test_errors_variables_and_silence_are_said() -> None:
    """What there is is shown; nothing is said in words; what was implied is marked."""
    gallery = Shown()
    gallery.put(replace(DONE, status="error", error="boom", variables={"v": 2}))
    gallery.put(MockNode("n1-1", "n1", "n1", "r", 1, "unknown", True, implied=True, iteration=7))
    text = gallery.region("node-output").textContent
    assert "iteration 7" in text and text.count("iteration") == 1
    assert "boom" in text and "v2" in text
    assert "No output." in text and "ended with its run" in text
    gallery.put(MockNode("n1-1", "n1", "n1", "r", 1, "success", True, cut=True))
    text = gallery.region("node-output").textContent
    assert "The server did not keep this: it was too large." in text and "No output." not in text


def test_the_newest_execution_is_on_top() -> None:
    """A node that ran again keeps the earlier output below; a late one does not take the top."""
    gallery = Shown()
    for order in (0, 2, 1):
        gallery.put(replace(DONE, id=f"n0-{order}", order=order, output=f"output {order}", status="killed"))
    gallery.put(replace(DONE, id="n0-2", order=2, output="output 2 mended"))
    entry = gallery.region("node-output").find("[data-node-id=n0]")
    orders = [part.attributes["data-order"] for part in entry.find_all(".outcome")]
    assert orders == ["2", "1", "0"]
    assert entry.attributes["data-status"] == "success"
    assert "mended" in entry.find("summary").textContent


def test_choosing_a_node_opens_its_entry() -> None:
    """Also when the entry comes with another run; copy gives the whole text."""
    gallery = Shown()
    gallery.put(replace(DONE, output="x" * (MAX_CHARS + 7)))
    gallery.stores.selected.set("n0")
    assert gallery.zones.revealed == ["node"]
    gallery.paint()
    region = gallery.region("node-output")
    entry = region.find("[data-node-id=n0]")
    assert "open" in entry.attributes and entry.scrolled_to
    assert "7 more characters" in entry.textContent
    gallery.press(entry.find("[data-copy]"))
    assert gallery.document.copied == ["x" * (MAX_CHARS + 7)]
    gallery.put(replace(DONE, run_id="back"))
    gallery.stores.front.set("back")
    gallery.paint()
    assert "open" in region.find("[data-node-id=n0]").attributes
    gallery.stores.front.set(None)
    gallery.paint()
    assert region.find_all("[data-node-id]") == []
    gallery.stores.selected.set("nobody")
    gallery.paint()
    assert gallery.errors == []


def test_a_chosen_node_without_output_is_said() -> None:
    """In words, until there is something; the chosen entry is marked; a group is what is in it."""
    gallery = Shown()
    gallery.flow(nodes=[{"id": "n0", "label": "Label"}, {"id": "g"}, {"id": "n1", "parent": "g"}], edges=[])
    hint = gallery.region("node-output").find(".output-hint")
    assert hint.hidden
    gallery.stores.selected.set("g")
    gallery.paint()
    assert hint.hidden
    gallery.stores.selected.set("n0")
    gallery.paint()
    assert not hint.hidden and hint.textContent == "Label has no output in this run."
    gallery.stores.runs.set(gallery.stores.front.get() or "", RunRow("r", "success", lacks="runs.cut"))
    gallery.stores.selected.set(None)
    gallery.stores.selected.set("n0")
    gallery.paint()
    assert not hint.hidden and "the server did not keep" in hint.textContent
    gallery.put(DONE)
    entry = gallery.region("node-output").find("[data-node-id=n0]")
    assert hint.hidden and "open" in entry.attributes and entry.classList.contains("selected")
    gallery.stores.selected.set(None)
    gallery.paint()
    assert hint.hidden and not entry.classList.contains("selected")


def test_entries_stand_in_the_order_of_first_execution() -> None:
    """Whatever order they come in, in one batch or one by one; a mended order moves its entry."""
    gallery = Shown()
    with gallery.stores.batch():
        for order in (6, 2, 4, 0):
            gallery.put(replace(DONE, id=f"n{order}-{order}", node_id=f"n{order}", order=order))
    gallery.put(replace(DONE, id="n3-3", node_id="n3", order=3))
    gallery.put(replace(DONE, id="n6-1", node_id="n6", order=1))

    def shown() -> list[str]:
        return [each.attributes["data-node-id"] for each in gallery.region("node-output").find_all(".entry")]

    assert shown() == ["n0", "n6", "n2", "n3", "n4"]
    gallery.stores.mock.delete(("r", "n6-1"))
    assert shown() == ["n0", "n2", "n3", "n4", "n6"]
    gallery.stores.mock.delete(("r", "n6-6"))
    assert shown() == ["n0", "n2", "n3", "n4"]


@pytest.mark.parametrize("backwards", [False, True])
def test_a_long_list_stands_in_sheets_that_the_order_alone_makes(backwards: bool) -> None:
    """Each is passed over by itself; a late first execution takes its entry to another one, still open."""
    gallery = Shown()
    orders = range(3 * SHEET + 5)
    with gallery.stores.batch():
        for order in reversed(orders) if backwards else orders:
            gallery.put(replace(DONE, id=f"n{order}-{order}", node_id=f"n{order}", order=order))
    sheets = gallery.region("node-output").find_all(".entries")
    assert [len(sheet.find_all(".entry")) for sheet in sheets] == [SHEET, SHEET, SHEET, 5]
    entry = gallery.region("node-output").find("[data-node-id=n70]")
    entry.setAttribute("open", "")
    gallery.put(replace(DONE, id="n70-0", node_id="n70", order=0, began_mark=1))
    assert entry in sheets[0].find_all(".entry") and entry.getAttribute("open") == ""
    assert len(sheets[2].find_all(".entry")) == SHEET - 1


def test_an_entry_that_changes_stays_open() -> None:
    """Another execution, another name of its node: the same entry, the same outputs."""
    gallery = Shown()
    gallery.put(DONE)
    entry = gallery.region("node-output").find(".entry")
    entry.setAttribute("open", "")
    first = entry.find(".outcome")
    gallery.put(replace(DONE, id="n0-1", order=1, ended_at=float("inf")))
    gallery.flow()
    assert gallery.region("node-output").find(".entry") is entry and "node 0" in entry.textContent
    assert entry.find_all(".outcome")[1] is first
    assert gallery.errors == []


def test_a_first_execution_that_goes_on_gives_the_entry_its_place() -> None:
    """n0 began before n1 and still executes; that its second execution ended last does not move it behind n1."""
    gallery = Shown()
    gallery.put(replace(DONE, status="executing"))
    gallery.put(replace(DONE, id="n1-1", node_id="n1", order=1))
    gallery.put(replace(DONE, id="n0-2", order=2))
    entries = gallery.region("node-output").find_all("[data-node-id]")
    assert [entry.attributes["data-node-id"] for entry in entries] == ["n0", "n1"]


def test_before_a_run_it_says_what_the_flow_does() -> None:
    gallery = Shown()
    gallery.flow(description="Finds what matters. The input is a question; about 3 s.")
    empty = gallery.region("node-output").find(".empty")
    assert empty.textContent == gallery.context.words("output.empty")
    gallery.stores.front.set(None)
    gallery.paint()
    assert empty.textContent.startswith("Finds what matters.")

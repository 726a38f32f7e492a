from __future__ import annotations

from pyapp.contract.flow import Flow
from pyapp.stores.rows import RunRow
from pyapp.views.keys.palette import MOST
from tests.views.keys.desk import Desk


def test_everything_is_found() -> None:
    """Commands with their keys, flows, runs by what they were given, nodes; each does what it is."""
    desk = Desk()
    desk.stores.flows.set((Flow(id="demo", name="Demo"), Flow(id="b", name="Bill")))
    desk.stores.runs.set("r1", RunRow("r1", "success", "demo", "Demo", 1.0, input="the moon"))
    found = {
        "next run": ("Next run", None),
        "bill": ("Bill", ("choose_flow", ("b",))),
        "moon": ("Demo", ("show_run", ("r1",))),
        "nod 2": ("node 2", ("choose_node", ("n2",))),
    }
    for typed, (name, call) in found.items():
        desk.hit("Mod+k")
        assert desk.keyboard.opened == ["palette"]
        desk.type(typed)
        assert desk.marked() == name
        assert desk.key("Enter")
        assert desk.keyboard.opened == []
        assert call is None or desk.commands.calls[-1] == call
    assert desk.errors == []


def test_arrows_go_through_the_lines() -> None:
    """Round the ends; what Enter would take is told to a screen reader; other keys are the field's."""
    desk = Desk()
    desk.hit("/")
    assert desk.lines() == [f"node {i}" for i in range(4)] and desk.marked() == "node 0"
    desk.key("ArrowUp")
    assert desk.marked() == "node 3"
    desk.key("ArrowDown")
    desk.key("ArrowDown")
    assert desk.marked() == "node 1"
    desk.key("PageDown")
    assert desk.marked() == "node 3"
    assert not desk.key("x")
    desk.key("Enter")
    assert desk.commands.calls == [("choose_node", ("n3",))]
    assert desk.region("canvas").find("[data-node-id=n3]").focused


def test_a_key_counts_for_what_is_typed_also_before_it_is_drawn() -> None:
    """Letters and Enter within one frame: nothing of the list before them is taken, and no mark is lost."""
    desk = Desk()
    desk.hit("/")
    field = desk.field  # asked for once: to look at the page lets frames come
    field.value = "zzz"
    desk.document.fire("input", field)
    desk.document.fire("keydown", field, key="Enter")
    assert desk.commands.calls == [] and desk.keyboard.opened == ["palette"]
    field.value = "node"
    desk.document.fire("input", field)
    desk.document.fire("keydown", field, key="ArrowDown")
    desk.paint()
    assert desk.marked() == "node 1"
    field.value = "node 3"
    desk.document.fire("input", field)
    desk.document.fire("keydown", field, key="Enter")
    assert desk.commands.calls == [("choose_node", ("n3",))]
    desk.keyboard.hit("/")
    desk.document.fire("keydown", field, key="Enter")
    assert desk.commands.calls[1:] == [("choose_node", ("n0",))] and desk.errors == []


def test_a_click_takes_a_line() -> None:
    desk = Desk()
    desk.hit("/")
    desk.press(desk.region("palette").find_all(".palette-line")[2])
    assert desk.commands.calls == [("choose_node", ("n2",))] and desk.keyboard.opened == []


def test_nothing_found_is_said() -> None:
    desk = Desk()
    desk.hit("/")
    desk.type("zzz")
    assert desk.lines() == [] and not desk.region("palette").find("[role=status]").hidden
    desk.key("Enter")
    assert desk.keyboard.opened != []
    assert "aria-activedescendant" not in desk.field.attributes


def test_of_thousands_only_the_best_are_drawn() -> None:
    desk = Desk()
    desk.flow(nodes=[{"id": f"n{i}", "handle": f"step {i}"} for i in range(5_000)], edges=[])
    desk.hit("Mod+k")
    assert len(desk.lines()) == MOST
    desk.type("step 4321")
    assert desk.lines()[0] == desk.marked() == "step 4321"


def test_closed_it_hears_no_key() -> None:
    desk = Desk()
    desk.palette.close()
    assert not desk.hit("/")
    assert desk.keyboard.listeners == 0

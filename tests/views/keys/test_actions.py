from __future__ import annotations

from pyapp.contract.events import Requirement
from pyapp.run.record import Wanted
from pyapp.stores.cards import Card, requirement_key
from pyapp.views.people.cards import card_number
from tests.views.keys.desk import Desk

NUMBER = card_number(requirement_key("r", "q"))


def asked(desk: Desk) -> None:
    requirement = Requirement.model_validate({"id": "q", "kind": "confirmation", "prompt": "Send the mail?"})
    desk.stores.interactions.set(requirement_key("r", "q"), Card("r", wanted=Wanted(requirement, "n1")))
    desk.keyboard.lists["data-of"] = [NUMBER]


def test_buttons_are_pressed_as_a_person_would() -> None:
    desk = Desk()
    for key in "psl1d":
        desk.hit(key)
    assert desk.keyboard.pressed == ["#play", "#stop", "#log-title", "#chat-title", "#diagnostics-toggle"]


def test_runs_are_stepped_through_as_they_are_listed() -> None:
    """Round the end; without one in front the first, or the last."""
    desk = Desk()
    desk.hit("j")
    desk.keyboard.lists["data-run-id"] = ["a", "b", "c"]
    desk.hit("j")
    desk.hit("k")
    desk.stores.front.set("c")
    desk.hit("j")
    desk.hit("k")
    assert desk.commands.calls == [("show_run", (each,)) for each in "acab"]


def test_failed_nodes_are_gone_through() -> None:
    """In the order in which they ran, groups left out, with the focus on each and each in the middle."""
    desk = Desk()
    desk.stores.front.set("r")
    desk.hit("e")
    for order, (node, status) in enumerate((("n2", "error"), ("n0", "error"), ("n1", "success"))):
        desk.mock(node, order, status)
    desk.hit("e")
    desk.stores.selected.set("n2")
    desk.hit("e")
    assert desk.commands.calls == [("choose_node", ("n2",)), ("choose_node", ("n0",))]
    assert [wish[0] for wish in desk.viewport.wishes].count("center") == 2
    assert desk.region("canvas").find("[data-node-id=n0]").focused


def test_what_waits_is_shown_and_focused() -> None:
    desk = Desk()
    desk.hit("w")
    assert desk.zones.revealed == []
    asked(desk)
    desk.hit("w")
    assert desk.zones.revealed == ["waiting"]
    assert desk.keyboard.focuses == [f'#interactions .card[data-of="{NUMBER}"]']


def test_a_key_alone_decides_nothing() -> None:
    """What would be decided is said; Enter says yes, the other line or Escape no. Of several cards, the focused one."""
    desk = Desk()
    asked(desk)
    desk.hit("a")
    assert desk.lines() == ["Yes, approve: Send the mail?", "No, leave it open"]
    desk.key("ArrowDown")
    desk.key("Enter")
    assert desk.keyboard.pressed == [] and desk.keyboard.opened == []
    desk.hit("r")
    assert desk.marked() == "Yes, reject: Send the mail?"
    desk.key("Enter")
    assert desk.keyboard.pressed == [f'#interactions [data-action="reject"][data-of="{NUMBER}"]']
    desk.keyboard.lists["data-of"] = ["other", NUMBER]
    desk.hit("a")
    assert desk.keyboard.opened == [], "of two cards it is not known which is meant"
    desk.keyboard.around["data-of"] = NUMBER
    desk.hit("a")
    assert desk.lines()[0] == "Yes, approve: Send the mail?"


def test_in_a_frame_of_strangers_no_key_acts() -> None:
    """Looking is free; what changes a run is not, and is not offered."""
    desk = Desk(may_act=False)
    asked(desk)
    for key in "psar":
        desk.hit(key)
    assert desk.keyboard.pressed == [] and desk.keyboard.opened == []
    desk.hit("l")
    assert desk.keyboard.pressed == ["#log-title"]
    desk.hit("Mod+k")
    desk.type("stop")
    assert "Stop this run" not in desk.lines()


def test_the_view_turns_and_the_canvas_fits() -> None:
    desk = Desk()
    desk.hit("t")
    desk.stores.view.set("timeline")
    desk.hit("t")
    desk.hit("f")
    assert desk.commands.calls == [("show_view", ("timeline",)), ("show_view", ("canvas",))]
    assert desk.viewport.wishes[-1] == ("fit",)


def test_escape_puts_back_or_lets_go() -> None:
    """The enlarged part first."""
    desk = Desk()
    desk.hit("Escape")
    assert desk.commands.calls == [] and len(desk.keyboard.pressed) == 1
    desk.keyboard.missing = set(desk.keyboard.pressed)
    desk.hit("Escape")
    assert desk.commands.calls == [("choose_node", (None,))]


def test_a_link_is_copied() -> None:
    desk = Desk()
    desk.address.places = ["?flow=demo&run=r"]
    desk.hit("c")
    assert desk.document.copied == ["http://page.test/?flow=demo&run=r"]
    assert desk.errors == []

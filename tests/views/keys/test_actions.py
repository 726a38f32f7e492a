from __future__ import annotations

from typing import Any

from pyapp.contract.events import Requirement
from pyapp.run.record import Wanted
from pyapp.stores.cards import Card, CardState, requirement_key
from pyapp.stores.rows import RunRow
from pyapp.views.people.cards import card_number
from tests.views.keys.desk import Desk

NUMBER = card_number(requirement_key("r", "q"))


def card(of: str = "q", *, state: CardState = "open", **fields: Any) -> Card:
    said = {"id": of, "kind": "confirmation", "prompt": "Send the mail?", **fields}
    return Card("r", wanted=Wanted(Requirement.model_validate(said), "n1"), state=state)


def asked(desk: Desk) -> None:
    desk.stores.interactions.set(requirement_key("r", "q"), card())
    desk.keyboard.lists["data-of"] = [NUMBER]


def toast(desk: Desk) -> str:
    return desk.stores.toast.get()[1]


def test_buttons_are_pressed_as_a_person_would() -> None:
    desk = Desk()
    for key in "psld":
        desk.hit(key)
    assert desk.keyboard.pressed == ["#play", "#stop", "#log-title", "#diagnostics-toggle"]


def test_what_is_looked_at_by_key_comes_to_the_eye_wherever_it_is() -> None:
    """Its zone folded, another one enlarged, another tab of a phone; the log's head folds it where it is seen."""
    desk = Desk()
    for key in "123":
        desk.hit(key)
    assert desk.zones.revealed == ["chat", "output", "details"]
    assert desk.keyboard.pressed == ["#chat-title", "#output-title", "#details-title"], "so the choice is remembered"
    desk.hit("l")
    assert desk.zones.revealed == ["chat", "output", "details"]
    desk.keyboard.missing = {"#log-title"}
    desk.hit("l")
    assert desk.zones.revealed[-1] == "log"


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
    other = requirement_key("r", "other")
    desk.stores.interactions.set(other, card("other"))
    desk.hit("a")
    assert desk.keyboard.opened == [], "of two cards it is not known which is meant"
    desk.keyboard.around["data-of"] = NUMBER
    desk.hit("a")
    assert desk.lines()[0] == "Yes, approve: Send the mail?"


def test_what_would_be_decided_is_brought_to_the_eye_and_named() -> None:
    """The card is taken up, whatever it is folded in; flow, run and step are said, the tool with what it is given."""
    desk = Desk()
    desk.stores.runs.set("r", RunRow("r", "paused", "demo", "Demo", 1.0))
    desk.stores.interactions.set(requirement_key("r", "q"), card(tool_name="rm", tool_args={"path": "/", "all": True}))
    desk.hit("a")
    assert desk.commands.calls == [("take_up", (requirement_key("r", "q"),))]
    about = desk.region("palette").find("#palette-about")
    assert about.textContent == "Demo · run r · node 1 · rm (path: /, all: true)"
    desk.key("Escape")
    desk.keyboard.dialog("palette", opened=False)
    desk.hit("/")
    assert about.hidden
    desk.keyboard.dialog("palette", opened=False)
    desk.stores.runs.set("r", RunRow("r", "paused", "mail", "Mail", 1.0))
    desk.hit("a")
    assert "n1" in about.textContent and "node 1" not in about.textContent, "the flow on the canvas is another one"


def test_a_decision_that_cannot_be_made_is_said() -> None:
    """Sent already, or filled in and not approved, it is not offered; gone meanwhile, nothing was sent."""
    desk = Desk()
    desk.hit("a")
    assert toast(desk) == "Nothing is waiting for you."
    key = requirement_key("r", "q")
    for unfit in (card(state="sent"), card(kind="user_input")):
        desk.stores.interactions.set(key, unfit)
        desk.hit("a")
        assert desk.keyboard.opened == []
    desk.stores.interactions.set(key, card())
    desk.hit("r")
    desk.keyboard.missing = {f'#interactions [data-action="reject"][data-of="{NUMBER}"]'}
    desk.key("Enter")
    assert toast(desk) == "Nothing was sent: this cannot be answered just now."
    assert desk.keyboard.pressed == []


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


def test_notifications_are_switched_by_the_palette() -> None:
    """On every width, where the bar has no room for a button, and off as well as on."""
    desk = Desk()
    desk.attention.permission = "granted"
    desk.context.shared.memory.notifies = True
    desk.hit("Mod+k")
    desk.type("notifications")
    desk.key("Enter")
    assert toast(desk) == "Notifications are off." and not desk.context.shared.memory.notifies


def test_a_link_is_copied() -> None:
    desk = Desk()
    desk.address.places = ["?flow=demo&run=r"]
    desk.hit("c")
    assert desk.document.copied == ["http://page.test/?flow=demo&run=r"]
    assert desk.errors == []

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pyapp.contract.addresses import SignInRule
from pyapp.contract.events import InteractionEvent, Requirement
from pyapp.run.record import SignIn, Wanted
from pyapp.stores.cards import Card
from pyapp.stores.rows import RunKey, RunRow
from pyapp.testing.dom import FakeElement
from pyapp.views.bounds import MAX_CHARS
from pyapp.views.people.cards import DrawnCard
from tests.views.support import Gallery


def wanted(**more: Any) -> Card:
    return Card("r 1", Wanted(Requirement.model_validate({"id": "q q", "kind": "confirmation", **more}), "n0"))


def sign_in(status: Any = "pending", **more: Any) -> Card:
    given = {"event": "interaction_event", "run_id": "r", "interaction": "oauth", "interaction_id": "s"}
    event = InteractionEvent.model_validate({**given, "auth_url": "https://login.example/a", **more})
    return Card("r 1", sign_in=SignIn(event, status))


def made(card: Card, key: RunKey = ("r", "x"), **settings: Any) -> DrawnCard:
    return DrawnCard(Gallery(**{"sign_in": SignInRule(("login.example",)), **settings}).context, key, card)


def actions(drawn: DrawnCard) -> list[str]:
    assert isinstance(drawn.element, FakeElement)
    return [each.attributes["data-action"] for each in drawn.element.find_all("[data-action]")]


def test_a_card_is_found_by_what_its_buttons_bear() -> None:
    """Made of its key, without white space: the same on each page, and fit for an id."""
    key = ("r 1", "requirement/q q")
    drawn = made(wanted(), key)
    assert isinstance(drawn.element, FakeElement)
    numbers = {each.attributes["data-of"] for each in drawn.element.find_all("[data-of]")}
    assert numbers == {drawn.number} == {made(wanted(), key).number}
    assert drawn.number != made(wanted(), ("r 1", "requirement/q")).number
    assert not any(" " in each.attributes["id"] for each in drawn.element.find_all("[id]"))


def test_a_card_that_asks_for_something_else_is_another_one() -> None:
    """Not one whose answer is on its way."""
    drawn = made(wanted())
    assert not drawn.is_other(Card("r 1", wanted().wanted, state="sending", error="x"))
    assert drawn.is_other(wanted(prompt="Now?"))
    assert not drawn.is_other(wanted(expires_at=60.0)), "more time takes nothing that was typed"
    invited = made(sign_in())
    assert not invited.is_other(sign_in()) and invited.is_other(sign_in("failed"))
    assert all(invited.is_other(sign_in(**more)) for more in ({"scopes": "write"}, {"provider": "Acme"}))
    assert not invited.is_other(sign_in(seq=7, node_id="n1", expires_at=60.0)), "the window that was opened stays said"


def test_the_output_to_look_at_is_part_of_what_is_asked() -> None:
    """Of a review; what a pause says is not shown by another question, and takes nothing that was typed."""
    for kind, shown in (("output_review", True), ("external_execution", False)):
        card = wanted(kind=kind)
        assert card.wanted is not None
        assert made(card).is_other(replace(card, wanted=replace(card.wanted, content="an output"))) is shown


def test_a_step_that_is_told_later_can_be_shown() -> None:
    card = wanted()
    assert card.wanted is not None
    drawn = made(replace(card, wanted=replace(card.wanted, node_id=None)))
    drawn.update(card)
    assert isinstance(drawn.element, FakeElement)
    assert drawn.element.find(".node-link").attributes["data-show-node"] == "n0"


def test_what_may_be_pressed() -> None:
    """Nothing that acts in a stranger's frame, no address that is not allowed, none when it is done."""
    assert actions(made(wanted())) == ["approve", "reject"]
    assert actions(made(sign_in())) == ["authorize", "dismiss", "cancel"]
    assert actions(made(sign_in("completed"))) == ["dismiss"]
    assert actions(made(sign_in(auth_url="http://login.example"), sign_in=SignInRule())) == ["dismiss", "cancel"]
    assert actions(made(wanted(), may_act=False)) == []
    assert actions(made(sign_in(), may_act=False)) == ["dismiss"]


def test_of_another_run_it_is_one_line() -> None:
    """Which flow, which run, which step: nobody is to sign what cannot be seen."""
    gallery = Gallery(sign_in=SignInRule(("login.example",)))
    gallery.stores.runs.set("r 1", RunRow("r 1", "paused", name="Monthly report", started_at=gallery.now()))
    drawn = DrawnCard(gallery.context, ("r 1", "x"), wanted())
    assert isinstance(drawn.element, FakeElement)
    drawn.update(wanted())
    line, body, opens = (drawn.element.find(each) for each in (".card-head", ".card-body", "[data-show-run]"))
    assert body.hidden and not opens.hidden and drawn.element.attributes["data-folded"] == "true"
    for told in ("Approval", "Monthly report", "run r 1, started"):
        assert told in line.textContent
    gallery.stores.front.set("r 1")
    drawn.update(wanted())
    assert not body.hidden and opens.hidden and drawn.element.attributes["data-folded"] == "false"
    drawn.update(replace(wanted(), away=True))
    assert body.hidden and not opens.hidden, "not now is not no"


def test_arguments_are_a_list_of_two_columns() -> None:
    drawn = made(wanted(tool_name="rm", tool_args={"path": "/tmp/x", "deep": {"a": 1}}))
    assert isinstance(drawn.element, FakeElement)
    assert [each.textContent for each in drawn.element.find_all("dt")] == ["path", "deep"]
    assert drawn.element.find("dd").textContent == "/tmp/x" and not drawn.element.find("dd").children


def test_an_argument_that_scrolls_is_reached_by_keys() -> None:
    """Under its own name; what of it is cut off is said."""
    drawn = made(wanted(tool_name="send", tool_args={"body": "word " * 400, "log": "x" * (MAX_CHARS + 7)}))
    assert isinstance(drawn.element, FakeElement)
    body, log = drawn.element.find_all("pre")
    assert body.attributes == {"tabindex": "0", "role": "group", "aria-label": "body"}
    assert "7 more characters" in log.textContent


def test_a_card_is_named_by_what_it_asks_and_of_whom() -> None:
    """So are its buttons: nobody approves the one beside."""
    gallery = Gallery()
    gallery.flow()
    gallery.stores.runs.set("r 1", RunRow("r 1", "paused", name="Report"))
    for number, prompt in enumerate(("Send it?", "Pay it?")):
        drawn = DrawnCard(gallery.context, ("r 1", f"q {number}"), wanted(prompt=prompt))
        drawn.update(wanted(prompt=prompt))
        assert isinstance(drawn.element, FakeElement)
        card = drawn.element
        told = [said_by(card, card, "aria-labelledby")]
        for button in card.find_all("[data-action], [data-show-run]"):
            assert said_by(card, button, "aria-labelledby") == button.textContent + prompt
            told.append(said_by(card, button, "aria-describedby"))
        assert told == [f"ApprovalReportrun r 1node 0{prompt}", *["Reportrun r 1node 0"] * 3]


def said_by(inside: FakeElement, element: FakeElement, attribute: str) -> str:
    """What the elements say that an attribute names."""
    return "".join(inside.find(f"#{each}").textContent for each in element.attributes[attribute].split())


def test_the_prompt_is_the_heading() -> None:
    """Else a sentence for its kind; the kind itself is a small label."""
    drawn = made(wanted(prompt="May it?"))
    assert isinstance(drawn.element, FakeElement)
    heading = drawn.element.find("[role=heading]")
    assert heading.textContent == "May it?" and drawn.element.find(".card-kind").textContent == "Approval"
    bare = made(wanted()).element
    assert isinstance(bare, FakeElement) and "Approve this step" in bare.find("[role=heading]").textContent


def test_what_cannot_be_undone_is_pressed_twice() -> None:
    drawn = made(sign_in())
    assert isinstance(drawn.element, FakeElement)
    assert not drawn.confirm() and "again" in drawn.element.find("[data-action=cancel]").textContent
    assert drawn.confirm()

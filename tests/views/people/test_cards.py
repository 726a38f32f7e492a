from __future__ import annotations

from typing import Any

from pyapp.contract.addresses import SignInRule
from pyapp.contract.events import InteractionEvent, Requirement
from pyapp.run.record import SignIn, Wanted
from pyapp.stores.cards import Card
from pyapp.stores.rows import RunKey
from pyapp.testing.dom import FakeElement
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
    invited = made(sign_in())
    assert not invited.is_other(sign_in()) and invited.is_other(sign_in("failed"))


def test_what_may_be_pressed() -> None:
    """Nothing that acts in a stranger's frame, no address that is not allowed, none when it is done."""
    assert actions(made(wanted())) == ["approve", "reject"]
    assert actions(made(sign_in())) == ["authorize", "dismiss"]
    assert actions(made(sign_in("completed"))) == ["dismiss"]
    assert actions(made(sign_in(auth_url="http://login.example"), sign_in=SignInRule())) == ["dismiss"]
    assert actions(made(wanted(), may_act=False)) == []
    assert actions(made(sign_in(), may_act=False)) == ["dismiss"]


def test_it_tells_the_time_by_the_servers_clock() -> None:
    """When it says something else comes with it; after the end, never."""
    card = wanted(expires_at=100.0)
    drawn = made(card)
    drawn.update(card)
    assert (drawn.tell_time(40.0), drawn.time.textContent) == (41.0, "1 min 00 s left")
    assert drawn.tell_time(99.5) == 100.0
    assert drawn.tell_time(100.0) is None and "over" in drawn.time.textContent

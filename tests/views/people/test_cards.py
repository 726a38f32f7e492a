from __future__ import annotations

from typing import Any

from pyapp.contract.addresses import SignInRule
from pyapp.contract.events import InteractionEvent, Requirement
from pyapp.run.record import SignIn, Wanted
from pyapp.stores.rows import Card
from pyapp.testing.dom import FakeElement
from pyapp.views.people.cards import CardMaker, DrawnCard
from tests.views.support import Gallery


def wanted(**more: Any) -> Card:
    return Card("r 1", Wanted(Requirement.model_validate({"id": "q q", "kind": "confirmation", **more}), "n0"))


def sign_in(status: Any = "pending", **more: Any) -> Card:
    given = {"event": "interaction_event", "run_id": "r", "interaction": "oauth", "interaction_id": "s"}
    event = InteractionEvent.model_validate({**given, "auth_url": "https://login.example/a", **more})
    return Card("r 1", sign_in=SignIn(event, status))


def maker(**context: Any) -> CardMaker:
    return CardMaker(Gallery(**{"sign_in": SignInRule(("login.example",)), **context}).context)


def actions(drawn: DrawnCard) -> list[str]:
    assert isinstance(drawn.element, FakeElement)
    return [each.attributes["data-action"] for each in drawn.element.find_all("[data-action]")]


def test_a_card_is_found_by_what_its_buttons_bear() -> None:
    """Made of its key, without white space: the same on each page, and fit for an id."""
    cards = maker()
    key = ("r 1", "requirement/q q")
    drawn = cards.make(key, wanted())
    assert isinstance(drawn.element, FakeElement)
    numbers = {each.attributes["data-of"] for each in drawn.element.find_all("[data-of]")}
    assert numbers == {drawn.number} == {cards.make(key, wanted()).number}
    assert drawn.number != cards.make(("r 1", "requirement/q"), wanted()).number
    assert not any(" " in each.attributes["id"] for each in drawn.element.find_all("[id]"))


def test_a_card_that_asks_for_something_else_is_another_one() -> None:
    """Not one whose answer is on its way."""
    cards = maker()
    drawn = cards.make(("r", "x"), wanted())
    assert not cards.is_other(drawn, Card("r 1", wanted().wanted, state="sending", error="x"))
    assert cards.is_other(drawn, wanted(prompt="Now?"))
    invited = cards.make(("r", "y"), sign_in())
    assert not cards.is_other(invited, sign_in()) and cards.is_other(invited, sign_in("failed"))


def test_what_may_be_pressed() -> None:
    """Nothing that acts in a stranger's frame, no address that is not allowed, none when it is done."""
    assert actions(maker().make(("r", "x"), wanted())) == ["approve", "reject"]
    assert actions(maker().make(("r", "x"), sign_in())) == ["authorize", "dismiss"]
    assert actions(maker().make(("r", "x"), sign_in("completed"))) == ["dismiss"]
    assert actions(maker(sign_in=SignInRule()).make(("r", "x"), sign_in(auth_url="http://login.example"))) == [
        "dismiss"
    ]
    assert actions(maker(may_act=False).make(("r", "x"), wanted())) == []
    assert actions(maker(may_act=False).make(("r", "x"), sign_in())) == ["dismiss"]


def test_it_tells_the_time_by_the_servers_clock() -> None:
    """When it says something else comes with it; after the end, never."""
    cards = maker()
    card = wanted(expires_at=100.0)
    drawn = cards.make(("r", "x"), card)
    cards.update(drawn, card)
    assert (cards.tell_time(drawn, 40.0), drawn.time.textContent) == (41.0, "1 min 00 s left")
    assert cards.tell_time(drawn, 99.5) == 100.0
    assert cards.tell_time(drawn, 100.0) is None and "over" in drawn.time.textContent

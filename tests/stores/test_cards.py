from __future__ import annotations

from typing import Any

from pyapp.contract.events import InteractionEvent, Requirement
from pyapp.run.record import SignIn, Wanted
from pyapp.stores.cards import Card, requirement_key, sign_in_key


def test_a_card_says_where_and_until_when() -> None:
    """A sign-in only while it is pending; ids of the two kinds never meet."""
    wanted = Wanted(Requirement.model_validate({"id": "q", "kind": "confirmation", "expires_at": 5.0}), "n0")
    assert (Card("r", wanted).node_id, Card("r", wanted).expires_at) == ("n0", 5.0)
    given: dict[str, Any] = {"interaction": "oauth", "interaction_id": "s", "auth_url": "https://x.example"}
    event = InteractionEvent.model_validate(
        {"event": "interaction_event", "run_id": "r", "node_id": "n1", "expires_at": 7.0, **given}
    )
    cards = [Card("r", sign_in=SignIn(event, status)) for status in ("pending", "failed")]
    assert [(card.node_id, card.expires_at) for card in cards] == [("n1", 7.0), ("n1", None)]
    assert (Card("r").node_id, Card("r").expires_at) == (None, None)
    assert [card.kind for card in (Card("r", wanted), *cards)] == ["confirmation", "oauth", "oauth"]
    asking = Wanted(Requirement.model_validate({"id": "q", "kind": "user_input", "prompt": "Who?"}))
    assert [card.prompt for card in (Card("r", asking), Card("r", wanted), cards[0])] == ["Who?", "", ""]
    assert requirement_key("r", "x") != sign_in_key("r", "x")


def test_a_card_asks_while_something_can_be_done() -> None:
    """Not while its answer is with the server, nor when a sign-in is over; it knows its own key."""
    wanted = Wanted(Requirement.model_validate({"id": "q", "kind": "confirmation"}))
    assert [Card("r", wanted, state=state).asks for state in ("open", "sending", "sent")] == [True, True, False]
    event = InteractionEvent.model_validate(
        {"event": "interaction_event", "run_id": "r", "interaction": "oauth", "interaction_id": "s", "auth_url": "x"}
    )
    states: Any = ("pending", "failed", "completed", "expired")
    assert [Card("r", sign_in=SignIn(event, each)).asks for each in states] == [True, True, False, False]
    assert Card("r", wanted).key == requirement_key("r", "q")
    assert Card("r", sign_in=SignIn(event)).key == sign_in_key("r", "s")


def test_an_answer_is_to_what_was_asked() -> None:
    """Whoever told it, with more or less round it; asked again, or something else, it is another question."""

    def asked(count: int = 1, **more: Any) -> Wanted:
        return Wanted(Requirement.model_validate({"id": "q", "kind": "confirmation", **more}), asked=count)

    card = Card("r", asked(node_id="n0"))
    assert card.asks_the_same(asked()) and not card.asks_the_same(None) and not Card("r").asks_the_same(asked())
    assert not card.asks_the_same(asked(2)) and not card.asks_the_same(asked(prompt="Sure?"))

from __future__ import annotations

from typing import Any

from pyapp.contract.http import RunInfo
from pyapp.handlers.interaction import InteractionHandler
from pyapp.run.log import RunLog
from pyapp.stores.cards import Card, requirement_key, sign_in_key
from tests.live.support import World

KEY = requirement_key("r", "q")
SIGN = sign_in_key("r", "s")
OAUTH: dict[str, Any] = {"interaction": "oauth", "interaction_id": "s", "auth_url": "https://x.example"}


class Asked(World):
    def __init__(self) -> None:
        super().__init__(InteractionHandler())

    def pause(self, *ids: str, **more: Any) -> None:
        self.hear("AgentPaused", requirements=[{"id": each, "kind": "confirmation", **more} for each in ids])

    def told(self, status: str = "paused", **fields: Any) -> None:
        """What the server says of the run, over HTTP."""
        info = RunInfo.model_validate({"run_id": "r", "status": status, **fields})
        self.tracking.hear(self.run, info, self.tracking.asking(self.run))
        self.router.repaint(self.run)

    def card(self, key: tuple[str, str] = KEY) -> Card | None:
        return self.stores.interactions.get(key)

    def state(self, state: Any, **more: Any) -> None:
        """As the command that sends an answer leaves the card."""
        card = self.card()
        assert card is not None
        self.stores.interactions.set(KEY, Card("r", wanted=card.wanted, state=state, **more))


def test_a_card_is_there_while_it_is_wanted() -> None:
    world = Asked()
    world.pause("q")
    card = world.card()
    assert card is not None and card.state == "open" and card.run_id == "r"
    world.hear("resume_start", resolved=["q"])
    assert world.card() is None


def test_an_answer_given_here_closes_without_a_word() -> None:
    """One that was given elsewhere is said; the end of a run is no answer."""
    world = Asked()
    world.pause("q")
    world.state("sent")
    world.hear("resume_start")
    assert len(world.stores.notices) == 0
    world.pause("q")
    world.hear("resume_start")
    assert world.stores.notices.get("elsewhere") is not None
    world.stores.notices.clear()
    world.pause("q")
    world.hear("run_end")
    assert world.card() is None and len(world.stores.notices) == 0


def test_asked_again_it_is_open_again() -> None:
    """However the first answer fared."""
    world = Asked()
    world.pause("q")
    world.state("sent")
    world.pause("q")
    card = world.card()
    assert card is not None and card.state == "open" and card.error is None
    assert len(world.stores.interactions) == 1


def test_painting_anew_keeps_what_is_under_way() -> None:
    world = Asked()
    world.pause("q")
    world.state("sending")
    world.router.repaint(world.run)
    card = world.card()
    assert card is not None and card.state == "sending"


def test_a_sign_in_is_updated_and_can_be_put_away() -> None:
    """Folded it stays; news of it unfolds it, or brings it back; nothing else does."""
    world = Asked()
    world.hear("interaction_event", **OAUTH)
    world.stores.interactions.dismiss(SIGN)
    world.router.repaint(world.run)
    card = world.card(SIGN)
    assert card is not None and card.away
    world.hear("interaction_event", **OAUTH, status="failed")
    card = world.card(SIGN)
    assert card is not None and card.sign_in is not None and card.sign_in.status == "failed" and not card.away
    world.hear("interaction_event", **OAUTH, status="completed")
    world.stores.interactions.dismiss(SIGN)
    world.router.repaint(world.run)
    assert world.card(SIGN) is None
    world.hear("interaction_event", **OAUTH, status="expired")
    assert world.card(SIGN) is not None
    world.hear("run_end")
    assert world.card(SIGN) is None


def test_cards_leave_with_their_run() -> None:
    world = Asked()
    world.pause("q")
    world.hear("interaction_event", **OAUTH)
    world.stores.interactions.dismiss(SIGN)
    world.stores.interactions.delete_run("r")
    assert len(world.stores.interactions) == 0 and world.stores.interactions.dismissed == {}


NEED: dict[str, Any] = {"id": "q", "kind": "output_review"}


def test_what_events_say_of_a_card_wins_over_what_the_server_said_before() -> None:
    """Whose question it is, what is to be looked at, and which run takes the answer."""
    world = Asked()
    world.told(requirements=[NEED])
    world.hear("AgentPaused", requirements=[NEED], node_id="n", continue_run_id="inner", content="look at this")
    card = world.card()
    assert card is not None and card.wanted is not None
    assert (card.node_id, card.wanted.continue_run_id, card.wanted.content) == ("n", "inner", "look at this")


def test_an_answer_stays_with_its_card_whatever_more_is_known_of_it() -> None:
    """Another card comes, or the event that the server's word was ahead of; asked again, it counts no more."""
    world = Asked()
    world.hear("start_node", node_id="n")
    world.told(requirements=[NEED])
    world.state("sent")
    world.hear("interaction_event", **OAUTH)
    assert world.card() is not None and world.card().state == "sent"  # type: ignore[union-attr]
    world.hear("AgentPaused", requirements=[NEED], node_id="n")
    card = world.card()
    assert card is not None and (card.state, card.node_id) == ("sent", "n")
    world.hear("AgentPaused", requirements=[NEED], node_id="n")
    card = world.card()
    assert card is not None and card.state == "open"


def test_a_renewed_sign_in_is_shown() -> None:
    """Until when, as who, for what: told anew it is news, also of one that was put away."""
    world = Asked()
    world.hear("interaction_event", **OAUTH, expires_at=60.0, scopes=["read"])
    world.stores.interactions.dismiss(SIGN)
    world.hear("interaction_event", **OAUTH, expires_at=600.0, scopes=["read", "write"], provider="Acme")
    card = world.card(SIGN)
    assert card is not None and card.sign_in is not None and not card.away
    event = card.sign_in.event
    assert (card.expires_at, event.scopes, event.provider) == (600.0, ["read", "write"], "Acme")


def test_what_tells_a_person_nothing_new_unfolds_no_sign_in() -> None:
    """It is known of the card all the same: a step by its event, where the server named none."""
    world = Asked()
    world.told(interactions=[OAUTH])
    world.stores.interactions.dismiss(SIGN)
    world.hear("interaction_event", **OAUTH, node_id="n", event_id="again")
    card = world.card(SIGN)
    assert card is not None and (card.away, card.node_id) == (True, "n")


def test_an_answer_is_shown_while_the_record_has_it() -> None:
    """Asked again it is answered no more; and a history that is told anew may know nothing of it."""
    world = Asked()
    world.pause("q")
    world.hear("resume_start", resolved=["q"])
    assert ("r", "q") in world.stores.answered
    world.pause("q")
    assert ("r", "q") not in world.stores.answered
    world.hear("resume_start", resolved=["q"])
    world.tracking.retell(world.run, RunLog("r"))
    world.router.repaint(world.run)
    assert ("r", "q") not in world.stores.answered

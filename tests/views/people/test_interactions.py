from __future__ import annotations

from typing import Any

from pyapp.contract.addresses import SignInRule
from pyapp.contract.events import AgentPaused, InteractionEvent, Requirement
from pyapp.run.record import SignIn, Wanted
from pyapp.stores.cards import Card, requirement_key, sign_in_key
from pyapp.stores.rows import RunKey, RunRow
from pyapp.testing.dom import FakeElement
from pyapp.views.people.interactions import InteractionsView
from tests.views.support import Gallery

Json = dict[str, Any]


class Asking(Gallery):
    def __init__(self, **context: Any) -> None:
        super().__init__(**{"sign_in": SignInRule(("login.example",)), **context})
        self.stores.front.set("r")
        self.view = self.show(InteractionsView)

    def ask(self, requirement: Json, run_id: str = "r", **more: Any) -> RunKey:
        event = AgentPaused.model_validate(
            {"event": "AgentPaused", "run_id": run_id, "requirements": [{"id": "q", **requirement}], **more}
        )
        wanted = Wanted(event.requirements[0], event.node_id, content=event.content)
        return self.put(requirement_key(run_id, "q"), wanted=wanted)

    def put(self, key: RunKey, wanted: Wanted | None = None, sign_in: SignIn | None = None, **more: Any) -> RunKey:
        self.stores.interactions.set(key, Card(key[0], wanted=wanted, sign_in=sign_in, **more))
        self.paint()
        return key

    def invite(self, **fields: Any) -> RunKey:
        given = {"interaction": "oauth", "interaction_id": "s", "auth_url": "https://login.example/a", **fields}
        event = InteractionEvent.model_validate({"event": "interaction_event", "run_id": "r", **given})
        return self.put(sign_in_key("r", "s"), sign_in=SignIn(event, event.status or "pending"))

    @property
    def cards(self) -> list[FakeElement]:
        return self.region("interactions").find_all(".card")

    def card(self) -> FakeElement:
        (card,) = self.cards
        return card

    def act(self, action: str) -> None:
        self.press(self.card().find(f"[data-action={action}]"))

    def answers(self) -> list[Any]:
        return [arguments[1] for name, arguments in self.commands.calls if name == "answer"]


def test_the_place_of_the_cards_is_there_while_a_card_is() -> None:
    """The view hides it, no rule of the style sheet: WebKit does not look again at `:has(… :empty)`."""
    world = Asking()
    world.paint()
    assert world.region("waiting").hidden
    key = world.ask({"kind": "confirmation"})
    assert not world.region("waiting").hidden
    world.stores.interactions.delete(key)
    world.paint()
    assert world.region("waiting").hidden


def test_approve_and_reject_with_a_note() -> None:
    world = Asking()
    world.ask({"kind": "confirmation", "prompt": "Sure?", "tool_name": "rm", "tool_args": {"path": "x"}})
    assert "Sure?" in world.card().textContent and "rm" in world.card().textContent
    world.act("approve")
    world.card().find("textarea").value = "mind the gap"
    world.act("reject")
    assert world.answers() == [{"confirmed": True}, {"confirmed": False, "note": "mind the gap"}]


def test_a_form_says_what_is_wrong_and_sends_what_is_right() -> None:
    world = Asking()
    schema = [
        {"name": "n", "type": "int"},
        {"name": "b", "type": "bool"},
        {"name": "o", "type": "str", "required": False},
    ]
    world.ask({"kind": "user_input", "input_schema": schema})
    world.act("submit")
    number, switch, _ = world.card().find_all("input")
    assert world.answers() == [] and number.focused and number.attributes["aria-invalid"] == "true"
    number.value, switch.checked = "4", True
    world.act("submit")
    assert world.answers() == [{"values": {"n": 4, "b": True, "o": None}}]
    assert "aria-invalid" not in number.attributes
    assert number.attributes["aria-describedby"]


def test_enter_sends_where_there_is_one_way_out() -> None:
    world = Asking()
    world.ask({"kind": "user_input", "input_schema": [{"name": "n", "type": "str"}]})
    entry = world.card().find("input")
    entry.value = "x"
    world.document.fire("keydown", entry, key="a")
    world.paint()
    assert world.answers() == []
    world.document.fire("keydown", entry, key="Enter")
    world.paint()
    assert world.answers() == [{"values": {"n": "x"}}]


def test_choices_by_one_or_more() -> None:
    """A choice may be a record with a label; what is sent is its value."""
    world = Asking()
    choices = ["north", {"value": "s", "label": "South", "description": "warmer"}]
    world.ask({"kind": "route_selection", "choices": choices, "multiple": True})
    world.act("submit")
    assert world.answers() == [] and "Choose at least one" in world.card().textContent
    for entry in world.card().find_all("input"):
        entry.checked = True
    world.act("submit")
    assert world.answers() == [{"choices": ["north", "s"]}]
    assert "warmer" in world.card().textContent


def test_feedback_in_any_form() -> None:
    """By a schema, by choices, or in words."""
    world = Asking()
    world.ask({"kind": "user_feedback", "choices": ["good", "bad"]})
    world.card().find_all("input")[1].checked = True
    world.act("submit")
    world.ask({"kind": "user_feedback"})
    world.card().find("textarea").value = "fine"
    world.act("submit")
    assert world.answers() == [{"values": {"choices": ["bad"]}}, {"values": {"feedback": "fine"}}]


def test_a_review_sends_text_only_when_it_was_edited() -> None:
    world = Asking()
    world.ask({"kind": "output_review", "raw": {"a": 1}}, content="draft")
    entry = world.card().find("textarea")
    assert entry.value == "draft"
    world.act("approve")
    entry.value = "better"
    world.act("reject")
    world.act("approve")
    assert world.answers() == [{"confirmed": True}, {"confirmed": False}, {"confirmed": True, "result": "better"}]


def test_what_was_typed_outlives_every_change_of_its_card() -> None:
    """Sending, failing, asked again with the same words; other words are another form."""
    world = Asking()
    key = world.ask({"kind": "external_execution"})
    entry = world.card().find("textarea")
    entry.value = "long work"
    card = world.stores.interactions.get(key)
    assert card is not None
    world.put(key, wanted=card.wanted, state="sending")
    assert entry.disabled and world.card().find("[data-action=submit]").disabled
    world.put(key, wanted=card.wanted, error="It did not arrive.")
    assert not entry.disabled and "It did not arrive." in world.card().textContent
    world.ask({"kind": "external_execution"})
    assert world.card().find("textarea").value == "long work"
    world.ask({"kind": "external_execution", "prompt": "Something else"})
    assert world.card().find("textarea").value == ""


def test_a_card_that_is_sent_takes_no_second_answer() -> None:
    world = Asking()
    key = world.ask({"kind": "confirmation"})
    card = world.stores.interactions.get(key)
    assert card is not None
    approve = world.card().find("[data-action=approve]")
    world.put(key, wanted=card.wanted, state="sent")
    world.document.fire("click", approve)
    world.paint()
    assert world.answers() == []


def test_time_runs_out_in_sight() -> None:
    """Once a second; nothing ticks where nothing expires."""
    world = Asking()
    key = world.ask({"kind": "confirmation", "expires_at": world.clock.wall() + 90})
    told = world.card().find(".card-time")
    assert told.textContent == "1 min 30 s left"
    world.advance(31)
    assert told.textContent == "59 s left"
    world.advance(60)
    assert "Time is up" in told.textContent
    assert not world.card().find("[data-action=approve]").disabled, "the server decides"
    world.stores.interactions.delete(key)
    world.paint()
    assert world.clock.pending == 0


def test_other_runs_stand_behind() -> None:
    """Folded to the line that says whose they are; opened, their run comes to the front and they go on at once."""
    world = Asking()
    other = world.ask({"kind": "confirmation"}, "other")
    world.ask({"kind": "confirmation"})
    front, behind = world.cards
    assert (behind.attributes["data-front"], front.attributes["data-front"]) == ("false", "true")
    assert behind.find(".card-body").hidden and not front.find(".card-body").hidden
    world.press(behind.find("[data-show-run=other]"))
    assert world.commands.calls == [("take_up", (other,))]
    world.stores.taken_up.set((other, 0))
    world.paint()
    assert not behind.find("textarea").focused, "it is not to be seen yet"
    world.stores.front.set("other")
    world.paint()
    assert (behind.attributes["data-front"], front.attributes["data-front"]) == ("true", "false")
    assert world.cards == [behind, front] and behind.find("textarea").focused and behind.scrolled_to


def test_ctrl_and_enter_send_from_anywhere_in_a_card() -> None:
    """Enter alone is a new line where there can be one."""
    world = Asking()
    world.ask({"kind": "external_execution"})
    entry = world.card().find("textarea")
    entry.value = "done"
    assert not world.document.fire("keydown", entry, key="Enter") and world.answers() == []
    assert world.document.fire("keydown", entry, key="Enter", command=True)
    assert world.answers() == [{"result": "done"}]
    world.ask({"kind": "confirmation"})
    assert world.document.fire("keydown", world.card().find("textarea"), key="Enter", command=True)
    assert world.answers()[1:] == [{"confirmed": True}]


def test_after_an_answer_the_focus_goes_on() -> None:
    """To the next card that can be answered, else to the title; with the last card to what stays."""
    world = Asking()
    keys = [
        world.put(requirement_key("r", name), wanted=Wanted(Requirement.model_validate(asked), serial=serial))
        for serial, name in enumerate("ab")
        for asked in [{"id": name, "kind": "confirmation"}]
    ]
    first, second = world.cards
    world.press(first.find("[data-action=approve]"))
    assert second.find("textarea").focused
    world.stores.interactions.delete(keys[0])
    world.press(second.find("[data-action=approve]"))
    assert world.region("interactions-title").focused
    world.stores.interactions.delete(keys[1])
    world.paint()
    assert world.region("canvas-title").focused and world.errors == []


def test_not_now_is_not_no() -> None:
    """A sign-in is folded, and opens again; what ends its run is another button, pressed twice."""
    world = Asking()
    key = world.invite()
    world.act("dismiss")
    assert world.commands.calls == [("put_away", (key,))] and "Not now" in world.card().textContent
    world.act("cancel")
    assert world.commands.calls == [("put_away", (key,))]
    world.act("cancel")
    assert world.commands.calls[1:] == [("stop", ("r",))]


def test_cards_have_one_order_on_every_page() -> None:
    """By run, the oldest first; in a run as they were asked; in whatever order a page learned of them."""
    asked = [("old", "b", 1), ("old", "a", 2), ("new", "c", 1), ("unknown", "d", 1)]
    orders = []
    for known in (asked, asked[::-1]):
        world = Asking()
        for run_id, name, serial in known:
            requirement = Requirement.model_validate({"id": name, "kind": "confirmation"})
            world.put(requirement_key(run_id, name), wanted=Wanted(requirement, serial=serial))
        for started_at, run_id in ((2.0, "new"), (1.0, "old")):
            world.stores.runs.set(run_id, RunRow(run_id, "paused", started_at=started_at))
            world.paint()
        orders.append([card.attributes["data-requirement-id"] for card in world.cards])
    assert orders == [["b", "a", "c", "d"]] * 2


def test_the_title_counts() -> None:
    world = Asking()
    key = world.ask({"kind": "confirmation"})
    assert world.region("interactions-title").textContent == "Waiting for you (1)"
    world.stores.interactions.delete(key)
    world.paint()
    assert world.region("interactions-title").textContent == "Waiting for you"
    assert world.cards == []


def test_a_sign_in_opens_by_a_click_and_can_be_tried_again() -> None:
    world = Asking()
    world.invite(provider="Drive", scopes=["a", "b"])
    text = world.card().textContent
    assert "Sign in to Drive" in text and "login.example" in text and "a, b" in text
    world.act("authorize")
    world.act("authorize")
    assert world.document.windows == ["https://login.example/a"] * 2
    assert "closed it without finishing" in world.card().textContent
    world.invite(status="failed")
    assert "Signing in failed" in world.card().textContent
    world.act("authorize")
    world.invite(status="completed")
    assert "You are signed in" in world.card().textContent
    assert world.card().find_all("[data-action=authorize]") == []
    world.act("dismiss")
    assert world.commands.calls == [("put_away", (sign_in_key("r", "s"),))]


def test_an_address_that_is_not_allowed_cannot_be_opened() -> None:
    world = Asking()
    world.invite(auth_url="javascript:alert(1)")
    assert "was refused" in world.card().textContent
    assert world.card().find_all("[data-action=authorize]") == []
    assert SignInRule().refusal("javascript:alert(1)") is not None


def test_a_node_that_waits_can_be_shown() -> None:
    world = Asking()
    world.flow()
    world.ask({"kind": "confirmation"}, node_id="n1")
    link = world.card().find("[data-show-node=n1]")
    assert link.textContent == "node 1"
    world.press(link)
    assert world.commands.calls == [("choose_node", ("n1",))]


def test_it_lets_go_of_everything() -> None:
    world = Asking()
    world.ask({"kind": "confirmation", "expires_at": world.clock.wall() + 90})
    world.view.close()
    assert world.document.listeners == 0 and world.clock.pending == 0 and world.errors == []


def test_a_page_in_a_strangers_frame_answers_nothing() -> None:
    """No button that acts, a sentence why; no key and no click gets through."""
    world = Asking(may_act=False)
    key = world.ask({"kind": "user_input", "input_schema": [{"name": "n", "type": "str"}]})
    assert "Open it by itself" in world.card().textContent
    entry = world.card().find("input")
    entry.value = "x"
    world.document.fire("keydown", entry, key="Enter")
    world.stores.interactions.delete(key)
    world.invite()
    assert "Open it by itself" in world.card().textContent
    assert [each.attributes["data-action"] for each in world.card().find_all("[data-action]")] == ["dismiss"]
    world.act("dismiss")
    assert world.commands.calls == [("put_away", (sign_in_key("r", "s"),))] and world.document.windows == []


def test_an_address_is_asked_about_again_when_it_is_opened() -> None:
    """Not the button alone stands between a click and an address."""
    world = Asking()
    key = world.invite()
    authorize = world.card().find("[data-action=authorize]")
    event = InteractionEvent.model_validate(
        {
            "event": "interaction_event",
            "run_id": "r",
            "interaction": "oauth",
            "interaction_id": "s",
            "auth_url": "https://evil.example",
        }
    )
    world.stores.interactions.set(key, Card("r", sign_in=SignIn(event, "pending")))
    world.document.fire("click", authorize)
    assert world.document.windows == []


def test_names_that_come_later_are_told() -> None:
    """Of the run and of the node; what was typed stays."""
    world = Asking()
    world.ask({"kind": "external_execution"}, "other", node_id="n1")
    world.card().find("textarea").value = "typed"
    assert "n1" in world.card().textContent and "run other" in world.card().textContent
    world.flow()
    world.stores.runs.set("other", RunRow("other", "paused", name="Monthly report"))
    text = world.card().textContent
    assert "node 1" in text and "Monthly report" in text
    assert world.card().find("textarea").value == "typed"


def test_an_absurd_expiry_is_none() -> None:
    world = Asking()
    for number, moment in enumerate(["nan", 1e300, "nonsense", -5.0]):
        world.ask({"kind": "confirmation", "expires_at": moment, "prompt": str(number)})
        assert world.card().find(".card-time").textContent == ""
    assert world.errors == [] and world.clock.pending == 0


def test_what_is_counted_is_what_a_person_can_still_do() -> None:
    """An answer that is with the server, a sign-in that is done: their cards stay and ask for nothing."""
    world = Asking()
    key = world.ask({"kind": "confirmation"})
    world.invite()
    title, cards = world.region("interactions-title"), world.region("interactions")
    assert (title.textContent, cards.attributes["data-asking"]) == ("Waiting for you (2)", "2")
    world.invite(status="completed")
    assert (title.textContent, cards.attributes["data-asking"]) == ("Waiting for you (1)", "1")
    card = world.stores.interactions.get(key)
    assert card is not None
    world.put(key, card.wanted, state="sent")
    assert (title.textContent, cards.attributes["data-asking"]) == ("Waiting for you", "0")
    assert len(world.cards) == 2 and not world.region("waiting").hidden
    assert world.attention.number == world.stores.interactions.asking == 0

from __future__ import annotations

import asyncio
from typing import Any

from pyapp.contract.events import InteractionEvent, Requirement
from pyapp.contract.flow import Flow
from pyapp.run.record import SignIn, Wanted
from pyapp.stores.cards import Card, CardState, requirement_key, sign_in_key
from pyapp.stores.rows import RunKey, RunRow
from tests.views.support import Gallery


class Called(Gallery):
    """Nobody looks at the page: no frame ever comes."""

    def __init__(self, *, wanted: bool = True) -> None:
        super().__init__()
        self.attention.hidden = True
        if wanted:
            self.attention.permission = "granted"
            self.context.shared.memory.notifies = True

    async def switched(self) -> None:
        """Somebody pressed the button, or chose the command; the browser has answered."""
        self.context.caller.switch()
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    @property
    def toast(self) -> str:
        return self.stores.toast.get()[1]

    def ask(self, name: str = "q", state: CardState = "open", **more: Any) -> RunKey:
        requirement = Requirement.model_validate({"id": name, "kind": "confirmation", **more})
        key = requirement_key("r", name)
        self.stores.interactions.set(key, Card("r", Wanted(requirement), state=state))
        return key


def test_the_number_follows_without_a_frame() -> None:
    """What is answered does not count; at the end of the page none is left."""
    world = Called()
    key = world.ask()
    event = InteractionEvent.model_validate(
        {"event": "interaction_event", "run_id": "x", "interaction": "oauth", "interaction_id": "s", "auth_url": "x"}
    )
    world.stores.interactions.set(sign_in_key("x", "s"), Card("x", sign_in=SignIn(event)))
    assert world.attention.number == 2
    world.ask(state="sent")
    assert world.attention.number == 1
    world.stores.interactions.set(sign_in_key("x", "s"), Card("x", sign_in=SignIn(event), away=True))
    assert world.attention.number == 1, "not now is not no"
    world.stores.interactions.delete(sign_in_key("x", "s"))
    world.stores.interactions.delete(key)
    assert world.attention.number == 0
    world.ask()
    world.context.caller.stop()
    assert world.attention.number == 0


def test_somebody_who_looks_elsewhere_is_called_once_for_each_card() -> None:
    """By name of the flow, and what is asked; a click opens it. Asked again they are called again."""
    world = Called()
    world.stores.flows.set((Flow(id="f", name="Release"),))
    world.stores.runs.set("r", RunRow("r", "paused", "f"))
    key = world.ask(prompt="May **it**?")
    name = "/".join(key)
    assert world.attention.told == {name: ("Approval: Release", "May it?")}
    world.attention.clicks[name]()
    assert world.commands.calls == [("take_up", (key,))]
    world.ask(state="sending")
    assert world.attention.told, "it may yet fail"
    world.ask(state="sent")
    assert world.attention.told == {}, "what is answered calls nobody"
    world.ask()
    assert world.attention.told == {name: ("Approval: Release", "run r")}


def test_nobody_is_called_who_looks_or_did_not_want_it() -> None:
    looks = Called()
    looks.attention.hidden = False
    looks.ask()
    looks.attention.hidden = True
    looks.ask(state="sending")
    assert looks.attention.told == {}, "it was seen when it came"
    silent = Called(wanted=False)
    silent.attention.permission = "granted"
    silent.ask()
    assert silent.attention.told == {}


def test_what_is_answered_elsewhere_calls_nobody_any_more() -> None:
    """Nor does a page that has ended."""
    world = Called()
    world.stores.interactions.delete(world.ask())
    assert world.attention.told == {}
    world.ask()
    world.context.caller.stop()
    assert world.attention.told == {}


async def test_a_person_is_asked_by_a_click_and_it_is_kept() -> None:
    world = Called(wanted=False)
    assert world.stores.can_notify.get()
    await world.switched()
    assert world.toast == "Notifications are on."
    assert world.context.shared.memory.notifies and not world.stores.can_notify.get()
    world.ask()
    assert len(world.attention.told) == 1
    refused = Called(wanted=False)
    refused.attention.answers = "denied"
    await refused.switched()
    assert "does not allow" in refused.toast
    assert not refused.context.shared.memory.notifies and not refused.stores.can_notify.get()


async def test_what_was_turned_on_is_turned_off_again() -> None:
    """What shows goes, too; the browser keeps its leave, so that on again asks nothing."""
    world = Called()
    world.ask()
    await world.switched()
    assert world.toast == "Notifications are off." and world.attention.told == {}
    assert not world.context.shared.memory.notifies and world.stores.can_notify.get()
    world.ask("other")
    assert world.attention.told == {}
    await world.switched()
    assert world.toast == "Notifications are on." and world.context.shared.memory.notifies


async def test_a_leave_that_was_taken_back_is_asked_for_again() -> None:
    """On, as this page remembers it, is off where the browser shows nothing."""
    world = Called()
    world.attention.permission = "ask"
    await world.switched()
    assert world.toast == "Notifications are on."
    world.ask()
    assert len(world.attention.told) == 1


async def test_a_browser_without_notifications_says_so() -> None:
    world = Called(wanted=False)
    world.attention.answers = "never"
    await world.switched()
    assert "cannot show" in world.toast

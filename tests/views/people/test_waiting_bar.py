from __future__ import annotations

from typing import Any

from pyapp.contract.events import Requirement
from pyapp.run.record import Wanted
from pyapp.stores.cards import Card, requirement_key
from pyapp.stores.rows import RunRow
from pyapp.testing.dom import FakeElement
from pyapp.views.people.interactions import InteractionsView
from pyapp.views.people.waiting_bar import WaitingBarView
from tests.views.support import Gallery


class Waiting(Gallery):
    def __init__(self) -> None:
        super().__init__()
        self.view = self.show(WaitingBarView)

    @property
    def bar(self) -> FakeElement:
        return self.region("waiting-bar")

    def ask(self, run_id: str, name: str = "q", node: str | None = "n1", **more: Any) -> None:
        requirement = Requirement.model_validate({"id": name, "kind": "confirmation", **more})
        self.stores.interactions.set(requirement_key(run_id, name), Card(run_id, Wanted(requirement, node)))


def test_it_is_there_while_something_waits() -> None:
    """What a run in front waits for is named by its step, that of another by its run."""
    world = Waiting()
    assert world.bar.hidden
    world.flow()
    world.stores.runs.set("r", RunRow("r", "paused", name="Report"))
    world.ask("r")
    assert not world.bar.hidden and "Report waits for you" in world.bar.textContent
    world.stores.front.set("r")
    assert "node 1 waits for you" in world.bar.textContent and "Report" not in world.bar.textContent
    world.stores.interactions.delete(requirement_key("r", "q"))
    assert world.bar.hidden and world.errors == []
    assert world.bar.find(".waiting-name").attributes.get("title") is None


def test_a_name_stands_apart_from_the_words_that_must_stay() -> None:
    """Where there is no room the name alone is shortened; the whole of it is one look away."""
    world = Waiting()
    world.stores.runs.set("r", RunRow("r", "paused", name="A long name"))
    world.ask("r", node=None)
    who = world.bar.find(".waiting-who")
    assert [each.textContent for each in who.children] == ["", "A long name", " waits for you"]
    assert who.find(".waiting-name").attributes["title"] == "A long name"


def test_the_most_urgent_is_named_and_opened() -> None:
    """What expires first; else the run in front; the others are counted."""
    world = Waiting()
    world.stores.front.set("front")
    for number, run_id in enumerate(("old", "front", "new")):
        world.stores.runs.set(run_id, RunRow(run_id, "paused", name=f"Flow {run_id}", started_at=float(number)))
        world.ask(run_id, node=None)
    assert "Flow front waits" in world.bar.textContent and "and 2 more" in world.bar.textContent
    world.ask("new", "soon", node=None, expires_at=world.now() + 90.0)
    assert "Flow new waits" in world.bar.textContent and "and 3 more" in world.bar.textContent
    assert "1 min 30 s left" in world.bar.textContent
    world.press(world.bar.find("[data-waiting=open]"))
    assert world.commands.calls == [("take_up", (requirement_key("new", "soon"),))]


def test_the_time_goes_on_and_turns_red() -> None:
    world = Waiting()
    world.ask("r", expires_at=world.now() + 40.0)
    time = world.bar.find(".waiting-time")
    world.advance(1.0)
    assert time.textContent == "39 s left" and not time.classList.contains("card-soon")
    world.advance(15.0)
    assert time.classList.contains("card-soon")
    world.advance(30.0)
    assert time.textContent == "Time is up", "in a bar there is no room for the sentence of the card"
    world.stores.interactions.delete(requirement_key("r", "q"))
    world.paint()
    assert world.clock.pending == 0


def test_the_bar_and_the_card_say_the_same_at_every_moment() -> None:
    """Whenever each of them was drawn: the bar here 0.4 s before the card."""
    world = Waiting()
    world.advance(0.3)
    world.stores.runs.set("r", RunRow("r", "paused"))
    world.stores.front.set("r")
    world.ask("r", expires_at=world.now() + 33.2)
    world.paint()
    world.advance(0.4)
    world.show(InteractionsView)
    card = world.region("interactions").find(".card-time")
    times = [world.bar.find(".waiting-time"), card]
    said = set()
    for _ in range(120):
        assert times[0].textContent == times[1].textContent
        assert times[0].classList.contains("card-soon") == times[1].classList.contains("card-soon")
        said.add(card.textContent)
        world.advance(0.1)
    assert len(said) >= 12


def test_what_expired_makes_way_for_what_can_still_be_answered() -> None:
    world = Waiting()
    for run_id, seconds in (("first", 5.0), ("second", 120.0)):
        world.stores.runs.set(run_id, RunRow(run_id, "paused", name=f"Flow {run_id}"))
        world.ask(run_id, expires_at=world.now() + seconds)
    world.paint()
    assert "Flow first waits" in world.bar.textContent
    world.advance(10.0)
    assert "Flow second waits" in world.bar.textContent and "1 min 50 s left" in world.bar.textContent
    world.advance(120.0)
    assert "Time is up" in world.bar.textContent and world.errors == []


def test_notifications_are_offered_where_a_person_can_be_asked() -> None:
    world = Waiting()
    world.ask("r")
    notify = world.bar.find("[data-waiting=notify]")
    assert not notify.hidden
    world.stores.can_notify.set(False)
    world.paint()
    assert notify.hidden

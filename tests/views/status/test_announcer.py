from __future__ import annotations

from typing import Any

from pyapp.contract.events import Requirement
from pyapp.run.record import Wanted
from pyapp.stores.cards import Card, requirement_key
from pyapp.stores.rows import RunRow
from pyapp.views.status.announcer import GAP_S, AnnouncerView
from tests.views.support import Gallery


class Listener(Gallery):
    """Hears what is said of run r, which is in front."""

    def __init__(self, announces: Any = "important") -> None:
        super().__init__()
        self.context.shared.memory.announces = announces
        self.stores.runs.set("old", RunRow("old", "success", name="Old"))
        self.stores.front.set("r")
        self.view = self.show(AnnouncerView)

    def run(self, status: Any, run_id: str = "r") -> str:
        self.stores.runs.set(run_id, RunRow(run_id, status, name="Nightly"))
        self.paint()
        return self.heard

    @property
    def heard(self) -> str:
        return self.region("live").textContent


def test_the_start_and_the_end_of_a_run_are_said() -> None:
    """Once each; nothing of a run that was over before, nor of the start of one that is not in front."""
    listener = Listener()
    assert listener.heard == ""
    assert listener.run("queued") == "Run started: Nightly."
    listener.advance(GAP_S)
    assert listener.run("executing", "other") == "Run started: Nightly."
    listener.run("executing")
    assert listener.run("success") == "Nightly succeeded."
    listener.advance(GAP_S)
    listener.run("success")
    listener.stores.runs.delete("r")
    listener.advance(GAP_S)
    assert listener.heard == "Nightly succeeded." and listener.errors == []


def test_a_failure_is_said_with_its_node() -> None:
    listener = Listener()
    listener.run("executing")
    listener.mock("n1", status="error", error="boom")
    listener.run("error")
    listener.advance(GAP_S)
    assert listener.heard == "Nightly failed at n1."
    listener.run("executing", "s")
    listener.run("error", "s")
    listener.advance(GAP_S)
    assert listener.heard == "Nightly failed."


def test_a_failure_in_another_flow_is_not_said_of_a_node_of_this_one() -> None:
    """Their ids may be the same."""
    listener = Listener()
    listener.flow()
    listener.stores.runs.set("s", RunRow("s", "executing", flow_id="elsewhere", name="Invoices"))
    listener.mock("n1", status="error", run_id="s")
    listener.paint()
    listener.stores.runs.set("s", RunRow("s", "error", flow_id="elsewhere", name="Invoices"))
    listener.paint()
    assert listener.heard == "Invoices failed at n1."


def test_what_waits_for_a_person_is_said_once() -> None:
    listener = Listener()
    wanted = Wanted(Requirement(id="q", kind="confirmation", prompt="Send **it**?"), "n0")
    key = requirement_key("r", "q")
    listener.stores.interactions.set(key, Card("r", wanted))
    listener.paint()
    assert listener.heard == "Approval needed: Send it?"
    listener.advance(GAP_S)
    listener.stores.interactions.set(key, Card("r", wanted, state="sending"))
    listener.run("executing")
    listener.stores.interactions.delete(key)
    listener.paint()
    assert listener.heard == "Run started: Nightly."


def test_what_comes_at_once_is_said_together_and_the_rest_counted() -> None:
    listener = Listener()
    for number in range(6):
        listener.stores.front.set(f"r{number}")
        listener.run("executing", f"r{number}")
    assert listener.heard == "Run started: Nightly."
    listener.advance(GAP_S)
    assert listener.heard == " ".join(["Run started: Nightly."] * 3 + ["And 2 more."])


def test_what_is_left_out_is_never_the_end_of_the_run_in_front_nor_a_failure() -> None:
    """However much comes behind it; what is said is said in the order in which it came."""
    listener = Listener()
    listener.run("executing")
    listener.run("executing", "other")
    listener.run("error")
    for number in range(3):
        card = Card("r", Wanted(Requirement(id=f"q{number}", kind="confirmation", prompt=f"Send {number}?")))
        listener.stores.interactions.set(card.key, card)
        listener.paint()
    listener.advance(GAP_S)
    assert listener.heard == "Nightly failed. Approval needed: Send 1? Approval needed: Send 2? And 1 more."
    for number in range(4):
        listener.run("executing", f"b{number}")
        listener.run("error", f"b{number}")
    listener.run("success")
    listener.run("killed", "other")
    listener.advance(GAP_S)
    assert listener.heard == "Nightly failed. Nightly failed. Nightly succeeded. And 3 more."


def test_what_waits_for_a_person_is_heard_among_failures_elsewhere() -> None:
    listener = Listener()
    for number in range(4):
        listener.run("executing", f"b{number}")
    listener.run("executing")
    card = Card("r", Wanted(Requirement(id="q", kind="confirmation", prompt="Send it?")))
    listener.stores.interactions.set(card.key, card)
    listener.paint()
    for number in range(4):
        listener.run("error", f"b{number}")
    listener.advance(GAP_S)
    assert listener.heard == "Approval needed: Send it? Nightly failed. Nightly failed. And 2 more."


def test_a_run_that_is_over_before_it_was_seen_is_said() -> None:
    """If it went on while this page was there; not one that the server lists."""
    listener = Listener()
    listener.stores.runs.set("listed", RunRow("listed", "error", name="Listed"))
    listener.stores.runs.set("r", RunRow("r", "error", name="Nightly", lived=True))
    listener.paint()
    assert listener.heard == "Nightly failed."


def test_a_run_that_only_a_link_names_is_no_start() -> None:
    """It may be over, or not there; what it is, is known when somebody tells of it."""
    listener = Listener()
    assert listener.run("unverified") == ""
    assert listener.run("success") == ""
    listener.stores.front.set("s")
    listener.run("unverified", "s")
    assert listener.run("executing", "s") == "Run started: Nightly."


def test_steps_are_counted_for_who_wants_to_hear_everything_and_nothing_is_said_to_who_does_not() -> None:
    everything, nothing, listener = Listener("all"), Listener("off"), Listener()
    for each in (everything, nothing, listener):
        each.mock("n0", status="success")
        each.mock("n1", status="executing")
        each.paint()
        each.mock("n1", status="success")
        each.mock("n2", status="success")
        each.paint()
    assert everything.heard == "1 step ended."
    everything.advance(GAP_S)
    assert everything.heard == "2 steps ended."
    assert nothing.run("executing") == "" and listener.heard == ""
    everything.view.close()
    assert everything.clock.pending == 0

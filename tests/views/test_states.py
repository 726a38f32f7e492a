from __future__ import annotations

from dataclasses import replace

from pyapp.contract.events import Requirement
from pyapp.run.record import Wanted
from pyapp.stores.cards import Card
from pyapp.stores.rows import GroupState, MockNode, RunRow
from pyapp.views.states import execution_status
from tests.views.support import Gallery


def test_an_execution_waits_while_its_last_wait_is_open() -> None:
    """What its end left open says nothing."""

    def status(of: str, *waits: tuple[float, float | None]) -> str:
        return execution_status(MockNode("n-0", "n", "n", "r", 0, of, True, waits=waits))  # type: ignore[arg-type]

    assert status("executing") == status("executing", (1.0, 2.0)) == "executing"
    assert status("executing", (1.0, 2.0), (3.0, None)) == "paused"
    assert status("killed", (3.0, None)) == "killed"


def test_what_was_not_reached_can_be_said_of_a_run_that_is_over_and_more_than_a_row() -> None:
    """And of which nothing is lacking: a node of which nobody told may have run."""
    gallery = Gallery()
    states = gallery.context.states
    gallery.stores.runs.set("r", RunRow("r", "error"))
    assert states.unbegun("r") == ""
    gallery.mock("n0", 0, "error")
    assert states.unbegun("r") == "node.unreached"
    gallery.stores.runs.set("r", RunRow("r", "error", lacks="runs.cut"))
    assert states.unbegun("r") == ""


def test_a_node_that_never_began_is_called_by_how_its_run_is() -> None:
    gallery = Gallery()
    states = gallery.context.states
    assert states.unbegun("r") == ""
    said = {}
    for known in (False, True):
        for status in ("queued", "executing", "paused", "unverified", "success", "error", "killed"):
            gallery.stores.runs.set("r", RunRow("r", status))
            said[status, known] = states.unbegun("r").removeprefix("node.")
        gallery.mock("n0", 0, "success")
    live = dict.fromkeys(((each, known) for each in ("queued", "executing", "paused") for known in (0, 1)), "not_yet")
    over = {("success", 1): "unneeded", ("error", 1): "unreached", ("killed", 1): "unreached"}
    assert {each: words for each, words in said.items() if words} == live | over


def test_a_run_waits_while_a_person_can_do_something_about_a_card() -> None:
    """Whatever its record says; one that is over asks for nothing."""
    gallery = Gallery()
    states, card = gallery.context.states, Card("r", Wanted(Requirement(id="q", kind="confirmation")))
    assert states.run(RunRow("r", "executing")) == "executing" and states.run(RunRow("r", "paused")) == "paused"
    gallery.stores.interactions.set(card.key, card)
    said = [states.run(RunRow("r", status)) for status in ("executing", "unverified", "killed")]
    assert said == ["paused", "paused", "killed"] and states.asking("r") is card
    gallery.stores.interactions.set(card.key, replace(card, state="sent"))
    assert states.run(RunRow("r", "executing")) == "executing" and states.asking("r") is None


def test_what_is_told_of_a_node_is_looked_up_anew_once_it_changed() -> None:
    """In the frame behind the change, before anything is drawn; at once when another run comes to the front."""
    gallery = Gallery()
    nodes, stores = gallery.context.nodes, gallery.stores
    stores.front.set("r")
    assert tuple(nodes["n"]) == ({}, None, None, None, None)
    gallery.mock("n", 0, waits=((1.0, None),))
    gallery.mock("n", 1, run_id="back")
    gallery.paint()
    first = stores.mock.get(("r", "n-0"))
    assert first is not None
    assert tuple(nodes["n"]) == ({"n-0": first}, first, None, None, "executing")
    stores.mock.set(("r", "n-0"), replace(first, status="success"))
    stores.tools.set(("r", "n"), ("look",))
    gallery.paint()
    assert nodes["n"].status == "success" and nodes["n"].tools == ("look",)
    group = GroupState("error", 1, 1)
    stores.groups.set(("r", "n"), group)
    gallery.paint()
    assert (nodes["n"].group, nodes["n"].status) == (group, "error")
    stores.front.set("back")
    assert nodes["n"].latest is stores.mock.get(("back", "n-1"))
    assert len(nodes) == 1 and nodes["n"] is nodes["n"]

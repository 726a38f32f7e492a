from __future__ import annotations

from dataclasses import replace

from pyapp.contract.events import Requirement
from pyapp.run.record import Wanted
from pyapp.stores.cards import Card
from pyapp.stores.rows import RunRow
from pyapp.testing.dom import FakeElement
from pyapp.views.people.origin import SOON_S, Origin
from tests.views.support import Gallery

CARD = Card("run-0123456789abcdef", Wanted(Requirement.model_validate({"id": "q", "kind": "output_review"}), "n1"))


def made(gallery: Gallery) -> tuple[Origin, FakeElement]:
    origin = Origin(gallery.context, CARD, "1")
    origin.update(CARD, folded=False)
    assert isinstance(origin.element, FakeElement)
    return origin, origin.element


def test_it_says_whose_it_is_as_far_as_is_known() -> None:
    """The id is never cut to a letter, and whole one look away."""
    gallery = Gallery()
    origin, line = made(gallery)
    assert "Run" in line.textContent and "run 01234567" in line.textContent and "n1" in line.textContent
    assert line.find(".card-run").attributes["title"] == CARD.run_id
    gallery.flow()
    gallery.stores.runs.set(CARD.run_id, RunRow(CARD.run_id, "paused", name="Report", started_at=gallery.now()))
    origin.update(CARD, folded=True)
    assert "Report" in line.textContent and "started" in line.textContent and "node 1" in line.textContent
    assert not line.find("[data-show-run]").hidden and line.find(".card-which").attributes["title"].count(":") == 2


def test_it_tells_the_time_by_the_servers_clock() -> None:
    """When it says something else comes with it; after the end, never; with little left it is red."""
    origin, line = made(Gallery())
    time = line.find(".card-time")
    assert (origin.tell_time(100.0, 40.0), time.textContent) == (41.0, "1 min 00 s left")
    assert not time.classList.contains("card-soon")
    assert origin.tell_time(100.0, 101.5 - SOON_S) is not None and time.classList.contains("card-soon")
    assert origin.tell_time(100.0, 99.5) == 100.0
    assert origin.tell_time(100.0, 100.0) is None and "Time is up" in time.textContent
    assert origin.tell_time(None, 100.0) is None and time.textContent == ""


def test_the_step_of_a_flow_that_made_way_for_another_is_said_and_leads_nowhere() -> None:
    gallery = Gallery()
    gallery.flow()
    gallery.stores.runs.set(CARD.run_id, RunRow(CARD.run_id, "paused", flow_id="demo"))
    origin, line = made(gallery)
    step = line.find(".node-link")
    assert not step.disabled
    gallery.flow(id="elsewhere", nodes=[{"id": "n1", "label": "another"}], edges=[])
    origin.update(CARD, folded=True)
    assert (step.hidden, step.textContent, step.disabled) == (False, "node 1", True)
    gallery.stores.graph.set(None)
    origin.update(CARD, folded=True)
    assert step.disabled


def test_a_step_of_another_flow_is_no_way_onto_this_canvas() -> None:
    """Its id may be that of another node here: what the events call it is said, and leads nowhere."""
    gallery = Gallery()
    gallery.flow()
    gallery.stores.runs.set(CARD.run_id, RunRow(CARD.run_id, "paused", flow_id="elsewhere"))
    origin, line = made(gallery)
    origin.update(CARD, folded=True)
    step = line.find(".node-link")
    assert step.hidden and "node 1" not in line.textContent
    gallery.mock("n1", run_id=CARD.run_id)
    paid = replace(gallery.stores.mock.of_run(CARD.run_id)["n1-0"], handle="Pay out")
    gallery.stores.mock.set((CARD.run_id, "n1-0"), paid)
    origin.update(CARD, folded=True)
    assert (step.textContent, step.hidden, step.disabled) == ("Pay out", False, True)
    gallery.stores.runs.set(CARD.run_id, RunRow(CARD.run_id, "paused", flow_id="demo"))
    origin.update(CARD, folded=True)
    assert (step.textContent, step.hidden, step.disabled) == ("node 1", False, False)

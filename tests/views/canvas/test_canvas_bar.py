from __future__ import annotations

from pyapp.contract.events import InteractionEvent
from pyapp.run.record import SignIn
from pyapp.stores.cards import Card
from pyapp.stores.rows import GroupState, RunRow
from pyapp.views.canvas.canvas_bar import LIVELY
from tests.views.canvas.stage import GROUPED, Stage

SIGN_IN = {
    "event": "interaction_event", "run_id": "r", "interaction": "oauth", "interaction_id": "s",
    "auth_url": "https://a.example",
}  # fmt: skip


def test_groups_are_not_counted_as_nodes() -> None:
    """A group with events of its own: between nodes is when no node in it runs."""
    stage = Stage(**GROUPED)
    stage.mock("g", 0)
    assert stage.state() == ("between", "Waiting for the next step · 0 done")
    stage.mock("a", 1)
    assert stage.state() == ("executing", "1 running · 0 done")
    stage.mock("a", 1, "success")
    stage.mock("g", 0, "success")
    assert stage.state() == ("between", "Waiting for the next step · 1 done")


def test_a_group_that_is_heard_of_behind_its_own_execution_is_not_counted() -> None:
    stage = Stage()
    stage.mock("n0", 0)
    stage.stores.groups.set(("r", "n0"), GroupState("executing", 0, 1))
    assert stage.state() == ("between", "Waiting for the next step · 0 done")


def test_following_what_is_folded_shows_its_group() -> None:
    """The middle is the folded group's, not that of a node nobody sees."""
    stage = Stage(**GROUPED)
    stage.stores.folded.set(frozenset({"g"}))
    stage.paint()
    stage.press(stage.region("canvas-bar").find("[data-bar=follow]"))
    stage.mock("b", 0)
    assert stage.canvas.placed is not None
    box = stage.canvas.placed.boxes["g"]
    assert stage.viewport.wishes[-1] == ("center", box.x + box.width / 2, box.y + box.height / 2)


def test_the_bar_says_what_happens() -> None:
    """Nothing, running, between nodes, paused, over: in words and as data."""
    stage = Stage()
    assert stage.state() == ("between", "Waiting for the next step · 0 done")
    stage.mock("n0")
    assert stage.state() == ("executing", "1 running · 0 done")
    stage.mock("n0", status="success")
    assert stage.state()[0] == "between"
    stage.stores.runs.set("r", RunRow("r", "paused"))
    stage.paint()
    assert stage.state() == ("paused", "Waiting for you · 1 done")
    stage.stores.runs.set("r", RunRow("r", "executing"))
    card = Card("r", sign_in=SignIn(InteractionEvent.model_validate(SIGN_IN)))
    stage.stores.interactions.set(card.key, card)
    stage.paint()
    assert stage.state() == ("paused", "Waiting for you · 1 done"), "a sign-in is waited for, too"
    ground = stage.region("canvas")
    assert ground.getAttribute("data-over") == "false", "what all edges look at changes at the end alone"
    stage.stores.runs.set("r", RunRow("r", "success"))
    stage.paint()
    assert stage.state() == ("over", "1 done · 3 not needed") and ground.getAttribute("data-over") == "true"
    stage.mock("n1", 1, "error")
    stage.stores.runs.set("r", RunRow("r", "error"))
    stage.paint()
    assert stage.state() == ("over", "1 done · 1 failed · 2 not reached")
    stage.stores.runs.set("other", RunRow("other", "executing"))
    stage.stores.front.set(None)
    stage.paint()
    assert stage.state() == ("none", "")


def test_zoom_fit_and_follow_are_a_persons() -> None:
    """Nothing moves by itself; with the switch on, the newest executing node comes to the middle."""
    stage = Stage()
    wishes = stage.viewport.wishes
    assert [wish[0] for wish in wishes] == ["show"]
    bar = stage.region("canvas-bar")
    for name in ("in", "out", "fit"):
        stage.press(bar.find(f"[data-bar={name}]"))
    assert [wish[0] for wish in wishes[1:]] == ["zoom", "zoom", "fit"]
    stage.mock("n0")
    assert len(wishes) == 4
    follow = bar.find("[data-bar=follow]")
    stage.press(follow)
    assert follow.attributes["aria-pressed"] == "true"
    with stage.stores.batch():
        stage.mock("n2", 2)
        stage.mock("n1", 1)
    stage.paint()
    assert wishes[-1][0] == "center" and len(wishes) == 5
    stage.mock("nowhere", 9)
    stage.press(follow)
    stage.mock("n3", 10)
    assert len(wishes) == 5


def test_while_many_nodes_execute_they_glow_without_moving() -> None:
    """What moves is a layer in each frame: a handful is lively, more stand still until a handful is left."""
    stage = Stage(nodes=[{"id": f"n{number}"} for number in range(LIVELY + 1)], edges=[])
    canvas = stage.region("canvas")
    for number in range(LIVELY):
        stage.mock(f"n{number}", number)
    assert canvas.getAttribute("data-calm") != "true"
    stage.mock(f"n{LIVELY}", LIVELY)
    assert canvas.getAttribute("data-calm") == "true"
    stage.mock("n0", 0, status="success")
    assert canvas.getAttribute("data-calm") == "false"

from __future__ import annotations

from tests.views.canvas.stage import GROUPED, Stage


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

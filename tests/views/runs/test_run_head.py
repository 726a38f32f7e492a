from __future__ import annotations

from dataclasses import replace

from pyapp.contract.events import InteractionEvent
from pyapp.contract.flow import Flow
from pyapp.locale.catalogue import Catalogue
from pyapp.locale.display import day_of, exact_time, start_time
from pyapp.run.record import SignIn
from pyapp.stores.cards import Card
from pyapp.stores.rows import GroupState, RunRow
from pyapp.views.frame import BUDGET_S
from pyapp.views.runs.run_head import LIVELY, RunHeadView
from tests.views.canvas.stage import GROUPED, Stage
from tests.views.support import Gallery

SIGN_IN = {
    "event": "interaction_event", "run_id": "r", "interaction": "oauth", "interaction_id": "s",
    "auth_url": "https://a.example",
}  # fmt: skip


class Headed(Gallery):
    def __init__(self) -> None:
        super().__init__()
        self.view = self.show(RunHeadView)
        self.head = self.region("run-head")

    def run(self, row: RunRow) -> None:
        self.stores.runs.set(row.run_id, row)
        self.stores.front.set(row.run_id)
        self.paint()

    def said(self, part: str) -> str:
        return self.head.find(part).textContent


def test_the_run_in_front_stands_on_one_line() -> None:
    """How it is, of which flow, since when, for how long, and what it was given."""
    page = Headed()
    page.flow()
    now = page.server_clock.now()
    page.run(RunRow("r", "executing", flow_id="demo", name="Team", started_at=now, input="What is a lane?"))
    assert (page.said(".chip"), page.said(".run-head-given")) == ("Running", "What is a lane?")
    assert page.said(".run-head-time") and page.said(".run-head-elapsed") == "0.0 s"
    again = page.head.find("[data-run-again]")
    assert again.hidden, "it still goes on"
    page.advance(3.0)
    assert page.said(".run-head-elapsed") == "3.0 s"
    page.run(replace(page.stores.runs.get("r") or RunRow("r", "success"), status="error", ended_at=now + 4.0))
    assert (page.said(".chip"), page.said(".run-head-elapsed"), again.hidden) == ("Failed", "4.0 s", False)
    page.press(again)
    assert page.commands.calls == [("again", ("r",))]


def test_a_run_that_may_be_over_can_be_run_again() -> None:
    """What became of it nobody tells: a person need not wait for that."""
    page = Headed()
    again = page.head.find("[data-run-again]")
    page.run(RunRow("r", "unverified", "demo"))
    assert not again.hidden
    page.press(again)
    assert page.commands.calls == [("again", ("r",))]
    page.run(RunRow("r", "paused"))
    assert again.hidden


def test_a_run_that_may_not_be_has_neither_a_flow_nor_actions() -> None:
    """A link names it, and nobody told of it; the flow on the canvas is not its own. Told of, it has both."""
    page = Headed()
    page.flow(name="Team")
    page.run(RunRow("nope", "unverified"))
    assert (page.said(".chip"), page.said(".run-head-name")) == ("Status unknown", "Run")
    actions = page.head.find_all("button")
    assert actions and all(each.hidden for each in actions)
    page.run(RunRow("nope", "unverified", seen=True))
    assert page.said(".run-head-name") == "Team" and not any(each.hidden for each in actions)


def test_a_link_to_the_run_is_copied() -> None:
    """There is none without a run."""
    page = Headed()
    link = page.head.find("[data-link]")
    assert link.hidden
    page.run(RunRow("r", "executing"))
    assert not link.hidden
    page.press(link)
    assert page.document.copied == [page.context.platform.address.link()]


def test_a_run_that_is_to_stop_says_so() -> None:
    page = Headed()
    page.run(RunRow("r", "executing", stopping=True))
    assert page.said(".chip") == "Stopping…"


def test_it_names_the_flow_as_the_menu_does() -> None:
    """Before the run's own name; without any of them it is a run all the same."""
    page = Headed()
    assert page.said(".run-head-name") == "Run" and page.head.find(".chip").hidden
    page.run(RunRow("r", "success", flow_id="other", name="Team"))
    assert page.said(".run-head-name") == "Team"
    page.stores.flows.set((Flow(id="other", name="Research team"),))
    page.paint()
    assert page.said(".run-head-name") == "Research team"


def test_without_a_run_it_says_what_the_flow_does() -> None:
    page = Headed()
    page.flow(description="Counts words.")
    assert page.said(".run-head-given") == "Counts words."
    page.run(RunRow("r", "success"))
    assert page.said(".run-head-given") == ""


def test_what_is_the_same_is_not_said_again() -> None:
    """The chip is drawn once for a status, however often the row changes."""
    page = Headed()
    page.run(RunRow("r", "executing"))
    drawn = page.head.find(".chip").children[0]
    page.run(RunRow("r", "executing", unread=True))
    assert page.head.find(".chip").children[0] is drawn
    page.view.redraw()
    page.paint()
    assert page.head.find(".chip").children[0] is not drawn


def test_in_a_strangers_frame_it_cannot_be_run_again() -> None:
    gallery = Gallery(may_act=False)
    gallery.show(RunHeadView)
    gallery.stores.runs.set("r", RunRow("r", "success"))
    gallery.stores.front.set("r")
    gallery.paint()
    assert gallery.region("run-head").find("[data-run-again]").hidden


def test_a_run_of_another_year_says_so() -> None:
    """By the server's clock, to which its moments belong; one look away to the second."""
    page = Headed()
    then = page.now() - 400 * 86_400
    page.run(RunRow("r", "success", started_at=then, ended_at=then + 5))
    assert page.said(".run-head-time") == start_time(Catalogue(), then, page.now())
    assert str(day_of(then).year) in page.said(".run-head-time")
    assert page.head.find(".run-head-time").attributes["title"] == exact_time(then)


# -- over the canvas ---------------------------------------------------------------------------------------
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


def test_the_head_and_the_canvas_never_say_different_things() -> None:
    """Not even for a frame, however little a frame has time for."""
    stage = Stage()
    stage.stores.runs.set("r", RunRow("r", "unverified"))
    stage.paint()
    stage.clock.tick_s = BUDGET_S
    chip, words = stage.region("run-head").find(".chip"), stage.region("canvas-bar").find(".canvas-state")
    said = []
    stage.stores.runs.set("r", RunRow("r", "paused"))
    Gallery.mock(stage, "n0")
    while stage.frames.paint():
        said.append((chip.textContent, words.textContent.partition(" · ")[0]))
    assert said[-1][0] == "Waiting for you" and [each for each in said if each[0] != each[1]] == []

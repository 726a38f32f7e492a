from __future__ import annotations

from pyapp.live.stage import Stage
from pyapp.run.record_old import RunRecord
from pyapp.stores.runs import RunRow
from tests.live.support import World, message


class Staged(World):
    """A world with a stage, and who came to the front."""

    def __init__(self) -> None:
        super().__init__()
        self.stage = Stage(self.stores, self.tracking)
        self.fronts: list[str | None] = []
        self.stage.on_front(lambda run: self.fronts.append(run.run_id if run else None))

    def hear(self, event: str, run_id: str, **fields: object) -> RunRecord:
        run = self.tracking.record(message(event, run_id, **fields))
        self.stage.seen(run)
        return run


def test_the_first_run_comes_to_the_front() -> None:
    """None is in front: whoever appears is."""
    world = Staged()
    world.hear("start_node", "a", node_id="n")
    world.hear("start_node", "a", node_id="n")
    assert world.fronts == ["a"]
    row = world.stores.runs.get("a")
    assert row is not None and not row.unread and row.seen


def test_a_run_by_itself_waits_in_the_background() -> None:
    """While the front is not over a new run stays behind, unread, until it is brought."""
    world = Staged()
    world.hear("run_start", "a")
    world.hear("run_start", "b")
    assert world.stores.front.get() == "a"
    row = world.stores.runs.get("b")
    assert row is not None and row.unread
    world.stage.bring("b")
    row = world.stores.runs.get("b")
    assert row is not None and not row.unread
    assert world.fronts == ["a", "b"]


def test_a_new_run_takes_the_place_of_one_that_is_over() -> None:
    """Over is over: the next that appears comes to the front; one that was there before does not."""
    world = Staged()
    world.hear("run_start", "a")
    world.hear("run_start", "b")
    world.hear("run_end", "a")
    world.hear("start_node", "b", node_id="n")
    assert world.stores.front.get() == "a"
    world.hear("run_start", "c")
    assert world.stores.front.get() == "c"


def test_a_run_that_was_only_listed_comes_with_its_first_event() -> None:
    """A page opened in the middle of a run shows it; one that is over by the list stays where it is."""
    world = Staged()
    world.stores.runs.set("a", RunRow("a", "success"))
    world.stores.runs.set("b", RunRow("b", "executing"))
    world.hear("start_node", "a", node_id="n")
    assert world.stores.front.get() is None
    world.hear("start_node", "b", node_id="n")
    assert world.stores.front.get() == "b"


def test_a_run_of_another_flow_stays_in_the_list() -> None:
    """It belongs elsewhere; an event without flow_id belongs here."""
    world = Staged()
    world.stage.flow_id = "mine"
    world.hear("run_start", "theirs", flow_id="other")
    assert world.stores.front.get() is None
    world.hear("start_node", "mine-1", node_id="n")
    assert world.stores.front.get() == "mine-1"
    world.hear("run_start", "mine-1", flow_id="other")
    assert world.stores.front.get() is None, "it turned out to be of another flow"


def test_a_forgotten_run_leaves_row_and_front() -> None:
    """Nothing refers to what tracking no longer knows; timers of who leaves the front are gone."""
    world = Staged()
    world.hear("run_start", "a")
    world.tracking.schedule_animation("a", "k", lambda: None, 1.0)
    assert world.tracking.protected("a")
    world.tracking.clear_run("a")
    assert world.stores.front.get() is None
    assert world.stores.runs.get("a") is None
    assert world.clock.pending == 0
    world.stage.bring(None)
    world.hear("run_start", "b")
    world.tracking.clear_run("zzz")
    assert world.fronts == ["a", None, "b"]

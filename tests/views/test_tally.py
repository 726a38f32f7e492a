from __future__ import annotations

from typing import Any

import pytest

from pyapp.stores.rows import GroupState, RunRow
from pyapp.views.tally import MAX_GRAPHS
from tests.views.support import Gallery

TEAM: dict[str, Any] = {
    "nodes": [{"id": "t", "path": "x.Team"}, {"id": "a", "path": "x.Agent", "parent": "t"}, {"id": "z"}],
    "edges": [],
}
LOOP: dict[str, Any] = {"nodes": [{"id": "l", "path": "x.Loop"}, {"id": "a", "parent": "l"}], "edges": []}


class Counted(Gallery):
    def __init__(self, **flow: Any) -> None:
        super().__init__()
        self.flow(**flow)
        self.tally = self.context.tally

    def over(self, status: Any = "error", **fields: Any) -> str:
        return self.tally.over(RunRow("r", status, **fields))

    def progress(self, **fields: Any) -> tuple[str, int, int]:
        return self.tally.progress(RunRow("r", "executing", **fields))


def test_a_team_that_works_itself_is_a_step() -> None:
    """Its members done, it is not: it runs itself."""
    gallery = Counted(**TEAM)
    gallery.mock("t", 0, type="Team")
    gallery.mock("a", 1, "success", type="Agent")
    gallery.stores.groups.set(("r", "t"), GroupState("executing", 1, 1))
    assert gallery.tally.counts("r") == {"executing": 1, "success": 1}
    assert gallery.progress() == ("1 of 3", 1, 3)


def test_a_group_that_only_holds_others_is_none() -> None:
    gallery = Counted(**LOOP)
    gallery.mock("l", 0, type="Loop")
    gallery.mock("a", 1, "success")
    assert gallery.tally.counts("r") == {"success": 1}
    assert gallery.over("success") == "1 done"


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("success", "1 done · 3 not needed"),
        ("error", "1 done · 3 not reached"),
        ("killed", "1 done · 3 not reached"),
    ],
)
def test_branches_that_a_good_run_did_not_take_were_not_needed(status: str, words: str) -> None:
    gallery = Counted()
    gallery.mock("n0", 0, "success")
    assert gallery.over(status) == words
    assert gallery.over(status, lacks="runs.cut") == "1 done"


def test_every_way_to_end_has_its_word() -> None:
    """What was stopped is not done; of the latest time a node ran."""
    gallery = Counted()
    for order, (node, status) in enumerate([("n0", "error"), ("n0", "success"), ("n1", "killed"), ("n2", "unknown")]):
        gallery.mock(node, order, status)
    assert gallery.over("killed") == "1 done · 1 stopped · 1 not reported · 1 not reached"


def test_of_a_loop_only_the_round_is_said() -> None:
    gallery = Counted(**LOOP)
    gallery.mock("a", 0, "success")
    gallery.stores.groups.set(("r", "l"), GroupState("executing", 0, 1, rounds=7))
    assert gallery.progress() == ("round 7", 0, 0)


def test_without_its_flow_what_is_known_is_said_still() -> None:
    gallery = Counted()
    gallery.mock("n0", 0, "success")
    assert gallery.progress(flow_id="other") == ("1 done", 0, 0)
    assert gallery.over(flow_id="other") == "1 done"


def test_a_flow_that_made_way_for_another_is_counted_by_still() -> None:
    """One that came back changed as it is now; of very many the latest."""
    gallery = Counted()
    gallery.mock("n0", 0, "success")
    gallery.flow(id="other", **LOOP)
    assert gallery.over(flow_id="demo") == "1 done · 3 not reached"
    assert gallery.progress(flow_id="demo") == ("1 of 4", 1, 4)
    gallery.flow(nodes=[{"id": "n0"}, {"id": "n1"}], edges=[])
    for number in range(MAX_GRAPHS - 1):
        gallery.flow(id=f"f{number}", **LOOP)
    assert gallery.over(flow_id="demo") == "1 done · 1 not reached"
    gallery.flow(id="one more", **LOOP)
    assert gallery.over(flow_id="demo") == "1 done"


def test_of_a_run_that_is_nothing_but_a_row_nothing_is_said() -> None:
    gallery = Counted()
    assert (gallery.over(), gallery.progress()) == ("", ("", 0, 4))

from __future__ import annotations

from typing import Any

from pyapp.stores.listing import RunsFilter
from pyapp.stores.rows import RunRow
from pyapp.testing.dom import FakeElement
from pyapp.views.runs.runs_bar import TIMES, RunsBarView
from tests.views.support import Gallery


class Bar(Gallery):
    def __init__(self) -> None:
        super().__init__()
        self.view = self.show(RunsBarView)

    def part(self, selector: str) -> FakeElement:
        return self.region("runs-bar").find(selector)

    def chosen(self, selector: str, event: str, value: str) -> RunsFilter:
        """What a person wants after this; the page follows."""
        self.document.fire(event, self.part(selector), value=value)
        name, (wanted,) = self.commands.calls[-1]
        assert name == "filter_runs"
        self.stores.runs_filter.set(wanted)
        self.paint()
        return wanted  # type: ignore[no-any-return]


def test_each_choice_is_added_to_the_others() -> None:
    bar = Bar()
    assert bar.chosen("[data-filter=text]", "input", " lane ") == RunsFilter(text="lane")
    assert bar.chosen("[data-filter=status]", "change", "error") == RunsFilter(text="lane", status="error")
    assert bar.chosen("[data-filter=this_flow]", "change", "this").this_flow
    wanted = bar.chosen("[data-filter=within_s]", "change", "day")
    assert wanted == RunsFilter(True, "error", "lane", TIMES["day"])
    assert bar.chosen("[data-filter=within_s]", "change", "any").within_s is None
    assert not bar.chosen("[data-filter=this_flow]", "change", "all").this_flow


def test_what_is_wanted_is_shown_whoever_wanted_it() -> None:
    """What is typed is not touched while it says the same."""
    bar = Bar()
    text = bar.part("[data-filter=text]")
    text.value = "lane "
    bar.stores.runs_filter.set(RunsFilter(True, "killed", "lane", TIMES["hour"]))
    bar.paint()
    values = [bar.part(f"[data-filter={each}]").value for each in ("text", "this_flow", "status", "within_s")]
    assert values == ["lane ", "this", "killed", "hour"]
    bar.stores.runs_filter.set(RunsFilter())
    bar.paint()
    assert text.value == ""


def test_an_order_by_failure_is_offered_where_something_failed() -> None:
    """And while it is chosen."""
    bar = Bar()
    sort = bar.part("[data-sort]")

    def put(status: Any) -> None:
        bar.stores.runs.set("a", RunRow("a", status))
        bar.paint()

    put("success")
    assert sort.hidden
    put("error")
    assert not sort.hidden
    bar.press(sort)
    assert bar.commands.calls[-1] == ("filter_runs", (RunsFilter(errors_first=True),))
    bar.stores.runs_filter.set(RunsFilter(errors_first=True))
    bar.paint()
    assert sort.attributes["aria-pressed"] == "true"
    bar.stores.runs.delete("a")
    bar.paint()
    assert not sort.hidden
    bar.stores.runs_filter.set(RunsFilter())
    bar.paint()
    assert sort.hidden


def test_a_bar_that_is_drawn_late_knows_what_failed() -> None:
    gallery = Gallery()
    gallery.stores.runs.set("a", RunRow("a", "error"))
    gallery.show(RunsBarView)
    assert not gallery.region("runs-bar").find("[data-sort]").hidden

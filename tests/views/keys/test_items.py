from __future__ import annotations

from pyapp.contract.flow import Flow
from pyapp.locale.display import day_of, start_time
from pyapp.stores.rows import RunRow
from pyapp.views.keys import items
from tests.views.support import Gallery


def test_runs_come_the_newest_first() -> None:
    gallery = Gallery()
    for run_id, started_at in (("old", 1.0), ("new", 9.0), ("coming", None)):
        gallery.stores.runs.set(run_id, RunRow(run_id, "queued", started_at=started_at))
    assert [item.key for item, _ in items.runs(gallery.context)] == ["coming", "new", "old"]


def test_a_run_is_called_here_as_everywhere_else() -> None:
    """As its flow, whatever it calls itself; by its id where only that is known; with what waits for a person."""
    gallery = Gallery()
    gallery.stores.flows.set((Flow(id="demo", name="Demo"),))
    gallery.stores.runs.set("r", RunRow("r", "paused", flow_id="demo", name="Clerk", started_at=1.0))
    gallery.stores.runs.set("s", RunRow("s", "success", flow_id="gone", name="Clerk"))
    gallery.stores.runs.set("t", RunRow("t", "success", flow_id="gone"))
    names = {item.key: item.name for item, _ in items.runs(gallery.context)}
    assert names == {"r": "Demo", "s": "Clerk", "t": "gone"}
    assert names == {run_id: gallery.context.run_name(run_id) for run_id in names}


def test_keys_are_written_as_people_write_them() -> None:
    gallery = Gallery()
    shown = [items.shown_key(gallery.context, key) for key in ("p", "?", "1", "Mod+k", "Escape", "")]
    assert shown == ["P", "?", "1", "Ctrl K or ⌘ K", "Esc", ""]


def test_without_a_flow_there_are_no_nodes() -> None:
    gallery = Gallery()
    assert list(items.nodes(gallery.context)) == [] and list(items.flows(gallery.context)) == []


def test_a_run_of_another_day_says_which() -> None:
    gallery = Gallery()
    then = gallery.now() - 400 * 86_400
    gallery.stores.runs.set("r", RunRow("r", "success", started_at=then))
    ((item, _),) = items.runs(gallery.context)
    assert item.hint.startswith(f"{start_time(gallery.context.words, then, gallery.now())} · ")
    assert str(day_of(then).year) in item.hint

from __future__ import annotations

from pyapp.stores.rows import LogLine, MAX_LINES, MockNode, RunLog, RunRow
from pyapp.stores.tables import MAX_NOTICES, MockStore, NoticesStore
from pyapp.stores.store import Batch
from pyapp.stores.stores import Stores


def batch() -> Batch:
    return Batch(lambda source, error: None)


def mock(run_id: str, node: str, order: int) -> MockNode:
    return MockNode(f"{node}-{order}", node, node, run_id, order, "executing", True)


def test_mock_nodes_are_found_by_run() -> None:
    """The index follows set, delete and delete_run."""
    store = MockStore(batch())
    for run_id in ("a", "b"):
        store.set((run_id, "n-0"), mock(run_id, "n", 0))
    assert list(store.of_run("a")) == ["n-0"]
    assert store.of_run(None) == {} == store.of_run("zzz")
    store.delete(("a", "n-0"))
    store.delete(("zzz", "n-0"))
    assert store.of_run("a") == {}
    store.delete_run("b")
    assert len(store) == 0
    assert not mock("a", "n", 0).ended


def test_notices_count_and_are_bounded() -> None:
    """The same key counts; the oldest leaves when there are too many."""
    store = NoticesStore(batch())
    store.say("a", "one")
    store.alert("a", "two")
    notice = store.get("a")
    assert notice is not None and (notice.role, notice.text, notice.count) == ("alert", "two", 2)
    for number in range(MAX_NOTICES):
        store.say(str(number), "x")
    assert len(store) == MAX_NOTICES and "a" not in store


def test_a_log_is_bounded_and_knows_its_total() -> None:
    """Old lines leave, the total goes on."""
    log = RunLog().extended([LogLine(None, "info", str(n)) for n in range(MAX_LINES + 3)])
    assert (len(log.lines), log.dropped, log.total) == (MAX_LINES, 3, MAX_LINES + 3)
    assert log.extended([LogLine(None, "info", "x")]).dropped == 4


def test_metrics_count_from_zero() -> None:
    """Every metric is there from the start."""
    stores = Stores(lambda source, error: None)
    stores.metrics.count("gap")
    stores.metrics.count("gap", 2)
    assert dict(stores.metrics.items())["gap"] == 3
    assert dict(stores.metrics.items())["received"] == 0


def test_a_row_knows_whether_it_is_over() -> None:
    """Only the three terminal words end a run."""
    assert RunRow("r", "killed").over
    assert not RunRow("r", "unverified").over

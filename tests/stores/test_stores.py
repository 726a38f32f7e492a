from __future__ import annotations

from pyapp.stores.rows import RunRow
from pyapp.stores.stores import Stores


def test_they_share_one_batch() -> None:
    """What changes in several stores at once is told at once, and what a listener raises is reported by its name."""
    failed: list[str] = []
    stores = Stores(lambda source, error: failed.append(source))
    told: list[str] = []
    stores.runs.listen(lambda keys: told.append(f"runs while {stores.front.get()} is in front"))
    stores.front.listen(lambda front: 1 / 0)  # type: ignore[arg-type]
    with stores.batch():
        stores.runs.set("r", RunRow("r", "executing"))
        stores.front.set("r")
        assert told == []
    assert told == ["runs while r is in front"] and len(failed) == 1


def test_metrics_count_from_zero() -> None:
    """Every metric is there from the start."""
    stores = Stores(lambda source, error: None)
    stores.metrics.count("gap")
    stores.metrics.count("gap", 2)
    assert dict(stores.metrics.items())["gap"] == 3
    assert dict(stores.metrics.items())["received"] == 0

"""The one path all events share: whatever raises on it costs one event, never the page."""

from __future__ import annotations

from typing import Any

from pyapp.testing.page import FakePage


def event(name: str, run: str = "r", **fields: Any) -> dict[str, Any]:
    return {"event": name, "run_id": run, **fields}


async def test_a_thousand_and_one_parallel_executions_end_with_their_run() -> None:
    """What is open is never evicted; the end of the run ends all of it, and the page goes on."""
    page = FakePage()
    await page.open()
    page.receive([event("start_node", node_id="n0", order=order) for order in range(1001)])
    page.receive(event("run_end"))
    page.receive(event("run_start", "other"))
    await page.advance(1)
    assert (page.row("r"), page.row("other")) == ("success", "executing")
    assert page.app.inbox.waiting == 0
    page.app.stop()


async def test_what_raises_on_the_way_of_an_event_stops_no_other() -> None:
    """The next event of every run is handled, the failure is counted, named and put aside in words."""
    page = FakePage()
    await page.open()

    def broken(event: Any) -> Any:
        raise KeyError("broken")

    page.app.tracking.record, whole = broken, page.app.tracking.record  # type: ignore[method-assign]
    page.receive(event("run_start"))
    page.app.tracking.record = whole  # type: ignore[method-assign]
    page.receive(event("start_node", "other", node_id="n0", order=0))
    await page.advance(1)
    assert page.row("other") == "executing"
    assert page.app.stores.metrics.get("failed") == 1
    assert "KeyError" in page.app.stores.quarantine.get()[-1].reason
    page.app.stop()

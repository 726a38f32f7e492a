from __future__ import annotations

from pyapp.testing.dom import REGIONS, FakeElement
from pyapp.testing.faults import Faults
from pyapp.testing.page import HEARD, FakePage


async def test_a_whole_page_runs_on_fakes() -> None:
    """Flow, link, frames, time, reconnects: without a browser."""
    page = FakePage()
    await page.open()
    page.receive({"event": "start_node", "run_id": "r", "node_id": "n0", "order": 0})
    assert (page.classes("n0"), page.badges("n0"), page.row("r")) == ({"executing"}, [("1", "executing")], "executing")
    assert (page.classes("zzz"), page.badges("zzz"), page.row("zzz")) == (set(), [], None)
    before = len(page.sockets.opened)
    await page.reconnect()
    assert len(page.sockets.opened) == before + 1
    assert isinstance(page.document.node("n0"), FakeElement)
    page.app.stop()


START = {"event": "start_node", "run_id": "r", "node_id": "n0", "order": 0}


async def test_frames_come_after_what_a_test_does() -> None:
    """Unless nobody looks: then the stores are right, and nothing is drawn until somebody does."""
    page = FakePage()
    await page.open()
    page.frames.hidden = True
    page.receive(START)
    assert page.app.stores.mock.get(("r", "n0-0")) is not None
    assert (page.badges("n0"), page.row("r"), page.classes("n0")) == ([], None, {"executing"})
    page.frames.hidden = False
    await page.settle()
    assert (page.badges("n0"), page.row("r")) == ([("1", "executing")], "executing")
    page.app.stop()
    assert (page.frames.pending, page.clock.pending) == (0, 0)


async def test_pictures_of_two_pages_that_show_the_same_are_equal() -> None:
    """Region by region, live durations too; another event is seen."""
    pages = [FakePage() for _ in range(2)]
    for page in pages:
        await page.open()
        page.receive(START)
        await page.advance(3.0)
    first, second = (page.picture() for page in pages)
    assert first == second and set(REGIONS) - set(first) == set(HEARD)
    pages[1].receive({**START, "event": "end_node", "status": "success", "content": "x"})
    changed = {name for name, region in pages[1].picture().items() if region != first[name]}
    assert {"canvas", "node-output", "inspector"} <= changed and "chat" not in changed
    assert "inspector" not in pages[1].picture(but=["inspector"])
    for page in pages:
        page.app.stop()


async def test_a_part_is_broken_by_its_name() -> None:
    """One view, through the seam; it comes back by itself, and nothing else was touched."""
    faults = Faults()
    page = FakePage(seam=faults)
    await page.open()
    faults.arm("view BadgesView", RuntimeError("torn"))
    page.receive(START)
    assert (page.badges("n0"), page.row("r")) == ([], "executing")
    assert page.document.region("inspector").find("[data-view=BadgesView]").attributes["data-failures"] == "1"
    faults.mend()
    await page.advance(1.0)
    assert page.badges("n0") == [("1", "executing")]
    page.app.stop()

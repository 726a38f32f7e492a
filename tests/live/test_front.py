"""Which run is in front, and the lock of the editor (docs/contract.md §6)."""

from __future__ import annotations

from pyapp.live.front import MAX_ROWS
from pyapp.run.tracking import MAX_RUNS
from pyapp.testing.page import FakePage
from tests.live.support import closed, ev, opened


def front(page: FakePage) -> str | None:
    marked = page.document.region("runs").find_all("[aria-current=true]")
    return marked[0].attributes["data-run-id"] if marked else None


def unread(page: FakePage, run_id: str) -> bool:
    return page.document.region("runs").find(f"[data-run-id={run_id}]").attributes["data-unread"] == "true"


def locked(page: FakePage) -> bool:
    return page.document.region("editor").attributes["data-locked"] == "true"


async def test_a_run_that_appears_by_itself_waits_until_the_one_in_front_is_over() -> None:
    """Then the next that appears comes; the one that waited stays in the background, unread."""
    page = await opened()
    page.receive(ev("run_start", "a"))
    page.receive(ev("run_start", "b"))
    assert front(page) == "a" and unread(page, "b") and not unread(page, "a")
    page.receive(ev("run_end", "a"))
    assert front(page) == "a"
    page.receive(ev("start_node", "b", node_id="n0", order=0))
    assert front(page) == "a", "b has had its place"
    page.receive(ev("run_start", "c"))
    assert front(page) == "c"
    await closed(page)


async def test_a_run_of_another_flow_never_comes_by_itself() -> None:
    """Also when its flow is told only after it came to the front; without a flow it belongs to the canvas."""
    page = await opened()
    page.receive(ev("run_start", "theirs", flow_id="other"))
    assert front(page) is None and unread(page, "theirs")
    page.receive(ev("start_node", "late", node_id="n0", order=0))
    assert front(page) == "late"
    page.receive(ev("run_start", "late", flow_id="other"))
    assert front(page) is None and page.classes("n0") == set()
    page.receive(ev("run_start", "ours", flow_id="demo"))
    assert front(page) == "ours"
    await closed(page)


async def test_a_run_that_a_person_wants_keeps_its_place_though_nothing_is_known_of_it() -> None:
    """No other takes the front meanwhile."""
    page = await opened()
    page.app.commands.adopt("wanted")
    page.receive(ev("run_start", "stranger"))
    assert front(page) == "wanted"
    await closed(page)


async def test_brought_to_the_front_everything_of_a_run_is_there_at_once() -> None:
    """Classes, badges, output, chat; of the one before nothing is left, and no timer of it touches the canvas."""
    page = await opened()
    page.receive(ev("run_start", "a"), ev("start_node", "a", node_id="n0", order=0))
    page.receive(ev("end_node", "a", node_id="n0", order=0, status="error"))
    page.receive(
        ev("run_start", "b"),
        ev("start_node", "b", node_id="n1", order=0),
        ev("start_tool", "b", node_id="n1", tool_name="t"),
        ev("RunContent", "b", content="of b"),
    )
    assert page.classes("n1") == set()
    page.document.press(page.document.region("runs").find("[data-run-id=b]"))
    assert front(page) == "b" and not unread(page, "b")
    assert page.classes("n1") == {"executing", "executing-tool"} and page.badges("n1") == [("1", "executing")]
    assert "of b" in page.document.region("chat").textContent
    assert page.classes("n0") == set() and page.badges("n0") == []
    await page.advance(3.0)
    assert page.classes("n0") == set()
    page.document.press(page.document.region("runs").find("[data-run-id=a]"))
    assert page.classes("n0") == {"executed-error"} and page.classes("n1") == set()
    await closed(page)


async def test_the_editor_is_locked_while_the_run_in_front_is_unfinished() -> None:
    """One in the background does not lock it."""
    page = await opened()
    assert not locked(page)
    page.receive(ev("run_start", "a"), ev("run_start", "b"))
    assert locked(page)
    page.receive(ev("AgentPaused", "a", requirements=[]))
    assert locked(page), "paused is not over"
    page.receive(ev("resume_start", "a"), ev("run_end", "a"))
    assert not locked(page)
    await closed(page)


async def test_beyond_its_bound_a_run_has_a_row_and_no_record() -> None:
    """It follows its start and its end, and costs nothing else; looked at, it is asked for."""
    page = await opened()
    page.receive(*(ev("run_start", f"r{number}") for number in range(MAX_RUNS)))
    page.receive(ev("run_start", "beyond"), ev("start_node", "beyond", node_id="n0", order=0))
    assert page.row("beyond") == "executing" and page.app.tracking.find("beyond") is None
    page.receive(ev("run_end", "beyond", status="killed"))
    assert page.row("beyond") == "killed"
    assert page.http.asked("GET", "/runs/beyond/events") == 0
    page.document.press(page.document.region("runs").find("[data-run-id=beyond]"))
    await page.settle(500)  # it has its turn behind what is asked of fifty others
    assert front(page) == "beyond" and page.http.asked("GET", "/runs/beyond/events") == 1
    assert len(page.app.tracking) == MAX_RUNS and page.app.tracking.find("r0") is None
    assert page.row("r0") == "executing", "one that lives keeps its row"
    await closed(page)


async def test_a_run_that_is_forgotten_leaves_the_front() -> None:
    page = await opened()
    page.receive(ev("run_start"), ev("start_node", node_id="n0", order=0))
    page.app.tracking.clear_run("r")
    await page.settle()
    assert front(page) is None and page.badges("n0") == [] and not locked(page)
    await closed(page)


async def test_rows_of_runs_for_which_there_is_no_room_are_bounded() -> None:
    """Those that are nothing but a row go, oldest first; what is known of stays."""
    page = await opened()
    for number in range(MAX_ROWS + 80):
        page.socket.deliver({"event": "run_start", "run_id": f"r{number}", "seq": 0})
    rows = page.app.stores.runs
    assert len(rows) == MAX_ROWS
    assert all(run.run_id in rows for run in page.app.tracking.runs())
    assert f"r{MAX_ROWS + 79}" in rows and "r60" not in rows
    await closed(page)

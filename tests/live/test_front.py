"""Which run is in front, and the lock of the editor (docs/contract.md §6)."""

from __future__ import annotations

from typing import Any

from pyapp.contract.location import Location
from pyapp.live.front import MAX_OVER, MAX_ROWS
from pyapp.live.memory import Memory
from pyapp.run.tracking import MAX_RUNS
from pyapp.testing.clock import FakeClock
from pyapp.testing.page import FakePage
from tests.faulty_http import FaultyHttp
from tests.live.support import Json, chat, closed, ev, lines, numbered, opened


def front(page: FakePage) -> str | None:
    marked = page.document.region("runs").find_all("[aria-current=true]")
    return marked[0].attributes["data-run-id"] if marked else None


async def bare() -> tuple[FakePage, FaultyHttp]:
    """A page whose canvas is on its way."""
    clock = FakeClock()
    http = FaultyHttp(clock)
    http.late = {"/flows/demo"}
    return await opened(http=http, clock=clock), http


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


async def test_a_run_that_was_looked_at_is_not_new_behind_a_reload() -> None:
    """Whoever brought it to the front. One that nobody looked at is, and one that stood there before its canvas."""
    page, http = await bare()
    page.receive(ev("run_start", "early", flow_id="other"))
    http.give_held()
    await page.settle()
    page.receive(*(ev("run_start", each) for each in "abc"))
    page.app.commands.show_run("b")
    await page.settle()
    assert front(page) == "b" and [unread(page, each) for each in ("early", *"abc")] == [True, False, False, True]
    storage = page.storage
    await closed(page)
    page = await opened(storage=storage)
    page.receive(*(ev("run_start", each) for each in ("new", *"abc")), ev("run_start", "early", flow_id="other"))
    assert front(page) == "new" and [unread(page, each) for each in ("early", *"abc")] == [True, False, False, True]
    await closed(page)


async def test_a_run_that_was_there_before_its_canvas_was_looked_at() -> None:
    page, http = await bare()
    page.receive(ev("run_start", "a", flow_id="demo"))
    assert front(page) == "a" and Memory(page.storage).is_new("a")
    http.give_held()
    await page.settle()
    assert front(page) == "a" and not Memory(page.storage).is_new("a")
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


def whole(run_id: str, **fields: Any) -> list[Json]:
    """A run that ran one node, and failed."""
    made = ev("run_start", run_id, entity_name=f"Run {run_id}", flow_id="demo", ts=100.0)
    node = ev("start_node", run_id, node_id="n0", order=0), ev("RunContent", run_id, content=f"said by {run_id}")
    ended = ev("run_end", run_id, status="error", error="it broke", ts=160.0)
    return [{**each, **fields} for each in numbered(made, *node, ended)]


async def forgetful(*run_ids: str) -> FakePage:
    """A page that ran these, and so many after them that nothing but their rows is left."""
    page = await opened()
    for run_id in [*run_ids, *(f"r{number}" for number in range(MAX_RUNS))]:
        page.receive(*whole(run_id))
    await page.settle()
    assert all(page.app.tracking.find(run_id) is None for run_id in run_ids)
    return page


def press_row(page: FakePage, run_id: str) -> None:
    page.document.press(page.document.region("runs").find(f"[data-run-id={run_id}]"))


async def test_the_row_of_a_run_that_is_over_stays_when_the_run_is_forgotten() -> None:
    """Nothing else of it does; late words of it bring nothing back; a click loads its history, and shows it."""
    page = await forgetful("old")
    stores = page.app.stores
    row = stores.runs.get("old")
    assert row is not None
    assert (row.status, row.name, row.ended_at, row.error) == ("error", "Run old", 160.0, "it broke")
    tables = (stores.mock, stores.groups, stores.tools, stores.chat, stores.interactions)
    assert not any(table.of_run("old") for table in tables) and stores.logs.get("old") is None
    page.receive(ev("RunContent", "old", content="late", seq=4), ev("AgentPaused", "old", requirements=[], seq=5))
    await page.settle()
    assert page.app.tracking.find("old") is None and stores.runs.get("old") == row
    page.http.answer("GET", "/runs/old/events?after=-1", lines(*whole("old")))
    press_row(page, "old")
    await page.settle()
    assert front(page) == "old" and chat(page) == ["said by old"] and page.badges("n0") == [("1", "error")]
    assert page.row("old") == "error" and len(page.app.tracking) == MAX_RUNS
    await closed(page)


async def test_a_forgotten_run_whose_history_cannot_be_had_is_what_its_row_says() -> None:
    """It was over, and stays so: it is neither in doubt, nor does it lock the editor."""
    page = await forgetful("old")
    before = page.app.stores.runs.get("old")
    press_row(page, "old")
    for _ in range(50):
        await page.advance(1.0)
    assert front(page) == "old" and page.app.stores.runs.get("old") == before and not locked(page)
    await closed(page)


async def test_of_two_forgotten_runs_the_one_clicked_last_is_in_front() -> None:
    """Whichever history comes first: the other one takes its place in the list alone."""
    for order in (("a", "b"), ("b", "a")):
        page = await forgetful("a", "b")
        press_row(page, "a")
        press_row(page, "b")
        for run_id in order:
            page.receive(*whole(run_id))
            await page.settle()
            assert front(page) == "b"
        await closed(page)


async def test_rows_of_forgotten_runs_are_bounded() -> None:
    """The oldest go; a late word of one brings no row back."""
    page = await opened()
    for number in range(MAX_RUNS + MAX_OVER + 3):
        page.receive(*whole(f"r{number}"))
    rows = page.app.stores.runs
    assert len(rows) == MAX_RUNS + MAX_OVER and "r2" not in rows and "r3" in rows
    page.receive(ev("RunContent", "r2", content="late", seq=4))
    assert "r2" not in rows
    await closed(page)


def cards(page: FakePage) -> list[str]:
    found = page.document.region("interactions").find_all("[data-requirement-id]")
    return sorted(each.attributes["data-run-id"] for each in found)


async def test_the_card_of_a_run_beyond_appears() -> None:
    """Also of one that had only a row until then; it comes with all that was said before, and can be answered."""
    page = await opened()
    page.receive(*(ev("run_start", f"r{number}") for number in range(MAX_RUNS)))
    question = {"id": "q", "kind": "confirmation"}
    page.receive(ev("AgentPaused", "new", requirements=[question]))
    assert cards(page) == ["new"] and page.row("new") == "paused"
    page.receive(ev("run_start", "beyond"))
    assert page.app.tracking.find("beyond") is None
    page.http.answer("GET", "/runs/beyond", {"run_id": "beyond", "flow_id": "other", "status": "paused"})
    page.http.answer("POST", "/runs/beyond/continue", "", 202)
    page.receive(ev("AgentPaused", "beyond", requirements=[question]))
    await page.settle(500)
    assert cards(page) == ["beyond", "new"] and page.row("beyond") == "paused"
    assert page.http.asked("GET", "/runs/beyond") == 1
    assert len(page.app.tracking) == MAX_RUNS + 2 and front(page) == "r0"
    page.document.press(page.document.region("interactions").find("[data-run-id=beyond]").find("[data-action=approve]"))
    await page.settle(500)
    assert page.http.asked("POST", "/runs/beyond/continue") == 1
    await closed(page)


async def test_the_card_of_a_listed_run_beyond_appears() -> None:
    """One that does not ask is a row."""
    page = await opened()
    page.receive(*(ev("run_start", f"r{number}") for number in range(MAX_RUNS)))
    asks = {"run_id": "asks", "status": "paused", "requirements": [{"id": "q", "kind": "confirmation"}]}
    page.http.answer("GET", "/runs", [{"run_id": "works", "status": "executing"}, asks])
    page.app.sync.listing.ask()
    await page.settle(500)
    assert cards(page) == ["asks"] and page.row("works") == "executing"
    assert page.app.tracking.find("works") is None
    await closed(page)


async def test_what_a_person_chose_to_read_stays_though_another_run_was_going_on_already() -> None:
    """A link to last night's run, or a reload while it is read; a run that begins then comes by itself."""
    page = await opened()
    over = {"run_id": "read", "flow_id": "demo", "status": "error", "started_at": 1.0}
    waits = {"run_id": "waits", "flow_id": "demo", "status": "paused", "started_at": 2.0}
    page.http.answer("GET", "/runs/read", over)
    page.http.answer("GET", "/runs", [over, waits])
    page.app.commands.adopt("read")
    page.app.sync.listing.ask()
    await page.settle(500)
    assert front(page) == "read" and page.row("read") == "error" and page.row("waits") == "paused"
    page.receive(ev("run_start", "waits"), ev("start_node", "waits", node_id="n0", order=0))
    assert front(page) == "read" and unread(page, "waits")
    page.receive(ev("run_start", "begins"))
    assert front(page) == "begins"
    await closed(page)


async def test_a_run_that_a_person_left_for_none_does_not_come_back() -> None:
    """Its first event comes when it is not wanted any more."""
    page = await opened()
    page.app.commands.adopt("left")
    page.app.commands.go(Location("demo"))
    await page.settle()
    page.receive(ev("run_start", "left"))
    assert front(page) is None and page.row("left") == "executing"
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

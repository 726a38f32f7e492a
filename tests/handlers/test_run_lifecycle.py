from __future__ import annotations

import json

from pyapp.ports import HttpResponse
from pyapp.settings import Settings
from tests.live.support import ev, notices, opened


async def test_the_row_follows_the_run() -> None:
    """From its first sign of life to its end; the editor with it."""
    page = await opened()
    page.receive(ev("run_start", entity_name="Nightly"))
    assert page.row("r") == "executing"
    assert page.app.stores.editor.get().locked
    page.receive(ev("AgentPaused", requirements=[]))
    assert page.row("r") == "paused"
    page.receive(ev("resume_start"), ev("resume_end", status="success"))
    assert page.row("r") == "success"
    assert not page.app.stores.editor.get().locked
    page.receive(ev("run_end", status="error"))
    assert page.row("r") == "success", "the first terminal event wins"
    page.app.stop()


async def test_the_log_is_polled_until_after_the_end() -> None:
    """Once a second while it lives; the last lines are fetched, until nothing more comes; then no more."""
    page = await opened()
    page.http.then(
        "GET",
        "/runs/r/logs",
        HttpResponse(200, '{"lines": [{"text": "one"}], "cursor": 1}'),
        HttpResponse(200, '{"lines": []}'),
        HttpResponse(200, '{"lines": [{"text": "last", "level": "error", "node_id": "n0", "ts": 1.0}], "cursor": 2}'),
        HttpResponse(200, '{"lines": [], "cursor": 2}'),
    )
    page.receive(ev("run_start"))
    await page.settle()
    await page.advance(1.0)
    page.receive(ev("run_end"))
    await page.advance(1.0)
    await page.advance(1.0)
    asked = page.http.asked("GET", "/runs/r/logs")
    await page.advance(30.0)
    assert page.http.asked("GET", "/runs/r/logs") == asked == 4
    log = page.app.stores.logs.get("r")
    assert log is not None and [line.text for line in log.lines] == ["one", "last"]
    page.app.stop()


async def test_log_trouble_is_said_and_retried() -> None:
    """A 500 slows the polling down and is told in words; a backend without logs is asked once."""
    page = await opened()
    page.http.then("GET", "/runs/r/logs", HttpResponse(500, "<html>"), HttpResponse(200, '{"lines": [{"text": "x"}]}'))
    page.receive(ev("run_start"))
    await page.settle()
    assert "log" in notices(page)
    await page.advance(2.0)
    log = page.app.stores.logs.get("r")
    assert log is not None and log.total == 1
    page.receive(ev("run_end"), ev("run_start", "q"))
    await page.advance(30.0)
    assert page.http.asked("GET", "/runs/q/logs") == 1
    page.app.stop()


async def test_results_are_fetched_at_the_end() -> None:
    """What the stream did not tell is filled in; trouble is retried and said, and goes away."""
    page = await opened()
    result = {"status": "success", "content": "late", "orders": [0]}
    info = json.dumps({"run_id": "r", "status": "success", "results": {"n0": result}})
    page.http.then("GET", "/runs/r", HttpResponse(503, ""), HttpResponse(200, info))
    page.receive(ev("start_node", node_id="n0", order=0), ev("run_end"))
    await page.settle()
    assert "results" in notices(page)
    await page.advance(1.0)
    assert "results" not in notices(page)
    mock = page.app.stores.mock.get(("r", "n0-0"))
    assert mock is not None and (mock.status, mock.output) == ("success", "late")
    page.app.stop()


async def test_silence_makes_the_page_ask() -> None:
    """30 s without a word: executing buys 30 s more; without an answer the run is not confirmed, and settles later."""
    page = await opened()
    executing = HttpResponse(200, '{"run_id": "r", "status": "executing"}')
    ended = HttpResponse(200, '{"run_id": "r", "status": "killed"}')
    page.http.then("GET", "/runs/r", executing, OSError("gone"), ended)
    page.receive(ev("start_node", node_id="n0", order=0))
    await page.advance(29.0)
    assert page.http.asked("GET", "/runs/r") == 0
    await page.advance(1.5)
    assert (page.http.asked("GET", "/runs/r"), page.row("r")) == (1, "executing")
    await page.advance(30.5)
    assert page.row("r") == "unverified"
    assert "could not be reached" in page.document.region("runs").textContent
    assert page.app.stores.editor.get().locked
    page.app.commands.unlock()
    assert not page.app.stores.editor.get().locked
    await page.advance(10.5)
    assert page.row("r") == "killed"
    assert page.classes("n0") == set()
    page.receive(ev("run_end", status="success"))
    assert page.row("r") == "success", "what HTTP says is provisional"
    page.app.stop()


async def test_a_sign_of_life_ends_the_doubt() -> None:
    """Any event; and a paused run is never in doubt, nor is one asked about without a backend."""
    page = await opened()
    page.http.answer("GET", "/runs/r", "", 500)
    page.receive(ev("run_start"))
    await page.advance(31.0)
    assert page.row("r") == "unverified"
    page.receive(ev("RunContent", content="x"))
    assert page.row("r") == "executing"
    page.receive(ev("AgentPaused", requirements=[]))
    await page.advance(90.0)
    assert page.row("r") == "paused"
    page.app.stop()


async def test_without_http_a_silent_run_is_not_confirmed() -> None:
    """No api: the reason says so."""
    page = await opened(Settings(ws="ws://portal.test/ws"))
    page.receive(ev("run_start"))
    await page.advance(31.0)
    assert page.row("r") == "unverified"
    page.app.stop()


async def test_the_row_knows_the_queue_and_the_pauses() -> None:
    page = await opened()
    page.receive(ev("run_start", ts=5.0), ev("AgentPaused", ts=6.0, requirements=[]), ev("resume_start", ts=8.0))
    row = page.app.stores.runs.get("r")
    assert row is not None and (row.began_at, row.waits) == (5.0, ((6.0, 8.0),))
    page.app.stop()

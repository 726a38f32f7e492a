"""One run: numbers, log lines, and the handle that any thread may use."""

from __future__ import annotations

import asyncio
import json
import threading
from typing import Any

import pytest

from devserver.engine.runs import Line, Run, RunHandle, Stamped


def make() -> tuple[Run, list[Stamped]]:
    out: list[Stamped] = []
    return Run("r", "f", now=lambda: 5.0, publish=out.append), out


def told(out: list[Stamped]) -> list[dict[str, Any]]:
    return [json.loads(each.text) for each in out]


def start(node: str, order: int) -> dict[str, Any]:
    return {"event": "start_node", "node_id": node, "order": order}


async def test_events_are_numbered_and_stamped() -> None:
    """Numbers rise from 0 without a gap; run, id and time are filled in; run_start learns its flow."""
    run, out = make()
    handle = RunHandle(run, now=lambda: 7.5)
    handle.emit({"event": "run_start"})
    handle.emit(start("a", 0) | {"run_id": "another", "seq": 99})
    first, second = told(out)
    assert (first["seq"], first["event_id"], first["ts"], first["flow_id"]) == (0, "r-0", 7.5, "f")
    assert (second["seq"], second["run_id"]) == (1, "r")
    assert run.last_seq == 1


async def test_what_is_no_event_is_refused_where_it_is_sent() -> None:
    """A flow hears at once, in words, that its event is not of the contract; nothing goes out."""
    run, out = make()
    with pytest.raises(ValueError, match="node_id: Field required"):
        RunHandle(run, now=lambda: 1.0).emit({"event": "start_node"})
    assert out == [] and run.last_seq == -1


async def test_threads_and_loop_keep_the_order_of_calls() -> None:
    """Events of a thread come out on the loop, in order, before what follows the thread's end."""
    out: list[Stamped] = []
    threads: set[int] = set()

    def publish(event: Stamped) -> None:
        out.append(event)
        threads.add(threading.get_ident())

    run = Run("r", "f", now=lambda: 5.0, publish=publish)
    lines: list[Line] = []
    run.on_line = lines.append
    handle = RunHandle(run, now=lambda: 1.0)

    def work() -> None:
        for order in range(50):
            handle.emit(start("a", order))
        handle.log("info", "done", "a")

    await asyncio.to_thread(work)
    handle.emit({"event": "run_end"})
    assert [event.get("order") for event in told(out)] == [*range(50), None]
    assert threads == {threading.get_ident()}
    assert lines == [Line("r", {"ts": 1.0, "level": "info", "text": "done", "node_id": "a"})]


async def test_nothing_comes_after_the_end() -> None:
    """The first terminal event wins; what comes later is dropped."""
    run, out = make()
    handle = RunHandle(run, now=lambda: 9.0)
    handle.emit({"event": "run_end", "status": "error", "error": "no"})
    handle.emit(start("a", 0))
    run.finish("success")
    assert len(out) == 1 and handle.ended
    assert (run.picture.status, run.picture.error, told(out)[0]["ts"], run.picture.results) == ("error", "no", 9.0, {})


def test_a_bad_end_closes_what_is_open() -> None:
    """Tools first, then nodes from the inside out, then the run; each with the run's own status."""
    run, out = make()
    tool = {"event": "start_tool", "node_id": "b", "tool_call_id": "t", "tool_name": "look"}
    for event in (start("a", 0), start("b", 1), tool):
        run.record(event, 1.0)
    run.finish("killed")
    assert [(event["event"], event.get("node_id"), event["status"]) for event in told(out)[3:]] == [
        ("end_tool", "b", "killed"),
        ("end_node", "b", "killed"),
        ("end_node", "a", "killed"),
        ("run_end", None, "killed"),
    ]


def test_a_good_end_claims_nothing_about_open_nodes() -> None:
    """Of a node that never ended the server does not say that it succeeded."""
    run, out = make()
    run.record(start("a", 0), 1.0)
    run.finish("success")
    assert [event["event"] for event in told(out)] == ["start_node", "run_end"]


def test_log_lines_are_told_and_clipped() -> None:
    """Each line once, in order; a long one is cut."""
    run, _ = make()
    lines: list[Line] = []
    run.on_line = lines.append
    run.write("info", "one", None, 1.0)
    assert [each.line["text"] for each in lines] == ["one"]
    run.write("warning", "x" * 10_000, None, 2.0)
    (line,) = (each.line for each in lines[1:])
    assert line["level"] == "warning" and len(line["text"]) < 10_000

"""A backend that answers with another type than it should: each check says what is wrong, and none gives up."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from websockets.asyncio.server import ServerConnection, serve

from flowglow.check.conduct import conduct
from flowglow.check.options import Options
from flowglow.check.report import status

from .faults import catch_up, field, on
from .faulty import Ask, Fault, Json
from .raw import Asked, answer, answering
from .test_check import checked, codes

JSON = "content-type: application/json"
HELLO = json.dumps({"type": "hello", "heartbeat_s": 0.2})
RUN = {
    "run_id": "r", "id": ["x"], "status": [], "nodes": [{"id": {}}], "edges": 5, "lines": 7, "cursor": {},
    "ticket": "t", "expires_in": 0.1, "started_at": "x", "requirements": 5, "results": [],
}  # fmt: skip
PAUSE = {"event": "AgentPaused", "run_id": "r", "seq": 1, "requirements": [{"id": [1], "kind": {}, "choices": 5}]}
SAME: Mapping[str, tuple[bytes, str, list[str]]] = {
    "nested deeply": (b"[" * 100_000, JSON, ["[" * 100_000]),
    "a charset that is none": (b"\xff\xfe{}", f"{JSON}; charset=base64", [HELLO]),
    "lists in lists": (b"[[1]]", JSON, ["[[1]]"]),
    "a number": (b"7", JSON, ["7"]),
    "odd types": (json.dumps(RUN).encode(), JSON,
                  [HELLO, json.dumps({"event": "run_start", "run_id": "r", "seq": 0}), json.dumps(PAUSE)]),
}  # fmt: skip


@pytest.mark.parametrize("how", SAME)
async def test_what_answers_everything_with_the_same_is_told_of_by_name(how: str) -> None:
    body, header, frames = SAME[how]

    def answers(asked: Asked) -> bytes:
        return answer(body, header)

    async def sends(socket: ServerConnection) -> None:
        for each in frames:
            await socket.send(each)
        await socket.wait_closed()

    async with serve(sends, "127.0.0.1", 0) as sockets, answering(answers) as server:
        ws = f"ws://127.0.0.1:{sockets.sockets[0].getsockname()[1]}/ws"
        options = Options(ws, f"http://{server.where}/api", ("f",), patience_s=0.3, grace_s=0.1)
        async with asyncio.timeout(60):
            outcomes = await conduct(options)
    assert status(outcomes) == 1 and len(codes(outcomes)) > 3
    assert [why for each in outcomes for why in each.untried if "cannot read" in why] == []


def asks(*requirements: Any, **fields: Any) -> Callable[[Json], Json]:
    """Pauses have other requirements; or their own, with other fields."""

    def changed(event: Json) -> Json:
        own = [{**each, **fields} for each in event.get("requirements", ())]
        return {**event, "requirements": list(requirements) or own} if "requirements" in event else event

    return changed


def of_waiting_runs(ask: Ask, status: int, value: Any) -> tuple[int, Any]:
    return (status, [5, {"status": ["x"]}]) if ask.query.get("status") else (status, value)


def of_tickets(ask: Ask, status: int, value: Any) -> tuple[int, Any]:
    return (status, {**value, "expires_in": float("inf")}) if ask.path == "/tickets" else (status, value)


def node(value: Any) -> Any:
    return {**value, "nodes": [{**each, "parent": ["a"]} for each in value["nodes"]]}


def brief(event: Callable[[Json], Json]) -> Fault:
    """A run of it waits for ever."""
    return Fault(event=event, options={"patience_s": 1.0})


ODD: Mapping[str, tuple[Fault, str, tuple[str, ...]]] = {
    "edges that are no list": (
        Fault(answers=field("/flows/*", lambda value: {**value, "edges": 5})), "flow.unreadable", ("flows",),
    ),
    "a parent that is a list": (Fault(answers=field("/flows/*", node)), "flow.parents", ("flows",)),
    "results that are lists": (
        Fault(answers=field("/runs/*", lambda value: {**value, "results": {"a": [1], "b": 7}})),
        "run.results", ("run",),
    ),
    "open ones that are a number": (
        Fault(answers=field("/runs/*", lambda value: {**value, "requirements": 5})),
        "continue.not_listed", ("continue",),
    ),
    "runs that are none": (Fault(answers=field("/runs", lambda value: [*value, 5])), "runs.unreadable", ("runs",)),
    "a status that is a list": (Fault(answers=of_waiting_runs), "runs.status", ("runs",)),
    "what was resolved, a number": (
        Fault(event=on("resume_start", {"resolved": 7})), "frame.malformed", ("continue", "frames"),
    ),
    "what was resolved, lists": (
        Fault(event=on("resume_start", {"resolved": [["x"]]})), "frame.malformed", ("continue", "frames"),
    ),
    "a requirement whose id is a list": (
        brief(asks({"kind": "confirmation", "id": ["x"]}, 5)), "frame.malformed", ("start", "frames"),
    ),
    "requirements that are no list": (
        brief(on("AgentPaused", {"requirements": 7})), "frame.malformed", ("start", "frames"),
    ),
    "choices that are a number": (
        brief(asks(kind="route_selection", choices=5)), "frame.malformed", ("start", "frames"),
    ),
    "a node whose id is an object": (
        Fault(event=on("end_node", {"node_id": {}})), "frame.malformed", ("run", "frames"),
    ),
    "an event whose id is a list": (
        Fault(event=on("*", {"event_id": ["x"], "seq": None})), "frame.malformed", ("events", "frames"),
    ),
    "numbers that are lists": (
        Fault(sends=catch_up(lambda item: {**item, "from_seq": [0], "to_seq": [1]}, None), long=True,
              options={"patience_s": 1.0}),
        "resume.range", ("resume",),
    ),
    "a ticket for ever": (Fault(answers=of_tickets), "tickets.unreadable", ("tickets",)),
    "a policy that names no address": (Fault(policy="connect-src http://[::1"), "csp.ws", ("policy",)),
}  # fmt: skip


@pytest.mark.parametrize("how", ODD)
async def test_a_part_of_another_type_is_told_of_by_name(how: str) -> None:
    fault, code, only = ODD[how]
    async with asyncio.timeout(60):
        outcomes = await checked(fault, only)
    assert code in codes(outcomes)
    assert [why for each in outcomes for why in each.untried if "cannot read" in why] == []

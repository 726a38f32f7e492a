"""An executor that is called over HTTP."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from pydantic_core import from_json
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from flowglow.errors import Refused
from flowglow.relay.portal import Unclear, Webhook
from tests.flowglow.serving import served


class Worker:
    """A portal that notes what it is told, and may refuse."""

    def __init__(self) -> None:
        self.told: list[tuple[str, Any]] = []
        self.answer: Response = Response(status_code=204)

    def app(self) -> Starlette:
        async def hook(request: Request) -> Response:
            self.told.append((request.headers.get("authorization", ""), from_json(await request.body())))
            return self.answer

        return Starlette(routes=[Route("/hook", hook, methods=["POST"])])


NOBODY = Request({"type": "http", "headers": []})


async def test_it_is_told_what_to_do_by_key() -> None:
    worker = Worker()
    async with served(worker.app()) as address:
        hook = Webhook(f"http://{address}/hook", "secret")
        await hook.start("f", "r", {"x": 1}, NOBODY)
        await hook.stop("r")
        await hook.answered("r")
        await hook.close()
    assert [key for key, _ in worker.told] == ["Bearer secret"] * 3
    assert [body for _, body in worker.told] == [
        {"action": "start", "run_id": "r", "flow_id": "f", "input": {"x": 1}},
        {"action": "stop", "run_id": "r"},
        {"action": "answered", "run_id": "r"},
    ]


async def test_its_refusal_is_told_in_its_own_words() -> None:
    """Where it has some; an answer that is its own fault is a 502, and so is one that never comes."""
    worker = Worker()
    async with served(worker.app()) as address:
        hook = Webhook(f"http://{address}/hook")
        worker.answer = JSONResponse({"error": {"message": "All workers are busy."}}, 429)
        with pytest.raises(Refused, match=r"^All workers are busy\.$") as refused:
            await hook.stop("r")
        assert refused.value.status == 429
        worker.answer = Response("oops", 500)
        with pytest.raises(Refused, match=r"refused \(500\)") as refused:
            await hook.stop("r")
        assert refused.value.status == 502
    with pytest.raises(Refused, match="cannot be reached") as refused:
        await hook.stop("r")
    assert refused.value.status == 502
    await hook.close()


async def test_who_does_not_answer_in_time_may_have_done_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """So does a proxy that waited in vain; nothing says that it failed."""
    monkeypatch.setattr("flowglow.relay.portal.CALL_S", 1.0)
    gate, worker = asyncio.Event(), Worker()

    async def late(request: Request) -> Response:
        await gate.wait()
        return Response(status_code=204)

    async with served(Starlette(routes=[Route("/hook", late, methods=["POST"])])) as address:
        hook = Webhook(f"http://{address}/hook")
        with pytest.raises(Unclear, match="may have been done") as unclear:
            await hook.start("f", "r", None, NOBODY)
        assert unclear.value.status == 504
        gate.set()
        await hook.close()
    async with served(worker.app()) as address:
        hook = Webhook(f"http://{address}/hook")
        worker.answer = Response("gateway timeout", 504)
        with pytest.raises(Unclear):
            await hook.start("f", "r", None, NOBODY)
        await hook.close()

"""The way to a relay over HTTP: what is answered on it, by the relay or by something before it that speaks HTML."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest
from starlette.responses import JSONResponse, Response

import flowglow
from flowglow.errors import Refused
from flowglow.producer.feed import HttpFeed, Later
from flowglow.relay.app import create_relay
from flowglow.relay.log.memory import MemoryLog
from flowglow.relay.log.port import NewRun
from flowglow.relay.portal import Portal
from tests.flowglow.serving import PATIENCE_S, served

from .proxies import Answer, Proxy, html

NEW = NewRun("r", "f", 1.0)


@contextlib.asynccontextmanager
async def behind(answer: Answer, log: MemoryLog | None = None) -> AsyncIterator[str]:
    """The URL of a proxy before a relay."""
    async with served(Proxy(create_relay(log or MemoryLog(), Portal(keys=("k",))), answer)) as address:
        yield f"http://{address}"


async def opened(answer: Response) -> None:
    """Make a run known through a proxy that answers that."""
    async with behind(lambda *_: answer) as url:
        feed = HttpFeed(url, "k")
        try:
            await feed.open(NEW)
        finally:
            await feed.close()


async def test_too_large_in_html_is_sent_in_smaller_calls() -> None:
    """As nginx says it."""
    log = MemoryLog()
    async with (
        behind(lambda _, __, size: html(413) if size > 100_000 else None, log) as url,
        asyncio.timeout(PATIENCE_S),
        flowglow.run("f", url=url, key="k", run_id="r") as run,
    ):
        for _ in range(30):
            await run.say("x" * 10_000)
    assert (await log.read("r")).last == 31


@pytest.mark.parametrize("status", [301, 400, 401, 403, 404, 422])
async def test_what_a_proxy_refuses_in_html_is_refused_for_good(status: int) -> None:
    with pytest.raises(Refused, match=rf"^http://127.*/ingest/runs/r was answered with {status} .*Check") as caught:
        await opened(html(status))
    assert caught.value.status == status


@pytest.mark.parametrize("status", [502, 503, 504])
async def test_what_a_proxy_cannot_reach_is_sent_again(status: int) -> None:
    with pytest.raises(Later, match=f"cannot be reached: .* was answered with {status} "):
        await opened(html(status))


@pytest.mark.parametrize("told", [[], "no", {"error": "no"}, {"error": {"message": None}}])
async def test_a_refusal_in_other_json_is_one_too(told: object) -> None:
    """Many gateways have shapes of their own."""
    with pytest.raises(Refused, match="was answered with 403 "):
        await opened(JSONResponse(told, 403))


@pytest.mark.parametrize("answer", [html(200), JSONResponse([])])
async def test_what_is_no_answer_of_a_relay_is_asked_again(answer: Response) -> None:
    """A proxy that says that it will be back soon, say."""
    with pytest.raises(Later, match="not JSON of a relay"):
        await opened(answer)


@pytest.mark.parametrize("told", [{}, {"orders": None, "cursor": 1}, {"orders": [], "cursor": None}])
async def test_orders_that_are_none_are_asked_for_again(told: object) -> None:
    """Whatever was said in their place, a stop is heard behind it."""
    wrong = iter([JSONResponse(told)])
    log = MemoryLog()
    async with (
        behind(lambda _, path, __: next(wrong, None) if path.endswith("/orders") else None, log) as url,
        asyncio.timeout(PATIENCE_S),
        flowglow.run("f", url=url, key="k", run_id="r") as run,
    ):
        await run.flush()
        await log.order("r", {"stop": '{"type":"stop"}'})
        await run.stopped.wait()
    assert next(wrong, None) is None

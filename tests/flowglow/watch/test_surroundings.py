"""HTTP and time as watchers have them, against a real server."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, StreamingResponse
from starlette.routing import Route

from flowglow.watch.surroundings import HttpxHttp, LoopClock
from tests.flowglow.serving import PATIENCE_S, served


async def echo(request: Request) -> JSONResponse:
    kind, token = request.headers.get("content-type"), request.headers.get("authorization")
    return JSONResponse([kind, token, (await request.body()).decode()])


async def pieces(request: Request) -> StreamingResponse:
    return StreamingResponse(iter([b"one ", b"two"]), media_type="text/event-stream")


async def endless(request: Request) -> StreamingResponse:
    """A megabyte of nothing again and again, packed to a thousandth of it, or now and then a byte."""
    packing, is_slow = zlib.compressobj(wbits=zlib.MAX_WBITS | 16), "slow" in request.query_params

    async def chunks() -> AsyncIterator[bytes]:
        while True:
            yield b" " if is_slow else packing.compress(bytes(1 << 20)) + packing.flush(zlib.Z_SYNC_FLUSH)
            await asyncio.sleep(0.01 if is_slow else 0)

    return StreamingResponse(chunks(), headers={} if is_slow else {"content-encoding": "gzip"})


class Told:
    """What a stream told, in order."""

    def __init__(self) -> None:
        self.all: list[object] = []
        self.over = asyncio.Event()

    def answered(self, status: int, kind: str) -> None:
        self.all.append((status, kind.partition(";")[0]))

    def received(self, chunk: bytes) -> None:
        self.all.append(chunk)

    def ended(self, error: str | None) -> None:
        self.all.append(error)
        self.over.set()


async def test_requests_and_streams() -> None:
    app = Starlette(routes=[Route("/echo", echo, methods=["POST"]), Route("/pieces", pieces)])
    async with served(app) as where:
        http = HttpxHttp()
        answer = await http.request("POST", f"http://{where}/echo", body="{}", token="word")
        assert (answer.status, answer.text) == (200, '["application/json","Bearer word","{}"]')
        assert answer.date is not None and abs(answer.date - LoopClock().wall()) < 60
        told = Told()
        http.stream("GET", f"http://{where}/pieces", body=None, headers={}, events=told)
        async with asyncio.timeout(10):
            await told.over.wait()
        assert told.all[0] == (200, "text/event-stream") and told.all[-1] is None
        assert b"".join(each for each in told.all if isinstance(each, bytes)) == b"one two"
        await http.close()


async def test_nobody_there_is_an_oserror_and_a_stream_that_ended() -> None:
    http, told = HttpxHttp(), Told()
    with pytest.raises(OSError):
        await http.request("GET", "http://127.0.0.1:9/")
    http.stream("GET", "http://127.0.0.1:9/", body=None, headers={}, events=told)
    async with asyncio.timeout(10):
        await told.over.wait()
    assert isinstance(told.all[-1], str)
    await http.close()


async def test_an_answer_without_an_end_is_given_up() -> None:
    """At the bound of what a page reads, unpacked, and at its time, also where something comes all the while."""
    async with served(Starlette(routes=[Route("/", endless)])) as where:
        http = HttpxHttp()
        with pytest.raises(OSError, match="larger than"):
            await http.request("GET", f"http://{where}/", timeout_s=PATIENCE_S)
        slow = asyncio.ensure_future(http.request("GET", f"http://{where}/?slow", timeout_s=0.3))
        done, _ = await asyncio.wait([slow], timeout=PATIENCE_S)
        slow.cancel()
        assert done and isinstance(slow.exception(), TimeoutError)
        await http.close()

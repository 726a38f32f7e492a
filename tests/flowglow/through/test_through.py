"""flowglow.through over real servers: the page's own server in front of a backend that knows nothing of it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Origin, Subprotocol

import flowglow
from flowglow.settings import SettingError
from flowglow.through import through
from flowglow.through.calls import MAX_BODY

from ..serving import PATIENCE_S, served
from ..support import built


class Backend:
    """A backend without a word of CORS; what it was asked, and what became of its streams."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, dict[str, str], bytes]] = []
        self.left = asyncio.Event()
        self.more = asyncio.Event()
        self.closed: list[int | None] = []
        self.app = Starlette(
            routes=[
                Route("/base/stream", self._stream, methods=["POST"]),
                Route("/base/cut", self._cut),
                Route("/base/away", lambda request: RedirectResponse("http://evil.test/")),
                Route("/base/page", self._page),
                Route("/base/{rest:path}", self._any, methods=["GET", "POST"]),
                WebSocketRoute("/base/ws", self._socket),
            ]
        )  # fmt: skip

    async def _any(self, request: Request) -> Response:
        raw = request.scope["raw_path"].decode() + f"?{request.url.query}"
        self.asked.append((request.method, raw, dict(request.headers), await request.body()))
        return JSONResponse({"os_id": "os"})

    async def _stream(self, request: Request) -> Response:
        async def told() -> AsyncIterator[bytes]:
            try:
                yield b"data: one\n\n"
                await self.more.wait()
                yield b"data: two\n\n"
                await asyncio.sleep(PATIENCE_S)
            finally:
                self.left.set()

        return StreamingResponse(told(), media_type="text/event-stream")

    async def _page(self, request: Request) -> Response:
        return Response("<script>", 418, {"set-cookie": "a=b", "x-a": "b"}, "text/html")

    async def _cut(self, request: Request) -> Response:
        return StreamingResponse(iter([b"half"]), headers={"content-length": "1000"})

    async def _socket(self, socket: WebSocket) -> None:
        if "flowglow.1" not in socket.scope["subprotocols"]:
            await socket.close(4401)
            return
        self.asked.append(("WS", socket.url.query, dict(socket.headers), b""))
        await socket.accept("flowglow.1")
        try:
            while (said := await socket.receive_text()) != "end":
                await socket.send_text(f"{said} " * 3)
            await socket.close(4403, "no more")
        except WebSocketDisconnect as left:
            self.closed.append(left.code)


@contextlib.asynccontextmanager
async def passing(tmp_path: Path) -> AsyncIterator[tuple[Backend, str]]:
    """A backend, and `host:port/mount` of the page before it."""
    backend = Backend()
    async with served(backend.app) as behind:
        page = flowglow.page(
            api=f"http://{behind}/base/", ws=f"ws://{behind}/base/ws", through=True, site=built(tmp_path / "site")
        )
        async with served(Starlette(routes=[Mount("/m", page)])) as front:
            yield backend, f"{front}/m"


async def test_a_call_goes_to_the_backend_with_what_it_needs_and_nothing_else(tmp_path: Path) -> None:
    async with passing(tmp_path) as (backend, page), httpx.AsyncClient(base_url=f"http://{page}") as client:
        sent = {"Authorization": "Bearer t", "Cookie": "session=s", "X-Other": "x", "Content-Type": "application/json"}
        got = await client.post("/through/api/a%2Fb/c%C3%BC?x=1&x=2", content=b'{"a": 1}', headers=sent)
        assert (got.status_code, got.json()) == (200, {"os_id": "os"})
        ((method, path, headers, body),) = backend.asked
        assert (method, path, body) == ("POST", "/base/a%2Fb/c%C3%BC?x=1&x=2", b'{"a": 1}')
        assert headers["authorization"] == "Bearer t" and headers["content-type"] == "application/json"
        assert not {"cookie", "x-other", "origin", "referer", "x-forwarded-for"} & headers.keys()
        assert not page.startswith(headers["host"])
        got = await client.get("/through/api/page")
        assert (got.status_code, got.headers["content-type"]) == (418, "text/html; charset=utf-8")
        assert not {"set-cookie", "x-a"} & got.headers.keys()
        assert "sandbox" in got.headers["content-security-policy"] and got.headers["cache-control"] == "no-store"


async def test_a_stream_comes_as_it_is_told_and_ends_with_the_page(tmp_path: Path) -> None:
    async with passing(tmp_path) as (backend, page), httpx.AsyncClient() as client, asyncio.timeout(PATIENCE_S):
        async with client.stream("POST", f"http://{page}/through/api/stream") as answer:
            chunks = answer.aiter_raw()
            assert await anext(chunks) == b"data: one\n\n"
            backend.more.set()
            assert await anext(chunks) == b"data: two\n\n"
        await backend.left.wait()


async def test_an_answer_that_breaks_off_does_not_look_whole(tmp_path: Path) -> None:
    async with passing(tmp_path) as (_, page), httpx.AsyncClient() as client:
        with pytest.raises(httpx.RemoteProtocolError):
            await client.get(f"http://{page}/through/api/cut")


async def test_what_is_not_passed_on_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with passing(tmp_path) as (backend, page), httpx.AsyncClient(base_url=f"http://{page}") as client:
        for status, code, asked in (
            (403, "other_origin", client.get("/through/api/x", headers={"Origin": "http://evil.test"})),
            (403, "other_origin", client.post("/through/api/x", headers={"Sec-Fetch-Site": "cross-site"})),
            (405, "method_not_allowed", client.delete("/through/api/x")),
            (404, "not_found", client.get("/through/other")),
            (404, "not_found", client.get("/through/api/%2e%2e/x")),
            (409, "redirect", client.get("/through/api/away")),
            (413, "too_large", client.post("/through/api/x", content=b"x" * (MAX_BODY + 1))),
        ):
            got = await asked
            assert (got.status_code, got.json()["error"]["code"]) == (status, code)
        monkeypatch.setattr(through, "MOST", 0)
        assert (await client.get("/through/api/x")).status_code == 503
        assert backend.asked == []
        assert (await client.get("/")).status_code == 200, "the page itself is served as ever"


async def test_under_a_strangers_name_nothing_is_passed_on(tmp_path: Path) -> None:
    """A name of a stranger's that points to this machine makes their page one of this origin."""
    backend, evil = Backend(), "evil.test"
    async with served(backend.app) as behind:
        page = flowglow.page(
            api=f"http://{behind}/base", through=True, names=["portal.test"], site=built(tmp_path / "site")
        )
        async with served(page) as at, httpx.AsyncClient(base_url=f"http://{at}") as client:
            own = {"Sec-Fetch-Site": "same-origin", "Host": f"{evil}:8000"}
            got = await client.get("/through/api/x", headers=own)
            assert (got.status_code, got.json()["error"]["code"]) == (403, "other_name")
            offered, port = [Subprotocol("flowglow.1")], int(at.rpartition(":")[2])
            with pytest.raises(InvalidStatus):
                await connect(
                    f"ws://{evil}/through/api/ws", host="127.0.0.1", port=port, subprotocols=offered, proxy=None
                )
            assert backend.asked == []
            for name in (at, "Portal.test"):
                assert (await client.get("/through/api/x", headers={"Host": name})).status_code == 200


async def test_a_backend_that_is_not_there_is_said_to_be_away(tmp_path: Path) -> None:
    page = flowglow.page(api="http://127.0.0.1:9/", through=True, site=built(tmp_path / "site"))
    async with served(page) as at, httpx.AsyncClient() as client:
        got = await client.get(f"http://{at}/through/api/flows")
        assert (got.status_code, got.json()["error"]["code"]) == (502, "unreachable")
        with pytest.raises(InvalidStatus):
            await connect(f"ws://{at}/through/api/ws", proxy=None)


async def test_a_socket_is_passed_both_ways_and_tells_how_it_ended(tmp_path: Path) -> None:
    offered = [Subprotocol("flowglow.1"), Subprotocol("ticket.dDE")]
    async with passing(tmp_path) as (backend, page), asyncio.timeout(PATIENCE_S):
        for place in ("ws", "api/ws"):
            async with connect(f"ws://{page}/through/{place}?a=1", subprotocols=offered, proxy=None) as socket:
                assert socket.subprotocol == "flowglow.1"
                await socket.send("hey")
                assert await socket.recv() == "hey hey hey "
                await socket.send("end")
                with pytest.raises(ConnectionClosed):
                    await socket.recv()
                assert (socket.close_code, socket.close_reason) == (4403, "no more")
        assert backend.asked[0][1] == "a=1"
        assert backend.asked[0][2]["sec-websocket-protocol"].replace(" ", "") == "flowglow.1,ticket.dDE"
        assert not {"cookie", "origin"} & backend.asked[0][2].keys()
        async with connect(f"ws://{page}/through/ws", subprotocols=offered, proxy=None):
            pass
        while not backend.closed:
            await asyncio.sleep(0.01)
        assert backend.closed == [1000]


async def test_beside_another_application_sockets_are_passed_on_too(tmp_path: Path) -> None:
    backend = Backend()
    async with served(backend.app) as behind:
        page = flowglow.page(api=f"http://{behind}/base", through=True, site=built(tmp_path / "site"))
        async with served(flowglow.mount("/runs", page, beside=backend.app)) as front:
            offered = [Subprotocol("flowglow.1")]
            async with connect(f"ws://{front}/runs/through/api/ws", subprotocols=offered, proxy=None) as socket:
                await socket.send("hey")
                assert await socket.recv() == "hey hey hey "


async def test_no_socket_for_another_site_nor_where_the_backend_opens_none(tmp_path: Path) -> None:
    async with passing(tmp_path) as (backend, page):
        for how in ({"origin": Origin("http://evil.test"), "subprotocols": [Subprotocol("flowglow.1")]}, {}):
            with pytest.raises(InvalidStatus):
                await connect(f"ws://{page}/through/ws", proxy=None, **how)  # type: ignore[arg-type]
        assert backend.asked == []


def test_without_an_address_of_its_own_nothing_can_be_passed_on(tmp_path: Path) -> None:
    site = built(tmp_path / "site")
    for api, said in (("", "name the backend's own address"), ("/api", "the page asks that by itself")):
        with pytest.raises(SettingError, match=said):
            flowglow.page(through=True, api=api, site=site)

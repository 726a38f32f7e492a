"""Sockets of the check: what is kept of what comes, and no redirect."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator

import pytest
from websockets.asyncio.server import ServerConnection, serve

from flowglow.check.backend import Backend, Refusal
from flowglow.check.findings import Untried
from flowglow.check.options import Options
from flowglow.check.wire import MAX_READ, Wire

from .raw import answer, answering, leading_to

PATIENCE_S = 10.0


@contextlib.asynccontextmanager
async def sending(*frames: str, room: int = 1 << 20) -> AsyncIterator[Backend]:
    """A backend that has no HTTP, and whose sockets send these frames and stay open."""

    async def sends(socket: ServerConnection) -> None:
        with contextlib.suppress(Exception):  # whoever is sent too much goes away
            for each in frames:
                await socket.send(each)
            await socket.wait_closed()

    async with serve(sends, "127.0.0.1", 0, max_size=None) as server:
        port = server.sockets[0].getsockname()[1]
        options = Options(f"ws://127.0.0.1:{port}/ws", "http://127.0.0.1:9", room=room, patience_s=PATIENCE_S)
        async with Backend(options) as backend:
            yield backend


async def opened(backend: Backend) -> Wire:
    wire = await backend.attempt(None, offer=False)
    assert isinstance(wire, Wire)
    return wire


async def why(wire: Wire) -> tuple[str | None, str]:
    """Why what is waited for cannot be known."""
    with pytest.raises(Untried) as raised:
        await wire.until(lambda: False, PATIENCE_S)
    return raised.value.code, str(raised.value)


async def test_what_is_more_than_there_is_room_for_is_not_read() -> None:
    flood = [json.dumps([{"event": "x"}] * 100)] * 200
    async with sending(*flood) as backend:
        wire = await opened(backend)
        code, words = await why(wire)
        assert code == "frame.flood" and len(wire.items) < 100 * 200 / 2
        kept = f"{len(wire.items):,} objects in {len(wire.items) // 100} frames"
        assert words == f"More came than is kept: behind {kept} there is no room for a socket's next."
        assert not wire.closed, "it is not the other side that closed it"


async def test_room_is_for_all_sockets_and_is_given_back_by_one_that_is_closed() -> None:
    frame = json.dumps({"type": "news", "text": "x" * 700_000})
    async with sending(frame) as backend:
        first, second = await opened(backend), await opened(backend)
        assert await first.until(lambda: bool(first.items), PATIENCE_S)
        assert (await why(second))[0] == "frame.flood"
        await first.close()
        third = await opened(backend)
        assert await third.until(lambda: bool(third.items), PATIENCE_S)


async def test_a_frame_that_is_larger_than_is_read_is_too_large_and_no_closing_of_theirs() -> None:
    async with sending("x" * (MAX_READ + 1)) as backend:
        wire = await opened(backend)
        assert (await why(wire))[0] == "frame.too_large"
        assert wire.largest > MAX_READ and not wire.closed


async def test_of_what_cannot_be_understood_so_much_is_kept_as_is_told() -> None:
    frame = json.dumps([{"event": "run_start"}, {"event": "odd", "run_id": "r"}] * 1000)
    async with sending(frame) as backend:
        wire = await opened(backend)
        assert await wire.until(lambda: len(wire.items) == 2000, PATIENCE_S)
        assert (len(wire.malformed), len(wire.unknown)) == (100, 100)


async def test_nested_too_deeply_or_no_text_is_no_item_and_the_socket_is_read_on() -> None:
    async with sending(*["[" * 10_000] * 5, '{"type": "ping"}') as backend:
        wire = await opened(backend)
        assert await wire.until(lambda: bool(wire.items), PATIENCE_S)
        assert (wire.items[0].type, len(wire.malformed)) == ("ping", 5)


async def test_a_redirect_of_a_socket_is_not_followed_and_takes_no_ticket_along() -> None:
    async with answering(lambda asked: answer(b"")) as stranger:
        where = f"ws://{stranger.where}/ws"
        async with answering(lambda asked: leading_to(f"{where}?state=word", "302 Found")) as server:
            options = Options(f"ws://{server.where}/ws", f"http://{server.where}", token="secret")
            async with Backend(options) as backend:
                refusal = await backend.attempt("ticket")
        assert isinstance(refusal, Refusal) and refusal.redirected and refusal.status == 302
        assert refusal.why == f"the handshake was answered 302 and leads to {where}; no browser follows that"
        assert stranger.asked == []

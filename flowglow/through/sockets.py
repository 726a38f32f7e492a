"""A socket passed through: frames both ways as they come, and the end of either side to the other."""

from __future__ import annotations

import asyncio
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.typing import Subprotocol

from ..tasks import until_one_ends
from .calls import Receive, Send

MAX_FRAME = 16 << 20
"""Bytes of one frame of the backend."""
OPEN_S = 10.0
GOING_AWAY, BROKE = 1001, 1011


async def socket(url: str, offered: list[str], receive: Receive, send: Send) -> None:
    """Open one to `url` with the subprotocols that the page offers, and pass all on until a side ends.

    One that the backend does not open is not opened here either.
    """
    try:
        subprotocols = [Subprotocol(each) for each in offered] or None
        backend = await connect(
            url, subprotocols=subprotocols, max_size=MAX_FRAME, open_timeout=OPEN_S, compression=None, proxy=None
        )
    except (OSError, TimeoutError, WebSocketException):
        await send({"type": "websocket.close", "code": BROKE})
        return
    await send({"type": "websocket.accept", "subprotocol": backend.subprotocol})
    try:
        await until_one_ends(_up(backend, receive), _down(backend, send))
    finally:
        await backend.close()


async def _up(backend: ClientConnection, receive: Receive) -> None:
    """What the page says; it ends with the page."""
    try:
        while (message := await receive())["type"] == "websocket.receive":
            said: Any = message.get("text")
            await backend.send(said if said is not None else message["bytes"])
        await backend.close(_code(message.get("code"), GOING_AWAY))
    except ConnectionClosed:
        await asyncio.Event().wait()  # the other direction tells how it ended


async def _down(backend: ClientConnection, send: Send) -> None:
    """What the backend says; it ends with the backend, and tells the page how."""
    try:
        while True:
            said = await backend.recv()
            await send({"type": "websocket.send", "text" if isinstance(said, str) else "bytes": said})
    except ConnectionClosed:
        code = _code(backend.close_code, BROKE)
        await send({"type": "websocket.close", "code": code, "reason": backend.close_reason or ""})


def _code(code: int | None, otherwise: int) -> int:
    """A code that may be sent: 1005, 1006 and 1015 only say that none was."""
    return otherwise if code is None or code in (1005, 1006, 1015) else code

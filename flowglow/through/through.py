"""Through: what a page of ours asks below `/through/` goes to its backend, and the answers back; within bounds."""

from __future__ import annotations

from collections.abc import Collection, MutableMapping
from typing import Any

from ..headers import headers_of
from ..names import OTHER_NAME, names_it
from .calls import Receive, Send, call, refuse
from .sockets import socket
from .upstream import Upstream, is_own

METHODS = ("GET", "POST")
MOST = 256
"""Calls and sockets at once; each page has a few."""
TRY_AGAIN = 1013


class Through:
    """Owns how much is under way to one backend. With `names` nothing is passed on that was asked by another name."""

    def __init__(self, upstream: Upstream, names: Collection[str] | None = None) -> None:
        self._upstream = upstream
        self._names = names
        self._going = 0

    async def __call__(self, scope: MutableMapping[str, Any], path: str, receive: Receive, send: Send) -> None:
        """Answer what was asked at `path`, below the page: a call of HTTP or a WebSocket."""
        is_free = self._going < MOST
        self._going += 1
        try:
            await (self._call if scope["type"] == "http" else self._socket)(scope, path, receive, send, is_free)
        finally:
            self._going -= 1

    async def _call(
        self, scope: MutableMapping[str, Any], path: str, receive: Receive, send: Send, is_free: bool
    ) -> None:
        headers = headers_of(scope["headers"])
        url = self._upstream.call(path, *_sent(scope))
        if not is_own(headers):
            await refuse(send, 403, "other_origin", "Only the page itself may ask its backend here.")
        elif not names_it(headers.get("host", ""), self._names):
            await refuse(send, 403, "other_name", OTHER_NAME)
        elif scope["method"] not in METHODS:
            await refuse(send, 405, "method_not_allowed", f"Only {' and '.join(METHODS)} are passed on.")
        elif url is None:
            await refuse(send, 404, "not_found", "Nothing is passed on from there.")
        elif not is_free:
            await refuse(send, 503, "busy", f"{MOST} calls are under way already.")
        else:
            await call(scope["method"], url, headers, receive, send)

    async def _socket(
        self, scope: MutableMapping[str, Any], path: str, receive: Receive, send: Send, is_free: bool
    ) -> None:
        await receive()
        url, headers = self._upstream.socket(path, *_sent(scope)), headers_of(scope["headers"])
        may = is_own(headers) and names_it(headers.get("host", ""), self._names)
        if url is None or not is_free or not may:
            await send({"type": "websocket.close", "code": 1000 if is_free else TRY_AGAIN})
        else:
            await socket(url, scope.get("subprotocols", []), receive, send)


def _sent(scope: MutableMapping[str, Any]) -> tuple[bytes, str]:
    """The path as it was sent, and the query behind it."""
    return scope.get("raw_path") or b"", scope.get("query_string", b"").decode("latin-1")

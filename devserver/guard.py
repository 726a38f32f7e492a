"""Who may talk to the dev server: pages of this machine, and nobody through a foreign name or page.

The server listens on loopback alone, but a foreign page in the same browser can still send requests there,
and a foreign host name can be made to point there. So the Host must be loopback, and so must the Origin of
everything that changes something. The middleware also puts the headers on that every answer has.
"""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket

from flowglow.errors import Refused
from flowglow.web import JsonAnswer

FORBIDDEN = 4403
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}


FOR_PAGES = {
    "access-control-allow-methods": "GET, POST, OPTIONS",
    "access-control-allow-headers": "content-type, authorization",
    "access-control-expose-headers": "date",
    "access-control-max-age": "600",
}
"""For the pages of other origins that were named, as `python -m flowglow serve` serves one at another port."""


def is_loopback(netloc: str) -> bool:
    """Whether `host[:port]` names this machine."""
    try:
        return urlsplit(f"//{netloc}").hostname in LOOPBACK
    except ValueError:
        return False


def origin_allowed(origin: str | None) -> bool:
    """Whether a page of this origin may act here. None is no page at all, but a program: it may."""
    if origin is None:
        return True
    scheme, _, netloc = origin.partition("://")
    return scheme in ("http", "https") and is_loopback(netloc)


class Guard:
    """ASGI middleware. Of a socket any Origin but this machine's is refused, as it can read what it is sent.

    `pages`: origins of this machine whose pages may read the answers; no other may.
    """

    def __init__(self, app: ASGIApp, pages: Collection[str] = ()) -> None:
        self._app = app
        self._pages = frozenset(pages)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket" and not _may_open(Headers(scope=scope)):
            socket = WebSocket(scope, receive, send)
            await socket.accept()  # a refusal before the handshake could carry neither code nor words
            await socket.close(FORBIDDEN, "This page may not open a socket here.")
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asked = Headers(scope=scope)
        refusal = _refusal(scope["method"], asked)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in (HEADERS | self._for_page(asked.get("origin"))).items():
                    headers.setdefault(name, value)
            await send(message)

        answer = self._app if refusal is None else JsonAnswer(refusal.json(), refusal.status)
        if refusal is None and scope["method"] == "OPTIONS" and "access-control-request-method" in asked:
            answer = Response(status_code=204)
        await answer(scope, receive, send_with_headers)

    def _for_page(self, origin: str | None) -> dict[str, str]:
        """What lets a page that was named read the answer."""
        if origin not in self._pages or not origin_allowed(origin):
            return {}
        return {**FOR_PAGES, "access-control-allow-origin": str(origin), "vary": "origin"}


def _may_open(headers: Headers) -> bool:
    return is_loopback(headers.get("host", "")) and origin_allowed(headers.get("origin"))


def _refusal(method: str, headers: Headers) -> Refused | None:
    host, origin = headers.get("host", ""), headers.get("origin")
    if not is_loopback(host):
        words = f"This server answers as 127.0.0.1 or localhost only, not as {host[:100]!r}."
        return Refused(421, "wrong_host", words)
    if method not in ("GET", "HEAD") and not origin_allowed(origin):
        return Refused(403, "foreign_origin", f"A page of {origin!r:.100} may not act here.")
    return None

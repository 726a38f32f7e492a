"""What stands between a producer and its relay, and speaks HTML, as proxies do."""

from __future__ import annotations

from collections.abc import Callable

from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

Answer = Callable[[str, str, int], Response | None]
"""By method, path and bytes: what is answered in the relay's place; None for what is passed on."""


def html(status: int) -> Response:
    return HTMLResponse(f"<html><head><title>{status}</title></head></html>", status)


class Proxy:
    """Passes on to the application behind it what it does not answer itself."""

    def __init__(self, behind: ASGIApp, answer: Answer) -> None:
        self._behind = behind
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = None
        if scope["type"] == "http":
            headers = dict(scope["headers"])
            answer = self._answer(scope["method"], scope["path"], int(headers.get(b"content-length", b"0")))
        await (answer or self._behind)(scope, receive, send)

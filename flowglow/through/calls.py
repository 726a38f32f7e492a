"""A call passed through: its body in one piece, its answer as it comes, so that events are there when they are told."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import httpx

from ..tasks import until_one_ends
from .upstream import ANSWERED, ASKED, GUARDS

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
MAX_BODY = 4 << 20
"""Bytes of what a page asks; it holds no more than its own bound of an input."""
TIMES = httpx.Timeout(connect=10.0, read=None, write=30.0, pool=None)
"""Seconds. How long an answer may take, and be silent, the page knows: it hangs up."""


async def call(method: str, url: str, headers: dict[str, str], receive: Receive, send: Send) -> None:
    """Pass it on, and the answer back, until that ends or the page is gone. What cannot be done is answered in words.

    A backend that breaks off breaks off here too: an answer that is cut must not look whole.
    """
    body = await _body(receive)
    if body is None:
        await refuse(send, 413, "too_large", f"What is asked is larger than {MAX_BODY} bytes, or was cut off.")
    else:
        await until_one_ends(_pass(method, url, headers, body, send), _left(receive))


async def refuse(send: Send, status: int, code: str, words: str) -> None:
    """An answer of our own, in the contract's shape."""
    text = json.dumps({"error": {"code": code, "message": words}}).encode()
    await _start(send, status, {"content-type": "application/json", "content-length": str(len(text))})
    await send({"type": "http.response.body", "body": text})


async def _pass(method: str, url: str, headers: dict[str, str], body: bytes, send: Send) -> None:
    asked = {name: value for name, value in headers.items() if name in ASKED} | {"accept-encoding": "identity"}
    # a client for each: no cookie goes along with another call, and no connection is used that the backend has left
    async with httpx.AsyncClient(timeout=TIMES, trust_env=False) as client:
        try:
            request = client.build_request(method, url, headers=asked, content=body or None)
            answer = await client.send(request, stream=True)
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            words = f"The backend of this page cannot be reached ({type(error).__name__})."
            return await refuse(send, 502, "unreachable", words)
        try:
            if answer.is_redirect:
                words = "The backend leads elsewhere, where nothing is passed to: name that address in `api`."
                return await refuse(send, 409, "redirect", words)
            await _start(send, answer.status_code, {n: v for n, v in answer.headers.items() if n in ANSWERED})
            async for chunk in answer.aiter_raw():
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        except httpx.HTTPError:
            return None  # without its end
        finally:
            await answer.aclose()


async def _start(send: Send, status: int, headers: dict[str, str]) -> None:
    lines = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in (GUARDS | headers).items()]
    await send({"type": "http.response.start", "status": status, "headers": lines})


async def _body(receive: Receive) -> bytes | None:
    """What is asked; None where it is too large, or was not all said."""
    taken = bytearray()
    while True:
        message = await receive()
        taken += message.get("body", b"")
        if message["type"] != "http.request" or len(taken) > MAX_BODY:
            return None
        if not message.get("more_body"):
            return bytes(taken)


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass

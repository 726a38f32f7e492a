"""What a browser gives the page, given by Python: the time of the event loop, and HTTP."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime

import httpx

from pyapp.clock import Timer
from pyapp.ports import MAX_ANSWER_BYTES, HttpResponse


class LoopClock:
    """The time of the event loop that runs."""

    def now(self) -> float:
        return time.monotonic()

    def wall(self) -> float:
        return time.time()

    def call_later(self, delay_s: float, callback: Callable[[], None]) -> Timer:
        return asyncio.get_running_loop().call_later(delay_s, callback)


class HttpxHttp:
    """HTTP by httpx. One may serve any number of watchers; whoever made it closes it."""

    def __init__(self) -> None:
        self._client = httpx.AsyncClient()

    async def request(
        self, method: str, url: str, *, body: str | None = None, token: str | None = None, timeout_s: float = 10.0
    ) -> HttpResponse:
        headers = {"content-type": "application/json"} if body is not None else {}
        if token is not None:
            headers["authorization"] = f"Bearer {token}"
        try:
            answer = await self._client.request(method, url, content=body, headers=headers, timeout=timeout_s)
        except httpx.TimeoutException:
            raise TimeoutError(url) from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise OSError(str(error) or type(error).__name__) from None
        if len(answer.content) > MAX_ANSWER_BYTES:
            raise OSError(f"The answer is larger than {MAX_ANSWER_BYTES} bytes.")
        return HttpResponse(answer.status_code, answer.text, _date(answer.headers.get("date")))

    async def close(self) -> None:
        await self._client.aclose()


def _date(text: str | None) -> float | None:
    try:
        return parsedate_to_datetime(text).timestamp() if text else None
    except ValueError:
        return None

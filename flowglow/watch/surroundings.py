"""What a browser gives the page, given by Python: the time of the event loop, and HTTP."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime

import httpx

from pyapp.clock import Timer
from pyapp.ports import MAX_ANSWER_BYTES, HttpResponse, Stream, StreamEvents

from ..bodies import ENCODINGS, Packed, TooLarge, read_body
from .sockets import untrusted


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
        self.hopeless: str | None = None
        """Why the last question, and any other to that address, can come to nothing."""

    async def request(
        self, method: str, url: str, *, body: str | None = None, token: str | None = None, timeout_s: float = 10.0
    ) -> HttpResponse:
        self.hopeless = None
        headers = {"accept-encoding": ENCODINGS}
        if body is not None:
            headers["content-type"] = "application/json"
        if token is not None:
            headers["authorization"] = f"Bearer {token}"
        try:
            async with (
                asyncio.timeout(timeout_s),  # of httpx' own, each piece that comes would have one
                self._client.stream(method, url, content=body, headers=headers, timeout=None) as answer,
            ):
                text = (await read_body(answer, MAX_ANSWER_BYTES)).decode("utf-8", "replace")
        except TooLarge:
            raise OSError(f"The answer is larger than {MAX_ANSWER_BYTES} bytes.") from None
        except Packed as error:
            raise OSError(f"The answer cannot be read: {error}.") from None
        except TimeoutError:
            raise TimeoutError(url) from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            self.hopeless = untrusted(error)
            raise OSError(str(error) or type(error).__name__) from None
        return HttpResponse(answer.status_code, text, _date(answer.headers.get("date")))

    def stream(
        self, method: str, url: str, *, body: str | None, headers: Mapping[str, str], events: StreamEvents
    ) -> Stream:
        request = self._client.build_request(method, url, content=body, headers=dict(headers), timeout=None)
        return _Answer(self._client, request, events)

    async def close(self) -> None:
        await self._client.aclose()


class _Answer:
    """An answer that is told while it comes; `close` ends it, and nothing more is told."""

    def __init__(self, client: httpx.AsyncClient, request: httpx.Request, events: StreamEvents) -> None:
        self._task = asyncio.ensure_future(self._read(client, request, events))

    def close(self) -> None:
        self._task.cancel()

    async def _read(self, client: httpx.AsyncClient, request: httpx.Request, events: StreamEvents) -> None:
        error = None
        try:
            answer = await client.send(request, stream=True)
            try:
                events.answered(answer.status_code, answer.headers.get("content-type", ""))
                async for chunk in answer.aiter_bytes():
                    events.received(chunk)
            finally:
                await answer.aclose()
        except httpx.HTTPError as failure:
            error = str(failure) or type(failure).__name__
        events.ended(error)


def _date(text: str | None) -> float | None:
    try:
        return parsedate_to_datetime(text).timestamp() if text else None
    except ValueError:
        return None

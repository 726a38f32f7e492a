"""HTTP calls as the page makes them: each answer within bounds of bytes and of time, and redirects as `fetch` follows
them, but never to another origin: what is sent along is the backend's alone.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import httpx

from pyapp.contract.addresses import origin_of

from ..bodies import ENCODINGS, Packed, TooLarge, read_body
from .findings import Untried
from .hearing import Hearing
from .options import Options
from .reply import Reply, reply_of

REDIRECTS = 20
"""How many a browser follows."""
TAKEN = (httpx.ReadTimeout, httpx.WriteTimeout)
"""What a call fails with where the connection was taken, and nothing was said."""


class Unfinished(Exception):
    """An answer began, and did not end in time."""


class Elsewhere(Exception):
    """A redirect that is not followed; `str()` says where it leads."""


class Calls:
    """Owns the HTTP client."""

    def __init__(self, options: Options, hearing: Hearing) -> None:
        self._options = options
        self._hearing = hearing
        self._client = httpx.AsyncClient(
            headers={"accept-encoding": ENCODINGS}, timeout=options.patience_s, follow_redirects=False
        )

    async def close(self) -> None:
        await self._client.aclose()

    async def call(
        self, method: str, path: str, body: Any = None, *, text: str | None = None, headers: Mapping[str, str] = {},
        patience: float = 1.0,
    ) -> Reply:  # fmt: skip
        """Ask the API. A body is sent as the page sends it. Raises Untried where no answer comes that can be read.

        `patience`: how many times that of the options an answer may take, once it has begun.
        """
        api, hearing, call = self._options.api, self._hearing, f"{method} {path}"
        content = text if text is not None else None if body is None else json.dumps(body)
        hearing.dead(api)
        hearing.mute(call)
        kind = {"content-type": "application/json"} if content is not None else {}
        within_s = self._options.patience_s * patience
        try:
            reply = await self._ask(
                method, f"{api.rstrip('/')}{path}", content, {**self._options.sent, **kind, **headers}, within_s
            )
        except (TooLarge, Packed, Unfinished, Elsewhere) as error:
            hearing.spoilt(api, call)
            raise self._spoilt(call, error, within_s) from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            why = f"{call} was not answered: {str(error) or type(error).__name__}."
            if isinstance(error, TAKEN):
                hearing.unanswered(call)
                how = f"within {self._options.patience_s:g} s, though the connection was accepted"
                why = f"{call} was not answered {how}."
            if not hearing.anything and not (isinstance(error, TAKEN) and await self._answers_others()):
                hearing.unanswered(api)
            raise Untried(why, "http.unanswered" if hearing.anything else None) from error
        hearing.heard(api, call)
        return reply

    async def fetch(self, url: str) -> Reply:
        """Any address, which is told our headers only where it is the API's origin. Raises Untried."""
        within_s = self._options.patience_s
        try:
            ours = origin_of(url) == origin_of(self._options.api)
            return await self._ask("GET", url, None, self._options.sent if ours else {}, within_s)
        except (TooLarge, Packed, Unfinished, Elsewhere) as error:
            raise Untried(str(self._spoilt(url, error, within_s))) from None
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise Untried(f"{url} was not answered: {error}.") from error

    async def _ask(
        self, method: str, url: str, content: str | None, headers: Mapping[str, str], within_s: float
    ) -> Reply:
        """The answer, behind redirects within its origin. A preflight follows none."""
        origin = origin_of(url)
        for _ in range(REDIRECTS):
            request = self._client.build_request(method, url, content=content, headers=dict(headers))
            try:
                async with asyncio.timeout(2 * self._options.patience_s):  # also where it comes byte by byte
                    answer = await self._client.send(request, stream=True)
            except TimeoutError:
                raise httpx.ReadTimeout("", request=request) from None
            try:
                following = answer.next_request
                if following is None or method == "OPTIONS":
                    async with asyncio.timeout(within_s):
                        body = await read_body(answer, self._options.most)
                    return reply_of(answer.status_code, body, answer.headers)
            except TimeoutError:
                raise Unfinished from None
            finally:
                await answer.aclose()
            if origin_of(str(following.url)) != origin:
                raise Elsewhere(f"to another origin, {_place(following.url)}")
            if following.method != method:
                method, content = following.method, None
                headers = {name: value for name, value in headers.items() if name != "content-type"}
            url = str(following.url)
        raise Elsewhere(f"on and on, {REDIRECTS} times")

    def _spoilt(self, call: str, error: Exception, within_s: float) -> Untried:
        match error:
            case TooLarge():
                return Untried(f"{call} was answered with more than {self._options.most:,} bytes.", "http.too_large")
            case Elsewhere():
                return Untried(f"{call} leads {error}.", "http.redirected")
            case Packed():
                return Untried(f"{call} was answered with what cannot be read: {error}.", "http.unanswered")
        return Untried(f"The answer to {call} did not end within {within_s:g} s.", "http.unanswered")

    async def _answers_others(self) -> bool:
        """Whether it is the call that is not answered, and not every call, as of something that is no backend."""
        try:
            url = f"{self._options.api.rstrip('/')}/flows"
            await self._ask("GET", url, None, self._options.sent, self._options.patience_s)
        except (TooLarge, Packed, Unfinished, Elsewhere):
            return True  # its own call says so
        except httpx.HTTPError:
            return False
        self._hearing.heard(self._options.api)
        return True


def _place(url: httpx.URL) -> str:
    """Where that is, without what may be secret in it."""
    return f"{url.scheme}://{url.netloc.decode('ascii', 'replace')}{url.path}"[:120]

"""BrowserHttp: `fetch`, with a time-out that really ends the request, and a bound on what is read."""

from __future__ import annotations

import math
from typing import Any

import js
from pyodide.ffi import JsException, to_js

from ..clock import Clock
from ..ports import MAX_ANSWER_BYTES, HttpResponse


class BrowserHttp:
    """HTTP with `credentials: same-origin`."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def request(
        self, method: str, url: str, *, body: str | None = None, token: str | None = None, timeout_s: float = 10.0
    ) -> HttpResponse:
        abort = js.AbortController.new()
        # without a reason the promise is rejected by an Error; by anything else Pyodide's future would never end
        timer = self._clock.call_later(timeout_s, lambda: abort.abort())
        options: dict[str, object] = {"method": method, "credentials": "same-origin", "cache": "no-store"}
        options["signal"] = abort.signal
        headers = {"Authorization": f"Bearer {token}"} if token is not None else {}
        if body is not None:
            options["body"] = body
            headers["Content-Type"] = "application/json"
        options["headers"] = headers
        try:
            response = await js.fetch(url, to_js(options, dict_converter=js.Object.fromEntries))
            text = await js.flowglow.textWithin(response, MAX_ANSWER_BYTES)
            return HttpResponse(response.status, text, _date(response))
        except (JsException, OSError) as error:
            if abort.signal.aborted:
                raise TimeoutError(url) from None
            raise OSError(str(error)) from None
        except BaseException:
            abort.abort()  # nobody waits for it any more
            raise
        finally:
            timer.cancel()


def _date(response: Any) -> float | None:
    """The header `Date`, which other origins must expose, as seconds since the epoch."""
    milliseconds = js.Date.parse(response.headers.get("Date"))
    return milliseconds / 1000 if math.isfinite(milliseconds) else None

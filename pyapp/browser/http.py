"""BrowserHttp: `fetch`, with a time-out that really ends the request, and a bound on what is read."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import js
from pyodide.ffi import JsException, create_proxy, to_js

from ..clock import Clock
from ..ports import MAX_ANSWER_BYTES, HttpResponse, StreamEvents


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
        response = None
        try:
            response = await js.flowglow.ask(url, to_js(options, dict_converter=js.Object.fromEntries))
            text = await js.flowglow.textWithin(response, MAX_ANSWER_BYTES)
            return HttpResponse(response.status, text, _date(response))
        except (JsException, OSError) as error:
            if abort.signal.aborted:
                raise TimeoutError(url) from None
            is_own = js.URL.new(url, js.location.href).origin == js.location.origin
            raise (OSError if is_own or response is not None else PermissionError)(_words(error)) from None
        except BaseException:
            abort.abort()  # nobody waits for it any more
            raise
        finally:
            timer.cancel()

    def stream(
        self, method: str, url: str, *, body: str | None, headers: Mapping[str, str], events: StreamEvents
    ) -> BrowserStream:
        options: dict[str, object] = {"method": method, "headers": dict(headers)}
        if body is not None:
            options["body"] = body
        return BrowserStream(url, to_js(options, dict_converter=js.Object.fromEntries), events)


class BrowserStream:
    """One answer that comes in pieces. After `close`, and behind its end, its proxies are destroyed."""

    def __init__(self, url: str, options: Any, events: StreamEvents) -> None:
        self._proxies = [
            create_proxy(lambda status, kind: events.answered(int(status), str(kind))),
            create_proxy(lambda chunk: events.received(chunk.to_bytes())),
            create_proxy(lambda error: self._ended(events, error)),
        ]
        self._abort = js.flowglow.openStream(url, options, *self._proxies)

    def close(self) -> None:
        self._abort()
        self._destroy()

    def _ended(self, events: StreamEvents, error: object) -> None:
        self._destroy()
        events.ended(str(error) if error else None)

    def _destroy(self) -> None:
        proxies, self._proxies = self._proxies, []
        for proxy in proxies:
            proxy.destroy()


def _words(error: BaseException) -> str:
    """What there is to say of a failure; "" for that of a network: each browser has its own phrase, and no reason."""
    said = str(error)
    return "" if said.startswith("TypeError:") else said


def _date(response: Any) -> float | None:
    """The header `Date`, which other origins must expose, as seconds since the epoch."""
    milliseconds = js.Date.parse(response.headers.get("Date"))
    return milliseconds / 1000 if math.isfinite(milliseconds) else None

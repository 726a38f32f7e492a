"""FakeHttp: answers that a test has prepared."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from ..ports import HttpResponse, StreamEvents


class FakeStream:
    """An answer that comes as the test says: its other side is the test."""

    def __init__(self, method: str, path: str, body: Any, headers: Mapping[str, str], events: StreamEvents) -> None:
        self.method, self.path, self.body, self.headers = method, path, body, dict(headers)
        self.closed = False
        self._events = events

    # -- the page's side
    def close(self) -> None:
        self.closed = True

    # -- the server's side; nothing is heard of a stream that was let go of
    def answer(self, status: int = 200, kind: str = "text/event-stream") -> None:
        if not self.closed:
            self._events.answered(status, kind)

    def say(self, *items: Any) -> None:
        """Send messages: text as it is, bytes too, anything else as the data of one."""
        for item in items:
            text = item if isinstance(item, str | bytes) else f"data: {json.dumps(item)}\n\n"
            if not self.closed:
                self._events.received(text.encode() if isinstance(text, str) else text)

    def end(self, error: str | None = None) -> None:
        """All was said; with an error, the connection broke."""
        if not self.closed:
            self._events.ended(error)


class FakeHttp:
    """Answers by method and path; a path that was not prepared gives 404 in the backend's own words.

    `base` is cut off from addresses, so that tests speak of paths."""

    def __init__(self, base: str = "http://portal.test/api") -> None:
        self.base = base
        self.requests: list[tuple[str, str, Any]] = []
        self.tokens: list[str | None] = []
        """What each request bore."""
        self._answers: dict[tuple[str, str], list[HttpResponse | BaseException]] = {}
        self.streams: list[FakeStream] = []

    def answer(self, method: str, path: str, body: Any, status: int = 200) -> None:
        """Answer with `body` (text as it is, else as JSON) from now on."""
        text = body if isinstance(body, str) else json.dumps(body)
        self._answers[(method, path)] = [HttpResponse(status, text)]

    def then(self, method: str, path: str, *answers: HttpResponse | BaseException) -> None:
        """Answer with these in turn; the last one stays. An exception is raised."""
        self._answers[(method, path)] = list(answers)

    async def request(
        self, method: str, url: str, *, body: str | None = None, token: str | None = None, timeout_s: float = 10.0
    ) -> HttpResponse:
        path = url.removeprefix(self.base)
        self.requests.append((method, path, None if body is None else json.loads(body)))
        self.tokens.append(token)
        await asyncio.sleep(0)
        answers = self._answers.get((method, path)) or self._answers.get((method, path.split("?")[0]))
        if not answers:
            error = {"error": {"code": "not_found", "message": f"There is nothing at {path}."}}
            return HttpResponse(404, json.dumps(error))
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def stream(
        self, method: str, url: str, *, body: str | None, headers: Mapping[str, str], events: StreamEvents
    ) -> FakeStream:
        form = headers.get("Content-Type", "").startswith("application/x-www-form-urlencoded")
        read: Any = None if body is None else dict(parse_qsl(body)) if form else json.loads(body)
        stream = FakeStream(method, url.removeprefix(self.base), read, headers, events)
        self.streams.append(stream)
        return stream

    def asked(self, method: str, path: str) -> int:
        """How often this was asked, whatever its query."""
        return sum(1 for each, where, _ in self.requests if each == method and where.split("?")[0] == path)
